"""The layers of a diagnosis with their styles: one that shows first, and for the units one a known indicator."""

from __future__ import annotations

from dataclasses import replace

from ..model.results import Results
from ..publish.geopackage import GpkgLayer
from ..publish.layers import diagnosis_layers
from ..report.qml import diagnosis_styles, indicator_styles

__all__ = ["styled_layers"]


def styled_layers(results: Results) -> list[GpkgLayer]:
    """Return the layers of `results`; QGIS offers the style of any indicator of the units under its name."""
    outputs = [output for analysis in results.analyses for output in analysis.outputs]
    there = [output for output in outputs if output.name in results.units.columns]
    further = indicator_styles(results.units, there)
    return [
        replace(layer, styles=further) if layer.name == "unites" else layer
        for layer in diagnosis_layers(results, diagnosis_styles(results))
    ]
