"""The rules told again in SQL, from the text of the rulebook alone: what each should find, by DuckDB spatial.

Nothing of the rule engine is imported: the rulebook is read as plain TOML, and the meaning of its words is that
of its own header and of the method page: objects are looked at within the perimeter; relations cut surfaces and
lines, a distance by a buffer of 128 sides, and sort points; lines are measured as drawn, segment by segment; what is
unknown of a cover is neither in nor out; a metre or a point on the border of two units belongs to the first.
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
from oracles.sql_measures import claims, segments
from territoire_sig.model.roles import ROLES

RULEBOOK = Path(territoire_sig.__file__).parent / "coherence" / "regles.toml"
MEASURES = ("surface_m2", "longueur_m", "nombre", "habitants", "locaux", "gravite")
TILE_M = 2000
#: Share of a surface in units without known population above which its inhabitants are unknown.
UNREACHED = 0.01
#: Share of the peopled area of a surface from which secret numbers make its inhabitants unknown.
SECRET = 0.01
QUARTER = 32
#: DuckDB overlays far from the origin of the grid, and leaves crumbs of lines of a few nanometres: no line is so short.
DUST_M = 1e-6


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
    """Return the filters of a selection as a condition: true, false, or NULL where a value is unknown."""
    known = {row[0] for row in duck.execute(f"DESCRIBE {selection['role']}").fetchall()}
    tests = [_test(selection["role"], item, known) for item in selection.get("filtre", ())]
    return "(" + " AND ".join(["TRUE", *tests]) + ")"


def _test(role: str, item: Mapping[str, Any], known: set[str]) -> str:
    column = item["colonne"] if item["colonne"] in known else "NULL"
    word = f"regexp_replace(lower({column}::VARCHAR), '\\.0$', '')"
    if "sauf" in item:
        return f"coalesce({word} NOT IN ({_words(item['sauf'])}), TRUE)"
    tests = [f"{word} IN ({_words(item['valeurs'])})"] if "valeurs" in item else []
    signs = {"minimum": ">=", "plus_de": ">", "maximum": "<=", "moins_de": "<"}
    tests += [f"{column}::DOUBLE {sign} {item[name]}" for name, sign in signs.items() if name in item]
    test = "(" + " AND ".join(tests) + ")"
    unknown = [code for code in ROLES[role].column(item["colonne"]).unknown if code not in item.get("valeurs", ())]
    return f"CASE WHEN {word} IN ({_words(unknown)}) THEN NULL ELSE {test} END" if unknown else test


def _words(codes: list[Any] | tuple[Any, ...]) -> str:
    return ", ".join("'" + str(code).lower().replace("'", "''") + "'" for code in codes)


def _kept(expression: str, dimension: int) -> str:
    """Return what an expression holds of one dimension."""
    return f"ST_CollectionExtract({expression}, {dimension + 1})"


def _size(expression: str, dimension: int) -> str:
    return f"ST_Area({expression})" if dimension == 2 else f"ST_Length({expression})"


def _objects(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> None:
    """Make the tables `objects` and `parts`: what is judged, within the perimeter; `whole` is the object itself."""
    selection = rule["objet"]
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE chosen AS
        SELECT id, geom FROM {selection["role"]} WHERE coalesce({_where(duck, selection)}, FALSE)
    """)
    if dimension == 1:
        claims(duck, "claimed", segments(duck, "chosen_segments", "chosen"), "units")
        duck.execute("""
            CREATE OR REPLACE TEMP TABLE objects AS
            SELECT row_number() OVER () AS id, s.line AS whole, c.zone AS unit, c.geom
            FROM claimed c JOIN chosen_segments s ON s.id = c.id
        """)
    else:
        cut = "o.geom" if dimension == 0 else _kept("ST_Intersection(o.geom, p.geom)", dimension)
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE objects AS
            SELECT *, id AS whole FROM (
                SELECT o.id, {cut} AS geom FROM chosen o, perimeter p WHERE ST_Intersects(o.geom, p.geom)
            ) WHERE NOT ST_IsEmpty(geom)
        """)
    duck.execute("CREATE OR REPLACE TEMP TABLE parts AS SELECT * FROM objects")


def _conditioned(duck: duckdb.DuckDBPyConnection, condition: Mapping[str, Any], dimension: int) -> None:
    """Keep in `parts` what holds the relation; where the cover is unknown, nothing is said to be out of it."""
    where, out = _where(duck, condition), condition["relation"] in ("hors", "a_plus_de")
    for test in (f"coalesce({where}, FALSE)", f"({where}) IS NULL")[: 1 + out]:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE cover AS SELECT id, geom FROM {condition['role']} WHERE {test}")
        _held(duck, condition.get("distance_m"), "hors" if out else "dans", dimension)


def _held(duck: duckdb.DuckDBPyConnection, distance_m: float | None, relation: str, dimension: int) -> None:
    if dimension == 0:
        meets = (
            "ST_Intersects(p.geom, c.geom)" if distance_m is None else f"ST_Distance(p.geom, c.geom) <= {distance_m}"
        )
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE parts AS
            SELECT p.* FROM parts p {"SEMI" if relation == "dans" else "ANTI"} JOIN
            (SELECT DISTINCT p.id FROM parts p JOIN cover c ON {meets}) held ON p.id = held.id
        """)
        return
    if distance_m is not None:
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE cover AS
            SELECT c.id, ST_Buffer(c.geom, {distance_m}::DOUBLE, {QUARTER}) AS geom FROM cover c, perimeter p
            WHERE ST_DWithin(c.geom, p.geom, {distance_m}::DOUBLE)
        """)
    _cut(duck, relation, dimension)


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
        SELECT * FROM (SELECT p.* REPLACE ({made} AS geom) FROM parts p {join} h ON p.id = h.id)
        WHERE NOT ST_IsEmpty(geom){f" AND ST_Length(geom) > {DUST_M}" if dimension == 1 else ""}
    """)


def _in_units(table: str, dimension: int) -> str:
    """Return the pieces of a table in the units; a point in two goes to the first; lines are cut already."""
    if dimension == 0:
        return f"""
            SELECT t.id, t.whole, min(u.id) AS unit, any_value(t.geom) AS geom
            FROM {table} t JOIN units u ON ST_Intersects(u.geom, t.geom) GROUP BY t.id, t.whole
        """
    if dimension == 1:
        return f"SELECT id, whole, unit, geom FROM {table}"
    return f"""
        SELECT * FROM (
            SELECT t.id, t.whole, u.id AS unit, {_kept("ST_Intersection(t.geom, u.geom)", 2)} AS geom
            FROM {table} t JOIN units u ON ST_Intersects(u.geom, t.geom)
        ) WHERE ST_Area(geom) > 0
    """


def _spots(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any]) -> None:
    """Make the table `spots`: the place of each object, its own unless `regrouper` names a column."""
    column = rule.get("regrouper")
    if column is None:
        duck.execute("CREATE OR REPLACE TEMP TABLE spots AS SELECT DISTINCT whole, whole AS place FROM objects")
        return
    role = rule["objet"]["role"]
    known = {row[0] for row in duck.execute(f"DESCRIBE {role}").fetchall()}
    name = f"r.{column}::VARCHAR" if column in known else "NULL"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE spots AS
        WITH RECURSIVE named AS (
                SELECT o.whole, {name} AS name, ST_AsText(o.geom) AS spot
                FROM objects o JOIN {role} r ON r.id = o.whole),
             tied AS (SELECT a.whole, b.whole AS other FROM named a JOIN named b ON a.name = b.name OR a.spot = b.spot),
             reached AS (SELECT whole, other FROM tied
                         UNION SELECT r.whole, t.other FROM reached r JOIN tied t ON t.whole = r.other)
        SELECT whole, min(other) AS place FROM reached GROUP BY whole
    """)


def _sizes(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> None:
    """Make the table `places`: place, unit, geometry, number of objects, share of the objects there concerned."""
    _spots(duck, rule)
    size = ("nombre::DOUBLE", "metres", "ST_Area(geom)")[dimension]
    for table, name in (("parts", "places"), ("objects", "totals")):
        measure = ("1", "ST_Length(t.geom)", "ST_Area(t.geom)")[dimension]
        if rule["lieu"] == "objet":
            grouped = f"""
                WITH held AS (SELECT s.place, t.unit, round(sum({measure}), 6) AS most
                              FROM ({_in_units(table, dimension)}) t JOIN spots s USING (whole) GROUP BY ALL),
                     main AS (SELECT place, unit FROM held
                              QUALIFY row_number() OVER (PARTITION BY place ORDER BY most DESC, unit) = 1)
                SELECT m.place, m.unit, ST_Union_Agg(t.geom) AS geom, count(DISTINCT t.whole) AS nombre,
                       sum(ST_Length(t.geom)) AS metres
                FROM {table} t JOIN spots s USING (whole) JOIN main m ON m.place = s.place GROUP BY ALL
            """
        else:
            grouped = f"""
                SELECT unit AS place, unit, ST_Union_Agg(geom) AS geom, count(DISTINCT whole) AS nombre,
                       sum(ST_Length(geom)) AS metres
                FROM ({_in_units(table, dimension)}) GROUP BY unit
            """
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT *, {size} AS size FROM ({grouped})")


def _footprints(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any]) -> None:
    """Make the table `footprints`: where people are counted for each place, within the perimeter."""
    mode = rule["habitants"]
    surface = {
        "emprise": "pl.geom",
        "rayon": f"ST_Buffer(pl.geom, {mode.get('rayon_m', 0)}::DOUBLE, {QUARTER})",
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
    """Make the table `people`: inhabitants of each footprint (NULL: unknown), and those known for sure."""
    if not _has(duck, "population"):
        duck.execute("""
            CREATE OR REPLACE TEMP TABLE people AS
            SELECT place, NULL::DOUBLE AS habitants, NULL::DOUBLE AS au_moins FROM footprints
        """)
        return
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE people AS
        WITH shared AS (
                SELECT f.place, c.habitants, ST_Intersection(f.geom, c.geom) AS geom, ST_Area(c.geom) AS whole
                FROM footprints f JOIN population c ON ST_Intersects(f.geom, c.geom)),
             sums AS (
                SELECT place, sum(habitants * ST_Area(geom) / whole) AS habitants,
                       ST_Area(ST_Union_Agg(geom) FILTER (habitants IS NULL)) AS secret,
                       CASE WHEN bool_or(habitants IS NULL) THEN ST_Area(ST_Union_Agg(geom)) END AS peopled
                FROM shared WHERE whole > 0 GROUP BY place),
             {_bare("population", "c.habitants IS NOT NULL AND ST_Area(ST_Intersection(u.geom, c.geom)) > 0")}
        SELECT f.place, coalesce(s.habitants, 0) AS au_moins,
               CASE WHEN coalesce(s.secret, 0) > 0 AND s.secret >= {SECRET} * s.peopled THEN NULL
                    WHEN coalesce(far.area, 0) > {UNREACHED} * ST_Area(f.geom) THEN NULL
                    ELSE coalesce(s.habitants, 0) END AS habitants
        FROM footprints f LEFT JOIN sums s ON f.place = s.place LEFT JOIN far ON f.place = far.place
    """)


def _bare(role: str, test: str) -> str:
    """Return the queries of the area of each footprint in units where no feature of a role passes a test: `far`."""
    return f"""
        reached AS (SELECT DISTINCT u.id FROM units u JOIN {role} c ON ST_Intersects(u.geom, c.geom) WHERE {test}),
        far AS (
            SELECT f.place, sum(ST_Area(ST_Intersection(f.geom, u.geom))) AS area
            FROM footprints f JOIN units u ON ST_Intersects(f.geom, u.geom)
            WHERE u.id NOT IN (SELECT id FROM reached) GROUP BY f.place)
    """


def _premises(duck: duckdb.DuckDBPyConnection) -> None:
    """Make the table `premises`: premises of the buildings in each footprint, NULL where unknown."""
    if not _has(duck, "immeuble"):
        duck.execute("CREATE OR REPLACE TEMP TABLE premises AS SELECT place, NULL::DOUBLE AS locaux FROM footprints")
        return
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE premises AS
        WITH counted AS (
                SELECT f.place, sum(i.locaux) AS locaux, bool_or(i.locaux IS NULL) AS lacking
                FROM footprints f JOIN immeuble i ON ST_Intersects(f.geom, i.geom) GROUP BY f.place),
             {_bare("immeuble", "TRUE")}
        SELECT f.place, CASE WHEN coalesce(c.lacking, FALSE) THEN NULL
                             WHEN coalesce(far.area, 0) > {UNREACHED} * ST_Area(f.geom) THEN NULL
                             ELSE coalesce(c.locaux, 0)::DOUBLE END AS locaux
        FROM footprints f LEFT JOIN counted c ON c.place = f.place LEFT JOIN far ON far.place = f.place
    """)


def _judged(duck: duckdb.DuckDBPyConnection, rule: Mapping[str, Any], dimension: int) -> pd.DataFrame:
    """Return the places that reach the threshold, with their severity."""
    surface, length = (("pl.size" if dimension == wanted else "NULL::DOUBLE") for wanted in (2, 1))
    reached = _reached(rule["seuil"]) or "TRUE"
    worse = _reached(rule.get("seuil_grave") or {}) or "FALSE"
    return duck.execute(f"""
        WITH told AS (
            SELECT u.row_key AS code_unite, {surface} AS surface_m2, {length} AS longueur_m,
                   pl.nombre::DOUBLE AS nombre,
                   pe.habitants, pe.au_moins, pr.locaux, least(pl.size / t.size, 1) AS part
            FROM places pl JOIN units u ON u.id = pl.unit JOIN totals t ON t.place = pl.place
            LEFT JOIN people pe ON pe.place = pl.place LEFT JOIN premises pr ON pr.place = pl.place)
        SELECT * EXCLUDE (part, au_moins),
               least(abs({rule["score"]}) + CASE WHEN {worse} THEN 1 ELSE 0 END, 3)::DOUBLE AS gravite
        FROM told WHERE {reached}
    """).df()


def _reached(bounds: Mapping[str, float]) -> str:
    """Return the test of a threshold; inhabitants known for sure are enough."""
    names = {"habitants": "au_moins"}
    return " AND ".join(f"coalesce({names.get(name, name)} >= {bound}, FALSE)" for name, bound in bounds.items())
