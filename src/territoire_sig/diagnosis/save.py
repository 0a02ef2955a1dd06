"""Saving a diagnosis: everything is written beside, then put in place by rename."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import UnreadableLayerError
from ..io.checksum import sha256
from ..model.results import Results
from ..publish.declared_tables import FOLDER, PACKAGE, write_declared_tables
from ..publish.geopackage import write_geopackage
from ..publish.tables import write_tables
from ..report.html import html_report
from ..texts import Text
from .styled import styled_layers

__all__ = ["RECORD_NAME", "TABLES", "check_folder", "save_diagnosis"]

RECORD_NAME = "execution.json"
#: The tables that a replay must give back byte for byte, with those of the folder ``tables``.
TABLES = ("constats.csv", "indicateurs.csv", "indicateurs_territoire.csv", "matrice.csv", "registre.csv")


def save_diagnosis(results: Results, folder: Path) -> Path:
    """Write `results` into `folder`, made if need be; see :meth:`Diagnosis.save`.

    Raises
    ------
    UnreadableLayerError
        When the folder cannot be written, or a file of it is held by another program.
    """
    with _put_in_place(folder) as draft:
        write_tables(results, draft)
        write_declared_tables(results, draft)
        write_geopackage(draft / "diagnostic.gpkg", styled_layers(results))
        (draft / "rapport.html").write_text(html_report(results), encoding="utf-8", newline="\n")
        outputs = {name.as_posix(): sha256(draft / name) for name in _files(draft)}
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


def check_folder(folder: Path) -> None:
    """Refuse an output that is a file, before anything is computed.

    Raises
    ------
    UnreadableLayerError
        When `folder` exists and is no folder.
    """
    if folder.exists() and not folder.is_dir():
        raise UnreadableLayerError(
            Text(
                "la sortie demandée est un fichier, et il faut un dossier",
                "the output asked for is a file, not a folder",
            ),
            Text("donnez un autre --output.", "give another --output."),
            file=folder,
        )


@contextmanager
def _put_in_place(folder: Path) -> Iterator[Path]:
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partiel", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield draft
        with _interrupts_held():
            if folder.exists():
                _replace_files(draft, folder)
            else:
                draft.chmod(0o755)
                draft.replace(folder)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace_files(draft: Path, folder: Path) -> None:
    """Put each file in its place; when one cannot be, put the former ones back. Tables of a former run go."""
    names = _files(draft)
    tables = Path(FOLDER)
    former_tables = [tables / name for name in _files(folder / tables) if name.suffix == ".csv" or name.name == PACKAGE]
    gone = [name for name in former_tables if name not in names]
    former = Path(tempfile.mkdtemp(prefix=".ancien.", dir=draft))
    placed: list[Path] = []
    try:
        for name in [*names, *gone]:
            if (folder / name).exists():
                _move(folder / name, former / name)
            placed.append(name)
            if name not in gone:
                _move(draft / name, folder / name)
    except OSError:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
            if (former / name).exists():
                _move(former / name, folder / name)
        raise


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder, relative to it, in order; none where it is not there."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block: outputs are all of one run. Only the main thread can hear it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        signal.raise_signal(signal.SIGINT)


_REASONS = {
    errno.EACCES: Text("droit d'écriture refusé", "permission denied"),
    errno.EPERM: Text("droit d'écriture refusé", "permission denied"),
    errno.EROFS: Text("disque en lecture seule", "read-only disk"),
    errno.ENOSPC: Text("disque plein", "disk full"),
}


def _refused(folder: Path, error: OSError) -> UnreadableLayerError:
    reason = _REASONS.get(error.errno or 0, Text(error.strerror or str(error), error.strerror or str(error)))
    return UnreadableLayerError(
        Text(f"impossible d'écrire dans ce dossier : {reason.fr}", f"cannot write into this folder: {reason.en}"),
        Text(
            "choisissez un autre --output, ou fermez le programme qui tient ces fichiers.",
            "choose another --output, or close the program that holds these files.",
        ),
        file=folder,
    )
