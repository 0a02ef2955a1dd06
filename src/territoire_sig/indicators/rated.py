"""Objectives rated against each other, from −3 (cancels) to +3 (indivisible): one mean matrix of several raters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chi2, rankdata

from ..errors import InvalidValueError
from ..texts import Text

__all__ = ["Rated", "kendall_w", "rated", "total_influence"]

_Floats: TypeAlias = npt.NDArray[np.float64]
LOW, HIGH = -3, 3


@dataclass(frozen=True, eq=False)
class Rated:
    """Objectives and what they do to each other.

    Attributes
    ----------
    names : list of str
        In alphabetical order.
    mean : array
        Row: the objective that acts; column: the one acted upon; mean of the raters, NaN where none has rated.
    by_rater : DataFrame
        One row a pair that someone has rated, one column a rater; NaN where that one has not.
    policies : mapping of str to str
        Policy of each objective that has one.
    """

    names: list[str]
    mean: _Floats
    by_rater: pd.DataFrame
    policies: dict[str, str]

    @property
    def rated_share(self) -> float:
        """Share of the pairs that someone has rated."""
        pairs = len(self.names) * (len(self.names) - 1)
        return float((~np.isnan(self.mean)).sum()) / pairs if pairs else 0.0


def rated(table: pd.DataFrame) -> Rated:
    """Return rated objectives from their long table.

    Raises
    ------
    InvalidValueError
        When ratings are out of −3…3, when a rater has rated a pair twice or an objective against itself, or when an
        objective has two policies.

    Examples
    --------
    >>> told = pd.DataFrame({"objectif_a": ["x", "y"], "objectif_b": ["y", "x"], "note": [2.0, -1.0]})
    >>> rated(told).names, np.nan_to_num(rated(told).mean).tolist()
    (['x', 'y'], [[0.0, 2.0], [-1.0, 0.0]])
    """
    first, second = (table[name].astype(str).str.strip() for name in ("objectif_a", "objectif_b"))
    note = table["note"].astype(float)
    rater = table["evaluateur"] if "evaluateur" in table.columns else pd.Series(None, index=table.index, dtype=object)
    told = pd.DataFrame({"a": first, "b": second, "rater": rater.astype(object).fillna("").astype(str), "note": note})
    told = told[told["note"].notna()]
    _check(told)
    names = sorted({*told["a"], *told["b"]})
    by_rater = told.set_index(["a", "b", "rater"])["note"].unstack("rater").sort_index()  # noqa: PD010
    at = {name: place for place, name in enumerate(names)}
    mean = np.full((len(names), len(names)), np.nan)
    acting, acted = (by_rater.index.get_level_values(level).map(at).to_numpy() for level in (0, 1))
    mean[acting, acted] = by_rater.mean(axis="columns").to_numpy()
    return Rated(names, mean, by_rater, _policies(table, first, second))


def _check(told: pd.DataFrame) -> None:
    wrong = told[~told["note"].between(LOW, HIGH)]
    twice = told[told.duplicated(["a", "b", "rater"])]
    alone = told[told["a"] == told["b"]]
    problems = [
        (wrong, Text("notes hors de −3 à 3", "ratings out of −3 to 3")),
        (twice, Text("couples notés deux fois", "pairs rated twice")),
        (alone, Text("objectifs notés face à eux-mêmes", "objectives rated against themselves")),
    ]
    shown = [(_listed(rows), text) for rows, text in problems if len(rows)]
    if shown:
        raise InvalidValueError(
            Text(
                " ; ".join(f"{text.fr} : {rows}" for rows, text in shown),
                "; ".join(f"{text.en}: {rows}" for rows, text in shown),
            ),
            Text("corrigez ces lignes de la matrice.", "mend these rows of the matrix."),
            layer="note_objectif",
        )


def _listed(rows: pd.DataFrame) -> str:
    pairs = [f"{row.a} → {row.b} ({row.note:g})" for row in rows.head(5).itertuples()]
    return ", ".join(pairs) + (" …" if len(rows) > 5 else "")


def _policies(table: pd.DataFrame, first: pd.Series[str], second: pd.Series[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names, column in ((first, "politique_a"), (second, "politique_b")):
        if column not in table.columns:
            continue
        for name, policy in zip(names, table[column], strict=True):
            if policy is None or policy != policy:
                continue
            if found.setdefault(name, str(policy)) != str(policy):
                raise InvalidValueError(
                    Text(
                        f"l'objectif «{name}» a deux politiques : {found[name]} et {policy}",
                        f"the objective «{name}» has two policies: {found[name]} and {policy}",
                    ),
                    Text("donnez-lui la même partout.", "give it the same everywhere."),
                    layer="note_objectif",
                )
    return found


def total_influence(mean: _Floats, weight: float) -> _Floats:
    """Return the influence of each objective on the network, second-order effects included.

    Notes
    -----
    ``I_i = D_i + weight × Σ_j a_ij D_j``, ``D_i = Σ_j a_ij`` being the net influence: what an objective does to those
    that in turn act upon the others, at half strength in Weitz et al. 2018. A pair that nobody has rated adds nothing.

    Examples
    --------
    >>> total_influence(np.array([[0.0, 2.0], [-1.0, 0.0]]), 0.5).tolist()
    [1.0, -2.0]
    """
    known = np.nan_to_num(mean)
    direct = known.sum(axis=1)
    total: _Floats = direct + weight * (known @ direct)
    return total


def kendall_w(ratings: pd.DataFrame) -> tuple[float, float, int]:
    """Return Kendall's coefficient of concordance of raters, its p-value, and how many pairs it rests on.

    Parameters
    ----------
    ratings : DataFrame
        One row a pair, one column a rater; pairs that a rater has not rated are left out.

    Returns
    -------
    tuple
        W from 0 (no agreement) to 1 (same order), corrected for ties; p of the chi-square with n − 1 degrees; n. NaN
        with fewer than two raters or three pairs, and where every rater gives one mark only.

    Notes
    -----
    ``W = 12 S ÷ (m² (n³ − n) − m Σ T)``, S the squared deviations of the sums of ranks, ``T = Σ (t³ − t)`` for the ties
    of each rater (Kendall 1948; Siegel & Castellan 1988).

    Examples
    --------
    >>> told = pd.DataFrame({"one": [1.0, 2.0, 3.0], "two": [1.0, 2.0, 3.0]})
    >>> kendall_w(told)[0]
    1.0
    """
    complete = ratings.dropna().to_numpy(dtype=float)
    pairs, raters = complete.shape
    if raters < 2 or pairs < 3:
        return float("nan"), float("nan"), pairs
    order = np.apply_along_axis(rankdata, 0, complete)
    sums = order.sum(axis=1)
    deviation = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(
        float((counts**3 - counts).sum()) for counts in (np.unique(c, return_counts=True)[1] for c in complete.T)
    )
    scale = raters**2 * (pairs**3 - pairs) - raters * ties
    if not scale > 0:
        return float("nan"), float("nan"), pairs
    found = 12 * deviation / scale
    return found, float(chi2.sf(raters * (pairs - 1) * found, pairs - 1)), pairs
