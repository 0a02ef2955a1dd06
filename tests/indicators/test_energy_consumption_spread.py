"""Energy carried to units, every MWh accounted for."""

from __future__ import annotations

import math

import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.indicators.energy_consumption_spread import ANALYSIS

BOTH = box(0, 0, 2000, 1000)


def use(*pairs):
    codes = [f"0100{i}" for i in range(len(pairs))]
    return layer(*(shape for shape, _ in pairs), code_insee=codes, consommation_mwh=[value for _, value in pairs])


def test_by_area(units):
    found = ANALYSIS(units, layers={"consommation_energie": use((box(500, 0, 2500, 1000), 400.0))})
    assert found.values["energy_use_mwh"].tolist() == pytest.approx([200, math.nan, math.nan], nan_ok=True)
    assert found.known_share["energy_use_mwh"].tolist() == pytest.approx([1, 0, 0])
    assert found.overall["energy_use_total_mwh"].value == pytest.approx(300)
    assert found.tables["energy_conservation"].iloc[0].tolist() == pytest.approx([400, 300, 100, 0, 0, 0, 0], abs=1e-9)


def test_by_buildings_and_their_storeys(units):
    homes = layer(box(0, 0, 10, 10), box(1500, 0, 1510, 10), box(1600, 0, 1610, 10), hauteur_m=[9.0, None, 1.0])
    found = ANALYSIS(units, layers={"consommation_energie": use((BOTH, 500.0)), "batiment": homes})
    assert found.values.loc[["A", "B"], "energy_use_mwh"].tolist() == pytest.approx([300, 200])


def test_a_source_without_building_is_spread_by_area(units):
    homes = layer(box(5000, 0, 5010, 10), hauteur_m=[3.0])
    found = ANALYSIS(units, layers={"consommation_energie": use((BOTH, 500.0)), "batiment": homes})
    assert found.values.loc[["A", "B"], "energy_use_mwh"].tolist() == pytest.approx([250, 250])
    assert found.tables["energy_conservation"]["sources_par_surface"].tolist() == [1]


def test_a_secret_source_is_unknown_not_zero(units):
    sources = use((box(0, 0, 1000, 1000), math.nan), (box(1000, 0, 2000, 1000), 7.0))
    found = ANALYSIS(units, layers={"consommation_energie": sources})
    assert found.values["energy_use_mwh"].tolist() == pytest.approx([7, math.nan, math.nan], nan_ok=True)
    assert found.tables["energy_conservation"]["sources_inconnues"].tolist() == [1]
    assert found.overall["energy_use_total_mwh"].known_share == pytest.approx(1 / 3)


def test_by_inhabitant_only_where_all_is_known(units):
    sources = use((box(0, 0, 1000, 1000), 50.0), (box(1000, 0, 1500, 1000), 7.0))
    people = layer(box(0, 0, 100, 100), box(1000, 0, 1100, 100), habitants=[20.0, 5.0])
    found = ANALYSIS(units, layers={"consommation_energie": sources, "population": people})
    assert found.values["energy_use_per_person_mwh"].tolist() == pytest.approx([math.nan, 2.5, math.nan], nan_ok=True)


def test_a_sliver_of_the_next_source_is_not_the_use_of_a_unit(units):
    """A drawn half a metre too wide, B secret."""
    sources = use((box(0, 0, 1000.5, 1000), 1000.0), (box(1000, 0, 2000, 1000), math.nan))
    found = ANALYSIS(units, layers={"consommation_energie": sources})
    assert found.values["energy_use_mwh"].tolist() == pytest.approx([math.nan, 999.50025, math.nan], nan_ok=True)


def test_a_sliver_of_people_does_not_use_the_energy_of_a_unit(units):
    sources = use((box(0, 0, 1000, 1000), 10_000.0), (box(1000, 0, 2000, 1000), 10_000.0))
    people = layer(box(0, 0, 1000.5, 1000), habitants=[1000.0])
    found = ANALYSIS(units, layers={"consommation_energie": sources, "population": people})
    told = found.values.loc[["A", "B"], "energy_use_per_person_mwh"].tolist()
    assert told == pytest.approx([10.005, math.nan], nan_ok=True)
