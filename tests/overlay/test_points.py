"""Points in zones, main zone, nearest distance."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from shapely import LineString, Point, Polygon, box

from overlay.drawing import layer
from territoire_sig.errors import MissingColumnError
from territoire_sig.overlay import assign_zone, count_within, main_zone, nearest_distance, within

POINTS = [Point(1, 1), Point(10, 5), Point(20, 5), Point(99, 99)]


def test_the_border_is_inside(zones):
    found = within(layer(*POINTS, index=list("abcd")), zones)
    assert found.to_dict() == {"a": True, "b": True, "c": True, "d": False}
    assert found.dtype == bool


def test_a_point_on_a_shared_border_counts_once(zones):
    assert count_within(zones, layer(*POINTS)).to_dict() == {"U": 2, "N": 1}
    assert count_within(zones[::-1], layer(*POINTS)).to_dict() == {"N": 2, "U": 1}


def test_counts_by_class_keep_the_classes_no_zone_holds(zones):
    points = layer(*POINTS, band=["5G", "4G", None, "2G"])
    found = count_within(zones, points, by="band")
    assert found.columns.tolist()[:3] == ["2G", "4G", "5G"]
    assert pd.isna(found.columns[3])
    assert found.to_numpy().tolist() == [[0, 1, 1, 0], [0, 0, 0, 1]]


def test_a_missing_class_column_is_named(zones):
    with pytest.raises(MissingColumnError, match="colonne «band» est absente"):
        count_within(zones, layer(*POINTS), by="band")


def test_no_point_counts_zero(zones):
    assert count_within(zones, layer()).to_dict() == {"U": 0, "N": 0}


def test_each_point_has_a_zone_or_none(zones):
    found = assign_zone(layer(*POINTS), zones)
    assert found.iloc[:3].tolist() == ["U", "U", "N"]
    assert pd.isna(found[3])


def test_integer_zones_stay_integers(zones):
    found = assign_zone(layer(*POINTS), zones.reset_index(drop=True))
    assert found.dtype == "Int64"
    assert found.tolist() == [0, 0, 1, pd.NA]


def test_the_main_zone_holds_the_largest_part(zones):
    assert main_zone(layer(box(8, 0, 15, 9), box(2, 2, 3, 3), box(50, 0, 60, 9)), zones).tolist()[:2] == ["N", "U"]
    assert pd.isna(main_zone(layer(box(50, 0, 60, 9)), zones)[0])
    assert main_zone(layer(LineString([(7, 5), (12, 5)]), LineString([(8, 5), (19, 5)])), zones).tolist() == ["U", "N"]
    assert main_zone(layer(Point(10, 5)), zones).tolist() == ["U"]


def test_equal_parts_go_to_the_first_zone(zones):
    assert main_zone(layer(box(8, 0, 12, 9)), zones).tolist() == ["U"]
    assert main_zone(layer(box(8, 0, 12, 9)), zones[::-1]).tolist() == ["N"]


def test_distance_to_the_nearest():
    found = nearest_distance(layer(Point(0, 0), Polygon(), box(3, 4, 9, 9)), layer(Point(3, 4), Point(30, 40)))
    assert found[0] == 5.0
    assert math.isnan(found[1])
    assert found[2] == 0.0


def test_no_other_gives_no_distance():
    assert nearest_distance(layer(Point(0, 0)), layer()).isna().all()
