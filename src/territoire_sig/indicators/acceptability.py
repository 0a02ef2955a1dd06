"""Rank acceptability: the rank of each unit under weights drawn at random, when nobody can say which are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from .composite import ranks

__all__ = ["Acceptability", "rank_acceptability"]

_Ranks: TypeAlias = npt.NDArray[np.int32]
#: Draws whose scores are held at once; units whose ranks are summed up at once.
_DRAWS, _UNITS = 64, 4096
#: The interval that holds nine draws in ten.
_LOW, _HIGH = 5.0, 95.0


@dataclass(frozen=True, eq=False)
class Acceptability:
    """What the draws say of each unit.

    Attributes
    ----------
    low, high : Series of float
        Ranks between which nine draws in ten put the unit.
    quarters : DataFrame
        Share of the draws in which the unit is in each quarter of the ranking, best first (columns 1 to 4).
    shift : float
        Mean distance, over units and draws, between the rank drawn and the rank of reference.
    """

    low: pd.Series[float]
    high: pd.Series[float]
    quarters: pd.DataFrame
    shift: float


def rank_acceptability(scaled: pd.DataFrame, reference: pd.Series[float], *, draws: int, seed: int) -> Acceptability:
    """Rank the units by their weighted mean under `draws` sets of weights, all sets being as likely.

    Parameters
    ----------
    scaled : DataFrame
        Normalised indicators of the units, at least one known in each; NaN is unknown and left out.
    reference : Series of float
        Rank of each unit under the weights in force.

    Notes
    -----
    Weights are uniform over the simplex (Dirichlet of parameters 1). The draws hang on `seed` and on the number of
    indicators, not on the units (Lahdelma & Salminen 2001, SMAA-2; OECD/JRC 2008).

    Examples
    --------
    >>> scaled = pd.DataFrame({"a": [1.0, 0.0], "b": [1.0, 0.5]})
    >>> found = rank_acceptability(scaled, pd.Series([1.0, 2.0]), draws=20, seed=1)
    >>> found.low.tolist(), found.high.tolist(), found.shift
    ([1.0, 2.0], [1.0, 2.0], 0.0)
    """
    drawn = _drawn_ranks(scaled, draws, np.random.default_rng(seed))
    low, high = np.empty(len(scaled)), np.empty(len(scaled))
    quarters, shift = np.empty((len(scaled), 4)), 0.0
    for start in range(0, len(scaled), _UNITS):
        part = slice(start, start + _UNITS)
        found = drawn[:, part]
        low[part], high[part] = np.percentile(found, [_LOW, _HIGH], axis=0, method="inverted_cdf")
        quarter = np.minimum((found - 1) * 4 // max(len(scaled), 1), 3)
        quarters[part] = np.stack([(quarter == rank).mean(axis=0) for rank in range(4)], axis=1)
        shift += float(np.abs(found - reference.to_numpy()[part]).mean(axis=0).sum())
    return Acceptability(
        pd.Series(low, index=scaled.index),
        pd.Series(high, index=scaled.index),
        pd.DataFrame(quarters, index=scaled.index, columns=[1, 2, 3, 4]),
        shift / len(scaled) if len(scaled) else float("nan"),
    )


def _drawn_ranks(scaled: pd.DataFrame, draws: int, generator: np.random.Generator) -> _Ranks:
    """Return the rank of each unit (column) in each draw (row)."""
    values = scaled.to_numpy(dtype=float)
    known = ~np.isnan(values)
    filled, there = np.where(known, values, 0.0).T.copy(), known.T.astype(float)
    weights = generator.dirichlet(np.ones(values.shape[1]), draws)
    found = np.empty((draws, len(values)), dtype=np.int32)
    for start in range(0, draws, _DRAWS):
        block = weights[start : start + _DRAWS]
        scores = block @ filled
        if not known.all():
            scores /= block @ there
        for place, row in enumerate(scores, start):
            found[place] = ranks(row)
    return found
