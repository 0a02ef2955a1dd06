"""Three covers crossed at once, near-degenerate: every combination judged by rational arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from robustness.exact import common_area
from robustness.judge import layer
from territoire_sig import overlay

FENCE = settings(max_examples=20, deadline=None, derandomize=True)
STEPS = 8

places = st.sampled_from([(0.0, 0.0), (650_000.0, 6_860_000.0), (1e7, 1e7)])
kinds = st.sampled_from(["lattice", "drawn", "trembling"])


def star(rng, kind, place):
    """Return a polygon of a few corners about a place: on a lattice, anywhere, or a micrometre beside the lattice."""
    corners = rng.integers(-40, 41, (rng.integers(3, 8), 2)).astype(float)
    if kind == "drawn":
        corners = rng.uniform(-40, 40, corners.shape)
    middle = corners.mean(axis=0)
    turned = corners[np.argsort(np.arctan2(*(corners - middle).T[::-1]))]
    shift = rng.normal(0, 1e-6, turned.shape) if kind == "trembling" else 0.0
    return Polygon(turned + shift + place)


@FENCE
@given(st.integers(0, 10**6), places, kinds)
def test_combinations_of_three_covers(seed, place, kind):
    rng = np.random.default_rng(seed)
    zone, *covers = (layer([star(rng, kind, np.array(place))]) for _ in range(4))
    if not all(len(one) and one.area[0] > 1 for one in (zone, *covers)):
        return
    shape, taken = zone.geometry[0], [one.geometry[0] for one in covers]
    found = overlay.crosstab(zone, *covers)
    assert found["area_m2"].sum() == pytest.approx(shape.area, rel=1e-9)
    step = np.spacing(np.abs(zone.total_bounds).max())
    allowed = max(1e-9 * shape.area, STEPS * step * (shape.length + sum(one.length for one in taken)))
    for names, expected in _expected(shape, taken).items():
        mine = found[found[list(names)].all(axis=1)]["area_m2"].sum()
        assert mine == pytest.approx(expected, abs=allowed), names


def _expected(zone, covers):
    """Return the area of a zone in one, two and three covers at once, from that in one or another of some of them."""
    names = ["cover_1", "cover_2", "cover_3"]
    either = {
        some: common_area(zone, [covers[number] for number in some])
        for some in [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    }
    both = {(a, b): either[(a,)] + either[(b,)] - either[(a, b)] for a, b in [(0, 1), (0, 2), (1, 2)]}
    three = either[(0, 1, 2)] - sum(either[(n,)] for n in range(3)) + sum(both.values())
    told = {(n,): either[(n,)] for n in range(3)} | both | {(0, 1, 2): three}
    return {tuple(names[number] for number in some): area for some, area in told.items()}


def test_doubtful_zones_are_measured_by_the_exact_overlay(monkeypatch):
    """The same answer whichever way a zone is measured."""
    rng = np.random.default_rng(5)
    zones = layer([star(rng, "drawn", np.array([650_000.0, 6_860_000.0])) for _ in range(12)])
    covers = [layer([star(rng, "lattice", np.array([650_000.0, 6_860_000.0])) for _ in range(3)]) for _ in range(2)]
    covers = [cover.assign(**{name: list("aba")[: len(cover)]}) for name, cover in zip("pq", covers, strict=True)]
    by_slabs = overlay.crosstab(zones, *covers, by=["p", "q"])
    monkeypatch.setattr(overlay.combined, "MOST", -1)
    by_shapes = overlay.crosstab(zones, *covers, by=["p", "q"])
    pd.testing.assert_frame_equal(by_slabs, by_shapes, rtol=1e-9)
    assert shapely.area(zones.geometry.to_numpy()).sum() == pytest.approx(by_shapes["area_m2"].sum(), rel=1e-12)
