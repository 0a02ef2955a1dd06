"""ARCEP FttH by commune: long, wide and layer forms, and the table of early 2018."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, MissingColumnError, MissingFileError
from territoire_sig.io.formats.arcep_fibre import READER, read_arcep_fibre
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

LONG = (
    "Réseaux en fibre optique,,,\nDéploiement par commune,,,\n,,,\n,,,\n"
    "Code commune,Champ,T4 2017,T1 2018\n"
    "01001,Locaux Raccordables,10,20\n01001,Catégorie,0,5\n"
    "38185,Locaux Raccordables,1 500,2 500\n38185,Catégorie,50,80\n"
    "2A004,Locaux Raccordables,0,0\n2A004,Catégorie,0,0\n"
    "38999,Locaux Raccordables,7,7\n38999,Catégorie,0,0\n"
)
PREMISES = (
    "Titre,,,\nAutre titre,,,\n,,,\n,,,\nCode commune,Nom,Logements,Établissements\n"
    "1001,A,80    ,20    \n38185,B,1\u00a0900    ,100    \n2A004,C,-    ,-    \n"
)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, **options):
    (layer,) = read_arcep_fibre(Source(path, options=options))
    return layer, layer.frame.set_index("code_insee")


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_long_table_takes_the_last_quarter(tmp_path):
    layer, frame = read(written(tmp_path / "ftth.csv", LONG))
    assert frame["locaux_raccordables"].to_dict() == {"01001": 20, "38185": 2500, "2A004": 0, "38999": 7}
    assert frame["taux_fibre"].isna().all(), "without premises the rate is unknown"
    assert layer.rows_read == 8
    assert "trimestre lu : T1 2018" in said(layer)
    assert "4 «Catégorie»" in said(layer)


def test_long_table_with_premises(tmp_path):
    written(tmp_path / "communes.csv", PREMISES)
    layer, frame = read(written(tmp_path / "ftth.csv", LONG), trimestre="2017-T4", locaux="communes.csv")
    assert frame["locaux"].to_dict() == pytest.approx(
        {"01001": 100, "38185": 2000, "2A004": 0, "38999": float("nan")}, nan_ok=True
    )
    assert frame["taux_fibre"].to_dict() == pytest.approx(
        {"01001": 0.1, "38185": 0.75, "2A004": float("nan"), "38999": float("nan")}, nan_ok=True
    )
    assert "1 commune(s) absente(s) du fichier des locaux" in said(layer)


def test_more_passed_than_premises_is_capped_and_told(tmp_path):
    written(tmp_path / "communes.csv", PREMISES)
    layer, frame = read(written(tmp_path / "ftth.csv", LONG), locaux="communes.csv")
    assert frame.loc["38185", ["locaux", "locaux_raccordables", "taux_fibre"]].tolist() == [2000, 2500, 1]
    assert "1 commune(s) où les locaux raccordables dépassent" in said(layer)


def test_wide_table(tmp_path):
    file = written(tmp_path / "t.csv", "INSEE_COM;Locaux;T1 2023;T2 2023;T4 2022\n1001;200;80;100;60\n38185;10;0;;0\n")
    layer, frame = read(file)
    assert frame["taux_fibre"].to_dict() == pytest.approx({"01001": 0.5, "38185": float("nan")}, nan_ok=True)
    assert "trimestre lu : T2 2023" in said(layer)
    assert "1 code(s) INSEE sans leur zéro" in said(layer)
    assert read(file, trimestre="T4 2022")[1].loc["01001", "taux_fibre"] == 0.3


def test_layer_of_the_fibre_map(tmp_path):
    communes = gpd.GeoDataFrame(
        {"INSEE_COM": ["38185", "38421"], "Locaux": [100, 40], "ftth": [75, 10]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs=3857,
    )
    communes.to_file(tmp_path / "commune.shp")
    layer, frame = read(tmp_path / "commune.shp")
    assert frame["taux_fibre"].to_dict() == {"38185": 0.75, "38421": 0.25}
    assert "geometry" not in layer.frame.columns


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        (LONG, {"trimestre": "T2 2020"}, InvalidValueError, "«T2 2020».*\n.*T4 2017, T1 2018"),
        ("commune,T1 2018\n1,2\n", {}, MissingColumnError, "«Code commune»"),
        ("code_insee,nom\n01001,A\n", {}, MissingColumnError, "«ftth»"),
        ("code_insee,ftth\n01001,beaucoup\n", {}, InvalidValueError, r"f\.csv.*«locaux_raccordables».*«beaucoup»"),
        (LONG, {"locaux": "rien.csv"}, MissingFileError, r"rien\.csv"),
        (LONG, {"locaux": "f.csv"}, MissingColumnError, "«Logements»"),
    ],
)
def test_errors_say_what_is_there(tmp_path, text, options, error, message):
    with pytest.raises(error, match=message):
        read(written(tmp_path / "f.csv", text), **options)


def test_premises_given_twice_are_refused(tmp_path):
    written(tmp_path / "p.csv", "code_insee,locaux\n01001,3\n01001,4\n")
    with pytest.raises(InvalidValueError, match="commune en double : 01001"):
        read(written(tmp_path / "f.csv", LONG), locaux="p.csv")
    assert set(READER.options) == {"trimestre", "locaux"}


@pytest.mark.real
@needs_data
def test_grenoble_metropolis_in_early_2018():
    _, frame = read(
        DATA / "digital" / "arcep_2018T1_ftth_communes_dep_38_69_74_93.csv",
        trimestre="T1 2018",
        locaux="arcep_2018T1_communes_zonage_dep_38_69_74_93.csv",
    )
    members = (DATA / "admin" / "banatic_epci_membres_38_69_74_93.csv").read_text("cp1252").splitlines()
    codes = [row.split(";")[9] for row in members if row.split(";")[1] == "200040715"]
    metropolis = frame.loc[codes]
    assert len(metropolis) == 49
    assert metropolis["locaux_raccordables"].sum() == 130361
    assert metropolis.loc["38185", "locaux"] == 96773 + 5803, "Grenoble: dwellings plus establishments"
    assert frame["taux_fibre"].dropna().between(0, 1).all()
    assert len(frame) == frame.index.nunique() == 1120
