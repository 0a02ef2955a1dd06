"""Networks of a few streets that one can draw, and the same by networkx."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString

from territoire_sig.errors import EmptyLayerError, GeometryTypeError
from territoire_sig.overlay.network import build_network

CRS = "EPSG:2154"


def streets(*lines):
    return gpd.GeoDataFrame(geometry=[LineString(points) for points in lines], crs=CRS)


CROSS = streets([(0, 50), (100, 50)], [(50, 0), (50, 100)])
#: Three streets that meet at common vertices.
STAR = streets([(0, 0), (50, 0), (100, 0)], [(50, 0), (50, 80)], [(100, 0), (100, 40)])


def test_lines_meet_at_common_vertices():
    made = build_network(STAR)
    assert (len(made.nodes), len(made.start), made.islands, made.crossings, made.joined) == (5, 4, 1, 0, False)
    assert made.length_m.sum() == 220


def test_a_crossing_without_a_vertex_is_a_bridge_or_a_junction_as_asked():
    bridge, junction = build_network(CROSS, junctions="vertices"), build_network(CROSS, junctions="crossings")
    assert (bridge.islands, len(bridge.start), bridge.crossings, bridge.joined) == (2, 2, 1, False)
    assert (junction.islands, len(junction.start), junction.crossings, junction.joined) == (1, 4, 1, True)
    assert junction.length_m.tolist() == [50.0] * 4


def test_left_to_the_drawing_the_most_frequent_wins():
    assert build_network(CROSS).joined, "no junction, one bare crossing: drawn without noding"
    with_bridge = gpd.GeoDataFrame(geometry=[*STAR.geometry, *streets([(75, -10), (75, 10)]).geometry], crs=CRS)
    made = build_network(with_bridge)
    assert (made.joined, made.crossings, made.islands) == (False, 1, 2), "one junction, one bridge: noded"


def test_a_dead_end_within_the_tolerance_is_joined_over_its_gap():
    near, far = streets([(0, 0), (100, 0)], [(50, 0.5), (50, 80)]), streets([(0, 0), (100, 0)], [(50, 1.5), (50, 80)])
    made = build_network(near, junctions="vertices")
    assert (made.islands, len(made.start)) == (1, 4)
    assert made.length_m[made.line == -1].tolist() == [0.5]
    assert build_network(far, junctions="vertices").islands == 2
    assert build_network(far, junctions="vertices", tolerance_m=2.0).islands == 1


def test_an_end_on_the_middle_of_a_street_is_a_junction_and_no_bare_crossing():
    made = build_network(streets([(0, 0), (100, 0)], [(50, 0), (50, 80)]), junctions="vertices")
    assert (made.islands, made.crossings, len(made.start)) == (1, 0, 3)


def test_islands_are_counted_the_longest_first():
    made = build_network(streets([(0, 0), (10, 0)], [(500, 0), (590, 0)]))
    assert made.islands == 2
    assert made.main_share == pytest.approx(0.9)
    assert made.island[made.start].tolist() == [1, 0]


def test_edges_of_no_length_are_left_out_and_counted():
    made = build_network(streets([(0, 0), (0, 0), (10, 0)]))
    assert (made.zero_length, len(made.start)) == (1, 1)
    with pytest.raises(EmptyLayerError, match="aucune ligne n'a de longueur"):
        build_network(streets([(0, 0), (0, 0)]))
    with pytest.raises(EmptyLayerError, match="aucune ligne n'a de longueur"):
        build_network(CROSS.iloc[:0])


def test_points_are_no_network():
    with pytest.raises(GeometryTypeError, match="Point ; attendu : des lignes"):
        build_network(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=CRS))


def test_multilines_and_the_order_of_lines_change_nothing():
    one, other = build_network(STAR), build_network(STAR.iloc[::-1])
    assert one.nodes.tolist() == other.nodes.tolist()
    assert one.length_m.tolist() == other.length_m.tolist()
    together = gpd.GeoDataFrame(geometry=[MultiLineString(list(STAR.geometry))], crs=CRS)
    assert build_network(together).length_m.tolist() == one.length_m.tolist()


def test_islands_are_the_components_of_networkx():
    draw = np.random.default_rng(7)
    ends = draw.integers(0, 12, (60, 2, 2)) * 10.0
    lines = gpd.GeoDataFrame(geometry=shapely.linestrings(ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]), crs=CRS)
    made = build_network(lines, junctions="crossings")
    graph = nx.Graph()
    united = shapely.get_parts(shapely.union_all(lines.geometry.to_numpy()))
    graph.add_edges_from(tuple(tuple(np.round(point, 6)) for point in line.coords) for line in united)
    assert made.islands == nx.number_connected_components(graph)
    assert made.length_m.max() <= max(line.length for line in united) + 1e-6


def test_an_end_is_joined_whatever_else_meets_there():
    main, first, second = [(0, 0), (1000, 0)], [(500, 4), (500, 800)], [(500, 4), (900, 800)]
    made = build_network(streets(main, first, second), junctions="vertices", tolerance_m=5.0)
    assert (made.islands, made.length_m[made.line == -1].tolist(), made.main_share) == (1, [4.0], 1.0)


def test_a_line_drawn_twice_is_joined_as_once():
    main, side = [(0, 0), (100, 0)], [(50, 50), (50, 0.5)]
    once, twice = (build_network(streets(main, *[side] * n), junctions="crossings") for n in (1, 2))
    assert (once.islands, twice.islands) == (1, 1)


def test_an_end_already_on_a_vertex_of_a_line_is_not_joined_to_it_again():
    assert (build_network(STAR, tolerance_m=5.0).line >= 0).all()
