"""The demo project: opened from the clone of the repository, or from the folder that the user names once."""

from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QFileDialog

from ..words import translate

NAME = "territoire_demo.qgz"
SETTING = "territoire_sig/demo"


def demo_path():
    """Return where the demo project is, None where it is not found."""
    beside = [parent / "data" / "sample" / NAME for parent in Path(__file__).resolve().parents]
    named = QgsSettings().value(SETTING, "", type=str)
    return next((path for path in [Path(named), *beside] if path.name == NAME and path.is_file()), None)


def open_demo(iface):
    """Open the demo project, once QGIS has asked what to do of the one that is open; return whether it was."""
    path = demo_path()
    if path is None:
        title = translate("TerritoireSig", "Where is territoire_demo.qgz (folder data/sample of the repository)?")
        file, _ = QFileDialog.getOpenFileName(iface.mainWindow(), title, "", f"QGIS ({NAME})")
        if not file:
            return False
        QgsSettings().setValue(SETTING, file)
        path = Path(file)
    # addProject closes the open project without a question; newProject(True) asks, and tells whether it may.
    return iface.newProject(True) and bool(iface.addProject(str(path)))
