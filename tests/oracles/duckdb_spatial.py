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
