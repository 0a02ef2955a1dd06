"""The inputs that a run writes beside its results; those of the former diagnosis come back where the run fails."""

import re
import shutil
from contextlib import contextmanager, suppress

from ..engine_place import EngineError
from ..files import unwritable
from ..words import translate

#: What the engine writes of the layers asked, and the folder of their copies, that it names.
TERRITORY, COPIES = "territoire.toml", "entrees"
_ASIDE = ".ancien"
_NAMED = re.compile(rf'^fichier = "({COPIES}/[^"/]+)"$', re.MULTILINE)


@contextmanager
def inputs_of_a_run(folder):
    """Yield the folder of the copies; what the former run wrote there is put aside meanwhile.

    Raises EngineError where nothing can be written, or where a territory file of the user would be replaced.
    """
    copies, aside = folder / COPIES, folder / _ASIDE
    try:
        _bring_back(aside, folder)  # where QGIS was broken off during a run
        former = _former(folder)
        copies.mkdir(parents=True, exist_ok=True)
        for name in former:
            _move(folder / name, aside / name)
        kept = set(copies.iterdir())
    except OSError as error:
        raise EngineError(unwritable(error.filename or folder, error.strerror or error)) from error
    done = False
    try:
        yield copies
        done = True
    finally:
        if done:
            shutil.rmtree(str(aside), ignore_errors=True)
        else:
            with suppress(OSError):
                _withdraw(folder, kept)
            with suppress(OSError):
                _bring_back(aside, folder)


def former_copies(folder):
    """Return the copies of layers that the diagnosis of a folder was made from."""
    try:
        return _NAMED.findall((folder / TERRITORY).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return []


def _former(folder):
    """Return what the former run wrote: the copies, and the territory file."""
    if not (folder / TERRITORY).is_file():
        return []
    copies = former_copies(folder)
    if not any(name.startswith(f"{COPIES}/unites.") for name in copies):
        raise EngineError(
            translate(
                "TerritoireSig",
                "“{file}” was not written by a diagnosis of this panel, and would be replaced.\n"
                "Mend: choose another folder for the results.",
            ).format(file=folder / TERRITORY)
        )
    return [name for name in (*copies, TERRITORY) if (folder / name).is_file()]


def _withdraw(folder, kept):
    """Take away what the run wrote, and the folders that it leaves empty."""
    if (folder / TERRITORY).exists():
        (folder / TERRITORY).unlink()
    for path in set((folder / COPIES).iterdir()) - kept:
        path.unlink()
    for place in (folder / COPIES, folder):
        if not any(place.iterdir()):
            place.rmdir()


def _bring_back(aside, folder):
    for path in [path for path in aside.rglob("*") if path.is_file()]:
        _move(path, folder / path.relative_to(aside))
    shutil.rmtree(str(aside), ignore_errors=True)


def _move(path, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
