"""Running an algorithm and reading its output."""

import json
import re
import time

import processing
from qgis.core import (
    NULL,
    QgsProcessingFeedback,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
)
from qgis.PyQt.QtCore import QCoreApplication

from conftest import ROOT

ZONING = "zoning_fixed_coverage"
DECLARED = json.loads((ROOT / "qgis_plugin" / "territoire_sig_qgis" / "declarations.json").read_text(encoding="utf-8"))
BY_ID = {item["id"]: item for item in DECLARED["analyses"]}


class Listener(QgsProcessingFeedback):
    """Keeps what an algorithm says."""

    def __init__(self):
        super().__init__(False)
        self.warnings, self.infos, self.texts = [], [], []

    def pushWarning(self, warning):
        self.warnings.append(warning)

    def pushInfo(self, info):
        self.infos.append(info)

    def setProgressText(self, text):
        self.texts.append(text)


def parameters(declaration, layer, sample, **changed):
    """Return the parameters of an algorithm: every role that the sample fills, and outputs in memory."""
    given = inputs(declaration, {path.stem: path for path in sample.iterdir()}, layer)
    tables = ["TABLE_" + table["name"].upper() for table in declaration["tables"]]
    given.update(
        dict.fromkeys(["INDICATEURS", "SURFACES", "LIGNES", "POINTS", "TERRITOIRE", *tables], "TEMPORARY_OUTPUT")
    )
    given.update(changed)
    return given


def inputs(declaration, files, source):
    """Return the inputs of an algorithm, from the files by name; `source` gives what is asked of a role."""
    if declaration["reads"]:
        return {"FICHIER_TERRITOIRE": str(files["lu"])}
    roles = [need["role"] for need in declaration["inputs"] if need["role"] in files]
    named = {role.upper(): source(role) for role in roles}
    return {"UNITES": source("unites"), "CODE": "code_unite", "NOM": "nom_unite", **named}


def run(name, given, listener=None):
    """Run an algorithm of the provider."""
    return processing.run("territoire_sig:" + name, given, feedback=listener or Listener())


def step(name, given, *kept):
    """Return the step of a model that runs an algorithm; the outputs kept bear in the model the name «step:output»."""
    child = QgsProcessingModelChildAlgorithm("territoire_sig:" + name)
    child.setChildId(name)
    for parameter, value in given.items():
        if not isinstance(value, QgsProcessingModelChildParameterSource):
            value = QgsProcessingModelChildParameterSource.fromStaticValue(value)
        child.addParameterSources(parameter, [value])
    outputs = {}
    for output in kept:
        outputs[output] = QgsProcessingModelOutput(output)
        outputs[output].setChildId(name)
        outputs[output].setChildOutputName(output)
    child.setModelOutputs(outputs)
    return child


def rows(layer):
    """Return the rows of a layer: column → value, NULL as None."""
    names = [field.name() for field in layer.fields()]
    return [dict(zip(names, (None if v == NULL else v for v in f.attributes()))) for f in layer.getFeatures()]


def table(layer):
    """Return the values of a layer by unit code: column → value, NULL as None."""
    return {row["code_unite"]: row for row in rows(layer)}


def pages_of(pdf):
    """Return the sizes of the pages of a PDF, in millimetres, one for each page."""
    found = re.findall(rb"/MediaBox \[([^\]]+)\]", pdf.read_bytes())
    return [tuple(round(float(number) * 25.4 / 72) for number in box.split()[2:]) for box in found]


def wait(until, seconds=30):
    """Let QGIS live until something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it never came"
        QCoreApplication.processEvents()
        time.sleep(0.01)
