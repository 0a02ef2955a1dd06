"""Exposure: the people of each unit who live where surfaces are."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..overlay import covered_area, interpolate, pieces_inside
from .knowledge import Known, reached_share, unknown

__all__ = ["known_population", "people_within"]


def known_population(population: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the population polygons whose number of inhabitants is known."""
    return None if population is None else population[population["habitants"].notna()]


def people_within(
    units: gpd.GeoDataFrame, population: gpd.GeoDataFrame | None, *surfaces: gpd.GeoDataFrame | None
) -> Known:
    """Count the inhabitants of each unit who live where all the `surfaces` are, each counted once.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area. Polygons that do not touch the surfaces
        of a unit that they reach hold nobody there.
    *surfaces : GeoDataFrame or None
        Polygons; the overlaps of one layer count once, several layers must all be there. A layer without any
        feature is nowhere; None is unknown.

    Returns
    -------
    Known
        Inhabitants, indexed like `units`, and the share of the unit's area that a known population covers; NaN
        where no known population reaches the unit, or none reaches the surfaces that an unknown one does.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["A"], crs="EPSG:2154")
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 10, 10)], crs="EPSG:2154")
    >>> flood = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 3, 10), shapely.box(2, 0, 4, 10)], crs="EPSG:2154")
    >>> people_within(units, people, flood).value.round(9).tolist()
    [40.0]
    """
    if population is None or any(layer is None for layer in surfaces):
        return unknown(units)
    reached = reached_share(units, known_population(population))
    pieces = units
    for layer in surfaces:
        pieces = pieces_inside(pieces, layer)
    people = _people(pieces, population).reindex(units.index, fill_value=0.0).where(reached > 0)
    return Known(people, reached.where(people.notna(), 0.0))


def _people(pieces: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the inhabitants of each piece: 0 where no population is, NaN where it is there and unknown."""
    moved = interpolate(population[["habitants", "geometry"]], pieces, extensive=["habitants"])
    people: pd.Series[float] = moved.values["habitants"]
    secret = covered_area(pieces, population[population["habitants"].isna()]) > 0
    return people.fillna(0.0).where(people.notna() | ~secret)
