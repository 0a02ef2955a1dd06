"""Two quantities on one map: nine classes of three by three, their QGIS style and their legend.

Each quantity is cut at its terciles, over the units where it is known; a unit where either is unknown is hatched.
Equal values always fall in one class: where there are so many that a class would be empty, the cut is at the terciles
of the different values.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np

from ..errors import InvalidValueError
from ..model.declaration import Output
from ..texts import Text
from .palette import BIVARIATE
from .qml import bivariate_document
from .values import value_text

__all__ = ["bivariate_legend", "bivariate_style", "terciles"]

_LEVELS = (Text("bas", "low"), Text("moyen", "medium"), Text("haut", "high"))
_PATCH, _LEFT, _TOP = 54, 120, 10


def terciles(frame: gpd.GeoDataFrame, output: Output) -> tuple[float, float]:
    """Return the two values that cut the known values of a column into three classes.

    Raises
    ------
    InvalidValueError
        When fewer than three different values are known: there are no three classes to draw.
    """
    known = frame[output.name].to_numpy(dtype=float, na_value=np.nan)
    known = known[np.isfinite(known)]
    if len(np.unique(known)) < 3:
        raise InvalidValueError(
            Text(
                f"«{output.text.fr}» n'a que {len(np.unique(known))} valeur(s) différente(s)",
                f"«{output.text.en}» has only {len(np.unique(known))} different value(s)",
            ),
            Text(
                "choisissez une colonne d'au moins trois valeurs, ou une carte à une seule grandeur.",
                "choose a column of three values at least, or a map of one quantity.",
            ),
        )
    low, high = np.quantile(known, [1 / 3, 2 / 3], method="inverted_cdf")
    if not low < high < known.max():
        low, high = np.quantile(np.unique(known), [1 / 3, 2 / 3], method="inverted_cdf")
    return float(low), float(high)


def bivariate_style(frame: gpd.GeoDataFrame, first: Output, second: Output) -> str:
    """Return the style of `frame` (polygons) by two columns: blue for the first, orange for the second.

    Raises
    ------
    InvalidValueError
        When a column has fewer than three different values.
    """
    rows, columns = _clauses(first, terciles(frame, first)), _clauses(second, terciles(frame, second))
    unknown = f"{_quoted(first)} IS NULL OR {_quoted(second)} IS NULL"
    rules = [
        (f"{row} AND {column}", str(_class_text(i, j, first, second)), BIVARIATE[i][j])
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]
    title = Text(f"{first.text.fr} × {second.text.fr}", f"{first.text.en} × {second.text.en}")
    return bivariate_document(title, rules, unknown)


def bivariate_legend(frame: gpd.GeoDataFrame, first: Output, second: Output) -> str:
    """Return the legend as an SVG picture: three by three patches, the bounds of the classes, the two names.

    Raises
    ------
    InvalidValueError
        When a column has fewer than three different values.
    """
    side, ticks = 3 * _PATCH, (terciles(frame, first), terciles(frame, second))
    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox="0 0 365 270", width="365", height="270")
    root.set("font-family", "Open Sans, DejaVu Sans, sans-serif")
    for i, row in enumerate(BIVARIATE):
        for j, colour in enumerate(row):
            x, y = _LEFT + j * _PATCH, _TOP + (2 - i) * _PATCH
            place = {"x": str(x), "y": str(y), "width": str(_PATCH), "height": str(_PATCH)}
            ET.SubElement(root, "rect", place, fill=colour, stroke="#ffffff")
    for rank, bound in enumerate(ticks[0]):
        _write(root, _LEFT - 6, _TOP + (2 - rank) * _PATCH + 4, str(value_text(bound, first.unit)), "end", 11)
    for rank, bound in enumerate(ticks[1]):
        _write(root, _LEFT + (rank + 1) * _PATCH, _TOP + side + 15, str(value_text(bound, second.unit)), "middle", 11)
    _unknown(root)
    _axis(root, str(first.text), str(second.text), side)
    return ET.tostring(root, encoding="unicode")


def _unknown(root: ET.Element) -> None:
    """Draw the hatched patch of the units where a quantity is unknown."""
    x, y, size = _LEFT + 3 * _PATCH + 10, _TOP + 3 * _PATCH - 16, 16
    box = {"x": str(x), "y": str(y), "width": str(size), "height": str(size)}
    ET.SubElement(root, "rect", box, fill="#ffffff", stroke="#8c8c8c")
    for step in (5, 10, 15):
        lines = f"M{x} {y + step} L{x + step} {y} M{x + step} {y + size} L{x + size} {y + step}"
        ET.SubElement(root, "path", d=lines, stroke="#a6a6a6", fill="none")
    _write(root, x + size + 4, y + 12, str(Text("inconnu", "unknown")), "start", 11)


def _axis(root: ET.Element, first: str, second: str, side: int) -> None:
    """Write the two names, each with an arrow towards the high values, cut into lines that fit."""
    lines = _cut(second + "\u00a0→", 46)
    for rank, line in enumerate(lines):
        _write(root, _LEFT + side / 2, _TOP + side + 34 + 14 * rank, line, "middle", 12)
    for rank, line in enumerate(_cut(first + "\u00a0→", 28)):
        written = _write(root, 0, 0, line, "middle", 12)
        written.set("transform", f"translate({16 + 14 * rank} {_TOP + side / 2}) rotate(-90)")


def _cut(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


def _write(root: ET.Element, x: float, y: float, text: str, anchor: str, size: int) -> ET.Element:
    written = ET.SubElement(root, "text", {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor, "font-size": str(size)})
    written.set("fill", "#333333")
    written.text = text
    return written


def _clauses(output: Output, bounds: Sequence[float]) -> list[str]:
    name, (low, high) = _quoted(output), bounds
    return [f"{name} <= {low!r}", f"{name} > {low!r} AND {name} <= {high!r}", f"{name} > {high!r}"]


def _quoted(output: Output) -> str:
    return '"' + output.name.replace('"', '""') + '"'


def _class_text(i: int, j: int, first: Output, second: Output) -> Text:
    one, two = _LEVELS[i], _LEVELS[j]
    return Text(
        f"{first.text.fr} : {one.fr} ; {second.text.fr} : {two.fr}",
        f"{first.text.en}: {one.en}; {second.text.en}: {two.en}",
    )
