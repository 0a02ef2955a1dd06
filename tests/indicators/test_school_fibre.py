"""Schools ready for fibre and their pupils, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.school_fibre import ANALYSIS


@pytest.fixture
def fibre():
    """A: ready west of x = 500, not ready east of it; B unknown."""
    return layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), taux_fibre=[0.9, 0.4])


def measure(units, schools, fibre, **parameters):
    return ANALYSIS(units, layers={"etablissement_scolaire": schools, "couverture_fixe": fibre}, **parameters)


def test_by_hand_from_the_rate_of_the_commune(units, fibre):
    schools = layer(*(Point(x, 500) for x in (100, 200, 700, 9999)), eleves=[100.0, 200.0, 300.0, 999.0])
    found = measure(units, schools, fibre)
    assert found.values.loc["A"].tolist() == pytest.approx([3, 2, 2 / 3, 300, 0.5])
    assert found.known_share.loc["A"].tolist() == [1] * 5
    assert found.map["classe"].tolist() == ["pret", "pret", "non_pret"]
    assert measure(units, schools, fibre, taux_pret=0.4).values.loc["A", "school_ready_count"] == 3


def test_what_is_known_of_the_school_goes_before_the_commune(units, fibre):
    schools = layer(*(Point(x, 500) for x in (100, 200, 700)), fibre=[False, None, True])
    found = measure(units, schools, fibre)
    assert found.map["classe"].tolist() == ["non_pret", "pret", "pret"]
    assert found.values.loc["A", "school_ready_share"] == pytest.approx(2 / 3)
    assert found.values.loc["A", ["school_not_ready_pupils", "school_not_ready_pupil_share"]].isna().all()


def test_unknown_states_and_pupils_lower_the_known_share(units, fibre):
    schools = layer(Point(100, 1), Point(700, 1), Point(1500, 1), Point(800, 1), eleves=[100.0, np.nan, 50.0, 40.0])
    found = measure(units, schools, fibre)
    assert found.values.loc["A"].tolist() == pytest.approx([3, 1, 1 / 3, 40, 40 / 140])
    assert found.known_share.loc["A"].tolist() == pytest.approx([1, 1, 1, 2 / 3, 2 / 3])
    assert found.values.loc["B"].tolist() == pytest.approx([1] + [np.nan] * 4, nan_ok=True)
    assert found.known_share.loc["B"].tolist() == [1, 0, 0, 0, 0]


def test_pupils_of_a_school_of_unknown_state_are_in_no_share(units, fibre):
    schools = layer(Point(100, 1), Point(700, 1), Point(200, 1), eleves=[100.0, 50.0, 300.0])
    found = measure(units, schools, fibre.iloc[1:])
    assert found.values.loc["A"].tolist() == pytest.approx([3, 0, 0, 50, 1])
    assert found.known_share.loc["A"].tolist() == pytest.approx([1, *[1 / 3] * 4])


def test_a_unit_without_school_has_no_share(units, fibre):
    found = measure(units, layer(Point(100, 1), eleves=[10.0]), fibre).values.loc["Z"]
    assert found.tolist() == pytest.approx([0, 0, np.nan, 0, np.nan], nan_ok=True)


def test_without_rates_only_schools_that_tell_are_known(units):
    schools = layer(Point(100, 1), Point(200, 1), fibre=[True, None])
    found = measure(units, schools, layer(box(0, 0, 1, 1), taux_fibre=[0.5]).iloc[:0])
    assert found.values.loc["A", "school_ready_share"] == 1
    assert found.known_share.loc["A", "school_ready_share"] == 0.5
