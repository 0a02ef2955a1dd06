import numpy as np
import pytest

import territoire_sig as ts
from diagnosis.drawn import TOML, square, write_layer, write_territory
from territoire_sig.errors import EmptyLayerError, FaultsError, ParameterError
from territoire_sig.texts import language

OWN_RULE = """[[regle]]
id = "a_moi"
titre = { fr = "À moi", en = "Mine" }
politiques = ["mobilite", "urbanisme"]
score = 1
objet = { role = "arret" }
condition = [{ relation = "dans", role = "zonage", filtre = [{ colonne = "typezone", valeurs = ["U"] }] }]
seuil = { nombre = 1 }
habitants = { mode = "unite" }
article = "délibération du 1er mars"
services = ["Mobilités"]
acteurs = ["élus"]
explication = { fr = "$nombre arrêt(s) en zone U à $unite", en = "$nombre stop(s) in zone U in $unite" }
"""


@pytest.fixture(scope="module")
def diagnosis(tmp_path_factory):
    return ts.diagnose(ts.read_territory(write_territory(tmp_path_factory.mktemp("carres"))))


def found(diagnosis, rule):
    return diagnosis.findings[diagnosis.findings["regle"] == rule]


def test_findings_by_head(diagnosis):
    open_zone = found(diagnosis, "zone_a_urbaniser_sans_fibre")
    assert open_zone["surface_m2"].tolist() == pytest.approx([400 * 400])
    assert open_zone["habitants"].tolist() == pytest.approx([160.0])
    urban = found(diagnosis, "zone_urbaine_fibre_faible")
    assert urban["surface_m2"].tolist() == pytest.approx([600_000])
    stops = found(diagnosis, "arret_hors_couverture")
    assert stops["code_unite"].tolist() == ["01002"] and stops["nombre"].tolist() == [1]
    assert "approximation : portée mobile" in stops["explication"].iloc[0]
    assert set(diagnosis.findings["regle"]) == {
        "zone_a_urbaniser_sans_fibre", "zone_urbaine_fibre_faible", "arret_hors_couverture",
    }  # fmt: skip


def test_indicators_are_in_units_and_in_the_long_table(diagnosis):
    assert diagnosis.units.loc["01001", "auc_area_ha"] == pytest.approx(16.0)
    row = diagnosis.indicators.query("indicateur == 'auc_area_ha' and code_unite == '01001'").iloc[0]
    assert (row["valeur"], row["unite_mesure"], row["part_connue"]) == (pytest.approx(16.0), "ha", pytest.approx(0.76))
    assert row["millesime"] == "2024"


def test_what_has_no_layer_is_listed_never_passed(diagnosis):
    missing = diagnosis.unanswered.set_index("id")["roles_manquants"]
    assert missing["site_mobile_en_alea_fort"] == "alea"
    assert missing["hazard_population_alert"] == "alea"
    answered = set(diagnosis.record["regles"]["jouees"]) - set(missing.index)
    assert "arret_hors_couverture" in answered


def test_matrix_and_register(diagnosis):
    matrix = diagnosis.matrix.set_index(["politique_a", "politique_b"])
    assert matrix.loc[("urbanisme", "numerique"), "conflits"] == 2
    assert matrix.loc[("urbanisme", "numerique"), "score_net"] == -3
    assert matrix.loc[("urbanisme", "numerique"), "habitants"] == pytest.approx(1000 * 0.76)
    assert np.isnan(matrix.loc[("risques", "numerique"), "score_net"])
    assert diagnosis.register["rang"].tolist() == [1, 2, 3]
    assert diagnosis.register["regle"].iloc[0] == "zone_a_urbaniser_sans_fibre"


def test_record_says_what_was_read(diagnosis):
    record = diagnosis.record
    assert record["territoire"]["crs"] == "EPSG:2154"
    zoning = next(entry for entry in record["entrees"] if entry["role"] == "zonage")
    assert (zoning["lus"], zoning["millesime"], zoning["licence"]) == (3, "2024", "Licence Ouverte 2.0")
    assert zoning["role_entier"]["repares"] == 0
    assert {"geopandas", "gdal", "geos", "proj", "territoire-sig"} <= set(record["versions"])
    assert "couverture_mobile" in record["approximations"]


def test_repr_html_is_readable(diagnosis):
    shown = diagnosis._repr_html_()
    assert "Deux Carrés" in shown and "<script" not in shown


def test_only_runs_what_is_asked(tmp_path):
    territory = ts.read_territory(write_territory(tmp_path))
    diagnosis = ts.diagnose(territory, only=["arret_hors_couverture", "zoning_fixed_coverage"])
    assert set(diagnosis.findings["regle"]) == {"arret_hors_couverture"}
    assert diagnosis.unanswered.empty
    assert [item.id for item in diagnosis.analyses] == ["zoning_fixed_coverage"]


def test_processes_give_the_same_answer(tmp_path):
    territory = ts.read_territory(write_territory(tmp_path))
    names = ["arret_hors_couverture", "zone_urbaine_fibre_faible", "zoning_fixed_coverage"]
    with language("en"):
        one, two = ts.diagnose(territory, only=names), ts.diagnose(territory, only=names, jobs=2)
    assert one.findings.drop(columns="geometry").equals(two.findings.drop(columns="geometry"))
    assert one.indicators.equals(two.indicators)


@pytest.mark.parametrize("jobs", [0, -1])
def test_jobs_below_one(tmp_path, jobs):
    with pytest.raises(ParameterError, match=f"--jobs vaut {jobs}"):
        ts.diagnose(ts.read_territory(write_territory(tmp_path)), jobs=jobs)


def test_unknown_name_in_only(tmp_path):
    with pytest.raises(ParameterError, match=r"«arret_hors_couvertures»[\s\S]*arret_hors_couverture"):
        ts.diagnose(ts.read_territory(write_territory(tmp_path)), only=["arret_hors_couvertures"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("rayon_couverture_mobile = 3", "clé inconnue «rayon_couverture_mobile»"),
        ("[parametres.inconnue]\nx = 1", "aucune analyse de ce nom"),
        ("[parametres.zoning_fixed_coverage]\ntaux = 1", "paramètre inconnu «taux»"),
        ("[parametres.zoning_fixed_coverage]\ntaux_pret = 7", "attendu : de 0"),
    ],
)
def test_wrong_parameters(tmp_path, table, said):
    territory = ts.read_territory(write_territory(tmp_path, toml=f"{TOML}\n{table}\n"))
    with pytest.raises(ParameterError, match=said):
        ts.diagnose(territory)


def test_own_rules_are_added_and_may_replace(tmp_path):
    path = write_territory(
        tmp_path, toml=TOML.replace("[parametres]", '[regles]\nfichiers = ["mes.toml"]\n[parametres]')
    )
    (tmp_path / "mes.toml").write_text(OWN_RULE, encoding="utf-8")
    diagnosis = ts.diagnose(ts.read_territory(path))
    mine = found(diagnosis, "a_moi").iloc[0]
    assert mine["explication"] == "1 arrêt(s) en zone U à Ouest"
    assert mine["habitants"] == pytest.approx(1000.0)
    (tmp_path / "mes.toml").write_text(OWN_RULE.replace("a_moi", "arret_hors_couverture"), encoding="utf-8")
    replaced = found(ts.diagnose(ts.read_territory(path)), "arret_hors_couverture")
    assert replaced["score"].tolist() == [1]


def test_wrong_own_rules(tmp_path):
    path = write_territory(
        tmp_path, toml=TOML.replace("[parametres]", '[regles]\nfichiers = ["mes.toml"]\n[parametres]')
    )
    (tmp_path / "mes.toml").write_text(OWN_RULE.replace("score = 1", "score = 12"), encoding="utf-8")
    with pytest.raises(FaultsError, match=r"mes\.toml.*ligne 5"):
        ts.diagnose(ts.read_territory(path))


def test_own_rules_in_another_encoding(tmp_path):
    path = write_territory(
        tmp_path, toml=TOML.replace("[parametres]", '[regles]\nfichiers = ["mes.toml"]\n[parametres]')
    )
    (tmp_path / "mes.toml").write_bytes(OWN_RULE.encode("cp1252"))
    with pytest.raises(FaultsError, match=r"mes\.toml.*pas en UTF-8"):
        ts.diagnose(ts.read_territory(path))


def test_only_own_rules(tmp_path):
    rules = '[regles]\nfichiers = ["mes.toml"]\nsans_regles_standard = true\n[parametres]'
    path = write_territory(tmp_path, toml=TOML.replace("[parametres]", rules))
    (tmp_path / "mes.toml").write_text(OWN_RULE, encoding="utf-8")
    assert ts.diagnose(ts.read_territory(path)).record["regles"]["jouees"] == ["a_moi"]


@pytest.mark.parametrize(("place", "people"), [((0, 0, 1000, 1000), 0.0), ((5000, 0, 6000, 1000), 10.0)])
def test_territory_without_people_is_refused(tmp_path, place, people):
    path = write_territory(tmp_path)
    write_layer(tmp_path / "population.gpkg", [square(*place)], habitants=[people])
    with pytest.raises(EmptyLayerError, match="aucun habitant"):
        ts.diagnose(ts.read_territory(path))


def test_progress_is_told(tmp_path):
    told = []
    ts.diagnose(
        ts.read_territory(write_territory(tmp_path)),
        only=["zoning_fixed_coverage"],
        progress=lambda share, message: told.append((share, message)),
    )
    assert told[0][0] == 0.0 and told[-1][0] == 1.0
    assert all(message for _, message in told)


def test_a_rule_whose_column_is_known_nowhere_is_without_answer(tmp_path):
    file = write_territory(tmp_path)
    (tmp_path / "fibre.csv").write_text("code_insee;locaux\n01001;100\n01002;50\n")
    diagnosis = ts.diagnose(ts.read_territory(file), only=["zone_urbaine_fibre_faible", "arret_hors_couverture"])
    assert diagnosis.unanswered[["id", "roles_manquants"]].values.tolist() == [
        ["zone_urbaine_fibre_faible", "couverture_fixe.taux_fibre"]
    ]
    row = diagnosis.matrix.set_index(["politique_a", "politique_b"]).loc[("urbanisme", "numerique")]
    assert (row["regles_repondues"], row["regles_sans_reponse"]) == (0, 1)
    assert np.isnan(row["score_net"])
