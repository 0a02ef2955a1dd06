"""The engine: found or not, refused, broken, cancelled; never left behind, never in the way of a layer being edited."""

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from asked import BY_ID, ZONING, Listener, parameters, run
from qgis.core import QgsProcessingException, QgsSettings, QgsVectorLayer
from territoire_sig_qgis import engine, engine_place
from territoire_sig_qgis.engine import EngineCancelled, EngineError, ask, find_engine

from conftest import SAMPLE


@pytest.fixture()
def nowhere(monkeypatch, tmp_path):
    """A machine without engine."""
    monkeypatch.delenv("TERRITOIRE_SIG_PYTHON", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    QgsSettings().remove(engine_place.SETTING)
    yield tmp_path
    QgsSettings().remove(engine_place.SETTING)


def script(path, text):
    """Write an executable that stands for an engine."""
    path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def alive(pid):
    """Tell whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_engine_algorithms_say_what_to_do(provider, nowhere):
    can, why = provider.algorithm(ZONING).canExecute()
    assert not can
    assert "pip install territoire-sig" in why and engine_place.VARIABLE in why and engine_place.SETTING in why


def test_the_setting_comes_before_the_variable_before_the_profile_before_the_path(provider, nowhere, monkeypatch):
    binaries = nowhere / "bin"
    binaries.mkdir()
    script(binaries / "territoire-sig", "")
    on_path = script(binaries / "python", "")
    monkeypatch.setenv("PATH", str(binaries))
    assert find_engine().python == on_path
    profile = nowhere / "profil"
    managed = profile / "python" / "territoire_sig" / "venv-0.1.0" / "bin"
    managed.mkdir(parents=True)
    script(managed / "python", "")
    monkeypatch.setattr(engine_place.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(profile)))
    assert find_engine().python == str(managed / "python")
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", sys.executable)
    assert find_engine().python == sys.executable
    QgsSettings().setValue(engine_place.SETTING, on_path)
    assert find_engine().python == on_path


def test_an_engine_that_is_named_and_absent_is_an_error_and_no_other_is_taken(provider, nowhere, monkeypatch):
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/nulle/part/python")
    can, why = provider.algorithm(ZONING).canExecute()
    assert not can
    assert "/nulle/part/python" in why and "Mend" in why


def test_an_interpreter_without_the_library_says_so(provider, nowhere, monkeypatch):
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/usr/bin/python3")
    with pytest.raises(EngineError, match=r"territoire_sig is not installed in /usr/bin/python3\.\nMend"):
        ask("handshake")


def test_a_file_that_is_no_program_says_so(provider, nowhere, monkeypatch):
    (nowhere / "python").write_text("rien")
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", str(nowhere / "python"))
    with pytest.raises(EngineError, match="does not start"):
        ask("handshake")


def test_a_worker_of_another_version_is_refused_with_the_mend(provider, monkeypatch):
    monkeypatch.setattr(engine, "PROTOCOL", 99)
    with pytest.raises(EngineError, match="the request speaks protocol 99 and this engine protocol 1\nMend: bring"):
        ask("handshake")


@pytest.mark.parametrize("number", [9, 15])
def test_a_worker_killed_by_another_is_told(provider, nowhere, monkeypatch, number):
    text = f"import os\nprint('bavardage', flush=True)\nos.kill(os.getpid(), {number})"
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", script(nowhere / "python", text))
    with pytest.raises(EngineError, match="ended without an answer"):
        ask("handshake")


def test_the_engine_answers_in_an_environment_polluted_by_another_gis(provider, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH"):
        monkeypatch.setenv(name, "/nulle/part")
    versions = ask("handshake").result
    assert versions["protocol"] == engine.PROTOCOL


def test_cancel_ends_the_worker_within_half_a_second_and_leaves_no_orphan(provider, nowhere, monkeypatch):
    pid_file = nowhere / "pid"
    text = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"  # the worst: it does not hear the polite request
        f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", script(nowhere / "python", text))
    feedback = Listener()
    asked_at = []

    def cancel():
        asked_at.append(time.monotonic())
        feedback.cancel()

    threading.Timer(1.0, cancel).start()
    with pytest.raises(EngineCancelled):
        ask("handshake", feedback)
    assert time.monotonic() - asked_at[0] < 0.5
    assert not alive(int(pid_file.read_text()))


def test_cancelling_a_real_run_gives_nothing_and_leaves_no_orphan(provider, layer, sample, monkeypatch):
    feedback = Listener()
    ended = []
    end = engine._end

    def timed(process):
        pid, began = process.processId(), time.monotonic()
        end(process)
        ended.append((pid, time.monotonic() - began))

    monkeypatch.setattr(engine, "_end", timed)
    threading.Timer(0.8, feedback.cancel).start()
    results = run(ZONING, parameters(BY_ID[ZONING], layer, sample), feedback)
    assert "INDICATEURS" not in results
    ((pid, seconds),) = ended
    assert pid and seconds < 0.5 and not alive(pid)


def test_the_engine_speaks_the_language_of_qgis(provider, french, tmp_path):
    listener = Listener()
    with pytest.raises(QgsProcessingException, match=r"«danse»\nRemède"):
        run("diagnostic", {"TERRITOIRE": str(SAMPLE), "SEULEMENT": "danse", "DOSSIER": str(tmp_path / "s")}, listener)
    run("moteur", {}, listener)
    assert any(info.startswith("Bibliothèque territoire_sig : ") for info in listener.infos)


def test_the_worker_ends_when_qgis_is_killed(provider, tmp_path):
    """A process that stands for QGIS starts the engine and dies: nothing is left."""
    code = (
        "import os, subprocess, sys, time\n"
        "p = subprocess.Popen([os.environ['TERRITOIRE_SIG_PYTHON'], '-I', '-m', 'territoire_sig.worker'],"
        " stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)\n"
        'p.stdin.write(b\'{"protocol": 1, "op": "diagnostic", "watch": true, "territory": "%s", "out": "%s"}\\n\')\n'
        "p.stdin.flush(); print(p.pid, flush=True); time.sleep(0.5); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code % (SAMPLE, tmp_path / "s")], stdout=subprocess.PIPE, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)
    assert not (tmp_path / "s").exists()


def refused(path):
    """Tell whether another process is refused to write."""
    code = (
        "import sqlite3, sys\n"
        "base = sqlite3.connect(sys.argv[1], timeout=0)\n"
        "base.execute(\"update gpkg_contents set description = 'autre'\"); base.commit()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], stderr=subprocess.PIPE, check=False)
    return b"database is locked" in done.stderr


def test_a_run_does_not_drop_the_lock_of_a_layer_being_written(provider, layer, sample, tmp_path):
    """A second SQLite in the process would drop it, and the edit would be lost (POSIX locks belong to processes)."""
    file = str(tmp_path / "zonage.gpkg")
    shutil.copy(str(sample / "zonage.gpkg"), file)
    zones = QgsVectorLayer(file + "|layername=zonage", "zonage", "ogr")
    zones.featureCount()
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("pragma journal_mode = delete")
    writer.execute("begin immediate")
    writer.execute("update gpkg_contents set description = 'la mienne'")
    assert refused(file)
    results = run(ZONING, parameters(BY_ID[ZONING], layer, sample, ZONAGE=zones))
    assert results["INDICATEURS"].featureCount() > 0
    assert refused(file), "the lock has gone"
    writer.execute("commit")
    assert writer.execute("select description from gpkg_contents").fetchone() == ("la mienne",)
    writer.close()


def test_no_wheel_of_the_engine_is_loaded_in_the_process_of_qgis(provider):
    assert not {"geopandas", "pyogrio", "territoire_sig", "rasterio"} & set(sys.modules)
