"""Compares two files: bytes first; then what they hold, where a version of GDAL, SQLite or zlib writes otherwise."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio

_DRAWN = {".shp", ".gpkg", ".dbf"}
_BESIDE_SHAPEFILE = {".shx", ".cpg"}


def differences(made: Path, committed: Path) -> list[str]:
    """Return what tells `made` from `committed`; an empty list when they hold the same."""
    if made.read_bytes() == committed.read_bytes():
        return []
    suffix = made.suffix.lower()
    if suffix in _DRAWN:
        return _layers(made, committed)
    if suffix == ".tif":
        return _rasters(made, committed)
    if suffix == ".zip":
        return _archives(made, committed)
    if suffix in _BESIDE_SHAPEFILE:
        return _layers(made.with_suffix(".shp"), committed.with_suffix(".shp"))
    return [f"{made.name} : octets différents"]


def _layers(made: Path, committed: Path) -> list[str]:
    names = [list(map(str, pyogrio.list_layers(file)[:, 0])) for file in (made, committed)]
    if names[0] != names[1]:
        return [f"{made.name} : couches {names}"]
    return [line for name in names[0] for line in _frames(made, committed, name)]


def _frames(made: Path, committed: Path, name: str) -> list[str]:
    one, two = (pyogrio.read_dataframe(file, layer=name, encoding=_encoding(file)) for file in (made, committed))
    if list(one.columns) != list(two.columns) or len(one) != len(two):
        return [f"{made.name}, {name} : colonnes ou nombre d'entités"]
    if isinstance(one, gpd.GeoDataFrame):
        pairs = zip(one.geometry.normalize(), two.geometry.normalize(), strict=True)
        moved = sum(a != b and not (a is not None and b is not None and a.equals_exact(b, 1e-6)) for a, b in pairs)
        if moved:
            return [f"{made.name}, {name} : {moved} géométries"]
        one, two = (pd.DataFrame(frame.drop(columns="geometry")) for frame in (one, two))
    return [] if one.equals(two) else [f"{made.name}, {name} : valeurs"]


def _encoding(file: Path) -> str | None:
    return None if file.suffix == ".gpkg" or file.with_suffix(".cpg").exists() else "cp1252"


def _rasters(made: Path, committed: Path) -> list[str]:
    with rasterio.open(made) as one, rasterio.open(committed) as two:
        same = one.transform == two.transform and one.crs == two.crs and one.dtypes == two.dtypes
        same = same and np.allclose(one.read(1), two.read(1), rtol=0, atol=1e-6, equal_nan=True)
    return [] if same else [f"{made.name} : grille"]


def _archives(made: Path, committed: Path) -> list[str]:
    with zipfile.ZipFile(made) as one, zipfile.ZipFile(committed) as two:
        same = one.namelist() == two.namelist() and all(one.read(name) == two.read(name) for name in one.namelist())
    return [] if same else [f"{made.name} : contenu de l'archive"]
