"""Every output of every analysis, told again in SQL from its declared formula and compared by unit."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from proof.analyses_in_sql import ANALYSES, told
from proof.subjects import SAMPLES, database, diagnosis, named
from territoire_sig.indicators import declared

ANSWERED = {
    **{name: tuple(ANALYSES) for name in SAMPLES},
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


def test_every_analysis_is_proved():
    """By SQL, or by another independent source, in the modules of ``proof/families``, which say what they prove."""
    folder = Path(__file__).parent / "families"
    modules = [import_module(f"proof.families.{path.stem}") for path in folder.glob("test_*.py")]
    proved = [identifier for module in modules for identifier in module.PROVES]
    assert sorted(proved + list(ANALYSES)) == sorted(declared())


@pytest.mark.parametrize("territory", [named(name) for name in ANSWERED])
def test_answered_are_those_told(territory):
    answered = {analysis.id for analysis in diagnosis(territory).analyses}
    assert answered & set(ANALYSES) == set(ANSWERED[territory])
