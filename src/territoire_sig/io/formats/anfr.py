"""ANFR: supports of radio installations, from the SUP_* tables or from the mobile observatory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import MissingFileError
from ...model.faults import Remark
from ...texts import Text
from ..containers import find, opened
from ..naming import missing_column, numbers, renamed, told_where
from ..reader import RawLayer, Reader, Source
from ..tables import TableRead, points_from_pair, read_table

__all__ = ["READER", "read_anfr"]

_WGS84 = "EPSG:4326"
_TEXTS = (".txt", ".csv")
_DMS = ("cor_nb_dg_{0}", "cor_nb_mn_{0}", "cor_nb_sc_{0}")
_PLANNED = "projet"
_OBSERVATORY = {"id_support": ("sup_id",), "coordonnees": ("coord", "coordonnées"), "statut": ("etat",)}


def read_anfr(source: Source) -> list[RawLayer]:
    """Read the supports (masts, roofs, water towers…), one point a support (role ``support``).

    Parameters
    ----------
    source : Source
        A folder or archive with ``SUP_SUPPORT.txt`` (and ``SUP_STATION.txt``, ``SUP_EXPLOITANT.txt``,
        ``SUP_NATURE.txt`` where they are), or the CSV of the observatory of mobile networks. Option ``references``:
        path of the archive that holds ``SUP_EXPLOITANT.txt`` and ``SUP_NATURE.txt``, published apart.

    Returns
    -------
    list of RawLayer
        One layer in EPSG:4326: ``id_support``, ``operateurs`` (names, sorted, joined by « ; »), ``nb_operateurs``,
        ``hauteur_m`` (m), ``nature``. From the observatory, the operators are those in service (or technically
        ready); those of approved projects only are in ``operateurs_projet``; ``technologies`` lists 2G to 5G.
        ``operateurs`` and ``nb_operateurs`` are unknown where the stations are not given.

    Raises
    ------
    MissingFileError
        When neither kind of table is found.
    MissingColumnError, InvalidValueError
        When a column lacks, or a coordinate is not a number.

    Notes
    -----
    The tables hold one row a station: the rows of one support are gathered, and supports declared at several
    places are counted (the first place is kept).
    """
    with opened(source.path) as place:
        folder = place.parent if place.is_file() and place.stem.upper() == "SUP_SUPPORT" else place
        supports = _table(folder, "SUP_SUPPORT", source)
        if supports is not None:
            return [_from_tables(supports, folder, source)]
        table = _observatory(place, source)
    return [_from_observatory(table, source)]


def _table(folder: Path, name: str, source: Source) -> TableRead | None:
    files = find(folder, rf"^{name}\.txt$", suffixes=_TEXTS) or find(folder, rf"^{name}$", suffixes=_TEXTS)
    return read_table(files[0], encoding=source.encoding, separator=";") if files else None


def _observatory(place: Path, source: Source) -> TableRead:
    files = find(place, "", suffixes=_TEXTS)
    if len(files) == 1:
        return read_table(files[0], encoding=source.encoding)
    names = ", ".join(file.name for file in files) or "-"
    raise MissingFileError(
        Text(f"SUP_SUPPORT.txt introuvable ; présents : {names}", f"no SUP_SUPPORT.txt; present: {names}"),
        Text(
            "donnez l'archive «tables supports antennes émetteurs bandes» de l'ANFR, ou le CSV de l'observatoire.",
            "give ANFR's archive of supports, antennas and transmitters, or the CSV of the observatory.",
        ),
        file=source.path,
    )


def _from_tables(supports: TableRead, folder: Path, source: Source) -> RawLayer:
    frame = supports.frame
    for column in ("sup_id", *(name.format(axis) for axis in ("lat", "lon") for name in _DMS)):
        if column not in frame.columns:
            raise missing_column(frame, source, column)
    rows = _located(frame, source)
    names, told = _operators(folder, source)
    if "sta_nm_anfr" in rows.columns and names is not None:
        rows["_operateurs"] = rows["sta_nm_anfr"].map(names)
    one = _one_a_support(rows)
    one["nature"] = _natures(one, folder, source)
    moved = _places(rows)
    layer = gpd.GeoDataFrame(one.drop(columns=["_lon", "_lat"]), geometry=_points(one), crs=_WGS84)
    remarks = (*supports.remarks, *told, *_counts(len(frame), len(layer), moved))
    return RawLayer("support", layer, "SUP_SUPPORT", len(frame), supports.encoding, _WGS84, remarks)


def _located(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    rows = frame.rename(columns={"sup_id": "id_support"}).copy()
    rows["_lat"] = _decimal(frame, "lat", "cor_cd_ns_lat", "S", source)
    rows["_lon"] = _decimal(frame, "lon", "cor_cd_ew_lon", "W", source)
    rows["hauteur_m"] = numbers(frame, "sup_nm_haut", source) if "sup_nm_haut" in frame.columns else np.nan
    return rows


def _decimal(frame: pd.DataFrame, axis: str, side: str, negative: str, source: Source) -> pd.Series[Any]:
    """Return decimal degrees from degrees, minutes, seconds and a cardinal letter."""
    if side not in frame.columns:
        raise missing_column(frame, source, side)
    degrees, minutes, seconds = (numbers(frame, name.format(axis), source) for name in _DMS)
    sign = np.where(frame[side].astype("string").str.strip().str.upper().eq(negative).fillna(False), -1.0, 1.0)
    return ((degrees + minutes / 60 + seconds / 3600) * sign).where(frame[side].notna())


def _operators(folder: Path, source: Source) -> tuple[pd.Series[Any] | None, list[Remark]]:
    """Return the operator's name by station number."""
    stations = _table(folder, "SUP_STATION", source)
    if stations is None or not {"sta_nm_anfr", "adm_id"} <= set(stations.frame.columns):
        text = Text(
            "SUP_STATION.txt absent : les exploitants sont inconnus", "no SUP_STATION.txt: operators are unknown"
        )
        return None, [Remark(text)]
    labels = _labels(folder, "SUP_EXPLOITANT", "adm_id", "adm_lb_nom", source)
    codes = stations.frame.dropna(subset=["sta_nm_anfr", "adm_id"]).drop_duplicates("sta_nm_anfr")
    names = codes["adm_id"].map(labels) if labels is not None else pd.Series(None, index=codes.index, dtype=object)
    unnamed = int(names.isna().sum())
    named = names.where(names.notna(), "exploitant " + codes["adm_id"]).set_axis(codes["sta_nm_anfr"])
    text = Text(
        f"{unnamed} station(s) dont l'exploitant n'a pas de nom (SUP_EXPLOITANT.txt) : son numéro est écrit",
        f"{unnamed} station(s) whose operator has no name (SUP_EXPLOITANT.txt): its number is written",
    )
    return named, [Remark(text, unnamed)] if unnamed else []


def _labels(folder: Path, table: str, code: str, label: str, source: Source) -> pd.Series[Any] | None:
    """Return the labels of a reference table, beside the supports or in the archive of references."""
    found = _table(folder, table, source)
    if found is None and "references" in source.options:
        with opened(source.path.parent / str(source.options["references"])) as place:
            found = _table(place, table, source)
    if found is None or not {code, label} <= set(found.frame.columns):
        return None
    return found.frame.drop_duplicates(code).set_index(code)[label]


def _one_a_support(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby("id_support", sort=False)
    other = [name for name in rows.columns if name not in {"id_support", "sta_nm_anfr", "_operateurs", "hauteur_m"}]
    one = groups[other].first()
    one["hauteur_m"] = groups["hauteur_m"].max()
    if "_operateurs" in rows.columns:
        one["operateurs"] = groups["_operateurs"].agg(_listed)
        one["nb_operateurs"] = groups["_operateurs"].nunique().astype("Int64")
    else:
        one["operateurs"], one["nb_operateurs"] = None, pd.array([pd.NA] * len(one), dtype="Int64")
    return one.reset_index()


def _listed(values: Iterable[Any]) -> str:
    return " ; ".join(sorted({str(value) for value in values if pd.notna(value)}))


def _natures(one: pd.DataFrame, folder: Path, source: Source) -> pd.Series[Any]:
    codes = one["nat_id"] if "nat_id" in one.columns else pd.Series(None, index=one.index, dtype=object)
    labels = _labels(folder, "SUP_NATURE", "nat_id", "nat_lb_nom", source)
    if labels is None:
        return codes
    named = codes.map(labels)
    return named.where(named.notna(), codes)


def _places(rows: pd.DataFrame) -> int:
    """Count the supports declared at several places."""
    distinct = rows[["id_support", "_lon", "_lat"]].dropna().drop_duplicates()
    return int((distinct["id_support"].value_counts() > 1).sum())


def _points(one: pd.DataFrame) -> gpd.GeoSeries:
    points = gpd.GeoSeries(gpd.points_from_xy(one["_lon"], one["_lat"]), index=one.index, crs=_WGS84)
    return points.where(one["_lon"].notna() & one["_lat"].notna(), None)


def _counts(rows: int, supports: int, moved: int) -> list[Remark]:
    gathered = Text(
        f"{rows} ligne(s) (une par station) rassemblées en {supports} support(s)",
        f"{rows} row(s) (one a station) gathered into {supports} support(s)",
    )
    remarks = [Remark(gathered, supports)]
    if moved:
        text = Text(
            f"{moved} support(s) déclaré(s) à plusieurs endroits : le premier est gardé",
            f"{moved} support(s) declared at several places: the first is kept",
        )
        remarks.append(Remark(text, moved))
    return remarks


def _from_observatory(table: TableRead, source: Source) -> RawLayer:
    frame = renamed(table.frame, source, _OBSERVATORY)
    for column in ("id_support", "coordonnees", "adm_lb_nom"):
        if column not in frame.columns:
            raise missing_column(frame, source, column)
    with told_where(source, "coordonnees"):
        pairs = points_from_pair(frame, "coordonnees", crs=_WGS84)
    rows = frame.assign(_lon=pairs.geometry.x, _lat=pairs.geometry.y)
    rows["hauteur_m"] = numbers(frame, "sup_nm_haut", source) if "sup_nm_haut" in frame.columns else np.nan
    planned = _planned(rows)
    rows["_operateurs"] = rows["adm_lb_nom"].mask(planned)
    one = _one_a_support(rows.drop(columns=["coordonnees"]))
    one = one.merge(_details(rows, planned), left_on="id_support", right_index=True, validate="1:1")
    one["nature"] = one["nat_id"] if "nat_id" in one.columns else None
    one = one.drop(columns=["adm_lb_nom", "generation", "statut"], errors="ignore")
    layer = gpd.GeoDataFrame(one.drop(columns=["_lon", "_lat"]), geometry=_points(one), crs=_WGS84)
    remarks = (*table.remarks, *_counts(len(frame), len(layer), _places(rows)))
    return RawLayer("support", layer, source.path.stem, len(frame), table.encoding, _WGS84, remarks)


def _planned(rows: pd.DataFrame) -> pd.Series[Any]:
    if "statut" not in rows.columns:
        return pd.Series(False, index=rows.index)
    return rows["statut"].astype("string").str.lower().str.contains(_PLANNED).fillna(False).astype(bool)


def _details(rows: pd.DataFrame, planned: pd.Series[Any]) -> pd.DataFrame:
    """Return, by support: the technologies, the operators that only have projects, and the state."""
    groups = rows.groupby("id_support", sort=False)
    details = pd.DataFrame(index=groups.size().index)
    if "generation" in rows.columns:
        details["technologies"] = rows["generation"].mask(planned).groupby(rows["id_support"], sort=False).agg(_listed)
    running = set(zip(rows.loc[~planned, "id_support"], rows.loc[~planned, "adm_lb_nom"], strict=True))
    pairs = pd.Series(list(zip(rows["id_support"], rows["adm_lb_nom"], strict=True)), index=rows.index)
    waiting = rows["adm_lb_nom"].where(planned & ~pairs.isin(running))
    details["operateurs_projet"] = waiting.groupby(rows["id_support"], sort=False).agg(_listed)
    every = planned.groupby(rows["id_support"], sort=False).all()
    details["etat"] = np.where(every, "projet", "en service")
    return details


READER = Reader(
    "anfr",
    Text("ANFR, supports radioélectriques", "ANFR, radio supports"),
    ("support",),
    read_anfr,
    {
        "references": Text(
            "archive des tables de référence (SUP_EXPLOITANT, SUP_NATURE)",
            "archive of the reference tables (SUP_EXPLOITANT, SUP_NATURE)",
        )
    },
)
