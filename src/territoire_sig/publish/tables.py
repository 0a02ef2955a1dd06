"""The tables of a diagnosis, as CSV files that a re-run writes byte for byte."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import InvalidValueError, MissingColumnError
from ..model.policies import Policy
from ..model.results import Results
from ..texts import Text
from .table_schemas import TABLES, table_schema

__all__ = ["described_rows", "ordered_findings", "table_rows", "write_rows", "write_tables"]

_FINDING_ORDER = ["regle", "code_unite", "objet", "surface_m2", "longueur_m", "nombre", "habitants", "explication"]


def write_tables(results: Results, folder: Path) -> list[Path]:
    """Write the tables of the contract (:data:`~territoire_sig.publish.table_schemas.TABLES`) in `folder`.

    UTF-8, comma, LF, one header, RFC 4180 quoting, decimal point, an empty cell for unknown. Columns, order and
    rounding are those of :func:`~territoire_sig.publish.table_schemas.table_schema`: areas 0.01 m², lengths 0.01 m,
    inhabitants 0.1, shares 1e-6; trailing zeros are not written.

    Raises
    ------
    MissingColumnError
        When a table lacks a column of its schema.
    InvalidValueError
        When a number is infinite, or a whole number has decimals.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "constats": ordered_findings(results.findings),
        "indicateurs": results.indicators.sort_values(["indicateur", "code_unite"], kind="stable"),
        "indicateurs_territoire": results.overall.sort_values("indicateur", kind="stable"),
        "matrice": _ordered_matrix(results.matrix),
        "registre": results.register.sort_values("rang", kind="stable"),
    }
    paths = [folder / f"{name}.csv" for name in TABLES]
    for path in paths:
        write_rows(path, table_rows(path.stem, frames[path.stem]))
    return paths


def write_rows(path: Path, rows: Iterator[list[str]]) -> None:
    """Write rows of text as the CSV of a contract: UTF-8, comma, LF, RFC 4180 quoting."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def ordered_findings(findings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `findings` in the order of ``constats.csv``, index 0…n-1: the same whatever the order given."""
    keys = findings.assign(_wkb=findings.geometry.to_wkb(hex=True))
    order = keys.sort_values([*_FINDING_ORDER, "_wkb"], kind="stable", na_position="last").index
    return findings.loc[order].reset_index(drop=True)


def table_rows(name: str, frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the header then the cells, as text, of `frame` written as the table `name`."""
    yield from described_rows(table_schema(name), frame)


def described_rows(schema: Mapping[str, Any], frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the header then the cells, as text, of `frame` written as its Table Schema says."""
    fields = schema["fields"]
    columns = [field["name"] for field in fields]
    if missing := [column for column in columns if column not in frame.columns]:
        raise MissingColumnError(
            Text(f"il manque la colonne «{missing[0]}»", f"column «{missing[0]}» is missing"),
            Text(f"colonnes attendues : {', '.join(columns)}.", f"columns expected: {', '.join(columns)}."),
            file=schema["path"],
        )
    yield columns
    for row in frame[columns].to_dict("records"):
        yield [_cell(field, row[field["name"]], row.get("unite_mesure")) for field in fields]


def _ordered_matrix(matrix: pd.DataFrame) -> pd.DataFrame:
    rank = {policy.value: place for place, policy in enumerate(Policy)}
    return matrix.sort_values(["politique_a", "politique_b"], key=lambda names: names.map(rank), kind="stable")


def _cell(field: dict[str, Any], value: Any, unit: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if field["type"] == "string":
        return str(value)
    number = float(value)
    decimals = field.get("decimals_by_unit", {}).get(unit, field.get("decimals", 0))
    if math.isinf(number) or (field["type"] == "integer" and not number.is_integer()):
        raise InvalidValueError(
            Text(
                f"colonne «{field['name']}» : «{value}» n'est pas du type {field['type']}",
                f"column «{field['name']}»: «{value}» is not of type {field['type']}",
            ),
            Text("corrigez la mesure qui donne cette valeur.", "mend the measure that gives this value."),
        )
    text = f"{number:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
