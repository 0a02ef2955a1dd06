"""How a value is written: share, area, length, count."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..texts import Text, area_text, length_text, number_text

__all__ = ["size_text", "value_text"]

_AREAS = {"m2": 1.0, "ha": 10_000.0}
_LENGTHS = {"m": 1.0, "km": 1_000.0}
_UNIT_WORDS = {
    "habitants": Text("hab.", "inh."),
    "min": Text("min", "min"),
    "nombre": Text("", ""),
    "nombre/km2": Text("par km²", "per km²"),
    "m/km2": Text("m par km²", "m per km²"),
    "élèves": Text("élèves", "pupils"),
    "pour 1000": Text("pour 1 000", "per 1,000"),
    "écarts-types": Text("écarts-types", "standard deviations"),
    "EUR": Text("€", "€"),
    "indice": Text("", ""),
    "rapport": Text("", ""),
    "rang": Text("", ""),
}
#: Units of numbers whose second decimal is read.
_FINE = ("indice", "rapport", "pour 1000", "écarts-types")


def value_text(value: float | None, unit: str) -> Text:
    r"""Return `value` with its unit of measure, «inconnu» / “unknown” for NaN.

    Examples
    --------
    >>> value_text(0.256, "part").en, value_text(13.0, "ha").fr, value_text(0.02, "km").fr
    ('26\xa0%', '13,0\xa0ha', '20\xa0m')
    >>> value_text(0.256, "indice").fr, value_text(1.5, "pour 1000").en
    ('0,26', '1.50\xa0per 1,000')
    >>> value_text(7.25, "min").fr, value_text(3.0, "nombre").fr, value_text(float("nan"), "m").fr
    ('7,2\xa0min', '3', 'inconnu')
    """
    if value is None or pd.isna(value):
        return number_text(None)
    if unit == "part":
        return _with(number_text(100 * value), Text("%", "%"))
    if unit in _AREAS:
        return area_text(value * _AREAS[unit])
    if unit in _LENGTHS:
        return length_text(value * _LENGTHS[unit])
    whole = float(value).is_integer() or abs(value) >= 100 or unit == "habitants"
    decimals = 0 if whole else 2 if unit in _FINE else 1
    return _with(number_text(value, decimals), _UNIT_WORDS.get(unit, Text(unit, unit)))


def size_text(finding: Any) -> Text:
    """Return the size of a finding: its area, else its length, else its number of objects."""
    if not pd.isna(finding.surface_m2):
        return area_text(finding.surface_m2)
    if not pd.isna(finding.longueur_m):
        return length_text(finding.longueur_m)
    if pd.isna(finding.nombre):
        return number_text(None)
    many = finding.nombre > 1
    objects = Text("objets", "objects") if many else Text("objet", "object")
    return _with(number_text(finding.nombre), objects)


def _with(number: Text, unit: Text) -> Text:
    return Text(f"{number.fr}\u00a0{unit.fr}".rstrip("\u00a0"), f"{number.en}\u00a0{unit.en}".rstrip("\u00a0"))
