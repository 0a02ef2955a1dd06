import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, MissingColumnError, ParameterError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.filosofi import cell_geometry, read_cells, read_iris
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

CELL = "CRS3035RES200mN2882200E3777600"
NEXT = "CRS3035RES200mN2882200E3777800"


def cells(tmp_path, **more):
    """Two squares of EPSG:3035 side by side, the second cut in half."""
    shapes = [box(3777600, 2882200, 3777800, 2882400), box(3777800, 2882200, 3777900, 2882400)]
    columns = {
        "Idcar_200m": [CELL, NEXT],
        "Ind": [10.0, 20.5],
        "Men": [4.0, 8.0],
        "Men_pauv": [1.0, 2.0],
        "Ind_65_79": [2.0, 3.0],
        "Ind_80p": [1.0, 0.5],
        "I_est_200": [0, 1],
        "lcog_geo": ["38185", "3818538421"],
        **more,
    }
    path = tmp_path / "carreaux_200m.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3035).to_file(path)
    return path


def said(layer):
    return " | ".join(remark.text.fr for remark in layer.remarks)


def test_squares_are_renamed_summed_and_told(tmp_path):
    (layer,) = read_cells(Source(cells(tmp_path)))
    frame = layer.frame
    assert layer.role == "population"
    assert frame["habitants"].tolist() == [10.0, 20.5]
    assert frame["habitants_65plus"].tolist() == [3.0, 3.5]
    assert frame["impute"].tolist() == [False, True]
    assert frame["communes"].tolist() == ["38185", "38185;38421"]
    assert frame.geometry.area.tolist() == [40000.0, 20000.0]
    assert "1 carreau(x) à valeurs imputées" in said(layer)
    assert "1 carreau(x) sur 2 coupé(s) de plus de 2 % de leur surface (1 en tout)" in said(layer)


def test_whole_squares_on_request(tmp_path):
    (layer,) = read_cells(Source(cells(tmp_path), options={"geometrie": "cellule"}))
    assert layer.frame.geometry.bounds.iloc[1].tolist() == [3777800, 2882200, 3778000, 2882400]
    assert layer.frame.crs.to_epsg() == 3035
    assert "2 carreau(x) redessiné(s)" in said(layer)


def test_whole_squares_stay_in_place_when_the_user_states_a_crs(tmp_path):
    source = Source(cells(tmp_path), crs="EPSG:2154", options={"geometrie": "cellule"})
    (layer,) = read_cells(source)
    expected = gpd.GeoSeries([box(3777600, 2882200, 3777800, 2882400)], crs=3035).to_crs(2154)
    assert layer.frame.geometry.iloc[[0]].geom_equals_exact(expected, 1e-6).all()


def test_a_table_without_geometry_is_drawn_from_identifiers(tmp_path):
    path = tmp_path / "carreaux.csv"
    path.write_text(f"Idcar_200m,Ind,I_est_200\n{CELL},10.5,0\n", encoding="utf-8")
    (layer,) = read_cells(Source(path))
    assert layer.frame.geometry.area.tolist() == [40000.0]
    admitted = admit(layer, Source(path), crs="EPSG:2154", format="filosofi_carreaux")
    assert admitted.faults == ()
    assert admitted.layer.frame["habitants"].tolist() == [10.5]


def test_pieces_of_one_square_are_refused_or_merged(tmp_path):
    path = cells(tmp_path, Idcar_200m=[CELL, CELL])
    with pytest.raises(InvalidValueError, match="leurs habitants seraient comptés deux fois"):
        read_cells(Source(path))
    path = cells(tmp_path, Idcar_200m=[CELL, CELL], Ind=[10.0, 10.0])
    (layer,) = read_cells(Source(path, options={"geometrie": "cellule"}))
    assert layer.frame["habitants"].tolist() == [10.0]
    assert "1 morceau(x) d'un carreau déjà lu" in said(layer)


def test_bad_identifiers_and_options_are_refused(tmp_path):
    with pytest.raises(InvalidValueError, match=r"1 identifiant\(s\) de carreau illisible\(s\), dont «carreau 7»"):
        cell_geometry(pd.Series([CELL, "carreau 7"]))
    with pytest.raises(InvalidValueError, match=r"plusieurs systèmes : \[2975, 3035\]"):
        cell_geometry(pd.Series([CELL, "CRS2975RES200mN7674000E338000"]))
    with pytest.raises(ParameterError, match="geometrie = «rond» est inconnu"):
        read_cells(Source(cells(tmp_path), options={"geometrie": "rond"}))
    path = tmp_path / "vide.csv"
    path.write_text("idcar_200m,menages\nx,1\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="colonne «habitants» introuvable"):
        read_cells(Source(path))


def test_overseas_squares_have_their_own_crs():
    assert cell_geometry(pd.Series(["CRS2975RES200mN7674000E338000"])).crs.to_epsg() == 2975


def iris_table(tmp_path, text, name="iris.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_latest_vintage_disposable_first(tmp_path):
    header = "IRIS;DEC_MED19;DISP_MED19;DEC_MED18;DISP_TP6018;DISP_TP6019\n"
    path = iris_table(tmp_path, header + "10040101;1;21 500;3;9,9;20,5\n2A0040101;1;ns;3;9;s\n")
    (layer,) = read_iris(Source(path))
    frame = layer.frame
    assert frame["code_insee"].tolist() == ["010040101", "2A0040101"]
    assert frame["revenu_median"].fillna(-1).tolist() == [21500.0, -1]
    assert frame["taux_pauvrete"].fillna(-1).tolist() == [20.5, -1]
    assert "«revenu_median» lu dans «disp_med19» : revenu disponible, millésime 2019" in said(layer)
    assert "1 code(s) avaient perdu leur zéro initial" in said(layer)
    assert "1 valeur(s) de «taux_pauvrete» sous secret" in said(layer)


def test_communes_and_split_iris_codes(tmp_path):
    (communes,) = read_iris(Source(iris_table(tmp_path, "CODGEO;MED21;TP6021\n1004;20000;12\n")))
    assert communes.frame[["code_insee", "revenu_median", "taux_pauvrete"]].iloc[0].tolist() == ["01004", 20000, 12]
    (split,) = read_iris(Source(iris_table(tmp_path, "INSEE_COM;IRIS;DEC_MED19\n93010;101;13070\n", "b.csv")))
    assert split.frame["code_insee"].tolist() == ["930100101"]


def test_population_only_with_a_geometry(tmp_path):
    path = tmp_path / "iris.gpkg"
    columns = {"CODE_IRIS": ["381850101"], "DEC_MED19": [20000], "P12_POP": [2000], "P19_POP": [2100]}
    gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1)], crs=2154).to_file(path)
    income, people = read_iris(Source(path))
    assert (income.role, people.role) == ("revenu", "population")
    assert "geometry" not in income.frame.columns
    assert people.frame["habitants"].tolist() == [2100.0]
    assert [layer.role for layer in read_iris(Source(path, role="population"))] == ["population"]


def test_a_table_without_income_is_refused(tmp_path):
    with pytest.raises(MissingColumnError, match=r"aucune colonne pour le rôle «revenu».*présentes : code_iris, tchom"):
        read_iris(Source(iris_table(tmp_path, "CODE_IRIS;TCHOM\n381850101;8\n")))


@pytest.mark.real
@needs_data
def test_real_200m_squares_against_sqlite():
    path = DATA / "social" / "filosofi_carreaux_200m_noisy_saintdenis_93.gpkg"
    (layer,) = read_cells(Source(path))
    assert layer.rows_read == len(layer.frame) == 502
    assert "119 carreau(x) sur 502 coupé(s) de plus de 2 %" in said(layer)
    assert "87 carreau(x) à valeurs imputées" in said(layer)
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as base:
        people, elders = base.execute("select sum(ind), sum(ind_65_79 + ind_80p) from carreaux").fetchone()
    assert layer.frame["habitants"].sum() == pytest.approx(people, rel=1e-12)
    assert layer.frame["habitants_65plus"].sum() == pytest.approx(elders, rel=1e-12)
    (whole,) = read_cells(Source(path, options={"geometrie": "cellule"}))
    assert whole.frame.geometry.area.round(3).unique().tolist() == [40000.0]
    drawn = layer.frame.to_crs(3035).geometry
    assert drawn.difference(whole.frame.geometry).area.max() < 0.1
    assert admit(layer, Source(path), crs="EPSG:2154", format="filosofi_carreaux").faults == ()


@pytest.mark.real
@needs_data
def test_real_1km_squares_and_iris():
    (squares,) = read_cells(Source(DATA / "social" / "filosofi_carreaux_1km_bondy_93010.gpkg"))
    assert (len(squares.frame), squares.frame["impute"].sum()) == (14, 0)
    source = Source(DATA / "admin" / "iris_filosofi_declare_2019_dep93.gpkg")
    (income,) = read_iris(source)
    assert len(income.frame) == 113
    assert income.frame["taux_pauvrete"].isna().sum() == 4
    assert admit(income, source, crs="EPSG:2154", format="filosofi_iris").faults == ()


@pytest.mark.real
@needs_data
def test_real_poverty_rates_have_their_zero_back():
    path = DATA / "social" / "insee_BASE_TD_FILO_DISP_IRIS_2019_TP60.csv"
    with pytest.raises(InvalidValueError, match="2827 taux de pauvreté au-dessus de 100 %, dont 17910"):
        read_iris(Source(path))
    source = Source(path, options={"hors_bornes": "inconnu"})
    (layer,) = read_iris(source)
    assert layer.rows_read == len(layer.frame) == 12481
    assert "584 code(s) avaient perdu leur zéro initial" in said(layer)
    assert set(layer.frame["code_insee"].str.len()) == {9}
    assert layer.frame["code_insee"].str.startswith("2A").any()
    assert layer.frame["taux_pauvrete"].isna().sum() == 2827
    assert admit(layer, source, crs="EPSG:2154", format="filosofi_iris").faults == ()


@pytest.mark.real
@needs_data
def test_real_lyon_iris_give_inhabitants():
    source = Source(DATA / "social" / "lyon_iris_pop2012_chomage.geojson")
    (layer,) = read_iris(source)
    assert (layer.role, len(layer.frame)) == ("population", 358)
    assert admit(layer, source, crs="EPSG:2154", format="filosofi_iris").faults == ()
