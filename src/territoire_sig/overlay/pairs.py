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
from .columns import DOUBT, shared_areas
from .grouped import by_feature, sum_by
from .repair import of_dimension
from .subdivision import Cover, Integers, Parts, union_by
from .threads import in_two

__all__ = [
    "clipped",
    "common_areas",
    "dust_area_m2",
    "edges",
    "inside",
    "near",
    "settle_lines",
    "sum_by",
    "take_in_turn",
    "union_by",
]

Floats = npt.NDArray[np.float64]
LARGE = 1_000
AROUND = (0.0161803399, 0.0314159265)  # a clip is wider and higher than its item: its corner is on no likely edge
WITHIN = (0.4669201609, 0.5671432904)
SAME = 1e-9
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


def common_areas(zones: Parts, cover: Parts) -> tuple[Integers, Integers, Floats]:
    """Return the pairs (source of the zones, source of the cover) that share an area, and that area, sorted.

    Areas are sums over the parts of both; the parts of one source must be disjoint. They come from edges
    (:mod:`territoire_sig.overlay.columns`), and from the exact overlay where rounding could tell.
    """
    shared = shared_areas(zones.geometry, cover.geometry)
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
    area, meets = np.zeros(len(zone)), np.zeros(len(zone), dtype=bool)
    for used, where in by_feature(cover, feature):
        shapely.prepare(cover[used])
        meets[where] = shapely.intersects(cover[feature[where]], zones[zone[where]])
        shapely.destroy_prepared(cover[used])
    met = np.flatnonzero(meets)
    large = shapely.get_num_coordinates(cover[feature[met]]) > LARGE
    some = met[~large]
    area[some] = shapely.area(shapely.intersection(zones[zone[some]], cover[feature[some]]))
    some = met[large]
    area[some] = shapely.area(shapely.intersection(zones[zone[some]], near(cover[feature[some]], zones[zone[some]])))
    return area


def near(features: Geometries, items: Geometries) -> Geometries:
    """Return the part of each feature around its item, or the feature where the fast clip is not sound.

    Where a border goes through a corner of the box, the clip may be invalid, or be what the feature leaves of the box:
    whether a point of the box is in the feature and in the clip tells.
    """
    xmin, ymin, xmax, ymax = shapely.bounds(items).T
    wide, high = xmax - xmin, ymax - ymin
    beside, under = AROUND[0] * wide, AROUND[1] * high
    boxes = zip(xmin - beside, ymin - under, xmax + beside, ymax + under, strict=True)
    found = np.empty(len(features), dtype=object)
    found[:] = [_clip(feature, box) for feature, box in zip(features, boxes, strict=True)]
    x, y = xmin + WITHIN[0] * wide, ymin + WITHIN[1] * high
    sound = shapely.is_valid(found) & ((shapely.get_dimensions(found) == 2) | shapely.is_empty(found))
    sound &= shapely.contains_xy(found, x, y) == shapely.contains_xy(features, x, y)
    found[~sound] = features[~sound]
    return found


def _clip(feature: shapely.Geometry, box: tuple[float, float, float, float]) -> shapely.Geometry:
    """Return a feature clipped by a box, or the feature where the fast clip fails."""
    try:
        return shapely.clip_by_rect(feature, *box)
    except shapely.errors.GEOSException:
        return feature


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


def dust_area_m2(values: Geometries, origin: Origin) -> Floats:
    """Return the area below which a difference is rounding: coordinates are told to one unit in the last place."""
    bounds = np.nan_to_num(np.abs(shapely.bounds(values) + np.tile(origin, 2)))
    step = np.spacing(bounds.max(axis=1, initial=0.0))
    dust: Floats = 4 * step * shapely.length(values)
    return dust
