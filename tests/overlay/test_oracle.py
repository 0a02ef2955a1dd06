"""Areas and lengths judged by DuckDB spatial, on drawn layers and on the real ones."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString

from oracles.duckdb_spatial import register
from overlay.drawing import grid, layer, star
from territoire_sig.overlay import covered_area, covered_length, crosstab, intersection_areas

PAIRS = """
    SELECT * FROM (
        SELECT z.id AS zone, c.id AS cover, ST_Area(ST_Intersection(z.geom, c.geom)) AS area_m2
        FROM zones z JOIN covers c ON ST_Intersects(z.geom, c.geom)
    ) WHERE area_m2 > 0 ORDER BY zone, cover
"""
UNION = """
    WITH u AS (SELECT ST_Union_Agg(geom) AS geom FROM covers)
    SELECT coalesce(ST_Area(ST_Intersection(z.geom, u.geom)), 0) AS area_m2 FROM zones z, u ORDER BY z.id
"""


def judge(duck, zones, cover):
    """Compare areas of pairs and of the union with those of DuckDB, to 1e-9."""
    register(duck, "zones", zones)
    register(duck, "covers", cover)
    zones, cover = zones.reset_index(drop=True), cover.reset_index(drop=True)
    key = ["zone", "cover"]
    expected = duck.execute(PAIRS).df().set_index(key)["area_m2"]
    found = intersection_areas(zones, cover).set_index(key)["area_m2"]
    dust = 1e-9 * zones.area.max()
    both = found.to_frame("ours").join(expected.rename("theirs"), how="outer").fillna(0)
    assert both["ours"].to_numpy() == pytest.approx(both["theirs"].to_numpy(), rel=1e-9, abs=dust)
    assert both["ours"].sum() == pytest.approx(both["theirs"].sum(), rel=1e-12)
    union = duck.execute(UNION).df()["area_m2"].to_numpy()
    assert covered_area(zones, cover).to_numpy() == pytest.approx(union, rel=1e-9, abs=dust)


def test_drawn_layers(duck):
    discs = [star(400, radius=2_500, centre=(645_000.0 + 1_900 * i, 6_858_000.0 + 700 * i), lobes=3) for i in range(6)]
    judge(duck, grid(10, 1_500), layer(*discs, star(2_000)))


@pytest.mark.real
def test_communes_in_the_zoning_of_est_ensemble(duck, est_ensemble):
    zoning, communes = est_ensemble
    judge(duck, communes, zoning)


@pytest.mark.real
def test_zoning_of_est_ensemble_in_communes(duck, est_ensemble):
    zoning, communes = est_ensemble
    judge(duck, zoning, communes)


@pytest.mark.real
def test_communes_in_the_hazards_of_seyssinet(duck, seyssinet):
    hazard, communes = seyssinet
    judge(duck, communes, hazard)


@pytest.mark.real
def test_classes_of_est_ensemble_sum_to_the_union_of_each_class(duck, est_ensemble):
    zoning, communes = est_ensemble
    table = crosstab(communes, zoning, by="TYPEZONE")
    assert table.groupby("zone")["area_m2"].sum().to_numpy() == pytest.approx(communes.area.to_numpy(), rel=1e-9)
    first = zoning["TYPEZONE"].iloc[0]
    register(duck, "zones", communes)
    register(duck, "covers", zoning[zoning["TYPEZONE"] == first])
    union = duck.execute(UNION).df()["area_m2"].sum()
    assert table.loc[table["TYPEZONE"] == first, "area_m2"].sum() == pytest.approx(union, rel=1e-9)


def test_metres_of_lines(duck):
    lines = layer(*(LineString([(640_000, y), (661_000, y + 999)]) for y in range(6_850_000, 6_870_000, 400)))
    cover = layer(star(3_000), star(2_000, centre=(655_000.0, 6_862_000.0), lobes=5))
    register(duck, "lines", lines)
    register(duck, "covers", cover)
    expected = duck.execute(
        "WITH u AS (SELECT ST_Union_Agg(geom) AS geom FROM covers)"
        " SELECT ST_Length(ST_Intersection(l.geom, u.geom)) AS length_m FROM lines l, u ORDER BY l.id"
    ).df()["length_m"]
    found = covered_length(lines, cover).to_numpy()
    assert np.count_nonzero(found) > 30
    assert found == pytest.approx(expected.to_numpy(), rel=1e-9, abs=1e-6)
