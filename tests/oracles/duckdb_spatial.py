"""DuckDB spatial, an engine of its own, as a judge of ours: loaded from its wheel, without any network."""

from __future__ import annotations

from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import pandas as pd
import shapely


def connect() -> duckdb.DuckDBPyConnection:
    """Return a new connection to a database in memory, with the spatial functions."""
    [extension] = Path(duckdb_extension_spatial.__file__).parent.glob("extensions/*/spatial.duckdb_extension")
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
    connection.execute(f"LOAD '{extension}'")
    return connection


def register(connection: duckdb.DuckDBPyConnection, name: str, layer: gpd.GeoDataFrame) -> None:
    """Make a table `name` of a layer: its position `id`, and its geometry `geom` in two dimensions."""
    wkb = shapely.to_wkb(shapely.force_2d(layer.geometry.to_numpy()))
    frame = pd.DataFrame({"id": range(len(layer)), "wkb": wkb})
    connection.register("arrival", frame)
    connection.execute(f"CREATE TABLE {name} AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM arrival")
    connection.unregister("arrival")


def register_table(connection: duckdb.DuckDBPyConnection, name: str, layer: gpd.GeoDataFrame) -> None:
    """Make a table `name` of a layer: position `id`, index `row_key` as text, its plain columns, and `geom`; no NaN."""
    columns = {"id": range(len(layer)), "row_key": layer.index.astype(str).to_numpy(dtype=object)}
    plain = layer.drop(columns=layer.geometry.name)
    given = {str(column).lower(): _plain(plain[column]) for column in plain.columns}
    given |= {"wkb": shapely.to_wkb(shapely.force_2d(layer.geometry.to_numpy()))}
    kept = {column: values for column, values in given.items() if column not in columns}
    connection.register("arrival", pd.DataFrame(columns | kept, index=range(len(layer))))
    connection.execute(f"""
        CREATE OR REPLACE TABLE {name} AS
        SELECT * EXCLUDE (wkb), ST_GeomFromWKB(wkb::BLOB) AS geom FROM arrival ORDER BY id
    """)
    connection.unregister("arrival")


def _plain(values: pd.Series) -> object:
    """Return values as DuckDB tells apart: numbers, booleans or text, and NULL where unknown."""
    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean").array
    if pd.api.types.is_numeric_dtype(values):
        return pd.array(pd.to_numeric(values).astype("Float64"))
    text = values.astype(object).where(values.notna(), None).map(lambda value: None if value is None else str(value))
    return pd.array(text, dtype="string")
