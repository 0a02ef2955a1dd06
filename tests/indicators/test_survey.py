"""A survey by unit: what is counted, what is refused, what is unknown; values by head."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.survey import surveyed
from territoire_sig.indicators.survey_recommendation import survey_recommendation
from territoire_sig.indicators.survey_representation import survey_representation
from territoire_sig.indicators.survey_satisfaction import survey_satisfaction
from territoire_sig.indicators.survey_smoothed import survey_smoothed

SHAPES = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)]
CODES = ["A", "B", "C"]


@pytest.fixture
def units():
    return gpd.GeoDataFrame({"nom_unite": CODES}, geometry=SHAPES, index=CODES, crs=2154)


def survey(answers, satisfied, shapes=SHAPES, codes=CODES, **more):
    told = {"code_insee": codes, "reponses": answers, "satisfaits": satisfied, **more}
    return gpd.GeoDataFrame(told, geometry=shapes, crs=2154)


def test_a_unit_without_answers_is_not_one_where_nobody_is_satisfied(units):
    found = survey_satisfaction(units, enquete=survey([10, 0, None], [8, 0, None]))
    assert found.values["survey_answers"].tolist()[:2] == [10, 0]
    assert found.values["survey_satisfied_share"].fillna(-1).tolist() == [0.8, -1, -1]
    assert found.known_share["survey_satisfied_share"].tolist() == [1, 0, 0]
    assert found.overall["survey_all_satisfied_share"].value == 0.8
    assert found.overall["survey_all_satisfied_share"].known_share == pytest.approx(1 / 3)
    assert found.map["classe"].tolist() == ["indistinct", "inconnu", "inconnu"]


def test_a_survey_of_zero_answers_says_nothing_of_the_territory(units):
    found = survey_satisfaction(units, enquete=survey([0, 0, 0], [0, 0, 0]))
    assert found.values["survey_satisfied_share"].isna().all()
    whole = {name: one.value for name, one in found.overall.items()}
    assert whole.pop("survey_all_answers") == whole.pop("survey_unplaced_answers") == 0
    assert all(np.isnan(value) for value in whole.values())
    smooth = survey_smoothed(units, enquete=survey([0, 0, 0], [0, 0, 0]))
    assert smooth.values.isna().all(axis=None)
    assert np.isnan(smooth.overall["survey_between_units_deviation"].value)


def test_units_clearly_above_and_under_the_whole_are_drawn(units):
    found = survey_satisfaction(units, enquete=survey([100, 100, 100], [90, 50, 10]))
    assert found.map["classe"].tolist() == ["au_dessus", "indistinct", "au_dessous"]


def test_answers_of_a_commune_count_once_for_its_three_units(units):
    commune = survey([30], [12], shapes=[box(0, 0, 30, 10)], codes=["01001"])
    found = survey_satisfaction(units, enquete=commune)
    assert found.values["survey_satisfied_share"].tolist() == [0.4] * 3
    assert found.overall["survey_all_answers"].value == 30
    repeated = survey([30] * 3, [12] * 3, codes=["01001"] * 3)
    assert survey_satisfaction(units, enquete=repeated).overall["survey_all_answers"].value == 30


def test_rows_finer_than_a_unit_are_summed(units):
    halves = [box(0, 0, 5, 10), box(5, 0, 10, 10), box(10, 0, 20, 10)]
    found = surveyed(units, survey([4, 6, 5], [1, 2, 5], shapes=halves, codes=["1", "2", "3"]))
    assert found.counts["reponses"].tolist() == [10, 5]
    assert found.place.isna().tolist() == [False, False, True]
    assert found.reach.tolist() == [1, 1, 0]


def test_answers_without_their_satisfied_ones_leave_the_share_alone(units):
    halves = [box(0, 0, 5, 10), box(5, 0, 10, 10)]
    found = survey_satisfaction(units, enquete=survey([4, 6], [1, None], shapes=halves, codes=["1", "2"]))
    assert found.values.loc["A", ["survey_answers", "survey_satisfied_share"]].tolist() == [10, 0.25]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (survey([5, 5, 5], [1, 6, 1]), r"1 ligne\(s\) avec plus de satisfaits que de réponses : 6 pour 5"),
        (survey([5, 5, -5], [1, 1, None]), r"1 ligne\(s\) avec «reponses» négatif : -5"),
        (
            survey([5, 5, 5], [1, 1, 1], promoteurs=[4, 1, 1], passifs=[1, 1, 1], detracteurs=[1, 1, 1]),
            r"plus de promoteurs, passifs et détracteurs que de réponses : 6 pour 5",
        ),
    ],
)
@pytest.mark.parametrize("measure", [survey_satisfaction, survey_recommendation, survey_smoothed])
def test_impossible_counts_are_refused(units, layer, message, measure):
    with pytest.raises(InvalidValueError, match=message):
        measure(units, enquete=layer)


def test_scores_go_from_minus_100_to_100(units):
    marks = {"promoteurs": [10, 0, 0], "passifs": [0, 10, 0], "detracteurs": [0, 0, 10]}
    found = survey_recommendation(units, enquete=survey([10, 10, 10], [5, 5, 5], **marks))
    assert found.values["recommendation_score"].tolist() == [100, 0, -100]
    assert found.values.loc["A", "recommendation_low"] < 100
    assert found.values.loc["A", "recommendation_high"] == 100
    assert found.overall["recommendation_all_score"].value == 0


def test_without_marks_the_score_is_unknown(units):
    found = survey_recommendation(units, enquete=survey([10, 10, 10], [5, 5, 5]))
    assert found.values.isna().all(axis=None)
    marks = {"promoteurs": [3, 0, 2], "passifs": [1, 0, 2], "detracteurs": [0, 0, None]}
    found = survey_recommendation(units, enquete=survey([10, 10, 10], [5, 5, 5], **marks))
    assert found.values["recommendation_score"].fillna(-999).tolist() == [75, -999, -999]
    assert found.overall["recommendation_all_answers"].known_share == pytest.approx(2 / 3)


def test_shares_that_chance_explains_are_all_drawn_to_the_mean(units):
    found = survey_smoothed(units, enquete=survey([10, 10, 10], [5, 6, 4]))
    assert found.values["survey_smoothed_share"].tolist() == [0.5] * 3
    assert found.values["survey_own_weight_share"].tolist() == [0] * 3
    assert found.overall["survey_between_units_deviation"].value == 0


def test_a_unit_alone_has_no_neighbour_to_be_drawn_to():
    shapes = [SHAPES[0], SHAPES[1], box(500, 0, 510, 10)]
    units = gpd.GeoDataFrame({"nom_unite": CODES}, geometry=shapes, index=CODES, crs=2154)
    found = survey_smoothed(units, enquete=survey([10, 100, 50], [2, 80, 25], shapes=shapes))
    assert found.values["survey_locally_smoothed_share"].round(3).fillna(-1).tolist() == [0.406, 0.797, -1]
    assert found.values["survey_smoothed_share"].notna().all()


def test_units_without_inhabitants_or_answers_are_out_of_the_weighted_share(units):
    people = gpd.GeoDataFrame({"habitants": [3000.0, 1000.0]}, geometry=SHAPES[:2], crs=2154)
    found = survey_representation(units, enquete=survey([10, 0, 30], [2, 0, 24]), population=people)
    assert found.overall["survey_weighted_satisfied_share"].value == pytest.approx(0.2)
    # 3,000 of the 4,000 known inhabitants live where somebody answered; those of one unit in three are unknown
    assert found.overall["survey_weighted_satisfied_share"].known_share == pytest.approx(0.75 * 2 / 3)
    assert found.values["survey_answers_per_1000"].fillna(-1).round(3).tolist() == [3.333, 0, -1]


def test_answers_that_no_unit_holds_count_for_the_territory():
    """Four units of 1 km: 100 answers around their common corner, 10 in A, 7 mainly out of the territory."""
    squares = [box(x, y, x + 1000, y + 1000) for x in (0, 1000) for y in (0, 1000)]
    units = gpd.GeoDataFrame({"nom_unite": list("ABCD")}, geometry=squares, index=list("ABCD"), crs=2154)
    rows = [box(700, 700, 1290, 1290), box(10, 10, 500, 500), box(-700, 200, 400, 300)]
    marks = {"promoteurs": [100, 0, 7], "passifs": [0, 0, 0], "detracteurs": [0, 10, 0]}
    layer = survey([100, 10, 7], [90, 1, 7], shapes=rows, codes=["1", "2", "3"], **marks)
    found = survey_satisfaction(units, enquete=layer)
    assert found.values["survey_answers"].fillna(-1).tolist() == [10, -1, -1, -1]
    whole = {name: one.value for name, one in found.overall.items()}
    assert [whole[f"survey_{name}"] for name in ("all_answers", "unplaced_answers")] == [110, 100]
    assert whole["survey_all_satisfied_share"] == pytest.approx(91 / 110)
    assert survey_recommendation(units, enquete=layer).overall["recommendation_all_score"].value == pytest.approx(
        100 * 90 / 110
    )
    assert survey_smoothed(units, enquete=layer).values["survey_smoothed_share"].iloc[0] == pytest.approx(0.1)


def test_secret_populations_are_not_counted_as_known():
    """Four units, three of which are secret: nothing is known of how the answers are shared out."""
    shapes = [box(x, y, x + 10, y + 10) for x in (0, 10) for y in (0, 10)]
    units = gpd.GeoDataFrame({"nom_unite": list("ABCD")}, geometry=shapes, index=list("ABCD"), crs=2154)
    people = gpd.GeoDataFrame({"habitants": [100.0, None, None, None]}, geometry=shapes, crs=2154)
    found = survey_representation(units, enquete=survey([100, 10], [90, 1], shapes[:2], ["1", "2"]), population=people)
    assert np.isnan(found.overall["survey_dissimilarity_share"].value)
    assert found.overall["survey_weighted_satisfied_share"].value == pytest.approx(0.9)
    assert found.overall["survey_weighted_satisfied_share"].known_share == pytest.approx(1 / 4)
