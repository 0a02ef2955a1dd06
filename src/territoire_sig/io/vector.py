"""Vector files: read whole with pyogrio, whatever their encoding and their container."""

from __future__ import annotations

import shutil
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from ..errors import MissingExtraError, UnreadableLayerError
from ..model.faults import Remark
from ..model.territory import Frame
from ..texts import Text
from .containers import find, opened
from .encodings import (
    check_encoding,
    dbf_remarks,
    encoding_remarks,
    encodings_to_try,
    mojibake_remarks,
    sibling,
)
from .layout import curve_remarks, flattened, lowered

__all__ = ["VECTOR_SUFFIXES", "VectorRead", "list_layers", "mojibake_remarks", "read_vector"]

#: Suffixes of the vector files looked for in a folder or an archive.
VECTOR_SUFFIXES: tuple[str, ...] = (
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
)
_REFUSALS = (DataSourceError, DataLayerError, FieldError, GeometryError)
_PARQUET = {".parquet", ".geoparquet"}


@dataclass(frozen=True, eq=False)
class VectorRead:
    """One layer as the file holds it.

    Attributes
    ----------
    frame : GeoDataFrame or DataFrame
        Columns in lower case, geometry (where there is one) in column ``geometry``, two-dimensional, null
        geometries kept; the CRS is the file's own. A layer without geometry gives a DataFrame.
    encoding : str, optional
        Text encoding used, where one had to be chosen.
    """

    frame: Frame
    layer: str
    encoding: str | None
    rows_read: int
    remarks: tuple[Remark, ...] = ()


def read_vector(path: Path, *, layer: str | None = None, encoding: str | None = None) -> VectorRead:
    """Read one layer of a vector file, a folder or an archive.

    Parameters
    ----------
    path : Path
        Any file that GDAL knows, a GeoParquet, or a folder or archive of such files.
    layer : str, optional
        Layer to read (compared without case). None: the only one that has a geometry.
    encoding : str, optional
        Text encoding, for files that do not state theirs.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When GDAL refuses the file, when `layer` is absent, or is None and several are possible: the message
        lists the layers.
    """
    with opened(Path(path)) as place, _readable(place, Path(path), layer) as file:
        raw, name, used, remarks = _read_file(file, Path(path), layer, encoding)
    frame, renamed = lowered(raw)
    frame, heights = flattened(frame)
    remarks += [*renamed, *heights, *mojibake_remarks(frame)]
    return VectorRead(frame, name, used, len(frame), tuple(remarks))


def _read_file(
    file: Path, asked: Path, layer: str | None, encoding: str | None
) -> tuple[Frame, str, str | None, list[Remark]]:
    if file.suffix.lower() in _PARQUET:
        return _read_parquet(file, asked), file.stem, None, []
    names = _layer_names(file, asked)
    if not names and file.suffix.lower() == ".gml":
        text = Text("collection GML sans aucune entité", "GML collection without any feature")
        return gpd.GeoDataFrame({"geometry": []}), layer or file.stem, None, [Remark(text, 0)]
    name = _chosen_layer(file, asked, layer, names)
    return _read_any_encoding(file, asked, name, encoding)


def list_layers(path: Path) -> list[str]:
    """Return the names of the layers of a file, a folder or an archive.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When GDAL does not know the file.
    """
    with opened(Path(path)) as place:
        if place.is_dir() and place.suffix.lower() != ".gdb":
            return [name for file in find(place, "", suffixes=VECTOR_SUFFIXES) for name in list_layers(file)]
        if place.suffix.lower() in _PARQUET:
            return [place.stem]
        with _gml_copied(place) as file:
            return _layer_names(file, Path(path))


@contextmanager
def _readable(place: Path, asked: Path, layer: str | None) -> Iterator[Path]:
    """Give the one file to read: of a folder, the file called `layer`, or the only one."""
    file = place
    if place.is_dir() and place.suffix.lower() != ".gdb":
        file = _only_file(find(place, "", suffixes=VECTOR_SUFFIXES), asked, layer)
    with _gml_copied(file) as copied:
        yield copied


def _only_file(files: Sequence[Path], asked: Path, layer: str | None) -> Path:
    named = [file for file in files if layer and file.stem.lower() == layer.lower()]
    chosen = named or list(files)
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(file.name for file in files)
    if not files:
        raise _refusal(
            asked,
            layer,
            Text("aucun fichier géographique dans ce dossier", "no vector file in this folder"),
            Text("donnez le fichier lui-même.", "give the file itself."),
        )
    raise _refusal(
        asked,
        layer,
        Text(f"plusieurs fichiers possibles : {names}", f"several files are possible: {names}"),
        Text('choisissez-en un par `couche = "…"`.', 'choose one with `couche = "…"`.'),
    )


@contextmanager
def _gml_copied(file: Path) -> Iterator[Path]:
    """GDAL writes a ``.gfs`` beside the GML that it opens: let it do so beside a copy."""
    if file.suffix.lower() != ".gml":
        yield file
        return
    with TemporaryDirectory(prefix="territoire_sig_") as folder:
        for sibling in file.parent.glob(f"{file.stem}.*"):
            if sibling.suffix.lower() in {".gml", ".gfs", ".xsd"}:
                shutil.copy(sibling, folder)
        yield Path(folder) / file.name


def _refusal(file: Path, layer: str | None, problem: Text, mend: Text) -> UnreadableLayerError:
    return UnreadableLayerError(problem, mend, file=file, layer=layer)


def _refused_by_gdal(file: Path, asked: Path, layer: str | None, reason: Exception | str) -> UnreadableLayerError:
    said = str(reason).replace(str(file), file.name).split("; It might help")[0].rstrip(".")
    lone = file.suffix.lower() == ".shp" and not sibling(file, ".shx")
    mend = Text(
        "ouvrez-le dans QGIS et exportez-le en GeoPackage, ou redemandez-le au producteur.",
        "open it in QGIS and export it to a GeoPackage, or ask its producer again.",
    )
    if lone:
        mend = Text(
            f"placez «{file.stem}.shx» à côté du .shp (un Shapefile se transmet avec tous ses fichiers).",
            f"put «{file.stem}.shx» beside the .shp (a Shapefile travels with all its files).",
        )
    return _refusal(asked, layer, Text(f"lecture refusée : {said}", f"reading refused: {said}"), mend)


def _layer_names(file: Path, asked: Path) -> list[str]:
    return [name for name, _ in _listed(file, asked)]


def _listed(file: Path, asked: Path) -> list[tuple[str, str | None]]:
    """Return the layers with their kind of geometry; what GDAL warns of is told when one is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [(str(name), kind) for name, kind in pyogrio.list_layers(file)]
    except _REFUSALS as error:
        raise _refused_by_gdal(file, asked, None, error) from error


def _chosen_layer(file: Path, asked: Path, layer: str | None, names: list[str]) -> str:
    if layer is None:
        return _only_layer(file, asked, names)
    alike = [name for name in names if name == layer] or [name for name in names if name.lower() == layer.lower()]
    if alike or (len(names) == 1 and file.stem.lower() == layer.lower()):
        return (alike or names)[0]
    raise _refusal(
        asked,
        layer,
        Text(
            f"couche absente ; couches présentes : {', '.join(names)}",
            f"no such layer; layers present: {', '.join(names)}",
        ),
        Text("corrigez `couche` dans territoire.toml.", "mend `couche` in territoire.toml."),
    )


def _only_layer(file: Path, asked: Path, names: list[str]) -> str:
    """Return the one layer, or the one that has a geometry."""
    if len(names) == 1:
        return names[0]
    drawn = [name for name, kind in _listed(file, asked) if kind is not None] if names else []
    if len(drawn) == 1:
        return drawn[0]
    if not names:
        problem = Text("le fichier ne contient aucune couche", "the file holds no layer")
        raise _refusal(asked, None, problem, Text("redemandez-le au producteur.", "ask its producer again."))
    listed = ", ".join(drawn or names)
    raise _refusal(
        asked,
        None,
        Text(f"plusieurs couches dans le fichier : {listed}", f"several layers in the file: {listed}"),
        Text('choisissez-en une par `couche = "…"`.', 'choose one with `couche = "…"`.'),
    )


def _read_any_encoding(
    file: Path, asked: Path, layer: str, stated: str | None
) -> tuple[Frame, str, str | None, list[Remark]]:
    """Read with the stated encoding, the file's own, UTF-8, then Windows-1252."""
    check_encoding(asked, layer, stated)
    for tried in encodings_to_try(file, stated):
        try:
            frame, remarks = _read(file, layer, tried)
        except UnicodeDecodeError:
            continue
        except _REFUSALS as error:
            raise _refused_by_gdal(file, asked, layer, error) from error
        return frame, layer, tried, remarks + dbf_remarks(file) + encoding_remarks(file, stated, tried)
    raise _refusal(
        asked,
        layer,
        Text(
            f"textes indéchiffrables en {stated or 'UTF-8, Windows-1252'}",
            f"texts cannot be decoded as {stated or 'UTF-8, Windows-1252'}",
        ),
        Text('essayez `encodage = "cp850"`.', 'try `encodage = "cp850"`.'),
    )


def _read(file: Path, layer: str, encoding: str | None) -> tuple[Frame, list[Remark]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        info = pyogrio.read_info(file, layer=layer, encoding=encoding)
        frame = pyogrio.read_dataframe(file, layer=layer, encoding=encoding, on_invalid="warn")
    malformed = [item for item in caught if str(item.message).startswith("Invalid WKB")]
    said = Counter(str(item.message) for item in caught if item not in malformed)
    remarks = [Remark(Text(f"GDAL signale : {text}", f"GDAL says: {text}"), n) for text, n in said.items()]
    if malformed:
        n = int(frame.geometry.isna().sum())
        fr = f"{n} géométrie(s) absente(s), dont des malformées (anneau non fermé…), lues comme telles"
        remarks.append(
            Remark(Text(fr, f"{n} absent geometry(ies), some malformed (unclosed ring…) and read as such"), n)
        )
    return frame, remarks + curve_remarks(file, layer) + _hidden_remarks(info)


def _hidden_remarks(info: dict[str, Any]) -> list[Remark]:
    if "geometry" not in info["fields"] or info["geometry_type"] is None:
        return []
    text = Text(
        "un attribut s'appelle «geometry» : il n'est pas lu, la géométrie prend sa place",
        "an attribute is called «geometry»: it is not read, the geometry takes its place",
    )
    return [Remark(text, 1)]


def _read_parquet(file: Path, asked: Path) -> Frame:
    try:
        return gpd.read_parquet(file)
    except ImportError as error:
        raise MissingExtraError(
            Text("lire un GeoParquet demande pyarrow", "reading a GeoParquet needs pyarrow"),
            Text("pip install 'territoire-sig[parquet]'", "pip install 'territoire-sig[parquet]'"),
            file=asked,
        ) from error
    except (ValueError, OSError) as error:
        raise _refused_by_gdal(file, asked, None, error) from error
