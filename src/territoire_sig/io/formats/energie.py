"""Energy: yearly use by IRIS or commune (SDES, Agence ORE), and public buildings (OPERAT-like declarations)."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import pandas as pd

from ...errors import InvalidValueError, ParameterError
from ...model.faults import Remark
from ...texts import Text
from ..places import SCORE_OPTION, located, well_geocoded
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, number, pick, read_records, set_aside, text
from ..tables import restore_code, to_boolean

__all__ = ["READERS", "summed"]

_CODE = {
    "iris": ("code_iris", "iris_code", "iris"),
    "commune": ("code_commune", "code_insee", "codgeo", "insee_com", "code_com", "code"),
}
_TOTAL = (
    "consommation_mwh",
    "conso_totale_[mkg]wh",
    "conso_total_[mkg]wh",
    "conso_?totale?",
    "conso(mmation)?_[mkg]wh",
    "conso",
    "consommation(_annuelle)?(_[mkg]wh)?",
)
_SECTORS = r"conso_?(a|i|t|r|na|agriculture|industrie|tertiaire|residentiel|non_affecte)(_[mkg]wh)?"
_TO_MWH = {"k": 0.001, "m": 1.0, "g": 1000.0}
_SECRET = ("inconnu", "minorant")


def summed(values: pd.DataFrame, codes: pd.Series[Any], *, lower_bound: bool = False) -> pd.DataFrame:
    """Sum the uses of each unit: one secret row makes the total unknown.

    Parameters
    ----------
    values : DataFrame
        Uses in MWh a year, one column or one by sector.
    codes : Series of str
        Unit of each row.
    lower_bound : bool
        Sum what is known instead: the total is then a lower bound.

    Returns
    -------
    DataFrame
        Columns ``code_insee``, ``consommation_mwh`` (NaN: unknown), ``valeurs_inconnues`` (count), sorted by code.

    Examples
    --------
    >>> uses = pd.DataFrame({"conso": [10.0, 5.0, 7.0, float("nan")]})
    >>> summed(uses, pd.Series(["38185", "38185", "38421", "38421"]))["consommation_mwh"].tolist()
    [15.0, nan]
    """
    row_sum, unknown = values.sum(axis=1, min_count=1), values.isna().sum(axis=1)
    by_code = pd.DataFrame({"total": row_sum, "unknown": unknown}).groupby(codes.to_numpy())
    total, hidden = by_code["total"].sum(min_count=1), by_code["unknown"].sum()
    if not lower_bound:
        total = total.mask(hidden > 0)
    frame = pd.DataFrame({"consommation_mwh": total, "valeurs_inconnues": hidden})
    return frame.rename_axis("code_insee").reset_index()


def read_uses(source: Source) -> list[RawLayer]:
    """Read yearly uses into the role ``consommation_energie``: sectors and energies summed, one year only.

    Raises
    ------
    MissingColumnError
        Without code or use.
    InvalidValueError
        When a use is not a number, or no row bears the year or the energy asked for.
    ParameterError
        When an option is unknown.
    """
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    frame = _one_year(pd.DataFrame(rows.frame), source, remarks)
    frame = _energies(frame, source, remarks)
    frame = _without_totals(frame, remarks)
    code = _code_column(frame, source)
    frame = set_aside(frame, text(frame[code]).isna(), Text("ligne(s) sans code", "row(s) without code"), remarks)
    values = _uses(frame, source)
    codes, restored = restore_code(text(frame[code]), widths=(5, 9))
    if restored:
        fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
        remarks.append(Remark(Text(fr, f"{restored} code(s) had lost their leading zero"), restored))
    lower = _choice(source, "secret", _SECRET) == "minorant"
    table = summed(values, codes, lower_bound=lower)
    if len(years := _years(frame, source)) == 1:
        table = table.assign(millesime=years[0])
    remarks += _unknown_remarks(table, lower)
    layer = RawLayer("consommation_energie", table, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))
    return [layer]


def _choice(source: Source, option: str, accepted: tuple[str, ...]) -> str:
    value = source.options.get(option, accepted[0])
    if value in accepted:
        return str(value)
    words = ", ".join(f"«{word}»" for word in accepted)
    raise ParameterError(
        Text(f"{option} = «{value}» est inconnu", f"{option} = «{value}» is unknown"),
        Text(f"écrivez {words}.", f"write {words}."),
        file=source.path,
    )


def _one_year(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    """Keep one year: the one asked for, else the latest; uses of several years do not add."""
    column = pick(frame, source, "annee", "annee", "annee_consommation", "annee_de_consommation", "millesime")
    if column is None:
        return frame
    years = text(frame[column]).str.slice(0, 4)
    known = sorted(years.dropna().unique())
    year = str(source.options.get("annee", known[-1] if known else ""))
    if known and year not in known:
        raise _absent(source, "annee", year, known)
    fr, en = f"année {year} retenue parmi {', '.join(known)}", f"year {year} taken among {', '.join(known)}"
    remarks += [Remark(Text(fr, en), int(years.eq(year).sum()))] if len(known) > 1 else []
    return frame[years.eq(year).fillna(False)] if known else frame


def _years(frame: pd.DataFrame, source: Source) -> list[str]:
    """Return the years that the rows bear."""
    column = pick(frame, source, "annee", "annee", "annee_consommation", "annee_de_consommation", "millesime")
    return [] if column is None else sorted(text(frame[column]).str.slice(0, 4).dropna().unique())


def _energies(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    column = pick(frame, source, "filiere", "filiere", "energie", "type_energie")
    if column is None:
        return frame
    names = text(frame[column])
    known, wanted = sorted(names.dropna().unique()), source.options.get("filiere")
    if wanted is not None:
        if wanted not in known:
            raise _absent(source, "filiere", str(wanted), known)
        return frame[names.eq(wanted).fillna(False)]
    if len(known) > 1:
        listed = ", ".join(known)
        remarks.append(Remark(Text(f"énergies additionnées : {listed}", f"energies added up: {listed}"), len(known)))
    return frame


def _without_totals(frame: pd.DataFrame, remarks: list[Remark]) -> pd.DataFrame:
    columns = [name for name in frame.columns if re.fullmatch(r"(code|libelle)_(grand_)?secteur.*|secteur", str(name))]
    if not columns:
        return frame
    total = frame[columns].apply(lambda column: text(column).str.fullmatch("(?i)total.*|tous.*")).fillna(False)
    why = Text("ligne(s) de total, qui doublent les secteurs, laissée(s) de côté", "total row(s), left out")
    aside = total.any(axis=1).astype(bool)
    return frame if aside.all() else set_aside(frame, aside, why, remarks)


def _absent(source: Source, option: str, value: str, known: list[str]) -> InvalidValueError:
    return InvalidValueError(
        Text(
            f"{option} = «{value}» : aucune ligne ; présents : {', '.join(known)}",
            f"{option} = «{value}»: no row; present: {', '.join(known)}",
        ),
        Text("prenez l'une de ces valeurs.", "take one of these values."),
        file=source.path,
    )


def _code_column(frame: pd.DataFrame, source: Source) -> str:
    if "maille" in source.options:
        return need(frame, source, "code_insee", *_CODE[_choice(source, "maille", ("iris", "commune"))])
    return need(frame, source, "code_insee", *_CODE["iris"], *_CODE["commune"])


def _uses(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    column = pick(frame, source, "consommation_mwh", *_TOTAL)
    names = [column] if column else [str(name) for name in frame.columns if re.fullmatch(_SECTORS, str(name))]
    if not names:
        names = [need(frame, source, "consommation_mwh")]
    return pd.DataFrame({name: number(frame[name], source)[0] * _factor(name) for name in names})


def _factor(column: str) -> float:
    unit = re.search(r"(?:^|_)([mkg])wh", column)
    return _TO_MWH[unit[1]] if unit else 1.0


def _unknown_remarks(table: pd.DataFrame, lower: bool) -> list[Remark]:
    n, units = int(table["valeurs_inconnues"].sum()), int((table["valeurs_inconnues"] > 0).sum())
    if not n:
        return []
    if lower:
        fr = f"{n} valeur(s) inconnue(s) (secret statistique) : le total de {units} unité(s) est un minorant"
        return [Remark(Text(fr, f"{n} unknown value(s) (secrecy): the total of {units} unit(s) is a lower bound"), n)]
    fr = f"{n} valeur(s) inconnue(s) (secret statistique) : le total de {units} unité(s) est inconnu"
    return [
        Remark(
            Text(
                fr + " ; secret = «minorant» additionne ce qui est connu",
                f"{n} unknown value(s) (secrecy): the total of {units} unit(s) is unknown; "
                "secret = «minorant» sums what is known",
            ),
            n,
        )
    ]


_FLOOR = ("surface_plancher.*", "surface_de_plancher.*", "sdp.*", "surface_m2", "surface")
# Neither a use by square metre nor primary energy.
_ENERGY = (r"(?!.*(?:m2|_ep(?:_|$)|primaire|_ref))(?:conso|energie).*_[kmg]wh(?!_?ep)\w*", "[kmg]wh(_?ef)?(_an)?")
_REFERENCE = (r"(?!.*(?:m2|_ep(?:_|$)|primaire))(?:conso|energie).*_ref.*_[kmg]wh(?!_?ep)\w*",)
_BMS = ("gestion_technique.*", "gtb.*", "gtc.*", "pilotage.*", "bacs")


def read_buildings(source: Source) -> list[RawLayer]:
    """Read public buildings, their floor area and their yearly final energy into ``batiment_public``.

    Rows of several years: the latest is taken (or ``annee``). A polygon is replaced by a point inside it.

    Raises
    ------
    MissingColumnError
        Without coordinates.
    InvalidValueError
        When an area, a use or a coordinate is not a number.
    """
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    frame: pd.DataFrame = _one_year(rows.frame, source, remarks)
    name = pick(frame, source, "nom", "nom.*", "libelle.*", "denomination.*", "efa.*")
    frame = frame.rename(columns={name: "nom"} if name else {})
    floor = pick(frame, source, "surface_plancher_m2", *_FLOOR)
    if floor:
        frame = frame.assign(surface_plancher_m2=number(frame[floor], source)[0])
    use = pick(frame, source, "consommation_kwh", *_ENERGY)
    if use:
        frame = frame.assign(
            consommation_kwh=number(frame[use], source)[0] * _factor(use) * (1000 if _unit(use) else 1)
        )
    frame = _with_reference(frame, source)
    remote = pick(frame, source, "gestion_technique", *_BMS)
    if remote:
        frame = frame.assign(gestion_technique=to_boolean(frame[remote]))
    frame = well_geocoded(frame, source, remarks, name="nom" if name else None)
    places = located(
        Records(frame, rows.layer, len(frame), rows.encoding), source, remarks, name="nom" if name else None
    )
    places = _points(places, remarks)
    return [RawLayer("batiment_public", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _with_reference(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Return the buildings with the use of their reference year in kWh, where the file gives it."""
    column = pick(frame, source, "consommation_reference_kwh", *_REFERENCE)
    if column is None:
        return frame
    factor = _factor(column) * (1000 if _unit(column) else 1)
    return frame.assign(consommation_reference_kwh=number(frame[column], source)[0] * factor)


def _unit(column: str) -> bool:
    return re.search(r"(?:^|_)[mkg]wh", column) is not None


def _points(places: gpd.GeoDataFrame, remarks: list[Remark]) -> gpd.GeoDataFrame:
    drawn = places.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    n = int(drawn.sum())
    if not n:
        return places
    fr = f"{n} bâtiment(s) dessiné(s) remplacé(s) par un point intérieur"
    remarks.append(Remark(Text(fr, f"{n} drawn building(s) replaced by a point inside"), n))
    return places.set_geometry(places.geometry.where(~drawn, places.geometry.representative_point()))


_FILES = {
    "fichiers": Text("expression qui choisit le fichier d'une archive", "expression choosing an archive's file"),
    "annee": Text("année à retenir (la dernière, par défaut)", "year to take (the latest, by default)"),
}
READERS = (
    Reader(
        "conso_energie",
        Text("consommations d'énergie (SDES, Agence ORE)", "energy uses (SDES, Agence ORE)"),
        ("consommation_energie",),
        read_uses,
        {
            **_FILES,
            "filiere": Text("la seule énergie à retenir", "the one energy to take"),
            "maille": Text(
                "«iris» ou «commune», où le fichier a les deux", "«iris» or «commune», where both are there"
            ),
            "secret": Text(
                "«inconnu» (par défaut) : un secteur caché rend le total inconnu ; «minorant» : il compte pour zéro",
                "«inconnu» (default): a hidden sector makes the total unknown; «minorant»: it counts for zero",
            ),
        },
    ),
    Reader(
        "batiments_publics",
        Text("bâtiments publics (OPERAT)", "public buildings (OPERAT)"),
        ("batiment_public",),
        read_buildings,
        {**_FILES, **SCORE_OPTION},
    ),
)
