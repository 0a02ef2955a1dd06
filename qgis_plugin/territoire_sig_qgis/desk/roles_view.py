"""The table of roles: which layer of the project fills each, by the guess or by hand."""

from qgis.core import QgsMapLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QBrush, QColor
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
)

from ..coherence.facts import layer_facts
from ..coherence.guess import fits, missing_columns
from ..words import capital, labelled, told, translate
from .columns_dialog import ColumnsDialog
from .wrapped import WrappedDelegate, wrap

ROLE = Qt.ItemDataRole.UserRole
LAYER = Qt.ItemDataRole.UserRole + 1


class RolesView(QTreeWidget):
    """One row a role, gathered by policy; a click on the layer changes it, a click on the sign names its fields."""

    def __init__(self, catalogue, chosen, named):
        super().__init__()
        self.catalogue, self._chosen, self._named, self.layers = catalogue, chosen, named, {}
        self.columns = {}
        self.setColumnCount(3)
        self.setHeaderLabels(
            [translate("TerritoireSig", "Role"), translate("TerritoireSig", "Layer of the project"), ""]
        )
        self.setAlternatingRowColors(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        wrap(self)
        self.setItemDelegateForColumn(1, LayerDelegate(self))
        header = self.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self.items = {}
        self._build()
        self.itemClicked.connect(self._clicked)

    def show_roles(self, territory, layers):
        """Show the layers of the roles."""
        self.layers, self.columns = layers, territory.columns
        counts = {}
        for role, item in self.items.items():
            self._fill(item, role, territory)
            parent = item.parent()
            done, total = counts.get(id(parent), (0, 0))
            counts[id(parent)] = (done + bool(territory.roles.get(role)), total + 1)
            parent.setText(1, "{} / {}".format(*counts[id(parent)]))

    def choose(self, item, layer):
        """Take the layer that the hand chose for the role of a row."""
        self._chosen(item.data(0, ROLE), layer)

    def fields_dialog(self, role):
        """Return the dialog of the fields of the role's layer, None where it has none to name."""
        layer = self.layers.get(self.items[role].data(1, LAYER))
        declared = self.catalogue["roles"][role]
        if layer is None or layer.type() != QgsMapLayer.LayerType.VectorLayer or not declared["columns"]:
            return None
        return ColumnsDialog(declared, layer, self.columns.get(role, {}), self)

    def name_fields(self, role):
        """Have the hand say which field of the layer is which column of the role."""
        dialog = self.fields_dialog(role)
        if dialog is not None and dialog.exec():
            self._named(role, dialog.named())

    def _build(self):
        parents = {}
        for name, role in self.catalogue["roles"].items():
            policy = role["policy"]
            if policy not in parents:
                parents[policy] = QTreeWidgetItem([told(self.catalogue["policies"][policy])])
                font = parents[policy].font(0)
                font.setBold(True)
                parents[policy].setFont(0, font)
            item = QTreeWidgetItem([capital(told(role["text"]))])
            item.setData(0, ROLE, name)
            item.setToolTip(0, labelled(name, told(role["text"])))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            parents[policy].addChild(item)
            self.items[name] = item
        order = [policy for policy in self.catalogue["policies"] if policy in parents]
        self.addTopLevelItems([parents[policy] for policy in order])
        self.expandAll()

    def _fill(self, item, role, territory):
        key = territory.roles.get(role, "")
        layer = self.layers.get(key)
        item.setData(1, LAYER, key)
        if layer is None:
            item.setText(1, "–")
            item.setForeground(1, QBrush(QColor("#888888")))
            self._sign(item, "", "")
            return
        item.setText(1, layer.name())
        item.setForeground(1, self.palette().text())
        missing = []
        if layer.type() == QgsMapLayer.LayerType.VectorLayer:
            given = territory.columns.get(role, {})
            missing = missing_columns(self.catalogue["roles"][role], layer.fields().names(), given)
        if missing:
            text = translate("TerritoireSig", "missing columns: {}").format(", ".join(missing))
            self._sign(item, "⚠", text + translate("TerritoireSig", " (click ⚠ to name its fields)"))
        elif role in territory.chosen:
            self._sign(item, "✎", translate("TerritoireSig", "chosen by hand"))
        else:
            self._sign(item, "✓", translate("TerritoireSig", "guessed from its names and fields"))

    def _sign(self, item, sign, text):
        item.setText(2, sign)
        item.setToolTip(1, text)
        item.setToolTip(2, text)

    def _clicked(self, item, column):
        role = item.data(0, ROLE)
        if column == 1 and role:
            self.editItem(item, 1)
        elif column == 2 and role:
            self.name_fields(role)


class LayerDelegate(WrappedDelegate):
    """A list of the layers that may fill the role, or none."""

    def createEditor(self, parent, option, index):  # noqa: N802
        """Return the list, opened."""
        view = self.parent()
        item = view.itemFromIndex(index)
        role = view.catalogue["roles"].get(item.data(0, ROLE))
        if role is None:
            return None
        box = QComboBox(parent)
        box.addItem(translate("TerritoireSig", "(none)"), "")
        for key, layer in sorted(view.layers.items(), key=lambda pair: pair[1].name().lower()):
            if fits(role["geometry"], layer_facts(layer).geometry):
                box.addItem(layer.name(), key)
        box.activated.connect(lambda rank: self._taken(box))
        return box

    def setEditorData(self, editor, index):  # noqa: N802
        """Show the present layer."""
        editor.setCurrentIndex(max(editor.findData(self.parent().itemFromIndex(index).data(1, LAYER)), 0))

    def setModelData(self, editor, model, index):  # noqa: N802
        """Take the layer chosen."""
        item = self.parent().itemFromIndex(index)
        if (item.data(1, LAYER) or "") != editor.currentData():
            self.parent().choose(item, editor.currentData())

    def _taken(self, box):
        self.commitData.emit(box)
        self.closeEditor.emit(box)
