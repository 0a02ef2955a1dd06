"""Metres of lines."""

from __future__ import annotations

import pytest
from shapely import LineString, MultiLineString, box

from overlay.drawing import grid, layer, star
from territoire_sig.overlay import covered_length, covered_length_by_zone, length_within

ROAD = LineString([(-5, 5), (25, 5)])


def test_an_overlap_counts_once(cover):
    assert covered_length(layer(ROAD, index=["D1"]), cover).to_dict() == {"D1": 11.0}


def test_a_line_on_the_border_is_covered(cover):
    assert covered_length(layer(LineString([(0, 0), (20, 0)])), cover).tolist() == [11.0]


def test_a_line_outside_and_an_empty_one_measure_nothing(cover):
    assert covered_length(layer(LineString([(0, 50), (9, 50)]), LineString()), cover).tolist() == [0.0, 0.0]


def test_an_empty_cover_covers_no_metre():
    assert covered_length(layer(ROAD), layer()).tolist() == [0.0]


def test_a_route_that_comes_back_counts_both_ways(cover):
    there_and_back = LineString([(0, 5), (20, 5), (0, 5)])
    twice = MultiLineString([[(0, 5), (20, 5)], [(0, 5), (20, 5)]])
    assert covered_length(layer(there_and_back, twice), cover).tolist() == [22.0, 22.0]


def test_metres_by_zone(zones):
    assert length_within(zones, layer(ROAD)).to_dict() == {"U": 10.0, "N": 10.0}


def test_a_shared_border_counts_in_the_first_zone(zones):
    border = layer(LineString([(10, 0), (10, 10)]))
    assert length_within(zones, border).to_dict() == {"U": 10.0, "N": 0.0}
    assert length_within(zones[::-1], border).to_dict() == {"N": 10.0, "U": 0.0}


def test_a_metre_in_two_zones_counts_in_the_first():
    both = layer(box(0, 0, 10, 10), box(5, 0, 15, 10))
    assert length_within(both, layer(ROAD)).tolist() == [10.0, 5.0]


def test_covered_metres_by_zone(zones, cover):
    found = covered_length_by_zone(zones, layer(ROAD), cover)
    assert found.to_dict("index") == {
        "U": {"length_m": 10.0, "covered_m": 6.0},
        "N": {"length_m": 10.0, "covered_m": 5.0},
    }


def test_a_large_cover_loses_no_metre():
    lines = layer(*(LineString([(640_000, y), (660_000, y + 777)]) for y in range(6_850_000, 6_870_000, 500)))
    cover = layer(star(5_000))
    expected = lines.intersection(cover.geometry.iloc[0]).length
    assert covered_length(lines, cover).to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-11, abs=1e-6)
    zones = grid(5, 3_000)
    assert length_within(zones, lines).sum() == pytest.approx(lines.intersection(zones.union_all()).length.sum())
