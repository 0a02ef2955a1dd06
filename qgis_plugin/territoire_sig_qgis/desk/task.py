"""Work of the engine in the background: a task of QGIS, with progress, cancellation, and no traceback."""

import traceback

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMessageLog,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsTask,
)
from qgis.PyQt.QtCore import pyqtSignal

from ..engine import LOG, EngineCancelled
from ..engine_place import EngineError
from ..words import translate

#: Tasks under way: QGIS keeps no Python reference of its own.
_alive = set()


class TaskFeedback(QgsProcessingFeedback):
    """What the engine says while it works, kept, and told as it comes."""

    told = pyqtSignal(str)

    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def setProgressText(self, text):  # noqa: N802
        """Tell what is being done."""
        self.told.emit(text)

    def pushInfo(self, info):  # noqa: N802
        """Tell a sentence worth reading."""
        self.told.emit(info)

    def pushWarning(self, warning):  # noqa: N802
        """Keep a sentence that must be read, and tell it."""
        self.warnings.append(warning)
        self.told.emit(warning)


class EngineTask(QgsTask):
    """Calls ``work(feedback)`` in the background, then ``done(answer)`` or ``failed(text)`` in the main thread."""

    def __init__(self, title, work, done, failed):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self.feedback = TaskFeedback()
        self.feedback.progressChanged.connect(self.setProgress)
        self._work, self._done, self._failed = work, done, failed
        self._answer, self._error = None, ""

    def start(self):
        """Hand the task to QGIS, which runs it when it can; return it."""
        _alive.add(self)
        QgsApplication.taskManager().addTask(self)
        return self

    def run(self):
        """Do the work; what goes wrong is kept as a sentence."""
        try:
            self._answer = self._work(self.feedback)
        except EngineCancelled as cancelled:
            self._error = str(cancelled)
        except (EngineError, QgsProcessingException) as error:
            self._error = str(error)
        except (OSError, RuntimeError, LookupError, TypeError, ValueError, AttributeError) as error:
            QgsMessageLog.logMessage(traceback.format_exc(), LOG, Qgis.MessageLevel.Warning, False)
            self._error = unforeseen(error)
        return not self._error

    def cancel(self):
        """Have the engine ended."""
        self.feedback.cancel()
        super().cancel()

    def finished(self, result):
        """Hand over the answer, in the main thread."""
        _alive.discard(self)
        if result:
            self._done(self._answer)
        else:
            self._failed(self._error or translate("TerritoireSig", "Cancelled."))


def unforeseen(error):
    """Return what to say of an error that nobody foresaw."""
    return translate(
        "TerritoireSig",
        "Unexpected error of the plugin: {error}\n"
        "Mend: run again; if it happens again, send the log with a report. Your layers were not touched.",
    ).format(error=repr(error))
