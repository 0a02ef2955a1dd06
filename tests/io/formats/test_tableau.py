from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError, TerritoryFileError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.tableau import READER, read
from territoire_sig.io.reader import Source
from territoire_sig.io.readers import reader


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def through(path: Path, role: str, **source: object):
    asked = Source(path, role=role, **source)
    return admit(read(asked)[0], asked, crs="EPSG:2154", format="tableau")


def test_it_is_found():
    assert reader("tableau") is READER
    assert "relief" not in READER.roles


def test_a_table_role(tmp_path):
    path = write(tmp_path / "a.csv", "Indice de fragilité;\nCommune;Score\n1001;4,5\n38185;n.d.\n")
    done = through(path, "fragilite", columns={"code_insee": "Commune"})
    assert done.layer.frame["code_insee"].tolist() == ["01001", "38185"]
    assert done.layer.frame["indice"].tolist()[0] == 4.5
    assert done.layer.frame["indice"].isna().tolist() == [False, True]
    remarks = [str(remark) for remark in done.layer.provenance[0].remarks]
    assert remarks[0] == "1 ligne(s) de titre au-dessus des noms de colonnes"
    assert "colonne «indice» : 1 valeur(s) vide(s), donc inconnue(s)" in remarks


@pytest.mark.parametrize(
    ("header", "row", "options", "crs"),
    [
        ("nom;X;Y", "a;700000,0;6600000,0", {"x": "X", "y": "Y"}, "EPSG:2154"),
        ("nom;pos", "a;46.5, 3.0", {"latlon": "Pos"}, None),
        ("nom;g", 'a;"{""type"":""Point"",""coordinates"":[3,46.5]}"', {"geojson": "g"}, None),
        ("nom;g", "a;POINT (700000 6600000)", {"wkt": "g"}, "EPSG:2154"),
    ],
)
def test_four_ways_to_place_a_row(tmp_path, header, row, options, crs):
    done = through(write(tmp_path / "a.csv", f"{header}\n{row}\n"), "reemploi", options=options, crs=crs)
    point = done.layer.frame.geometry[0]
    assert (point.x, point.y) == pytest.approx((700_000, 6_600_000), abs=1e-3)


def test_coordinates_without_a_crs_are_refused_with_the_likely_one(tmp_path):
    done = through(write(tmp_path / "a.csv", "nom;x;y\na;900000;6450000\n"), "reemploi", options={"x": "x", "y": "y"})
    assert 'ajoutez crs = "EPSG:2154"' in str(done.faults[0])


def test_swapped_coordinates_are_refused(tmp_path):
    path = write(tmp_path / "a.csv", "nom;lat;lon\na;45,2;5,7\n")
    done = through(path, "reemploi", options={"x": "lat", "y": "lon"}, crs="EPSG:4326")
    assert "latitude et longitude sont échangées" in str(done.faults[0])


def test_separator_and_header_may_be_said(tmp_path):
    path = write(tmp_path / "a.csv", "x,x,x\ncode_insee,indice,z\n38185,3,z\n")
    done = through(path, "fragilite", options={"separateur": ",", "entete": 1})
    assert done.layer.frame["indice"].tolist() == [3]


def test_a_dbf(tmp_path):
    pyogrio.write_dataframe(
        pd.DataFrame({"code_insee": ["38185"], "indice": [3.5]}), tmp_path / "a.dbf", driver="ESRI Shapefile"
    )
    assert through(tmp_path / "a.dbf", "fragilite").layer.frame["indice"].tolist() == [3.5]


def test_refusals_name_the_file(tmp_path):
    path = write(tmp_path / "a.csv", "nom;x;y\na;ici;45\n")
    with pytest.raises(TerritoryFileError, match="le format «tableau» demande un rôle"):
        read(Source(path))
    with pytest.raises(TerritoryFileError, match=r"option inconnue du format «tableau» : lon\n.*x, y, latlon"):
        read(Source(path, role="reemploi", options={"lon": "x"}))
    with pytest.raises(InvalidValueError, match=r"a\.csv : 1 valeur\(s\) où il faut un nombre : «ici»"):
        read(Source(path, role="reemploi", options={"x": "x", "y": "y"}))
    with pytest.raises(MissingColumnError, match=r"a\.csv : colonne «lon» absente"):
        read(Source(path, role="reemploi", options={"x": "lon", "y": "y"}))


@pytest.mark.real
def test_arcep_sites_by_hand(shared_data):
    path = shared_data / "digital" / "arcep_2018_01_sites_mobiles_2G_3G_4G_L93_dep_38_69_74_93.csv"
    done = through(path, "site_mobile", options={"x": "x", "y": "y"}, crs="EPSG:2154")
    assert isinstance(done.layer.frame, gpd.GeoDataFrame)
    assert len(done.layer.frame) == 5619
    assert done.layer.frame["site_4g"].dtype == "boolean"
