"""Every declared analysis behind ``qgis_process``: the values are the library's, to the last digit.

One ``qgis_process`` runs them all, as the steps of one model: what starts QGIS is paid once. The other way, one
``processing.run`` an analysis, is in ``test_analyses.py``.
"""

import json

import pytest
from asked import BY_ID, inputs, step
from qgis.core import (
    NULL,
    QgsProcessingModelAlgorithm,
    QgsVectorLayer,
)


@pytest.fixture(scope="module")
def answers(shared_provider, quick_engine, qgis_process, sample, tmp_path_factory):
    """What one ``qgis_process`` answers: analysis → layer of the units."""
    folder = tmp_path_factory.mktemp("matrice")
    files = {path.stem: str(path) for path in sample.iterdir() if path.suffix in (".gpkg", ".tif", ".toml")}
    model = QgsProcessingModelAlgorithm("toutes", "tests", "tests")
    for name in sorted(BY_ID):
        model.addChildAlgorithm(step(name, inputs(BY_ID[name], files, files.get), "INDICATEURS"))
    model.updateDestinationParameters()
    path = folder / "toutes.model3"
    assert model.toFile(str(path))
    outputs = ["{}:INDICATEURS={}".format(name, folder / (name + ".gpkg")) for name in sorted(BY_ID)]
    code, out, errors = qgis_process("--json", "run", str(path), "--", *outputs)
    assert code == 0, errors[-3000:]
    assert set(json.loads(out)["results"]) >= {name + ":INDICATEURS" for name in BY_ID}
    return {name: QgsVectorLayer(str(folder / (name + ".gpkg")), name, "ogr") for name in BY_ID}


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_values_are_the_library_s_behind_qgis_process(answers, expected, name):
    layer = answers[name]
    assert layer.isValid() and layer.featureCount() == len(expected["codes"])
    found = {feature["code_unite"]: feature for feature in layer.getFeatures()}
    assert [found[code]["nom_unite"] for code in expected["codes"]] == expected["names"]
    for output, values in expected["values"][name].items():
        assert [None if found[c][output] == NULL else found[c][output] for c in expected["codes"]] == values, output
