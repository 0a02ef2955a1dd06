"""The indicators as the report shows them: by family, each analysis with its values, its tables and its method."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Output, Table
from ..model.families import Family
from ..model.results import Results
from ..texts import Text
from .curves import curve_picture
from .values import value_text

__all__ = ["Answer", "FamilyAnswers", "answers_by_family", "whole_values"]

#: Columns of a table narrow enough to be printed; rows of a table of an analysis that are shown.
_COLUMNS, _ROWS = 6, 12

#: A value and, where the data reach a part of the unit only, that part.
Cell: TypeAlias = tuple[Text, Text | None]


@dataclass(frozen=True)
class UnitTable:
    """A few outputs of one analysis: for each unit, its name and its cells."""

    outputs: tuple[Output, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class OtherTable:
    """A table of an analysis: its curve as a PNG in base 64 where it is one, else its first rows, as text."""

    table: Table
    rows: tuple[tuple[Text | str, ...], ...]
    left: int
    picture: str | None
    file: str


@dataclass(frozen=True)
class Answer:
    """An analysis: its values of the whole territory, by unit, its tables, and the outputs that are known nowhere."""

    analysis: Declaration
    whole: tuple[tuple[Output, Cell], ...]
    tables: tuple[UnitTable, ...]
    others: tuple[OtherTable, ...]
    unknown: tuple[Output, ...]

    @classmethod
    def of(cls, analysis: Declaration, results: Results) -> Answer:
        """Return the answer of an analysis, cut into tables narrow enough to be printed."""
        there = [output for output in analysis.outputs if output.name in results.units.columns]
        shown = [output for output in there if results.units[output.name].notna().any()]
        parts = [shown[start : start + _COLUMNS] for start in range(0, len(shown), _COLUMNS)]
        frames = results.tables.get(analysis.id, {})
        return cls(
            analysis,
            _whole(analysis, results),
            tuple(_unit_table(part, results) for part in parts),
            tuple(_other(analysis, table, frames[table.name]) for table in analysis.tables if table.name in frames),
            tuple(output for output in there if output not in shown),
        )


@dataclass(frozen=True)
class FamilyAnswers:
    """The analyses of one family."""

    family: Family
    answers: tuple[Answer, ...]


def answers_by_family(results: Results) -> list[FamilyAnswers]:
    """Return what each analysis answered, by family, in the order of :class:`Family`; a family without one is not."""
    found = [Answer.of(analysis, results) for analysis in results.analyses]
    grouped = [
        FamilyAnswers(family, tuple(answer for answer in found if answer.analysis.family is family))
        for family in Family
    ]
    return [group for group in grouped if group.answers]


def whole_values(results: Results) -> list[tuple[Output, Cell]]:
    """Return every value of the whole territory with its declaration, in the order of the analyses."""
    return [pair for analysis in results.analyses for pair in _whole(analysis, results)]


def _whole(analysis: Declaration, results: Results) -> tuple[tuple[Output, Cell], ...]:
    told = results.overall[["indicateur", "valeur", "part_connue"]].itertuples(index=False)
    found = {name: (float(value), float(known)) for name, value, known in told}
    return tuple((output, _cell(output, *found[output.name])) for output in analysis.overall if output.name in found)


def _unit_table(outputs: Sequence[Output], results: Results) -> UnitTable:
    names = [output.name for output in outputs]
    there = results.indicators[results.indicators["indicateur"].isin(names)]
    known = there.set_index(["indicateur", "code_unite"])["part_connue"].to_dict()
    rows = tuple(
        (
            unit["nom_unite"],
            tuple(_cell(output, unit[output.name], known.get((output.name, code))) for output in outputs),
        )
        for code, unit in results.units[["nom_unite", *names]].iterrows()
    )
    return UnitTable(tuple(outputs), rows)


def _other(analysis: Declaration, table: Table, frame: pd.DataFrame) -> OtherTable:
    file = f"tables/{analysis.id}_{table.name}.csv"
    if table.curve:
        picture = base64.b64encode(curve_picture(table, frame)).decode("ascii")
        return OtherTable(table, (), 0, picture, file)
    rows = [
        tuple(_text(column, value) for column, value in zip(table.columns, row, strict=True))
        for row in frame.head(_ROWS).itertuples(index=False)
    ]
    return OtherTable(table, tuple(rows), max(len(frame) - _ROWS, 0), None, file)


def _text(column: Output, value: object) -> Text | str:
    unknown = value is None or value is pd.NA or value != value
    if column.unit == "texte":
        return "" if unknown else str(value)
    return value_text(np.nan if unknown else float(str(value)), column.unit)


def _cell(output: Output, value: float | None, known: float | None) -> Cell:
    """Return the value and, where the data reach a part of the unit only, that part.

    A share that is not a number where the data do reach is not unknown: there is nothing to take a share of.
    """
    if known and (value is None or math.isnan(value)):
        return Text("sans objet", "nothing there"), None
    if known is None or pd.isna(value) or not known < 0.995:
        return value_text(value, output.unit), None
    little = Text("moins de 1\u00a0%", "less than 1\u00a0%")
    return value_text(value, output.unit), little if known < 0.01 else value_text(known, "part")
