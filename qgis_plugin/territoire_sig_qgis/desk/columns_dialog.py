"""Which field of a layer is which column of its role, where names do not tell."""

from qgis.gui import QgsFieldComboBox
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ..coherence.guess import field_of
from ..words import told, translate


class ColumnsDialog(QDialog):
    """One list of fields a column; those that a name gives away are already there."""

    def __init__(self, declared, layer, given, parent=None):
        super().__init__(parent)
        self.setWindowTitle(translate("TerritoireSig", "Fields of “{}”").format(layer.name()))
        self._guessed, self.boxes = {}, {}
        form = QFormLayout()
        names = layer.fields().names()
        for column in declared["columns"]:
            name = column["name"]
            box = QgsFieldComboBox()
            box.setAllowEmptyFieldName(True)
            box.setLayer(layer)
            self._guessed[name] = field_of(column, names)
            box.setField(given.get(name) if given.get(name) in names else self._guessed[name])
            label = QLabel("{}{}\n{}".format(name, " *" if column["required"] else "", told(column["text"])))
            label.setWordWrap(True)
            form.addRow(label, box)
            self.boxes[name] = box
        rows = QWidget()
        rows.setLayout(form)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(rows)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(QLabel(translate("TerritoireSig", "* required")))
        layout.addWidget(buttons)
        self.resize(520, min(160 + 48 * len(self.boxes), 600))

    def named(self):
        """Return column → field, where the hand says something else than the names do."""
        found = {name: box.currentField() for name, box in self.boxes.items()}
        return {name: field for name, field in found.items() if field and field != self._guessed[name]}
