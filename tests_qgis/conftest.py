"""Tests inside QGIS's own Python: ``make test-qgis``. The library is never imported here."""

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TERRITOIRE_SIG_PYTHON", str(ROOT / ".venv" / "bin" / "python"))
sys.path.insert(0, str(ROOT / "qgis_plugin"))

sys.path.insert(0, str(ROOT / "tests_qgis"))
from prefork import CLIENT  # noqa: E402

#: Debian 12 wraps the program in a script that gives it an option of the desktop: the program itself is taken first.
TOOL = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
SAMPLE = ROOT / "data" / "sample" / "territoire.toml"


@pytest.fixture(scope="session", autouse=True)
def no_layer_outlives_qgis(qgis_app):
    """Layers that Python still holds at the end (a traceback, the last fixtures) go before QGIS: after, they crash."""
    from qgis.core import QgsMapLayer, QgsProject
    from qgis.PyQt import sip

    yield
    QgsProject.instance().clear()
    gc.collect()
    for held in [one for one in gc.get_objects() if isinstance(one, QgsMapLayer) and not sip.isdeleted(one)]:
        sip.delete(held)


@pytest.fixture(scope="module")
def quick_engine(tmp_path_factory):
    """An engine that starts at once, for the modules that ask hundreds of questions (prefork.py)."""
    folder = Path(tempfile.mkdtemp(prefix="ts-"))
    path, script = str(folder / "s"), str(ROOT / "tests_qgis" / "prefork.py")
    real = os.environ["TERRITOIRE_SIG_PYTHON"]
    with subprocess.Popen([real, "-I", "-X", "utf8", script, path], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        client = folder / "python"
        client.write_text(CLIENT.format(python=sys.executable, path=path), encoding="utf-8")
        client.chmod(0o755)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("TERRITOIRE_SIG_PYTHON", str(client))
            yield str(client)
        process.terminate()
    shutil.rmtree(str(folder))


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory):
    """Run ``qgis_process`` in a profile of its own, with the plugin enabled."""
    if TOOL is None:
        pytest.skip("qgis_process absent: it comes with the package qgis")
    profile = tmp_path_factory.mktemp("profil")
    own = {"QGIS_CUSTOM_CONFIG_PATH": str(profile), "XDG_RUNTIME_DIR": str(profile)}

    def run(*arguments, plugins=ROOT / "qgis_plugin", **changed):
        environment = {**os.environ, **own, "QGIS_PLUGINPATH": str(plugins), **changed}
        done = subprocess.run([TOOL, *arguments], capture_output=True, env=environment, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert run("plugins", "enable", "territoire_sig_qgis")[0] == 0
    return run


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """Folder of the sample's layers by role, and what the library answers on them."""
    folder = tmp_path_factory.mktemp("exemple")
    script = ROOT / "tests_qgis" / "reference.py"
    engine = os.environ["TERRITOIRE_SIG_PYTHON"]
    subprocess.run([engine, "-I", str(script), str(SAMPLE), str(folder)], check=True, cwd=str(ROOT))
    return folder


@pytest.fixture(scope="session")
def expected(sample):
    """Values of the library: analysis → output → one value a unit, in the order of the codes."""
    return json.loads((sample / "attendu.json").read_text(encoding="utf-8"))


@pytest.fixture()
def window(qgis_app, qgis_processing):
    """A window of QGIS."""
    from window import Window

    return Window()


@pytest.fixture()
def plugin(window, qgis_new_project):
    """The plugin in a window, taken away at the end."""
    from qgis.core import QgsProject
    from territoire_sig_qgis.plugin import TerritoirePlugin

    found = TerritoirePlugin(window)
    found.initGui()
    yield found
    QgsProject.instance().clear()
    found.unload()


@pytest.fixture()
def sample_copy(tmp_path):
    """The sample with its demo project, moved elsewhere: paths are relative."""
    shutil.copytree(str(SAMPLE.parent), str(tmp_path / "ailleurs" / "exemple"))
    return tmp_path / "ailleurs" / "exemple"


@pytest.fixture()
def demo(plugin, sample_copy):
    """The demo project open, with the dock."""
    from qgis.core import QgsProject

    assert QgsProject.instance().read(str(sample_copy / "territoire_demo.qgz"))
    plugin.toggle_dock(True)
    return plugin.dock


@contextmanager
def loaded():
    """Load the provider of the plugin as QGIS does, and unload it at the end."""
    from qgis.core import QgsApplication
    from territoire_sig_qgis import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    yield QgsApplication.processingRegistry().providerById("territoire_sig")
    plugin.unload()


@pytest.fixture()
def provider(qgis_app, qgis_processing):
    """The provider of the plugin, for one test."""
    with loaded() as found:
        yield found


@pytest.fixture(scope="module")
def shared_provider(qgis_app, qgis_processing):
    """The provider of the plugin, for what is made once for the tests of a file."""
    with loaded() as found:
        yield found


@pytest.fixture()
def layer(sample):
    """Open a layer of the sample by its role."""
    from qgis.core import QgsRasterLayer, QgsVectorLayer

    def opened(role):
        raster = sample / (role + ".tif")
        if raster.is_file():
            return QgsRasterLayer(str(raster), role)
        found = QgsVectorLayer("{}|layername={}".format(sample / (role + ".gpkg"), role), role, "ogr")
        assert found.isValid(), role
        return found

    return opened


@pytest.fixture()
def french(qgis_app, monkeypatch):
    """QGIS in French."""
    from territoire_sig_qgis import words

    monkeypatch.setattr(words, "language", lambda: "fr")
    translator = words.install_translator()
    assert translator is not None
    yield
    words.remove_translator(translator)
