"""The GeoPackage: layers, types, default styles, metadata, and the same bytes twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
from pyogrio.errors import GeometryError
from shapely import GeometryCollection, LineString, Point

from territoire_sig.coherence.engine import FINDING_COLUMNS
from territoire_sig.errors import GeometryTypeError, InvalidValueError
from territoire_sig.publish.geopackage import EPOCH, GpkgLayer, write_geopackage
from territoire_sig.publish.layers import diagnosis_layers
from territoire_sig.publish.table_schemas import table_schema

CSV_COLUMNS = [field["name"] for field in table_schema("constats")["fields"]]
STYLE = "<!DOCTYPE qgis><qgis/>"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    from report.synthetic import synthetic

    path = tmp_path_factory.mktemp("gpkg") / "diagnostic.gpkg"
    return write_geopackage(path, diagnosis_layers(synthetic(), {"constats": STYLE}))


def _query(path, sql, *values):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql, values).fetchall()


def test_layers_and_their_geometry(package):
    assert dict(pyogrio.list_layers(package)) == {
        "unites": "MultiPolygon",
        "constats": "Point",
        "constats_surfaces": "MultiPolygon",
        "constats_lignes": "MultiLineString",
        "constats_points": "MultiPoint",
        "zonage_couverture_fixe": "MultiPolygon",
        "layer_styles": None,
    }


def test_version_index_and_system(package):
    assert _query(package, "PRAGMA user_version") == [(10200,)]
    assert len(_query(package, "SELECT * FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")) == 6
    assert pyogrio.read_info(package, layer="constats")["crs"] == "EPSG:2154"


def test_every_finding_is_a_point_inside_its_exact_geometry(package, results):
    points = gpd.read_file(package, layer="constats").set_index("numero")
    exact = [
        gpd.read_file(package, layer=f"constats_{kind}").set_index("numero")
        for kind in ("surfaces", "lignes", "points")
    ]
    assert sorted(number for frame in exact for number in frame.index) == list(points.index) == [1, 2, 3, 4]
    for frame in exact:
        assert (frame.distance(points.geometry.loc[frame.index]) < 1e-6).all()
    assert exact[0].area.sum() == pytest.approx(130_000)
    assert set(FINDING_COLUMNS) <= set(points.columns)


def test_units_hold_one_column_an_indicator(package):
    units = gpd.read_file(package, layer="unites").set_index("code_unite")
    assert units["part_zone_u_fibree"].to_dict() == pytest.approx({"01001": 0.25, "01002": float("nan")}, nan_ok=True)
    assert units["surface_zone_au_m2"].to_dict() == {"01001": 130_000.0, "01002": 0.0}


def test_the_default_style_is_registered_as_qgis_does(package):
    columns = "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault, styleQML"
    assert _query(package, f"SELECT {columns} FROM layer_styles") == [("", "", "constats", "geom", 1, STYLE)]
    kind = _query(package, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'")
    assert kind == [("attributes",)]


def test_metadata_name_title_licence_source_and_vintage(package):
    sql = (
        "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id "
        "WHERE table_name = ? AND md_standard_uri = 'http://mrcc.com/qgis.dtd'"
    )
    [(text,)] = _query(package, sql, "zonage_couverture_fixe")
    root = ET.fromstring(text)
    assert root.findtext("title") == "Zonage et fibre – Val-Imaginaire"
    assert root.findtext("abstract") == (
        "Ce que la fibre dessert des zones du plan. couverture approchée par un rayon de 1 km Données fictives."
    )
    assert root.findtext("license") == "LO 2.0"
    assert [item.text for item in root.findall("history")] == [
        "Source : Géoportail de l'urbanisme ; ARCEP",
        "Millésime : 2024",
    ]
    assert [item.text for item in root.iter("keyword")] == ["territoire_sig", "Urbanisme", "Numérique"]
    assert root.findtext("crs/spatialrefsys/authid") == "EPSG:2154"


def test_no_date_of_the_day_and_the_same_bytes_twice(package, results, tmp_path):
    again = write_geopackage(tmp_path / "again.gpkg", diagnosis_layers(results, {"constats": STYLE}))
    assert again.read_bytes() == package.read_bytes()
    assert _query(package, "SELECT DISTINCT last_change FROM gpkg_contents") == [(EPOCH,)]


def test_without_findings_the_layer_is_empty_and_keeps_its_types(quiet_results, package, tmp_path):
    path = write_geopackage(tmp_path / "vide.gpkg", diagnosis_layers(quiet_results))
    empty, full = (pyogrio.read_info(found, layer="constats") for found in (path, package))
    assert empty["features"] == 0
    assert list(empty["fields"]) == list(full["fields"])
    assert empty["ogr_types"] == full["ogr_types"]
    assert "constats_surfaces" not in dict(pyogrio.list_layers(path))


def test_a_file_already_there_is_replaced(results, tmp_path):
    path = tmp_path / "diagnostic.gpkg"
    write_geopackage(path, diagnosis_layers(results))
    write_geopackage(path, diagnosis_layers(results)[:1])
    assert dict(pyogrio.list_layers(path)) == {"unites": "MultiPolygon", "layer_styles": None}
    assert list(tmp_path.iterdir()) == [path]


def test_two_layers_of_one_name_are_refused_and_nothing_is_written(tmp_path):
    layer = GpkgLayer("a", gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=2154), "A", "A")
    with pytest.raises(InvalidValueError, match="deux couches portent ce nom"):
        write_geopackage(tmp_path / "x.gpkg", [layer, replace(layer, name="A")])
    with pytest.raises(InvalidValueError, match="pas de système de coordonnées"):
        write_geopackage(tmp_path / "x.gpkg", [replace(layer, frame=layer.frame.set_crs(None, allow_override=True))])
    assert not list(tmp_path.iterdir())


def test_a_failed_writing_leaves_the_former_file(tmp_path):
    layer = GpkgLayer("a", gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=2154), "A", "A")
    path = write_geopackage(tmp_path / "x.gpkg", [layer])
    before = path.read_bytes()
    with pytest.raises(GeometryError, match="not supported: Blob"):
        write_geopackage(path, [replace(layer, geometry_type="Blob")])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_finding_of_mixed_geometry_is_refused_by_name(results):
    mixed = results.findings.copy()
    mixed.loc[0, "geometry"] = GeometryCollection([Point(914_000, 6_457_000)])
    with pytest.raises(GeometryTypeError, match="couche «constats» : une géométrie est de genre «GeometryCollection»"):
        diagnosis_layers(replace(results, findings=mixed))


def test_a_map_of_two_kinds_has_one_layer_a_kind(results, tmp_path):
    lines = gpd.GeoDataFrame(
        {"classe": ["a", "b", "b"]},
        geometry=[Point(914_000, 6_457_000), LineString([(914_000, 6_457_000), (914_100, 6_457_000)]), Point(0, 0)],
        crs=2154,
    )
    name = results.analyses[0].id
    layers = diagnosis_layers(replace(results, maps={name: lines}))
    found = {layer.name: (layer.geometry_type, len(layer.frame)) for layer in layers if layer.name.startswith(name)}
    assert found == {name: ("MultiLineString", 1), f"{name}_points": ("MultiPoint", 2)}
    written = write_geopackage(tmp_path / "d.gpkg", layers)
    assert pyogrio.read_info(written, layer=f"{name}_points")["features"] == 2


def test_an_empty_map_is_an_empty_layer(results, tmp_path):
    name = results.analyses[0].id
    path = write_geopackage(
        tmp_path / "x.gpkg", diagnosis_layers(replace(results, maps={name: results.maps[name].iloc[:0]}))
    )
    assert pyogrio.read_info(path, layer=name)["features"] == 0


def test_approximations_of_the_record_are_told_by_the_map(results):
    told = replace(results, record={"approximations": {"zonage": "approximation : zonage supposé"}})
    assert "approximation : zonage supposé" in diagnosis_layers(told)[-1].abstract


def test_columns_that_a_geopackage_keeps_for_itself_are_renamed(tmp_path):
    frame = gpd.GeoDataFrame({"FID": [7], "geom": ["x"]}, geometry=[Point(0, 0)], crs=2154)
    path = write_geopackage(tmp_path / "x.gpkg", [GpkgLayer("a", frame, "A", "A")])
    assert gpd.read_file(path, layer="a").drop(columns="geometry").iloc[0].to_dict() == {"src_FID": 7, "src_geom": "x"}


def test_the_page_tells_every_layer_and_every_column(package):
    page = (Path(__file__).parents[2] / "docs" / "formats" / "diagnostic.md").read_text("utf-8")
    for half in page.split("## ")[1:]:
        rows = [line.split("`")[1] for line in half.splitlines() if line.startswith("| `")]
        layers = [name for name in dict(pyogrio.list_layers(package)) if name.startswith(("unites", "constats"))]
        further = [name for name in FINDING_COLUMNS if name not in CSV_COLUMNS]
        assert rows == [*layers, "indicateurs_territoire", *further]
