"""A text file that a person writes by hand: a territory, a rulebook; in UTF-8."""

from __future__ import annotations

from pathlib import Path

from ..errors import FaultsError, MissingFileError
from ..model.faults import Fault
from ..texts import Text

__all__ = ["read_text"]


def read_text(path: Path, *, missing: Text, mend: Text) -> str:
    """Return the text of a file.

    Parameters
    ----------
    missing, mend : Text
        What to say when the file is not there, and what to do then.

    Raises
    ------
    MissingFileError
        When there is no such file.
    FaultsError
        When it is not in UTF-8.
    """
    if not path.is_file():
        raise MissingFileError(missing, mend, file=path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(
            path.name,
            None,
            None,
            None,
            Text(f"le fichier n'est pas en UTF-8 (octet {error.start})", f"the file is not UTF-8 (byte {error.start})"),
            Text("enregistrez-le en UTF-8.", "save it as UTF-8."),
        )
        raise FaultsError([fault]) from error
