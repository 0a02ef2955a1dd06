"""The page of the plugin in the options of QGIS, and the same in a window of its own."""

from pathlib import Path

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from ..words import translate

ICON = str(Path(__file__).parents[1] / "icon.svg")


class EngineOptionsFactory(QgsOptionsWidgetFactory):
    """Offers the page to the options of QGIS; the page itself is made when they open."""

    def __init__(self):
        super().__init__("Territoire SIG", QIcon(ICON))

    def createWidget(self, parent):  # noqa: N802
        """Return the page."""
        return EngineOptions(parent)


class EngineOptions(QgsOptionsPageWidget):
    """The page of the engine among the options."""

    def __init__(self, parent):
        super().__init__(parent)
        from .engine_page import EnginePage

        self.page = EnginePage(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def apply(self):
        """Keep what the user chose, when the options are accepted."""
        self.page.apply()


class EngineDialog(QDialog):
    """The page of the engine in a window of its own: what a first run opens."""

    def __init__(self, parent=None):
        super().__init__(parent)
        from .engine_page import EnginePage

        self.setObjectName("TerritoireEngineDialog")
        self.setWindowTitle(translate("TerritoireSig", "Territoire SIG – engine"))
        self.setWindowIcon(QIcon(ICON))
        self.page = EnginePage(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
        self.resize(680, 560)

    def done(self, result):
        """Keep what the user chose; what is under way goes on in the background, told by QGIS's task bar."""
        if self.page.task is None:
            self.page.apply()
        super().done(result)
