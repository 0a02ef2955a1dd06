"""The matrix of policies: net scores of the findings, a click keeps one pair."""

from qgis.PyQt.QtCore import QRect, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QFontMetrics
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ..coherence.answers import pair
from ..words import told, translate

PAIR = Qt.ItemDataRole.UserRole
#: Diverging scale that colour-blind people read: vermilion for conflicts, blue for synergies.
_CONFLICT, _SYNERGY, _UNKNOWN = QColor("#d55e00"), QColor("#0072b2"), QColor("#e4e4e4")
#: Width of a cell, where there is room, and where there is not; height of a row.
_CELL, _NARROW, _ROW = 40, 24, 20


class MatrixView(QTableWidget):
    """Lower triangle of policies by policies."""

    chosen = pyqtSignal(object)

    def __init__(self, catalogue):
        super().__init__()
        self.policies = catalogue["policies"]
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalHeader(TurnedHeader(self))
        self.setCornerButtonEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.horizontalHeader().setMinimumSectionSize(_NARROW)
        self.verticalHeader().setMinimumSectionSize(_ROW)
        self.verticalHeader().setHighlightSections(False)
        self.cellClicked.connect(self._clicked)

    def show_matrix(self, matrix):
        """Show the pairs of policies that the rules cross."""
        there = [name for name in self.policies if any(name in key for key in matrix)]
        rows, columns = there[1:], there[:-1]
        self.clear()
        self.setRowCount(len(rows))
        self.setColumnCount(len(columns))
        self.setVerticalHeaderLabels([told(self.policies[name]) for name in rows])
        self.setHorizontalHeaderLabels([told(self.policies[name]) for name in columns])
        for rank, row in enumerate(rows):
            for place, column in enumerate(columns):
                self.setItem(rank, place, self._item(row, column, matrix) if place <= rank else _blank())
        for rank in range(len(rows)):
            self.setRowHeight(rank, _ROW)
        self._fit()

    def resizeEvent(self, event):  # noqa: N802
        """Fit the cells in the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self):
        """Narrow the cells so that every column shows; leave the height of the bar where even so they do not."""
        count = max(self.columnCount(), 1)
        edges = 2 * self.frameWidth()
        room = self.width() - self.verticalHeader().sizeHint().width() - edges
        cell = min(_CELL, max(_NARROW, room // count))
        for place in range(self.columnCount()):
            self.setColumnWidth(place, cell)
        bar = self.horizontalScrollBar().sizeHint().height() if cell * count > room else 0
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + _ROW * self.rowCount() + edges + bar)

    def mark(self, chosen):
        """Show which pair is kept, none where all are."""
        for rank in range(self.rowCount()):
            for place in range(self.columnCount()):
                item = self.item(rank, place)
                if item is not None:
                    font = item.font()
                    kept = chosen is not None and item.data(PAIR) == chosen
                    font.setBold(kept)
                    font.setUnderline(kept)
                    item.setFont(font)

    def _item(self, row, column, matrix):
        key = pair(row, column)
        cell = matrix.get(key)
        if cell is None:
            return _blank()
        item = QTableWidgetItem("?" if cell.net is None else f"{cell.net:+d}".replace("-", "−").replace("+0", "0"))
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        item.setData(PAIR, key)
        background = _shade(cell.net)
        item.setBackground(QBrush(background))
        item.setForeground(QBrush(QColor("white" if background.lightness() < 140 else "black")))
        item.setToolTip(self._told(row, column, cell))
        return item

    def _told(self, row, column, cell):
        title = f"{told(self.policies[column])} × {told(self.policies[row])}"
        people = translate("TerritoireSig", "unknown") if cell.people is None else f"{cell.people:.0f}"
        return title + translate(
            "TerritoireSig",
            "\n{conflicts} conflict(s), {synergies} synergies\nPeople concerned: {people}\n"
            "Rules judged: {answered}; not answered: {unanswered}",
        ).format(
            conflicts=cell.conflicts,
            synergies=cell.synergies,
            people=people,
            answered=cell.answered,
            unanswered=cell.unanswered,
        )

    def _clicked(self, row, column):
        item = self.item(row, column)
        self.chosen.emit(item.data(PAIR) if item is not None else None)


class TurnedHeader(QHeaderView):
    """A header whose words are written upwards, so that columns stay narrow."""

    def __init__(self, parent):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self):  # noqa: N802
        """Return the height of the longest word."""
        model, metrics = self.model(), QFontMetrics(self.font())
        count = model.columnCount() if model is not None else 0
        words = [str(model.headerData(rank, Qt.Orientation.Horizontal) or "") for rank in range(count)]
        return QSize(super().sizeHint().width(), max([metrics.horizontalAdvance(word) for word in words] or [0]) + 14)

    def paintSection(self, painter, rect, index):  # noqa: N802
        """Write the word upwards."""
        if not rect.isValid():
            return
        painter.save()
        painter.translate(rect.x(), rect.y() + rect.height())
        painter.rotate(-90)
        text = str(self.model().headerData(index, Qt.Orientation.Horizontal) or "")
        place = QRect(6, 0, rect.height() - 8, rect.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


def _blank():
    item = QTableWidgetItem("")
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _shade(net):
    """Return the colour of a net score: the further from zero, the deeper."""
    if net is None:
        return _UNKNOWN
    if net == 0:
        return QColor("white")
    full = _CONFLICT if net < 0 else _SYNERGY
    depth = min(abs(net), 12) / 12 * 0.75 + 0.25
    parts = (round(255 - (255 - part) * depth) for part in (full.red(), full.green(), full.blue()))
    return QColor(*parts)
