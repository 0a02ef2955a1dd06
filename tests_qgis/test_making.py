"""Making an engine: for real, from a folder of wheels; and what is said when it cannot be."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from asked import Listener, wait
from qgis.core import QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtNetwork import QNetworkProxy
from territoire_sig_qgis import engine_making, engine_place
from territoire_sig_qgis.catalogue import plugin_version
from territoire_sig_qgis.engine import EngineCancelled
from territoire_sig_qgis.engine_making import Plan, base_pythons, make_engine, pip_arguments, proxy_address
from territoire_sig_qgis.engine_place import EngineError, find_engine

from conftest import ROOT


@pytest.fixture()
def profile(qgis_app, monkeypatch, tmp_path):
    """A profile of its own, and no other engine."""
    monkeypatch.setattr(engine_place.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path)))
    monkeypatch.delenv("TERRITOIRE_SIG_PYTHON", raising=False)
    QgsSettings().remove(engine_place.SETTING)
    return tmp_path


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


def test_the_page_shows_the_engine_its_versions_and_what_fails(provider, monkeypatch):
    from territoire_sig_qgis.desk.engine_page import EnginePage

    page = EnginePage()
    assert os.environ["TERRITOIRE_SIG_PYTHON"] in page.status.text()
    page.test()
    wait(lambda: page.task is None)
    assert "GDAL <b>" in page.versions.text() and page.status.text().startswith("✓")
    page.offline.setChecked(True)
    page.make()
    assert "No folder of wheels is given" in page.said.text()
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/nulle/part/python")
    page.refresh()
    assert "/nulle/part/python" in page.status.text() and not page.test_button.isEnabled()


def test_the_page_makes_an_engine_in_the_background_and_keeps_it(profile, provider, monkeypatch):
    from territoire_sig_qgis.desk import engine_page

    made = profile / "python" / "territoire_sig" / ("venv-" + plugin_version()) / "bin"

    def make(plan, feedback):
        made.mkdir(parents=True)
        (made / "python").write_text("")
        versions = dict.fromkeys(("library", "python", "gdal", "proj", "geos"), "1.0")
        return dict(versions, executable=str(made / "python"))

    monkeypatch.setattr(engine_page, "make_engine", make)
    page = engine_page.EnginePage()
    assert page.status.text().startswith("✗")
    page.make()
    wait(lambda: page.task is None)
    assert find_engine().python == str(made / "python")
    assert page.status.text().startswith("✓")


def test_the_version_asked_for_is_that_of_the_plugin():
    text = (ROOT / "qgis_plugin" / "territoire_sig_qgis" / "declarations.json").read_text(encoding="utf-8")
    assert json.loads(text)["library"] == plugin_version()
