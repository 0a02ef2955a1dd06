"""The tab of results: the matrix, the list of findings, one of them in words, and its decision."""

from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QItemSelectionModel, Qt
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
from ..words import told, translate
from .finding_view import FindingView
from .findings_model import FINDING, FindingsModel, Wanted
from .map_filter import filter_layers, zoom
from .matrix_view import MatrixView
from .messages import tell, tell_error

#: A column is as wide as its longest text, up to this; the rest is in the tooltip.
_WIDEST = 360


class ResultsPanel(QWidget):
    """Shows the answers of a diagnosis; the map follows what is kept."""

    def __init__(self, iface):
        super().__init__()
        self.iface, self.answers, self._pair = iface, None, None
        catalogue = load_catalogue(PROTOCOL)
        self.policies = catalogue["policies"]
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.matrix = MatrixView(catalogue)
        self.matrix.chosen.connect(self._pair_chosen)
        self.model = FindingsModel(self)
        self.list = _list(self.model)
        self.list.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.list.doubleClicked.connect(self._zoom_to_one)
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
        layout.addWidget(self.summary)
        layout.addWidget(self.matrix)
        layout.addWidget(splitter, 1)
        self.clear()

    def clear(self):
        """Show that there is no diagnosis."""
        self.answers = None
        self.model.set_findings([])
        self.matrix.setVisible(False)
        self.detail.show_finding(None)
        self.export_button.setEnabled(False)
        self.summary.setText(
            translate("TerritoireSig", "No diagnosis open: run it, or open one, in the tab Territory.")
        )

    def show_answers(self, answers):
        """Show the findings and the matrix of a diagnosis."""
        self.answers, self._pair = answers, None
        self.model.set_findings(answers.findings)
        self._fit_columns()
        self.matrix.show_matrix(answers.matrix)
        self.matrix.setVisible(bool(answers.matrix))
        self.export_button.setEnabled(True)
        self.detail.show_finding(None)
        self._reset_widgets()
        self.apply(move=False)

    def apply(self, move=True):
        """Keep what the filters ask for, in the list and on the map."""
        if self.answers is None:
            return
        self.matrix.mark(self._pair)
        self.model.want(
            Wanted(self._pair, self.kind.currentData(), self.decision.currentData(), plain(self.text.text()))
        )
        left = filter_layers(self.answers.file, self.model)
        if left:
            text = translate("TerritoireSig", "Layer(s) being edited, not filtered: {}.\nMend: save their edits.")
            tell(self.iface, text.format(", ".join(left)), Qgis.MessageLevel.Warning)
        if move:
            zoom(self.iface.mapCanvas(), self.answers.file)
        self._summarise()

    def reset(self):
        """Keep everything."""
        self._pair = None
        self._reset_widgets()
        self.apply()

    def export(self, path=""):
        """Write the register with its decisions."""
        if self.answers is None:
            return
        if not path:
            start = str(self.answers.file.with_name("registre_arbitre.csv"))
            path, _ = QFileDialog.getSaveFileName(
                self, translate("TerritoireSig", "Export the register"), start, "CSV (*.csv)"
            )
        if not path:
            return
        try:
            count = export_register(self.answers, Path(path))
        except EngineError as error:
            tell_error(self.iface, str(error))
            return
        text = translate("TerritoireSig", "Register exported: {count} conflict(s), {path}")
        tell(self.iface, text.format(count=count, path=path), Qgis.MessageLevel.Success)

    def _filters(self):
        row = QHBoxLayout()
        self.kind = _box(
            (translate("TerritoireSig", "conflicts and synergies"), 0),
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
        every.clicked.connect(self.reset)
        self.export_button = QPushButton(translate("TerritoireSig", "Register…"))
        self.export_button.setToolTip(translate("TerritoireSig", "Export the register as CSV"))
        self.export_button.clicked.connect(lambda: self.export())
        for box in (self.kind, self.decision):
            box.currentIndexChanged.connect(lambda rank: self.apply())
            row.addWidget(box)
        self.text.textChanged.connect(lambda text: self.apply(move=False))
        row.addWidget(self.text, 1)
        row.addWidget(every)
        row.addWidget(self.export_button)
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
        self.detail.show_finding(self.model.data(current, FINDING) if current.isValid() else None)

    def _zoom_to_one(self, index):
        finding = self.model.data(index, FINDING)
        model = FindingsModel()
        model.findings, model.shown = self.model.findings, [finding]
        filter_layers(self.answers.file, model)
        zoom(self.iface.mapCanvas(), self.answers.file)
        filter_layers(self.answers.file, self.model)

    def _decided(self, finding, decision, note):
        before = finding.decision, finding.note
        finding.decision, finding.note = decision, note
        try:
            save_decisions(self.answers, [finding])
        except EngineError as error:
            finding.decision, finding.note = before
            tell_error(self.iface, str(error))
            return
        self.model.decided(finding)
        self.list.selectionModel().setCurrentIndex(self.list.currentIndex(), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._summarise()

    def _summarise(self):
        shown = self.model.shown
        conflicts = sum(item.conflict for item in shown)
        open_ones = sum(item.conflict and item.decision == DECISIONS[0] for item in shown)
        text = translate(
            "TerritoireSig", "<b>{conflicts}</b> conflict(s), {open} to settle; <b>{synergies}</b> synergies"
        ).format(conflicts=conflicts, open=open_ones, synergies=len(shown) - conflicts)
        if self._pair is not None:
            text += " – " + " × ".join(told(self.policies[name]) for name in self._pair)
        self.summary.setText(text)


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
