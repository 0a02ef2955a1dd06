"""The page of the engine: which one serves, its versions, another one named, or a new one made."""

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, pyqtSignal
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
from ..engine import ask
from ..engine_making import Plan, base_pythons, make_engine
from ..engine_place import SETTING, EngineError, find_engine, interpreter_of
from ..words import translate
from .task import EngineTask

VERSIONS = (
    ("library", "territoire_sig"),
    ("python", "Python"),
    ("gdal", "GDAL"),
    ("proj", "PROJ"),
    ("geos", "GEOS"),
)


class EnginePage(QWidget):
    """Finds, tests, names or makes the engine; used by the dialog and by the options of QGIS."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("TerritoireEnginePage")
        self.task = None
        layout = QVBoxLayout(self)
        layout.addWidget(_introduction())
        layout.addWidget(self._serving())
        layout.addWidget(self._naming())
        layout.addWidget(self._making())
        layout.addStretch(1)
        self.refresh()

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
        self.test_button.setEnabled(True)

    def apply(self):
        """Keep the interpreter that the user names."""
        path = self.file.filePath().strip()
        if path:
            QgsSettings().setValue(SETTING, path)
        else:
            QgsSettings().remove(SETTING)
        self.refresh()
        self.changed.emit()

    def test(self):
        """Start the engine, and show its versions."""
        self.apply()
        if self.test_button.isEnabled():
            self._start(translate("TerritoireSig", "testing the engine"), _versions, self._tested)

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
        plan = Plan(self.base.currentText().strip(), plugin_version(), wheels)

        def work(feedback):
            return plan, make_engine(plan, feedback)

        self._start(translate("TerritoireSig", "making the engine"), work, self._made)

    def stop(self):
        """Cancel what is under way."""
        if self.task is not None:
            self.task.cancel()

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
        self.stop_button.clicked.connect(self.stop)
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

    def _start(self, title, work, done):
        if self.task is not None:
            return
        self._busy(True)
        self.task = EngineTask("Territoire SIG – " + title, work, self._ended(done), self._ended(self._failed))
        self.task.feedback.told.connect(self._say)
        self.task.progressChanged.connect(self._progress)
        self.task.start()

    def _ended(self, then):
        def called(answer):
            if sip.isdeleted(self):
                return
            self.task = None
            self._busy(False)
            then(answer)

        return called

    def _busy(self, busy):
        for widget in (self.test_button, self.make_button, self.base, self.file):
            widget.setEnabled(not busy)
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.said.setVisible(busy)

    def _tested(self, versions):
        self.refresh()
        self._show_versions(versions)

    def _made(self, answer):
        plan, versions = answer
        try:
            serving = find_engine().python
        except EngineError:
            serving = ""
        if serving != versions["executable"] and not _same_folder(serving, plan.folder):
            QgsSettings().setValue(SETTING, str(interpreter_of(plan.folder)))
        self.refresh()
        self._show_versions(versions)
        self.changed.emit()

    def _show_versions(self, versions):
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


def _same_folder(path, folder):
    return bool(path) and path.startswith(str(folder))


def _versions(feedback):
    return ask("handshake", feedback).result
