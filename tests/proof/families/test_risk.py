"""Exposure, dependants and alert reach told again in SQL by DuckDB spatial, on drawn and fictional territories."""

from __future__ import annotations

import pandas as pd
import pytest

from oracles.sql_measures import combined, has, people, per_unit, surface
from proof.analyses_in_sql import (
    DANGER,
    KNOWN_PEOPLE,
    LEVELS,
    STUDIED,
    UNSTUDIED,
    _hazard_people,
    _levels,
    _seen,
    _share,
    _study,
)
from proof.families import digital_territory as drawn
from proof.families.test_digital_access import fraction, homes, ours, same

PROVES = (
    "hazard_alert_resilience",
    "hazard_equipment_levels",
    "hazard_node_dependants",
    "hazard_population_levels",
)
CASES = pytest.mark.parametrize("subject", [1, 2, 3, "sample_2025"])
REACH_M = 700.0


def reaches(duck):
    """Return, by level, the share of each unit where it is known whether the hazard is of that level."""
    told = _share(duck, _study(duck)).fillna(0.0)
    seen = _share(duck, surface(duck, "seen", _seen(duck, "SELECT geom FROM alea"))).fillna(0.0)
    return dict.fromkeys(LEVELS, told) | {"indetermine": seen}


@CASES
def test_equipment(subject):
    found, duck = ours(subject, "hazard_equipment_levels")
    _levels(duck)
    reach = reaches(duck)
    table = found.tables["hazard_equipment"].set_index(["equipement", "niveau"])
    for prefix, role, test in (
        ("support", "support", "TRUE"),
        ("pbo", "noeud_optique", "s.niveau = 'PBO'"),
        ("public_building", "batiment_public", "TRUE"),
        ("school", "etablissement_scolaire", "TRUE"),
    ):
        every = duck.execute(
            f"SELECT count(DISTINCT s.id) FROM {role} s JOIN units u ON ST_Intersects(u.geom, s.geom) WHERE {test}"
        ).fetchone()[0]
        for rank, level in enumerate(LEVELS):
            n = per_unit(
                duck,
                f"""SELECT p.unit, count(*) FROM (
                        SELECT s.id, min(p.id) AS piece FROM {role} s JOIN pieces p ON ST_Intersects(p.geom, s.geom)
                        WHERE {test} GROUP BY s.id
                    ) JOIN pieces p ON p.id = piece WHERE p.rank = {rank} GROUP BY p.unit""",
            )
            same(found, f"hazard_{prefix}_{level}", n, reach[level])
            row = table.loc[(prefix, level)]
            assert row.tolist() == pytest.approx([n.sum(), n.sum() / every])


@CASES
def test_people_and_premises_by_level(subject):
    found, duck = ours(subject, "hazard_population_levels")
    _levels(duck)
    reach = reaches(duck)
    _, told = homes(duck)
    seen = surface(duck, "seen", _seen(duck, "SELECT geom FROM alea"))
    surface(duck, "peopled", KNOWN_PEOPLE)
    both_seen = _share(duck, combined(duck, "told_there", "ST_Intersection", seen, "peopled")).fillna(0.0)
    for rank, level in enumerate(LEVELS):
        duck.execute(f"CREATE OR REPLACE TEMP TABLE at_level AS SELECT unit, geom FROM pieces WHERE rank = {rank}")
        value, share = _hazard_people(duck, "at_level")
        if level == "indetermine":
            value = people(duck, "at_level")
            share = both_seen.where(value.notna(), 0.0)
        same(found, f"hazard_inhabitants_{level}", value, share)
        n = per_unit(
            duck,
            f"""SELECT p.unit, coalesce(sum(locaux), 0) FROM (
                    SELECT h.id, h.locaux, min(p.id) AS piece FROM homes h JOIN pieces p
                    ON ST_Intersects(p.geom, h.geom) GROUP BY ALL
                ) JOIN pieces p ON p.id = piece WHERE p.rank = {rank} GROUP BY p.unit""",
        )
        same(found, f"hazard_premises_{level}", n, reach[level] * told)


def exposures(duck, role, test="TRUE"):
    """Make the table ``exposures`` (``id``, ``exposed``, ``known``) of the points of a role."""
    plan = "EXISTS (SELECT 1 FROM perimetre_risque z WHERE ST_Intersects(z.geom, s.geom))"
    plan = plan if has(duck, "perimetre_risque") else "FALSE"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE exposures AS
        SELECT s.*, EXISTS (SELECT 1 FROM ({DANGER}) z WHERE ST_Intersects(z.geom, s.geom)) AS exposed,
               EXISTS (SELECT 1 FROM ({STUDIED}) z WHERE ST_Intersects(z.geom, s.geom)) OR ({plan}
               AND NOT EXISTS (SELECT 1 FROM ({UNSTUDIED}) z WHERE ST_Intersects(z.geom, s.geom))) AS known
        FROM {role} s WHERE {test}
    """)


def areas(duck):
    """Make the table ``areas`` (``area``, ``exposed``, ``unknown``, ``geom``): the tree is climbed by recursion."""
    exposures(duck, "noeud_optique")
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE every_area AS
        SELECT 'zone_nro' || code AS area, coalesce(noeud, code) AS node, NULL AS above, FALSE AS lacks, geom
        FROM zone_nro
        UNION ALL
        SELECT 'zone_sro' || code, coalesce(noeud, code), 'zone_nro' || parent,
               coalesce(parent NOT IN (SELECT code FROM zone_nro), TRUE), geom FROM zone_sro
        UNION ALL
        SELECT 'zone_pbo' || code, coalesce(noeud, code), 'zone_sro' || parent,
               coalesce(parent NOT IN (SELECT code FROM zone_sro), TRUE), geom FROM zone_pbo
    """)
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE climbs AS
        WITH RECURSIVE up AS (
            SELECT area, area AS higher FROM every_area
            UNION SELECT up.area, e.above FROM up JOIN every_area e ON e.area = up.higher WHERE e.above IS NOT NULL)
        SELECT up.area, e.node, e.lacks, coalesce(x.exposed, FALSE) AS exposed, coalesce(x.known, FALSE) AS known
        FROM up JOIN every_area e ON e.area = up.higher LEFT JOIN exposures x ON x.code = e.node
    """)
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE areas AS
        SELECT area, any_value(e.geom) AS geom, bool_or(exposed) AS exposed,
               NOT bool_or(exposed) AND bool_or(c.lacks OR NOT known) AS unknown
        FROM climbs c JOIN every_area e USING (area) GROUP BY area
    """)


@CASES
def test_dependants(subject):
    found, duck = ours(subject, "hazard_node_dependants")
    areas(duck)
    homes(duck)
    empty = "UNION ALL SELECT ST_GeomFromText('POLYGON EMPTY') AS geom"
    behind = surface(duck, "behind", f"SELECT geom FROM areas WHERE exposed {empty}")
    surface(duck, "safe", f"SELECT geom FROM areas WHERE NOT exposed AND NOT unknown {empty}")
    surface(duck, "unsure", f"SELECT geom FROM areas WHERE unknown {empty}")
    combined(duck, "safe", "ST_Difference", "safe", "unsure")
    told = combined(duck, "told_now", "ST_Union", "behind", "safe")
    surface(duck, "peopled", KNOWN_PEOPLE)
    reach = _share(duck, combined(duck, "told_there", "ST_Intersection", told, "peopled")).fillna(0.0)
    dependants, everyone = people(duck, behind), people(duck, told)
    reach = reach.where(dependants.notna(), 0.0)
    same(found, "exposed_node_inhabitants", dependants, reach)
    surface(duck, "every_served", f"SELECT geom FROM areas {empty}")
    beyond = people(duck, combined(duck, "beyond", "ST_Difference", "every_served", told)).fillna(0.0)
    sheltered = people(duck, combined(duck, "sheltered", "ST_Difference", told, "behind")).fillna(0.0)
    two_sided = (sheltered > 1e-6) | (beyond < 1e-6)
    same(found, "exposed_node_inhabitants_share", fraction(dependants, everyone), reach.where(two_sided, 0.0))

    def inside(name, what):
        return per_unit(
            duck,
            f"""SELECT h.unit, {what} FROM homes h JOIN {name} z ON z.unit = h.unit
                WHERE ST_Intersects(z.geom, h.geom) GROUP BY h.unit""",
        ).fillna(0.0)

    every = per_unit(duck, "SELECT unit, count(*) FROM homes GROUP BY unit")
    share = fraction(inside(told, "count(locaux)"), every).where(every > 0, _share(duck, told).fillna(0.0))
    same(found, "exposed_node_premises", inside(behind, "sum(locaux)"), share)
    value = fraction(inside(behind, "sum(locaux)"), inside(told, "sum(locaux)"))
    spared = inside(told, "sum(locaux)") - inside(behind, "sum(locaux)")
    doubtful = inside("every_served", "sum(locaux)") - inside(told, "sum(locaux)")
    same(found, "exposed_node_premises_share", value, share.where((spared > 0) | (doubtful == 0), 0.0))


@CASES
def test_what_the_network_lacks_and_its_exposed_nodes(subject):
    found, duck = ours(subject, "hazard_node_dependants")
    areas(duck)
    lacks = duck.execute("SELECT count(*) FROM every_area WHERE lacks").fetchone()[0]
    nowhere = duck.execute("SELECT count(*) FROM every_area e ANTI JOIN exposures x ON x.code = e.node").fetchone()[0]
    assert found.overall["service_area_orphan_count"].value == lacks
    assert found.overall["service_area_nodeless_count"].value == nowhere
    assert found.overall["service_area_circular_count"].value == 0
    rows = duck.execute("""
        WITH pairs AS (SELECT DISTINCT node, area FROM climbs WHERE exposed),
             one AS (SELECT p.node, count(*) AS areas, ST_Union_Agg(e.geom) AS geom
                     FROM pairs p JOIN every_area e USING (area) GROUP BY p.node),
             here AS (SELECT node, areas, ST_Intersection(one.geom, u.geom) AS geom
                      FROM one, (SELECT ST_Union_Agg(geom) AS geom FROM units) u)
        SELECT node, areas, (SELECT sum(c.habitants * ST_Area(ST_Intersection(c.geom, here.geom)) / ST_Area(c.geom))
                             FROM population c) AS people FROM here ORDER BY node
    """).fetchall()
    table = found.tables["exposed_nodes"].sort_values("code")
    assert table["code"].tolist() == [row[0] for row in rows]
    assert table["zones"].tolist() == [row[1] for row in rows]
    told = table["inhabitants"].notna().to_numpy()
    expected = pd.Series([row[2] for row in rows], dtype=float)[told]
    assert table["inhabitants"][told].tolist() == pytest.approx(expected.tolist(), rel=1e-8, abs=1e-8)


@CASES
@pytest.mark.parametrize("covered", [True, False])
def test_alert(subject, covered):
    found, duck = alert(subject, covered)
    exposures(duck, "site_mobile", "coalesce(lower(etat), '') NOT IN ('projet', 'abandonné', 'hors service')")
    zones = surface(duck, "danger_zones", DANGER)
    there = zones
    if covered:
        surface(duck, "cover", "SELECT geom FROM couverture_mobile WHERE coalesce(techno <> 'AUCUNE', TRUE)")
        there = combined(duck, "danger_told", "ST_Intersection", zones, "cover")
    value, share = _hazard_people(duck, zones)

    def reached(test):
        discs = f"SELECT ST_Buffer(geom, {REACH_M}, 32) AS geom FROM exposures WHERE {test}"
        empty = "UNION ALL SELECT ST_GeomFromText('POLYGON EMPTY') AS geom"
        return people(
            duck, combined(duck, "heard", "ST_Intersection", there, surface(duck, "discs", discs + " " + empty))
        )

    safe, perhaps, every = reached("known AND NOT exposed"), reached("NOT exposed"), reached("TRUE")
    known = share.where(value.notna() & safe.notna() & perhaps.notna() & every.notna(), 0.0)
    settled = value - (perhaps - safe)
    sure = known * fraction(settled, value).where(value > 0, 1.0)
    same(found, "alert_reached_inhabitants", every, known)
    same(found, "alert_resilient_inhabitants", safe, sure)
    only_no = (safe == 0) & (perhaps > 0)
    same(found, "alert_resilient_share", fraction(safe, settled), sure.where(~only_no, 0.0))
    same(found, "alert_lost_inhabitants", every - perhaps, sure)


def alert(subject, covered):
    """Return the analysis of the alert, with and without the layer of coverage."""
    from proof import subjects
    from territoire_sig.indicators import declared

    if isinstance(subject, int):
        units, layers, duck = drawn.units(), drawn.layers(subject), drawn.database(subject)
    else:
        prepared = subjects.prepared(subject)
        units, layers, duck = prepared.ground.units, prepared.inputs, subjects.database(subject)
    kept = {role: layer for role, layer in layers.items() if covered or role != "couverture_mobile"}
    return declared()["hazard_alert_resilience"](units, layers=kept, portee_m=REACH_M), duck
