"""Near-degenerate layers sought by Hypothesis, judged by rational arithmetic; and the defects found that way.

The examples are the same in every run (``derandomize``): this file is a fence, the search for more is for a night.
"""

from __future__ import annotations

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from robustness.exact import common_area
from robustness.judge import CRS, geos, judge, layer
from territoire_sig import overlay

FENCE = settings(max_examples=12, deadline=None, derandomize=True)
FAR = np.array([650_000.0, 6_860_000.0])

places = st.sampled_from([(0.0, 0.0), (650_000.0, 6_860_000.0), (1e7, 1e7)])
widths = st.integers(-9, -3).map(lambda power: 10.0**power)
sizes = st.integers(1, 10_000).map(float)
shares = st.integers(0, 64).map(lambda number: number / 64)


@st.composite
def slivers(draw, place):
    """Return a quadrilateral as long as a street and as thin as a rounding, in any direction."""
    length, width, angle = draw(sizes), draw(widths), draw(st.integers(0, 359)) * np.pi / 180
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    corners = [0 * along, length * along, length * along + width * across, width * across]
    return Polygon(np.array(corners) + place)


@st.composite
def stars(draw, place, reach):
    """Return a star-shaped ring of a few vertices about a place."""
    count, seed = draw(st.integers(3, 9)), draw(st.integers(0, 9_999))
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, count))
    far = reach * random.uniform(0.3, 1, count)
    return np.column_stack([place[0] + far * np.cos(angle), place[1] + far * np.sin(angle)])


def agree(one, other, reference=common_area):
    """Fail where the engine is wrong on two lots of shapes, either way."""
    one, other = layer(one), layer(other)
    for zones, cover in ((one, other), (other, one)):
        assert judge(zones, cover, reference).wrong() == []


@FENCE
@given(st.data())
def test_slivers_from_a_nanometre_to_a_millimetre(data):
    place = data.draw(places)
    thin = [data.draw(slivers(place)) for _ in range(3)]
    agree(thin, [box(*(np.array(place) - 5), *(np.array(place) + 50)), Polygon(data.draw(stars(place, 900.0)))])


@FENCE
@given(st.data())
def test_coordinates_at_1e7_with_a_jitter_of_a_micrometre(data):
    ring = data.draw(stars((1e7, 1e7), data.draw(sizes)))
    jitter = np.random.default_rng(data.draw(st.integers(0, 9_999))).normal(0, 1e-6, ring.shape)
    agree([Polygon(ring)], [Polygon(ring + jitter)])


@FENCE
@given(st.data())
def test_edges_shared_in_part_or_whole(data):
    place = data.draw(places)
    ring = data.draw(stars(place, data.draw(sizes)))
    start, end = ring[0], ring[1]
    across = np.array([end[1] - start[1], start[0] - end[0]])
    low, high = sorted([data.draw(shares), data.draw(shares)])
    first, last = start + (end - start) * low, start + (end - start) * (high + 1)
    sides = [Polygon([last, first, (first + last) / 2 + side * across]) for side in (-1, 1)]
    agree([Polygon(ring)], sides)


@FENCE
@given(st.data())
def test_rings_that_touch_at_a_vertex_or_on_an_edge(data):
    place = np.array(data.draw(places))
    size, hole, spot = data.draw(st.integers(8, 500)), data.draw(st.integers(2, 7)), data.draw(st.integers(1, 6))
    shell = box(*place, *(place + size))
    diamond = Polygon(place + np.array([(0, spot), (hole / 2, 0.5), (hole, spot), (hole / 2, 7)]))
    holed = shapely.difference(shell, diamond)
    beside, corner, low = (
        box(*(np.tile(place, 2) + sides))
        for sides in ([size, 0, 2 * size, size], [size, size, size + 3, size + 3], [-2, -2, 1, spot])
    )
    agree([holed, beside, corner], [diamond, shell, low])


@FENCE
@given(st.data())
def test_vertices_that_coincide_many_times(data):
    place = data.draw(places)
    ring, other = data.draw(stars(place, 300.0)), data.draw(stars(place, 300.0))
    times = data.draw(st.integers(2, 40))
    between = np.concatenate([np.linspace(ring[n - 1], ring[n], 6, endpoint=False) for n in range(len(ring))])
    agree([Polygon(np.repeat(ring, times, axis=0))], [Polygon(np.repeat(between, times, axis=0)), Polygon(other)])


@pytest.mark.parametrize("place", [(0.0, 0.0), tuple(FAR)])
def test_thousands_of_holes(place):
    x, y = (grid.ravel() * 10.0 for grid in np.meshgrid(np.arange(50), np.arange(50)))
    holes = shapely.box(x + place[0] + 2, y + place[1] + 2, x + place[0] + 5, y + place[1] + 5)
    sieve = Polygon(box(*place, place[0] + 500, place[1] + 500).exterior, [hole.exterior for hole in holes])
    start = time.monotonic()
    agree([sieve], [box(place[0] - 1, place[1] - 1, place[0] + 251, place[1] + 251), *holes[::83]], geos)
    zones = layer([box(place[0], place[1], place[0] + 250, place[1] + 250)])
    assert overlay.covered_area(zones, layer([sieve]))[0] == pytest.approx(250**2 - 625 * 9, rel=1e-9)
    assert time.monotonic() - start < 10


#: An edge of the cover lies one rounding beside an edge of the zone; the common area is in metres, by hand or exact.
ROUNDING_APART = {
    "silent_zero": (
        Polygon([(-1, 1), (-2, -1), (1, -1), (2, 0)]),
        Polygon([(2, -1.0573999326634181e-17), (1, -1), (0.6171003041970174, 0.3828996958029827)]),
    ),
    "whole_for_nothing": (
        Polygon([(3, 2), (-2, 0), (-1, -2)]),
        Polygon(
            [
                (-2.0000000000000004, 6.483905920639619e-17),
                (3.0000000000000004, 2),
                (-0.8213240972837497, 4.303310243209375),
            ]
        ),
    ),
}


@pytest.mark.parametrize("name", ROUNDING_APART)
def test_an_edge_one_rounding_beside_another(name):
    zone, feature = ROUNDING_APART[name]
    agree([zone], [feature])


@pytest.mark.parametrize("measure", [overlay.partition, overlay.pieces_outside])
def test_a_shape_that_the_grid_of_coordinates_breaks(measure):
    zone = Polygon([(-2, 3), (3.0000000000000004, 2), (1.8328486797134989, 9.164243398567493)])
    feature = Polygon([(1, 0), (3, 2), (-2, 3), (-4, 0), (1, -2)])
    found = measure(layer([zone]), layer([feature]))
    assert found.is_valid.all()
    assert found.area.sum() == pytest.approx(zone.area)


#: A triangle of 29 hectares at 1e7, and two copies of it, each vertex moved by about a micrometre.
TREMBLING = [
    [(904.176481329, 821.75258636), (361.061918687, 969.670448348), (1872.414156584, -527.029329354)],
    [(904.176481294, 821.752583727), (361.061919473, 969.670447858), (1872.414156785, -527.02932834)],
    [(904.176482331, 821.752586264), (361.06191944, 969.670447532), (1872.414157534, -527.029328626)],
]


def trembling():
    """Return the triangle as a zone, and its copies as a cover of two classes."""
    zone, *copies = (Polygon(np.array(corners) + 1e7) for corners in TREMBLING)
    return layer([zone]), layer(copies).assign(rank=[0, 1])


def test_the_area_of_slivers_of_a_micrometre_is_not_lost():
    zone, copies = trembling()
    found = overlay.crosstab(zone, copies, by="rank").set_index("rank")["area_m2"]
    first, both = (common_area(zone.geometry[0], list(copies.geometry[:count])) for count in (1, 2))
    assert found[1] == pytest.approx(both - first, rel=0.05)
    assert found.sum() == pytest.approx(zone.area[0], rel=1e-9)


def test_slivers_of_a_micrometre_are_not_lost():
    zone, copies = trembling()
    found = overlay.partition(zone, copies, by="rank")
    assert found["area_m2"].sum() == pytest.approx(zone.area[0], rel=1e-9)
    assert len(found) == 3


KNOTS = {
    "shared_edge": [(0, -2), (-2, -3), (-1, 0), (0, -2), (1, 0), (-2, 2)],
    "two_triangles": [(0, 1), (0, 1), (0, -1), (1, -1), (0, 1), (0, -1), (-1, 0)],
}
KNOTS_AREA_M2 = {"shared_edge": 6.5, "two_triangles": 2.0}


@pytest.mark.parametrize("name", KNOTS)
def test_what_is_repaired_is_valid(name):
    done = overlay.repair(gpd.GeoDataFrame(geometry=[Polygon(KNOTS[name])], crs=CRS))
    assert done.frame.is_valid.all()
    assert done.frame.area.tolist() == [KNOTS_AREA_M2[name]]
