"""The algorithms of a whole territory, described by a territory file, and the test of the engine."""

from pathlib import Path

from qgis.core import (
    QgsFeature,
    QgsProcessing,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP, QTimer

from .base import EngineAlgorithm
from .catalogue import fetch_catalogue
from .coherence.facts import ANSWER
from .engine import ask
from .help_picture import signature_picture
from .results import hand_over
from .snapshot import text_fields
from .words import labelled, told, translate

COUNTS = {
    "conflict_count": ("NB_CONFLITS", QT_TRANSLATE_NOOP("TerritoireSig", "Number of conflicts")),
    "synergy_count": ("NB_SYNERGIES", QT_TRANSLATE_NOOP("TerritoireSig", "Number of synergies")),
    "unanswered_count": ("NB_SANS_REPONSE", QT_TRANSLATE_NOOP("TerritoireSig", "Rules and analyses not answered")),
}
#: What an engine says of itself → output, and its name.
VERSIONS = {
    "library": ("BIBLIOTHEQUE", QT_TRANSLATE_NOOP("TerritoireSig", "Library territoire_sig")),
    "python": ("PYTHON", "Python"),
    "gdal": ("GDAL", "GDAL"),
    "proj": ("PROJ", "PROJ"),
    "geos": ("GEOS", "GEOS"),
    "executable": ("CHEMIN", QT_TRANSLATE_NOOP("TerritoireSig", "Path of the Python of the engine")),
}
FAULT_FIELDS = ("fichier", "couche", "colonne", "valeur", "probleme", "remede")


def territory_file(name="TERRITOIRE"):
    """Return the parameter of a territory file."""
    text = translate("TerritoireSig", "Territory file (territoire.toml)")
    return QgsProcessingParameterFile(name, text, extension="toml")


class VerifyAlgorithm(EngineAlgorithm):
    """The territory's file and every layer checked, nothing computed."""

    group_key = "preparer"

    def createInstance(self):  # noqa: N802
        """Return another one."""
        return VerifyAlgorithm()

    def name(self):
        """Return the identifier."""
        return "verifier"

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Check a territory")

    def shortHelpString(self):  # noqa: N802
        """Return the help."""
        text = translate(
            "TerritoireSig",
            "<p>Reads a territory file and all its layers, computes nothing, and gives every fault at once: file, "
            "layer, column, value, problem and mend. An empty table means that all is well.</p>",
        )
        return text + signature_picture(self)

    def tags(self):
        """Return words of both languages."""
        return ["territoire", "contrôle", "fautes", "check", "faults", "validation"]

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the parameters and the outputs."""
        self.addParameter(territory_file())
        title = translate("TerritoireSig", "Faults")
        self.addParameter(QgsProcessingParameterFeatureSink("FAUTES", title, QgsProcessing.SourceType.TypeVector))
        self.addOutput(QgsProcessingOutputNumber("NB_FAUTES", translate("TerritoireSig", "Number of faults")))
        self.addOutput(QgsProcessingOutputNumber("NB_COUCHES", translate("TerritoireSig", "Number of layers")))

    def work(self, parameters, context, feedback, folder):
        """Ask the engine, and fill the table of faults."""
        path = self.parameterAsFile(parameters, "TERRITOIRE", context)
        result = ask("verifier", feedback, territory=path).result
        fields = text_fields(FAULT_FIELDS)
        sink, destination = self.parameterAsSink(parameters, "FAUTES", context, fields)
        for fault in result["faults"]:
            feedback.pushWarning(fault["message"])
            feature = QgsFeature(fields)
            where = [fault[key] for key in ("file", "layer", "column", "value")]
            feature.setAttributes([*where, told(fault["problem"]), told(fault["mend"])])
            sink.addFeature(feature)
        sink.flushBuffer()
        for layer in result["layers"]:
            feedback.pushInfo(labelled(layer["role"], "{file} [{layer}] {rows} ({crs})".format(**layer)))
            for remark in layer["remarks"]:
                feedback.pushWarning(labelled(layer["role"], remark))
        return {"FAUTES": destination, "NB_FAUTES": len(result["faults"]), "NB_COUCHES": len(result["layers"])}


class DiagnosticAlgorithm(EngineAlgorithm):
    """A territory read, measured, judged: tables, layers and report."""

    group_key = "diagnostiquer"

    def createInstance(self):  # noqa: N802
        """Return another one."""
        return DiagnosticAlgorithm()

    def name(self):
        """Return the identifier."""
        return "diagnostic"

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Coherence diagnosis of a territory")

    def shortHelpString(self):  # noqa: N802
        """Return the help."""
        text = translate(
            "TerritoireSig",
            "<p><b>Is this digital plan coherent with our other policies?</b></p><p>Runs all the analyses and rules "
            "of a territory, and writes to a folder: the findings, the indicators, the matrix of policies, the "
            "register of conflicts, the report, and the styled layers.</p>",
        )
        return text + signature_picture(self)

    def tags(self):
        """Return words of both languages."""
        return ["cohérence", "conflits", "synergies", "matrice", "coherence", "conflicts", "diagnosis"]

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the parameters and the outputs."""
        self.addParameter(territory_file())
        only = translate("TerritoireSig", "Only these rules or analyses (a, b…)")
        self.addParameter(QgsProcessingParameterString("SEULEMENT", only, optional=True))
        load = translate("TerritoireSig", "Add the layers to the project")
        self.addParameter(QgsProcessingParameterBoolean("CHARGER", load, defaultValue=True))
        folder = translate("TerritoireSig", "Folder of the results")
        self.addParameter(QgsProcessingParameterFolderDestination("DOSSIER", folder))
        self.addOutput(QgsProcessingOutputFile("GEOPACKAGE", translate("TerritoireSig", "GeoPackage")))
        self.addOutput(QgsProcessingOutputFile("RAPPORT", translate("TerritoireSig", "Report")))
        for name, text in COUNTS.values():
            self.addOutput(QgsProcessingOutputNumber(name, translate("TerritoireSig", text)))

    def replaced(self, parameters, context):
        """Return the file of the results that QGIS may hold."""
        return [Path(self.parameterAsString(parameters, "DOSSIER", context)) / "diagnostic.gpkg"]

    def work(self, parameters, context, feedback, folder):
        """Ask the engine, and have its layers added to the project."""
        target = self.parameterAsString(parameters, "DOSSIER", context)
        only = self.parameterAsString(parameters, "SEULEMENT", context).replace(",", " ").split()
        path = self.parameterAsFile(parameters, "TERRITOIRE", context)
        answer = ask("diagnostic", feedback, territory=path, out=target, only=only)
        for item in answer.result["unanswered"]:
            feedback.pushWarning(
                translate("TerritoireSig", "not answered: {} ({} missing)").format(item["title"], item["missing"])
            )
        if self.parameterAsBool(parameters, "CHARGER", context):
            for event in reversed(answer.layers):
                hand_over(event, context).setCustomProperty(ANSWER, True)
        numbers = {COUNTS[key][0]: value for key, value in answer.result["numbers"].items()}
        return {"DOSSIER": target, "GEOPACKAGE": answer.result["file"], "RAPPORT": answer.result["report"], **numbers}


class EngineTestAlgorithm(EngineAlgorithm):
    """The engine started once: its versions, and the declarations that it has."""

    group_key = "preparer"

    def __init__(self):
        super().__init__()
        self.changed = False

    def createInstance(self):  # noqa: N802
        """Return another one."""
        return EngineTestAlgorithm()

    def name(self):
        """Return the identifier."""
        return "moteur"

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Test the engine")

    def shortHelpString(self):  # noqa: N802
        """Return the help."""
        text = translate(
            "TerritoireSig",
            "<p>Starts the engine, gives its versions (library, Python, GDAL, PROJ, GEOS), and brings the list of "
            "analyses up to date with it.</p>",
        )
        return text + signature_picture(self)

    def tags(self):
        """Return words of both languages."""
        return ["moteur", "versions", "engine", "python"]

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the outputs."""
        for name, text in VERSIONS.values():
            self.addOutput(QgsProcessingOutputString(name, translate("TerritoireSig", text)))
        self.addOutput(QgsProcessingOutputNumber("NB_ANALYSES", translate("TerritoireSig", "Number of analyses")))

    def work(self, parameters, context, feedback, folder):
        """Ask the engine for its versions and its declarations."""
        versions = ask("handshake", feedback).result
        declared, self.changed = fetch_catalogue(feedback)
        for key, (_, text) in VERSIONS.items():
            feedback.pushInfo(labelled(translate("TerritoireSig", text), versions[key]))
        given = {name: versions[key] for key, (name, _) in VERSIONS.items()}
        return {**given, "NB_ANALYSES": len(declared["analyses"])}

    def postProcessAlgorithm(self, context, feedback):  # noqa: N802
        """Have the provider offer what the engine offers, once this algorithm has ended."""
        if self.changed and self.provider() is not None:
            QTimer.singleShot(0, self.provider().refreshAlgorithms)
        return {}
