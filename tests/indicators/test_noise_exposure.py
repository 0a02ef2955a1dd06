"""Exposure to noise, by head."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.indicators.noise_exposure import ANALYSIS
from territoire_sig.model.raster import Raster

PEOPLE = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), habitants=[10.0, 10.0])


def test_decibels_are_averaged_as_energies(units):
    zones = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), lden=[60.0, 50.0])
    found = ANALYSIS(units, layers={"population": PEOPLE, "air": zones}).values.loc["A"]
    assert found.tolist() == pytest.approx([10 * math.log10(550_000), 0.5, 0.5, 0])


def test_the_same_noise_everywhere_is_its_own_mean(units):
    grid = Raster(np.full((1, 2), 70.0), (500, 0, 0, 0, -1000, 1000), "EPSG:2154")
    found = ANALYSIS(units, layers={"population": PEOPLE, "bruit_raster": grid}).values.loc["A"]
    assert found.tolist() == pytest.approx([70, 1, 1, 1])


def test_levels_between_the_limits(units):
    zones = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), lden=[54.0, 68.0])
    found = ANALYSIS(units, layers={"population": PEOPLE, "air": zones}).values.loc["A"]
    assert found.tolist()[1:] == [1, 0.5, 0]


def test_places_without_noise_are_unknown_not_quiet(units):
    zones = layer(box(0, 0, 500, 1000), lden=[60.0])
    found = ANALYSIS(units, layers={"population": PEOPLE, "air": zones})
    assert found.values.loc["A", "lden_above_eu_share"] == 1
    assert found.known_share.loc["A", "lden_above_eu_share"] == pytest.approx(0.5)


def test_polygons_without_noise_tell_nothing(units):
    zones = layer(box(0, 0, 500, 1000), no2=[60.0])
    assert ANALYSIS(units, layers={"population": PEOPLE, "air": zones}).values.isna().all(axis=None)
