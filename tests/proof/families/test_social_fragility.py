"""Fragility told again: components and classes in SQL from the layers, clusters by esda and libpysal."""

import warnings
from functools import cache
from itertools import combinations, permutations

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
import shapely
from statsmodels.stats.multitest import multipletests

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import database, prepared
from territoire_sig.indicators import declared

PROVES = ("digital_fragility_index", "fragility_mediation_distance", "fragility_clusters")
SUBJECTS = ("sample_2025", "drawn_1", "drawn_2")
ROLES = ("population", "couverture_fixe", "couverture_mobile", "diplome", "revenu", "fragilite", "mediation")

CUT = """
    CREATE OR REPLACE TABLE fragile_places AS
    WITH cut AS (
        SELECT u.row_key AS unit, ST_Intersection(p.geom, u.geom) AS geom, ST_Area(p.geom) AS whole,
            p.* EXCLUDE (geom, id, row_key)
        FROM population p JOIN units u ON ST_Intersects(p.geom, u.geom)
    )
    SELECT row_number() OVER () AS id, *, habitants * ST_Area(geom) / whole AS people, ST_Area(geom) AS area
    FROM cut WHERE ST_Area(geom) > 1e-6 * whole
"""
#: A rate of polygons, by place: the mean by area of what is known.
RATE = """
    SELECT p.id, sum(({value}) * ST_Area(ST_Intersection(p.geom, f.geom)))
        / sum(ST_Area(ST_Intersection(p.geom, f.geom))) AS rate
    FROM fragile_places p JOIN {role} f ON ST_Intersects(p.geom, f.geom)
    WHERE ({value}) IS NOT NULL AND ST_Area(ST_Intersection(p.geom, f.geom)) > 0 GROUP BY p.id, p.area
    HAVING sum(ST_Area(ST_Intersection(p.geom, f.geom))) >= p.area / 2
"""
MOBILE = """
    WITH reach AS (SELECT ST_Union_Agg(geom) AS geom FROM couverture_mobile WHERE techno LIKE '%4G%')
    SELECT p.id, ST_Area(ST_Intersection(p.geom, reach.geom)) / p.area AS rate FROM fragile_places p, reach
"""
NEAREST = """
    SELECT p.id, min(ST_Distance(ST_Centroid(p.geom), m.geom)) AS rate
    FROM fragile_places p, mediation m GROUP BY p.id
"""


@cache
def drawn(seed):
    """Thirty-six units of 500 m, squares that cross their borders, secrets and gaps."""
    generator = np.random.default_rng(100 + seed)
    shapes = [shapely.box(x, y, x + 500, y + 500) for y in range(0, 3000, 500) for x in range(0, 3000, 500)]
    names = [f"U{rank:02}" for rank in range(36)]
    index = pd.Index(names, name="code_unite")
    units = gpd.GeoDataFrame({"nom_unite": names}, geometry=shapes, index=index, crs="EPSG:2154")
    squares = [shapely.box(x, y, x + 190, y + 190) for x in range(50, 2900, 190) for y in range(50, 2900, 190)]
    people = generator.integers(5, 200, len(squares)).astype(float)
    told = {
        "habitants": np.where(generator.uniform(size=len(squares)) < 0.05, np.nan, people),
        "habitants_65plus": np.round(people * generator.uniform(0, 1, len(squares))),
        "menages": people / 2,
        "menages_pauvres": np.round(people / 2 * generator.uniform(0, 0.9, len(squares))),
    }
    slope = np.array([(shape.centroid.x + shape.centroid.y) / 600 for shape in shapes])
    scores = np.clip(slope + generator.normal(0, 1, 36), 0, 10).round(1)
    few = generator.integers(10, 60, 36).astype(float)
    spots = gpd.points_from_xy(*generator.uniform(0, 3000, (2, 4)))
    discs = [shapely.Point(x, y).buffer(r, quad_segs=4) for x, y, r in generator.uniform(100, 500, (25, 3)) * (6, 6, 1)]

    def table(**columns):
        return gpd.GeoDataFrame({"code_insee": names, **columns}, geometry=shapes, crs=2154)

    poverty = np.where(generator.uniform(size=36) < 0.1, np.nan, generator.uniform(2, 60, 36))
    return units, {
        "population": gpd.GeoDataFrame(told, geometry=squares, crs=2154),
        "couverture_fixe": table(taux_fibre=np.where(np.arange(36) == 7, np.nan, generator.uniform(0, 1, 36))),
        "couverture_mobile": gpd.GeoDataFrame(
            {"techno": ["4G", "3G", "4G", "4G5G", "4G"] * 5}, geometry=discs, crs=2154
        ),
        "diplome": table(non_scolarises_15plus=np.full(36, 100.0), peu_diplomes=few),
        "revenu": table(taux_pauvrete=poverty if seed == 1 else np.full(36, np.nan)),
        "fragilite": table(indice=np.where(np.isin(np.arange(36), [3, 20]), np.nan, scores)),
        "mediation": gpd.GeoDataFrame(geometry=spots, crs=2154),
    }


@cache
def layers(subject):
    if subject.startswith("drawn"):
        return drawn(int(subject[-1]))
    found = prepared(subject)
    return found.ground.units, dict(found.inputs)


@cache
def base(subject):
    units, given = layers(subject)
    connection = database(subject) if not subject.startswith("drawn") else connect()
    if subject.startswith("drawn"):
        register_table(connection, "units", units)
        for role in ROLES:
            register_table(connection, role, given[role])
    connection.execute(CUT)
    return connection


@cache
def places(subject):
    """Every place, with what SQL tells of it."""
    connection = base(subject)
    table = connection.execute("SELECT * EXCLUDE (geom) FROM fragile_places ORDER BY id").df().set_index("id")
    told = {
        "fibre": RATE.format(role="couverture_fixe", value="taux_fibre"),
        "few": RATE.format(role="diplome", value="peu_diplomes / non_scolarises_15plus"),
        "poor": RATE.format(role="revenu", value="taux_pauvrete / 100"),
        "index": RATE.format(role="fragilite", value="indice"),
        "mobile": MOBILE,
        "distance": NEAREST,
    }
    for name, query in told.items():
        table[name] = connection.execute(query).df().set_index("id")["rate"]
    return table


def mean(subject, value, weight="people"):
    """By unit, the mean of a value over people, and the share of the people of whom it is known."""
    table = places(subject).assign(value=value)
    means, shares = {}, {}
    for unit in layers(subject)[0].index:
        rows = table[table["unit"] == unit]
        known = rows[rows["value"].notna() & rows["people"].notna() & (rows[weight] > 0)]
        means[unit] = np.average(known["value"], weights=known[weight]) if len(known) else np.nan
        told = rows[rows["value"].notna() & rows["people"].notna()]
        open_rows = rows[rows["people"].notna()]
        part = told["people"].sum() / open_rows["people"].sum()
        shares[unit] = part * open_rows["area"].sum() / layers(subject)[0].area[unit]
    return pd.Series(means), pd.Series(shares)


def ours(subject, identifier, **asked):
    units, given = layers(subject)
    analysis = declared()[identifier]
    return analysis(units, layers={need.role: given.get(need.role) for need in analysis.inputs}, **asked)


def close(found, expected, **tolerance):
    assert found.tolist() == pytest.approx(expected.reindex(found.index).tolist(), nan_ok=True, **tolerance)


def components(subject):
    table = places(subject)
    poor = mean(subject, table["poor"])
    if table["poor"].isna().all():
        homes = places(subject).eval("menages * area / whole")
        table["homes"] = homes
        poor = mean(subject, table["menages_pauvres"] / table["menages"], "homes")
    return {
        "fragility_no_fibre_share": mean(subject, 1 - table["fibre"]),
        "fragility_no_4g_share": mean(subject, 1 - table["mobile"]),
        "fragility_65plus_share": mean(subject, table["habitants_65plus"] / table["habitants"]),
        "fragility_low_diploma_share": mean(subject, table["few"]),
        "fragility_poverty_share": poor,
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_components_and_index(subject):
    found, told = ours(subject, "digital_fragility_index"), components(subject)
    for name, (value, share) in told.items():
        close(found.values[name], value, rel=1e-7, abs=1e-9)
        close(found.known_share[name], share.where(value.notna(), found.known_share[name]), rel=1e-7, abs=1e-9)
    tops = dict(zip(told, (1, 1, 0.5, 0.5, 0.5), strict=True))
    scores = pd.DataFrame({name: (value / tops[name]).clip(upper=1) for name, (value, _) in told.items()})
    index = scores.mean(axis=1, skipna=False) * 10
    close(found.values["fragility_index"], index, rel=1e-7)
    people = places(subject).groupby("unit")["people"].sum().reindex(index.index)
    known = index.notna()
    whole = found.overall["fragility_index_mean"]
    assert whole.value == pytest.approx(np.average(index[known], weights=people[known]), rel=1e-7)
    lowest = pd.DataFrame({name: share for name, (_, share) in told.items()}).min(axis=1)
    area = layers(subject)[0].area
    assert whole.known_share == pytest.approx((lowest * area)[known].sum() / area.sum(), rel=1e-7)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_index_of_the_territory_with_weights(subject):
    weights = {"sans_thd": 0.0, "sans_4g": 2.0, "65plus": 1.0, "peu_diplomes": 0.5, "pauvrete": 3.0}
    asked = {f"poids_{word}": weight for word, weight in weights.items()}
    found, told = ours(subject, "digital_fragility_index", reference="territoire", **asked), components(subject)
    index = 0.0
    for (value, _), weight in zip(list(told.values())[1:], list(weights.values())[1:], strict=True):
        index = index + weight * (value - value.min()) / (value.max() - value.min())
    close(found.values["fragility_index"], index * 10 / sum(weights.values()), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("seuils", ["fixes", "terciles"])
def test_classes_of_fragility_and_distance(subject, seuils):
    found, table = ours(subject, "fragility_mediation_distance", seuils=seuils), places(subject).copy()
    close(found.values["mediation_mean_distance_m"], mean(subject, table["distance"])[0], rel=1e-7)
    for name, fixed in (("index", (4, 6)), ("distance", (1000, 3000))):
        table[name] = table[name].round(6)
        rows = table[table[name].notna() & (table["people"] > 0)]
        bounds = fixed
        if seuils == "terciles":
            lower = {one: rows["people"][rows[name] < one].sum() / rows["people"].sum() for one in rows[name].unique()}
            bounds = [
                min([one for one, share in lower.items() if share >= part - 1e-9], default=np.inf)
                for part in (1 / 3, 2 / 3)
            ]
        table[f"{name}_class"] = sum((table[name] >= bound).astype(int) for bound in bounds)
    known = table[table["index"].notna() & table["people"].notna()]
    last = known[(known["index_class"] == 2) & (known["distance_class"] == 2)]
    units = found.values.index
    some = last.groupby("unit")["people"].sum().reindex(units).fillna(0.0)
    every = known.groupby("unit")["people"].sum().reindex(units)
    close(found.values["fragile_far_inhabitants"], some.where(every.notna()), rel=1e-7)
    close(found.values["fragile_far_share"], some / every, rel=1e-7)
    assert found.overall["fragile_far_total"].value == pytest.approx(last["people"].sum(), rel=1e-7)
    assert found.overall["fragile_far_total_share"].value == pytest.approx(some.sum() / every.sum(), rel=1e-7)
    crossed = known.groupby(["index_class", "distance_class"])["people"].sum()
    shown = found.tables["fragility_distance"]["class_inhabitants"].tolist()
    assert shown == pytest.approx([crossed.get((one, other), 0.0) for one in range(3) for other in range(3)], rel=1e-7)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("correction", ["aucune", "fausses_decouvertes"])
def test_clusters_as_esda_tells_them(subject, correction):
    found = ours(subject, "fragility_clusters", permutations=4999, correction=correction)
    expected, _ = mean(subject, places(subject)["index"])
    close(found.values["fragility_mean"], expected, rel=1e-7)
    known = expected[expected.notna()]
    units = layers(subject)[0].loc[known.index]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = libpysal.weights.Queen.from_dataframe(units, use_index=False)
        judge = esda.Moran_Local(known.to_numpy(), weights, permutations=4999, seed=3)
        whole = esda.Moran(known.to_numpy(), weights, permutations=1999)
    told = found.values.loc[known.index]
    assert told["fragility_local_moran"].tolist() == pytest.approx(judge.Is.tolist(), rel=1e-7, abs=1e-9)
    assert found.overall["fragility_moran"].value == pytest.approx(whole.I, rel=1e-7, abs=1e-9)
    assert found.values.drop(known.index).isna().all(axis=None)
    if correction == "aucune":
        few = len(known) < 10
        chance = of_all_draws(known.to_numpy(), weights) if few else np.minimum(2 * judge.p_sim, 1.0)
        assert np.abs(told["fragility_local_p"] - chance).max() < 0.06
        sure = np.abs(chance - 0.05) > 0.02
        codes = np.where(chance <= 0.05, pd.Series(judge.q).map({1: 1, 2: 4, 3: 2, 4: 3}), 0)
        assert told["fragility_cluster_code"][sure].tolist() == codes[sure].tolist()
        wanted = of_all_orders(known.to_numpy(), weights) if few else min(2 * whole.p_sim, 1)
        assert found.overall["fragility_moran_p"].value == pytest.approx(wanted, abs=0.03)
    else:
        alone = ours(subject, "fragility_clusters", permutations=4999, correction="aucune").values.loc[known.index]
        wanted = multipletests(alone["fragility_local_p"], method="fdr_bh")[1]
        assert told["fragility_local_p"].tolist() == pytest.approx(wanted.tolist(), rel=1e-9)


def two_sided(value, draws):
    draws = np.array(draws)
    return min(1.0, 2 * min((draws >= value - 1e-9).mean(), (draws <= value + 1e-9).mean()))


def of_all_draws(values, weights):
    """The p-value of each unit from every set of neighbours that can be drawn: few enough for a small territory."""
    found = []
    for unit, near in weights.neighbors.items():
        gap = values[unit] - values.mean()
        others = np.delete(values, unit) - values.mean()
        sums = [gap * sum(some) for some in combinations(others, len(near))]
        found.append(two_sided(gap * sum(values[near] - values.mean()), sums))
    return np.array(found)


def of_all_orders(values, weights):
    """The p-value of Moran's I from every order of the values."""
    gaps = values - values.mean()

    def cross(order):
        return sum(order[unit] * np.mean([order[one] for one in near]) for unit, near in weights.neighbors.items())

    return two_sided(cross(gaps), [cross(order) for order in permutations(gaps)])
