"""Edges of polygons: where they go, on which side the polygon lies, and the boxes in which they are looked up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from .grouped import Floats, Geometries, Integers, spread

__all__ = ["EPSILON", "Edges", "Outline", "edges_of", "outline_of", "run_boxes"]

RUN = 16  # edges that are looked up together
READ = 1_000_000  # vertices whose rings are read at once
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Edges:
    """Edges of polygons, from left (`x1`, `y1`) to right (`x2`, `y2`), in the order of their rings.

    `side` is 1 where the polygon lies under the edge, -1 where it lies over; `owner` is the polygon's position;
    `run` is where each run of at most 16 edges of one ring begins, and at last the number of edges.
    """

    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    side: Floats
    owner: Integers
    run: Integers


@dataclass(frozen=True)
class Outline:
    """Rings of polygons, in pieces whose edges are made when they are asked for.

    `points` are those of all the rings, one after the other; for each piece, its `first` point, its `count` of edges,
    the `owner`, position of its polygon, and the `side` of the edges that go to the right.
    """

    points: Floats
    first: Integers
    count: Integers
    owner: Integers
    side: Floats

    def edges(self, some: Integers | slice = slice(None)) -> Edges:
        """Return the edges of some of the pieces."""
        first, count = self.first[some], self.count[some]
        piece, rank = spread(count)
        start = first[piece] + rank
        (x1, y1), (x2, y2) = self.points[start].T, self.points[start + 1].T
        side, back = self.side[some][piece], x2 < x1
        of_piece, run = spread(-(-count // RUN))
        return Edges(
            np.minimum(x1, x2),
            np.where(back, y2, y1),
            np.maximum(x1, x2),
            np.where(back, y1, y2),
            np.where(back, -side, side),
            self.owner[some][piece],
            np.append((np.cumsum(count) - count)[of_piece] + run * RUN, len(start)),
        )

    def boxes(self) -> Geometries:
        """Return the box of each piece."""
        if not len(self.first):
            return np.zeros(0, dtype=object)
        last = self.points[self.first + self.count].T
        low = np.minimum([np.minimum.reduceat(values, self.first) for values in self.points.T], last)
        high = np.maximum([np.maximum.reduceat(values, self.first) for values in self.points.T], last)
        return np.asarray(shapely.box(*low, *high))


def outline_of(values: Geometries, longest: int | None = None) -> Outline:
    """Return the rings of polygons, cut in pieces of at most `longest` edges where it is given."""
    points = np.empty((int(shapely.get_num_coordinates(values).sum()), 2))
    lot = np.cumsum(shapely.get_num_coordinates(values)) // READ
    found, at = [], 0
    for some in np.split(np.arange(len(values)), np.flatnonzero(np.diff(lot)) + 1):
        xy, count, owner, side = _rings(values[some])
        points[at : at + len(xy)] = xy
        at += len(xy)
        found.append((count, some[owner], side))
    count, owner, side = (np.concatenate(columns) for columns in zip(*found, strict=True))
    first = np.cumsum(count) - count
    piece = int(count.max(initial=1)) if longest is None else longest
    ring, rank = spread(-(-(count - 1) // piece))
    return Outline(
        points, first[ring] + rank * piece, np.minimum(count[ring] - 1 - rank * piece, piece), owner[ring], side[ring]
    )


def _rings(values: Geometries) -> tuple[Floats, Integers, Integers, Floats]:
    """Return the points of the rings of polygons; for each ring, their count, its polygon and its side."""
    parts, of_value = shapely.get_parts(values, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    shell = np.diff(of_part, prepend=-1) > 0
    points, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = (points - points[np.flatnonzero(np.diff(ring, prepend=-1))][ring]).T
    turn = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)[: len(x)]
    turned = np.bincount(ring, turn, len(rings))
    return (
        points,
        np.bincount(ring, minlength=len(rings)),
        of_value[of_part],
        np.where((turned > 0) == shell, -1.0, 1.0),
    )


def edges_of(values: Geometries) -> Edges:
    """Return the edges of polygons, and on which side of each its polygon lies."""
    return outline_of(values).edges()


def run_boxes(edges: Edges) -> Geometries:
    """Return the box of each run of edges."""
    start = edges.run[:-1]
    if not len(start):
        return np.zeros(0, dtype=object)
    return np.asarray(
        shapely.box(
            np.minimum.reduceat(edges.x1, start),
            np.minimum.reduceat(np.minimum(edges.y1, edges.y2), start),
            np.maximum.reduceat(edges.x2, start),
            np.maximum.reduceat(np.maximum(edges.y1, edges.y2), start),
        )
    )
