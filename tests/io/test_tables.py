from __future__ import annotations

import math
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoire_sig.errors import InvalidValueError, MissingColumnError, MissingFileError, UnreadableLayerError
from territoire_sig.io.tables import (
    geometry_from_geojson_cells,
    geometry_from_wkt,
    points_from,
    points_from_pair,
    read_table,
    restore_code,
    to_boolean,
    to_number,
)
from territoire_sig.texts import language


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("nom;n\nÉcole;1\n".encode("utf-8-sig"), "utf-8-sig"),
        ("nom;n\nÉcole;1\n".encode(), "utf-8"),
        ("nom;n\nÉcole;1\n".encode("cp1252"), "cp1252"),
        ("nom;n\nÉcole;1\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encodings_are_sniffed(written, content, encoding):
    found = read_table(written("a.csv", content))
    assert (found.encoding, found.separator, found.skipped_rows) == (encoding, ";", 0)
    assert found.frame.to_dict("list") == {"nom": ["École"], "n": ["1"]}


def test_cp850_when_asked(written):
    path = written("a.csv", "nom;n\nÉcole;1\n".encode("cp850"))
    assert read_table(path, encoding="cp850").frame.loc[0, "nom"] == "École"
    with pytest.raises(UnreadableLayerError, match=r"texte indéchiffrable en UTF-8 ou Windows-1252\n.*cp850"):
        read_table(written("b.csv", "nom\n\u00fc\n".encode("cp850") + b"\x90"))
    with pytest.raises(UnreadableLayerError, match="encodage inconnu : «klingon»"):
        read_table(path, encoding="klingon")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_sniffed(written, separator):
    rows = [["code", "nom", "taux"], ["01001", "A", "12"], ["01002", "B", "13"]]
    found = read_table(written("a.csv", "\n".join(separator.join(row) for row in rows)))
    assert found.separator == separator
    assert found.frame.to_numpy().tolist() == rows[1:]


def test_decimal_commas_are_not_separators(written):
    found = read_table(written("a.csv", "code;taux\n01001;12,5\n01002;3,75\n"))
    assert found.separator == ";"
    assert to_number(found.frame["taux"]).tolist() == [12.5, 3.75]


def test_title_lines_are_skipped_and_counted(written):
    text = "Observatoire 2018;;\n\nMise à jour : T1;;\ncode;nom;n\n01001;A;1\n01002;B;2\n"
    found = read_table(written("a.csv", text))
    assert found.skipped_rows == 2
    assert found.frame.columns.tolist() == ["code", "nom", "n"]
    assert len(found.frame) == 2


def test_two_header_rows_are_joined(written):
    text = "Commune;;Locaux;\ncode;nom;T4 2017;T1 2018\n01001;A;1;2\n"
    found = read_table(written("a.csv", text), header=(0, 1))
    assert found.frame.columns.tolist() == ["commune code", "commune nom", "locaux t4 2017", "locaux t1 2018"]
    assert read_table(written("a.csv", text), header=1).frame.columns.tolist() == ["code", "nom", "t4 2017", "t1 2018"]


def test_a_header_row_that_does_not_exist_is_refused(written):
    with pytest.raises(UnreadableLayerError, match="ligne de noms 5 demandée, et le fichier a 2 lignes"):
        read_table(written("a.csv", "a;b\n1;2\n"), header=5)


def test_line_breaks_quotes_and_separators_inside_cells(written):
    found = read_table(written("a.csv", 'nom;adresse\r\n"Le ""Lab""";"1, rue X\r\nBât. B; 2e"\r\n'))
    assert found.frame.iloc[0].tolist() == ['Le "Lab"', "1, rue X\r\nBât. B; 2e"]


def test_names_are_lowered_numbered_and_suffixed(written):
    found = read_table(written("a.csv", " Code ;;NOM;nom\n1;2;3;4\n"))
    assert found.frame.columns.tolist() == ["code", "colonne_2", "nom", "nom_2"]
    assert "noms de colonne en double, suffixés : nom" in str(found.remarks[0])


def test_short_rows_are_filled_and_told_with_their_lines(written):
    found = read_table(written("a.csv", "a;b;c\n1;2;3\n1;2\n4;5;6\n"))
    assert found.frame["c"].tolist() == ["3", None, "6"]
    assert str(found.remarks[0]) == "1 ligne(s) trop courte(s), complétée(s) par des vides (ligne 3)"


def test_long_rows_are_refused_with_their_lines(written):
    path = written("a.csv", "a;b\n1;2\n1;rue du Lac; 3\n")
    with pytest.raises(UnreadableLayerError, match=r"1 ligne\(s\) ont plus de 2 cellules remplies \(ligne 3\)"):
        read_table(path)
    with language("en"), pytest.raises(UnreadableLayerError, match="put between quotes the cells that hold"):
        read_table(path)
    assert read_table(written("b.csv", "a;b;\n1;2;\n")).frame.columns.tolist() == ["a", "b"]


def test_one_column(written):
    found = read_table(written("a.csv", "code\n01001\n01002\n"))
    assert found.frame["code"].tolist() == ["01001", "01002"]


def test_missing_empty_and_ambiguous_files(tmp_path, written):
    with pytest.raises(MissingFileError, match="le fichier n'existe pas"):
        read_table(tmp_path / "rien.csv")
    with pytest.raises(UnreadableLayerError, match="le fichier est vide"):
        read_table(written("vide.csv", "\n\n"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")
    assert read_table(tmp_path / "a.zip").frame.shape == (1, 2)
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("b.csv", "a;b\n1;2\n")
    with pytest.raises(UnreadableLayerError, match=r"il faut une table, et il y en a 2 : a\.csv, b\.csv"):
        read_table(tmp_path / "a.zip")


@pytest.mark.real
def test_the_same_table_in_two_encodings(shared_data):
    folder = shared_data / "robustness" / "encodings"
    latin = read_table(folder / "AC2_ASSIETTE_SUP_S_014_latin1.csv")
    utf = read_table(folder / "AC2_ASSIETTE_SUP_S_014_utf8.csv")
    assert (latin.encoding, utf.encoding) == ("cp1252", "utf-8")
    assert latin.frame.shape == (111, 8)
    assert any("é" in str(cell) for cell in latin.frame.to_numpy().ravel())
    pd.testing.assert_frame_equal(latin.frame, utf.frame)


@pytest.mark.real
def test_arcep_has_two_title_lines_and_nbsp_thousands(shared_data):
    found = read_table(shared_data / "digital" / "arcep_2018T1_ftth_communes_dep_38_69_74_93.csv")
    assert (found.skipped_rows, len(found.frame)) == (2, 2240)
    numbers = to_number(found.frame["t1 2018"], dash_is_zero=True)
    assert numbers.notna().all()
    assert numbers.max() > 1000


@pytest.mark.real
def test_584_iris_codes_get_their_zero_back(shared_data):
    found = read_table(shared_data / "social" / "insee_BASE_TD_FILO_DISP_IRIS_2019_TP60.csv")
    codes, restored = restore_code(found.frame["iris"], widths=(5, 9))
    assert restored == 584
    assert set(codes.str.len()) == {9}


@pytest.mark.real
def test_grenoble_cells_of_geojson_and_of_latitude_longitude(shared_data):
    zones = read_table(shared_data / "mobility" / "grenoble_zfe_perimetre.csv").frame
    assert geometry_from_geojson_cells(zones, "geo_shape").total_bounds.round().tolist() == [6, 45, 6, 45]
    racks = read_table(shared_data / "mobility" / "grenoble_arceaux.csv").frame
    assert points_from_pair(racks, "geo_point_2d").total_bounds.round().tolist() == [6, 45, 6, 45]


@pytest.mark.real
def test_broken_wkt_is_refused_and_dubious_wkt_read(shared_data):
    folder = shared_data / "robustness" / "ign_wkt_geometries"
    broken = read_table(folder / "broken_geometries.csv").frame
    with pytest.raises(InvalidValueError, match=r"1 valeur\(s\) où il faut une géométrie WKT : «POLYGON non wkt»"):
        geometry_from_wkt(broken, "geom")
    dubious = geometry_from_wkt(read_table(folder / "dubious_geometries.csv").frame, "geom")
    assert dubious.is_valid.tolist() == [False, False, False]
    fair = geometry_from_wkt(read_table(folder / "fair_geometries.csv").frame, "geom", "EPSG:2154")
    assert fair.area.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 1\u00a0751    ", 1751),
        ("1\u202f234\u202f567,8", 1234567.8),
        ("-0,5", -0.5),
        ("\u22123", -3),
        (",5", 0.5),
        ("1.5e3", 1500),
        ("+7.", 7),
    ],
)
def test_french_numbers(text, number):
    assert to_number(pd.Series([text])).tolist() == [number]


@pytest.mark.parametrize("text", ["", "n.d.", "nd", "s", "c", "NA", "-", None, np.nan])
def test_what_is_unknown_is_nan(text):
    assert math.isnan(to_number(pd.Series([text], dtype=object))[0])


def test_a_dash_is_zero_where_the_publisher_says_so():
    assert to_number(pd.Series(["-", "3"]), dash_is_zero=True).tolist() == [0, 3]


@pytest.mark.parametrize("text", ["12 rue", "1 75", "1,234,567", "12.5.2023", "e5", ".", "5 %"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidValueError, match="où il faut un nombre : «"):
        to_number(pd.Series(["1", text]))


def test_wrong_numbers_are_counted_and_five_listed():
    with pytest.raises(InvalidValueError, match=r"7 valeur\(s\) où il faut un nombre : «u», «v», «w», «x», «y»…"):
        to_number(pd.Series(["1", "u", "v", "w", "x", "y", "z", "u"]))


def test_numbers_stay_numbers():
    assert to_number(pd.Series([1, 2])).dtype == "float64"


@given(st.floats(-1e9, 1e9))
def test_a_number_written_the_french_way_comes_back(value):
    text = f"{value:,.3f}".replace(",", "\u202f").replace(".", ",")
    assert to_number(pd.Series([text]))[0] == pytest.approx(value, abs=5e-4)


def test_booleans():
    column = pd.Series(["Oui", "non", "1", "0", "VRAI", "", None, "-"], dtype=object)
    assert to_boolean(column).tolist() == [True, False, True, False, True, pd.NA, pd.NA, pd.NA]
    assert to_boolean(pd.Series([1.0, 0.0, np.nan])).tolist() == [True, False, pd.NA]
    assert to_boolean(pd.Series([True, False])).tolist() == [True, False]
    with pytest.raises(InvalidValueError, match=r"1 valeur\(s\) où il faut oui ou non : «peut-être»"):
        to_boolean(pd.Series(["peut-être"]))


def test_codes():
    column = pd.Series(["1001", "10040101", "2A004", "97411", "38185", "", None, 1001.0], dtype=object)
    codes, restored = restore_code(column, widths=(5, 9))
    assert codes.tolist() == ["01001", "010040101", "2A004", "97411", "38185", None, None, "01001"]
    assert restored == 3
    assert restore_code(pd.Series(["10040101"]), widths=(5,))[0].tolist() == ["10040101"]


def test_points_from_two_columns():
    frame = pd.DataFrame({"x": ["5,5", "", "6"], "y": ["45", "45", None]})
    points = points_from(frame, "x", "y", "EPSG:4326")
    assert points.geometry.isna().tolist() == [False, True, True]
    assert (points.geometry[0].x, points.geometry[0].y, points.crs.to_epsg()) == (5.5, 45, 4326)
    with pytest.raises(MissingColumnError, match="colonne «lon» absente ; colonnes présentes : x, y"):
        points_from(frame, "lon", "y", "EPSG:4326")
    with language("en"), pytest.raises(KeyError, match="column «lon» is absent; columns present: x, y"):
        points_from(frame, "lon", "y", "EPSG:4326")


def test_points_from_a_pair():
    frame = pd.DataFrame({"p": ["45.1, 5.7", "45.2;5.8", None]}, dtype=object)
    points = points_from_pair(frame, "p")
    assert [(p.x, p.y) if p else None for p in points.geometry] == [(5.7, 45.1), (5.8, 45.2), None]
    assert points.columns.tolist() == ["p", "geometry"]


def test_geojson_cells():
    frame = pd.DataFrame({"g": ['{"type":"Point","coordinates":[5,45,9]}', None, ""]}, dtype=object)
    points = geometry_from_geojson_cells(frame, "g")
    assert points.geometry.isna().tolist() == [False, True, True]
    assert not points.has_z.any()
    assert points.crs.to_epsg() == 4326
    with pytest.raises(InvalidValueError, match="où il faut une géométrie GeoJSON : «boum»"):
        geometry_from_geojson_cells(pd.DataFrame({"g": ["boum"]}), "g")
