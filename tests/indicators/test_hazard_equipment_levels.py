"""Equipment by hazard level, on points one can count."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.hazard_equipment_levels import ANALYSIS


@pytest.fixture
def hazard():
    """A: high hazard west of 400, low from 300 to 600, undetermined from 600 to 700; nothing was studied beyond."""
    shapes = box(0, 0, 400, 1000), box(300, 0, 600, 1000), box(600, 0, 700, 1000)
    return layer(*shapes, niveau=["fort", "faible", "indetermine"], typealea=["11"] * 3)


def points(*xs, **columns):
    return layer(*(Point(x, 500) for x in xs), **columns)


def test_by_hand_the_worst_level_and_its_border(units, hazard):
    schools = points(100, 350, 400, 500, 650, 900, 1500)
    found = ANALYSIS(units, layers={"alea": hazard, "etablissement_scolaire": schools})
    told = found.values.loc["A", [f"hazard_school_{one}" for one in ("faible", "moyen", "fort", "indetermine")]]
    assert told.tolist() == [1, 0, 3, 1]
    assert found.known_share.loc["A", ["hazard_school_fort", "hazard_school_indetermine"]].tolist() == [0.6, 0.7]
    assert pd.isna(found.values.loc["B", "hazard_school_fort"])
    table = found.tables["hazard_equipment"].set_index(["equipement", "niveau"])
    assert table.loc[("school", "fort")].tolist() == pytest.approx([3, 3 / 7])
    assert found.map["classe"].tolist() == ["fort"] * 3 + ["faible", "indetermine"]


def test_in_a_perimeter_no_zone_is_no_known_hazard(units, hazard):
    plan = layer(box(0, 0, 2000, 1000))
    found = ANALYSIS(units, layers={"alea": hazard, "batiment_public": points(1500), "perimetre_risque": plan})
    assert found.values.loc["B", "hazard_public_building_fort"] == 0
    assert found.known_share.loc[["A", "B"], "hazard_public_building_fort"].tolist() == [0.9, 1]


def test_only_distribution_points_in_use_are_counted(units, hazard):
    nodes = points(10, 20, 30, code=["1", "2", "3"], niveau=["PBO", "SRO", "PBO"], etat=[None, None, "abandonné"])
    found = ANALYSIS(units, layers={"alea": hazard, "noeud_optique": nodes})
    assert found.values.loc["A", "hazard_pbo_fort"] == 1
    assert found.values["hazard_support_fort"].isna().all()
