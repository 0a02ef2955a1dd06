"""Rows of a table put on the map: coordinates, GeoJSON or WKT in cells."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import MissingColumnError
from ..texts import Text
from .values import refused, to_number

__all__ = ["geometry_from_geojson_cells", "geometry_from_wkt", "points_from", "points_from_pair"]


def points_from(frame: pd.DataFrame, x: str, y: str, crs: Any) -> gpd.GeoDataFrame:
    """Return `frame` with a point a row, from two columns in the units of `crs`; a blank gives a null geometry.

    Raises
    ------
    MissingColumnError
        When `x` or `y` is absent.
    InvalidValueError
        When a coordinate is not a number.
    """
    east, north = (to_number(_column(frame, name)).to_numpy() for name in (x, y))
    known = np.isfinite(east) & np.isfinite(north)
    points = np.full(len(frame), None, dtype=object)
    points[known] = shapely.points(east[known], north[known])
    return gpd.GeoDataFrame(frame.copy(), geometry=points, crs=crs)


def points_from_pair(frame: pd.DataFrame, column: str, *, crs: Any = "EPSG:4326") -> gpd.GeoDataFrame:
    """Return `frame` with a point a row, from a column of ``"latitude, longitude"`` texts.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not two numbers.
    """
    texts = _column(frame, column)
    parts = texts.str.strip().str.split(r"\s*[,;]\s*|\s+", n=1, expand=True, regex=True)
    both = parts.reindex(columns=[0, 1]).set_axis(["_latitude", "_longitude"], axis=1)
    made = points_from(both, "_longitude", "_latitude", crs)
    return gpd.GeoDataFrame(frame.copy(), geometry=made.geometry.to_numpy(), crs=crs)


def geometry_from_geojson_cells(frame: pd.DataFrame, column: str) -> gpd.GeoDataFrame:
    """Return `frame` with the geometries written as GeoJSON in `column` (EPSG:4326); a blank gives null.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not a GeoJSON geometry.
    """
    shapes = shapely.from_geojson(_texts(frame, column), on_invalid="ignore")
    return _with_geometry(frame, column, shapes, "EPSG:4326", "GeoJSON")


def geometry_from_wkt(frame: pd.DataFrame, column: str, crs: Any = None) -> gpd.GeoDataFrame:
    """Return `frame` with the geometries written as WKT in `column`; a blank gives null.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not WKT (a ring that is not closed, for example).
    """
    return _with_geometry(frame, column, shapely.from_wkt(_texts(frame, column), on_invalid="ignore"), crs, "WKT")


def _with_geometry(frame: pd.DataFrame, column: str, shapes: Any, crs: Any, kind: str) -> gpd.GeoDataFrame:
    texts = _texts(frame, column)
    wrong = [text for text, shape in zip(texts, shapes, strict=True) if text is not None and shape is None]
    if wrong:
        raise refused(frame[column], [text[:60] for text in wrong], Text(f"une géométrie {kind}", f"a {kind} geometry"))
    kept = frame.drop(columns=column)
    return gpd.GeoDataFrame(kept, geometry=shapely.force_2d(shapes), crs=crs)


def _texts(frame: pd.DataFrame, column: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    cells = [value.strip() if isinstance(value, str) else None for value in _column(frame, column)]
    return np.array([cell or None for cell in cells], dtype=object)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name in frame.columns:
        return frame[name]
    raise MissingColumnError(
        Text(
            f"colonne «{name}» absente ; colonnes présentes : {', '.join(map(str, frame.columns))}",
            f"column «{name}» is absent; columns present: {', '.join(map(str, frame.columns))}",
        ),
        Text("corrigez son nom dans territoire.toml.", "mend its name in territoire.toml."),
    )
