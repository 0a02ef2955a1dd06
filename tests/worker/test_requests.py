import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pytest

import territoire_sig as ts
from territoire_sig.coherence.rulebook import standard_rules
from territoire_sig.indicators import declared
from territoire_sig.texts import language
from worker.asked import apart, here, of, zoning_request


@pytest.mark.parametrize(
    ("request_text", "french", "mend"),
    [
        (b"{", "n'est pas du JSON", "protocole_moteur.md"),
        (b"\xff\n", "n'est pas du JSON en UTF-8", "protocole_moteur.md"),
        (b"", "n'est pas du JSON", "protocole_moteur.md"),
        (b"[1]", "n'est pas un objet JSON", "protocole_moteur.md"),
        ({"op": "handshake"}, "protocole None et ce moteur le protocole 1", "à la même version"),
        ({"protocol": 2, "op": "handshake"}, "protocole 2 et ce moteur le protocole 1", "à la même version"),
        ({"protocol": True, "op": "handshake"}, "protocole True", "à la même version"),
        ({"protocol": 1}, "il manque «op»", "protocole_moteur.md"),
        ({"protocol": 1, "op": "danse"}, "opération inconnue : «danse»", "handshake, declarations, analyse"),
        ({"protocol": 1, "op": "handshake", "ops": 1}, "clé inconnue «ops»", "protocole_moteur.md"),
        ({"protocol": 1, "op": "verifier", "territory": 3}, "«territory» vaut 3 et doit être un texte", "protocole"),
        ({"protocol": 1, "op": "diagnostic", "territory": "t", "out": "o", "only": [1]}, "liste de textes", "only"),
        ({"protocol": 1, "op": "verifier", "territory": "nulle_part.toml"}, "n'existe pas", "territoire.toml"),
    ],
)
def test_a_wrong_request_is_a_clear_error_with_its_mend(request_text, french, mend):
    code, events = here(request_text)
    event = events[-1]
    assert code == 2
    assert event["event"] == "error"
    assert french in event["problem"]["fr"]
    assert mend in event["mend"]["fr"]
    assert event["problem"]["en"] != event["problem"]["fr"]
    assert event["problem"]["fr"] in event["message"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"analysis": "danse"}, "analyse inconnue : «danse»"),
        ({"parameters": {"taux": 1}}, "paramètre inconnu «taux»"),
        ({"parameters": {"taux_pret": 1.5}}, "attendu : de 0.0 à 1.0"),
        ({"inputs": {"zonnage": {"file": "x"}, "couverture_fixe": {"file": "x"}}}, "rôle inconnu : «zonnage»"),
        ({"inputs": {"zonage": "x.fgb"}}, "inputs.zonage doit être un objet"),
        ({"inputs": {"zonage": {"file": "x", "coulumns": {}}}}, "inputs.zonage : clé inconnue «coulumns»"),
        ({"units": {"file": "x", "code": "c", "level": "pays"}}, "niveau inconnu «pays»"),
        ({"units": {"code": "c"}}, "units : il manque «file»"),
        ({"sortie": "x"}, "clé inconnue «sortie»"),
    ],
)
def test_a_wrong_analyse_request_is_refused_before_anything_is_measured(territory_folder, tmp_path, changed, said):
    code, events = here(zoning_request(territory_folder, tmp_path / "s", **changed))
    assert code == 2
    assert said in events[-1]["message"]
    assert not list(tmp_path.glob("s/*.gpkg"))


def test_an_analysis_that_reads_the_others_asks_for_a_territory(territory_folder, tmp_path):
    """Its values are those that the library gives of the territory, with the parameters of the request."""
    given = {"poids": "egaux"}
    asked = zoning_request(territory_folder, tmp_path / "s", analysis="overall_coherence", parameters=given)
    code, events = here(asked)
    assert code == 2
    assert "lit les résultats des autres analyses" in events[-1]["problem"]["fr"]
    assert "fichier de territoire" in events[-1]["mend"]["fr"]
    path = territory_folder / "territoire.toml"
    of_file = {key: value for key, value in asked.items() if key not in ("name", "units", "inputs")}
    of_file["territory"] = str(path)
    code, events = here(of_file)
    assert (code, events[-1]["event"]) == (0, "result"), events[-1]
    territory = ts.read_territory(path).with_parameters("overall_coherence", given)
    expected = ts.diagnose(territory, only=["overall_coherence"])
    found = gpd.read_file(events[-1]["file"], layer="unites").set_index("code_unite")
    names = [output.name for output in declared()["overall_coherence"].outputs]
    np.testing.assert_array_equal(
        found.loc[expected.units.index, names].to_numpy(dtype=float), expected.units[names].to_numpy(dtype=float)
    )
    code, events = here(of_file | {"units": asked["units"]})
    assert code == 2
    assert "clé inconnue «units»" in events[-1]["message"]


def test_a_layer_outside_the_territory_leaves_the_analysis_without_answer(territory_folder, tmp_path):
    from shapely.geometry import box

    from diagnosis.drawn import write_layer

    write_layer(territory_folder / "loin.gpkg", [box(100_000, 6_200_000, 100_100, 6_200_100)], typezone=["U"])
    asked = zoning_request(territory_folder, tmp_path / "s")
    asked["inputs"]["zonage"] = {"file": str(territory_folder / "loin.gpkg")}
    code, events = here(asked)
    assert code == 2
    assert "sans réponse : il manque zonage" in events[-1]["problem"]["fr"]
    assert any("aucune entité dans le territoire" in event["message"] for event in of(events, "warning"))


def test_faults_of_several_layers_come_together_and_structured(territory_folder, tmp_path):
    asked = zoning_request(territory_folder, tmp_path / "s")
    asked["inputs"] = {
        "zonage": {"file": str(territory_folder / "sites.gpkg")},
        "couverture_fixe": {"file": str(territory_folder / "absent.csv")},
    }
    code, events = here(asked)
    assert code == 2
    faults = events[-1]["faults"]
    assert {"sites.gpkg", "absent.csv"} == {fault["file"].rsplit("/")[-1] for fault in faults}
    assert all(fault["problem"]["fr"] and fault["mend"]["en"] for fault in faults)


def test_columns_may_bear_other_names(territory_folder, tmp_path):
    zones = gpd.read_file(territory_folder / "zonage.gpkg").rename(columns={"typezone": "Sorte"})
    zones.to_file(territory_folder / "autre.gpkg")
    asked = zoning_request(territory_folder, tmp_path / "s")
    asked["inputs"]["zonage"] = {"file": str(territory_folder / "autre.gpkg"), "columns": {"typezone": "Sorte"}}
    code, events = here(asked)
    assert (code, events[-1]["event"]) == (0, "result"), events[-1]


def test_the_language_is_that_of_the_request():
    with language("en"):
        _, (event,) = here({"protocol": 1, "op": "danse", "lang": "en"})
    assert event["message"].startswith("unknown operation: «danse»\nMend: accepted operations")


def test_handshake_gives_versions():
    code, (event,) = here({"protocol": 1, "op": "handshake"})
    assert code == 0
    assert event["protocol"] == 1
    assert all(event[name][0].isdigit() for name in ("library", "python", "gdal", "proj", "geos"))


def test_declarations_give_every_analysis_rule_reader_role_and_policy():
    code, (event,) = here({"protocol": 1, "op": "declarations"})
    assert code == 0
    assert event["analyses"] == json.loads(json.dumps([item.to_dict() for item in declared().values()]))
    read = {need["role"] for item in event["analyses"] for need in item["inputs"]}
    filled = {role for item in event["readers"] for role in item["roles"]}
    assert read | filled <= set(event["roles"])
    assert [item["id"] for item in event["rules"]] == [rule.id for rule in standard_rules()]
    assert {role for item in event["rules"] for role in item["roles"]} <= set(event["roles"])
    assert {policy for item in event["rules"] for policy in item["policies"]} <= set(event["policies"])
    assert event["policies"]["numerique"] == {"fr": "Numérique", "en": "Digital"}
    assert event["roles"]["couverture_fixe"]["geometry"] == "table"


def test_verifier_gives_layers_or_faults(territory_folder):
    path = territory_folder / "territoire.toml"
    code, events = here({"protocol": 1, "op": "verifier", "territory": str(path)})
    result = events[-1]
    assert (code, result["faults"], result["unit_count"]) == (0, [], 2)
    assert [layer["role"] for layer in result["layers"]][:2] == ["unites", "zonage"]
    path.write_text(path.read_text(encoding="utf-8").replace("zonage.gpkg", "zonnage.gpkg"), encoding="utf-8")
    code, events = here({"protocol": 1, "op": "verifier", "territory": str(path)})
    (fault,) = events[-1]["faults"]
    assert code == 0
    assert fault["file"] == "zonnage.gpkg"
    assert "introuvable" in fault["problem"]["fr"]
    assert "not found" in fault["problem"]["en"]


def test_diagnostic_writes_its_folder_counts_and_lists_what_is_not_answered(territory_folder, tmp_path):
    asked = {"protocol": 1, "op": "diagnostic", "territory": str(territory_folder / "territoire.toml")}
    code, events = here(asked | {"out": str(tmp_path / "s")})
    result = events[-1]
    assert code == 0
    assert (result["numbers"]["conflict_count"], result["numbers"]["synergy_count"]) == (3, 0)
    assert {item["id"]: item["missing"] for item in result["unanswered"]}["site_mobile_en_alea_fort"] == "alea"
    assert {"diagnostic.gpkg", "rapport.html", "execution.json"} <= {path.name for path in (tmp_path / "s").iterdir()}
    assert [layer["name"] for layer in of(events, "layer")][:2] == ["unites", "constats"]
    assert any("approximation : portée mobile" in event["message"] for event in of(events, "warning"))
    code, events = here(asked | {"out": str(tmp_path / "t"), "only": ["danse"]})
    assert code == 2
    assert "ni règle ni analyse ne s'appelle «danse»" in events[-1]["problem"]["fr"]
    assert not (tmp_path / "t").exists()


def test_a_territory_may_be_the_layers_of_the_request(territory_folder, tmp_path):
    """The same layers, named in a request or in a file, give the same findings."""
    asked = zoning_request(territory_folder, tmp_path / "s")
    given = {key: asked[key] for key in ("protocol", "name", "out", "units", "inputs")}
    code, events = here(given | {"op": "diagnostic"})
    assert code == 0
    assert (tmp_path / "s" / "territoire.toml").is_file()
    again = {"protocol": 1, "op": "diagnostic", "territory": str(tmp_path / "s" / "territoire.toml")}
    _, others = here(again | {"out": str(tmp_path / "t")})
    assert events[-1]["numbers"] == others[-1]["numbers"]
    assert (tmp_path / "s" / "constats.csv").read_bytes() == (tmp_path / "t" / "constats.csv").read_bytes()


def test_a_diagnosis_is_not_written_over_a_file_in_which_another_writes(territory_folder, tmp_path):
    asked = {"protocol": 1, "op": "diagnostic", "territory": str(territory_folder / "territoire.toml")}
    assert here(asked | {"out": str(tmp_path / "s")})[0] == 0
    file = tmp_path / "s" / "diagnostic.gpkg"
    before = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, events = apart(asked | {"out": str(tmp_path / "s")})[:2]
        other.execute("ROLLBACK")
    assert code == 2
    assert "un autre programme écrit dans ce fichier" in events[-1]["problem"]["fr"]
    assert "choisissez un autre dossier" in events[-1]["mend"]["fr"]
    assert file.read_bytes() == before
