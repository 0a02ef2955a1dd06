"""A rule and the indicator of the same quantity tell the same number, unit by unit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from consistency.drawing import ground
from territoire_sig.coherence.engine import judge
from territoire_sig.coherence.rule import Threshold
from territoire_sig.coherence.rulebook import standard_rules
from territoire_sig.indicators import declared

SEEDS = range(10)
RULES = {rule.id: rule for rule in standard_rules()}


@cache
def drawn(seed):
    return ground(seed)


@cache
def indicators(seed, analysis, **parameters):
    wanted = declared()[analysis]
    given = {need.role: drawn(seed).layers[need.role] for need in wanted.inputs if need.role in drawn(seed).layers}
    return wanted(drawn(seed).units, layers=given, **parameters).values


def found(seed, rule, measure):
    """Return what a rule finds in each unit, whatever its threshold; 0 where it finds nothing."""
    whole = RULES[rule].model_copy(update={"seuil": Threshold(nombre=0), "seuil_grave": None})
    if measure == "surface_m2":
        whole = whole.model_copy(update={"lieu": "unite"})
    judged = judge(whole, drawn(seed))
    assert judged.unknown_column is None
    sums = judged.findings.groupby("code_unite")[measure].agg(lambda values: values.astype(float).sum(skipna=False))
    return sums.reindex(drawn(seed).units.index, fill_value=0.0)


def same(rule, indicator):
    assert rule.tolist() == pytest.approx(indicator.to_numpy(dtype=float).tolist(), rel=1e-9, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_out_of_alert_reach(seed):
    told = indicators(seed, "hazard_population_alert")["hazard_unreached_inhabitants"]
    same(found(seed, "population_exposee_hors_alerte", "habitants"), told)


def test_the_drawings_try_both_known_and_secret_people():
    told = [indicators(seed, "hazard_population_alert")["hazard_unreached_inhabitants"] for seed in SEEDS]
    assert any(np.isnan(one).any() for one in told)
    assert sum((one > 1).sum() for one in told) > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_stops_and_kilometres_out_of_reach(seed):
    told = indicators(seed, "mobility_mobile_coverage")
    same(found(seed, "arret_hors_couverture", "nombre"), told["stop_uncovered_count"])
    for rule, name in (("ligne", "line"), ("voirie", "road"), ("cyclable", "cycle")):
        same(found(seed, f"{rule}_hors_couverture", "longueur_m"), told[f"{name}_uncovered_km"] * 1000)


@pytest.mark.parametrize("seed", SEEDS)
def test_areas_under_a_clause_that_is_not_met(seed):
    told = indicators(seed, "plu_digital_clauses")
    for rule, clause in (
        ("secteur_numerique_non_tenu", "quality_clause_fibre"),
        ("desserte_numerique_hors_mobile", "service_clause_mobile"),
    ):
        area = told[f"{clause.rpartition('_')[0]}_ha"] * 10_000
        lacking = (area * (1 - told[f"{clause}_share"])).where(area > 0, 0.0)
        same(found(seed, rule, "surface_m2"), lacking)


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_to_build_that_are_not_ready(seed):
    told = indicators(seed, "zoning_fixed_coverage")
    same(found(seed, "zone_a_urbaniser_sans_fibre", "surface_m2"), told["auc_not_ready_ha"] * 10_000)


@pytest.mark.parametrize("seed", SEEDS)
def test_sites_and_cables_in_natural_spaces(seed):
    told = indicators(seed, "ecology_network")
    same(found(seed, "site_mobile_en_corridor", "nombre"), told["corridor_site_count"])
    same(found(seed, "site_mobile_en_espace_protege", "nombre"), told["protected_site_count"])
    same(found(seed, "cable_en_reservoir", "longueur_m"), told["corridor_cable_m"])


@pytest.mark.parametrize("seed", SEEDS)
def test_sites_nodes_and_cables_by_hazard_level(seed):
    told = indicators(seed, "hazard_network_assets")

    def from_level(asset, *levels):
        return told[[f"hazard_{asset}_{level}" for level in levels]].sum(axis="columns", skipna=False)

    high = ("fort", "tres_fort")
    nodes = from_level("nro_count", "moyen", *high) + from_level("sro_count", "moyen", *high)
    same(found(seed, "site_mobile_en_alea_fort", "nombre"), from_level("site_count", *high))
    same(found(seed, "noeud_optique_en_alea", "nombre"), nodes)
    same(found(seed, "cable_en_alea_fort", "longueur_m"), from_level("cable_m", *high))


@pytest.mark.parametrize("seed", SEEDS)
def test_schools_without_fibre(seed):
    told = indicators(seed, "school_fibre", taux_pret=0.5)
    lacking = told["school_count"] - told["school_ready_count"]
    same(found(seed, "etablissement_scolaire_sans_fibre", "nombre"), lacking)


@pytest.mark.parametrize("seed", SEEDS)
def test_fragile_people_far_from_mediation(seed):
    told = indicators(seed, "mediation_transit_fragility", rayon_mediation_m=1500.0)
    far = told["fragile_inhabitants"] - told["mediation_near_fragile_inhabitants"]
    ours = found(seed, "population_fragile_sans_mediation", "habitants")
    same(ours.where(far.notna() & ours.notna()), far.where(far.notna() & ours.notna()))
    assert (far.notna() <= ours.notna()).all()
