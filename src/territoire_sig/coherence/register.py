"""The register: the conflicts to settle, ranked, with those who must sit together."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

__all__ = ["REGISTER_COLUMNS", "conflict_register"]

REGISTER_COLUMNS = (
    "rang",
    "regle",
    "titre",
    "politique_a",
    "politique_b",
    "code_unite",
    "nom_unite",
    "objet",
    "gravite",
    "score",
    "surface_m2",
    "longueur_m",
    "nombre",
    "habitants",
    "services",
    "acteurs",
    "article",
    "explication",
    "arbitrage",
    "note",
)


def conflict_register(findings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the conflicts, the most severe first; within a severity, those that concern most people first.

    ``arbitrage`` starts at «à traiter» and ``note`` empty: both are for the services to fill.
    """
    conflicts = pd.DataFrame(findings[findings["score"] < 0].drop(columns="geometry"))
    size = conflicts[["surface_m2", "longueur_m"]].sum(axis=1, min_count=1).fillna(conflicts["nombre"].astype(float))
    ranked = (
        conflicts.assign(_size=size)
        .sort_values(
            ["gravite", "habitants", "_size", "regle", "code_unite", "objet"],
            ascending=[False, False, False, True, True, True],
            na_position="last",
            kind="stable",
        )
        .reset_index(drop=True)
    )
    ranked["rang"] = ranked.index + 1
    return ranked.assign(arbitrage="à traiter", note="")[list(REGISTER_COLUMNS)]
