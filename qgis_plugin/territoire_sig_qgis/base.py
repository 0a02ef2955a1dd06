"""What every algorithm of the plugin shares: its icon, its group, and the engine behind it."""

import shutil
import tempfile
from pathlib import Path

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP
from qgis.PyQt.QtGui import QIcon

from .engine import EngineCancelled, EngineError, find_engine
from .files import refuse_open_edits, unwritable
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

    def checkParameterValues(self, parameters, context):  # noqa: N802
        """Refuse to replace a file that is being edited in QGIS."""
        fine, why = super().checkParameterValues(parameters, context)
        if fine:
            try:
                refuse_open_edits(self.replaced(parameters, context), context.project())
            except EngineError as error:
                return False, str(error)
        return fine, why

    def replaced(self, parameters, context):
        """Return the files that the algorithm replaces where they exist: its outputs."""
        names = [item.name() for item in self.destinationParameterDefinitions() if parameters.get(item.name())]
        return [self.parameterAsFileOutput(parameters, name, context) for name in names]

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        """Do the work in a folder of its own; refusals of the engine or of a disk become errors of Processing."""
        folder = None
        try:
            folder = Path(tempfile.mkdtemp(prefix="territoire_sig_"))
            return self.work(parameters, context, feedback, folder)
        except EngineCancelled as cancelled:
            feedback.pushInfo(str(cancelled))
            return {}
        except EngineError as error:
            raise QgsProcessingException(str(error)) from error
        except OSError as error:
            place = error.filename or folder or tempfile.tempdir
            raise QgsProcessingException(unwritable(place, error.strerror or error)) from error
        finally:
            if folder is not None:
                shutil.rmtree(str(folder), ignore_errors=True)
