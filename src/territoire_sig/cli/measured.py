"""One analysis answered for the command line, as CSV or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..diagnosis.diagnosis import Diagnosis
from ..diagnosis.run import diagnose
from ..errors import ParameterError
from ..io.territory import read_territory
from ..model.declaration import Declaration
from ..texts import Text

__all__ = ["answer", "as_csv", "as_json"]


def answer(analysis: Declaration, territory: Path, given: dict[str, Any]) -> Diagnosis:
    """Run one analysis on a territory, with the parameters given over those of its file, and what it reads first.

    Raises
    ------
    ParameterError
        When the territory lacks a layer that the analysis needs, or a parameter is wrong.
    """
    diagnosis = diagnose(read_territory(territory).with_parameters(analysis.id, given), only=[analysis.id])
    if diagnosis.unanswered.empty:
        return diagnosis
    missing = diagnosis.unanswered["roles_manquants"].iloc[0]
    raise ParameterError(
        Text(f"{analysis.id} : il manque {missing}", f"{analysis.id}: {missing} missing"),
        Text("ajoutez une couche de ce rôle.", "add a layer of that role."),
    )


def as_csv(analysis: Declaration, found: Diagnosis, *, whole: bool, table: str | None) -> str:
    """Return one table: `table` where it is named, the values of the whole territory, else one row a unit."""
    if table is not None:
        return _csv(found.tables[analysis.id][table], index=False)
    if whole or not analysis.outputs:
        return _csv(found.overall[["indicateur", "valeur", "unite_mesure", "part_connue"]], index=False)
    return _csv(_units(analysis, found), index=True)


def as_json(analysis: Declaration, found: Diagnosis) -> str:
    """Return everything at once: values and known shares of the units, of the territory, and the tables."""
    known = found.indicators.set_index(["code_unite", "indicateur"])["part_connue"].unstack()  # noqa: PD010
    told = {
        "analyse": analysis.id,
        "parametres": dict(found.record["parametres"]["analyses"][analysis.id]),
        "unites": _rows(_units(analysis, found).reset_index()),
        "parts_connues": _rows(known.reindex(found.units.index)[_names(analysis)].reset_index()),
        "territoire": _rows(found.overall),
        "tables": {name: _rows(frame) for name, frame in found.tables.get(analysis.id, {}).items()},
    }
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _names(analysis: Declaration) -> list[str]:
    return [output.name for output in analysis.outputs]


def _units(analysis: Declaration, found: Diagnosis) -> pd.DataFrame:
    return pd.DataFrame(found.units[["nom_unite", *_names(analysis)]])


def _csv(frame: pd.DataFrame, *, index: bool) -> str:
    text: str = frame.to_csv(index=index, lineterminator="\n")
    return text


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows that JSON can hold; unknown is null."""
    plain = frame.astype(object).where(frame.notna(), None).replace({np.inf: None, -np.inf: None})
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
