"""Roles and layers, what can be run, results, decisions and register: without a widget."""

import csv
import shutil

import pytest
from asked import DECLARED
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from territoire_sig_qgis.coherence import decisions
from territoire_sig_qgis.coherence.answers import TO_SETTLE, open_answers, open_layer
from territoire_sig_qgis.coherence.decisions import recall, save_decisions
from territoire_sig_qgis.coherence.facts import MEASURED, layer_facts, project_layers
from territoire_sig_qgis.coherence.guess import Facts, Units, guess_roles, guess_units, missing_columns
from territoire_sig_qgis.coherence.readiness import readiness
from territoire_sig_qgis.coherence.register import export_register
from territoire_sig_qgis.coherence.roles import (
    Territory,
    complete,
    kept_folder,
    read_territory,
    results_folder,
    usable_roles,
    write_territory,
)
from territoire_sig_qgis.coherence.run import prepare
from territoire_sig_qgis.desk.territory_panel import TerritoryPanel
from territoire_sig_qgis.engine_place import EngineError

from conftest import ROOT

SAMPLE = ROOT / "data" / "sample"
ROLES = DECLARED["roles"]


@pytest.fixture()
def diagnosis(tmp_path):
    """A copy of the diagnosis of the demo project."""
    shutil.copytree(str(SAMPLE / "demo" / "diagnostic"), str(tmp_path / "diagnostic"))
    return tmp_path / "diagnostic" / "diagnostic.gpkg"


def facts_of(path, name=""):
    layer = QgsVectorLayer(f"{path}|layername={name}" if name else str(path), name or path.stem, "ogr")
    assert layer.isValid(), path
    return layer_facts(layer)


def test_published_layers_are_guessed_by_name_fields_and_geometry(qgis_app):
    urbanism, risks = SAMPLE / "urbanisme" / "99999_PLUi_20250101" / "Donnees_geographiques", SAMPLE / "risques"
    layers = {
        "zonage": facts_of(urbanism / "99999_ZONE_URBA_20250101.shp"),
        "prescription_surf": facts_of(urbanism / "99999_PRESCRIPTION_SURF_20250101.shp"),
        "prescription_lin": facts_of(urbanism / "99999_PRESCRIPTION_LIN_20250101.shp"),
        "information_pct": facts_of(urbanism / "99999_INFO_PCT_20250101.shp"),
        "alea": facts_of(risks / "PPRN_99DDT20990001" / "N_ZONE_ALEA_PPRN_20990001_S_099.shp"),
        "zone_reglementaire": facts_of(risks / "PPRN_99DDT20990001" / "N_ZONE_REG_PPRN_20990001_S_099.shp"),
        "zone_inondable": facts_of(risks / "TRI_VALDOMBRE" / "N_TRI_VALD_INONDABLE_FOR_S_099.shp"),
        "couverture_mobile": facts_of(
            SAMPLE / "numerique" / "couverture_2025_T4" / "2025_T4_couv_Metropole_OF_4G_data.shp"
        ),
        "cable": facts_of(SAMPLE / "numerique" / "gracethd_shpcsv" / "t_cableline.shp"),
        "population": facts_of(SAMPLE / "social" / "carreaux_200m.gpkg"),
        "cyclable": facts_of(SAMPLE / "mobilite" / "amenagements_cyclables.geojson"),
        "espace_protege": facts_of(SAMPLE / "biodiversite" / "espaces_proteges.geojson"),
        "corridor": facts_of(SAMPLE / "fonds.gpkg", "trame_verte_bleue"),
        "voirie": facts_of(SAMPLE / "fonds.gpkg", "routes"),
        "batiment": facts_of(SAMPLE / "fonds.gpkg", "batiments"),
        "commune": facts_of(SAMPLE / "fonds.gpkg", "communes"),
        "air": facts_of(SAMPLE / "fonds.gpkg", "air"),
    }
    found = guess_roles(list(layers.values()), ROLES)
    assert found == {role: item.id for role, item in layers.items()}
    units = guess_units(list(layers.values()))
    assert (units.layer, units.code, units.name, units.level) == (
        layers["commune"].id,
        "code_insee",
        "nom",
        "commune",
    )


def test_geometry_alone_fills_no_role_and_another_geometry_never_does():
    assert guess_roles([Facts("a", ("couche 1",), ("id",), "polygon")], ROLES) == {}
    assert guess_roles([Facts("a", ("zonage",), ("typezone",), "line")], ROLES) == {}
    assert guess_roles([Facts("a", ("Zonage",), ("TYPEZONE",), "polygon")], ROLES) == {"zonage": "a"}


def test_a_layer_without_a_required_column_is_passed_over_for_one_that_has_it():
    bare = Facts("a", ("zone_urba",), ("id",), "polygon")
    whole = Facts("b", ("plu zonage 2025",), ("typezone", "libelle"), "polygon")
    assert guess_roles([bare, whole], {"zonage": ROLES["zonage"]}) == {"zonage": "b"}
    assert missing_columns(ROLES["zonage"], ["id"], {}) == ["typezone"]
    assert missing_columns(ROLES["zonage"], ["TypeSect"], {}) == []
    assert missing_columns(ROLES["zonage"], ["id", "Sorte"], {"typezone": "Sorte"}) == []
    assert missing_columns(ROLES["zonage"], ["id"], {"typezone": "Sorte"}) == ["typezone"]


def test_the_hand_prevails_over_the_guess_and_the_project_keeps_it(layer, tmp_path, qgis_new_project):
    project = QgsProject.instance()
    zones, units = layer("zonage"), layer("unites")
    project.addMapLayers([zones, units])
    territory = complete(read_territory(), ROLES)
    assert territory.roles["zonage"] == zones.id() and territory.units.layer == units.id()
    territory.choose("zonage", "")
    chosen = Units(units.id(), "code_unite", "nom_unite", "autre")
    territory.choose_units(chosen)
    write_territory(territory)
    assert project.write(str(tmp_path / "p.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "p.qgz"))
    again = complete(read_territory(), ROLES)
    assert "zonage" not in again.roles
    assert again.units == chosen


def test_what_a_server_draws_is_no_data(layer, qgis_new_project):
    address = "type=xyz&zmin=0&zmax=19&url=http://localhost/{z}/{x}/{y}.png"
    project = QgsProject.instance()
    tiles = project.addMapLayer(QgsRasterLayer(address, "Bruit Lden", "wms"))
    assert tiles.isValid() and not project_layers()
    grid = project.addMapLayer(layer("bruit_raster"))
    assert complete(Territory(), ROLES).roles == {"bruit_raster": grid.id()}


def test_what_an_analysis_measured_is_guessed_for_no_role_and_may_be_chosen(layer, qgis_new_project):
    zones = QgsProject.instance().addMapLayer(layer("zonage"))
    zones.setCustomProperty(MEASURED, True)
    assert complete(Territory(), ROLES).roles == {}
    assert zones.id() in project_layers()


def test_a_guess_whose_column_has_gone_is_left_out_and_told_a_choice_is_not(layer, tmp_path, qgis_new_project):
    project = QgsProject.instance()
    zones, fibre, units = layer("zonage"), layer("couverture_fixe"), layer("unites")
    project.addMapLayers([zones, fibre, units])
    territory = complete(Territory(folder=str(tmp_path)), ROLES)
    zones.startEditing()
    zones.deleteAttribute(zones.fields().indexFromName("typezone"))
    order = prepare(territory, ROLES)
    assert [source.role for source in order.sources] == ["unites", "couverture_fixe"]
    (remark,) = order.remarks
    assert "“zonage” is left out" in remark and "Mend: click ⚠" in remark
    territory.choose("zonage", zones.id())
    assert "zonage" in [source.role for source in prepare(territory, ROLES).sources]
    zones.rollBack()


def test_results_go_beside_the_project_and_a_copy_of_it_has_its_own(layer, tmp_path, qgis_new_project):
    project = QgsProject.instance()
    project.addMapLayers([layer("zonage"), layer("unites")])
    territory = complete(Territory(), ROLES)
    assert results_folder(territory) is None
    with pytest.raises(EngineError, match=r"never saved.*\nMend: save the project, or choose a folder"):
        prepare(territory, ROLES)
    (tmp_path / "a").mkdir()
    assert project.write(str(tmp_path / "a" / "p.qgz"))
    assert results_folder(territory) == tmp_path / "a" / "diagnostic"
    territory.folder = kept_folder(str(tmp_path / "a" / "résultats" / "2025"))
    write_territory(territory)
    assert project.write()
    shutil.copytree(str(tmp_path / "a"), str(tmp_path / "b"))
    project.clear()
    assert project.read(str(tmp_path / "b" / "p.qgz"))
    assert results_folder(read_territory()) == tmp_path / "b" / "résultats" / "2025"
    assert kept_folder(str(tmp_path / "ailleurs")) == str(tmp_path / "ailleurs") and kept_folder("") == ""


def test_the_panel_shows_where_results_go(tmp_path, qgis_new_project):
    project = QgsProject.instance()
    panel = TerritoryPanel(None, None, None)
    panel.read()
    assert panel.folder.filePath() == "" and "save the project" in panel.folder.lineEdit().placeholderText()
    assert project.write(str(tmp_path / "p.qgz"))
    assert panel.folder.lineEdit().placeholderText() == str(tmp_path / "diagnostic")
    panel.folder.setFilePath(str(tmp_path / "là"))
    assert read_territory().folder == "là" and results_folder(panel.territory) == tmp_path / "là"
    panel.read()
    assert panel.folder.filePath() == str(tmp_path / "là")
    panel.folder.setFilePath("")
    assert results_folder(panel.territory) == tmp_path / "diagnostic"
    panel.deleteLater()


def test_a_damaged_entry_of_the_project_is_as_none(qgis_new_project):
    for text in ("{", "[]", '{"units": {"x": 1}}', '{"roles": 3}'):
        QgsProject.instance().writeEntry("territoire_sig", "territoire", text)
        assert read_territory() == Territory()


def test_what_is_missing_is_told_rule_by_rule():
    items = {item.id: item for item in readiness(DECLARED, ["zonage", "couverture_fixe"])}
    assert items["zone_a_urbaniser_sans_fibre"].ready and items["zoning_fixed_coverage"].ready
    assert items["site_mobile_en_alea_fort"].missing == ("alea", "site_mobile")
    assert len(items) == len(DECLARED["rules"]) + len(DECLARED["analyses"])
    full = readiness(DECLARED, ROLES)
    assert all(item.ready for item in full)


def test_nothing_is_missing_in_the_demo_project(tmp_path, qgis_new_project):
    shutil.copytree(str(SAMPLE), str(tmp_path / "sample"))
    assert QgsProject.instance().read(str(tmp_path / "sample" / "territoire_demo.qgz"))
    items = readiness(DECLARED, usable_roles(read_territory(), ROLES))
    assert [item.id for item in items if not item.ready] == []


def test_findings_are_ranked_as_the_register_of_the_engine(qgis_app, diagnosis):
    answers = open_answers(diagnosis)
    with diagnosis.with_name("registre.csv").open(encoding="utf-8", newline="") as file:
        register = [(int(row["rang"]), row["regle"], row["code_unite"], row["objet"]) for row in csv.DictReader(file)]
    conflicts = [item for item in answers.findings if item.conflict]
    assert [(item.rank, *item.key) for item in conflicts] == register
    assert {item.decision for item in answers.findings} == {TO_SETTLE}


def test_the_matrix_is_that_of_the_engine(qgis_app, diagnosis):
    answers = open_answers(diagnosis)
    with diagnosis.with_name("matrice.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(answers.matrix) == len(rows)
    for row in rows:
        cell = answers.matrix[tuple(sorted((row["politique_a"], row["politique_b"])))]
        assert (str(cell.conflicts), str(cell.synergies)) == (row["conflits"], row["synergies"])
        assert ("" if cell.net is None else str(cell.net)) == row["score_net"]
    pairs = [item.pair for item in answers.findings]
    assert all(cell.conflicts + cell.synergies == pairs.count(key) for key, cell in answers.matrix.items())


def test_a_file_that_is_no_diagnosis_is_told(qgis_app, tmp_path):
    with pytest.raises(EngineError, match="is not the GeoPackage of a diagnosis"):
        open_answers(SAMPLE / "fonds.gpkg")
    with pytest.raises(EngineError, match="is not the GeoPackage of a diagnosis"):
        open_answers(tmp_path / "absent.gpkg")


def decided(answers):
    """Settle the two first conflicts."""
    first, second = answers.findings[:2]
    first.decision, first.note = "arbitré", "vu en comité, l'abri est déplacé"
    second.decision, second.note = "écarté", "relevé ; faux positif"
    return [first, second]


def test_decisions_are_kept_in_the_geopackage(qgis_new_project, diagnosis):
    answers = open_answers(diagnosis)
    save_decisions(answers, decided(answers))
    again = open_answers(diagnosis)
    assert [(item.decision, item.note) for item in again.findings[:3]] == [
        ("arbitré", "vu en comité, l'abri est déplacé"),
        ("écarté", "relevé ; faux positif"),
        (TO_SETTLE, ""),
    ]
    assert len(again.findings) == len(answers.findings)


def test_decisions_follow_to_the_next_diagnosis_and_none_is_lost(qgis_new_project, diagnosis):
    answers = open_answers(diagnosis)
    save_decisions(answers, decided(answers))
    side = diagnosis.with_name(decisions.SIDE)
    side.write_text(side.read_text(encoding="utf-8") + "regle_disparue,99101,objet,arbitré,garder\n", encoding="utf-8")
    shutil.copy(str(SAMPLE / "demo" / "diagnostic" / "diagnostic.gpkg"), str(diagnosis))  # a new run replaces the file
    answers = open_answers(diagnosis)
    assert recall(answers) == (2, 1)
    assert [item.decision for item in open_answers(diagnosis).findings[:3]] == ["arbitré", "écarté", TO_SETTLE]
    assert "regle_disparue" in side.read_text(encoding="utf-8")


def test_a_decision_drops_none_that_a_new_file_does_not_hold_yet(qgis_new_project, diagnosis):
    answers = open_answers(diagnosis)
    save_decisions(answers, decided(answers))
    shutil.copy(str(SAMPLE / "demo" / "diagnostic" / "diagnostic.gpkg"), str(diagnosis))  # by the toolbox
    answers = open_answers(diagnosis)
    answers.findings[1].decision = "arbitré"
    save_decisions(answers, [answers.findings[1]])
    assert recall(open_answers(diagnosis)) == (2, 0)
    again = open_answers(diagnosis)
    assert [item.decision for item in again.findings[:3]] == ["arbitré", "arbitré", TO_SETTLE]
    again.findings[0].decision, again.findings[0].note = TO_SETTLE, ""
    save_decisions(again, [again.findings[0]])
    assert recall(open_answers(diagnosis)) == (1, 0)


def test_a_layer_being_edited_refuses_the_decision_and_keeps_the_edit(qgis_new_project, diagnosis):
    answers = open_answers(diagnosis)
    layer = open_layer(diagnosis)
    QgsProject.instance().addMapLayer(layer)
    layer.startEditing()
    place = layer.fields().indexFromName("titre")
    layer.changeAttributeValue(answers.findings[0].fid, place, "à moi")
    with pytest.raises(EngineError, match="is being edited"):
        save_decisions(answers, decided(answers))
    assert layer.isEditable() and layer.getFeature(answers.findings[0].fid)["titre"] == "à moi"
    layer.rollBack()


def test_the_register_has_the_columns_of_the_engine_and_the_decisions(qgis_new_project, diagnosis, tmp_path):
    answers = open_answers(diagnosis)
    save_decisions(answers, decided(answers))
    path = tmp_path / "registre_arbitre.csv"
    count = export_register(answers, path)
    made = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    engine = list(csv.DictReader(diagnosis.with_name("registre.csv").open(encoding="utf-8", newline="")))
    assert count == len(made) == len(engine) and list(made[0]) == list(engine[0])
    assert made[0]["arbitrage"] == "arbitré" and made[1]["note"] == "relevé ; faux positif"
    for ours, theirs in zip(made, engine):
        same = {name for name in theirs if name not in ("arbitrage", "note")}
        assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}


def test_a_register_of_another_diagnosis_is_refused(qgis_app, diagnosis, tmp_path):
    register = diagnosis.with_name("registre.csv")
    lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    register.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(EngineError, match="is not the register of these findings"):
        export_register(open_answers(diagnosis), tmp_path / "r.csv")
    register.unlink()
    with pytest.raises(EngineError, match="was not exported"):
        export_register(open_answers(diagnosis), tmp_path / "r.csv")
