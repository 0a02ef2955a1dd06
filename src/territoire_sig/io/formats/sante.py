"""Health places: the permanent database of facilities (BPE, INSEE) and the register of establishments (FINESS)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from ...errors import MissingFileError, UnreadableLayerError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import need, number, pick, read_records, set_aside, text
from ..tables import points_from

__all__ = ["READERS", "read_bpe", "read_finess"]

_LAMBERT = "EPSG:2154"
_OVERSEAS = r"97.*|98.*"
#: Places of the fields of a line ``structureet`` of FINESS, and of a line ``geolocalisation``.
_STRUCTURE = {"id": 1, "nom": 3, "departement": 13, "categetab": 18, "type_lieu": 19}
_PLACE = {"id": 1, "x": 2, "y": 3}
_ONLY = Text(
    "débuts des codes gardés, séparés par des virgules (par exemple D2,D307)",
    "beginnings of the codes kept, separated by commas (for example D2,D307)",
)


def read_bpe(source: Source) -> list[RawLayer]:
    """Read the facilities of domain D (health) of the BPE into the role ``sante``.

    Parameters
    ----------
    source : Source
        Option ``types``: beginnings of the codes kept (``"D2,D307"``); all those of domain D by default.
        Coordinates are Lambert-93; those of overseas departments are in other systems, and are set aside, and
        counted, unless `source` states the CRS.

    Raises
    ------
    MissingColumnError
        Without type or coordinates.

    References
    ----------
    INSEE, Base permanente des équipements, liste hiérarchisée des types d'équipements.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = rows.frame
    kind = need(frame, source, "type_lieu", "typequ", "type_lieu")
    codes = text(frame[kind]).str.upper()
    why = Text(
        "équipement(s) d'un autre domaine que la santé, laissé(s) de côté", "facility(ies) not of health, left out"
    )
    frame = set_aside(frame, ~codes.str.startswith("D").fillna(False).astype(bool), why, remarks)
    frame = _chosen(frame.assign(type_lieu=codes.loc[frame.index]), "type_lieu", source.options.get("types"), remarks)
    name = pick(frame, source, "nom", "nomrs", "nom", "libelle")
    frame = frame.rename(columns={name: "nom"}) if name else frame
    x, y = need(frame, source, "x", "lambert_x", "x"), need(frame, source, "y", "lambert_y", "y")
    county = pick(frame, source, "departement", "dep", "departement")
    places = _placed(frame, x, y, county, source, remarks)
    return [RawLayer("sante", places, rows.layer, rows.rows_read, rows.encoding, _LAMBERT, tuple(remarks))]


def read_finess(source: Source) -> list[RawLayer]:
    """Read the geolocated extract of FINESS (lines ``structureet`` and ``geolocalisation``) into ``sante``.

    Parameters
    ----------
    source : Source
        Option ``categories``: beginnings of the category codes kept (``"355,620"``); all by default, social
        establishments included.

    Raises
    ------
    MissingFileError
        When there is no such file.
    UnreadableLayerError
        When no line is one of FINESS.
    """
    lines = pd.Series(_content(source).splitlines(), dtype="string").str.split(";")
    heads = lines.str[0].str.strip().str.lower()
    told = _fields(lines[heads == "structureet"], _STRUCTURE)
    where = _fields(lines[heads == "geolocalisation"], _PLACE).drop_duplicates("id")
    if told.empty:
        raise UnreadableLayerError(
            Text(
                "aucune ligne «structureet» : ce n'est pas un extrait FINESS",
                "no line «structureet»: no FINESS extract",
            ),
            Text(
                "donnez l'extrait «établissements géolocalisés», ou lisez une table par le format «tableau».",
                "give the geolocated extract, or read a table by the format «tableau».",
            ),
            file=source.path,
        )
    remarks: list[Remark] = []
    frame = _chosen(told.merge(where, on="id", how="left"), "categetab", source.options.get("categories"), remarks)
    places = _placed(frame, "x", "y", "departement", source, remarks)
    return [RawLayer("sante", places, source.path.stem, len(told), "utf-8", _LAMBERT, tuple(remarks))]


def _content(source: Source) -> str:
    """Return the text of the file, in UTF-8 or, failing that, in Windows-1252 (or as the source states)."""
    if not source.path.is_file():
        raise MissingFileError(
            Text("fichier introuvable", "no such file"),
            Text("corrigez le chemin dans le fichier de territoire.", "mend the path in the territory file."),
            file=source.path,
        )
    content = source.path.read_bytes()
    try:
        return content.decode(source.encoding or "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _fields(lines: pd.Series[Any], places: dict[str, int]) -> pd.DataFrame:
    """Return the fields of lines, empty ones as NA."""
    return pd.DataFrame({name: text(lines.str[place].astype("string")) for name, place in places.items()})


def _chosen(frame: pd.DataFrame, column: str, wanted: object, remarks: list[Remark]) -> pd.DataFrame:
    """Return the rows whose code begins as asked for."""
    if wanted is None:
        return frame
    heads = tuple(part.strip().upper() for part in str(wanted).split(",") if part.strip())
    kept = text(frame[column]).str.upper().str.startswith(heads).fillna(False).astype(bool)
    why = Text("lieu(x) d'un type non demandé, laissé(s) de côté", "place(s) of a kind not asked for, left out")
    return set_aside(frame, ~kept, why, remarks)


def _placed(
    frame: pd.DataFrame, x: str, y: str, county: str | None, source: Source, remarks: list[Remark]
) -> gpd.GeoDataFrame:
    """Return the rows as points; those without coordinates, or overseas, are set aside."""
    if county and source.crs is None:
        away = text(frame[county]).str.fullmatch(_OVERSEAS).fillna(False).astype(bool)
        why = Text("lieu(x) d'outre-mer, en d'autres coordonnées, mis de côté", "place(s) overseas, set aside")
        frame = set_aside(frame, away, why, remarks)
    east, north = number(frame[x], source)[0], number(frame[y], source)[0]
    lost = (east.isna() | north.isna()).astype(bool)
    why = Text("lieu(x) sans coordonnées, mis de côté", "place(s) without coordinates, set aside")
    kept = set_aside(frame.assign(**{x: east, y: north}), lost, why, remarks, "nom" if "nom" in frame.columns else None)
    return points_from(kept, x, y, source.crs or _LAMBERT)


READERS = (
    Reader(
        "bpe",
        Text("santé dans la base permanente des équipements (INSEE)", "health in the database of facilities (INSEE)"),
        ("sante",),
        read_bpe,
        {"types": _ONLY},
    ),
    Reader(
        "finess",
        Text("établissements géolocalisés (FINESS)", "geolocated establishments (FINESS)"),
        ("sante",),
        read_finess,
        {"categories": _ONLY},
    ),
)
