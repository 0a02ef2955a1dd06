"""Pieces and gaps of a few cycle tracks."""

import geopandas as gpd
import numpy as np
from shapely import LineString, box

from territoire_sig.indicators import declared

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 500), box(1000, 0, 2000, 500)], index=["A", "B"], crs=CRS)


def tracks(*rows):
    return gpd.GeoDataFrame({"etat": [row[0] for row in rows]}, geometry=[LineString(row[1]) for row in rows], crs=CRS)


def measured(ways, **parameters):
    return declared()["cycle_continuity"](UNITS, layers={"cyclable": ways}, **parameters)


TWO = (("existant", [(0, 100), (500, 100)]), ("existant", [(560, 100), (1500, 100)]))


def test_a_short_gap_between_two_pieces_and_the_plan_that_closes_it():
    found = measured(tracks(*TWO))
    assert found.values.loc["A"].tolist() == [0.94, 0.0, 2.0, 1.0, 0.0]
    assert found.values.loc["B"].tolist() == [0.5, 0.0, 1.0, 0.0, 0.0]
    assert found.overall["cycle_today_piece_count"].value == 2
    assert found.overall["cycle_today_main_share"].value == 940 / 1440
    planned = measured(tracks(*TWO, ("projet", [(500, 100), (560, 100)])))
    assert planned.values.loc["A"].tolist() == [0.94, 0.06, 2.0, 1.0, 1.0]
    assert planned.overall["cycle_planned_piece_count"].value == 1
    assert planned.overall["cycle_planned_main_share"].value == 1.0
    assert set(planned.map["classe"]) == {"principal", "isole", "ecart_prevu"}


def test_a_gap_is_short_up_to_the_bound_and_nothing_within_the_join():
    assert measured(tracks(*TWO), ecart_max_m=59.0).values["cycle_gap_count"].tolist() == [0.0, 0.0]
    near = tracks(("existant", [(0, 100), (500, 100)]), ("existant", [(504, 100), (900, 100)]))
    assert measured(near).values.loc["A", ["cycle_piece_count", "cycle_gap_count"]].tolist() == [1.0, 0.0]


def test_tracks_that_cross_are_one_piece():
    cross = tracks(("existant", [(100, 100), (300, 100)]), ("existant", [(200, 0), (200, 200)]))
    assert measured(cross).values.loc["A", "cycle_piece_count"] == 1


def test_an_unknown_state_lowers_what_is_known():
    found = measured(tracks(("existant", [(0, 100), (300, 100)]), ("inconnu", [(0, 400), (100, 400)])))
    assert found.known_share.loc["A"].tolist() == [0.75] * 5
    assert found.values.loc["A", "cycle_existing_km"] == 0.3
    assert found.known_share.loc["B"].tolist() == [1.0] * 5


def test_a_plan_alone_has_no_piece_today():
    found = measured(tracks(("projet", [(0, 100), (300, 100)])))
    assert found.values.loc["A"].tolist() == [0.0, 0.3, 0.0, 0.0, 0.0]
    assert np.isnan(found.overall["cycle_today_main_share"].value)


def test_a_plan_that_starts_where_a_track_ends_undoes_nothing():
    today = (("existant", [(0, 0), (1000, 0)]), ("existant", [(500, 480), (500, 3)]))
    found = measured(tracks(*today, ("projet", [(500, 3), (900, 400)]))).overall
    assert found["cycle_today_main_share"].value == found["cycle_planned_main_share"].value == 1.0


def test_two_tracks_that_never_end_near_each_other_are_parted_by_a_gap():
    apart = tracks(("existant", [(0, 100), (900, 100)]), ("existant", [(400, 300), (450, 104), (500, 300)]))
    assert measured(apart).values.loc["A", ["cycle_piece_count", "cycle_gap_count"]].tolist() == [2.0, 1.0]


def test_what_is_known_of_the_whole_weighs_by_length():
    found = measured(tracks(("existant", [(10, 100), (110, 100)]), ("inconnu", [(10, 300), (910, 300)])))
    assert found.overall["cycle_today_piece_count"].known_share == 0.1


def test_a_track_that_stops_on_a_border_is_no_piece_of_the_next_unit():
    found = measured(tracks(("existant", [(10, 100), (1000, 100)])))
    assert found.values["cycle_piece_count"].tolist() == [1.0, 0.0]
