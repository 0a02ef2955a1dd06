"""SUP: a drawn category with every kind of link, and three real ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point, box

from territoire_sig.errors import UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.cnig_sup import READER
from territoire_sig.io.reader import RawLayer, Source

DATA = Path(__file__).parents[4] / "shared" / "data" / "urbanism" / "cnig"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

# Area 1 → generator 10 → easements 100 and 101 → acts a, b and c. Area 2 → generator 20 → easement 200, which is not
# in SERVITUDE. Area 3 → generator 99, which does not exist.
GENERATORS = {"IdGen": [10, 10, 20], "IdSup": [100, 101, 200]}
EASEMENTS = {
    "IDSUP": [100.0, 101.0],
    "NOMSUP": ["sup_100", "sup_101"],
    "NOMSUPLITT": ["Église", None],
    "CATEGORIE": ["PM3", "PM3"],
}
LINKS = {"idsup": ["100", "100", "101"], "idActe": ["a", "b", "c"]}
ACTS = {"IDACTE": ["a", "b", "c"], "DATEDECIS": ["20100331", "20140423", None]}


def areas() -> gpd.GeoDataFrame:
    squares = [box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)]
    return gpd.GeoDataFrame(
        {"IdAss": [1, 2, 3], "IDGEN": [10, 20, 99], "nomAss": ["x", "y", "z"]}, geometry=squares, crs="EPSG:2154"
    )


def delivery(folder: Path, category: str = "PM3") -> Path:
    areas().to_file(folder / f"{category}_ASSIETTE_SUP_S_099.shp")
    points = gpd.GeoDataFrame(GENERATORS, geometry=[Point(1, 1)] * 3, crs="EPSG:2154")
    points.to_file(folder / f"{category}_GENERATEUR_SUP_P_099.shp")
    for name, table in {"SERVITUDE_099": EASEMENTS, "SERVITUDE_ACTE_SUP_099": LINKS, "ACTE_SUP_099": ACTS}.items():
        written = folder / f"{name}.shp"
        pyogrio.write_dataframe(pd.DataFrame(table), written.with_suffix(".dbf"), driver="ESRI Shapefile")
    return folder


def only(path: Path, **options: object) -> RawLayer:
    [layer] = READER.read(Source(path, **options))
    assert layer.role == "servitude"
    return layer


def remarks(layer: RawLayer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def rows(layer: RawLayer, *names: str) -> list[list[object]]:
    frame = layer.frame[list(names)].astype(object)
    return frame.where(frame.notna(), None).values.tolist()


def test_areas_are_joined_to_easements_and_acts(tmp_path: Path) -> None:
    layer = only(delivery(tmp_path))
    assert rows(layer, "idass", "idsup", "nomsup", "idacte", "datedecis") == [
        ["1", "100; 101", "Église; sup_101", "a; b; c", "2010-03-31; 2014-04-23"],
        ["2", "200", None, None, None],
        ["3", None, None, None, None],
    ]
    assert layer.frame["categorie"].tolist() == ["PM3"] * 3
    assert layer.frame.geometry.area.sum() == 300
    assert not admit(layer, Source(tmp_path), crs="EPSG:2154", format="cnig_sup").faults


def test_orphans_are_counted(tmp_path: Path) -> None:
    said = {remark.text.en: remark.count for remark in only(delivery(tmp_path)).remarks}
    assert said["1 area(s) without generator or easement"] == 1
    assert said["1 area(s) whose easement is not in SERVITUDE"] == 1
    assert said["1 area(s) without act"] == 1


def test_the_easement_tells_the_category_against_the_file(tmp_path: Path) -> None:
    layer = only(delivery(tmp_path, category="AC1"))
    assert layer.frame["categorie"].tolist() == ["PM3", "AC1", "AC1"]
    assert "1 assiette(s) d'une autre catégorie que leur fichier (AC1)" in remarks(layer)


def test_the_easement_tells_the_category_against_the_area(tmp_path: Path) -> None:
    delivery(tmp_path)
    areas().assign(CATEGORIE="pt2").to_file(tmp_path / "PM3_ASSIETTE_SUP_S_099.shp")
    assert only(tmp_path).frame["categorie"].tolist() == ["PM3", "PT2", "PT2"]


def test_each_category_keeps_to_its_own_tables(tmp_path: Path) -> None:
    for category, name in (("AC1", "Abbaye"), ("PT2", "Faisceau")):
        areas().iloc[:1].to_file(tmp_path / f"{category}_ASSIETTE_SUP_S.shp")
        for table, row in {
            "GENERATEUR_SUP_P": {"IDGEN": ["10"], "IDSUP": ["1"]},
            "SERVITUDE": {"IDSUP": ["1"], "NOMSUP": [name], "CATEGORIE": [category]},
        }.items():
            pd.DataFrame(row).to_csv(tmp_path / f"{category}_{table}.csv", index=False)
    layer = only(tmp_path)
    assert rows(layer, "categorie", "nomsup") == [["AC1", "Abbaye"], ["PT2", "Faisceau"]]


def test_areas_alone_take_their_category_from_their_column_or_name(tmp_path: Path) -> None:
    areas().assign(suptype="el2BIS").to_file(tmp_path / "assiette_sup_s.shp")
    layer = only(tmp_path / "assiette_sup_s.shp")
    assert layer.frame["categorie"].tolist() == ["EL2bis"] * 3
    assert "tables de la servitude absentes" in remarks(layer)
    areas().to_file(tmp_path / "T5_ASSIETTE_SUP_S.shp")
    assert only(tmp_path / "T5_ASSIETTE_SUP_S.shp").frame["categorie"].tolist() == ["T5"] * 3


def test_csv_with_wkt_in_degrees_is_read_as_wgs84(tmp_path: Path) -> None:
    table = pd.DataFrame({"IDASS": ["1"], "IDGEN": ["10"], "WKT": ["POLYGON ((1 47, 2 47, 2 48, 1 47))"]})
    table.to_csv(tmp_path / "AS1_ASSIETTE_SUP_S.csv", index=False)
    layer = only(tmp_path)
    assert layer.crs_known == "EPSG:4326"
    assert "lues en WGS 84" in remarks(layer)


def test_csv_with_wkt_in_metres_needs_its_system(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "IDASS": ["1"],
            "IDGEN": ["10"],
            "WKT": ["POLYGON ((700000 6600000, 700009 6600000, 700000 6600009, 700000 6600000))"],
        }
    )
    table.to_csv(tmp_path / "AS1_ASSIETTE_SUP_S.csv", index=False)
    assert only(tmp_path).crs_known is None


def test_lines_of_easement_are_told_not_read(tmp_path: Path) -> None:
    delivery(tmp_path)
    lines = gpd.GeoDataFrame({"IDASS": [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:2154")
    lines.to_file(tmp_path / "PM3_ASSIETTE_SUP_L_099.shp")
    assert "1 couche(s) d'assiettes linéaires ou ponctuelles non lue(s) : PM3_ASSIETTE_SUP_L_099" in remarks(
        only(tmp_path)
    )


def test_a_folder_without_area_is_refused(tmp_path: Path) -> None:
    pd.DataFrame(LINKS).to_csv(tmp_path / "SERVITUDE.csv", index=False)
    with pytest.raises(
        UnreadableLayerError, match=r"présentes : SERVITUDE\nRemède : noms attendus : <CAT>_ASSIETTE_SUP_S"
    ):
        only(tmp_path)


@real
@needs_data
def test_ac1_of_corse_du_sud() -> None:
    layer = only(DATA / "172014607_AC1_2A_20180130.zip")
    assert layer.rows_read == len(layer.frame) == 206
    assert layer.frame["categorie"].unique().tolist() == ["AC1"]
    assert layer.frame["idsup"].notna().sum() == 205
    assert layer.frame["idacte"].notna().sum() == 205
    assert "1 assiette(s) sans générateur" in remarks(layer)
    assert "2 identifiant(s) d'assiette en double" in remarks(layer)
    assert not admit(layer, Source(DATA), crs="EPSG:2154", format="cnig_sup").faults


@real
@needs_data
def test_pm3_of_eure_et_loir() -> None:
    layer = only(DATA / "110068012_PM3_28_20161104")
    assert rows(layer, "idass", "idsup", "idacte", "datedecis") == [
        ["1", "35", "35", "2014-04-23"],
        ["2", "36", "36", "2010-03-31"],
        ["3", "37", "37", "2013-04-04"],
    ]
    assert layer.frame["nomsup"].unique().tolist() == ["Plan de prévention des risques technologiques"]


@real
@needs_data
def test_as1_many_to_many(tmp_path: Path) -> None:
    layer = only(DATA / "sup_joins_many2many.zip")
    assert len(layer.frame) == 392
    assert layer.crs_known == "EPSG:4326"
    assert "7 assiette(s) dont la servitude manque dans SERVITUDE" in remarks(layer)
    assert "dont les accents étaient perdus à la publication" in remarks(layer)
    with zipfile.ZipFile(DATA / "sup_joins_many2many.zip") as archive:
        archive.extractall(tmp_path)
    pairs = pd.read_csv(tmp_path / "SERVITUDE_ACTE_SUP.csv", dtype=str)
    acts = pairs.groupby("IDSUP")["IDACTE"].size()
    known = layer.frame[layer.frame["idacte"].notna()]
    assert (known["idacte"].str.count(";") + 1).tolist() == known["idsup"].map(acts).tolist()
    assert len(known) == 385
