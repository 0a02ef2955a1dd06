"""Roles of the conduct of the plan: weights and comparisons of criteria, tables that tell nothing of places."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["ROLES"]

ROLES: tuple[Role, ...] = (
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
