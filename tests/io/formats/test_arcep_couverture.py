"""ARCEP mobile coverage: what the columns tell, what the file name tells, several files joined."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, UnreadableLayerError
from territoire_sig.io.formats.arcep_couverture import READER, read_arcep_couverture
from territoire_sig.io.reader import Source


def layer(path: Path, crs: int = 2154, **columns: list[object]) -> Path:
    n = max([1, *map(len, columns.values())])
    squares = [box(i * 10, 0, i * 10 + 10, 10) for i in range(n)]
    gpd.GeoDataFrame(columns or {"id": [1]}, geometry=squares, crs=crs).to_file(path)
    return path


def read(path: Path, **options):
    (found,) = read_arcep_couverture(Source(path, options=options))
    return found, found.frame[["operateur", "code_operateur", "techno", "niveau"]].to_numpy().tolist()


def said(found) -> str:
    return "\n".join(remark.text.fr for remark in found.remarks)


def test_columns_of_the_geopackage(tmp_path):
    file = layer(
        tmp_path / "couverture.gpkg",
        operateur=["20801", "20801", "20801"],
        techno=["4G"] * 3,
        usage=["data"] * 3,
        niveau=["TBC", "BC", "CL"],
    )
    found, rows = read(file)
    assert rows == [["Orange", "20801", "4G", level] for level in ("TBC", "BC", "CL")]
    assert found.rows_read == 3
    assert found.frame.crs == "EPSG:2154"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("2023_T2_couv_Metropole_SFR0_2G3G_voix.gpkg", ["SFR", "20810", "2G3G", "COUVERT"]),
        ("France_Metro_20801_4G_couv_theo.shp", ["Orange", "20801", "4G", "COUVERT"]),
        ("00_Metropole_BOUY_3G_BC.shp", ["Bouygues Telecom", "20820", "3G", "BC"]),
        ("34001_4G.shp", ["34001", "34001", "4G", "COUVERT"]),
    ],
)
def test_names_of_files(tmp_path, name, row):
    found, rows = read(layer(tmp_path / name))
    assert rows == [row]
    assert ("1 polygone(s) sans niveau" in said(found)) is (row[-1] == "COUVERT")


def test_words_of_levels_and_names_of_operators(tmp_path):
    file = layer(tmp_path / "c.gpkg", operateur=["Free Mobile"], technologie=["4g"], niveau=["Bonne couverture"])
    assert read(file)[1] == [["Free Mobile", "20815", "4G", "BC"]]


def test_options_fill_what_is_said_nowhere(tmp_path):
    file = layer(tmp_path / "carte.shp")
    assert read(file, operateur="SFR", techno="5G", niveau="TBC")[1] == [["SFR", "20810", "5G", "TBC"]]
    with pytest.raises(InvalidValueError, match=r"carte\.shp : ni les colonnes ni le nom ne disent «operateur»"):
        read(file)
    with pytest.raises(InvalidValueError, match=r'options = \{ techno = "…" \}'):
        read(file, operateur="SFR")


def test_folder_and_archive_are_joined(tmp_path):
    folder = tmp_path / "mrm"
    folder.mkdir()
    layer(folder / "couv_OF_4G.gpkg")
    layer(folder / "couv_FREE_4G.gpkg")
    found, rows = read(folder)
    assert sorted(row[0] for row in rows) == ["Free Mobile", "Orange"]
    assert found.rows_read == 2
    assert "2 couche(s) jointe(s)" in said(found)
    with zipfile.ZipFile(tmp_path / "mrm.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    assert sorted(read(tmp_path / "mrm.zip")[1]) == sorted(rows)
    (one,) = read_arcep_couverture(Source(folder, layer="FREE"))
    assert one.frame["operateur"].tolist() == ["Free Mobile"]


def test_two_crs_stay_apart(tmp_path):
    layer(tmp_path / "couv_OF_4G.gpkg")
    layer(tmp_path / "couv_FREE_4G.gpkg", crs=5490)
    found = read_arcep_couverture(Source(tmp_path))
    assert sorted(one.frame.crs.to_epsg() for one in found) == [2154, 5490]


def test_7z_says_what_to_do(tmp_path):
    (tmp_path / "couv_OF_4G.gpkg.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    with pytest.raises(UnreadableLayerError, match=r"7z non lue : couv_OF_4G\.gpkg\.7z\n.*7-Zip"):
        read_arcep_couverture(Source(tmp_path / "couv_OF_4G.gpkg.7z"))


def test_tables_beside_the_coverage_are_passed_over(tmp_path):
    file = layer(tmp_path / "couv_OF_4G.gpkg")
    pyogrio.write_dataframe(pd.DataFrame({"style": ["qml"]}), file, layer="layer_styles", append=True)
    assert read(file)[1] == [["Orange", "20801", "4G", "COUVERT"]]
    with pytest.raises(UnreadableLayerError, match="aucune couche de couverture ; présentes : layer_styles"):
        read_arcep_couverture(Source(file, layer="styles"))


def test_no_layer(tmp_path):
    layer(tmp_path / "couv_OF_4G.gpkg")
    with pytest.raises(UnreadableLayerError, match="présentes : couv_OF_4G"):
        read_arcep_couverture(Source(tmp_path, layer="SFR"))
    assert READER.id == "arcep_couverture"
