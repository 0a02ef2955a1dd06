"""Run inside QGIS (``--code``): opens the windows of the plugin one after another, and pictures each."""

import os
import sys
import time
import traceback
from pathlib import Path

import processing
import qgis.utils
from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QSplitter
from qgis.utils import iface

IMAGES = Path(os.environ["TERRITOIRE_IMAGES"])
LANGUAGE = os.environ["TERRITOIRE_LANGUAGE"]
NAME = "territoire_sig_qgis"
#: Layers of the picture of a styled result: an analysis, over the communes of the demo project.
SHOWN = ("layername=zoning_fixed_coverage", "couches.gpkg|layername=unites")


def wait(seconds, until=lambda: False):
    """Let QGIS live for some time, or until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QCoreApplication.processEvents()
        time.sleep(0.01)


def drawn():
    """Wait for the map."""
    wait(0.5)
    iface.mapCanvas().refresh()
    iface.mapCanvas().waitWhileRendering()
    wait(0.5)


def shoot(widget, name):
    """Picture a widget."""
    wait(0.4)
    path = IMAGES / f"qgis_{name}_{LANGUAGE}.png"
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    image.save(str(path), "PNG", 0)


def tidy():
    """Leave room: only the layers and the map."""
    window = iface.mainWindow()
    window.resize(1680, 900)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "TerritoireCoherenceDock"):
            dock.hide()


def scene():
    """Play."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    qgis.utils.updateAvailablePlugins()
    assert qgis.utils.loadPlugin(NAME) and qgis.utils.startPlugin(NAME)
    plugin = qgis.utils.plugins[NAME]
    QgsSettings().setValue("territoire_sig/demo", os.environ["TERRITOIRE_DEMO"])
    plugin.open_demo()
    tidy()
    iface.messageBar().clearWidgets()
    wait(1.0)
    drawn()
    dock = plugin.dock
    iface.mainWindow().resizeDocks([dock], [720], Qt.Orientation.Horizontal)
    layers = iface.mainWindow().findChild(QDockWidget, "Layers")
    iface.mainWindow().resizeDocks([layers], [420], Qt.Orientation.Horizontal)
    wait(0.5)
    matrix = dock.results.matrix
    for row in range(matrix.rowCount()):
        for column in range(matrix.columnCount()):
            item = matrix.item(row, column)
            if item is not None and list(item.data(0x0100) or []) == ["numerique", "risques"]:
                matrix.cellClicked.emit(row, column)
    dock.results.list.selectRow(0)
    drawn()
    shoot(iface.mainWindow(), "panneau_resultats")
    dock.results.reset()
    dock.tabs.setCurrentIndex(0)
    iface.mapCanvas().zoomToFullExtent()
    drawn()
    shoot(iface.mainWindow(), "panneau_territoire")
    roles = dock.territory.territory.roles
    given = {"UNITES": dock.territory.territory.units.layer, "CODE": "code_insee", "NOM": "nom"}
    given.update({role.upper(): roles[role] for role in ("zonage", "couverture_fixe")})
    dialog = processing.createAlgorithmDialog("territoire_sig:zoning_fixed_coverage", given)
    dialog.resize(1060, 880)
    dialog.show()
    shoot(dialog, "algorithme")
    dialog.close()
    plugin.open_engine()
    page = plugin.engine_dialog.page
    page.test()
    wait(20, lambda: page.work.task is None)
    shoot(plugin.engine_dialog, "moteur")
    plugin.engine_dialog.close()
    QTimer.singleShot(1500, options)
    iface.showOptionsDialog(iface.mainWindow(), "Territoire SIG")
    result(plugin)


def options():
    """Picture the options of QGIS, then close them."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.resize(1100, 860)
        dialog.findChild(QSplitter).setSizes([290, 810])
        shoot(dialog, "options")
        dialog.reject()


def result(plugin):
    """Picture the styled layers of one analysis, with its legend."""
    plugin.toggle_dock(False)
    root = QgsProject.instance().layerTreeRoot()
    for node in root.findLayers():
        shown = node.layer().source().endswith(SHOWN)
        node.setItemVisibilityChecked(shown)
        node.setExpanded(shown)
    iface.mapCanvas().zoomToFullExtent()
    drawn()
    iface.messageBar().clearWidgets()
    shoot(iface.mainWindow(), "carte")


def main():
    """Play, and leave QGIS whatever happens."""
    code = 1
    try:
        scene()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        QgsApplication.instance().processEvents()
        os._exit(code)


QTimer.singleShot(1500, main)
