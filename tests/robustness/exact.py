"""Areas in rational arithmetic: no rounding, no snapping, no library of geometry; slow and right.

A floating-point coordinate is a fraction; so is the place where two edges cross. Between two neighbouring
heights (of vertices and crossings), edges do not cross: the slab is a row of trapezoids, as wide as in the middle.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from operator import itemgetter

import numpy as np
import shapely


def common_area(zone, features, outside=False):
    """Return the area of a polygon that at least one of `features` covers (or none of them, if `outside`)."""
    if zone.is_empty:
        return 0.0
    edges = [edge for number, shape in enumerate([zone, *features]) for edge in _edges(shape, number)]
    low, high = Fraction(zone.bounds[1]), Fraction(zone.bounds[3])
    heights = {low, high, *(y for edge in edges for y in (edge[1], edge[3])), *_crossings(edges)}
    slabs = _slabs(edges, sorted(y for y in heights if low <= y <= high))
    return float(sum((_slab(crossed, y, top, outside) for y, top, crossed in slabs), Fraction(0)))


def _edges(shape, number):
    """Yield the edges of a polygon that climb or fall: lower end, higher end, number of the polygon, slope."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    for start, end in zip(points[:-1][ring[1:] == ring[:-1]], points[1:][ring[1:] == ring[:-1]], strict=True):
        if start[1] != end[1]:
            low, high = (start, end) if start[1] < end[1] else (end, start)
            x1, y1, x2, y2 = map(Fraction, (*low, *high))
            yield x1, y1, x2, y2, number, (x2 - x1) / (y2 - y1)


def _crossings(edges):
    """Yield the heights at which the edges of two polygons cross."""
    lines = shapely.linestrings([[[float(e[0]), float(e[1])], [float(e[2]), float(e[3])]] for e in edges])
    pairs = shapely.STRtree(lines).query(lines).T if len(lines) else np.empty((0, 2), dtype=int)
    for one, other in pairs[pairs[:, 0] < pairs[:, 1]]:
        x1, y1, x2, y2, owner, _ = edges[one]
        x3, y3, x4, y4, other_owner, _ = edges[other]
        if owner == other_owner:
            continue
        turn = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
        if turn:
            along = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / turn
            yield y1 + along * (y2 - y1)


def _slabs(edges, heights):
    """Yield each pair of neighbouring heights, with the edges between them."""
    waiting = sorted(edges, key=lambda edge: edge[1])
    active, taken = [], 0
    for low, high in pairwise(heights):
        while taken < len(waiting) and waiting[taken][1] <= low:
            active.append(waiting[taken])
            taken += 1
        active = [edge for edge in active if edge[3] > low]
        yield low, high, active


def _slab(edges, low, high, outside):
    """Return the area between two heights that is in the zone, and in a feature (or in none)."""
    middle = (low + high) / 2
    crossed = sorted(((x1 + slope * (middle - y1), owner) for x1, y1, _, _, owner, slope in edges), key=itemgetter(0))
    inside, total = set(), Fraction(0)
    for (left, owner), (right, _) in pairwise(crossed):
        inside ^= {owner}
        if 0 in inside and (len(inside) == 1) == outside:
            total += right - left
    return total * (high - low)
