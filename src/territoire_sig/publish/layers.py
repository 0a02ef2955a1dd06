"""What the results of a diagnosis become in a GeoPackage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import pandas as pd

from ..coherence.engine import FINDING_COLUMNS
from ..errors import GeometryTypeError
from ..model.declaration import Declaration
from ..model.results import Results
from ..model.territory import Provenance
from ..texts import Text
from .geopackage import GpkgLayer
from .table_schemas import table_schema
from .tables import ordered_findings

__all__ = ["GEOMETRY_LAYERS", "diagnosis_layers"]

#: Layers of the exact geometries of the findings, by dimension of the geometry: name, geometry type, title.
GEOMETRY_LAYERS: dict[int, tuple[str, str, Text]] = {
    2: ("constats_surfaces", "MultiPolygon", Text("Constats : surfaces exactes", "Findings: exact areas")),
    1: ("constats_lignes", "MultiLineString", Text("Constats : lignes exactes", "Findings: exact lines")),
    0: ("constats_points", "MultiPoint", Text("Constats : points exacts", "Findings: exact points")),
}
_FAMILIES = {"Polygon": 2, "LineString": 1, "LinearRing": 1, "Point": 0}

_UNITS = (
    Text("Unités et indicateurs", "Units and indicators"),
    Text(
        "Les unités du territoire ; une colonne par indicateur, NULL si la valeur est inconnue.",
        "The units of the territory; one column an indicator, NULL where the value is unknown.",
    ),
)
_FINDINGS = (
    Text("Constats", "Findings"),
    Text(
        "Un point par constat, à l'intérieur de sa géométrie exacte ; «numero» est la ligne de constats.csv.",
        "One point a finding, inside its exact geometry; «numero» is the row of constats.csv.",
    ),
)
_EXACT = Text(
    "Géométrie exacte des constats ; «numero» renvoie à la couche «constats» et à la ligne de constats.csv.",
    "Exact geometry of the findings; «numero» refers to layer «constats» and to the row of constats.csv.",
)


def diagnosis_layers(results: Results, styles: Mapping[str, str] | None = None) -> list[GpkgLayer]:
    """Return the layers of `results`, each with its style from `styles` (QML by layer name).

    ``unites``; ``constats``, one point a finding; ``constats_surfaces``, ``constats_lignes`` and ``constats_points``
    with the exact geometries, where there are any; then one layer for each map of an analysis, under its identifier.
    """
    styles = styles or {}
    findings = _typed(ordered_findings(results.findings))
    return [
        _units_layer(results, styles),
        *_finding_layers(results, findings, styles),
        *(
            _map_layer(results, analysis, frame, styles)
            for analysis in results.analyses
            if (frame := results.maps.get(analysis.id)) is not None
        ),
    ]


def _typed(findings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the columns of a finding in the types of the schema, the same where there is no finding at all."""
    kinds = {field["name"]: field["type"] for field in table_schema("constats")["fields"]} | {"part": "number"}
    types = {"number": "float64", "integer": "Int64", "string": "object"}
    frame = findings[[*FINDING_COLUMNS, findings.geometry.name]]
    frame = frame.astype({name: types[kinds.get(name, "string")] for name in FINDING_COLUMNS})
    frame.insert(0, "numero", range(1, len(frame) + 1))
    return frame


def _units_layer(results: Results, styles: Mapping[str, str]) -> GpkgLayer:
    title, abstract = _UNITS
    frame = results.units.reset_index(names="code_unite")
    told = list(results.territory.units_provenance)
    return _layer(results, "unites", frame, title, abstract, styles, told, "MultiPolygon")


def _finding_layers(results: Results, findings: gpd.GeoDataFrame, styles: Mapping[str, str]) -> Iterable[GpkgLayer]:
    told = [item for layer in results.territory.layers.values() for item in layer.provenance]
    points = findings.set_geometry(findings.representative_point())
    yield _layer(results, "constats", points, *_FINDINGS, styles, told, "Point")
    dimension = _dimension(findings)
    for family, (name, kind, title) in GEOMETRY_LAYERS.items():
        if (dimension == family).any():
            yield _layer(results, name, findings[dimension == family], title, _EXACT, styles, told, kind)


def _dimension(findings: gpd.GeoDataFrame) -> pd.Series:
    dimension: pd.Series = findings.geom_type.astype("object").str.removeprefix("Multi").map(_FAMILIES)
    if dimension.isna().any():
        row = findings[dimension.isna()].iloc[0]
        raise GeometryTypeError(
            Text(
                f"le constat {row['numero']} ({row['regle']}) a une géométrie «{row.geometry.geom_type}»",
                f"finding {row['numero']} ({row['regle']}) has a geometry «{row.geometry.geom_type}»",
            ),
            Text(
                "une règle ne donne que des points, des lignes ou des surfaces.", "a rule gives points, lines or areas."
            ),
        )
    return dimension


def _map_layer(
    results: Results, analysis: Declaration, frame: gpd.GeoDataFrame, styles: Mapping[str, str]
) -> GpkgLayer:
    roles = [results.territory.layers[need.role] for need in analysis.inputs if need.role in results.territory.layers]
    told = [item for layer in roles for item in layer.provenance]
    notes = [layer.approximation for layer in roles if layer.approximation]
    abstract = Text(
        " ".join([analysis.summary.fr, *(note.fr for note in notes)]),
        " ".join([analysis.summary.en, *(note.en for note in notes)]),
    )
    words = tuple(str(policy.text) for policy in analysis.policies)
    return _layer(results, analysis.id, frame, analysis.title, abstract, styles, told, None, words)


def _layer(
    results: Results,
    name: str,
    frame: gpd.GeoDataFrame,
    title: Text,
    abstract: Text,
    styles: Mapping[str, str],
    told: Iterable[Provenance],
    geometry_type: str | None,
    keywords: tuple[str, ...] = (),
) -> GpkgLayer:
    told = list(told)
    notice = f" {results.territory.notice}" if results.territory.notice else ""
    return GpkgLayer(
        name,
        frame,
        f"{title} – {results.territory.name}",
        f"{abstract}{notice}",
        styles.get(name),
        ("territoire_sig", *keywords),
        _joined(item.licence for item in told),
        _joined(item.source or item.file for item in told),
        results.territory.vintage or _joined(item.vintage for item in told),
        geometry_type,
    )


def _joined(texts: Iterable[str | None]) -> str | None:
    return " ; ".join(dict.fromkeys(text for text in texts if text)) or None
