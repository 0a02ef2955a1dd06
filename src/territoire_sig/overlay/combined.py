"""Several covers at once: the area of every combination of their classes in each zone, without the geometry.

The frame of a zone is cut in level bands, and the edges of the zone and of the covers with them; bands are summed slab
by slab (:mod:`territoire_sig.overlay.slabs`). The classes at the bottom of a band are told by the lower left corner of
the frame, by the edges that enter the frame from the left under the band, and by those that cross its bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

from .edges import EPSILON, Edges, edges_of, run_boxes
from .grouped import Floats, Geometries, Integers, spread, sum_by, within_each
from .slabs import Cells, Field, Jumps, Lines, grouped, joined, running, summed
from .subdivision import Parts
from .threads import THREADS

__all__ = ["Combined", "combined_areas"]

LOT = 20_000  # edges that a thread takes at once
PER_BAND = 12  # edges of a frame a band
MOST = 4_000_000  # edges in slabs of a frame above which it is measured otherwise
MARGINS = (0.0123456789, 0.0271828183)  # a frame is wider and higher than its zone: its corner is on no likely edge
NEAR = 64 * EPSILON
SAME = 1e-10

Box = tuple[Floats, Floats, Floats, Floats]
Pairs = tuple[Integers, Integers]


@dataclass(frozen=True)
class Combined:
    """Areas of the combinations: the position of the `zone`, its class under each cover (-1: none), the `area`.

    `doubtful` are the zones to measure otherwise: those whose areas do not add up, whose corner lies too near an edge,
    or in which thousands of long edges cross.
    """

    zone: Integers
    codes: tuple[Integers, ...]
    area: Floats
    doubtful: Integers


@dataclass(frozen=True)
class _Layer:
    """A cover, or the zones: polygons, the class of each from 1, their edges, and the tree of the runs of edges."""

    geometry: Geometries
    number: Integers
    edges: Edges
    tree: shapely.STRtree
    field: Field


def combined_areas(zones: Parts, covers: Sequence[Parts], size: int) -> Combined:
    """Measure every combination of the classes of covers in zones.

    Parameters
    ----------
    zones : Parts
        Polygons; the parts of one zone are disjoint.
    covers : sequence of Parts
        Polygons; those of one cover are disjoint. They are prepared: they must belong to the caller alone.
    size : int
        How many zones there are.
    """
    fields = Field.of([1, *(int(cover.source.max(initial=0)) + 1 for cover in covers)])
    own = Parts(zones.geometry, np.zeros(len(zones.source), dtype=np.intp))
    layers = [_layer(cover, field) for cover, field in zip([own, *covers], fields, strict=True)]
    frames = _framed(zones.geometry)
    corners = [_corners(layer, frames) for layer in layers[1:]]
    hits = [_own_runs(layers[0].edges), *(_hits(layer, frames) for layer in layers[1:])]

    def measure(some: slice) -> tuple[Integers, Floats, Integers]:
        mine = (frames[0][some], frames[1][some], frames[2][some], frames[3][some])
        lines = [_entering(layer, mine, *_between(hit, some)) for layer, hit in zip(layers, hits, strict=True)]
        base = _base([_between(corner, some) for corner in corners], fields, len(mine[0]))
        return _measured(joined(lines), mine, base, zones.source[some], fields[0])

    with ThreadPoolExecutor(THREADS) as pool:
        lots = list(pool.map(measure, _lots(hits, len(zones.geometry))))
    return _gathered(lots, zones, fields, size)


def _layer(parts: Parts, field: Field) -> _Layer:
    edges = edges_of(parts.geometry)
    return _Layer(parts.geometry, parts.source + 1, edges, shapely.STRtree(run_boxes(edges)), field)


def _framed(values: Geometries) -> Box:
    """Return the frames of polygons: left, bottom, width, height."""
    left, bottom, right, top = np.nan_to_num(shapely.bounds(values)).T
    wide, high = np.maximum(right - left, 1e-9), np.maximum(top - bottom, 1e-9)
    beside, under = MARGINS
    return left - beside * wide, bottom - under * high, wide * (1 + 2.3 * beside), high * (1 + 2.3 * under)


def _corners(layer: _Layer, frames: Box) -> Pairs:
    """Return the frames whose lower left corner is in a polygon of the layer, sorted, and the class of that polygon."""
    left, bottom, _, _ = frames
    feature, frame = shapely.STRtree(shapely.points(left, bottom)).query(layer.geometry)
    within = within_each(layer.geometry, feature, left[frame], bottom[frame])
    frame, feature = frame[within], feature[within]
    order = np.argsort(frame, kind="stable")
    return frame[order], layer.number[feature[order]]


def _own_runs(edges: Edges) -> Pairs:
    """Return the pairs (frame, run of edges) of zones and their own edges."""
    return edges.owner[edges.run[:-1]], np.arange(len(edges.run) - 1)


def _hits(layer: _Layer, frames: Box) -> Pairs:
    """Return the pairs (frame, run of edges) that meet, sorted by frame."""
    left, bottom, width, height = frames
    frame, run = layer.tree.query(shapely.box(left, bottom, left + width, bottom + height))
    return frame, run


def _lots(hits: Sequence[Pairs], size: int) -> list[slice]:
    """Return slices of the frames that hold about as many edges each."""
    weight = sum((np.bincount(frame, minlength=size) for frame, _ in hits), np.zeros(size, dtype=np.intp))
    ends = np.flatnonzero(np.diff(np.cumsum(weight) * 16 // LOT, append=-1)) + 1
    return [slice(int(first), int(last)) for first, last in zip([0, *ends[:-1]], ends, strict=False)]


def _between(pairs: Pairs, some: slice) -> Pairs:
    """Return the pairs (frame, value) of a slice of the frames, told from the first."""
    first, last = np.searchsorted(pairs[0], [some.start, some.stop])
    return pairs[0][first:last] - some.start, pairs[1][first:last]


def _base(corners: Sequence[Pairs], fields: Sequence[Field], size: int) -> list[Integers]:
    """Return the states at the corner of frames."""
    states = [np.zeros(size, dtype=np.intp) for _ in range(fields[-1].pack + 1)]
    for (frame, number), field in zip(corners, fields[1:], strict=True):
        np.add.at(states[field.pack], frame, field.entered(number))
    return states


def _entering(layer: _Layer, frames: Box, frame: Integers, run: Integers) -> Lines:
    """Return the edges of runs that enter their frame."""
    edges, (left, bottom, width, height) = layer.edges, frames
    item, place = spread(edges.run[run + 1] - edges.run[run])
    edge, cell = edges.run[run][item] + place, frame[item]
    x1, x2 = edges.x1[edge] - left[cell], edges.x2[edge] - left[cell]
    y1, y2 = edges.y1[edge] - bottom[cell], edges.y2[edge] - bottom[cell]
    enters = (x2 >= 0) & (x1 <= width[cell]) & (np.maximum(y1, y2) >= 0) & (np.minimum(y1, y2) <= height[cell])
    some = np.flatnonzero(enters)
    up = layer.field.entered(layer.number[edges.owner[edge[some]]])
    up = np.where(edges.side[edge[some]] > 0, -up, up)
    pack = np.full(len(some), layer.field.pack)
    return Lines(cell[some], x1[some], y1[some], x2[some], y2[some], pack, up)


def _measured(
    lines: Lines, frames: Box, base: Sequence[Integers], zone: Integers, own: Field
) -> tuple[Integers, Floats, Integers]:
    """Return rows (zone, states…), their areas, and the zones in doubt."""
    _, _, width, height = frames
    lines, ill = _within_width(lines, width)
    count = _bands(lines, height)
    alive = sum_by(lines.x2 - lines.x1, lines.cell, len(width)) / width
    crowded = alive * np.bincount(lines.cell, minlength=len(width)) / count > MOST
    lines = lines[np.flatnonzero(~crowded[lines.cell])]
    first = np.cumsum(count) - count
    frame, rank = spread(count)
    step = height / count
    cells = Cells(np.zeros(len(frame)), width[frame], rank * step[frame], (rank + 1) * step[frame], zone[frame])
    states = _on_the_left(lines, base, first, count, step)
    pieces, jumps = _banded(lines, first, count, step)
    rows, area = summed(pieces, jumps, states, cells, own)
    return rows, area, zone[np.concatenate([ill, np.flatnonzero(crowded)])]


def _within_width(lines: Lines, width: Floats) -> tuple[Lines, Integers]:
    """Return the edges, cut at the sides of their frame, and the frames whose corner is too near one of them."""
    slope = np.divide(lines.y2 - lines.y1, lines.x2 - lines.x1, out=np.zeros(len(lines.x1)), where=lines.x2 > lines.x1)
    right = width[lines.cell]
    before, beyond = np.flatnonzero(lines.x1 < 0), np.flatnonzero(lines.x2 > right)
    x1, y1, x2, y2 = (getattr(lines, name).copy() for name in ("x1", "y1", "x2", "y2"))
    y1[before] -= slope[before] * x1[before]
    x1[before] = 0.0
    y2[beyond] -= slope[beyond] * (x2[beyond] - right[beyond])
    x2[beyond] = right[beyond]
    reach = np.abs(lines.y1) + np.abs(lines.y2)
    near = (x1 <= 0) & (np.abs(y1) <= 1e-9 * right + NEAR * reach)
    return Lines(lines.cell, x1, y1, x2, y2, lines.pack, lines.up), lines.cell[near | (lines.x1 == 0)]


def _bands(lines: Lines, height: Floats) -> Integers:
    """Return in how many bands to cut each frame: of few edges, and not so low that most edges go through several."""
    size = len(height)
    count = np.maximum(np.bincount(lines.cell, minlength=size) // PER_BAND, 1)
    tall = sum_by(np.minimum(np.abs(lines.y2 - lines.y1), height[lines.cell]), lines.cell, size)
    few = PER_BAND * count * height / np.maximum(tall, 1e-300)
    return np.clip(few, 1, count).astype(np.intp)


def _on_the_left(
    lines: Lines, base: Sequence[Integers], first: Integers, count: Integers, step: Floats
) -> list[Integers]:
    """Return the states at the lower left corner of each band: those of the frame, and the edges passed on the way."""
    entering = np.flatnonzero((lines.x1 == 0) & (lines.x2 > 0) & (lines.y1 >= 0))
    frame = lines.cell[entering]
    band = np.floor(lines.y1[entering] / step[frame]).astype(np.intp) + 1
    some = np.flatnonzero(band < count[frame])
    entering, place = entering[some], first[frame[some]] + band[some]
    states = []
    for pack, corner in enumerate(base):
        passed = np.zeros(int(count.sum()), dtype=np.intp)
        mine = lines.pack[entering] == pack
        np.add.at(passed, place[mine], lines.up[entering[mine]])
        passed[first] += corner
        states.append(running(passed, first))
    return states


def _banded(lines: Lines, first: Integers, count: Integers, step: Floats) -> tuple[Lines, Jumps]:
    """Return the edges cut in the bands of their frame, and the jumps where they cross the bottom of a band."""
    last, height = count[lines.cell] - 1, step[lines.cell]
    low, high = np.minimum(lines.y1, lines.y2), np.maximum(lines.y1, lines.y2)
    lowest, highest = (np.clip(np.floor(y / height), -1, last + 1).astype(np.intp) for y in (low, high))
    item, rank = spread(np.maximum(np.minimum(highest, last) - np.maximum(lowest, 0) + 1, 0))
    band = np.maximum(lowest, 0)[item] + rank
    cell = first[lines.cell[item]] + band
    from_below, to_above = band > lowest[item], band < highest[item]
    rises = lines.y2[item] >= lines.y1[item]
    under, over = (_crossing(lines, item, level * height[item]) for level in (band, band + 1))
    comes_in, goes_out = np.where(rises, from_below, to_above), np.where(rises, to_above, from_below)
    left = np.where(comes_in, np.where(rises, under, over), lines.x1[item])
    right = np.where(goes_out, np.where(rises, over, under), lines.x2[item])
    some = np.flatnonzero(from_below)
    up = lines.up[item[some]]
    jumps = Jumps(cell[some], under[some], lines.pack[item[some]], np.where(rises[some], -up, up))
    return _pieces(lines, item, cell, left, right), jumps


def _crossing(lines: Lines, item: Integers, y: Floats) -> Floats:
    """Return where edges are at a height, between their ends."""
    x1, x2, y1, y2 = lines.x1[item], lines.x2[item], lines.y1[item], lines.y2[item]
    along = np.divide(y - y1, y2 - y1, out=np.zeros(len(y)), where=y2 != y1)
    return np.asarray(np.clip(x1 + (x2 - x1) * along, x1, x2))


def _pieces(lines: Lines, item: Integers, cell: Integers, left: Floats, right: Floats) -> Lines:
    """Return the pieces of edges from `left` to `right`; upright ones are left out."""
    some = np.flatnonzero(left < right)
    item, left, right = item[some], left[some], right[some]
    x1, y1 = lines.x1[item], lines.y1[item]
    slope = (lines.y2[item] - y1) / (lines.x2[item] - x1)
    y_left, y_right = y1 + slope * (left - x1), y1 + slope * (right - x1)
    return Lines(cell[some], left, y_left, right, y_right, lines.pack[item], lines.up[item])


def _gathered(
    lots: Sequence[tuple[Integers, Floats, Integers]], zones: Parts, fields: Sequence[Field], size: int
) -> Combined:
    """Return the rows of all lots, those of one zone and classes as one, and the zones in doubt."""
    none = np.zeros(0, dtype=np.intp)
    rows = np.concatenate([np.zeros((0, fields[-1].pack + 2), dtype=np.intp), *(lot[0] for lot in lots)])
    area = np.concatenate([np.zeros(0), *(lot[1] for lot in lots)])
    codes = [field.code(rows[:, 1 + field.pack]) for field in fields[1:]]
    rows, area = grouped([rows[:, 0], *codes], area)
    whole = sum_by(shapely.area(zones.geometry), zones.source, size)
    gap = np.abs(sum_by(area, rows[:, 0], size) - whole)
    doubtful = np.concatenate([none, *(lot[2] for lot in lots), np.flatnonzero(gap > SAME * whole)])
    return Combined(rows[:, 0], tuple(rows.T[1:]), area, np.unique(doubtful))
