"""Mobile coverage of roads, lines and cycle routes, on segments one can measure by head."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import LineString, box

from overlay.drawing import layer
from territoire_sig.indicators.mobile_network_coverage import ANALYSIS


def test_by_hand_by_network_and_technology(units):
    cover = layer(box(0, 0, 250, 1000), box(0, 0, 1250, 1000), techno=["4G", "2G3G"])
    road = layer(LineString([(0, 500), (2000, 500)]))
    bus = layer(LineString([(0, 100), (500, 100)]), LineString([(0, 100), (500, 100)]), route_id=["1", "2"])
    found = ANALYSIS(units, layers={"couverture_mobile": cover, "voirie": road, "ligne": bus})
    a, b = found.values.loc["A"], found.values.loc["B"]
    assert a[["mobile_road_2g_share", "mobile_road_4g_share", "mobile_line_4g_share"]].tolist() == [1, 0.25, 0.5]
    assert b[["mobile_road_3g_share", "mobile_road_4g_share"]].tolist() == [0.25, 0]
    assert pd.isna(b["mobile_line_4g_share"])
    assert found.known_share.loc["B", "mobile_line_4g_share"] == 1
    assert found.values["mobile_cycle_4g_share"].isna().all()
    assert (found.known_share["mobile_cycle_4g_share"] == 0).all()
    rows = found.tables["mobile_network_lengths"].set_index(["reseau", "techno"])
    assert rows.loc[("voirie", "3G")].tolist() == pytest.approx([1.25, 2.0])
    assert rows.loc[("ligne", "4G")].tolist() == pytest.approx([0.5, 1.0])


def test_metres_in_doubt_are_left_out(units):
    cover = layer(box(0, 0, 250, 1000), box(500, 0, 1000, 1000), techno=["4G", None])
    found = ANALYSIS(units, layers={"couverture_mobile": cover, "voirie": layer(LineString([(0, 500), (1000, 500)]))})
    assert found.values.loc["A", "mobile_road_4g_share"] == 0.5
    assert found.known_share.loc["A", "mobile_road_4g_share"] == 0.5


def test_a_road_on_the_border_of_the_coverage_is_covered(units):
    cover = layer(box(0, 0, 1000, 500), box(0, 600, 1000, 1000), techno=["4G", "5G"])
    road = layer(LineString([(0, 500), (1000, 500)]), LineString([(0, 600), (1000, 600)]))
    found = ANALYSIS(units, layers={"couverture_mobile": cover, "voirie": road})
    assert found.values.loc["A", ["mobile_road_4g_share", "mobile_road_5g_share"]].tolist() == [0.5, 0.5]


def test_by_hand_by_operator(units):
    told = {"techno": ["4G", "4G", "4G"], "operateur": ["Orange", "SFR", "SFR"]}
    cover = layer(box(-500, 0, 250, 1000), box(0, 0, 1250, 1000), box(0, 0, 300, 1000), **told)
    road = layer(LineString([(-400, 500), (2000, 500)]), LineString([(0, 200), (100, 200)]))
    found = ANALYSIS(units, layers={"couverture_mobile": cover, "voirie": road})
    rows = found.tables["mobile_network_operators"].set_index(["reseau", "operateur", "techno"])
    assert rows.loc[("voirie", "Orange", "4G")].tolist() == pytest.approx([0.35, 0.35 / 2.1, 1.0])
    assert rows.loc[("voirie", "SFR", "4G")].tolist() == pytest.approx([1.35, 1.35 / 2.1, 1.0])


def test_what_an_operator_may_cover_is_in_doubt(units):
    cover = layer(box(0, 0, 250, 1000), box(0, 0, 1000, 1000), techno=["4G", None], operateur=["Orange", "Orange"])
    found = ANALYSIS(units, layers={"couverture_mobile": cover, "voirie": layer(LineString([(0, 500), (1000, 500)]))})
    rows = found.tables["mobile_network_operators"].set_index(["reseau", "operateur", "techno"])
    assert rows.loc[("voirie", "Orange", "4G")].tolist() == pytest.approx([0.25, 1.0, 0.25])
