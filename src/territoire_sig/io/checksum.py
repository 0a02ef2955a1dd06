"""SHA-256 of an input, whatever it is made of: the record names each input by it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..errors import MissingFileError
from ..texts import Text

__all__ = ["sha256"]

#: Files that make one layer with the file on the left (indexes and metadata that software writes beside are not).
_SIBLINGS: dict[str, tuple[str, ...]] = {
    ".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".tab", ".dat", ".map", ".id"),
    ".mif": (".mif", ".mid"),
}


def sha256(path: Path) -> str:
    """Return the SHA-256 of `path`, in hexadecimal.

    Of a file, that of its bytes; of a Shapefile or a MapInfo table, one over its sibling files, by suffix; of a
    folder, one over the relative names of its files and their own hashes, sorted.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
        return _of_several(files)
    if not path.is_file():
        raise MissingFileError(
            Text("le fichier n'existe pas", "the file does not exist"),
            Text("vérifiez `fichier` dans territoire.toml.", "check `fichier` in territoire.toml."),
            file=path,
        )
    wanted = _SIBLINGS.get(path.suffix.lower())
    if wanted is None:
        return _of_file(path)
    beside = [file for file in path.parent.iterdir() if file.stem == path.stem and file.suffix.lower() in wanted]
    return _of_several(sorted((file.suffix.lower(), file) for file in beside))


def _of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _of_several(files: list[tuple[str, Path]]) -> str:
    whole = hashlib.sha256()
    for name, file in files:
        whole.update(f"{name}\0{_of_file(file)}\n".encode())
    return whole.hexdigest()
