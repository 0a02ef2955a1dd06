"""Measures told in SQL, for DuckDB spatial: surfaces by unit, metres, points and people.

Tables hold `id` (position) and `geom`; a surface by unit holds `unit` (position of the unit) and `geom`.
"""

from __future__ import annotations

import duckdb
import pandas as pd

TILE_M = 2000


def has(duck: duckdb.DuckDBPyConnection, table: str, column: str | None = None) -> bool:
    """Tell whether there is such a table with features, and such a column in it."""
    found = duck.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
    if not found or (column is not None and (column,) not in found):
        return False
    return bool(duck.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def per_unit(duck: duckdb.DuckDBPyConnection, query: str, missing: float = 0.0) -> pd.Series[float]:
    """Return the second column of a query by unit code; `missing` where it has no row for a unit."""
    units = duck.execute("SELECT id, row_key FROM units ORDER BY id").df()
    found = duck.execute(query).df()
    found.columns = ["unit", "value"]
    values = found.set_index("unit")["value"].astype(float)
    return pd.Series(values.reindex(units["id"]).to_numpy(), index=units["row_key"]).where(
        units["id"].isin(values.index).to_numpy(), missing
    )


def surface(duck: duckdb.DuckDBPyConnection, name: str, shapes: str) -> str:
    """Make a surface by unit `name` of the union of the `shapes` (a query of `geom`); return its name."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH one AS (SELECT ST_Union_Agg(geom) AS geom FROM ({shapes}))
        SELECT u.id AS unit, ST_CollectionExtract(ST_Intersection(u.geom, one.geom), 3) AS geom FROM units u, one
    """)
    return name


def combined(duck: duckdb.DuckDBPyConnection, name: str, how: str, first: str, second: str) -> str:
    """Make the surface `name` by ``ST_Intersection``, ``ST_Difference`` or ``ST_Union`` of two; return its name."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        SELECT a.unit, ST_CollectionExtract({how}(a.geom, b.geom), 3) AS geom
        FROM {first} a JOIN {second} b USING (unit)
    """)
    return name


def area_m2(duck: duckdb.DuckDBPyConnection, name: str) -> pd.Series[float]:
    """Return the area of a surface by unit."""
    return per_unit(duck, f"SELECT unit, ST_Area(geom) FROM {name}")


def settled(duck: duckdb.DuckDBPyConnection, name: str, shapes: str) -> None:
    """Make `name` (``rank``, ``geom``): the union of the `shapes` of each rank, less those of lower ranks."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_all AS
        SELECT rank, ST_Union_Agg(geom) AS geom FROM ({shapes}) WHERE rank IS NOT NULL GROUP BY rank
    """)
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH lower AS (
            SELECT a.rank, ST_Union_Agg(b.geom) AS geom
            FROM {name}_all a JOIN {name}_all b ON ST_Intersects(a.geom, b.geom)
            WHERE b.rank < a.rank GROUP BY a.rank)
        SELECT a.rank, CASE WHEN l.geom IS NULL THEN a.geom
            ELSE ST_CollectionExtract(ST_Difference(a.geom, l.geom), 3) END AS geom
        FROM {name}_all a LEFT JOIN lower l ON a.rank = l.rank
    """)


def segments(duck: duckdb.DuckDBPyConnection, name: str, lines: str) -> str:
    """Make `name` (``id``, ``line``, ``geom``): every segment of a table of lines, as drawn; return its name."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH parts AS (SELECT id AS line, unnest(ST_Dump(geom)).geom AS geom FROM {lines}),
             ranks AS (SELECT line, geom, unnest(range(1, ST_NPoints(geom)))::INT AS i FROM parts)
        SELECT row_number() OVER () AS id, line, ST_MakeLine(ST_PointN(geom, i), ST_PointN(geom, i + 1)) AS geom
        FROM ranks
    """)
    return name


def claims(duck: duckdb.DuckDBPyConnection, name: str, lines: str, zones: str) -> str:
    """Make `name` (``id``, ``zone``, ``geom``): the pieces of lines in zones; the first zone has what two hold."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH cut AS (
                SELECT l.id, z.id AS zone, ST_CollectionExtract(ST_Intersection(l.geom, z.geom), 2) AS geom
                FROM {lines} l JOIN {zones} z ON ST_Intersects(l.geom, z.geom)),
             shared AS (SELECT id FROM cut GROUP BY id HAVING count(*) > 1),
             held AS (SELECT * FROM cut SEMI JOIN shared USING (id)),
             before AS (
                SELECT a.id, a.zone, ST_Union_Agg(z.geom) AS geom
                FROM held a JOIN held b ON a.id = b.id AND b.zone < a.zone JOIN {zones} z ON z.id = b.zone
                GROUP BY a.id, a.zone)
        SELECT * FROM (
            SELECT c.id, c.zone, CASE WHEN b.geom IS NULL THEN c.geom
                ELSE ST_CollectionExtract(ST_Difference(c.geom, b.geom), 2) END AS geom
            FROM cut c LEFT JOIN before b ON c.id = b.id AND c.zone = b.zone
        ) WHERE ST_Length(geom) > 0
    """)
    return name


def tiles(duck: duckdb.DuckDBPyConnection, name: str, shapes: str) -> str:
    """Make `name` (``geom``): the union of the `shapes` (a query of ``geom``), cut in tiles of a few vertices."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH one AS (SELECT ST_Union_Agg(geom) AS geom FROM ({shapes})),
             box AS (SELECT ST_XMin(geom) - 0.4321 AS x0, ST_XMax(geom) AS x1,
                            ST_YMin(geom) - 0.1234 AS y0, ST_YMax(geom) AS y1 FROM one WHERE NOT ST_IsEmpty(geom)),
             xs AS (SELECT unnest(range(0, 1 + floor((x1 - x0) / {TILE_M})::BIGINT)) AS i, x0, y0 FROM box),
             ys AS (SELECT unnest(range(0, 1 + floor((y1 - y0) / {TILE_M})::BIGINT)) AS j FROM box),
             cells AS (SELECT ST_MakeEnvelope(x0 + i * {TILE_M}, y0 + j * {TILE_M},
                                              x0 + (i + 1) * {TILE_M}, y0 + (j + 1) * {TILE_M}) AS geom FROM xs, ys)
        SELECT * FROM (SELECT ST_CollectionExtract(ST_Intersection(c.geom, one.geom), 3) AS geom FROM cells c, one)
        WHERE NOT ST_IsEmpty(geom)
    """)
    return name


def covered_m(duck: duckdb.DuckDBPyConnection, pieces: str, tiled: str, key: str) -> str:
    """Return the query of `key` and metres of `pieces` in a tiled cover."""
    return f"""
        SELECT p.{key}, sum(ST_Length(ST_Intersection(p.geom, t.geom)))
        FROM {pieces} p JOIN {tiled} t ON ST_Intersects(p.geom, t.geom) GROUP BY p.{key}
    """


def people(duck: duckdb.DuckDBPyConnection, name: str) -> pd.Series[float]:
    """Return the inhabitants of a surface by unit; NaN where a hundredth or more of what is peopled is secret."""
    found = duck.execute(f"""
        SELECT s.unit, sum(c.habitants * ST_Area(ST_Intersection(s.geom, c.geom)) / ST_Area(c.geom)) AS known,
               ST_Area(ST_Union_Agg(ST_Intersection(s.geom, c.geom)) FILTER (c.habitants IS NULL)) AS secret,
               CASE WHEN bool_or(c.habitants IS NULL) THEN ST_Area(ST_Union_Agg(ST_Intersection(s.geom, c.geom))) END
                   AS peopled
        FROM {name} s JOIN population c ON ST_Intersects(s.geom, c.geom) WHERE ST_Area(c.geom) > 0 GROUP BY s.unit
    """).df()
    duck.register("counted", found)
    return per_unit(
        duck,
        """SELECT unit, CASE WHEN coalesce(secret, 0) > 0 AND secret >= 0.01 * peopled THEN NULL
                             ELSE coalesce(known, 0) END FROM counted""",
    )
