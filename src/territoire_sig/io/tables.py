"""Text tables (CSV and alike) as they are published: encodings, separators, title lines, French numbers."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import UnreadableLayerError
from ..model.faults import Remark
from ..texts import Text
from .containers import find, opened
from .encodings import mojibake_remarks
from .placing import geometry_from_geojson_cells, geometry_from_wkt, points_from, points_from_pair
from .values import restore_code, to_boolean, to_number

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
        Row of the names, from 0, blank rows not counted; several rows are joined by a space (a blank
        group title takes the one on its left). None: the first row that is
        filled like the others; what stands above is a title.

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
    _check_header(Path(path), heads, len(rows))
    names, renamed = _names([rows[n] for n in heads])
    body, ragged = _body(Path(path), rows[heads[-1] + 1 :], lines[heads[-1] + 1 :], len(names))
    frame = pd.DataFrame(body, columns=names, dtype=object)
    remarks = [*renamed, *ragged, *mojibake_remarks(frame)]
    return TableRead(frame, used, cut, heads[0], tuple(remarks))


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


def _check_header(path: Path, heads: Sequence[int], n: int) -> None:
    if not heads or heads[0] < 0 or heads[-1] >= n:
        asked = ", ".join(map(str, heads)) or "-"
        raise _refusal(
            path,
            Text(
                f"ligne de noms {asked} demandée, et le fichier a {n} lignes",
                f"header row {asked} asked, and the file has {n} rows",
            ),
            Text("corrigez `entete` dans les options (à partir de 0).", "mend `entete` in the options (from 0)."),
        )


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
