"""The policy matrix: policies × policies, from located findings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.policies import Policy
from .engine import Judgement
from .ground import Ground
from .people import inhabitants_within
from .rule import Rule

__all__ = ["MATRIX_COLUMNS", "people_concerned", "policy_matrix"]

MATRIX_COLUMNS = (
    "politique_a",
    "politique_b",
    "score_net",
    "synergies",
    "conflits",
    "habitants",
    "regles_repondues",
    "regles_sans_reponse",
)


def policy_matrix(judgements: Sequence[Judgement], unanswered: Sequence[Rule], ground: Ground) -> pd.DataFrame:
    """Return one row for each pair of policies that a rule crosses, answered or not.

    A judgement that names an ``unknown_column`` counts as a rule without answer. ``score_net`` is the sum of the
    scores of the findings (NaN when no rule of the pair could be answered), ``synergies`` and ``conflits`` count
    findings, ``habitants`` counts once the people of all of them.
    """
    rows = [
        _pair(pair, judgements, unanswered, ground) for pair in _pairs([*(j.rule for j in judgements), *unanswered])
    ]
    return pd.DataFrame(rows, columns=list(MATRIX_COLUMNS))


def _pairs(rules: Sequence[Rule]) -> list[frozenset[Policy]]:
    crossed = {frozenset(rule.politiques) for rule in rules}
    order = combinations_with_replacement(list(Policy), 2)
    return [frozenset(pair) for pair in order if frozenset(pair) in crossed]


def _pair(
    pair: frozenset[Policy],
    judgements: Sequence[Judgement],
    unanswered: Sequence[Rule],
    ground: Ground,
) -> dict[str, object]:
    crossing = [j for j in judgements if frozenset(j.rule.politiques) == pair]
    answered = [j for j in crossing if j.unknown_column is None]
    scores = np.concatenate([j.findings["score"].to_numpy(dtype=float) for j in answered] or [np.empty(0)])
    names = sorted(pair, key=list(Policy).index)
    return {
        "politique_a": names[0].value,
        "politique_b": names[-1].value,
        "score_net": float(scores.sum()) if answered else np.nan,
        "synergies": int((scores > 0).sum()),
        "conflits": int((scores < 0).sum()),
        "habitants": people_concerned(answered, ground),
        "regles_repondues": len(answered),
        "regles_sans_reponse": sum(frozenset(rule.politiques) == pair for rule in unanswered)
        + len(crossing)
        - len(answered),
    }


def people_concerned(judgements: Sequence[Judgement], ground: Ground) -> float:
    """Return the inhabitants whom findings concern, each counted once; NaN where unknown or where none says whom."""
    surfaces = [shape for j in judgements for shape in j.footprints if shape is not None]
    if not surfaces:
        return np.nan
    union = gpd.GeoSeries([shapely.union_all(surfaces)], crs=ground.units.crs)
    return float(inhabitants_within(union, ground).iloc[0])
