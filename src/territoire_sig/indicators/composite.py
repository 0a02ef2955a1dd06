"""Composite indices: several indicators of a unit put together, from full compensation to none.

Indicators come normalised, 0 for the worst unit and 1 for the best. An unknown one is never replaced: the weights of
the others are taken for the whole, and the weight that is known says how much of the index is there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["known_weight", "normalised", "ordered_average", "ranks", "topsis", "weighted_average"]

#: Digits to which scores are compared: two units told equal by the same numbers have the same rank.
_DIGITS = 12


def normalised(values: pd.DataFrame, better: Mapping[str, int]) -> pd.DataFrame:
    """Return each column brought to [0, 1] over the units that know it: 1 the best, 0 the worst; NaN stays NaN.

    Parameters
    ----------
    values : DataFrame
        One column an indicator.
    better : mapping of str to int
        For each column, +1 where a high value is good, -1 where a low one is.

    Notes
    -----
    ``z = (x − min) ÷ (max − min)``, or ``1 − z`` where a low value is good. A column that has one value only tells
    no unit from another: it is NaN.

    Examples
    --------
    >>> values = pd.DataFrame({"fibre": [0.2, 0.6, None], "delay": [10.0, 30.0, 20.0]})
    >>> normalised(values, {"fibre": 1, "delay": -1}).round(2).values.tolist()
    [[0.0, 1.0], [1.0, 0.0], [nan, 0.5]]
    """
    low, high = values.min(), values.max()
    scaled = ((values - low) / (high - low).where(high > low)).clip(0, 1)
    return scaled.assign(**{name: 1 - scaled[name] for name in values.columns if better[name] < 0})


def known_weight(
    scaled: pd.DataFrame, weights: pd.Series[float], reach: pd.DataFrame | None = None
) -> pd.Series[float]:
    """Return the share of the weights whose indicators are known in each unit, each as much as it is (`reach`, 0 to 1).

    Examples
    --------
    >>> known_weight(pd.DataFrame({"a": [1.0, None], "b": [0.5, 0.5]}), pd.Series({"a": 0.75, "b": 0.25})).tolist()
    [1.0, 0.25]
    """
    known = scaled.notna().astype(float)
    return (known if reach is None else known * reach) @ weights.reindex(scaled.columns)


def weighted_average(scaled: pd.DataFrame, weights: pd.Series[float]) -> pd.Series[float]:
    """Return the weighted arithmetic mean of what is known; NaN where nothing is.

    Examples
    --------
    >>> weighted_average(pd.DataFrame({"a": [1.0, None], "b": [0.5, 0.5]}), pd.Series({"a": 0.75, "b": 0.25})).tolist()
    [0.875, 0.5]
    """
    known = known_weight(scaled, weights)
    total: pd.Series[float] = scaled.fillna(0.0) @ weights.reindex(scaled.columns)
    return total / known.where(known > 0)


def ordered_average(scaled: pd.DataFrame, weights: pd.Series[float], alpha: float) -> pd.Series[float]:
    """Return the ordered weighted average: the higher `alpha`, the more the weak points of a unit count.

    Notes
    -----
    Indicators are put in order, best first; the k-th has weight ``Q(S_k) − Q(S_{k−1})``, ``S_k`` being the sum of the
    weights of the k best over that of the known ones, and ``Q(r) = r^alpha`` (Yager 1996). With `alpha` 1 it is the
    weighted mean; with a great one, the worst indicator alone; with one near 0, the best alone.

    Examples
    --------
    >>> halves = pd.Series({"a": 0.5, "b": 0.5})
    >>> ordered_average(pd.DataFrame({"a": [1.0], "b": [0.0]}), halves, 2.0).tolist()
    [0.25]
    """
    values = scaled.to_numpy(dtype=float)
    order = np.argsort(-np.nan_to_num(values, nan=-1.0), axis=1, kind="stable")
    each = np.where(np.isnan(values), 0.0, weights.reindex(scaled.columns).to_numpy())
    total = each.sum(axis=1, keepdims=True)
    summed = np.cumsum(np.take_along_axis(each, order, axis=1), axis=1) / np.where(total > 0, total, np.nan)
    shares = np.diff(np.clip(summed, 0.0, 1.0) ** alpha, axis=1, prepend=0.0)
    sorted_values = np.take_along_axis(np.nan_to_num(values), order, axis=1)
    return pd.Series((sorted_values * shares).sum(axis=1), index=scaled.index).where(total[:, 0] > 0)


def topsis(scaled: pd.DataFrame, weights: pd.Series[float]) -> pd.Series[float]:
    """Return how near each unit is to the ideal (every indicator at its best), 1, rather than to its contrary, 0.

    Notes
    -----
    ``C = d⁻ ÷ (d⁺ + d⁻)``, d⁺ and d⁻ being the weighted Euclidean distances to the ideal and to its contrary, over the
    known indicators (Hwang & Yoon 1981).

    Examples
    --------
    >>> topsis(pd.DataFrame({"a": [1.0, 1.0], "b": [1.0, 0.0]}), pd.Series({"a": 0.5, "b": 0.5})).tolist()
    [1.0, 0.5]
    """
    squares: pd.Series[float] = weights.reindex(scaled.columns) ** 2
    short = np.sqrt(((1 - scaled) ** 2).fillna(0.0) @ squares)
    reached = np.sqrt((scaled**2).fillna(0.0) @ squares)
    whole = short + reached
    nearness: pd.Series[float] = reached / whole.where(whole > 0)
    return nearness


def ranks(scores: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return the rank of each score, 1 for the highest; equal scores have the same rank, the best of theirs.

    Examples
    --------
    >>> ranks(np.array([0.2, 0.9, 0.2])).tolist()
    [2, 1, 2]
    """
    falling = -np.round(np.asarray(scores, dtype=float), _DIGITS)
    order = np.argsort(falling)
    ordered = falling[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    found = np.empty(len(falling), dtype=np.int32)
    found[order] = np.repeat(first + 1, np.diff(np.append(first, len(ordered))))
    return found
