"""The tables that analyses declare: their files, and the data package that describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..model.declaration import Declaration, Output, Table
from ..model.results import Results
from .table_schemas import table_schema
from .tables import described_rows, write_rows

__all__ = ["FOLDER", "PACKAGE", "declared_schema", "table_name", "write_declared_tables"]

#: Folder of the tables, in that of the diagnosis.
FOLDER = "tables"
#: Descriptor of the tables (Frictionless Data Package), in their folder.
PACKAGE = "datapackage.json"


def table_name(analysis: Declaration, table: Table) -> str:
    """Return the name of the file of a table, without its suffix, and of its table in a GeoPackage."""
    return f"{analysis.id}_{table.name}"


def write_declared_tables(results: Results, folder: Path) -> list[Path]:
    """Write the tables of `results` as ``tables/<analysis>_<table>.csv``, and ``tables/datapackage.json``.

    The CSV are those of the contract (see :func:`~territoire_sig.publish.tables.write_tables`), rows in the order
    that the analysis gave. Nothing is written where no analysis has a table.
    """
    there = [
        (declared_schema(analysis, table), results.tables[analysis.id][table.name])
        for analysis in results.analyses
        for table in analysis.tables
        if analysis.id in results.tables
    ]
    if not there:
        return []
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    for schema, frame in there:
        write_rows(place / schema["path"], described_rows(schema, frame))
    package = {"name": "territoire-sig-tables", "resources": [_resource(schema) for schema, _ in there]}
    text = json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False)
    (place / PACKAGE).write_text(text + "\n", encoding="utf-8", newline="\n")
    return [*(place / schema["path"] for schema, _ in there), place / PACKAGE]


def declared_schema(analysis: Declaration, table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table, in the form of :func:`~territoire_sig.publish.table_schemas.table_schema`."""
    name = table_name(analysis, table)
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": table.text.fr,
        "title_en": table.text.en,
        "description": analysis.summary.fr,
        "description_en": analysis.summary.en,
        "missingValues": [""],
        "fields": [_field(column) for column in table.columns],
    }


def _field(column: Output) -> dict[str, Any]:
    told = {"title": column.text.fr, "title_en": column.text.en}
    if column.unit == "texte":
        return {"name": column.name, "type": "string", **told}
    value = next(field for field in table_schema("indicateurs")["fields"] if field["name"] == "valeur")
    decimals = value["decimals_by_unit"].get(column.unit, value["decimals"])
    bounds = {"minimum": column.minimum, "maximum": 1 if column.unit == "part" else None}
    rules = {name: bound for name, bound in bounds.items() if bound is not None}
    return {
        "name": column.name,
        "type": "number",
        **told,
        "unit": column.unit,
        "decimals": decimals,
        **({"constraints": rules} if rules else {}),
    }


def _resource(schema: dict[str, Any]) -> dict[str, Any]:
    told = {name: schema[name] for name in ("name", "path", "title", "title_en", "description", "description_en")}
    return {
        **told,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"missingValues": schema["missingValues"], "fields": schema["fields"]},
    }
