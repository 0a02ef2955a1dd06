"""Colours and signs of findings: conflicts orange to brown, synergies blue, told apart by shape and size too.

The two families come from the ColorBrewer ramps «Oranges» and «Blues», which readers who confuse red and green
tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..texts import Text

__all__ = ["EXPRESSION", "FINDING_CLASSES", "INDICATOR_RAMP", "UNKNOWN_COLOUR", "FindingClass"]

UNKNOWN_COLOUR = "#d9d9d9"
#: From least to most: ColorBrewer «Purples», which neither family of findings uses.
INDICATOR_RAMP = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")


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
