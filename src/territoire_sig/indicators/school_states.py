"""Schools: whether each can have fibre, by its own state or its building's, and whether it has 4G indoors.

The published coverage is outdoors. One rule says where it is taken to hold indoors: a level of «good» or «very good»
coverage (ARCEP: inside buildings, in some cases or in most), as asked for by a parameter; «covered, level not given»
tells nothing of indoors.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.declaration import Parameter
from ..overlay import within
from ..texts import Text
from .mobile import surfaces
from .premises import counted_once, eligibility

__all__ = ["BUILDING_DISTANCE", "INDOOR_LEVEL", "fibre_state", "indoor_4g_state", "pupils_of"]

BUILDING_DISTANCE = Parameter(
    "distance_immeuble_m",
    Text(
        "distance jusqu'à laquelle l'immeuble le plus proche du fichier est pris pour celui de l'établissement",
        "distance within which the nearest building of the file is taken for that of the school",
    ),
    "m",
    default=100.0,
    minimum=1.0,
    maximum=1000.0,
)
INDOOR_LEVEL = Parameter(
    "niveau_interieur",
    Text(
        "niveau de couverture pris pour une couverture à l'intérieur (2 bonne ou mieux, 3 très bonne)",
        "coverage level taken to hold indoors (2 good or better, 3 very good)",
    ),
    "rang",
    default=2.0,
    minimum=2.0,
    maximum=3.0,
)


def fibre_state(
    schools: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None, distance_m: float, date_eligibilite: float
) -> pd.Series[Any]:
    """Return whether each school can have fibre: a nullable boolean, NA where nothing tells.

    Its own column ``fibre`` goes first; else the eligibility of the nearest building of the file, within
    `distance_m`. Of buildings that are equally near, all must be eligible.

    Examples
    --------
    >>> points = gpd.points_from_xy([0, 50, 500], [0, 0, 0])
    >>> schools = gpd.GeoDataFrame({"fibre": [True, None, None]}, geometry=points, crs=2154)
    >>> homes = gpd.GeoDataFrame({"etat": ["cible"]}, geometry=gpd.points_from_xy([40], [0]), crs=2154)
    >>> fibre_state(schools, homes, 100, 0).tolist()
    [True, False, <NA>]
    """
    around = pd.Series(pd.NA, index=schools.index, dtype="boolean")
    if buildings is not None:
        around = _nearest(schools, counted_once(buildings), distance_m, date_eligibilite)
    if "fibre" not in schools.columns:
        return around
    told: pd.Series[Any] = schools["fibre"].astype("boolean").fillna(around)
    return told


def _nearest(
    schools: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, distance_m: float, date_eligibilite: float
) -> pd.Series[Any]:
    """Return the eligibility of the nearest building of each school."""
    tree = shapely.STRtree(buildings.geometry.to_numpy())
    school, home = tree.query_nearest(schools.geometry.to_numpy(), max_distance=distance_m)
    eligible = eligibility(buildings, date_eligibilite).astype("Float64").to_numpy(float, na_value=np.nan)[home]
    table = pd.DataFrame({"no": eligible == 0, "unknown": np.isnan(eligible)}).groupby(school).any()
    told = pd.Series(True, index=table.index, dtype="boolean").mask(table["unknown"], pd.NA).mask(table["no"], False)
    state = told.reindex(range(len(schools)))
    state.index = schools.index
    return state


def indoor_4g_state(
    schools: gpd.GeoDataFrame, cover: gpd.GeoDataFrame | None, niveau_interieur: float
) -> pd.Series[Any]:
    """Return whether each school has 4G indoors: a nullable boolean, NA where nothing tells.

    Examples
    --------
    >>> schools = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5, 15, 25], [5, 5, 5]), crs=2154)
    >>> told = {"techno": ["4G", "4G"], "niveau": ["BC", "COUVERT"]}
    >>> shapes = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> indoor_4g_state(schools, gpd.GeoDataFrame(told, geometry=shapes, crs=2154), 2).tolist()
    [True, <NA>, False]
    """
    unknown = pd.Series(pd.NA, index=schools.index, dtype="boolean")
    found = [] if cover is None else [one for one in surfaces(cover, niveau_interieur) if one.operator is None]
    for one in found:
        if one.technology == "4G":
            sure, possible = (
                within(schools, gpd.GeoDataFrame(geometry=list(shape), crs=schools.crs)).astype("boolean")
                for shape in (one.sure, one.possible)
            )
            return sure.mask(possible & ~sure)
    return unknown


def pupils_of(schools: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the pupils of each school; NaN where unknown.

    Examples
    --------
    >>> pupils_of(gpd.GeoDataFrame({"eleves": [120, None]}, geometry=[None, None])).tolist()
    [120.0, nan]
    """
    if "eleves" not in schools.columns:
        return pd.Series(np.nan, index=schools.index)
    return pd.Series(schools["eleves"].to_numpy(dtype=float, na_value=np.nan), index=schools.index)
