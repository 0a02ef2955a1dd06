"""Participation, against DuckDB spatial, esda, statsmodels, SciPy and counts person by person, on drawn territories."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from esda.smoothing import Empirical_Bayes
from libpysal.weights import Queen
from scipy import stats
from shapely import box
from statsmodels.stats.multitest import multipletests

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import prepared
from territoire_sig.indicators import declared

PROVES = (
    "participation_hot_spots",
    "participation_plan_ranking",
    "participation_rate",
    "participation_representation",
    "participation_social_gradient",
)
SEEDS = pytest.mark.parametrize("seed", range(3))
SIDE = 6


def drawn(seed):
    """Return units (squares of 1 km, in no order), squares of population that they cut, and contributions."""
    random = np.random.default_rng(seed)
    shapes = [box(x * 1000, y * 1000, (x + 1) * 1000, (y + 1) * 1000) for x in range(SIDE) for y in range(SIDE)]
    codes = [f"U{rank:02}" for rank in random.permutation(len(shapes))]
    index = pd.Index(codes, name="code_unite")
    units = gpd.GeoDataFrame(
        {"nom_unite": [f"Commune {code}" for code in codes]}, geometry=shapes, index=index, crs=2154
    )
    cells = [box(x, y, x + 300, y + 300) for x in range(0, 6000, 300) for y in range(0, 6000, 300)]
    people = random.integers(1, 400, len(cells)).astype(float)
    old = {"habitants": people, "habitants_65plus": np.floor(people * random.uniform(0.05, 0.5, len(cells)))}
    places = random.normal(2500, 1500, (150, 2))
    points = gpd.GeoSeries(gpd.points_from_xy(*places.T), crs=2154)
    points[random.choice(150, 20, replace=False)] = None
    said = pd.Series(random.choice([*codes, "ailleurs"], 150)).where(points.isna() & (random.random(150) < 0.7))
    themes = random.choice(
        ["fibre", "mobile", "aide", "velo", "ecole", "Éclairage"], 150, p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05]
    )
    told = {"lieu": said, "theme": themes, "soutiens": random.integers(0, 40, 150)}
    return {
        "units": units,
        "population": gpd.GeoDataFrame(old, geometry=cells, crs=2154),
        "contribution": gpd.GeoDataFrame(told, geometry=points, crs=2154),
    }


def counted(layers):
    """Return contributions, supports, inhabitants and people aged 65 and over by unit, in SQL."""
    duck = connect()
    for name, layer in layers.items():
        register_table(duck, name, layer)
    table = duck.execute("""
        WITH here AS (
            SELECT u.row_key, c.soutiens FROM contribution c JOIN units u
            ON ST_Intersects(u.geom, c.geom) OR (c.geom IS NULL AND c.lieu = u.row_key)
        ), lived AS (
            SELECT u.row_key, sum(habitants * part) AS people, sum(habitants_65plus * part) AS old
            FROM (SELECT habitants, habitants_65plus, u.row_key,
                         ST_Area(ST_Intersection(u.geom, p.geom)) / ST_Area(p.geom) AS part
                  FROM population p JOIN units u ON ST_Intersects(u.geom, p.geom)) u GROUP BY ALL
        )
        SELECT lived.row_key, count(here.soutiens) AS n, coalesce(sum(here.soutiens), 0) AS supports, people, old
        FROM lived LEFT JOIN here USING (row_key) GROUP BY ALL
    """).df()
    duck.close()
    return table.set_index("row_key").reindex(layers["units"].index).astype(float)


def told(identifier, layers, **more):
    given = {name: layer for name, layer in layers.items() if name != "units"} | more
    return declared()[identifier](layers["units"], layers=given)


@SEEDS
def test_rates_are_those_of_sql_and_smoothed_as_esda_does(seed):
    layers = drawn(seed)
    table, found = counted(layers), told("participation_rate", layers)
    values = found.values
    np.testing.assert_allclose(values["participation_count"], table["n"])
    np.testing.assert_allclose(values["participation_support_count"], table["supports"])
    np.testing.assert_allclose(values["participation_per_1000"], 1000 * table["n"] / table["people"], rtol=1e-9)
    theirs = 1000 * Empirical_Bayes(table["n"].to_numpy(), table["people"].to_numpy()).r.ravel()
    np.testing.assert_allclose(values["participation_smoothed_per_1000"], theirs, rtol=1e-9)
    whole = {name: value.value for name, value in found.overall.items()}
    assert whole["participation_placed_count"] == table["n"].sum()
    assert whole["participation_received_count"] == 150
    assert whole["participation_all_per_1000"] == pytest.approx(1000 * table["n"].sum() / table["people"].sum())
    lost = layers["contribution"]
    lost = lost[lost.geometry.isna() & (lost["lieu"].isna() | lost["lieu"].eq("ailleurs"))]
    assert whole["participation_unplaced_count"] == len(lost) > 0
    assert whole["participation_outside_count"] == 150 - len(lost) - table["n"].sum()
    assert found.known_share["participation_count"].unique() == pytest.approx([1 - len(lost) / 150])


@SEEDS
def test_hot_spots_are_those_of_esda(seed):
    layers = drawn(seed)
    table = counted(layers)
    rate = (table["n"] / table["people"]).to_numpy()
    weights = Queen.from_dataframe(layers["units"], use_index=False)
    theirs = G_Local(rate, weights, transform="B", star=True, permutations=0)
    found = told("participation_hot_spots", layers)
    np.testing.assert_allclose(found.values["participation_gi_star"], theirs.Zs, rtol=1e-9)
    _, adjusted, *_ = multipletests(2 * stats.norm.sf(np.abs(theirs.Zs)), method="fdr_bh")
    np.testing.assert_allclose(found.values["participation_gi_p_share"], adjusted, rtol=1e-9)
    drawn_classes = found.map.set_index("code_unite")["classe"]
    hot = layers["units"].index[(adjusted <= 0.05) & (theirs.Zs > 0)]
    assert set(drawn_classes[drawn_classes == "point_chaud"].index) == set(hot)


@SEEDS
def test_quotients_and_dissimilarity(seed):
    layers = drawn(seed)
    table, found = counted(layers), told("participation_representation", layers)
    ours, theirs = table["n"] / table["n"].sum(), table["people"] / table["people"].sum()
    np.testing.assert_allclose(found.values["participation_quotient"], ours / theirs, rtol=1e-9)
    moved = np.maximum(ours - theirs, 0).sum()
    assert found.overall["participation_dissimilarity_share"].value == pytest.approx(moved)


@SEEDS
def test_concentration_is_that_of_people_ranked_one_by_one(seed):
    """Each inhabitant stands in a file by the income of the unit; the index is twice a covariance over a mean."""
    random = np.random.default_rng(seed)
    layers = drawn(seed)
    units = layers["units"]
    people = pd.Series(random.integers(5, 40, len(units)), units.index)
    lived = gpd.GeoDataFrame(
        {
            "habitants": people.to_numpy(float),
            "habitants_65plus": np.floor(people.to_numpy() / random.integers(2, 5, len(units))),
        },
        geometry=units.geometry.to_numpy(),
        crs=units.crs,
    )
    income = pd.Series(random.integers(15, 25, len(units)) * 1000.0, units.index)
    indices = pd.Series(random.uniform(0, 10, len(units)), units.index)
    revenu = gpd.GeoDataFrame(
        {"code_insee": units.index, "revenu_median": income.to_numpy()}, geometry=units.geometry.to_numpy(), crs=2154
    )
    fragilite = gpd.GeoDataFrame(
        {"code_insee": units.index, "indice": indices.to_numpy()}, geometry=units.geometry.to_numpy(), crs=2154
    )
    found = told("participation_social_gradient", layers | {"population": lived}, revenu=revenu, fragilite=fragilite)
    rate = counted(layers)["n"] / people
    old = pd.Series(lived["habitants_65plus"].to_numpy(), units.index) / people
    for word, rank in {"income": income, "age": old, "fragility": indices}.items():
        file, made = np.repeat(rank.to_numpy(), people), np.repeat(rate.to_numpy(), people)
        place = (stats.rankdata(file) - 0.5) / len(file)
        expected = 2 * np.cov(made, place, ddof=0)[0, 1] / made.mean()
        assert found.overall[f"participation_{word}_concentration"].value == pytest.approx(expected, rel=1e-9)
        curve = found.tables["participation_curves"]
        area = np.trapezoid(curve[f"{word}_contribution_share"], curve["population_share"])
        assert 1 - 2 * area == pytest.approx(expected, rel=1e-6)


@SEEDS
def test_rankings_agree_as_scipy_says(seed):
    random = np.random.default_rng(seed)
    layers = drawn(seed)
    names = ["Fibre", "mobile", "aide", "eclairage", "écologie"]
    plan = [
        (f"A{n}", random.integers(1, 9) * 1e4, random.choice(names, random.integers(1, 4), replace=False))
        for n in range(8)
    ]
    rows = {"id": [one[0] for one in plan], "budget_eur": [one[1] for one in plan]}
    action = gpd.GeoDataFrame(rows | {"objectifs": [" ; ".join(one[2]) for one in plan]}, geometry=[None] * 8, crs=2154)
    found = told("participation_plan_ranking", layers, action=action)
    spent: dict[str, float] = {}
    for _, budget, served in plan:
        for name in served:
            key = name.lower().replace("é", "e")
            spent[key] = spent.get(key, 0.0) + budget / len(served)
    theme = layers["contribution"]["theme"].str.lower().str.replace("é", "e")
    asked, supports = theme.value_counts(), layers["contribution"].groupby(theme)["soutiens"].sum()
    every = sorted(set(asked.index) | set(spent))
    money = [spent.get(name, 0.0) for name in every]
    assert found.tables["objective_ranking"]["objectif"].tolist() == every
    for word, count in {"contribution": asked, "support": supports}.items():
        expected = stats.kendalltau(count.reindex(every, fill_value=0), money).statistic
        assert found.overall[f"ranking_{word}_tau"].value == pytest.approx(expected, rel=1e-9)


def test_the_sample_names_the_unit_of_a_contribution_without_coordinates():
    ready = prepared("sample_2025")
    found = declared()["participation_rate"](ready.ground.units, layers=ready.inputs)
    assert found.values["participation_count"].to_dict() == {
        "99101": 1,
        "99102": 1,
        "99103": 1,
        "99104": 3,
        "99105": 1,
        "99106": 1,
    }
    assert found.overall["participation_unplaced_count"].value == 1
