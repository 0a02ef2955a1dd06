"""Concentration: do those who have more of one thing (income, fragility) have more of another (coverage)?

People of equal rank are taken together. Rows of which the value, the rank or the weight is unknown are left out
(:func:`~territoire_sig.indicators.inequality.observed` counts them).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .inequality import curve_by, index_by, known_rows, rank_covariance

__all__ = ["concentration_curve", "concentration_index", "erreygers"]


def concentration_curve(
    values: ArrayLike, rank: ArrayLike, weights: ArrayLike | None = None, *, at: ArrayLike | None = None
) -> pd.DataFrame:
    """Return the concentration curve: what share of the total the people of lowest rank have.

    As the Lorenz curve, the people ordered by another quantity (income, fragility). People of equal rank are
    taken together: the curve is straight among them.

    References
    ----------
    O'Donnell O., van Doorslaer E., Wagstaff A., Lindelow M. (2008), Analyzing health equity using household survey
    data, The World Bank, chapter 7.

    Examples
    --------
    >>> concentration_curve([3.0, 1.0], [10.0, 20.0]).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.75], [1.0, 1.0]]
    """
    (kept, order), people = known_rows(values, weights, rank)
    return curve_by(kept, order, people, at)


def concentration_index(values: ArrayLike, rank: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Return the concentration index of values among people ordered by another quantity.

    Returns
    -------
    float
        From -1 (those of lowest rank have everything) to 1 (those of highest rank have); 0 where the values follow
        the rank in no way. NaN for a total of 0, and where all have the same rank: there is no order.

    Raises
    ------
    InvalidValueError
        When a value or a weight is negative.

    Notes
    -----
    :math:`C = \frac{2}{\mu W} \sum_i w_i v_i (R_i - \tfrac12)`, :math:`R_i` the share of the people of lower rank plus
    half of those of the same rank: one minus twice the area under the concentration curve.

    References
    ----------
    Wagstaff A., Paci P., van Doorslaer E. (1991), On the measurement of inequalities in health, Social Science and
    Medicine 33(5).

    Examples
    --------
    >>> concentration_index([1.0, 3.0], [10, 20]), concentration_index([3.0, 1.0], [10, 20])
    (0.25, -0.25)
    """
    (kept, order), people = known_rows(values, weights, rank)
    return index_by(kept, order, people) if len(order) and np.ptp(order) > 0 else np.nan


def erreygers(
    values: ArrayLike, rank: ArrayLike, weights: ArrayLike | None = None, *, low: float = 0.0, high: float = 1.0
) -> float:
    r"""Return Erreygers's concentration index of values that have bounds (shares, rates).

    Of a share that is 0.9 on average, the plain index cannot go far from 0: this one takes its values in [-1, 1]
    whatever the mean, and says the same of coverage and of the lack of it, with the sign changed.

    Notes
    -----
    :math:`E = \frac{4 \mu}{b - a} C`, with *a* and *b* the bounds.

    References
    ----------
    Erreygers G. (2009), Correcting the concentration index, Journal of Health Economics 28(2).

    Examples
    --------
    >>> erreygers([0.0, 1.0], [10, 20]), erreygers([0.5, 1.0], [10, 20])
    (1.0, 0.5)
    """
    (kept, order), people = known_rows(values, weights, rank)
    if not len(kept) or np.ptp(order) == 0:
        return np.nan
    return float(8 * rank_covariance(kept, order, people) / (high - low))
