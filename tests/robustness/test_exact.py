"""The judge itself: rational arithmetic on shapes one can measure by head."""

from __future__ import annotations

import pytest
from shapely import MultiPolygon, Polygon, box

from robustness.exact import common_area

SQUARE = box(0, 0, 10, 10)
UP = Polygon([(0, 0), (4, 0), (2, 3)])
DOWN = Polygon([(0, 2), (4, 2), (2, -1)])


@pytest.mark.parametrize(
    ("features", "covered"),
    [
        ([box(5, 5, 20, 20)], 25.0),
        ([box(5, 5, 20, 20), box(5, 5, 20, 20)], 25.0),
        ([box(0, 0, 5, 10), box(3, 0, 7, 10)], 70.0),
        ([box(10, 0, 20, 10)], 0.0),
        ([Polygon(box(-5, -5, 15, 15).exterior, [box(2, 2, 4, 4).exterior])], 96.0),
        ([MultiPolygon([box(1, 1, 2, 2), box(3, 3, 5, 5)])], 5.0),
        ([SQUARE], 100.0),
        ([], 0.0),
    ],
)
def test_squares(features, covered):
    assert common_area(SQUARE, features) == covered
    assert common_area(SQUARE, features, outside=True) == 100 - covered


def test_two_triangles_share_a_hexagon():
    assert common_area(UP, [DOWN]) == common_area(DOWN, [UP]) == 4.0


def test_a_gap_of_one_rounding_is_no_overlap():
    one, other = Polygon([(0, 0), (1, 1), (0, 1)]), Polygon([(2e-16, 0), (1, 1 - 2e-16), (1, 0)])
    assert common_area(one, [other]) == 0.0
    assert common_area(Polygon(), [SQUARE]) == 0.0
