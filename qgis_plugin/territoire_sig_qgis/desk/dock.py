"""The dock « Cohérence »: the territory, what can be run, and what was found."""

from pathlib import Path

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QTabWidget

from ..coherence.answers import LAYER, layers_of, open_answers
from ..coherence.decisions import FIELDS, SIDE, recall
from ..coherence.roles import results_folder
from ..coherence.run import execute, prepare
from ..engine_place import EngineError
from ..words import translate
from .load import answer_files, load_answers
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
        self.task, self._elsewhere, self._left = None, False, False
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
        project.writeMapLayer.connect(self.results.map_filter.unwrite)
        self.visibilityChanged.connect(self._seen)
        self.read_project()

    def leave(self):
        """Cut every tie with the project, before the plugin goes; a run under way is ended without a word."""
        project = QgsProject.instance()
        project.readProject.disconnect(self.read_project)
        project.cleared.disconnect(self.read_project)
        project.layersAdded.disconnect(self.layers_changed)
        project.layersRemoved.disconnect(self.layers_changed)
        project.writeMapLayer.disconnect(self.results.map_filter.unwrite)
        self._left = True
        self.stop()
        self.results.clear()

    def read_project(self, *ignored):
        """Show the territory and the diagnosis of the project that was opened, that of its folder before others."""
        self._elsewhere = True
        self.territory.read()
        self.results.clear()
        files, folder = answer_files(), results_folder(self.territory.territory)
        if files:
            file = folder / "diagnostic.gpkg" if folder else None
            file = file if file in files else min(files)
            self._show(file, layers_of(file).get(LAYER))

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
            return execute(order, feedback), feedback.warnings

        self.task = EngineTask(
            translate("TerritoireSig", "Territoire SIG – coherence diagnosis"),
            work,
            self._done,
            self._failed,
        )
        self._elsewhere = False
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
        self.results.map_filter.lift()
        there, changed = load_answers(file)
        if changed:
            text = translate(
                "TerritoireSig", "Classes of the new values; your own styles are kept in the menu Styles of: {}."
            )
            tell(self.iface, text.format(", ".join(changed)))
        edited = [layer.name() for layer in there.values() if layer.isEditable()]
        if edited:
            text = translate(
                "TerritoireSig",
                "Layer(s) being edited, that still show what was before: {}.\n"
                "Mend: save or discard their edits, then open the diagnosis again.",
            )
            tell(self.iface, text.format(", ".join(edited)), Qgis.MessageLevel.Warning)
        answers = self._show(file, there.get(LAYER))
        if answers is not None and FIELDS[0] not in there[LAYER].fields().names():  # as the engine writes it
            self._recall(answers)
        return answers

    def _show(self, file, layer):
        answers = self._read(file, layer)
        if answers is not None:
            self.results.show_answers(answers)
            self.tabs.setCurrentWidget(self.results)
        return answers

    def _read(self, file, layer=None):
        """Return the answers of a file, whole: a layer that the user filters or edits does not show them so."""
        if layer is not None and (layer.subsetString() or layer.isEditable()):
            layer = None
        try:
            return open_answers(file, layer)
        except EngineError as error:
            tell_error(self.iface, str(error))
            return None

    def _seen(self, visible):
        """Filter the map while the panel is open, be it behind another, and no longer once it is closed."""
        if self.isHidden():
            self.results.map_filter.lift()
        elif visible:
            self.results.filter_map()

    def _done(self, given):
        if self._left:
            return
        answer, warnings = given
        self._ended()
        file = Path(answer.result["file"])
        here = not self._elsewhere or file in answer_files()
        answers = self.open_diagnosis(file) if here else self._read(file)
        if answers is None:
            return
        if not here:
            self._recall(answers, shown=False)
        self._tell_done(answer.result["numbers"])
        if not here:
            text = translate(
                "TerritoireSig",
                "Another project was opened meanwhile: the results are in {}.\n"
                "Mend: in the project that they belong to, “Open a diagnosis…”.",
            )
            tell(self.iface, text.format(file.parent), Qgis.MessageLevel.Warning)
        if warnings:
            lines = translate("TerritoireSig", "{} warning(s): see the log.").format(len(warnings))
            tell(self.iface, lines + "\n" + "\n".join(warnings), Qgis.MessageLevel.Warning)

    def _tell_done(self, counts):
        text = translate(
            "TerritoireSig",
            "Diagnosis done: {conflict_count} conflict(s), {synergy_count} synergies, {unanswered_count} rule(s) or "
            "analyses not answered.",
        ).format(**counts)
        tell(self.iface, text, Qgis.MessageLevel.Success)

    def _recall(self, answers, shown=True):
        if not answers.file.with_name(SIDE).is_file():
            return
        try:
            given, lost = recall(answers)
        except EngineError as error:
            tell_error(self.iface, str(error))
            return
        if shown:
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
        if self._left:
            return
        cancelled = self.task.isCanceled()
        self._ended()
        if cancelled:
            tell(self.iface, text)
            return
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
