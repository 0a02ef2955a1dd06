"""Values carried between units, and rasters summarised in zones: told in SQL and compared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from oracles.duckdb_spatial import connect, register_table
from proof.layers import IRIS, LYON, RHONE, SQUARES, near, read, sample
from proof.subjects import prepared
from territoire_sig.overlay import interpolate, zonal_statistics

REL = 1e-9
#: exactextract keeps the fraction of a pixel in single precision.
SINGLE = 2.0**-22


def of_sample():
    return sample("population")(), sample("units")(), "habitants"


def of_saint_denis():
    return read(SQUARES), read(IRIS), "ind"


def of_lyon():
    return read(LYON), read(RHONE), "no2"


SOURCES = [
    pytest.param(of_sample, id="sample_squares_communes"),
    pytest.param(of_saint_denis, id="saint_denis_squares_iris", marks=pytest.mark.real),
    pytest.param(of_lyon, id="lyon_iris_communes", marks=pytest.mark.real),
]
KINDS = {"extensive": "sum(v * common / whole)", "intensive": "sum(v * common) / sum(common)"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", SOURCES)
def test_by_area(layers, kind):
    source, target, name = layers()
    duck = connect()
    told = gpd.GeoDataFrame({"v": source[name].astype(float)}, geometry=source.geometry.array, crs=source.crs)
    register_table(duck, "source", near(told, target))
    register_table(duck, "target", near(target[[target.geometry.name]], target))
    theirs = duck.execute(f"""
        WITH links AS (SELECT t.id, s.v, ST_Area(ST_Intersection(s.geom, t.geom)) AS common, ST_Area(s.geom) AS whole
                       FROM target t JOIN source s ON ST_Intersects(s.geom, t.geom))
        SELECT id, {KINDS[kind]} AS v FROM links WHERE common > 0 AND v IS NOT NULL GROUP BY id
    """).df()
    ours = interpolate(told, target, **{kind: ["v"]}).values["v"]
    expected = theirs.set_index("id")["v"].reindex(range(len(target)))
    assert ours.notna().sum() > 2
    assert ours.tolist() == pytest.approx(expected.tolist(), rel=REL, abs=1e-9, nan_ok=True)


def window(role, rows, columns):
    """Return a raster of the fictional territory and its first pixels as a table of squares, by SQL."""
    raster = prepared("sample_2025").inputs[role]
    values = np.asarray(raster.values[:rows, :columns], dtype=float)
    row, column = np.indices(values.shape)
    return raster, pd.DataFrame({"r": row.ravel(), "c": column.ravel(), "v": values.ravel()}).dropna()


@pytest.mark.parametrize("stat", ["count", "sum", "mean", "min", "max", "known_share"])
@pytest.mark.parametrize("role", ["air_raster", "relief"])
def test_pixels(role, stat):
    raster, pixels = window(role, 60, 60)
    a, _, x0, _, e, y0 = raster.transform
    corner = gpd.GeoSeries.from_xy([x0 + 20.3 * a, x0 + 41.7 * a], [y0 + 15.6 * e, y0 + 38.2 * e])
    zones = gpd.GeoDataFrame(geometry=corner.buffer(9.4 * a, quad_segs=3), crs=raster.crs)
    duck = connect()
    register_table(duck, "zones", zones)
    duck.register("pixels", pixels)
    duck.execute(f"""
        CREATE TABLE parts AS
        WITH squares AS (SELECT v, ST_MakeEnvelope({x0} + c * {a}, {y0} + (r + 1) * {e},
                                                   {x0} + (c + 1) * {a}, {y0} + r * {e}) AS geom FROM pixels)
        SELECT z.id, s.v, ST_Area(ST_Intersection(s.geom, z.geom)) / {abs(a * e)} AS f, ST_Area(z.geom) AS whole
        FROM squares s JOIN zones z ON ST_Intersects(s.geom, z.geom)
    """)
    formula = {
        "count": "sum(f)",
        "sum": "sum(f * v)",
        "mean": "sum(f * v) / sum(f)",
        "min": "min(v)",
        "max": "max(v)",
        "known_share": f"least(sum(f) * {abs(a * e)} / any_value(whole), 1)",
    }[stat]
    theirs = duck.execute(f"SELECT {formula} AS v FROM parts WHERE f > 0 GROUP BY id ORDER BY id").df()["v"]
    asked = ["mean"] if stat == "known_share" else [stat]
    assert zonal_statistics(zones, raster, asked)[stat].tolist() == pytest.approx(theirs.tolist(), rel=SINGLE)
