import csv
import json
from pathlib import Path

import pytest

from territoire_sig.errors import MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.mediation import read_advisers, read_data_inclusion, read_lieux
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")


def as_json(tmp_path, records, name="structures.json"):
    path = tmp_path / name
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def structure(identifier, themes, **more):
    place = {
        "_di_surrogate_id": f"src-{identifier}",
        "id": identifier,
        "nom": f"Lieu {identifier}",
        "typologie": "CCAS",
    }
    return {**place, "latitude": 45.1, "longitude": 5.7, "thematiques": themes, **more}


def test_only_digital_themes_are_kept(tmp_path):
    records = [
        structure("a", ["numerique--acceder-a-une-connexion-internet", "mobilite"]),
        structure("b", ["mobilite--etre-accompagne"], horaires_ouverture="Mo 09:00-12:00"),
        structure("c", None),
        structure("d", ["numerique"], _di_geocodage_score=0.3),
        structure("e", ["numerique"], latitude=None),
    ]
    (layer,) = read_data_inclusion(Source(as_json(tmp_path, records)))
    assert layer.frame["id"].tolist() == ["src-a"]
    assert layer.frame["type_lieu"].tolist() == ["CCAS"]
    assert [remark.text.fr.split(",")[0] for remark in layer.remarks] == [
        "2 lieu(x) ou service(s) sans thématique «numerique»",
        "1 lieu(x) mal géocodé(s) (score inférieur à 0.5)",
        "1 lieu(x) sans coordonnées",
    ]
    assert layer.rows_read == 5


def test_services_of_one_structure_make_one_place(tmp_path):
    service = {"structure_id": "s", "source": "x", "nom": "Atelier", "latitude": 45.1, "longitude": 5.7}
    records = [
        {**service, "id": "1", "thematiques": ["numerique"]},
        {**service, "id": "2", "thematiques": ["numerique--promouvoir"]},
        {**service, "id": "3", "thematiques": ["numerique"], "latitude": 45.2},
    ]
    (layer,) = read_data_inclusion(Source(as_json(tmp_path, records, "services.json")))
    assert layer.frame["id"].tolist() == ["s", "s"]
    assert layer.remarks[0].count == 1


def test_structures_without_themes_are_told(tmp_path):
    path = tmp_path / "v1.csv"
    path.write_text("id,nom,latitude,longitude,horaires_accueil\na,A,45.1,5.7,Mo 09:00-12:00\n", encoding="utf-8")
    (layer,) = read_data_inclusion(Source(path))
    assert layer.frame["horaires"].tolist() == ["Mo 09:00-12:00"]
    assert layer.remarks[0].text.fr.startswith("pas de colonne «thematiques» : les 1 lieux sont tenus")


def test_a_name_is_needed(tmp_path):
    with pytest.raises(MissingColumnError, match="colonne «nom» introuvable"):
        read_data_inclusion(Source(as_json(tmp_path, [{"id": "a", "latitude": 45, "longitude": 5}])))


def test_lamednum_places(tmp_path):
    path = tmp_path / "lieux.csv"
    rows = [
        ["id", "nom", "typologie", "latitude", "longitude", "horaires", "itinerance"],
        ["1", "A", "TIERS_LIEUX|ASSO", "45.1", "5.7", "Mo-Fr 09:00-12:00", "Itinérant"],
        ["2", "B", "BIB", "45.1", "5.8", "", "Itinérant|Fixe"],
        ["3", "C", "", "45.1", "5.9", "", ""],
    ]
    with path.open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink).writerows(rows)
    (layer,) = read_lieux(Source(path))
    assert layer.frame["type_lieu"].tolist()[0] == "TIERS_LIEUX|ASSO"
    assert layer.frame["itinerant"].map(str).tolist() == ["True", "False", "<NA>"]
    assert admit(layer, Source(path), crs="EPSG:2154", format="lieux_mediation").faults == ()


def test_advisers_placed_by_hand_are_kept(tmp_path):
    host = {"raison_sociale": "Mairie", "nb_cnfs": 2, "type": "publique", "latitude": 45.1, "longitude": 5.7}
    records = [
        {**host, "id": 1, "result_score": 0.9, "geocodage_manuel": "non", "cp_differents": "oui"},
        {**host, "id": 2, "result_score": 0.4, "geocodage_manuel": "oui", "cp_differents": "non"},
        {**host, "id": 3, "result_score": 0.4, "geocodage_manuel": "non", "cp_differents": "non"},
    ]
    (layer,) = read_advisers(Source(as_json(tmp_path, records)))
    assert layer.frame["id"].tolist() == ["1", "2"]
    assert layer.frame["conseillers"].tolist() == [2.0, 2.0]
    assert set(layer.frame["type_lieu"]) == {"Conseillers numériques"}
    assert [remark.count for remark in layer.remarks] == [1, 1, 1]


@pytest.mark.real
@needs_data
def test_real_advisers():
    source = Source(DATA / "social" / "conseillers_numeriques_dep_38_69_73_74_93.json")
    (layer,) = read_advisers(source)
    raw = json.loads(source.path.read_text(encoding="utf-8"))
    assert layer.rows_read == len(layer.frame) == len(raw) == 131
    assert (layer.frame["insee_dep"] == "38").sum() == 21
    assert layer.frame["conseillers"].sum() == sum(record["nb_cnfs"] for record in raw)
    assert admit(layer, source, crs="EPSG:2154", format="conseillers_numeriques").faults == ()


@pytest.mark.real
@needs_data
def test_every_column_of_the_lamednum_standard_is_accepted(tmp_path):
    schema = json.loads((DATA / "schemas/schema_data_gouv/LaMednum__standard-mediation-num.json").read_text("utf-8"))
    row = {field["name"]: str(field.get("example", "")) for field in schema["fields"]}
    path = tmp_path / "exemple.csv"
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, row)
        writer.writeheader()
        writer.writerow(row)
    (layer,) = read_lieux(Source(path))
    assert layer.frame["nom"].tolist() == [row["nom"]]
    assert layer.frame["itinerant"].tolist() == [True]
    assert admit(layer, Source(path), crs="EPSG:2154", format="lieux_mediation").faults == ()
