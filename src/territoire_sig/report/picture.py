"""The map of the findings, as a picture."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from ..model.results import Results
from ..texts import length_text
from .palette import FINDING_CLASSES, FindingClass

__all__ = ["findings_map", "scale_length"]

_NAMED_UNITS, _LARGE_NAMES = 60, 25
_WIDTH_IN = 10.0
_EDGE = "#333333"


def findings_map(results: Results, *, dpi: int = 130) -> bytes:
    """Return a PNG of the units and the findings, with legend and scale bar; the same bytes for the same results."""
    west, south, east, north = results.units.total_bounds
    width, height = east - west, north - south
    figure = Figure(figsize=(_WIDTH_IN, _WIDTH_IN * min(max(height / width, 0.4), 1.2) + 0.9), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(west - 0.02 * width, east + 0.02 * width)
    axes.set_ylim(south - 0.08 * height, north + 0.02 * height)
    _draw_units(axes, results.units)
    for item in reversed(FINDING_CLASSES):
        _draw_class(axes, results.findings, item)
    _draw_scale(axes, west, south - 0.05 * height, width)
    _draw_legend(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def scale_length(width_m: float) -> float:
    """Return a round length (1, 2 or 5 times a power of ten), at most a quarter of `width_m`.

    Examples
    --------
    >>> scale_length(30_000), scale_length(900)
    (5000.0, 200.0)
    """
    quarter = width_m / 4
    power = 10.0 ** np.floor(np.log10(quarter))
    return float(max(step * power for step in (1, 2, 5) if step * power <= quarter))


def _draw_units(axes: Any, units: gpd.GeoDataFrame) -> None:
    axes.add_collection(
        PathCollection(_surfaces(units.geometry), facecolor="#f5f4f1", edgecolor="#9a9a9a", linewidth=0.6, zorder=1)
    )
    if len(units) > _NAMED_UNITS:
        return
    size = 7.0 if len(units) <= _LARGE_NAMES else 5.5
    halo = [withStroke(linewidth=2, foreground="white")]
    for name, point in zip(units["nom_unite"], units.representative_point(), strict=True):
        axes.text(
            point.x, point.y, name, fontsize=size, color="#555555", ha="center", va="center", path_effects=halo,
            parse_math=False, zorder=5,
        )  # fmt: skip


def _draw_class(axes: Any, findings: gpd.GeoDataFrame, item: FindingClass) -> None:
    sign = findings["score"] < 0 if item.conflict else findings["score"] > 0
    found = findings[sign & (findings["gravite"] == item.gravite)]
    if found.empty:
        return
    axes.add_collection(
        PathCollection(_surfaces(found.geometry), facecolor=item.colour, edgecolor="none", alpha=0.35, zorder=2)
    )
    axes.add_collection(
        LineCollection(_lines(found.geometry), colors=item.colour, linewidths=0.7 + 0.6 * item.gravite, zorder=3)
    )
    exact = _points(found.geometry)
    axes.scatter(exact[:, 0], exact[:, 1], s=9, color=item.colour, edgecolors="none", zorder=4)
    points = found.representative_point()
    axes.scatter(
        points.x, points.y, s=_area(item), marker=_marker(item), color=item.colour, edgecolors=_EDGE,
        linewidths=0.6, zorder=6 + item.gravite,
    )  # fmt: skip


def _draw_scale(axes: Any, west: float, south: float, width: float) -> None:
    length = scale_length(width)
    axes.plot([west, west + length], [south, south], color="black", linewidth=3, solid_capstyle="butt")
    axes.text(west + length, south, f"  {length_text(length)}", fontsize=8, va="center")


def _draw_legend(figure: Figure) -> None:
    by_severity = sorted(FINDING_CLASSES, key=lambda item: (-item.gravite, not item.conflict))
    handles = [
        Line2D(
            [], [], linestyle="none", marker=_marker(item), markersize=_area(item) ** 0.5, color=item.colour,
            markeredgecolor=_EDGE, markeredgewidth=0.6, label=str(item.text),
        )
        for item in by_severity
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=9)


def _marker(item: FindingClass) -> str:
    return "^" if item.conflict else "o"


def _area(item: FindingClass) -> float:
    return 30.0 + 25.0 * item.gravite


def _points(shapes: Iterable[Any]) -> Any:
    parts = shapely.get_parts(list(shapes))
    return shapely.get_coordinates([part for part in parts if part.geom_type == "Point"])


def _surfaces(shapes: Iterable[Any]) -> list[Path]:
    parts = shapely.get_parts(list(shapes))
    return [_path(part) for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _path(polygon: Any) -> Path:
    rings = [polygon.exterior, *polygon.interiors]
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))


def _lines(shapes: Iterable[Any]) -> list[Any]:
    parts = shapely.get_parts(list(shapes))
    return [shapely.get_coordinates(part) for part in parts if part.geom_type in ("LineString", "LinearRing")]
