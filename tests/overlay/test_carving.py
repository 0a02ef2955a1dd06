"""Polygons cut class by class."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, box

from territoire_sig.overlay import carving, pairs
from territoire_sig.overlay.carving import carved
from territoire_sig.overlay.pairs import near


def pieces(values, features, code):
    """Return the area of each piece by polygon and class."""
    found = carved(np.array(values, dtype=object), np.array(features, dtype=object), np.array(code, dtype=np.intp))
    assert shapely.is_valid(found.geometry).all()
    keys = zip(found.item.tolist(), found.code.tolist(), strict=True)
    return dict(zip(keys, shapely.area(found.geometry).tolist(), strict=True))


def test_the_lowest_class_takes_first():
    taken = pieces([box(0, 0, 10, 10)], [box(0, 0, 5, 10), box(3, 0, 7, 10)], [1, 0])
    assert taken == {(0, 0): 40, (0, 1): 30, (0, -1): 30}


def test_a_class_that_holds_the_whole_takes_what_those_before_left():
    assert pieces([box(0, 0, 10, 10)], [box(-1, -1, 11, 11), box(0, 0, 4, 10)], [1, 0]) == {(0, 0): 40, (0, 1): 60}
    assert pieces([box(0, 0, 10, 10)], [box(-1, -1, 11, 11), box(0, 0, 4, 10)], [0, 1]) == {(0, 0): 100}


def test_features_of_one_class_are_taken_together():
    assert pieces([box(0, 0, 10, 10)], [box(0, 0, 4, 10), box(2, 0, 6, 10)], [0, 0]) == {(0, 0): 60, (0, -1): 40}


def test_what_no_feature_meets_is_left_whole():
    assert pieces([box(0, 0, 1, 1), box(5, 5, 6, 6)], [box(0.5, 0, 3, 3)], [0]) == {
        (0, 0): 0.5,
        (0, -1): 0.5,
        (1, -1): 1,
    }
    assert pieces([box(0, 0, 1, 1)], [], []) == {(0, -1): 1}
    assert pieces([], [box(0, 0, 1, 1)], [0]) == {}


@pytest.mark.parametrize("large", [50, carving.LARGE])
def test_a_feature_of_many_vertices_is_brought_down_to_what_is_near(monkeypatch, large):
    monkeypatch.setattr(carving, "LARGE", large)
    monkeypatch.setattr(carving, "PARTS", 64)
    sieve = Point(0, 0).buffer(100, quad_segs=64).difference(shapely.MultiPoint([(10, 0), (-60, 5)]).buffer(7, 32))
    zones = [box(x, y, x + 20, y + 20) for x in range(-100, 100, 20) for y in range(-100, 100, 20)]
    found = pieces(zones, [sieve, box(0, -100, 5, 100)], [1, 0])
    first = box(0, -100, 5, 100)
    for number, zone in enumerate(zones):
        expected = zone.intersection(sieve).difference(first).area
        assert found.get((number, 1), 0) == pytest.approx(expected, rel=1e-9, abs=1e-9)
        total = sum(found.get((number, code), 0) for code in (-1, 0, 1))
        assert total == pytest.approx(zone.area, rel=1e-9)


#: Its border goes through a corner of the box (-51, -51, 51, 51): GEOS clips it to what it leaves of the box.
THROUGH = Polygon([(-91, 0), (-51, 51), (91, 91), (91, -91), (-51, -91), (40, 40), (-91, -91)])


def test_a_border_through_a_corner_of_the_clip_is_not_taken_for_its_complement(monkeypatch):
    monkeypatch.setattr(pairs, "AROUND", (0.01, 0.01))
    zone = box(-50, -50, 50, 50)
    wrong = shapely.clip_by_rect(THROUGH, -51, -51, 51, 51)
    assert wrong.intersection(zone).area != pytest.approx(THROUGH.intersection(zone).area)
    local = near(np.array([THROUGH]), np.array([zone]))[0]
    assert local.intersection(zone).area == pytest.approx(THROUGH.intersection(zone).area)
    assert pieces([zone], [THROUGH], [0])[0, 0] == pytest.approx(THROUGH.intersection(zone).area)


def test_a_clip_that_fails_gives_the_feature(monkeypatch):
    def fails(*_):
        raise shapely.errors.GEOSException("LinearRing found 3")

    monkeypatch.setattr(shapely, "clip_by_rect", fails)
    assert pieces([box(0, 0, 2, 2)], [box(1, 0, 9, 9)], [0]) == {(0, 0): 2, (0, -1): 2}
