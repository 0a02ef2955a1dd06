"""Pairs: which items meet which parts of a cover, and what the two have in common.

An item inside one feature needs no overlay; only the pairs on an edge reach the exact one. Where two edges lie one
rounding apart, GEOS may find a whole item, or nothing, for what is not so: its results are held to the bound of the
edges measured, to the exact predicates and to the conservation of areas, and made again on a grid of a few roundings.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from .checks import Geometries, Origin
from .columns import DOUBT, Frames, shared_areas, sum_by
from .repair import of_dimension
from .subdivision import Cover, Integers, Parts, union_by
from .threads import in_two

__all__ = [
    "clipped",
    "common_areas",
    "cut_out",
    "dust_area_m2",
    "edges",
    "inside",
    "settle",
    "settle_lines",
    "sum_by",
    "take_in_turn",
    "union_by",
]

Floats = npt.NDArray[np.float64]
MANY = 12
LARGE = 1_000
WHOLE = 1e-12
AROUND = 0.0123456789
SAME = 1e-9
KEPT = 1e-10
GRID = 8
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
    """Return the pairs (polygon, class) settled at once, and the pairs (polygon, part) to overlay, sorted.

    A polygon is settled that one class takes whole, to 1e-12 of its area; one with which no class shares an area is
    in neither: it is left as it is.
    """
    item, code, area = common_areas(Parts(values, np.arange(len(values))), cover.disjoint)
    whole = area >= shapely.area(values)[item] * (1 - WHOLE)
    some = np.setdiff1d(item, item[whole])
    left, part = edges(values[some], cover.parts.geometry)
    size = int(cover.parts.source.max(initial=0)) + 1
    met = np.isin(some[left] * size + cover.parts.source[part], item * size + code)
    left, part = left[met], part[met]
    order = np.lexsort([part, left])
    return (item[whole], code[whole]), (some[left[order]], part[order])


def settle_lines(values: Geometries, cover: Cover) -> tuple[Pair, Pair]:
    """Return the pairs (line, class) settled at once, and the pairs (line, part) to overlay, sorted."""
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
    common[~within] = of_dimension(in_two(shapely.intersection, items[~within], parts[~within]), dimension)
    if dimension == 2:
        edge = np.flatnonzero(~within)
        again = edge[_suspect(items[edge], parts[edge], common[edge])]
        common[again] = of_dimension(_on_grid(items[again], parts[again]), 2)
    return common


def _suspect(items: Geometries, parts: Geometries, common: Geometries) -> npt.NDArray[np.bool_]:
    """Return where an overlay says "nothing" or "the whole" of an item or part, and the exact predicates do not."""
    area = shapely.area(common)
    found = area >= shapely.area(items) * (1 - SAME)
    whole, none = np.flatnonzero(area >= shapely.area(parts) * (1 - SAME)), np.flatnonzero(area == 0)
    found[whole] |= ~shapely.covers(items[whole], parts[whole])
    found[none] = shapely.relate_pattern(items[none], parts[none], "T********")
    return np.asarray(found)


def _on_grid(items: Geometries, parts: Geometries) -> Geometries:
    """Return what each item and its part have in common, told on a grid of a few roundings."""
    steps = GRID * np.spacing(np.abs(shapely.bounds(np.array([items, parts]))).max(axis=(0, 2), initial=1e-9))
    found = np.empty(len(items), dtype=object)
    found[:] = [
        shapely.intersection(item, part, grid_size=step) for item, part, step in zip(items, parts, steps, strict=True)
    ]
    return found


def common_areas(zones: Parts, cover: Parts, frames: Frames | None = None) -> tuple[Integers, Integers, Floats]:
    """Return the pairs (source of the zones, source of the cover) that share an area, and that area, sorted.

    Areas are sums over the parts of both; the parts of one source must be disjoint. They come from edges
    (:mod:`territoire_sig.overlay.columns`), and from the exact overlay where rounding could tell. `frames` are those of
    the parts of the zones, where they are known already.
    """
    shared = shared_areas(zones.geometry, cover.geometry, frames)
    size = int(cover.source.max(initial=0)) + 1
    keys, rank = np.unique(zones.source[shared.zone] * size + cover.source[shared.feature], return_inverse=True)
    bound = sum_by(shared.rounding, rank, len(keys))
    doubtful = np.flatnonzero((bound > DOUBT * sum_by(shared.area, rank, len(keys)))[rank] & (shared.rounding > 0))
    area = shared.area.copy()
    exact = overlaid_area_m2(zones.geometry, cover.geometry, shared.zone[doubtful], shared.feature[doubtful])
    near = np.abs(exact - area[doubtful]) <= shared.rounding[doubtful]
    area[doubtful[near]] = exact[near]
    total = sum_by(area, rank, len(keys))
    some = total > 0
    return keys[some] // size, keys[some] % size, total[some]


def overlaid_area_m2(zones: Geometries, cover: Geometries, zone: Integers, feature: Integers) -> Floats:
    """Return the area of the exact overlay of pairs; large features are cut near the zone first."""
    area = np.zeros(len(zone))
    shapely.prepare(cover)
    met = np.flatnonzero(shapely.intersects(cover[feature], zones[zone]))
    large = shapely.get_num_coordinates(cover[feature[met]]) > LARGE
    some = met[~large]
    area[some] = shapely.area(shapely.intersection(zones[zone[some]], cover[feature[some]]))
    for pair in met[large]:
        one, other = zones[zone[pair]], cover[feature[pair]]
        area[pair] = shapely.area(shapely.intersection(one, _near(other, one)))
    return area


def _near(feature: shapely.Geometry, zone: shapely.Geometry) -> shapely.Geometry:
    """Return the part of a feature around a zone, or the feature where the fast clip is not sound."""
    xmin, ymin, xmax, ymax = shapely.bounds(zone)
    wide, high = (xmax - xmin) * AROUND, (ymax - ymin) * AROUND
    near = shapely.clip_by_rect(feature, xmin - wide, ymin - high, xmax + wide, ymax + high)
    return near if shapely.is_valid(near) and shapely.get_dimensions(near) == 2 else feature


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
        left[who] = of_dimension(in_two(shapely.difference, left[who], parts[now]), dimension)
    return taken, left


def cut_out(values: Geometries, item: Integers, parts: Geometries) -> tuple[Geometries, Geometries]:
    """Return the piece of each polygon in each of its parts, which are disjoint, and what is left of the polygon.

    The arguments and results are those of :func:`take_in_turn`. A polygon of many parts is cut once by their
    union: cut in turn, it would grow more intricate with each bite.
    """
    taken = clipped(values[item], parts)
    left = values.copy()
    many = np.bincount(item, minlength=len(values))[item] > MANY
    large, rank = np.unique(item[many], return_inverse=True)
    hidden = union_by(parts[many], rank, len(large))
    left[large] = of_dimension(in_two(shapely.difference, values[large], hidden), 2)
    few = np.flatnonzero(~many)
    turn = np.arange(len(few)) - np.searchsorted(item[few], item[few])
    for now in range(int(turn.max(initial=-1)) + 1):
        some = few[turn == now]
        left[item[some]] = of_dimension(in_two(shapely.difference, left[item[some]], parts[some]), 2)
    return taken, _conserved(values, item, taken, left)


def _conserved(values: Geometries, item: Integers, taken: Geometries, left: Geometries) -> Geometries:
    """Return what is left of each polygon, made again from the pieces taken where areas do not add up."""
    rest = shapely.area(values) - sum_by(shapely.area(taken), item, len(values))
    gap = np.abs(rest - shapely.area(left))
    for lost in np.flatnonzero(gap > KEPT * shapely.area(values)):
        pieces = taken[item == lost]
        again = values[[lost]]
        for piece in pieces[np.argsort(shapely.area(pieces), kind="stable")]:
            again = of_dimension(shapely.difference(again, piece), 2)
        if abs(rest[lost] - shapely.area(again[0])) < gap[lost]:
            left[lost] = again[0]
    return left


def dust_area_m2(values: Geometries, origin: Origin) -> Floats:
    """Return the area below which a difference is rounding: coordinates are told to one unit in the last place."""
    bounds = np.nan_to_num(np.abs(shapely.bounds(values) + np.tile(origin, 2)))
    step = np.spacing(bounds.max(axis=1, initial=0.0))
    dust: Floats = 4 * step * shapely.length(values)
    return dust
