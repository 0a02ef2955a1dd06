"""The rules told again in SQL, from the text of the rulebook alone: what each should find, by DuckDB spatial.

Nothing of the rule engine is imported: the rulebook is read as plain TOML, and the meaning of its words is that
of its own header and of the method page: objects are looked at within the perimeter; ``dans`` and ``hors`` cut
surfaces and lines and sort points; distances are straight lines; a metre or a point on the border of two units
belongs to the first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import territoire_sig

RULEBOOK = Path(territoire_sig.__file__).parent / "coherence" / "regles.toml"
MEASURES = ("surface_m2", "longueur_m", "nombre", "habitants", "locaux", "gravite")
TILE_M = 2000
#: Share of a surface in units without known population above which its inhabitants are unknown.
UNREACHED = 0.01


@cache
def rulebook() -> dict[str, dict[str, Any]]:
    """Return the standard rules by identifier, as the TOML gives them."""
    return {rule["id"]: rule for rule in tomllib.loads(RULEBOOK.read_text(encoding="utf-8"))["regle"]}


def roles(rule: Mapping[str, Any]) -> list[str]:
    """Return the roles that a rule reads."""
    return [rule["objet"]["role"], *(condition["role"] for condition in rule["condition"])]


def expected(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any]) -> pd.DataFrame:
    """Return what `rule` should find: ``code_unite`` and the :data:`MEASURES`, sorted."""
    dimension = _dimension(duck, rule["objet"]["role"])
    _objects(duck, rule, dimension)
    for condition in rule["condition"]:
        _conditioned(duck, condition, dimension)
    _sizes(duck, rule, dimension)
    _footprints(duck, rule)
    _people(duck)
    _premises(duck)
    return _judged(duck, rule, dimension)


def _dimension(duck: duckdb.DuckDBPyConnection, role: str) -> int:
    """Return 0 for points, 1 for lines, 2 for surfaces; what is empty counts as surfaces."""
    found = duck.execute(f"SELECT max(ST_Dimension(geom)) FROM {role}").fetchone()[0]
    return 2 if found is None else int(found)


def _has(duck: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(duck.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()[0])


def _where(duck: duckdb.DuckDBPyConnection, selection: Mapping[str, Any]) -> str:
    """Return the filters of a selection as a condition; an unknown value passes none."""
    known = {row[0] for row in duck.execute(f"DESCRIBE {selection['role']}").fetchall()}
    tests = ["TRUE"]
    for item in selection.get("filtre", ()):
        column = item["colonne"]
        if column not in known:
            return "FALSE"
        if "valeurs" in item:
            words = ", ".join("'" + str(value).lower().replace("'", "''") + "'" for value in item["valeurs"])
            tests.append(f"lower({column}::VARCHAR) IN ({words})")
        if "minimum" in item:
            tests.append(f"{column}::DOUBLE >= {item['minimum']}")
        if "maximum" in item:
            tests.append(f"{column}::DOUBLE <= {item['maximum']}")
    return "coalesce(" + " AND ".join(f"({test})" for test in tests) + ", FALSE)"


def _kept(expression: str, dimension: int) -> str:
    """Return what an expression holds of one dimension."""
    return f"ST_CollectionExtract({expression}, {dimension + 1})"


def _size(expression: str, dimension: int) -> str:
    return f"ST_Area({expression})" if dimension == 2 else f"ST_Length({expression})"


def _objects(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> None:
    """Make the tables `objects` and `parts`: what is judged, within the perimeter."""
    selection = rule["objet"]
    cut = "o.geom" if dimension == 0 else _kept("ST_Intersection(o.geom, p.geom)", dimension)
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE objects AS
        SELECT * FROM (
            SELECT o.id, {cut} AS geom FROM {selection["role"]} o, perimeter p
            WHERE {_where(duck, selection)} AND ST_Intersects(o.geom, p.geom)
        ) WHERE NOT ST_IsEmpty(geom)
    """)
    duck.execute("CREATE OR REPLACE TEMP TABLE parts AS SELECT * FROM objects")


def _conditioned(duck: duckdb.DuckDBPyConnection, condition: Mapping[str, Any], dimension: int) -> None:
    """Keep in `parts` what holds the relation."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE cover AS SELECT id, geom FROM {condition["role"]} WHERE {_where(duck, condition)}
    """)
    if "distance_m" in condition:
        near = f"coalesce(d.distance_m <= {condition['distance_m']}, FALSE)"
        test = near if condition["relation"] == "a_moins_de" else f"NOT {near}"
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE parts AS
            WITH d AS (SELECT p.id, min(ST_Distance(p.geom, c.geom)) AS distance_m FROM parts p, cover c GROUP BY p.id)
            SELECT p.* FROM parts p LEFT JOIN d ON p.id = d.id WHERE {test}
        """)
    elif dimension == 0:
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE parts AS
            SELECT p.* FROM parts p {"SEMI" if condition["relation"] == "dans" else "ANTI"} JOIN
            (SELECT DISTINCT p.id FROM parts p JOIN cover c ON ST_Intersects(p.geom, c.geom)) held ON p.id = held.id
        """)
    else:
        _cut(duck, condition["relation"], dimension)


def _cut(duck: duckdb.DuckDBPyConnection, relation: str, dimension: int) -> None:
    """Cut `parts` by the union of `cover`, told in tiles so that no overlay is large."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE tiles AS
        WITH one AS (SELECT ST_Union_Agg(geom) AS geom FROM cover),
             box AS (SELECT min(ST_XMin(geom)) AS x0, max(ST_XMax(geom)) AS x1,
                            min(ST_YMin(geom)) AS y0, max(ST_YMax(geom)) AS y1 FROM parts),
             xs AS (SELECT unnest(range(0, 1 + ceil((x1 - x0) / {TILE_M})::BIGINT)) AS i, x0, y0 FROM box),
             ys AS (SELECT unnest(range(0, 1 + ceil((y1 - y0) / {TILE_M})::BIGINT)) AS j FROM box),
             cells AS (SELECT ST_MakeEnvelope(x0 + i * {TILE_M}, y0 + j * {TILE_M},
                                              x0 + (i + 1) * {TILE_M}, y0 + (j + 1) * {TILE_M}) AS geom FROM xs, ys)
        SELECT * FROM (SELECT {_kept("ST_Intersection(cells.geom, one.geom)", 2)} AS geom FROM cells, one)
        WHERE NOT ST_IsEmpty(geom)
    """)
    held = """
        SELECT p.id, ST_Union_Agg(t.geom) AS geom
        FROM parts p JOIN tiles t ON ST_Intersects(p.geom, t.geom) GROUP BY p.id
    """
    if relation == "dans":
        made, join = _kept("ST_Intersection(p.geom, h.geom)", dimension), "JOIN"
    else:
        made = f"CASE WHEN h.geom IS NULL THEN p.geom ELSE {_kept('ST_Difference(p.geom, h.geom)', dimension)} END"
        join = "LEFT JOIN"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE parts AS
        WITH h AS ({held})
        SELECT * FROM (SELECT p.id, {made} AS geom FROM parts p {join} h ON p.id = h.id) WHERE NOT ST_IsEmpty(geom)
    """)


def _in_units(table: str, dimension: int) -> str:
    """Return the pieces of a table in the units; what lies in two goes to the first, but for surfaces."""
    if dimension == 0:
        return f"""
            SELECT t.id, min(u.id) AS unit, any_value(t.geom) AS geom
            FROM {table} t JOIN units u ON ST_Intersects(u.geom, t.geom) GROUP BY t.id
        """
    cut = f"""
        SELECT * FROM (
            SELECT t.id, u.id AS unit, {_kept("ST_Intersection(t.geom, u.geom)", dimension)} AS geom
            FROM {table} t JOIN units u ON ST_Intersects(u.geom, t.geom)
        ) WHERE {_size("geom", dimension)} > 0
    """
    if dimension == 2:
        return cut
    return f"""
        WITH cut AS ({cut}),
             before AS (SELECT a.id, a.unit, ST_Union_Agg(u.geom) AS geom FROM cut a JOIN cut b USING (id)
                        JOIN units u ON u.id = b.unit WHERE b.unit < a.unit GROUP BY a.id, a.unit)
        SELECT * FROM (
            SELECT a.id, a.unit, CASE WHEN b.geom IS NULL THEN a.geom
                ELSE {_kept("ST_Difference(a.geom, b.geom)", 1)} END AS geom
            FROM cut a LEFT JOIN before b ON a.id = b.id AND a.unit = b.unit
        ) WHERE ST_Length(geom) > 0
    """


def _sizes(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> None:
    """Make the table `places`: place, unit, geometry, number of objects, share of the objects there concerned."""
    size = "nombre::DOUBLE" if dimension == 0 else _size("geom", dimension)
    for table, name in (("parts", "places"), ("objects", "totals")):
        pieces = _in_units(table, dimension)
        if rule["lieu"] == "objet":
            measure = "1" if dimension == 0 else f"round({_size('geom', dimension)}, 6)"
            grouped = f"""
                SELECT t.id AS place, m.unit, t.geom, 1 AS nombre FROM {table} t JOIN (
                    SELECT id, unit FROM ({pieces})
                    QUALIFY row_number() OVER (PARTITION BY id ORDER BY {measure} DESC, unit) = 1
                ) m ON t.id = m.id
            """
        else:
            grouped = f"""
                SELECT unit AS place, unit, ST_Union_Agg(geom) AS geom, count(*) AS nombre
                FROM ({pieces}) GROUP BY unit
            """
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT *, {size} AS size FROM ({grouped})")


def _footprints(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any]) -> None:
    """Make the table `footprints`: where people are counted for each place, within the perimeter."""
    mode = rule["habitants"]
    surface = {
        "emprise": "pl.geom",
        "rayon": f"ST_Buffer(pl.geom, {mode.get('rayon_m', 0)}::DOUBLE, 16)",
        "unite": "u.geom",
        "aucun": "NULL",
    }[mode["mode"]]
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE footprints AS
        SELECT * FROM (
            SELECT pl.place, {_kept(f"ST_Intersection({surface}, p.geom)", 2)} AS geom
            FROM places pl JOIN units u ON u.id = pl.unit, perimeter p
        ) WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom)
    """)


def _people(duck: duckdb.DuckDBPyConnection) -> None:
    """Make the table `people`: inhabitants of each footprint, NULL where unknown."""
    if not _has(duck, "population"):
        duck.execute("CREATE OR REPLACE TEMP TABLE people AS SELECT place, NULL::DOUBLE AS habitants FROM footprints")
        return
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE people AS
        WITH shared AS (
                SELECT f.place, c.habitants,
                       ST_Area(ST_Intersection(f.geom, c.geom)) AS common, ST_Area(c.geom) AS whole
                FROM footprints f JOIN population c ON ST_Intersects(f.geom, c.geom)),
             sums AS (
                SELECT place, sum(habitants * common / whole) AS habitants,
                       bool_or(habitants IS NULL AND common > 0) AS secret FROM shared WHERE whole > 0 GROUP BY place),
             peopled AS (
                SELECT DISTINCT u.id FROM units u JOIN population c ON ST_Intersects(u.geom, c.geom)
                WHERE c.habitants IS NOT NULL AND ST_Area(ST_Intersection(u.geom, c.geom)) > 0),
             far AS (
                SELECT f.place, sum(ST_Area(ST_Intersection(f.geom, u.geom))) AS area
                FROM footprints f JOIN units u ON ST_Intersects(f.geom, u.geom)
                WHERE u.id NOT IN (SELECT id FROM peopled) GROUP BY f.place)
        SELECT f.place, CASE WHEN coalesce(s.secret, FALSE) OR coalesce(far.area, 0) > {UNREACHED} * ST_Area(f.geom)
                             THEN NULL ELSE coalesce(s.habitants, 0) END AS habitants
        FROM footprints f LEFT JOIN sums s ON f.place = s.place LEFT JOIN far ON f.place = far.place
    """)


def _premises(duck: duckdb.DuckDBPyConnection) -> None:
    """Make the table `premises`: premises of the buildings in each footprint, NULL without a building file."""
    if not _has(duck, "immeuble"):
        duck.execute("CREATE OR REPLACE TEMP TABLE premises AS SELECT place, NULL::DOUBLE AS locaux FROM footprints")
        return
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE premises AS
        SELECT f.place, coalesce(sum(i.locaux), 0)::DOUBLE AS locaux
        FROM footprints f LEFT JOIN immeuble i ON ST_Intersects(f.geom, i.geom) GROUP BY f.place
    """)


def _judged(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> pd.DataFrame:
    """Return the places that reach the threshold, with their severity."""
    surface, length = (("pl.size" if dimension == wanted else "NULL::DOUBLE") for wanted in (2, 1))
    reached = " AND ".join(f"coalesce({name} >= {bound}, FALSE)" for name, bound in rule["seuil"].items())
    grave = rule.get("seuil_grave") or {}
    worse = " AND ".join(f"coalesce({name} >= {bound}, FALSE)" for name, bound in grave.items()) or "FALSE"
    return duck.execute(f"""
        WITH told AS (
            SELECT u.row_key AS code_unite, {surface} AS surface_m2, {length} AS longueur_m,
                   pl.nombre::DOUBLE AS nombre,
                   pe.habitants, pr.locaux, least(pl.size / t.size, 1) AS part
            FROM places pl JOIN units u ON u.id = pl.unit JOIN totals t ON t.place = pl.place
            LEFT JOIN people pe ON pe.place = pl.place LEFT JOIN premises pr ON pr.place = pl.place)
        SELECT * EXCLUDE (part),
               least(abs({rule["score"]}) + CASE WHEN {worse} THEN 1 ELSE 0 END, 3)::DOUBLE AS gravite
        FROM told WHERE {reached}
    """).df()
