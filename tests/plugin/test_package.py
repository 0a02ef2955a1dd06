"""The zip of the plugin: what the official repository accepts, the same byte for byte, with the library in it."""

import ast
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from plugin.qt6 import breaches

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "territoire_sig_qgis"
#: Rules of flake8 that the official repository turns on; line length is off.
FLAKE8 = (
    "E9,F401,F402,F403,F404,F405,F501,F502,F503,F504,F505,F506,F507,F508,F509,F521,F522,F523,F524,F525,F541,F601,"
    "F602,F621,F622,F631,F632,F633,F634,F701,F702,F704,F706,F707,F811,F821,F822,F823,F831,F841"
)
#: What an archive of text begins with where it is a program, whatever its name.
PROGRAMS = (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
LEFT_OUT = ("__pycache__", ".pyc", ".git/", "__MACOSX", ".DS_Store", "tests")


def built(folder):
    command = [sys.executable, str(ROOT / "qgis_plugin" / "package.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return built(tmp_path_factory.mktemp("greffon"))


@pytest.fixture(scope="module")
def unpacked(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ouvert")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder / PLUGIN


def tool(*arguments, cwd=None):
    return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=cwd)


def test_it_is_the_same_byte_for_byte(package, tmp_path):
    assert built(tmp_path).read_bytes() == package.read_bytes()


def test_its_structure_is_what_the_repository_accepts(package):
    assert package.stat().st_size < 25_000_000
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    assert {name.partition("/")[0] for name in names} == {PLUGIN}
    assert PLUGIN.isidentifier()
    assert not [name for name in names if any(part in name for part in LEFT_OUT)]
    assert {"metadata.txt", "__init__.py", "LICENSE", "icon.svg", "declarations.json"} <= {Path(n).name for n in names}
    assert not [name for name, content in contents.items() if content.startswith(PROGRAMS)]
    assert contents[f"{PLUGIN}/LICENSE"].lstrip().startswith(b"GNU GENERAL PUBLIC LICENSE")


def test_the_library_is_in_it_as_a_pure_wheel_of_the_same_version(package):
    with zipfile.ZipFile(package) as archive:
        [wheel] = [name for name in archive.namelist() if name.endswith(".whl")]
        metadata = archive.read(f"{PLUGIN}/metadata.txt").decode()
        inner = zipfile.ZipFile(BytesIO(archive.read(wheel)))
    version = next(line.partition("=")[2] for line in metadata.splitlines() if line.startswith("version="))
    assert wheel == f"{PLUGIN}/wheels/territoire_sig-{version}-py3-none-any.whl"
    names = inner.namelist()
    assert "territoire_sig/worker/__main__.py" in names
    assert {Path(name).suffix for name in names} <= {
        ".py",
        ".j2",
        ".toml",
        ".json",
        ".csv",
        ".css",
        ".js",
        ".svg",
        ".typed",
        ".txt",
        ".md",
        "",
    }
    shipped = {name for name in names if name.startswith("territoire_sig/")}
    here = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "territoire_sig").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped == here


def test_bandit_flake8_and_detect_secrets_find_nothing(unpacked):
    found = tool("bandit", "-q", "-r", "-f", "json", str(unpacked))
    assert json.loads(found.stdout)["results"] == []
    found = tool("flake8", "--isolated", "--select", FLAKE8, str(unpacked))
    assert (found.returncode, found.stdout) == (0, "")
    found = tool("detect_secrets", "scan", "--all-files", ".", cwd=unpacked)
    assert json.loads(found.stdout)["results"] == {}


def test_it_holds_under_qt_6_and_python_3_9(unpacked):
    modules = sorted(unpacked.rglob("*.py"))
    assert len(modules) > 10
    for path in modules:
        source = path.read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 9))
        assert breaches(source) == [], path.name
