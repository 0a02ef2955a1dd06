"""The policy matrix as a square table of coloured cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from ..model.policies import Policy
from ..texts import number_text

__all__ = ["Cell", "Row", "matrix_rows"]


@dataclass(frozen=True)
class Cell:
    """One pair of policies: its class of colour, its net score and its counts (empty where no rule crosses them)."""

    css: str
    score: str = ""
    conflicts: int = 0
    synergies: int = 0


@dataclass(frozen=True)
class Row:
    """One policy against each of them."""

    policy: Policy
    cells: tuple[Cell, ...]


def matrix_rows(matrix: pd.DataFrame, policies: tuple[Policy, ...] = tuple(Policy)) -> list[Row]:
    """Return the symmetric table of `matrix`, one row and one column a policy.

    The class is ``conflit-1`` to ``conflit-3`` or ``synergie-1`` to ``synergie-3``, by thirds of the largest net
    score; ``nul``; ``sans-reponse`` where no rule of the pair could be judged; ``vide`` where none exists.
    """
    largest = matrix["score_net"].abs().max()
    cells = {
        frozenset((pair.politique_a, pair.politique_b)): _cell(pair, largest) for pair in matrix.itertuples(index=False)
    }
    empty = Cell("vide")
    return [
        Row(one, tuple(cells.get(frozenset((one.value, other.value)), empty) for other in policies)) for one in policies
    ]


def _cell(pair: object, largest: float) -> Cell:
    value = pair.__getattribute__
    score = value("score_net")
    if pd.isna(score):
        return Cell("sans-reponse", "?")
    sign = number_text(score).fr if score <= 0 else f"+{number_text(score).fr}"
    family = "conflit" if score < 0 else "synergie"
    css = "nul" if score == 0 else f"{family}-{math.ceil(3 * abs(score) / largest)}"
    return Cell(css, sign.replace("-", "−"), value("conflits"), value("synergies"))
