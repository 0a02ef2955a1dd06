"""Inequality and concentration, against definitions, closed forms and PySAL's ``inequality`` where it is right."""

import numpy as np
import pytest
from inequality.gini import Gini
from inequality.theil import Theil, TheilD

from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.concentration import concentration_curve, concentration_index, erreygers
from territoire_sig.indicators.inequality import gini, lorenz, observed, palma, theil, theil_parts
from territoire_sig.indicators.resampling import bootstrap, pseudo_p

NAN = float("nan")


def drawn(seed, count=40):
    generator = np.random.default_rng(seed)
    values = np.round(generator.gamma(2.0, size=count), 1)
    return values, generator.integers(0, 9, count), generator.integers(0, 5, count)


def one_by_one(values, people):
    """Return the value of each person."""
    return np.repeat(values, people)


@pytest.mark.parametrize("seed", range(8))
def test_people_are_counted_as_if_one_by_one(seed):
    values, people, rank = drawn(seed)
    alone, ranks = one_by_one(values, people), one_by_one(rank, people)
    assert gini(values, people) == pytest.approx(gini(alone), rel=1e-12)
    assert theil(values, people) == pytest.approx(theil(alone), rel=1e-12)
    assert palma(values, people) == pytest.approx(palma(alone), rel=1e-12)
    assert concentration_index(values, rank, people) == pytest.approx(concentration_index(alone, ranks), rel=1e-12)
    parts, others = theil_parts(values, rank, people), theil_parts(alone, ranks)
    assert (parts.within, parts.between) == pytest.approx((others.within, others.between), rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_gini_is_half_the_mean_gap_between_two_people(seed):
    values, people, _ = drawn(seed)
    alone = one_by_one(values, people)
    gaps = np.abs(alone[:, None] - alone[None, :]).mean()
    assert gini(values, people) == pytest.approx(gaps / (2 * alone.mean()), rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_as_pysal_tells_them(seed):
    """PySAL knows no weights: it is given the people one by one. Its Theil moves zeros by the least float: the same."""
    values, people, groups = drawn(seed)
    alone, named = one_by_one(values, people), one_by_one(groups, people)
    assert gini(values, people) == pytest.approx(Gini(alone).g, rel=1e-9)
    assert theil(values, people) == pytest.approx(float(Theil(alone).T), rel=1e-9)
    parts, judge = theil_parts(values, groups, people), TheilD(alone, named)
    assert (parts.within, parts.between) == pytest.approx((float(judge.wg[0]), float(judge.bg[0])), rel=1e-9)
    assert parts.total == pytest.approx(theil(values, people), rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_indexes_are_twice_the_area_beside_their_curves(seed):
    values, people, rank = drawn(seed)
    for index, curve in (
        (gini(values, people), lorenz(values, people)),
        (concentration_index(values, rank, people), concentration_curve(values, rank, people)),
    ):
        area = np.trapezoid(curve["value_share"], curve["population_share"])
        assert index == pytest.approx(1 - 2 * area, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_concentration_is_a_covariance_with_the_rank(seed):
    values, people, rank = drawn(seed)
    alone, order = one_by_one(values, people), one_by_one(rank, people)
    place = np.array([(np.sum(order < one) + np.sum(order == one) / 2) / len(order) for one in order])
    covariance = np.mean((alone - alone.mean()) * (place - place.mean()))
    assert concentration_index(values, rank, people) == pytest.approx(2 * covariance / alone.mean(), rel=1e-9)
    assert concentration_index(values, values, people) == pytest.approx(gini(values, people), rel=1e-12)
    assert concentration_index(values, -rank, people) == pytest.approx(-2 * covariance / alone.mean(), rel=1e-9)
    share = values / values.max()
    lack = erreygers(1 - share, rank, people)
    assert erreygers(share, rank, people) == pytest.approx(-lack, rel=1e-9)
    mean = one_by_one(share, people).mean()
    assert erreygers(share, rank, people) == pytest.approx(4 * mean * concentration_index(share, rank, people))


def test_closed_forms():
    steps = np.arange(1, 1001)
    assert gini(steps) == pytest.approx((1000 - 1) / (3 * 1000), rel=1e-12)
    half = [0.0, 1.0]
    assert (gini(half), theil(half)) == pytest.approx((0.5, np.log(2)))
    assert gini([0.0, 1.0], [3, 1]) == 0.75
    # the 40 % who have least have 40 × 1, the 10 % who have most have 10 × 7, of people 90 % at 1 and 10 % at 7
    assert palma([1.0, 7.0], [90, 10]) == pytest.approx(70 / 40)


def test_a_row_across_a_bound_of_palma_is_shared_out():
    # 50 people at 1, 50 at 3: the 40 who have least have 40, the 10 who have most 30
    assert palma([1.0, 3.0], [50, 50]) == pytest.approx(30 / 40)


def test_the_same_everywhere_is_no_inequality():
    for measure in (gini, theil):
        assert measure([0.3, 0.3, 0.3], [1, 2, 3]) == 0.0
        assert measure([0.3]) == 0.0
    assert concentration_index([0.3, 0.3], [1, 2]) == 0.0
    assert (theil_parts([2.0, 2.0], ["a", "b"]).within, theil_parts([2.0, 2.0], ["a", "b"]).between) == (0.0, 0.0)


def test_nothing_to_share_out_is_unknown():
    for values, people in (([0.0, 0.0], [1, 1]), ([], []), ([1.0], [0.0]), ([NAN], [1.0])):
        assert np.isnan([gini(values, people), theil(values, people), palma(values, people)]).all()
        assert np.isnan(concentration_index(values, values, people))
        assert np.isnan(theil_parts(values, values, people).total)
    assert np.isnan(palma([0.0, 1.0], [50, 50]))
    assert np.isnan(concentration_index([0.0, 1.0], [5, 5]))
    assert np.isnan(lorenz([0.0, 0.0])["value_share"]).all()


def test_groups_that_have_nothing_bring_nothing():
    parts = theil_parts([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"])
    assert parts.total == pytest.approx(np.log(2))
    assert parts.groups.loc["a", ["value_share", "within", "between"]].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(parts.groups.loc["a", "theil"])
    assert theil_parts([1.0, 5.0], ["a", None]).groups.index.tolist() == ["a"]


def test_unknown_rows_are_left_out_and_counted():
    assert gini([1.0, NAN, 3.0], [1, 5, 1]) == gini([1.0, 3.0])
    seen = observed([1.0, NAN, 3.0, NAN], [1.0, 1.0, NAN, 1.0], weights=[2, 3, 5, 0])
    assert (seen.rows.tolist(), seen.left_out, seen.known_share) == ([True, False, False, False], 2, 0.2)


@pytest.mark.parametrize("measure", [gini, theil, palma, lorenz])
def test_negative_values_and_people_are_refused(measure):
    with pytest.raises(InvalidValueError, match=r"2 ligne\(s\) où une valeur vaut -1 ; attendu : 0 ou plus"):
        measure([-1.0, -2.0, 3.0])
    with pytest.raises(InvalidValueError, match=r"un poids \(des habitants\) vaut -4"):
        measure([1.0, 2.0], [-4, 2])
    with pytest.raises(InvalidValueError, match="une valeur vaut inf"):
        measure([1.0, float("inf")])


def test_curves_at_chosen_shares():
    found = lorenz([1.0, 3.0], at=[0, 0.25, 0.5, 0.75, 1])
    assert found["value_share"].tolist() == [0, 0.125, 0.25, 0.625, 1]


def test_an_interval_is_that_of_the_rows_drawn_again():
    """Of a mean, the bootstrap has a closed form: the spread of the draws is that of the values over √n."""
    values = np.random.default_rng(3).normal(10, 2, 400)
    mean = lambda column, people: float(np.average(column, weights=people))  # noqa: E731
    found = bootstrap(mean, values, draws=4000, seed=1)
    half = 1.96 * values.std() / np.sqrt(400)
    assert (found.low, found.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.02)
    assert found == bootstrap(mean, values[::-1], draws=4000, seed=1)
    assert found != bootstrap(mean, values, draws=4000, seed=2)
    assert found.told == 4000


def test_an_interval_is_unknown_where_draws_tell_nothing():
    assert np.isnan(bootstrap(gini, [1.0]).low)
    assert np.isnan(bootstrap(gini, [0.0, 0.0, 1.0], draws=200).high)  # 30 % of the draws have nothing to share


def test_pseudo_p_counts_ties_as_extreme():
    assert pseudo_p(np.array([2.0, NAN]), np.array([[2.0, 2.0, 1.0], [1, 1, 1]])).tolist() == pytest.approx(
        [1.0, NAN], nan_ok=True
    )
    assert pseudo_p(np.array([2.0]), np.array([[2.0, 1.0, 1.0, 0.0, 0.0]])) == pytest.approx(2 * 2 / 6)
    assert np.isnan(pseudo_p(np.array([1.0]), np.empty((1, 0))))


def test_pseudo_p_is_twice_the_one_sided_value_down_to_the_tail():
    # of 99 draws none is as high: one-sided 1/100, two-sided 2/100 and not 1/100
    assert pseudo_p(np.array([9.0]), np.arange(99.0)[None, :] / 99).tolist() == [2 / 100]
