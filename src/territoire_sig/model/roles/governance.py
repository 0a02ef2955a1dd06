"""Roles of the conduct of the plan: rated objectives, weights and comparisons of criteria. Tables of no place."""

from __future__ import annotations

from ...texts import Text
from ..policies import POLICY_TEXTS, Policy
from ..schema import Column, Role

__all__ = ["ROLES"]

_POLICIES = {policy.value: text for policy, text in POLICY_TEXTS.items()}

ROLES: tuple[Role, ...] = (
    Role(
        "note_objectif",
        Text("objectifs des documents, notés deux à deux", "objectives of the documents, rated two by two"),
        Policy.NUMERIQUE,
        "table",
        (
            Column(
                "objectif_a",
                Text("objectif ou clause qui agit", "objective or clause that acts"),
                required=True,
            ),
            Column(
                "objectif_b",
                Text("objectif ou clause qui subit", "objective or clause acted upon"),
                required=True,
            ),
            Column(
                "note",
                Text("de −3 (annule) à +3 (indissociable)", "from −3 (cancels) to +3 (indivisible)"),
                kind="number",
                required=True,
                minimum=-3,
                maximum=3,
            ),
            Column("evaluateur", Text("qui a noté", "who rated")),
            Column("politique_a", Text("politique du premier", "policy of the first"), values=_POLICIES),
            Column("politique_b", Text("politique du second", "policy of the second"), values=_POLICIES),
        ),
    ),
    Role(
        "ponderation",
        Text("poids des critères de l'indice de cohérence", "weights of the criteria of the coherence index"),
        Policy.NUMERIQUE,
        "table",
        (
            Column(
                "critere",
                Text("indicateur, ou famille d'indicateurs", "indicator, or family of indicators"),
                required=True,
                aliases=("indicateur", "famille", "criterion"),
            ),
            Column(
                "poids",
                Text("poids, relatif aux autres", "weight, relative to the others"),
                kind="number",
                required=True,
                minimum=0,
                aliases=("weight", "ponderation"),
            ),
        ),
    ),
    Role(
        "comparaison",
        Text("comparaison des critères deux à deux (AHP)", "comparison of criteria two by two (AHP)"),
        Policy.NUMERIQUE,
        "table",
        (
            Column(
                "critere_a",
                Text("premier critère : indicateur ou famille", "first criterion: indicator or family"),
                required=True,
                aliases=("a", "criterion_a"),
            ),
            Column(
                "critere_b",
                Text("second critère", "second criterion"),
                required=True,
                aliases=("b", "criterion_b"),
            ),
            Column(
                "importance",
                Text(
                    "combien de fois le premier importe plus que le second (9 : absolument plus ; 1/9 : moins)",
                    "how many times the first matters more than the second (9: absolutely more; 1/9: less)",
                ),
                kind="number",
                required=True,
                minimum=1 / 9,
                maximum=9,
            ),
        ),
    ),
)
