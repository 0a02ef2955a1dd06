"""Spatial association: do like values gather in places, and where (Moran, LISA, Getis-Ord, Lee)?

Values are in the order of the places of :class:`~territoire_sig.indicators.neighbours.Neighbours`. A place whose value
is unknown is left out, with its links: it has no result (NaN) and is no one's neighbour. A place without neighbour (an
island) has no local result. Where all values are the same there is nothing to associate: NaN.

Pseudo p-values are two-sided: twice the one-sided value that GeoDa shows, which is the count of draws at least as
extreme on the side of the observed value, plus one, over the draws plus one. Draws that tie count as extreme. None is
below 2 / (draws + 1): once adjusted for n places, an association that stands alone is found at a level only if the
draws are 2n / level at least (40 a place at 0.05).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control, norm

from ..errors import ParameterError
from ..texts import Text
from .neighbours import Neighbours
from .resampling import NeighbourDraws, pseudo_p

__all__ = [
    "CLUSTERS",
    "adjusted",
    "clusters",
    "getis_ord_star",
    "lee",
    "local_lee",
    "local_moran",
    "moran",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

#: Classes of a map of local associations: of the place, then of its neighbours.
CLUSTERS = ("haut_haut", "bas_bas", "haut_bas", "bas_haut", "non_significatif", "inconnu")
#: Share of the largest value under which a spread is that of rounding.
_ROUNDING = 1e-12


def moran(values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0) -> tuple[float, float]:
    r"""Return Moran's I of values over places, and its pseudo p-value.

    Returns
    -------
    tuple of float
        I (above -1/(n-1): like values gather) and p; NaN where fewer than two values are known, where they are
        all the same, or where no place has a neighbour.

    Notes
    -----
    :math:`I = \frac{n}{\sum_{ij} w_{ij}} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}`, with weights standardised by
    row; draws put the values on the places in random order, the same ones whatever the order of the rows.

    References
    ----------
    Moran P. A. P. (1950), Notes on continuous stochastic phenomena, Biometrika 37.

    Examples
    --------
    >>> row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), np.ones(6))
    >>> moran([1.0, 1.0, 0.0, 0.0], row, permutations=99)[0]
    0.5
    """
    z, links, _ = _standard(values, neighbours)
    if z is None or not len(links.place):
        return np.nan, np.nan
    canonical, matrix = np.sort(z), links.in_order().matrix()
    scale = len(z) / links.weight.sum() / float((z * z).sum())
    statistic = float(z @ (links.matrix() @ z) * scale)
    generator = np.random.default_rng(seed)
    found = np.empty(permutations)
    for draw in range(permutations):
        drawn = generator.permutation(canonical)
        found[draw] = drawn @ (matrix @ drawn) * scale
    return statistic, float(pseudo_p(np.array([statistic]), found[None, :])[0])


def local_moran(values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0) -> pd.DataFrame:
    r"""Return the local Moran's I of each place (LISA), with its pseudo p-value.

    Parameters
    ----------
    values : array-like
        One a place; NaN is unknown.
    neighbours : Neighbours
        Standardised by row here.
    permutations, seed : int
        Draws of a place's neighbours among all the other places, and seed: the same ones give the same p-values,
        in any order of the places.

    Returns
    -------
    DataFrame
        By position: ``value`` (standardised), ``lag`` (mean of the neighbours' standardised values), ``statistic``,
        ``p_value``; NaN where told above.

    Notes
    -----
    :math:`I_i = (n-1)\, z_i \sum_j w_{ij} z_j / \sum_k z_k^2`.

    References
    ----------
    Anselin L. (1995), Local indicators of spatial association: LISA, Geographical Analysis 27(2).

    Examples
    --------
    >>> row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), np.ones(6))
    >>> local_moran([1.0, 1.0, 0.0, 0.0], row, permutations=99)["statistic"].tolist()
    [0.75, 0.0, -0.0, 0.75]
    """
    z, links, kept = _standard(values, neighbours)
    columns = ["value", "lag", "statistic", "p_value"]
    table = pd.DataFrame(np.nan, index=range(len(kept)), columns=columns)
    if z is None:
        return table
    scale = (len(z) - 1) / float((z * z).sum())
    lag = np.where(links.cardinalities > 0, links.matrix() @ z, np.nan)
    statistic = scale * z * lag
    draws = NeighbourDraws(z[:, None], links, permutations, seed)
    p_value = draws.compared(statistic, lambda place, lags: scale * z[place, None] * lags[..., 0])
    table.loc[kept, columns] = np.column_stack([z, lag, statistic, p_value])
    return table


def getis_ord_star(
    values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0
) -> pd.DataFrame:
    r"""Return the z-score of Getis and Ord's Gi* of each place: hot spots above 0, cold spots below.

    Parameters
    ----------
    values : array-like
        One a place; NaN is unknown.
    neighbours : Neighbours
        Weights as they are (1 for contiguity); each place is made its own neighbour with weight 1.

    Returns
    -------
    DataFrame
        By position: ``statistic`` (z-score), ``p_normal`` (two-sided, under the normal law) and ``p_value`` (pseudo
        p-value: neighbours drawn among the other places). NaN where told above, and where a place is the
        neighbour of all. An island is compared alone.

    Notes
    -----
    :math:`z_i = \frac{\sum_j w_{ij} x_j - \bar x W_i}{s \sqrt{(n \sum_j w_{ij}^2 - W_i^2) / (n - 1)}}`, *j* = *i*
    included, *s* the standard deviation over the *n* places.

    References
    ----------
    Ord J. K., Getis A. (1995), Local spatial autocorrelation statistics: distributional issues and an application,
    Geographical Analysis 27(4).

    Examples
    --------
    >>> row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), np.ones(6))
    >>> getis_ord_star([1.0, 1.0, 0.0, 0.0], row, permutations=99)["statistic"].round(6).tolist()
    [1.732051, 1.0, -1.0, -1.732051]
    """
    z, links, kept = _standard(values, neighbours, by_row=False)
    columns = ["statistic", "p_normal", "p_value"]
    table = pd.DataFrame(np.nan, index=range(len(kept)), columns=columns)
    if z is None:
        return table
    own, count = links.with_self(), len(z)
    total = np.bincount(own.place, own.weight, count)
    square = np.bincount(own.place, own.weight**2, count)
    spread = np.sqrt(np.maximum(count * square - total**2, 0.0) / (count - 1))
    told = spread > _ROUNDING
    statistic = np.divide(own.matrix() @ z, spread, out=np.full(count, np.nan), where=told)
    scale = np.where(told, spread, np.nan)
    draws = NeighbourDraws(z[:, None], own, permutations, seed)
    p_value = draws.compared(statistic, lambda place, lags: lags[..., 0] / scale[place, None])
    table.loc[kept, columns] = np.column_stack([statistic, 2 * norm.sf(np.abs(statistic)), p_value])
    return table


def lee(
    first: ArrayLike, second: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0
) -> tuple[float, float]:
    r"""Return Lee's L of two variables over places, and its pseudo p-value.

    Parameters
    ----------
    first, second : array-like
        One value a place each; a place where one of them is unknown is left out.
    neighbours : Neighbours
        Standardised by row here; make each place its own neighbour (:meth:`Neighbours.with_self`) for Lee's L*.

    Returns
    -------
    tuple of float
        L, from -1 to 1: the correlation of the two variables smoothed over neighbours; and p, pairs of values being
        put on the places in random order. NaN where one of the variables has one value only.

    Notes
    -----
    :math:`L = \frac{n}{\sum_i (\sum_j w_{ij})^2} \sum_i \tilde x_i \tilde y_i / n`, :math:`\tilde x_i` the lag of the
    standardised *x*.

    References
    ----------
    Lee S.-I. (2001), Developing a bivariate spatial association measure: an integration of Pearson's r and Moran's I,
    Journal of Geographical Systems 3(4).

    Examples
    --------
    >>> row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), np.ones(6))
    >>> lee([1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 5.0, 5.0], row, permutations=99)[0]
    -0.5
    """
    pair, links, _ = _pair(first, second, neighbours)
    if pair is None or not len(links.place):
        return np.nan, np.nan
    matrix = links.in_order().matrix()
    scale = 1 / float((np.bincount(links.place, links.weight, links.count) ** 2).sum())
    smooth = links.matrix() @ pair
    statistic = float(smooth[:, 0] @ smooth[:, 1]) * scale
    canonical = pair[np.lexsort([pair[:, 1], pair[:, 0]])]
    generator = np.random.default_rng(seed)
    found = np.empty(permutations)
    for draw in range(permutations):
        lags = matrix @ canonical[generator.permutation(len(pair))]
        found[draw] = lags[:, 0] @ lags[:, 1] * scale
    return statistic, float(pseudo_p(np.array([statistic]), found[None, :])[0])


def local_lee(
    first: ArrayLike, second: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0
) -> pd.DataFrame:
    """Return the local Lee's L of each place, with its pseudo p-value.

    Returns
    -------
    DataFrame
        By position: ``first_lag`` and ``second_lag`` (means of the neighbours' standardised values), ``statistic``
        (their product) and ``p_value`` (neighbours drawn among the other places, pairs kept together).

    References
    ----------
    Lee S.-I. (2001), Journal of Geographical Systems 3(4), equation 22.

    Examples
    --------
    >>> row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), np.ones(6))
    >>> local_lee([1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 5.0, 5.0], row, permutations=99)["statistic"].tolist()
    [-1.0, 0.0, 0.0, -1.0]
    """
    pair, links, kept = _pair(first, second, neighbours)
    columns = ["first_lag", "second_lag", "statistic", "p_value"]
    table = pd.DataFrame(np.nan, index=range(len(kept)), columns=columns)
    if pair is None:
        return table
    lags = np.where((links.cardinalities > 0)[:, None], links.matrix() @ pair, np.nan)
    statistic = lags[:, 0] * lags[:, 1]
    draws = NeighbourDraws(pair, links, permutations, seed)
    p_value = draws.compared(statistic, lambda place, drawn: drawn[..., 0] * drawn[..., 1])
    table.loc[kept, columns] = np.column_stack([lags, statistic, p_value])
    return table


def adjusted(p_values: ArrayLike) -> Floats:
    """Return p-values adjusted for the number of places (false discovery rate); NaN stays NaN.

    References
    ----------
    Benjamini Y., Hochberg Y. (1995), Controlling the false discovery rate, JRSS B 57(1); Caldas de Castro M.,
    Singer B. H. (2006), Controlling the false discovery rate: a new application to account for multiple and dependent
    tests in local statistics of spatial association, Geographical Analysis 38(2).

    Examples
    --------
    >>> adjusted([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    values = np.array(p_values, dtype=float)
    told = ~np.isnan(values)
    if told.any():
        values[told] = false_discovery_control(values[told])
    return values


def clusters(value: ArrayLike, lag: ArrayLike, p_value: ArrayLike, *, level: float = 0.05) -> NDArray[np.object_]:
    """Name the class of each place in a map of local associations (:data:`CLUSTERS`).

    Parameters
    ----------
    value, lag : array-like
        Of the place and of its neighbours, from the mean (standardised).
    level : float
        p-value up to which an association is significant.

    Examples
    --------
    >>> clusters([1, -1, 1, -1, 1, None], [1, -1, -1, 1, 1, 1], [0.01, 0.01, 0.01, 0.01, 0.3, None]).tolist()
    ['haut_haut', 'bas_bas', 'haut_bas', 'bas_haut', 'non_significatif', 'inconnu']
    """
    own, around, p = (np.asarray(column, dtype=float) for column in (value, lag, p_value))
    high, near = own > 0, around > 0
    cases = [np.isnan(p), ~(p <= level), high & near, ~high & ~near, high]
    return np.select(cases, ["inconnu", "non_significatif", "haut_haut", "bas_bas", "haut_bas"], "bas_haut").astype(
        object
    )


def _standard(
    values: ArrayLike, neighbours: Neighbours, *, by_row: bool = True
) -> tuple[Floats | None, Neighbours, NDArray[np.bool_]]:
    """Return the known values, standardised (None where they do not vary), their links, and which they are."""
    raw = np.asarray(values, dtype=float)
    _same_count(len(raw), neighbours)
    kept = ~np.isnan(raw)
    links = neighbours.among(kept)
    return _scores(raw[kept]), links.standardised() if by_row else links, kept


def _pair(
    first: ArrayLike, second: ArrayLike, neighbours: Neighbours
) -> tuple[Floats | None, Neighbours, NDArray[np.bool_]]:
    columns = [np.asarray(column, dtype=float) for column in (first, second)]
    for column in columns:
        _same_count(len(column), neighbours)
    kept = ~np.isnan(columns[0]) & ~np.isnan(columns[1])
    scores = [_scores(column[kept]) for column in columns]
    told = [one for one in scores if one is not None]
    return np.column_stack(told) if len(told) == len(scores) else None, neighbours.among(kept).standardised(), kept


def _scores(known: Floats) -> Floats | None:
    """Return values from their mean, in standard deviations; None where all are the same (but for rounding)."""
    if len(known) < 2:
        return None
    gap = known - known.mean()
    spread = float(gap.std())
    return gap / spread if spread > _ROUNDING * float(np.abs(known).max()) else None


def _same_count(values: int, neighbours: Neighbours) -> None:
    if values != neighbours.count:
        raise ParameterError(
            Text(
                f"{values} valeur(s) pour {neighbours.count} lieu(x)",
                f"{values} value(s) for {neighbours.count} place(s)",
            ),
            Text("donnez une valeur par lieu, dans leur ordre.", "give one value a place, in their order."),
        )
