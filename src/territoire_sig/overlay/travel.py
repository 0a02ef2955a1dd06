"""Travel times over a network, from points to points: on foot, by bike, and with what runs between stops.

A point is joined to the nearest place of the nearest edge that is open; this leg is travelled at the access speed,
and its length is told. Where a point is farther than the reach, or no way leads, the time is NaN: unreachable.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..errors import InvalidValueError, ParameterError
from ..texts import Text
from .chains import Arcs, contracted
from .checks import geometries, same_crs, unique_index
from .network import SAME_M, Network
from .pairs import Floats
from .subdivision import Integers
from .transit import Transit

__all__ = ["Nearest", "Snaps", "TravelTimes", "Walk", "nearest_times", "snap", "travel_times"]

#: Minutes an hour at 1 km/h takes a metre.
MIN_KMH_PER_M = 0.06
#: Times kept at once by a search.
CELLS = 20_000_000


@dataclass(frozen=True, eq=False)
class Walk:
    """How one moves on the network.

    Attributes
    ----------
    speed_kmh : float or array
        On the edges: one speed, or one for each line of the network, in its order; 0 is closed. Joins within the
        tolerance take the access speed.
    access_kmh : float
        Between a point and the network.
    reach_m : float
        A point farther than this from the network is not on it.
    one_way : array of bool, optional
        For each line of the network: whether it is only travelled as it was drawn.
    """

    speed_kmh: float | Floats = 4.5
    access_kmh: float = 4.5
    reach_m: float = 500.0
    one_way: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Snaps:
    """Where points join a network: edge (-1 for none), distance along it, distance to it (NaN beyond the reach)."""

    edge: Integers
    along_m: Floats
    distance_m: Floats


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Times from origins to destinations.

    Attributes
    ----------
    minutes : DataFrame
        One row an origin, one column a destination; NaN where unreachable.
    origin_snap_m, destination_snap_m : Series of float
        Distance to the network; NaN beyond the reach.
    """

    minutes: pd.DataFrame
    origin_snap_m: pd.Series[float]
    destination_snap_m: pd.Series[float]

    @property
    def reachable(self) -> pd.DataFrame:
        """Return whether each destination can be reached from each origin."""
        return self.minutes.notna()


@dataclass(frozen=True, eq=False)
class Nearest:
    """Time from each origin to the nearest destination (NaN where none is reachable), and distances to the network."""

    minutes: pd.Series[float]
    origin_snap_m: pd.Series[float]
    destination_snap_m: pd.Series[float]

    @property
    def reachable(self) -> pd.Series[bool]:
        """Return whether any destination can be reached from each origin."""
        return self.minutes.notna()


def travel_times(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    ways: Network,
    *,
    walk: Walk | None = None,
    transit: Transit | None = None,
    limit_min: float = np.inf,
) -> TravelTimes:
    """Measure the shortest travel time from each origin to each destination.

    Parameters
    ----------
    origins, destinations : GeoDataFrame
        Points in the CRS of the network.
    ways : Network
        See :func:`territoire_sig.overlay.network.build_network`.
    walk : Walk, optional
        Speeds; on foot at 4.5 km/h by default.
    transit : Transit, optional
        What runs between stops, reached on the network: see :func:`territoire_sig.overlay.transit.build_transit`.
    limit_min : float
        Times above it are not looked for, and are NaN.

    Returns
    -------
    TravelTimes
        NaN where no way leads from one to the other, or one of them is farther than the reach from the network.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError, ParameterError
        Where layers cannot be measured together, or a speed is not one.

    Notes
    -----
    Dijkstra's algorithm from the side that has fewer points, on the graph whose chains of nodes of degree 2 are
    contracted. Time = access leg + edges ÷ speed (+ half the headway + running times) + egress leg.

    References
    ----------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.

    Examples
    --------
    >>> from territoire_sig.overlay.network import build_network
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1000, 0)])], crs="EPSG:2154")
    >>> home = gpd.GeoDataFrame(geometry=gpd.points_from_xy([100], [0]), index=["home"], crs="EPSG:2154")
    >>> school = gpd.GeoDataFrame(geometry=gpd.points_from_xy([700], [100]), index=["school"], crs="EPSG:2154")
    >>> found = travel_times(home, school, build_network(street), walk=Walk(speed_kmh=6.0, access_kmh=6.0))
    >>> float(found.minutes.loc["home", "school"]), float(found.destination_snap_m["school"])
    (7.0, 100.0)
    """
    graph = _graph(origins, destinations, ways, walk or Walk(), transit)
    forward = len(origins) <= len(destinations)
    sources, targets = (graph.origins, graph.destinations) if forward else (graph.destinations, graph.origins)
    found = np.full((len(sources), len(targets)), np.inf)
    on, there = sources >= 0, targets >= 0
    if on.any() and there.any():
        matrix = graph.matrix if forward else graph.matrix.T.tocsr()
        found[np.ix_(on, there)] = _searched(matrix, sources[on], targets[there], limit_min)
    minutes = np.where(np.isfinite(found), found, np.nan)
    table = pd.DataFrame(minutes if forward else minutes.T, index=origins.index, columns=destinations.index)
    return TravelTimes(table, *_distances(graph, origins, destinations))


def nearest_times(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    ways: Network,
    *,
    walk: Walk | None = None,
    transit: Transit | None = None,
) -> Nearest:
    """Measure the shortest travel time from each origin to any destination: one search from all destinations at once.

    Parameters and errors are those of :func:`travel_times`.

    Examples
    --------
    >>> from territoire_sig.overlay.network import build_network
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1000, 0)])], crs="EPSG:2154")
    >>> home = gpd.GeoDataFrame(geometry=gpd.points_from_xy([100, 100], [0, 9000]), crs="EPSG:2154")
    >>> schools = gpd.GeoDataFrame(geometry=gpd.points_from_xy([900, 200], [0, 0]), crs="EPSG:2154")
    >>> nearest_times(home, schools, build_network(street), walk=Walk(speed_kmh=6.0)).minutes.tolist()
    [1.0, nan]
    """
    graph = _graph(origins, destinations, ways, walk or Walk(), transit)
    minutes = np.full(len(origins), np.nan)
    on, there = graph.origins >= 0, graph.destinations >= 0
    if on.any() and there.any():
        reached = dijkstra(graph.matrix.T.tocsr(), indices=graph.destinations[there], min_only=True)
        minutes[on] = reached[graph.origins[on]]
    minutes[np.isinf(minutes)] = np.nan
    told = pd.Series(minutes, index=origins.index, name="travel_time_min")
    return Nearest(told, *_distances(graph, origins, destinations))


def _searched(matrix: csr_array, sources: Integers, targets: Integers, limit_min: float) -> Floats:
    """Return the minutes from each source to each target, a lot of sources after the other: memory is bounded."""
    lot = max(1, CELLS // matrix.shape[0])
    lots = [sources[first : first + lot] for first in range(0, len(sources), lot)]
    return np.concatenate([dijkstra(matrix, indices=some, limit=limit_min)[:, targets] for some in lots])


@dataclass(frozen=True, eq=False)
class _Graph:
    """A graph of minutes, and the nodes of origins and destinations in it (-1 for those that are not on it)."""

    matrix: csr_array
    origins: Integers
    destinations: Integers
    snaps: tuple[Snaps, Snaps]


def _distances(
    graph: _Graph, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame
) -> tuple[pd.Series[float], pd.Series[float]]:
    one, other = graph.snaps
    return (
        pd.Series(one.distance_m, index=origins.index, name="snap_m"),
        pd.Series(other.distance_m, index=destinations.index, name="snap_m"),
    )


def _graph(
    origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, ways: Network, walk: Walk, transit: Transit | None
) -> _Graph:
    """Return the graph of a network, its points and its transit."""
    speeds = _speeds(ways, walk)
    places = [_points(origins, "origins", ways), _points(destinations, "destinations", ways)]
    places += [] if transit is None else [transit.stops - ways.origin]
    snaps = [snap(points, ways, reach_m=walk.reach_m, open_edges=speeds > 0) for points in places]
    arcs, groups, count = _on_foot(ways, walk, speeds, snaps)
    if transit is not None:
        arcs = _with_transit(arcs, transit, groups[2], count)
    matrix, (starts, ends, *_) = _matrix(arcs, groups)
    return _Graph(matrix, starts, ends, (snaps[0], snaps[1]))


def _points(layer: gpd.GeoDataFrame, name: str, ways: Network) -> Floats:
    """Return the coordinates of points about the origin of the network; multipoints have none."""
    same_crs(network=gpd.GeoDataFrame(geometry=[], crs=ways.crs), **{name: layer})
    unique_index(layer, name)
    values = geometries(layer, name, "point", origin=ways.origin)
    if (shapely.get_num_coordinates(values) == 1).all():
        coordinates: Floats = shapely.get_coordinates(values)
        return coordinates
    raise InvalidValueError(
        Text("un point vide ou multiple n'a pas de lieu", "an empty or multiple point has no place"),
        Text("donnez un point par entité (explode).", "give one point a feature (explode)."),
        layer=name,
    )


def _speeds(ways: Network, walk: Walk) -> Floats:
    """Return the speed on each edge, checked."""
    given = np.asarray(walk.speed_kmh, dtype=float)
    if not (np.isfinite(given) & (given >= 0)).all() or not walk.access_kmh > 0:
        raise ParameterError(
            Text(
                f"vitesse de {given.min()} à {given.max()} km/h, d'accès {walk.access_kmh} km/h ; "
                "attendu : des nombres positifs",
                f"speed from {given.min()} to {given.max()} km/h, of access {walk.access_kmh} km/h; "
                "expected: positive numbers",
            ),
            Text("0 ferme une ligne ; l'accès a une vitesse.", "0 closes a line; access has a speed."),
        )
    if given.ndim == 0:
        return np.full(len(ways.line), float(given))
    return np.where(ways.line >= 0, given[ways.line], walk.access_kmh)


def snap(points: Floats, ways: Network, *, reach_m: float, open_edges: npt.NDArray[np.bool_] | None = None) -> Snaps:
    """Join points (about the origin of the network) to the nearest place of the nearest open edge."""
    usable = np.arange(len(ways.line)) if open_edges is None else np.flatnonzero(open_edges)
    edge, along = np.full(len(points), -1, dtype=np.intp), np.zeros(len(points))
    distance = np.full(len(points), np.nan)
    if len(points) and len(usable):
        tree = ways.tree if len(usable) == len(ways.line) else shapely.STRtree(ways.edges[usable])
        dots = shapely.points(points)
        (dot, near), far = tree.query_nearest(dots, max_distance=reach_m, return_distance=True)
        order = np.lexsort([near, dot])
        dot, first = np.unique(dot[order], return_index=True)
        edge[dot], distance[dot] = usable[near[order][first]], far[order][first]
        along[dot] = shapely.line_locate_point(ways.edges[edge[dot]], dots[dot])
    return Snaps(edge, along, distance)


def _on_foot(ways: Network, walk: Walk, speeds: Floats, snaps: list[Snaps]) -> tuple[Arcs, list[Integers], int]:
    """Return the arcs of the network cut where points join it, the node of each point, and the number of nodes."""
    edge, along, leg = (
        np.concatenate([getattr(lot, name) for lot in snaps]) for name in ("edge", "along_m", "distance_m")
    )
    on = edge >= 0
    foot, tail, head, length, owner = _cut(ways, edge[on], along[on])
    open_ = speeds[owner] > 0
    minutes = length[open_] / speeds[owner[open_]] * MIN_KMH_PER_M
    one_way = np.zeros(len(minutes), dtype=bool)
    if walk.one_way is not None:
        line = ways.line[owner[open_]]
        one_way = (line >= 0) & walk.one_way[line]
    arcs = contracted(Arcs(tail[open_], head[open_], minutes), kept=foot, one_way=one_way)
    first = len(ways.nodes) + len(foot)
    node = np.full(len(edge), -1, dtype=np.intp)
    node[on] = first + np.arange(len(foot))
    access = Arcs(node[on], foot, leg[on] / walk.access_kmh * MIN_KMH_PER_M).both_ways()
    groups = np.split(node, np.cumsum([len(lot.edge) for lot in snaps])[:-1])
    return arcs.joined(access), groups, first + len(foot)


def _cut(ways: Network, edge: Integers, along: Floats) -> tuple[Integers, Integers, Integers, Floats, Integers]:
    """Cut edges where points join them: the node of each point, then ends, length and edge of each piece."""
    length = ways.length_m[edge]
    foot = np.where(along < SAME_M, ways.start[edge], ways.end[edge])
    inner = (along >= SAME_M) & (along <= length - SAME_M)
    places, number = np.unique(
        np.stack([edge[inner], np.round(along[inner] / SAME_M)], axis=1), axis=0, return_inverse=True
    )
    foot[inner] = len(ways.nodes) + number.ravel()
    edges = np.arange(len(ways.start))
    owner = np.concatenate([edges, places[:, 0].astype(np.intp), edges])
    node = np.concatenate([ways.start, len(ways.nodes) + np.arange(len(places)), ways.end])
    place = np.concatenate([np.zeros(len(edges)), places[:, 1] * SAME_M, ways.length_m])
    order = np.lexsort([place, owner])
    owner, node, place = owner[order], node[order], place[order]
    follows = owner[1:] == owner[:-1]
    return (
        foot.astype(np.intp),
        node[:-1][follows].astype(np.intp),
        node[1:][follows].astype(np.intp),
        (place[1:] - place[:-1])[follows],
        owner[1:][follows],
    )


def _with_transit(arcs: Arcs, made: Transit, stop_nodes: Integers, count: int) -> Arcs:
    """Return the arcs with those of transit, whose stops are nodes already, or new ones off the network."""
    node = count + np.arange(made.count)
    node[: len(stop_nodes)] = np.where(stop_nodes >= 0, stop_nodes, node[: len(stop_nodes)])
    return arcs.joined(Arcs(node[made.arcs.tail], node[made.arcs.head], made.arcs.minutes))


def _matrix(arcs: Arcs, groups: list[Integers]) -> tuple[csr_array, list[Integers]]:
    """Return the graph of the nodes in use, the quickest of parallel arcs kept, and the groups renumbered."""
    used = np.unique(np.concatenate([arcs.tail, arcs.head, *groups]))
    used = used[used >= 0]
    tail, head = np.searchsorted(used, arcs.tail), np.searchsorted(used, arcs.head)
    order = np.lexsort([arcs.minutes, head, tail])
    tail, head, minutes = tail[order], head[order], arcs.minutes[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))[: len(tail)]
    size = max(len(used), 1)
    matrix = csr_array((minutes[first], (tail[first], head[first])), shape=(size, size))
    return matrix, [np.where(group >= 0, np.searchsorted(used, group), -1) for group in groups]
