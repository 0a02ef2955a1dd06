"""What the official repository of QGIS plugins asks, and what QGIS 3.22 to 4.x needs, checked without QGIS."""

import ast
import configparser
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from plugin.qt6 import breaches, foreign_imports
from territoire_sig.worker.engine import capabilities

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "qgis_plugin" / "territoire_sig_qgis"
MODULES = sorted(PLUGIN.rglob("*.py"))
#: The folder of what is seen; everything else also runs without windows, in threads and in ``qgis_process``.
WINDOWS = PLUGIN / "desk"
REQUIRED = (
    *("name", "description", "version", "qgisMinimumVersion", "author", "email", "about"),
    *("tracker", "repository", "homepage"),
)

by_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PLUGIN).as_posix())


def tool(*arguments, cwd=None):
    return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=cwd)


@pytest.fixture(scope="module")
def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_the_declarations_shipped_are_those_of_the_library():
    shipped = json.loads((PLUGIN / "declarations.json").read_text(encoding="utf-8"))
    fresh = json.loads(json.dumps(capabilities()))
    assert shipped == fresh, "behind the library: run `make declarations` and commit the file"


def test_metadata_is_complete(metadata):
    assert all(metadata[name] for name in REQUIRED)
    assert (metadata["qgisMinimumVersion"], metadata["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert metadata["author"] == "Les contributeurs de territoire_sig"
    assert all("example.org" in metadata[name] for name in ("email", "tracker", "repository", "homepage"))
    assert "supportsQt6" not in metadata
    assert (PLUGIN / metadata["icon"]).is_file()
    assert metadata["hasProcessingProvider"] == "yes"


def test_the_plugin_and_the_library_bear_one_version(metadata):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["version"] == project["version"]


def test_the_folder_is_what_the_repository_accepts():
    assert PLUGIN.name.isidentifier()
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 2" in (PLUGIN / "LICENSE").read_text()
    files = [path for path in PLUGIN.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 25_000_000
    assert {path.suffix for path in files} <= {".py", ".txt", ".json", ".svg", ".ts", ".qm", ".qpt", ""}
    assert not [path for path in PLUGIN.rglob("*.svg") if "<script" in path.read_text(encoding="utf-8")]


@by_module
def test_python_3_9_can_read_it(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


@by_module
def test_it_holds_under_qt_6(path):
    assert breaches(path.read_text(encoding="utf-8")) == []


@by_module
def test_it_needs_nothing_but_python_and_qgis(path):
    assert foreign_imports(path.read_text(encoding="utf-8")) == set()


@by_module
def test_no_widget_and_no_broad_except(path):
    source = path.read_text(encoding="utf-8")
    assert path.parent == WINDOWS or ("QtWidgets" not in source and "qgis.gui" not in source)
    caught = [node.type for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler)]
    assert all(kind is not None and ast.unparse(kind) not in ("Exception", "BaseException") for kind in caught)


@by_module
def test_only_one_file_knows_the_protocol_and_one_more_starts_programs(path):
    source = path.read_text(encoding="utf-8")
    assert path.stem == "engine" or "territoire_sig.worker" not in source
    assert path.stem in ("engine", "engine_making") or "QProcess(" not in source


@by_module
def test_windows_are_loaded_only_when_asked_for(path):
    """QGIS starts as fast as without the plugin: outside ``desk``, its modules are imported within functions only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert path.parent == WINDOWS or not [node for node in at_once if (node.module or "").startswith("desk")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from qgis.PyQt.QtCore import Qt\nQt.AlignLeft", "Qt.AlignLeft is Qt.AlignmentFlag.AlignLeft"),
        ("QMessageBox.Yes", "QMessageBox.Yes is QMessageBox.StandardButton.Yes"),
        ("QFile.ReadOnly", "QFile.ReadOnly is QFile.OpenModeFlag.ReadOnly"),
        ("dialog.exec_()", "exec_ is gone"),
        ("x = QVariant()", "QVariant() is gone"),
        ("from PyQt5.QtCore import Qt", "take qgis.PyQt"),
        ("import PyQt5", "import PyQt5"),
        ("from qgis.PyQt.QtWidgets import QShortcut", "QShortcut is in QtGui"),
        ("x = QgsProcessing.TypeVectorPolygon", "QgsProcessing.TypeVectorPolygon"),
    ],
)
def test_the_qt_6_checker_finds_what_was_planted(source, said):
    assert any(said in line for line in breaches(source))


@pytest.mark.parametrize(
    "source",
    [
        "Qt.AlignmentFlag.AlignLeft",
        "QProcess.ProcessState.NotRunning",
        "QProcess.systemEnvironment()",
        "QIODevice.OpenModeFlag.ReadWrite",
        "from qgis.PyQt.QtWidgets import QAction",
        "QgsProcessing.SourceType.TypeVectorPolygon",
        "QgsProcessingContext.LayerDetails(1)",
    ],
)
def test_the_qt_6_checker_leaves_what_holds(source):
    assert breaches(source) == []


def test_flake8_qgis_finds_nothing(tmp_path):
    rules = ["--isolated", "--select", "QGS1,QGS4", "--extend-ignore", "QGS105,QGS402"]
    found = tool("flake8", *rules, str(PLUGIN))
    assert (found.returncode, found.stdout) == (0, "")
    (tmp_path / "seeded.py").write_text("from PyQt5.QtCore import Qt\n")
    assert "QGS103" in tool("flake8", *rules, str(tmp_path)).stdout


def test_bandit_finds_nothing(tmp_path):
    found = tool("bandit", "-q", "-r", "-f", "json", str(PLUGIN))
    assert json.loads(found.stdout)["results"] == []
    (tmp_path / "seeded.py").write_text("exec('1')\n")
    assert json.loads(tool("bandit", "-q", "-r", "-f", "json", str(tmp_path)).stdout)["results"]


def test_detect_secrets_finds_nothing(tmp_path):
    found = tool("detect_secrets", "scan", "--all-files", ".", cwd=PLUGIN)
    assert json.loads(found.stdout)["results"] == {}
    (tmp_path / "seeded.py").write_text("key = '-----BEGIN " + "RSA PRIVATE KEY-----'\n")
    assert json.loads(tool("detect_secrets", "scan", "--all-files", ".", cwd=tmp_path).stdout)["results"]


def test_both_ends_speak_the_same_protocol():
    from territoire_sig.worker.request import PROTOCOL

    found = re.search(r"^PROTOCOL = (\d+)$", (PLUGIN / "engine.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert int(found[1]) == PROTOCOL
