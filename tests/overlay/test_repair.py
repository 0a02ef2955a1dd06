"""Repair of geometries, counted."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import GeometryCollection, LineString, Point, Polygon, box

from overlay.drawing import BOW, layer
from territoire_sig.overlay import repair


def test_a_bow_becomes_two_triangles():
    done = repair(layer(BOW, box(0, 0, 1, 1), index=["bow", "square"]))
    assert done.frame.area.to_dict() == {"bow": 2.0, "square": 1.0}
    assert done.repaired.to_dict() == {"bow": "Self-intersection[1 1]"}
    assert done.set_aside.empty


def test_what_cannot_be_repaired_is_set_aside_with_its_reason():
    flat = Polygon([(0, 0), (1, 1), (2, 2)])
    endless = Polygon([(0, 0), (np.inf, 0), (1, 1)])
    done = repair(layer(None, Polygon(), endless, flat, box(0, 0, 1, 1), name=list("abcde")))
    found = done.set_aside[["name", "reason"]].to_numpy().tolist()
    assert found == [["a", "null"], ["b", "empty"], ["c", "non-finite"], ["d", "collapsed"]]
    assert done.frame["name"].tolist() == ["e"]
    assert done.repaired.empty


def test_what_no_repair_makes_valid_is_set_aside(monkeypatch):
    monkeypatch.setattr(shapely, "make_valid", lambda values, **_: values)
    monkeypatch.setattr(shapely, "union_all", lambda values, axis: values[:, 0])
    done = repair(layer(BOW, box(0, 0, 1, 1), index=["bow", "square"]))
    assert done.set_aside["reason"].to_dict() == {"bow": "invalid"}
    assert done.frame.index.tolist() == ["square"]
    assert done.repaired.empty


def test_heights_are_dropped_and_columns_kept():
    source = layer(Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)]), name=["x"]).rename_geometry("forme")
    done = repair(source)
    assert not done.frame.has_z.any()
    assert done.frame.geometry.name == "forme"
    assert done.frame.crs == source.crs
    assert done.frame["name"].tolist() == ["x"]


def test_a_polygon_keeps_its_polygonal_part_only():
    spike = Polygon([(0, 0), (4, 0), (4, 4), (4, 9), (4, 4), (0, 4)])
    mixed = GeometryCollection([box(0, 0, 2, 2), box(1, 0, 3, 2), LineString([(0, 0), (9, 9)])])
    done = repair(layer(spike, mixed))
    assert done.frame.area.tolist() == [16.0, 6.0]
    assert set(done.frame.geom_type) <= {"Polygon", "MultiPolygon"}
    assert done.repaired.index.tolist() == [0, 1]


def test_points_and_lines_pass():
    done = repair(layer(Point(0, 0), Point(np.inf, 1)))
    assert done.frame.index.tolist() == [0]
    assert done.set_aside["reason"].tolist() == ["non-finite"]
    assert repair(layer(LineString([(0, 0), (1, 1), (0, 1), (1, 0)]))).repaired.empty


def test_an_empty_layer_stays_empty():
    done = repair(layer())
    assert done.frame.empty
    assert done.repaired.empty
    assert done.set_aside.empty


def test_a_hole_outside_its_shell_is_a_part_of_its_own():
    shell = Polygon(box(0, 0, 4, 4).exterior, [box(10, 10, 11, 11).exterior])
    done = repair(layer(shell))
    assert shapely.is_valid(done.frame.geometry.iloc[0])
    assert done.frame.area.tolist() == [17.0]
    assert done.repaired[0].startswith("Hole lies outside shell")
