"""What could be run, and what is missing for the rest."""

from qgis.PyQt.QtGui import QBrush, QColor
from qgis.PyQt.QtWidgets import QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ..words import labelled, told, translate
from .wrapped import wrap


class ReadinessView(QWidget):
    """A sentence, then the rules and analyses, those that wait for a layer first."""

    def __init__(self, catalogue):
        super().__init__()
        self.catalogue = catalogue
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        wrap(self.tree)
        self.tree.setAlternatingRowColors(True)
        self.tree.setHeaderLabels(
            [translate("TerritoireSig", "Rule or analysis"), translate("TerritoireSig", "Missing")]
        )
        header = self.tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        layout.addWidget(self.summary)
        layout.addWidget(self.tree, 1)

    def show_items(self, items):
        """Show what is ready and what is missing."""
        rules = [item for item in items if item.kind == "rule"]
        analyses = [item for item in items if item.kind == "analysis"]
        self.summary.setText(
            translate(
                "TerritoireSig", "Ready: {rules} of {all_rules} rules, {analyses} of {all_analyses} analyses."
            ).format(
                rules=sum(item.ready for item in rules),
                all_rules=len(rules),
                analyses=sum(item.ready for item in analyses),
                all_analyses=len(analyses),
            )
        )
        self.tree.clear()
        rows = []
        for item in sorted(items, key=lambda item: (item.ready, item.kind != "rule")):
            row = QTreeWidgetItem(
                [item.title, translate("TerritoireSig", "ready") if item.ready else " ; ".join(item.missing)]
            )
            row.setToolTip(0, f"{item.title} ({item.id})")
            row.setToolTip(1, "\n".join(map(self._told, item.missing)))
            row.setForeground(1, QBrush(QColor("#00796b" if item.ready else "#b3541e")))
            rows.append(row)
        self.tree.addTopLevelItems(rows)

    def _told(self, names):
        roles = self.catalogue["roles"]
        return " | ".join(labelled(name, told(roles[name]["text"])) for name in names.split(" | ") if name in roles)
