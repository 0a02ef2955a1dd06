"""Vector files: read whole with pyogrio, whatever their encoding and their container."""

from __future__ import annotations

import re
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
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from ..errors import MissingExtraError, UnreadableLayerError
from ..model.faults import Remark
from ..model.territory import Frame
from ..texts import Text
from .containers import find, opened

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
_TAIL = {chr(b) for b in range(0x80, 0xC0)} | {bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0xC0)}
_MOJIBAKE = re.compile("[ÃÂ][" + re.escape("".join(sorted(_TAIL - {"\ufffd"}))) + "]|â€")


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
    frame, renamed = _lower_columns(raw)
    frame, flattened = _flat(frame)
    remarks += [*renamed, *flattened, *mojibake_remarks(frame)]
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


def mojibake_remarks(frame: pd.DataFrame) -> list[Remark]:
    """Count, by column, the texts decoded twice (``Ã©`` for ``é``); they are left as they are.

    Examples
    --------
    >>> [str(r) for r in mojibake_remarks(pd.DataFrame({"nom": ["MÃ©dÃ©e", "école"]}))]
    ['1 texte(s) mal encodé(s) dans «nom» (par exemple «MÃ©dÃ©e»), laissés tels quels']
    """
    remarks = []
    for name in frame.columns:
        if not (frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name].dtype)):
            continue
        bad = [value for value in frame[name] if isinstance(value, str) and _MOJIBAKE.search(value)]
        if bad:
            remarks.append(
                Remark(
                    Text(
                        f"{len(bad)} texte(s) mal encodé(s) dans «{name}» (par exemple «{bad[0]}»), laissés tels quels",
                        f"{len(bad)} badly encoded text(s) in «{name}» (for example «{bad[0]}»), left as they are",
                    ),
                    len(bad),
                )
            )
    return remarks


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
    lone = file.suffix.lower() == ".shp" and not _sibling(file, ".shx")
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
    try:
        return [str(name) for name, _ in pyogrio.list_layers(file)]
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
    drawn = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None] if names else []
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
    for tried in _encodings(file, stated):
        try:
            frame, remarks = _read(file, layer, tried)
        except UnicodeDecodeError:
            continue
        except _REFUSALS as error:
            raise _refused_by_gdal(file, asked, layer, error) from error
        except LookupError as error:
            raise _unknown_encoding(asked, layer, str(tried)) from error
        return frame, layer, tried, remarks + _dbf_remarks(file) + _encoding_remarks(file, stated, tried)
    raise _refusal(
        asked,
        layer,
        Text(
            f"textes indéchiffrables en {stated or 'UTF-8, Windows-1252'}",
            f"texts cannot be decoded as {stated or 'UTF-8, Windows-1252'}",
        ),
        Text('essayez `encodage = "cp850"`.', 'try `encodage = "cp850"`.'),
    )


def _encodings(file: Path, stated: str | None) -> list[str | None]:
    if file.suffix.lower() not in {".shp", ".dbf"}:
        return [None, stated] if stated else [None, "cp1252"]
    if stated:
        return [stated]
    if _sibling(file, ".cpg") or _language_byte(file):
        return [None, "utf-8", "cp1252"] if _sibling(file, ".cpg") else ["utf-8", None, "cp1252"]
    return ["utf-8", "cp1252"]


def _language_byte(file: Path) -> int:
    """Return byte 29 of the DBF header (code page; 0: none stated)."""
    table = _sibling(file, ".dbf")
    head = table.open("rb") if table else None
    if head is None:
        return 0
    with head:
        start = head.read(30)
    return start[29] if len(start) == 30 else 0


def _sibling(file: Path, suffix: str) -> Path | None:
    names = (file.with_suffix(suffix), file.with_suffix(suffix.upper()))
    return next((name for name in names if name.exists()), None)


def _unknown_encoding(asked: Path, layer: str, encoding: str) -> UnreadableLayerError:
    return _refusal(
        asked,
        layer,
        Text(f"encodage inconnu : «{encoding}»", f"unknown encoding: «{encoding}»"),
        Text('écrivez "utf-8", "cp1252" ou "cp850".', 'write "utf-8", "cp1252" or "cp850".'),
    )


def _encoding_remarks(file: Path, stated: str | None, used: str | None) -> list[Remark]:
    if stated and used != stated:
        return [
            Remark(
                Text(
                    f"encodage demandé ({stated}) ignoré : le fichier dit le sien",
                    f"stated encoding ({stated}) not used: the file states its own",
                )
            )
        ]
    if used == "cp1252" and not stated:
        return [
            Remark(Text("encodage absent ou faux : lu en Windows-1252", "no or wrong encoding: read as Windows-1252"))
        ]
    return []


def _dbf_remarks(file: Path) -> list[Remark]:
    if file.suffix.lower() == ".shp" and not _sibling(file, ".dbf"):
        return [
            Remark(
                Text(
                    f"«{file.stem}.dbf» manque : les géométries sont lues sans leurs attributs",
                    f"«{file.stem}.dbf» is missing: geometries are read without their attributes",
                )
            )
        ]
    return []


def _read(file: Path, layer: str, encoding: str | None) -> tuple[Frame, list[Remark]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        info = pyogrio.read_info(file, layer=layer, encoding=encoding)
        frame = pyogrio.read_dataframe(file, layer=layer, encoding=encoding)
    said = Counter(str(item.message) for item in caught)
    remarks = [Remark(Text(f"GDAL signale : {text}", f"GDAL says: {text}"), n) for text, n in said.items()]
    return frame, remarks + _curve_remarks(info)


def _curve_remarks(info: dict[str, Any]) -> list[Remark]:
    kind = str(info.get("geometry_type") or "")
    if not re.search("Curve|Surface|Circular|Compound", kind):
        return []
    return [
        Remark(
            Text(
                f"couche de type {kind} : les arcs, s'il y en a, sont remplacés par des segments",
                f"layer of type {kind}: arcs, if any, are replaced by segments",
            )
        )
    ]


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


def _lower_columns(frame: Frame) -> tuple[Frame, list[Remark]]:
    """Lower-case the names; two that become one are both kept, the second with a suffix."""
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    taken = {"geometry"} if geometry is not None else set()
    names, collided = [], []
    for name in frame.columns:
        wanted = "geometry" if name == geometry else str(name).strip().lower()
        final = wanted if name == geometry else _free(wanted, taken)
        collided += [str(name)] if final != wanted else []
        taken.add(final)
        names.append(final)
    renamed = frame.set_axis(names, axis=1)
    if geometry is not None:
        renamed = gpd.GeoDataFrame(pd.DataFrame(renamed), geometry="geometry", crs=frame.crs)
    if not collided:
        return renamed, []
    listed = ", ".join(collided)
    text = Text(
        f"noms de colonne en double, sans la casse : {listed} ; les deux sont gardées, la seconde avec un suffixe",
        f"column names twice, without case: {listed}; both are kept, the second with a suffix",
    )
    return renamed, [Remark(text, len(collided))]


def _free(name: str, taken: set[str]) -> str:
    final, n = name, 1
    while final in taken:
        n += 1
        final = f"{name}_{n}"
    return final


def _flat(frame: Frame) -> tuple[Frame, list[Remark]]:
    """Drop the third dimension, and say so."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame, []
    n = int(shapely.has_z(frame.geometry.array).sum())
    if not n:
        return frame, []
    flat = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(frame.geometry.array), index=frame.index, crs=frame.crs))
    text = Text(
        f"{n} géométrie(s) en trois dimensions : l'altitude est laissée de côté",
        f"{n} three-dimensional geometry(ies): heights are set aside",
    )
    return flat.rename_geometry("geometry") if flat.geometry.name != "geometry" else flat, [Remark(text, n)]
