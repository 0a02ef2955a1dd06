"""QGIS styles (QML, for QGIS 3.22 and later) of the layers of a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from ..model.declaration import Declaration, Output
from ..model.results import Results
from ..texts import Text
from .palette import EXPRESSION, FINDING_CLASSES, INDICATOR_RAMP, UNKNOWN_COLOUR, FindingClass, second_signs
from .qml_symbols import SECOND_SIGNS, Kind, symbol
from .values import value_text

__all__ = [
    "Kind",
    "bivariate_document",
    "class_style",
    "diagnosis_styles",
    "finding_style",
    "graduated_style",
    "indicator_style",
    "indicator_styles",
    "single_style",
]

_GEOMETRY: dict[Kind, str] = {"marker": "0", "line": "1", "fill": "2"}
_KINDS: dict[str, Kind] = {"Point": "marker", "LineString": "line", "LinearRing": "line", "Polygon": "fill"}
#: Names of the layers of a map, from the widest kind; the first kind that a map holds bears no suffix.
_SUFFIXES: dict[Kind, str] = {"fill": "_surfaces", "line": "_lignes", "marker": "_points"}
_FINDING_LAYERS: dict[str, Kind] = {
    "constats": "marker",
    "constats_points": "marker",
    "constats_lignes": "line",
    "constats_surfaces": "fill",
}
_FINDING_TIP = '<b>[% "titre" %]</b> – [% "nom_unite" %]<br>[% "explication" %]'
_EDGE = "#8c8c8c"
_UNKNOWN_INK = "#a6a6a6"
_UNKNOWN = Text("inconnu", "unknown")
_OTHERS = Text("autre ou inconnu", "other or unknown")


def diagnosis_styles(results: Results) -> dict[str, str]:
    """Return the QML style of each layer of the GeoPackage of `results`, by layer name, in the current language.

    ``unites`` shows the indicator known in most units, the first declared among equals.
    """
    styles = {name: finding_style(kind) for name, kind in _FINDING_LAYERS.items()}
    outputs = [output for analysis in results.analyses for output in analysis.outputs]
    there = [output for output in outputs if output.name in results.units.columns]
    shown = max(there, key=lambda output: results.units[output.name].count(), default=None)
    styles["unites"] = indicator_style(results.units, shown) if shown else _plain_units()
    for analysis in results.analyses:
        if analysis.id in results.maps:
            styles |= _map_styles(analysis, results.maps[analysis.id])
    return styles


def _map_styles(analysis: Declaration, frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the styles of a map: its widest kind of geometry bears the name of the analysis, the others are beside."""
    kinds = set(frame.geom_type.dropna().astype("object").str.removeprefix("Multi").map(_KINDS))
    drawn: list[Kind] = [kind for kind in _SUFFIXES if kind in kinds] or ["fill"]
    names = [analysis.id, *(analysis.id + _SUFFIXES[kind] for kind in drawn[1:])]
    return {name: class_style(analysis.map_classes, kind) for name, kind in zip(names, drawn, strict=True)}


def finding_style(kind: Kind) -> str:
    """Return the style of findings drawn as `kind`: by sign of the score, then by severity."""
    classes = [(item.key, str(item.text), _finding_symbol(item, kind)) for item in FINDING_CLASSES]
    root = _document(kind, _categorized(EXPRESSION, classes))
    ET.SubElement(root, "mapTip").text = _FINDING_TIP
    return _text(root)


def class_style(
    classes: Mapping[str, tuple[Text, str]], kind: Kind, *, column: str = "classe", others: bool = False
) -> str:
    """Return the style of a map: one colour for each value of `column`, and a second sign where colours are confused.

    `others` adds a class for the values that `classes` lacks, and for the unknown.
    """
    ranks = second_signs([colour for _, colour in classes.values()])
    shown = [
        (value, str(text), _class_symbol(kind, colour, rank))
        for (value, (text, colour)), rank in zip(classes.items(), ranks, strict=True)
    ]
    if others:
        shown.append(("", str(_OTHERS), _class_symbol(kind, UNKNOWN_COLOUR, 1)))
    return _text(_document(kind, _categorized(column, shown)))


def _class_symbol(kind: Kind, colour: str, rank: int) -> ET.Element:
    sign = SECOND_SIGNS[kind][rank % len(SECOND_SIGNS[kind])]
    if kind == "marker":
        return symbol("marker", colour, 2.6, shape=sign, outline="#333333")
    if kind == "line":
        return symbol("line", colour, 0.9, pattern=sign)
    plain = sign == "solid"
    return symbol("fill", colour, 0.2, pattern=sign, opacity=0.75 if plain else 1.0, outline=_EDGE)


def single_style(title: Text, colour: str, kind: Kind) -> str:
    """Return the style of a layer whose features are all drawn alike."""
    root = _document(kind, _ruled(str(title), [("", str(title), _class_symbol(kind, colour, 0))]))
    return _text(root)


def indicator_styles(units: gpd.GeoDataFrame, outputs: Iterable[Output]) -> dict[str, str]:
    """Return one style of the units for each of `outputs`, by its text."""
    return {str(output.text): indicator_style(units, output) for output in outputs}


def indicator_style(units: gpd.GeoDataFrame, output: Output) -> str:
    """Return the style of the units by `output`: five classes, the darkest where attention is due, unknown hatched."""
    return graduated_style(units, output, "fill", label="nom_unite")


def graduated_style(frame: gpd.GeoDataFrame, output: Output, kind: Kind, *, label: str | None = None) -> str:
    """Return the style of `frame` by the column `output`, and with the names of column `label`, if any."""
    bounds = _bounds(frame[output.name], output.unit)
    ramp = INDICATOR_RAMP[::-1] if output.better > 0 else INDICATOR_RAMP
    colours = [ramp[round(rank * 4 / max(len(bounds) - 2, 1))] for rank in range(len(bounds) - 1)]
    column = '"' + output.name.replace('"', '""') + '"'
    rules = [(f"{column} IS NULL", str(_UNKNOWN), _unknown_symbol(kind))]
    for rank, (low, high) in enumerate(pairwise(bounds)):
        last = rank == len(bounds) - 2
        told = f"{value_text(low, output.unit)} – {value_text(high, output.unit)}"
        where = f"{column} >= {low:.12g} AND {column} {'<=' if last else '<'} {high:.12g}"
        rules.append((where, told, _step_symbol(kind, colours[rank])))
    root = _document(kind, _ruled(str(output.text), rules))
    if label is not None:
        _append_labels(root, label)
    return _text(root)


def bivariate_document(title: Text, rules: Iterable[tuple[str, str, str]], unknown: str) -> str:
    """Return the style of units by `rules` (condition, label, colour), hatched where the condition `unknown` holds."""
    drawn = [(where, told, symbol("fill", colour, 0.3, outline=_EDGE)) for where, told, colour in rules]
    root = _document("fill", _ruled(str(title), [*drawn, (unknown, str(_UNKNOWN), _unknown_symbol("fill"))]))
    return _text(root)


def _unknown_symbol(kind: Kind) -> ET.Element:
    if kind == "fill":
        return symbol("fill", _UNKNOWN_INK, 0.3, outline=_EDGE, pattern="b_diagonal")
    return symbol(kind, UNKNOWN_COLOUR, 1.8 if kind == "marker" else 0.9, shape="cross_fill", pattern="dot")


def _step_symbol(kind: Kind, colour: str) -> ET.Element:
    sizes: dict[Kind, float] = {"marker": 2.6, "line": 0.9, "fill": 0.3}
    return symbol(kind, colour, sizes[kind], outline=_EDGE, opacity=0.8 if kind == "fill" else 1.0)


def _plain_units() -> str:
    renderer = ET.Element("renderer-v2", type="singleSymbol", forceraster="0", symbollevels="0", enableorderby="0")
    symbols = ET.SubElement(renderer, "symbols")
    symbols.append(_named(symbol("fill", INDICATOR_RAMP[0], 0.3, outline=_EDGE), "0"))
    root = _document("fill", renderer)
    _append_labels(root, "nom_unite")
    return _text(root)


def _finding_symbol(item: FindingClass, kind: Kind) -> ET.Element:
    sizes: dict[Kind, float] = {
        "marker": 2.0 + 0.9 * item.gravite,
        "line": 0.4 + 0.4 * item.gravite,
        "fill": 0.2 + 0.15 * item.gravite,
    }
    return symbol(
        kind,
        item.colour,
        sizes[kind],
        shape="triangle" if item.conflict else "circle",
        opacity=0.45 if kind == "fill" else 1.0,
        outline=item.colour if kind == "fill" else "#333333",
    )


def _bounds(values: pd.Series, unit: str) -> list[float]:
    known = values.dropna().astype(float)
    known = known[np.isfinite(known)]
    if known.empty:
        return []
    if unit == "part" and known.between(0, 1).all():
        return [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    low, high = float(known.min()), float(known.max())
    locator = MaxNLocator(5, min_n_ticks=3, integer=unit in ("nombre", "habitants"))
    return [float(tick) for tick in locator.tick_values(low, high if high > low else low + 1)]


def _document(kind: Kind, renderer: ET.Element) -> ET.Element:
    categories = "Symbology|Labeling|MapTips"
    root = ET.Element("qgis", version="3.22.0", styleCategories=categories, labelsEnabled="0")
    root.append(renderer)
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY[kind]
    return root


def _categorized(expression: str, classes: Sequence[tuple[str, str, ET.Element]]) -> ET.Element:
    renderer = ET.Element(
        "renderer-v2", type="categorizedSymbol", attr=expression, forceraster="0", symbollevels="0", enableorderby="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for rank, (value, label, drawn) in enumerate(classes):
        ET.SubElement(categories, "category", value=value, type="string", label=label, symbol=str(rank), render="true")
        symbols.append(_named(drawn, str(rank)))
    return renderer


def _ruled(title: str, rules: Iterable[tuple[str, str, ET.Element]]) -> ET.Element:
    renderer = ET.Element("renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0", enableorderby="0")
    group = ET.SubElement(ET.SubElement(renderer, "rules", key="{racine}"), "rule", key="{indicateur}", label=title)
    symbols = ET.SubElement(renderer, "symbols")
    for rank, (where, label, drawn) in enumerate(rules):
        rule = ET.SubElement(group, "rule", key=f"{{classe-{rank}}}", label=label, symbol=str(rank))
        if where:
            rule.set("filter", where)
        symbols.append(_named(drawn, str(rank)))
    return renderer


def _named(drawn: ET.Element, name: str) -> ET.Element:
    drawn.set("name", name)
    return drawn


def _append_labels(root: ET.Element, field: str) -> None:
    root.set("labelsEnabled", "1")
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    style = ET.SubElement(
        settings, "text-style", fieldName=field, isExpression="0", fontSize="8", fontSizeUnit="Point",
        fontFamily="Sans Serif", textColor="60,60,60,255", textOpacity="1",
    )  # fmt: skip
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor="255,255,255,255", bufferOpacity="0.8",
    )  # fmt: skip
    ET.SubElement(settings, "placement", placement="1", centroidInside="1")
    ET.SubElement(settings, "rendering", scaleVisibility="0", drawLabels="1", obstacle="0")


def _text(root: ET.Element) -> str:
    ET.indent(root, space=" ")
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + ET.tostring(root, encoding="unicode") + "\n"
