"""The page of the plugin in the options of QGIS, and the same in a window of its own."""

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from ..base import ICON
from ..words import translate


class EngineOptionsFactory(QgsOptionsWidgetFactory):
    """Offers the page to the options of QGIS; the page itself is made when they open."""

    def __init__(self, work):
        super().__init__("Territoire SIG", QIcon(ICON))
        self.work = work

    def createWidget(self, parent):  # noqa: N802
        """Return the page, on the work that the plugin owns."""
        return EngineOptions(self.work(), parent)


class EngineOptions(QgsOptionsPageWidget):
    """The page of the engine among the options."""

    def __init__(self, work, parent):
        super().__init__(parent)
        from .engine_page import EnginePage

        self.page = EnginePage(work, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def apply(self):
        """Keep what the user chose, when the options are accepted."""
        self.page.apply()


class EngineDialog(QDialog):
    """The page of the engine in a window of its own: what a first run opens."""

    def __init__(self, work, parent=None):
        super().__init__(parent)
        from .engine_page import EnginePage

        self.setObjectName("TerritoireEngineDialog")
        self.setWindowTitle(translate("TerritoireSig", "Territoire SIG – engine"))
        self.setWindowIcon(QIcon(ICON))
        self.page = EnginePage(work, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
        self.resize(680, 560)

    def done(self, result):
        """Keep what the user chose; what is under way goes on in the background, told by QGIS's task bar."""
        self.page.apply()
        super().done(result)
