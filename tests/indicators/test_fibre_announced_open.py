"""What is announced and what is open, on a handful of buildings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.fibre_announced_open import ANALYSIS

NAMES = [output.name for output in ANALYSIS.outputs]


def measure(units, rates, buildings, **parameters):
    return ANALYSIS(units, layers={"couverture_fixe": rates, "immeuble": buildings}, **parameters)


def homes(*xs, **columns):
    return layer(*(Point(x, 500) for x in xs), **columns)


def test_by_hand(units):
    rates = layer(box(0, 0, 1000, 1000), taux_fibre=[0.8])
    buildings = homes(100, 200, 300, etat=["deploye", "cible", "abandonne"], locaux=[6.0, 3.0, 1.0])
    found = measure(units, rates, buildings)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx([0.8, 0.6, 0.2, 2, 3])
    assert (found.known_share.loc["A"] == 1).all()


def test_more_may_be_open_than_announced(units):
    rates = layer(box(0, 0, 1000, 1000), taux_fibre=[0.25])
    found = measure(units, rates, homes(100, etat=["deploye"], locaux=[8.0])).values.loc["A", NAMES]
    assert found.tolist() == pytest.approx([0.25, 1, -0.75, -6, 0])


def test_each_building_bears_the_rate_of_its_commune(units):
    rates = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), taux_fibre=[1.0, 0.5])
    found = measure(units, rates, homes(100, 900, etat=["deploye"] * 2, locaux=[10.0, 30.0]))
    assert found.values.loc["A", "fibre_announced_share"] == pytest.approx(0.625)


def test_what_is_unknown_is_left_out_and_told(units):
    rates = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), taux_fibre=[0.5, np.nan])
    buildings = homes(100, 200, 300, 900, etat=["deploye", "inconnu", "cible", "signe"], locaux=[4.0, 9.0, np.nan, 5.0])
    found = measure(units, rates, buildings)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx([0.5, 1, -0.5, -6.5, 5])
    assert found.known_share.loc["A", NAMES].tolist() == [0.5] + [0.25] * 3 + [0.5]


def test_without_a_day_a_dated_file_makes_no_gap(units):
    """Nine deployed and one targeted under a rate of 0.9: the truth is no gap, never +0.9."""
    rates = layer(box(0, 0, 1000, 1000), taux_fibre=[0.9])
    dates = pd.to_datetime(["2024-01-01"] * 10)
    buildings = homes(*range(100, 200, 10), etat=["deploye"] * 9 + ["cible"], locaux=[1.0] * 10, date_commerciale=dates)
    found = measure(units, rates, buildings).values.loc["A", NAMES[:4]]
    assert found.tolist() == pytest.approx([0.9, np.nan, np.nan, np.nan], nan_ok=True)
    dated = measure(units, rates, buildings, date_eligibilite=20260101).values.loc["A", NAMES[:4]]
    assert dated.tolist() == pytest.approx([0.9, 0.9, 0, 0])
