"""The ground on which rules are judged: units, layers by role, people and premises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import shapely

from ..overlay import assign_zone, covered_area
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

    @cached_property
    def unbuilt(self) -> gpd.GeoDataFrame:
        """Units of which the building file has no building: their premises are unknown, not zero."""
        if self.premises is None:
            return self.units
        return self.units[~self.units.index.isin(assign_zone(self.premises, self.units).dropna())]

    def near(self, role: str, distance_m: float = 0.0) -> gpd.GeoDataFrame:
        """Return the features of a role within a distance of the units: those that a rule can meet there."""
        layer = self.layers[role]
        return layer[shapely.dwithin(self.perimeter, layer.geometry.to_numpy(), distance_m)]

    @cached_property
    def perimeter(self) -> shapely.Geometry:
        """The union of the units."""
        union = shapely.union_all(self.units.geometry.to_numpy())
        shapely.prepare(union)
        return union
