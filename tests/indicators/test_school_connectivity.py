"""Fibre and 4G indoors in schools, on points one can count."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.school_connectivity import ANALYSIS

NAMES = [output.name for output in ANALYSIS.outputs]


def schools(*xs, **columns):
    return layer(*(Point(x, 500) for x in xs), **columns)


@pytest.fixture
def cover():
    """4G: very good west of 300, good to 600, limited to 900."""
    shapes = box(0, 0, 300, 1000), box(300, 0, 600, 1000), box(600, 0, 900, 1000)
    return layer(*shapes, techno=["4G"] * 3, niveau=["TBC", "BC", "CL"])


def measure(units, found, **layers):
    asked = {name: layers.pop(name) for name in list(layers) if name in {one.name for one in ANALYSIS.parameters}}
    return ANALYSIS(units, layers={"etablissement_scolaire": found, "immeuble": None} | layers, **asked)


def test_by_hand(units, cover):
    told = schools(100, 700, 200, 950, fibre=[True, True, False, False], eleves=[100.0, 200.0, 300.0, 400.0])
    found = measure(units, told, couverture_mobile=cover)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx([0.5, 0.5, 0.25, 1, 400, 0.1])
    assert (found.known_share.loc["A"] == 1).all()
    assert found.map["classe"].tolist() == ["les_deux", "fibre_seule", "4g_seule", "aucune"]


def test_the_rule_of_indoors_is_a_parameter(units, cover):
    told = schools(100, 400, 700)
    name = "school_4g_indoor_share"
    assert measure(units, told, couverture_mobile=cover).values.loc["A", name] == pytest.approx(2 / 3)
    assert measure(units, told, couverture_mobile=cover, niveau_interieur=3).values.loc["A", name] == pytest.approx(
        1 / 3
    )


def test_covered_without_a_level_tells_nothing_of_indoors(units, cover):
    found = measure(units, schools(100, 400), couverture_mobile=cover.assign(niveau=["COUVERT", "BC", "CL"]))
    assert found.values.loc["A", "school_4g_indoor_share"] == 1
    assert found.known_share.loc["A", "school_4g_indoor_share"] == 0.5


def test_the_nearest_building_tells_for_a_school_that_does_not(units):
    homes = layer(Point(100, 510), Point(110, 560), Point(700, 500), etat=["deploye", "cible", "cible"])
    found = measure(units, schools(100, 750, 400, fibre=[None, None, None]), immeuble=homes)
    assert found.values.loc["A", "school_fibre_share"] == 0.5
    assert found.known_share.loc["A", "school_fibre_share"] == pytest.approx(2 / 3)
    own = measure(units, schools(100, fibre=[False]), immeuble=homes)
    assert own.values.loc["A", "school_fibre_share"] == 0


@pytest.mark.parametrize(
    ("states", "share"), [(["deploye", "deploye"], 1), (["deploye", "cible"], 0), (["deploye", "inconnu"], None)]
)
def test_of_buildings_equally_near_all_must_be_eligible(units, states, share):
    homes = layer(Point(90, 500), Point(110, 500), etat=states)
    value = measure(units, schools(100), immeuble=homes).values.loc["A", "school_fibre_share"]
    assert pd.isna(value) if share is None else value == share


def test_one_that_lacks_one_and_does_not_tell_the_other_is_left_out(units, cover):
    found = measure(units, schools(950, fibre=[None], eleves=[50.0]), couverture_mobile=cover)
    names = ["school_both_share", "school_both_pupil_share", "school_neither_count"]
    assert found.values.loc["A", names].isna().all()
    assert found.map["classe"].tolist() == ["inconnu"]


def test_unknown_pupils_lower_what_is_known_of_pupils_alone(units, cover):
    told = schools(100, 200, fibre=[True, True], eleves=[100.0, None])
    found = measure(units, told, couverture_mobile=cover)
    assert found.known_share.loc["A", ["school_both_share", "school_both_pupil_share"]].tolist() == [1, 0.5]


def test_fibre_unknown_everywhere_is_no_share_of_both(units, cover):
    """Ten schools, nine with 4G indoors: the tenth must not make 0 %."""
    told = schools(*range(100, 190, 10), 950, fibre=[None] * 10, eleves=[10.0] * 10)
    found = measure(units, told, couverture_mobile=cover)
    assert found.values.loc["A", "school_4g_indoor_share"] == pytest.approx(0.9)
    assert found.values.loc["A", ["school_both_share", "school_neither_count", "school_both_pupil_share"]].isna().all()
    assert found.known_share.loc["A", "school_both_share"] == 0


def test_a_dated_file_without_a_day_tells_no_school(units):
    homes = layer(Point(100, 500), Point(700, 500), etat=["deploye", "cible"], date_commerciale=[None, None])
    homes["date_commerciale"] = pd.to_datetime(["2024-01-01", "2024-01-01"])
    found = measure(units, schools(100, 700), immeuble=homes).values.loc["A", "school_fibre_share"]
    assert pd.isna(found)
    dated = measure(units, schools(100, 700), immeuble=homes, date_eligibilite=20260101)
    assert dated.values.loc["A", "school_fibre_share"] == 0.5
