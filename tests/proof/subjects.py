"""What is proved: the fictional territories and the real ones, read, prepared and diagnosed once a session."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import geopandas as gpd
import pytest

import territoire_sig as ts
from oracles.duckdb_spatial import connect, register_table
from territoire_sig.diagnosis.ground import Prepared, prepare

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data"
TERRITORIES = {
    "sample_2025": ROOT / "data" / "sample" / "territoire.toml",
    "sample_2023": ROOT / "data" / "sample" / "territoire_2023.toml",
    "est_ensemble": ROOT / "tests" / "real" / "est_ensemble.toml",
    "grenoble": ROOT / "tests" / "real" / "grenoble.toml",
}
SAMPLES = ("sample_2025", "sample_2023")
MARKS = {
    "est_ensemble": (pytest.mark.real,),
    "grenoble": (pytest.mark.real, pytest.mark.slow),
}


def named(territory: str, *rest: str) -> object:
    """Return a parameter of a test named after what it proves, with the marks of its territory."""
    return pytest.param(territory, *rest, id="-".join((territory, *rest)), marks=MARKS.get(territory, ()))


@cache
def territory(name: str) -> ts.Territory:
    if name not in SAMPLES and not REAL.is_dir():
        pytest.skip("real open data absent (../shared/data)")
    return ts.read_territory(TERRITORIES[name])


@cache
def prepared(name: str) -> Prepared:
    return prepare(territory(name))


@cache
def diagnosis(name: str) -> ts.Diagnosis:
    return ts.diagnose(territory(name))


@cache
def database(name: str) -> duckdb.DuckDBPyConnection:
    """Return the database of a territory: table ``units``, and one table a role, as measures read them."""
    connection = connect()
    register_table(connection, "units", prepared(name).ground.units)
    connection.execute("CREATE TABLE perimeter AS SELECT ST_Union_Agg(geom) AS geom FROM units")
    for role, layer in prepared(name).inputs.items():
        if isinstance(layer, gpd.GeoDataFrame):
            register_table(connection, role, layer)
    return connection
