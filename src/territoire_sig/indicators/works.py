"""Works of the network in nature: what is planned, the ground that it takes, the woods that the plan classifies."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["CABLE_KINDS", "cable_kind", "classified_woods", "drawn_lines", "planned", "rights_of_way"]

PLANNED = ("projet", "en projet", "prévu", "prevu", "à créer", "a créer", "a creer")
#: CNIG type of the prescription «espace boisé classé» (any sub-type).
CLASSIFIED_WOOD = "01"
CABLE_KINDS = ("transport", "distribution", "drop", "other")


def planned(layer: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Tell which objects are yet to be built, from their ``etat``; NA where it is not stated.

    Examples
    --------
    >>> told = {"etat": ["projet", "en service", None]}
    >>> planned(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]))).tolist()
    [True, False, <NA>]
    """
    if "etat" not in layer.columns:
        return pd.Series(pd.NA, index=layer.index, dtype="boolean")
    state = layer["etat"].astype("string").str.strip().str.lower()
    found: pd.Series[Any] = state.isin(PLANNED).astype("boolean").mask(state.isna())
    return found


def classified_woods(prescriptions: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the classified woods among the prescriptions of the plan: none is an empty layer, None is unknown.

    Examples
    --------
    >>> told = {"typepsc": ["01", "47"]}
    >>> areas = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs="EPSG:2154")
    >>> len(classified_woods(areas))
    1
    """
    if prescriptions is None:
        return None
    return prescriptions[prescriptions["typepsc"] == CLASSIFIED_WOOD].reset_index(drop=True)


def drawn_lines(actions: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the actions of the plan that are drawn as lines, each a project; None where there is none.

    Examples
    --------
    >>> shapes = [shapely.LineString([(0, 0), (1, 0)]), shapely.Point(0, 0), None]
    >>> drawn_lines(gpd.GeoDataFrame({"id": ["AC1", "AC2", "AC3"]}, geometry=shapes, crs=2154))["etat"].tolist()
    ['projet']
    """
    if actions is None:
        return None
    lines = actions[actions.geom_type.isin(["LineString", "MultiLineString"])]
    return lines.assign(etat=PLANNED[0]).reset_index(drop=True) if len(lines) else None


def cable_kind(cables: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return the kind of each cable among :data:`CABLE_KINDS`; the highest rank of a cable that has several.

    Examples
    --------
    >>> told = {"type": ["collecte transport", "transport distribution", "raccordement", None]}
    >>> cable_kind(gpd.GeoDataFrame(told, geometry=[shapely.LineString([(0, 0), (1, 0)])] * 4)).tolist()
    ['transport', 'transport', 'drop', 'other']
    """
    words = cables["type"] if "type" in cables.columns else pd.Series(None, index=cables.index, dtype=object)
    told = words.astype("string").str.lower().fillna("")
    tests = [told.str.contains(word) for word in ("transport|collecte", "distribution", "raccordement")]
    return pd.Series(np.select([test.to_numpy(dtype=bool) for test in tests], CABLE_KINDS[:3], "other"), cables.index)


def rights_of_way(
    cables: gpd.GeoDataFrame | None, sites: gpd.GeoDataFrame | None, *, width_m: float, radius_m: float
) -> Any:
    """Return the ground that works take, as one geometry: a strip along each cable, a disc around each site.

    Examples
    --------
    >>> trench = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:2154")
    >>> float(rights_of_way(trench, None, width_m=3, radius_m=10).area)
    300.0
    """
    strips = [] if cables is None else [shapely.buffer(cables.geometry.to_numpy(), width_m / 2, cap_style="flat")]
    discs = [] if sites is None else [shapely.buffer(sites.geometry.to_numpy(), radius_m, quad_segs=32)]
    given = [*strips, *discs]
    return shapely.union_all(np.concatenate(given)) if given else shapely.MultiPolygon()
