"""A window that stands for QGIS's: what the plugin asks of it, and nothing more."""

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QMainWindow, QMenu


class Window(QObject):
    """The interface of QGIS, with a real map, a real message bar and a real main window."""

    initializationCompleted = pyqtSignal()

    def __init__(self):
        super().__init__()
        self.main = QMainWindow()
        self.canvas = QgsMapCanvas(self.main)
        self.canvas.resize(600, 400)
        self.bar = QgsMessageBar(self.main)
        self.menu = QMenu(self.main)
        self.docks, self.factories = [], []
        self.agrees = True

    def mainWindow(self):
        return self.main

    def mapCanvas(self):
        return self.canvas

    def messageBar(self):
        return self.bar

    def pluginMenu(self):
        return self.menu

    def addToolBar(self, bar):
        self.main.addToolBar(bar)

    def addDockWidget(self, area, dock):
        self.main.addDockWidget(area, dock)
        self.docks.append(dock)

    def removeDockWidget(self, dock):
        self.main.removeDockWidget(dock)
        self.docks.remove(dock)

    def registerOptionsWidgetFactory(self, factory):
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory):
        self.factories.remove(factory)

    def newProject(self, prompt=False):
        """Close the project, unless the user, asked what to do of its changes, cancels."""
        if prompt and not self.agrees:
            return False
        QgsProject.instance().clear()
        return True

    def addProject(self, path):
        return QgsProject.instance().read(path)

    def said(self):
        """Return every message of the bar, the last first."""
        return [item.text() for item in self.bar.items()]
