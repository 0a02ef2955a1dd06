"""Air, noise and the cube: exactextract weighted by people, and DuckDB spatial."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import database, prepared
from territoire_sig.indicators import declared
from territoire_sig.model.raster import Raster

PROVES = ("air_exposure", "environment_cube", "noise_exposure")
CRS = "EPSG:2154"
WKT = pyproj.CRS(CRS).to_wkt()
SIDE, ROWS = 100, 20


@pytest.fixture(scope="module", params=[11, 12])
def drawn(request):
    """Three slanted units, squares of 200 m with people (some secret), zones of air, rasters with holes."""
    rng = np.random.default_rng(request.param)
    cuts = [(0, 0), (730, 610), (1300, 1420), (2000, 2000)]
    shapes = [shapely.Polygon([(a, 0), (b, 0), (d, 2000), (c, 2000)]) for (a, c), (b, d) in itertools.pairwise(cuts)]
    index = pd.Index(["u1", "u2", "u3"], name="code_unite")
    units = gpd.GeoDataFrame({"nom_unite": list("xyz")}, geometry=shapes, index=index, crs=CRS)
    squares = [shapely.box(x, y, x + 200, y + 200) for x in range(0, 2000, 200) for y in range(0, 2000, 200)]
    people = rng.integers(0, 300, 100).astype(float)
    population = gpd.GeoDataFrame({"habitants": people}, geometry=squares, crs=CRS)
    zones = [shapely.box(x, y, x + 510, y + 390) for x in (0, 510, 1020) for y in (100, 490, 880)]
    columns = {
        "no2": rng.uniform(5, 60, 9),
        "pm25": np.where(rng.random(9) < 0.3, np.nan, rng.uniform(3, 30, 9)),
        "lden": rng.uniform(40, 75, 9),
    }
    air = gpd.GeoDataFrame(columns, geometry=zones, crs=CRS)

    def raster(low, high, holes):
        values = rng.uniform(low, high, (ROWS, ROWS))
        values[rng.random(values.shape) < holes] = np.nan
        return Raster(values, (SIDE, 0, 0, 0, -SIDE, 2000), CRS, "field")

    return units, population, air, raster(5, 60, 0.1), raster(40, 75, 0.1)


def source(values):
    filled = np.ascontiguousarray(values, dtype=float)
    return NumPyRasterSource(filled, 0, 0, 2000, 2000, nodata=np.nan, srs_wkt=WKT)


def by_exactextract(units, population, values):
    """Return the mean of a field weighted by the people of each pixel, and the share of people on known pixels."""
    density = population["habitants"].to_numpy().reshape(10, 10).T[::-1].repeat(2, 0).repeat(2, 1) / 4
    zones = units.reset_index()[["code_unite", "geometry"]]
    frame = exact_extract(source(values), zones, "weighted_mean", weights=source(density), output="pandas")
    there = np.where(np.isnan(values), 0.0, 1.0)
    known = exact_extract(source(there), zones, "weighted_mean", weights=source(density), output="pandas")
    return frame["weighted_mean"].to_numpy(), known["weighted_mean"].to_numpy()


def above(values, limit):
    return np.where(np.isnan(values), np.nan, (values > limit).astype(float))


def test_no2_by_exactextract(drawn):
    units, population, _, raster, _ = drawn
    found = declared()["air_exposure"](units, layers={"population": population, "air_raster": raster})
    mean, known = by_exactextract(units, population, raster.values)
    assert found.values["no2_exposure"].tolist() == pytest.approx(mean.tolist(), rel=1e-6)
    assert found.known_share["no2_exposure"].tolist() == pytest.approx(known.tolist(), rel=1e-6)
    for name, limit in (("who", 10), ("eu2030", 20), ("eu", 40)):
        share, _ = by_exactextract(units, population, above(raster.values, limit))
        assert found.values[f"no2_above_{name}_share"].tolist() == pytest.approx(share.tolist(), rel=1e-6)
    assert found.values.filter(like="pm25").isna().all(axis=None)


def test_noise_by_exactextract(drawn):
    units, population, _, _, raster = drawn
    found = declared()["noise_exposure"](units, layers={"population": population, "bruit_raster": raster})
    energy, known = by_exactextract(units, population, 10 ** (raster.values / 10))
    assert found.values["lden_exposure"].tolist() == pytest.approx((10 * np.log10(energy)).tolist(), rel=1e-6)
    assert found.known_share["lden_exposure"].tolist() == pytest.approx(known.tolist(), rel=1e-6)
    for name, limit in (("who", 53), ("eu", 55), ("french", 68)):
        share, _ = by_exactextract(units, population, above(raster.values, limit))
        assert found.values[f"lden_above_{name}_share"].tolist() == pytest.approx(share.tolist(), rel=1e-6)


def test_raster_then_polygons_by_exactextract(drawn):
    """Squares of 10 m, in which both fall: the raster where it tells, the zones where it does not."""
    units, population, air, raster, noise = drawn

    def filled(values, column):
        fine = values.repeat(10, 0).repeat(10, 1)
        for zone, value in zip(air.geometry, air[column], strict=True):
            x0, y0, x1, y1 = (round(edge / 10) for edge in zone.bounds)
            part = fine[200 - y1 : 200 - y0, x0:x1]
            part[np.isnan(part)] = value
        return fine

    given = {"population": population, "air": air, "air_raster": raster, "bruit_raster": noise}
    found = declared()["air_exposure"](units, layers=given)
    field = filled(raster.values, "no2")
    mean, known = by_exactextract(units, population, field)
    assert found.values["no2_exposure"].tolist() == pytest.approx(mean.tolist(), rel=1e-6)
    assert found.known_share["no2_exposure"].tolist() == pytest.approx(known.tolist(), rel=1e-6)
    share, _ = by_exactextract(units, population, above(field, 20))
    assert found.values["no2_above_eu2030_share"].tolist() == pytest.approx(share.tolist(), rel=1e-6)
    found = declared()["noise_exposure"](units, layers=given)
    energy, known = by_exactextract(units, population, 10 ** (filled(noise.values, "lden") / 10))
    assert found.values["lden_exposure"].tolist() == pytest.approx((10 * np.log10(energy)).tolist(), rel=1e-6)
    assert found.known_share["lden_exposure"].tolist() == pytest.approx(known.tolist(), rel=1e-6)


def by_duckdb(units, population, air, column, value):
    """Return the mean of an expression over people, and the share of people whose value is known."""
    with connect() as connection:
        for name, layer in (("units", units), ("population", population), ("air", air)):
            register_table(connection, name, layer)
        return connection.execute(f"""
            WITH home AS (
                SELECT u.row_key AS u, ST_Intersection(p.geom, u.geom) AS geom, habitants / ST_Area(p.geom) AS density
                FROM units u, population p WHERE habitants IS NOT NULL),
            told AS (
                SELECT h.u, density * ST_Area(ST_Intersection(h.geom, a.geom)) AS n, ({value})::DOUBLE AS v
                FROM home h, air a WHERE {column} IS NOT NULL),
            everyone AS (SELECT u, sum(density * ST_Area(geom)) AS n FROM home GROUP BY u)
            SELECT t.u, sum(t.n * v) / sum(t.n) AS mean, sum(t.n) / any_value(e.n) AS known
            FROM told t JOIN everyone e ON e.u = t.u GROUP BY t.u ORDER BY t.u""").df()


@pytest.mark.parametrize(("pollutant", "limits"), [("no2", (10, 20, 40)), ("pm25", (5, 10, 25))], ids=["no2", "pm25"])
def test_polygons_by_duckdb(drawn, pollutant, limits):
    units, population, air, _, _ = drawn
    found = declared()["air_exposure"](units, layers={"population": population, "air": air})
    told = by_duckdb(units, population, air, pollutant, pollutant)
    assert found.values[f"{pollutant}_exposure"].tolist() == pytest.approx(told["mean"].tolist(), rel=1e-9)
    assert found.known_share[f"{pollutant}_exposure"].tolist() == pytest.approx(told["known"].tolist(), rel=1e-9)
    for name, limit in zip(("who", "eu2030", "eu"), limits, strict=True):
        told = by_duckdb(units, population, air, pollutant, f"{pollutant} > {limit}")
        share = found.values[f"{pollutant}_above_{name}_share"].tolist()
        assert share == pytest.approx(told["mean"].tolist(), rel=1e-9, abs=1e-12)


def test_noise_of_polygons_by_duckdb(drawn):
    units, population, air, _, _ = drawn
    found = declared()["noise_exposure"](units, layers={"population": population, "air": air})
    told = by_duckdb(units, population, air, "lden", "pow(10, lden / 10)")
    level = 10 * np.log10(told["mean"])
    assert found.values["lden_exposure"].tolist() == pytest.approx(level.tolist(), rel=1e-9)
    told = by_duckdb(units, population, air, "lden", "lden > 55")
    assert found.values["lden_above_eu_share"].tolist() == pytest.approx(told["mean"].tolist(), rel=1e-9)


def test_secret_people_lower_what_is_known(drawn):
    units, population, air, _, _ = drawn
    secret = population.assign(habitants=population["habitants"].where(np.arange(100) % 4 > 0))
    found = declared()["noise_exposure"](units, layers={"population": secret, "air": air})
    told = by_duckdb(units, secret, air, "lden", "pow(10, lden / 10)")
    with connect() as connection:
        register_table(connection, "units", units)
        register_table(connection, "population", secret)
        counted = connection.execute("""
            SELECT u.row_key AS u, sum(ST_Area(ST_Intersection(p.geom, u.geom))) FILTER (habitants IS NOT NULL)
                / sum(ST_Area(ST_Intersection(p.geom, u.geom))) AS share
            FROM units u, population p GROUP BY 1 ORDER BY 1""").df()["share"]
    assert found.values["lden_exposure"].tolist() == pytest.approx((10 * np.log10(told["mean"])).tolist(), rel=1e-9)
    assert found.known_share["lden_exposure"].tolist() == pytest.approx((told["known"] * counted).tolist(), rel=1e-9)


def test_cube_of_the_sample():
    ground = prepared("sample_2025")
    units = ground.ground.units
    found = declared()["environment_cube"](units, layers=ground.inputs)
    duck = database("sample_2025")
    departures = (
        duck.execute("""
        SELECT u.row_key AS u, sum(passages_jour) AS n FROM units u JOIN arret a ON ST_Intersects(u.geom, a.geom)
        WHERE coalesce(location_type, 0) NOT IN (1, 2, 3, 4) GROUP BY 1""")
        .df()
        .set_index("u")["n"]
    )
    energy = (
        duck.execute("""
        SELECT u.row_key AS u, sum(consommation_mwh) AS n FROM units u
        JOIN consommation_energie e ON ST_Contains(u.geom, ST_Centroid(e.geom)) GROUP BY 1""")
        .df()
        .set_index("u")["n"]
    )
    people = (
        duck.execute("""
        SELECT u.row_key AS u, sum(p.habitants * ST_Area(ST_Intersection(u.geom, p.geom)) / ST_Area(p.geom)) AS n
        FROM units u, population p GROUP BY 1""")
        .df()
        .set_index("u")["n"]
    )
    for name, told in (("departures", departures), ("energy_mwh", energy), ("inhabitants", people)):
        expected = told.reindex(units.index).astype(float).tolist()
        assert found.values[f"cube_{name}"].tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True), name
    air = declared()["air_exposure"](units, layers=ground.inputs)
    assert found.values["cube_no2"].tolist() == pytest.approx(air.values["no2_exposure"].tolist(), nan_ok=True)
    assert found.values["cube_pm25"].tolist() == pytest.approx(air.values["pm25_exposure"].tolist(), nan_ok=True)
    cube = found.tables["cube"]
    assert cube["millesime"].unique().tolist() == ["2023", "2025"]
    assert not cube.duplicated(["code_unite", "millesime"]).any()
    assert len(cube) == 2 * len(units)
    wide = cube.pivot_table(index="code_unite", columns="millesime", values=["passages_jour", "energie_mwh"])
    assert wide["passages_jour", "2025"].tolist() == departures.reindex(units.index).tolist()
    assert wide["energie_mwh", "2023"].dropna().tolist() == pytest.approx(energy.reindex(units.index).dropna().tolist())
