"""The Table Schemas of the tables that a diagnosis writes, and the pages that document them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = ["TABLES", "schema_page", "table_schema", "write_schema_pages"]

#: Tables that a diagnosis writes; each has its schema in ``schemas/<name>.json``.
TABLES = ("constats", "indicateurs", "indicateurs_territoire", "matrice", "registre")

_WORDS = {
    "": ("Fichier", "Codage", "Ordre des lignes", "Clé", "Colonne", "Type", "Unité", "Valeurs", "Sens", "arrondi à"),
    "_en": ("File", "Encoding", "Row order", "Key", "Column", "Type", "Unit", "Values", "Meaning", "rounded to"),
}
_ENCODING = {
    "": "UTF-8, séparateur virgule, fin de ligne LF, une ligne d'en-tête, guillemets selon la RFC 4180, "
    "point décimal ; une cellule vide veut dire « inconnu »",
    "_en": "UTF-8, comma separator, LF line ends, one header row, RFC 4180 quoting, decimal point; "
    "an empty cell means “unknown”",
}


@cache
def table_schema(name: str) -> dict[str, Any]:
    """Return the Table Schema (a Frictionless descriptor) of the table `name`.

    Beside the standard properties, each field has ``title_en``, ``description_en`` and, for numbers, ``unit``
    and ``decimals`` (digits kept; ``decimals_by_unit`` where the unit is a column of the row).

    Examples
    --------
    >>> [field["name"] for field in table_schema("matrice")["fields"]][:3]
    ['politique_a', 'politique_b', 'score_net']
    """
    text = files("territoire_sig.publish").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def schema_page(schema: dict[str, Any]) -> str:
    """Return the Markdown page of a table: in French, then in English."""
    sections = [_section(schema, suffix) for suffix in ("", "_en")]
    return f"# `{schema['path']}`\n\n" + "\n".join(sections)


def write_schema_pages(folder: Path) -> list[Path]:
    """Write the page of every table in `folder` and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [folder / f"{name}.md" for name in TABLES]
    for page in pages:
        page.write_text(schema_page(table_schema(page.stem)), encoding="utf-8", newline="\n")
    return pages


def _section(schema: dict[str, Any], suffix: str) -> str:
    file, encoding, order, key, *heads, rounded = _WORDS[suffix]
    colon = " :" if suffix == "" else ":"
    lines = [
        f"## {schema['title' + suffix]}",
        "",
        schema["description" + suffix],
        "",
        f"- {file}{colon} `{schema['path']}`",
        f"- {encoding}{colon} {_ENCODING[suffix]}",
        f"- {order}{colon} {schema['order' + suffix]}",
    ]
    if "primaryKey" in schema:
        lines.append(f"- {key}{colon} {', '.join(f'`{name}`' for name in schema['primaryKey'])}")
    lines += ["", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [_row(field, suffix, rounded) for field in schema["fields"]]
    return "\n".join([*lines, ""])


def _row(field: dict[str, Any], suffix: str, rounded: str) -> str:
    unit = field.get("unit", "")
    if "decimals_by_unit" in field:
        unit = ", ".join(f"`{name}` {rounded} {_step(n)}" for name, n in field["decimals_by_unit"].items())
        unit += f", … {rounded} {_step(field['decimals'])}"
    elif "decimals" in field:
        unit += f", {rounded} {_step(field['decimals'])}"
    meaning = f"**{field['title' + suffix]}.** {field['description' + suffix]}"
    return f"| `{field['name']}` | {field['type']} | {unit} | {_values(field)} | {meaning} |"


def _step(decimals: int) -> str:
    return f"{10**-decimals:.{decimals}f}"


def _values(field: dict[str, Any]) -> str:
    rules = field.get("constraints", {})
    if "enum" in rules:
        return ", ".join(f"`{value}`" for value in rules["enum"])
    bounds = [
        f"{sign} {rules[name]}" for name, sign in (("minimum", "≥"), ("maximum", "≤")) if rules.get(name) is not None
    ]
    return ", ".join(bounds)
