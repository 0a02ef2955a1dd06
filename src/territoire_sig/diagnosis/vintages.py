"""Vintages: what analyses that tell several dates apart read of the vintage that the territory file states."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pandas as pd

from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.territory import Layer

__all__ = ["dated", "dated_raster"]

_COLUMN = "millesime"
AnyFrame = TypeVar("AnyFrame", bound=pd.DataFrame)


def dated(frame: AnyFrame, layer: Layer) -> AnyFrame:
    """Return the rows with the vintage of their layer, where the role has that column and the file does not fill it."""
    if _COLUMN not in (column.name for column in ROLES[layer.role].columns):
        return frame
    own = frame[_COLUMN] if _COLUMN in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    return frame.assign(**{_COLUMN: own.astype(object).where(own.notna(), _stated(layer))})


def dated_raster(raster: Raster, layer: Layer) -> Raster:
    """Return a raster that bears the vintage of its layer."""
    return replace(raster, vintage=_stated(layer))


def _stated(layer: Layer) -> str | None:
    """Return the vintages that the territory file states for a layer."""
    return " ; ".join(dict.fromkeys(item.vintage for item in layer.provenance if item.vintage)) or None
