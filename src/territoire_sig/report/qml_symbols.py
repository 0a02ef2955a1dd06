"""Symbols of QGIS styles: a marker, a line or a fill of one layer."""

from __future__ import annotations

from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

__all__ = ["SECOND_SIGNS", "Kind", "symbol"]

Kind: TypeAlias = Literal["marker", "line", "fill"]

#: Second signs of classes whose colours are confused, by kind: hatching, dashes, shapes.
SECOND_SIGNS: dict[Kind, tuple[str, ...]] = {
    "fill": ("solid", "b_diagonal", "f_diagonal", "horizontal", "vertical", "cross", "diagonal_x"),
    "line": ("solid", "dash", "dot", "dash dot", "dash dot dot"),
    "marker": ("circle", "square", "triangle", "diamond", "pentagon", "star", "cross_fill"),
}
_CLASSES: dict[Kind, str] = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}


def symbol(
    kind: Kind,
    colour: str,
    size_mm: float,
    *,
    shape: str = "circle",
    opacity: float = 1.0,
    outline: str = "#ffffff",
    pattern: str = "solid",
) -> ET.Element:
    """Return a symbol: `size_mm` is the diameter of a marker, the width of a line or of the outline of a fill.

    `pattern` is the hatching of a fill, or the dashes of a line.

    Examples
    --------
    >>> symbol("line", "#d94801", 0.8).find("layer").get("class")
    'SimpleLine'
    """
    drawn = ET.Element("symbol", type=kind, name="0", alpha="1", clip_to_extent="1", force_rhr="0")
    layer = ET.SubElement(drawn, "layer", {"class": _CLASSES[kind], "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in _options(kind, colour, size_mm, shape, opacity, outline, pattern).items():
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
    return drawn


def _options(
    kind: Kind, colour: str, size_mm: float, shape: str, opacity: float, outline: str, pattern: str
) -> dict[str, str]:
    ink, size = _rgba(colour, opacity), f"{size_mm:g}"
    if kind == "line":
        return {
            "line_color": ink, "line_width": size, "line_width_unit": "MM", "line_style": pattern,
            "capstyle": "round", "joinstyle": "round",
        }  # fmt: skip
    edge = {"outline_color": _rgba(outline, 1.0), "outline_style": "solid", "outline_width_unit": "MM"}
    if kind == "marker":
        return {
            **edge, "name": shape, "color": ink, "size": size, "size_unit": "MM", "outline_width": "0.3",
            "scale_method": "diameter", "angle": "0", "joinstyle": "bevel",
        }  # fmt: skip
    return {**edge, "color": ink, "style": pattern, "outline_width": size, "joinstyle": "bevel"}


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
