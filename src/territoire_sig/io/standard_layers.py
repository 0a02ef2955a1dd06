"""Deliveries of a published standard: several layers, each known by its name, its columns and its codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import pandas as pd

from ..errors import CRSMismatchError, MissingColumnError, UnreadableLayerError
from ..model.crs import crs_label
from ..model.faults import Remark
from ..model.roles import role as role_called
from ..model.territory import Frame
from ..texts import Text
from .containers import find
from .reader import RawLayer, Source
from .tables import geometry_from_wkt, read_table
from .vector import VECTOR_SUFFIXES, VectorRead, list_layers, read_vector

__all__ = [
    "Adapt",
    "NamedLayer",
    "as_role",
    "blank",
    "code_text",
    "date_text",
    "each",
    "joined",
    "mapped",
    "matching",
    "named_layers",
    "no_layer",
    "raw_layer",
    "read_layers",
    "read_named",
]

#: Brings one frame (columns already named) to the codes of its role, and says what it did.
Adapt: TypeAlias = Callable[[Frame, VectorRead], tuple[Frame, list[Remark]]]

_SEVERAL_LAYERS = {".gpkg", ".gdb", ".sqlite", ".gml", ".kml"}
_TABLES = {".csv"}
_SUFFIXES = (*VECTOR_SUFFIXES, ".dbf", ".csv")


@dataclass(frozen=True)
class NamedLayer:
    """A layer of a delivery: the file that holds it, and its name (the file's own where it holds only one)."""

    file: Path
    name: str
    layer: str | None = None


def named_layers(place: Path, only: str | None = None) -> list[NamedLayer]:
    """List the layers and tables of a folder or file, sorted by file.

    Parameters
    ----------
    place : Path
        A folder or a file, out of its archive.
    only : str, optional
        Keep the layer of this name (or file name) alone, compared without case.
    """
    found = [layer for file in find(place, "", suffixes=_SUFFIXES) for layer in _layers_of(file)]
    if only is None:
        return found
    wanted = only.lower()
    return [item for item in found if wanted in {item.name.lower(), item.file.name.lower(), (item.layer or "").lower()}]


def _layers_of(file: Path) -> list[NamedLayer]:
    if file.suffix.lower() not in _SEVERAL_LAYERS:
        return [NamedLayer(file, file.stem)]
    names = list_layers(file)
    if len(names) == 1 and file.suffix.lower() == ".gml":
        return [NamedLayer(file, file.stem, names[0])]
    return [NamedLayer(file, name, name) for name in names]


def matching(layers: Iterable[NamedLayer], pattern: str) -> list[NamedLayer]:
    """Keep the layers whose name matches `pattern`, bounded by the ends or by anything but a letter."""
    wanted = re.compile(rf"(?:^|[^a-z])(?:{pattern})(?:$|[^a-z])", re.IGNORECASE)
    return [item for item in layers if wanted.search(item.name)]


def read_named(item: NamedLayer, source: Source) -> VectorRead:
    """Read one layer of a delivery; a CSV with a column ``wkt`` gives geometries without CRS."""
    if item.file.suffix.lower() not in _TABLES:
        return replace(read_vector(item.file, layer=item.layer, encoding=source.encoding), layer=item.name)
    table = read_table(item.file, encoding=source.encoding)
    frame: Frame = geometry_from_wkt(table.frame, "wkt") if "wkt" in table.frame else table.frame
    return VectorRead(frame, item.name, table.encoding, len(frame), table.remarks)


def read_layers(items: Sequence[NamedLayer], source: Source) -> list[VectorRead]:
    """Read the layers of one role.

    Raises
    ------
    UnreadableLayerError
        When the same layer is there in two formats: reading both would count everything twice.
    """
    seen: dict[tuple[Path, str], NamedLayer] = {}
    for item in items:
        twin = seen.setdefault((item.file.parent, item.name.lower()), item)
        if twin is not item:
            names = f"{twin.file.name}, {item.file.name}"
            raise UnreadableLayerError(
                Text(f"la même couche est là deux fois : {names}", f"the same layer is there twice: {names}"),
                Text("donnez l'un des deux fichiers dans `fichier`.", "give one of the two files in `fichier`."),
                file=source.path,
                layer=item.name,
            )
    return [read_named(item, source) for item in items]


def no_layer(source: Source, found: Sequence[NamedLayer], expected: str) -> UnreadableLayerError:
    """Make the error for a delivery that lacks what is asked: it lists what is there and the names expected."""
    there = ", ".join(sorted({item.name for item in found})) or "∅"
    return UnreadableLayerError(
        Text(f"aucune couche reconnue ; présentes : {there}", f"no layer recognised; present: {there}"),
        Text(
            f'noms attendus : {expected}. Renommez le fichier, ou précisez `couche = "…"` et `role = "…"`.',
            f'names expected: {expected}. Rename the file, or state `couche = "…"` and `role = "…"`.',
        ),
        file=source.path,
        layer=source.layer,
    )


def raw_layer(
    role: str,
    reads: Sequence[VectorRead],
    source: Source,
    adapt: Adapt,
    *,
    name_source: bool = False,
) -> RawLayer:
    """Put the layers of one role end to end, with their columns named as in the role.

    Parameters
    ----------
    adapt : callable
        See :data:`Adapt`.
    name_source : bool
        Add the column ``couche_source``, the layer that each row comes from.

    Raises
    ------
    CRSMismatchError
        When the layers are in different systems, and the user states none.
    """
    frames, remarks = [], []
    for read in reads:
        named, said = adapt(as_role(read.frame, role, source), read)
        frames.append(named.assign(couche_source=read.layer) if name_source else named)
        remarks += [*_of_layer(read, reads), *_lost_characters(named, read.layer), *said]
    return RawLayer(
        role,
        _end_to_end(frames, reads, source),
        ", ".join(read.layer for read in reads),
        sum(read.rows_read for read in reads),
        encoding=next((read.encoding for read in reads if read.encoding), None),
        remarks=tuple(remarks),
    )


def _of_layer(read: VectorRead, reads: Sequence[VectorRead]) -> list[Remark]:
    if len(reads) == 1:
        return list(read.remarks)
    return [Remark(Text(f"{read.layer} : {r.text.fr}", f"{read.layer}: {r.text.en}"), r.count) for r in read.remarks]


def _lost_characters(frame: Frame, layer: str) -> list[Remark]:
    """Count the texts where a former conversion left the replacement character: what it stood for is lost."""
    words = [value for name in frame.columns for value in frame[name] if isinstance(value, str) and "\ufffd" in value]
    if not words:
        return []
    n = len(words)
    text = Text(
        f"{layer} : {n} texte(s) dont les accents étaient perdus à la publication, laissés tels quels («{words[0]}»)",
        f"{layer}: {n} text(s) whose accents were lost at publication, left as they are («{words[0]}»)",
    )
    return [Remark(text, n)]


def _end_to_end(frames: list[Frame], reads: Sequence[VectorRead], source: Source) -> Frame:
    if len(frames) == 1:
        return frames[0]
    drawn = [frame for frame in frames if isinstance(frame, gpd.GeoDataFrame)]
    labels = {crs_label(frame.crs) for frame in drawn}
    if len(labels) > 1 and source.crs is None:
        pairs = ", ".join(f"{read.layer} ({crs_label(getattr(read.frame, 'crs', None))})" for read in reads)
        raise CRSMismatchError(
            Text(f"couches dans des systèmes différents : {pairs}", f"layers in different systems: {pairs}"),
            Text(
                'lisez-les séparément (`couche = "…"`), ou précisez `crs = "EPSG:…"` si l\'un est faux.',
                'read them one by one (`couche = "…"`), or state `crs = "EPSG:…"` if one is wrong.',
            ),
            file=source.path,
        )
    crs = drawn[0].crs if drawn else None
    tables = [pd.DataFrame(frame).astype(object) for frame in frames]
    whole = pd.concat(tables, ignore_index=True).infer_objects()
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=crs) if drawn else whole


def as_role(frame: Frame, role: str, source: Source) -> Frame:
    """Keep the columns that the role names (and the geometry), under the role's names.

    A column is looked for under the name that the user states, its own, its aliases, then the first ten letters of
    these (all that a Shapefile keeps); an empty one gives way to the next that is not.

    Raises
    ------
    MissingColumnError
        When the user asks for this role and states a column that is not there.
    """
    picked: dict[str, pd.Series[Any]] = {}
    for column in role_called(role).columns:
        stated = source.columns.get(column.name, "").strip().lower()
        if stated and stated not in frame.columns and source.role == role:
            raise _no_column(frame, source, column.name, stated)
        names = [stated] if stated in frame.columns else [column.name, *column.aliases]
        there = [name for name in (*names, *(name[:10] for name in names)) if name in frame.columns]
        if there:
            filled = [name for name in there if frame[name].notna().any()]
            picked[column.name] = frame[(filled or there)[0]]
    kept = pd.DataFrame(picked, index=frame.index)
    if not isinstance(frame, gpd.GeoDataFrame):
        return kept
    return gpd.GeoDataFrame(kept, geometry=frame.geometry.array, crs=frame.crs)


def _no_column(frame: Frame, source: Source, column: str, stated: str) -> MissingColumnError:
    there = ", ".join(str(name) for name in frame.columns)
    return MissingColumnError(
        Text(
            f"«{column}» devrait être la colonne «{stated}», absente ; présentes : {there}",
            f"«{column}» should be the column «{stated}», which is absent; present: {there}",
        ),
        Text("corrigez `colonnes` dans territoire.toml.", "mend `colonnes` in territoire.toml."),
        file=source.path,
    )


def blank(frame: pd.DataFrame) -> pd.Series:
    """Return a column of None beside the rows of `frame`."""
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def each(values: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return each text changed; None where there is no text.

    Examples
    --------
    >>> each(pd.Series(["ac1", None, float("nan")], dtype=object), str.upper).tolist()
    ['AC1', None, None]
    """
    found = [change(value) if isinstance(value, str) else None for value in values]
    return pd.Series(found, index=values.index, name=values.name, dtype=object)


def code_text(values: pd.Series, width: int = 0) -> pd.Series:
    """Return codes as text: ``1.0`` is ``"1"``, with zeros on the left up to `width`; None where blank.

    Examples
    --------
    >>> code_text(pd.Series([1.0, "07", " AUc ", None, ""], dtype=object), 2).tolist()
    ['01', '07', 'AUc', None, None]
    """
    return pd.Series([_code(value, width) for value in values], index=values.index, name=values.name, dtype=object)


def _code(value: Any, width: int) -> str | None:
    if value is None or pd.isna(value):
        return None
    text = re.sub(r"^(\d+)\.0+$", r"\1", str(value).strip())
    return (text.zfill(width) if text.isdigit() else text) or None


def date_text(values: pd.Series) -> pd.Series:
    """Return dates as ``YYYY-MM-DD``; what is not a date stays as published, None where blank.

    Examples
    --------
    >>> date_text(pd.Series([20171013, "20200128", pd.Timestamp(2012, 7, 5), "inconnu", None], dtype=object)).tolist()
    ['2017-10-13', '2020-01-28', '2012-07-05', 'inconnu', None]
    """
    return pd.Series([_date(value) for value in values], index=values.index, name=values.name, dtype=object)


def _date(value: Any) -> str | None:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    text = _code(value, 0)
    return text and re.sub(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)$", r"\1-\2-\3", text)


def mapped(codes: pd.Series, words: Mapping[str, str], unknown: str) -> tuple[pd.Series, dict[str, int]]:
    """Return the word of each code, `unknown` for a blank or a code outside the list, and those codes counted.

    Examples
    --------
    >>> mapped(pd.Series(["01", "88", None], dtype=object), {"01": "faible"}, "indetermine")[1]
    {'': 1, '88': 1}
    """
    outside = Counter(code if isinstance(code, str) else "" for code in codes)
    found = [words.get(code, unknown) if isinstance(code, str) else unknown for code in codes]
    return (
        pd.Series(found, index=codes.index, name=codes.name, dtype=object),
        {code: n for code, n in sorted(outside.items()) if code not in words},
    )


def joined(values: Iterable[str | None], separator: str = "; ") -> str | None:
    """Return the different texts joined by `separator`, in their order; None for none.

    Examples
    --------
    >>> joined(["112", None, "123", "112"])
    '112; 123'
    """
    return separator.join(dict.fromkeys(value for value in values if value)) or None
