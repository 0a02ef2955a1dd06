"""ARCEP, FttH deployment by commune: the long table of 2018, the wide tables since, the «carte fibre» layer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...texts import Text
from ..containers import find, opened
from ..naming import missing_column, numbers, renamed
from ..reader import RawLayer, Reader, Source
from ..tables import read_table, restore_code
from ..vector import VECTOR_SUFFIXES, read_vector

__all__ = ["READER", "read_arcep_fibre"]

_NAMES = {
    "code_insee": ("code commune", "insee_com", "code_commune", "codgeo", "insee", "code insee", "code"),
    "locaux": ("nombre de locaux", "nb_locaux", "nbr", "meilleure estimation des locaux à date"),
    "locaux_raccordables": ("ftth", "raccordables", "locaux raccordables", "nb_raccordables", "elig_ftth"),
}
_QUARTER = re.compile(r"t([1-4])[ _-]?(20\d\d)|(20\d\d)[ _-]?t([1-4])")
_PASSED = "locaux raccordables"


def read_arcep_fibre(source: Source) -> list[RawLayer]:
    """Read the premises passed by fibre in each commune (role ``couverture_fixe``).

    Parameters
    ----------
    source : Source
        Option ``trimestre`` (``"T1 2018"``): the quarter, by default the last one. Option ``locaux``: path of the
        file of denominators (columns ``Logements`` and ``Établissements``, or ``Locaux``), relative to the folder of
        the first file.

    Returns
    -------
    list of RawLayer
        One table: ``code_insee``, ``locaux``, ``locaux_raccordables``, ``taux_fibre`` = passed / premises. The rate
        is capped at 1 where the two files contradict each other (the count is in a remark, the two numbers stay as
        published), and NaN where the premises are unknown or nought.

    Raises
    ------
    MissingColumnError
        When there is no commune code, or neither a quarter nor a column of premises passed.
    InvalidValueError
        When the quarter asked for is absent, or a cell is not a number.
    """
    frame, layer, encoding, remarks = _read(source.path, source)
    rows = len(frame)
    frame = renamed(frame, source, _NAMES)
    if "code_insee" not in frame.columns:
        raise missing_column(frame, source, "Code commune", "INSEE_COM", "code_insee")
    frame, told = _passed(frame, source)
    frame["code_insee"], mended = restore_code(frame["code_insee"])
    remarks += [*told, *_mended(mended)]
    frame, known = _with_premises(frame, source)
    frame, capped = _with_rate(frame)
    return [RawLayer("couverture_fixe", frame, layer, rows, encoding, None, (*remarks, *known, *capped))]


def _read(path: Path, source: Source) -> tuple[pd.DataFrame, str, str | None, list[Remark]]:
    with opened(path) as place:
        if find(place, "", suffixes=VECTOR_SUFFIXES):
            read = read_vector(place, layer=source.layer, encoding=source.encoding)
            table = pd.DataFrame(read.frame).drop(columns="geometry", errors="ignore")
            return table, read.layer, read.encoding, list(read.remarks)
        table_read = read_table(place, encoding=source.encoding)
    return table_read.frame, path.stem, table_read.encoding, list(table_read.remarks)


def _mended(count: int) -> list[Remark]:
    text = Text(f"{count} code(s) INSEE sans leur zéro initial, rendu", f"{count} INSEE code(s) given back their zero")
    return [Remark(text, count)] if count else []


def _passed(frame: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[Remark]]:
    """Return one row a commune, with ``locaux_raccordables``."""
    quarters = {name: key for name in frame.columns if (key := _quarter(name))}
    if not quarters and "locaux_raccordables" in frame.columns and "trimestre" not in source.options:
        frame = frame.copy()
        frame["locaux_raccordables"] = numbers(frame, "locaux_raccordables", source)
        return frame, []
    name = _chosen_quarter(frame, quarters, source)
    remarks = [Remark(Text(f"trimestre lu : {name.upper()}", f"quarter read: {name.upper()}"))]
    kept, left = _rows_of_premises(frame)
    others = [column for column in quarters if column != name]
    kept = kept.drop(columns=[*others, "locaux_raccordables"], errors="ignore").rename(
        columns={name: "locaux_raccordables"}
    )
    kept["locaux_raccordables"] = numbers(kept, "locaux_raccordables", source)
    return kept, [*remarks, *left]


def _rows_of_premises(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Remark]]:
    if "champ" not in frame.columns:
        return frame.copy(), []
    wanted = frame["champ"].str.casefold() == _PASSED
    left = frame.loc[~wanted, "champ"].fillna("?").value_counts().sort_index()
    shown = ", ".join(f"{count} «{field}»" for field, count in left.items())
    text = Text(f"lignes d'un autre champ, non lues : {shown}", f"rows of another field, not read: {shown}")
    remarks = [Remark(text, int(left.sum()))] if len(left) else []
    return frame[wanted].drop(columns="champ").reset_index(drop=True), remarks


def _quarter(name: str) -> tuple[int, int] | None:
    """Return year and quarter.

    Examples
    --------
    >>> _quarter("t1 2018"), _quarter("2023-T4"), _quarter("locaux")
    ((2018, 1), (2023, 4), None)
    """
    found = _QUARTER.fullmatch(str(name).strip().lower())
    if found is None:
        return None
    after, year_after, year_before, before = found.groups()
    return int(year_after or year_before), int(after or before)


def _chosen_quarter(frame: pd.DataFrame, quarters: dict[str, tuple[int, int]], source: Source) -> str:
    if not quarters:
        raise missing_column(frame, source, "T1 2018…", "ftth", "locaux_raccordables")
    asked = source.options.get("trimestre")
    if asked is None:
        return max(quarters, key=lambda name: quarters[name])
    for name, key in quarters.items():
        if key == _quarter(str(asked)):
            return name
    there = ", ".join(name.upper() for name in sorted(quarters, key=lambda name: quarters[name]))
    raise InvalidValueError(
        Text(f"trimestre «{asked}» absent du fichier", f"quarter «{asked}» is not in the file"),
        Text(f"trimestres présents : {there}.", f"quarters present: {there}."),
        file=source.path,
    )


def _with_premises(frame: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[Remark]]:
    named = source.options.get("locaux")
    if named is None:
        if "locaux" in frame.columns:
            return frame.assign(locaux=numbers(frame, "locaux", source, dash_is_zero=True)), []
        text = Text(
            "nombre de locaux absent : taux_fibre est inconnu (option locaux)",
            "no count of premises: taux_fibre is unknown (option locaux)",
        )
        return frame.assign(locaux=float("nan")), [Remark(text)]
    premises = _premises(source.path.parent / str(named), source)
    frame = frame.assign(locaux=frame["code_insee"].map(premises))
    absent = int((~frame["code_insee"].isin(premises.index)).sum())
    text = Text(
        f"{absent} commune(s) absente(s) du fichier des locaux : taux inconnu",
        f"{absent} commune(s) not in the file of premises: rate unknown",
    )
    return frame, [Remark(text, absent)] if absent else []


def _premises(path: Path, source: Source) -> pd.Series[Any]:
    """Return the premises by commune: dwellings plus establishments. A dash is nought in that publication."""
    other = Source(path, encoding=source.encoding)
    frame, *_ = _read(path, other)
    frame = renamed(frame, other, _NAMES)
    if "code_insee" not in frame.columns:
        raise missing_column(frame, other, "Code commune")
    parts = [name for name in ("logements", "établissements", "etablissements") if name in frame.columns]
    parts = ["locaux"] if "locaux" in frame.columns else parts
    if not parts:
        raise missing_column(frame, other, "Logements", "Établissements", "Locaux")
    counts = pd.concat([numbers(frame, name, other, dash_is_zero=True) for name in parts], axis=1)
    codes, _ = restore_code(frame["code_insee"])
    repeated = codes[codes.duplicated() & codes.notna()]
    if len(repeated):
        raise InvalidValueError(
            Text(f"commune en double : {repeated.iloc[0]}", f"commune given twice: {repeated.iloc[0]}"),
            Text("gardez une ligne par commune.", "keep one row a commune."),
            file=path,
        )
    return counts.sum(axis=1, skipna=False).set_axis(codes)


def _with_rate(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Remark]]:
    passed, premises = frame["locaux_raccordables"], frame["locaux"]
    rate = (passed / premises.where(premises > 0)).astype("float64")
    above = int((rate > 1).sum())
    text = Text(
        f"{above} commune(s) où les locaux raccordables dépassent les locaux : taux ramené à 1, nombres laissés",
        f"{above} commune(s) with more premises passed than premises: rate capped at 1, numbers left as published",
    )
    return frame.assign(taux_fibre=rate.clip(upper=1.0)), [Remark(text, above)] if above else []


READER = Reader(
    "arcep_fibre",
    Text("ARCEP, déploiement FttH par commune", "ARCEP, FttH deployment by commune"),
    ("couverture_fixe",),
    read_arcep_fibre,
    {
        "trimestre": Text("trimestre à lire, par exemple T1 2018 (le dernier sinon)", "quarter to read, e.g. T1 2018"),
        "locaux": Text("fichier du nombre de locaux par commune", "file of the number of premises by commune"),
    },
)
