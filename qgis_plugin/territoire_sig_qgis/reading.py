"""The algorithm of an analysis that reads the results of others: its layers are those of a territory file."""

from .algorithm import DeclaredAlgorithm
from .help_picture import reading_words
from .territory import territory_file
from .words import translate


class ReadingAlgorithm(DeclaredAlgorithm):
    """All that it reads is measured first, as a diagnosis does."""

    group_key = "diagnostiquer"

    def createInstance(self):  # noqa: N802
        """Return another one of the same declaration."""
        return ReadingAlgorithm(self.declaration, self.roles)

    def shortHelpString(self):  # noqa: N802
        """Return the whole help, as HTML."""
        text = translate("TerritoireSig", "It reads {}: the whole territory is measured first.")
        return f"{super().shortHelpString()}<p>{text.format(reading_words(self.declaration))}</p>"

    def _add_inputs(self):
        # TERRITOIRE is the output of its values.
        self.addParameter(territory_file("FICHIER_TERRITOIRE"))

    def _add_advanced(self):
        """Add nothing: the territory file says the CRS and the names of the columns."""

    def _unfit(self, parameters, context):
        return ""

    def _request(self, parameters, context, feedback, folder):
        return {"territory": self.parameterAsFile(parameters, "FICHIER_TERRITOIRE", context)}
