"""Network assets in hazard zones and those who depend on them, on shapes one can draw."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.hazard_network_assets import ANALYSIS

LEVELS = ["faible", "moyen", "fort", "tres_fort", "indetermine"]


@pytest.fixture
def alea():
    """In A, strips of 200 m: fort over moyen (they overlap on 100-200), faible, undetermined, nil."""
    shapes = [box(0, 0, 200, 1000), box(100, 0, 400, 1000), box(400, 0, 600, 1000), box(600, 0, 800, 1000)]
    shapes.append(box(800, 0, 1000, 1000))
    return layer(*shapes, niveau=["fort", "moyen", "faible", "indetermine", "nul"], typealea=["11"] * 5)


@pytest.fixture
def population():
    """1,000 inhabitants in A and 500 in B, evenly spread."""
    return layer(box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), habitants=[1000.0, 500.0])


def measure(units, alea, **layers):
    parameters = {name: layers.pop(name) for name in ("niveau_min", "rayon_m") if name in layers}
    return ANALYSIS(units, layers={"alea": alea, **layers}, **parameters)


def row(found, asset, unit="A"):
    return found.values.loc[unit, [f"hazard_{asset}_{level}" for level in LEVELS]].tolist()


def test_sites_and_cables_by_level_the_worst_first(units, alea):
    sites = layer(*(Point(x, 500) for x in (50, 150, 300, 500, 700, 900, 1500)))
    cable = layer(LineString([(0, 500), (1500, 500)]), LineString([(150, 0), (150, 1000)]))
    found = measure(units, alea, site_mobile=sites, cable=cable)
    assert row(found, "site_count") == [1, 1, 2, 0, 1]
    assert row(found, "cable_m") == pytest.approx([200, 200, 200 + 1000, 0, 200])
    assert np.isnan(row(found, "nro_count")).all()


def test_nodes_are_told_apart_by_rank(units, alea):
    nodes = layer(*[Point(50, 50)] * 4, code=["n", "s", "t", "p"], niveau=["NRO", "SRO", "SRO", "PBO"])
    found = measure(units, alea, noeud_optique=nodes)
    assert row(found, "nro_count") == [0, 0, 1, 0, 0]
    assert row(found, "sro_count") == [0, 0, 2, 0, 0]
    assert found.map["ouvrage"].value_counts().to_dict() == {"sro": 2, "nro": 1}
    assert set(found.map["classe"]) == {"fort"}


def test_where_hazard_was_not_studied_nothing_is_said(units, alea):
    sites = layer(Point(50, 50), Point(1500, 500))
    assert np.isnan(row(measure(units, alea, site_mobile=sites), "site_count", "B")).all()
    perimeter = layer(box(0, 0, 1500, 1000))
    found = measure(units, alea, site_mobile=sites, perimetre_risque=perimeter)
    assert row(found, "site_count", "B") == [0] * 5
    assert found.known_share.loc[["A", "B", "Z"], "hazard_site_count_fort"].tolist() == pytest.approx([0.8, 0.5, 0])
    assert found.known_share.loc["A", "hazard_site_count_indetermine"] == 1


def test_dependents_live_in_the_service_area_of_an_exposed_node(units, alea, population):
    nodes = layer(Point(50, 50), Point(500, 50), Point(1500, 50), code=["a", "b", "c"], niveau=["SRO"] * 3)
    zones = layer(box(500, 0, 1200, 1000), box(0, 0, 100, 1000), code=["za", "zb"], noeud=["a", "b"])
    perimeter = layer(box(0, 0, 2000, 1000))
    given = {"noeud_optique": nodes, "zone_sro": zones, "population": population, "perimetre_risque": perimeter}
    found = measure(units, alea, **given)
    assert found.values.loc[["A", "B"], "hazard_node_dependents"].tolist() == pytest.approx([500, 100])
    lower = measure(units, alea, niveau_min=1, **given)
    assert lower.values.loc["A", "hazard_node_dependents"] == pytest.approx(600)


def test_a_node_without_area_and_a_site_count_those_around_once(units, alea, population):
    nodes = layer(Point(100, 500), code=["a"], niveau=["NRO"])
    sites = layer(Point(100, 500), Point(100, 500), Point(1500, 500))
    found = measure(units, alea, noeud_optique=nodes, site_mobile=sites, population=population, rayon_m=100)
    disc = Point(100, 500).buffer(100, quad_segs=32).area / 1000
    assert disc == pytest.approx(np.pi * 10, rel=1e-3)
    for name in ("site", "node", "network"):
        assert found.values.loc["A", f"hazard_{name}_dependents"] == pytest.approx(disc)
    assert np.isnan(found.values.loc["B", "hazard_network_dependents"])


@pytest.mark.parametrize("more", [{}, {"noeud": [None]}])
def test_a_zone_of_code_alone_serves_too(units, alea, population, more):
    nodes = layer(Point(50, 50), code=["a"], niveau=["NRO"])
    zones = layer(box(0, 0, 1000, 250), code=["a"], **more)
    found = measure(units, alea, noeud_optique=nodes, zone_nro=zones, population=population)
    assert found.values.loc["A", "hazard_node_dependents"] == pytest.approx(250)


def test_no_exposed_asset_is_nobody_where_all_is_known(units, alea, population):
    sites = layer(Point(900, 500))
    found = measure(units, alea, site_mobile=sites, population=population)
    assert found.values.loc["A", "hazard_site_dependents"] == 0
    assert np.isnan(found.values.loc["A", "hazard_node_dependents"])
    assert isinstance(found.map, gpd.GeoDataFrame)
    assert found.map.empty


def test_nodes_and_cables_given_up_are_exposed_no_more(units, alea):
    nodes = layer(*[Point(100, 500)] * 2, code=["n1", "n2"], niveau=["NRO"] * 2, etat=["abandonné", None])
    cables = layer(*[LineString([(0, 500), (100, 500)])] * 2, etat=["abandonné", "en service"])
    found = measure(units, alea, noeud_optique=nodes, cable=cables)
    assert sum(row(found, "nro_count", "A")) == 1
    assert sum(row(found, "cable_m", "A")) == 100


def test_those_served_from_where_hazard_was_not_studied_are_unknown(units, alea, population):
    """A is studied; its NRO stands in B, which is not: nobody can say that A depends on no exposed node."""
    nodes = layer(Point(1500, 500), code=["n"], niveau=["NRO"])
    zones = layer(box(0, 0, 2000, 1000), code=["n"])
    given = {"noeud_optique": nodes, "zone_nro": zones, "population": population}
    perimeter = layer(box(0, 0, 1000, 1000))
    found = measure(units, alea, perimetre_risque=perimeter, **given)
    assert np.isnan(found.values.loc["A", "hazard_node_dependents"])
    assert found.known_share.loc["A", "hazard_node_dependents"] == 0
    wide = measure(units, alea, perimetre_risque=layer(box(0, 0, 2000, 1000)), **given)
    assert wide.values.loc["A", "hazard_node_dependents"] == 0
    assert wide.known_share.loc["A", "hazard_node_dependents"] == pytest.approx(0.8)


@pytest.mark.parametrize("state", ["projet", "abandonné"])
def test_a_site_that_does_not_serve_is_not_counted(units, alea, population, state):
    sites = layer(Point(50, 500), Point(60, 500), etat=[state, "en service"])
    found = measure(units, alea, site_mobile=sites, population=population)
    assert sum(row(found, "site_count")) == 1
    none = measure(units, alea, site_mobile=sites.assign(etat=[state] * 2), population=population)
    assert none.values.loc["A", "hazard_site_dependents"] == 0
