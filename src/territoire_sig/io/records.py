"""Rows of a table, of a JSON or of a vector layer, read the same way: plain column names, and how to find them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from ..model.faults import Remark
from ..model.territory import Frame
from ..texts import Text
from .containers import find, opened
from .reader import Source
from .tables import read_table, to_number
from .vector import VECTOR_SUFFIXES, read_vector

__all__ = ["Records", "need", "number", "pick", "plain", "read_records", "set_aside", "text", "without_stated"]

_TABLES = (".csv", ".txt", ".tsv")
#: Words that hide a value by statistical secrecy (INSEE, SDES), or say that it is not published.
_HIDDEN = r"(?i)s|ns|n[./]?d\.?|c|nc|secret\w*"
_SUFFIXES = (*_TABLES, *VECTOR_SUFFIXES, ".dbf")


@dataclass(frozen=True, eq=False)
class Records:
    """Rows as a file holds them.

    Attributes
    ----------
    frame : DataFrame or GeoDataFrame
        Columns bear plain names (see :func:`plain`); the cells of a CSV or JSON are text, missing ones are NA.
    """

    frame: Frame
    layer: str
    rows_read: int
    encoding: str | None
    remarks: tuple[Remark, ...] = ()

    @property
    def drawn(self) -> bool:
        """Tell whether the rows have a geometry."""
        return isinstance(self.frame, gpd.GeoDataFrame)


def plain(name: str) -> str:
    """Return `name` without case, accents or punctuation.

    Examples
    --------
    >>> plain("Conso totale (MWh)"), plain("category/name/fr"), plain("Département")
    ('conso_totale_mwh', 'category_name_fr', 'departement')
    """
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def read_records(source: Source, *, pattern: str = "") -> Records:
    """Read a CSV, a JSON list of records, or a vector layer.

    Parameters
    ----------
    source : Source
        Its path may be a file, a folder or an archive holding one such file; `source.layer` names the file (or
        the layer) where there are several.
    pattern : str
        Regular expression that the wanted file's name matches, where a folder holds several.

    Raises
    ------
    UnreadableLayerError
        When no file, or several, may be the one; or when a JSON holds no list of records.
    """
    with opened(source.path) as place:
        file = _one_file(place, source, pattern)
        if file.suffix.lower() in _TABLES:
            table = read_table(file, encoding=source.encoding)
            found = Records(table.frame, file.stem, len(table.frame), table.encoding, table.remarks)
        elif (whole := _json(file, source)) is not None:
            rows = pd.DataFrame([dict(_flat(row)) for row in _json_rows(whole, source)], dtype="string")
            found = Records(rows, file.stem, len(rows), source.encoding or "utf-8")
        else:
            layer = None if source.layer in {None, file.stem, file.name} else source.layer
            read = read_vector(file, layer=layer, encoding=source.encoding)
            found = Records(read.frame, read.layer, read.rows_read, read.encoding, read.remarks)
    return Records(_plain_columns(found.frame), found.layer, found.rows_read, found.encoding, found.remarks)


def _one_file(place: Path, source: Source, pattern: str) -> Path:
    if place.is_file():
        return place
    files = find(place, pattern, suffixes=_SUFFIXES)
    named = [file for file in files if source.layer and source.layer.lower() in {file.stem.lower(), file.name.lower()}]
    chosen = named or files
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(file.name for file in files) or "∅"
    raise UnreadableLayerError(
        Text(f"un seul fichier est attendu ; trouvés : {names}", f"one file is expected; found: {names}"),
        Text('choisissez-le par `couche = "…"`.', 'choose it with `couche = "…"`.'),
        file=source.path,
    )


def _json(file: Path, source: Source) -> Any:
    """Return what a JSON holds; None for another file, and for a GeoJSON (GDAL reads it)."""
    if file.suffix.lower() != ".json":
        return None
    try:
        whole = json.loads(file.read_text(encoding=source.encoding or "utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableLayerError(
            Text(f"JSON illisible : {error}", f"unreadable JSON: {error}"),
            Text("téléchargez-le de nouveau.", "download it again."),
            file=source.path,
        ) from error
    return None if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else whole


def _json_rows(whole: Any, source: Source) -> list[Mapping[str, Any]]:
    if isinstance(whole, dict):
        lists = [whole[name] for name in ("results", "records", "data", "items") if isinstance(whole.get(name), list)]
        whole = lists[0] if lists else list(whole.values())
    rows = whole if isinstance(whole, list) else []
    if isinstance(whole, list) and all(isinstance(row, dict) for row in rows):
        return [row["fields"] if isinstance(row.get("fields"), dict) else row for row in rows]
    raise UnreadableLayerError(
        Text("ce JSON n'est pas une liste d'enregistrements", "this JSON is not a list of records"),
        Text("exportez la liste elle-même, ou un CSV.", "export the list itself, or a CSV."),
        file=source.path,
    )


def _flat(row: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, str | None]]:
    """Give the cells of a record: nested names joined by ``/``, lists by ``|``."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{head}{name}/")
        elif isinstance(value, list):
            yield f"{head}{name}", "|".join(str(item) for item in value) or None
        else:
            yield f"{head}{name}", None if value is None else str(value)


def _plain_columns(frame: Frame) -> Frame:
    names: list[str] = []
    for column in frame.columns:
        name, n = plain(str(column)) or "colonne", 2
        while name in names:
            name, n = f"{plain(str(column))}_{n}", n + 1
        names.append(name)
    return frame.rename(columns=dict(zip(frame.columns, names, strict=True)))


def pick(frame: pd.DataFrame, source: Source, column: str, *patterns: str) -> str | None:
    """Return the file's column that holds `column`: the one that the user states, else the first that matches.

    Parameters
    ----------
    patterns : str
        Regular expressions on whole plain names, the best first.

    Raises
    ------
    MissingColumnError
        When the user states a column that the file does not have.
    """
    stated = source.columns.get(column)
    if stated is not None:
        if plain(stated) not in frame.columns:
            raise _missing(frame, source, stated)
        return plain(stated)
    for pattern in patterns:
        found = [str(name) for name in frame.columns if re.fullmatch(pattern, str(name))]
        if found:
            return found[0]
    return None


def need(frame: pd.DataFrame, source: Source, column: str, *patterns: str) -> str:
    """Return the file's column that holds `column`, or say which are there.

    Raises
    ------
    MissingColumnError
        When there is none.
    """
    found = pick(frame, source, column, *patterns)
    if found is None:
        raise _missing(frame, source, column)
    return found


def _missing(frame: pd.DataFrame, source: Source, column: str) -> MissingColumnError:
    there = ", ".join(str(name) for name in frame.columns if name != "geometry")
    return MissingColumnError(
        Text(f"colonne «{column}» introuvable ; présentes : {there}", f"no column «{column}»; present: {there}"),
        Text(
            f'nommez-la : colonnes = {{ {column} = "colonne du fichier" }}.',
            f'name it: colonnes = {{ {column} = "column of the file" }}.',
        ),
        file=source.path,
    )


def without_stated(frame: Frame, source: Source) -> Frame:
    """Return `frame` without the columns that the user states: they are there under the names of the role.

    Left in, they would be taken again, as they stand in the file (in another unit, perhaps).
    """
    read = {plain(stated) for name, stated in source.columns.items() if name in frame.columns}
    return frame.drop(columns=[name for name in frame.columns if name in read - set(source.columns)])


def text(series: pd.Series[Any]) -> pd.Series[Any]:
    """Return `series` as stripped text, empty cells as NA."""
    stripped = series.astype("string").str.strip()
    return stripped.mask(stripped.eq(""))


def number(series: pd.Series[Any], source: Source) -> tuple[pd.Series[Any], int]:
    """Return `series` as floats (decimal comma accepted) and the count of cells that statistical secrecy hides.

    ``s``, ``ns``, ``nd``, ``c``, ``nc``, ``secret`` are secrecy: they become NaN.

    Raises
    ------
    InvalidValueError
        When another cell is not a number.
    """
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.astype("float64"), 0
    cells = text(series)
    hidden = cells.str.fullmatch(_HIDDEN).fillna(False).astype(bool)
    try:
        values = to_number(cells.mask(hidden).astype(object))
    except InvalidValueError as error:
        problem = Text(f"colonne «{series.name}» : {error.problem.fr}", f"column «{series.name}»: {error.problem.en}")
        raise InvalidValueError(problem, error.mend, file=source.path) from error
    return values, int(hidden.sum())


def set_aside(
    frame: pd.DataFrame, aside: pd.Series[Any], why: Text, remarks: list[Remark], name: str | None = None
) -> pd.DataFrame:
    """Return `frame` without the rows `aside`, and add the count and the first names to `remarks`."""
    n = int(aside.sum())
    if not n:
        return frame
    shown = text(frame.loc[aside, name]).dropna().head(3).tolist() if name else []
    tail = f" ({', '.join(shown)}{'…' if n > len(shown) else ''})" if shown else ""
    remarks.append(Remark(Text(f"{n} {why.fr}{tail}", f"{n} {why.en}{tail}"), n))
    return frame[~aside]
