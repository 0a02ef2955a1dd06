"""Tests inside QGIS's own Python: ``make test-qgis``. The library is never imported here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TERRITOIRE_SIG_PYTHON", str(ROOT / ".venv" / "bin" / "python"))
sys.path.insert(0, str(ROOT / "qgis_plugin"))

SAMPLE = ROOT / "data" / "sample" / "territoire.toml"


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


@pytest.fixture(scope="session")
def provider(qgis_app, qgis_processing):
    """The provider of the plugin, loaded as QGIS does."""
    from qgis.core import QgsApplication
    from territoire_sig_qgis import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    yield QgsApplication.processingRegistry().providerById("territoire_sig")
    plugin.unload()


@pytest.fixture()
def layer(sample):
    """Open a layer of the sample by its role."""
    from qgis.core import QgsVectorLayer

    def opened(role):
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
