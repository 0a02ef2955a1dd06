"""What every algorithm of the plugin shares: its icon, its group, and the engine behind it."""

import shutil
import tempfile
from pathlib import Path

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP
from qgis.PyQt.QtGui import QIcon

from .engine import EngineCancelled, EngineError, find_engine
from .words import translate

ICON = str(Path(__file__).parent / "icon.svg")
GROUPS = {
    "preparer": QT_TRANSLATE_NOOP("TerritoireSig", "1 Prepare"),
    "croiser": QT_TRANSLATE_NOOP("TerritoireSig", "2 Cross policies"),
    "diagnostiquer": QT_TRANSLATE_NOOP("TerritoireSig", "3 Diagnose"),
}


class EngineAlgorithm(QgsProcessingAlgorithm):
    """An algorithm whose work the engine does."""

    group_key = "preparer"

    def group(self):
        """Return the name of the group, numbered in the order of the work."""
        return translate("TerritoireSig", GROUPS[self.group_key])

    def groupId(self):  # noqa: N802
        """Return the identifier of the group."""
        return self.group_key

    def icon(self):
        """Return the icon."""
        return QIcon(ICON)

    def svgIconPath(self):  # noqa: N802
        """Return the path of the icon."""
        return ICON

    def helpUrl(self):  # noqa: N802
        """Return the address of the documentation."""
        return "https://example.org/territoire_sig/guides/qgis"

    def canExecute(self):  # noqa: N802
        """Return whether there is an engine, and what to do where there is none; nothing is started."""
        try:
            find_engine()
        except EngineError as error:
            return False, str(error)
        return True, ""

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        """Do the work in a folder of its own; refusals of the engine become errors of Processing."""
        folder = Path(tempfile.mkdtemp(prefix="territoire_sig_"))
        try:
            return self.work(parameters, context, feedback, folder)
        except EngineCancelled as cancelled:
            feedback.pushInfo(str(cancelled))
            return {}
        except EngineError as error:
            raise QgsProcessingException(str(error)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
