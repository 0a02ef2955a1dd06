"""Who lives near a reuse or repair place, by head."""

from __future__ import annotations

import math

import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.sobriety_reuse_access import ANALYSIS

#: 60 people in the west of A, 40 in its east, 10 in B.
PEOPLE = layer(box(0, 0, 100, 100), box(900, 0, 1000, 100), box(1900, 0, 2000, 100), habitants=[60.0, 40.0, 10.0])


def measure(units, places, people=PEOPLE, distance_m=300.0):
    return ANALYSIS(units, layers={"reemploi": places, "population": people}, distance_m=distance_m)


def test_people_near_any_place_and_near_a_repairer(units):
    found = measure(units, layer(Point(50, 50), Point(1100, 50), type_lieu=["Ressourcerie", "Réparateur"]))
    assert found.values.loc["A"].tolist() == pytest.approx([1, 0.4, 0])
    assert found.values.loc["B"].tolist() == pytest.approx([0, 0, 10])
    assert found.values.loc["Z"].isna().all()
    assert found.overall["reuse_near_overall"].value == pytest.approx(100 / 110)


def test_the_table_tells_each_kind(units):
    found = measure(units, layer(Point(50, 50), Point(60, 50), Point(950, 50), type_lieu=["b", "b", None]))
    rows = found.tables["reuse_by_type"].to_numpy().tolist()
    assert [row[:3] for row in rows] == [["b", 2, pytest.approx(60)], ["non précisé", 1, pytest.approx(40)]]
    assert [row[3] for row in rows] == pytest.approx([60 / 110, 40 / 110])


def test_where_no_kind_is_stated_repair_is_unknown(units):
    found = measure(units, layer(Point(50, 50)))
    assert found.values.loc["A"].fillna(-1).tolist() == pytest.approx([0.6, -1, 40])


def test_secret_people_near_a_place_are_unknown(units):
    people = layer(box(0, 0, 100, 100), box(0, 100, 100, 200), box(900, 0, 1000, 100), habitants=[60.0, math.nan, 40.0])
    found = measure(units, layer(Point(50, 50)), people)
    assert found.values.loc["A"].isna().all()


def test_nobody_lives_in_an_empty_unit(units):
    people = layer(box(0, 0, 100, 100), habitants=[0.0])
    found = measure(units, layer(Point(50, 50)), people)
    assert math.isnan(found.values.loc["A", "reuse_near_share"])
    assert math.isnan(found.overall["reuse_near_overall"].value)
