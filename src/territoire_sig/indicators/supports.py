"""Supports of mobile networks: who is on each mast, roof or tower, told the same way from ANFR or ARCEP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..model.declaration import Parameter
from ..texts import Text
from .works import planned

__all__ = ["SAME_SUPPORT", "Supports", "clusters", "network_sites", "supports_in_use"]

#: Operators state one mast at places some metres apart; on the real Grenoble file the sites of two operators are
#: often less than 50 m apart, those of one operator almost never.
SAME_SUPPORT = Parameter(
    "meme_support_m",
    Text(
        "distance sous laquelle des sites sans identifiant commun sont sur un même support",
        "distance under which sites without a common identifier stand on one support",
    ),
    "m",
    50.0,
    minimum=0.5,
    maximum=200.0,
)
#: Two rows of one operator nearer than this are one site written twice.
TWICE_M = 1.0
NOT_IN_USE = ("hors service", "abandonné", "abandonne")


@dataclass(frozen=True, eq=False)
class Supports:
    """Supports in use, numbered from 0.

    Attributes
    ----------
    places : GeoDataFrame
        Points, with ``support`` (identifier) and ``operator_count`` (NaN: unknown).
    operators : DataFrame
        One row an operator on a support: ``place`` (its number) and ``operator``; none for a support whose
        operators are not named.
    """

    places: gpd.GeoDataFrame
    operators: pd.DataFrame


def supports_in_use(
    support: gpd.GeoDataFrame | None, site_mobile: gpd.GeoDataFrame | None, same_m: float
) -> Supports | None:
    """Return the supports in use: those of ANFR where they are given, else the sites of ARCEP gathered by place.

    Parameters
    ----------
    support : GeoDataFrame or None
        Points with ``id_support``, ``operateurs`` (names split by «;»), ``nb_operateurs``; those that are only
        planned, or out of service, are left out.
    site_mobile : GeoDataFrame or None
        Points, one an operator, with ``operateur`` or ``code_operateur``; those that bear one ``id_site``, or
        without identifiers stand within `same_m` of one another, share a support.
    same_m : float
        See :data:`SAME_SUPPORT`.

    Returns
    -------
    Supports or None
        None where neither layer is given.

    Examples
    --------
    >>> told = {"code_operateur": ["20801", "20810", "20801"]}
    >>> sites = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 9, 99], [0, 0, 0]), crs="EPSG:2154")
    >>> supports_in_use(None, sites, 50).places["operator_count"].tolist()
    [2.0, 1.0]
    """
    if support is not None:
        return _of_supports(_standing(support))
    return None if site_mobile is None else _of_sites(_standing(site_mobile), same_m)


def _standing(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the objects that are neither planned nor out of service; an unknown state is kept."""
    kept = ~planned(layer).fillna(False).to_numpy(dtype=bool)
    if "etat" in layer.columns:
        kept &= ~layer["etat"].astype("string").str.lower().isin(NOT_IN_USE).to_numpy(dtype=bool)
    return layer[kept].reset_index(drop=True)


def _of_supports(layer: gpd.GeoDataFrame) -> Supports:
    one = layer[~layer["id_support"].duplicated() | layer["id_support"].isna()].reset_index(drop=True)
    blank = pd.Series(None, index=one.index, dtype=object)
    words = (one["operateurs"] if "operateurs" in one.columns else blank).astype("string")
    named = words.str.split(";").explode().str.strip().str.upper()
    named = named[named.notna() & (named != "")]
    operators = pd.DataFrame({"place": named.index, "operator": named.astype(object)}).drop_duplicates()
    counted = operators.groupby("place").size().reindex(one.index).astype(float)
    given = (one["nb_operateurs"] if "nb_operateurs" in one.columns else blank).astype(float)
    places = _places(one["id_support"].astype(str), given.where(given > 0).fillna(counted), one)
    return Supports(places, operators.reset_index(drop=True))


def _of_sites(sites: gpd.GeoDataFrame, same_m: float) -> Supports:
    layer = sites.iloc[np.lexsort(shapely.get_coordinates(sites.geometry.to_numpy()).T[::-1])].reset_index(drop=True)
    key = _support_key(layer, same_m)
    code, names = pd.factorize(key, sort=True)
    operator = _operator(layer)
    operators = pd.DataFrame({"place": code, "operator": operator}).dropna().drop_duplicates()
    first = pd.Series(np.arange(len(layer))).groupby(code).first().to_numpy()
    counted = operators.groupby("place").size().reindex(range(len(names))).astype(float)
    places = _places(pd.Series(names, dtype=object), counted, layer.iloc[first].reset_index(drop=True))
    return Supports(places, operators.sort_values(["place", "operator"]).reset_index(drop=True))


def _support_key(layer: gpd.GeoDataFrame, same_m: float) -> pd.Series[Any]:
    """Return what sites of one support share: their identifier, or the place of the first of those that are near."""
    place = pd.Series([f"{x:.0f} {y:.0f}" for x, y in shapely.get_coordinates(layer.geometry.to_numpy())], layer.index)
    named = pd.Series(False, layer.index) if "id_site" not in layer.columns else layer["id_site"].notna()
    alone = layer[~named]
    near = pd.Series(clusters(alone, same_m), alone.index)
    here = place[~named].groupby(near).transform("min").reindex(layer.index)
    key: pd.Series[Any] = here if not named.any() else layer["id_site"].astype(object).where(named, here).astype(str)
    return key


def _operator(layer: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return the operator of each site: its network code, else its name."""
    blank = pd.Series(None, index=layer.index, dtype=object)
    code, name = (
        (layer[column] if column in layer.columns else blank).astype("string").str.strip().str.upper()
        for column in ("code_operateur", "operateur")
    )
    return code.fillna(name).astype(object)


def _places(names: pd.Series[Any], count: pd.Series[float], layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"support": names.to_numpy(), "operator_count": count.to_numpy()}
    return gpd.GeoDataFrame(columns, geometry=layer.geometry.array, crs=layer.crs)


def network_sites(site_mobile: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one point an operator and a support: a site written twice counts once; one of unknown operator stays.

    Examples
    --------
    >>> told = {"id_site": ["S1", "S1", "S1"], "operateur": ["Orange", "Orange", "SFR"]}
    >>> sites = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 0, 0], [0, 0, 0]), crs="EPSG:2154")
    >>> len(network_sites(sites))
    2
    """
    standing = _standing(site_mobile)
    pairs = pd.DataFrame({"support": _support_key(standing, TWICE_M), "operator": _operator(standing)})
    kept = ~pairs.duplicated() | pairs["operator"].isna()
    return standing[kept.to_numpy()].reset_index(drop=True)


def clusters(places: gpd.GeoDataFrame, distance_m: float) -> npt.NDArray[np.intp]:
    """Return for each place the number of its group: no two places of a group are farther apart than a distance.

    The nearest groups are joined first (complete linkage), so that a chain of neighbours makes several groups.

    Examples
    --------
    >>> row = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 80, 170, 999], [0, 0, 0, 0]))
    >>> clusters(row, 100).tolist()
    [0, 0, 1, 2]
    """
    points = shapely.get_coordinates(places.geometry.to_numpy())
    order = np.lexsort(points.T[::-1])
    chain = _chains(points[order], distance_m)
    label = np.zeros(len(points), dtype=np.intp)
    for rows in np.split(np.argsort(chain, kind="stable"), np.cumsum(np.bincount(chain))[:-1]):
        group = np.ones(len(rows), dtype=np.intp)
        if len(rows) > 1:
            group = fcluster(linkage(points[order[rows]], "complete"), distance_m, "distance").astype(np.intp)
        label[order[rows]] = label.max(initial=0) + group
    first = np.unique(label, return_index=True)[1]
    rank = np.zeros(label.max(initial=0) + 1, dtype=np.intp)
    rank[label[np.sort(first)]] = np.arange(len(first))
    return rank[label]


def _chains(points: npt.NDArray[np.float64], distance_m: float) -> npt.NDArray[np.intp]:
    """Return for each point the number of its chain: points joined by steps of at most a distance."""
    pairs = cKDTree(points).query_pairs(distance_m, output_type="ndarray") if len(points) else np.zeros((0, 2), int)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    if not len(points):
        return np.zeros(0, dtype=np.intp)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)
