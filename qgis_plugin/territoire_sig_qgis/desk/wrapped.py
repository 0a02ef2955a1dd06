"""Cells of a tree that show their whole text, on as many lines as it takes."""

from qgis.PyQt.QtCore import QRect, Qt
from qgis.PyQt.QtGui import QFontMetrics
from qgis.PyQt.QtWidgets import QStyledItemDelegate

#: Around a text, in pixels, either side together.
_MARGIN = 8


class WrappedDelegate(QStyledItemDelegate):
    """Gives a row the height of its longest cell, which QTreeView alone does not."""

    def sizeHint(self, option, index):  # noqa: N802
        """Return the size of a text folded to the width of its column."""
        hint = super().sizeHint(option, index)
        wide = QRect(0, 0, max(self._width(index), 1), 10_000)
        text = str(index.data() or "")
        folded = QFontMetrics(option.font).boundingRect(wide, int(Qt.TextFlag.TextWordWrap), text)
        hint.setHeight(max(hint.height(), folded.height() + 2))
        return hint

    def _width(self, index):
        view = self.parent()
        width = view.columnWidth(index.column()) - _MARGIN
        if index.column():
            return width
        depth = int(view.rootIsDecorated())
        while index.parent().isValid():
            index, depth = index.parent(), depth + 1
        return width - depth * view.indentation()


def wrap(view):
    """Have a tree fold the texts of its cells, and fold them anew when its columns change."""
    view.setWordWrap(True)
    view.setItemDelegate(WrappedDelegate(view))
    view.header().sectionResized.connect(view.scheduleDelayedItemsLayout)
