"""Exposure: the people who live where surfaces are, counted the same way for indicators and for rules.

One convention for secret numbers: those known for sure are counted; where polygons of secret number take one
hundredth or more of what is peopled in a surface, its number of inhabitants is unknown, and what is known is a
lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from ..overlay import covered_area, interpolate, pieces_inside
from .knowledge import Known, reached_share, unknown

__all__ = [
    "SECRET_SHARE",
    "SIDES_A_QUARTER",
    "People",
    "around",
    "complete",
    "known_population",
    "people_by",
    "people_in",
    "people_within",
]

#: Share of the peopled area of a surface from which polygons of secret number make its inhabitants unknown.
SECRET_SHARE = 0.01
#: A disc is drawn as a polygon of 4 × 32 = 128 sides on its circle: its area is 0.04 % less.
SIDES_A_QUARTER = 32


@dataclass(frozen=True, eq=False)
class People:
    """The people of surfaces, by index of the surface.

    Attributes
    ----------
    counted : Series of float
        Inhabitants known for sure; 0 where nobody is: a lower bound where some numbers are secret.
    secret_share : Series of float
        Share (0 to 1) of the peopled area of the surface that polygons of secret number take.
    """

    counted: pd.Series[float]
    secret_share: pd.Series[float]

    @property
    def total(self) -> pd.Series[float]:
        """Inhabitants; NaN where too much is secret to tell (:data:`SECRET_SHARE`)."""
        return self.counted.where(self.secret_share < SECRET_SHARE)


def around(places: gpd.GeoSeries, radius_m: float) -> gpd.GeoSeries:
    """Return what lies within a distance of each place, discs drawn with 128 sides.

    Examples
    --------
    >>> disc = around(gpd.GeoSeries(gpd.points_from_xy([0], [0]), crs="EPSG:2154"), 100)[0]
    >>> 1 - disc.area / (3.141592653589793 * 100**2) < 1e-3
    True
    """
    return places.buffer(radius_m, quad_segs=SIDES_A_QUARTER)


def complete(sum_: Known) -> Known:
    """Return a sum where it is whole; unknown where one hundredth or more of what it adds up is unknown.

    Examples
    --------
    >>> index = ["A", "B"]
    >>> complete(Known(pd.Series([7.0, 3.0], index), pd.Series([0.995, 0.9], index))).share.tolist()
    [0.995, 0.0]
    """
    whole = sum_.share.fillna(0.0) >= 1 - SECRET_SHARE
    return Known(sum_.value.where(whole), sum_.share.where(whole, 0.0))


def known_population(population: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the population polygons whose number of inhabitants is known."""
    return None if population is None else population[population["habitants"].notna()]


def people_in(surfaces: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> People:
    """Count the inhabitants of each surface, population polygons shared out in proportion to area.

    Examples
    --------
    >>> import shapely
    >>> people = gpd.GeoDataFrame(
    ...     {"habitants": [100.0, None]}, geometry=[shapely.box(0, 0, 8, 10), shapely.box(8, 0, 10, 10)], crs=2154
    ... )
    >>> found = people_in(gpd.GeoDataFrame(geometry=[shapely.box(4, 0, 9, 10)], crs=2154), people)
    >>> found.counted.tolist(), found.secret_share.round(9).tolist(), found.total.tolist()
    ([50.0], [0.2], [nan])
    """
    moved = interpolate(population[["habitants", "geometry"]], surfaces, extensive=["habitants"])
    secret = covered_area(surfaces, population[population["habitants"].isna()])
    peopled = covered_area(surfaces, population)
    share: pd.Series[float] = (secret / peopled.where(peopled > 0)).fillna(0.0).clip(0, 1)
    return People(moved.values["habitants"].fillna(0.0), share)


def people_by(surfaces: gpd.GeoDataFrame, groups: pd.Series[Any], population: gpd.GeoDataFrame) -> People:
    """Count the inhabitants of groups of surfaces, as :func:`people_in` does of each.

    Parameters
    ----------
    surfaces : GeoDataFrame
        Polygons that do not overlap within a group.
    groups : Series
        The group of each surface, indexed like `surfaces`.
    population : GeoDataFrame
        Polygons with ``habitants``.

    Returns
    -------
    People
        Indexed by group.

    Examples
    --------
    >>> import shapely
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 10, 10)], crs=2154)
    >>> two = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 10), shapely.box(5, 0, 9, 10)], crs=2154)
    >>> people_by(two, pd.Series(["A", "A"]), population=people).total.round(9).to_dict()
    {'A': 50.0}
    """
    moved = interpolate(population[["habitants", "geometry"]], surfaces, extensive=["habitants"])
    hidden = population["habitants"].isna()
    secret, peopled = pd.Series(0.0, index=surfaces.index), pd.Series(1.0, index=surfaces.index)
    if hidden.any():
        secret, peopled = covered_area(surfaces, population[hidden]), covered_area(surfaces, population)
    table = pd.DataFrame({"counted": moved.values["habitants"].fillna(0.0), "secret": secret, "peopled": peopled})
    sums = table.groupby(groups.to_numpy()).sum()
    share: pd.Series[float] = (sums["secret"] / sums["peopled"].where(sums["peopled"] > 0)).fillna(0.0).clip(0, 1)
    return People(sums["counted"], share)


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
        Inhabitants, indexed like `units`, and the share of the unit's area that a known population covers. NaN,
        with a share of 0, where no known population reaches the unit, or where one hundredth or more of what is
        peopled in the surfaces is secret.

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
    found = people_in(pieces, population)
    total = found.total.reindex(units.index).where(units.index.isin(pieces.index), 0.0).where(reached > 0)
    return Known(total, reached.where(total.notna(), 0.0))
