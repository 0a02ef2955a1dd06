"""Metres, counts and distances: told in SQL and compared, on the fictional layers and on real ones."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.duckdb_spatial import register_table
from oracles.sql_measures import claims, covered_m, segments
from proof.layers import LINES, POINTS, near, parameters, sample, tables
from territoire_sig.overlay import (
    assign_zone,
    count_within,
    covered_length,
    covered_length_by_zone,
    intersect,
    length_within,
    main_zone,
    nearest_distance,
    pieces_inside,
    pieces_outside,
    within,
)

REL, MICRON = 1e-9, 1e-6
#: What a line and the union of the zones that it meets have in common, or have not; a line twice on itself, once.
CUT = """
    WITH met AS (SELECT o.id, ST_Union_Agg(z.geom) AS geom FROM other o JOIN zones z ON ST_Intersects(o.geom, z.geom)
                 GROUP BY o.id)
    SELECT o.id, ST_Length({cut}) AS v FROM other o LEFT JOIN met m USING (id) ORDER BY o.id
"""


def values(duck, query, count):
    """Return the second column of a query by position, 0 where there is none."""
    table = duck.execute(query).df()
    table.columns = ["id", "v"]
    return table.set_index("id")["v"].reindex(range(count), fill_value=0.0).fillna(0.0)


def drawn(duck):
    """Make the table of pieces of every segment in the first zone that holds it, once a case."""
    segments(duck, "drawn", "other")
    claims(duck, "claimed", "drawn", "zones")


def covered(duck, zones, lines):
    query = "SELECT d.line, sum(ST_Length(c.geom)) FROM claimed c JOIN drawn d USING (id) GROUP BY d.line"
    return covered_length(lines, zones), values(duck, query, len(lines))


def within_zones(duck, zones, lines):
    query = "SELECT zone, sum(ST_Length(geom)) FROM claimed GROUP BY zone"
    return length_within(zones, lines), values(duck, query, len(zones))


def covered_within_zones(duck, zones, lines):
    """Metres in each zone that lie within 150 m of the first third of the lines."""
    cover = lines.iloc[: max(len(lines) // 3, 1)]
    cover = cover.set_geometry(cover.buffer(150)).reset_index(drop=True)
    register_table(duck, "reach", near(cover[[cover.geometry.name]], zones))
    duck.execute("CREATE OR REPLACE TABLE reach_all AS SELECT ST_Union_Agg(geom) AS geom FROM reach")
    query = covered_m(duck, "claimed", "reach_all", "zone")
    return covered_length_by_zone(zones, lines, cover)["covered_m"], values(duck, query, len(zones))


def inside(duck, zones, lines):
    query = CUT.format(cut="ST_Intersection(o.geom, m.geom)")
    return pieces_inside(lines, zones).length.reindex(lines.index, fill_value=0.0), values(duck, query, len(lines))


def outside(duck, zones, lines):
    query = CUT.format(cut="coalesce(ST_Difference(o.geom, m.geom), o.geom)")
    return pieces_outside(lines, zones).length.reindex(lines.index, fill_value=0.0), values(duck, query, len(lines))


def pairs(duck, zones, lines):
    query = """SELECT o.id, sum(ST_Length(ST_Intersection(o.geom, z.geom)))
               FROM other o JOIN zones z ON ST_Intersects(o.geom, z.geom) GROUP BY o.id"""
    found = intersect(lines, zones)
    ours = found.length.groupby(found["left"]).sum().reindex(lines.index, fill_value=0.0)
    return ours, values(duck, query, len(lines))


METRES = {
    "covered_length": covered,
    "length_within": within_zones,
    "covered_length_by_zone": covered_within_zones,
    "pieces_inside": inside,
    "pieces_outside": outside,
    "intersect": pairs,
}


@pytest.mark.parametrize(("case", "measure"), parameters(LINES, METRES))
def test_metres(case, measure):
    duck, zones, lines = tables(case)
    drawn(duck)
    ours, theirs = METRES[measure](duck, zones, lines)
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=REL, abs=MICRON)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=REL, abs=MICRON)


@pytest.mark.parametrize(("case", "measure"), parameters(LINES, ("main_zone",)))
def test_main_zones_of_lines(case, measure):
    duck, zones, lines = tables(case)
    drawn(duck)
    table = duck.execute("""
        WITH held AS (SELECT d.line, c.zone, round(sum(ST_Length(c.geom)), 6) AS v
                      FROM claimed c JOIN drawn d USING (id) GROUP BY ALL)
        SELECT line, arg_min(zone, (-v, zone)) AS zone FROM held GROUP BY line
    """).df()
    theirs = table.set_index("line")["zone"].reindex(range(len(lines)))
    assert main_zone(lines, zones).astype(float).tolist() == pytest.approx(theirs.tolist(), abs=0, nan_ok=True)


def holders(duck, points):
    """Return the first zone that holds each point, NaN outside."""
    query = "SELECT o.id, min(z.id) AS zone FROM other o JOIN zones z ON ST_Intersects(z.geom, o.geom) GROUP BY o.id"
    return duck.execute(query).df().set_index("id")["zone"].reindex(range(len(points))).astype(float)


@pytest.mark.parametrize(("case", "measure"), parameters(POINTS, ("assign_zone", "main_zone")))
def test_zones_of_points(case, measure):
    duck, zones, points = tables(case)
    found = {"assign_zone": assign_zone, "main_zone": main_zone}[measure](points, zones)
    assert found.astype(float).tolist() == pytest.approx(holders(duck, points).tolist(), abs=0, nan_ok=True)


@pytest.mark.parametrize(("case", "measure"), parameters(POINTS, ("within",)))
def test_points_within(case, measure):
    duck, zones, points = tables(case)
    assert within(points, zones).tolist() == holders(duck, points).notna().tolist()


@pytest.mark.parametrize(("case", "measure"), parameters(POINTS, ("count_within",)))
def test_counts(case, measure):
    duck, zones, points = tables(case)
    theirs = holders(duck, points).value_counts().reindex(range(len(zones)), fill_value=0)
    assert count_within(zones, points).tolist() == theirs.tolist()
    classes = points.assign(parity=np.arange(len(points)) % 2)
    odd = holders(duck, points)[1::2].value_counts().reindex(range(len(zones)), fill_value=0)
    assert count_within(zones, classes, by="parity").get(1, odd * 0).tolist() == odd.tolist()


@pytest.mark.parametrize(("case", "measure"), parameters(POINTS, ("nearest_distance",)))
def test_distances(case, measure):
    """From each feature to the nearest border or inside of a zone, and from each zone to the nearest feature."""
    duck, zones, others = tables(case)
    pairs = "SELECT o.id AS o, z.id AS z, ST_Distance(o.geom, z.geom) AS v FROM other o, zones z"
    for key, ours in (("o", nearest_distance(others, zones)), ("z", nearest_distance(zones, others))):
        theirs = duck.execute(f"SELECT {key}, min(v) AS v FROM ({pairs}) GROUP BY {key} ORDER BY {key}").df()["v"]
        assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=REL, abs=1e-8)


def test_distances_between_points():
    """From each mediation place of the fictional territory to the nearest stop."""
    places, stops = sample("mediation")(), sample("arret")()
    duck = tables(POINTS["sample_stops"])[0]
    register_table(duck, "places", near(places[["geometry"]], sample("units")()))
    theirs = duck.execute(
        "SELECT min(ST_Distance(p.geom, o.geom)) AS v FROM places p, other o GROUP BY p.id ORDER BY p.id"
    )
    assert nearest_distance(places, stops).to_numpy() == pytest.approx(theirs.df()["v"].to_numpy(), rel=REL, abs=1e-8)
