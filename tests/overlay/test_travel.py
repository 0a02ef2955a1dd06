"""Travel times one can compute by head, and all of them again by networkx."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import LineString

from territoire_sig.errors import CRSMismatchError, InvalidValueError, ParameterError
from territoire_sig.overlay.chains import Arcs, contracted
from territoire_sig.overlay.network import build_network
from territoire_sig.overlay.transit import build_transit
from territoire_sig.overlay.travel import Walk, nearest_times, travel_times

CRS = "EPSG:2154"
KM6 = Walk(speed_kmh=6.0, access_kmh=6.0)  # 100 m a minute


def points(*places, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(place) for place in places], crs=CRS)


def streets(*lines):
    return gpd.GeoDataFrame(geometry=[LineString(line) for line in lines], crs=CRS)


STREET = build_network(streets([(0, 0), (1000, 0)]))


def minutes(found):
    return found.minutes.to_numpy().round(9).tolist()


def test_time_is_leg_plus_way_plus_leg():
    found = travel_times(points((100, 50), (900, 0)), points((400, 30), (100, 0)), STREET, walk=KM6)
    assert minutes(found) == [[0.5 + 3 + 0.3, 0.5], [5.3, 8.0]]
    assert found.origin_snap_m.tolist() == [50.0, 0.0]
    assert found.reachable.all(axis=None)


def test_beyond_the_reach_or_on_an_island_a_place_is_unreachable_and_nan():
    ways = build_network(streets([(0, 0), (1000, 0)], [(0, 300), (1000, 300)]))
    found = travel_times(points((0, 0), (500, 2000)), points((1000, 0), (1000, 300)), ways, walk=KM6)
    assert np.isnan(found.minutes.to_numpy()).tolist() == [[False, True], [True, True]]
    assert found.reachable.to_numpy().tolist() == [[True, False], [False, False]]
    assert found.origin_snap_m.isna().tolist() == [False, True]


def test_speed_by_line_and_closed_lines():
    ways = build_network(streets([(0, 0), (600, 0)], [(600, 0), (600, 600)], [(0, 0), (0, 600), (600, 600)]))
    there = points((600, 600))
    walk = Walk(speed_kmh=np.array([6.0, 12.0, 6.0]), access_kmh=6.0)
    assert minutes(travel_times(points((0, 0)), there, ways, walk=walk)) == [[6 + 3.0]]
    closed = Walk(speed_kmh=np.array([6.0, 0.0, 6.0]), access_kmh=6.0)
    assert minutes(travel_times(points((0, 0)), there, ways, walk=closed)) == [[12.0]]
    shut = Walk(speed_kmh=0.0)
    assert np.isnan(travel_times(points((0, 0)), there, ways, walk=shut).minutes.iloc[0, 0])


@pytest.mark.parametrize("one_way", [True, False])
def test_a_one_way_line_is_only_travelled_as_drawn(one_way):
    ways = build_network(streets([(0, 0), (100, 0)], [(100, 0), (100, 300), (0, 300), (0, 0)]))
    walk = Walk(speed_kmh=6.0, access_kmh=6.0, one_way=np.array([one_way, False]))
    west, east = points((0, 0)), points((100, 0))
    assert minutes(travel_times(west, east, ways, walk=walk)) == [[1.0]]
    assert minutes(travel_times(east, west, ways, walk=walk)) == [[7.0 if one_way else 1.0]]
    assert nearest_times(east, west, ways, walk=walk).minutes.tolist() == [7.0 if one_way else 1.0]
    many = points(*[(0, 0)] * 3)
    assert minutes(travel_times(east, many, ways, walk=walk)) == [[7.0 if one_way else 1.0] * 3]


def test_the_nearest_is_the_least_of_all():
    draw = np.random.default_rng(3)
    homes, places = points(*draw.uniform(0, 900, (30, 2))), points(*draw.uniform(0, 900, (4, 2)))
    ways = build_network(streets(*[[(0, y), (900, y)] for y in range(0, 901, 300)], [(450, 0), (450, 900)]))
    every = travel_times(homes, places, ways).minutes.min(axis=1)
    assert nearest_times(homes, places, ways).minutes.tolist() == pytest.approx(every.tolist(), abs=1e-9)


def stretches(*rows):
    table = {"from_stop": [], "to_stop": [], "line": [], "travel_time_min": [], "dwell_min": [], "headway_min": []}
    for row in rows:
        for name, value in zip(table, row[:6], strict=True):
            table[name].append(value)
    return gpd.GeoDataFrame(table, geometry=[LineString(row[6]) for row in rows], crs=CRS)


BUS = stretches(
    ("a", "b", "1", 4.0, 0.0, 10.0, [(0, 0), (5000, 0)]),
    ("b", "c", "1", 5.0, 1.0, 20.0, [(5000, 0), (9000, 0)]),
    ("b", "d", "2", 3.0, 0.0, 30.0, [(5000, 0), (5000, 900)]),
)


def test_by_transit_one_waits_half_the_headway_and_again_at_a_transfer():
    ways = build_network(streets([(0, 0), (9000, 0)], [(4900, 900), (5100, 900)]))
    found = travel_times(
        points((0, 100)), points((5000, 0), (9000, 0), (5000, 900)), ways, walk=KM6, transit=build_transit(BUS)
    )
    boarded = 1 + 5 + 4  # leg, half of 10, ride
    rarer = (20 - 10) / 2  # one vehicle in two goes on to c
    assert minutes(found) == [[boarded, boarded + 1 + 5 + rarer, boarded + 15 + 3]]


def test_riding_on_to_a_rarer_stretch_waits_as_much_as_boarding_it_would():
    bus = stretches(
        ("a", "b", "1", 10.0, 0.0, 10.0, [(0, 0), (5000, 0)]), ("b", "c", "1", 10.0, 0.0, 240.0, [(5000, 0), (9000, 0)])
    )
    ways = build_network(streets([(0, 0), (10, 0)], [(5000, 0), (5010, 0)], [(9000, 0), (9010, 0)]))
    found = travel_times(points((0, 0), (5000, 0)), points((9000, 0)), ways, transit=build_transit(bus))
    assert minutes(found) == [[5 + 10 + 115 + 10.0], [120 + 10.0]]


def test_walking_wins_where_it_is_shorter_and_nothing_runs_backwards():
    ways = build_network(streets([(0, 0), (9000, 0)]))
    found = travel_times(points((5000, 0)), points((0, 0), (4900, 0)), ways, walk=KM6, transit=build_transit(BUS))
    assert minutes(found) == [[50.0, 1.0]]


@pytest.mark.parametrize(("column", "value"), [("headway_min", 0.0), ("travel_time_min", -1.0), ("dwell_min", -2.0)])
def test_times_that_are_none_are_refused(column, value):
    with pytest.raises(InvalidValueError, match=f"«{column}» vaut {value} sur 3 tronçon"):
        build_transit(BUS.assign(**{column: value}))


def test_a_stretch_without_headway_does_not_run():
    assert build_transit(BUS.assign(headway_min=[10.0, None, 30.0])).names.tolist() == ["a", "b", "d"]


def test_one_rides_through_a_stop_where_one_may_only_alight():
    bus = BUS.assign(headway_min=[10.0, np.nan, 30.0], aboard_headway_min=[10.0, 10.0, 30.0])
    ways = build_network(streets([(0, 0), (100, 0)], [(5000, 0), (5100, 0)], [(9000, 0), (9100, 0)]))
    found = travel_times(
        points((0, 0), (5000, 0)), points((9000, 0)), ways, walk=KM6, transit=build_transit(bus)
    ).minutes
    assert found.iloc[0, 0] == 5 + 4 + 1 + 5
    assert np.isnan(found.iloc[1, 0])


def test_wrong_calls_are_refused():
    with pytest.raises(CRSMismatchError, match="EPSG:3857"):
        travel_times(points((0, 0)).to_crs(3857), points((0, 0)), STREET)
    with pytest.raises(ParameterError, match=r"vitesse de -1\.0"):
        travel_times(points((0, 0)), points((0, 0)), STREET, walk=Walk(speed_kmh=-1.0))
    with pytest.raises(InvalidValueError, match="un point vide ou multiple"):
        travel_times(gpd.GeoDataFrame(geometry=[shapely.Point()], crs=CRS), points((0, 0)), STREET)


def test_a_ring_and_a_loop_contract_to_nothing_that_leads_anywhere():
    ring = Arcs(np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3))
    no = np.zeros(3, dtype=bool)
    assert len(contracted(ring, kept=np.array([], dtype=int), one_way=no).tail) == 0
    found = contracted(ring, kept=np.array([0, 1]), one_way=no)
    assert sorted(zip(found.tail.tolist(), found.head.tolist(), found.minutes.tolist(), strict=True)) == [
        (0, 1, 1.0),
        (0, 1, 2.0),
        (1, 0, 1.0),
        (1, 0, 2.0),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_all_times_are_those_of_networkx(seed):
    """A drawn grid with gaps, bus lines on it: shortest paths by networkx on the whole, uncontracted graph."""
    draw = np.random.default_rng(seed)
    cells = [((x, y), (x + dx, y + dy)) for x in range(8) for y in range(8) for dx, dy in ((1, 0), (0, 1))]
    kept = [cell for cell in cells if draw.random() < 0.7]
    lines = streets(*[[(100 * a, 100 * b), (100 * c, 100 * d)] for (a, b), (c, d) in kept])
    speed = draw.choice([3.0, 6.0, 15.0], len(kept))
    ways = build_network(lines, junctions="vertices")
    graph = nx.DiGraph()
    for (tail, head), kmh in zip(kept, speed, strict=True):
        graph.add_edge(tail, head, weight=100 / kmh * 0.06)
        graph.add_edge(head, tail, weight=100 / kmh * 0.06)
    nodes = sorted(graph.nodes)
    stops = [nodes[rank] for rank in draw.choice(len(nodes), 6, replace=False)]
    rides, headway = draw.uniform(0.2, 1.0, 5), 1.5
    for rank, ride in enumerate(rides):
        graph.add_edge(stops[rank], ("aboard", rank + 1), weight=headway / 2 + ride)
        graph.add_edge(("aboard", rank), ("aboard", rank + 1), weight=0.1 + ride)
        graph.add_edge(("aboard", rank + 1), stops[rank + 1], weight=0.0)
    names = [str(stop) for stop in stops]
    bus = stretches(
        *[
            (names[rank], names[rank + 1], "1", ride, 0.1, headway, [np.multiply(stops[rank + i], 100) for i in (0, 1)])
            for rank, ride in enumerate(rides)
        ]
    )
    homes = [nodes[rank] for rank in draw.choice(len(nodes), 12, replace=False)]
    places = [nodes[rank] for rank in draw.choice(len(nodes), 5, replace=False)]
    on = [points(*(np.multiply(place, 100.0) for place in some)) for some in (homes, places)]
    found = travel_times(*on, ways, walk=Walk(speed_kmh=speed), transit=build_transit(bus)).minutes.to_numpy()
    expected = [
        [nx.single_source_dijkstra_path_length(graph, home).get(place, np.nan) for place in places] for home in homes
    ]
    assert found == pytest.approx(np.array(expected), rel=1e-9, nan_ok=True)
    assert np.isfinite(found).any()
