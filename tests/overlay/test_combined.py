"""Several covers at once: areas of every combination, against shapes one can draw and the exact overlay of GEOS."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from territoire_sig.overlay import combined
from territoire_sig.overlay.combined import combined_areas
from territoire_sig.overlay.slabs import Field
from territoire_sig.overlay.subdivision import Parts, flatten
from territoire_sig.overlay.validity import made_valid

MANY = settings(max_examples=25, deadline=None, derandomize=True)


def parts(*shapes, source=None):
    """Return shapes as parts, each of its own source unless told otherwise."""
    values = np.array(shapes, dtype=object)
    return Parts(values, np.arange(len(values)) if source is None else np.array(source))


def table(found):
    """Return the areas by zone and classes."""
    keys = zip(found.zone.tolist(), *(code.tolist() for code in found.codes), strict=True)
    return dict(zip(keys, found.area.tolist(), strict=True))


def test_two_covers_by_hand():
    west, south = parts(box(0, 0, 4, 10)), parts(box(-5, -5, 20, 3))
    found = combined_areas(parts(box(0, 0, 10, 10)), [west, south], 1)
    assert table(found) == pytest.approx({(0, 0, 0): 12, (0, 0, -1): 28, (0, -1, 0): 18, (0, -1, -1): 42})
    assert found.doubtful.tolist() == []


def test_parts_of_one_zone_are_summed_and_zones_that_overlap_are_each_whole():
    zones = parts(box(0, 0, 5, 10), box(5, 0, 10, 10), box(0, 0, 10, 10), source=[0, 0, 1])
    found = table(combined_areas(zones, [parts(box(2, 2, 8, 8)), parts(box(4, 4, 6, 6))], 2))
    for zone in (0, 1):
        told = {codes: area for (one, *codes), area in found.items() if one == zone for codes in [tuple(codes)]}
        assert told == pytest.approx({(0, 0): 4, (0, -1): 32, (-1, -1): 64})


def test_a_zone_inside_and_a_zone_beyond():
    cover = box(-50, -50, 50, 50).difference(box(-2, -2, 2, 2))
    zones = parts(box(10, 10, 11, 11), box(-1, -1, 1, 1), box(90, 90, 91, 91))
    found = table(combined_areas(zones, [parts(cover), parts(cover, source=[2])], 3))
    assert found == pytest.approx({(0, 0, 2): 1, (1, -1, -1): 4, (2, -1, -1): 1})


def test_neighbours_that_share_a_border_leave_nothing_between_them():
    fan = [Polygon([(0, 0), (9 * np.cos(a), 9 * np.sin(a)), (9 * np.cos(b), 9 * np.sin(b))]) for a, b in ANGLES]
    zone, halves = box(-1, -1, 1, 1), parts(box(-9, -9, 0.1, 9), box(0.1, -9, 9, 9))
    found = combined_areas(parts(zone), [parts(*fan), halves], 1)
    assert set(zip(*(code.tolist() for code in found.codes), strict=True)) <= set(product(range(9), range(2)))
    for number, wedge in enumerate(fan):
        area = found.area[found.codes[0] == number].sum()
        assert area == pytest.approx(shapely.area(wedge.intersection(zone)), rel=1e-12)


ANGLES = [(2 * np.pi * n / 9, 2 * np.pi * (n + 1) / 9) for n in range(9)]


def test_more_classes_than_one_state_holds():
    cells = [box(x, 0, x + 1, 10) for x in range(10)]
    covers = [parts(*cells, source=np.arange(10) + 10**number) for number in range(1, 8)]
    assert Field.of([1, *(int(cover.source.max()) + 1 for cover in covers)])[-1].pack >= 2
    found = combined_areas(parts(box(0, 0, 10, 10)), covers, 1)
    assert found.area.tolist() == pytest.approx([10.0] * 10)
    assert sorted(found.codes[6].tolist()) == [10**7 + number for number in range(10)]
    assert (found.codes[6] - found.codes[0] == 10**7 - 10).all()


def test_a_frame_crowded_with_long_edges_is_left_to_the_exact_overlay(monkeypatch):
    monkeypatch.setattr(combined, "MOST", 10)
    found = combined_areas(parts(box(0, 0, 9, 9)), [parts(box(1, 1, 5, 5)), parts(box(2, 2, 8, 8))], 1)
    assert found.doubtful.tolist() == [0]


def test_a_corner_of_the_frame_on_an_edge_is_in_doubt():
    left, bottom, _, _ = combined._framed(np.array([box(0, 0, 1, 1)]))
    edge = box(left[0], -9, 9, 9)
    found = combined_areas(parts(box(0, 0, 1, 1)), [parts(edge), parts(box(0.5, bottom[0], 4, 4))], 1)
    assert found.doubtful.tolist() == [0]


@st.composite
def lattices(draw, count):
    """Return valid polygons on a small lattice: corners that touch, edges that lie over one another, holes."""
    grid, rng = draw(st.sampled_from([4, 9, 30])), np.random.default_rng(draw(st.integers(0, 10**6)))
    place = np.array(draw(st.sampled_from([(0.0, 0.0), (1 / 3, 1000 / 7), (-20_000.0, 20_000.0)])))
    rings = [Polygon(rng.integers(0, grid, (rng.integers(3, 9), 2)) + place) for _ in range(count)]
    mended = made_valid(np.array(rings))
    return mended[(shapely.area(mended) > 0) & shapely.is_valid(mended) & np.isin(shapely.get_type_id(mended), (3, 6))]


@MANY
@given(lattices(4), lattices(6), lattices(6))
def test_combinations_are_those_of_the_exact_overlay(zones, one, other):
    if not (len(zones) and len(one) and len(other)):
        return
    covers = [flatten(values, np.arange(len(values)) % 3) for values in (one, other)]
    found = combined_areas(Parts(zones, np.arange(len(zones))), [cover.disjoint for cover in covers], len(zones))
    assert found.doubtful.tolist() == []
    told = table(found)
    for zone, shape in enumerate(zones):
        pieces = [[*_united(cover), None] for cover in covers]
        for (a, first), (b, second) in product(*(list(enumerate(some)) for some in pieces)):
            expected = shapely.area(_within(_within(shape, first, pieces[0]), second, pieces[1]))
            key = (zone, -1 if first is None else a, -1 if second is None else b)
            assert told.get(key, 0.0) == pytest.approx(expected, rel=1e-9, abs=1e-10 * shape.area)


def _united(cover):
    """Return the place of each class from 0 to 2."""
    both = cover.disjoint
    return [shapely.union_all(both.geometry[both.source == code]) for code in range(3)]


def _within(shape, place, classes):
    """Return what is of a shape in the place of a class, or out of them all for None."""
    if place is None:
        return shape.difference(shapely.union_all(classes[:-1]))
    return shape.intersection(place)
