"""Networks: lines made into nodes and straight edges, with what does not hold together counted.

Lines meet where they share a vertex, and where an end of one, first or last point, lies within a tolerance of another.
Where they cross without a common vertex they meet or not (a bridge) according to the rule asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..errors import EmptyLayerError
from ..texts import Text
from .checks import Geometries, Origin, geometries, origin_of, same_crs
from .pairs import Floats
from .subdivision import Integers

__all__ = ["Junctions", "Network", "build_network"]

#: ``vertices``: lines meet at common vertices; ``crossings``: wherever they cross; ``auto``: see :func:`build_network`.
Junctions: TypeAlias = Literal["auto", "vertices", "crossings"]
#: Vertices nearer than this are one node.
SAME_M = 1e-3
#: Networks kept in memory, so that many measures on one layer build it once.
KEPT = 4


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and straight edges; told about a local origin.

    Attributes
    ----------
    nodes : array (n, 2)
        Coordinates less `origin`, in metres.
    start, end : array of int
        Nodes of each edge, in the direction in which its line was drawn.
    line : array of int
        Position of the line of each edge; -1 for a join within the tolerance.
    length_m : array of float
        Above 0.
    crossings : int
        Places where two lines cross without a common vertex, but for ends of lines, which are joined.
    joined : bool
        Whether those are junctions of this network.
    zero_length : int
        Edges of no length that were left out.
    """

    nodes: Floats
    start: Integers
    end: Integers
    line: Integers
    length_m: Floats
    crossings: int
    joined: bool
    zero_length: int
    origin: Origin
    crs: CRS

    @cached_property
    def island(self) -> Integers:
        """Return the number of the island (connected component) of each node, the longest first."""
        count, label = connected_components(
            coo_array((np.ones(len(self.start)), (self.start, self.end)), shape=(len(self.nodes),) * 2), directed=False
        )
        length = np.bincount(label[self.start], self.length_m, minlength=count)
        rank = np.empty(count, dtype=np.intp)
        rank[np.argsort(-length, kind="stable")] = np.arange(count)
        named: Integers = rank[label]
        return named

    @property
    def islands(self) -> int:
        """Return how many islands there are."""
        return int(self.island.max(initial=-1)) + 1

    @property
    def main_share(self) -> float:
        """Return the share of the length of the lines (joins left out) that lies on the longest island."""
        drawn = self.line >= 0
        main = drawn & (self.island[self.start] == 0)
        return float(self.length_m[main].sum() / self.length_m[drawn].sum())

    @cached_property
    def edges(self) -> Geometries:
        """Return the edges as lines."""
        return lines_between(self.nodes[self.start], self.nodes[self.end])

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Return a search tree of the edges."""
        return shapely.STRtree(self.edges)


@dataclass(frozen=True)
class _Lines:
    """Lines told apart by their coordinates: what a network is kept under."""

    key: bytes
    values: Geometries = field(compare=False)
    origin: Origin
    crs: CRS = field(compare=False)


def build_network(lines: gpd.GeoDataFrame, *, junctions: Junctions = "auto", tolerance_m: float = 1.0) -> Network:
    """Make lines into a network.

    Parameters
    ----------
    lines : GeoDataFrame
        Lines, projected, in metres. Edges of no length are left out, and counted.
    junctions : {"auto", "vertices", "crossings"}
        Where lines meet. ``vertices``: at common vertices (BD TOPO, OpenStreetMap: a bridge is no junction).
        ``crossings``: wherever they cross, bridges included (lines drawn without noding). ``auto``: the second
        where crossings without a common vertex outnumber the junctions at common vertices, else the first.
    tolerance_m : float, default 1
        An end of a line this near to another edge is joined to it, by an edge of the length of the gap, whatever else
        meets at that end.

    Returns
    -------
    Network

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the lines cannot be measured.
    EmptyLayerError
        Where no line has a length.

    Examples
    --------
    >>> streets = [shapely.LineString([(0, 5), (10, 5)]), shapely.LineString([(5, 0), (5, 10)])]
    >>> lines = gpd.GeoDataFrame(geometry=streets, crs="EPSG:2154")
    >>> build_network(lines, junctions="vertices").islands, build_network(lines, junctions="crossings").islands
    (2, 1)
    """
    crs = same_crs(lines=lines)
    origin = origin_of(lines)
    values = geometries(lines, "lines", "line", origin=origin)
    digest = blake2b(b"".join(shapely.to_wkb(values)), digest_size=16).digest()
    return _network(_Lines(digest + str(crs).encode(), values, origin, crs), junctions, float(tolerance_m))


@lru_cache(maxsize=KEPT)
def _network(lines: _Lines, junctions: Junctions, tolerance_m: float) -> Network:
    """Build the network: segments, then what splits them, then the edges between."""
    tails, heads, line, tip, zero = _segments(lines.values)
    if not len(tails):
        raise EmptyLayerError(
            Text("aucune ligne n'a de longueur : pas de réseau", "no line has a length: there is no network"),
            Text("donnez des lignes de deux points au moins.", "give lines of two points at least."),
            layer="lines",
        )
    segments = lines_between(tails, heads)
    ends = numbered(np.concatenate([tails, heads]))
    start, end = np.split(ends, 2)
    segment, place = _crossings(segments, start, end)
    junction = np.bincount(_degrees(start, end), minlength=3)[3:].sum()
    crossings = _bare(place, np.concatenate([tails, heads])[tip])
    joined = junctions == "crossings" or (junctions == "auto" and crossings > junction)
    if not joined:
        segment, place = segment[:0], place[:0]
    gap, near, at = _gaps(segments, np.concatenate([tails, heads])[tip], ends[tip], (start, end), tolerance_m)
    edge_from, edge_to, owner = _split(tails, heads, np.append(segment, near), np.concatenate([place, at]))
    edge_from, edge_to = np.concatenate([edge_from, gap]), np.concatenate([edge_to, at])
    owner = np.append(line[owner], np.full(len(gap), -1))
    nodes, start, end, owner, length = _edges(edge_from, edge_to, owner)
    return Network(nodes, start, end, owner, length, crossings, joined, zero, lines.origin, lines.crs)


def lines_between(tails: Floats, heads: Floats) -> Geometries:
    """Return straight lines."""
    made: Geometries = shapely.linestrings(np.stack([tails, heads], axis=1))
    return made


def numbered(points: Floats) -> Integers:
    """Return a number for each point; those of the same place, to a millimetre, bear the same."""
    _, number = np.unique(np.round(points / SAME_M), axis=0, return_inverse=True)
    named: Integers = number.ravel().astype(np.intp)
    return named


def _segments(values: Geometries) -> tuple[Floats, Floats, Integers, npt.NDArray[np.bool_], int]:
    """Return the two ends of each stretch between vertices, its line, what ends a line, how many have no length.

    What ends a line is told of the first ends, then of the last ones.
    """
    parts, owner = shapely.get_parts(values, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    follows = part[1:] == part[:-1]
    tails, heads, line = points[:-1][follows], points[1:][follows], owner[part[1:][follows]]
    long = np.hypot(*(heads - tails).T) >= SAME_M
    own = part[1:][follows][long]
    turns = own[1:] != own[:-1]
    tip = np.concatenate([np.append(True, turns), np.append(turns, True)]) if len(own) else np.zeros(0, dtype=bool)
    return tails[long], heads[long], line[long].astype(np.intp), tip, int((~long).sum())


def _degrees(start: Integers, end: Integers) -> Integers:
    """Return how many edges meet at each node, those drawn twice counted once."""
    pairs = np.unique(np.sort(np.stack([start, end]), axis=0), axis=1)
    degree: Integers = np.bincount(pairs.ravel(), minlength=2).astype(np.intp)
    return degree


def _crossings(segments: Geometries, start: Integers, end: Integers) -> tuple[Integers, Floats]:
    """Return where segments without a common node meet: each segment with each such place."""
    one, other = shapely.STRtree(segments).query(segments, predicate="intersects")
    apart = (one < other) & (start[one] != start[other]) & (start[one] != end[other])
    apart &= (end[one] != start[other]) & (end[one] != end[other])
    one, other = one[apart], other[apart]
    places, pair = shapely.get_coordinates(shapely.intersection(segments[one], segments[other]), return_index=True)
    return np.append(one[pair], other[pair]).astype(np.intp), np.concatenate([places, places])


def _bare(places: Floats, tips: Floats) -> int:
    """Return how many places there are where lines cross, but at ends of lines, which are joined there anyway."""
    number = numbered(np.concatenate([tips, places]))
    return len(np.setdiff1d(number[len(tips) :], number[: len(tips)]))


def _gaps(
    segments: Geometries, tips: Floats, nodes: Integers, ends: tuple[Integers, Integers], tolerance_m: float
) -> tuple[Floats, Integers, Floats]:
    """Return each end of a line within the tolerance of a segment that it is not on, the segment, and the place."""
    nodes, first = np.unique(nodes, return_index=True)
    tips = tips[first]
    dots = shapely.points(tips)
    dot, near = shapely.STRtree(segments).query(dots, predicate="dwithin", distance=tolerance_m)
    other = (ends[0][near] != nodes[dot]) & (ends[1][near] != nodes[dot])
    dot, near = dot[other], near[other]
    along = shapely.line_locate_point(segments[near], dots[dot])
    places = shapely.get_coordinates(shapely.line_interpolate_point(segments[near], along))
    return tips[dot], near.astype(np.intp), places


def _split(tails: Floats, heads: Floats, segment: Integers, place: Floats) -> tuple[Floats, Floats, Integers]:
    """Return the stretches of segments between the places that split them, and the segment of each."""
    count = np.arange(len(tails))
    owner = np.concatenate([count, segment, count])
    points = np.concatenate([tails, place, heads])
    along = np.hypot(*(points - tails[owner]).T)
    along[: len(tails)], along[len(owner) - len(tails) :] = -1.0, np.inf
    order = np.lexsort([along, owner])
    owner, points = owner[order], points[order]
    follows = owner[1:] == owner[:-1]
    return points[:-1][follows], points[1:][follows], owner[1:][follows]


def _edges(
    tails: Floats, heads: Floats, line: npt.NDArray[np.integer]
) -> tuple[Floats, Integers, Integers, Integers, Floats]:
    """Return nodes and edges, in an order that is that of their places, not of the lines."""
    points = np.concatenate([tails, heads])
    number = numbered(points)
    nodes = np.empty((number.max() + 1, 2))
    nodes[number[::-1]] = points[::-1]
    start, end = np.split(number, 2)
    length = np.hypot(*(nodes[end] - nodes[start]).T)
    order = np.lexsort([line, end, start])
    order = order[start[order] != end[order]]
    return nodes, start[order], end[order], line[order].astype(np.intp), length[order]
