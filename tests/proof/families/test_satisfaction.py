"""Satisfaction, against statsmodels, esda and closed forms, on drawn territories and on the sample."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
from libpysal.weights import Queen
from scipy import stats
from shapely import box
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from proof.subjects import prepared
from territoire_sig.indicators import declared
from territoire_sig.indicators.neighbours import contiguity
from territoire_sig.indicators.smoothing import smoothed, smoothed_around
from territoire_sig.indicators.survey_recommendation import net_promoter_score

PROVES = ("survey_recommendation", "survey_representation", "survey_satisfaction", "survey_smoothed")
CLASSES = ["promoteurs", "passifs", "detracteurs"]
SEEDS = pytest.mark.parametrize("seed", range(3))


def grid(side=6):
    """Squares of 1 km side by side, in no order."""
    shapes = [box(x * 1000, y * 1000, (x + 1) * 1000, (y + 1) * 1000) for x in range(side) for y in range(side)]
    codes = [f"U{rank:02}" for rank in np.random.default_rng(side).permutation(len(shapes))]
    return gpd.GeoDataFrame({"nom_unite": codes}, geometry=shapes, index=pd.Index(codes, name="code_unite"), crs=2154)


def survey(units, seed):
    """A survey of the units: shares that differ, few answers in some, none in one."""
    random = np.random.default_rng(seed)
    answers = random.integers(1, 60, len(units))
    answers[seed] = 0
    marks = np.array([random.multinomial(n, [0.3, 0.3, 0.4]) for n in answers])
    told = {
        "code_insee": units.index,
        "reponses": answers,
        "satisfaits": random.binomial(answers, random.beta(6, 4, len(units))),
        **dict(zip(CLASSES, marks.T, strict=True)),
    }
    return gpd.GeoDataFrame(told, geometry=units.geometry.to_numpy(), crs=units.crs)


def told(identifier, units, layers, **parameters):
    return declared()[identifier](units, layers=layers, **parameters)


@SEEDS
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_shares_and_bounds_are_those_of_statsmodels(seed, confidence):
    units = grid()
    layer = survey(units, seed)
    found = told("survey_satisfaction", units, {"enquete": layer}, confiance=confidence)
    asked = layer[layer["reponses"] > 0].set_index("code_insee")
    low, high = proportion_confint(asked["satisfaits"], asked["reponses"], alpha=1 - confidence, method="wilson")
    ours = found.values.loc[asked.index]
    np.testing.assert_allclose(ours["survey_satisfied_share"], asked["satisfaits"] / asked["reponses"], rtol=1e-12)
    np.testing.assert_allclose(ours["survey_satisfied_low_share"], low, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours["survey_satisfied_high_share"], high, rtol=1e-9, atol=1e-12)
    total = asked[["satisfaits", "reponses"]].sum()
    low, high = proportion_confint(*total, alpha=1 - confidence, method="wilson")
    assert found.overall["survey_all_satisfied_low_share"].value == pytest.approx(low)
    assert found.overall["survey_all_satisfied_high_share"].value == pytest.approx(high)


def test_shares_of_the_sample():
    ready = prepared("sample_2025")
    layer = ready.inputs["enquete"].set_index("code_insee")[["satisfaits", "reponses"]].astype(float)
    ours = told("survey_satisfaction", ready.ground.units, ready.inputs).values["survey_satisfied_high_share"]
    _, high = proportion_confint(layer["satisfaits"], layer["reponses"], method="wilson")
    np.testing.assert_allclose(ours, high.reindex(ours.index), rtol=1e-9)


@SEEDS
def test_answers_at_a_corner_of_units_are_of_the_territory_alone(seed):
    units = grid()
    layer, corner = survey(units, seed), survey(units, seed + 5).iloc[[9]]
    corner = corner.assign(code_insee="X").set_geometry([box(1700, 2700, 2290, 3290)], crs=units.crs)
    every = pd.concat([layer, corner], ignore_index=True)
    alone, found = (told("survey_satisfaction", units, {"enquete": rows}) for rows in (layer, every))
    pd.testing.assert_frame_equal(found.values, alone.values)
    satisfied, answers = every["satisfaits"].sum(), every["reponses"].sum()
    low, _ = proportion_confint(satisfied, answers, method="wilson")
    assert found.overall["survey_all_satisfied_share"].value == pytest.approx(satisfied / answers)
    assert found.overall["survey_all_satisfied_low_share"].value == pytest.approx(low)
    assert found.overall["survey_unplaced_answers"].value == corner["reponses"].iloc[0] > 0
    assert alone.overall["survey_unplaced_answers"].value == 0
    score = told("survey_recommendation", units, {"enquete": every}).overall["recommendation_all_score"].value
    assert score == pytest.approx(100 * (every["promoteurs"] - every["detracteurs"]).sum() / every[CLASSES].sum().sum())


@SEEDS
def test_net_promoter_scores_are_means_of_signs(seed):
    """The score is the mean of +1, 0 and -1; its bounds, those of that mean once three answers are added."""
    units = grid()
    layer = survey(units, seed)
    found = told("survey_recommendation", units, {"enquete": layer}).values
    for row in layer[layer[CLASSES].sum(axis=1) > 0].itertuples():
        raw = DescrStatsW([1, 0, -1], weights=[row.promoteurs, row.passifs, row.detracteurs])
        more = DescrStatsW([1, 0, -1], weights=[row.promoteurs + 0.75, row.passifs + 1.5, row.detracteurs + 0.75])
        half = stats.norm.ppf(0.975) * np.sqrt(more.var / more.sum_weights)
        bounds = np.clip([more.mean - half, more.mean + half], -1, 1)
        expected = [raw.sum_weights, 100 * raw.mean, *(100 * bounds)]
        np.testing.assert_allclose(found.loc[row.code_insee], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.8, 0.15, 0.05), (0.1, 0.2, 0.7)])
@pytest.mark.parametrize("n", [12, 30])
def test_bounds_of_the_score_hold_it_as_often_as_they_say(shares, n):
    """Over every possible answer of n users, by its probability: the interval misses about one time in twenty."""
    draws = np.array([(p, q, n - p - q) for p in range(n + 1) for q in range(n + 1 - p)])
    found = net_promoter_score(pd.DataFrame(draws, columns=CLASSES).astype(float), 0.95)
    truth = 100 * (shares[0] - shares[2])
    inside = (found["low"] <= truth) & (truth <= found["high"])
    assert stats.multinomial(n, shares).pmf(draws)[inside].sum() == pytest.approx(0.95, abs=0.025)


@SEEDS
def test_smoothed_shares_are_means_of_the_beta_that_the_answers_leave(seed):
    units = grid()
    layer = survey(units, seed)
    found = told("survey_smoothed", units, {"enquete": layer})
    asked = layer[layer["reponses"] > 0].set_index("code_insee")
    n, x = asked["reponses"].to_numpy(float), asked["satisfaits"].to_numpy(float)
    spread = DescrStatsW(x / n, weights=n)
    mean, size = spread.mean, n.mean()
    between = (size * spread.var - mean * (1 - mean)) / (size - 1)
    assert between > 0
    prior = mean * (1 - mean) / between - 1
    expected = stats.beta.mean(mean * prior + x, (1 - mean) * prior + n - x)
    np.testing.assert_allclose(found.values.loc[asked.index, "survey_smoothed_share"], expected, rtol=1e-9)
    own = found.values.loc[asked.index, "survey_own_weight_share"]
    np.testing.assert_allclose(own, n / (n + prior), rtol=1e-9)
    assert found.overall["survey_between_units_deviation"].value == pytest.approx(np.sqrt(between))


@SEEDS
def test_smoothing_brings_nearer_to_the_truth(seed):
    random = np.random.default_rng(seed)
    truth, n = random.beta(8, 4, 400), random.integers(2, 40, 400)
    x = random.binomial(n, truth)
    drawn = smoothed(x, n, binomial=True).value
    assert ((drawn - truth) ** 2).mean() < 0.7 * ((x / n - truth) ** 2).mean()


@SEEDS
def test_rates_of_rare_events_are_smoothed_as_esda_does(seed):
    units = grid()
    random = np.random.default_rng(seed)
    people = random.integers(200, 5000, len(units)).astype(float)
    events = random.poisson(people * random.gamma(2, 0.002, len(units))).astype(float)
    ours = smoothed(events, people, binomial=False)
    assert ours.variance[0] > 0
    np.testing.assert_allclose(ours.value, Empirical_Bayes(events, people).r.ravel(), rtol=1e-9)
    weights = Queen.from_dataframe(units, use_index=False)
    weights.id_order = list(range(len(units)))
    near = smoothed_around(events, people, contiguity(units).with_self().matrix(), binomial=False)
    theirs = Spatial_Empirical_Bayes(events, people, weights).r.ravel()
    np.testing.assert_allclose(near.value, theirs, rtol=1e-9)


@SEEDS
def test_local_shares_are_those_of_each_neighbourhood_alone(seed):
    """A unit smoothed towards its neighbours has the value that it has in a territory made of them alone."""
    units = grid(5)
    layer = survey(units, seed)
    found = told("survey_smoothed", units, {"enquete": layer}).values["survey_locally_smoothed_share"]
    weights = Queen.from_dataframe(units, use_index=False)
    for rank in range(0, len(units), 4):
        around = units.iloc[[rank, *weights.neighbors[rank]]]
        here = layer[layer["code_insee"].isin(around.index)]
        alone = told("survey_smoothed", around, {"enquete": here}).values["survey_smoothed_share"].iloc[0]
        assert found.iloc[rank] == pytest.approx(alone, rel=1e-9, nan_ok=True)


@SEEDS
def test_weighted_shares_are_those_of_statsmodels(seed):
    units = grid()
    layer = survey(units, seed)
    people = pd.Series(np.random.default_rng(seed + 50).integers(100, 9000, len(units)).astype(float), units.index)
    squares = gpd.GeoDataFrame({"habitants": people.to_numpy()}, geometry=units.geometry.to_numpy(), crs=units.crs)
    found = told("survey_representation", units, {"enquete": layer, "population": squares})
    table = layer.set_index("code_insee").assign(people=people)
    answers, lived = table["reponses"] / table["reponses"].sum(), table["people"] / table["people"].sum()
    np.testing.assert_allclose(found.values["survey_quotient"], (answers / lived).loc[units.index], rtol=1e-9)
    asked = table[table["reponses"] > 0]
    each = np.repeat(asked["people"] / asked["reponses"], asked["reponses"])
    said = np.concatenate(
        [np.r_[np.ones(x), np.zeros(n - x)] for x, n in zip(asked["satisfaits"], asked["reponses"], strict=True)]
    )
    share, effective = DescrStatsW(said, weights=each).mean, each.sum() ** 2 / (each**2).sum()
    low, high = proportion_confint(share * effective, effective, method="wilson")
    names = ("survey_dissimilarity_share", "survey_weighted_satisfied_share", "survey_weighted_low_share")
    names += ("survey_weighted_high_share", "survey_effective_answers")
    expected = [(answers - lived).abs().sum() / 2, share, low, high, effective]
    np.testing.assert_allclose([found.overall[name].value for name in names], expected, rtol=1e-9)
    assert found.overall["survey_effective_answers"].known_share == pytest.approx(asked["people"].sum() / people.sum())
