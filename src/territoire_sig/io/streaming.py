"""Files larger than memory: their schema, and their features a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import MissingColumnError, MissingFileError, UnreadableLayerError
from ..model.crs import crs_label
from ..texts import Text

__all__ = ["Schema", "inspect", "stream_features"]

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Schema:
    """What a layer says of itself, without its features.

    Attributes
    ----------
    crs : str, optional
        As ``"EPSG:2154"``; None when the file says none.
    geometry_type : str
        ``"Polygon"``, ``"Unknown"`` (mixed)…; ``"None"`` for a table.
    columns : mapping of str to str
        Name as in the file → type in the driver's words.
    rows : int, optional
        Number of features, None when only a full reading would tell.
    """

    layer: str
    crs: str | None
    geometry_type: str
    columns: dict[str, str]
    rows: int | None


def inspect(path: Path, layer: str | None = None) -> Schema:
    """Return the schema of a layer; no feature is read.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When GDAL refuses the file, has no such layer, or holds several and none is named.
    """
    with _refusals_told(Path(path), layer):
        info = pyogrio.read_info(path, layer=layer or _only_layer(Path(path)))
    columns = dict(zip(map(str, info["fields"]), map(str, info["ogr_types"]), strict=True))
    rows = int(info["features"])
    crs = crs_label(info["crs"]) if info["crs"] else None
    return Schema(str(info["layer_name"]), crs, str(info["geometry_type"]), columns, rows if rows >= 0 else None)


def stream_features(
    path: Path,
    layer: str | None = None,
    *,
    bbox: Bounds | None = None,
    columns: Sequence[str] | None = None,
    chunk_rows: int = 10_000,
) -> Iterator[gpd.GeoDataFrame]:
    """Yield the features of a layer in frames of at most `chunk_rows`, in constant memory.

    Fiona walks the file once; where it is not installed (Python 3.14), pyogrio reads it slice by slice. Dates are
    texts with the former, timestamps with the latter. An archive must be unzipped first.

    Parameters
    ----------
    bbox : tuple of 4 floats, optional
        West, south, east, north in the CRS of the file: only the features whose bounds touch it.
    columns : sequence of str, optional
        Attributes to read, as named in the file; all of them by default.

    Yields
    ------
    GeoDataFrame
        Index continued from one frame to the next; column names as in the file; two-dimensional geometries.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When GDAL refuses the file, or has no such layer.
    MissingColumnError
        When one of `columns` is absent.
    """
    schema = inspect(path, layer)
    _check_columns(schema, columns, Path(path))
    walk = _by_fiona if find_spec("fiona") else _by_pyogrio
    start = 0
    with _refusals_told(Path(path), layer):
        for chunk in walk(Path(path), schema, bbox, columns, chunk_rows):
            yield chunk.set_index(chunk.index + start)
            start += len(chunk)


def _by_fiona(
    path: Path, schema: Schema, bbox: Bounds | None, columns: Sequence[str] | None, chunk_rows: int
) -> Iterator[gpd.GeoDataFrame]:
    import fiona

    wanted = None if columns is None else list(columns)
    with fiona.open(path, layer=schema.layer, include_fields=wanted) as source:
        crs, names = source.crs_wkt or None, list(source.schema["properties"])
        rows: list[Any] = []
        for feature in source.filter(bbox=bbox):
            rows.append(feature)
            if len(rows) == chunk_rows:
                yield _frame(rows, names, crs)
                rows = []
        if rows:
            yield _frame(rows, names, crs)


def _frame(features: Sequence[Any], names: Sequence[str], crs: str | None) -> gpd.GeoDataFrame:
    shapes = [None if f["geometry"] is None else shapely.geometry.shape(f["geometry"]) for f in features]
    table = {name: [feature["properties"][name] for feature in features] for name in names}
    return gpd.GeoDataFrame(table, geometry=shapely.force_2d(shapes), crs=crs)


def _by_pyogrio(
    path: Path, schema: Schema, bbox: Bounds | None, columns: Sequence[str] | None, chunk_rows: int
) -> Iterator[gpd.GeoDataFrame]:
    skip, wanted = 0, None if columns is None else list(columns)
    while True:
        chunk = pyogrio.read_dataframe(
            path,
            layer=schema.layer,
            bbox=bbox,
            columns=wanted,
            skip_features=skip,
            max_features=chunk_rows,
            force_2d=True,
        )
        if len(chunk):
            yield gpd.GeoDataFrame(chunk)
        if len(chunk) < chunk_rows:
            return
        skip += chunk_rows


def _only_layer(path: Path) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if len(names) == 1:
        return names[0]
    listed = ", ".join(names) or "-"
    raise UnreadableLayerError(
        Text(
            f"il faut une couche, et il y en a {len(names)} : {listed}",
            f"one layer is needed, {len(names)} found: {listed}",
        ),
        Text('choisissez-en une par `couche = "…"`.', 'choose one with `couche = "…"`.'),
        file=path,
    )


def _check_columns(schema: Schema, columns: Sequence[str] | None, path: Path) -> None:
    absent = [name for name in columns or () if name not in schema.columns]
    if absent:
        listed, present = ", ".join(absent), ", ".join(schema.columns)
        raise MissingColumnError(
            Text(
                f"colonnes absentes : {listed} ; colonnes présentes : {present}",
                f"absent columns: {listed}; columns present: {present}",
            ),
            Text("corrigez leur nom.", "mend their names."),
            file=path,
            layer=schema.layer,
        )


@contextmanager
def _refusals_told(path: Path, layer: str | None) -> Iterator[None]:
    if not path.exists():
        raise MissingFileError(
            Text("le fichier n'existe pas", "the file does not exist"),
            Text("vérifiez `fichier` dans territoire.toml.", "check `fichier` in territoire.toml."),
            file=path,
        )
    try:
        yield
    except (DataSourceError, DataLayerError) as error:
        raise UnreadableLayerError(
            Text(f"lecture refusée : {error}", f"reading refused: {error}"),
            Text(
                "vérifiez `couche`, ou exportez le fichier en GeoPackage.",
                "check `couche`, or export the file to a GeoPackage.",
            ),
            file=path,
            layer=layer,
        ) from error
