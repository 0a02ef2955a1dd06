"""Pairs: which items meet which parts of a cover, and what the two have in common.

An item inside one feature needs no overlay; only the pairs on an edge reach the exact one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from .checks import Geometries, Origin
from .repair import of_dimension
from .subdivision import Cover, Integers

__all__ = [
    "clipped",
    "clipped_area_m2",
    "cut_out",
    "dust_area_m2",
    "edges",
    "inside",
    "settle",
    "sum_by",
    "take_in_turn",
    "union_by",
]

Floats = npt.NDArray[np.float64]
MANY = 12
Pair = tuple[Integers, Integers]


def inside(values: Geometries, wholes: Geometries) -> Pair:
    """Return the pairs (item, whole) such that the whole covers the item."""
    whole, item = shapely.STRtree(values).query(wholes, predicate="covers")
    return item, whole


def edges(values: Geometries, parts: Geometries) -> Pair:
    """Return the pairs (item, part) that touch or overlap."""
    part, item = shapely.STRtree(values).query(parts, predicate="intersects")
    return item, part


def settle(values: Geometries, cover: Cover) -> tuple[Pair, Pair]:
    """Return the pairs (item, class) settled at once, and the pairs (item, part) to overlay, sorted."""
    item, whole = inside(values, cover.wholes.geometry)
    item, first = np.unique(item, return_index=True)
    rest = np.setdiff1d(np.arange(len(values)), item)
    left, part = edges(values[rest], cover.parts.geometry)
    order = np.lexsort([part, left])
    return (item, cover.wholes.source[whole[first]]), (rest[left[order]], part[order])


def clipped(items: Geometries, parts: Geometries, dimension: int = 2) -> Geometries:
    """Return what each item and its part have in common, in one dimension (0, 1 for lines, 2 for polygons)."""
    shapely.prepare(parts)
    within = shapely.covers(parts, items)
    common = items.copy()
    common[~within] = of_dimension(shapely.intersection(items[~within], parts[~within]), dimension)
    return common


def clipped_area_m2(items: Geometries, parts: Geometries) -> Floats:
    """Return the area that each item and its part have in common."""
    shapely.prepare(parts)
    shapely.prepare(items)
    area: Floats = np.where(shapely.covers(parts, items), shapely.area(items), np.nan)
    area = np.where(np.isnan(area) & shapely.covers(items, parts), shapely.area(parts), area)
    edge = np.isnan(area)
    area[edge] = shapely.area(shapely.intersection(items[edge], parts[edge]))
    return area


def take_in_turn(
    values: Geometries, item: Integers, parts: Geometries, dimension: int
) -> tuple[Geometries, Geometries]:
    """Share items out between parts, in turn: each part takes its piece of what the parts before it left.

    Parameters
    ----------
    values : array of geometries
        The items.
    item : array of int
        The item of each part, sorted; the parts of an item take in their order here.
    parts : array of polygons
        As long as `item`.
    dimension : int
        1 for lines, 2 for polygons.

    Returns
    -------
    taken, left : arrays of geometries
        The piece that each part takes, and what is left of each item; empty ones included.
    """
    left = values.copy()
    taken = np.empty(len(item), dtype=object)
    turn = np.arange(len(item)) - np.searchsorted(item, item)
    order = np.argsort(turn, kind="stable")
    for now in np.split(order, np.flatnonzero(np.diff(turn[order])) + 1):
        who = item[now]
        taken[now] = clipped(left[who], parts[now], dimension)
        left[who] = of_dimension(shapely.difference(left[who], parts[now]), dimension)
    return taken, left


def cut_out(values: Geometries, item: Integers, parts: Geometries) -> tuple[Geometries, Geometries]:
    """Return the piece of each polygon in each of its parts, which are disjoint, and what is left of the polygon.

    The arguments and results are those of :func:`take_in_turn`. A polygon of many parts is cut once by their
    union: taken in turn, it would grow more intricate with each bite.
    """
    many = np.bincount(item, minlength=len(values))[item] > MANY
    taken = np.empty(len(item), dtype=object)
    taken[~many], left = take_in_turn(values, item[~many], parts[~many], 2)
    taken[many] = clipped(values[item[many]], parts[many])
    large, rank = np.unique(item[many], return_inverse=True)
    hidden = union_by(parts[many], rank, len(large))
    left[large] = of_dimension(shapely.difference(values[large], hidden), 2)
    return taken, left


def union_by(values: Geometries, group: Integers, size: int) -> Geometries:
    """Return the union of the `values` of each group from 0 to `size` - 1; empty where a group has none."""
    order = np.argsort(group, kind="stable")
    count = np.bincount(group, minlength=size)
    united = np.full(size, shapely.MultiPolygon(), dtype=object)
    start = np.cumsum(count) - count
    single = count == 1
    united[single] = values[order[start[single]]]
    for number in np.flatnonzero(count > 1):
        united[number] = shapely.union_all(values[order[start[number] : start[number] + count[number]]])
    return united


def sum_by(values: Floats, group: Integers, size: int) -> Floats:
    """Return the sum of the `values` of each group from 0 to `size` - 1; 0 where a group has none."""
    return np.bincount(group, values, size).astype(np.float64, copy=False)


def dust_area_m2(values: Geometries, origin: Origin) -> Floats:
    """Return the area below which a difference is rounding: coordinates are told to one unit in the last place."""
    bounds = np.nan_to_num(np.abs(shapely.bounds(values) + np.tile(origin, 2)))
    step = np.spacing(bounds.max(axis=1, initial=0.0))
    dust: Floats = 4 * step * shapely.length(values)
    return dust
