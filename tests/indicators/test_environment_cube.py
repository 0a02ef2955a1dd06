"""The cube: mobility, energy and air by unit and vintage, by head."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.environment_cube import ANALYSIS
from territoire_sig.model.raster import Raster

A, B = box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)


def stops(*rows):
    x, count, date = zip(*rows, strict=True)
    return layer(
        *(Point(place, 5) for place in x),
        stop_id=[str(i) for i in range(len(x))],
        passages_jour=list(count),
        millesime=list(date),
    )


def test_one_row_a_unit_and_a_vintage(units):
    use = layer(A, B, code_insee=["1", "2"], consommation_mwh=[500.0, 80.0], millesime=["2022", "2022"])
    found = ANALYSIS(units, layers={"arret": stops((5, 30.0, "2023"), (6, 12.0, "2023")), "consommation_energie": use})
    table = found.tables["cube"]
    assert table["code_unite"].tolist() == ["A", "A", "B", "B", "Z", "Z"]
    assert table["millesime"].tolist() == ["2022", "2023"] * 3
    assert table["energie_mwh"].fillna(-1).tolist() == [500, -1, 80, -1, -1, -1]
    assert table["passages_jour"].fillna(-1).tolist() == [-1, 42, -1, 0, -1, 0]
    assert found.values.loc["A", ["cube_departures", "cube_energy_mwh"]].tolist() == [42, 500]


def test_the_latest_vintage_is_taken_by_unit(units):
    found = ANALYSIS(units, layers={"arret": stops((5, 30.0, "2019"), (6, 12.0, "2023"), (7, 99.0, None))})
    assert found.values.loc["A", "cube_departures"] == 12
    assert found.tables["cube"]["millesime"].unique().tolist() == ["2019", "2023", "inconnu"]


def test_only_platforms_count(units):
    given = stops((5, 30.0, "2023"), (5, 30.0, "2023")).assign(location_type=[1, 0])
    assert ANALYSIS(units, layers={"arret": given}).values.loc["A", "cube_departures"] == 30


def test_a_sum_of_which_a_part_is_unknown_is_not_told(units):
    found = ANALYSIS(units, layers={"arret": stops((5, 30.0, "2023"), (6, np.nan, "2023"))})
    assert np.isnan(found.values.loc["A", "cube_departures"])
    assert found.tables["cube"]["passages_jour"].fillna(-1).tolist() == [-1, 0, 0]
    wide = layer(box(0, 0, 1000.5, 1000), B, code_insee=["1", "2"], consommation_mwh=[1000.0, None])
    found = ANALYSIS(units, layers={"consommation_energie": wide.astype({"consommation_mwh": float})})
    assert found.tables["cube"]["energie_mwh"].fillna(-1).tolist() == pytest.approx([999.50025, -1, -1])


def test_the_raster_bears_its_own_vintage(units):
    people = layer(A, B, habitants=[10.0, 20.0])
    grid = Raster(np.array([[30.0, 10.0]]), (1000, 0, 0, 0, -1000, 1000), "EPSG:2154", "no2", "2021")
    zones = layer(A, no2=[50.0], pm25=[8.0], millesime=["2018"])
    found = ANALYSIS(units, layers={"population": people, "air": zones, "air_raster": grid})
    table = found.tables["cube"].set_index(["code_unite", "millesime"])
    assert table.loc[("A", "2018"), ["no2", "pm25"]].tolist() == [50, 8]
    assert table.loc[("A", "2021"), "no2"] == pytest.approx(30)
    assert found.values.loc[["A", "B"], "cube_no2"].tolist() == pytest.approx([30, 10])
    assert found.values["cube_inhabitants"].fillna(-1).tolist() == [20, 10, -1]


def test_exposure_is_unknown_without_people(units):
    found = ANALYSIS(units, layers={"air": layer(A, no2=[50.0])})
    assert found.values["cube_no2"].isna().all()


def test_one_of_the_measures_is_needed():
    assert ANALYSIS.missing({"population": 1}) == ("arret|consommation_energie|air|air_raster",)


def test_the_table_holds_no_mean_of_a_sliver(units):
    air = layer(box(0, 0, 1000.5, 1000), no2=[42.0])
    found = ANALYSIS(units, layers={"population": layer(A, B, habitants=[10.0, 20.0]), "air": air})
    assert found.tables["cube"]["no2"].fillna(-1).tolist() == [pytest.approx(42), -1, -1]
    assert found.known_share.loc["B", "cube_no2"] == pytest.approx(0.0005)
