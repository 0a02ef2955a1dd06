"""The plugin as QGIS loads and unloads it: a Processing provider, a menu, a dock, a page of options, functions.

Nothing of a window is loaded before it is asked for, so that QGIS starts as fast as without the plugin.
"""

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QTimer

from .catalogue import load_catalogue
from .engine import PROTOCOL
from .expressions import register_functions, unregister_functions
from .provider import TerritoireProvider
from .words import install_translator, remove_translator

FIRST_RUN = "territoire_sig/premier_lancement"


class TerritoirePlugin:
    """Adds what the plugin brings to QGIS, and takes it all away."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.translator = install_translator()
        self.menu = None
        self.toolbar = None
        self.actions = {}
        self.dock = None
        self.engine_dialog = None
        self.work = None
        self.options = None

    def initProcessing(self):  # noqa: N802
        """Add the provider; ``qgis_process`` calls this and nothing else."""
        self.provider = TerritoireProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):  # noqa: N802
        """Add the provider, the menu, the options and the functions, in a QGIS with windows."""
        from .desk.menu import add_menu
        from .desk.options import EngineOptionsFactory

        self.initProcessing()
        self.provider.algorithmsLoaded.connect(self.renew_dock)
        register_functions()
        add_menu(self)
        self.options = EngineOptionsFactory(self.engine_work)
        self.iface.registerOptionsWidgetFactory(self.options)
        self.iface.initializationCompleted.connect(self.welcome)
        if self.iface.mainWindow().isVisible():  # ticked in a QGIS that runs already
            QTimer.singleShot(0, self.welcome)

    def unload(self):
        """Take everything away."""
        if self.menu is not None:
            from .desk.menu import remove_menu

            self.iface.initializationCompleted.disconnect(self.welcome)
            self.iface.unregisterOptionsWidgetFactory(self.options)
            self.options = None
            if self.work is not None:
                self.work.leave()
            remove_menu(self)
            unregister_functions()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        remove_translator(self.translator)
        self.translator = None

    def welcome(self):
        """Say once, where there is no engine, how to get one."""
        from .engine_place import EngineError, find_engine

        if self.provider is None or QgsSettings().value(FIRST_RUN, False, type=bool):
            return
        QgsSettings().setValue(FIRST_RUN, True)
        try:
            find_engine()
        except EngineError as error:
            from .desk.messages import tell_missing_engine

            tell_missing_engine(self.iface, str(error), self.open_engine)

    def toggle_dock(self, visible=True):
        """Show or hide the dock, made the first time, and again once the declarations that it shows have changed."""
        if visible and self._is_outdated():
            from .desk.menu import remove_dock

            remove_dock(self)
        if self.dock is None:
            from .desk.dock import CoherenceDock, add_dock

            self.dock = CoherenceDock(self.iface, self.open_engine)
            add_dock(self.iface, self.dock, self.actions["dock"])
        self.dock.setVisible(visible)

    def renew_dock(self):
        """Have a dock that is shown follow the declarations, once the provider has read them."""
        if self.dock is not None and not self.dock.isHidden():
            self.toggle_dock()

    def engine_work(self):
        """Return what names, tests and makes engines, made the first time; pages come and go."""
        if self.work is None:
            from .desk.engine_work import EngineWork

            self.work = EngineWork(self.iface)
            self.work.changed.connect(self.engine_changed)
            self.work.declared.connect(self.provider.refreshAlgorithms)
        return self.work

    def open_engine(self):
        """Open the page of the engine."""
        if self.engine_dialog is None:
            from .desk.options import EngineDialog

            self.engine_dialog = EngineDialog(self.engine_work(), self.iface.mainWindow())
        self.engine_dialog.page.refresh()
        self.engine_dialog.show()
        self.engine_dialog.raise_()

    def engine_changed(self):
        """Have the dock look again."""
        if self.dock is not None:
            self.dock.refresh_engine()

    def open_demo(self):
        """Open the demo project."""
        from .desk.demo import open_demo

        if open_demo(self.iface):
            self.toggle_dock()

    def _is_outdated(self):
        """Tell whether the dock shows former declarations, and does no work that would be lost with it."""
        dock = self.dock
        return dock is not None and dock.task is None and dock.territory.catalogue != load_catalogue(PROTOCOL)
