"""The register with the decisions of the services, as a table of the same columns as the engine's."""

import csv
from collections import Counter

from ..engine_place import EngineError
from ..files import drafted
from ..words import translate

_KEY = ("regle", "code_unite", "objet", "explication")


def export_register(answers, path):
    """Write the register of the diagnosis with its decisions and notes; return the number of conflicts.

    Every value is the engine's own (``registre.csv``); only ``arbitrage`` and ``note`` are filled.

    Raises EngineError when the register cannot be read or written, or does not go with the findings.
    """
    source = answers.file.with_name("registre.csv")
    conflicts = [item for item in answers.findings if item.conflict]
    try:
        with source.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or ())
        _check(rows, columns, conflicts, source)
        left = {}
        for finding in conflicts:
            left.setdefault(_key(finding.values), []).append(finding)
        for row in rows:
            finding = left[_key(row)].pop(0)
            row["arbitrage"], row["note"] = finding.decision, finding.note
        with drafted(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise EngineError(_not_exported(error.filename or path, error.strerror or error)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise EngineError(_not_exported(source, error)) from error
    return len(rows)


def _not_exported(file, why):
    return translate(
        "TerritoireSig",
        "The register was not exported: {file}, {why}\nMend: run the diagnosis again, or choose another file.",
    ).format(file=file, why=why)


def _check(rows, columns, conflicts, source):
    whole = {"arbitrage", "note", *_KEY} <= set(columns)
    if whole and Counter(map(_key, rows)) == Counter(_key(item.values) for item in conflicts):
        return
    raise EngineError(
        translate(
            "TerritoireSig", "{} is not the register of these findings.\nMend: run the diagnosis again in this folder."
        ).format(source)
    )


def _key(values):
    return tuple(str(values[name] or "") for name in _KEY)
