"""The verdict on validity is that of GEOS, however large the polygon."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from overlay.drawing import BOW, star
from territoire_sig.overlay.validity import LARGE, is_valid

SHELL = star(2 * LARGE, radius=1_000.0, centre=(0.0, 0.0))


def with_holes(*holes):
    """Return a large polygon with holes."""
    return Polygon(SHELL.exterior, [hole.exterior for hole in holes])


CASES = {
    "no hole": SHELL,
    "holes apart": with_holes(box(0, 0, 9, 9), box(10, 0, 19, 9), box(-50, -50, -40, -40)),
    "holes that touch at a corner": with_holes(box(0, 0, 9, 9), box(9, 9, 19, 19)),
    "holes that share an edge": with_holes(box(0, 0, 9, 9), box(9, 0, 19, 9)),
    "a hole in a hole": with_holes(box(0, 0, 9, 9), box(2, 2, 3, 3)),
    "holes that cross": with_holes(box(0, 0, 9, 9), box(5, 5, 19, 19)),
    "a hole that leaves the shell": with_holes(box(0, 0, 5_000, 9)),
    "a hole elsewhere": with_holes(box(5_000, 0, 5_001, 9)),
    "a hole that crosses itself": with_holes(BOW),
    "parts apart": MultiPolygon([SHELL, box(5_000, 0, 5_001, 1)]),
    "parts that touch": MultiPolygon([SHELL, box(5_000, 0, 5_001, 1), box(5_001, 1, 5_002, 2)]),
    "parts that share an edge": MultiPolygon([SHELL, box(5_000, 0, 5_001, 1), box(5_001, 0, 5_002, 1)]),
    "a part in a hole": MultiPolygon([with_holes(box(0, 0, 9, 9)), box(2, 2, 3, 3)]),
    "a part in a part": MultiPolygon([SHELL, box(2, 2, 3, 3)]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_that_of_geos(name):
    assert is_valid(np.array([CASES[name]])).tolist() == [shapely.is_valid(CASES[name])]


def test_small_large_null_and_empty_together():
    values = np.array([BOW, None, *CASES.values(), Polygon(), shapely.Point(1, 1), shapely.LineString()])
    assert is_valid(values).tolist() == shapely.is_valid(values).tolist()


def test_nothing_is_judged_in_an_empty_layer():
    assert is_valid(np.array([], dtype=object)).tolist() == []
