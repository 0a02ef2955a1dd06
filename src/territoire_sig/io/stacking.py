"""Several sources of one role: their rows put together, or refused where neither may win."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from ..model.faults import Fault
from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.territory import Frame, Layer
from ..texts import Text
from .door import Admitted

__all__ = ["add_layer"]


def add_layer(layers: dict[str, Layer], admitted: Admitted, faults: list[Fault]) -> None:
    """Add an admitted layer to `layers` by role, after the rows that are there; a clash is added to `faults`."""
    new = admitted.layer
    if new is None:
        return
    old = layers.get(new.role)
    if old is None:
        layers[new.role] = new
    elif isinstance(old.frame, Raster) or isinstance(new.frame, Raster):
        faults.append(_second_raster(new))
    else:
        faults += _repeated_keys(old, new)
        frame = _stacked(old.frame, new.frame)
        layers[new.role] = replace(old, frame=frame, provenance=(*old.provenance, *new.provenance))


def _repeated_keys(old: Layer, new: Layer) -> list[Fault]:
    """Return a fault when two tables of one role give a row for the same code: neither may win in silence."""
    key = ROLES[new.role].key
    if key is None or isinstance(old.frame, Raster) or isinstance(new.frame, Raster):
        return []
    both = sorted(set(old.frame[key].dropna()) & set(new.frame[key].dropna()))
    if not both:
        return []
    first, second = old.provenance[-1].file, new.provenance[0].file
    return [
        Fault(
            second,
            new.provenance[0].layer,
            key,
            ", ".join(both[:5]),
            Text(
                f"{len(both)} code(s) déjà donné(s) par {first} pour le rôle «{new.role}»",
                f"{len(both)} code(s) already given by {first} for role «{new.role}»",
            ),
            Text(
                "gardez une seule ligne par code : retirez l'un des deux.", "keep one row a code: remove one of them."
            ),
        )
    ]


def _stacked(first: Frame, second: Frame) -> Frame:
    """Return the rows of both; columns that are wholly empty on one side do not sway the types of the other."""
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    kept = [frame.dropna(axis="columns", how="all") for frame in (first, second) if len(frame)]
    if not kept:
        return first
    stacked = pd.concat(kept, ignore_index=True).reindex(columns=columns)
    if not isinstance(first, gpd.GeoDataFrame):
        return stacked
    return gpd.GeoDataFrame(stacked, geometry="geometry", crs=first.crs)


def _second_raster(layer: Layer) -> Fault:
    return Fault(
        layer.provenance[0].file,
        layer.role,
        None,
        None,
        Text(f"deux grilles pour le rôle «{layer.role}»", f"two rasters for role «{layer.role}»"),
        Text("gardez-en une, ou assemblez-les en un seul fichier.", "keep one, or merge them into one file."),
    )
