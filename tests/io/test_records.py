import json

import pandas as pd
import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from territoire_sig.io.reader import Source
from territoire_sig.io.records import need, number, pick, read_records, set_aside, without_stated
from territoire_sig.texts import Text


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_csv_names_become_plain(tmp_path):
    path = written(tmp_path, "t.csv", "Conso totale (MWh);Libellé\n12,5;A\n")
    rows = read_records(Source(path))
    assert list(rows.frame.columns) == ["conso_totale_mwh", "libelle"]
    assert (rows.layer, rows.rows_read, rows.drawn) == ("t", 1, False)


def test_names_that_become_one_are_both_kept(tmp_path):
    rows = read_records(Source(written(tmp_path, "t.csv", "a-b;a b\n1;2\n")))
    assert list(rows.frame.columns) == ["a_b", "a_b_2"]


def test_json_records_are_flattened(tmp_path):
    record = {"id": 7, "category": {"name": {"fr": "Réseau"}}, "tags": ["a", "b"], "lat": None}
    rows = read_records(Source(written(tmp_path, "p.json", json.dumps([record]))))
    assert rows.frame.iloc[0].fillna("∅").to_dict() == {
        "id": "7",
        "category_name_fr": "Réseau",
        "tags": "a|b",
        "lat": "∅",
    }


@pytest.mark.parametrize(
    "whole", [{"results": [{"id": 1}]}, {"0": {"id": 1}}, [{"fields": {"id": 1}, "recordid": "x"}]]
)
def test_json_wrappings(tmp_path, whole):
    rows = read_records(Source(written(tmp_path, "p.json", json.dumps(whole))))
    assert rows.frame["id"].tolist() == ["1"]
    assert list(rows.frame.columns) == ["id"]


def test_json_that_is_no_list_is_refused(tmp_path):
    with pytest.raises(UnreadableLayerError, match="pas une liste d'enregistrements"):
        read_records(Source(written(tmp_path, "p.json", '{"a": 1}')))


def test_broken_json_is_refused(tmp_path):
    with pytest.raises(UnreadableLayerError, match="JSON illisible"):
        read_records(Source(written(tmp_path, "p.json", "[{")))


def test_geojson_keeps_its_geometry(tmp_path):
    feature = {"type": "Feature", "properties": {"Nom": "a"}, "geometry": {"type": "Point", "coordinates": [5, 45]}}
    whole = json.dumps({"type": "FeatureCollection", "features": [feature]})
    rows = read_records(Source(written(tmp_path, "p.json", whole)))
    assert rows.drawn
    assert rows.frame["nom"].tolist() == ["a"]
    assert rows.frame.geometry.iloc[0].coords[0] == (5, 45)


def test_several_files_must_be_chosen(tmp_path):
    written(tmp_path, "a.csv", "x\n1\n")
    written(tmp_path, "b.csv", "x\n2\n")
    with pytest.raises(UnreadableLayerError, match=r"un seul fichier est attendu ; trouvés : a.csv, b.csv"):
        read_records(Source(tmp_path))
    assert read_records(Source(tmp_path, layer="b")).frame["x"].tolist() == ["2"]
    assert read_records(Source(tmp_path), pattern="^a").frame["x"].tolist() == ["1"]


def test_the_stated_column_wins(tmp_path):
    frame = pd.DataFrame({"ind": [1], "autre_pop": [2]})
    assert pick(frame, Source(tmp_path, columns={"habitants": "Autre pop"}), "habitants", "ind") == "autre_pop"
    assert pick(frame, Source(tmp_path), "habitants", "ind") == "ind"
    with pytest.raises(MissingColumnError, match="colonne «absente» introuvable ; présentes : ind, autre_pop"):
        pick(frame, Source(tmp_path, columns={"habitants": "absente"}), "habitants", "ind")
    with pytest.raises(MissingColumnError, match=r'colonnes = \{ menages = "colonne du fichier" \}'):
        need(frame, Source(tmp_path), "menages", "men")


def test_a_stated_column_is_not_left_for_the_door_to_take_again(tmp_path):
    frame = pd.DataFrame({"conso_mwh": ["2"], "consommation_kwh": [2000.0]})
    source = Source(tmp_path, columns={"consommation_kwh": "conso_mwh"})
    assert list(without_stated(frame, source).columns) == ["consommation_kwh"]


def test_secrecy_is_counted_and_a_wrong_text_refused(tmp_path):
    values, hidden = number(pd.Series(["12,5", "ns", "s", "secret", "", "1 200"], name="med"), Source(tmp_path))
    assert values.fillna(-1).tolist() == [12.5, -1, -1, -1, -1, 1200]
    assert hidden == 3
    with pytest.raises(InvalidValueError, match="colonne «med» : 1 valeur"):
        number(pd.Series(["douze"], name="med"), Source(tmp_path))


def test_rows_set_aside_are_counted_and_quoted():
    remarks = []
    frame = pd.DataFrame({"nom": list("abcde")})
    kept = set_aside(frame, frame["nom"] != "a", Text("écartés", "set aside"), remarks, "nom")
    assert kept["nom"].tolist() == ["a"]
    assert (remarks[0].text.fr, remarks[0].count) == ("4 écartés (b, c, d…)", 4)
