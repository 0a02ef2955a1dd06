"""Travel times by networkx, on a graph noded by GEOS: a judge that shares no code with the engine."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import shapely


def walking_graph(roads, points, *, kmh, access_kmh, reach_m):
    """Return a directed graph in minutes in which each of `points` (by key) is a node, wherever roads cross.

    A point farther than `reach_m` from the roads is no node.
    """
    lines = [line for line in shapely.get_parts(shapely.node(shapely.union_all(roads))) if line.length > 0]
    tree = shapely.STRtree(lines)
    graph, on = nx.DiGraph(), {rank: [] for rank in range(len(lines))}
    for key, point in points.items():
        rank = int(tree.nearest(point))
        if lines[rank].distance(point) <= reach_m:
            along = lines[rank].project(point)
            on[rank].append(along)
            _both(graph, ("point", key), (rank, along), lines[rank].distance(point) / access_kmh * 0.06)
    for rank, line in enumerate(lines):
        ends = [tuple(np.round(line.coords[end], 4)) for end in (0, -1)]
        stops = [(0.0, ends[0]), *((along, (rank, along)) for along in sorted(set(on[rank]))), (line.length, ends[1])]
        for (start, tail), (end, head) in itertools.pairwise(stops):
            _both(graph, tail, head, (end - start) / kmh * 0.06)
    return graph


def _both(graph, tail, head, minutes):
    for one, other in ((tail, head), (head, tail)):
        known = graph.get_edge_data(one, other, {"weight": np.inf})["weight"]
        graph.add_edge(one, other, weight=min(known, minutes))


def with_transit(graph, stretches):
    """Return the graph with the stretches of role ``troncon_tc``; a stop that is a point ``("stop", id)`` is on it."""
    graph = graph.copy()
    arrives = stretches.assign(sens=stretches["sens"].fillna("")).groupby(["ligne", "sens", "arret_arrivee"])
    came_every = arrives["intervalle_min"].min().to_dict()
    for row in stretches.itertuples():
        if pd.isna(row.intervalle_min):
            continue
        line = (row.ligne, row.sens)
        aboard, came = ("aboard", line, row.arret_arrivee), ("aboard", line, row.arret_depart)
        boarding = row.intervalle_min / 2 + row.duree_min
        first = ("point", ("stop", row.arret_depart))
        known = graph.get_edge_data(first, aboard, {"weight": np.inf})["weight"]
        graph.add_edge(first, aboard, weight=min(known, boarding))
        before = came_every.get((row.ligne, row.sens if pd.notna(row.sens) else "", row.arret_depart), np.inf)
        longer = max(0.0, (row.intervalle_min - before) / 2) if before == before else 0.0
        graph.add_edge(came, aboard, weight=row.arret_min + row.duree_min + longer)
        graph.add_edge(aboard, ("point", ("stop", row.arret_arrivee)), weight=0.0)
    return graph


def minutes_from_all(graph, origins, destinations):
    """Return the minutes from each origin (key of a point) to each destination, NaN where there is no path."""
    told = graph.reverse(copy=False)
    columns = {}
    for place in destinations:
        found = nx.single_source_dijkstra_path_length(told, ("point", place)) if ("point", place) in told else {}
        columns[place] = [found.get(("point", home), np.nan) for home in origins]
    return pd.DataFrame(columns, index=list(origins))
