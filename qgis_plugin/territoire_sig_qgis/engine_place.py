"""Where the engine is: which interpreter holds the library, and what to say where none does."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings

from .words import translate

SETTING = "territoire_sig/python"
VARIABLE = "TERRITOIRE_SIG_PYTHON"
#: File that stands in an environment while it is being made.
UNDER_WAY = ".en_cours"


class EngineError(Exception):
    """The engine is absent, or has refused: what is wrong, then what to do."""


@dataclass(frozen=True)
class Engine:
    """An interpreter in which the library should be, and where its path was found."""

    python: str
    origin: str


def find_engine():
    """Return the first engine found: setting, variable, managed environment of the profile, PATH.

    Raises EngineError, with what to do, when there is none, or when the first one named does not exist.
    """
    for origin, path in _candidates():
        if path and Path(path).is_file():
            return Engine(path, origin)
        if path:
            raise EngineError(
                translate(
                    "TerritoireSig",
                    "The territoire_sig engine is not found: {origin} names “{path}”, which does not exist.\n"
                    "Mend: correct or clear it (menu Territoire SIG › Engine).",
                ).format(origin=origin, path=path)
            )
    raise EngineError(
        translate(
            "TerritoireSig",
            "No territoire_sig engine was found.\n"
            "Mend: open the menu Territoire SIG › Engine, which makes one; or install the library in Python 3.11 or "
            "later (pip install territoire-sig), then give the path of that Python in the variable {variable}, or in "
            "the setting {setting} of QGIS.",
        ).format(variable=VARIABLE, setting=SETTING)
    )


def managed_home():
    """Return the folder of the profile where the environments made by the plugin stand."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "python" / "territoire_sig"


def interpreter_of(environment):
    """Return the path of the interpreter of a virtual environment, whether it is there or not."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_whole(environment):
    """Tell whether an environment has an interpreter, and is not being made."""
    return interpreter_of(environment).is_file() and not (environment / UNDER_WAY).exists()


def _candidates():
    yield translate("TerritoireSig", "the setting {}").format(SETTING), QgsSettings().value(SETTING, "", type=str)
    yield translate("TerritoireSig", "the variable {}").format(VARIABLE), os.environ.get(VARIABLE, "")
    yield translate("TerritoireSig", "the environment of the profile"), _managed()
    yield "PATH", _on_path()


def _managed():
    """Return the interpreter of the newest whole ``venv-<version>`` in the profile, empty where there is none."""
    found = [interpreter_of(folder) for folder in managed_home().glob("venv-*") if is_whole(folder)]
    return str(max(found, key=lambda path: path.lstat().st_mtime)) if found else ""


def _on_path():
    """Return the interpreter beside the command ``territoire-sig``, empty where there is none."""
    command = shutil.which("territoire-sig")
    if command is None:
        return ""
    folder = Path(command).resolve().parent
    beside = [folder / name for name in ("python", "python3", "python.exe")]
    return next((str(path) for path in beside if path.is_file()), "")
