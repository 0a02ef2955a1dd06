"""Areas: every measure of polygons, told in SQL and compared to 1e-9 on the fictional layers and on real ones."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from oracles.duckdb_spatial import connect, register_table
from oracles.sql_measures import settled
from proof.layers import POLYGONS, near, parameters, tables
from proof.subjects import prepared
from territoire_sig.overlay import (
    covered_area,
    covered_share,
    crosstab,
    intersect,
    intersection_areas,
    main_zone,
    partition,
    pieces_inside,
    pieces_outside,
)

REL = 1e-9
#: Metres by which a border may move: four times the distance between two coordinates told in Lambert-93.
STEP_M = 4 * np.spacing(7e6)
COVERED = """
    SELECT z.id, coalesce(ST_Area(ST_Intersection(z.geom, h.geom)), 0) AS v
    FROM zones z LEFT JOIN held h USING (id)
"""
LEFT = """
    SELECT z.id, ST_Area(coalesce(ST_Difference(z.geom, h.geom), z.geom)) AS v
    FROM zones z LEFT JOIN held h USING (id)
"""
PAIRS = """
    SELECT z.id AS zone, o.id AS other, ST_Area(ST_Intersection(z.geom, o.geom)) AS v
    FROM zones z JOIN other o ON ST_Intersects(z.geom, o.geom)
"""


def same(ours, theirs, zones_m):
    """Compare areas of keys in a zone: to 1e-9, or to the rounding of the zone's border (`zones_m`, by zone)."""
    both = pd.concat([ours.rename("ours"), theirs.rename("theirs")], axis=1).fillna(0.0)
    dust = STEP_M * zones_m.loc[both.index.get_level_values(0)].to_numpy()
    gap = (both["ours"] - both["theirs"]).abs().to_numpy()
    far = both[gap > np.maximum(REL * both["theirs"].abs().to_numpy(), dust)]
    assert far.empty, far
    assert both["ours"].sum() == pytest.approx(both["theirs"].sum(), rel=REL)


def pair_areas(duck, zones, other):
    ours = intersection_areas(zones, other).set_index(["zone", "cover"])["area_m2"]
    theirs = duck.execute(PAIRS).df().set_index(["zone", "other"])["v"]
    return ours, theirs[theirs > 0]


def pair_shapes(duck, zones, other):
    found = intersect(zones, other)
    ours = found.area.groupby([found["left"], found["right"]]).sum()
    return ours, pair_areas(duck, zones, other)[1]


def union_area(duck, zones, other):
    return covered_area(zones, other), duck.execute(COVERED).df().set_index("id")["v"]


def union_share(duck, zones, other):
    return covered_share(zones, other) * zones.area, duck.execute(COVERED).df().set_index("id")["v"]


def inside(duck, zones, other):
    return pieces_inside(zones, other).area, duck.execute(COVERED).df().set_index("id")["v"]


def outside(duck, zones, other):
    return pieces_outside(zones, other).area, duck.execute(LEFT).df().set_index("id")["v"]


PLAIN = {
    "intersection_areas": pair_areas,
    "intersect": pair_shapes,
    "covered_area": union_area,
    "covered_share": union_share,
    "pieces_inside": inside,
    "pieces_outside": outside,
}


@pytest.mark.parametrize(("case", "measure"), parameters(POLYGONS, PLAIN))
def test_areas(case, measure):
    duck, zones, other = tables(case)
    same(*PLAIN[measure](duck, zones, other), zones.length)


@cache
def cells(case):
    """Return the database of a case with the table ``cells``: each zone by class, the first first, and the rest."""
    duck, zones, other = tables(case)
    order = "SELECT cls, row_number() OVER (ORDER BY min(id)) AS rank FROM other GROUP BY cls"
    settled(duck, "classes", f"SELECT r.rank, o.geom FROM other o JOIN ({order}) r USING (cls)")
    duck.execute(f"""
        CREATE OR REPLACE TABLE cells AS
        SELECT z.id AS zone, r.cls, ST_Intersection(z.geom, c.geom) AS geom
        FROM zones z JOIN classes c ON ST_Intersects(z.geom, c.geom) JOIN ({order}) r USING (rank)
        UNION ALL SELECT z.id, 'none', coalesce(ST_Difference(z.geom, h.geom), z.geom)
        FROM zones z LEFT JOIN held h USING (id)
    """)
    return duck, zones, other


def keyed(table, by):
    return table.assign(cls=table[by].astype(object).where(table[by].notna(), "none").astype(str))


@pytest.mark.parametrize(("case", "measure"), parameters(POLYGONS, ("crosstab", "partition")))
def test_classes(case, measure):
    duck, zones, other = cells(case)
    found = (crosstab if measure == "crosstab" else partition)(zones, other, by=case.by)
    if measure == "partition":
        assert found.area.to_numpy() == pytest.approx(found["area_m2"].to_numpy(), rel=REL, abs=1e-6)
    ours = keyed(found, case.by).set_index(["zone", "cls"])["area_m2"]
    theirs = duck.execute("SELECT zone, cls, ST_Area(geom) AS v FROM cells").df().set_index(["zone", "cls"])["v"]
    same(ours, theirs[theirs > 0], zones.length)


@pytest.mark.parametrize(("case", "measure"), parameters(POLYGONS, ("partition",)))
def test_shapes(case, measure):
    """The geometry of the partition is theirs: nothing of one is out of the other."""
    duck, zones, other = cells(case)
    ours = keyed(partition(zones, other, by=case.by), case.by)[["zone", "cls", "geometry"]]
    register_table(duck, "ours", near(ours, zones))
    gap = duck.execute("""
        SELECT o.zone, sum(ST_Area(ST_SymDifference(o.geom, c.geom))) AS v
        FROM ours o JOIN cells c ON o.zone = c.zone AND o.cls = c.cls GROUP BY o.zone
    """).df()
    assert len(gap)
    dust = STEP_M * zones.length.loc[gap["zone"]].to_numpy()
    far = gap[gap["v"].to_numpy() > np.maximum(REL * zones.area.loc[gap["zone"]].to_numpy(), dust)]
    assert far.empty, far


def test_combinations_of_two_covers():
    """Each commune of the fictional territory, by zone type and hazard level, and what is left."""
    layers = prepared("sample_2025").ground
    units = layers.units.reset_index(drop=True)
    plan, hazard = layers.layers["zonage"], layers.layers["alea"]
    duck = connect()
    register_table(duck, "zones", units[["geometry"]])
    for name, layer, by in (("plan", plan, "typezone"), ("hazard", hazard, "niveau")):
        register_table(duck, name, gpd.GeoDataFrame({"cls": layer[by]}, geometry=layer.geometry.array))
        order = f"SELECT cls, row_number() OVER (ORDER BY min(id)) AS rank FROM {name} GROUP BY cls"
        settled(duck, f"{name}_classes", f"SELECT r.rank, o.geom FROM {name} o JOIN ({order}) r USING (cls)")
        duck.execute(f"""
            CREATE OR REPLACE TABLE {name}_all AS
                SELECT r.cls, c.geom FROM {name}_classes c JOIN ({order}) r USING (rank)
            UNION ALL SELECT 'none', ST_Difference(
                (SELECT ST_Buffer(ST_Union_Agg(geom), 1000) FROM zones), (SELECT ST_Union_Agg(geom) FROM {name}))
        """)
    theirs = duck.execute("""
        SELECT z.id AS zone, p.cls AS plan, h.cls AS hazard,
               ST_Area(ST_Intersection(ST_Intersection(z.geom, p.geom), h.geom)) AS v
        FROM zones z, plan_all p, hazard_all h
    """).df()
    found = crosstab(units, plan, hazard, by=["typezone", "niveau"]).fillna({"typezone": "none", "niveau": "none"})
    ours = found.set_index(["zone", "typezone", "niveau"])["area_m2"]
    theirs = theirs[theirs["v"] > 0].set_index(["zone", "plan", "hazard"])["v"]
    assert len(ours) > 12
    same(ours, theirs, units.length)


@pytest.mark.parametrize(("case", "measure"), parameters(POLYGONS, ("main_zone",)))
def test_main_zones(case, measure):
    duck, zones, other = tables(case)
    table = duck.execute(f"""
        SELECT other, arg_min(zone, (-round(v, 6), zone)) AS zone FROM ({PAIRS}) WHERE v > 0 GROUP BY other
    """).df()
    theirs = table.set_index("other")["zone"].reindex(range(len(other)))
    assert main_zone(other, zones).astype(float).tolist() == pytest.approx(theirs.tolist(), abs=0, nan_ok=True)
