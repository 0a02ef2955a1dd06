"""Small drawable files, and one way to admit them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from territoire_sig.io.door import Admitted, admit
from territoire_sig.io.reader import RawLayer, Source


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    """Two squares of one hectare, side by side, in Lambert-93."""
    return gpd.GeoDataFrame(
        {"TYPEZONE": ["U", "N"], "LIBELLE": ["UA", "forêt"]},
        geometry=[box(900_000, 6_450_000, 900_100, 6_450_100), box(900_100, 6_450_000, 900_200, 6_450_100)],
        crs="EPSG:2154",
    )


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file and return its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def admitted(tmp_path: Path) -> Callable[..., Admitted]:
    """Admit a frame as a role, as if it came from a file."""

    def through(frame: gpd.GeoDataFrame | pd.DataFrame, role: str, **source: object) -> Admitted:
        path = tmp_path / "couche.gpkg"
        path.touch()
        known = source.pop("crs_known", None)
        raw = RawLayer(role, frame, "couche", len(frame), crs_known=known)
        return admit(raw, Source(path, role=role, **source), crs="EPSG:2154", format="vecteur", file="couche.gpkg")

    return through
