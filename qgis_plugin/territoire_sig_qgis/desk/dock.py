"""The dock « Cohérence »: the territory, what can be run, and what was found."""

from pathlib import Path

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QTabWidget

from ..coherence.answers import LAYER, open_answers
from ..coherence.decisions import recall
from ..coherence.run import execute, prepare
from ..engine_place import EngineError
from ..words import translate
from .load import answer_layers, load_answers
from .messages import tell, tell_error, tell_missing_engine
from .results_panel import ResultsPanel
from .task import EngineTask
from .territory_panel import TerritoryPanel


class CoherenceDock(QDockWidget):
    """The territory on one side, the answers on the other; the work between them is done in the background."""

    def __init__(self, iface, open_engine):
        super().__init__(translate("TerritoireSig", "Coherence"), iface.mainWindow())
        self.setObjectName("TerritoireCoherenceDock")
        self.iface, self.open_engine = iface, open_engine
        self.task = None
        self.tabs = QTabWidget()
        self.territory = TerritoryPanel(self.run, self.stop, self.open_diagnosis)
        self.results = ResultsPanel(iface)
        self.tabs.addTab(self.territory, translate("TerritoireSig", "Territory"))
        self.tabs.addTab(self.results, translate("TerritoireSig", "Results"))
        self.setWidget(self.tabs)
        self.setMinimumWidth(420)
        project = QgsProject.instance()
        project.readProject.connect(self.read_project)
        project.cleared.connect(self.read_project)
        project.layersAdded.connect(self.layers_changed)
        project.layersRemoved.connect(self.layers_changed)
        self.read_project()

    def leave(self):
        """Cut every tie with the project, before the plugin goes."""
        project = QgsProject.instance()
        project.readProject.disconnect(self.read_project)
        project.cleared.disconnect(self.read_project)
        project.layersAdded.disconnect(self.layers_changed)
        project.layersRemoved.disconnect(self.layers_changed)
        self.stop()

    def read_project(self, *ignored):
        """Show the territory and the diagnosis of the project that was opened."""
        self.territory.read()
        self.results.clear()
        files = answer_layers()
        if files:
            self.show_answers(Path(sorted(files)[0]))

    def layers_changed(self, *ignored):
        """Look again at which layers there are."""
        self.territory.layers_changed()

    def refresh_engine(self):
        """Look again for the engine."""
        self.territory.refresh_engine()

    def run(self):
        """Diagnose the territory in the background."""
        if self.task is not None:
            return
        try:
            order = prepare(self.territory.territory, self.territory.catalogue["roles"])
        except EngineError as error:
            tell_error(self.iface, str(error))
            return

        def work(feedback):
            return order, execute(order, feedback), feedback.warnings

        self.task = EngineTask(
            translate("TerritoireSig", "Territoire SIG – coherence diagnosis"),
            work,
            self._done,
            self._failed,
        )
        self.task.feedback.told.connect(self.territory.say)
        self.task.progressChanged.connect(self.territory.progress)
        self.territory.busy(True)
        self.task.start()

    def stop(self):
        """Cancel the run; the worker is ended."""
        if self.task is not None:
            self.task.cancel()

    def open_diagnosis(self, file):
        """Load the layers of a diagnosis and show its findings."""
        there = load_answers(file)
        return self._shown(file, there.get(LAYER))

    def show_answers(self, file):
        """Show the findings of a diagnosis whose layers are in the project already."""
        there = load_answers(file)
        self._shown(file, there.get(LAYER))

    def _shown(self, file, layer):
        try:
            answers = open_answers(file, layer)
        except EngineError as error:
            tell_error(self.iface, str(error))
            return None
        self.results.show_answers(answers)
        self.tabs.setCurrentWidget(self.results)
        return answers

    def _done(self, given):
        _order, answer, warnings = given
        self._ended()
        answers = self.open_diagnosis(Path(answer.result["file"]))
        if answers is None:
            return
        counts = answer.result["numbers"]
        text = translate(
            "TerritoireSig",
            "Diagnosis done: {conflict_count} conflict(s), {synergy_count} synergies, {unanswered_count} rule(s) or "
            "analyses not answered.",
        ).format(**counts)
        tell(self.iface, text, Qgis.MessageLevel.Success)
        self._recall(answers)
        if warnings:
            lines = translate("TerritoireSig", "{} warning(s): see the log.").format(len(warnings))
            tell(self.iface, lines + "\n" + "\n".join(warnings), Qgis.MessageLevel.Warning)

    def _recall(self, answers):
        if not answers.file.with_name("arbitrages.csv").is_file():
            return
        try:
            given, lost = recall(answers)
        except EngineError as error:
            tell_error(self.iface, str(error))
            return
        self.results.show_answers(answers)
        tell(
            self.iface,
            translate(
                "TerritoireSig",
                "{given} decision(s) taken over from the previous diagnosis; {lost} without a matching finding, kept "
                "in arbitrages.csv.",
            ).format(given=given, lost=lost),
        )

    def _failed(self, text):
        self._ended()
        try:
            from ..engine_place import find_engine

            find_engine()
        except EngineError:
            tell_missing_engine(self.iface, text, self.open_engine)
            return
        tell_error(self.iface, text)

    def _ended(self):
        self.task = None
        self.territory.busy(False)


def add_dock(iface, dock, action):
    """Put the dock on the right, the action of the menu following it."""
    iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    dock.visibilityChanged.connect(lambda visible: _follow(action, dock))


def _follow(action, dock):
    action.blockSignals(True)
    action.setChecked(not dock.isHidden())
    action.blockSignals(False)
