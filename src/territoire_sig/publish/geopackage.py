"""A GeoPackage that QGIS opens styled and documented: layers, their default style and their metadata.

The tables beside the layers are those that QGIS itself makes: ``layer_styles`` (a default style a layer) and the
``gpkg_metadata`` extension holding QGIS layer metadata. Every date is the one given, so that two runs on the same
layers write the same bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj

from ..errors import InvalidValueError, UnreadableLayerError
from ..model.crs import crs_label
from ..texts import Text, current_language

__all__ = ["EPOCH", "GpkgLayer", "check_free", "write_geopackage"]

#: Date written in the file when none is given: the content does not depend on the day.
EPOCH = "1970-01-01T00:00:00.000Z"

_STANDARD = "http://mrcc.com/qgis.dtd"
_EXTENSION = "http://www.geopackage.org/spec120/#extension_metadata"
_TABLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE IF NOT EXISTS gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""


@dataclass(frozen=True, eq=False)
class GpkgLayer:
    """A layer to write.

    Attributes
    ----------
    frame : GeoDataFrame or DataFrame
        Its index is not written. Without geometry, it is a table of attributes.
    style_qml : str or None
        Default style, as QML.
    styles : mapping of str to str
        Further styles that QGIS offers for the layer, by name.
    geometry_type : str, optional
        ``"Point"``, ``"MultiPolygon"``…; needed where the frame has no feature, inferred elsewhere.
    """

    name: str
    frame: gpd.GeoDataFrame | pd.DataFrame
    title: str
    abstract: str
    style_qml: str | None = None
    keywords: tuple[str, ...] = ()
    licence: str | None = None
    source: str | None = None
    vintage: str | None = None
    geometry_type: str | None = None
    styles: Mapping[str, str] = field(default_factory=dict)


def write_geopackage(path: Path, layers: Sequence[GpkgLayer], *, date: str = EPOCH) -> Path:
    """Write `layers` to the GeoPackage `path` (replaced if it exists; it appears whole, by rename).

    Each layer is written in one call: rows are never appended, since an append by position may swap columns.

    Raises
    ------
    InvalidValueError
        When two layers have the same name, or a layer has no CRS.
    """
    _check(layers, path)
    partial = path.with_name(f"{path.stem}.partial.gpkg")
    partial.unlink(missing_ok=True)
    try:
        for layer in layers:
            _write_layer(partial, layer)
        with closing(sqlite3.connect(partial)) as base, base:
            _write_tables(base, layers, date)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def check_free(path: Path) -> None:
    """Refuse to replace a GeoPackage in which another program is writing: what it writes would be lost.

    Call it from a process of its own: closing a second SQLite drops the locks that its process holds on the file.

    Raises
    ------
    UnreadableLayerError
        When another program holds a write lock on `path`.
    """
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            base.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            return
        raise UnreadableLayerError(
            Text("un autre programme écrit dans ce fichier", "another program is writing in this file"),
            Text(
                "enregistrez ou abandonnez ses modifications, ou choisissez un autre dossier.",
                "save or discard its edits, or choose another folder.",
            ),
            file=path,
        ) from error


def _check(layers: Sequence[GpkgLayer], path: Path) -> None:
    names = [layer.name.lower() for layer in layers]
    for layer in layers:
        if names.count(layer.name.lower()) > 1:
            problem = Text("deux couches portent ce nom", "two layers bear this name")
        elif isinstance(layer.frame, gpd.GeoDataFrame) and layer.frame.crs is None:
            problem = Text("la couche n'a pas de système de coordonnées", "the layer has no CRS")
        else:
            continue
        mend = Text("corrigez la couche avant de l'écrire.", "mend the layer before writing it.")
        raise InvalidValueError(problem, mend, file=path, layer=layer.name)


def _write_layer(path: Path, layer: GpkgLayer) -> None:
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        _write_attributes(path, layer)
        return
    kind = layer.geometry_type or _geometry_type(layer.frame)
    pyogrio.write_dataframe(
        _without_reserved_names(layer.frame),
        path,
        layer=layer.name,
        driver="GPKG",
        geometry_type=kind,
        promote_to_multi=kind.startswith("Multi"),
        dataset_options=None if path.exists() else {"VERSION": "1.2"},
        layer_options={
            "SPATIAL_INDEX": "YES",
            "GEOMETRY_NAME": "geom",
            "IDENTIFIER": layer.title,
            "DESCRIPTION": layer.abstract,
        },
    )


def _write_attributes(path: Path, layer: GpkgLayer) -> None:
    pyogrio.write_dataframe(
        _without_reserved_names(layer.frame),
        path,
        layer=layer.name,
        driver="GPKG",
        dataset_options=None if path.exists() else {"VERSION": "1.2"},
        layer_options={"IDENTIFIER": layer.title, "DESCRIPTION": layer.abstract},
    )


def _without_reserved_names(frame: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame | pd.DataFrame:
    """Return `frame` with its columns ``fid`` and ``geom``, which a GeoPackage keeps for itself, as ``src_…``."""
    own = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    attributes = [column for column in frame.columns if column != own]
    taken = {column: f"src_{column}" for column in attributes if column.lower() in ("fid", "geom")}
    return frame.rename(columns=taken).reset_index(drop=True)


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    kinds = set(frame.geometry.geom_type.dropna())
    simple = {kind.removeprefix("Multi") for kind in kinds}
    if len(simple) != 1:
        return "Unknown"
    return kinds.pop() if kinds == {"Point"} else f"Multi{simple.pop()}"


def _write_tables(base: sqlite3.Connection, layers: Sequence[GpkgLayer], date: str) -> None:
    base.executescript(_TABLES)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        (date,),
    )
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        base.execute(
            "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            (table, _EXTENSION),
        )
    for layer in layers:
        _write_styles(base, layer, date)
        _write_metadata(base, layer, date)
    base.execute("UPDATE gpkg_contents SET last_change = ?", (date,))


def _write_styles(base: sqlite3.Connection, layer: GpkgLayer, date: str) -> None:
    default = [] if layer.style_qml is None else [(layer.name[:30], layer.style_qml, 1, layer.title)]
    for name, style, first, described in [*default, *((name, qml, 0, name) for name, qml in layer.styles.items())]:
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, '', NULL, ?)",
            (layer.name, name, style, first, described, date),
        )


def _write_metadata(base: sqlite3.Connection, layer: GpkgLayer, date: str) -> None:
    found = base.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
        "VALUES ('dataset', ?, 'text/xml', ?)",
        (_STANDARD, _metadata_xml(layer)),
    )
    base.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) "
        "VALUES ('table', ?, ?, ?)",
        (layer.name, date, found.lastrowid),
    )


def _metadata_xml(layer: GpkgLayer) -> str:
    root = ET.Element("qgis", version="3.22")
    fields = {
        "identifier": layer.name,
        "parentidentifier": "",
        "language": "FRE" if current_language() == "fr" else "ENG",
        "type": "dataset",
        "title": layer.title,
        "abstract": layer.abstract,
    }
    for name, value in fields.items():
        ET.SubElement(root, name).text = value
    words = ET.SubElement(root, "keywords", vocabulary="territoire_sig")
    for keyword in layer.keywords:
        ET.SubElement(words, "keyword").text = keyword
    if layer.licence:
        ET.SubElement(root, "license").text = layer.licence
    if isinstance(layer.frame, gpd.GeoDataFrame):
        _append_crs(root, layer.frame)
    for text in _history(layer):
        ET.SubElement(root, "history").text = text
    return f"<!DOCTYPE qgis PUBLIC '{_STANDARD}' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")


def _append_crs(root: ET.Element, frame: gpd.GeoDataFrame) -> None:
    crs = pyproj.CRS.from_user_input(frame.crs)
    system = ET.SubElement(ET.SubElement(root, "crs"), "spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(system, "wkt").text = crs.to_wkt("WKT2_2019")
    label = crs_label(crs)
    ET.SubElement(system, "srid").text = label.partition(":")[2]
    ET.SubElement(system, "authid").text = label
    ET.SubElement(system, "description").text = crs.name
    ET.SubElement(system, "geographicflag").text = str(crs.is_geographic).lower()


def _history(layer: GpkgLayer) -> list[str]:
    told = []
    if layer.source:
        told.append(str(Text(f"Source : {layer.source}", f"Source: {layer.source}")))
    if layer.vintage:
        told.append(str(Text(f"Millésime : {layer.vintage}", f"Vintage: {layer.vintage}")))
    return told
