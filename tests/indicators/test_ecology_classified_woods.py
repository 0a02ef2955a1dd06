"""Masts and cables in classified woods, on shapes one can draw."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.ecology_classified_woods import ANALYSIS

#: x 600-1400: 40 ha in A, 40 ha in B, drawn in two pieces that overlap; and another prescription.
WOODS = layer(
    box(600, 0, 1100, 1000), box(900, 0, 1400, 1000), box(0, 0, 500, 1000), typepsc=["01", "01", "47"]
)  # fmt: skip


def measure(units, **layers):
    return ANALYSIS(units, layers={"prescription_surf": WOODS, **layers})


def test_sites_and_cables_by_hand(units):
    sites = layer(
        Point(700, 5), Point(950, 5), Point(100, 5), Point(1200, 5), etat=["projet", "en service", None, None]
    )
    cables = layer(
        LineString([(0, 500), (2000, 500)]), LineString([(0, 600), (800, 600)]), etat=["en service", "projet"]
    )
    found = measure(units, site_mobile=sites, cable=cables)
    assert found.values.loc["A"].tolist() == [40, 2, 1, 600, 200]
    assert found.values.loc["B"].fillna(-1).tolist() == [40, 1, -1, 400, 0]
    assert found.values.loc["Z"].tolist() == [0, 0, 0, 0, 0]
    assert found.known_share.loc[["A", "B", "Z"], "wood_planned_site_count"].tolist() == [1, 0, 1]


def test_what_is_planned_is_unknown_without_a_state(units):
    found = measure(units, cable=layer(LineString([(0, 500), (1000, 500)])))
    assert found.values.loc["A", "wood_cable_m"] == 400
    assert found.values.loc["A"].isna().tolist() == [False, True, True, False, True]


def test_half_of_the_metres_have_a_state(units):
    cables = layer(*(LineString([(600, y), (700, y)]) for y in (10, 20)), etat=["projet", None])
    found = measure(units, cable=cables)
    assert found.values.loc["A", "wood_planned_cable_m"] == pytest.approx(100)
    assert found.known_share.loc["A", "wood_planned_cable_m"] == pytest.approx(0.5)


def test_a_plan_without_woods_has_none(units):
    found = ANALYSIS(
        units, layers={"prescription_surf": layer(box(0, 0, 9, 9), typepsc=["47"]), "site_mobile": layer(Point(5, 5))}
    )
    assert found.values.loc["A", ["wood_area_ha", "wood_site_count"]].tolist() == [0, 0]


def test_a_cable_given_up_is_no_longer_there(units):
    found = measure(units, cable=layer(LineString([(0, 500), (1000, 500)]), etat=["abandonné"]))
    assert found.values.loc["A", "wood_cable_m"] == 0


def test_something_must_be_laid():
    assert ANALYSIS.missing({"prescription_surf": WOODS}) == ("site_mobile|cable",)
