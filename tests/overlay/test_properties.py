"""Properties that hold for any layer, sought by Hypothesis."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from overlay.drawing import CRS, layer
from territoire_sig.overlay import (
    covered_area,
    covered_length,
    covered_share,
    crosstab,
    interpolate,
    intersection_areas,
    partition,
    pieces_inside,
    pieces_outside,
    subdivide,
)

settings.register_profile("overlay", max_examples=40, deadline=None)
QUICK = settings.get_profile("overlay")
FAR = np.array([650_000.0, 6_860_000.0])

coordinate = st.integers(0, 1_000).map(lambda number: number / 8)


@st.composite
def polygons(draw):
    """Return a star-shaped polygon of 3 to 40 vertices, sometimes with a hole."""
    x, y, reach = draw(coordinate), draw(coordinate), draw(st.integers(5, 60))
    count, seed = draw(st.integers(3, 40)), draw(st.integers(0, 10_000))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    far = reach * np.random.default_rng(seed).uniform(0.3, 1, count)
    shell = Polygon(np.column_stack([x + far * np.cos(angle), y + far * np.sin(angle)]))
    return shell.difference(box(x - 1, y - 1, x + 1, y + 1)) if draw(st.booleans()) else shell


def layers(**columns):
    """Return a strategy of layers of 1 to 6 polygons, with a class each."""
    shape = st.tuples(polygons(), st.sampled_from("ABC"))
    return st.lists(shape, min_size=1, max_size=6).map(
        lambda rows: layer(*(row[0] for row in rows), kind=[row[1] for row in rows], **columns)
    )


def moved(frame, offset):
    """Return the layer elsewhere."""
    values = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy + offset)
    return frame.set_geometry(values, crs=CRS)


@QUICK
@given(layers(), layers(), layers())
def test_the_rows_of_a_zone_sum_to_its_area(zones, one, other):
    found = crosstab(zones, one, other, by=["kind", None])
    assert found.groupby("zone")["area_m2"].sum().to_numpy() == pytest.approx(zones.area.to_numpy(), rel=1e-9)


@QUICK
@given(layers(), layers(), layers())
def test_the_order_of_covers_is_irrelevant(zones, one, other):
    other = other.rename(columns={"kind": "level"})
    key = ["zone", "kind", "level"]
    here = crosstab(zones, one, other, by=["kind", "level"]).set_index(key)["area_m2"]
    there = crosstab(zones, other, one, by=["level", "kind"]).set_index(["zone", "level", "kind"])["area_m2"]
    both = pd.concat([here, there.reorder_levels(key)], axis=1).fillna(0).to_numpy()
    assert both[:, 0] == pytest.approx(both[:, 1], rel=1e-9, abs=1e-6)


@QUICK
@given(layers(), layers())
def test_an_overlap_is_counted_once(zones, cover):
    union = cover.union_all()
    assert covered_area(zones, cover).to_numpy() == pytest.approx(zones.intersection(union).area.to_numpy(), rel=1e-9)
    assert covered_share(zones, pd.concat([cover, cover])).between(0, 1).all()
    assert covered_share(zones, cover).to_numpy() == pytest.approx(
        covered_share(zones, pd.concat([cover, cover])).to_numpy(), rel=1e-9, abs=1e-12
    )


@QUICK
@given(layers(), layers())
def test_moving_far_away_changes_nothing(zones, cover):
    far_zones, far_cover = moved(zones, FAR), moved(cover, FAR)
    back_zones, back_cover = moved(far_zones, -FAR), moved(far_cover, -FAR)
    far, near = covered_share(far_zones, far_cover), covered_share(back_zones, back_cover)
    assert far.to_numpy() == pytest.approx(near.to_numpy(), rel=1e-9, abs=1e-12)
    assert intersection_areas(far_zones, far_cover)["area_m2"].sum() == pytest.approx(
        intersection_areas(back_zones, back_cover)["area_m2"].sum(), rel=1e-9
    )


@QUICK
@given(layers(), layers())
def test_the_partition_fills_the_zones_with_valid_pieces(zones, cover):
    found = partition(moved(zones, FAR), moved(cover, FAR), by="kind")
    assert found.is_valid.all()
    assert set(found.geom_type) <= {"Polygon", "MultiPolygon"}
    assert found.groupby("zone")["area_m2"].sum().to_numpy() == pytest.approx(zones.area.to_numpy(), rel=1e-8)


@QUICK
@given(layers(), layers())
def test_inside_and_outside_make_the_whole(zones, cover):
    inside, outside = pieces_inside(zones, cover).area, pieces_outside(zones, cover).area
    total = inside.reindex(zones.index, fill_value=0) + outside.reindex(zones.index, fill_value=0)
    assert total.to_numpy() == pytest.approx(zones.area.to_numpy(), rel=1e-9)


@QUICK
@given(layers(), st.integers(16, 40))
def test_subdivision_keeps_the_area(cover, most):
    parts = subdivide(cover, max_vertices=most)
    assert parts.is_valid.all()
    area = parts.area.groupby(parts["source"]).sum()
    assert area.to_numpy() == pytest.approx(cover.area.to_numpy(), rel=1e-11)


@QUICK
@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12, unique=True), layers())
def test_a_line_is_covered_as_its_segments_are(points, cover):
    segments = [LineString(pair) for pair in pairwise(points)]
    union = cover.union_all()
    expected = sum(segment.intersection(union).length for segment in segments)
    assert covered_length(layer(LineString(points)), cover)[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@QUICK
@given(layers(), st.lists(st.tuples(coordinate, coordinate), max_size=9))
def test_no_inhabitant_is_lost_between_disjoint_targets(source, homes):
    source = source.assign(people=np.arange(1.0, len(source) + 1))
    target = layer(*(box(x, y, x + 40, y + 40) for x in range(-60, 180, 40) for y in range(-60, 180, 40)))
    weights = layer(*map(Point, homes)) if homes else None
    for with_weights in (None, weights):
        account = interpolate(source, target, extensive=["people"], weights=with_weights).report.loc["people"]
        assert account["relative_gap"] == pytest.approx(0, abs=1e-9)
