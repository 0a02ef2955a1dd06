"""The tab of the territory: units, roles and layers, what can be run, where to, and the run itself."""

from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ..catalogue import load_catalogue
from ..coherence.facts import project_layers
from ..coherence.readiness import readiness
from ..coherence.roles import (
    Territory,
    complete,
    kept_folder,
    read_territory,
    results_folder,
    usable_roles,
    write_territory,
)
from ..engine import PROTOCOL
from ..engine_place import EngineError, find_engine
from ..words import translate
from .readiness_view import ReadinessView
from .roles_view import RolesView
from .units_view import UnitsView


class TerritoryPanel(QWidget):
    """Shows and corrects the territory of the project."""

    def __init__(self, run, stop, open_diagnosis):
        super().__init__()
        self.catalogue = load_catalogue(PROTOCOL)
        self.territory = Territory()
        self._open = open_diagnosis
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        self.engine = QLabel()
        self.engine.setWordWrap(True)
        self.engine.setStyleSheet("background: #fff3cd; color: #664d03; padding: 4px; border-radius: 3px;")
        layout.addWidget(self.engine)
        self.units = UnitsView(self._units_chosen)
        layout.addWidget(self.units)
        splitter = QSplitter(Qt.Orientation.Vertical)
        self.roles = RolesView(self.catalogue, self._role_chosen, self._columns_chosen)
        self.ready = ReadinessView(self.catalogue)
        splitter.addWidget(self.roles)
        splitter.addWidget(self.ready)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        layout.addWidget(splitter, 1)
        layout.addLayout(self._folder_row())
        layout.addLayout(self._buttons(run, stop))
        self.bar = QProgressBar()
        self.said = QLabel()
        self.said.setWordWrap(True)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        self.busy(False)
        self.refresh_engine()

    def read(self):
        """Take the territory of the project; guess what it does not say."""
        self.territory = complete(read_territory(), self.catalogue["roles"])
        self._show_folder()
        self._show()

    def layers_changed(self):
        """Forget layers that have gone, guess for those that came."""
        there = project_layers()
        self.territory.keep(there)
        complete(self.territory, self.catalogue["roles"])
        self._show()

    def guess_again(self):
        """Forget what the hand chose, and guess everything again."""
        folder = self.territory.folder
        self.territory = complete(Territory(folder=folder), self.catalogue["roles"])
        self._keep()

    def refresh_engine(self):
        """Say what to do where there is no engine."""
        try:
            find_engine()
        except EngineError as error:
            self.engine.setText(str(error))
            self.engine.setVisible(True)
            return
        self.engine.setVisible(False)

    def busy(self, busy):
        """Show that the engine works, or no longer."""
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self.said.setVisible(busy)
        self.said.setText("")
        self.run_button.setEnabled(not busy)
        self.stop_button.setEnabled(busy)

    def progress(self, share):
        """Show the share done, in percent."""
        self.bar.setValue(int(share))

    def say(self, text):
        """Show what is being done."""
        self.said.setText(text.splitlines()[0][:120] if text else "")

    def _folder_row(self):
        row = QHBoxLayout()
        label = QLabel(translate("TerritoireSig", "Results in"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.fileChanged.connect(self._folder_chosen)
        QgsProject.instance().projectSaved.connect(self._show_folder)
        row.addWidget(label)
        row.addWidget(self.folder, 1)
        return row

    def _buttons(self, run, stop):
        rows = QGridLayout()
        self.run_button = QPushButton(translate("TerritoireSig", "Run the diagnosis"))
        self.run_button.clicked.connect(lambda: run())
        self.stop_button = QPushButton(translate("TerritoireSig", "Cancel"))
        self.stop_button.clicked.connect(lambda: stop())
        again = QPushButton(translate("TerritoireSig", "Guess again"))
        again.clicked.connect(self.guess_again)
        opened = QPushButton(translate("TerritoireSig", "Open a diagnosis…"))
        opened.clicked.connect(self._choose_diagnosis)
        for rank, button in enumerate((self.run_button, self.stop_button, again, opened)):
            rows.addWidget(button, rank // 2, rank % 2)
        return rows

    def _choose_diagnosis(self):
        start = QgsSettings().value(
            "territoire_sig/dernier_dossier", str(results_folder(self.territory) or ""), type=str
        )
        title = translate("TerritoireSig", "Open a diagnosis")
        file, _ = QFileDialog.getOpenFileName(self, title, start, "GeoPackage (diagnostic.gpkg *.gpkg)")
        if file:
            QgsSettings().setValue("territoire_sig/dernier_dossier", str(Path(file).parent))
            self._open(Path(file))

    def _units_chosen(self, units):
        self.territory.choose_units(units)
        self._keep()

    def _role_chosen(self, role, layer):
        self.territory.choose(role, layer)
        self._keep()

    def _columns_chosen(self, role, columns):
        self.territory.columns[role] = columns
        self._keep()

    def _folder_chosen(self, folder):
        self.territory.folder = kept_folder(folder.strip())
        write_territory(self.territory)

    def _show_folder(self):
        """Show where results go: in grey, where nobody chose."""
        place = results_folder(self.territory)
        unsaved = translate("TerritoireSig", "save the project, or choose a folder")
        self.folder.lineEdit().setPlaceholderText(str(place or unsaved))
        self.folder.blockSignals(True)
        self.folder.setFilePath(str(place or "") if self.territory.folder else "")
        self.folder.blockSignals(False)

    def _keep(self):
        write_territory(self.territory)
        self._show()

    def _show(self):
        layers = project_layers()
        self.units.show_units(self.territory.units, layers)
        self.roles.show_roles(self.territory, layers)
        self.ready.show_items(readiness(self.catalogue, usable_roles(self.territory, self.catalogue["roles"])))
