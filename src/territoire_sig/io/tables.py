"""Text tables (CSV and alike) as they are published: encodings, separators, title lines, French numbers."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from ..model.faults import Remark
from ..texts import Text
from .containers import find, opened
from .vector import mojibake_remarks

__all__ = [
    "TableRead",
    "geometry_from_geojson_cells",
    "geometry_from_wkt",
    "points_from",
    "points_from_pair",
    "read_table",
    "restore_code",
    "to_boolean",
    "to_number",
]

_SEPARATORS = (";", "\t", "|", ",")
_SPACES = "  \u2009\u00a0\u202f"
_NUMBER = re.compile(rf"[+-]?(\d+|\d{{1,3}}([{_SPACES}]\d{{3}})+)?([.,]\d*)?([eE][+-]?\d+)?")
_UNKNOWN = {"", "nd", "n.d.", "n.d", "s", "c", "ns", "na", "n/a", "#n/a", "null", "nan", "none"}
_TRUE = {"1", "oui", "o", "vrai", "true", "t", "yes", "y", "x", "1.0"}
_FALSE = {"0", "non", "n", "faux", "false", "f", "no", "0.0"}


@dataclass(frozen=True, eq=False)
class TableRead:
    """A table as the file holds it.

    Attributes
    ----------
    frame : DataFrame
        Texts only (object columns), None where the cell is empty; names in lower case, stripped.
    skipped_rows : int
        Lines above the header (titles).
    """

    frame: pd.DataFrame
    encoding: str
    separator: str
    skipped_rows: int
    remarks: tuple[Remark, ...] = ()


def read_table(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    header: int | Sequence[int] | None = None,
) -> TableRead:
    """Read a delimited text file, alone or in an archive.

    Parameters
    ----------
    path : Path
        A file, or an archive or folder that holds one table.
    encoding : str, optional
        None: UTF-8 (with or without mark), else Windows-1252.
    separator : str, optional
        None: the one among ``; , tab |`` that cuts the rows most evenly.
    header : int or sequence of int, optional
        Row of the names, from 0, blank rows not counted; several rows are joined by a space (a blank name takes the one on its left).
        None: the first row that is filled like the others; what stands above is a title.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When the text cannot be decoded, the file has no row, or a row has more filled cells than the header.
    """
    with opened(Path(path)) as place:
        file = _only_table(place, Path(path))
        text, used = _decoded(file, Path(path), encoding)
    cut = separator or _sniffed_separator(text)
    rows, lines = _rows(text, cut)
    if not rows:
        raise _refusal(
            path,
            Text("le fichier est vide", "the file is empty"),
            Text("redemandez-le au producteur.", "ask its producer again."),
        )
    heads = _header_rows(rows, header)
    names, renamed = _names([rows[n] for n in heads])
    body, ragged = _body(Path(path), rows[heads[-1] + 1 :], lines[heads[-1] + 1 :], len(names))
    frame = pd.DataFrame(body, columns=names, dtype=object)
    remarks = [*renamed, *ragged, *mojibake_remarks(frame)]
    return TableRead(frame, used, cut, heads[0], tuple(remarks))


def to_number(column: pd.Series, *, dash_is_zero: bool = False) -> pd.Series:
    """Turn French or English numbers into floats.

    Decimal comma or point; thousands set apart by spaces, plain, no-break or narrow; blank, ``n.d.``, ``s``, ``c``
    (INSEE secrecy) and ``NA`` give NaN; a lone dash gives NaN, or 0 where the publisher says so.

    Raises
    ------
    InvalidValueError
        When other texts are found: the message lists the first five and their number. The file and the column
        are for the caller to add.

    Examples
    --------
    >>> to_number(pd.Series(["1 751", "12,5", "n.d.", "-"])).tolist()
    [1751.0, 12.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    values = {value: _number(value, dash_is_zero) for value in column.dropna().unique()}
    wrong = [value for value, number in values.items() if number is None]
    if wrong:
        raise _invalid(column, wrong, Text("un nombre", "a number"))
    return column.map(values).astype("float64")


def to_boolean(column: pd.Series) -> pd.Series:
    """Turn ``oui``/``non``, ``1``/``0``, ``true``/``false`` into nullable booleans; blank is unknown.

    Raises
    ------
    InvalidValueError
        When other texts are found.

    Examples
    --------
    >>> to_boolean(pd.Series(["Oui", "0", None])).tolist()
    [True, False, <NA>]
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    words = column.map(lambda value: str(value).strip().lower(), na_action="ignore")
    known = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    wrong = [word for word in words.dropna().unique() if word not in known and word not in _UNKNOWN | {"-"}]
    if wrong:
        raise _invalid(words, wrong, Text("oui ou non", "yes or no"))
    return words.map(known).astype("boolean")


def restore_code(column: pd.Series, *, widths: Sequence[int] = (5,)) -> tuple[pd.Series, int]:
    """Give back the leading zero that a spreadsheet took from INSEE codes, and count the codes mended.

    Parameters
    ----------
    widths : sequence of int
        Lengths of a whole code: ``(5,)`` for communes, ``(5, 9)`` for communes or IRIS.

    Returns
    -------
    codes : Series of str
        None where blank. ``2A004`` and ``97101`` stay as they are.
    restored : int

    Examples
    --------
    >>> codes, restored = restore_code(pd.Series([1001, "10040101", "2A004", None]), widths=(5, 9))
    >>> codes.tolist(), restored
    (['01001', '010040101', '2A004', None], 2)
    """
    texts = [_code_text(value) for value in column]
    whole = [text.zfill(len(text) + 1) if _lost_zero(text, widths) else text for text in texts]
    restored = sum(before != after for before, after in zip(texts, whole, strict=True))
    return pd.Series([text or None for text in whole], index=column.index, name=column.name, dtype=object), restored


def points_from(frame: pd.DataFrame, x: str, y: str, crs: Any) -> gpd.GeoDataFrame:
    """Return `frame` with a point a row, from two columns in the units of `crs`; a blank gives a null geometry.

    Raises
    ------
    MissingColumnError
        When `x` or `y` is absent.
    InvalidValueError
        When a coordinate is not a number.
    """
    east, north = (to_number(_column(frame, name)).to_numpy() for name in (x, y))
    known = np.isfinite(east) & np.isfinite(north)
    points = np.full(len(frame), None, dtype=object)
    points[known] = shapely.points(east[known], north[known])
    return gpd.GeoDataFrame(frame.copy(), geometry=points, crs=crs)


def points_from_pair(frame: pd.DataFrame, column: str, *, crs: Any = "EPSG:4326") -> gpd.GeoDataFrame:
    """Return `frame` with a point a row, from a column of ``"latitude, longitude"`` texts.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not two numbers.
    """
    texts = _column(frame, column)
    parts = texts.str.strip().str.split(r"\s*[,;]\s*|\s+", n=1, expand=True, regex=True)
    both = parts.reindex(columns=[0, 1]).set_axis(["_latitude", "_longitude"], axis=1)
    made = points_from(both, "_longitude", "_latitude", crs)
    return gpd.GeoDataFrame(frame.copy(), geometry=made.geometry.to_numpy(), crs=crs)


def geometry_from_geojson_cells(frame: pd.DataFrame, column: str) -> gpd.GeoDataFrame:
    """Return `frame` with the geometries written as GeoJSON in `column` (EPSG:4326); a blank gives null.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not a GeoJSON geometry.
    """
    shapes = shapely.from_geojson(_texts(frame, column), on_invalid="ignore")
    return _with_geometry(frame, column, shapes, "EPSG:4326", "GeoJSON")


def geometry_from_wkt(frame: pd.DataFrame, column: str, crs: Any = None) -> gpd.GeoDataFrame:
    """Return `frame` with the geometries written as WKT in `column`; a blank gives null.

    Raises
    ------
    MissingColumnError
        When `column` is absent.
    InvalidValueError
        When a text is not WKT (a ring that is not closed, for example).
    """
    return _with_geometry(frame, column, shapely.from_wkt(_texts(frame, column), on_invalid="ignore"), crs, "WKT")


def _with_geometry(frame: pd.DataFrame, column: str, shapes: Any, crs: Any, kind: str) -> gpd.GeoDataFrame:
    texts = _texts(frame, column)
    wrong = [text for text, shape in zip(texts, shapes, strict=True) if text is not None and shape is None]
    if wrong:
        raise _invalid(
            frame[column], [text[:60] for text in wrong], Text(f"une géométrie {kind}", f"a {kind} geometry")
        )
    kept = frame.drop(columns=column)
    return gpd.GeoDataFrame(kept, geometry=shapely.force_2d(shapes), crs=crs)


def _texts(frame: pd.DataFrame, column: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    cells = [value.strip() if isinstance(value, str) else None for value in _column(frame, column)]
    return np.array([cell or None for cell in cells], dtype=object)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name in frame.columns:
        return frame[name]
    raise MissingColumnError(
        Text(
            f"colonne «{name}» absente ; colonnes présentes : {', '.join(map(str, frame.columns))}",
            f"column «{name}» is absent; columns present: {', '.join(map(str, frame.columns))}",
        ),
        Text("corrigez son nom dans territoire.toml.", "mend its name in territoire.toml."),
    )


def _invalid(column: pd.Series, wrong: Sequence[Any], wanted: Text) -> InvalidValueError:
    shown = ", ".join(f"«{value}»" for value in wrong[:5]) + ("…" if len(wrong) > 5 else "")
    n = max(int(column.isin(wrong).sum()), len(wrong))
    return InvalidValueError(
        Text(
            f"{n} valeur(s) où il faut {wanted.fr} : {shown}",
            f"{n} value(s) where {wanted.en} is needed: {shown}",
        ),
        Text(
            "corrigez ces valeurs, ou videz-les si elles sont inconnues.", "mend these values, or blank unknown ones."
        ),
    )


def _number(value: Any, dash_is_zero: bool) -> float | None:
    """Return the number, NaN for a word that says unknown, None for anything else."""
    if isinstance(value, int | float | np.number):
        return float(value)
    text = str(value).strip().replace("\u2212", "-")
    if text in {"-", "–", "—"}:
        return 0.0 if dash_is_zero else float("nan")
    if text.lower() in _UNKNOWN:
        return float("nan")
    if not _NUMBER.fullmatch(text) or not any(c.isdigit() for c in text.lower().split("e")[0]):
        return None
    return float(re.sub(f"[{_SPACES}]", "", text).replace(",", "."))


def _code_text(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _lost_zero(text: str, widths: Sequence[int]) -> bool:
    return text.isdigit() and len(text) + 1 in widths


def _refusal(path: Path, problem: Text, mend: Text) -> UnreadableLayerError:
    return UnreadableLayerError(problem, mend, file=path)


def _only_table(place: Path, asked: Path) -> Path:
    if place.is_file():
        return place
    found = find(place, "", suffixes=(".csv", ".txt", ".tsv"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(file.name for file in found) or "-"
    raise _refusal(
        asked,
        Text(
            f"il faut une table, et il y en a {len(found)} : {names}",
            f"one table is needed, {len(found)} found: {names}",
        ),
        Text("donnez le fichier lui-même.", "give the file itself."),
    )


def _decoded(file: Path, asked: Path, stated: str | None) -> tuple[str, str]:
    content = file.read_bytes()
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((name for mark, name in marks.items() if content.startswith(mark)), None)
    for tried in [stated] if stated else [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return content.decode(tried), tried
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise _refusal(
                asked,
                Text(f"encodage inconnu : «{tried}»", f"unknown encoding: «{tried}»"),
                Text('écrivez "utf-8", "cp1252" ou "cp850".', 'write "utf-8", "cp1252" or "cp850".'),
            ) from error
    raise _refusal(
        asked,
        Text(
            f"texte indéchiffrable en {stated or marked or 'UTF-8 ou Windows-1252'}",
            f"text cannot be decoded as {stated or marked or 'UTF-8 or Windows-1252'}",
        ),
        Text('essayez `encodage = "cp850"`.', 'try `encodage = "cp850"`.'),
    )


def _rows(text: str, separator: str, limit: int | None = None) -> tuple[list[list[str]], list[int]]:
    """Cut `text` into rows of stripped cells (blank rows left out), each with its line in the file."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, lines = [], []
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            rows.append(stripped)
            lines.append(reader.line_num)
        if limit is not None and len(rows) >= limit:
            break
    return rows, lines


def _sniffed_separator(text: str) -> str:
    def evenness(separator: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in _rows(text, separator, 200)[0])
        width, n = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return (n / max(widths.total(), 1) if width > 1 else 0.0, width)

    return max(_SEPARATORS, key=evenness) if any(evenness(s)[0] for s in _SEPARATORS) else ","


def _header_rows(rows: Sequence[Sequence[str]], header: int | Sequence[int] | None) -> list[int]:
    if isinstance(header, int):
        return [header]
    if header is not None:
        return sorted(header)
    filled = [sum(map(bool, row)) for row in rows[:200]]
    usual = Counter(len(row) for row in rows[:200]).most_common(1)[0][0]
    return [next((n for n, count in enumerate(filled) if count > usual / 2), 0)]


def _names(heads: Sequence[Sequence[str]]) -> tuple[list[str], list[Remark]]:
    """Join the header rows, lower-case the names, number the blank ones, suffix the repeated ones."""
    width = max(map(len, heads))
    while width > 1 and not any(len(head) >= width and head[width - 1] for head in heads):
        width -= 1
    parts = [_filled_right([*head, *[""] * width][:width], last=head is heads[-1]) for head in heads]
    wanted = [
        " ".join(p for p in column if p).lower() or f"colonne_{n}"
        for n, column in enumerate(zip(*parts, strict=True), 1)
    ]
    names: list[str] = []
    for name in wanted:
        seen = sum(other == name for other in wanted[: len(names)])
        names.append(f"{name}_{seen + 1}" if seen else name)
    repeated = sorted({name for name in wanted if wanted.count(name) > 1})
    if not repeated:
        return names, []
    listed = ", ".join(repeated)
    text = Text(f"noms de colonne en double, suffixés : {listed}", f"repeated column names, suffixed: {listed}")
    return names, [Remark(text, len(repeated))]


def _filled_right(cells: list[str], *, last: bool) -> list[str]:
    """Spread a group title over the blank cells on its right (merged cells of a spreadsheet)."""
    if last:
        return cells
    spread: list[str] = []
    for cell in cells:
        spread.append(cell or (spread[-1] if spread else ""))
    return spread


def _body(
    path: Path, rows: Sequence[Sequence[str]], lines: Sequence[int], width: int
) -> tuple[list[list[str | None]], list[Remark]]:
    short = [line for row, line in zip(rows, lines, strict=True) if len(row) < width]
    long = [line for row, line in zip(rows, lines, strict=True) if any(row[width:])]
    if long:
        shown = ", ".join(map(str, long[:5])) + ("…" if len(long) > 5 else "")
        raise _refusal(
            path,
            Text(
                f"{len(long)} ligne(s) ont plus de {width} cellules remplies (ligne {shown})",
                f"{len(long)} row(s) have more than {width} filled cells (line {shown})",
            ),
            Text(
                "mettez entre guillemets les cellules qui contiennent le séparateur.",
                "put between quotes the cells that hold the separator.",
            ),
        )
    body = [[cell or None for cell in [*row, *[""] * (width - len(row))][:width]] for row in rows]
    if not short:
        return body, []
    shown = ", ".join(map(str, short[:5])) + ("…" if len(short) > 5 else "")
    text = Text(
        f"{len(short)} ligne(s) trop courte(s), complétée(s) par des vides (ligne {shown})",
        f"{len(short)} short row(s), filled with blanks (line {shown})",
    )
    return body, [Remark(text, len(short))]
