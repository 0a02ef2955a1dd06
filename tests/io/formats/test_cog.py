from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, MissingColumnError, ParameterError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.cog import epci_members, read_communes
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")


@pytest.fixture
def banatic(tmp_path):
    lines = [
        "dept;siren;raison_sociale;total_pop_tot;insee;nom_membre",
        "38;200040715;Grenoble-Alpes-Métropole;445 059;38185;Grenoble",
        "38;200040715;Grenoble-Alpes-Métropole;445 059;38421;Saint-Martin-d'Hères",
        "01;240100750;CC de la Plaine de l'Ain;80\u00a0000;1004;Ambérieu-en-Bugey",
    ]
    path = tmp_path / "banatic.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


@pytest.fixture
def communes(tmp_path):
    path = tmp_path / "COMMUNE.gpkg"
    columns = {"INSEE_COM": ["38185", "38421", "38053"], "NOM": ["Grenoble", "Saint-Martin-d'Hères", "Bresson"]}
    gpd.GeoDataFrame(columns, geometry=[box(n, 0, n + 1, 1) for n in range(3)], crs=2154).to_file(path)
    return path


def test_members_of_an_intercommunality(banatic):
    assert epci_members(banatic, "200040715") == ["38185", "38421"]
    assert epci_members(banatic, "200 040 715") == ["38185", "38421"]


def test_a_lost_leading_zero_is_restored(banatic):
    assert epci_members(banatic, "240100750") == ["01004"]


def test_an_unknown_siren_is_named_with_those_known(banatic):
    with pytest.raises(InvalidValueError, match=r"SIREN «999999999» ; la table en connaît 2 : 200040715, 240100750"):
        epci_members(banatic, "999999999")


def test_insee_membership_table(tmp_path):
    path = tmp_path / "epci.csv"
    path.write_text("CODGEO;LIBGEO;EPCI\n38185;Grenoble;200040715\n", encoding="utf-8")
    assert epci_members(path, "200040715") == ["38185"]
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="aucune des colonnes siren"):
        epci_members(path, "200040715")


def test_communes_take_the_names_of_the_role(communes):
    (layer,) = read_communes(Source(communes))
    admitted = admit(layer, Source(communes), crs="EPSG:2154", format="communes")
    assert admitted.faults == ()
    assert admitted.layer.frame["nom"].tolist()[0] == "Grenoble"
    assert admitted.layer.frame["code_insee"].tolist() == ["38185", "38421", "38053"]


def test_communes_kept_by_code_or_by_intercommunality(communes, banatic):
    (layer,) = read_communes(Source(communes, options={"codes": ["38053"]}))
    assert layer.frame["code_insee"].tolist() == ["38053"]
    assert layer.remarks[-1].text.fr == "1 commune(s) gardée(s) sur 3, sur demande"
    (layer,) = read_communes(Source(communes, options={"epci": "200040715", "membres": banatic.name}))
    assert layer.frame["code_insee"].tolist() == ["38185", "38421"]
    assert (layer.rows_read, layer.frame.index.tolist()) == (3, [0, 1])


def test_unknown_codes_and_half_options_are_refused(communes):
    with pytest.raises(InvalidValueError, match=r"1 commune\(s\) introuvable\(s\) dans ce fichier : 99999"):
        read_communes(Source(communes, options={"codes": ["38185", "99999"]}))
    with pytest.raises(ParameterError, match="`epci` et `membres` vont ensemble"):
        read_communes(Source(communes, options={"epci": "200040715"}))


@pytest.mark.real
@needs_data
def test_real_communes_of_grenoble_alpes():
    table = DATA / "admin" / "banatic_epci_membres_38_69_74_93.csv"
    members = epci_members(table, "200040715")
    assert len(members) == 49
    assert "38185" in members
    source = Source(DATA / "admin" / "communes-38-isere.geojson", options={"epci": "200040715", "membres": table.name})
    (layer,) = read_communes(source)
    assert (layer.rows_read, len(layer.frame)) == (521, 49)
    assert layer.frame.to_crs(2154).area.sum() / 1e6 == pytest.approx(542.7, abs=0.1)
    assert admit(layer, source, crs="EPSG:2154", format="communes").faults == ()
