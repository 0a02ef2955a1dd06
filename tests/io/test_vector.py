from __future__ import annotations

import math
import sqlite3
import struct
import sys
import zipfile
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import Point, box

from territoire_sig.errors import MissingExtraError, MissingFileError, UnreadableLayerError
from territoire_sig.io.vector import list_layers, mojibake_remarks, read_vector
from territoire_sig.texts import language

L93 = "EPSG:2154"


@pytest.mark.real
@pytest.mark.parametrize(
    ("path", "encoding"),
    [
        ("shp_latin1/PRESCRIPTION_PCT.shp", None),
        ("shp_utf8/PRESCRIPTION_PCT.shp", "utf-8"),
        ("tab_latin1/PRESCRIPTION_PCT.TAB", None),
        ("tab_utf8/PRESCRIPTION_PCT.tab", None),
    ],
)
def test_the_same_prescriptions_in_four_encodings_read_the_same(shared_data, path, encoding):
    found = read_vector(shared_data / "robustness" / "encodings" / path)
    assert (found.rows_read, found.encoding, found.layer) == (59, encoding, "PRESCRIPTION_PCT")
    assert (
        found.frame["libelle"].eq("Bâtiment agricole").sum()
        == 16 - found.frame["libelle"].ne("Bâtiment agricole").sum() + 43
    )
    assert not found.remarks


@pytest.mark.real
def test_a_latin1_tab_that_says_neutral(shared_data):
    found = read_vector(shared_data / "robustness" / "encodings" / "SERVITUDE_041" / "SERVITUDE_041.TAB")
    assert found.rows_read == 427
    assert type(found.frame) is pd.DataFrame
    assert "AC1_Eglise de Bourré_sup" in set(found.frame["nomsup"])
    assert "Windows-1252" in str(found.remarks[0])


@pytest.mark.real
def test_megeve_loses_its_heights_on_record(shared_data):
    found = read_vector(shared_data / "urbanism" / "megeve_74173" / "ZONE_URBA.shp")
    assert not found.frame.has_z.any()
    assert [(str(r), r.count) for r in found.remarks] == [
        ("241 géométrie(s) en trois dimensions : l'altitude est laissée de côté", 241)
    ]


@pytest.mark.real
def test_a_folder_of_shapefiles_asks_which(shared_data):
    folder = shared_data / "urbanism" / "megeve_74173"
    with pytest.raises(UnreadableLayerError, match=r"plusieurs fichiers possibles : ZONE_URBA\.shp, commerces\.shp"):
        read_vector(folder)
    assert read_vector(folder, layer="zone_urba").rows_read == 241
    assert list_layers(folder) == ["ZONE_URBA", "commerces", "fp_monument", "geo_commune"]


@pytest.mark.real
def test_a_zipped_shapefile(shared_data):
    found = read_vector(shared_data / "robustness" / "crs_quirks" / "shp_without_prj_AOC.zip")
    assert (found.rows_read, found.frame.crs) == (8, None)


@pytest.mark.real
def test_a_gml_is_read_without_a_trace(shared_data):
    folder = shared_data / "robustness" / "encodings"
    before = sorted(p.name for p in folder.iterdir())
    assert read_vector(folder / "INFO_PCT-invalid.gml").rows_read == 1
    empty = read_vector(folder / "INFO_LIN_empty.gml")
    assert (empty.rows_read, str(empty.remarks[0])) == (0, "collection GML sans aucune entité")
    with pytest.raises(UnreadableLayerError, match=r"lecture refusée : 'INVALID\.gml' not recognized"):
        read_vector(folder / "INVALID.gml")
    assert sorted(p.name for p in folder.iterdir()) == before


@pytest.mark.real
def test_odd_containers(shared_data):
    folder = shared_data / "robustness" / "odd_containers"
    assert read_vector(folder / "empty_layer.gpkg").rows_read == 0
    with pytest.raises(UnreadableLayerError, match="lecture refusée"):
        read_vector(folder / "osm_tile_14-8452-5881.geojson.gzip")


def _shapefile(tmp_path, encoding, *, cpg):
    frame = gpd.GeoDataFrame({"nom": ["Médiathèque", "œuvre"]}, geometry=[Point(0, 0), Point(1, 1)], crs=L93)
    path = tmp_path / f"{encoding}.shp"
    pyogrio.write_dataframe(frame, path, encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("cpg", [True, False])
def test_shapefile_encodings(tmp_path, encoding, cpg):
    path = _shapefile(tmp_path, encoding, cpg=cpg)
    _blank_language_byte(path)
    assert read_vector(path).frame["nom"].tolist() == ["Médiathèque", "œuvre"]


def _blank_language_byte(path):
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 0
    table.write_bytes(bytes(content))


def test_a_wrong_cpg_is_told(tmp_path):
    path = _shapefile(tmp_path, "cp1252", cpg=False)
    path.with_suffix(".cpg").write_text("UTF-8")
    found = read_vector(path)
    assert found.frame["nom"].tolist() == ["Médiathèque", "œuvre"]
    assert any("Windows-1252" in str(remark) for remark in found.remarks)


def test_the_stated_encoding_is_obeyed(tmp_path):
    path = _shapefile(tmp_path, "cp1252", cpg=False)
    assert read_vector(path, encoding="cp1252").encoding == "cp1252"
    with pytest.raises(UnreadableLayerError, match=r"indéchiffrables en utf-8\n.*cp850"):
        read_vector(path, encoding="utf-8")
    with pytest.raises(UnreadableLayerError, match="encodage inconnu : «klingon»"):
        read_vector(path, encoding="klingon")


def test_a_stated_encoding_that_is_not_needed_is_told(tmp_path, squares):
    squares.to_file(tmp_path / "a.gpkg")
    found = read_vector(tmp_path / "a.gpkg", encoding="cp1252")
    assert found.frame["libelle"].tolist() == ["UA", "forêt"]
    assert str(found.remarks[0]) == "encodage demandé (cp1252) ignoré : le fichier dit le sien"


def test_mojibake_is_left_and_counted():
    frame = pd.DataFrame({"nom": ["Lyon 4 Ã¨me", "CHÂTEAU", "l’île", None], "n": [1, 2, 3, 4]})
    (remark,) = mojibake_remarks(frame)
    assert remark.count == 1
    assert "«nom» (par exemple «Lyon 4 Ã¨me»)" in str(remark)
    with language("en"):
        assert str(remark).startswith("1 badly encoded text(s) in «nom»")


def test_names_that_collide_without_case_are_both_kept(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Nom":"a","NOM":"b"},'
        '"geometry":{"type":"Point","coordinates":[5,45]}}]}'
    )
    found = read_vector(path)
    assert found.frame.columns.tolist() == ["nom", "nom_2", "geometry"]
    assert found.frame.loc[0, ["nom", "nom_2"]].tolist() == ["a", "b"]
    assert "noms de colonne en double, sans la casse : NOM" in str(found.remarks[0])


def test_null_geometries_are_kept(tmp_path):
    gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Point(1, 2, 3), None], crs=L93).to_file(tmp_path / "z.gpkg")
    found = read_vector(tmp_path / "z.gpkg")
    assert found.frame.geometry.isna().tolist() == [False, True]
    assert found.remarks[0].count == 1


def test_a_shapefile_without_its_siblings(tmp_path, squares):
    squares.to_file(tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    found = read_vector(tmp_path / "a.shp")
    assert found.rows_read == 2
    assert "«a.dbf» manque" in str(found.remarks[-1])
    (tmp_path / "a.shx").unlink()
    with pytest.raises(UnreadableLayerError, match=r"placez «a\.shx» à côté du \.shp"):
        read_vector(tmp_path / "a.shp")


def test_an_absent_layer_lists_those_present(tmp_path, squares):
    squares.to_file(tmp_path / "a.gpkg", layer="zones")
    squares.to_file(tmp_path / "a.gpkg", layer="secteurs")
    with pytest.raises(UnreadableLayerError, match="couche absente ; couches présentes : zones, secteurs"):
        read_vector(tmp_path / "a.gpkg", layer="zone")
    with pytest.raises(UnreadableLayerError, match="plusieurs couches dans le fichier : zones, secteurs"):
        read_vector(tmp_path / "a.gpkg")
    with language("en"), pytest.raises(OSError, match="no such layer; layers present: zones, secteurs"):
        read_vector(tmp_path / "a.gpkg", layer="zone")
    assert read_vector(tmp_path / "a.gpkg", layer="ZONES").layer == "zones"


def test_a_table_beside_the_one_layer_with_geometry(tmp_path, squares):
    squares.to_file(tmp_path / "a.gpkg", layer="zones")
    pyogrio.write_dataframe(pd.DataFrame({"styleQML": ["x"]}), tmp_path / "a.gpkg", layer="layer_styles")
    assert read_vector(tmp_path / "a.gpkg").layer == "zones"


def test_a_zip_of_one_shapefile(tmp_path, squares):
    squares.to_file(tmp_path / "zones.shp")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for path in tmp_path.glob("zones.*"):
            archive.write(path, path.name)
    assert read_vector(tmp_path / "z.zip").frame.area.tolist() == [10_000, 10_000]
    assert list_layers(tmp_path / "z.zip") == ["zones"]


def test_an_attribute_called_geometry_is_told(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"geometry":1},'
        '"geometry":{"type":"Point","coordinates":[5,45]}}]}'
    )
    assert "un attribut s'appelle «geometry»" in str(read_vector(path).remarks[0])


def test_curves_become_segments_on_record(tmp_path, squares):
    path = tmp_path / "c.gpkg"
    pyogrio.write_dataframe(squares.iloc[:1], path, layer="c", SPATIAL_INDEX="NO")
    corners = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    ring = struct.pack("<BII", 1, 8, len(corners)) + b"".join(struct.pack("<dd", *corner) for corner in corners)
    blob = b"GP\0\x01" + struct.pack("<i", 2154) + struct.pack("<BII", 1, 10, 1) + ring
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        base.execute("UPDATE c SET geom = ?", [blob])
        base.commit()
    found = read_vector(path)
    assert found.frame.geom_type.tolist() == ["Polygon"]
    assert found.frame.area[0] == pytest.approx(8 * math.pi, rel=2e-3)
    assert any("les arcs sont remplacés par des segments" in str(remark) for remark in found.remarks)


def test_arcs_of_a_gml_are_told(tmp_path):
    (tmp_path / "a.gml").write_text(
        '<c xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><v><n>1</n><g><gml:Curve srsName="EPSG:2154">'
        "<gml:segments><gml:Arc><gml:posList>0 0 2 2 4 0</gml:posList></gml:Arc></gml:segments></gml:Curve></g></v>"
        "</gml:featureMember></c>"
    )
    found = read_vector(tmp_path / "a.gml")
    assert found.frame.length[0] == pytest.approx(2 * math.pi, rel=2e-3)
    assert any("les arcs sont remplacés par des segments" in str(remark) for remark in found.remarks)
    assert [p.name for p in tmp_path.iterdir()] == ["a.gml"]


def test_geoparquet(tmp_path, squares, monkeypatch):
    squares.to_parquet(tmp_path / "a.parquet")
    found = read_vector(tmp_path / "a.parquet")
    assert (found.layer, found.frame.crs.to_epsg()) == ("a", 2154)
    assert found.frame.columns.tolist() == ["typezone", "libelle", "geometry"]
    (tmp_path / "b.parquet").write_bytes(b"no parquet")
    with pytest.raises(UnreadableLayerError, match="lecture refusée"):
        read_vector(tmp_path / "b.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'territoire-sig\[parquet\]'"):
        read_vector(tmp_path / "a.parquet")


def test_missing_and_empty_places(tmp_path):
    with pytest.raises(MissingFileError, match="le fichier n'existe pas"):
        read_vector(tmp_path / "rien.gpkg")
    with pytest.raises(UnreadableLayerError, match="aucun fichier géographique dans ce dossier"):
        read_vector(tmp_path)


def test_the_caller_s_files_are_left_alone(tmp_path, squares):
    squares.to_file(tmp_path / "a.gpkg")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    read_vector(tmp_path / "a.gpkg")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    assert shapely.equals(
        read_vector(tmp_path / "a.gpkg").frame.geometry[0], box(900_000, 6_450_000, 900_100, 6_450_100)
    )


@pytest.mark.real
def test_rings_that_do_not_close_are_counted(shared_data):
    found = read_vector(shared_data / "robustness" / "polygon_clipping" / "three-triangles" / "args.geojson")
    assert found.frame.geometry.isna().sum() == 3
    assert found.remarks[-1].count == 3
    assert "dont des malformées (anneau non fermé…)" in str(found.remarks[-1])
