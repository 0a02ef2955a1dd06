"""Subdivision, and overlaps settled."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from overlay.drawing import grid, layer, star
from territoire_sig.errors import InvalidValueError
from territoire_sig.overlay import covered_area, intersection_areas, subdivide
from territoire_sig.overlay.subdivision import CUT, flatten
from territoire_sig.texts import language


def test_a_small_polygon_stays_whole():
    source = layer(box(0, 0, 1, 1), index=["a"])
    parts = subdivide(source)
    assert parts["source"].tolist() == ["a"]
    assert parts.geometry.iloc[0].equals_exact(source.geometry.iloc[0])


def test_parts_are_small_valid_disjoint_and_keep_the_area():
    source = layer(star(20_000), Polygon())
    parts = subdivide(source, max_vertices=200)
    assert set(parts["source"]) == {0}
    assert shapely.get_num_coordinates(parts.geometry.to_numpy()).max() <= 200
    assert parts.is_valid.all()
    assert parts.area.sum() == pytest.approx(source.area.sum(), rel=1e-12)
    left, right = parts.sindex.query(parts.geometry, predicate="overlaps")
    assert len(left) == len(right) == 0


def test_rings_that_touch_a_cut_stay_exact():
    teeth = [(x, 10 * CUT if x % 2 else 0.0) for x in range(101)]
    comb = Polygon([*teeth, (100, 10), (0, 10)])
    parts = subdivide(layer(comb), max_vertices=16)
    assert parts.is_valid.all()
    assert parts.area.sum() == pytest.approx(comb.area, rel=1e-14)


def test_fewer_than_16_vertices_is_refused():
    with language("en"), pytest.raises(InvalidValueError, match="max_vertices is 8; expected 16 or more"):
        subdivide(layer(box(0, 0, 1, 1)), max_vertices=8)


def test_a_hole_stays_a_hole():
    ring = star(2_000).difference(star(2_000, radius=4_000, lobes=5))
    parts = subdivide(layer(ring))
    assert parts.area.sum() == pytest.approx(ring.area, rel=1e-13)


def test_an_empty_layer_has_no_part():
    assert subdivide(layer()).empty


def test_the_first_class_takes_the_overlap():
    shapes = np.array([box(0, 0, 10, 10), box(5, 0, 15, 10), box(100, 0, 101, 1)])
    flat = flatten(shapes, np.array([1, 0, 0]))
    area = np.bincount(flat.parts.source, shapely.area(flat.parts.geometry))
    assert area.tolist() == [101.0, 50.0]
    assert flat.wholes.source.tolist() == [0]


def test_many_equal_features_are_settled():
    flat = flatten(np.array([star(1_000)] * 40), np.arange(40))
    assert set(flat.parts.source) == {0}
    assert shapely.area(flat.parts.geometry).sum() == pytest.approx(star(1_000).area, rel=1e-11)


def test_a_cover_of_300_000_vertices_does_not_explode():
    zones, cover = grid(60, 350), layer(star(300_000))
    start = time.perf_counter()
    ours = covered_area(zones, cover)
    elapsed = time.perf_counter() - start
    few = zones.iloc[::600]
    start = time.perf_counter()
    naive = few.intersection(cover.geometry.iloc[0]).area
    naive_elapsed = (time.perf_counter() - start) * len(zones) / len(few)
    assert ours[few.index].to_numpy() == pytest.approx(naive.to_numpy(), rel=1e-9)
    assert elapsed < naive_elapsed / 3


def test_pairs_and_union_agree_on_one_large_cover():
    zones, cover = grid(12, 1_800), layer(star(30_000))
    pairs = intersection_areas(zones, cover).set_index("zone")["area_m2"]
    union = covered_area(zones, cover)
    assert union[union > 0].to_numpy() == pytest.approx(pairs.to_numpy(), rel=1e-12)


def test_a_cover_drawn_from_pixels_is_exact():
    filled = np.random.default_rng(7).random((90, 90)) < 0.6
    x, y = np.nonzero(filled)
    pixels = shapely.union_all(shapely.box(x * 64.0, y * 64.0, x * 64.0 + 64, y * 64.0 + 64))
    parts = subdivide(layer(pixels), max_vertices=64)
    assert parts.is_valid.all()
    assert parts.area.sum() == pytest.approx(filled.sum() * 64.0**2, rel=1e-12)
    assert covered_area(layer(box(0, 0, 5_760, 5_760)), layer(pixels))[0] == pytest.approx(filled.sum() * 4096)
