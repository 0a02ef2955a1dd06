"""The algorithm of an analysis that reads the results of others: its layers are those of a territory file."""

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .algorithm import DeclaredAlgorithm
from .territory import territory_file
from .words import translate

#: What an analysis may read of others, in the words of the declarations.
READINGS = {
    "indicators": QT_TRANSLATE_NOOP("TerritoireSig", "the indicators by unit of all the other analyses"),
    "matrix": QT_TRANSLATE_NOOP("TerritoireSig", "the matrix of the policies, made of the findings of all the rules"),
}


class ReadingAlgorithm(DeclaredAlgorithm):
    """All that it reads is measured first, as a diagnosis does."""

    group_key = "diagnostiquer"

    def createInstance(self):  # noqa: N802
        """Return another one of the same declaration."""
        return ReadingAlgorithm(self.declaration, self.roles)

    def shortHelpString(self):  # noqa: N802
        """Return the whole help, as HTML."""
        read = ", ".join(translate("TerritoireSig", READINGS[name]) for name in self.declaration["reads"])
        text = translate("TerritoireSig", "It reads {}: the whole territory is measured first.").format(read)
        return f"{super().shortHelpString()}<p>{text}</p>"

    def _add_inputs(self):
        # TERRITOIRE is the output of its values.
        self.addParameter(territory_file("FICHIER_TERRITOIRE"))

    def _add_advanced(self):
        """Add nothing: the territory file says the CRS and the names of the columns."""

    def _unfit(self, parameters, context):
        return ""

    def _request(self, parameters, context, feedback, folder):
        return {"territory": self.parameterAsFile(parameters, "FICHIER_TERRITOIRE", context)}
