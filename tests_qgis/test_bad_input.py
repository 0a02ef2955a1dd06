"""What goes wrong, told in the message bar with its mend; never a traceback; the user's layers stay as they were."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asked import BY_ID, ZONING, Listener, parameters, run, wait
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)
from territoire_sig_qgis import engine, engine_place
from territoire_sig_qgis.coherence.guess import Units
from territoire_sig_qgis.coherence.roles import Territory
from territoire_sig_qgis.desk.dock import CoherenceDock
from window import Window

ROLES = ("zonage", "couverture_fixe", "cable")


@pytest.fixture()
def window(qgis_app, qgis_processing):
    """A window of QGIS."""
    return Window()


@pytest.fixture()
def dock(window, sample, tmp_path, qgis_new_project):
    """The dock on a few layers of the sample, copied: the user's own."""
    folder = tmp_path / "couches"
    folder.mkdir()
    territory = Territory(folder=str(tmp_path / "s"))
    project = QgsProject.instance()
    for role in ("unites", *ROLES):
        shutil.copy(str(sample / (role + ".gpkg")), str(folder / (role + ".gpkg")))
        layer = QgsVectorLayer("{}|layername={}".format(folder / (role + ".gpkg"), role), role, "ogr")
        project.addMapLayer(layer)
        if role == "unites":
            territory.units = Units(layer.id(), "code_unite", "nom_unite", "commune")
        else:
            territory.choose(role, layer.id())
    found = CoherenceDock(window, lambda: None)
    found.territory.territory = territory
    before = prints(folder)
    yield found
    found.leave()
    assert prints(folder) == before, "a layer of the user was touched"
    project.clear()
    found.deleteLater()


def prints(folder):
    """Return what the features of each file are; journals of SQLite are no content."""
    found = {}
    for path in sorted(folder.glob("*.gpkg")):
        layer = QgsVectorLayer(str(path), path.stem, "ogr")
        rows = [repr(item.attributes()) + item.geometry().asWkt() for item in layer.getFeatures()]
        found[path.name] = hashlib.sha256("".join(rows).encode()).hexdigest()
    return found


def ended(dock, window):
    """Run, wait for the end, and return what the message bar says."""
    dock.run()
    wait(lambda: dock.task is None, 60)
    QgsApplication.processEvents()
    return " ".join(window.said())


def script(path, text):
    """Write an executable that stands for an engine."""
    path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_run_that_goes_well(dock, window):
    assert "Diagnosis done" in ended(dock, window)
    assert dock.results.answers.findings


def test_edits_in_progress_and_filters_count(dock, window, tmp_path):
    """What the engine gets is what one sees, and the edit is still there to be saved or discarded."""
    project, roles = QgsProject.instance(), dock.territory.territory.roles
    zones, cables = project.mapLayer(roles["zonage"]), project.mapLayer(roles["cable"])
    before = zones.featureCount()
    zones.startEditing()
    zones.deleteFeature(next(zones.getFeatures()).id())
    cables.setSubsetString("fid <= 2")
    assert "Diagnosis done" in ended(dock, window)
    sent = QgsVectorLayer(str(tmp_path / "s" / "entrees" / "zonage.fgb"), "z", "ogr")
    assert sum(1 for _ in sent.getFeatures()) == before - 1
    sent = QgsVectorLayer(str(tmp_path / "s" / "entrees" / "cable.fgb"), "c", "ogr")
    assert sum(1 for _ in sent.getFeatures()) == 2
    assert zones.isEditable() and zones.isModified()
    zones.rollBack()


def contents(folder):
    """Return the content of every file, but of those that QGIS itself keeps open."""
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "diagnostic.gpkg" not in str(path)
    }


def test_a_cancelled_run_leaves_the_former_diagnosis_and_its_inputs_to_be_replayed(dock, window, tmp_path):
    assert "Diagnosis done" in ended(dock, window)
    folder = tmp_path / "s"
    before = contents(folder)
    QgsProject.instance().mapLayer(dock.territory.territory.roles["cable"]).setSubsetString("fid <= 2")
    dock.territory.territory.choose("couverture_fixe", "")
    dock.run()
    wait(lambda: (folder / ".ancien").is_dir() and (folder / "territoire.toml").is_file())
    dock.stop()
    wait(lambda: dock.task is None)
    assert contents(folder) == before
    code = "import sys; from territoire_sig.diagnosis.replay import replay; print(replay(*sys.argv[1:]).different)"
    asked = [os.environ["TERRITOIRE_SIG_PYTHON"], "-I", "-c", code, str(folder / "execution.json"), str(tmp_path / "r")]
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == "()\n"


@pytest.fixture()
def nowhere(monkeypatch, tmp_path):
    """A machine without engine."""
    monkeypatch.delenv("TERRITOIRE_SIG_PYTHON", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine_place.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path)))
    QgsSettings().remove(engine_place.SETTING)


def test_no_engine(dock, window, nowhere):
    assert "Mend: open the menu" in ended(dock, window)
    dock.refresh_engine()
    assert not dock.territory.engine.isHidden() and "Mend: open the menu" in dock.territory.engine.text()


def test_no_engine_in_french(french, dock, window, nowhere):
    assert "Remède : ouvrez le menu" in ended(dock, window)


def test_a_killed_worker(dock, window, monkeypatch, tmp_path):
    text = "import os, sys\nsys.stdin.readline()\nos.kill(os.getpid(), 9)\n"
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", script(tmp_path / "python", text))
    said = ended(dock, window)
    assert "ended without an answer" in said and "Mend: run again" in said
    assert dock.territory.run_button.isEnabled()


def test_a_worker_of_another_version(dock, window, monkeypatch):
    monkeypatch.setattr(engine, "PROTOCOL", 99)
    said = ended(dock, window)
    assert "protocol 99" in said and "Mend: bring the QGIS plugin and the territoire_sig engine" in said


def test_a_layer_deleted_while_the_dock_runs(dock, window):
    """The layers were noted when the run was asked for: it goes on."""
    dock.run()
    QgsProject.instance().removeAllMapLayers()
    wait(lambda: dock.task is None, 60)
    assert "Diagnosis done" in " ".join(window.said())


def test_a_layer_deleted_before_an_algorithm_reads_it(provider, layer, sample, qgis_new_project):
    zones = layer("zonage")
    QgsProject.instance().addMapLayer(zones)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = parameters(BY_ID[ZONING], layer, sample, ZONAGE=zones.id())
    algorithm = provider.algorithm(ZONING).create()
    assert algorithm.prepare(given, context, Listener())
    QgsProject.instance().removeMapLayer(zones.id())
    with pytest.raises(QgsProcessingException, match=r"ZONAGE: the layer is no longer in the project\.\nMend"):
        algorithm.runPrepared(given, context, Listener())


def test_results_that_are_being_edited_in_qgis(dock, window):
    assert "Diagnosis done" in ended(dock, window)
    layer = next(item for item in QgsProject.instance().mapLayers().values() if item.name() in ("Findings", "Constats"))
    layer.startEditing()
    said = ended(dock, window)
    assert "is being edited, and its file would be replaced" in said and "Mend: save or discard" in said
    assert layer.isEditable()
    layer.rollBack()


def test_results_in_which_another_program_writes(dock, window):
    assert "Diagnosis done" in ended(dock, window)
    file = str(dock.results.answers.file)
    dock.results.clear()
    QgsProject.instance().removeMapLayers(
        [key for key, item in QgsProject.instance().mapLayers().items() if file in item.source()]
    )
    code = (
        "import sqlite3, sys\nbase = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('begin immediate')\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    before = Path(file).read_bytes()
    said = ended(dock, window)
    holder.communicate("")
    assert "another program is writing in this file" in said and "Mend: save or discard its edits" in said
    assert Path(file).read_bytes() == before


@pytest.fixture()
def small_disk(tmp_path):
    """A disk of one megabyte, nearly full."""
    place = tmp_path / "disque"
    place.mkdir()
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root can mount a small disk")
    asked = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    QgsProject.instance().clear()
    time.sleep(0.1)
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_for_the_results_of_the_dock(dock, window, small_disk):
    (small_disk / "poids").write_bytes(b"0" * 200_000)
    dock.territory.territory.folder = str(small_disk / "s")
    said = ended(dock, window)
    assert "Mend" in said and ("disk" in said.lower() or "room" in said.lower() or "space" in said.lower()), said
    assert not (small_disk / "s" / "diagnostic.gpkg").exists()


def test_a_full_temporary_disk_for_an_algorithm(provider, layer, sample, small_disk, monkeypatch):
    import tempfile

    (small_disk / "poids").write_bytes(b"0" * 255_000)
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    with pytest.raises(
        QgsProcessingException, match=r"(?s)(cannot be handed to the engine|No room).*Mend: free some room"
    ):
        run(ZONING, parameters(BY_ID[ZONING], layer, sample))
    assert [path.name for path in small_disk.iterdir()] == ["poids"]


def test_a_project_without_crs(dock, window):
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem())
    window.canvas.setDestinationCrs(QgsCoordinateReferenceSystem())
    assert "Diagnosis done" in ended(dock, window)
    dock.results.matrix.chosen.emit(next(iter(dock.results.answers.matrix)))
    assert not any("unexpected" in text.lower() for text in window.said())


def test_a_layer_without_crs(dock, window):
    layer = QgsProject.instance().mapLayer(dock.territory.territory.roles["zonage"])
    layer.setCrs(QgsCoordinateReferenceSystem())
    said = ended(dock, window)
    assert "The layer “zonage” has no CRS" in said and "Mend: set it in its properties" in said


def test_no_units_and_no_role(dock, window):
    units = dock.territory.territory.units
    dock.territory.territory.units = Units()
    assert "units of the territory" in ended(dock, window)
    dock.territory.territory.units, dock.territory.territory.roles = units, {}
    assert "No role has a layer" in ended(dock, window)


def test_a_fault_of_the_data_is_told_with_its_layer(dock, window):
    territory = dock.territory.territory
    territory.choose("alea", territory.roles["zonage"])
    said = ended(dock, window)
    assert "alea" in said and "Mend" in said


def test_what_nobody_foresaw_is_a_sentence_too(dock, window, monkeypatch):
    from territoire_sig_qgis.desk import dock as module

    def broken(order, feedback):
        raise AttributeError("quelque chose")

    monkeypatch.setattr(module, "execute", broken)
    said = ended(dock, window)
    assert "Unexpected error of the plugin" in said and "Mend: run again" in said
