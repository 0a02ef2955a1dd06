"""The page of the engine: which one serves, its versions, another one named, or a new one made."""

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ..catalogue import plugin_version
from ..engine_making import Plan, base_pythons
from ..engine_place import SETTING, EngineError, find_engine
from ..words import translate

VERSIONS = (
    ("library", "territoire_sig"),
    ("python", "Python"),
    ("gdal", "GDAL"),
    ("proj", "PROJ"),
    ("geos", "GEOS"),
)


class EnginePage(QWidget):
    """Shows the engine and the work done to it; used by the dialog and by the options of QGIS."""

    def __init__(self, work, parent=None):
        super().__init__(parent)
        self.setObjectName("TerritoireEnginePage")
        self.work = work
        layout = QVBoxLayout(self)
        layout.addWidget(_introduction())
        layout.addWidget(self._serving())
        layout.addWidget(self._naming())
        layout.addWidget(self._making())
        layout.addStretch(1)
        self._busy(work.task is not None)
        self.refresh()
        work.busy.connect(self._busy)
        work.told.connect(self._say)
        work.progressed.connect(self._progress)
        work.answered.connect(self._answered)
        work.failed.connect(self._failed)
        work.changed.connect(self.refresh)

    def refresh(self):
        """Show which engine serves now; nothing is started."""
        self.file.setFilePath(QgsSettings().value(SETTING, "", type=str))
        try:
            engine = find_engine()
        except EngineError as error:
            self._state("✗", str(error))
            self.test_button.setEnabled(False)
            return
        text = translate("TerritoireSig", "{python}\nFound by: {origin}.")
        self._state("●", text.format(python=engine.python, origin=engine.origin))
        self.test_button.setEnabled(self.work.task is None)

    def apply(self):
        """Keep the interpreter that the user names, unless an engine is being made or tested."""
        if self.work.task is None:
            self.work.name_engine(self.file.filePath().strip())

    def test(self):
        """Start the engine, and show its versions."""
        self.apply()
        if self.test_button.isEnabled():
            self.work.test()

    def make(self):
        """Make an environment of its own for the engine."""
        wheels = self.wheels.filePath().strip() if self.offline.isChecked() else ""
        if self.offline.isChecked() and not wheels:
            self._failed(
                translate(
                    "TerritoireSig", "No folder of wheels is given.\nMend: choose the folder that holds the .whl files."
                )
            )
            return
        self.work.make(Plan(self.base.currentText().strip(), plugin_version(), wheels))

    def _serving(self):
        box = QGroupBox(translate("TerritoireSig", "Engine in service"))
        layout = QVBoxLayout(box)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.versions = QLabel()
        self.versions.setWordWrap(True)
        self.versions.setVisible(False)
        self.test_button = QPushButton(translate("TerritoireSig", "Test"))
        self.test_button.clicked.connect(self.test)
        layout.addWidget(self.status)
        layout.addWidget(self.versions)
        layout.addLayout(_left(self.test_button))
        return box

    def _naming(self):
        box = QGroupBox(translate("TerritoireSig", "Name a Python that has the library"))
        layout = QVBoxLayout(box)
        self.file = QgsFileWidget()
        self.file.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.file.lineEdit().setPlaceholderText(translate("TerritoireSig", "empty: looked for by itself"))
        layout.addWidget(self.file)
        return box

    def _making(self):
        box = QGroupBox(translate("TerritoireSig", "Make an engine in QGIS's profile"))
        form = QFormLayout(box)
        self.base = QComboBox()
        self.base.setEditable(True)
        self.base.addItems(base_pythons())
        self.online = QRadioButton(translate("TerritoireSig", "from the Internet (QGIS's proxy)"))
        self.online.setChecked(True)
        self.offline = QRadioButton(translate("TerritoireSig", "from a folder of wheels (.whl)"))
        self.wheels = QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setEnabled(False)
        self.offline.toggled.connect(self.wheels.setEnabled)
        form.addRow(translate("TerritoireSig", "Base Python (3.11 or later)"), self.base)
        form.addRow(self.online)
        form.addRow(self.offline, self.wheels)
        self.make_button = QPushButton(translate("TerritoireSig", "Make"))
        self.make_button.clicked.connect(self.make)
        self.stop_button = QPushButton(translate("TerritoireSig", "Cancel"))
        self.stop_button.clicked.connect(self.work.stop)
        self.stop_button.setVisible(False)
        form.addRow(_left(self.make_button, self.stop_button))
        self.bar = QProgressBar()
        self.bar.setVisible(False)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setVisible(False)
        form.addRow(self.bar)
        form.addRow(self.said)
        return box

    def _busy(self, busy):
        for widget in (self.test_button, self.make_button, self.base, self.file):
            widget.setEnabled(not busy)
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.said.setVisible(busy)

    def _answered(self, versions):
        self.refresh()
        self.versions.setText(" · ".join(f"{label} <b>{versions[name]}</b>" for name, label in VERSIONS))
        self.versions.setVisible(True)
        self._state("✓", self.status.text().partition(" ")[2])

    def _failed(self, text):
        self.refresh()
        self.versions.setVisible(False)
        self._say(text)
        self.said.setVisible(True)

    def _say(self, text):
        self.said.setText(text)

    def _progress(self, share):
        self.bar.setValue(int(share))

    def _state(self, sign, text):
        self.status.setText(f"{sign} {text}")


def _introduction():
    label = QLabel(
        translate(
            "TerritoireSig",
            "The plugin computes nothing: the engine is the territoire_sig library, in a Python of its own, out of "
            "QGIS.",
        )
    )
    label.setWordWrap(True)
    return label


def _left(*widgets):
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
