"""What the two models of risk prevention plans share: levels, regulations, and zones with several hazards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from ..model.faults import Remark
from ..model.roles.risk import HAZARD_LEVELS
from ..model.roles.risk_codes import HAZARD_LEVEL_CODES, HAZARD_TYPES, MULTIPLE_HAZARDS
from ..model.territory import Frame
from ..texts import Text
from .standard_layers import blank, code_text, joined, mapped

__all__ = ["national_hazard_type", "with_levels", "with_many_hazards", "with_regulation"]

_UNKNOWN = "indetermine"
_RANK = {word: rank for rank, word in enumerate(word for word in HAZARD_LEVELS if word != _UNKNOWN)}


def national_hazard_type(code: str) -> str | None:
    """Return the national code of a COVADIS hazard code: seven digits lose their zeros on the right.

    Several codes may stand together, separated by ``;``.

    Examples
    --------
    >>> national_hazard_type("1120000"), national_hazard_type("1400000"), national_hazard_type("9999999")
    ('112', '14', '999')
    >>> national_hazard_type("112"), national_hazard_type("1130000;1230000")
    ('112', '113;123')
    """
    return joined((_national(part.strip()) for part in code.split(";")), ";")


def _national(code: str) -> str:
    if code == "9999999":
        return MULTIPLE_HAZARDS
    return code.rstrip("0") if len(code) == 7 and code.isdigit() else code


def with_levels(frame: Frame) -> tuple[Frame, list[Remark]]:
    """Add ``niveau`` from the published code ``niveaualea``, and count the codes outside the list."""
    codes = code_text(frame.get("niveaualea", blank(frame)), 2)
    words, outside = mapped(codes, HAZARD_LEVEL_CODES, _UNKNOWN)
    remarks = _outside(outside, Text("niveau d'aléa", "hazard level"))
    return frame.assign(niveaualea=codes, niveau=words), [*remarks, *_unlisted_types(frame)]


def _unlisted_types(frame: Frame) -> list[Remark]:
    if "typealea" not in frame:
        return []
    parts = [part.strip() for cell in frame["typealea"] if isinstance(cell, str) for part in cell.split(";")]
    outside = pd.Series([part for part in parts if part not in HAZARD_TYPES], dtype=object).value_counts()
    blank = int(frame["typealea"].isna().sum())
    counts = {str(code): int(n) for code, n in outside.items()} | ({"": blank} if blank else {})
    return [
        Remark(
            Text(f"type d'aléa hors liste nationale : {shown}", f"hazard type outside the national list: {shown}"), n
        )
        for shown, n in [(_counted(counts), sum(counts.values()))]
        if n
    ]


def with_regulation(frame: Frame, words: Mapping[str, str]) -> tuple[Frame, list[Remark]]:
    """Add ``reglement`` from the published code ``typereglement``, and count the codes outside the list."""
    codes = code_text(frame.get("typereglement", blank(frame)), 2)
    found, outside = mapped(codes, words, _UNKNOWN)
    return frame.assign(typereglement=codes, reglement=found), _outside(outside, Text("règlement", "regulation"))


def _outside(counts: Mapping[str, int], what: Text) -> list[Remark]:
    if not counts:
        return []
    shown = _counted(counts)
    text = Text(
        f"{what.fr} absent ou hors liste officielle, noté «{_UNKNOWN}» : {shown}",
        f"{what.en} blank or outside the official list, noted «{_UNKNOWN}»: {shown}",
    )
    return [Remark(text, sum(counts.values()))]


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"«{code}» × {n}" for code, n in counts.items())


def with_many_hazards(zones: Frame, table: pd.DataFrame) -> tuple[Frame, list[Remark]]:
    """Give to zones with several hazards the types of their 1-n table, and the highest level said of them.

    The level is the highest of the zone's own and of its table's, so that a table with a gap never lowers it; the
    published code stays in ``niveaualea``. Zones whose own level is not the table's highest are counted.

    Parameters
    ----------
    zones : GeoDataFrame
        With ``idzone``, ``typealea``, ``niveaualea`` and ``niveau``.
    table : DataFrame
        Rows ``idzone``, ``typealea`` (national code), ``niveaualea``: several a zone.
    """
    several = zones["typealea"].eq(MULTIPLE_HAZARDS)
    if not several.any():
        return zones, []
    types = _by_zone(table.dropna(subset=["typealea"]), "typealea", lambda found: joined(sorted(found), ";"))
    words = table.assign(niveau=table["niveaualea"].map(HAZARD_LEVEL_CODES))
    highest = _by_zone(words, "niveau", _highest)
    own = zones.loc[several, ["idzone", "niveau"]]
    found, level = own["idzone"].map(types), own["idzone"].map(highest)
    resolved = zones.copy()
    resolved.loc[found.dropna().index, "typealea"] = found.dropna()
    pairs = zip(own["niveau"], level, strict=True)
    resolved.loc[own.index, "niveau"] = [_highest(pair) or _UNKNOWN for pair in pairs]
    differ = level.notna() & level.ne(own["niveau"])
    orphans = ~table["idzone"].isin(own["idzone"])
    return resolved, _many_remarks(found, differ, zones, orphans)


def _by_zone(table: pd.DataFrame, column: str, gather: Callable[[Iterable[str]], str | None]) -> dict[str, str | None]:
    return {str(zone): gather(list(rows[column])) for zone, rows in table.groupby("idzone")}


def _highest(words: Iterable[str]) -> str | None:
    known = [word for word in words if word in _RANK]
    return max(known, key=_RANK.__getitem__, default=None)


def _many_remarks(found: pd.Series, differ: pd.Series, zones: Frame, orphans: pd.Series) -> list[Remark]:
    done, left, n = int(found.notna().sum()), int(found.isna().sum()), int(differ.sum())
    names = ", ".join(str(name) for name in zones.loc[differ[differ].index, "idzone"].head(5))
    said = [
        (done, f"{done} zone(s) à plusieurs aléas, détaillées par la table", f"{done} multi-hazard zone(s), detailed"),
        (
            left,
            f"{left} zone(s) à plusieurs aléas sans détail : typealea reste «{MULTIPLE_HAZARDS}»",
            f"{left} multi-hazard zone(s) without detail: typealea stays «{MULTIPLE_HAZARDS}»",
        ),
        (
            n,
            f"{n} zone(s) dont le niveau publié n'est pas celui de leur pire aléa, le plus haut est retenu : {names}",
            f"{n} zone(s) whose published level is not that of their highest hazard, the higher is taken: {names}",
        ),
        (
            int(orphans.sum()),
            f"{int(orphans.sum())} ligne(s) de la table sans zone à plusieurs aléas",
            f"{int(orphans.sum())} row(s) of the table without a multi-hazard zone",
        ),
    ]
    return [Remark(Text(fr, en), count) for count, fr, en in said if count]
