"""Choice of operator, on strips one can count."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.indicators.mobile_operator_choice import ANALYSIS

NAMES = ["operator_choice_mean", "operator_none_share", "operator_one_share", "operator_all_share"]


@pytest.fixture
def people():
    """A holds 100 inhabitants, evenly."""
    return layer(box(0, 0, 1000, 1000), habitants=[100.0])


def measure(units, cover, people, **parameters):
    return ANALYSIS(units, layers={"couverture_mobile": cover, "population": people}, **parameters)


def test_by_hand(units, people):
    cover = layer(
        box(0, 0, 600, 1000),
        box(400, 0, 800, 1000),
        box(500, 0, 600, 1000),
        operateur=["Orange", "SFR", "Free Mobile"],
        techno=["4G", "5G", "4G"],
    )
    found = measure(units, cover, people)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx([1.1, 0.2, 0.6, 0.1])
    assert found.tables["operator_choice_distribution"]["inhabitants"].tolist() == pytest.approx([20, 60, 10, 10])
    assert found.values.loc["B"].isna().all()


def test_only_the_generations_asked_for_count(units, people):
    cover = layer(box(0, 0, 500, 1000), box(0, 0, 900, 1000), operateur=["Orange", "SFR"], techno=["4G", "2G3G"])
    assert measure(units, cover, people).values.loc["A", NAMES].tolist() == pytest.approx([0.5, 0.5, 0.5, 0])
    assert measure(units, cover, people, generation_min=3).values.loc["A", NAMES[0]] == pytest.approx(1.4)
    assert measure(units, cover, people, generation_min=5).values.isna().all(axis=None)


def test_two_polygons_of_one_operator_are_one_operator(units, people):
    cover = layer(box(0, 0, 500, 1000), box(0, 0, 500, 1000), operateur=["Orange", "ORANGE"], techno=["4G", "5G"])
    assert measure(units, cover, people).values.loc["A", NAMES].tolist() == pytest.approx([0.5, 0.5, 0.5, 0.5])


def test_places_of_unknown_operator_are_left_out(units, people):
    cover = layer(box(0, 0, 400, 1000), box(200, 0, 500, 1000), operateur=["Orange", None], techno=["4G", "4G"])
    found = measure(units, cover, people)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx([2 / 7, 5 / 7, 2 / 7, 2 / 7])
    assert found.known_share.loc["A", NAMES[0]] == pytest.approx(0.7)


def test_without_any_operator_nothing_is_known(units, people):
    cover = layer(box(0, 0, 400, 1000), techno=["4G"])
    assert measure(units, cover, people).values.isna().all(axis=None)
    assert measure(units, cover.assign(operateur=" "), people).values.isna().all(axis=None)


def test_a_level_that_nobody_reaches_leaves_everybody_without(units, people):
    cover = layer(box(0, 0, 400, 1000), operateur=["Orange"], techno=["4G"], niveau=["CL"])
    found = measure(units, cover, people, niveau_couverture=3)
    assert found.values.loc["A", NAMES].tolist() == [0, 1, 0, 0]
    assert pd.isna(found.values.loc["B", NAMES[0]])
