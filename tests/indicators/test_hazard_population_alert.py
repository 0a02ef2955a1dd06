"""Inhabitants whom a mobile alert does not reach, on shapes one can draw, then judged by DuckDB."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from oracles.duckdb_spatial import register
from overlay.drawing import grid, layer, star
from territoire_sig.indicators.hazard_population_alert import ANALYSIS


def measure(units, alea, population, mobile, perimetre_risque=None, **parameters):
    layers = {"alea": alea, "population": population, "couverture_mobile": mobile}
    return ANALYSIS(units, layers=layers | {"perimetre_risque": perimetre_risque}, **parameters)


@pytest.fixture
def alea():
    """In A: fort on x 0-400 and moyen on 300-600, faible on 600-1000."""
    shapes = [box(0, 0, 400, 1000), box(300, 0, 600, 1000), box(600, 0, 1000, 1000)]
    return layer(*shapes, niveau=["fort", "moyen", "faible"], typealea=["11"] * 3)


@pytest.fixture
def population():
    """100 inhabitants a strip of 100 m, in A only."""
    return layer(*(box(100 * i, 0, 100 * i + 100, 1000) for i in range(10)), habitants=[100.0] * 10)


@pytest.fixture
def mobile():
    """Two surfaces that overlap, and cover x 0-450."""
    return layer(box(0, 0, 300, 1000), box(200, 0, 450, 1000))


def test_by_hand(units, alea, population, mobile):
    found = measure(units, alea, population, mobile)
    assert found.values.loc["A"].tolist() == pytest.approx([600, 150, 0.25])
    assert found.known_share.loc["A"].tolist() == pytest.approx([1, 1, 1])
    assert found.values.loc[["B", "Z"]].isna().all(axis=None)


def test_the_level_is_a_parameter(units, alea, population, mobile):
    assert measure(units, alea, population, mobile, niveau_min=3).values.loc["A"].tolist() == pytest.approx([400, 0, 0])
    found = measure(units, alea, population, mobile, niveau_min=4).values.loc["A"]
    assert found.iloc[:2].tolist() == [0, 0]
    assert np.isnan(found.iloc[2])


def test_people_who_are_unknown_are_not_zero(units, alea, population, mobile):
    secret = population.assign(habitants=[np.nan] * 6 + [100.0] * 4)
    found = measure(units, alea, secret, mobile)
    assert found.values.loc["A"].isna().all()
    half = population.assign(habitants=[np.nan, *[100.0] * 9])
    found = measure(units, alea, half, mobile)
    assert np.isnan(found.values.loc["A", "hazard_inhabitants"])
    assert found.values.loc["A", "hazard_unreached_inhabitants"] == pytest.approx(150)
    assert np.isnan(found.values.loc["A", "hazard_unreached_share"])


def test_a_secret_below_one_hundredth_leaves_a_number_and_lowers_what_is_known(units, alea, mobile):
    """A strip of 5 m is secret in the 600 m of hazard; a strip of 6 m is one hundredth of them."""
    for secret_m, told, known in ((5, 595.0, 0.995), (6, np.nan, 0.0)):
        strips = layer(box(0, 0, secret_m, 1000), box(secret_m, 0, 1000, 1000), habitants=[np.nan, 1000.0 - secret_m])
        found = measure(units, alea, strips, mobile)
        assert found.values.loc["A", "hazard_inhabitants"] == pytest.approx(told, nan_ok=True)
        assert found.known_share.loc["A", "hazard_inhabitants"] == pytest.approx(known)


def test_the_known_share_is_where_hazard_and_people_are_known(units, alea, population, mobile):
    strips = population.iloc[:8]
    found = measure(units, alea.iloc[:2], strips, mobile)
    assert found.known_share.loc["A", "hazard_inhabitants"] == pytest.approx(0.6)
    found = measure(units, alea.iloc[:2], strips, mobile, perimetre_risque=layer(box(0, 0, 1000, 1000)))
    assert found.known_share.loc["A", "hazard_inhabitants"] == pytest.approx(0.8)


def test_inhabited_squares_that_miss_the_hazard_are_nobody(units, alea, population, mobile):
    found = measure(units, alea, population.iloc[6:], mobile)
    assert found.values.loc["A", "hazard_inhabitants"] == 0


def test_an_undetermined_level_is_not_counted(units, alea, population, mobile):
    found = measure(units, alea.assign(niveau=["indetermine", "moyen", "nul"]), population, mobile)
    assert found.values.loc["A", "hazard_inhabitants"] == pytest.approx(300)


def test_the_map_shows_what_is_covered_and_what_is_not(units, alea, population, mobile):
    drawn = measure(units, alea, population, mobile).map.set_index("classe")
    assert drawn.area.round(6).to_dict() == {"couvert": 450_000, "hors_couverture": 150_000}


SQL = """
    WITH danger AS (SELECT ST_Union_Agg(geom) AS geom FROM hazard),
    net AS (SELECT ST_Union_Agg(geom) AS geom FROM mobile),
    silent AS (SELECT ST_Difference(danger.geom, net.geom) AS geom FROM danger, net)
    SELECT u.id, sum(h.n * ST_Area(ST_Intersection(ST_Intersection(u.geom, d.geom), p.geom)) / ST_Area(p.geom)) AS n
    FROM units u, people p JOIN heads h USING (id), {surface} d GROUP BY 1 ORDER BY 1
"""


def test_duckdb_agrees(duck):
    units, people = grid(3, 5000), grid(25, 700)
    heads = np.random.default_rng(7).integers(0, 400, len(people)).astype(float)
    at = [(645_000.0 + 2500 * i, 6_857_000.0 + 1800 * i) for i in range(5)]
    hazard = layer(*(star(400, radius=2500, centre=centre, lobes=3 + i) for i, centre in enumerate(at)))
    mobile = layer(star(2000, radius=4000), star(300, radius=2500, centre=at[0]))
    for name, frame in (("units", units), ("people", people), ("hazard", hazard), ("mobile", mobile)):
        register(duck, name, frame)
    duck.execute("CREATE TABLE heads (id INT, n DOUBLE)")
    duck.executemany("INSERT INTO heads VALUES (?, ?)", [(i, float(n)) for i, n in enumerate(heads)])
    exposed, silent = (duck.execute(SQL.format(surface=name)).df()["n"].to_numpy() for name in ("danger", "silent"))
    told = hazard.assign(niveau=["moyen", "fort", "tres_fort", "moyen", "fort"], typealea="11")
    found = measure(units, told, people.assign(habitants=heads), mobile, perimetre_risque=layer(box(0, 0, 1e6, 1e7)))
    assert found.values["hazard_inhabitants"].to_numpy() == pytest.approx(exposed, rel=1e-9, abs=1e-6)
    assert found.values["hazard_unreached_inhabitants"].to_numpy() == pytest.approx(silent, rel=1e-9, abs=1e-6)
    assert exposed.sum() > silent.sum() > 1000
