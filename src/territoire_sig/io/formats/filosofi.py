"""INSEE Filosofi: the squares of 200 m and 1 km, and incomes by IRIS or commune."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...errors import InvalidValueError, MissingColumnError, ParameterError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, number, pick, read_records, text, without_stated
from ..tables import restore_code, to_boolean

__all__ = ["READERS", "cell_geometry", "commune_codes"]

_IDENTIFIER = r"^CRS(\d+)RES(\d+)mN(-?\d+)E(-?\d+)$"
_ID = ("idcar_200m", "id_?car_?200m", "idinspire", "id_?inspire", "id_?car_?1km", "id_?carr_?1km", "idcar_nat")
_IMPUTED = {200: ("i_est_200", "i_est_cr"), 1000: ("i_est_1km", "i_est_cr")}
_NUMBERS = {
    "habitants": ("ind", "ind_c"),
    "menages": ("men",),
    "menages_pauvres": ("men_pauv",),
    "somme_niveaux_vie": ("ind_snv",),
}
#: A cell is told to be cut when it lacks more than this share of its surface.
_CUT_SHARE = 0.02
_GEOMETRIES = ("publiee", "cellule")


def cell_geometry(identifiers: pd.Series[Any], *, file: str | None = None) -> gpd.GeoSeries:
    """Return the whole squares that INSEE identifiers name.

    Parameters
    ----------
    identifiers : Series of str
        ``CRS3035RES200mN2882200E3777600``: EPSG code, side in metres, northing and easting of the south-west corner.

    Returns
    -------
    GeoSeries
        Squares in the CRS that the identifiers state (3035 in metropolitan France, 5490 in the Antilles, 2975 in
        La Réunion), indexed like `identifiers`.

    Raises
    ------
    InvalidValueError
        When an identifier has another form, or when they are in several CRS.

    Examples
    --------
    >>> squares = cell_geometry(pd.Series(["CRS3035RES200mN2882200E3777600"]))
    >>> squares.total_bounds.tolist(), squares.crs.to_epsg()
    ([3777600.0, 2882200.0, 3777800.0, 2882400.0], 3035)
    """
    parts = identifiers.astype("string").str.extract(_IDENTIFIER)
    wrong = parts[0].isna()
    if wrong.any():
        raise InvalidValueError(
            Text(
                f"{int(wrong.sum())} identifiant(s) de carreau illisible(s), dont «{identifiers[wrong].iloc[0]}»",
                f"{int(wrong.sum())} unreadable cell identifier(s), among which «{identifiers[wrong].iloc[0]}»",
            ),
            Text("la forme attendue est CRS3035RES200mN…E….", "the expected form is CRS3035RES200mN…E…."),
            file=file,
        )
    crs, side, north, east = (parts[n].astype("int64").to_numpy() for n in range(4))
    codes = sorted(set(crs.tolist()))
    if len(codes) > 1:
        raise InvalidValueError(
            Text(f"carreaux de plusieurs systèmes : {codes}", f"cells of several CRS: {codes}"),
            Text("donnez un fichier par territoire (métropole, Martinique…).", "give one file by territory."),
            file=file,
        )
    squares = shapely.box(east, north, east + side, north + side)
    return gpd.GeoSeries(squares, index=identifiers.index, crs=codes[0] if codes else 3035)


def commune_codes(concatenated: str) -> str:
    """Split the codes that ``lcog_geo`` concatenates, and join them by ``;``.

    Examples
    --------
    >>> commune_codes("9305194059"), commune_codes("2A0042A006"), commune_codes("1004")
    ('93051;94059', '2A004;2A006', '01004')
    """
    padded = "0" + concatenated if len(concatenated) % 5 == 4 else concatenated
    return ";".join(re.findall(".{5}", padded)) if len(padded) % 5 == 0 else concatenated


def read_cells(source: Source) -> list[RawLayer]:
    """Read the squares of 200 m or 1 km into the role ``population``.

    Raises
    ------
    MissingColumnError
        Without an identifier or a number of inhabitants.
    InvalidValueError
        When identifiers are unreadable where the squares must be rebuilt, or when a square comes several times.
    """
    wanted = source.options.get("geometrie", _GEOMETRIES[0])
    if wanted not in _GEOMETRIES:
        raise ParameterError(
            Text(f"geometrie = «{wanted}» est inconnu", f"geometrie = «{wanted}» is unknown"),
            Text("écrivez «publiee» ou «cellule».", "write «publiee» or «cellule»."),
            file=source.path,
        )
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    code = need(rows.frame, source, "code", *_ID)
    frame = _cell_columns(rows.frame, code, source, remarks)
    frame = _once_each(frame, wanted == "cellule", source, remarks)
    if wanted == "cellule" or not rows.drawn:
        squares = cell_geometry(frame["code"], file=str(source.path))
        frame = gpd.GeoDataFrame(pd.DataFrame(frame).drop(columns="geometry", errors="ignore"), geometry=squares)
        frame = frame.to_crs(source.crs) if source.crs else frame
        remarks.append(_rebuilt(len(frame)))
    else:
        remarks += _cut_remarks(frame)
    frame = without_stated(frame.reset_index(drop=True), source)
    return [RawLayer("population", frame, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _cell_columns(frame: pd.DataFrame, code: str, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    frame = frame.assign(**{code: text(frame[code])})
    added: dict[str, Any] = {}
    for name, patterns in _NUMBERS.items():
        find = need if name == "habitants" else pick
        column = find(frame, source, name, *patterns)
        if column:
            added[name], hidden = number(frame[column], source)
            remarks += _secrecy(name, hidden)
    elders = pick(frame, source, "habitants_65plus", "ind_65_?p(lus)?")
    if elders:
        added["habitants_65plus"] = number(frame[elders], source)[0]
    elif {"ind_65_79", "ind_80p"} <= set(frame.columns):
        added["habitants_65plus"] = number(frame["ind_65_79"], source)[0] + number(frame["ind_80p"], source)[0]
    side = frame[code].str.extract(_IDENTIFIER)[1].dropna()
    imputed = pick(frame, source, "impute", *_IMPUTED.get(int(side.iloc[0]) if len(side) else 200, ("i_est_.*",)))
    if imputed:
        added["impute"] = to_boolean(frame[imputed])
        n = int(added["impute"].sum())
        remarks.append(
            Remark(
                Text(
                    f"{n} carreau(x) à valeurs imputées par l'INSEE (secret statistique)",
                    f"{n} square(s) with values imputed by INSEE (statistical secrecy)",
                ),
                n,
            )
        )
    if "lcog_geo" in frame.columns:
        added["communes"] = text(frame["lcog_geo"]).map(commune_codes, na_action="ignore")
    return frame.rename(columns={code: "code"}).assign(**added)


def _once_each(frame: pd.DataFrame, rebuilt: bool, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    twice = frame["code"].duplicated() & frame["code"].notna()
    if not twice.any():
        return frame
    counts = frame[frame["code"].isin(frame.loc[twice, "code"])].groupby("code")["habitants"].nunique(dropna=False)
    if rebuilt and (counts == 1).all():
        n = int(twice.sum())
        fr = f"{n} morceau(x) d'un carreau déjà lu : le carreau entier n'est compté qu'une fois"
        remarks.append(Remark(Text(fr, f"{n} piece(s) of a square already read: the whole one counts once"), n))
        return frame[~twice]
    first = frame.loc[twice, "code"].iloc[0]
    raise InvalidValueError(
        Text(
            f"{int(twice.sum())} carreau(x) en double, dont «{first}» : leurs habitants seraient comptés deux fois",
            f"{int(twice.sum())} square(s) twice, among which «{first}»: their inhabitants would count twice",
        ),
        Text(
            "fusionnez-les par identifiant, ou lisez-les avec geometrie = «cellule».",
            "dissolve them by identifier, or read them with geometrie = «cellule».",
        ),
        file=source.path,
    )


def _rebuilt(n: int) -> Remark:
    fr = f"{n} carreau(x) redessiné(s) entier(s) d'après leur identifiant"
    return Remark(Text(fr, f"{n} square(s) drawn again whole from their identifier"), n)


def _cut_remarks(frame: gpd.GeoDataFrame) -> list[Remark]:
    """Count the squares whose geometry is smaller than the cell that their identifier names."""
    parts = frame["code"].str.extract(_IDENTIFIER)
    known = frame[parts[0].notna() & frame.geometry.notna()]
    if known.empty or known.crs is None:
        return []
    crs, side = int(parts[0].dropna().iloc[0]), parts.loc[known.index, 1].astype("float64")
    lacking = 1 - np.asarray(known.to_crs(crs).area) / side.to_numpy() ** 2
    cut, any_cut = int((lacking > _CUT_SHARE).sum()), int((lacking > 1e-4).sum())
    if not any_cut:
        return []
    fr = (
        f"{cut} carreau(x) sur {len(frame)} coupé(s) de plus de 2 % de leur surface ({any_cut} en tout) alors que leur "
        "identifiant, et leurs habitants, sont ceux du carreau entier ; geometrie = «cellule» les redessine"
    )
    en = (
        f"{cut} square(s) of {len(frame)} cut by more than 2 % of their surface ({any_cut} in all), while their "
        "identifier and inhabitants are those of the whole square; geometrie = «cellule» draws them again"
    )
    return [Remark(Text(fr, en), cut)]


def _secrecy(column: str, hidden: int) -> list[Remark]:
    if not hidden:
        return []
    fr = f"{hidden} valeur(s) de «{column}» sous secret statistique : inconnues"
    return [Remark(Text(fr, f"{hidden} value(s) of «{column}» under statistical secrecy: unknown"), hidden)]


_CODE_IRIS = ("code_iris", "codgeo", "iris", "dcomiris", "code_insee", "insee_com", "depcom", "id")
_MEASURES = {
    "revenu_median": r"(?:(disp|dec)_)?(?:med|q2)_?(\d\d)",
    "taux_pauvrete": r"(?:(disp|dec)_)?tp_?60_?(\d\d)",
}
_BASES = {"disp": "disponible", "dec": "déclaré", "": "non précisé"}
_BASES_EN = {"disp": "disposable", "dec": "declared", "": "not stated"}


def read_iris(source: Source) -> list[RawLayer]:
    """Read incomes and poverty by IRIS or commune into ``revenu``, and inhabitants into ``population``.

    The columns bear a vintage (``DEC_MED19``, ``DISP_TP6021``): the latest is taken, disposable income first.

    Raises
    ------
    MissingColumnError
        Without code, or with neither income, poverty nor (where there is a geometry) inhabitants.
    """
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    frame = rows.frame
    codes, restored = restore_code(_iris_codes(frame, source), widths=(5, 9))
    remarks += _restored(restored)
    layers = []
    measures = _measures(frame, source, remarks)
    latest_first = frame[sorted(frame.columns, reverse=True)]
    people = pick(latest_first, source, "habitants", r"p\d\d_pop", "habitants", "pop", "population")
    people = people if rows.drawn else None
    if not measures and not people:
        raise _nothing(source, frame)
    if measures and source.wants("revenu"):
        table = pd.DataFrame(frame).drop(columns=["geometry", "code_insee"], errors="ignore")
        table = table.assign(code_insee=codes, **measures).reset_index(drop=True)
        layers.append(_layer("revenu", table, rows, source, remarks))
    if people and source.wants("population"):
        values, hidden = number(frame[people], source)
        zones = frame.assign(code=codes, habitants=values)
        layers.append(_layer("population", zones, rows, source, [*remarks, *_secrecy("habitants", hidden)]))
    if not layers:
        raise _nothing(source, frame)
    return layers


def _iris_codes(frame: pd.DataFrame, source: Source) -> pd.Series[Any]:
    """Return whole codes: some files give the commune and the four last figures of the IRIS apart."""
    column = need(frame, source, "code_insee", *_CODE_IRIS)
    codes, commune = text(frame[column]), pick(frame, source, "insee_com", "insee_com", "depcom", "com")
    if column == "iris" and commune and codes.str.len().max() <= 4:
        return restore_code(text(frame[commune]))[0] + codes.str.zfill(4)
    return codes


def _layer(role: str, frame: pd.DataFrame, rows: Records, source: Source, remarks: list[Remark]) -> RawLayer:
    return RawLayer(
        role, without_stated(frame, source), rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks)
    )


def _measures(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> dict[str, pd.Series[Any]]:
    found = {}
    for name, pattern in _MEASURES.items():
        column, remark = _latest(frame, name, pattern)
        if name in source.columns or (column is None and name in frame.columns):
            column, remark = need(frame, source, name, name), None
        if column is None:
            continue
        found[name], hidden = number(frame[column], source)
        if name == "taux_pauvrete":
            found[name] = _as_rates(found[name], column, source, remarks)
        remarks += [remark] if remark else []
        remarks += _secrecy(name, hidden)
    if not found and (column := pick(frame, source, "revenu_median", "niv_?vie_?med.*")):
        found["revenu_median"] = number(frame[column], source)[0]
    return found


def _as_rates(values: pd.Series[Any], column: str, source: Source, remarks: list[Remark]) -> pd.Series[Any]:
    """Refuse rates above 100 %: some published extracts hold incomes in euros where the rate is not published."""
    wrong = values > 100
    n = int(wrong.sum())
    if not n:
        return values
    if source.options.get("hors_bornes") == "inconnu":
        fr = f"{n} taux de pauvreté au-dessus de 100 % (jusqu'à {values.max():g}) tenus pour inconnus, sur demande"
        remarks.append(Remark(Text(fr, f"{n} poverty rates above 100 % (up to {values.max():g}) taken as unknown"), n))
        return values.mask(wrong)
    raise InvalidValueError(
        Text(
            f"colonne «{column}» : {n} taux de pauvreté au-dessus de 100 %, dont {values[wrong].iloc[0]:g} : "
            "sans doute des revenus en euros, décalés d'une colonne",
            f"column «{column}»: {n} poverty rates above 100 %, among which {values[wrong].iloc[0]:g}: "
            "probably incomes in euros, shifted by one column",
        ),
        Text(
            'prenez le fichier de l\'INSEE, ou tenez-les pour inconnus : options = { hors_bornes = "inconnu" }.',
            'take the file of INSEE, or take them as unknown: options = { hors_bornes = "inconnu" }.',
        ),
        file=source.path,
    )


def _latest(frame: pd.DataFrame, name: str, pattern: str) -> tuple[str | None, Remark | None]:
    """Return the column of the latest vintage, disposable income first, and the remark that says which."""
    matches = [found for column in frame.columns if (found := re.fullmatch(pattern, str(column)))]
    if not matches:
        return None, None
    order = ("", "dec", "disp")
    best = max(matches, key=lambda found: (int(found[2]), order.index(found[1] or "")))
    base, year = best[1] or "", f"20{best[2]}"
    fr = f"«{name}» lu dans «{best[0]}» : revenu {_BASES[base]}, millésime {year}"
    return best[0], Remark(Text(fr, f"«{name}» read in «{best[0]}»: {_BASES_EN[base]} income, vintage {year}"))


def _restored(n: int) -> list[Remark]:
    if not n:
        return []
    fr = f"{n} code(s) avaient perdu leur zéro initial : il est rétabli"
    return [Remark(Text(fr, f"{n} code(s) had lost their leading zero: it is restored"), n)]


def _nothing(source: Source, frame: pd.DataFrame) -> MissingColumnError:
    there = ", ".join(str(name) for name in frame.columns if name != "geometry")
    asked = source.role or "revenu"
    return MissingColumnError(
        Text(
            f"aucune colonne pour le rôle «{asked}» (médiane DEC_MED…, pauvreté DISP_TP60…) ; présentes : {there}",
            f"no column for the role «{asked}» (median DEC_MED…, poverty DISP_TP60…); present: {there}",
        ),
        Text(
            'nommez-la : colonnes = { revenu_median = "colonne du fichier" }.',
            'name it: colonnes = { revenu_median = "column of the file" }.',
        ),
        file=source.path,
    )


READERS = (
    Reader(
        "filosofi_carreaux",
        Text("Filosofi, carreaux de 200 m ou 1 km (INSEE)", "Filosofi, 200 m or 1 km squares (INSEE)"),
        ("population",),
        read_cells,
        {
            "geometrie": Text(
                "«publiee» (par défaut), ou «cellule» : le carreau entier, d'après son identifiant",
                "«publiee» (default), or «cellule»: the whole square, from its identifier",
            ),
            "fichiers": Text(
                "expression qui choisit le fichier d'une archive", "expression choosing an archive's file"
            ),
        },
    ),
    Reader(
        "filosofi_iris",
        Text("Filosofi, revenus par IRIS ou commune (INSEE)", "Filosofi, incomes by IRIS or commune (INSEE)"),
        ("revenu", "population"),
        read_iris,
        {
            "hors_bornes": Text(
                "«inconnu» : un taux de pauvreté au-dessus de 100 % est tenu pour inconnu, au lieu d'être refusé",
                "«inconnu»: a poverty rate above 100 % is taken as unknown, instead of being refused",
            ),
            "fichiers": Text(
                "expression qui choisit le fichier d'une archive", "expression choosing an archive's file"
            ),
        },
    ),
)
