"""``python -m fabrique [FOLDER]``: write the whole sample (by default where it is committed)."""

from __future__ import annotations

import sys
from pathlib import Path

from . import environnement, gouvernance, mobilite, numerique, risques, social, territoire, urbanisme


def main(folder: Path) -> None:
    """Write every file."""
    for theme in (urbanisme, risques, numerique, mobilite, social, environnement, gouvernance, territoire):
        theme.write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
