"""Mobile coverage of premises, on points one can count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.mobile_premises_coverage import ANALYSIS

FOUR, WITHOUT = "mobile_premises_4g_share", "mobile_premises_without_4g"


@pytest.fixture
def cover():
    """4G west of x = 500, its border included."""
    return layer(box(0, 0, 500, 1000), techno=["4G"], operateur=["Orange"])


def homes(*xs, **columns):
    return layer(*(Point(x, 500) for x in xs), etat=["deploye"] * len(xs), **columns)


def measure(units, cover, buildings, **parameters):
    return ANALYSIS(units, layers={"couverture_mobile": cover, "immeuble": buildings}, **parameters)


def test_by_hand_the_border_is_covered(units, cover):
    found = measure(units, cover, homes(100, 500, 501, 1500, locaux=[20.0, 10.0, 10.0, 7.0]))
    assert found.values.loc["A", [FOUR, WITHOUT]].tolist() == [0.75, 10]
    assert found.values.loc["B", [FOUR, WITHOUT]].tolist() == [0, 7]
    assert pd.isna(found.values.loc["Z", FOUR])
    assert found.values.loc["Z", WITHOUT] == 0


def test_a_building_of_unknown_premises_lowers_what_is_known(units, cover):
    found = measure(units, cover, homes(100, 200, 900, 950, locaux=[30.0, np.nan, 10.0, np.nan]))
    assert found.values.loc["A", FOUR] == 0.75
    assert found.known_share.loc["A", FOUR] == 0.5
    assert measure(units, cover, homes(100)).known_share.loc["A", FOUR] == 0


def test_a_building_written_twice_counts_once(units, cover):
    twice = homes(100, 900, 900, locaux=[10.0, 10.0, 10.0], id_immeuble=["I1", "I2", "I2"])
    assert measure(units, cover, twice).values.loc["A", FOUR] == 0.5


def test_two_rows_of_a_building_that_disagree_are_refused(units, cover):
    twice = homes(100, 100, locaux=[10.0, 12.0], id_immeuble=["I1", "I1"])
    with pytest.raises(
        InvalidValueError, match=r"1 immeuble\(s\) écrit\(s\) plusieurs fois.*«I1» : locaux = 10.0 ≠ 12.0"
    ):
        measure(units, cover, twice)


def test_negative_premises_are_refused(units, cover):
    with pytest.raises(InvalidValueError, match=r"immeuble\.locaux = -4, 1 valeur"):
        measure(units, cover, homes(100, locaux=[-4.0]))
