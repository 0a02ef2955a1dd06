"""ARCEP mobile sites: the tables of 2018 and of today, and the real extract of 2018."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.formats.arcep_sites import READER, read_arcep_sites
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

OLD = "Operateur;x;y;2G;3G;4G\n20820;900000;6450000;1;1;1\n20815;900000;6450000;0;1;0\n20899;900010,5;6450000;1;;0\n"
NEW = (
    "code_op;nom_op;num_site;id_site_partage;id_station_anfr;x;y;latitude;longitude;insee_dep;insee_com;"
    "site_2g;site_3g;site_4g;site_5g;date_ouverturecommerciale_5g\n"
    "20801;Orange;00081787T2;ZPB81601;0812290243;611098;6277414;43.59021;1.89946;81;81006;0;1;1;0;\n"
    "20815;Free Mobile;94069_005;;0940990271;660576;6857410;48.81555;2.46311;94;94069;0;1;1;1;2020-12-15\n"
)


def read(path: Path, text: str, crs: str | None = None, **options):
    path.write_text(text, encoding="utf-8")
    (layer,) = read_arcep_sites(Source(path, crs=crs, options=options))
    return layer, layer.frame


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_table_of_2018(tmp_path):
    layer, frame = read(tmp_path / "sites.csv", OLD)
    assert frame["operateur"].tolist() == ["Bouygues Telecom", "Free Mobile", "20899"]
    assert frame["code_operateur"].tolist() == ["20820", "20815", "20899"]
    assert frame["site_2g"].tolist() == [True, False, True]
    assert frame["site_3g"].isna().tolist() == [False, False, True], "a blank is unknown, not false"
    assert layer.crs_known == "EPSG:2154"
    assert [point.wkt for point in frame.geometry] == [
        "POINT (900000 6450000)",
        "POINT (900000 6450000)",
        "POINT (900010.5 6450000)",
    ]
    assert set(frame["etat"]) == {"en service"}
    assert "sans nom connu, laissé(s) : 20899" in said(layer)


def test_quarterly_table(tmp_path):
    layer, frame = read(tmp_path / "2024_T1_sites_Metropole.csv", NEW, etat="projet")
    assert frame["operateur"].tolist() == ["Orange", "Free Mobile"]
    assert frame["id_site"].tolist() == ["ZPB81601", "20815-94069_005"]
    assert frame["site_5g"].tolist() == [False, True]
    assert frame["code_insee"].tolist() == ["81006", "94069"]
    assert set(frame["etat"]) == {"projet"}
    assert layer.crs_known == "EPSG:2154"
    angular = gpd.GeoSeries(gpd.points_from_xy([1.89946, 2.46311], [43.59021, 48.81555]), crs=4326)
    assert frame.geometry.distance(angular.to_crs(2154)).max() < 2, "x, y and latitude, longitude agree"


def test_overseas_sites_take_latitude_and_longitude(tmp_path):
    overseas = NEW.replace(";81;81006;", ";971;97101;")
    layer, frame = read(tmp_path / "2024_T1_sites_Outremer.csv", overseas)
    assert layer.crs_known == "EPSG:4326"
    assert frame.geometry.x.tolist() == [1.89946, 2.46311]
    assert "1 site(s) d'outre-mer" in said(layer)
    stated, frame = read(tmp_path / "2024_T1_sites_Outremer.csv", overseas, crs="EPSG:5490")
    assert stated.crs_known == "EPSG:5490"
    assert frame.geometry.x.tolist() == [611098, 660576]


def test_latitude_and_longitude_alone(tmp_path):
    layer, frame = read(tmp_path / "s.csv", "code_op,latitude,longitude\n20801,45.1,5.7\n20801,,\n")
    assert layer.crs_known == "EPSG:4326"
    assert frame.geometry[0].wkt == "POINT (5.7 45.1)"
    assert frame.geometry[1] is None


def test_errors(tmp_path):
    with pytest.raises(MissingColumnError, match="«code_op»"):
        read(tmp_path / "a.csv", "x;y\n1;2\n")
    with pytest.raises(MissingColumnError, match="«x_lambert_93»"):
        read(tmp_path / "a.csv", "Operateur;est\n20801;2\n")
    with pytest.raises(InvalidValueError, match=r"a\.csv.*«x».*«est»"):
        read(tmp_path / "a.csv", "Operateur;x;y\n20801;est;6450000\n")
    with pytest.raises(InvalidValueError, match=r"a\.csv.*«site_2g».*«peut-être»"):
        read(tmp_path / "a.csv", "Operateur;x;y;2G\n20801;9;6450000;peut-être\n")
    assert "etat" in READER.options


@pytest.mark.real
@needs_data
def test_four_departments_in_2018():
    file = DATA / "digital" / "arcep_2018_01_sites_mobiles_2G_3G_4G_L93_dep_38_69_74_93.csv"
    (layer,) = read_arcep_sites(Source(file))
    assert len(layer.frame) == layer.rows_read == 5619
    assert set(layer.frame["operateur"]) == {"Orange", "SFR", "Free Mobile", "Bouygues Telecom"}
    communes = gpd.read_file(DATA / "admin" / "communes-38-isere.geojson").to_crs(2154)
    members = (DATA / "admin" / "banatic_epci_membres_38_69_74_93.csv").read_text("cp1252").splitlines()
    codes = {row.split(";")[9] for row in members if row.split(";")[1] == "200040715"}
    metropolis = communes[communes["code"].isin(codes)].union_all()
    assert layer.frame.within(metropolis).sum() == 326
