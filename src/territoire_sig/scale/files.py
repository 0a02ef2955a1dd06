"""Files and folders that appear whole: written under another name, then renamed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from ..errors import UnreadableLayerError
from ..texts import Text

__all__ = ["put", "put_folder"]


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file by `write` under another name, then rename it: done twice, it is the same file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     put(Path(folder, "a.txt"), lambda draft: draft.write_text("a"))
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    draft = _draft(path)
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def put_folder(folder: Path, mark: str) -> Iterator[Path]:
    """Give a folder to fill, which takes the place of `folder` at the end of the ``with`` block.

    Parameters
    ----------
    folder : Path
        Made if need be, with its parents; left as it was where the block fails.
    mark : str
        Name of a file that the block writes; a `folder` that holds files without it is somebody else's.

    Raises
    ------
    UnreadableLayerError
        Where `folder` holds something else, or cannot be written.
    """
    _refuse_other(folder, mark)
    draft, old = _draft(folder), _draft(folder)
    try:
        draft.mkdir(parents=True)
        yield draft
        if folder.exists():
            folder.rename(old)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _draft(path: Path) -> Path:
    """Return a path beside, of a name that no other process gives."""
    return path.with_name(f".{path.name}.{uuid4().hex}.partiel")


def _refuse_other(folder: Path, mark: str) -> None:
    if not folder.exists() or (folder / mark).is_file() or (folder.is_dir() and not any(folder.iterdir())):
        return
    raise UnreadableLayerError(
        Text(
            f"ce dossier contient déjà autre chose (il y manque {mark}) : il serait remplacé",
            f"this folder already holds something else (it has no {mark}): it would be replaced",
        ),
        Text("choisissez un dossier vide ou nouveau.", "choose an empty or new folder."),
        file=folder,
    )
