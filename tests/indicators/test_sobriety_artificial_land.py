"""Supports on artificial land, by head."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.sobriety_artificial_land import ANALYSIS
from territoire_sig.model.raster import Raster

#: Pixels of 500 m over A and B: built, forest, unknown, fields.
COVER = Raster(np.array([[112.0, 311.0, np.nan, 211.0]] * 2), (500, 0, 0, 0, -500, 1000), "EPSG:2154", "clc.tif")


def masts(*xs):
    return layer(*(Point(x, 400) for x in xs), id_support=[str(x) for x in xs])


def test_land_cover_comes_first_then_zones(units):
    zones = layer(box(0, 0, 1250, 1000), typezone=["U"])
    given = {"support": masts(100, 600, 1100, 1400, 1600), "occupation_sol": COVER, "zonage": zones}
    found = ANALYSIS(units, layers=given)
    assert found.values.loc["A"].tolist() == [1, 1, 0.5, 1]
    assert found.values.loc["B"].tolist() == [1, 1, 0.5, 0.5]
    assert found.known_share.loc["B"].tolist() == pytest.approx([2 / 3] * 4)
    assert found.map["source"].tolist() == ["occupation_sol", "occupation_sol", "zonage", "", "occupation_sol"]


def test_zones_alone(units):
    zones = layer(box(0, 0, 300, 1000), box(300, 0, 1000, 1000), typezone=["U", "N"])
    found = ANALYSIS(units, layers={"support": masts(100, 600), "zonage": zones}).values
    assert found.loc["A"].tolist() == [1, 1, 0.5, 0]


@pytest.mark.parametrize(("kind", "built"), [("U", 1), ("01", 1), ("02", 1), ("AUc", 0), ("A", 0), ("99", 0)])
def test_urban_zones(units, kind, built):
    zones = layer(box(0, 0, 1000, 1000), typezone=[kind])
    assert ANALYSIS(units, layers={"support": masts(100), "zonage": zones}).values.iloc[1, 0] == built


def test_classes_of_another_list_are_refused(units):
    classes = Raster(np.array([[2.0, 23.0]]), (1000, 0, 0, 0, -1000, 1000), "EPSG:2154", "clc.tif")
    with pytest.raises(InvalidValueError, match=r"«clc.tif».*2 pixel.*vaut 2 ; attendu : de 111 à 523"):
        ANALYSIS(units, layers={"support": masts(100), "occupation_sol": classes})


def test_a_source_of_land_is_needed():
    assert ANALYSIS.missing({"support": 1}) == ("occupation_sol|zonage",)
