"""People and premises by hazard level, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.hazard_population_levels import ANALYSIS

LEVELS = ("faible", "moyen", "fort", "tres_fort", "indetermine")


@pytest.fixture
def hazard():
    """A: high hazard west of 400, low from 200 to 600."""
    return layer(box(0, 0, 400, 1000), box(200, 0, 600, 1000), niveau=["fort", "faible"], typealea=["11"] * 2)


def told(found, what, unit="A"):
    return found.values.loc[unit, [f"hazard_{what}_{level}" for level in LEVELS]].tolist()


def test_by_hand_the_worst_level_takes_the_place(units, hazard):
    people = layer(box(0, 0, 1000, 1000), habitants=[100.0])
    homes = layer(Point(100, 5), Point(300, 5), Point(500, 5), Point(900, 5), etat=["cible"] * 4, locaux=[1.0, 2, 4, 8])
    found = ANALYSIS(units, layers={"alea": hazard, "population": people, "immeuble": homes})
    assert told(found, "inhabitants") == pytest.approx([20, 0, 40, 0, 0])
    assert told(found, "premises") == [4, 0, 3, 0, 0]
    assert found.known_share.loc["A", ["hazard_inhabitants_fort", "hazard_premises_fort"]].tolist() == [0.6, 0.6]
    assert set(found.map["classe"]) == {"fort", "faible"}


def test_a_secret_number_makes_unknown_the_levels_that_it_takes(units, hazard):
    people = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), habitants=[50.0, np.nan])
    found = ANALYSIS(units, layers={"alea": hazard, "population": people})
    assert told(found, "inhabitants")[2] == pytest.approx(40)
    assert pd.isna(told(found, "inhabitants")[0])


def test_premises_that_are_not_told_lower_what_is_known(units, hazard):
    homes = layer(Point(100, 5), Point(100, 9), etat=["cible"] * 2, locaux=[3.0, np.nan])
    found = ANALYSIS(units, layers={"alea": hazard, "immeuble": homes})
    assert found.values.loc["A", "hazard_premises_fort"] == 3
    assert found.known_share.loc["A", "hazard_premises_fort"] == pytest.approx(0.3)
