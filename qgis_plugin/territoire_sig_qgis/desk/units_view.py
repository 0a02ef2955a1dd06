"""The row of the units: their layer, the field of their code and of their name, their level."""

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QGroupBox, QHBoxLayout

from ..coherence.guess import Units
from ..words import translate


class UnitsView(QGroupBox):
    """Shows the units, and tells when the hand chooses others."""

    def __init__(self, chosen):
        super().__init__(translate("TerritoireSig", "Units of the territory"))
        self._chosen, self._showing = chosen, False
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.layer.setAllowEmptyLayer(True)
        self.code, self.label = QgsFieldComboBox(), QgsFieldComboBox()
        self.label.setAllowEmptyFieldName(True)
        self.level = QComboBox()
        for key, text in (
            ("commune", translate("TerritoireSig", "communes")),
            ("iris", translate("TerritoireSig", "IRIS")),
            ("carreau", translate("TerritoireSig", "squares")),
            ("autre", translate("TerritoireSig", "others")),
        ):
            self.level.addItem(text, key)
        form = QFormLayout(self)
        form.setContentsMargins(6, 4, 6, 4)
        row = QHBoxLayout()
        row.addWidget(self.layer, 3)
        row.addWidget(self.level, 1)
        form.addRow(translate("TerritoireSig", "Layer"), row)
        fields = QHBoxLayout()
        fields.addWidget(self.code, 1)
        fields.addWidget(self.label, 1)
        form.addRow(translate("TerritoireSig", "Code, name"), fields)
        self.layer.layerChanged.connect(self._layer_changed)
        self.code.fieldChanged.connect(self._tell)
        self.label.fieldChanged.connect(self._tell)
        self.level.currentIndexChanged.connect(self._tell)

    def show_units(self, units, layers):
        """Show the units of the territory."""
        self._showing = True
        layer = layers.get(units.layer)
        self.layer.setLayer(layer)
        self._fields(layer)
        self.code.setField(units.code)
        self.label.setField(units.name)
        self.level.setCurrentIndex(max(self.level.findData(units.level), 0))
        self._showing = False

    def _layer_changed(self, layer):
        if not self._showing:
            self._fields(layer)
            self._tell()

    def _fields(self, layer):
        vector = layer if layer is not None and layer.type() == QgsMapLayer.LayerType.VectorLayer else None
        self.code.setLayer(vector)
        self.label.setLayer(vector)

    def _tell(self, *ignored):
        if self._showing:
            return
        layer = self.layer.currentLayer()
        self._chosen(
            Units(
                layer.id() if layer is not None else "",
                self.code.currentField(),
                self.label.currentField(),
                self.level.currentData(),
            )
        )
