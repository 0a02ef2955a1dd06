"""Parameters of what is drawn at random: how many draws, and from which seed."""

from __future__ import annotations

from ..model.declaration import Parameter
from ..texts import Text

__all__ = ["DRAWS", "PERMUTATIONS", "SEED"]

DRAWS = Parameter(
    "tirages",
    Text("tirages de l'intervalle (rééchantillonnage)", "draws of the interval (bootstrap)"),
    "nombre",
    default=200.0,
    minimum=20.0,
    maximum=10_000.0,
)
PERMUTATIONS = Parameter(
    "permutations",
    Text("permutations dont vient la significativité", "permutations from which significance comes"),
    "nombre",
    default=999.0,
    minimum=99.0,
    maximum=99_999.0,
)
SEED = Parameter(
    "graine",
    Text(
        "graine du tirage : la même rend les mêmes chiffres", "seed of the draws: the same one gives the same figures"
    ),
    "nombre",
    default=0.0,
    minimum=0.0,
    maximum=4_294_967_295.0,
)
