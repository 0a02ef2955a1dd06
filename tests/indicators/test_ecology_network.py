"""Masts and cables in the ecological network, on shapes one can draw."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.ecology_network import ANALYSIS


def measure(units, **layers):
    return ANALYSIS(units, layers=layers)


@pytest.fixture
def corridor():
    """x 600-1200 in two polygons that overlap: 40 ha in A, 20 ha in B."""
    return layer(box(600, 0, 1000, 1000), box(800, 0, 1200, 1000), type_continuite=["corridor", "reservoir"])


def test_counts_lengths_and_densities_by_hand(units, corridor):
    sites = layer(Point(700, 500), Point(900, 500), Point(300, 500), Point(1100, 500))
    cable = layer(LineString([(0, 500), (2000, 500)]))
    found = measure(units, corridor=corridor, site_mobile=sites, cable=cable).values.filter(like="corridor")
    assert found.loc["A"].tolist() == pytest.approx([40, 2, 5, 400, 1000])
    assert found.loc["B"].tolist() == pytest.approx([20, 1, 5, 200, 1000])
    assert found.loc["Z"].iloc[[0, 1, 3]].tolist() == [0, 0, 0]
    assert found.loc["Z"].iloc[[2, 4]].isna().all()


def test_a_layer_that_is_absent_is_unknown(units, corridor):
    found = measure(units, corridor=corridor, site_mobile=layer(Point(700, 500)))
    assert found.values.filter(like="protected").isna().all(axis=None)
    assert found.values.filter(like="cable").isna().all(axis=None)
    assert found.known_share.loc["A", "corridor_site_count"] == 1


def test_protected_areas_are_measured_alike(units):
    areas = layer(box(0, 0, 500, 1000), type_protection=["APB"])
    found = measure(units, espace_protege=areas, site_mobile=layer(Point(100, 100))).values
    assert found.loc["A", ["protected_area_ha", "protected_site_count", "protected_site_density"]].tolist() == [
        50,
        1,
        2,
    ]


def test_the_map_tells_what_each_space_holds(units):
    areas = layer(box(0, 0, 100, 100), box(200, 0, 300, 100), box(400, 0, 500, 100), type_protection=["APB"] * 3)
    cable = layer(LineString([(0, 50), (300, 50)]))
    found = measure(units, espace_protege=areas, site_mobile=layer(Point(50, 50)), cable=cable).map
    assert found["classe"].tolist() == ["site", "cable", "libre"]
    assert found["espace"].unique().tolist() == ["espace_protege"]


def test_both_a_space_and_a_network_are_needed():
    assert ANALYSIS.missing({"corridor": 1}) == ("site_mobile|cable",)
    assert ANALYSIS.missing({"cable": 1}) == ("corridor|espace_protege",)
    assert ANALYSIS.missing({"espace_protege": 1, "site_mobile": 1}) == ()


def test_a_cable_given_up_is_no_longer_there(units):
    spaces = layer(box(0, 0, 500, 1000), type_continuite=["corridor"])
    cables = layer(*(LineString([(0, y), (1000, y)]) for y in (100, 200, 300)), etat=["Abandonné", "en service", None])
    found = ANALYSIS(units, layers={"corridor": spaces, "cable": cables})
    assert found.values.loc["A", "corridor_cable_m"] == 1000
