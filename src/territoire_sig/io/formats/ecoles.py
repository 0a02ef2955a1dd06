"""Schools: the directory of the ministry of Education (annuaire de l'éducation) and the social position index."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...texts import Text
from ..places import located
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, number, pick, read_records, set_aside, text
from ..tables import points_from

__all__ = ["READER", "read_ips"]

_UAI = ("identifiant_de_l_etablissement", "uai", "numero_uai", "numero_ecole", "code_uai")
_NAME = ("appellation_officielle", "nom_etablissement", "nom_de_l_etablissement", "nom", "denomination_principale")
_TYPE = ("type_etablissement", "libelle_nature", "nature_uai_libe", "type")
_PUPILS = ("nombre_d_eleves", "nombre_eleves", "nombre_total_d_eleves", "effectif.*", "eleves")
_X = ("coordx_origine", "coordonnee_x", "x")
_Y = ("coordy_origine", "coordonnee_y", "y")
_EPSG = ("epsg_origine", "epsg")
_OFFICES = r"(?i).*(?:administratif|information et orientation).*"


def read_schools(source: Source) -> list[RawLayer]:
    """Read the directory into the role ``etablissement_scolaire``, with the IPS where its file is given.

    Latitude and longitude are taken first; where they are missing, the coordinates of origin, in the CRS that each
    row states (metropolitan France and overseas differ). Closed schools and offices are set aside, and counted.

    Raises
    ------
    MissingColumnError
        Without identifier or coordinates.
    InvalidValueError
        When a row states an unreadable EPSG code.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = _described(rows.frame, source, remarks)
    if "ips" in source.options:
        frame = _with_ips(frame, source, remarks)
    if not rows.drawn:
        frame = _in_degrees(frame, source, remarks)
    places = located(Records(frame, rows.layer, len(frame), rows.encoding), source, remarks, name="uai")
    return [
        RawLayer("etablissement_scolaire", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))
    ]


def _described(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    wanted = {
        need(frame, source, "uai", *_UAI): "uai",
        pick(frame, source, "nom", *_NAME): "nom",
        pick(frame, source, "type_etablissement", *_TYPE): "type_etablissement",
    }
    frame = frame.rename(columns={old: new for old, new in wanted.items() if old})
    pupils = pick(frame, source, "eleves", *_PUPILS)
    if pupils:
        frame = frame.assign(eleves=number(frame[pupils], source)[0])
    if "etat" in frame.columns:
        closed = text(frame["etat"]).str.fullmatch("(?i)ferm[ée]e?").fillna(False).astype(bool)
        why = Text("établissement(s) fermé(s), mis à l'écart", "closed school(s), set aside")
        frame = set_aside(frame, closed, why, remarks, "uai")
    if "type_etablissement" in frame.columns:
        office = text(frame["type_etablissement"]).str.fullmatch(_OFFICES).fillna(False).astype(bool)
        why = Text("service(s) sans élèves (administration, orientation), mis à l'écart", "office(s), set aside")
        frame = set_aside(frame, office, why, remarks, "uai")
    return frame


def _in_degrees(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    """Fill missing latitudes and longitudes from the coordinates of origin, CRS by CRS."""
    x, y = pick(frame, source, "x", *_X), pick(frame, source, "y", *_Y)
    epsg = pick(frame, source, "epsg", *_EPSG)
    if not (x and y and epsg):
        return frame
    for name in ("latitude", "longitude"):
        frame = frame.assign(**{name: number(frame[name], source)[0] if name in frame.columns else float("nan")})
    lacking = frame["latitude"].isna() | frame["longitude"].isna()
    codes = text(frame[epsg]).str.upper().str.removeprefix("EPSG:")
    n = 0
    for code in sorted(codes[lacking].dropna().unique()):
        part = frame[lacking & codes.eq(code).fillna(False)]
        points = points_from(part, x, y, _crs(code, source)).to_crs(4326).geometry
        frame.loc[part.index, "longitude"], frame.loc[part.index, "latitude"] = points.x, points.y
        n += int(points.notna().sum())
    if n:
        fr = f"{n} établissement(s) sans latitude placé(s) par leurs coordonnées d'origine"
        remarks.append(Remark(Text(fr, f"{n} school(s) without latitude placed by their original coordinates"), n))
    return frame


def _crs(code: str, source: Source) -> str:
    if code.isdigit():
        return f"EPSG:{code}"
    raise InvalidValueError(
        Text(f"colonne «epsg» : code illisible «{code}»", f"column «epsg»: unreadable code «{code}»"),
        Text("écrivez par exemple EPSG:2154.", "write for example EPSG:2154."),
        file=source.path,
    )


def read_ips(source: Source) -> tuple[pd.Series[float], str | None]:
    """Return the social position index by UAI, and the school year taken (the latest).

    Raises
    ------
    MissingColumnError
        Without UAI or IPS.
    """
    frame = read_records(source).frame
    uai = need(frame, source, "uai", *_UAI)
    column = need(frame, source, "ips", "ips", "ips_ensemble.*", "ips_etab", "ips_voie_gt")
    year = pick(frame, source, "rentree", "rentree_scolaire", "annee_scolaire", "annee")
    latest = None
    if year:
        latest = str(text(frame[year]).dropna().max())
        frame = frame[text(frame[year]).eq(latest).fillna(False)]
    values = number(frame[column], source)[0]
    values.index = pd.Index(text(frame[uai]).str.upper())
    return values.groupby(level=0).mean(), latest


def _with_ips(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    values, year = read_ips(Source(source.path.parent / source.options["ips"], encoding=source.encoding))
    joined = text(frame["uai"]).str.upper().map(values).astype("float64")
    known = int(joined.notna().sum())
    fr = f"IPS joint à {known} établissement(s) sur {len(frame)}" + (f" (rentrée {year})" if year else "")
    en = f"IPS joined to {known} school(s) out of {len(frame)}" + (f" (school year {year})" if year else "")
    remarks.append(Remark(Text(fr, en), known))
    return (
        gpd.GeoDataFrame(frame.assign(ips=joined)) if isinstance(frame, gpd.GeoDataFrame) else frame.assign(ips=joined)
    )


READER = Reader(
    "annuaire_education",
    Text("annuaire de l'éducation", "directory of schools (ministry of Education)"),
    ("etablissement_scolaire",),
    read_schools,
    {"ips": Text("table de l'IPS par UAI, à côté de l'annuaire", "table of IPS by UAI, beside the directory")},
)
