"""Neighbours: which polygons are beside which, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from ..errors import ParameterError
from ..texts import Text

__all__ = ["Neighbours", "contiguity", "k_nearest"]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of each place, by position: one row a pair, ordered by place, then by neighbour.

    Attributes
    ----------
    count : int
        Number of places.
    place, neighbour : array of int
        Positions of the pair.
    weight : array of float
        What the neighbour counts, above 0.
    order : array of int, optional
        The places in an order that does not depend on that of their rows (from west to east): draws follow it. None:
        they are in order.
    """

    count: int
    place: Integers
    neighbour: Integers
    weight: Floats
    order: Integers | None = None

    @property
    def cardinalities(self) -> Integers:
        """Number of neighbours of each place; 0 is an island."""
        return np.bincount(self.place, minlength=self.count).astype(np.intp)

    def matrix(self) -> csr_array:
        """Return the weights as a sparse matrix, one row a place."""
        return csr_array((self.weight, (self.place, self.neighbour)), shape=(self.count, self.count))

    def standardised(self) -> Neighbours:
        """Return the weights of each place divided by their sum: a lag is then the mean of the neighbours.

        Examples
        --------
        >>> two = Neighbours(3, np.array([0, 0]), np.array([1, 2]), np.array([1.0, 1.0]))
        >>> two.standardised().weight.tolist()
        [0.5, 0.5]
        """
        return replace(self, weight=self.weight / np.bincount(self.place, self.weight, self.count)[self.place])

    def in_order(self) -> Neighbours:
        """Return the same, the places numbered again in :attr:`order`.

        Examples
        --------
        >>> row = Neighbours(3, np.array([0]), np.array([1]), np.ones(1), np.array([2, 0, 1])).in_order()
        >>> row.place.tolist(), row.neighbour.tolist()
        ([1], [2])
        """
        if self.order is None:
            return self
        rank = np.argsort(self.order)
        return _ordered(self.count, rank[self.place], rank[self.neighbour], self.weight)

    def with_self(self, weight: float = 1.0) -> Neighbours:
        """Return the same, each place being its own neighbour too.

        Examples
        --------
        >>> one = Neighbours(2, np.array([0, 1]), np.array([1, 0]), np.array([1.0, 1.0]))
        >>> one.with_self().neighbour.tolist()
        [0, 1, 0, 1]
        """
        own = np.arange(self.count)
        kept = self.place != self.neighbour
        return _ordered(
            self.count,
            np.concatenate([self.place[kept], own]),
            np.concatenate([self.neighbour[kept], own]),
            np.concatenate([self.weight[kept], np.full(self.count, weight)]),
            self.order,
        )

    def among(self, kept: NDArray[np.bool_]) -> Neighbours:
        """Return the neighbours among some of the places, numbered again from 0.

        Examples
        --------
        >>> row = Neighbours(3, np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1]), np.ones(4))
        >>> row.among(np.array([False, True, True])).neighbour.tolist()
        [1, 0]
        """
        rank = np.cumsum(kept) - 1
        both = kept[self.place] & kept[self.neighbour]
        order = None if self.order is None else rank[self.order[kept[self.order]]]
        pairs = rank[self.place[both]], rank[self.neighbour[both]]
        return Neighbours(int(kept.sum()), *pairs, self.weight[both], order)


def contiguity(polygons: gpd.GeoDataFrame | gpd.GeoSeries, *, tolerance_m: float = 0.0) -> Neighbours:
    """Return the polygons that touch, be it by one corner (queen's case), each weighing 1.

    Parameters
    ----------
    polygons : GeoDataFrame or GeoSeries
        Polygons, projected, in metres.
    tolerance_m : float, default 0
        Distance within which two polygons touch: limits that were simplified, each on its own, leave gaps.

    Returns
    -------
    Neighbours
        By position. Polygons that overlap touch; a polygon without geometry has no neighbour.

    References
    ----------
    Anselin L. (1988), Spatial econometrics: methods and models, Kluwer.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(5, 0, 6, 1)], crs=2154)
    >>> found = contiguity(squares)
    >>> found.place.tolist(), found.neighbour.tolist(), found.cardinalities.tolist()
    ([0, 1], [1, 0], [1, 1, 0])
    """
    shapes = polygons.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    if tolerance_m > 0:
        place, other = tree.query(shapes, predicate="dwithin", distance=tolerance_m)
    else:
        place, other = tree.query(shapes, predicate="intersects")
    apart = place != other
    return _ordered(len(shapes), place[apart], other[apart], np.ones(int(apart.sum())), _west_to_east(shapes))


def k_nearest(polygons: gpd.GeoDataFrame | gpd.GeoSeries, k: int) -> Neighbours:
    """Return the `k` polygons whose centroids are nearest to that of each, each weighing 1.

    Parameters
    ----------
    polygons : GeoDataFrame or GeoSeries
        Polygons (or points), projected, in metres.
    k : int
        Number of neighbours; all the others where there are fewer.

    Returns
    -------
    Neighbours
        By position. Two at the same distance: the one farther west, then south, in whatever order the rows are.

    Raises
    ------
    ParameterError
        When `k` is below 1.

    Examples
    --------
    >>> k_nearest(gpd.GeoSeries(gpd.points_from_xy([0, 1, 5], [0, 0, 0]), crs=2154), 1).neighbour.tolist()
    [1, 0, 1]
    """
    if k < 1:
        raise ParameterError(
            Text(f"k vaut {k} ; attendu : 1 ou plus", f"k is {k}; expected 1 or more"),
            Text("donnez un nombre de voisins.", "give a number of neighbours."),
        )
    shapes = polygons.geometry.to_numpy()
    centers = shapely.get_coordinates(shapely.centroid(shapes))
    count, wanted = len(centers), min(k, len(centers) - 1)
    if wanted < 1:
        return _ordered(count, *(np.empty(0, dtype=np.intp),) * 2, np.empty(0))
    order = _west_to_east(shapes)
    placed = centers[order]
    asked = min(count, wanted + 1 + _SPARE)
    distance, found = cKDTree(placed).query(placed, k=asked)
    own = found == np.arange(count)[:, None]
    first = np.lexsort([found, np.round(distance, 6), own], axis=1)[:, :wanted]
    near = np.take_along_axis(found, first, axis=1)
    place = np.repeat(order, wanted)
    return _ordered(count, place, order[near.ravel()], np.ones(count * wanted), order)


#: Neighbours asked for beyond the `k` nearest, so that those at one distance are told apart by their place.
_SPARE = 8


def _west_to_east(shapes: NDArray[np.object_]) -> Integers:
    """Return the positions of shapes by their centroid, from west to east, then south to north; by area where one."""
    centers = shapely.centroid(shapes)
    return np.lexsort([shapely.area(shapes), shapely.get_y(centers), shapely.get_x(centers)])


def _ordered(
    count: int, place: Integers, neighbour: Integers, weight: Floats, order: Integers | None = None
) -> Neighbours:
    rows = np.lexsort([neighbour, place])
    return Neighbours(count, place[rows].astype(np.intp), neighbour[rows].astype(np.intp), weight[rows], order)
