"""Areas of the engine on the corpus, judged by GEOS OverlayNG and by rational arithmetic."""

from __future__ import annotations

from functools import cache

import pytest

from robustness.corpus import POLYGONS, over, twins, with_placed
from robustness.verdicts import against_fractions, against_geos

PLACED = with_placed(POLYGONS)
TWINS = twins(PLACED)


@cache
def judged(worker, work, name):
    """Judge a case, or its twin, once for all the tests."""
    return worker.run(work, name)


@pytest.mark.real
@over(PLACED)
def test_areas_are_those_of_geos_and_shapes_are_valid(case, worker):
    wrong, _ = judged(worker, against_geos, TWINS[case.name])
    assert wrong == []


@pytest.mark.real
@over(PLACED)
def test_no_row_is_empty(case, worker):
    _, empty = judged(worker, against_geos, TWINS[case.name])
    assert empty == []


@pytest.mark.real
@pytest.mark.slow
@over(PLACED)
def test_areas_are_those_of_rational_arithmetic(case, worker):
    assert judged(worker, against_fractions, TWINS[case.name]) == []
