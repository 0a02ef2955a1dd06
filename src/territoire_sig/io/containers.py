"""Files, folders and archives: one way to open them, one way to find layers in them."""

from __future__ import annotations

import gzip
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ..errors import MissingFileError, UnreadableLayerError
from ..texts import Text

__all__ = ["LAYER_SUFFIXES", "find", "opened"]

#: Suffixes of the files that hold a layer or a table.
LAYER_SUFFIXES: tuple[str, ...] = (
    ".shp",
    ".gpkg",
    ".geojson",
    ".json",
    ".gml",
    ".tab",
    ".mif",
    ".kml",
    ".fgb",
    ".gdb",
    ".sqlite",
    ".parquet",
    ".geoparquet",
    ".csv",
    ".txt",
    ".dbf",
    ".tif",
    ".tiff",
    ".asc",
)
_FOLDER_FORMATS = {".gdb"}


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give a folder or a file that can be read, whatever the container.

    A ``.zip`` is extracted to a temporary folder (with the archives that it holds), a ``.gz`` to a temporary file;
    both are removed at exit. A folder or a plain file is given as it is.

    Raises
    ------
    MissingFileError
        When `path` does not exist; the message suggests names that look alike.
    UnreadableLayerError
        When the archive is damaged, encrypted, or holds a path that leads out of it.
    """
    path = Path(path)
    if not path.exists():
        raise _missing(path)
    if path.is_file() and path.suffix.lower() == ".zip":
        with TemporaryDirectory(prefix="territoire_sig_") as folder:
            _extract(path, Path(folder))
            yield Path(folder)
    elif path.is_file() and path.suffix.lower() in {".gz", ".gzip"}:
        with TemporaryDirectory(prefix="territoire_sig_") as folder:
            yield _inflate(path, Path(folder))
    else:
        yield path


def find(folder_or_file: Path, pattern: str, *, suffixes: Sequence[str] = LAYER_SUFFIXES) -> list[Path]:
    """Return the files whose name matches `pattern`, at any depth, sorted.

    Parameters
    ----------
    folder_or_file : Path
        A folder, or one file (returned alone when it matches).
    pattern : str
        Regular expression searched without case in the name, with and without its suffix.
    suffixes : sequence of str
        Suffixes looked at, in lower case with their dot. One ``.shp`` (or ``.tab``) stands for its sibling files.

    Examples
    --------
    >>> find(Path("nowhere"), "zone_urba")
    []
    """
    wanted = re.compile(pattern, re.IGNORECASE)
    found = [p for p in _candidates(Path(folder_or_file)) if p.suffix.lower() in suffixes and _matches(wanted, p)]
    heads = {p.with_suffix("") for p in found if p.suffix.lower() in {".shp", ".tab"}}
    return sorted(p for p in found if not (p.suffix.lower() in {".dbf", ".dat"} and p.with_suffix("") in heads))


def _matches(wanted: re.Pattern[str], path: Path) -> bool:
    return bool(wanted.search(path.name) or wanted.search(path.stem))


def _candidates(place: Path) -> Iterator[Path]:
    if place.is_file() or place.suffix.lower() in _FOLDER_FORMATS:
        yield place
        return
    for path in place.rglob("*"):
        inside = [part for part in path.relative_to(place).parts if part.startswith("._") or part == "__MACOSX"]
        in_format = any(parent.suffix.lower() in _FOLDER_FORMATS for parent in path.relative_to(place).parents)
        if not inside and not in_format and (path.is_file() or path.suffix.lower() in _FOLDER_FORMATS):
            yield path


def _missing(path: Path) -> MissingFileError:
    parent = path.parent
    if not parent.is_dir():
        mend = Text(
            f"vérifiez `fichier` dans territoire.toml : le dossier «{parent}» n'existe pas non plus.",
            f"check `fichier` in territoire.toml: the folder «{parent}» does not exist either.",
        )
        return MissingFileError(Text("le fichier n'existe pas", "the file does not exist"), mend, file=path)
    names = {item.name.lower(): item.name for item in parent.iterdir()}
    close = ", ".join(names[name] for name in get_close_matches(path.name.lower(), names, n=3, cutoff=0.6))
    mend = Text(
        "vérifiez `fichier` dans territoire.toml" + (f" ; noms proches : {close}." if close else "."),
        "check `fichier` in territoire.toml" + (f"; close names: {close}." if close else "."),
    )
    return MissingFileError(Text("le fichier n'existe pas", "the file does not exist"), mend, file=path)


def _extract(archive: Path, folder: Path, depth: int = 0) -> None:
    try:
        with zipfile.ZipFile(archive) as opened_zip:
            for member in opened_zip.infolist():
                _check_member(archive, member.filename)
            opened_zip.extractall(folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableLayerError(
            Text(f"archive illisible ({error})", f"unreadable archive ({error})"),
            Text(
                "téléchargez-la de nouveau, ou décompressez-la et donnez le dossier.",
                "download it again, or unzip it and give the folder.",
            ),
            file=archive,
        ) from error
    if depth < 1:
        for inner in sorted(folder.rglob("*.[zZ][iI][pP]")):
            _extract(inner, inner.with_suffix(""), depth + 1)


def _check_member(archive: Path, name: str) -> None:
    inside = PurePosixPath(name.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or re.match(r"[A-Za-z]:", name):
        raise UnreadableLayerError(
            Text(
                f"l'archive contient un chemin qui en sort : «{name}»",
                f"the archive holds a path that leaves it: «{name}»",
            ),
            Text(
                "n'utilisez pas cette archive : refaites-la depuis un dossier.",
                "do not use this archive: rebuild it from a folder.",
            ),
            file=archive,
        )


def _inflate(path: Path, folder: Path) -> Path:
    target = folder / path.stem
    try:
        with gzip.open(path) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
    except (gzip.BadGzipFile, EOFError) as error:
        raise UnreadableLayerError(
            Text(f"fichier gzip illisible ({error})", f"unreadable gzip file ({error})"),
            Text("téléchargez-le de nouveau.", "download it again."),
            file=path,
        ) from error
    return target
