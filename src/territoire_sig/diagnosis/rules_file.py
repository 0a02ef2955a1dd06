"""Reading the user's own rulebook."""

from __future__ import annotations

from pathlib import Path

from ..io.text_file import read_text
from ..texts import Text

__all__ = ["read_rules"]


def read_rules(path: Path) -> str:
    """Return the text of a rules file; see :func:`territoire_sig.io.text_file.read_text` for its errors."""
    return read_text(
        path,
        missing=Text("ce fichier de règles n'existe pas", "this rules file does not exist"),
        mend=Text("vérifiez le chemin.", "check the path."),
    )
