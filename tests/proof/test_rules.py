"""Every rule of the standard rulebook, told again in SQL and compared with the findings of the diagnosis."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from proof.rules_in_sql import MEASURES, expected, roles, rulebook
from proof.subjects import MARKS, SAMPLES, database, diagnosis, named, prepared

SIZE = {"polygon": "surface_m2", "line": "longueur_m"}
GRENOBLE = (
    "arret_en_alea_hors_couverture",
    "arret_hors_couverture",
    "cyclable_hors_couverture",
    "ligne_hors_couverture",
    "mediation_loin_des_transports",
    "mediation_pres_des_transports",
    "population_exposee_hors_alerte",
    "site_mobile_en_alea_fort",
    "voirie_hors_couverture",
)
EST_ENSEMBLE = ("zone_a_urbaniser_fibree", "zone_a_urbaniser_sans_fibre", "zone_urbaine_fibre_faible")
ANSWERED = {**{name: tuple(rulebook()) for name in SAMPLES}, "est_ensemble": EST_ENSEMBLE, "grenoble": GRENOBLE}


@cache
def by_duckdb(territory: str, rule: str) -> pd.DataFrame:
    return _sorted(expected(database(territory), rulebook()[rule]))


@cache
def by_us(territory: str, rule: str) -> pd.DataFrame:
    findings = diagnosis(territory).findings
    table = pd.DataFrame(findings.loc[findings["regle"] == rule, ["code_unite", *MEASURES]])
    return _sorted(table.astype(dict.fromkeys(MEASURES, float)))


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    rounded = table.assign(**{name: table[name].astype(float).round(3) for name in MEASURES})
    order = rounded.sort_values(["code_unite", *MEASURES], kind="stable").index
    return table.loc[order].reset_index(drop=True)


@pytest.mark.parametrize(
    ("territory", "rule", "measure"),
    [
        named(territory, rule, measure)
        for territory, rules in ANSWERED.items()
        for rule in rules
        for measure in ("code_unite", *MEASURES)
    ],
)
def test_findings(territory, rule, measure):
    ours, theirs = by_us(territory, rule)[measure], by_duckdb(territory, rule)[measure]
    if measure == "code_unite":
        assert ours.tolist() == theirs.tolist()
    elif measure in ("nombre", "gravite", "locaux"):
        assert ours.tolist() == pytest.approx(theirs.tolist(), rel=0, abs=0, nan_ok=True)
    else:
        assert ours.tolist() == pytest.approx(theirs.astype(float).tolist(), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("territory", [pytest.param(name, id=name, marks=MARKS.get(name, ())) for name in ANSWERED])
def test_answered_are_the_rules_whose_layers_are_there(territory):
    there = prepared(territory).ground.layers
    assert set(ANSWERED[territory]) == {name for name, rule in rulebook().items() if set(roles(rule)) <= set(there)}
    assert set(diagnosis(territory).findings["regle"]) <= set(ANSWERED[territory])
