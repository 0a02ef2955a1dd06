"""Mobile coverage of the ground, on shapes one can draw: two squares of 1 km side by side, A west of B."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.indicators.mobile_area_coverage import ANALYSIS

FOUR = "mobile_area_4g_share"


def measure(units, cover, **parameters):
    return ANALYSIS(units, layers={"couverture_mobile": cover}, **parameters)


def test_by_hand_overlaps_count_once(units):
    cover = layer(
        box(0, 0, 600, 1000),
        box(400, 0, 1500, 1000),
        box(0, 0, 250, 1000),
        operateur=["Orange", "SFR", "Orange"],
        techno=["4G", "2G3G4G", "5G"],
    )
    found = measure(units, cover)
    assert found.values.loc["A"].tolist() == [0.6, 0.6, 1.0, 0.25]
    assert found.values.loc["B"].tolist() == [0.5, 0.5, 0.5, 0.0]
    assert (found.known_share == 1).all(axis=None)
    table = found.tables["mobile_area_by_operator"].set_index(["operateur", "techno"])
    assert table.loc[("Orange", "4G"), "covered_amount"] == 600_000
    assert table.loc[("SFR", "3G"), "covered_share"] == pytest.approx(1_100_000 / 3e6)
    assert ("SFR", "5G") not in table.index


def test_a_layer_without_technology_tells_nothing_of_any(units):
    cover = layer(box(0, 0, 600, 1000), operateur=["Orange"])
    for silent in (cover, cover.assign(techno=None), cover.assign(techno="inconnue")):
        found = measure(units, silent)
        assert found.values.isna().all(axis=None)
        assert not len(found.tables["mobile_area_by_operator"])


def test_a_technology_that_no_polygon_names_is_unknown_not_nil(units):
    found = measure(units, layer(box(0, 0, 500, 1000), techno=["4G"]))
    assert found.values.loc["A", FOUR] == 0.5
    assert pd.isna(found.values.loc["A", "mobile_area_5g_share"])
    assert found.known_share.loc["A", "mobile_area_5g_share"] == 0


def test_places_of_unknown_technology_are_left_out(units):
    """A: 300 m are 4G for sure, 200 m more perhaps: 300 of the 800 m that are settled."""
    found = measure(units, layer(box(0, 0, 300, 1000), box(100, 0, 500, 1000), techno=["4G", None]))
    assert found.values.loc["A", FOUR] == pytest.approx(0.375)
    assert found.known_share.loc["A", FOUR] == pytest.approx(0.8)
    assert found.values.loc["B", FOUR] == 0


def test_a_level_that_is_not_told_is_in_doubt_where_one_is_asked_for(units):
    cover = layer(
        box(0, 0, 300, 1000), box(0, 0, 500, 1000), box(0, 0, 900, 1000), techno=["4G"] * 3, niveau=["TBC", "BC", "CL"]
    )
    assert [measure(units, cover, niveau_couverture=n).values.loc["A", FOUR] for n in (1, 2, 3)] == [0.9, 0.5, 0.3]
    unsure = cover.assign(niveau=["TBC", "COUVERT", "CL"])
    found = measure(units, unsure, niveau_couverture=2)
    assert found.values.loc["A", FOUR] == pytest.approx(0.3 / 0.8)
    assert found.known_share.loc["A", FOUR] == pytest.approx(0.8)
    assert measure(units, unsure).values.loc["A", FOUR] == 0.9


def test_a_site_without_any_service_covers_nothing(units):
    found = measure(units, layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), techno=["4G", "aucune"]))
    assert found.values.loc["A", FOUR] == 0.5
    assert found.known_share.loc["A", FOUR] == 1


def test_one_operator_written_three_ways_is_one_row(units):
    told = {"operateur": ["ORANGE", "orange", "x"], "code_operateur": [None, None, "20801"], "techno": ["4G"] * 3}
    cover = layer(box(0, 0, 100, 1000), box(100, 0, 200, 1000), box(200, 0, 300, 1000), **told)
    table = measure(units, cover).tables["mobile_area_by_operator"]
    assert table[["operateur", "covered_amount"]].to_numpy().tolist() == [["Orange", 300_000.0]]


def test_an_unknown_operator_is_in_no_row_and_leaves_a_doubt(units):
    cover = layer(box(0, 0, 300, 1000), box(0, 0, 600, 1000), operateur=["SFR", None], techno=["4G", "4G"])
    found = measure(units, cover)
    assert found.values.loc["A", FOUR] == 0.6
    [row] = found.tables["mobile_area_by_operator"].itertuples()
    assert (row.operateur, row.covered_amount) == ("SFR", 300_000)
    assert row.known_share == pytest.approx(2.7 / 3)
