"""The menu and the tool bar of the plugin."""

from pathlib import Path

from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolBar

from ..words import translate

ICONS = Path(__file__).parents[1] / "icons"


def icon(name):
    """Return one of the plugin's own icons."""
    return QIcon(str(ICONS / (name + ".svg")))


def add_menu(plugin):
    """Add the menu «Territoire SIG», and its button for the dock."""
    window = plugin.iface.mainWindow()
    plugin.menu = QMenu("Territoire SIG", window)
    plugin.menu.setObjectName("TerritoireMenu")
    plugin.menu.setIcon(icon("coherence"))
    entries = (
        ("dock", "coherence", translate("TerritoireSig", "Coherence panel"), plugin.toggle_dock, True),
        ("demo", "demo", translate("TerritoireSig", "Open the demo project"), plugin.open_demo, False),
        ("engine", "moteur", translate("TerritoireSig", "Engine…"), plugin.open_engine, False),
    )
    for name, picture, text, called, checkable in entries:
        action = QAction(icon(picture), text, window)
        action.setObjectName("Territoire" + name.capitalize())
        action.setCheckable(checkable)
        if checkable:
            action.toggled.connect(called)
        else:
            action.triggered.connect(lambda checked=False, called=called: called())
        plugin.menu.addAction(action)
        plugin.actions[name] = action
    plugin.iface.pluginMenu().addMenu(plugin.menu)
    plugin.toolbar = QToolBar("Territoire SIG", window)
    plugin.toolbar.setObjectName("TerritoireToolbar")
    plugin.toolbar.addAction(plugin.actions["dock"])
    plugin.iface.addToolBar(plugin.toolbar)


def remove_menu(plugin):
    """Take away the menu, the tool bar, the dock and the window of the engine."""
    plugin.iface.pluginMenu().removeAction(plugin.menu.menuAction())
    remove_dock(plugin)
    for widget in (plugin.engine_dialog, plugin.toolbar, plugin.menu):
        if widget is not None:
            _delete(widget)
    for action in plugin.actions.values():
        action.setParent(None)
        action.deleteLater()
    plugin.engine_dialog = plugin.toolbar = plugin.menu = None
    plugin.actions = {}


def remove_dock(plugin):
    """Take the dock away, if there is one."""
    if plugin.dock is not None:
        plugin.dock.leave()
        plugin.iface.removeDockWidget(plugin.dock)
        _delete(plugin.dock)
        plugin.dock = None


def _delete(widget):
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
