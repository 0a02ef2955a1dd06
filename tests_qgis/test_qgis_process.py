"""The plugin behind ``qgis_process``, with the environment of another GIS around it."""

import json

from asked import ZONING

from conftest import SAMPLE


def test_algorithms_are_listed(qgis_process):
    code, out, _ = qgis_process("list")
    assert code == 0
    assert f"territoire_sig:{ZONING}" in out


def test_the_help_is_read_on_a_terminal(qgis_process):
    code, out, _ = qgis_process("help", "territoire_sig:" + ZONING)
    assert code == 0
    assert "Formula" in out and "<table" not in out


def test_an_analysis_gives_the_values_of_the_library(qgis_process, sample, expected, tmp_path):
    from qgis.core import NULL, QgsVectorLayer

    output = tmp_path / "unites.gpkg"
    code, out, errors = qgis_process(
        "--json",
        "run",
        "territoire_sig:" + ZONING,
        "--",
        "UNITES={}".format(sample / "unites.gpkg"),
        "CODE=code_unite",
        "NOM=nom_unite",
        "ZONAGE={}".format(sample / "zonage.gpkg"),
        "COUVERTURE_FIXE={}".format(sample / "couverture_fixe.gpkg"),
        f"INDICATEURS={output}",
        "SURFACES={}".format(tmp_path / "carte.gpkg"),
    )
    assert code == 0, errors
    assert json.loads(out)["results"]["NB_UNITES"] == len(expected["codes"])
    layer = QgsVectorLayer(str(output), "unites", "ogr")
    found = {feature["code_unite"]: feature for feature in layer.getFeatures()}
    for name, values in expected["values"][ZONING].items():
        assert [None if found[c][name] == NULL else found[c][name] for c in expected["codes"]] == values


def test_the_territory_can_be_checked(qgis_process):
    code, out, errors = qgis_process(
        "--json", "run", "territoire_sig:verifier", "--", f"TERRITOIRE={SAMPLE}", "FAUTES=TEMPORARY_OUTPUT"
    )
    assert code == 0, errors
    assert json.loads(out)["results"]["NB_FAUTES"] == 0
