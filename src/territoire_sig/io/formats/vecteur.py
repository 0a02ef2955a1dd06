"""Any vector file, for any role that has a geometry."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ...errors import TerritoryFileError
from ...model.faults import Remark
from ...model.roles import ROLES
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..streaming import Schema, inspect, stream_features
from ..vector import read_vector

__all__ = ["READER", "read"]

_ROLES = tuple(found.id for found in ROLES.values() if found.geometry not in {"table", "raster"})


def read(source: Source) -> list[RawLayer]:
    """Read one layer as the role that the source names; the door gives its columns their names.

    Raises
    ------
    TerritoryFileError
        When the source names no role.
    MissingFileError, UnreadableLayerError
        See :func:`territoire_sig.io.vector.read_vector`.
    """
    if source.role is None:
        raise TerritoryFileError(
            Text("le format «vecteur» demande un rôle", "the format «vecteur» needs a role"),
            Text('écrivez par exemple role = "zonage".', 'write for example role = "zonage".'),
            file=source.path,
        )
    if "emprise" in source.options:
        return [_within(source, source.role)]
    found = read_vector(source.path, layer=source.layer, encoding=source.encoding)
    return [
        RawLayer(source.role, found.frame, found.layer, found.rows_read, found.encoding, remarks=found.remarks),
    ]


def _within(source: Source, role: str) -> RawLayer:
    """Stream a file that may not fit in memory, and keep what touches the box asked for."""
    bounds = _bounds(source)
    schema = inspect(source.path, source.layer)
    frames = [frame for frame in stream_features(source.path, source.layer, bbox=bounds) if len(frame)]
    kept = pd.concat(frames, ignore_index=True) if frames else _nothing(schema)
    frame = gpd.GeoDataFrame(kept.rename(columns=str.lower))
    read = len(frame) if schema.rows is None else schema.rows
    told = Text(
        f"{len(frame)} entité(s) gardée(s) sur {read} : celles qui touchent l'emprise demandée",
        f"{len(frame)} feature(s) kept out of {read}: those that touch the box asked for",
    )
    return RawLayer(role, frame, schema.layer, read, remarks=(Remark(told, len(frame)),))


def _nothing(schema: Schema) -> gpd.GeoDataFrame:
    columns = {name: pd.Series(dtype=object) for name in schema.columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=schema.crs))


def _bounds(source: Source) -> tuple[float, float, float, float]:
    given = source.options["emprise"]
    numbers = isinstance(given, list | tuple) and all(isinstance(item, int | float) for item in given)
    if not numbers or len(given) != 4 or given[0] >= given[2] or given[1] >= given[3]:
        raise TerritoryFileError(
            Text(f"emprise = {given} : quatre nombres sont attendus", f"emprise = {given}: four numbers are expected"),
            Text(
                "écrivez emprise = [ouest, sud, est, nord], dans les coordonnées du fichier.",
                "write emprise = [west, south, east, north], in the coordinates of the file.",
            ),
            file=source.path,
        )
    west, south, east, north = (float(item) for item in given)
    return west, south, east, north


READER = Reader(
    "vecteur",
    Text("fichier vectoriel (GeoPackage, Shapefile, GeoJSON, TAB…)", "vector file (GeoPackage, Shapefile, GeoJSON…)"),
    _ROLES,
    read,
    {
        "emprise": Text(
            "[ouest, sud, est, nord] dans les coordonnées du fichier : n'en garder que ce qui la touche, en flux",
            "[west, south, east, north] in the file's coordinates: keep only what touches it, streamed",
        )
    },
)
