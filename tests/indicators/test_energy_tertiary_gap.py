"""Public buildings against the tertiary decree, by head."""

from __future__ import annotations

import math

import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.indicators.energy_tertiary_gap import ANALYSIS

NAN = math.nan


def measure(units, *rows, **options):
    """Measure buildings given as (x, floor area, use, reference use)."""
    x, floor, use, reference = zip(*rows, strict=True)
    buildings = layer(
        *(Point(place, 5) for place in x),
        nom=[f"b{place}" for place in x],
        surface_plancher_m2=list(floor),
        consommation_kwh=list(use),
        consommation_reference_kwh=list(reference),
    )
    return ANALYSIS(units, layers={"batiment_public": buildings}, **options)


def test_gaps_by_hand(units):
    found = measure(units, (10, 2000.0, 190e3, 280e3), (20, 1000.0, 50e3, 200e3), (30, 500.0, 60e3, 60e3))
    assert found.values.loc["A"].tolist() == pytest.approx([2, 300 / 3.5, 0.5, 22, 50, 78])
    assert found.known_share.loc["A"].tolist() == [1] * 6
    assert found.overall["tertiary_gap_2050_total_mwh"].value == pytest.approx(78)
    assert found.map["classe"].tolist() == ["en_retard_2030", "atteint_2030", "non_assujetti"]


def test_exactly_at_the_target_is_reached(units):
    assert measure(units, (10, 1000.0, 60e3, 100e3)).values.loc["A", "tertiary_on_track_share"] == 1


def test_without_a_reference_only_the_intensity_is_told(units):
    found = measure(units, (10, 2000.0, 190e3, NAN))
    assert found.values.loc["A"].fillna(-1).tolist() == [1, 95, -1, -1, -1, -1]
    assert math.isnan(found.overall["tertiary_gap_2030_total_mwh"].value)
    assert found.map["classe"].tolist() == ["reference_inconnue"]
    assert found.tables["tertiary_priorities"]["ecart_2030_mwh"].isna().all()


def test_half_of_the_subject_buildings_have_a_reference(units):
    found = measure(units, (10, 2000.0, 190e3, NAN), (20, 2000.0, 190e3, 280e3))
    assert found.values.loc["A", "tertiary_gap_2030_mwh"] == pytest.approx(22)
    assert found.known_share.loc["A", "tertiary_gap_2030_mwh"] == 0.5


def test_an_unknown_area_lowers_what_is_known(units):
    found = measure(units, (10, NAN, 190e3, 280e3), (20, 2000.0, 190e3, 280e3))
    assert found.values.loc["A", "tertiary_subject_count"] == 1
    assert found.known_share.loc["A", "tertiary_subject_count"] == 0.5


def test_the_threshold_may_be_moved(units):
    assert measure(units, (10, 500.0, 1e3, 1e3), surface_min_m2=400.0).values.loc["A", "tertiary_subject_count"] == 1


def test_priorities_are_ordered_by_gap(units):
    found = measure(units, (10, 2000.0, 190e3, 280e3), (20, 2000.0, 500e3, 500e3), (30, 3000.0, 1e6, NAN))
    table = found.tables["tertiary_priorities"]
    assert table["nom"].tolist() == ["b20", "b10", "b30"]
    assert table["ecart_2030_mwh"].fillna(-1).tolist() == pytest.approx([200, 22, -1])
    assert table["baisse"].fillna(-1).tolist() == pytest.approx([0, 1 - 190 / 280, -1])


def test_a_unit_without_building_has_no_gap(units):
    found = measure(units, (10, 2000.0, 190e3, 280e3))
    assert found.values.loc["Z"].fillna(-1).tolist() == [0, -1, -1, 0, 0, 0]


def test_an_unknown_area_is_apart_on_the_map(units):
    found = measure(units, (5, NAN, 1e3, 1e3), (6, 10.0, 1e3, 1e3))
    assert found.map["classe"].tolist() == ["surface_inconnue", "non_assujetti"]
    assert set(found.map["classe"]) <= set(ANALYSIS.map_classes)
