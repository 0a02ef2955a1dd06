"""Layers one can draw, the real ones where they are there, and an engine to judge ours."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from oracles.duckdb_spatial import connect
from overlay.drawing import CRS, layer
from territoire_sig.overlay import repair

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def duck():
    """A connection to DuckDB spatial, closed after the test."""
    with connect() as connection:
        yield connection


@pytest.fixture
def zones():
    """Two squares of 10 m side by side: U on the left, N on the right."""
    return layer(box(0, 0, 10, 10), box(10, 0, 20, 10), index=["U", "N"])


@pytest.fixture
def cover():
    """Two strips that overlap: x from 4 to 8 (A), x from 6 to 15 (B)."""
    return layer(box(4, 0, 8, 10), box(6, 0, 15, 10), index=["a", "b"], kind=["A", "B"])


def real(path, **options):
    """Return a real layer in Lambert-93, repaired; skip the test where the data are not there."""
    if not DATA.exists():
        pytest.skip("the shared real data are not there (../shared/data)")
    file = DATA / path
    name = f"zip://{file}" if file.suffix == ".zip" else file
    return repair(gpd.read_file(name, **options).to_crs(CRS)).frame


@pytest.fixture(scope="session")
def est_ensemble():
    """The zoning of Est Ensemble, and the communes of its department."""
    return real("urbanism/est_ensemble_200057875_plui.zip"), real("admin/communes-93-seine-saint-denis.geojson")


@pytest.fixture(scope="session")
def seyssinet():
    """The hazard zones of Seyssinet, and the communes of its department."""
    folder = "risk/pprn_38DDT20010005_seyssinet"
    hazard = real(f"{folder}/N_ZONE_ALEA_PPRN_20010005_S_038.shp")
    return hazard, real("admin/communes-38-isere.geojson")
