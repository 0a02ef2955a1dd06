"""Contributions by unit: where each is, what is counted, what is refused; values by head."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.contributions import inhabitants, placed
from territoire_sig.indicators.participation_hot_spots import participation_hot_spots
from territoire_sig.indicators.participation_plan_ranking import participation_plan_ranking
from territoire_sig.indicators.participation_rate import participation_rate
from territoire_sig.indicators.participation_representation import participation_representation
from territoire_sig.indicators.participation_social_gradient import participation_social_gradient

SHAPES = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)]
NAMES = ["L'Île-d'Abeau", "Saint-Égrève", "Saint-Égrève"]
CODES = ["01001", "01002", "01003"]


@pytest.fixture
def units():
    return gpd.GeoDataFrame({"nom_unite": NAMES}, geometry=SHAPES, index=CODES, crs=2154)


@pytest.fixture
def people():
    return gpd.GeoDataFrame({"habitants": [1000.0, 500.0, 0.0]}, geometry=SHAPES, crs=2154)


def contributions(*points, **columns):
    return gpd.GeoDataFrame(columns, geometry=[None if at is None else Point(at, 5) for at in points], crs=2154)


def test_a_name_or_a_code_stands_for_coordinates_unless_two_units_bear_it(units):
    said = ["01002", "l'ile d'abeau", "3 rue Haute, 38080 L'Île-d'Abeau", "Saint-Égrève", "Abeau", None]
    found = placed(units, contributions(*[None] * 6, lieu=said))
    assert found.unit.fillna("?").tolist() == ["01002", "01001", "01001", "?", "?", "?"]
    assert found.known_share == 0.5


def test_coordinates_win_over_the_name(units):
    found = placed(units, contributions(5, 99, lieu=["01002", "01002"]))
    assert found.unit.fillna("?").tolist() == ["01001", "?"]
    assert found.outside.tolist() == [False, True]


def test_rates_count_what_is_placed_and_tell_what_is_not(units, people):
    layer = contributions(1, 2, 12, 99, None, soutiens=[1, 2, None, 4, 5])
    found = participation_rate(units, contribution=layer, population=people)
    assert found.values["participation_count"].tolist() == [2, 1, 0]
    assert found.values["participation_per_1000"].fillna(-1).tolist() == [2, 2, -1]
    assert found.known_share["participation_count"].tolist() == [0.8] * 3
    assert found.known_share["participation_support_count"].tolist() == [0.8, 0, 0.8]
    assert found.values["participation_support_count"].fillna(-1).tolist() == [3, -1, 0]
    assert [value.value for value in found.overall.values()] == [5, 3, 1, 1, 2]


def test_without_population_only_counts_are_told(units):
    found = participation_rate(units, contribution=contributions(1), population=None)
    assert found.values.loc["01001"].fillna(-1).tolist() == [1, -1, -1, -1]
    assert np.isnan(found.overall["participation_all_per_1000"].value)


def test_contributions_of_no_known_place_tell_nothing_of_the_units(units, people):
    found = participation_rate(units, contribution=contributions(None, None), population=people)
    assert found.values.isna().all(axis=None)
    assert found.overall["participation_unplaced_count"].value == 2


def test_equal_rates_have_no_hot_spot(units):
    even = gpd.GeoDataFrame({"habitants": [100.0] * 3}, geometry=SHAPES, crs=2154)
    found = participation_hot_spots(units, contribution=contributions(1, 11, 21), population=even)
    assert found.values.isna().all(axis=None)
    assert set(found.map["classe"]) == {"inconnu"}


def test_a_cluster_of_many_units_is_hot_and_what_is_far_from_it_cold():
    shapes = [box(10 * i, 0, 10 * i + 10, 10) for i in range(12)]
    codes = list("ABCDEFGHIJKL")
    units = gpd.GeoDataFrame({"nom_unite": codes}, geometry=shapes, index=codes, crs=2154)
    even = gpd.GeoDataFrame({"habitants": [100.0] * 12}, geometry=shapes, crs=2154)
    layer = contributions(*[1, 11, 21] * 5)
    found = participation_hot_spots(units, contribution=layer, population=even, seuil=0.1)
    classes = found.map.set_index("code_unite")["classe"]
    assert classes["B"] == "point_chaud"
    assert classes["L"] == "non_significatif"
    assert found.values.loc["A", "participation_gi_star"] > 0 > found.values.loc["L", "participation_gi_star"]


def test_quotients_leave_units_of_unknown_inhabitants_out(units):
    known = gpd.GeoDataFrame({"habitants": [100.0, None, 300.0]}, geometry=SHAPES, crs=2154)
    found = participation_representation(units, contribution=contributions(1, 2, 3, 11, 21), population=known)
    assert found.values["participation_contribution_share"].fillna(-1).tolist() == [0.75, -1, 0.25]
    assert found.values["participation_quotient"].fillna(-1).round(9).tolist() == [3, -1, 0.333333333]
    assert found.overall["participation_dissimilarity_share"].value == 0.5


def test_a_rank_that_is_the_same_everywhere_is_no_order(units):
    even = gpd.GeoDataFrame({"habitants": [100.0] * 3, "habitants_65plus": [20.0] * 3}, geometry=SHAPES, crs=2154)
    income = gpd.GeoDataFrame(
        {"code_insee": CODES, "revenu_median": [10_000.0, 20_000.0, None]}, geometry=SHAPES, crs=2154
    )
    found = participation_social_gradient(
        units, contribution=contributions(1, 2, 3, 11), population=even, revenu=income, fragilite=None
    )
    assert found.overall["participation_income_concentration"].value == pytest.approx(-0.25)
    assert found.overall["participation_income_concentration"].known_share == pytest.approx(2 / 3)
    assert np.isnan(found.overall["participation_age_concentration"].value)
    assert np.isnan(found.overall["participation_fragility_concentration"].value)
    assert found.tables["participation_curves"]["fragility_contribution_share"].isna().all()


@pytest.mark.parametrize("overlap", [0, 0.01])
def test_a_unit_of_secret_income_does_not_take_that_of_its_neighbour_by_a_sliver(units, overlap):
    """1, 9 and 2 contributions among 100 people each: without the second, (2 − 1) ÷ (2 × 3) = 1/6."""
    even = gpd.GeoDataFrame({"habitants": [100.0] * 3}, geometry=SHAPES, crs=2154)
    drawn = [box(0, 0, 10 + overlap, 10), *SHAPES[1:]]
    income = gpd.GeoDataFrame({"revenu_median": [15_000.0, None, 25_000.0]}, geometry=drawn, crs=2154)
    layer = contributions(1, *[11] * 9, 21, 22)
    found = participation_social_gradient(units, contribution=layer, population=even, revenu=income)
    assert found.overall["participation_income_concentration"].value == pytest.approx(1 / 6)
    assert found.overall["participation_income_concentration"].known_share == pytest.approx(2 / 3)


def test_the_rank_of_a_unit_is_that_of_half_of_its_people_at_least(units):
    shapes = [box(0, 0, 5, 10), box(5, 0, 10, 10), box(10, 0, 15, 10), box(15, 0, 20, 10), SHAPES[2]]
    even = gpd.GeoDataFrame({"habitants": [40.0, 60.0, 60.0, 40.0, 100.0]}, geometry=shapes, crs=2154)
    income = gpd.GeoDataFrame({"revenu_median": [9_000.0, None, 15e3, None, 25e3]}, geometry=shapes, crs=2154)
    layer = contributions(1, 11, 12, 13, 21)
    found = participation_social_gradient(units, contribution=layer, population=even, revenu=income)
    # the second (3 contributions) and the third (1): (1 − 3) ÷ (2 × 4); 60 of the second and 100 of the third are told
    assert found.overall["participation_income_concentration"].value == pytest.approx(-1 / 4)
    assert found.overall["participation_income_concentration"].known_share == pytest.approx(160 / 300)


def test_secret_populations_are_not_counted_as_known(units):
    secret = gpd.GeoDataFrame({"habitants": [100.0, 100.0, None]}, geometry=SHAPES, crs=2154)
    income = gpd.GeoDataFrame({"revenu_median": [1e4, 2e4, 3e4]}, geometry=SHAPES, crs=2154)
    layer = contributions(1, 2, 3, 11)
    found = participation_social_gradient(units, contribution=layer, population=secret, revenu=income)
    assert found.overall["participation_income_concentration"].value == pytest.approx(-1 / 4)
    assert found.overall["participation_income_concentration"].known_share == pytest.approx(2 / 3)


def test_one_known_unit_is_not_compared_with_itself(units):
    secret = gpd.GeoDataFrame({"habitants": [100.0, None, None]}, geometry=SHAPES, crs=2154)
    found = participation_representation(units, contribution=contributions(1, 11), population=secret)
    assert np.isnan(found.overall["participation_dissimilarity_share"].value)


def plan(**columns):
    size = len(next(iter(columns.values())))
    return gpd.GeoDataFrame({"id": [str(n) for n in range(size)], **columns}, geometry=[None] * size, crs=2154)


def test_objectives_of_either_side_are_ranked(units):
    layer = contributions(1, None, None, None, theme=["Fibre", "fibre", "Bus", None], soutiens=[1, 1, 9, 3])
    action = plan(objectifs=["Fibre ; Été", "bus", None], budget_eur=[100.0, 10.0, 50.0])
    found = participation_plan_ranking(units, contribution=layer, action=action)
    table = found.tables["objective_ranking"].set_index("objectif")
    assert table["contributions"].to_dict() == {"bus": 1, "ete": 0, "fibre": 2}
    assert table["budget_eur"].to_dict() == {"bus": 10, "ete": 50, "fibre": 50}
    assert table["rank_budget"].to_dict() == {"bus": 3, "ete": 1.5, "fibre": 1.5}
    assert found.overall["ranking_contribution_tau"].value == 0
    assert found.overall["ranking_support_tau"].value == pytest.approx(-2 / 6**0.5)
    assert found.overall["ranking_contribution_tau"].known_share == pytest.approx(0.75 * 2 / 3)


def test_the_declared_objective_wins_over_the_theme(units):
    layer = contributions(1, 2, theme=["Fibre", "Bus"], objectif=["numerique", None])
    found = participation_plan_ranking(units, contribution=layer, action=plan(objectifs=["x"], budget_eur=[1.0]))
    assert found.tables["objective_ranking"]["objectif"].tolist() == ["numerique", "x"]
    assert np.isnan(found.overall["ranking_contribution_tau"].value)
    assert found.overall["ranking_objective_count"].value == 2


def test_unknown_supports_leave_their_objective_unranked(units):
    layer = contributions(1, 2, 3, theme=["a", "b", "c"], soutiens=pd.array([1, None, 3], dtype="Int64"))
    action = plan(objectifs=["a", "b", "c"], budget_eur=[1.0, 2.0, 3.0])
    found = participation_plan_ranking(units, contribution=layer, action=action)
    assert found.tables["objective_ranking"]["rank_support"].fillna(-1).tolist() == [2, -1, 1]


def test_negative_budgets_and_supports_are_refused(units):
    with pytest.raises(InvalidValueError, match=r"«budget_eur» vaut -5 \(1 ligne"):
        participation_plan_ranking(
            units, contribution=contributions(1, theme=["a"]), action=plan(objectifs=["a"], budget_eur=[-5.0])
        )
    with pytest.raises(InvalidValueError, match=r"«soutiens» vaut -2"):
        participation_plan_ranking(
            units,
            contribution=contributions(1, theme=["a"], soutiens=[-2]),
            action=plan(objectifs=["a"], budget_eur=[5.0]),
        )


def test_a_sliver_of_people_is_not_the_population_of_a_unit(units):
    """A of 1,000 people drawn half a metre too wide, B without data, five contributions each."""
    wide = gpd.GeoDataFrame({"habitants": [1000.0]}, geometry=[box(0, 0, 10.005, 10)], crs=2154)
    found = participation_rate(units, contribution=contributions(*[2] * 5, *[12] * 5), population=wide)
    assert found.values["participation_per_1000"].fillna(-1).tolist()[:2] == pytest.approx([5.0025, -1])


def test_people_speak_for_a_unit_by_squares_in_it_or_by_half_of_its_area(units):
    spots = [box(1, 1, 2, 2), box(9.6, 4, 10.6, 5), box(20, 0, 46, 10)]
    squares = gpd.GeoDataFrame({"habitants": [10.0, 10.0, 26.0]}, geometry=spots, crs=2154)
    people, known = inhabitants(units, squares)
    assert people.round(9).tolist() == [14, 6, 10]
    assert known.tolist() == [1, 1, 1]
    people, known = inhabitants(units, squares.iloc[[0]].set_geometry([box(14, -20, 29, 40)], crs=2154))
    assert people.fillna(-1).round(9).tolist() == pytest.approx([-1, 2 / 3, 1])
    assert known.round(9).tolist() == [0, 0.6, 0.9]
