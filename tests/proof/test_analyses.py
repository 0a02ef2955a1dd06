"""Every output of every analysis, told again in SQL from its declared formula and compared by unit."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from proof.analyses_in_sql import ANALYSES, told
from proof.subjects import SAMPLES, database, diagnosis, named
from territoire_sig.indicators import declared

ANSWERED = {
    **{name: tuple(declared()) for name in SAMPLES},
    "est_ensemble": ("zoning_fixed_coverage",),
    "grenoble": (
        "hazard_network_assets",
        "hazard_population_alert",
        "mediation_transit_fragility",
        "mobility_mobile_coverage",
    ),
}


@cache
def by_duckdb(territory: str, analysis: str):
    return told(database(territory), analysis)


def by_us(territory: str, output: str) -> pd.DataFrame:
    table = diagnosis(territory).indicators
    return table[table["indicateur"] == output].set_index("code_unite")[["valeur", "part_connue"]]


@pytest.mark.parametrize(
    ("territory", "analysis", "output"),
    [
        named(territory, analysis, output.name)
        for territory, analyses in ANSWERED.items()
        for analysis in analyses
        for output in declared()[analysis].outputs
    ],
)
def test_outputs(territory, analysis, output):
    ours = by_us(territory, output)
    value, share = by_duckdb(territory, analysis)[output]
    assert ours.index.tolist() == value.index.tolist()
    assert ours["valeur"].tolist() == pytest.approx(value.tolist(), rel=1e-9, abs=1e-9, nan_ok=True)
    assert ours["part_connue"].tolist() == pytest.approx(share.tolist(), rel=1e-9, abs=1e-12)


def test_every_analysis_is_told_again():
    assert set(ANALYSES) == set(declared())


@pytest.mark.parametrize("territory", [named(name) for name in ANSWERED])
def test_answered_are_those_told(territory):
    assert {analysis.id for analysis in diagnosis(territory).analyses} == set(ANSWERED[territory])
