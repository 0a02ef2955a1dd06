"""Inequality among people: the Lorenz curve, and the indexes of Gini, Theil and Palma.

Every measure takes values and the people who have them (weights), and counts people, not rows: a square of 200
inhabitants weighs twice one of 100. Rows whose value or weight is unknown are left out, and :func:`observed` counts
them. One row, or the same value everywhere, is no inequality: 0. Where nobody has anything (a total of 0) there is
nothing to share out: NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidValueError
from ..texts import Text

__all__ = [
    "Observed",
    "TheilParts",
    "curve_by",
    "gini",
    "index_by",
    "known_rows",
    "lorenz",
    "observed",
    "palma",
    "theil",
    "rank_covariance",
    "theil_parts",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Observed:
    """The rows of which everything is known.

    Attributes
    ----------
    columns : tuple of array
        Values of these rows, one array a column given.
    weights : array
        Their people, all above 0.
    rows : array of bool
        Which of the rows given they are.
    left_out : int
        Rows left out because a value or the weight is unknown; those of weight 0 hold nobody and are not counted.
    known_share : float
        Share of the known people whose values are all known; NaN where there is nobody.
    """

    columns: tuple[Floats, ...]
    weights: Floats
    rows: NDArray[np.bool_]
    left_out: int
    known_share: float


@dataclass(frozen=True, eq=False)
class TheilParts:
    """Theil's T, in two parts that add up to it, and what each group brings.

    ``groups`` is indexed by group: ``weight_share``, ``value_share``, ``theil`` (NaN where the group has nothing),
    ``within`` (share of the value × Theil of the group) and ``between`` (share of the value × log of the mean of
    the group over the mean of all: negative for a group below the mean).
    """

    within: float
    between: float
    groups: pd.DataFrame

    @property
    def total(self) -> float:
        """Theil's T of all the people."""
        return self.within + self.between


def observed(*columns: ArrayLike, weights: ArrayLike | None = None) -> Observed:
    """Keep the rows whose values and weight are known.

    Parameters
    ----------
    *columns : array-like
        Values of the same rows; NaN is unknown.
    weights : array-like, optional
        People of each row, 1 by default.

    Raises
    ------
    InvalidValueError
        When a weight is negative, or a value or weight infinite.

    Examples
    --------
    >>> seen = observed([0.5, float("nan"), 1.0], weights=[100, 50, 50])
    >>> seen.columns[0].tolist(), seen.left_out, seen.known_share
    ([0.5, 1.0], 1, 0.75)
    """
    values = [np.asarray(column, dtype=float) for column in columns]
    people = np.ones(len(values[0])) if weights is None else np.asarray(weights, dtype=float)
    _refuse(people < 0, people, Text("un poids (des habitants)", "a weight (people)"))
    for column in (*values, people):
        _refuse(np.isinf(column), column, Text("une valeur", "a value"))
    unknown = np.isnan(people) | np.any([np.isnan(column) for column in values], axis=0)
    rows = ~unknown & (people > 0)
    total, left = float(np.nansum(people)), int((unknown & ~(people == 0)).sum())
    known = float(people[rows].sum()) / total if total > 0 else np.nan
    return Observed(tuple(column[rows] for column in values), people[rows], rows, left, known)


def lorenz(values: ArrayLike, weights: ArrayLike | None = None, *, at: ArrayLike | None = None) -> pd.DataFrame:
    """Return the Lorenz curve: what share of the total the poorest share of the people have.

    Parameters
    ----------
    at : array-like, optional
        Shares of the people (0 to 1) where the curve is wanted; by default where it bends.

    Returns
    -------
    DataFrame
        ``population_share`` and ``value_share``, from (0, 0) to (1, 1); value shares are NaN for a total of 0.

    References
    ----------
    Lorenz M. O. (1905), Methods of measuring the concentration of wealth, Publications of the American Statistical
    Association 9(70).

    Examples
    --------
    >>> lorenz([1.0, 3.0]).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    (kept,), people = known_rows(values, weights)
    return curve_by(kept, kept, people, at)


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Return the Gini index of the people's values.

    Returns
    -------
    float
        From 0 (all the same) towards 1 (one has everything); NaN for a total of 0 or without any row.

    Raises
    ------
    InvalidValueError
        When a value or a weight is negative.

    Notes
    -----
    :math:`G = \frac{1}{2 \mu W^2} \sum_{i,j} w_i w_j |v_i - v_j|`: one minus twice the area under the Lorenz curve.

    References
    ----------
    Gini C. (1912); Cowell F. (2011), Measuring inequality, Oxford University Press.

    Examples
    --------
    >>> gini([1.0, 3.0]), gini([0.0, 1.0], [75, 25]), gini([2.0, 2.0])
    (0.25, 0.75, 0.0)
    """
    (kept,), people = known_rows(values, weights)
    return index_by(kept, kept, people)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Return Theil's T of the people's values.

    Returns
    -------
    float
        From 0 (all the same) to the log of the number of people; who has nothing counts 0 × ln 0 = 0.
        NaN for a total of 0 or without any row.

    Raises
    ------
    InvalidValueError
        When a value or a weight is negative.

    Notes
    -----
    :math:`T = \frac{1}{W} \sum_i w_i \frac{v_i}{\mu} \ln \frac{v_i}{\mu}`.

    References
    ----------
    Theil H. (1967), Economics and information theory; Cowell F. (2011), Measuring inequality.

    Examples
    --------
    >>> round(theil([0.0, 1.0]), 12) == round(float(np.log(2)), 12), theil([2.0, 2.0])
    (True, 0.0)
    """
    (kept,), people = known_rows(values, weights)
    return _theil(kept, people)


def theil_parts(values: ArrayLike, groups: ArrayLike, weights: ArrayLike | None = None) -> TheilParts:
    r"""Part Theil's T into what is within groups of people and what is between them.

    Parameters
    ----------
    groups : array-like
        Group of each row (the commune of a square); a row without a group is left out.

    Notes
    -----
    :math:`T = \sum_g s_g T_g + \sum_g s_g \ln(\mu_g / \mu)`, :math:`s_g` the share of the total that the group has.

    References
    ----------
    Bourguignon F. (1979), Decomposable income inequality measures, Econometrica 47(4).

    Examples
    --------
    >>> parts = theil_parts([1.0, 1.0, 3.0, 3.0], ["a", "a", "b", "b"])
    >>> parts.within, round(parts.between, 9) == round(theil([1.0, 1.0, 3.0, 3.0]), 9)
    (0.0, True)
    """
    named = pd.Series(np.asarray(groups, dtype=object))
    people = np.ones(len(named)) if weights is None else np.asarray(weights, dtype=float)
    (kept,), people, rows = _checked((np.asarray(values, dtype=float),), np.where(named.isna(), np.nan, people))
    code, names = pd.factorize(named[rows], sort=True)
    group = np.asarray(code, dtype=np.intp)
    mass, held = np.bincount(group, people), np.bincount(group, people * kept)
    total = held.sum()
    share = held / total if total > 0 else np.full(len(mass), np.nan)
    own = np.array([_theil(kept[group == one], people[group == one]) for one in range(len(names))])
    ratio = np.divide(held * mass.sum(), mass * total, out=np.ones(len(mass)), where=(mass * total) > 0)
    logs = np.log(ratio, out=np.zeros(len(mass)), where=ratio > 0)
    table = pd.DataFrame(
        {
            "weight_share": mass / mass.sum(),
            "value_share": share,
            "theil": own,
            "within": share * np.nan_to_num(own),
            "between": share * logs,
        },
        index=pd.Index(names, name="group"),
    )
    told = len(table) and total > 0
    within, between = (float(table[part].sum()) if told else np.nan for part in ("within", "between"))
    return TheilParts(within, between, table)


def palma(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Palma's ratio: what the 10 % who have most have, over what the 40 % who have least have.

    Returns
    -------
    float
        0.25 where all have the same; NaN where the 40 % have nothing (the ratio has no end), or nobody has anything.

    Notes
    -----
    Read on the Lorenz curve: a row that straddles a bound is shared out.

    References
    ----------
    Palma J. G. (2011), Homogeneous middles vs. heterogeneous tails, Development and Change 42(1); Cobham A.,
    Sumner A. (2013), Is it all about the tails?, Center for Global Development.

    Examples
    --------
    >>> round(palma([1.0] * 10), 9), round(palma([1.0] * 9 + [5.0]), 9)
    (0.25, 1.25)
    """
    _, low, high, _ = lorenz(values, weights, at=[0.0, 0.4, 0.9, 1.0])["value_share"]
    return float((1 - high) / low) if low > 0 else np.nan


def _refuse(wrong: NDArray[np.bool_], values: Floats, what: Text) -> None:
    if not wrong.any():
        return
    raise InvalidValueError(
        Text(
            "$n ligne(s) où $what vaut $value ; attendu : 0 ou plus",
            "$n row(s) where $what is $value; expected 0 or more",
        ).fill(n=int(wrong.sum()), what=what, value=f"{values[wrong][0]:g}"),
        Text("corrigez la valeur, ou videz-la si elle est inconnue.", "correct the value, or void it if unknown."),
    )


def known_rows(values: ArrayLike, weights: ArrayLike | None, *others: ArrayLike) -> tuple[tuple[Floats, ...], Floats]:
    """Return the known rows of values of 0 or more, and of other columns of any sign, with their weights."""
    columns = tuple(np.asarray(column, dtype=float) for column in (values, *others))
    people = np.ones(len(columns[0])) if weights is None else np.asarray(weights, dtype=float)
    kept, mass, _ = _checked(columns, people)
    return kept, mass


def _checked(columns: tuple[Floats, ...], people: Floats) -> tuple[tuple[Floats, ...], Floats, NDArray[np.bool_]]:
    _refuse(columns[0] < 0, columns[0], Text("une valeur", "a value"))
    seen = observed(*columns, weights=people)
    return seen.columns, seen.weights, seen.rows


def _ranked(values: Floats, rank: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Return people and value × people by distinct rank, in increasing order."""
    _, group = np.unique(rank, return_inverse=True)
    return np.bincount(group, people).astype(float), np.bincount(group, people * values).astype(float)


def curve_by(values: Floats, rank: Floats, people: Floats, at: ArrayLike | None) -> pd.DataFrame:
    """Return the Lorenz (or concentration) curve of known values, the people ordered by `rank`."""
    mass, held = _ranked(values, rank, people) if len(values) else (np.empty(0), np.empty(0))
    total = held.sum()
    across = np.concatenate([[0.0], np.cumsum(mass) / np.cumsum(mass)[-1]]) if len(mass) else np.zeros(1)
    up = np.concatenate([[0.0], np.cumsum(held) / np.cumsum(held)[-1]]) if total > 0 else np.full(len(across), np.nan)
    if at is not None:
        wanted: Any = np.asarray(at, dtype=float)
        across, up = wanted, np.interp(wanted, across, up)
    return pd.DataFrame({"population_share": across, "value_share": up})


def rank_covariance(values: Floats, rank: Floats, people: Floats) -> float:
    """Return the covariance of the values and of the share of the people of lower rank."""
    mass, held = _ranked(values, rank, people)
    total = mass.sum()
    middle = (np.cumsum(mass) - mass / 2) / total
    return float((held * (middle - 0.5)).sum() / total)


def index_by(values: Floats, rank: Floats, people: Floats) -> float:
    """Return the Gini (or concentration) index of known values, the people ordered by `rank`."""
    held = float((people * values).sum())
    if not held > 0:
        return np.nan
    if np.ptp(values) == 0:
        return 0.0
    return 2 * rank_covariance(values, rank, people) * float(people.sum()) / held


def _theil(values: Floats, people: Floats) -> float:
    held = float((people * values).sum())
    if not held > 0:
        return np.nan
    if np.ptp(values) == 0:
        return 0.0
    ratio = values * people.sum() / held
    logs = np.log(ratio, out=np.zeros(len(ratio)), where=ratio > 0)
    return max(float((people * ratio * logs).sum() / people.sum()), 0.0)
