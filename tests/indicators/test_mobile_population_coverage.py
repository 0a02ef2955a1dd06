"""Mobile coverage of people, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.mobile_population_coverage import ANALYSIS

FOUR, WITHOUT = "mobile_inhabitants_4g_share", "mobile_inhabitants_without_4g"


def measure(units, cover, people, **parameters):
    return ANALYSIS(units, layers={"couverture_mobile": cover, "population": people}, **parameters)


@pytest.fixture
def people():
    """A: 90 inhabitants in its west half, 10 in its east half."""
    return layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), habitants=[90.0, 10.0])


def test_by_hand(units, people):
    found = measure(units, layer(box(0, 0, 250, 1000), techno=["4G"], operateur=["SFR"]), people)
    assert found.values.loc["A", [FOUR, WITHOUT]].tolist() == pytest.approx([0.45, 55])
    assert found.known_share.loc["A", FOUR] == 1
    assert found.values.loc["B", [FOUR, WITHOUT]].isna().all()
    [row] = found.tables["mobile_inhabitants_by_operator"].itertuples()
    assert (row.operateur, row.techno) == ("SFR", "4G")
    assert (row.covered_amount, row.covered_share) == pytest.approx((45, 0.45))


def test_those_in_doubt_are_left_out_of_the_share_and_of_the_number(units, people):
    cover = layer(box(0, 0, 250, 1000), box(250, 0, 500, 1000), techno=["4G", None])
    found = measure(units, cover, people)
    assert found.values.loc["A", FOUR] == pytest.approx(45 / 55)
    assert found.values.loc["A", WITHOUT] == pytest.approx(10)
    assert found.known_share.loc["A", [FOUR, WITHOUT]].tolist() == pytest.approx([0.55, 0.55])


def test_a_secret_number_makes_the_unit_unknown(units, people):
    secret = people.assign(habitants=[90.0, np.nan])
    found = measure(units, layer(box(0, 0, 250, 1000), techno=["4G"]), secret)
    assert pd.isna(found.values.loc["A", FOUR])
    assert found.known_share.loc["A", FOUR] == 0


def test_a_unit_where_nobody_lives_has_no_share(units):
    found = measure(units, layer(box(0, 0, 250, 1000), techno=["4G"]), layer(box(0, 0, 1000, 1000), habitants=[0.0]))
    assert pd.isna(found.values.loc["A", FOUR])
    assert found.values.loc["A", WITHOUT] == 0


def test_a_negative_population_is_refused(units, people):
    with pytest.raises(InvalidValueError, match=r"population\.habitants = -90, 1 valeur\(s\) hors bornes \(0 … -\)"):
        measure(units, layer(box(0, 0, 1, 1), techno=["4G"]), people.assign(habitants=[-90.0, 10.0]))
