"""Redundant supports, on masts one can draw."""

from __future__ import annotations

import math

import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.indicators.sobriety_redundant_supports import ANALYSIS


def measure(units, *masts, distance_m=100.0):
    """Measure masts given as (x, operators)."""
    points = [Point(x, 500) for x, _ in masts]
    supports = layer(*points, id_support=[f"s{x}" for x, _ in masts], operateurs=[words for _, words in masts])
    return ANALYSIS(units, layers={"support": supports}, distance_m=distance_m)


def test_two_neighbours_of_two_operators_could_be_one(units):
    found = measure(units, (100, "Orange"), (200, "SFR"), (500, "Free"))
    assert found.values.loc["A"].tolist() == pytest.approx([1, 1 / 3, 2])
    assert found.tables["mergeable_clusters"].iloc[0].tolist() == [1, "s100 ; s200", "ORANGE ; SFR", 2, 1, 1]


def test_two_neighbours_of_one_operator_are_no_redundancy(units):
    found = measure(units, (100, "Orange"), (200, "Orange ; SFR"))
    assert found.values.loc["A"].tolist() == [0, 0, 0]
    assert len(found.tables["mergeable_clusters"]) == 0


def test_each_operator_keeps_as_many_places(units):
    found = measure(units, (100, "Orange"), (190, "SFR"), (280, "Orange"), distance_m=200.0)
    assert found.values.loc["A", "redundant_support_count"] == pytest.approx(1)
    assert found.tables["mergeable_clusters"]["suffisants"].tolist() == [2]


def test_a_chain_of_neighbours_is_not_one_cluster(units):
    found = measure(units, (100, "Orange"), (180, "SFR"), (270, "Free"), (360, "Bouygues"))
    assert found.values.loc["A", "redundant_support_count"] == 2
    assert found.tables["mergeable_clusters"]["supports"].tolist() == ["s100 ; s180", "s270 ; s360"]


def test_a_cluster_over_two_units_is_shared_between_them(units):
    found = measure(units, (960, "Orange"), (1040, "SFR"))
    assert found.values["redundant_support_count"].tolist() == [0.5, 0.5, 0]
    assert found.overall["redundant_support_total"].value == 1


def test_supports_without_a_named_operator_enter_no_cluster(units):
    found = measure(units, (100, "Orange"), (150, None), (200, "SFR"), distance_m=60.0)
    assert found.values.loc["A", "redundant_support_count"] == 0
    assert found.known_share.loc["A", "redundant_support_count"] == pytest.approx(2 / 3)


def test_nothing_is_told_when_no_operator_is_named(units):
    found = measure(units, (100, None), (200, None))
    assert found.values.loc["A"].isna().all()
    assert math.isnan(found.overall["redundant_support_total"].value)
