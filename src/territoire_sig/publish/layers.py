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
from .declared_tables import table_name
from .geopackage import GpkgLayer
from .table_schemas import table_schema
from .tables import ordered_findings

__all__ = ["GEOMETRY_LAYERS", "diagnosis_layers", "geometry_dimension"]

#: Layers of the exact geometries of the findings, by dimension of the geometry: name, geometry type, title.
GEOMETRY_LAYERS: dict[int, tuple[str, str, Text]] = {
    2: ("constats_surfaces", "MultiPolygon", Text("Constats : surfaces exactes", "Findings: exact areas")),
    1: ("constats_lignes", "MultiLineString", Text("Constats : lignes exactes", "Findings: exact lines")),
    0: ("constats_points", "MultiPoint", Text("Constats : points exacts", "Findings: exact points")),
}
#: What follows the title of the further layers of a map: two layers of a GeoPackage may not bear one title.
_FURTHER = {1: Text(" (lignes)", " (lines)"), 0: Text(" (points)", " (points)")}
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
_WHOLE = (
    Text("Indicateurs du territoire entier", "Indicators of the whole territory"),
    Text(
        "Une ligne par indicateur qui vaut pour le territoire entier ; NULL si la valeur est inconnue.",
        "One row an indicator told of the whole territory; NULL where the value is unknown.",
    ),
)
_EXACT = Text(
    "Géométrie exacte des constats ; «numero» renvoie à la couche «constats» et à la ligne de constats.csv.",
    "Exact geometry of the findings; «numero» refers to layer «constats» and to the row of constats.csv.",
)


def diagnosis_layers(results: Results, styles: Mapping[str, str] | None = None) -> list[GpkgLayer]:
    """Return the layers of `results`, each with its style from `styles` (QML by layer name).

    ``unites``; ``constats``, one point a finding; ``constats_surfaces``, ``constats_lignes`` and ``constats_points``
    with the exact geometries, where there are any; then one layer for each map of an analysis, under its identifier
    (a map of several kinds of geometry has one layer a kind, ``…_lignes`` and ``…_points`` beside the first); then,
    without geometry, ``indicateurs_territoire`` where there are values of the whole territory, and the tables of the
    analyses, ``<analysis>_<table>``.
    """
    styles = styles or {}
    findings = _typed(ordered_findings(results.findings))
    return [
        _units_layer(results, styles),
        *_finding_layers(results, findings, styles),
        *(
            layer
            for analysis in results.analyses
            if analysis.id in results.maps
            for layer in _map_layers(results, analysis, styles)
        ),
        *_attribute_tables(results),
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
    dimension = geometry_dimension(findings, "constats")
    for family, (name, kind, title) in GEOMETRY_LAYERS.items():
        if (dimension == family).any():
            yield _layer(results, name, findings[dimension == family], title, _EXACT, styles, told, kind)


def geometry_dimension(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    """Return 2, 1 or 0 for each feature of the layer `name`: areas, lines, points.

    Raises
    ------
    GeometryTypeError
        When a geometry is of another kind, or absent.
    """
    dimension: pd.Series = frame.geom_type.astype("object").str.removeprefix("Multi").map(_FAMILIES)
    if dimension.isna().any():
        kind = frame.geom_type[dimension.isna()].iloc[0]
        raise GeometryTypeError(
            Text(f"une géométrie est de genre «{kind}»", f"a geometry is of kind «{kind}»"),
            Text("des points, des lignes ou des surfaces sont attendus.", "points, lines or areas are expected."),
            layer=name,
        )
    return dimension


def _map_layers(results: Results, analysis: Declaration, styles: Mapping[str, str]) -> Iterable[GpkgLayer]:
    """Yield the map of an analysis: one layer a kind of geometry, the widest under the identifier of the analysis."""
    frame = results.maps[analysis.id]
    told = _provenances(results, analysis)
    notes = _approximations(results, [need.role for need in analysis.inputs])
    abstract = Text(" ".join([analysis.summary.fr, *notes]), " ".join([analysis.summary.en, *notes]))
    words = tuple(str(policy.text) for policy in analysis.policies)
    dimension = geometry_dimension(frame, analysis.id)
    families = sorted(dimension.unique(), reverse=True) or [2]
    for rank, family in enumerate(families):
        suffix, kind, _ = GEOMETRY_LAYERS[family]
        name = analysis.id if rank == 0 else analysis.id + suffix.removeprefix("constats")
        part, title = frame[dimension == family], analysis.title
        if rank:
            title = Text(title.fr + _FURTHER[family].fr, title.en + _FURTHER[family].en)
        yield _layer(results, name, part, title, abstract, styles, told, kind, words)


def _attribute_tables(results: Results) -> Iterable[GpkgLayer]:
    """Yield the values of the whole territory, named, then the tables of each analysis."""
    if len(results.overall):
        texts = {output.name: str(output.text) for analysis in results.analyses for output in analysis.overall}
        frame = results.overall.sort_values("indicateur", kind="stable").astype({"millesime": "object"})
        frame.insert(1, "titre", frame["indicateur"].map(texts))
        told = [item for layer in results.territory.layers.values() for item in layer.provenance]
        yield _layer(results, "indicateurs_territoire", frame, *_WHOLE, {}, told, None)
    for analysis in results.analyses:
        for table in analysis.tables:
            title = Text(f"{analysis.title.fr} : {table.text.fr}", f"{analysis.title.en}: {table.text.en}")
            types = {column.name: "object" if column.unit == "texte" else "float64" for column in table.columns}
            frame = results.tables[analysis.id][table.name].astype(types)
            told = _provenances(results, analysis)
            words = tuple(str(policy.text) for policy in analysis.policies)
            yield _layer(results, table_name(analysis, table), frame, title, analysis.summary, {}, told, None, words)


def _provenances(results: Results, analysis: Declaration) -> list[Provenance]:
    layers = results.territory.layers
    return [item for need in analysis.inputs if need.role in layers for item in layers[need.role].provenance]


def _approximations(results: Results, roles: Iterable[str]) -> list[str]:
    recorded = results.record.get("approximations", {})
    declared = {
        role: str(layer.approximation) for role, layer in results.territory.layers.items() if layer.approximation
    }
    named = declared | recorded
    return list(dict.fromkeys(named[role] for role in roles if role in named))


def _layer(
    results: Results,
    name: str,
    frame: gpd.GeoDataFrame | pd.DataFrame,
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
