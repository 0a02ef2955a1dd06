"""The list of findings as a model: filtered by plain lists, so that thousands answer at once."""

from dataclasses import dataclass

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt
from qgis.PyQt.QtGui import QBrush, QColor

from ..coherence.decisions import decision_label
from ..coherence.guess import plain
from ..words import translate

FINDING = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1
_NUMBERS = ("rank", "severity", "size", "people")


@dataclass(frozen=True)
class Wanted:
    """Which findings are kept: of a pair of policies, of a kind (-1 conflicts, 1 synergies), a decision, a text."""

    pair: object = None
    kind: int = 0
    decision: str = ""
    text: str = ""

    def keeps(self, finding, words):
        """Tell whether a finding is kept; `words` are its texts in plain letters."""
        return (
            (self.pair is None or finding.pair == self.pair)
            and (not self.kind or finding.conflict == (self.kind < 0))
            and (not self.decision or finding.decision == self.decision)
            and (not self.text or self.text in words)
        )


class FindingsModel(QAbstractTableModel):
    """Rows are findings, in the order of the register or of a column."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.findings, self.shown, self._words = [], [], []
        self.wanted, self._order = Wanted(), (0, False)
        self.columns = (
            ("rank", translate("TerritoireSig", "Rank")),
            ("severity", translate("TerritoireSig", "Severity")),
            ("title", translate("TerritoireSig", "Finding")),
            ("unit", translate("TerritoireSig", "Unit")),
            ("object", translate("TerritoireSig", "Object")),
            ("size", translate("TerritoireSig", "Size")),
            ("people", translate("TerritoireSig", "People")),
            ("departments", translate("TerritoireSig", "Departments")),
            ("decision", translate("TerritoireSig", "Decision")),
        )

    def set_findings(self, findings):
        """Take the findings of a diagnosis."""
        self.findings = list(findings)
        names = ("titre", "nom_unite", "objet", "services", "explication", "article", "regle")
        self._words = [plain(" ".join(str(item[name] or "") for name in names)) for item in self.findings]
        self.want(Wanted())

    def want(self, wanted):
        """Keep the findings asked for."""
        self.beginResetModel()
        self.wanted = wanted
        self.shown = [item for item, words in zip(self.findings, self._words) if wanted.keeps(item, words)]
        self._sort()
        self.endResetModel()

    def texts(self, column):
        """Return what a column shows of every finding."""
        name = self.columns[column][0]
        return [str(_shown(finding, name) or "") for finding in self.findings]

    def decided(self, finding):
        """Show the decision of a finding anew."""
        if finding in self.shown:
            row = self.shown.index(finding)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def rowCount(self, parent=QModelIndex()):  # noqa: B008, N802
        """Return the number of findings kept."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent=QModelIndex()):  # noqa: B008, N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):  # noqa: N802
        """Return the titles of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section][1]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        """Return what a cell shows."""
        finding, name = self.shown[index.row()], self.columns[index.column()][0]
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(finding, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return finding["explication"]
        if role == Qt.ItemDataRole.TextAlignmentRole and name in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and name in ("rank", "severity"):
            return QBrush(QColor("#b34a00" if finding.conflict else "#0072b2"))
        if role == FINDING:
            return finding
        return None

    def sort(self, column, order=Qt.SortOrder.AscendingOrder):
        """Sort by a column; by rank, conflicts come first."""
        self.beginResetModel()
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._sort()
        self.endResetModel()

    def _sort(self):
        column, down = self._order
        name = self.columns[column][0]
        self.shown.sort(key=lambda finding: _sorted_by(finding, name), reverse=down)


def size_text(finding):
    """Return the size of a finding with its unit; a dash where it is unknown."""
    if finding["surface_m2"] is not None:
        return number(finding["surface_m2"]) + "\u202fm²"
    if finding["longueur_m"] is not None:
        return number(finding["longueur_m"]) + "\u202fm"
    return "–" if finding["nombre"] is None else number(finding["nombre"])


def number(value):
    """Return a number with its thousands apart; a dash where it is unknown."""
    return "–" if value is None else f"{value:,.0f}".replace(",", "\u202f")


def _shown(finding, name):
    return {
        "rank": lambda: finding.rank,
        "severity": lambda: "{} {}".format("▼" if finding.conflict else "▲", finding["gravite"] or "–"),
        "title": lambda: finding["titre"],
        "unit": lambda: finding["nom_unite"] or finding["code_unite"],
        "object": lambda: finding["objet"],
        "size": lambda: size_text(finding),
        "people": lambda: number(finding["habitants"]),
        "departments": lambda: finding["services"],
        "decision": lambda: decision_label(finding.decision) + (" ✎" if finding.note else ""),
    }[name]()


def _sorted_by(finding, name):
    low = float("-inf")
    if name == "rank":
        return (not finding.conflict, finding.rank)
    if name == "severity":
        return (not finding.conflict, finding["gravite"] or 0)
    if name == "decision":
        return (finding.decision, finding.note)
    if name == "people":
        return low if finding["habitants"] is None else finding["habitants"]
    if name == "size":
        kind = 2 if finding["surface_m2"] is not None else 1 if finding["longueur_m"] is not None else 0
        measured = [finding[key] for key in ("surface_m2", "longueur_m", "nombre") if finding[key] is not None]
        return (kind, measured[0] if measured else low)
    return plain(str(_shown(finding, name) or ""))
