"""The vintage that the territory file states, told to the analyses that tell dates apart."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.diagnosis.vintages import dated, dated_raster
from territoire_sig.model.raster import Raster
from territoire_sig.model.territory import Layer, Provenance


def told(role, frame, *vintages):
    provenance = tuple(Provenance("f", None, "vecteur", "0", None, 1, vintage=vintage) for vintage in vintages)
    return Layer(role, frame, provenance)


@pytest.mark.parametrize(
    ("vintages", "expected"),
    [(("2023",), "2023"), (("2023", "2023"), "2023"), (("2022", "2023"), "2022 ; 2023"), ((None,), None)],
)
def test_rows_take_the_vintage_of_their_layer(vintages, expected):
    stops = layer(Point(0, 0), stop_id=["a"])
    assert dated(stops, told("arret", stops, *vintages))["millesime"].tolist() == [expected]
    assert "millesime" not in stops.columns


def test_what_the_file_says_comes_first():
    stops = layer(Point(0, 0), Point(1, 1), stop_id=["a", "b"], millesime=["2019", None])
    assert dated(stops, told("arret", stops, "2023"))["millesime"].tolist() == ["2019", "2023"]


def test_roles_without_the_column_are_left_as_they_are():
    sites = layer(Point(0, 0))
    assert dated(sites, told("site_mobile", sites, "2023")) is sites


def test_a_raster_bears_the_vintage_of_its_layer():
    grid = Raster(np.zeros((1, 1)), (1, 0, 0, 0, -1, 1), "EPSG:2154")
    assert dated_raster(grid, told("air_raster", grid, "2021")).vintage == "2021"
    assert grid.vintage is None
