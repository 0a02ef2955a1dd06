"""The dock, its task and its messages, driven as a user does it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest
from asked import wait
from qgis.core import Qgis, QgsApplication, QgsExpression, QgsFeatureRequest, QgsProject, QgsSettings, QgsVectorLayer
from territoire_sig_qgis import engine_place, words
from territoire_sig_qgis.coherence.answers import Finding, layers_of, open_answers
from territoire_sig_qgis.coherence.roles import read_territory
from territoire_sig_qgis.desk.columns_dialog import ColumnsDialog
from territoire_sig_qgis.desk.demo import SETTING
from territoire_sig_qgis.desk.findings_model import FindingsModel, Wanted
from territoire_sig_qgis.desk.load import load_answers
from territoire_sig_qgis.desk.map_filter import MapFilter, expression, zoom
from territoire_sig_qgis.plugin import FIRST_RUN, TerritoirePlugin

from conftest import ROOT

DEMO = ROOT / "data" / "sample"


def test_the_demo_project_opens_whole_from_another_folder(demo, sample_copy):
    layers = QgsProject.instance().mapLayers().values()
    assert len(layers) > 50
    assert all(layer.isValid() for layer in layers), [layer.name() for layer in layers if not layer.isValid()]
    assert all(str(sample_copy) in layer.source() for layer in layers)
    assert demo.tabs.currentWidget() is demo.results
    assert demo.results.model.findings
    assert demo.territory.ready.summary.text().startswith("Ready: ")
    assert len(demo.territory.territory.roles) >= 45


def test_the_demo_project_replaces_no_project_that_the_user_keeps(plugin, window, sample_copy):
    QgsSettings().setValue(SETTING, str(sample_copy / "territoire_demo.qgz"))
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?crs=EPSG:2154", "à moi", "memory"))
    window.agrees = False
    plugin.open_demo()
    assert [layer.name() for layer in QgsProject.instance().mapLayers().values()] == ["à moi"]
    assert plugin.dock is None
    window.agrees = True
    plugin.open_demo()
    assert QgsProject.instance().fileName() == str(sample_copy / "territoire_demo.qgz")
    assert plugin.dock is not None
    QgsSettings().remove(SETTING)


def test_a_cell_of_the_matrix_filters_the_list_and_the_map_and_zooms(demo, window):
    results = demo.results
    pair, cell = next((key, cell) for key, cell in results.answers.matrix.items() if cell.conflicts > 2)
    before = window.canvas.extent()
    results.matrix.chosen.emit(pair)
    assert len(results.model.shown) == cell.conflicts + cell.synergies
    assert {item.pair for item in results.model.shown} == {pair}
    layer = layers_of(results.answers.file)["constats"]
    shown = {feature["numero"]: feature.geometry().boundingBox() for feature in layer.getFeatures()}
    assert set(shown) == {item["numero"] for item in results.model.shown}
    assert window.canvas.extent() != before
    assert all(window.canvas.extent().contains(place) for place in shown.values())
    results.reset()
    assert len(results.model.shown) == len(results.model.findings) == sum(1 for _ in layer.getFeatures())


def test_a_decision_is_saved_and_shown(demo, sample_copy):
    results = demo.results
    results.list.selectRow(0)
    finding = results.detail.finding
    results.detail.decision.setCurrentIndex(1)
    results.detail.note.setText("vu le 3 mars")
    results.detail.save.click()
    file = sample_copy / "demo" / "diagnostic" / "diagnostic.gpkg"
    again = {item["numero"]: item for item in open_answers(file).findings}
    assert (again[finding["numero"]].decision, again[finding["numero"]].note) == ("arbitré", "vu le 3 mars")
    assert results.model.data(results.model.index(0, 8)) == "settled ✎"
    results.decision.setCurrentIndex(results.decision.findData("arbitré"))
    assert [item["numero"] for item in results.model.shown] == [finding["numero"]]


def test_the_diagnosis_of_the_layers_is_that_of_the_territory_file(demo, sample_copy, tmp_path, window):
    """The dock asks for the layers as QGIS holds them, and gets what the library gets from the files."""
    before = {item.key for item in demo.results.model.findings}
    panel = demo.territory
    panel.folder.setFilePath(str(tmp_path / "s"))
    unsaved = [layer for layer in QgsProject.instance().mapLayers().values() if layer.isEditable()]
    assert not unsaved
    demo.run()
    assert not panel.run_button.isEnabled() and demo.task is not None
    wait(lambda: demo.task is None, 120)
    assert any("Diagnosis done" in text for text in window.said()), window.said()
    assert {item.key for item in demo.results.model.findings} == before
    assert (tmp_path / "s" / "territoire.toml").is_file()
    assert demo.results.answers.file == tmp_path / "s" / "diagnostic.gpkg"
    assert panel.run_button.isEnabled()


def test_fields_of_other_names_are_named_by_hand_and_reach_the_engine(demo, sample_copy, tmp_path, monkeypatch):
    before = {item.key for item in demo.results.model.findings}
    panel, project = demo.territory, QgsProject.instance()
    renamed = project.mapLayer(panel.territory.roles["zonage"]).materialize(QgsFeatureRequest())
    renamed.setName("Zonage à nous")
    rank = renamed.fields().indexOf("typezone")
    assert renamed.dataProvider().renameAttributes({rank: "Sorte"})
    renamed.updateFields()
    project.addMapLayer(renamed)
    item = panel.roles.items["zonage"]
    panel.roles.choose(item, renamed.id())
    assert item.text(2) == "⚠" and "typezone" in item.toolTip(2)

    def named(dialog):
        dialog.boxes["typezone"].setField("Sorte")
        return True

    monkeypatch.setattr(ColumnsDialog, "exec", named)
    panel.roles.itemClicked.emit(item, 2)
    assert item.text(2) == "✎"
    assert read_territory().columns == {"zonage": {"typezone": "Sorte"}}
    panel.folder.setFilePath(str(tmp_path / "s"))
    demo.run()
    wait(lambda: demo.task is None, 120)
    assert {item.key for item in demo.results.model.findings} == before
    panel.roles.choose(item, "")
    assert read_territory().columns == {}


def test_cancelling_a_run_says_so_and_leaves_the_folder_without_results(demo, tmp_path, window):
    demo.territory.folder.setFilePath(str(tmp_path / "s"))
    demo.run()
    wait(lambda: demo.territory.bar.value() > 0)
    demo.stop()
    wait(lambda: demo.task is None)
    (said,) = [item for item in window.bar.items() if "Cancelled" in item.text()]
    assert said.level() == Qgis.MessageLevel.Info
    assert not (tmp_path / "s" / "diagnostic.gpkg").exists()


def many(count=5_000):
    """Return findings enough for a department."""
    found = []
    policies = ("urbanisme", "risques", "mobilite", "numerique", "inclusion", "air")
    for rank in range(count):
        values = {
            "numero": rank + 1,
            "regle": f"regle_{rank % 31}",
            "titre": f"Constat {rank % 31} en zone exposée",
            "politique_a": policies[rank % 6],
            "politique_b": policies[(rank + 1 + rank // 6 % 4) % 6],
            "score": -(rank % 3) - 1 if rank % 4 else 1,
            "gravite": rank % 3 + 1,
            "code_unite": f"{38000 + rank % 500}",
            "nom_unite": f"Commune n° {rank % 500}",
            "objet": f"objet {rank}",
            "surface_m2": float(rank * 7 % 9001) if rank % 2 else None,
            "longueur_m": None,
            "nombre": rank % 9,
            "habitants": float(rank * 13 % 4001) if rank % 5 else None,
            "services": "Urbanisme ; Aménagement numérique",
            "acteurs": "élus",
            "article": "Code de l'urbanisme",
            "explication": f"À la commune n° {rank % 500}, un objet est en cause.",
            "approximation": "",
        }
        found.append(Finding(rank + 1, values, rank + 1, "à traiter"))
    return found


def spent(function):
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def test_five_thousand_findings_are_filtered_and_sorted_at_once(qgis_app):
    from territoire_sig_qgis.desk.results_panel import _list

    model = FindingsModel()
    view = _list(model)
    view.show()
    model.set_findings(many())
    QgsApplication.processEvents()
    asked = (
        Wanted(pair=("numerique", "risques")),
        Wanted(kind=-1),
        Wanted(text="commune_n_12"),
        Wanted(kind=-1, decision="à traiter", text="expose"),
        Wanted(),
    )
    for wanted in asked:
        seconds = spent(lambda wanted=wanted: (model.want(wanted), QgsApplication.processEvents()))
        assert seconds < 0.3, (wanted, seconds)
        assert model.shown
    for column in range(len(model.columns)):
        assert spent(lambda column=column: (model.sort(column), QgsApplication.processEvents())) < 0.3


def test_the_map_of_five_thousand_findings_is_filtered_at_once(qgis_new_project, tmp_path, window):
    file = tmp_path / "diagnostic.gpkg"
    shutil.copy(str(DEMO / "demo" / "diagnostic" / "diagnostic.gpkg"), str(file))
    base = sqlite3.connect(str(file))
    base.execute("drop trigger if exists trigger_insert_feature_count_constats")
    for name, _ in base.execute("select name, 1 from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')
    columns = [row[1] for row in base.execute("pragma table_info(constats)") if row[1] not in ("fid", "numero")]
    names = ", ".join(f'"{name}"' for name in columns)
    for turn in range(1, 108):
        base.execute(
            f"insert into constats (numero, {names}) select numero + {turn * 1000}, {names} from constats "
            "where numero < 1000"
        )
    base.commit()
    base.close()
    load_answers(file)
    answers = open_answers(file, layers_of(file)["constats"])
    assert len(answers.findings) > 5_000
    model = FindingsModel()
    model.set_findings(answers.findings)
    map_filter = MapFilter()
    for wanted in (Wanted(pair=("numerique", "risques")), Wanted(kind=-1), Wanted(text="inondable"), Wanted()):
        model.want(wanted)
        seconds = spent(lambda: map_filter.apply(file, expression(model)))
        assert seconds < 0.3, (wanted, seconds)
        assert sum(1 for _ in layers_of(file)["constats"].getFeatures()) == len(model.shown)
        assert spent(lambda: zoom(window.canvas, file)) < 0.3


def test_the_filter_of_the_map_says_what_the_list_says():
    model = FindingsModel()
    model.set_findings(many(50))
    model.want(Wanted(pair=("risques", "urbanisme")))
    assert expression(model).startswith("numero IN (")
    model.want(Wanted(text="introuvable"))
    assert expression(model) == "1 = 0"
    model.want(Wanted())
    assert expression(model) == ""


def test_a_first_run_without_engine_says_once_how_to_get_one(plugin, window, monkeypatch, tmp_path):
    monkeypatch.delenv("TERRITOIRE_SIG_PYTHON", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine_place.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path)))
    QgsSettings().remove(engine_place.SETTING)
    QgsSettings().remove(FIRST_RUN)
    window.initializationCompleted.emit()
    assert ["No territoire_sig engine" in text for text in window.said()] == [True]
    window.bar.clearWidgets()
    window.initializationCompleted.emit()
    assert window.said() == []
    window.bar.clearWidgets()
    plugin.open_engine()
    assert plugin.engine_dialog.isVisible() and plugin.engine_dialog.page.status.text().startswith("✗")


def test_the_plugin_leaves_nothing_behind_and_loads_again(window, qgis_new_project):
    registry = QgsApplication.processingRegistry()
    for _ in range(2):
        plugin = TerritoirePlugin(window)
        plugin.initGui()
        plugin.toggle_dock(True)
        plugin.open_engine()
        assert registry.providerById("territoire_sig") is not None
        assert QgsExpression.isFunctionName("ts_gravite_libelle")
        assert window.menu.actions() and window.docks and window.factories
        plugin.unload()
        assert registry.providerById("territoire_sig") is None
        assert not QgsExpression.isFunctionName("ts_gravite_libelle")
        assert not window.menu.actions() and not window.docks and not window.factories
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?crs=EPSG:2154", "après", "memory"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ts_gravite_libelle(3)", "severe"),
        ("ts_gravite_libelle(NULL)", None),
        ("ts_gravite_libelle('x')", None),
        ("ts_score_libelle(-2)", "counteracts"),
        ("ts_politique_libelle('numerique')", "Digital"),
        ("ts_politique_libelle('danse')", None),
        ("ts_arbitrage_libelle('à traiter')", "to settle"),
        ("ts_part_libelle(0.42)", "42%"),
    ],
)
def test_functions_of_expressions(plugin, text, found):
    asked = QgsExpression(text)
    assert not asked.hasParserError(), asked.parserErrorString()
    value = asked.evaluate()
    assert (value or None) == found


def test_start_up_grows_by_less_than_fifty_milliseconds(tmp_path):
    """What a start costs, modules read anew by a new process: time of the processor, whatever else the machine does.

    QGIS has by then read its own modules, those of Processing among them, without which the plugin has no toolbox.
    """
    code = (
        "import sys, time\n"
        f"sys.path[:0] = [{str(ROOT / 'qgis_plugin')!r}, {str(ROOT / 'tests_qgis')!r}]\n"
        "sys.path.insert(0, '/usr/share/qgis/python/plugins')\n"
        "from qgis.core import QgsApplication\n"
        "import qgis.gui, qgis.utils, processing\n"
        "app = QgsApplication([], True); app.initQgis()\n"
        "from window import Window\n"
        "window = Window()\n"
        "began = time.process_time()\n"
        "from territoire_sig_qgis import classFactory\n"
        "plugin = classFactory(window); plugin.initGui(); window.initializationCompleted.emit()\n"
        "print('%.4f' % (time.process_time() - began), 'territoire_sig_qgis.desk.dock' in sys.modules)\n"
        "import os; sys.stdout.flush(); os._exit(0)\n"
    )
    times = []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    for _ in range(6):
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment)
        seconds, windows = done.stdout.decode().split()[-2:]
        assert windows == "False"
        times.append(float(seconds))
    assert min(times) < 0.05


def test_windows_speak_french_where_qgis_does(french, window, qgis_new_project):
    plugin = TerritoirePlugin(window)
    plugin.initGui()
    plugin.toggle_dock(True)
    try:
        assert plugin.dock.windowTitle() == "Cohérence"
        assert plugin.actions["demo"].text() == "Ouvrir le projet de démonstration"
        assert QgsExpression("ts_part_libelle(0.42)").evaluate() == "42\u202f%"
        assert QgsExpression("ts_politique_libelle('numerique')").evaluate() == "Numérique"
        assert plugin.dock.territory.ready.summary.text().startswith("À jouer")
    finally:
        plugin.unload()


def test_unloading_takes_the_french_away(window, qgis_new_project, monkeypatch):
    monkeypatch.setattr(words, "language", lambda: "fr")
    plugin = TerritoirePlugin(window)
    assert words.translate("TerritoireSig", "Coherence") == "Cohérence"
    plugin.unload()
    assert words.translate("TerritoireSig", "Coherence") == "Coherence"
