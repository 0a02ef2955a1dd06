"""The GeoPackage of an answer, written whole, or refused with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from pyogrio.errors import DataSourceError

from ..errors import UnreadableLayerError
from ..publish.geopackage import GpkgLayer, write_geopackage
from ..texts import Text

__all__ = ["write_layers"]


def write_layers(file: Path, layers: Sequence[GpkgLayer]) -> Path:
    """Write `layers` to the GeoPackage `file`, its folder made if need be, and return it.

    Raises
    ------
    UnreadableLayerError
        When it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return write_geopackage(file, layers)
    except (OSError, DataSourceError, sqlite3.Error) as error:
        raise UnreadableLayerError(
            Text(f"impossible d'écrire le résultat : {error}", f"the result cannot be written: {error}"),
            Text(
                "libérez de la place, ou fermez le programme qui tient ce fichier.",
                "free some room, or close the program that holds this file.",
            ),
            file=file,
        ) from error
