"""ARCEP, mobile sites: the Lambert-93 table of 2018 and the quarterly «mon réseau mobile» tables since."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from ...model.faults import Remark
from ...model.roles.digital import OPERATORS
from ...texts import Text
from ..naming import coalesced, missing_column, numbers, renamed, told_where
from ..reader import RawLayer, Reader, Source
from ..tables import read_table, to_boolean

__all__ = ["READER", "read_arcep_sites"]

_LAMBERT, _WGS84 = "EPSG:2154", "EPSG:4326"
_NAMES = {
    "code_operateur": ("code_op", "mcc_mnc", "mccmnc"),
    "nom_operateur": ("nom_op",),
    "x": ("x_lambert_93", "x_l93"),
    "y": ("y_lambert_93", "y_l93"),
    "latitude": ("lat",),
    "longitude": ("lon", "long"),
    "site_2g": ("2g",),
    "site_3g": ("3g",),
    "site_4g": ("4g",),
    "site_5g": ("5g",),
    "code_insee": ("insee_com",),
}
_SHARED = "id_site_partage"
_OWN = ("num_site", "id_station_anfr")


def read_arcep_sites(source: Source) -> list[RawLayer]:
    """Read the mobile sites, one point an operator and a site (role ``site_mobile``).

    Parameters
    ----------
    source : Source
        Option ``etat``: the state written for all sites (``"en service"`` by default; planned sites are published
        apart).

    Returns
    -------
    list of RawLayer
        One layer, in Lambert-93 (the file cannot say it), or in the CRS that the user states; in EPSG:4326, from
        latitude and longitude, where the file has no x and y or has overseas sites (whose x and y are in other
        systems). ``operateur`` is the name of the network code. ``id_site`` names the physical site where the file
        does: the shared site, else the operator's number, else the ANFR station.

    Raises
    ------
    MissingColumnError
        When there is no operator or no position.
    InvalidValueError
        When a coordinate is not a number, or a technology neither 0 nor 1.

    Notes
    -----
    Several operators on one mast are several points at the same place.
    """
    table = read_table(source.path, encoding=source.encoding)
    frame = _named(table.frame, source)
    frame["operateur"], told = _operators(frame)
    for name in ("site_2g", "site_3g", "site_4g", "site_5g"):
        if name in frame.columns:
            with told_where(source, name):
                frame[name] = to_boolean(frame[name])
    identifiers = _identifiers(frame.replace("NA", None))
    if identifiers is not None:
        frame["id_site"] = identifiers
    frame["etat"] = str(source.options.get("etat", "en service"))
    placed, crs, where = _placed(frame, source)
    remarks = (*table.remarks, *told, *where)
    return [RawLayer("site_mobile", placed, source.path.stem, len(placed), table.encoding, crs, remarks)]


def _identifiers(frame: pd.DataFrame) -> pd.Series[Any] | None:
    """Return the name of the physical site: the one that operators share, else the operator's own, under its code.

    Two operators may give the same number to two sites: alone, it would make one place of them.
    """
    own = coalesced(frame, _OWN)
    if own is not None and "code_operateur" in frame.columns:
        own = (frame["code_operateur"].astype("string") + "-" + own.astype("string")).astype(object)
    shared = frame[_SHARED] if _SHARED in frame.columns else None
    if shared is None or own is None:
        return own if shared is None else shared
    return shared.where(shared.notna(), own)


def _named(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Rename; the ``operateur`` of 2018 is a code, and is moved to ``code_operateur``."""
    frame = renamed(frame, source, _NAMES)
    if "code_operateur" not in frame.columns and "operateur" in frame.columns:
        frame = frame.rename(columns={"operateur": "code_operateur"})
    if "code_operateur" not in frame.columns and "nom_operateur" not in frame.columns:
        raise missing_column(frame, source, "code_op", "nom_op", "Operateur")
    return frame.copy()


def _operators(frame: pd.DataFrame) -> tuple[pd.Series[Any], list[Remark]]:
    """Return the names: of the known codes, else those in the file, else the code itself."""
    codes = frame.get("code_operateur", pd.Series(None, index=frame.index, dtype=object))
    known = codes.map({code: name.fr for code, name in OPERATORS.items()})
    names = known.where(known.notna(), frame.get("nom_operateur", codes))
    unnamed = sorted(set(codes[names.isna() | (names == codes)].dropna()) - {name.fr for name in OPERATORS.values()})
    names = names.where(names.notna(), codes)
    if not unnamed:
        return names, []
    listed = ", ".join(unnamed)
    text = Text(
        f"code(s) d'opérateur sans nom connu, laissé(s) : {listed}", f"operator code(s) without a known name: {listed}"
    )
    return names, [Remark(text, int(names.isin(unnamed).sum()))]


def _placed(frame: pd.DataFrame, source: Source) -> tuple[gpd.GeoDataFrame, str | None, list[Remark]]:
    planar, angular = {"x", "y"} <= set(frame.columns), {"latitude", "longitude"} <= set(frame.columns)
    if not planar and not angular:
        raise missing_column(frame, source, "x", "x_lambert_93", "longitude")
    overseas = _overseas(frame)
    if not planar or (angular and overseas and source.crs is None):
        text = Text(
            f"positions lues en latitude et longitude ({overseas} site(s) d'outre-mer)",
            f"positions read from latitude and longitude ({overseas} overseas site(s))",
        )
        return _points(frame, "longitude", "latitude", _WGS84, source), _WGS84, [Remark(text, overseas)]
    return _points(frame, "x", "y", source.crs or _LAMBERT, source), source.crs or _LAMBERT, []


def _overseas(frame: pd.DataFrame) -> int:
    codes = coalesced(frame, ("insee_dep", "code_insee"))
    return 0 if codes is None else int(codes.astype("string").str.startswith("97").fillna(False).sum())


def _points(frame: pd.DataFrame, x: str, y: str, crs: str, source: Source) -> gpd.GeoDataFrame:
    east, north = numbers(frame, x, source), numbers(frame, y, source)
    points = gpd.GeoSeries(gpd.points_from_xy(east, north), index=frame.index, crs=crs)
    return gpd.GeoDataFrame(frame, geometry=points.where(east.notna() & north.notna(), None), crs=crs)


READER = Reader(
    "arcep_sites",
    Text("ARCEP, sites mobiles", "ARCEP, mobile sites"),
    ("site_mobile",),
    read_arcep_sites,
    {"etat": Text("état écrit pour tous les sites (en service, projet…)", "state written for all sites")},
)
