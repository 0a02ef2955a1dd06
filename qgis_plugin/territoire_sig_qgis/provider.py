"""The Processing provider ``territoire_sig``."""

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithm import DeclaredAlgorithm
from .base import ICON
from .cartography import AtlasAlgorithm, StyleAlgorithm
from .catalogue import current_catalogue
from .preparation import ReaderAlgorithm
from .reading import ReadingAlgorithm
from .territory import DiagnosticAlgorithm, EngineTestAlgorithm, VerifyAlgorithm


class TerritoireProvider(QgsProcessingProvider):
    """One algorithm for each declared analysis, and those of a whole territory."""

    def id(self):
        """Return the stable identifier, that models and ``qgis_process`` name."""
        return "territoire_sig"

    def name(self):
        """Return the name to show."""
        return "Territoire SIG"

    def longName(self):  # noqa: N802
        """Return the name to show where there is room."""
        return "Territoire SIG"

    def icon(self):
        """Return the icon."""
        return QIcon(ICON)

    def svgIconPath(self):  # noqa: N802
        """Return the path of the icon."""
        return ICON

    def loadAlgorithms(self):  # noqa: N802
        """Add every algorithm; nothing is started for that."""
        catalogue = current_catalogue()
        for declaration in catalogue["analyses"]:
            kind = ReadingAlgorithm if declaration.get("reads") else DeclaredAlgorithm
            self.addAlgorithm(kind(declaration, catalogue["roles"]))
        for declaration in catalogue.get("readers", ()):
            self.addAlgorithm(ReaderAlgorithm(declaration, catalogue["roles"]))
        for algorithm in (
            VerifyAlgorithm(),
            DiagnosticAlgorithm(),
            EngineTestAlgorithm(),
            StyleAlgorithm(),
            AtlasAlgorithm(),
        ):
            self.addAlgorithm(algorithm)
