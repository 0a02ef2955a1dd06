"""Geometry of the combinations, pieces inside and outside."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, Point, Polygon, box

from overlay.drawing import grid, layer, star
from territoire_sig.overlay import crosstab, intersect, partition, pieces_inside, pieces_outside


def test_each_combination_has_its_place(zones, cover):
    found = partition(zones, cover, by="kind")
    expected = [box(4, 0, 8, 10), box(8, 0, 10, 10), box(0, 0, 4, 10), box(10, 0, 15, 10), box(15, 0, 20, 10)]
    assert [shape.equals(other) for shape, other in zip(found.geometry, expected, strict=True)] == [True] * 5
    assert found["area_m2"].tolist() == crosstab(zones, cover, by="kind")["area_m2"].tolist()
    assert found.crs == zones.crs


def test_two_covers_partition_in_four():
    zone = layer(box(0, 0, 10, 10))
    found = partition(zone, layer(box(0, 0, 5, 10)), layer(box(0, 0, 10, 5)))
    assert found.drop(columns="geometry").to_numpy().tolist() == [
        [0, True, True, 25.0],
        [0, True, False, 25.0],
        [0, False, True, 25.0],
        [0, False, False, 25.0],
    ]


def test_a_large_cover_leaves_valid_pieces_that_fill_the_zones():
    zones, cover = grid(6, 3_000), layer(star(4_000), star(3_000, centre=(655_000.0, 6_862_000.0), lobes=5))
    found = partition(zones, cover)
    assert found.is_valid.all()
    assert found.groupby("zone")["area_m2"].sum().to_numpy() == pytest.approx(zones.area.to_numpy(), rel=1e-11)
    assert found["area_m2"].to_numpy() == pytest.approx(crosstab(zones, cover)["area_m2"].to_numpy(), rel=1e-9)


def test_inside_and_outside_share_a_polygon_out(zones, cover):
    assert pieces_inside(zones, cover).area.to_dict() == {"U": 60.0, "N": 50.0}
    assert pieces_outside(zones, cover).area.to_dict() == {"U": 40.0, "N": 50.0}


def test_a_feature_without_a_part_has_no_row(zones):
    left = layer(box(0, 0, 10, 10))
    assert pieces_inside(zones, left).index.tolist() == ["U"]
    assert pieces_outside(zones, left).index.tolist() == ["N"]


def test_columns_and_geometry_name_are_kept(zones, cover):
    named = zones.assign(label=["u", "n"]).rename_geometry("forme")
    found = pieces_inside(named, cover)
    assert found.geometry.name == "forme"
    assert found["label"].tolist() == ["u", "n"]


def test_a_line_is_cut_and_its_border_is_inside(cover):
    road = layer(LineString([(0, 10), (20, 10)]), LineString([(0, 5), (20, 5)]), LineString([(0, 50), (9, 50)]))
    assert pieces_inside(road, cover).length.to_dict() == {0: 11.0, 1: 11.0}
    assert pieces_outside(road, cover).length.to_dict() == {0: 9.0, 1: 9.0, 2: 9.0}


def test_a_line_that_touches_at_a_point_has_no_piece(cover):
    assert pieces_inside(layer(LineString([(0, 20), (4, 10)])), cover).empty


def test_pairs_of_polygons_lines_and_points(zones):
    square = layer(box(5, 5, 15, 15), index=["q"])
    found = intersect(square, zones)
    assert found[["left", "right"]].to_numpy().tolist() == [["q", "U"], ["q", "N"]]
    assert [shape.bounds for shape in found.geometry] == [(5, 5, 10, 10), (10, 5, 15, 10)]
    border = intersect(layer(LineString([(10, 0), (10, 10)])), zones)
    assert border.length.tolist() == [10.0, 10.0]
    assert intersect(layer(Point(10, 5), Point(3, 3)), zones)["right"].tolist() == ["U", "N", "U"]


def test_pairs_with_a_large_polygon_are_whole():
    zones, cover = grid(4, 5_000), layer(star(3_000))
    found = intersect(zones, cover)
    expected = zones.intersection(cover.geometry.iloc[0])
    assert found.is_valid.all()
    assert found.area.sum() == pytest.approx(expected.area.sum(), rel=1e-12)
    assert len(found) == (expected.area > 0).sum()


def test_a_sliver_thinner_than_the_coordinates_has_no_row():
    place, step = np.array([650_000.0, 6_860_000.0]), 2.0**-30  # heights there are whole steps
    zone = layer(Polygon(np.array([(5, 0), (10, 5), (0, 5)]) + place))
    cover = layer(Polygon(np.array([(0, 0), (0, -5), (20, -5), (20, step)]) + place))
    assert intersect(zone, cover).empty
    assert pieces_inside(zone, cover).empty
    assert pieces_outside(zone, cover).area.tolist() == pytest.approx([25.0])
