"""Columns at the door: found under their published names, converted to their kind, checked against their lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..model.faults import Fault, Remark
from ..model.schema import Column, Role
from ..model.territory import Frame
from ..texts import Text
from .tables import restore_code, to_boolean, to_number

__all__ = ["Findings", "converted", "named_as_role", "to_date", "to_text"]

_CODE = re.compile(r"(\d{2}|2[AB])\d{3}(\d{4})?")
_PARTIAL_DATE = re.compile(r"\d{0,4}[-/.]?[?0xX]{1,2}[-/.]?[?0xX]{1,2}|\d{4}|0+")
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y/%m/%d", "%d-%m-%Y")


@dataclass
class Findings:
    """What was found wrong (`faults`) or worth telling (`remarks`) in one layer, gathered as it is checked."""

    file: str
    layer: str | None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, problem: Text, mend: Text, *, column: str | None = None, value: str | None = None) -> None:
        """Add a fault."""
        self.faults.append(Fault(self.file, self.layer, column, value, problem, mend))

    def remark(self, fr: str, en: str, count: int | None = None) -> None:
        """Add a remark."""
        self.remarks.append(Remark(Text(fr, en), count))


def named_as_role(
    frame: Frame, role: Role, mapping: Mapping[str, str], findings: Findings, *, strict: bool = True
) -> Frame:
    """Return `frame` with its columns named as in `role`, and record what is absent.

    The user's mapping (column of the role → column of the file) comes first, then the name of the role, its
    aliases, and last the first ten letters of the name (all that a Shapefile keeps). Case is ignored.

    Parameters
    ----------
    strict : bool
        Whether a mapped column that is absent is a fault (not so when one mapping serves several roles).
    """
    lowered = {str(name).strip().lower(): str(name) for name in frame.columns if str(name) != "geometry"}
    chosen = _mapped(lowered, mapping, findings, strict=strict)
    for column in role.columns:
        if column.name not in chosen and (found := _published(lowered, column, role, set(chosen.values()))):
            chosen[column.name] = found
    _absent(role, chosen, lowered, findings)
    renamed = {found: name for name, found in chosen.items() if found != name}
    told = ", ".join(f"{found} → {name}" for found, name in renamed.items())
    if told:
        findings.remark(f"colonnes renommées : {told}", f"columns renamed: {told}", len(renamed))
    return _renamed(frame, renamed)


def converted(frame: Frame, role: Role, findings: Findings) -> Frame:
    """Return `frame` with each column of `role` in its kind; values out of list or bounds are recorded as faults."""
    done = frame.copy()
    for column in role.columns:
        if column.name not in done.columns:
            continue
        values = _in_kind(done[column.name], column, findings)
        if values is not None:
            done[column.name] = _in_list(values, column, findings)
            _in_bounds(done[column.name], column, findings)
    return done


def to_text(column: pd.Series) -> pd.Series:
    """Turn values into stripped texts, None where blank; a whole number loses its decimal point.

    Examples
    --------
    >>> to_text(pd.Series([1.0, None, 2.5])).tolist()
    ['1', None, '2.5']
    """
    return pd.Series([_text(value) for value in column], index=column.index, name=column.name, dtype=object)


def to_date(column: pd.Series) -> tuple[pd.Series, int]:
    """Turn dates (ISO, French, CNIG ``YYYYMMDD``) into timestamps; count the partial ones, left unknown (NaT).

    Raises
    ------
    InvalidValueError
        When a text is no date: the message lists the first five.

    Examples
    --------
    >>> dates, partial = to_date(pd.Series(["31/12/2023", "20240705", "1933/??/??", None]))
    >>> dates.dt.year.tolist()[:2], partial
    ([2023.0, 2024.0], 1)
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        plain = column.dt.tz_localize(None) if column.dt.tz is not None else column
        return plain.astype("datetime64[s]"), 0
    texts = to_text(column)
    dates = pd.Series(pd.NaT, index=column.index, name=column.name, dtype="datetime64[s]")
    for layout in _DATE_FORMATS:
        read = pd.to_datetime(texts.where(dates.isna()).str.slice(0, 10), format=layout, errors="coerce")
        dates = dates.fillna(read.astype("datetime64[s]"))
    unread = texts[dates.isna() & texts.notna()]
    partial = unread.str.fullmatch(_PARTIAL_DATE.pattern).astype(bool)
    if len(wrong := unread[~partial]):
        shown = ", ".join(f"«{text}»" for text in wrong.unique()[:5])
        raise InvalidValueError(
            Text(
                f"{len(wrong)} valeur(s) qui ne sont pas des dates : {shown}",
                f"{len(wrong)} value(s) not dates: {shown}",
            ),
            Text("écrivez les dates AAAA-MM-JJ.", "write dates YYYY-MM-DD."),
        )
    return dates, int(partial.sum())


def _mapped(
    lowered: Mapping[str, str], mapping: Mapping[str, str], findings: Findings, *, strict: bool
) -> dict[str, str]:
    chosen = {}
    for name, wanted in mapping.items():
        found = lowered.get(wanted.strip().lower())
        if found is not None:
            chosen[name] = found
        elif name in lowered:
            findings.remark(
                f"colonne «{wanted}» absente du résultat de la lecture : «{name}» y est déjà, et est prise",
                f"column «{wanted}» is absent from what was read: «{name}» is there already, and is taken",
            )
        elif strict:
            listed = ", ".join(lowered.values()) or "-"
            findings.fault(
                Text(
                    f"colonne du fichier «{wanted}» absente (pour «{name}») ; colonnes présentes : {listed}",
                    f"column «{wanted}» of the file is absent (for «{name}»); columns present: {listed}",
                ),
                Text("corrigez `colonnes` dans territoire.toml.", "mend `colonnes` in territoire.toml."),
                column=wanted,
            )
    return chosen


def _published(lowered: Mapping[str, str], column: Column, role: Role, taken: set[str]) -> str | None:
    for name in (column.name, *column.aliases):
        found = lowered.get(name.lower())
        if found is not None and found not in taken:
            return found
    short = column.name[:10]
    alone = sum(other.name.startswith(short) for other in role.columns) == 1
    cut = lowered.get(short)
    return cut if len(column.name) > 10 and alone and cut is not None and cut not in taken else None


def _absent(role: Role, chosen: Mapping[str, str], lowered: Mapping[str, str], findings: Findings) -> None:
    already = {fault.problem.fr.partition("(pour «")[2].partition("»")[0] for fault in findings.faults}
    listed = ", ".join(lowered.values()) or "-"
    for name in role.required:
        if name in chosen or name in already:
            continue
        known = ", ".join(role.column(name).aliases)
        others_fr = f" (ou {known})" if known else ""
        others_en = f" (or {known})" if known else ""
        findings.fault(
            Text(
                f"colonne obligatoire absente pour le rôle «{role.id}»{others_fr} ; colonnes présentes : {listed}",
                f"required column absent for the role «{role.id}»{others_en}; columns present: {listed}",
            ),
            Text(
                f'dites où elle est : colonnes = {{ {name} = "nom dans le fichier" }}.',
                f'say where it is: colonnes = {{ {name} = "name in the file" }}.',
            ),
            column=name,
        )


def _renamed(frame: Frame, renamed: Mapping[str, str]) -> Frame:
    """Rename; a column of the file that stands in the way keeps its values under the suffix ``_fichier``."""
    in_the_way = {name: f"{name}_fichier" for name in renamed.values() if name in frame.columns and name not in renamed}
    return frame.rename(columns={**in_the_way, **renamed})


def _in_kind(values: pd.Series, column: Column, findings: Findings) -> pd.Series | None:
    """Convert, or record why not and return None."""
    try:
        done, fr, en, count = _CONVERSIONS[column.kind](values)
    except InvalidValueError as error:
        findings.fault(error.problem, error.mend or Text("", ""), column=column.name)
        return None
    if count:
        findings.remark(f"colonne «{column.name}» : {count} {fr}", f"column «{column.name}»: {count} {en}", count)
    empty = int(done.isna().sum())
    if column.required and empty:
        fr, en = "valeur(s) vide(s), donc inconnue(s)", "blank value(s), hence unknown"
        findings.remark(f"colonne «{column.name}» : {empty} {fr}", f"column «{column.name}»: {empty} {en}", empty)
    return done


_Converted = tuple[pd.Series, str, str, int]


def _as_code(values: pd.Series) -> _Converted:
    done, restored = restore_code(values, widths=(5, 9))
    return done, "zéro(s) initial(aux) rétabli(s)", "leading zero(s) restored", restored


def _as_cnig(values: pd.Series) -> _Converted:
    """Give back the zero that a spreadsheet takes from the two-figure codes of the CNIG lists."""
    texts = to_text(values)
    done = texts.str.replace(r"^(\d)(\.0+)?$", r"0\1", regex=True).str.replace(r"^(\d\d)\.0+$", r"\1", regex=True)
    restored = int((done.notna() & (done != texts)).sum())
    return done, "zéro(s) initial(aux) rétabli(s)", "leading zero(s) restored", restored


def _as_date(values: pd.Series) -> _Converted:
    done, partial = to_date(values)
    return done, "date(s) incomplète(s), laissée(s) inconnue(s)", "partial date(s), left unknown", partial


def _as_integer(values: pd.Series) -> _Converted:
    numbers = to_number(values)
    broken = numbers[numbers.notna() & (numbers % 1 != 0)]
    if len(broken):
        shown = ", ".join(f"«{value:g}»" for value in broken.unique()[:5])
        raise InvalidValueError(
            Text(f"{len(broken)} valeur(s) non entière(s) : {shown}", f"{len(broken)} value(s) not whole: {shown}"),
            Text("donnez des nombres entiers.", "give whole numbers."),
        )
    return numbers.astype("Int64"), "", "", 0


_CONVERSIONS: dict[str, Callable[[pd.Series], _Converted]] = {
    "text": lambda values: (to_text(values), "", "", 0),
    "code_insee": _as_code,
    "code_cnig": _as_cnig,
    "number": lambda values: (to_number(values), "", "", 0),
    "share": lambda values: (to_number(values), "", "", 0),
    "integer": _as_integer,
    "boolean": lambda values: (to_boolean(values), "", "", 0),
    "date": _as_date,
}


def _in_list(values: pd.Series, column: Column, findings: Findings) -> pd.Series:
    """Bring the codes to their official case; a code out of the list is a fault, with its count."""
    codes = list(column.values)
    if not codes:
        return values
    official = {code.casefold(): code for code in codes}
    exact = values.isin(codes)
    cells = [None if code is None else official.get(code.casefold(), code) for code in values]
    mended = pd.Series(cells, index=values.index, name=values.name, dtype=object)
    for code, n in values[~exact & values.notna()].value_counts(sort=False).items():
        if (known := official.get(str(code).casefold())) is not None:
            findings.remark(
                f"colonne «{column.name}» : {n} «{code}» lu(s) «{known}»",
                f"column «{column.name}»: {n} «{code}» read as «{known}»",
                int(n),
            )
        else:
            findings.fault(
                Text(
                    f"code inconnu, {n} fois ; codes admis : {', '.join(codes)}",
                    f"unknown code, {n} time(s); accepted codes: {', '.join(codes)}",
                ),
                Text(
                    "remplacez-le par un code admis, ou videz-le s'il est inconnu.",
                    "replace it with an accepted code, or blank it if unknown.",
                ),
                column=column.name,
                value=str(code),
            )
    return mended


def _in_bounds(values: pd.Series, column: Column, findings: Findings) -> None:
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return
    outside = values[values.notna() & ((values < low) | (values > high))]
    if not len(outside):
        return
    shown = ", ".join(f"{value:g}" for value in outside.unique()[:5])
    findings.fault(
        Text(
            f"{len(outside)} valeur(s) hors bornes ({_interval(column)}) : {shown}",
            f"{len(outside)} value(s) out of bounds ({_interval(column)}): {shown}",
        ),
        Text(
            "corrigez ces valeurs (unité ? pour cent au lieu d'une part ?), ou videz-les si elles sont inconnues.",
            "mend these values (unit? percent instead of a share?), or blank them if unknown.",
        ),
        column=column.name,
        value=f"{outside.iloc[0]:g}",
    )


def _interval(column: Column) -> str:
    if column.maximum is None:
        return f"≥ {column.minimum:g}"
    return f"≤ {column.maximum:g}" if column.minimum is None else f"{column.minimum:g} … {column.maximum:g}"


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value).strip() or None


def odd_codes(values: pd.Series) -> int:
    """Count the codes that are neither a commune's (5 characters) nor an IRIS's (9).

    Examples
    --------
    >>> odd_codes(pd.Series(["01001", "2A0040101", "38", None]))
    1
    """
    return sum(1 for value in values.dropna() if not _CODE.fullmatch(str(value)))


def without_geometry(frame: Frame) -> pd.DataFrame:
    """Return the attributes only."""
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)) if isinstance(frame, gpd.GeoDataFrame) else frame
