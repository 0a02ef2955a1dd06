"""Concentration of connectivity by social position, computed by head."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.school_connectivity_position import ANALYSIS

INDEX, ERREYGERS = "school_fibre_ips_concentration", "school_fibre_ips_erreygers"


def measure(units, fibre, ips, pupils=None, x=None):
    places = [Point(100 + rank, 500) for rank in range(len(fibre))] if x is None else [Point(one, 500) for one in x]
    told = {"fibre": fibre, "ips": ips, "eleves": [100.0] * len(fibre) if pupils is None else pupils}
    return ANALYSIS(units, layers={"etablissement_scolaire": layer(*places, **told)})


@pytest.mark.parametrize(
    ("fibre", "ips", "index"),
    [
        ([False, True], [80.0, 120.0], 0.5),
        ([True, False], [80.0, 120.0], -0.5),
        ([True, True], [80.0, 120.0], 0.0),
        ([True, False, True], [80.0, 100.0, 120.0], 0.0),
        ([False, True, True], [80.0, 120.0, 120.0], 1 / 3),
        ([False, False, False, True], [80.0, 90.0, 100.0, 120.0], 0.75),
    ],
)
def test_by_hand(units, fibre, ips, index):
    found = measure(units, fibre, ips)
    assert found.overall[INDEX].value == pytest.approx(index)
    assert found.overall[ERREYGERS].value == pytest.approx(4 * index * np.mean(fibre))
    assert found.overall[INDEX].known_share == 1


def test_pupils_weigh_not_schools(units):
    """300 pupils without, 100 with: μ = 1/4, R = 3/8 and 7/8, C = 2 ÷ (1/4 × 400) × 100 × 3/8 = 3/4."""
    found = measure(units, [False, True], [80.0, 120.0], pupils=[300.0, 100.0])
    assert found.overall[INDEX].value == pytest.approx(0.75)
    curve = found.tables["school_fibre_ips_curve"]
    assert curve.to_numpy().tolist() == [[0, 0], [0.75, 0], [1, 1]]


def test_schools_of_one_position_give_no_order(units):
    found = measure(units, [False, True], [100.0, 100.0])
    assert np.isnan(found.overall[INDEX].value)
    assert found.overall[INDEX].known_share == 0


def test_nobody_connected_has_no_index_and_no_curve(units):
    found = measure(units, [False, False], [80.0, 120.0])
    assert np.isnan(found.overall[INDEX].value)
    assert not len(found.tables["school_fibre_ips_curve"])


def test_what_is_unknown_is_left_out_and_told(units):
    found = measure(units, [False, True, None, True], [80.0, 120.0, 90.0, None], pupils=[100.0, 100.0, 100.0, 100.0])
    assert (found.overall[INDEX].value, found.overall[INDEX].known_share) == pytest.approx((0.5, 0.5))
    assert found.values.loc["A", ["school_ips_with_fibre_mean", "school_ips_without_fibre_mean"]].tolist() == [120, 80]
    assert found.known_share.loc["A", "school_ips_with_fibre_mean"] == 0.5


def test_schools_outside_the_units_are_left_out(units):
    found = measure(units, [False, True, True], [80.0, 120.0, 60.0], x=[100, 200, 30_000])
    assert found.overall[INDEX].value == pytest.approx(0.5)


def test_an_index_out_of_its_range_is_refused(units):
    with pytest.raises(
        InvalidValueError, match=r"etablissement_scolaire\.ips = 300, 1 valeur\(s\) hors bornes \(40 … 220\)"
    ):
        measure(units, [False, True], [80.0, 300.0])
