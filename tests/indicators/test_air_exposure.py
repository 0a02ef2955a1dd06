"""Exposure to air pollution, by head."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.errors import CRSMismatchError, InvalidValueError
from territoire_sig.indicators.air_exposure import ANALYSIS
from territoire_sig.model.raster import Raster

PEOPLE = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), habitants=[30.0, 10.0])
ZONES = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), no2=[40.0, 20.0], pm25=[12.0, None]).astype(
    {"pm25": float}
)
GRID = Raster(np.array([[10.0, 50.0, np.nan]]), (500, 0, 0, 0, -1000, 1000), "EPSG:2154", "no2.tif")


def no2(found, unit="A"):
    return found.values.loc[unit].filter(like="no2").tolist()


def test_polygons_by_hand(units):
    found = ANALYSIS(units, layers={"population": PEOPLE, "air": ZONES})
    assert no2(found) == [35, 1, 0.75, 0]
    assert found.values.loc["A"].filter(like="pm25").tolist() == [12, 1, 1, 0]
    assert found.known_share.loc["A", ["no2_exposure", "pm25_exposure"]].tolist() == [1, 0.75]
    assert found.values.loc[["B", "Z"]].isna().all(axis=None)


def test_a_value_at_the_level_is_not_above_it(units):
    zones = ZONES.assign(no2=[40.0, 40.0])
    assert no2(ANALYSIS(units, layers={"population": PEOPLE, "air": zones})) == [40, 1, 1, 0]


def test_the_raster_comes_first(units):
    found = ANALYSIS(units, layers={"population": PEOPLE, "air": ZONES, "air_raster": GRID})
    assert no2(found) == pytest.approx([20, 0.25, 0.25, 0.25])


def test_polygons_tell_where_the_raster_does_not(units):
    people = layer(box(0, 0, 500, 1000), box(1000, 0, 1500, 1000), habitants=[30.0, 10.0])
    zones = layer(box(1000, 0, 1500, 1000), no2=[44.0])
    found = ANALYSIS(units, layers={"population": people, "air": zones, "air_raster": GRID})
    assert no2(found, "B") == [44, 1, 1, 1]


def test_polygons_tell_the_part_of_a_home_that_the_raster_does_not(units):
    """Two homes of 100; the raster tells 50 over 55 % of the first, polygons 10 over both."""
    people = PEOPLE.assign(habitants=[100.0, 100.0])
    grid = Raster(np.array([[50.0, np.nan]]), (275, 0, 0, 0, -1000, 1000), "EPSG:2154", "no2.tif")
    zones = layer(box(0, 0, 1000, 1000), no2=[10.0])
    found = ANALYSIS(units, layers={"population": people, "air": zones, "air_raster": grid})
    assert no2(found) == pytest.approx([21, 0.275, 0.275, 0.275])
    assert found.known_share.loc["A", "no2_exposure"] == pytest.approx(1)
    half = zones.set_geometry([box(0, 0, 300, 1000)], crs=zones.crs)
    found = ANALYSIS(units, layers={"population": people, "air": half, "air_raster": grid})
    assert no2(found)[0] == pytest.approx((275 * 50 + 25 * 10) / 300)
    assert found.known_share.loc["A", "no2_exposure"] == pytest.approx(0.3)


def test_a_home_half_on_the_raster_is_half_known(units):
    people = layer(box(750, 0, 1250, 1000), habitants=[10.0])
    found = ANALYSIS(units, layers={"population": people, "air_raster": GRID})
    assert no2(found) == pytest.approx([50, 1, 1, 1])
    assert found.known_share["no2_exposure"].tolist() == pytest.approx([0, 1, 0])


def test_a_cell_of_the_population_counts_in_each_unit_by_area(units):
    people = layer(box(900, 0, 1100, 1000), habitants=[10.0])
    zones = layer(box(900, 0, 1000, 1000), box(1000, 0, 1100, 1000), no2=[10.0, 30.0])
    found = ANALYSIS(units, layers={"population": people, "air": zones}).values["no2_exposure"]
    assert found.tolist() == pytest.approx([30, 10, math.nan], nan_ok=True)


def test_secret_people_lower_what_is_known(units):
    people = PEOPLE.assign(habitants=[30.0, math.nan])
    found = ANALYSIS(units, layers={"population": people, "air": ZONES})
    assert found.values.loc["A", "no2_exposure"] == 40
    assert found.known_share.loc["A", "no2_exposure"] == pytest.approx(0.5)


def test_an_undeclared_nodata_value_is_refused(units):
    wrong = Raster(np.array([[10.0, -9999.0]]), (500, 0, 0, 0, -1000, 1000), "EPSG:2154", "no2.tif")
    with pytest.raises(InvalidValueError, match=r"«no2.tif».*1 pixel.*vaut -9999 ; attendu : 0 ou plus"):
        ANALYSIS(units, layers={"population": PEOPLE, "air_raster": wrong})


def test_a_raster_in_another_system_is_refused(units):
    wrong = Raster(GRID.values, GRID.transform, "EPSG:3946", "no2.tif")
    with pytest.raises(CRSMismatchError, match=r"«no2.tif».*EPSG:3946.*EPSG:2154"):
        ANALYSIS(units, layers={"population": PEOPLE, "air_raster": wrong})
