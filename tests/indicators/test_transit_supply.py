"""Headways and exposure to a lack of coverage: three stops on a line, counted by head."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, box

from territoire_sig.indicators import declared

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 100), box(5000, 0, 6000, 100)], index=["A", "B"], crs=CRS)


def stretches(*rows):
    names = ("arret_depart", "arret_arrivee", "ligne", "intervalle_min", "departs_jour")
    table = {name: [row[rank] for row in rows] for rank, name in enumerate(names)} | {"duree_min": [2.0] * len(rows)}
    return gpd.GeoDataFrame(table, geometry=[LineString([(x, 50), (y, 50)]) for *_, x, y in rows], crs=CRS)


LINES = stretches(
    ("a", "b", "1", 10.0, 90.0, 100, 500),
    ("b", "c", "1", 20.0, 45.0, 500, 900),
    ("b", "c", "2", 30.0, 15.0, 500, 900),
    ("c", "a", "1", np.nan, 10.0, 900, 100),
)


def measured(analysis, lines=LINES, **layers):
    return declared()[analysis](UNITS, layers={"troncon_tc": lines} | layers)


def test_the_headway_of_a_stop_is_that_of_its_best_line():
    found = measured("transit_headway").values.loc["A"]
    assert found["transit_stop_count"] == 3
    assert found["transit_headway_min"] == 20, "10, 20, and none within the period, which counts as longest"
    assert found["transit_frequent_share"] == pytest.approx(1 / 3)
    assert found["transit_departures"] == 160


def test_lines_held_as_multiple_ones_leave_from_the_same_stops():
    several = LINES.set_geometry([MultiLineString([line]) for line in LINES.geometry], crs=CRS)
    mobile = gpd.GeoDataFrame(geometry=[box(0, 0, 300, 100)], crs=CRS)
    assert measured("transit_headway", several).values.equals(measured("transit_headway").values)
    found, told = (measured("transit_mobile_exposure", lines, couverture_mobile=mobile) for lines in (several, LINES))
    assert found.values.equals(told.values)


def test_a_unit_without_stop_has_none_and_no_headway():
    found = measured("transit_headway").values.loc["B"]
    assert found[["transit_stop_count", "transit_departures"]].tolist() == [0.0, 0.0]
    assert found[["transit_headway_min", "transit_frequent_share"]].isna().all()


def test_departures_that_are_not_told_are_unknown():
    found = measured("transit_headway", LINES.drop(columns="departs_jour"))
    assert np.isnan(found.values.loc["A", "transit_departures"])
    assert found.known_share.loc["A", "transit_departures"] == 0


def test_departures_wait_and_kilometres_out_of_coverage():
    mobile = gpd.GeoDataFrame(geometry=[box(0, 0, 300, 100)], crs=CRS)
    found = measured("transit_mobile_exposure", couverture_mobile=mobile).values.loc["A"]
    # b (60 departures, best headway 20) and c (10) are out; a (90) is in
    assert found["departure_uncovered_count"] == 70
    assert found["departure_uncovered_share"] == pytest.approx(70 / 160)
    assert found["uncovered_wait_min"] == pytest.approx(60 * 10 / 150), "c has no headway within the period"
    lost = 200 * 90 + 400 * 60 + 600 * 10
    assert found["vehicle_uncovered_share"] == pytest.approx(lost / (400 * 90 + 400 * 60 + 800 * 10))


def test_without_coverage_layer_nothing_is_known():
    found = measured("transit_mobile_exposure", couverture_mobile=None)
    assert found.values.isna().all(axis=None)


def test_the_branches_of_a_line_add_up_at_the_stop_that_they_leave():
    fork = stretches(("a", "b", "1", 30.0, 24.0, 100, 500), ("a", "c", "1", 30.0, 24.0, 100, 900))
    assert measured("transit_headway", fork).values.loc["A", "transit_headway_min"] == 15
    ways = measured("transit_headway", fork.assign(sens=["0", "1"])).values
    assert ways.loc["A", "transit_headway_min"] == 30, "not those of the two directions"


def test_departures_are_known_as_far_as_stops_tell_them():
    told = LINES.assign(departs_jour=[90.0, 45.0, np.nan, 10.0])
    found = measured("transit_headway", told)
    assert found.values.loc["A", "transit_departures"] == 100, "b does not tell those of line 2"
    assert found.known_share.loc["A", "transit_departures"] == pytest.approx(2 / 3)


def test_a_stop_where_one_only_alights_is_none_that_something_leaves():
    told = LINES.assign(departs_jour=[90.0, 0.0, 0.0, 10.0], intervalle_min=[10.0, np.nan, np.nan, 20.0])
    found = measured("transit_headway", told).values.loc["A"]
    assert found[["transit_stop_count", "transit_headway_min", "transit_departures"]].tolist() == [2, 15, 100]
