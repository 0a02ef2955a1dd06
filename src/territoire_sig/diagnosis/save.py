"""Saving a diagnosis: everything is written beside, then put in place by rename."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import UnreadableLayerError
from ..io.checksum import sha256
from ..model.results import Results
from ..publish.geopackage import write_geopackage
from ..publish.layers import diagnosis_layers
from ..publish.tables import write_tables
from ..report.html import html_report
from ..report.qml import diagnosis_styles
from ..texts import Text

__all__ = ["RECORD_NAME", "TABLES", "save_diagnosis"]

RECORD_NAME = "execution.json"
#: The tables that a replay must give back byte for byte.
TABLES = ("constats.csv", "indicateurs.csv", "matrice.csv", "registre.csv")


def save_diagnosis(results: Results, folder: Path) -> Path:
    """Write `results` into `folder`, made if need be; see :meth:`Diagnosis.save`.

    Raises
    ------
    UnreadableLayerError
        When the folder cannot be written, or a file of it is held by another program.
    """
    with _put_in_place(folder) as draft:
        write_tables(results, draft)
        write_geopackage(draft / "diagnostic.gpkg", diagnosis_layers(results, diagnosis_styles(results)))
        (draft / "rapport.html").write_text(html_report(results), encoding="utf-8", newline="\n")
        outputs = {path.name: sha256(path) for path in sorted(draft.iterdir())}
        record = _located(results, folder) | {"sorties": outputs}
        text = json.dumps(record, ensure_ascii=False, indent=2, default=str, allow_nan=False)
        (draft / RECORD_NAME).write_text(text + "\n", encoding="utf-8", newline="\n")
    return folder


def _located(results: Results, folder: Path) -> dict[str, object]:
    """Return the record with the territory's path relative to the output, so that both may move together."""
    place = results.territory.path.resolve()
    try:
        shown = os.path.relpath(place, folder.resolve())
    except ValueError:  # another drive, on Windows
        shown = str(place)
    territory = {**results.record["territoire"], "fichier": Path(shown).as_posix()}
    return {**results.record, "territoire": territory}


@contextmanager
def _put_in_place(folder: Path) -> Iterator[Path]:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partiel", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield draft
        folder.mkdir(exist_ok=True)
        for path in sorted(draft.iterdir()):
            path.replace(folder / path.name)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refused(folder: Path, error: OSError) -> UnreadableLayerError:
    reason = error.strerror or str(error)
    return UnreadableLayerError(
        Text(f"impossible d'écrire dans ce dossier : {reason}", f"cannot write into this folder: {reason}"),
        Text(
            "choisissez un autre --output, ou fermez le programme qui tient ces fichiers.",
            "choose another --output, or close the program that holds these files.",
        ),
        file=folder,
    )
