"""Stops and routes that lose the mobile network, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.mobility_mobile_coverage import ANALYSIS


@pytest.fixture
def mobile():
    """x 0-250 and 200-600: 600 m of A in all, nothing of B."""
    return layer(box(0, 0, 250, 1000), box(200, 0, 600, 1000))


def measure(units, mobile, **layers):
    return ANALYSIS(units, layers={"couverture_mobile": mobile, **layers})


def test_stops_by_hand(units, mobile):
    stops = layer(*(Point(x, 500) for x in (100, 600, 700, 1500, 9000)), stop_id=list("abcde"))
    found = measure(units, mobile, arret=stops)
    assert found.values.loc[["A", "B", "Z"], "stop_uncovered_count"].tolist() == [1, 1, 0]
    assert found.values.loc[["A", "B"], "stop_uncovered_share"].tolist() == pytest.approx([1 / 3, 1])
    assert np.isnan(found.values.loc["Z", "stop_uncovered_share"])
    assert found.values.filter(like="km").isna().all(axis=None)
    assert found.map["classe"].tolist() == ["arret", "arret"]


@pytest.mark.parametrize(("role", "name"), [("ligne", "line"), ("voirie", "road"), ("cyclable", "cycle")])
def test_kilometres_by_hand(units, mobile, role, name):
    lines = layer(
        LineString([(0, 500), (1500, 500)]),
        LineString([(0, 500), (1000, 500)]),
        route_id=["1", "2"],
        etat=["existant", "projet"],
    )
    found = measure(units, mobile, **{role: lines})
    columns = [f"{name}_uncovered_km", f"{name}_uncovered_share"]
    assert found.values.loc["A", columns].tolist() == pytest.approx([0.8, 0.4])
    assert found.values.loc["B", columns].tolist() == pytest.approx([0.5, 1])
    assert found.values.loc["Z", columns[0]] == 0
    assert found.map.groupby("code_unite").apply(lambda part: part.length.sum()).to_dict() == {"A": 800, "B": 500}
    assert set(found.map["classe"]) == {role}


def test_one_network_at_least_is_needed(units, mobile):
    assert ANALYSIS.missing({"couverture_mobile": mobile}) == ("arret|ligne|voirie|cyclable",)


def test_a_station_is_no_stop_and_an_unknown_kind_is(units, mobile):
    stops = layer(*(Point(700, 500 + rank) for rank in range(4)), stop_id=list("abcd"), location_type=[0, 1, 2, np.nan])
    found = measure(units, mobile, arret=stops)
    assert found.values.loc["A", "stop_uncovered_count"] == 2
