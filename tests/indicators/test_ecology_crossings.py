"""Crossings of nature, on shapes one can draw."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.ecology_crossings import ANALYSIS

CORRIDOR = layer(box(200, 0, 400, 1000), type_continuite=["corridor"])
PARK = layer(box(300, 0, 600, 1000), type_protection=["APB"])


def line(y, start=0, end=1000):
    return LineString([(start, y), (end, y)])


def test_overlapping_spaces_count_once_by_unit_and_twice_in_the_table(units):
    cables = layer(line(100), type=["transport"])
    found = ANALYSIS(units, layers={"corridor": CORRIDOR, "espace_protege": PARK, "cable": cables})
    assert found.values.loc["A", ["crossing_cable_m", "crossing_cable_share"]].tolist() == pytest.approx([400, 0.4])
    table = found.tables["crossing_lengths"].set_index(["milieu", "rang"])["longueur_m"]
    assert table["corridor", "transport"] == pytest.approx(200)
    assert table["espace_protege", "transport"] == pytest.approx(300)
    assert "bois_classe" not in table.index


def test_kinds_of_cable(units):
    cables = layer(*(line(y) for y in (10, 20, 30, 40)), type=["transport", "distribution", "raccordement", None])
    found = ANALYSIS(units, layers={"corridor": CORRIDOR, "cable": cables}).values.loc["A"]
    kinds = [f"crossing_{kind}_m" for kind in ("transport", "distribution", "drop", "other")]
    assert found[kinds].tolist() == pytest.approx([200] * 4)
    assert found["crossing_cable_m"] == pytest.approx(800)


def test_planned_cables_and_sites(units):
    cables = layer(line(10), line(20), etat=["projet", "en service"])
    sites = layer(Point(250, 5), Point(260, 5), Point(900, 5), etat=["projet", "en service", "projet"])
    found = ANALYSIS(units, layers={"corridor": CORRIDOR, "cable": cables, "site_mobile": sites}).values.loc["A"]
    assert found["crossing_planned_m"] == pytest.approx(200)
    assert found["crossing_planned_site_count"] == 1


def test_without_a_state_what_is_planned_is_unknown(units):
    given = {"corridor": CORRIDOR, "cable": layer(line(10)), "site_mobile": layer(Point(250, 5))}
    found = ANALYSIS(units, layers=given)
    assert found.values.loc["A", ["crossing_planned_m", "crossing_planned_site_count"]].isna().all()
    assert found.values.loc["B", ["crossing_planned_m", "crossing_planned_site_count"]].tolist() == [0, 0]


def test_a_unit_without_cable_has_no_share(units):
    found = ANALYSIS(units, layers={"corridor": CORRIDOR, "cable": layer(line(10))}).values
    assert found["crossing_cable_share"].isna().tolist() == [True, False, True]
    assert found.loc["B", "crossing_cable_m"] == 0


def test_a_space_and_a_network_are_needed():
    assert ANALYSIS.missing({}) == ("corridor|espace_protege|prescription_surf", "cable|site_mobile")
