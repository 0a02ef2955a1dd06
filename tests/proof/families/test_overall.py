"""Composite indices and AHP against pymcdm; drawn ranks against SciPy, draw by draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pymcdm.methods import TOPSIS, WSM
from pymcdm.normalizations import minmax_normalization
from pymcdm.weights.subjective import AHP
from scipy.stats import rankdata

from proof.subjects import diagnosis, prepared
from territoire_sig.indicators.acceptability import rank_acceptability
from territoire_sig.indicators.composite import normalised, ordered_average, ranks, topsis, weighted_average
from territoire_sig.indicators.weights import RANDOM_INDEX, compared_weights

PROVES = ("overall_coherence", "criteria_comparison")


def drawn(seed: int, *, missing: float = 0.0):
    generator = np.random.default_rng(seed)
    count = int(generator.integers(3, 8))
    values = pd.DataFrame(generator.normal(size=(40, count))).add_prefix("c")
    values = values.mask(generator.random(values.shape) < missing)
    better = {name: int(sign) for name, sign in zip(values, generator.choice([-1, 1], count), strict=True)}
    weights = pd.Series(generator.dirichlet(np.ones(count)), index=values.columns)
    return values, better, weights


@pytest.mark.parametrize("seed", range(8))
def test_mean_and_topsis_are_those_of_pymcdm(seed):
    values, better, weights = drawn(seed)
    scaled, signs = normalised(values, better), np.array([better[name] for name in values])
    mean = WSM(normalization_function=minmax_normalization)(values.to_numpy(), weights.to_numpy(), signs)
    assert weighted_average(scaled, weights).tolist() == pytest.approx(mean.tolist(), abs=1e-12)
    near = TOPSIS()(values.to_numpy(), weights.to_numpy(), signs)
    assert topsis(scaled, weights).tolist() == pytest.approx(near.tolist(), abs=1e-12)
    assert ranks(mean).tolist() == rankdata(-mean, method="min").tolist()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_missing_is_left_out_not_imputed(seed):
    values, better, weights = drawn(seed, missing=0.3)
    scaled = normalised(values, better)
    for place, row in enumerate(scaled.to_numpy()):
        known = ~np.isnan(row)
        if not known.any():
            continue
        own, part = row[known], weights.to_numpy()[known]
        expected = np.average(own, weights=part)
        assert weighted_average(scaled, weights).iloc[place] == pytest.approx(expected)
        above, below = np.linalg.norm(part * (1 - own)), np.linalg.norm(part * own)
        assert topsis(scaled, weights).iloc[place] == pytest.approx(below / (above + below))
        assert ordered_average(scaled, weights, 3.0).iloc[place] == pytest.approx(_owa(own, part, 3.0))


def _owa(values, weights, alpha):
    total, score, before = weights.sum(), 0.0, 0.0
    for value, weight in sorted(zip(values, weights, strict=True), key=lambda pair: -pair[0]):
        after = before + weight / total
        score += value * (after**alpha - before**alpha)
        before = after
    return score


def test_ordered_average_of_one_is_the_mean_and_of_many_the_worst():
    values, better, weights = drawn(3)
    scaled = normalised(values, better)
    mean = weighted_average(scaled, weights)
    assert ordered_average(scaled, weights, 1.0).tolist() == pytest.approx(mean.tolist())
    assert ordered_average(scaled, weights, 1e6).tolist() == pytest.approx(scaled.min(axis=1).tolist())


@pytest.mark.parametrize("seed", range(8))
def test_weights_and_consistency_are_those_of_pymcdm(seed):
    generator = np.random.default_rng(seed)
    count = int(generator.integers(3, 8))
    names = [f"c{rank}" for rank in range(count)]
    rows = [
        (names[a], names[b], float(generator.choice([1 / 5, 1 / 3, 1, 2, 3, 5, 7])))
        for a in range(count)
        for b in range(a + 1, count)
    ]
    matrix = np.ones((count, count))
    for one, other, value in rows:
        matrix[names.index(one), names.index(other)] = value
        matrix[names.index(other), names.index(one)] = 1 / value
    oracle = AHP(matrix=matrix)
    found = compared_weights(pd.DataFrame(rows, columns=["critere_a", "critere_b", "importance"]))
    assert found.weights.tolist() == pytest.approx(oracle().tolist(), abs=1e-9)
    index = oracle.get_cr() * AHP.RI_M[count - 1]
    assert found.ratio * RANDOM_INDEX[count - 1] == pytest.approx(index, abs=1e-9)


@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_drawn_ranks_are_those_of_scipy_draw_by_draw(missing):
    values, better, weights = drawn(11, missing=missing)
    scaled = normalised(values, better)
    scaled = scaled[scaled.notna().any(axis=1)]
    reference = pd.Series(ranks(weighted_average(scaled, weights)).astype(float), index=scaled.index)
    found = rank_acceptability(scaled, reference, draws=150, seed=5)
    table = []
    for draw in np.random.default_rng(5).dirichlet(np.ones(scaled.shape[1]), 150):
        masked = np.ma.masked_invalid(scaled.to_numpy())
        table.append(rankdata(-np.ma.average(masked, axis=1, weights=draw).round(12), method="min"))
    table = np.array(table)
    count = len(scaled)
    assert found.low.tolist() == np.quantile(table, 0.05, axis=0, method="inverted_cdf").tolist()
    assert found.high.tolist() == np.quantile(table, 0.95, axis=0, method="inverted_cdf").tolist()
    assert found.quarters[1].tolist() == pytest.approx((table <= np.ceil(count / 4)).mean(axis=0).tolist())
    assert found.quarters.sum(axis=1).tolist() == pytest.approx([1.0] * count)
    assert found.shift == pytest.approx(np.abs(table - reference.to_numpy()).mean())


def test_the_index_of_the_sample_is_told_again_from_its_tables():
    """From ``indicateurs.csv``, the table of criteria and the squares where people live alone."""
    done = diagnosis("sample_2025")
    criteria = done.tables["overall_coherence"]["criteres"].set_index("critere")
    criteria = criteria[criteria["poids"] > 0]
    share = done.indicators.set_index(["code_unite", "indicateur"])["part_connue"].unstack()  # noqa: PD010
    units, people = prepared("sample_2025").ground.units, prepared("sample_2025").inputs["population"]
    lived = units.geometry.intersection(people.union_all()).area / units.area
    share = share.loc[done.units.index, list(criteria.index)].div(lived.loc[done.units.index], axis=0).clip(upper=1)
    values = done.units[list(criteria.index)].where(share >= 0.5)
    assert (values.min() - criteria["minimum"]).abs().max() == 0
    scaled = (values - criteria["minimum"]) / (criteria["maximum"] - criteria["minimum"])
    for name, direction in criteria["sens"].items():
        if direction == "plus bas, mieux":
            scaled[name] = 1 - scaled[name]
    index = (scaled.fillna(0) @ criteria["poids"]) / (scaled.notna() @ criteria["poids"])
    known = (share.where(scaled.notna(), 0.0)) @ criteria["poids"]
    assert done.units["composite_known_weight"].tolist() == pytest.approx(known.tolist())
    assert done.units["composite_index"].tolist() == pytest.approx(index.where(known >= 0.5).tolist(), nan_ok=True)
    assert known.between(0.01, 0.99).any()
    order = done.units["composite_index"].rank(ascending=False, method="min")
    assert done.units["composite_rank"].tolist() == pytest.approx(order.tolist(), nan_ok=True)
