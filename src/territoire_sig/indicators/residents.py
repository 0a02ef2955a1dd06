"""Residents: the places from which people set out, and what of a unit's people they tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..overlay import intersect
from .knowledge import Known, spoken_for

__all__ = ["GRAIN_M", "Residents", "homes", "residents"]

#: A piece of population larger than a square of this side is spread over points this far from one another.
GRAIN_M = 500.0


@dataclass(frozen=True, eq=False)
class Residents:
    """Where the people of each unit live, as points.

    Attributes
    ----------
    places : GeoDataFrame
        Points, numbered from 0, with ``unit`` (index value) and ``people``: inhabitants known for sure.
    units : Index
    told_share : Series of float
        Share of the peopled area of each unit whose number of inhabitants is not secret; 0 where none is. Where no
        polygon lies mainly in the unit, times the share of the unit that the population covers: a sliver tells little.
    """

    places: gpd.GeoDataFrame
    units: pd.Index
    told_share: pd.Series[float]

    def total(self, weight: npt.ArrayLike = 1.0) -> pd.Series[float]:
        """Return the inhabitants of each unit, or the sum of a value over them; NaN values count for nothing."""
        values = (self.places["people"] * np.nan_to_num(weight)).groupby(self.places["unit"]).sum()
        summed: pd.Series[float] = values.reindex(self.units).fillna(0.0)
        return summed

    def share(self, those: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_]) -> Known:
        """Return the share of the inhabitants `of` whom something is known for whom it is true."""
        known, people = self.total(of), self.total()
        part = self.total(those & of) / known.where(known > 0)
        return Known(part.clip(upper=1.0), self._told(known, people))

    def mean(self, values: npt.NDArray[np.floating[Any]]) -> Known:
        """Return the mean of a value over the inhabitants for whom it is known (NaN: it is not)."""
        known, people = self.total(np.isfinite(values)), self.total()
        return Known(self.total(values) / known.where(known > 0), self._told(known, people))

    def _told(self, known: pd.Series[float], people: pd.Series[float]) -> pd.Series[float]:
        """Return the share of the unit's people of whom something is known, secret numbers taken by their area."""
        told: pd.Series[float] = (known / people.where(people > 0)).fillna(1.0) * self.told_share
        return told


def residents(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> Residents:
    """Return the places of the residents of units.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons.
    population : GeoDataFrame
        Polygons with ``habitants``, shared out between units in proportion to area. A piece no larger than
        500 m × 500 m is one point (its centre, or a point of it); a larger one is points every 500 m, of equal
        numbers.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["A"], crs="EPSG:2154")
    >>> people = gpd.GeoDataFrame({"habitants": [40.0]}, geometry=[shapely.box(900, 0, 1100, 200)], crs="EPSG:2154")
    >>> found = residents(units, people).places
    >>> found["people"].tolist(), found.geometry.x.tolist()
    ([20.0], [950.0])
    """
    pieces = intersect(population[["geometry"]], units)
    share = pieces.area.to_numpy() / population.area.loc[pieces["left"]].to_numpy()
    pieces["people"] = population["habitants"].loc[pieces["left"]].to_numpy(dtype=float, na_value=np.nan) * share
    area = pieces.area.groupby(pieces["right"]).sum()
    secret = pieces.area.where(pieces["people"].isna(), 0.0).groupby(pieces["right"]).sum()
    told = (1 - secret / area.where(area > 0)).reindex(units.index).fillna(0.0).clip(0, 1)
    told = told * spoken_for(units, population)
    sure = pieces[pieces["people"].notna()].reset_index(drop=True)
    places = homes(sure.geometry, sure["people"])
    places.insert(0, "unit", sure["right"].to_numpy()[places.pop("piece")])
    return Residents(places, units.index, told)


def homes(shapes: gpd.GeoSeries, people: pd.Series[float]) -> gpd.GeoDataFrame:
    """Return the points that stand for the people of polygons: ``piece`` (position of the polygon) and ``people``.

    Polygons whose number is unknown (NaN) have no home.
    """
    number = people.to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(np.isfinite(number))
    points, piece = _spread(shapes.to_numpy()[known])
    each = number[known] / np.maximum(np.bincount(piece, minlength=len(known)), 1)
    return gpd.GeoDataFrame({"piece": known[piece], "people": each[piece]}, geometry=points, crs=shapes.crs)


def _spread(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return points of polygons, and the polygon of each: a grid in those larger than the grain, else one point."""
    large = np.flatnonzero(shapely.area(shapes) > GRAIN_M**2)
    dots, owner = _gridded(shapes[large])
    inside = large[owner]
    alone = np.setdiff1d(np.arange(len(shapes)), inside)
    centres = shapely.centroid(shapes[alone])
    away = ~shapely.intersects(shapes[alone], centres)
    centres[away] = shapely.point_on_surface(shapes[alone][away])
    points, piece = np.concatenate([dots, centres]), np.concatenate([inside, alone]).astype(np.intp)
    order = np.argsort(piece, kind="stable")
    return points[order], piece[order]


def _gridded(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return the middles of the cells of a grid laid from the corner of each polygon, those that lie in it."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    columns, rows = np.ceil((bounds[:, 2:] - bounds[:, :2]) / GRAIN_M).astype(int).T
    owner = np.repeat(np.arange(len(shapes)), columns * rows)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(columns * rows) - columns * rows, columns * rows)
    step = np.stack([rank % columns[owner], rank // columns[owner]], axis=1) + 0.5
    dots = shapely.points(bounds[owner, :2] + step * GRAIN_M)
    polygon, dot = shapely.STRtree(dots).query(shapes, predicate="contains")
    own = owner[dot] == polygon
    return dots[dot[own]], polygon[own].astype(np.intp)
