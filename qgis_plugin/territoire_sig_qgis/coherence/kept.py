"""The decisions kept beside a diagnosis, for the next one: a table that people open as well."""

import csv
import io

from ..engine_place import EngineError
from ..files import drafted, unwritable
from ..words import translate
from .answers import TO_SETTLE

SIDE = "arbitrages.csv"
#: Words of the register, in the order of the work; they are data, and are not translated in files.
DECISIONS = (TO_SETTLE, "arbitré", "écarté")
_KEY = ("regle", "code_unite", "objet")
_VALUES = ("arbitrage", "note")


def read_kept(path):
    """Return key of a finding → decision and note; none where nothing was decided yet.

    A spreadsheet that saved the table again may have changed its encoding and its separator.

    Raises EngineError where the table cannot be read: decisions would be lost.
    """
    try:
        text = _decoded(path.read_bytes())
        separator = ";" if ";" in text.partition("\n")[0] else ","
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return dict(map(_decided, rows))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, csv.Error) as error:
        raise EngineError(
            translate(
                "TerritoireSig",
                "The decisions kept in {file} cannot be read: {why}\n"
                "Mend: save it as CSV in UTF-8 with the columns {columns}, or move it out of this folder.",
            ).format(file=path, why=error, columns=", ".join(_KEY + _VALUES))
        ) from error


def write_kept(path, kept):
    """Write the decisions, whole or not at all.

    Raises EngineError where the table cannot be written.
    """
    try:
        with drafted(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*_KEY, *_VALUES])
            writer.writerows([*key, *value] for key, value in sorted(kept.items()))
    except OSError as error:
        raise EngineError(unwritable(path, error.strerror or error)) from error


def _decided(row):
    decision = row["arbitrage"] or TO_SETTLE
    if decision not in DECISIONS:
        raise ValueError(decision)
    return tuple(row[name] or "" for name in _KEY), (decision, row["note"] or "")


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")
