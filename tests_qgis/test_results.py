"""The diagnosis in the project: layers, filters, decisions under way, runs that end elsewhere, the atlas."""

import shutil
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from asked import pages_of, wait
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QTimer, QVariant
from qgis.PyQt.QtWidgets import QProgressDialog, QPushButton
from territoire_sig_qgis.catalogue import load_catalogue
from territoire_sig_qgis.coherence.answers import Cell, layers_of, open_answers
from territoire_sig_qgis.desk import atlas, dock, results_panel, task
from territoire_sig_qgis.desk.load import load_answers
from territoire_sig_qgis.desk.matrix_view import MatrixView
from territoire_sig_qgis.engine import PROTOCOL, Answer, EngineCancelled

from conftest import ROOT

DIAGNOSIS = ROOT / "data" / "sample" / "demo" / "diagnostic"
NUMBERS = {"conflict_count": 1, "synergy_count": 2, "unanswered_count": 3}


@pytest.fixture()
def diagnosis(tmp_path):
    """A copy of the diagnosis of the demo project."""
    shutil.copytree(str(DIAGNOSIS), str(tmp_path / "s"))
    return tmp_path / "s" / "diagnostic.gpkg"


@pytest.fixture()
def paused(monkeypatch, diagnosis):
    """An engine that waits, then answers with the diagnosis."""
    going_on = threading.Event()

    def execute(order, feedback):
        while not going_on.wait(0.01):
            if feedback.isCanceled():
                raise EngineCancelled("Cancelled.")
        return Answer({"file": str(diagnosis), "numbers": NUMBERS})

    monkeypatch.setattr(dock, "execute", execute)
    yield going_on
    going_on.set()


def test_a_run_that_ends_in_another_project_adds_nothing_to_it(demo, paused, diagnosis, window):
    decided = "regle,code_unite,objet,arbitrage,note\n" + "{},{},{},arbitré,vu\n".format(
        *open_answers(diagnosis).findings[0].key
    )
    diagnosis.with_name("arbitrages.csv").write_text(decided, encoding="utf-8")
    demo.run()
    QgsProject.instance().clear()
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?crs=EPSG:2154", "à moi", "memory"))
    QgsProject.instance().setDirty(False)
    paused.set()
    wait(lambda: demo.task is None)
    assert [layer.name() for layer in QgsProject.instance().mapLayers().values()] == ["à moi"]
    assert not QgsProject.instance().isDirty()
    assert demo.results.answers is None
    assert any(f"the results are in {diagnosis.parent}" in text for text in window.said()), window.said()
    assert open_answers(diagnosis).findings[0].decision == "arbitré"


def test_a_run_that_ends_where_its_diagnosis_is_known_shows_it(demo, paused, diagnosis):
    demo.run()
    QgsProject.instance().clear()
    load_answers(diagnosis)
    paused.set()
    wait(lambda: demo.task is None)
    assert demo.results.answers.file == diagnosis


def test_unloading_during_a_run_ends_it_without_a_word(demo, plugin, paused, window, monkeypatch):
    raised = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: raised.append(told))
    demo.run()
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    wait(lambda: not task._alive)
    QgsApplication.processEvents()
    assert not raised and not window.said()


def without(file, name):
    """Take a layer out of a GeoPackage that nobody has open."""
    base = sqlite3.connect(str(file))
    for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions"):
        base.execute(f"delete from {table} where table_name = ?", (name,))
    base.execute(f'drop table "{name}"')
    base.commit()
    base.close()


def renewed(file, tmp_path):
    """Put another diagnosis in the place of a file, as the engine does: no lines, another style of the units."""
    shutil.copy(str(DIAGNOSIS / "diagnostic.gpkg"), str(tmp_path / "autre.gpkg"))
    without(tmp_path / "autre.gpkg", "constats_lignes")
    base = sqlite3.connect(str(tmp_path / "autre.gpkg"))
    base.execute(
        "update layer_styles set styleQML = (select styleQML from layer_styles where styleName like 'Habitants en z%' "
        "order by id limit 1) where f_table_name = 'unites' and useAsDefault = 1"
    )
    base.commit()
    base.close()
    (tmp_path / "autre.gpkg").replace(file)


def rules(layer):
    return [rule.filterExpression() for rule in layer.renderer().rootRule().descendants()]


def test_a_second_run_adds_what_is_new_drops_what_is_gone_and_renews_the_classes(qgis_new_project, diagnosis, tmp_path):
    without(diagnosis, "school_fibre")
    there, changed = load_answers(diagnosis)
    assert changed == [] and "school_fibre" not in there and "constats_lignes" in there
    project = QgsProject.instance()
    project.removeMapLayer(there["ecology_network"].id())
    there["unites"].setLabelsEnabled(True)
    before = rules(there["unites"])
    renewed(diagnosis, tmp_path)
    there, changed = load_answers(diagnosis)
    assert changed == []
    assert {"school_fibre", "ecology_network"} <= set(there) and "constats_lignes" not in there
    assert all(layer.isValid() for layer in there.values())
    fresh = QgsVectorLayer(f"{diagnosis}|layername=unites", "unites", "ogr")
    assert rules(there["unites"]) == rules(fresh) != before
    assert there["unites"].labelsEnabled()
    root = project.layerTreeRoot()
    (group,) = root.children()
    assert len(group.children()) == len(project.mapLayers()) == len(there)
    assert [node.layer().source().rpartition("=")[2] for node in group.children()][:3] == [
        "constats",
        "constats_points",
        "constats_surfaces",
    ]


def test_a_style_of_the_user_is_kept_aside_by_a_second_run(qgis_new_project, diagnosis, tmp_path):
    there, _ = load_answers(diagnosis)
    file = str(tmp_path / "p.qgz")
    mine = QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": "#123456"}))
    there["unites"].setRenderer(mine)
    assert QgsProject.instance().write(file)
    assert QgsProject.instance().read(file)
    renewed(diagnosis, tmp_path)
    there, changed = load_answers(diagnosis)
    assert changed == [there["unites"].name()]
    styles = there["unites"].styleManager()
    assert there["unites"].renderer().type() == "RuleRenderer"
    assert styles.setCurrentStyle("before the new diagnosis")
    assert there["unites"].renderer().symbol().color().name() == "#123456"


def test_a_layer_being_edited_is_left_alone(demo, sample_copy, window):
    file = demo.results.answers.file
    layer = layers_of(file)["constats"]
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexFromName("titre"), "à moi")
    demo.open_diagnosis(file)
    assert layer.isEditable() and layer.getFeature(1)["titre"] == "à moi"
    assert any("Layer(s) being edited, that still show" in text for text in window.said())
    layer.rollBack()


def test_a_filter_of_the_user_stays_and_that_of_the_panel_is_not_saved(demo, window, tmp_path):
    project, results = QgsProject.instance(), demo.results
    file = results.answers.file
    project.write(str(tmp_path / "p.qgz"))
    layers_of(file)["constats"].setSubsetString("gravite = 3")
    project.write()
    assert project.read(str(tmp_path / "p.qgz"))
    layer = layers_of(file)["constats"]
    assert layer.subsetString() == "gravite = 3" and not project.isDirty()
    assert len(results.model.findings) == 47 > sum(1 for _ in layer.getFeatures()) > 0
    pair = next(key for key, cell in results.answers.matrix.items() if cell.conflicts > 2)
    results.matrix.chosen.emit(pair)
    assert layer.subsetString().startswith("(gravite = 3) AND (numero IN (")
    points = layers_of(file)["constats_points"]
    assert points.subsetString().startswith("numero IN (")
    assert project.write()
    saved = QgsProject()
    assert saved.read(str(tmp_path / "p.qgz"))
    assert layers_of(file, saved)["constats"].subsetString() == "gravite = 3"
    assert layers_of(file, saved)["constats_points"].subsetString() == ""
    assert points.subsetString().startswith("numero IN (")
    points.setSubsetString("gravite = 2")  # by the user, in the place of ours
    results.reset()
    assert (layer.subsetString(), points.subsetString()) == ("gravite = 3", "gravite = 2")


def test_closing_the_panel_gives_the_map_back(demo, plugin, window):
    window.main.show()
    results = demo.results
    pair = next(key for key, cell in results.answers.matrix.items() if cell.conflicts > 2)
    results.matrix.chosen.emit(pair)
    layer = layers_of(results.answers.file)["constats"]
    ours = layer.subsetString()
    plugin.toggle_dock(False)
    assert layer.subsetString() == ""
    plugin.toggle_dock(True)
    wait(lambda: layer.subsetString() == ours)
    plugin.unload()
    assert layer.subsetString() == ""
    window.main.hide()


def test_a_decision_is_saved_whatever_the_filter_of_the_user(demo):
    results = demo.results
    file = results.answers.file
    layers_of(file)["constats"].setSubsetString("gravite = 1")
    finding = next(item for item in results.model.findings if item["gravite"] == 3)
    results.list.selectRow(results.model.shown.index(finding))
    results.detail.note.setText("vu")
    results.detail.save.click()
    again = {item["numero"]: item.note for item in open_answers(file).findings}
    assert again[finding["numero"]] == "vu" and list(again.values()).count("vu") == 1


def test_a_diagnosis_of_the_toolbox_takes_the_decisions_of_its_folder_over(demo, diagnosis):
    findings = open_answers(diagnosis).findings
    rows = "".join("{},{},{},arbitré,vu\n".format(*item.key) for item in findings[:2])
    side = diagnosis.with_name("arbitrages.csv")
    side.write_text("regle,code_unite,objet,arbitrage,note\n" + rows, encoding="utf-8")
    demo.open_diagnosis(diagnosis)
    assert [item.decision for item in demo.results.model.findings[:3]] == ["arbitré", "arbitré", "à traiter"]
    assert [item.note for item in open_answers(diagnosis).findings[:3]] == ["vu", "vu", ""]


def test_of_two_diagnoses_that_of_the_folder_is_shown(demo, tmp_path, sample_copy):
    shutil.copytree(str(DIAGNOSIS), str(tmp_path / "a" / "ancien"))
    load_answers(tmp_path / "a" / "ancien" / "diagnostic.gpkg")
    mine = sample_copy / "demo" / "diagnostic"
    demo.territory.folder.setFilePath(str(mine))
    assert QgsProject.instance().write(str(sample_copy / "deux.qgz"))
    assert QgsProject.instance().read(str(sample_copy / "deux.qgz"))
    assert demo.results.answers.file == mine / "diagnostic.gpkg"
    assert str(Path("demo") / "diagnostic") in demo.results.summary.text()
    assert demo.results.summary.toolTip() == str(mine)
    demo.territory.folder.setFilePath(str(tmp_path / "a" / "ancien"))
    assert QgsProject.instance().write()
    assert QgsProject.instance().read(str(sample_copy / "deux.qgz"))
    assert demo.results.answers.file == tmp_path / "a" / "ancien" / "diagnostic.gpkg"


def test_the_pane_follows_the_list(demo):
    results = demo.results
    results.list.selectRow(3)
    finding = results.detail.finding
    results.list.sortByColumn(2, results.list.horizontalHeader().sortIndicatorOrder())
    assert results.detail.finding is finding
    assert results.model.shown[results.list.currentIndex().row()] is finding
    pair = next(key for key, cell in results.answers.matrix.items() if cell.conflicts and key != finding.pair)
    results.matrix.chosen.emit(pair)
    assert results.detail.finding is None and not results.detail.save.isEnabled()


@pytest.mark.parametrize("answer", [True, False, None])
def test_a_note_that_is_not_saved_is_asked_about(demo, monkeypatch, answer):
    asked = []

    def ask(parent, title, may_stay):
        asked.append(may_stay)
        return answer

    monkeypatch.setattr(results_panel, "ask_unsaved", ask)
    results = demo.results
    results.list.selectRow(0)
    first = results.detail.finding
    results.list.selectRow(1)
    assert asked == []
    results.list.selectRow(0)
    results.detail.note.setText("à garder")
    results.list.selectRow(1)
    assert asked == [True]
    QgsApplication.processEvents()
    assert first.note == ("à garder" if answer else "")
    assert (results.detail.finding is first) == (answer is None)
    assert results.model.shown[results.list.currentIndex().row()] is results.detail.finding
    if answer is None:
        assert results.detail.note.text() == "à garder"
        results.detail.show_finding(None)


def test_what_is_typed_goes_to_the_same_finding_of_a_new_diagnosis(demo, window):
    results = demo.results
    results.list.selectRow(2)
    old = results.detail.finding
    results.detail.note.setText("en cours")
    results.show_answers(open_answers(results.answers.file))
    assert results.detail.finding is not old and results.detail.finding.key == old.key
    assert results.detail.note.text() == "en cours" and results.detail.changed()
    fewer = open_answers(results.answers.file)
    fewer.findings = [item for item in fewer.findings if item.key != old.key]
    results.show_answers(fewer)
    assert results.detail.finding is None
    assert any("Not saved" in text and "“en cours”" in text for text in window.said())


def test_a_double_click_goes_to_one_finding_even_where_its_layer_is_edited(demo, window):
    results = demo.results
    layer = layers_of(results.answers.file)["constats"]
    layer.startEditing()
    results.list.doubleClicked.emit(results.model.index(0, 0))
    number = results.model.shown[0]["numero"]
    place = next(item.geometry().boundingBox() for item in layer.getFeatures() if item["numero"] == number)
    assert window.canvas.extent().contains(place)
    assert window.canvas.extent().width() < layer.extent().width() / 2
    layer.rollBack()


def test_no_row_of_the_matrix_is_hidden_in_a_narrow_panel(qgis_app):
    catalogue = load_catalogue(PROTOCOL)
    names = list(catalogue["policies"])
    cell = Cell(-12, 0, 1, None, 1, 0)
    view = MatrixView(catalogue)
    view.show_matrix({tuple(sorted((one, other))): cell for one in names for other in names if one != other})
    view.show()
    for width in (404, 300, 700):
        view.resize(width, view.height())
        QgsApplication.processEvents()
        last = view.visualItemRect(view.item(view.rowCount() - 1, 0))
        assert view.viewport().rect().contains(last.adjusted(0, 0, -1, -1)), width
        assert view.horizontalScrollBar().isVisible() == (width == 300)
    assert view.columnWidth(0) == 40
    view.close()


def test_the_atlas_has_one_page_a_commune(demo, window, tmp_path):
    target = tmp_path / "atlas.pdf"
    demo.results.export_atlas(str(target))
    assert pages_of(target) == [(297, 210)] * 6
    assert any(f"Atlas exported: 6 page(s), {target}" in text for text in window.said())
    (tmp_path / "dossier").write_text("précieux", encoding="utf-8")
    demo.results.export_atlas(str(tmp_path / "dossier" / "atlas.pdf"))
    assert any("Cannot write" in text for text in window.said())


def test_an_atlas_is_cancelled_from_its_window(demo, window, tmp_path):
    def cancel():
        for dialog in window.main.findChildren(QProgressDialog):
            dialog.findChild(QPushButton).click()

    QTimer.singleShot(0, cancel)
    demo.results.export_atlas(str(tmp_path / "atlas.pdf"))
    (said,) = [item for item in window.bar.items() if "no file is written" in item.text()]
    assert said.level() == Qgis.MessageLevel.Info
    assert not (tmp_path / "atlas.pdf").exists()


def test_the_pages_of_the_atlas_count_the_findings_of_their_commune(qgis_app, diagnosis):
    answers = open_answers(diagnosis)
    fields = QgsFields()
    fields.append(QgsField("code_unite", QVariant.String))
    for code in ("99101", "99999", "l'autre"):
        feature = QgsFeature(fields)
        feature.setAttributes([code])
        context = QgsExpressionContext()
        context.setFields(fields)
        context.setFeature(feature)
        said = [QgsExpression(line).evaluate(context) for line in atlas._counts(answers.findings)]
        counts = [
            sum(item.conflict is kind and item["code_unite"] == code for item in answers.findings)
            for kind in (True, False)
        ]
        assert said == [f"Conflicts found: {counts[0]}", f"Synergies found: {counts[1]}"]
    assert QgsExpression(atlas._counts([])[0]).evaluate() == "Conflicts found: 0"
    units = QgsVectorLayer(f"{diagnosis}|layername=unites", "unites", "ogr")
    sources = "Source : Données fictives de territoire_sig – Millésime : 2025 – Licence Ouverte 2.0"
    assert atlas._credits([units, units], 47, 47) == sources
    assert atlas._credits([units], 8, 47) == f"8 finding(s) of 47: those that the panel keeps – {sources}"
