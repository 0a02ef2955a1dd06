"""Areas in common without the geometry: edges measured against edges, in narrow columns.

The area that two polygons Z and C share is an integral, not a drawing. Along a vertical line, the length of Z
below a height y is made by the edges of Z under y: a lower edge at height u gives y - u, an upper one takes it back.
So the place of Z under an edge of C, from x = a to x = b, is a sum over the edges of Z below it:

    area = sum of ± ∫ max(0, y_C(x) - y_Z(x)) dx,   + for a lower edge of Z, - for an upper one

which has a closed form (:func:`_under_lines`). No crossing is sought and no vertex is made; edges that touch or lie
over one another are no special case. What C takes of Z is then the sum of these places over the edges of C within
the frame of Z, + for an upper edge of C, - for a lower one; what lies over the frame is told by one corner of the
frame (in C or not) and by the edges of C that cross its upper side.

Rounding is bounded pair by pair: where the bound exceeds 1e-10 of the area, the pair is called doubtful, and
the caller measures it by the exact overlay (:mod:`territoire_sig.overlay.pairs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import shapely

from .edges import EPSILON, Edges, Outline, edges_of, outline_of, run_boxes
from .grouped import Floats, Geometries, Integers, spread, sum_by, within_each
from .threads import one_ahead

__all__ = ["DOUBT", "MARGIN", "Shared", "shared_areas"]

Sums = tuple[Integers, Floats, Floats, Floats]

BLOCK = 60_000  # edges that a thread takes at once
PIECE = 4_000  # edges of a ring that are near a lot of zones or not
FRAMED = 400_000  # vertices of zones that are put in frames at once
BATCH = 1_500  # pairs (run, zone) measured at once: their arrays stay in the processor's cache
PER_COLUMN = 3  # edges of a zone a column
MARGIN = 0.01234567891  # a frame is larger than its zone, by what no coordinate is likely to meet
DOUBT = 1e-10
TINY = 1e-300


@dataclass(frozen=True)
class Frames:
    """Zones, each in a frame cut in columns of equal width; heights and places are told from its lower left corner.

    One value a zone: `left`, `bottom`, `width`, `height` of the frame, the `step` between columns, their `count`, the
    `first` of them, the `area` of the zone. One value a column: `before`, the area of the zone on its left, and
    `edge`, where its edges begin. One value an edge of a column: from `x1`, `y1` to `x2` with its `slope`, and its
    `side`.
    """

    left: Floats
    bottom: Floats
    width: Floats
    height: Floats
    step: Floats
    count: Integers
    first: Integers
    area: Floats
    before: Floats
    edge: Integers
    x1: Floats
    y1: Floats
    x2: Floats
    slope: Floats
    side: Floats


@dataclass(frozen=True)
class Shared:
    """Pairs (zone, feature) whose bounds meet, sorted: the area they share, and a bound of its rounding.

    The bound is infinite where a corner of the frame lies too near an edge to be told inside or outside.
    """

    zone: Integers
    feature: Integers
    area: Floats
    rounding: Floats


@dataclass(frozen=True)
class _Met:
    """Edges that enter a frame, told from its corner: the frame's `zone`, and the `pair` they count for."""

    zone: Integers
    pair: Integers
    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    side: Floats


@dataclass(frozen=True)
class _Told:
    """Pairs (zone, feature): the area that edges delimit in the frame, and a bound of its rounding.

    `x`, `y`: the upper right corner of the frame, which tells the rest; `whole`: the area of the zone.
    """

    zone: Integers
    feature: Integers
    area: Floats
    rounding: Floats
    x: Floats
    y: Floats
    whole: Floats

    @classmethod
    def joined(cls, lots: Sequence[_Told]) -> _Told:
        """Return the pairs of all the lots."""
        none, nothing = np.zeros(0, dtype=np.intp), np.zeros(0)
        every = [cls(none, none, *[nothing] * 5), *lots]
        return cls(*(np.concatenate([getattr(lot, item.name) for lot in every]) for item in fields(cls)))


def frames_of(values: Geometries) -> Frames:
    """Return the frames of polygons, and the edges of their columns."""
    edges = edges_of(values)
    left, bottom, right, top = np.nan_to_num(shapely.bounds(values)).T
    count = np.maximum(np.bincount(edges.owner, minlength=len(values)) // PER_COLUMN, 1)
    step = np.where(right > left, right - left, 1.0) / count
    first = np.cumsum(count) - count
    column, edge, x1, y1, x2, slope = _in_columns(edges, left, bottom, step, count, first)
    side = edges.side[edge]
    area = side * (x2 - x1) * (y1 + slope * (x2 - x1) / 2)
    before = _sums_before(sum_by(area, column, int(count.sum())), first, count)
    return Frames(
        left,
        bottom,
        (right - left) * (1 + MARGIN),
        (top - bottom) * (1 + MARGIN),
        step,
        count,
        first,
        shapely.area(values),
        before,
        np.searchsorted(column, np.arange(count.sum() + 1)),
        x1,
        y1,
        x2,
        slope,
        side,
    )


def _sums_before(area: Floats, first: Integers, count: Integers) -> Floats:
    """Return for each column the sum of the areas before it in its zone, without the rounding of other zones."""
    reset = area.copy()
    reset[first[1:]] -= np.add.reduceat(area, first)[:-1]
    running = np.cumsum(reset) - area
    before: Floats = running - np.repeat(running[first], count)
    return before


def _in_columns(
    edges: Edges, left: Floats, bottom: Floats, step: Floats, count: Integers, first: Integers
) -> tuple[Integers, Integers, Floats, Floats, Floats, Floats]:
    """Return the pieces of edges in columns, sorted: column, edge, x1, y1, x2 and slope; upright edges have none."""
    long = np.flatnonzero(edges.x1 < edges.x2)
    owner = edges.owner[long]
    x1, x2 = edges.x1[long] - left[owner], edges.x2[long] - left[owner]
    start = np.minimum((x1 / step[owner]).astype(np.intp), count[owner] - 1)
    end = np.minimum((x2 / step[owner]).astype(np.intp), count[owner] - 1)
    item, rank = spread(end - start + 1)
    place = start[item] + rank
    column = first[owner[item]] + place
    order = np.argsort(column, kind="stable")
    item, place, column = item[order], place[order], column[order]
    width = step[owner[item]]
    low = np.maximum(x1[item], place * width)
    high = np.where(place == end[item], x2[item], (place + 1) * width)
    slope = (edges.y2[long] - edges.y1[long]) / (edges.x2[long] - edges.x1[long])
    y = (edges.y1[long] - bottom[owner])[item] + slope[item] * (low - x1[item])
    return column, long[item], low, y, high, slope[item]


def shared_areas(zones: Geometries, cover: Geometries) -> Shared:
    """Measure what zones and polygons of a cover share, for all the pairs whose bounds meet.

    So many zones at a time, from left to right, to spare memory. The polygons of the cover are prepared: they must
    belong to the caller alone.
    """
    outline = outline_of(cover, PIECE)
    pieces = shapely.STRtree(outline.boxes())
    order = np.argsort(np.nan_to_num(shapely.bounds(zones))[:, 0], kind="stable")
    lot = np.cumsum(shapely.get_num_coordinates(zones[order])) // FRAMED
    lots = np.split(order, np.flatnonzero(np.diff(lot)) + 1) if len(cover) else []
    told = _Told.joined([_swept(zones, np.sort(some), cover, outline, pieces) for some in lots if len(some)])
    area = told.area + np.where(within_each(cover, told.feature, told.x, told.y), told.whole, 0.0)
    rounding = np.where((area < -told.rounding) | (area > told.whole + told.rounding), np.inf, told.rounding)
    area = np.where(np.isfinite(rounding) & (np.abs(area - told.whole) <= rounding), told.whole, area)
    sort = np.lexsort([told.feature, told.zone])
    return Shared(told.zone[sort], told.feature[sort], area[sort], rounding[sort])


def _swept(zones: Geometries, some: Integers, cover: Geometries, outline: Outline, pieces: shapely.STRtree) -> _Told:
    """Measure what the edges of a cover delimit in the frames of some of the zones."""
    frames = frames_of(zones[some])
    right, top = frames.left + frames.width, frames.bottom + frames.height
    tree = shapely.STRtree(shapely.box(frames.left, frames.bottom, right, top))
    feature, zone = tree.query(cover)
    key = np.sort(zone * len(cover) + feature)
    zone, feature = key // len(cover), key % len(cover)

    def measure(near: Integers) -> list[Sums]:
        return list(_measured(frames, outline.edges(near), tree, key, len(cover)))

    area, rounding, ill = (np.zeros(len(key)) for _ in range(3))
    near = np.sort(pieces.query(shapely.box(*shapely.total_bounds(tree.geometries))))
    blocks = np.split(near, np.flatnonzero(np.diff(np.cumsum(outline.count[near]) // BLOCK)) + 1)
    for block in one_ahead(measure, ((some,) for some in blocks)):
        for pair, *sums in block:
            for total, values in zip((area, rounding, ill), sums, strict=True):
                total[pair] += values
    rounding[ill > 0] = np.inf
    return _Told(some[zone], feature, area, rounding, right[zone], top[zone], frames.area[zone])


def _measured(frames: Frames, edges: Edges, tree: shapely.STRtree, key: Integers, size: int) -> Iterator[Sums]:
    """Yield, batch by batch, the pairs met by edges, the area delimited, the rounding and the number of ill corners."""
    start = edges.run[:-1]
    run, zone = tree.query(run_boxes(edges))
    pair = np.searchsorted(key, zone * size + edges.owner[start[run]])
    for first in range(0, len(run), BATCH):
        some = slice(first, first + BATCH)
        known, rank = np.unique(pair[some], return_inverse=True)
        met = _met(frames, edges, run[some], zone[some], rank)
        yield known, *_delimited(frames, met, len(known))


def _met(frames: Frames, edges: Edges, run: Integers, zone: Integers, pair: Integers) -> _Met:
    """Return the edges of runs that enter the frame of a zone, or pass over its upper side."""
    item, rank = spread(edges.run[run + 1] - edges.run[run])
    edge, zone, pair = edges.run[run][item] + rank, zone[item], pair[item]
    left, bottom = frames.left[zone], frames.bottom[zone]
    x1, x2 = edges.x1[edge] - left, edges.x2[edge] - left
    y1, y2 = edges.y1[edge] - bottom, edges.y2[edge] - bottom
    enters = (x2 >= 0) & (x1 <= frames.width[zone])
    enters &= (np.maximum(y1, y2) >= 0) & (np.minimum(y1, y2) <= frames.height[zone])
    some = np.flatnonzero(enters)
    return _Met(zone[some], pair[some], x1[some], y1[some], x2[some], y2[some], edges.side[edge[some]])


def _delimited(frames: Frames, met: _Met, size: int) -> tuple[Floats, Floats, Floats]:
    """Return the area that edges delimit in each pair, the bound of its rounding, and the number of ill corners."""
    width, height = frames.width[met.zone], frames.height[met.zone]
    over = np.flatnonzero((met.y1 >= height) != (met.y2 >= height))
    at = met.x1[over] + (met.x2 - met.x1)[over] * ((height - met.y1)[over] / (met.y2 - met.y1)[over])
    low, high = np.maximum(met.x1, 0.0), np.minimum(met.x2, width)
    low[over] = np.where(met.y1[over] >= height[over], np.maximum(low[over], at), low[over])
    high[over] = np.where(met.y2[over] >= height[over], np.minimum(high[over], at), high[over])
    under = np.flatnonzero((low < high) & (np.minimum(met.y1, met.y2) < height))
    slope = (met.y2 - met.y1)[under] / (met.x2 - met.x1)[under]
    line = (met.x1[under], met.y1[under], slope, low[under], high[under])
    area = sum_by(met.side[under] * _under_lines(frames, met.zone[under], *line), met.pair[under], size)
    reach = np.maximum(np.maximum(np.abs(met.y1), np.abs(met.y2)), height)
    rounding = sum_by((high - low)[under] * reach[under], met.pair[under], size)
    near = np.abs(at - width[over]) <= 1e-9 * width[over] + 64 * EPSILON * (np.abs(met.x1) + np.abs(met.x2))[over]
    ill = sum_by(near, met.pair[over], size) + sum_by((met.y1 == height) | (met.y2 == height), met.pair, size)
    on = (at > 0) & (at < width[over])
    over, at = over[on], at[on]
    jump = met.side[over] * np.sign(met.y2 - met.y1)[over]
    area -= sum_by(jump * _left_of(frames, met.zone[over], at), met.pair[over], size)
    rounding += sum_by(width[over] * height[over], met.pair[over], size)
    return area, 16 * EPSILON * rounding, ill


def _left_of(frames: Frames, zone: Integers, x: Floats) -> Floats:
    """Return the area of each zone on the left of x."""
    place = np.minimum((x / frames.step[zone]).astype(np.intp), frames.count[zone] - 1)
    nothing = np.zeros(len(x))
    here = _under_lines(frames, zone, nothing, frames.height[zone], nothing, place * frames.step[zone], x)
    area: Floats = frames.before[frames.first[zone] + place] + here
    return area


def _under_lines(
    frames: Frames, zone: Integers, x: Floats, y: Floats, slope: Floats, low: Floats, high: Floats
) -> Floats:
    """Return the area of each zone under a line through (x, y), from `low` to `high`.

    Over a width h, the height d of the line over an edge goes straight from d1 to d2, and whether they cross or not
    ∫ max(0, d) = h (max(0, d1) + max(0, d2))² / (2 (|d1| + |d2|)).
    """
    step, last = frames.step[zone], frames.count[zone] - 1
    start = np.minimum((low / step).astype(np.intp), last)
    line, rank = spread(np.minimum((high / step).astype(np.intp), last) - start + 1)
    column = (frames.first[zone] + start)[line] + rank
    item, rank = spread(frames.edge[column + 1] - frames.edge[column])
    edge, line = frames.edge[column][item] + rank, line[item]
    ex, rise, tilt = frames.x1[edge], slope[line], frames.slope[edge]
    a = np.maximum(low[line], ex)
    h = np.maximum(np.minimum(high[line], frames.x2[edge]) - a, 0.0)
    d1 = y[line] - frames.y1[edge] + rise * (a - x[line]) - tilt * (a - ex)
    d2 = d1 + (rise - tilt) * h
    above = np.maximum(d1, 0.0) + np.maximum(d2, 0.0)
    apart = np.maximum(np.abs(d1) + np.abs(d2), TINY)
    return sum_by(-frames.side[edge] * h * above * (above / apart) / 2, line, len(zone))
