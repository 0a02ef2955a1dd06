"""Fibre by commune: the rate of premises passed, and whether a place is ready."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import MissingColumnError
from ..model.declaration import Parameter
from ..overlay import partition
from ..texts import Text

__all__ = [
    "NOT_READY",
    "READY",
    "READY_CLASSES",
    "READY_RATE",
    "UNKNOWN",
    "fibre_rate",
    "rated",
    "readiness",
    "ready_pieces",
    "ready_totals",
]

READY, NOT_READY, UNKNOWN = "pret", "non_pret", "inconnu"

#: Classes of a map of readiness; colours told apart by all (Okabe and Ito 2008).
READY_CLASSES: dict[str, tuple[Text, str]] = {
    READY: (Text("fibre au niveau attendu", "fibre at the expected level"), "#0072b2"),
    NOT_READY: (Text("fibre sous le niveau attendu", "fibre below the expected level"), "#d55e00"),
    UNKNOWN: (Text("déploiement inconnu", "deployment unknown"), "#999999"),
}

READY_RATE = Parameter(
    "taux_pret",
    Text(
        "part des locaux raccordables en fibre à partir de laquelle un lieu est dit prêt",
        "share of premises passed by fibre from which a place is called ready",
    ),
    "part",
    default=0.8,
    minimum=0.0,
    maximum=1.0,
)


def fibre_rate(couverture_fixe: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the share of premises passed: as published, else the premises passed over the premises.

    Raises
    ------
    MissingColumnError
        When the layer has neither ``taux_fibre`` nor ``locaux`` and ``locaux_raccordables``.

    Examples
    --------
    >>> import shapely
    >>> told = {"taux_fibre": [0.5, None], "locaux": [10.0, 10.0], "locaux_raccordables": [5.0, 9.0]}
    >>> fibre_rate(gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 1, 1)] * 2)).tolist()
    [0.5, 0.9]
    """
    columns = set(couverture_fixe.columns)
    counted = {"locaux", "locaux_raccordables"} <= columns
    if not counted and "taux_fibre" not in columns:
        raise MissingColumnError(
            Text(
                "il faut taux_fibre, ou locaux et locaux_raccordables ; aucune de ces colonnes n'y suffit",
                "taux_fibre is needed, or locaux and locaux_raccordables; the columns found do not give the rate",
            ),
            Text("ajoutez l'une ou les autres.", "add the one or the others."),
            layer="couverture_fixe",
        )
    rate = pd.Series(np.nan, index=couverture_fixe.index)
    if "taux_fibre" in columns:
        rate = pd.to_numeric(couverture_fixe["taux_fibre"]).astype(float)
    if counted:
        premises = couverture_fixe["locaux"].astype(float)
        rate = rate.fillna(couverture_fixe["locaux_raccordables"].astype(float) / premises.where(premises > 0))
    return rate.clip(0, 1)


def rated(couverture_fixe: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the polygons whose rate is known, with the rate as ``taux``."""
    rate = fibre_rate(couverture_fixe)
    return gpd.GeoDataFrame({"taux": rate}, geometry=couverture_fixe.geometry, crs=couverture_fixe.crs)[rate.notna()]


def readiness(rate: pd.Series[float], taux_pret: float) -> pd.Series[str]:
    """Return ``pret``, ``non_pret`` or ``inconnu`` for each rate.

    Examples
    --------
    >>> readiness(pd.Series([0.8, 0.79, float("nan")]), 0.8).tolist()
    ['pret', 'non_pret', 'inconnu']
    """
    told = np.where(rate >= taux_pret, READY, NOT_READY)
    return pd.Series(np.where(rate.isna(), UNKNOWN, told), index=rate.index, dtype=object)


def ready_pieces(
    units: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, couverture_fixe: gpd.GeoDataFrame | None, taux_pret: float
) -> gpd.GeoDataFrame:
    """Cut the zones of each unit by the rate of premises passed.

    Parameters
    ----------
    units, zones : GeoDataFrame
        Polygons; `zones` has ``type``, whose order of first appearance settles overlaps.
    couverture_fixe : GeoDataFrame or None
        Polygons with the columns of the role. Where two overlap, the lower rate is taken.

    Returns
    -------
    GeoDataFrame
        ``code_unite``, ``type``, ``taux`` (NaN: unknown), ``classe``, ``area_m2`` and the geometry.
    """
    covers = [] if couverture_fixe is None else [rated(couverture_fixe).sort_values("taux")]
    pieces = partition(units, zones, *covers, by=["type", "taux"][: 1 + len(covers)])
    pieces = pieces[pieces["type"].notna()].rename(columns={"zone": "code_unite"}).reset_index(drop=True)
    rate = pieces["taux"].astype(float) if covers else pd.Series(np.nan, index=pieces.index)
    pieces = pieces.assign(taux=rate, classe=readiness(rate, taux_pret))
    return pieces[["code_unite", "type", "taux", "classe", "area_m2", "geometry"]]


def ready_totals(units: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sum the pieces by unit: ``area_m2``, ``known_m2``, ``ready_m2``, ``not_ready_m2``, ``rate_m2`` (rate × area)."""
    area = pieces["area_m2"]
    totals = pd.DataFrame(
        {
            "area_m2": area,
            "known_m2": area.where(pieces["classe"] != UNKNOWN, 0.0),
            "ready_m2": area.where(pieces["classe"] == READY, 0.0),
            "not_ready_m2": area.where(pieces["classe"] == NOT_READY, 0.0),
            "rate_m2": (area * pieces["taux"]).fillna(0.0),
        }
    )
    return totals.groupby(pieces["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
