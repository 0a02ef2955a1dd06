"""Declared analyses, partition of units by partition of units."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..diagnosis.ground import MARGIN_M
from ..errors import ParameterError
from ..indicators import declared
from ..model.declaration import Declaration, Value
from ..overlay.checks import same_crs
from ..texts import Text
from .cluster import Cluster, Tell, connected, held, run
from .measures import Layer, numbered, opened, quiet
from .partitions import RANK, Partitions, together
from .results import Part, Scaled, read_scaled, scaled_folder, write_part

__all__ = ["analyse"]

#: A column of at most so many values is taken for classes.
_FEW = 64


@dataclass(frozen=True)
class _Job:
    """All that a worker needs to measure any partition."""

    identifier: str
    units: Partitions
    near: Mapping[str, tuple[Partitions, gpd.GeoDataFrame]]
    whole: Mapping[str, Any]
    parameters: Mapping[str, Value]
    margin_m: float
    csv: bool


def analyse(
    identifier: str,
    units: Layer,
    layers: Mapping[str, Any],
    *,
    output: str | Path,
    parameters: Mapping[str, Value] | None = None,
    margin_m: float = MARGIN_M,
    csv: bool = False,
    cluster: Cluster = "local",
    workers: int | None = None,
    memory_limit: str | float = "auto",
    progress: Tell | None = None,
) -> Scaled:
    """Run a declared analysis on partitioned units, on a cluster.

    Parameters
    ----------
    identifier : str
        Of the analysis: see ``territoire_sig.declared()``.
    units : Partitions or path
        Polygons indexed by ``code_unite``, partitioned whole.
    layers : mapping
        By role. A partitioned layer (Partitions or path, not cut): each partition of units reads what is within
        `margin_m` of it. A GeoDataFrame or a Raster is handed whole to each worker: for small layers whose
        effect reaches far, such as the nodes of a network.
    output : path
        Folder of the results, one file a partition: replaced when all are done, left as it was otherwise.
    parameters : mapping, optional
        Of the analysis.
    margin_m : float, default 10 000
        Reach, in metres; raised to the sum of the parameters in metres where that is more.
    csv, cluster, workers, memory_limit, progress
        See :func:`cross`.

    Returns
    -------
    Scaled
        One row a unit: the columns of the analysis, and the known share of each under ``<name>_known_share``.
        Its map is not made, nor its values of the whole territory and its tables, which are never put together
        from partitions: the diagnosis of the territory (:func:`territoire_sig.scale.diagnose`) computes them whole.

    Raises
    ------
    MissingFileError, CRSMismatchError
        Where there is no partition, or CRS are mixed.
    ParameterError
        Where the analysis or a parameter is unknown, a role is missing, or a layer is cut; where the units cannot be
        measured apart from one another (ranks, neighbours), or the analysis has no value by unit.
    ClusterError
        Where the cluster cannot be reached, or lost too many workers.

    Notes
    -----
    A partition is measured with the units around it, since what lies on a border belongs to the first unit in
    the order of the layer. It also reads, of each layer and wherever they are, the first feature and the first
    feature of each class: a layer that has nothing here is still known, and classes keep the order of the whole.
    """
    analysis = _declared(identifier)
    _check_apart(analysis)
    values = analysis.checked_parameters(_known(analysis, parameters or {}))
    with connected(cluster, workers=workers, memory_limit=memory_limit) as client:
        job = _job(analysis, opened(units), layers, values, margin_m, csv)
        with scaled_folder(output, by_zone=True) as (folder, parts):
            shared = held(client, job)
            tasks = [(shared, folder, number) for number in range(len(job.units.files))]
            parts += run(client, _measured, tasks, numbered(len(tasks)), progress or quiet)
    return read_scaled(output)


def _declared(identifier: str) -> Declaration:
    known = declared()
    if identifier in known:
        return known[identifier]
    close = ", ".join(get_close_matches(identifier, known, 3)) or ", ".join(known)
    raise ParameterError(
        Text(f"aucune analyse ne s'appelle «{identifier}»", f"no analysis is called «{identifier}»"),
        Text(f"essayez : {close}.", f"try: {close}."),
    )


def _check_apart(analysis: Declaration) -> None:
    """Refuse an analysis whose units, measured partition by partition, would have other values than together."""
    if analysis.outputs and analysis.apart and not analysis.reads:
        return
    raise ParameterError(
        Text(
            f"{analysis.id} : les unités ne s'y mesurent qu'ensemble, et non partition par partition",
            f"{analysis.id}: its units can only be measured together, not partition by partition",
        ),
        Text(
            "établissez le diagnostic du territoire, qui joue cette analyse d'un seul tenant.",
            "make the diagnosis of the territory, which runs this analysis in one piece.",
        ),
    )


def _known(analysis: Declaration, given: Mapping[str, Value]) -> Mapping[str, Value]:
    names = [parameter.name for parameter in analysis.parameters]
    strange = sorted(set(given) - set(names))
    if not strange:
        return given
    raise ParameterError(
        Text(
            f"{analysis.id} : paramètre inconnu {', '.join(strange)}",
            f"{analysis.id}: unknown parameter {', '.join(strange)}",
        ),
        Text(f"paramètres admis : {', '.join(names) or '-'}.", f"accepted: {', '.join(names) or '-'}."),
    )


def _job(
    analysis: Declaration,
    units: Partitions,
    layers: Mapping[str, Any],
    parameters: Mapping[str, Value],
    margin_m: float,
    csv: bool,
) -> _Job:
    """Return the work, checked as a whole before any of it is given out."""
    wanted = [need.role for need in analysis.inputs if need.role in layers]
    if absent := analysis.missing(layers):
        raise ParameterError(
            Text(f"{analysis.id} : il manque {', '.join(absent)}", f"{analysis.id}: {', '.join(absent)} missing"),
            Text("ajoutez une couche de ce rôle.", "add a layer of that role."),
        )
    near = {role: opened(layers[role]) for role in wanted if isinstance(layers[role], Partitions | str | Path)}
    for name, layer in {"units": units, **near}.items():
        _refuse_cut(name, layer)
    same_crs(units=units.sample(), **{role: layer.sample() for role, layer in near.items()})
    reach = sum(float(parameters[item.name]) for item in analysis.parameters if item.unit == "m")
    return _Job(
        analysis.id,
        units,
        {role: (layer, _witnesses(layer)) for role, layer in near.items()},
        {role: layers[role] for role in wanted if role not in near},
        dict(parameters),
        max(margin_m, reach),
        csv,
    )


def _refuse_cut(name: str, layer: Partitions) -> None:
    if layer.cut:
        raise ParameterError(
            Text("les entités de cette couche sont découpées", "the features of this layer are cut in parts"),
            Text("partitionnez-la sans max_vertices.", "partition it without max_vertices."),
            file=layer.folder,
            layer=name,
        )


def _witnesses(layer: Partitions) -> gpd.GeoDataFrame:
    """Return the first feature of a layer, and the first of each class of each column."""
    table = layer.attributes()
    ranks = table.pop(RANK).to_numpy()
    found = {int(ranks[0])}
    for name in table.columns:
        values = table[name].astype(object)
        if values.nunique() <= _FEW:
            found.update(map(int, ranks[~values.duplicated().to_numpy()]))
    return layer.at(sorted(found))


def _measured(job: _Job, folder: Path, number: int) -> Part:
    """Measure one partition of units, and write what was found: done twice, it is the same file."""
    started = time.perf_counter()
    core = job.units.read(number)
    boxes = core.bounds.to_numpy()
    units = together(core, job.units.near(boxes))
    reach = boxes + np.array([-1, -1, 1, 1]) * job.margin_m
    read = {role: together(first, layer.near(reach)) for role, (layer, first) in job.near.items()}
    layers = {role: layer.drop(columns=RANK) for role, layer in read.items()} | dict(job.whole)
    found = declared()[job.identifier](units.drop(columns=RANK), layers=layers, read=None, **job.parameters)
    shares = found.known_share.add_suffix("_known_share")
    table = pd.concat([found.values, shares], axis="columns").loc[core.index]
    path = folder / job.units.files[number]
    write_part(table, core, path, by_zone=True, csv=job.csv)
    return Part(path.name, len(core), time.perf_counter() - started)
