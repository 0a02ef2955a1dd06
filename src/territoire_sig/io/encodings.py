"""Text encodings: those that a file states, those to try, and the damage already done."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pandas as pd

from ..errors import UnreadableLayerError
from ..model.faults import Remark
from ..texts import Text

__all__ = ["check_encoding", "dbf_remarks", "encoding_remarks", "encodings_to_try", "mojibake_remarks", "sibling"]

_TAIL = {chr(b) for b in range(0x80, 0xC0)} | {bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0xC0)}
_MOJIBAKE = re.compile("[ÃÂ][" + re.escape("".join(sorted(_TAIL - {"\ufffd"}))) + "]|â€")


def mojibake_remarks(frame: pd.DataFrame) -> list[Remark]:
    """Count, by column, the texts decoded twice (``Ã©`` for ``é``); they are left as they are.

    Examples
    --------
    >>> [str(r) for r in mojibake_remarks(pd.DataFrame({"nom": ["MÃ©dÃ©e", "école"]}))]
    ['1 texte(s) mal encodé(s) dans «nom» (par exemple «MÃ©dÃ©e»), laissés tels quels']
    """
    remarks = []
    for name in frame.columns:
        if not (frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name].dtype)):
            continue
        bad = [value for value in frame[name] if isinstance(value, str) and _MOJIBAKE.search(value)]
        if bad:
            remarks.append(
                Remark(
                    Text(
                        f"{len(bad)} texte(s) mal encodé(s) dans «{name}» (par exemple «{bad[0]}»), laissés tels quels",
                        f"{len(bad)} badly encoded text(s) in «{name}» (for example «{bad[0]}»), left as they are",
                    ),
                    len(bad),
                )
            )
    return remarks


def encodings_to_try(file: Path, stated: str | None) -> list[str | None]:
    """Return the encodings to try in turn; None leaves the choice to GDAL (``.cpg``, charset, DBF code page)."""
    if file.suffix.lower() not in {".shp", ".dbf"}:
        return [None, stated] if stated else [None, "cp1252"]
    if stated:
        return [stated]
    if sibling(file, ".cpg") or _language_byte(file):
        return [None, "utf-8", "cp1252"] if sibling(file, ".cpg") else ["utf-8", None, "cp1252"]
    return ["utf-8", "cp1252"]


def _language_byte(file: Path) -> int:
    """Return byte 29 of the DBF header (code page; 0: none stated)."""
    table = sibling(file, ".dbf")
    head = table.open("rb") if table else None
    if head is None:
        return 0
    with head:
        start = head.read(30)
    return start[29] if len(start) == 30 else 0


def sibling(file: Path, suffix: str) -> Path | None:
    """Return the file beside `file` that bears `suffix`, in lower or upper case, or None."""
    names = (file.with_suffix(suffix), file.with_suffix(suffix.upper()))
    return next((name for name in names if name.exists()), None)


def check_encoding(asked: Path, layer: str, encoding: str | None) -> None:
    """Refuse an encoding that does not exist.

    Raises
    ------
    UnreadableLayerError
        When `encoding` is unknown.
    """
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise UnreadableLayerError(
            Text(f"encodage inconnu : «{encoding}»", f"unknown encoding: «{encoding}»"),
            Text('écrivez "utf-8", "cp1252" ou "cp850".', 'write "utf-8", "cp1252" or "cp850".'),
            file=asked,
            layer=layer,
        ) from error


def encoding_remarks(file: Path, stated: str | None, used: str | None) -> list[Remark]:
    """Say when the stated encoding was not used, or when Windows-1252 had to be supposed."""
    if stated and used != stated:
        return [
            Remark(
                Text(
                    f"encodage demandé ({stated}) ignoré : le fichier dit le sien",
                    f"stated encoding ({stated}) not used: the file states its own",
                )
            )
        ]
    if used == "cp1252" and not stated:
        return [
            Remark(Text("encodage absent ou faux : lu en Windows-1252", "no or wrong encoding: read as Windows-1252"))
        ]
    return []


def dbf_remarks(file: Path) -> list[Remark]:
    """Say when a Shapefile has lost its attributes."""
    if file.suffix.lower() == ".shp" and not sibling(file, ".dbf"):
        return [
            Remark(
                Text(
                    f"«{file.stem}.dbf» manque : les géométries sont lues sans leurs attributs",
                    f"«{file.stem}.dbf» is missing: geometries are read without their attributes",
                )
            )
        ]
    return []
