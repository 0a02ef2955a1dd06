"""Partitions: a layer as a folder of GeoParquet files, each of which holds neighbours, with the bounds of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..errors import EmptyLayerError, GeometryTypeError, InvalidValueError, MissingFileError, UnreadableLayerError
from ..io.vector import read_vector
from ..overlay import subdivide
from ..overlay.checks import geometries, kind_of, same_crs, unique_index
from ..texts import Text
from .cluster import need_extra
from .files import put_folder

__all__ = ["MANIFEST", "RANK", "Boxes", "Partitions", "partition_parquet", "read_partitions", "together"]

MANIFEST = "partitions.json"
#: Column of the position of each feature in the layer as it was given.
RANK = "_rank"
_ROW_GROUP = 512
_FURTHEST = np.iinfo(np.int64).max

Box: TypeAlias = tuple[float, float, float, float]
Boxes = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Partitions:
    """A layer partitioned in space.

    Attributes
    ----------
    folder : Path
        Where its files are.
    kind : str
        ``"polygon"``, ``"line"`` or ``"point"``.
    features : int
        Features of the layer.
    cut : bool
        Whether large polygons are in several parts: good for a cover, not for zones.
    files, rows, bounds : tuple
        Name, rows, and bounds (xmin, ymin, xmax, ymax, in metres) of each partition; bounds are None where a
        partition holds only empty geometries.
    """

    folder: Path
    kind: str
    features: int
    cut: bool
    files: tuple[str, ...]
    rows: tuple[int, ...]
    bounds: tuple[Box | None, ...]

    def read(self, number: int) -> gpd.GeoDataFrame:
        """Return one partition, in the order of the layer, the position of each feature in column ``_rank``."""
        return gpd.read_parquet(self._path(number)).sort_values(RANK, kind="stable")

    def near(self, boxes: Boxes) -> gpd.GeoDataFrame:
        """Return the features whose bounds touch one of the `boxes`, in the order of the layer.

        Parameters
        ----------
        boxes : array, shape (n, 4)
            Bounds (xmin, ymin, xmax, ymax), in metres; those of empty geometries (NaN) touch nothing.
        """
        return self._ordered(self._touching(boxes[~np.isnan(boxes).any(axis=1)]))

    def at(self, ranks: Sequence[int]) -> gpd.GeoDataFrame:
        """Return the features at positions `ranks` of the layer, wherever they are."""
        paths = [self._path(number) for number in range(len(self.files))]
        return self._ordered(gpd.read_parquet(path, filters=[(RANK, "in", list(ranks))]) for path in paths)

    def sample(self) -> gpd.GeoDataFrame:
        """Return the layer without its features: its columns and its CRS."""
        return gpd.read_parquet(self._path(0)).iloc[:0]

    def attributes(self) -> pd.DataFrame:
        """Return the columns of every feature but its geometry, in the order of the layer, one row a feature."""
        names = [name for name in self.sample().columns if name != "geometry"]
        frames = [pd.read_parquet(self._path(number), columns=names) for number in range(len(self.files))]
        return pd.concat(frames).sort_values(RANK, kind="stable").drop_duplicates(RANK)

    def _touching(self, boxes: Boxes) -> Iterable[gpd.GeoDataFrame]:
        if not len(boxes):
            return
        all_around = _box(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
        tree = shapely.STRtree(shapely.box(*boxes.T))
        for number in _meeting(self.bounds, all_around):
            found = gpd.read_parquet(self._path(number), bbox=all_around)
            item, _ = tree.query(shapely.box(*found.bounds.to_numpy().T))
            if len(item):
                yield found.iloc[np.unique(item)]

    def _ordered(self, frames: Iterable[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
        some = [frame for frame in frames if len(frame)]
        return pd.concat(some).sort_values(RANK, kind="stable") if some else self.sample()

    def _path(self, number: int) -> Path:
        path = self.folder / self.files[number]
        if path.is_file():
            return path
        raise MissingFileError(
            Text(
                f"la partition {number + 1} sur {len(self.files)} n'existe plus",
                f"partition {number + 1} of {len(self.files)} is no longer there",
            ),
            Text("partitionnez la couche à nouveau (partition_parquet).", "partition the layer again."),
            file=path,
        )


def together(*frames: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the features of several readings of one layer that is not cut, each once, in the order of the layer."""
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    return whole[~whole[RANK].duplicated()].sort_values(RANK, kind="stable")


def _meeting(bounds: Sequence[Box | None], box: Box) -> list[int]:
    """Return the numbers of the partitions whose bounds touch a box."""
    xmin, ymin, xmax, ymax = box
    return [
        number
        for number, one in enumerate(bounds)
        if one is not None and one[0] <= xmax and one[2] >= xmin and one[1] <= ymax and one[3] >= ymin
    ]


def partition_parquet(
    layer: gpd.GeoDataFrame | str | Path,
    folder: str | Path,
    rows_per_partition: int = 5_000,
    *,
    max_vertices: int | None = None,
) -> Partitions:
    """Write a layer as GeoParquet files of neighbours, along a Hilbert curve, with the bounds of each.

    Parameters
    ----------
    layer : GeoDataFrame or path
        Polygons, lines or points, projected, in metres; or a file that holds them.
    folder : path
        Made if need be; the partitions that it holds are replaced at once, when the new ones are complete.
    rows_per_partition : int, default 5000
        Features a file.
    max_vertices : int, optional
        For a cover: cut the polygons of more vertices in parts, so that a partition of zones does not read a
        whole country for one corner of it. 1024 is a good choice. Areas are the same (to 1e-11); zones, and
        the layers of an analysis, must stay whole.

    Returns
    -------
    Partitions
        What :func:`~territoire_sig.scale.cross` and :func:`~territoire_sig.scale.analyse` read.

    Raises
    ------
    MissingFileError, EmptyLayerError
        Where there is no file, or no feature in it.
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layer cannot be measured: no projected CRS in metres, mixed kinds, null, infinite or invalid
        geometries, an index that is there twice, `rows_per_partition` below 1.
    UnreadableLayerError
        Where `folder` holds something else than partitions.

    Notes
    -----
    The layer is read whole by the machine that partitions it.

    Examples
    --------
    >>> import tempfile
    >>> frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 900, 10], [0, 900, 10]), crs="EPSG:2154")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     parts = partition_parquet(frame, place + "/points", 2)
    ...     print(parts.rows, parts.bounds[0], parts.read(0).index.tolist())
    (2, 1) (0.0, 0.0, 10.0, 10.0) [0, 2]
    """
    need_extra()
    if rows_per_partition < 1:
        raise InvalidValueError(
            Text(f"rows_per_partition vaut {rows_per_partition}", f"rows_per_partition is {rows_per_partition}"),
            Text("donnez au moins 1.", "give at least 1."),
        )
    target = Path(folder).absolute()
    frame, kind = _checked(layer)
    rows = _cut(frame, max_vertices) if max_vertices is not None and kind == "polygon" else frame
    order = np.argsort(_hilbert(rows.geometry), kind="stable")
    lots = np.split(order, np.arange(rows_per_partition, len(order), rows_per_partition))
    with put_folder(target, MANIFEST) as draft:
        parts = _written(draft, rows, lots, kind, len(frame))
    return Partitions(target, **parts)


def read_partitions(folder: str | Path) -> Partitions:
    """Return the partitions that a folder holds.

    Raises
    ------
    MissingFileError
        When there are none.
    UnreadableLayerError
        When their list is not one.
    """
    need_extra()
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise MissingFileError(
            Text("ce dossier ne contient pas de partitions", "this folder holds no partition"),
            Text(
                "écrivez-les d'abord : scale.partition_parquet(couche, dossier).",
                "write them first: scale.partition_parquet(layer, folder).",
            ),
            file=path,
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        bounds = tuple(None if box is None else _box(*box) for box in told.pop("bounds"))
        files, rows = tuple(told.pop("files")), tuple(told.pop("rows"))
        return Partitions(Path(folder).absolute(), files=files, rows=rows, bounds=bounds, **told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableLayerError(
            Text(
                f"cette liste de partitions est illisible ({error!r})", f"this list of partitions is wrong ({error!r})"
            ),
            Text("partitionnez la couche à nouveau (partition_parquet).", "partition the layer again."),
            file=path,
        ) from error


def _checked(layer: gpd.GeoDataFrame | str | Path) -> tuple[gpd.GeoDataFrame, str]:
    """Return the layer with the position of each feature, its geometry under ``geometry``, and its kind."""
    file = None if isinstance(layer, gpd.GeoDataFrame) else Path(layer)
    frame = layer if file is None else read_vector(file).frame
    name = "couche" if file is None else file.name
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryTypeError(
            Text("cette table n'a pas de géométrie", "this table has no geometry"),
            Text("donnez une couche de polygones, de lignes ou de points.", "give polygons, lines or points."),
            file=file,
        )
    if not len(frame):
        raise EmptyLayerError(
            Text("la couche n'a aucune entité : il n'y a rien à partitionner", "the layer has no feature to partition"),
            Text("vérifiez le fichier, ou retirez la couche du calcul.", "check the file, or leave the layer out."),
            file=file,
        )
    same_crs(**{name: frame})
    unique_index(frame, name)
    kind = kind_of(frame, name)
    geometries(frame, name, kind)
    named = frame if frame.geometry.name == "geometry" else frame.rename_geometry("geometry")
    return named.assign(**{RANK: np.arange(len(frame))}), kind


def _cut(frame: gpd.GeoDataFrame, max_vertices: int) -> gpd.GeoDataFrame:
    """Return the layer with each polygon of more than `max_vertices` in several rows, of one index and one rank."""
    numbered = gpd.GeoDataFrame(geometry=frame.geometry.array, crs=frame.crs)
    parts = subdivide(numbered, max_vertices)
    empty = np.flatnonzero(frame.geometry.is_empty)
    source = np.concatenate([parts["source"].to_numpy(), empty])
    shapes = np.concatenate([np.asarray(parts.geometry.array), np.asarray(frame.geometry.array)[empty]])
    rows = frame.iloc[source.astype(np.intp)]
    return rows.set_geometry(gpd.GeoSeries(shapes, index=rows.index, crs=frame.crs, name="geometry"))


def _hilbert(shapes: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """Return the place of each geometry along a Hilbert curve, empty ones last."""
    some = ~np.asarray(shapes.is_empty)
    place = np.full(len(shapes), _FURTHEST)
    if some.any():
        place[some] = shapes[some].hilbert_distance()
    return place


def _written(draft: Path, rows: gpd.GeoDataFrame, lots: Sequence[Integers], kind: str, features: int) -> dict[str, Any]:
    """Write the files and their list into `draft`, and return what :class:`Partitions` holds."""
    width = len(str(len(lots) - 1))
    files = tuple(f"partition-{number:0{width}}.parquet" for number in range(len(lots)))
    for name, lot in zip(files, lots, strict=True):
        rows.iloc[lot].to_parquet(
            draft / name, index=True, write_covering_bbox=True, schema_version="1.1.0", row_group_size=_ROW_GROUP
        )
    told = {
        "kind": kind,
        "features": features,
        "cut": len(rows) != features,
        "files": files,
        "rows": tuple(len(lot) for lot in lots),
        "bounds": tuple(_bounds(rows.geometry.iloc[lot]) for lot in lots),
    }
    (draft / MANIFEST).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return told


def _bounds(shapes: gpd.GeoSeries) -> Box | None:
    if shapes.is_empty.all():
        return None
    return _box(*shapes.total_bounds)


def _box(xmin: float, ymin: float, xmax: float, ymax: float) -> Box:
    return float(xmin), float(ymin), float(xmax), float(ymax)
