"""Digital access, risk and dependants on real data: Est Ensemble, Grenoble, the GraceTHD sample delivery."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

from oracles.duckdb_spatial import connect, register_table
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.indicators import declared
from territoire_sig.io.formats.gracethd import read_gracethd
from territoire_sig.io.reader import Source

pytestmark = pytest.mark.real

OPERATORS = ["Bouygues Telecom", "Free Mobile", "Orange", "SFR"]


@pytest.fixture(scope="module")
def est(est_ensemble):
    """The layers of Est Ensemble as analyses read them, and the same in a database."""
    return prepare(est_ensemble)


@pytest.fixture(scope="module")
def isere(grenoble):
    return prepare(grenoble)


def measure(prepared, identifier, **parameters):
    return declared()[identifier](prepared.ground.units, layers=prepared.inputs, **parameters)


def by_duckdb(prepared, test, radius_m):
    """Return the share of each unit within a distance of the sites that meet a test."""
    connection = connect()
    register_table(connection, "units", prepared.ground.units)
    register_table(connection, "sites", prepared.ground.layers["site_mobile"])
    return connection.execute(f"""
        WITH reach AS (SELECT ST_Union_Agg(ST_Buffer(geom, {radius_m}, 32)) AS geom FROM sites WHERE {test})
        SELECT ST_Area(ST_Intersection(u.geom, r.geom)) / ST_Area(u.geom) FROM units u, reach r ORDER BY u.id
    """).df()


def test_est_ensemble_by_technology(est):
    found = measure(est, "mobile_area_coverage")
    for generation in (2, 3, 4):
        expected = by_duckdb(est, f"site_{generation}g", 300).iloc[:, 0]
        output = f"mobile_area_{generation}g_share"
        assert found.values[output].tolist() == pytest.approx(expected.tolist(), rel=1e-8)
        assert (found.known_share[output] == 1).all()
    assert found.values["mobile_area_5g_share"].isna().all(), "the table of 2018 says nothing of 5G"


def test_est_ensemble_by_operator(est):
    table = measure(est, "mobile_area_coverage").tables["mobile_area_by_operator"].set_index(["operateur", "techno"])
    assert sorted(set(table.index.get_level_values(0))) == OPERATORS
    assert ("Free Mobile", "2G") not in table.index, "Free has no 2G of its own"
    expected = by_duckdb(est, "site_4g AND operateur = 'SFR'", 300).iloc[:, 0] * est.ground.units.area.to_numpy()
    assert table.loc[("SFR", "4G"), "covered_amount"] == pytest.approx(expected.sum(), rel=1e-8)


def test_est_ensemble_without_people_or_buildings_is_not_answered(est):
    for identifier, lacking in (
        ("mobile_population_coverage", "population"),
        ("mobile_premises_coverage", "immeuble"),
        ("fibre_announced_open", "immeuble"),
    ):
        assert lacking in declared()[identifier].missing(est.inputs)


@pytest.mark.slow
def test_grenoble_networks_hold_their_known_lengths(isere):
    cycle = isere.inputs["cyclable"]
    layers = isere.inputs | {"cyclable": cycle[cycle["etat"] == "projet"]}
    found = declared()["mobile_network_coverage"](isere.ground.units, layers=layers)
    rows = found.tables["mobile_network_lengths"].set_index(["reseau", "techno"])
    assert rows.loc[("cyclable", "4G"), "length_km"] == pytest.approx(822, abs=0.5)
    assert (rows["covered_km"] <= rows["length_km"] * (1 + 1e-12)).all()
    assert rows.loc[("voirie", "4G"), "covered_km"] <= rows.loc[("voirie", "3G"), "covered_km"]


@pytest.mark.slow
def test_grenoble_mean_of_operators_is_the_sum_of_their_shares(isere):
    """Inhabitants are spread evenly in each commune: an operator's share of area is its share of people."""
    found = measure(isere, "mobile_operator_choice").values["operator_choice_mean"]
    total = sum(by_duckdb(isere, f"site_4g AND operateur = '{name}'", 1500).iloc[:, 0].fillna(0) for name in OPERATORS)
    assert found.tolist() == pytest.approx(total.tolist(), rel=1e-7, abs=1e-9)


@pytest.mark.slow
def test_grenoble_people_in_hazard_are_those_of_the_alert(isere):
    """Two analyses count the same people: by level from medium up, and by one union of these levels."""
    levels = measure(isere, "hazard_population_levels").values
    exposed = levels[[f"hazard_inhabitants_{level}" for level in ("moyen", "fort", "tres_fort")]].sum(
        axis=1, skipna=False
    )
    alert = measure(isere, "hazard_population_alert").values["hazard_inhabitants"]
    assert exposed.tolist() == pytest.approx(alert.tolist(), rel=1e-8, abs=1e-6, nan_ok=True)
    assert exposed.sum() > 1000
    heard = measure(isere, "hazard_alert_resilience").values
    reached = heard["alert_reached_inhabitants"]
    assert (reached <= exposed + 1e-6)[reached.notna()].all()
    sure = heard["alert_resilient_inhabitants"].notna()
    assert (heard["alert_resilient_inhabitants"] <= reached + 1e-6)[sure].all()


@pytest.fixture(scope="module")
def gracethd(shared_data):
    """The layers of the GraceTHD sample delivery, by role."""
    layers = read_gracethd(Source(shared_data / "digital" / "gracethd_v2_sample_shpcsv"))
    return {layer.role: layer.frame for layer in layers}


def dependants(gracethd, code):
    """Return who is behind one node: 1,000 people spread over the NRO area, and a drawn hazard about the node."""
    area = gracethd["zone_nro"].geometry.iloc[0]
    crs = gracethd["zone_nro"].crs
    nodes = gracethd["noeud_optique"]
    here = nodes.loc[nodes["code"] == code].geometry.iloc[0]
    hazard = gpd.GeoDataFrame({"niveau": ["fort"], "typealea": ["11"]}, geometry=[here.buffer(1)], crs=crs)
    layers = gracethd | {
        "alea": hazard,
        "perimetre_risque": gpd.GeoDataFrame(geometry=[box(*nodes.total_bounds).buffer(100)], crs=crs),
        "population": gpd.GeoDataFrame({"habitants": [1000.0]}, geometry=[area], crs=crs),
    }
    units = gpd.GeoDataFrame(geometry=[area], index=["NRO"], crs=crs)
    kept = {role: layers[role] for role in layers if role != "cable"}
    return declared()["hazard_node_dependants"](units, layers=kept)


@pytest.mark.parametrize(
    ("code", "behind", "zones"),
    [("ND000180030001", "zone_nro", 5), ("ND200180030502", "zone_sro", 4), ("ND000180030064", "zone_pbo", 1)],
)
def test_the_tree_of_the_gracethd_sample(gracethd, code, behind, zones):
    found = dependants(gracethd, code)
    assert [whole.value for whole in found.overall.values()] == [0, 0, 0]
    [row] = found.tables["exposed_nodes"].itertuples()
    assert (row.code, row.zones) == (code, zones)
    area = gracethd[behind]
    served = area if behind != "zone_pbo" else area[area["noeud"] == code]
    nro = gracethd["zone_nro"].geometry.iloc[0]
    shape = served.geometry.iloc[0].union(gracethd["zone_pbo"].union_all()) if zones == 4 else served.geometry.iloc[0]
    expected = 1000 * shape.intersection(nro).area / nro.area
    assert row.inhabitants == pytest.approx(expected, rel=1e-8)
    assert found.values.loc["NRO", "exposed_node_inhabitants"] == pytest.approx(expected, rel=1e-8)
    assert found.known_share.loc["NRO", "exposed_node_inhabitants"] == pytest.approx(1)
