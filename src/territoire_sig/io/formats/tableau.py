"""Any table: for the roles that are tables, and for the others when it holds coordinates or geometries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import InvalidValueError, MissingColumnError, TerritoireError, TerritoryFileError
from ...model.faults import Remark
from ...model.roles import ROLES, role
from ...model.territory import Frame
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..tables import (
    geometry_from_geojson_cells,
    geometry_from_wkt,
    points_from,
    points_from_pair,
    read_table,
)
from ..vector import read_vector

__all__ = ["READER", "read"]

_ROLES = tuple(found.id for found in ROLES.values() if found.geometry != "raster")
_TEXT_SUFFIXES = {".csv", ".txt", ".tsv", ".zip", ".gz", ".gzip", ""}
_OPTIONS = {
    "x": Text("colonne de l'abscisse ou de la longitude", "column of the easting or longitude"),
    "y": Text("colonne de l'ordonnée ou de la latitude", "column of the northing or latitude"),
    "latlon": Text("colonne «latitude, longitude»", "column «latitude, longitude»"),
    "wkt": Text("colonne de géométries WKT", "column of WKT geometries"),
    "geojson": Text("colonne de géométries GeoJSON", "column of GeoJSON geometries"),
    "separateur": Text("séparateur de cellules", "cell separator"),
    "entete": Text("rang de la ligne de titres de colonnes, à partir de 0", "row of the column names, from 0"),
}


def read(source: Source) -> list[RawLayer]:
    """Read a table as the role that the source names.

    With the options ``x`` and ``y``, ``latlon``, ``wkt`` or ``geojson``, its rows get a geometry, in ``source.crs``
    (degrees, EPSG:4326, for ``latlon`` and ``geojson`` unless stated).

    Raises
    ------
    TerritoryFileError
        When the source names no role, or an option that does not exist.
    MissingColumnError, InvalidValueError
        When a column of coordinates is absent, or holds something else.
    MissingFileError, UnreadableLayerError
        See :func:`territoire_sig.io.tables.read_table`.
    """
    _check(source)
    frame, encoding, remarks = _table(source)
    rows = len(frame)
    if role(str(source.role)).geometry != "table":
        frame = _placed(frame, source)
    return [RawLayer(str(source.role), frame, source.path.stem, rows, encoding, remarks=remarks)]


def _check(source: Source) -> None:
    unknown = sorted(set(source.options) - set(_OPTIONS))
    if source.role is not None and not unknown:
        return
    problem = Text("le format «tableau» demande un rôle", "the format «tableau» needs a role")
    if unknown:
        listed = ", ".join(unknown)
        problem = Text(f"option inconnue du format «tableau» : {listed}", f"option unknown to «tableau»: {listed}")
    raise TerritoryFileError(
        problem,
        Text(f"options admises : {', '.join(_OPTIONS)}.", f"accepted options: {', '.join(_OPTIONS)}."),
        file=source.path,
    )


def _table(source: Source) -> tuple[Frame, str | None, tuple[Remark, ...]]:
    if source.path.suffix.lower() not in _TEXT_SUFFIXES:
        found = read_vector(source.path, layer=source.layer, encoding=source.encoding)
        return found.frame, found.encoding, found.remarks
    table = read_table(
        Path(source.path),
        encoding=source.encoding,
        separator=source.options.get("separateur"),
        header=source.options.get("entete"),
    )
    skipped = Text(
        f"{table.skipped_rows} ligne(s) de titre au-dessus des noms de colonnes",
        f"{table.skipped_rows} title line(s) above the column names",
    )
    told = (Remark(skipped, table.skipped_rows),) if table.skipped_rows else ()
    return table.frame, table.encoding, (*told, *table.remarks)


def _placed(frame: pd.DataFrame, source: Source) -> Frame:
    """Give the rows their geometry; an error says in which file."""
    options: dict[str, Any] = {name: str(value).strip().lower() for name, value in source.options.items()}
    degrees = source.crs or "EPSG:4326"
    try:
        if "x" in options and "y" in options:
            return points_from(frame, options["x"], options["y"], source.crs)
        if "latlon" in options:
            return points_from_pair(frame, options["latlon"], crs=degrees)
        if "geojson" in options:
            return geometry_from_geojson_cells(frame, options["geojson"])
        if "wkt" in options:
            return geometry_from_wkt(frame, options["wkt"], source.crs)
    except (InvalidValueError, MissingColumnError) as error:
        raise _with_file(error, source) from error
    return frame


def _with_file(error: TerritoireError, source: Source) -> TerritoireError:
    return type(error)(error.problem, error.mend, file=source.path)


READER = Reader("tableau", Text("tableau (CSV, DBF…)", "table (CSV, DBF…)"), _ROLES, read, _OPTIONS)
