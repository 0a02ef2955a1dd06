"""Habitat graph: patches as nodes, dispersal as links, and the probability of connectivity (PC)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

__all__ = ["NEGLIGIBLE", "Graph", "best_probabilities", "connectivity_mass", "habitat_graph", "patches"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
#: Links less probable than this are left out: their sum can't be seen in the index.
NEGLIGIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Graph:
    """Patches and the links between them.

    Attributes
    ----------
    area : ndarray
        Area of each patch, m².
    left, right : ndarray of int
        Ends of each link, left < right.
    distance_m : ndarray
        Distance from edge to edge.
    probability : ndarray
        Probability of direct dispersal, in [0, 1].
    cut : ndarray of bool
        Links that works cut.
    """

    area: Floats
    left: Integers
    right: Integers
    distance_m: Floats
    probability: Floats
    cut: npt.NDArray[np.bool_]


def patches(areas: npt.NDArray[Any], taken: Any = None) -> npt.NDArray[Any]:
    """Return the separate patches that areas make together, what is taken left out, from west to east.

    Examples
    --------
    >>> [part.area for part in patches(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]))]
    [3.0]
    """
    whole = shapely.union_all(areas)
    parts = shapely.get_parts(whole if taken is None else shapely.difference(whole, taken))
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0)]
    ordered: npt.NDArray[Any] = parts[np.lexsort(shapely.bounds(parts).T[::-1])]
    return ordered


def habitat_graph(
    nodes: npt.NDArray[Any],
    *,
    median_m: float,
    works: Any = None,
    corridors: Any = None,
    permeability: float = 0.0,
) -> Graph:
    r"""Link patches by the probability of dispersal from edge to edge.

    Parameters
    ----------
    nodes : ndarray of Polygon
        Patches, projected, in metres.
    median_m : float
        Distance that half of the dispersers exceed.
    works : geometry, optional
        Ground that works take.
    corridors : geometry, optional
        Corridors: a link along which a corridor joins both patches is cut only when works sever that corridor.
    permeability : float
        Share of the dispersers that still pass where works cut a link.

    Returns
    -------
    Graph

    Notes
    -----
    :math:`p_{ij} = \exp(-\ln 2\; d_{ij} / m)`: one half at the median distance *m*. Pairs less probable than
    :data:`NEGLIGIBLE` have no link.

    Examples
    --------
    >>> graph = habitat_graph(np.array([shapely.box(0, 0, 10, 10), shapely.box(110, 0, 120, 10)]), median_m=100)
    >>> graph.distance_m.tolist(), graph.probability.round(12).tolist()
    ([100.0], [0.5])
    """
    reach = -np.log2(NEGLIGIBLE) * median_m
    left, right = shapely.STRtree(nodes).query(nodes, predicate="dwithin", distance=reach)
    left, right = left[left < right], right[left < right]
    order = np.lexsort([right, left])
    left, right = left[order], right[order]
    distance = shapely.distance(nodes[left], nodes[right])
    cut = _cut(nodes, left, right, works, corridors)
    probability = np.exp2(-distance / median_m) * np.where(cut, permeability, 1.0)
    return Graph(shapely.area(nodes), left, right, distance, probability, cut)


def _cut(nodes: npt.NDArray[Any], left: Integers, right: Integers, works: Any, corridors: Any) -> npt.NDArray[np.bool_]:
    """Tell which links works cut: the corridor that joins both patches, or else the straight line between them."""
    if works is None or works.is_empty or not len(left):
        return np.zeros(len(left), dtype=bool)
    shapely.prepare(works)
    lines = shapely.shortest_line(nodes[left], nodes[right])
    crossed: npt.NDArray[np.bool_] = np.asarray(shapely.intersects(lines, works))
    crossed[crossed] = shapely.length(shapely.intersection(lines[crossed], works)) > 0
    if corridors is None or corridors.is_empty:
        return crossed
    before, after = (_joined(nodes, left, right, shape) for shape in (corridors, shapely.difference(corridors, works)))
    return np.where(before, ~after, crossed)


def _joined(nodes: npt.NDArray[Any], left: Integers, right: Integers, corridors: Any) -> npt.NDArray[np.bool_]:
    """Tell which pairs of patches one and the same piece of corridor touches."""
    parts = shapely.get_parts(corridors)
    node, part = shapely.STRtree(parts).query(nodes, predicate="intersects")
    touches = np.zeros((len(nodes), len(parts)), dtype=bool)
    touches[node, part] = True
    return np.asarray((touches[left] & touches[right]).any(axis=1))


def best_probabilities(graph: Graph) -> Floats:
    """Return the highest product of probabilities along any path, for each pair of patches.

    Examples
    --------
    >>> row = np.array([shapely.box(x, 0, x + 10, 10) for x in (0, 110, 220)])
    >>> best_probabilities(habitat_graph(row, median_m=100)).round(12).tolist()
    [[1.0, 0.5, 0.25], [0.5, 1.0, 0.5], [0.25, 0.5, 1.0]]
    """
    some = graph.probability > 0
    weight = np.maximum(-np.log(graph.probability[some]), 0.0)
    count = len(graph.area)
    links = coo_array((weight, (graph.left[some], graph.right[some])), shape=(count, count)).tocsr()
    best: Floats = np.exp(-dijkstra(links, directed=False))
    return best


def connectivity_mass(graph: Graph) -> Floats:
    """Return :math:`a_i a_j p^*_{ij}` for each pair, in m⁴: its sum over the squared area of the land is PC."""
    return np.outer(graph.area, graph.area) * best_probabilities(graph)
