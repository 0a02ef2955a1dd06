"""The layout of a layer: names in lower case, two dimensions, straight segments."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from ..model.faults import Remark
from ..model.territory import Frame
from ..texts import Text

__all__ = ["curve_remarks", "flattened", "lowered"]


def lowered(frame: Frame) -> tuple[Frame, list[Remark]]:
    """Lower-case the names; two that become one are both kept, the second with a suffix."""
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    taken = {"geometry"} if geometry is not None else set()
    names, collided = [], []
    for name in frame.columns:
        wanted = "geometry" if name == geometry else str(name).strip().lower()
        final = wanted if name == geometry else _free(wanted, taken)
        collided += [str(name)] if final != wanted else []
        taken.add(final)
        names.append(final)
    renamed = frame.set_axis(names, axis=1)
    if geometry is not None:
        renamed = gpd.GeoDataFrame(pd.DataFrame(renamed), geometry="geometry", crs=frame.crs)
    if not collided:
        return renamed, []
    listed = ", ".join(collided)
    text = Text(
        f"noms de colonne en double, sans la casse : {listed} ; les deux sont gardées, la seconde avec un suffixe",
        f"column names twice, without case: {listed}; both are kept, the second with a suffix",
    )
    return renamed, [Remark(text, len(collided))]


def _free(name: str, taken: set[str]) -> str:
    final, n = name, 1
    while final in taken:
        n += 1
        final = f"{name}_{n}"
    return final


def flattened(frame: Frame) -> tuple[Frame, list[Remark]]:
    """Drop the third dimension, and say so."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame, []
    n = int(shapely.has_z(frame.geometry.array).sum())
    if not n:
        return frame, []
    flat = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(frame.geometry.array), index=frame.index, crs=frame.crs))
    text = Text(
        f"{n} géométrie(s) en trois dimensions : l'altitude est laissée de côté",
        f"{n} three-dimensional geometry(ies): heights are set aside",
    )
    return flat.rename_geometry("geometry") if flat.geometry.name != "geometry" else flat, [Remark(text, n)]


def curve_remarks(file: Path, layer: str) -> list[Remark]:
    """Say that arcs are replaced by segments, where the file announces some (GDAL does it without a word)."""
    if not _holds_curves(file, layer):
        return []
    text = Text(
        "géométries courbes : les arcs sont remplacés par des segments",
        "curved geometries: arcs are replaced by segments",
    )
    return [Remark(text)]


def _holds_curves(file: Path, layer: str) -> bool:
    if file.suffix.lower() == ".gml":
        arcs = re.compile(rb"<(\w+:)?(Arc|ArcString|Circle|ArcByCenterPoint)\b")
        with file.open("rb") as stream:
            return any(arcs.search(line) for line in stream)
    if file.suffix.lower() == ".gpkg":
        query = "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?"
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
            return any(
                re.search("CURVE|CIRCULAR|COMPOUND", str(kind).upper()) for (kind,) in base.execute(query, [layer])
            )
    return False
