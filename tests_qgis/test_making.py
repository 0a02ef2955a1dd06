"""Making an engine: for real, from a folder of wheels; and what is said when it cannot be."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asked import Listener, wait
from qgis.core import QgsNetworkAccessManager, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtNetwork import QNetworkProxy
from territoire_sig_qgis import catalogue, engine_making, engine_place
from territoire_sig_qgis.catalogue import plugin_version
from territoire_sig_qgis.desk import engine_work
from territoire_sig_qgis.desk import task as tasks
from territoire_sig_qgis.desk.engine_page import EnginePage
from territoire_sig_qgis.desk.engine_work import EngineWork
from territoire_sig_qgis.desk.options import EngineDialog, EngineOptionsFactory
from territoire_sig_qgis.engine import Answer, EngineCancelled
from territoire_sig_qgis.engine_making import Plan, base_pythons, make_engine, pip_arguments, proxy_address
from territoire_sig_qgis.engine_place import EngineError, find_engine

from conftest import ROOT


@pytest.fixture()
def profile(qgis_app, monkeypatch, tmp_path):
    """A profile of its own, and no other engine."""
    monkeypatch.setattr(engine_place.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path)))
    monkeypatch.delenv("TERRITOIRE_SIG_PYTHON", raising=False)
    QgsSettings().remove(engine_place.SETTING)
    yield tmp_path
    QgsSettings().remove(engine_place.SETTING)


def base():
    """Return a Python from which an engine can be made."""
    return os.path.realpath(os.environ.get("TERRITOIRE_SIG_BASE", sys.executable))


@pytest.mark.slow
def test_an_engine_is_made_from_a_folder_of_wheels_and_serves(profile, tmp_path_factory, monkeypatch):
    wheels = tmp_path_factory.mktemp("roues")
    library = os.environ.get("TERRITOIRE_SIG_WHEELS_BY", str(ROOT / ".venv" / "bin" / "python"))
    if not Path(library).exists():
        pytest.skip("the Python of the library is out of this folder: an engine is made in the QGIS of the machine")
    asked = [library, "-I", "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(wheels), str(ROOT)]
    done = subprocess.run(asked, check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no wheels to be had here: " + done.stderr.decode()[-300:])
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    listener = Listener()
    plan = Plan(base(), plugin_version(), str(wheels))
    versions = make_engine(plan, listener)
    assert versions["library"] == plugin_version()
    found = find_engine()
    assert Path(found.python) == engine_place.interpreter_of(plan.folder)
    assert str(profile) in versions["executable"]
    assert any("territoire" in line for line in listener.infos)


def test_pip_offline_looks_nowhere_else(profile):
    arguments = pip_arguments(Plan("python3", "0.1.0", "/un dossier/roues"))
    assert arguments[arguments.index("--find-links") + 1] == "/un dossier/roues"
    assert "--no-index" in arguments and arguments[-1] == "territoire-sig==0.1.0"
    assert "--no-index" not in pip_arguments(Plan("python3", "0.1.0"))


def test_a_folder_without_wheels_is_told_and_nothing_is_left(profile, tmp_path):
    empty = tmp_path / "vide"
    empty.mkdir()
    plan = Plan(base(), "0.1.0", str(empty))
    with pytest.raises(EngineError, match=r"(?s)No matching distribution.*Mend: check the network.*folder of wheels"):
        make_engine(plan, Listener())
    assert not plan.folder.exists()
    with pytest.raises(EngineError, match="No territoire_sig engine"):
        find_engine()


def test_a_cancelled_making_leaves_nothing(profile, tmp_path):
    listener = Listener()
    listener.cancel()
    plan = Plan(base(), "0.1.0", str(tmp_path))
    with pytest.raises(EngineCancelled):
        make_engine(plan, listener)
    assert not plan.folder.exists()


def test_an_environment_being_made_is_no_engine(profile):
    folder = profile / "python" / "territoire_sig" / "venv-0.1.0"
    python = engine_place.interpreter_of(folder)
    python.parent.mkdir(parents=True)
    python.write_text("")
    (folder / engine_place.UNDER_WAY).touch()
    with pytest.raises(EngineError):
        find_engine()
    (folder / engine_place.UNDER_WAY).unlink()
    assert find_engine().python == str(python)


def python_that_says(path, text):
    """Write an executable that stands for a base Python."""
    path.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_python_that_is_too_old_is_refused(profile, tmp_path):
    old = python_that_says(tmp_path / "python3.9", "print(3, 9)")
    with pytest.raises(EngineError, match=r"is Python 3\.9, and version 3\.11 or later is needed"):
        make_engine(Plan(old, "0.1.0"), Listener())


def test_a_python_without_venv_is_told_with_the_package_to_install(profile, tmp_path):
    bare = python_that_says(tmp_path / "python3", "import pas_de_ce_module")
    with pytest.raises(EngineError, match=r"(?s)cannot make an environment: ModuleNotFoundError.*python3-venv"):
        make_engine(Plan(bare, "0.1.0"), Listener())


def test_a_program_that_does_not_start_is_told(profile):
    with pytest.raises(EngineError, match="does not start"):
        make_engine(Plan("/nulle/part/python3", "0.1.0"), Listener())


def test_the_proxy_of_qgis_is_handed_over_by_the_environment(profile):
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.mairie.example", 3128, "agent", "p@ss:mot")
    assert proxy_address(proxy) == "http://agent:p%40ss%3Amot@proxy.mairie.example:3128"
    assert proxy_address(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)) == ""
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy()
    manager.setFallbackProxyAndExcludes(proxy, ["intranet.example"], [])
    try:
        environment = engine_making.making_environment()
    finally:
        manager.setFallbackProxyAndExcludes(before, [], [])
    assert environment.value("HTTPS_PROXY") == proxy_address(proxy)
    assert environment.value("NO_PROXY").startswith("intranet.example,")
    assert not environment.contains("PYTHONHOME")


def test_base_pythons_never_name_qgis_itself(profile):
    found = base_pythons()
    assert found
    assert all("qgis" not in Path(path).name.lower() for path in found)
    assert len({os.path.realpath(path) for path in found}) == len(found)


#: Stands for a Python: tells its version, makes an environment, has a pip that fails or not.
STAND_IN = """
import pathlib, sys
if "-c" in sys.argv:
    print(3, 11)
elif "venv" in sys.argv:
    made = pathlib.Path(sys.argv[-1]) / "bin" / "python"
    made.parent.mkdir()
    made.write_text("#!/bin/sh\\n{pip}\\n")
    made.chmod(0o755)
"""


class Watcher(Listener):
    """Notes which engine serves at each step of a making."""

    def __init__(self):
        super().__init__()
        self.serving = []

    def setProgressText(self, text):
        self.serving.append(find_engine().python)


@pytest.fixture()
def plan(profile, tmp_path):
    """The making of an engine over one that works."""
    found = Plan(python_that_says(tmp_path / "python3", STAND_IN.format(pip="exit 0")), "0.1.0")
    old = engine_place.interpreter_of(found.folder)
    old.parent.mkdir(parents=True)
    python_that_says(old, "# l'ancien")
    return found


def served(plan):
    """Return what the interpreter of the engine in service holds; nothing else is left beside it."""
    assert [path.name for path in engine_place.managed_home().iterdir()] == ["venv-0.1.0"]
    assert Path(find_engine().python) == engine_place.interpreter_of(plan.folder)
    return Path(find_engine().python).read_text()


def test_the_engine_in_service_stays_until_another_is_whole(plan, monkeypatch):
    monkeypatch.setattr(engine_making, "ask", lambda *asked, **more: Answer({"library": "0.1.0"}))
    watcher = Watcher()
    assert make_engine(plan, watcher) == {"library": "0.1.0"}
    assert set(watcher.serving) == {str(engine_place.interpreter_of(plan.former))}
    assert "exit 0" in served(plan)


def test_a_making_that_fails_or_is_cancelled_gives_the_former_engine_back(plan, tmp_path):
    python_that_says(tmp_path / "python3", STAND_IN.format(pip="echo ERROR: no network; exit 1"))
    with pytest.raises(EngineError, match="ERROR: no network"):
        make_engine(plan, Listener())
    assert "l'ancien" in served(plan)
    listener = Listener()
    listener.cancel()
    with pytest.raises(EngineCancelled):
        make_engine(plan, listener)
    assert "l'ancien" in served(plan)


def test_a_making_cut_short_by_a_crash_leaves_the_former_engine(plan, tmp_path):
    plan.folder.rename(plan.former)
    plan.folder.mkdir()
    (plan.folder / engine_place.UNDER_WAY).touch()
    assert find_engine().python == str(engine_place.interpreter_of(plan.former))
    python_that_says(tmp_path / "python3", STAND_IN.format(pip="exit 1"))
    with pytest.raises(EngineError, match="installation of the engine failed"):
        make_engine(plan, Listener())
    assert "l'ancien" in served(plan)


@pytest.fixture()
def work(window):
    """What names, tests and makes engines, in a window of QGIS."""
    return EngineWork(window)


def test_the_page_shows_the_engine_its_versions_and_what_fails(provider, work, monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "cached_path", lambda: tmp_path / "declarations.json")
    page = EnginePage(work)
    assert os.environ["TERRITOIRE_SIG_PYTHON"] in page.status.text()
    page.test()
    wait(lambda: work.task is None)
    assert (tmp_path / "declarations.json").is_file()
    assert "GDAL <b>" in page.versions.text() and page.status.text().startswith("✓")
    page.offline.setChecked(True)
    page.make()
    assert "No folder of wheels is given" in page.said.text()
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/nulle/part/python")
    page.refresh()
    assert "/nulle/part/python" in page.status.text() and not page.test_button.isEnabled()


@pytest.fixture()
def made(profile, monkeypatch):
    """The folder of an engine that is made when the test says so."""
    made = profile / "python" / "territoire_sig" / ("venv-" + plugin_version()) / "bin"

    def make(plan, feedback):
        while not made.parent.exists():
            if feedback.isCanceled():
                raise EngineCancelled("Cancelled: nothing was installed.")
            time.sleep(0.01)
        made.mkdir(parents=True)
        (made / "python").write_text("")
        versions = dict.fromkeys(("library", "python", "gdal", "proj", "geos"), "1.0")
        return dict(versions, executable=str(made / "python"))

    monkeypatch.setattr(engine_work, "make_engine", make)
    monkeypatch.setattr(engine_work, "fetch_catalogue", lambda feedback, python: (python, False))
    return made


def test_the_page_makes_an_engine_in_the_background_and_keeps_it(provider, made, work):
    page = EnginePage(work)
    assert page.status.text().startswith("✗")
    page.make()
    other = EnginePage(work)
    assert not other.make_button.isEnabled() and not other.stop_button.isHidden()
    made.parent.mkdir(parents=True)
    wait(lambda: work.task is None)
    assert find_engine().python == str(made / "python")
    assert page.status.text().startswith("✓") and other.status.text().startswith("✓")
    assert ["The engine is ready" in text for text in work.iface.said()] == [True]


def test_an_engine_made_serves_though_its_page_was_closed_and_another_was_named(provider, made, work):
    QgsSettings().setValue(engine_place.SETTING, sys.executable)
    heard = []
    work.changed.connect(lambda: heard.append(find_engine().python))
    page = EngineOptionsFactory(lambda: work).createWidget(work.iface.main)
    page.page.make()
    page.apply()
    sip.delete(page)
    assert find_engine().python == sys.executable
    made.parent.mkdir(parents=True)
    wait(lambda: work.task is None)
    assert heard[-1] == find_engine().python == str(made / "python")


def test_a_making_that_ends_badly_is_told_though_its_page_was_closed(provider, made, work, monkeypatch):
    for title, end in (("Cancelled", work.stop), ("Cannot write", lambda: None)):
        page = EngineDialog(work)
        page.page.make()
        page.done(0)
        sip.delete(page)
        end()
        wait(lambda: work.task is None)
        assert title in work.iface.said()[0]

        def fail(plan, feedback):
            raise EngineError("Cannot write into the profile.\nMend: free some room.")

        monkeypatch.setattr(engine_work, "make_engine", fail)


def test_nothing_is_heard_of_a_making_once_the_plugin_has_gone(provider, made, work):
    page = EnginePage(work)
    page.make()
    work.leave()
    wait(lambda: not tasks._alive)
    assert work.iface.said() == [] and not page.make_button.isEnabled()


def test_the_version_asked_for_is_that_of_the_plugin():
    text = (ROOT / "qgis_plugin" / "territoire_sig_qgis" / "declarations.json").read_text(encoding="utf-8")
    assert json.loads(text)["library"] == plugin_version()
