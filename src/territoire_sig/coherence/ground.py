"""The ground on which rules are judged: units, layers by role, people and premises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd

from ..overlay import covered_area
from ..texts import Text

__all__ = ["Ground"]


@dataclass(frozen=True, eq=False)
class Ground:
    """Everything that the rules read, in one projected CRS.

    Attributes
    ----------
    units : GeoDataFrame
        Index ``code_unite``, column ``nom_unite``.
    layers : mapping of str to GeoDataFrame
        By role; a table role is here with the polygons of the units (or communes) that it describes.
    population : GeoDataFrame, optional
        Polygons with ``habitants``.
    premises : GeoDataFrame, optional
        Points with ``locaux``.
    approximations : mapping of str to Text
        Roles whose layer is an approximation, with the words that every finding resting on it must carry.
    """

    units: gpd.GeoDataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    population: gpd.GeoDataFrame | None = None
    premises: gpd.GeoDataFrame | None = None
    approximations: Mapping[str, Text] = field(default_factory=dict)

    @cached_property
    def unpeopled(self) -> gpd.GeoDataFrame:
        """Units that no known population reaches: what lives there is unknown, not zero."""
        if self.population is None:
            return self.units
        known = self.population[self.population["habitants"].notna()]
        return self.units[(covered_area(self.units, known) == 0).to_numpy()]
