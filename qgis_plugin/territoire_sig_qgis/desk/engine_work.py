"""What is done to the engine from the desk: named, tested, made. Pages show it, and may be closed before it ends."""

from pathlib import Path

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..catalogue import fetch_catalogue
from ..engine import ask
from ..engine_making import make_engine
from ..engine_place import SETTING, EngineError, find_engine, interpreter_of
from ..words import translate
from .messages import tell
from .task import EngineTask


class EngineWork(QObject):
    """One work at a time, in the background; how it ends is told in the message bar too."""

    busy = pyqtSignal(bool)
    told = pyqtSignal(str)
    progressed = pyqtSignal(float)
    #: The versions of an engine that has answered.
    answered = pyqtSignal(object)
    failed = pyqtSignal(str)
    #: Another engine serves.
    changed = pyqtSignal()
    #: The declarations in force are others.
    declared = pyqtSignal()

    def __init__(self, iface):
        super().__init__()
        self.iface, self.task = iface, None

    def name_engine(self, python):
        """Keep the interpreter that the user names; none where it is empty."""
        if python:
            QgsSettings().setValue(SETTING, python)
        else:
            QgsSettings().remove(SETTING)
        self.changed.emit()

    def test(self):
        """Start the engine found, and take its declarations."""

        def work(feedback):
            return ask("handshake", feedback).result, fetch_catalogue(feedback)[1]

        self._start(translate("TerritoireSig", "testing the engine"), work, self._answered)

    def make(self, plan):
        """Make an engine, have it serve, and take its declarations."""

        def work(feedback):
            versions = make_engine(plan, feedback)
            return versions, fetch_catalogue(feedback, str(interpreter_of(plan.folder)))[1]

        def made(answer, task):
            _have_serve(plan)
            self.changed.emit()
            self._answered(answer, task)
            text = translate("TerritoireSig", "The engine is ready: territoire_sig {library}, in {executable}.")
            tell(self.iface, text.format(**answer[0]), Qgis.MessageLevel.Success)

        self._start(translate("TerritoireSig", "making the engine"), work, made)

    def stop(self):
        """Cancel what is under way."""
        if self.task is not None:
            self.task.cancel()

    def leave(self):
        """Cancel what is under way and hear no more of it, before the plugin goes."""
        task, self.task = self.task, None
        if task is not None:
            task.cancel()

    def _start(self, title, work, done):
        if self.task is not None:
            return
        self.task = EngineTask("Territoire SIG – " + title, work, self._ended(done), self._ended(self._failed))
        self.task.feedback.told.connect(self.told)
        self.task.progressChanged.connect(self.progressed)
        self.busy.emit(True)
        self.task.start()

    def _ended(self, then):
        def called(answer):
            task, self.task = self.task, None
            if task is not None:
                self.busy.emit(False)
                then(answer, task)

        return called

    def _answered(self, answer, task):
        versions, others = answer
        self.answered.emit(versions)
        if others:
            self.declared.emit()

    def _failed(self, text, task):
        self.failed.emit(text)
        tell(self.iface, text, Qgis.MessageLevel.Info if task.isCanceled() else Qgis.MessageLevel.Critical)


def _have_serve(plan):
    """Name the engine just made in the setting, where another would be found before it."""
    try:
        serving = find_engine().python
    except EngineError:
        serving = ""
    made = interpreter_of(plan.folder)
    if Path(serving) != made:
        QgsSettings().setValue(SETTING, str(made))
