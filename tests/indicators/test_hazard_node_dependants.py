"""Dependants behind exposed nodes, on a tree one can climb by head."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.hazard_node_dependants import ANALYSIS
from territoire_sig.indicators.serving import ancestors, circular

PEOPLE, SHARE = "exposed_node_inhabitants", "exposed_node_inhabitants_share"
OVERALL = ("service_area_orphan_count", "service_area_circular_count", "service_area_nodeless_count")


@pytest.fixture
def layers():
    """A holds 100 inhabitants. High hazard north of y = 900, where only the nodes that a test moves there stand.

    NRO serves all of A; SRO the east of x = 400; PBO the east of x = 700.
    """
    return {
        "alea": layer(box(0, 900, 1000, 1000), box(0, 0, 1000, 900), niveau=["fort", "nul"], typealea=["11"] * 2),
        "noeud_optique": layer(
            Point(10, 10), Point(20, 10), Point(30, 10), code=["N", "S", "P"], niveau=["NRO", "SRO", "PBO"]
        ),
        "zone_nro": layer(box(0, 0, 1000, 1000), code=["ZN"], noeud=["N"]),
        "zone_sro": layer(box(400, 0, 1000, 1000), code=["ZS"], noeud=["S"], parent=["ZN"]),
        "zone_pbo": layer(box(700, 0, 1000, 1000), code=["ZP"], noeud=["P"], parent=["ZS"]),
        "population": layer(box(0, 0, 1000, 1000), habitants=[100.0]),
    }


def moved(layers, *codes):
    """Return the layers with some nodes in the hazard zone."""
    nodes = layers["noeud_optique"]
    places = [Point(p.x, 950) if code in codes else p for code, p in zip(nodes["code"], nodes.geometry, strict=True)]
    return layers | {"noeud_optique": nodes.set_geometry(places, crs=nodes.crs)}


def told(units, layers):
    return ANALYSIS(units, layers=layers).values.loc["A", [PEOPLE, SHARE]].tolist()


@pytest.mark.parametrize(("codes", "people"), [("", 0), ("P", 30), ("S", 60), ("N", 100), ("PS", 60), ("PN", 100)])
def test_by_hand_each_is_counted_once(units, layers, codes, people):
    assert told(units, moved(layers, *codes)) == pytest.approx([people, people / 100])


def test_an_area_smaller_than_those_below_it_still_holds_them(units, layers):
    """The PBO area lies outside the SRO area: it hangs on the SRO by its code, not by its place."""
    layers["zone_sro"] = layers["zone_sro"].set_geometry([box(400, 0, 500, 1000)], crs=2154)
    assert told(units, moved(layers, "S")) == pytest.approx([40, 0.4])


def test_premises_and_the_table_of_nodes(units, layers):
    layers["immeuble"] = layer(
        Point(500, 5), Point(800, 5), Point(100, 5), etat=["deploye"] * 3, locaux=[2.0, 5.0, 3.0]
    )
    found = ANALYSIS(units, layers=moved(layers, "S", "P"))
    names = ["exposed_node_premises", "exposed_node_premises_share"]
    assert found.values.loc["A", names].tolist() == [7, 0.7]
    rows = [["S", "SRO", 2.0, 60.0, 7.0], ["P", "PBO", 1.0, 30.0, 5.0]]
    table = found.tables["exposed_nodes"]
    assert table.round(6).to_numpy().tolist() == rows
    assert [found.overall[name].value for name in OVERALL] == [0, 0, 0]


def test_an_orphan_is_counted_and_unknown_unless_already_exposed(units, layers):
    lost = layers | {"zone_sro": layers["zone_sro"].assign(parent=["ZX"])}
    found = ANALYSIS(units, layers=lost)
    assert found.overall["service_area_orphan_count"].value == 1
    assert found.known_share.loc["A", PEOPLE] == pytest.approx(0.4)
    assert told(units, moved(lost, "P")) == pytest.approx([30, 30 / 70])
    assert told(units, moved(lost, "S")) == pytest.approx([60, 0.6])


def test_a_circle_of_codes_ends_and_is_counted(units, layers):
    circle = layers | {"zone_nro": layers["zone_nro"].assign(parent=["ZP"])}
    found = ANALYSIS(units, layers=circle)
    assert found.overall["service_area_circular_count"].value == 3
    assert found.values.isna().all(axis=None)
    assert told(units, moved(circle, "P")) == pytest.approx([100, 1])


def test_a_share_that_could_be_nothing_but_one_is_unknown(units, layers):
    """Ten inhabitants out of 100 behind an exposed SRO; without a perimeter, the others were not studied."""
    layers["zone_sro"] = layers["zone_sro"].set_geometry([box(900, 0, 1000, 1000)], crs=2154)
    layers["immeuble"] = layer(Point(950, 5), Point(100, 5), etat=["deploye"] * 2, locaux=[1.0, 9.0])
    narrow = moved(layers, "S") | {"alea": layers["alea"].iloc[:1], "zone_pbo": None}
    names = [PEOPLE, SHARE, "exposed_node_premises", "exposed_node_premises_share"]
    found = ANALYSIS(units, layers=narrow)
    assert found.values.loc["A", names].tolist() == pytest.approx([10, np.nan, 1, np.nan], nan_ok=True)
    assert found.known_share.loc["A", names].tolist() == pytest.approx([0.1, 0, 0.5, 0])
    plan = narrow | {"perimetre_risque": layer(box(0, 0, 1000, 1000))}
    assert ANALYSIS(units, layers=plan).values.loc["A", names].tolist() == pytest.approx([10, 0.1, 1, 0.1])


def test_a_node_that_is_not_there_is_counted_and_unknown(units, layers):
    lost = layers | {"zone_pbo": layers["zone_pbo"].assign(noeud=["ailleurs"])}
    found = ANALYSIS(units, layers=lost)
    assert found.overall["service_area_nodeless_count"].value == 1
    assert found.known_share.loc["A", PEOPLE] == pytest.approx(0.7)


def test_a_node_where_hazard_was_not_studied_is_unknown(units, layers):
    narrow = layers | {"alea": layers["alea"].iloc[:1]}
    assert ANALYSIS(units, layers=narrow).values.isna().all(axis=None)
    plan = narrow | {"perimetre_risque": layer(box(0, 0, 1000, 1000))}
    assert told(units, plan) == [0, 0]


def test_one_code_for_two_areas_that_differ_is_refused(units, layers):
    two = layer(box(0, 0, 1, 1), box(5, 5, 6, 6), code=["ZS", "ZS"], noeud=["S", "P"], parent=["ZN", "ZN"])
    with pytest.raises(InvalidValueError, match=r"«zone_sro».*«ZS» \(S ≠ P\)"):
        ANALYSIS(units, layers=layers | {"zone_sro": two})


def test_an_area_in_two_pieces_is_one_area(units, layers):
    halves = layer(box(400, 0, 700, 1000), box(700, 0, 1000, 1000), code=["ZS"] * 2, noeud=["S"] * 2, parent=["ZN"] * 2)
    assert told(units, moved(layers | {"zone_sro": halves}, "S")) == pytest.approx([60, 0.6])


def test_climbing_a_long_chain_and_a_long_circle():
    chain, circle = np.arange(-1, 999), np.r_[999, np.arange(999)]
    assert not circular(chain).any()
    assert circular(circle).all()
    assert len(ancestors(np.array([2, 0, 1]))) == 9
    assert pd.Series(ancestors(np.arange(-1, 99))["area"]).value_counts()[99] == 100
