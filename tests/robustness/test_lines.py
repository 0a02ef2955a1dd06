"""Lines and points of the corpus under its polygons."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

from robustness.corpus import LINES, POINTS, dimension, over
from robustness.judge import layer
from territoire_sig import overlay


def ordered(case, wanted):
    """Return the layer of a case that has a dimension, and the other."""
    first, second = (case.a, case.b) if dimension(case.a) == wanted else (case.b, case.a)
    return layer(first), layer(second)


def segments(shape):
    """Return the segments of a line: each is simple, so that GEOS merges none."""
    rows = (pairwise(shapely.get_coordinates(part)) for part in shapely.get_parts(shape))
    return shapely.linestrings([pair for row in rows for pair in row] or np.empty((0, 2, 2)))


@pytest.mark.real
@over(LINES)
def test_metres_of_lines_are_those_of_geos(case):
    lines, cover = ordered(case, 1)
    united = shapely.union_all(cover.geometry.to_numpy())
    expected = [shapely.length(shapely.intersection(segments(line), united)).sum() for line in lines.geometry]
    assert overlay.covered_length(lines, cover).tolist() == pytest.approx(expected, rel=1e-12)
    inside, outside = overlay.pieces_inside(lines, cover), overlay.pieces_outside(lines, cover)
    total, once = inside.length.sum() + outside.length.sum(), lines.geometry.union_all().length
    assert once * (1 - 1e-12) <= total <= lines.length.sum() * (1 + 1e-12)


@pytest.mark.real
@over(POINTS)
def test_points_in_polygons_are_those_of_geos(case):
    points, cover = ordered(case, 0)
    points = points.explode(ignore_index=True)
    united = shapely.union_all(cover.geometry.to_numpy())
    assert overlay.within(points, cover).tolist() == shapely.covers(united, points.geometry.to_numpy()).tolist()
