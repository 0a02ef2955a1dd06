"""A territory: its perimeter, its units and its layers, each with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import geopandas as gpd
import pandas as pd

from ..texts import Text
from .faults import Remark
from .raster import Raster

__all__ = ["Frame", "Layer", "Provenance", "Territory", "UnitLevel"]

Frame: TypeAlias = gpd.GeoDataFrame | pd.DataFrame
UnitLevel = Literal["commune", "iris", "carreau", "autre"]


@dataclass(frozen=True)
class Provenance:
    """Where a layer comes from, and what was done to it at the door.

    ``companions`` are the further files that its reading needed, each with its SHA-256.
    """

    file: str
    layer: str | None
    format: str
    sha256: str
    crs_read: str | None
    rows_read: int
    vintage: str | None = None
    source: str | None = None
    licence: str | None = None
    encoding: str | None = None
    remarks: tuple[Remark, ...] = ()
    companions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Layer:
    """The features of one role, in the territory's CRS, from one file or several.

    Attributes
    ----------
    frame : GeoDataFrame or DataFrame or Raster
        Columns of the role, in lower case; further columns are kept. Index: 0…n-1.
    approximation : Text, optional
        Set when the layer is not an observation but an approximation (a declared radius around masts): every
        output that rests on it must say so.
    """

    role: str
    frame: Frame | Raster
    provenance: tuple[Provenance, ...]
    approximation: Text | None = None


@dataclass(frozen=True, eq=False)
class Territory:
    """What ``territoire.toml`` describes, read.

    Attributes
    ----------
    units : GeoDataFrame
        Index ``code_unite`` (str), columns ``nom_unite`` and geometry, in `crs`.
    layers : mapping of str to Layer
        By role.
    parameters : mapping
        Values given in ``[parametres]``: analysis parameters, and ``rayon_couverture_mobile_m``.
    rule_files : tuple of Path
        The user's own rulebooks.
    """

    name: str
    path: Path
    crs: str
    units: gpd.GeoDataFrame
    unit_level: UnitLevel
    layers: Mapping[str, Layer]
    vintage: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rule_files: tuple[Path, ...] = ()
    without_standard_rules: bool = False
    notice: str | None = None
    units_provenance: tuple[Provenance, ...] = ()

    def vector(self, role: str) -> gpd.GeoDataFrame:
        """Return the features of `role`.

        Raises
        ------
        KeyError
            When the territory has no such layer.
        """
        return self.layers[role].frame

    def with_parameters(self, analysis: str, given: Mapping[str, Any]) -> Territory:
        """Return this territory, where the parameters given of an analysis go before those of its file."""
        own = {**self.parameters.get(analysis, {}), **given}
        return replace(self, parameters={**self.parameters, analysis: own})
