"""Replaying a recorded run: same inputs, same parameters, same tables to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ChecksumError, MissingFileError, UnreadableLayerError
from ..io.checksum import sha256
from ..io.territory import read_territory
from ..model.territory import Provenance, Territory
from ..texts import Text, language
from .run import Progress, diagnose

__all__ = ["Replay", "replay"]


@dataclass(frozen=True)
class Replay:
    """What a replay gave: the folder, and the tables that differ from the recorded ones (none, one hopes)."""

    folder: Path
    different: tuple[str, ...]


def replay(record_path: str | Path, folder: str | Path, *, progress: Progress | None = None) -> Replay:
    """Run again what ``execution.json`` records, into `folder`, and compare the tables byte for byte.

    Raises
    ------
    MissingFileError
        When the record or the territory file is not there.
    UnreadableLayerError
        When the record is not one.
    ChecksumError
        When an input has changed since: the message names it.
    """
    path, target = Path(record_path), Path(folder)
    record = _record(path)
    with _recorded_language(record):
        territory = _territory(record, path)
        diagnosis = diagnose(territory, only=record["seulement"], progress=progress)
        diagnosis.save(target)
    different = [name for name, checksum in _tables(record).items() if _checksum(target / name) != checksum]
    return Replay(target, tuple(different))


def _tables(record: dict[str, Any]) -> dict[str, str]:
    """Return the checksum of each table of a record: those of the contract, and those of the analyses."""
    return {name: checksum for name, checksum in record["sorties"].items() if name.endswith(".csv")}


def _checksum(path: Path) -> str | None:
    return sha256(path) if path.is_file() else None


def _record(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingFileError(
            Text("ce fichier d'exécution n'existe pas", "this record does not exist"),
            Text("donnez le chemin d'un execution.json.", "give the path of an execution.json."),
            file=path,
        )
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        _ = record["territoire"]["fichier"], record["entrees"], record["sorties"], record["seulement"], record["langue"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableLayerError(
            Text(f"ce n'est pas une exécution enregistrée ({error!r})", f"this is not a recorded run ({error!r})"),
            Text(
                "donnez un execution.json écrit par territoire-sig diagnostic.",
                "give an execution.json written by territoire-sig diagnostic.",
            ),
            file=path,
        ) from error
    return dict(record)


@contextmanager
def _recorded_language(record: dict[str, Any]) -> Iterator[None]:
    with language("en" if record["langue"] == "en" else "fr"):
        yield


def _territory(record: dict[str, Any], path: Path) -> Territory:
    place = path.parent / record["territoire"]["fichier"]
    territory = read_territory(place)
    found = {(p.file, p.layer, p.format): p.sha256 for p in _provenances(territory)}
    _compare(str(place), record["territoire"]["sha256"], sha256(place))
    for entry in record["entrees"]:
        key = (entry["fichier"], entry["couche"], entry["format"])
        _compare(entry["fichier"], entry["sha256"], found.get(key))
    annexes = {(p.file, p.layer, p.format): dict(p.companions) for p in _provenances(territory)}
    for entry in record["entrees"]:
        known = annexes.get((entry["fichier"], entry["couche"], entry["format"]), {})
        for companion in entry["annexes"]:
            _compare(companion["fichier"], companion["sha256"], known.get(companion["fichier"]))
    for rules, now in zip(record["regles"]["fichiers"], territory.rule_files, strict=True):
        _compare(str(now), rules["sha256"], sha256(now))
    return territory


def _provenances(territory: Territory) -> list[Provenance]:
    layers = [item for layer in territory.layers.values() for item in layer.provenance]
    return [*territory.units_provenance, *layers]


def _compare(file: str, recorded: str, now: str | None) -> None:
    if recorded != now:
        raise ChecksumError(
            Text(
                f"ce fichier a changé depuis l'exécution : SHA-256 {now}, enregistré {recorded}",
                f"this file has changed since the run: SHA-256 {now}, recorded {recorded}",
            ),
            Text(
                "remettez la version d'origine, ou lancez un nouveau diagnostic.",
                "put the original version back, or run a new diagnosis.",
            ),
            file=file,
        )
