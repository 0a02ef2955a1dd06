"""The answer in one sentence, with the figures on which it rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.results import Results
from ..texts import Text, number_text
from .words import count_text

__all__ = ["Figures", "key_figures", "verdict"]


@dataclass(frozen=True)
class Figures:
    """What the verdict counts.

    Attributes
    ----------
    people : float
        Inhabitants concerned by conflicts; NaN when unknown.
    people_at_least : bool
        Whether `people` is a lower bound: those of the single most peopled conflict.
    """

    conflicts: int
    severe: int
    synergies: int
    answered: int
    unanswered: int
    people: float
    people_at_least: bool

    @property
    def people_text(self) -> Text:
        """Number of inhabitants, «au moins» said where it is a lower bound."""
        number = number_text(self.people)
        if self.people != self.people or not self.people_at_least:
            return number
        return Text(f"au moins {number.fr}", f"at least {number.en}")


def key_figures(results: Results) -> Figures:
    """Return the figures of `results`.

    People are read from ``record["habitants_concernes"]`` where the diagnosis has counted them once over all
    conflicts; otherwise the figure is a lower bound, and says so: see :func:`_people_at_least`.
    """
    scores, matrix = results.findings["score"], results.matrix
    conflicts = results.findings[scores < 0]
    counted = results.record.get("habitants_concernes")
    people = _people_at_least(conflicts, matrix) if counted is None else float(counted)
    return Figures(
        conflicts=len(conflicts),
        severe=int((conflicts["gravite"] == 3).sum()),
        synergies=int((scores > 0).sum()),
        answered=int(matrix["regles_repondues"].sum()),
        unanswered=int(matrix["regles_sans_reponse"].sum()),
        people=0.0 if conflicts.empty else people,
        people_at_least=counted is None and len(conflicts) > 1,
    )


def _people_at_least(conflicts: pd.DataFrame, matrix: pd.DataFrame) -> float:
    """Return the largest number known of people concerned: by one conflict, or by a pair that has conflicts only."""
    pairs = matrix[(matrix["conflits"] > 0) & (matrix["synergies"] == 0)]
    known = pd.concat([conflicts["habitants"].astype(float), pairs["habitants"].astype(float)])
    return float(known.max())


def verdict(results: Results) -> Text:
    """Return the answer to «Ce plan numérique est-il en cohérence avec nos autres politiques ?», figures included."""
    figures = key_figures(results)
    parts = [_answer(figures), _support(figures)]
    return Text(" ".join(part.fr for part in parts), " ".join(part.en for part in parts))


def _answer(figures: Figures) -> Text:
    if not figures.answered:
        return Text(
            "On ne peut pas encore répondre : aucune règle n'a pu être jugée.",
            "There is no answer yet: no rule could be judged.",
        )
    if not figures.conflicts:
        return Text(
            "Oui, pour ce qui a pu être jugé : aucun conflit n'a été relevé.",
            "Yes, as far as could be judged: no conflict was found.",
        )
    count = count_text(figures.conflicts, Text("conflit", "conflict"), Text("conflits", "conflicts"))
    if not figures.severe:
        text = Text(
            "En partie : $count entre politiques, sans conflit grave ; $people.",
            "In part: $count between policies, none of them severe; $people.",
        )
        return text.fill(count=count, people=_people(figures))
    severe = count_text(figures.severe, Text("grave", "severe"), Text("graves", "severe"))
    text = Text(
        "Non, pas encore : $count entre politiques, dont $severe ; $people.",
        "No, not yet: $count between policies, $severe; $people.",
    )
    return text.fill(count=count, severe=severe, people=_people(figures))


def _support(figures: Figures) -> Text:
    synergies = count_text(figures.synergies, Text("synergie", "synergy"), Text("synergies", "synergies"))
    answered = count_text(
        figures.answered, Text("règle jugée", "rule answered"), Text("règles jugées", "rules answered")
    )
    if not figures.unanswered:
        return Text("$synergies ; $answered.", "$synergies; $answered.").fill(synergies=synergies, answered=answered)
    text = Text(
        "$synergies ; $answered, $n sans réponse faute de données.",
        "$synergies; $answered, $n not answered for lack of data.",
    )
    return text.fill(synergies=synergies, answered=answered, n=figures.unanswered)


def _people(figures: Figures) -> Text:
    if np.isnan(figures.people):
        return Text("nombre d'habitants concernés inconnu", "number of inhabitants concerned unknown")
    one = figures.people < 2
    noun = Text("habitant concerné" if one else "habitants concernés", "inhabitants concerned")
    text = figures.people_text
    return Text(f"{text.fr} {noun.fr}", f"{text.en} {noun.en}")
