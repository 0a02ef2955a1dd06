"""Edges of polygons: where they go, on which side the polygon lies, and the boxes in which they are looked up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from .grouped import Floats, Geometries, Integers, spread

__all__ = ["EPSILON", "Edges", "edges_of", "edges_of_rings", "rings_of", "run_boxes"]

RUN = 16  # edges that are looked up together
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


def edges_of(values: Geometries) -> Edges:
    """Return the edges of polygons, and on which side of each its polygon lies."""
    return edges_of_rings(*rings_of(values))


def rings_of(values: Geometries) -> tuple[Geometries, Integers, npt.NDArray[np.bool_]]:
    """Return the rings of polygons, the position of their polygon, and which are shells."""
    parts, of_value = shapely.get_parts(values, return_index=True)
    rings, of_part = shapely.getrings_of(parts, return_index=True)
    return rings, of_value[of_part], np.diff(of_part, prepend=-1) > 0


def edges_of_rings(rings: Geometries, owner: Integers, shell: npt.NDArray[np.bool_]) -> Edges:
    """Return the edges of rings."""
    points, ring = shapely.get_coordinates(rings, return_index=True)
    new = np.flatnonzero(np.diff(ring, prepend=-1))
    start = np.delete(np.arange(len(points)), np.append(new[1:], len(points)) - 1) if len(points) else new
    ring = ring[start]
    (x1, y1), (x2, y2) = points[start].T, points[start + 1].T
    x0, y0 = points[new][ring].T
    turn = np.bincount(ring, (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0), len(rings))
    under = np.where((turn > 0) == shell, -1.0, 1.0)[ring]
    back = x2 < x1
    count = np.bincount(ring, minlength=len(rings))
    of_ring, rank = spread(-(-count // RUN))
    return Edges(
        np.minimum(x1, x2),
        np.where(back, y2, y1),
        np.maximum(x1, x2),
        np.where(back, y1, y2),
        np.where(back, -under, under),
        owner[ring],
        np.append((np.cumsum(count) - count)[of_ring] + rank * RUN, len(ring)),
    )


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
