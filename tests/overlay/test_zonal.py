"""Zonal statistics with exact pixel fractions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shapely import MultiPoint, Point, Polygon, box

from overlay.drawing import layer
from territoire_sig.errors import CRSMismatchError, InvalidValueError
from territoire_sig.model.raster import Raster
from territoire_sig.overlay import value_at, zonal_statistics
from territoire_sig.texts import language

NORTH_UP = (10.0, 0.0, 0.0, 0.0, -10.0, 20.0)
NOISE = Raster(np.array([[50.0, 60.0, np.nan], [70.0, 80.0, np.nan]]), NORTH_UP, "EPSG:2154", "noise")


def test_pixels_count_for_the_fraction_covered():
    found = zonal_statistics(layer(box(5, 0, 20, 10), index=["U"]), NOISE, ["mean", "sum", "max"])
    assert found.loc["U"].to_dict() == pytest.approx({"mean": 115 / 1.5, "sum": 115, "max": 80, "known_share": 1})


def test_unknown_pixels_lower_the_known_share():
    assert zonal_statistics(layer(box(10, 0, 30, 20)), NOISE).to_numpy().tolist() == [[70.0, 0.5]]


def test_nothing_known_is_not_zero():
    zones = layer(box(20, 0, 30, 20), box(500, 500, 510, 510), Polygon(), index=[7, 8, 9])
    found = zonal_statistics(zones, NOISE, ["sum", "count", "mean"])
    assert found[["sum", "count", "mean"]].isna().all(axis=None)
    assert found["known_share"].tolist()[:2] == [0.0, 0.0]
    assert math.isnan(found["known_share"][9])
    assert found.index.tolist() == [7, 8, 9]


def test_a_zone_half_out_of_the_raster_is_half_known():
    assert zonal_statistics(layer(box(-10, 0, 10, 20)), NOISE).to_numpy().tolist() == [[60.0, 0.5]]


def test_quantiles_are_named_as_asked():
    found = zonal_statistics(layer(box(0, 0, 20, 20)), NOISE, ["quantile(q=0.5)", "variety"])
    assert found.columns.tolist() == ["quantile(q=0.5)", "variety", "known_share"]
    assert found["variety"].tolist() == [4.0]


def test_another_crs_is_refused():
    other = Raster(NOISE.values, NORTH_UP, "EPSG:3946", "noise")
    with language("en"), pytest.raises(CRSMismatchError, match="is EPSG:3946, that of the zones is EPSG:2154"):
        zonal_statistics(layer(box(0, 0, 1, 1)), other)


def test_a_raster_upside_down_is_refused():
    upside_down = Raster(NOISE.values, (10, 0, 0, 0, 10, 0), "EPSG:2154", "noise")
    with language("en"), pytest.raises(InvalidValueError, match="expected north up"):
        zonal_statistics(layer(box(0, 0, 1, 1)), upside_down)


def test_an_unknown_statistic_is_named():
    with language("en"), pytest.raises(InvalidValueError, match=r"unknown statistic\(s\): meen, coverage"):
        zonal_statistics(layer(box(0, 0, 1, 1)), NOISE, ["mean", "meen", "coverage"])


def test_value_at_points():
    points = layer(Point(5, 15), Point(15, 5), Point(25, 5), Point(-1, 5), Point(5, 21), index=list("abcde"))
    found = value_at(points, NOISE)
    assert found.index.tolist() == list("abcde")
    assert found.fillna(-1).tolist() == [50, 80, -1, -1, -1]


def test_a_point_on_a_border_reads_the_pixel_to_its_east_and_south():
    assert value_at(layer(Point(10, 10), Point(0, 20), Point(10, 0)), NOISE).fillna(-1).tolist() == [80, 50, -1]


def test_value_at_refuses_what_is_not_one_point_in_one_system():
    with pytest.raises(InvalidValueError, match=r"2 point\(s\) pour 1 entité"):
        value_at(layer(MultiPoint([(1, 1), (2, 2)])), NOISE)
    with pytest.raises(CRSMismatchError, match=r"EPSG:2154.*EPSG:3946"):
        value_at(layer(Point(1, 1)).to_crs(3946), NOISE)
