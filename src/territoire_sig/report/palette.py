"""Colours and signs of findings: conflicts orange to brown, synergies blue, told apart by shape and size too.

The two families come from the ColorBrewer ramps «Oranges» and «Blues», which readers who confuse red and green
tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..texts import Text
from .sight import TOLD_APART, nearest_pair

__all__ = [
    "BIVARIATE",
    "CLASS_COLOURS",
    "EXPRESSION",
    "FINDING_CLASSES",
    "INDICATOR_RAMP",
    "UNKNOWN_COLOUR",
    "FindingClass",
    "second_signs",
]

UNKNOWN_COLOUR = "#d9d9d9"
#: From least to most: ColorBrewer «Purples», which neither family of findings uses.
INDICATOR_RAMP = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
#: Colours of classes without order, in the order in which they are taken (Okabe and Ito 2008, without black).
CLASS_COLOURS = ("#d55e00", "#e69f00", "#cc79a7", "#56b4e9", "#f0e442", "#009e73", "#0072b2")
#: Two quantities at once: rows by the first (blue), columns by the second (orange), low to high; each colour is the
#: product of a blue and of an orange, so that both together go to the dark.
BIVARIATE = (
    ("#e2e2e2", "#eeb468", "#e27d18"),
    ("#87b6d6", "#8e9163", "#876516"),
    ("#2c7ebc", "#2f6457", "#2c4614"),
)


@dataclass(frozen=True)
class FindingClass:
    """Findings drawn alike: one sign of score, one severity."""

    conflict: bool
    gravite: int
    colour: str
    text: Text

    @property
    def key(self) -> str:
        """Word that :data:`EXPRESSION` gives for these findings."""
        return f"{'conflit' if self.conflict else 'synergie'} {self.gravite}"


#: QGIS expression that gives the key of a finding.
EXPRESSION = "CASE WHEN \"score\" < 0 THEN 'conflit ' ELSE 'synergie ' END || \"gravite\""

FINDING_CLASSES = (
    FindingClass(True, 3, "#7f2704", Text("Conflit grave", "Severe conflict")),
    FindingClass(True, 2, "#d94801", Text("Conflit sérieux", "Serious conflict")),
    FindingClass(True, 1, "#fdae6b", Text("Conflit limité", "Limited conflict")),
    FindingClass(False, 3, "#08306b", Text("Synergie forte", "Strong synergy")),
    FindingClass(False, 2, "#2171b5", Text("Synergie nette", "Clear synergy")),
    FindingClass(False, 1, "#9ecae1", Text("Synergie légère", "Slight synergy")),
)


def second_signs(colours: Sequence[str]) -> list[int]:
    """Return for each colour the rank of a second sign (hatching, shape, dashes): 0 unless colours are confused.

    Among classes that bear one sign, any two colours are told apart by readers of every sight.

    Examples
    --------
    >>> second_signs(["#0072b2", "#d55e00", "#0072b3"])
    [0, 0, 1]
    """
    taken: list[list[str]] = []
    ranks = []
    for colour in colours:
        free = (rank for rank, those in enumerate(taken) if nearest_pair([*those, colour])[0] >= TOLD_APART)
        rank = next(free, len(taken))
        if rank == len(taken):
            taken.append([])
        taken[rank].append(colour)
        ranks.append(rank)
    return ranks
