"""Service areas of an optical network: which area is within which, and which node serves it.

GraceTHD links areas by codes: the area of a PBO names its SRO area, which names its NRO area. Real deliveries have
codes that point nowhere, areas that name themselves, and nodes that were not delivered: each is counted, and what
rests on it is unknown.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import InvalidValueError
from ..texts import Text

__all__ = ["RANKS", "ancestors", "circular", "service_areas"]

#: From the top of the network to its end; and where the parent of each is looked for, in that order.
RANKS = ("NRO", "SRO", "PBO")
PARENT_RANKS = {"NRO": ("NRO", "SRO", "PBO"), "SRO": ("NRO", "SRO", "PBO"), "PBO": ("SRO", "NRO", "PBO")}


def service_areas(
    nro: gpd.GeoDataFrame | None, sro: gpd.GeoDataFrame | None, pbo: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return the service areas of the three ranks as one layer, each with the row of its parent.

    Returns
    -------
    GeoDataFrame
        ``rank``, ``code``, ``node`` (code of the node that serves it, else its own), ``parent`` (the row of its
        parent; -1: none) and ``orphan`` (it should have a parent, and none is found), numbered from 0.

    Raises
    ------
    InvalidValueError
        When two areas of one rank bear one code and do not have the same node and parent.

    Examples
    --------
    >>> import shapely
    >>> shape = [shapely.box(0, 0, 1, 1)]
    >>> nro = gpd.GeoDataFrame({"code": ["N1"], "noeud": ["A"]}, geometry=shape, crs=2154)
    >>> pbo = gpd.GeoDataFrame({"code": ["P1"], "noeud": ["C"], "parent": ["S9"]}, geometry=shape, crs=2154)
    >>> service_areas(nro, None, pbo)[["rank", "node", "parent", "orphan"]].to_numpy().tolist()
    [['NRO', 'A', -1, False], ['PBO', 'C', -1, True]]
    """
    parts = [_named(rank, areas) for rank, areas in zip(RANKS, (nro, sro, pbo), strict=True) if areas is not None]
    if not parts:
        return gpd.GeoDataFrame({"rank": [], "code": [], "node": [], "parent": [], "orphan": []}, geometry=[])
    areas = pd.concat(parts, ignore_index=True)
    _refuse_disagreement(areas)
    row = _parent_rows(areas)
    orphan = (row < 0) & (areas["above"].notna() | (areas["rank"] != "NRO")).to_numpy()
    told = areas[["rank", "code", "node"]].assign(parent=row, orphan=orphan)
    return gpd.GeoDataFrame(told, geometry=areas.geometry, crs=parts[0].crs)


def _named(rank: str, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas of one rank with ``rank``, ``code``, ``node`` and ``above`` (the code of the parent)."""
    none = pd.Series(None, index=areas.index, dtype=object)
    code = areas["code"].astype(object)
    node = areas["noeud"].astype(object) if "noeud" in areas.columns else none
    above = areas["parent"].astype(object) if "parent" in areas.columns else none
    return gpd.GeoDataFrame(
        {"rank": rank, "code": code, "node": node.where(node.notna(), code), "above": above.where(above.notna(), None)},
        geometry=areas.geometry,
        crs=areas.crs,
    )


def _refuse_disagreement(areas: gpd.GeoDataFrame) -> None:
    """Refuse one code for two areas of one rank that have not the same node and parent."""
    for name in ("node", "above"):
        different = areas.groupby(["rank", "code"])[name].nunique(dropna=False)
        wrong = sorted(different[different > 1].index)
        if wrong:
            rank, code = wrong[0]
            same = areas[(areas["rank"] == rank) & (areas["code"] == code)]
            values = " ≠ ".join(str(value) for value in same[name].unique())
            raise InvalidValueError(
                Text(
                    f"{len(wrong)} code(s) pour plusieurs zones différentes, dont «{code}» ({values})",
                    f"{len(wrong)} code(s) borne by several different areas, among them «{code}» ({values})",
                ),
                Text("donnez à chaque zone son code.", "give each area its own code."),
                layer=f"zone_{rank.lower()}",
            )


def _parent_rows(areas: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Return the row of the parent of each area: the rank above first; -1 where there is none."""
    rows = np.full(len(areas), -1, dtype=np.intp)
    for rank, order in PARENT_RANKS.items():
        mine = (areas["rank"] == rank).to_numpy()
        for above in order:
            known = areas[areas["rank"] == above].drop_duplicates("code")
            found = areas["above"].map(pd.Series(known.index, index=known["code"], dtype=float)).to_numpy(dtype=float)
            here = mine & (rows < 0) & ~np.isnan(found)
            rows[here] = found[here].astype(np.intp)
    return rows


def circular(parent: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tell which areas never come to the top: those of a circle, and those below one.

    Examples
    --------
    >>> circular(np.array([-1, 0, 3, 2, 3])).tolist()
    [False, False, True, True, True]
    """
    up = parent.copy()
    for _ in range(len(parent).bit_length()):
        up = np.where(up >= 0, up[np.maximum(up, 0)], -1)
    circle: npt.NDArray[np.bool_] = up >= 0
    return circle


def ancestors(parent: npt.NDArray[Any]) -> pd.DataFrame:
    """Return the pairs ``area`` and ``above`` (rows) of each area with itself and all that is above it, each once.

    Examples
    --------
    >>> ancestors(np.array([-1, 0, 1])).to_numpy().tolist()
    [[0, 0], [1, 0], [1, 1], [2, 0], [2, 1], [2, 2]]
    """
    area = above = np.arange(len(parent))
    parts = [pd.DataFrame({"area": area, "above": above})]
    seen = parts[0]
    while len(area):
        above = parent[above]
        area, above = area[above >= 0], above[above >= 0]
        new = pd.DataFrame({"area": area, "above": above}).merge(seen, how="left", indicator=True)
        new = new[new["_merge"] == "left_only"][["area", "above"]]
        area, above = new["area"].to_numpy(), new["above"].to_numpy()
        seen = pd.concat([seen, new], ignore_index=True)
    return seen.sort_values(["area", "above"]).reset_index(drop=True)
