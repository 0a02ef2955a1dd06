"""Areas from edges, judged by the overlay of GEOS."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from overlay.drawing import star
from territoire_sig.overlay.columns import DOUBT, MARGIN, shared_areas
from territoire_sig.overlay.pairs import common_areas
from territoire_sig.overlay.subdivision import Parts
from territoire_sig.overlay.validity import made_valid

MANY = settings(max_examples=60, deadline=None, derandomize=True)


def measured(zones, cover):
    """Return the table (zone, feature) of common areas."""
    zones, cover = np.array(zones, dtype=object), np.array(cover, dtype=object)
    zone, feature, area = common_areas(Parts(zones, np.arange(len(zones))), Parts(cover, np.arange(len(cover))))
    table = np.zeros((len(zones), len(cover)))
    table[zone, feature] = area
    return table


def judged(zones, cover):
    """Compare with GEOS, to 1e-9 of each area, and to rounding where there is hardly any."""
    expected = shapely.area(shapely.intersection(np.array(zones)[:, None], np.array(cover)[None, :]))
    scale = max(shapely.area(zones).max(), shapely.area(cover).max())
    assert measured(zones, cover) == pytest.approx(expected, rel=1e-9, abs=1e-13 * scale)


@st.composite
def lattices(draw):
    """Return polygons on a small lattice: corners that touch, edges that lie over one another, holes."""
    grid, rng = draw(st.sampled_from([4, 9, 30])), np.random.default_rng(draw(st.integers(0, 10**6)))
    rings = [Polygon(rng.integers(0, grid, (rng.integers(3, 20), 2)).astype(float)) for _ in range(12)]
    mended = made_valid(np.array(rings))
    return mended[(shapely.area(mended) > 0) & shapely.is_valid(mended) & np.isin(shapely.get_type_id(mended), (3, 6))]


def jittered(values, size):
    """Return polygons whose corners have moved by at most `size`, the same way wherever they are; valid ones only."""
    moved = shapely.transform(values, lambda xy: xy + size * np.sin(xy * 1234.5 + xy[:, ::-1] * 777))
    return moved[shapely.is_valid(moved)]


@MANY
@given(lattices(), lattices())
def test_polygons_that_touch_and_share_edges(zones, cover):
    if len(zones) and len(cover):
        judged(zones, cover)


@MANY
@given(lattices(), st.sampled_from([1e-3, 1e-6, 1e-9]))
def test_the_same_polygons_hardly_moved(zones, size):
    moved = jittered(zones, size)
    if len(moved):
        judged(zones, moved)


@MANY
@given(lattices(), lattices(), st.integers(0, 10_000), st.floats(0.3, 60))
def test_far_from_the_origin(zones, cover, shift, scale):
    def place(xy):
        return xy * scale + shift / 7

    zones, cover = shapely.transform(zones, place), shapely.transform(cover, place)
    zones, cover = zones[shapely.is_valid(zones)], cover[shapely.is_valid(cover)]
    if len(zones) and len(cover):
        judged(zones, cover)


def test_upright_and_level_edges():
    assert measured([box(0, 0, 4, 4)], [box(1, 1, 3, 9), box(4, 0, 5, 5), box(-9, -9, 9, 9)]).tolist() == [[6, 0, 16]]


def test_a_zone_in_a_hole_shares_nothing():
    ring = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior])
    assert measured([box(3, 3, 5, 5), box(2, 2, 8, 8), box(1, 1, 3, 3)], [ring]).tolist() == [[0], [0], [3]]


def test_parts_of_a_multipolygon_add_up():
    both = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])
    assert measured([both], [both, box(0.5, 0, 2.5, 1)]).tolist() == [[2, 1]]


def test_a_corner_of_the_frame_on_an_edge_is_left_to_the_overlay():
    corner = 10 * (1 + MARGIN)
    through = Polygon([(-5, -5), (corner, -5), (corner, corner), (-5, corner)])
    zones, cover = np.array([box(0, 0, 10, 10)]), np.array([through])
    assert np.isinf(shared_areas(zones, cover).rounding).all()
    assert measured(zones, cover).tolist() == [[100]]


def test_a_sliver_is_left_to_the_overlay():
    zones = np.array([star(200)])
    thin = box(*(zones[0].bounds[2] - 1e-7, 6_850_000, zones[0].bounds[2] + 5, 6_870_000))
    found = shared_areas(zones, np.array([thin]))
    assert (found.rounding > DOUBT * found.area).all()
    assert measured(zones, [thin])[0, 0] == pytest.approx(zones[0].intersection(thin).area, rel=1e-9, abs=1e-12)


def test_large_polygons_against_large_ones():
    wide = [star(9_000), star(7_000, lobes=5).difference(star(900, radius=3_000))]
    tall = [star(8_000, lobes=11, centre=(652_000.0, 6_861_000.0)), star(9_000)]
    judged(np.array(wide), np.array(tall))
