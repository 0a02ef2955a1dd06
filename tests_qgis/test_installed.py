"""The zip of the plugin, installed in a profile that has never seen it, and used from there."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from asked import ZONING
from qgis.core import NULL, QgsVectorLayer

from conftest import ROOT, TOOL

MACHINE = os.environ.get("TERRITOIRE_SIG_ON_MACHINE", "").split()


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """A fresh profile of QGIS in which the zip was unpacked, as the extension manager does."""
    if TOOL is None:
        pytest.skip("qgis_process absent: it comes with the package qgis")
    folder = tmp_path_factory.mktemp("neuf")
    builder = ROOT / "qgis_plugin" / "package.py"
    command = [*MACHINE, str(ROOT / ".venv" / "bin" / "python"), str(builder), str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    plugins = folder / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(done.stdout.decode().strip()) as archive:
        archive.extractall(str(plugins))
    return folder


def process(profile, *arguments, **changed):
    own = {"QGIS_CUSTOM_CONFIG_PATH": str(profile), "XDG_RUNTIME_DIR": str(profile)}
    environment = {name: value for name, value in os.environ.items() if name != "QGIS_PLUGINPATH"}
    done = subprocess.run([TOOL, *arguments], capture_output=True, env={**environment, **own, **changed}, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_an_algorithm_runs_from_the_installed_zip(profile, sample, expected, tmp_path):
    code, out, errors = process(profile, "plugins", "enable", "territoire_sig_qgis")
    assert code == 0, errors
    files = {
        name: "{}={}".format(name.upper(), sample / (name + ".gpkg"))
        for name in ("unites", "zonage", "couverture_fixe")
    }
    output = tmp_path / "u.gpkg"
    arguments = ["--json", "run", "territoire_sig:" + ZONING, "--", *files.values(), "CODE=code_unite"]
    code, out, errors = process(profile, *arguments, f"INDICATEURS={output}")
    assert code == 0, errors
    assert json.loads(out)["results"]["NB_UNITES"] == len(expected["codes"])
    found = {feature["code_unite"]: feature for feature in QgsVectorLayer(str(output), "u", "ogr").getFeatures()}
    for name, values in expected["values"][ZONING].items():
        assert [None if found[code][name] == NULL else found[code][name] for code in expected["codes"]] == values


def test_an_atlas_is_made_from_the_installed_zip(profile, sample, tmp_path):
    pdf = tmp_path / "atlas.pdf"
    arguments = ["UNITES={}".format(sample / "unites.gpkg"), "NOM=nom_unite", "TITRE=Communes", "PAGE=a3_paysage"]
    code, out, errors = process(profile, "--json", "run", "territoire_sig:atlas", "--", *arguments, f"PDF={pdf}")
    assert code == 0, errors
    assert json.loads(out)["results"]["NB_PAGES"] > 1
    assert pdf.read_bytes().startswith(b"%PDF")


def test_without_engine_qgis_starts_and_says_what_to_do(profile, sample, tmp_path):
    nowhere = {"TERRITOIRE_SIG_PYTHON": "/nulle/part/python"}
    code, out, errors = process(profile, "list", **nowhere)
    assert code == 0 and "territoire_sig:" + ZONING in out
    files = (
        "{}={}".format(name.upper(), sample / (name + ".gpkg")) for name in ("unites", "zonage", "couverture_fixe")
    )
    arguments = [*files, "CODE=code_unite", "INDICATEURS={}".format(tmp_path / "u.gpkg")]
    code, out, errors = process(profile, "run", "territoire_sig:" + ZONING, "--", *arguments, **nowhere)
    assert code != 0
    assert "/nulle/part/python" in out + errors and "Traceback" not in out + errors


def test_the_zip_holds_the_wheel_that_makes_an_offline_engine(profile):
    wheels = profile / "profiles" / "default" / "python" / "plugins" / "territoire_sig_qgis" / "wheels"
    [wheel] = [Path(path).name for path in wheels.iterdir()]
    assert wheel.startswith("territoire_sig-") and wheel.endswith("-py3-none-any.whl")
