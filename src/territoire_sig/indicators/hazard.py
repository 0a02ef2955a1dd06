"""Hazard: which level a place has, the worst first, and what the study has looked at."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd

from ..model.declaration import Output, Parameter
from ..overlay import partition, pieces_inside, pieces_outside, within
from ..texts import Text
from .knowledge import merged, reached_share

__all__ = [
    "LEVELS",
    "LEVEL_CLASSES",
    "MEASURED_LEVELS",
    "MINIMUM_LEVEL",
    "at_least",
    "by_level",
    "hazard_known",
    "hazard_pieces",
    "level_output",
    "level_reach",
    "studied",
]

#: Levels in increasing order; those that are told apart; all of them, by priority where they overlap.
LEVELS = ("faible", "moyen", "fort", "tres_fort")
MEASURED_LEVELS = (*LEVELS, "indetermine")
WORST_FIRST = (*reversed(LEVELS), "indetermine", "nul")

#: Classes of a map of levels; one ramp of growing darkness (ColorBrewer YlOrRd, safe for all eyes).
LEVEL_CLASSES: dict[str, tuple[Text, str]] = {
    "tres_fort": (Text("aléa très fort", "very high hazard"), "#bd0026"),
    "fort": (Text("aléa fort", "high hazard"), "#f03b20"),
    "moyen": (Text("aléa moyen", "medium hazard"), "#fd8d3c"),
    "faible": (Text("aléa faible", "low hazard"), "#fecc5c"),
    "indetermine": (Text("aléa de niveau indéterminé", "hazard of undetermined level"), "#999999"),
}

MINIMUM_LEVEL = Parameter(
    "niveau_min",
    Text(
        "niveau d'aléa retenu pour compter les habitants (1 faible, 2 moyen, 3 fort, 4 très fort)",
        "hazard level from which inhabitants are counted (1 low, 2 medium, 3 high, 4 very high)",
    ),
    "rang",
    default=2.0,
    minimum=1.0,
    maximum=4.0,
)


def at_least(alea: gpd.GeoDataFrame, niveau_min: float) -> gpd.GeoDataFrame:
    """Return the hazard zones of rank `niveau_min` (1 low to 4 very high) and above; those undetermined are not.

    Examples
    --------
    >>> import shapely
    >>> told = {"niveau": ["nul", "faible", "moyen", "tres_fort", "indetermine"]}
    >>> at_least(gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 1, 1)] * 5), 2)["niveau"].tolist()
    ['moyen', 'tres_fort']
    """
    return alea[alea["niveau"].isin(LEVELS[math.ceil(niveau_min) - 1 :])]


def studied(
    units: gpd.GeoDataFrame, alea: gpd.GeoDataFrame, perimetre_risque: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return the part of each unit where the hazard is known: in the perimeter of the plans, and in the zones drawn.

    What a study calls undetermined, and no zone of known level covers, is not known.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["A"], crs="EPSG:2154")
    >>> zones = [shapely.box(0, 0, 3, 10), shapely.box(2, 0, 6, 10)]
    >>> alea = gpd.GeoDataFrame({"niveau": ["fort", "indetermine"]}, geometry=zones, crs="EPSG:2154")
    >>> studied(units, alea, None).area.tolist(), studied(units, alea, units).area.tolist()
    ([30.0], [70.0])
    """
    told = alea[alea["niveau"].isin((*LEVELS, "nul"))]
    seen = pieces_inside(units, merged(told, perimetre_risque))
    return pieces_outside(seen, pieces_outside(alea.drop(told.index), told))


def hazard_known(
    points: gpd.GeoDataFrame, alea: gpd.GeoDataFrame, perimetre_risque: gpd.GeoDataFrame | None
) -> pd.Series[bool]:
    """Tell which points stand where the hazard is known: in a zone of known level, or else in a perimeter.

    In a perimeter, what a study calls undetermined is not known.

    Examples
    --------
    >>> import shapely
    >>> zones = [shapely.box(0, 0, 3, 10), shapely.box(3, 0, 6, 10)]
    >>> alea = gpd.GeoDataFrame({"niveau": ["fort", "indetermine"]}, geometry=zones, crs="EPSG:2154")
    >>> plan = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 8, 10)], crs="EPSG:2154")
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 5, 7, 9], [5, 5, 5, 5]), crs="EPSG:2154")
    >>> hazard_known(points, alea, plan).tolist()
    [True, False, True, False]
    """
    told = alea["niveau"].isin((*LEVELS, "nul"))
    known = within(points, alea[told])
    if perimetre_risque is None:
        return known
    return known | (within(points, perimetre_risque) & ~within(points, alea[~told]))


def hazard_pieces(units: gpd.GeoDataFrame, alea: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut the units by hazard level; where levels overlap, the worst is taken.

    Returns
    -------
    GeoDataFrame
        ``code_unite``, ``niveau``, ``area_m2`` and the geometry, the worst first within a unit; numbered from 0.
    """
    named = alea[alea["niveau"].notna()][["niveau", "geometry"]]
    pieces = partition(units, named, by="niveau", priority={"niveau": list(WORST_FIRST)})
    pieces = pieces[pieces["niveau"].notna()].rename(columns={"zone": "code_unite"})
    return gpd.GeoDataFrame(pieces.reset_index(drop=True), geometry="geometry", crs=units.crs)


def by_level(pieces: gpd.GeoDataFrame, amount: pd.Series[float], units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sum an amount a piece by unit and level: one column a level, 0 where there is none."""
    table = pieces[["code_unite", "niveau"]].assign(amount=amount)
    summed: pd.DataFrame = table.pivot_table(
        index="code_unite", columns="niveau", values="amount", aggfunc="sum", fill_value=0
    )
    summed = summed.reindex(index=units.index, columns=list(MEASURED_LEVELS), fill_value=0)
    return summed.astype(float)


def level_reach(
    units: gpd.GeoDataFrame,
    alea: gpd.GeoDataFrame,
    perimetre_risque: gpd.GeoDataFrame | None,
    *others: gpd.GeoDataFrame | None,
) -> dict[str, pd.Series[float]]:
    """Return, by level, the share of each unit where it is known whether the hazard is of that level.

    `others`: layers that must be there as well (a known population).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["A"], crs="EPSG:2154")
    >>> zones = [shapely.box(0, 0, 3, 10), shapely.box(3, 0, 6, 10)]
    >>> alea = gpd.GeoDataFrame({"niveau": ["fort", "indetermine"]}, geometry=zones, crs="EPSG:2154")
    >>> reach = level_reach(units, alea, None)
    >>> reach["fort"].tolist(), reach["indetermine"].tolist()
    ([0.3], [0.6])
    """
    told = reached_share(units, studied(units, alea, perimetre_risque), *others)
    if alea["niveau"].isin((*LEVELS, "nul")).all():
        return dict.fromkeys(MEASURED_LEVELS, told)
    return dict.fromkeys(LEVELS, told) | {"indetermine": reached_share(units, merged(alea, perimetre_risque), *others)}


def level_output(prefix: str, level: str, text: Text, unit: str) -> Output:
    """Return the declaration of what stands in one level: ``hazard_<prefix>_<level>``."""
    shown = Text("$what en $level", "$what in $level").fill(what=text, level=LEVEL_CLASSES[level][0])
    return Output(f"hazard_{prefix}_{level}", shown, unit, better=-1)
