"""Smoothing of rates and shares: where few are counted, chance moves them; each is drawn to the whole by so much.

Empirical Bayes, by the method of moments. A rate of rare events (contributions an inhabitant) varies by chance as
Poisson's law says (Marshall); a share of answers, which is not rare, as the binomial law (Martuzzi and Elliott).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

__all__ = ["Smoothed", "smoothed", "smoothed_around"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Smoothed:
    """What :func:`smoothed` gives, in the order of the places; NaN where nothing is counted.

    Attributes
    ----------
    value : array of float
        Smoothed rate or share.
    own : array of float
        Weight of the place's own figure, 0 (all is from the mean) to 1.
    mean, variance : float or array of float
        Mean to which each is drawn, and variance between places that chance does not explain (0 where it explains
        all).
    """

    value: Floats
    own: Floats
    mean: Floats
    variance: Floats


def smoothed(events: ArrayLike, trials: ArrayLike, *, binomial: bool) -> Smoothed:
    r"""Draw the rate of each place to that of all, the more so as fewer are counted there.

    Parameters
    ----------
    events, trials : array-like
        Events (satisfied answers, contributions), and what they are out of (answers, inhabitants). A place whose
        trials are 0 or unknown is left out.
    binomial : bool
        True for shares of answers, False for rates of rare events.

    Notes
    -----
    With :math:`r_i = x_i / n_i`, *m* the overall rate and :math:`s^2 = \sum n_i (r_i - m)^2 / \sum n_i`:
    Poisson: :math:`A = s^2 - m / \bar n`, own weight :math:`A / (A + m / n_i)`; binomial:
    :math:`A = (\bar n s^2 - m (1 - m)) / (\bar n - 1)`, own weight :math:`n_i A / (m (1 - m) + (n_i - 1) A)`. A
    variance *A* under 0 is 0.

    References
    ----------
    Marshall R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics
    40(2); Martuzzi M., Elliott P. (1996), Empirical Bayes estimation of small area prevalence of non-rare conditions,
    Statistics in Medicine 15(17).

    Examples
    --------
    >>> found = smoothed([2, 80], [10, 100], binomial=True)
    >>> found.value.round(3).tolist(), found.own.round(3).tolist()
    ([0.406, 0.797], [0.622, 0.943])
    """
    one = np.zeros(len(np.atleast_1d(np.asarray(events))), dtype=int)
    every = csr_array(np.ones((1, len(one))))
    return _drawn(events, trials, every, one, binomial=binomial)


def smoothed_around(events: ArrayLike, trials: ArrayLike, around: csr_array, *, binomial: bool) -> Smoothed:
    """Draw the rate of each place to that of its neighbours and itself; NaN for a place without counted neighbour.

    Parameters
    ----------
    around : sparse array
        1 where the column is a neighbour of the row, or the row itself.

    References
    ----------
    Marshall R. J. (1991), section 4: local shrinkage.

    Examples
    --------
    >>> pairs = csr_array(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))
    >>> smoothed_around([2, 80, 5], [10, 100, 10], pairs, binomial=True).value.round(3).tolist()
    [0.406, 0.797, nan]
    """
    found = _drawn(events, trials, around, np.arange(around.shape[0]), binomial=binomial)
    counted = (around @ (np.nan_to_num(np.asarray(trials, dtype=float)) > 0).astype(float)) > 1
    value, own = (np.where(counted, column, np.nan) for column in (found.value, found.own))
    return Smoothed(value, own, found.mean, found.variance)


def _drawn(
    events: ArrayLike, trials: ArrayLike, groups: csr_array, group: NDArray[np.int_], *, binomial: bool
) -> Smoothed:
    """Draw each place to the mean of its group: the row of `groups` that `group` names, 1 for its members."""
    counted = np.asarray(trials, dtype=float)
    counted = np.where((counted > 0) & ~np.isnan(np.asarray(events, dtype=float)), counted, np.nan)
    rate = np.asarray(events, dtype=float) / counted
    there = ~np.isnan(rate)
    weight, known = np.where(there, counted, 0.0), np.where(there, rate, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = groups @ weight
        mean = (groups @ (weight * known)) / total
        spread = np.maximum((groups @ (weight * known**2)) / total - mean**2, 0.0)
        size = total / (groups @ there.astype(float))
        chance = mean * (1 - mean) if binomial else mean
        between = (size * spread - chance) / (size - 1) if binomial else spread - chance / size
        between = np.where((between > 0) & ((size > 1) | (not binomial)), between, 0.0)
        a, m, v = between[group], mean[group], chance[group]
        own = counted * a / (v + (counted - 1) * a) if binomial else a / (a + v / counted)
    own = np.where(there, np.where(a > 0, own, 0.0), np.nan)
    return Smoothed(m + own * (rate - m), own, mean, between)
