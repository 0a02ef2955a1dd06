"""Cycle networks: the national schema, open-data CSV (GeoJSON cells or flattened coordinates), any line layer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...model.roles.mobility import CYCLE_STATES
from ...texts import Text
from ..containers import find, opened
from ..naming import coalesced, first_present, missing_column, numbers, renamed, told_where
from ..reader import RawLayer, Reader, Source
from ..tables import geometry_from_geojson_cells, geometry_from_wkt, read_table
from ..vector import VECTOR_SUFFIXES, read_vector

__all__ = ["READER", "read_cyclable"]

_GEOJSON_CRS = "EPSG:4326"  # RFC 7946
_TABLES = (".csv", ".txt", ".tsv")
_COORDINATE = re.compile(r"geometry[/._]coordinates((?:[/._]\d+)+)")
_CELLS = ("geo_shape", "geometry", "geom", "the_geom", "wkt", "geojson")
_NAMES = {"nom": ("nom_loc", "nom_iti", "name", "libelle")}
_KINDS = ("legende_sdic", "type", "amenagement", "typologie", "type_ame")
#: Words of published files → state. ``PROVISOIRE`` (national schema) is ridden today.
_STATES = {
    "en service": "existant",
    "provisoire": "existant",
    "existant": "existant",
    "realise": "existant",
    "réalisé": "existant",
    "en travaux": "projet",
    "projet": "projet",
    "en projet": "projet",
    "prévu": "projet",
    "prevu": "projet",
    "inconnu": "inconnu",
}
_NONE = "AUCUN"


def read_cyclable(source: Source) -> list[RawLayer]:
    """Read a cycle network (role ``cyclable``).

    Parameters
    ----------
    source : Source
        A GeoJSON of the national schema (etalab/amenagements-cyclables), a CSV whose lines are GeoJSON or WKT cells,
        a CSV flattened as ``geometry/coordinates/0/0``… or any line layer. Option ``etat``: the state of the
        facilities whose state the file does not say (``existant``, ``projet``, by default ``inconnu``).

    Returns
    -------
    list of RawLayer
        One layer. ``etat`` comes from ``etat``, ``statut_d``/``statut_g`` (one side in service is enough) or
        ``d_service`` (a year of opening), else from the option; ``type_amenagement`` is the right side's, or the
        left side's where the right one has none.

    Raises
    ------
    MissingFileError, UnreadableLayerError
        When the file is absent or cannot be read.
    MissingColumnError
        When a CSV has no geometry.
    InvalidValueError
        When ``etat`` is not one of the three words.
    """
    stated = _stated_state(source)
    frame, layer, encoding, crs_known, remarks = _read(source)
    frame, spaced = _one_line_texts(frame)
    remarks = [*remarks, *spaced]
    kinds = _kinds(frame)
    frame = renamed(frame, source, {**_NAMES, "etat": (), "type_amenagement": ()})
    if "type_amenagement" not in frame.columns and kinds is not None:
        frame["type_amenagement"] = kinds
    frame["etat"], told = _states(frame, stated)
    remarks += [told, *_without_facility(frame)]
    return [RawLayer("cyclable", frame, layer, len(frame), encoding, crs_known, tuple(remarks))]


def _stated_state(source: Source) -> str:
    stated = str(source.options.get("etat", "inconnu"))
    if stated in CYCLE_STATES:
        return stated
    raise InvalidValueError(
        Text(f"etat = «{stated}» est inconnu", f"etat = «{stated}» is unknown"),
        Text(f"états admis : {', '.join(CYCLE_STATES)}.", f"accepted states: {', '.join(CYCLE_STATES)}."),
        file=source.path,
    )


_Read = tuple[gpd.GeoDataFrame, str, str | None, str | None, list[Remark]]


def _read(source: Source) -> _Read:
    with opened(source.path) as place:
        table = _table_file(place, source.layer)
        if table is not None:
            return _read_csv(table, source)
        read = read_vector(place, layer=source.layer, encoding=source.encoding)
    if not isinstance(read.frame, gpd.GeoDataFrame):
        raise missing_column(read.frame, source, "geometry")
    return read.frame, read.layer, read.encoding, None, list(read.remarks)


def _table_file(place: Path, layer: str | None) -> Path | None:
    if find(place, "", suffixes=VECTOR_SUFFIXES):
        return None
    tables = find(place, re.escape(layer) if layer else "", suffixes=_TABLES)
    return tables[0] if len(tables) == 1 else None


def _read_csv(file: Path, source: Source) -> _Read:
    table = read_table(file, encoding=source.encoding)
    frame = table.frame
    if any(_COORDINATE.fullmatch(name) for name in frame.columns):
        return _unflattened(frame, source), file.stem, table.encoding, _GEOJSON_CRS, list(table.remarks)
    cells = source.columns.get("geometry", "").lower() or first_present(frame, _CELLS)
    if cells is None or cells not in frame.columns:
        raise missing_column(frame, source, "geo_shape", "geometry/coordinates/0/0")
    sample = frame[cells].dropna().head(1).astype(str)
    with told_where(source, cells):
        if sample.str.startswith("{").all():
            drawn, crs = geometry_from_geojson_cells(frame, cells), _GEOJSON_CRS
        else:
            drawn, crs = geometry_from_wkt(frame, cells), None
    return drawn, file.stem, table.encoding, crs, list(table.remarks)


def _unflattened(frame: pd.DataFrame, source: Source) -> gpd.GeoDataFrame:
    """Rebuild lines from columns ``geometry/coordinates/point/axis`` (or ``…/part/point/axis``)."""
    places = {name: _place(name) for name in frame.columns if _COORDINATE.fullmatch(name)}
    values = {name: _floats(frame, name, source) for name in places}
    lines = _lines(places, values, len(frame))
    kept = [name for name in frame.columns if name not in places and name not in {"type", "geometry/type"}]
    plain = frame[kept].rename(columns=lambda name: re.sub(r"^properties[/._]", "", name))
    return gpd.GeoDataFrame(plain, geometry=lines, crs=_GEOJSON_CRS)


def _floats(frame: pd.DataFrame, name: str, source: Source) -> np.ndarray[Any, Any]:
    try:
        return pd.to_numeric(frame[name]).to_numpy(dtype=float)
    except ValueError:
        return numbers(frame, name, source).to_numpy()


def _place(name: str) -> tuple[int, int, int]:
    """Return part, point and axis: ``geometry/coordinates/3/1`` is point 3, axis 1 of the only part."""
    numbers = [int(number) for number in re.findall(r"\d+", name)]
    part, point, axis = (0, *numbers) if len(numbers) == 2 else numbers
    return part, point, axis


def _lines(
    places: dict[str, tuple[int, int, int]], values: dict[str, np.ndarray[Any, Any]], rows: int
) -> np.ndarray[Any, Any]:
    points: dict[tuple[int, int], np.ndarray[Any, Any]] = {}
    for name, (part, point, axis) in places.items():
        if axis < 2:
            points.setdefault((part, point), np.full((rows, 2), np.nan))[:, axis] = values[name]
    order = sorted(points)
    stack = np.stack([points[key] for key in order], axis=1)
    parts = np.array([part for part, _ in order])
    lines = np.full(rows, None, dtype=object)
    for row in range(rows):
        known = np.isfinite(stack[row]).all(axis=1)
        lines[row] = _line([stack[row][known & (parts == part)] for part in np.unique(parts[known])])
    return lines


def _line(parts: list[np.ndarray[Any, Any]]) -> shapely.Geometry | None:
    drawn = [shapely.linestrings(part) for part in parts if len(part) > 1]
    if len(drawn) < 2:
        return drawn[0] if drawn else None
    return shapely.multilinestrings(drawn)


def _one_line_texts(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    """Join the texts that run over several lines (a cell with an embedded line feed), and name lists plainly."""
    changed, frame = 0, frame.copy()
    for name in frame.columns.drop("geometry"):
        if not (frame[name].dtype == object or isinstance(frame[name].dtype, pd.StringDtype)):
            continue
        plain = frame[name].map(_plain_text, na_action="ignore")
        broken = frame[name].map(lambda value: isinstance(value, str) and "\n" in value)
        changed += int(broken.sum())
        frame[name] = plain
    if not changed:
        return frame, []
    text = Text(
        f"{changed} texte(s) sur plusieurs lignes, remis sur une seule",
        f"{changed} text(s) over several lines, put on one",
    )
    return frame, [Remark(text, changed)]


def _plain_text(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return value
    if isinstance(value, list | np.ndarray):
        return " ; ".join(str(item) for item in value)
    return re.sub(r"\s*[\r\n]+\s*", " ", value) if isinstance(value, str) else value


def _kinds(frame: gpd.GeoDataFrame) -> pd.Series[Any] | None:
    if "ame_d" in frame.columns or "ame_g" in frame.columns:
        blank = pd.Series(None, index=frame.index, dtype=object)
        right: pd.Series[Any] = frame.get("ame_d", blank)
        left: pd.Series[Any] = frame.get("ame_g", blank)
        return right.where(right.notna() & (right != _NONE), left.where(left.notna(), right))
    found = first_present(frame, _KINDS)
    return None if found is None else frame[found]


def _states(frame: gpd.GeoDataFrame, stated: str) -> tuple[pd.Series[Any], Remark]:
    told = pd.Series(None, index=frame.index, dtype=object)
    for name in ("etat", "statut_d", "statut_g", "statut"):
        if name in frame.columns:
            words = frame[name].map(lambda word: _STATES.get(str(word).strip().lower(), word), na_action="ignore")
            told = words.where(told.isna() | (words == "existant"), told)
    told = told.where(told.notna(), _by_year(frame))
    silent = int(told.isna().sum())
    text = Text(
        f"état dit par le fichier pour {len(frame) - silent} tronçon(s) ; pris «{stated}» pour les {silent} autres",
        f"state told by the file for {len(frame) - silent} stretch(es); taken as «{stated}» for the other {silent}",
    )
    return told.where(told.notna(), stated), Remark(text, silent)


def _by_year(frame: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return the state that a year of opening gives: planned when it comes after the year of the data."""
    if "d_service" not in frame.columns:
        return pd.Series(None, index=frame.index, dtype=object)
    opening = pd.to_numeric(frame["d_service"], errors="coerce")
    updated = coalesced(frame, ("date_maj",))
    year = pd.to_datetime(updated, errors="coerce").dt.year if updated is not None else opening
    states = pd.Series(np.where(opening > year, "projet", "existant"), index=frame.index, dtype=object)
    return states.where(opening.notna(), None)


def _without_facility(frame: gpd.GeoDataFrame) -> list[Remark]:
    if "type_amenagement" not in frame.columns:
        return []
    n = int((frame["type_amenagement"] == _NONE).sum())
    text = Text(
        f"{n} tronçon(s) sans aménagement d'aucun côté (AUCUN), gardés", f"{n} stretch(es) without facility, kept"
    )
    return [Remark(text, n)] if n else []


READER = Reader(
    "cyclable",
    Text("Aménagements cyclables (schéma national, CSV ou couche de lignes)", "Cycle network (national schema, CSV)"),
    ("cyclable",),
    read_cyclable,
    {
        "etat": Text(
            "état de ce dont le fichier ne dit rien : existant, projet ou inconnu",
            "state where the file says none: existant, projet or inconnu",
        )
    },
)
