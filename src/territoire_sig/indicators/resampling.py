"""Resampling: between which bounds a statistic falls when rows are drawn again, how rare it is when places are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inequality import observed
from .neighbours import Neighbours

__all__ = ["TOLD_DRAWS", "Interval", "NeighbourDraws", "bootstrap", "pseudo_p"]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

#: Share of the draws that must tell a value for the interval to be told.
TOLD_DRAWS = 0.95
#: Draws this near to the observed value, in its unit, tie with it.
_TIE = 1e-12
#: Numbers drawn that are held in memory at once.
_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Interval:
    """Bounds between which a statistic falls in a share of the draws; NaN where too few draws tell a value."""

    low: float
    high: float
    told: int


def bootstrap(
    statistic: Callable[..., float],
    *columns: ArrayLike,
    weights: ArrayLike | None = None,
    draws: int = 500,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Return the percentile interval of a statistic when the rows are drawn again, with replacement.

    Parameters
    ----------
    statistic : callable
        Called as ``statistic(*columns, weights)``.
    draws, seed : int
        Number of draws and seed of the generator: the same ones give the same interval, in any order of the rows.
    level : float
        Share of the draws that the interval holds.

    Returns
    -------
    Interval
        NaN with fewer than two rows, or where fewer than 95 % of the draws tell a value.

    References
    ----------
    Efron B., Tibshirani R. (1993), An introduction to the bootstrap, Chapman and Hall.

    Examples
    --------
    >>> from territoire_sig.indicators.inequality import gini
    >>> found = bootstrap(gini, [1.0, 2.0, 3.0, 4.0], draws=200, seed=1)
    >>> 0 <= found.low < gini([1.0, 2.0, 3.0, 4.0]) < found.high, found.told
    (True, 200)
    """
    seen = observed(*columns, weights=weights)
    count = len(seen.weights)
    if count < 2 or draws < 1:
        return Interval(np.nan, np.nan, 0)
    order = np.lexsort([*(np.round(column, 9) for column in (*seen.columns, seen.weights))][::-1])
    rows, people = [column[order] for column in seen.columns], seen.weights[order]
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(count, np.full(count, 1 / count), size=draws)
    found = np.array([statistic(*rows, people * drawn) for drawn in counts])
    told = found[~np.isnan(found)]
    if len(told) < TOLD_DRAWS * draws:
        return Interval(np.nan, np.nan, len(told))
    low, high = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), len(told))


def pseudo_p(statistic: Floats, draws: Floats) -> Floats:
    """Return the pseudo p-values of statistics, from the draws of each (one row a statistic).

    Two-sided: twice the one-sided value, (c + 1) ÷ (draws + 1), c being the draws at least as extreme on the side on
    which the statistic lies; at most 1. NaN for an unknown statistic and without any draw. (The one-sided value that
    some software shows is half of it: the side being chosen once the value is seen, it finds twice too much.)

    Examples
    --------
    >>> pseudo_p(np.array([9.0, -1.0]), np.arange(9.0) * np.ones((2, 1))).tolist()
    [0.2, 0.2]
    """
    count = draws.shape[1]
    tie = _TIE * np.maximum(np.abs(statistic), 1.0)
    above = (draws >= (statistic - tie)[:, None]).sum(axis=1)
    below = (draws <= (statistic + tie)[:, None]).sum(axis=1)
    found = np.minimum(2 * (np.minimum(above, below) + 1.0) / (count + 1.0), 1.0)
    return np.where(np.isnan(statistic) | (count == 0), np.nan, found)


class NeighbourDraws:
    """Neighbours drawn at random among the other places, the same ones whatever the order of the places.

    A draw names ranks among the other places in increasing order of value; places of as many neighbours share them.
    A place that is its own neighbour keeps its own value.

    Parameters
    ----------
    values : array
        One row a place, one column a variable.
    links : Neighbours
        The neighbours whose places are drawn again.
    permutations, seed : int
        Number of draws and seed of the generator.
    """

    def __init__(self, values: Floats, links: Neighbours, permutations: int, seed: int) -> None:
        own = links.place == links.neighbour
        self._own = np.bincount(links.place[own], links.weight[own], links.count)
        self._weight = links.weight[~own]
        self._size = np.bincount(links.place[~own], minlength=links.count)
        self._values = values
        order = np.lexsort([*values.T[::-1]])
        self._sorted = values[order]
        self._rank = np.empty(links.count, dtype=np.intp)
        self._rank[order] = np.arange(links.count)
        most = int(self._size.max(initial=0))
        generator = np.random.default_rng(seed)
        drawn = [generator.choice(links.count - 1, most, replace=False) for _ in range(permutations if most else 0)]
        self._drawn = np.array(drawn, dtype=np.intp).reshape(len(drawn), most)

    def compared(self, statistic: Floats, again: Callable[[Integers, Floats], Floats]) -> Floats:
        """Return the pseudo p-values; NaN for an island.

        ``again(places, lags)`` tells the statistic of drawn lags, of shape (places, draws, variables).
        """
        found = np.full(len(statistic), np.nan)
        start = np.concatenate([[0], np.cumsum(self._size)[:-1]]).astype(np.intp)
        for many in np.unique(self._size[self._size > 0]):
            same = np.flatnonzero(self._size == many)
            parts = 1 + len(same) * max(len(self._drawn), 1) * int(many) // _AT_ONCE
            for place in np.array_split(same, min(parts, len(same))):
                weight = np.sort(self._weight[start[place][:, None] + np.arange(many)], axis=1)
                found[place] = pseudo_p(statistic[place], again(place, self._lags(place, weight)))
        return found

    def _lags(self, place: Integers, weight: Floats) -> Floats:
        other = self._drawn[None, :, : weight.shape[1]]
        other = other + (other >= self._rank[place][:, None, None])
        own = (self._own[place][:, None] * self._values[place])[:, None, :]
        lags: Floats = np.einsum("pk,pdkc->pdc", weight, self._sorted[other]) + own
        return lags
