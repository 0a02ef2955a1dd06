"""Weights of criteria, always explicit: equal, told by the user, or drawn from comparisons two by two (AHP)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..model.families import Family
from ..texts import Text, number_text

__all__ = ["Compared", "compared_weights", "spread_over", "told_weights"]

#: Mean consistency index of random comparisons of n criteria (Saaty 1980), from n = 1 on.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.54, 1.56, 1.57, 1.59)


@dataclass(frozen=True, eq=False)
class Compared:
    """Weights drawn from comparisons, and their consistency ratio: 0 for a judge who never contradicts himself."""

    weights: pd.Series[float]
    ratio: float


def compared_weights(comparisons: pd.DataFrame, *, ratio_max: float = float("inf")) -> Compared:
    """Return the weights that comparisons two by two hold (analytic hierarchy process).

    Parameters
    ----------
    comparisons : DataFrame
        ``critere_a``, ``critere_b`` and ``importance``: how many times the first matters more than the second. Each
        pair of criteria is compared once.
    ratio_max : float
        Consistency ratio above which the comparisons are refused.

    Returns
    -------
    Compared
        Weights by criterion, in alphabetical order, whose sum is 1.

    Raises
    ------
    InvalidValueError
        When a pair is missing, given twice or compares a criterion to itself; when the comparisons contradict each
        other more than `ratio_max`.

    Notes
    -----
    The weights are the principal eigenvector of the matrix; ``CR = CI ÷ RI``, ``CI = (λmax − n) ÷ (n − 1)``, RI being
    the mean index of random matrices of that size (Saaty 1980).

    Examples
    --------
    >>> told = pd.DataFrame({"critere_a": ["a", "a", "b"], "critere_b": ["b", "c", "c"], "importance": [2.0, 4.0, 2.0]})
    >>> found = compared_weights(told)
    >>> found.weights.round(4).to_dict(), abs(round(found.ratio, 9))
    ({'a': 0.5714, 'b': 0.2857, 'c': 0.1429}, 0.0)
    """
    names, matrix = _matrix(comparisons)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    count = len(names)
    index = (float(values.real[first]) - count) / (count - 1) if count > 2 else 0.0
    ratio = max(index / RANDOM_INDEX[count - 1], 0.0) if count > 2 else 0.0
    if ratio > ratio_max:
        raise _inconsistent(ratio, ratio_max)
    return Compared(pd.Series(vector / vector.sum(), index=names), ratio)


def _matrix(comparisons: pd.DataFrame) -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    first, second = (comparisons[name].astype(str).str.strip() for name in ("critere_a", "critere_b"))
    names = sorted({*first, *second})
    if len(names) > len(RANDOM_INDEX):
        raise InvalidValueError(
            Text(
                f"{len(names)} critères comparés, et {len(RANDOM_INDEX)} au plus",
                f"{len(names)} criteria compared, and {len(RANDOM_INDEX)} at most",
            ),
            Text("comparez des familles d'indicateurs.", "compare families of indicators."),
            layer="comparaison",
        )
    at = {name: place for place, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    faults = []
    for one, other, value in zip(first, second, comparisons["importance"].astype(float), strict=True):
        if not np.isnan(matrix[at[one], at[other]]) or not value > 0:
            faults.append(f"{one} / {other}")
            continue
        matrix[at[one], at[other]], matrix[at[other], at[one]] = value, 1 / value
    missing = [f"{a} / {b}" for a in names for b in names if a < b and np.isnan(matrix[at[a], at[b]])]
    if faults or missing:
        raise _incomplete(faults, missing)
    return names, matrix


def _incomplete(faults: Sequence[str], missing: Sequence[str]) -> InvalidValueError:
    twice, none = ", ".join(faults) or "–", ", ".join(missing) or "–"
    return InvalidValueError(
        Text(
            f"comparaisons données deux fois, d'un critère à lui-même ou sans valeur : {twice} ; manquantes : {none}",
            f"comparisons given twice, of a criterion to itself or without value: {twice}; missing: {none}",
        ),
        Text(
            "donnez une ligne, et une seule, par couple de critères.", "give one row, and one only, a pair of criteria."
        ),
        layer="comparaison",
    )


def _inconsistent(ratio: float, ratio_max: float) -> InvalidValueError:
    found, most = number_text(ratio, 3), number_text(ratio_max, 3)
    return InvalidValueError(
        Text(
            f"les comparaisons se contredisent : rapport de cohérence {found.fr}, et {most.fr} au plus",
            f"the comparisons contradict each other: consistency ratio {found.en}, and {most.en} at most",
        ),
        Text(
            "revoyez les comparaisons, ou relevez coherence_ahp_max en le disant.",
            "look at the comparisons again, or raise coherence_ahp_max and say so.",
        ),
        layer="comparaison",
    )


def told_weights(table: pd.DataFrame) -> pd.Series[float]:
    """Return the weights that the user tells, by criterion, their sum brought to 1.

    Raises
    ------
    InvalidValueError
        When a criterion has no weight or two, or when all weights are 0.

    Examples
    --------
    >>> told_weights(pd.DataFrame({"critere": ["a", "b"], "poids": [3.0, 1.0]})).to_dict()
    {'a': 0.75, 'b': 0.25}
    """
    names, weights = table["critere"].astype(str).str.strip(), table["poids"].astype(float)
    wrong = sorted({*names[names.duplicated()], *names[~(weights >= 0)]})
    if wrong or not weights.sum() > 0:
        shown = ", ".join(wrong) or "–"
        raise InvalidValueError(
            Text(
                f"critères donnés deux fois ou sans poids positif : {shown} ; somme des poids : {weights.sum():g}",
                f"criteria given twice or without a positive weight: {shown}; sum of the weights: {weights.sum():g}",
            ),
            Text("donnez une ligne par critère, de poids positif.", "give one row a criterion, of positive weight."),
            layer="ponderation",
        )
    return pd.Series(weights.to_numpy() / weights.sum(), index=names).sort_index()


def spread_over(
    weights: pd.Series[float], families: Mapping[str, Family], wanted: Sequence[str], *, layer: str
) -> pd.Series[float]:
    """Return weights of indicators from weights of indicators or families; a family's is shared evenly among its own.

    Parameters
    ----------
    weights : Series of float
        By indicator, or by family.
    families : mapping of str to Family
        Every indicator that may be named, with its family.
    wanted : sequence of str
        The indicators among which the weight of a family is shared.

    Returns
    -------
    Series of float
        By indicator. The weight of a family none of whose indicators is wanted stays out of it: the sum is then less
        than 1.

    Raises
    ------
    InvalidValueError
        When a criterion is neither an indicator nor a family, or when both are mixed.

    Examples
    --------
    >>> families = {"ips": Family.SOCIAL, "fibre": Family.SOCIAL, "no2": Family.ENVIRONNEMENT}
    >>> told = pd.Series({"social": 0.5, "environnement": 0.5})
    >>> spread_over(told, families, ["fibre", "ips", "no2"], layer="ponderation").to_dict()
    {'fibre': 0.25, 'ips': 0.25, 'no2': 0.5}
    """
    words = {family.value for family in Family}
    by_family = [name for name in weights.index if name in words]
    strange = [name for name in weights.index if name not in words and name not in families]
    if strange or 0 < len(by_family) < len(weights):
        raise _mixed(strange, sorted(families), layer)
    if not by_family:
        return weights
    counts = pd.Series([families[name].value for name in wanted], index=list(wanted), dtype=object)
    sizes = counts.map(counts.value_counts()).astype(float)
    shared = counts.map(weights).astype(float).fillna(0.0) / sizes
    return shared[shared > 0]


def _mixed(strange: Sequence[str], known: Sequence[str], layer: str) -> InvalidValueError:
    words, shown = ", ".join(family.value for family in Family), ", ".join(strange) or "–"
    return InvalidValueError(
        Text(
            f"critères inconnus ici : {shown} ; les critères sont tous des familles, ou tous des indicateurs mesurés",
            f"criteria unknown here: {shown}; criteria are all families, or all indicators that were measured",
        ),
        Text(
            f"familles : {words} ; indicateurs : {', '.join(known)}.",
            f"families: {words}; indicators: {', '.join(known)}.",
        ),
        layer=layer,
    )
