"""Areas of intersection, covered area and covered share."""

from __future__ import annotations

import math

import pytest
from shapely import MultiPolygon, Point, Polygon, box

from overlay.drawing import layer
from territoire_sig.overlay import covered_area, covered_share, intersection_areas


def test_each_pair_counts_in_full(zones, cover):
    found = intersection_areas(zones, cover)
    assert found.to_numpy().tolist() == [["U", "a", 40.0], ["U", "b", 40.0], ["N", "b", 50.0]]


def test_an_overlap_counts_once(zones, cover):
    assert covered_area(zones, cover).to_dict() == {"U": 60.0, "N": 50.0}
    assert covered_share(zones, cover).to_dict() == {"U": 0.6, "N": 0.5}


def test_three_covers_over_one_place_count_once():
    zone = layer(box(0, 0, 10, 10))
    same = layer(*[box(2, 2, 6, 6)] * 3)
    assert covered_area(zone, same).tolist() == [16.0]


def test_a_hole_is_not_covered():
    zone = layer(box(0, 0, 10, 10))
    ring = layer(box(-5, -5, 15, 15).difference(box(2, 2, 4, 4)))
    assert covered_area(zone, ring).tolist() == [96.0]


def test_a_hole_filled_by_another_feature_is_covered():
    zone = layer(box(0, 0, 10, 10))
    ring = layer(box(-5, -5, 15, 15).difference(box(2, 2, 4, 4)), box(1, 1, 5, 5))
    assert covered_share(zone, ring).tolist() == [1.0]


def test_features_that_only_touch_share_nothing(zones):
    assert intersection_areas(zones, layer(box(20, 0, 30, 10), box(0, 10, 10, 20))).empty


def test_a_cover_inside_a_zone_gives_its_own_area(zones):
    assert covered_area(zones, layer(box(1, 1, 3, 3))).tolist() == [4.0, 0.0]


def test_a_multipart_zone_is_one_zone():
    zone = layer(MultiPolygon([box(0, 0, 2, 2), box(8, 0, 10, 2)]))
    assert covered_share(zone, layer(box(1, 0, 9, 2))).tolist() == [0.5]


def test_an_empty_cover_covers_nothing(zones):
    nothing = layer()
    assert covered_share(zones, nothing).to_dict() == {"U": 0.0, "N": 0.0}
    assert intersection_areas(zones, nothing).empty


def test_a_zone_without_area_has_no_share():
    share = covered_share(layer(Polygon(), box(0, 0, 1, 1)), layer(box(0, 0, 5, 5)))
    assert math.isnan(share[0])
    assert share[1] == 1.0


def test_no_zone_gives_no_row(cover):
    assert covered_share(layer(), cover).empty
    assert intersection_areas(layer(), cover).columns.tolist() == ["zone", "cover", "area_m2"]


def test_many_discs_cover_no_more_than_the_zone():
    discs = layer(*(Point(x, y).buffer(30) for x in range(0, 100, 5) for y in range(0, 100, 5)))
    share = covered_share(layer(box(10, 10, 90, 90), box(-50, -50, 150, 150)), discs)
    assert share[0] == pytest.approx(1.0, abs=1e-12)
    assert share[1] == pytest.approx(discs.union_all().area / 40_000, rel=1e-12)
