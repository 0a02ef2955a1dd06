"""Measures of the engine, partition of zones by partition of zones."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import geopandas as gpd
import pandas as pd

from ..errors import ParameterError
from ..overlay import count_within, covered_area, covered_share, crosstab, intersection_areas, length_within
from ..overlay.checks import column, same_crs
from ..overlay.crosstab import by_columns
from ..texts import Text
from .cluster import Cluster, Tell, connected, held, run
from .partitions import RANK, Partitions, read_partitions, together
from .results import Part, Scaled, read_scaled, scaled_folder, write_part

__all__ = ["MEASURES", "Layer", "cross", "numbered", "opened", "quiet"]

Layer: TypeAlias = "Partitions | str | Path"


@dataclass(frozen=True)
class _Measure:
    """How a measure of the engine is called: on how many covers, giving one row a zone or several."""

    function: Callable[[gpd.GeoDataFrame, Sequence[gpd.GeoDataFrame], _Job], pd.DataFrame]
    kind: str
    by_zone: bool
    many: bool = False
    neighbours: bool = False


@dataclass(frozen=True)
class _Job:
    """All that a worker needs to measure any partition."""

    measure: str
    zones: Partitions
    covers: tuple[Partitions, ...]
    by: tuple[str | None, ...]
    priority: Mapping[str, Sequence[Any]]
    csv: bool


def _pairs(zones: gpd.GeoDataFrame, covers: Sequence[gpd.GeoDataFrame], job: _Job) -> pd.DataFrame:
    """Return the areas by zone and feature; the parts of one feature are summed."""
    cover = covers[0]
    found = intersection_areas(zones, cover.reset_index(drop=True))
    table = pd.DataFrame(
        {
            "zone": zones.index.get_indexer(found["zone"]),
            "rank": cover[RANK].to_numpy()[found["cover"].to_numpy(dtype=int)],
            "area_m2": found["area_m2"],
        }
    )
    table = table.groupby(["zone", "rank"])["area_m2"].sum().reset_index()
    names = pd.Series(cover.index, index=cover[RANK].to_numpy())
    names = names[~names.index.duplicated()]
    ends = {"zone": zones.index[table["zone"]], "cover": names.loc[table["rank"]].array}
    return pd.DataFrame({**ends, "area_m2": table["area_m2"].array})


def _classes(zones: gpd.GeoDataFrame, covers: Sequence[gpd.GeoDataFrame], job: _Job) -> pd.DataFrame:
    return crosstab(zones, *covers, by=job.by, priority=job.priority)


#: Measures that :func:`cross` knows, by name.
MEASURES: Mapping[str, _Measure] = MappingProxyType(
    {
        "covered_area": _Measure(lambda zones, covers, job: covered_area(zones, *covers).to_frame(), "polygon", True),
        "covered_share": _Measure(lambda zones, covers, job: covered_share(zones, *covers).to_frame(), "polygon", True),
        "crosstab": _Measure(_classes, "polygon", False, many=True),
        "intersection_areas": _Measure(_pairs, "polygon", False),
        "length_within": _Measure(
            lambda zones, covers, job: length_within(zones, *covers).to_frame(), "line", True, neighbours=True
        ),
        "count_within": _Measure(
            lambda zones, covers, job: pd.DataFrame(count_within(zones, *covers)), "point", True, neighbours=True
        ),
    }
)


def cross(
    zones: Layer,
    *covers: Layer,
    output: str | Path,
    measure: str = "covered_share",
    by: str | Sequence[str | None] | None = None,
    priority: Mapping[str, Sequence[Any]] | None = None,
    csv: bool = False,
    cluster: Cluster = "local",
    workers: int | None = None,
    memory_limit: str | float = "auto",
    progress: Tell | None = None,
) -> Scaled:
    """Measure partitioned zones against partitioned covers, on a cluster.

    Parameters
    ----------
    zones : Partitions or path
        Polygons, partitioned whole (without `max_vertices`).
    *covers : Partitions or path
        Polygons (lines for ``length_within``, points for ``count_within``) in the same CRS; several for
        ``crosstab`` only.
    output : path
        Folder of the results, one file a partition: replaced when all are done, left as it was otherwise.
    measure : str, default "covered_share"
        One of :data:`MEASURES`: the function of :mod:`territoire_sig.overlay` of that name.
    by, priority
        For ``crosstab``: see there. Classes left out of `priority` come in the order of the whole cover.
    csv : bool, default False
        Write each partition as CSV too.
    cluster, workers, memory_limit
        See :func:`connected`.
    progress : callable, optional
        Called with the share done (0 to 1) and the partition just finished.

    Returns
    -------
    Scaled
        The files; its ``table()`` is what one machine gives, to 1e-9, in the order of the zones.

    Raises
    ------
    MissingFileError, CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
        As the engine; and where there is no partition.
    ParameterError
        Where the measure is unknown, the zones are cut, or the number of covers is wrong.
    ClusterError
        Where the cluster cannot be reached, or a partition asks for more memory than its workers have.

    Examples
    --------
    >>> from territoire_sig.scale import cross, partition_parquet
    >>> zones = partition_parquet("zonage.gpkg", "zones")  # doctest: +SKIP
    >>> hazard = partition_parquet("alea.gpkg", "alea", max_vertices=1024)  # doctest: +SKIP
    >>> cross(zones, hazard, output="parts").table()  # doctest: +SKIP
    """
    with connected(cluster, workers=workers, memory_limit=memory_limit) as client:
        job = _job(zones, covers, measure, by, priority, csv)
        with scaled_folder(output, by_zone=MEASURES[measure].by_zone) as (folder, parts):
            shared = held(client, job)
            tasks = [(shared, folder, number) for number in range(len(job.zones.files))]
            parts += run(client, _measured, tasks, numbered(len(tasks)), progress or quiet)
    return read_scaled(output)


def quiet(share: float, message: str) -> None:
    """Tell nobody."""


def numbered(count: int) -> list[str]:
    """Return how each of `count` partitions is called.

    Examples
    --------
    >>> numbered(2)
    ['partition 1/2', 'partition 2/2']
    """
    return [f"partition {number}/{count}" for number in range(1, count + 1)]


def opened(layer: Layer) -> Partitions:
    """Return the partitions of a layer, read from its folder where need be."""
    return layer if isinstance(layer, Partitions) else read_partitions(layer)


def _job(
    zones: Layer,
    covers: Sequence[Layer],
    measure: str,
    by: str | Sequence[str | None] | None,
    priority: Mapping[str, Sequence[Any]] | None,
    csv: bool,
) -> _Job:
    """Return the work, checked as a whole before any of it is given out."""
    units, layers = opened(zones), tuple(opened(cover) for cover in covers)
    _check(measure, units, layers)
    samples = [layer.sample() for layer in layers]
    same_crs(zones=units.sample(), **{f"cover_{rank}": sample for rank, sample in enumerate(samples, 1)})
    names = by_columns(by, len(layers))
    for rank, (sample, name) in enumerate(zip(samples, names, strict=True), 1):
        if name is not None:
            column(sample, f"cover_{rank}", name)
    ranked = {
        name: _in_order(layer, name, (priority or {}).get(name, ()))
        for layer, name in zip(layers, names, strict=True)
        if name is not None
    }
    return _Job(measure, units, layers, names, ranked, csv)


def _check(measure: str, zones: Partitions, covers: Sequence[Partitions]) -> None:
    if measure not in MEASURES:
        raise ParameterError(
            Text(f"la mesure «{measure}» est inconnue ici", f"measure «{measure}» is unknown here"),
            Text(f"prenez parmi : {', '.join(MEASURES)}.", f"take one of: {', '.join(MEASURES)}."),
        )
    if zones.cut:
        raise ParameterError(
            Text("les zones sont découpées en morceaux", "the zones are cut in parts"),
            Text("partitionnez-les sans max_vertices.", "partition them without max_vertices."),
            file=zones.folder,
        )
    known = MEASURES[measure]
    if len(covers) < 1 or (len(covers) > 1 and not known.many):
        raise ParameterError(
            Text(
                f"«{measure}» reçoit {len(covers)} couverture(s) ; attendu : {'une ou plus' if known.many else 'une'}",
                f"«{measure}» is given {len(covers)} cover(s); expected: {'one or more' if known.many else 'one'}",
            ),
            Text("donnez une couverture par calcul.", "give one cover at a time."),
        )
    wrong = [cover for cover in covers if cover.kind != known.kind]
    if wrong:
        raise ParameterError(
            Text(
                f"«{measure}» mesure des «{known.kind}», pas des «{wrong[0].kind}»",
                f"«{measure}» measures «{known.kind}» layers, not «{wrong[0].kind}»",
            ),
            Text("donnez une couche de ce genre.", "give a layer of that kind."),
            file=wrong[0].folder,
        )


def _in_order(cover: Partitions, name: str, first: Sequence[Any]) -> list[Any]:
    """Return the classes of a cover: those asked for first, then the others as they appear in the whole of it."""
    found = cover.attributes()[name].dropna().unique().tolist()
    return [*first, *(value for value in found if value not in first)]


def _measured(job: _Job, folder: Path, number: int) -> Part:
    """Measure one partition of zones, and write what was found: done twice, it is the same file."""
    started = time.perf_counter()
    known = MEASURES[job.measure]
    core = job.zones.read(number)
    boxes = core.bounds.to_numpy()
    zones = together(core, job.zones.near(boxes)) if known.neighbours else core
    table = known.function(zones, [cover.near(boxes) for cover in job.covers], job)
    table = table.loc[core.index] if known.by_zone else table
    path = folder / job.zones.files[number]
    write_part(table, core, path, by_zone=known.by_zone, csv=job.csv)
    return Part(path.name, len(core), time.perf_counter() - started)
