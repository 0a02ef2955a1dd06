"""The tab of results: the matrix, the list of findings, one of them in words, and its decision."""

from html import escape
from pathlib import Path

from qgis.core import Qgis, QgsFileUtils
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..catalogue import load_catalogue
from ..coherence.decisions import DECISIONS, decision_label, save_decisions
from ..coherence.guess import plain
from ..coherence.register import export_register
from ..engine import PROTOCOL
from ..engine_place import EngineError
from ..maps import MapCancelled, MapError
from ..words import told, translate
from .atlas import export_findings
from .finding_view import FindingView
from .findings_model import FINDING, FindingsModel, Wanted
from .map_filter import MapFilter, expression, zoom
from .matrix_view import MatrixView
from .messages import ask_unsaved, tell, tell_error

#: A column is as wide as its longest text, up to this; the rest is in the tooltip.
_WIDEST = 360


class ResultsPanel(QWidget):
    """Shows the answers of a diagnosis; the map follows what is kept."""

    def __init__(self, iface):
        super().__init__()
        self.iface, self.answers, self._pair = iface, None, None
        catalogue = load_catalogue(PROTOCOL)
        self.policies = catalogue["policies"]
        self.matrix = MatrixView(catalogue)
        self.matrix.chosen.connect(self._pair_chosen)
        self.map_filter = MapFilter()
        self.model = FindingsModel(self)
        self.list = _list(self.model)
        self.list.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.list.doubleClicked.connect(self._zoom_to_one)
        self.model.modelReset.connect(self._list_changed)
        self.detail = FindingView()
        self.detail.decided.connect(self._decided)
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(self._filters())
        rows.addWidget(self.list, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(below)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(self._head())
        layout.addWidget(self.matrix)
        layout.addWidget(splitter, 1)
        self.clear()

    def clear(self):
        """Show that there is no diagnosis."""
        self._leave_finding()
        self.map_filter.lift()
        self.answers = None
        self.model.set_findings([])
        self.matrix.setVisible(False)
        self._allow_exports(False)
        self.summary.setToolTip("")
        self.summary.setText(
            translate("TerritoireSig", "No diagnosis open: run it, or open one, in the tab Territory.")
        )

    def show_answers(self, answers):
        """Show the findings and the matrix of a diagnosis; what is typed and not saved goes to the same finding."""
        if self.answers is not None and self.answers.file != answers.file:
            self._leave_finding()
        typed = (self.detail.finding, *self.detail.typed()) if self.detail.changed() else None
        self.detail.show_finding(None)
        self.map_filter.lift()
        self.answers, self._pair = answers, None
        self.model.set_findings(answers.findings)
        self._fit_columns()
        self.matrix.show_matrix(answers.matrix)
        self.matrix.setVisible(bool(answers.matrix))
        self._allow_exports(True)
        self._reset_widgets()
        self.apply(move=False)
        if typed is not None:
            self._type_again(*typed)

    def apply(self, move=True):
        """Keep what the filters ask for, in the list and on the map."""
        if self.answers is None:
            return
        self.matrix.mark(self._pair)
        self.model.want(
            Wanted(self._pair, self.kind.currentData(), self.decision.currentData(), plain(self.text.text()))
        )
        self.filter_map()
        if move:
            zoom(self.iface.mapCanvas(), self.answers.file)
        self._summarise()

    def filter_map(self):
        """Have the map show the findings of the list."""
        left = self.map_filter.apply(self.answers.file, expression(self.model)) if self.answers else []
        if left:
            text = translate("TerritoireSig", "Layer(s) being edited, not filtered: {}.\nMend: save their edits.")
            tell(self.iface, text.format(", ".join(left)), Qgis.MessageLevel.Warning)

    def reset(self):
        """Keep everything."""
        self._pair = None
        self._reset_widgets()
        self.apply()

    def export(self, path=""):
        """Write the register with its decisions."""
        title = translate("TerritoireSig", "Export the register")
        path = path or self._asked_path(title, "registre_arbitre", "csv")
        if not path:
            return
        try:
            count = export_register(self.answers, Path(path))
        except EngineError as error:
            tell_error(self.iface, str(error))
            return
        text = translate("TerritoireSig", "Register exported: {count} conflict(s), {path}")
        tell(self.iface, text.format(count=count, path=path), Qgis.MessageLevel.Success)

    def export_atlas(self, path=""):
        """Write the atlas of the findings of the list."""
        path = path or self._asked_path(translate("TerritoireSig", "Export the atlas"), "atlas", "pdf")
        if not path:
            return
        try:
            count = export_findings(self.iface.mainWindow(), self.answers, self.model, path)
        except MapCancelled as cancelled:
            tell(self.iface, str(cancelled))
            return
        except MapError as error:
            tell_error(self.iface, str(error))
            return
        text = translate("TerritoireSig", "Atlas exported: {count} page(s), {path}")
        tell(self.iface, text.format(count=count, path=path), Qgis.MessageLevel.Success)

    def _asked_path(self, title, name, kind):
        start = str(self.answers.file.with_name(f"{name}.{kind}"))
        path, _ = QFileDialog.getSaveFileName(self, title, start, f"{kind.upper()} (*.{kind})")
        return QgsFileUtils.ensureFileNameHasExtension(path, [kind]) if path else ""

    def _head(self):
        row = QHBoxLayout()
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.export_button = QPushButton(translate("TerritoireSig", "Register…"))
        self.export_button.setToolTip(translate("TerritoireSig", "Export the register as CSV"))
        self.export_button.clicked.connect(lambda: self.export())
        self.atlas_button = QPushButton(translate("TerritoireSig", "Atlas…"))
        self.atlas_button.setToolTip(
            translate("TerritoireSig", "Export the findings of the list as a PDF, one page a unit")
        )
        self.atlas_button.clicked.connect(lambda: self.export_atlas())
        row.addWidget(self.summary, 1)
        row.addWidget(self.export_button)
        row.addWidget(self.atlas_button)
        return row

    def _allow_exports(self, yes):
        self.export_button.setEnabled(yes)
        self.atlas_button.setEnabled(yes)

    def _filters(self):
        row = QHBoxLayout()
        self.kind = _box(
            (translate("TerritoireSig", "all findings"), 0),
            (translate("TerritoireSig", "conflicts"), -1),
            (translate("TerritoireSig", "synergies"), 1),
        )
        self.decision = _box(
            (translate("TerritoireSig", "any decision"), ""), *((decision_label(value), value) for value in DECISIONS)
        )
        self.text = QLineEdit()
        self.text.setPlaceholderText(translate("TerritoireSig", "search…"))
        self.text.setClearButtonEnabled(True)
        every = QPushButton(translate("TerritoireSig", "All"))
        every.setToolTip(translate("TerritoireSig", "Show all findings"))
        every.setMaximumWidth(every.fontMetrics().horizontalAdvance(every.text()) + 24)
        every.clicked.connect(self.reset)
        for box in (self.kind, self.decision):
            box.currentIndexChanged.connect(lambda rank: self.apply())
            row.addWidget(box)
        self.text.textChanged.connect(lambda text: self.apply(move=False))
        row.addWidget(self.text, 1)
        row.addWidget(every)
        return row

    def _reset_widgets(self):
        for widget in (self.kind, self.decision, self.text):
            widget.blockSignals(True)
        self.kind.setCurrentIndex(0)
        self.decision.setCurrentIndex(0)
        self.text.clear()
        for widget in (self.kind, self.decision, self.text):
            widget.blockSignals(False)

    def _fit_columns(self):
        """Give each column the width of its longest text; each text is measured once, however many findings bear it."""
        metrics, heads = self.list.fontMetrics(), self.list.horizontalHeader()
        for rank in range(len(self.model.columns)):
            words = set(self.model.texts(rank))
            widest = max([metrics.horizontalAdvance(word) for word in words] or [0]) + 14
            self.list.setColumnWidth(rank, max(heads.sectionSizeHint(rank) + 6, min(widest, _WIDEST)))

    def _pair_chosen(self, pair):
        if pair is not None:
            self._pair = pair
            self.apply()

    def _row_chosen(self, current, previous):
        finding = self.model.data(current, FINDING) if current.isValid() else None
        if finding is None or finding is self.detail.finding:
            return
        if self._leaves_finding():
            self.detail.show_finding(finding)
        else:
            QTimer.singleShot(0, self._list_changed)  # the view selects the row clicked once this returns

    def _list_changed(self):
        """Select the finding of the pane again; show none where the list has it no more."""
        row = next((rank for rank, item in enumerate(self.model.shown) if item is self.detail.finding), None)
        if row is not None:
            self.list.selectRow(row)
        elif self._leaves_finding():
            self.detail.show_finding(None)

    def _leaves_finding(self, may_stay=True):
        """Tell whether another finding may be shown: what is typed is saved, or dropped, as the user answers."""
        if not self.detail.changed():
            return True
        finding, typed = self.detail.finding, self.detail.typed()
        save = ask_unsaved(self, finding["titre"], may_stay)
        return self._decided(finding, *typed) if save else save is False

    def _leave_finding(self):
        """Show no finding, whatever is typed on it; what could not be saved is told."""
        if not self._leaves_finding(may_stay=False):
            self._tell_typed(self.detail.finding, *self.detail.typed())
        self.detail.show_finding(None)

    def _type_again(self, old, decision, note):
        """Put what was typed on a finding on the same one of a new diagnosis; tell it where there is none."""
        same = [item for item in self.model.shown if item.key == old.key]
        if len(same) == 1:
            self.list.selectRow(self.model.shown.index(same[0]))
            self.detail.type(decision, note)
        else:
            self._tell_typed(old, decision, note)

    def _tell_typed(self, finding, decision, note):
        text = translate("TerritoireSig", "Not saved, on “{title}”: {decision}, “{note}”.").format(
            title=finding["titre"], decision=decision_label(decision), note=note
        )
        tell(self.iface, text, Qgis.MessageLevel.Warning)

    def _zoom_to_one(self, index):
        number = self.model.data(index, FINDING)["numero"]
        zoom(self.iface.mapCanvas(), self.answers.file, f"numero = {number}")

    def _decided(self, finding, decision, note):
        """Save a decision; return whether it was."""
        before = finding.decision, finding.note
        finding.decision, finding.note = decision, note
        try:
            save_decisions(self.answers, [finding])
        except EngineError as error:
            finding.decision, finding.note = before
            tell_error(self.iface, str(error))
            return False
        self.detail.show_finding(finding)
        self.model.decided(finding)
        self._summarise()
        return True

    def _summarise(self):
        shown = self.model.shown
        conflicts = sum(item.conflict for item in shown)
        open_ones = sum(item.conflict and item.decision == DECISIONS[0] for item in shown)
        text = translate(
            "TerritoireSig", "<b>{conflicts}</b> conflict(s), {open} to settle; <b>{synergies}</b> synergies"
        ).format(conflicts=conflicts, open=open_ones, synergies=len(shown) - conflicts)
        if self._pair is not None:
            text += " – " + " × ".join(told(self.policies[name]) for name in self._pair)
        folder = self.answers.file.parent
        place = escape(str(Path(*folder.parts[-2:])))  # the two last names tell one diagnosis from another
        self.summary.setText(f"{text} <span style='color:#777'>– {place}</span>")
        self.summary.setToolTip(str(folder))


def _box(*items):
    box = QComboBox()
    for text, value in items:
        box.addItem(text, value)
    return box


def _list(model):
    view = QTableView()
    view.setModel(model)
    view.setSortingEnabled(True)
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setAlternatingRowColors(True)
    view.setWordWrap(False)
    view.verticalHeader().setVisible(False)
    view.verticalHeader().setDefaultSectionSize(22)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    return view
