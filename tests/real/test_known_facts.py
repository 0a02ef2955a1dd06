"""Facts published with the data, measured there by other means; and the same by DuckDB spatial."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from oracles.duckdb_spatial import connect, register
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.overlay import count_within, covered_length_by_zone, length_within, within

pytestmark = pytest.mark.real

SEYSSINET, ROMANCHE = "38DDT20010005", "38DDT20130013"


def zones_of(territory, procedure):
    zones = territory.vector("zone_reglementaire")
    return zones[zones["codeprocedure"] == procedure]


def test_stops_and_sites_of_the_metropolis(grenoble):
    units = grenoble.units
    assert len(units) == 49
    assert units.area.sum() / 1e6 == pytest.approx(542.7, abs=0.05)
    stops, sites = grenoble.vector("arret"), grenoble.vector("site_mobile")
    assert len(stops) == 2501
    assert count_within(units, stops).sum() == 2437
    assert count_within(units, sites).sum() == 326


def test_cycle_plan_of_the_metropolis(grenoble):
    ways = grenoble.vector("cyclable")
    lengths = length_within(grenoble.units, ways[ways["etat"] == "projet"])
    assert lengths.sum() / 1000 == pytest.approx(822, abs=0.5)


@pytest.mark.parametrize(("procedure", "area_ha", "stops", "sites"), [(SEYSSINET, 1082, 58, 6), (ROMANCHE, 672, 24, 7)])
def test_regulated_zones(grenoble, procedure, area_ha, stops, sites):
    zones = zones_of(grenoble, procedure)
    assert shapely.union_all(zones.geometry.make_valid().to_numpy()).area / 1e4 == pytest.approx(area_ha, abs=0.5)
    assert within(grenoble.vector("arret"), zones).sum() == stops
    assert within(grenoble.vector("site_mobile"), zones).sum() == sites


def test_zoning_of_est_ensemble(est_ensemble):
    zoning = est_ensemble.vector("zonage")
    assert len(zoning) == 916
    assert zoning["typezone"].value_counts().to_dict() == {"U": 805, "N": 75, "A": 36}
    assert shapely.union_all(zoning.geometry.to_numpy()).area / 1e6 == pytest.approx(39.19, abs=0.005)
    assert within(est_ensemble.vector("site_mobile"), zoning).sum() == 274


def test_fibre_of_the_metropolis(grenoble):
    rates = grenoble.layers["couverture_fixe"].frame
    inside = rates[rates["code_insee"].isin(grenoble.units.index)]
    assert inside["locaux_raccordables"].sum() == 130_361


def test_same_counts_by_duckdb(grenoble):
    database = connect()
    register(database, "units", grenoble.units)
    register(database, "stops", grenoble.vector("arret"))
    inside = database.execute(
        "select count(distinct stops.id) from stops join units on ST_Intersects(units.geom, stops.geom)"
    ).fetchone()
    assert inside == (2437,)


def as_drawn(lines):
    """Return the segments of lines: an overlay would merge the stretch that one line draws twice, and we count it."""
    points, rank = shapely.get_coordinates(lines.explode().geometry, return_index=True)
    joined = rank[1:] == rank[:-1]
    segments = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[joined])
    return gpd.GeoDataFrame(geometry=segments, crs=lines.crs)


@pytest.mark.slow
def test_uncovered_cycle_plan_by_duckdb(grenoble_diagnosis, grenoble):
    layers = prepare(grenoble).ground.layers
    measured = covered_length_by_zone(grenoble.units, layers["cyclable"], layers["couverture_mobile"])
    database = connect()
    ways = as_drawn(layers["cyclable"])
    for name, frame in (("units", grenoble.units), ("ways", ways), ("reach", layers["couverture_mobile"])):
        register(database, name, frame)
    covered = database.execute(
        "with u as (select ST_Union_Agg(geom) g from units), r as (select ST_Union_Agg(geom) g from reach), "
        "c as (select ST_Intersection(u.g, r.g) g from u, r) "
        "select sum(ST_Length(ST_Intersection(ways.geom, c.g))) from ways, c"
    ).fetchone()[0]
    assert measured["covered_m"].sum() == pytest.approx(covered, rel=1e-9)
    shown = grenoble_diagnosis.units["cycle_uncovered_km"].sum()
    assert shown == pytest.approx((measured["length_m"].sum() - measured["covered_m"].sum()) / 1000, rel=1e-9)
