"""Inequality and concentration of coverage, told again in SQL from the layers, on the sample and drawn territories.

The places, their people, rates and ranks come from DuckDB spatial; the indexes from their definitions by pairs of
places, never from a sorted curve as ours; the intervals from another way to draw (rows, not counts of rows).
"""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import database, prepared
from territoire_sig.indicators import declared

PROVES = (
    "fibre_inequality",
    "mobile_inequality",
    "fibre_theil_parts",
    "fibre_income",
    "fibre_fragility",
    "mobile_income",
    "mobile_fragility",
)
SUBJECTS = ("sample_2025", "drawn_1", "drawn_2", "drawn_3")
ROLES = ("population", "immeuble", "couverture_mobile", "fragilite")

PLACES = """
    CREATE OR REPLACE TABLE places AS
    WITH cut AS (
        SELECT u.row_key AS unit, ST_Intersection(p.geom, u.geom) AS geom, p.habitants, ST_Area(p.geom) AS whole,
            p.somme_niveaux_vie / p.habitants AS income
        FROM population p JOIN units u ON ST_Intersects(p.geom, u.geom)
    ), place AS (
        SELECT row_number() OVER () AS id, *, habitants * ST_Area(geom) / whole AS people
        FROM cut WHERE ST_Area(geom) > 1e-6 * whole
    ), premises AS (
        SELECT place.id, sum(coalesce(locaux, 1) * (etat IN ('deploye', 'raccordable_demande'))::INT)
            / sum(coalesce(locaux, 1)) AS fibre
        FROM place JOIN immeuble b ON ST_Intersects(place.geom, b.geom) WHERE b.etat <> 'inconnu' GROUP BY place.id
    ), reach AS (
        SELECT (SELECT ST_Union_Agg(geom) FROM couverture_mobile WHERE techno LIKE '%4G%') AS sure,
            (SELECT ST_Union_Agg(geom) FROM couverture_mobile WHERE techno LIKE '%4G%' OR techno IS NULL) AS possible
    ), fragile AS (
        SELECT place.id, sum(indice * ST_Area(ST_Intersection(place.geom, f.geom)))
            / sum(ST_Area(ST_Intersection(place.geom, f.geom))) AS fragility
        FROM place JOIN fragilite f ON ST_Intersects(place.geom, f.geom)
        WHERE indice IS NOT NULL AND ST_Area(ST_Intersection(place.geom, f.geom)) > 0 GROUP BY place.id, place.geom
        HAVING sum(ST_Area(ST_Intersection(place.geom, f.geom))) >= ST_Area(place.geom) / 2
    )
    SELECT place.*, fibre, round(income, 2) AS standard, round(fragility, 9) AS fragility, ST_Area(place.geom) AS area,
        CASE WHEN ST_Area(ST_Intersection(place.geom, reach.possible))
                - coalesce(ST_Area(ST_Intersection(place.geom, reach.sure)), 0) < 1e-6 * ST_Area(place.geom)
            THEN ST_Area(ST_Intersection(place.geom, reach.sure)) / ST_Area(place.geom) END AS mobile
    FROM place CROSS JOIN reach LEFT JOIN premises USING (id) LEFT JOIN fragile USING (id)
"""


@cache
def drawn(seed):
    """A territory of four units and a hundred squares that cross their borders, with secrets, gaps and doubts."""
    generator = np.random.default_rng(seed)
    corners = [(x, y) for x in (0, 1000) for y in (0, 1000)]
    units = gpd.GeoDataFrame(
        {"nom_unite": list("abcd")},
        geometry=[shapely.box(x, y, x + 1000, y + 1000) for x, y in corners],
        index=pd.Index(list("ABCD"), name="code_unite"),
        crs="EPSG:2154",
    )
    squares = [shapely.box(x, y, x + 190, y + 190) for x in range(50, 1900, 190) for y in range(50, 1900, 190)]
    people = generator.integers(0, 200, len(squares)).astype(float)
    wealth = people * generator.integers(90, 300, len(squares)) * 100
    people[generator.uniform(size=len(squares)) < 0.1] = np.nan
    wealth[generator.uniform(size=len(squares)) < 0.1] = np.nan
    population = gpd.GeoDataFrame({"habitants": people, "somme_niveaux_vie": wealth}, geometry=squares, crs=2154)
    spots = generator.uniform(0, 2000, (2, 400))
    states = generator.choice(["deploye", "raccordable_demande", "cible", "en_cours", "inconnu"], 400)
    premises = np.where(generator.uniform(size=400) < 0.2, np.nan, generator.integers(0, 9, 400))
    told = {"etat": states, "locaux": premises}
    buildings = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy(*spots), crs=2154)
    shapes = [
        shapely.Point(x, y).buffer(r, quad_segs=4) for x, y, r in generator.uniform(100, 500, (30, 3)) * (4, 4, 1)
    ]
    technologies = [*generator.choice(["4G", "2G3G"], 27), None, None, None]
    cover = gpd.GeoDataFrame({"techno": technologies}, geometry=shapes, crs=2154)
    index = gpd.GeoDataFrame(
        {"code_insee": list("ABCD"), "indice": [*generator.integers(0, 100, 3) / 10, np.nan]},
        geometry=units.geometry.array,
        crs=2154,
    )
    return units, {"population": population, "immeuble": buildings, "couverture_mobile": cover, "fragilite": index}


@cache
def layers(subject):
    if subject.startswith("drawn"):
        return drawn(int(subject[-1]))
    found = prepared(subject)
    return found.ground.units, dict(found.inputs)


@cache
def places(subject):
    units, given = layers(subject)
    if subject.startswith("drawn"):
        base = connect()
        register_table(base, "units", units)
        for role in ROLES:
            register_table(base, role, given[role])
    else:
        base = database(subject)
    base.execute(PLACES)
    return base.execute("SELECT * EXCLUDE (geom) FROM places ORDER BY id").df()


@cache
def ours(subject, identifier):
    units, given = layers(subject)
    analysis = declared()[identifier]
    many = {"tirages": 2000} if any(one.name == "tirages" for one in analysis.parameters) else {}
    return analysis(units, layers={need.role: given.get(need.role) for need in analysis.inputs}, **many)


def known(subject, *columns):
    table = places(subject)
    return table[table["people"].notna() & (table["people"] > 0) & table[list(columns)].notna().all(axis=1)]


def by_pairs(rows, column):
    """Gini by its definition: half the mean gap between two people, over their mean."""
    values, people = rows[column].to_numpy(), rows["people"].to_numpy()
    gaps = np.abs(values[:, None] - values[None, :]) * people[:, None] * people[None, :]
    return gaps.sum() / (2 * people.sum() * (values * people).sum())


def by_logs(rows, column, mean=None):
    values, people = rows[column].to_numpy(), rows["people"].to_numpy()
    ratio = values / (mean or np.average(values, weights=people))
    return np.average([r * np.log(r) if r > 0 else 0.0 for r in ratio], weights=people)


def by_order(rows, column, order):
    """Concentration by pairs: who is above another counts for, who is below counts against."""
    values, people, rank = (rows[name].to_numpy() for name in (column, "people", order))
    side = np.sign(rank[:, None] - rank[None, :]) * people[:, None] * people[None, :]
    return (side * (values[:, None] - values[None, :])).sum() / (2 * people.sum() * (values * people).sum())


def by_people(rows, column):
    """Palma by persons of a hundredth: sorted, counted one by one."""
    alone = np.sort(np.repeat(rows[column], np.round(rows["people"] * 100).astype(int)))
    return alone[int(len(alone) * 0.9) :].sum() / alone[: int(len(alone) * 0.4)].sum()


def known_share(subject, units, *columns):
    table = places(subject)
    told = table[list(columns)].notna().all(axis=1)
    shares = {}
    for unit in units:
        rows = table if unit is None else table[table["unit"] == unit]
        open_rows = rows[rows["people"].notna()]
        part = open_rows["people"][told.loc[open_rows.index]].sum() / open_rows["people"].sum()
        whole = layers(subject)[0].area
        shares[unit] = part * open_rows["area"].sum() / (whole.sum() if unit is None else whole[unit])
    return shares


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(
    ("identifier", "column", "prefix"),
    [("fibre_inequality", "fibre", "fibre"), ("mobile_inequality", "mobile", "mobile_4g")],
)
def test_inequality(subject, identifier, column, prefix):
    found, rows = ours(subject, identifier), known(subject, column)
    for unit, some in rows.groupby("unit"):
        told = found.values.loc[unit]
        assert told[f"{prefix}_mean"] == pytest.approx(np.average(some[column], weights=some["people"]), rel=1e-9)
        assert told[f"{prefix}_gini"] == pytest.approx(by_pairs(some, column), rel=1e-7, abs=1e-12)
        assert told[f"{prefix}_theil"] == pytest.approx(by_logs(some, column), rel=1e-7, abs=1e-12)
        if not np.isnan(told[f"{prefix}_palma"]):
            assert told[f"{prefix}_palma"] == pytest.approx(by_people(some, column), rel=5e-3)
    whole = {name: one.value for name, one in found.overall.items()}
    assert whole[f"{prefix}_overall_gini"] == pytest.approx(by_pairs(rows, column), rel=1e-7)
    assert whole[f"{prefix}_overall_theil"] == pytest.approx(by_logs(rows, column), rel=1e-7)
    if not np.isnan(whole[f"{prefix}_overall_palma"]):
        assert whole[f"{prefix}_overall_palma"] == pytest.approx(by_people(rows, column), rel=5e-3)
    interval = again(rows, lambda some: by_pairs(some, column))
    ends = (whole[f"{prefix}_overall_gini_low"], whole[f"{prefix}_overall_gini_high"])
    assert ends == pytest.approx(interval, abs=0.15 * (interval[1] - interval[0]))
    shares = known_share(subject, [*found.values.index, None], column)
    assert found.known_share[f"{prefix}_gini"].tolist() == pytest.approx(list(shares.values())[:-1], rel=1e-7)
    assert found.overall[f"{prefix}_overall_gini"].known_share == pytest.approx(shares[None], rel=1e-7)


def again(rows, statistic):
    """Bounds of a statistic over rows drawn again with replacement, 400 times."""
    generator = np.random.default_rng(77)
    draws = [statistic(rows.iloc[generator.integers(0, len(rows), len(rows))]) for _ in range(400)]
    return tuple(np.nanquantile(draws, [0.025, 0.975]))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_theil_parts(subject):
    found, rows = ours(subject, "fibre_theil_parts"), known(subject, "fibre")
    mean = np.average(rows["fibre"], weights=rows["people"])
    within = between = 0.0
    for unit, some in rows.groupby("unit"):
        held = (some["fibre"] * some["people"]).sum() / (rows["fibre"] * rows["people"]).sum()
        own = np.average(some["fibre"], weights=some["people"])
        told = found.values.loc[unit]
        assert told["fibre_theil_within"] == pytest.approx(held * by_logs(some, "fibre"), rel=1e-7, abs=1e-12)
        assert told["fibre_theil_between"] == pytest.approx(held * np.log(own / mean), rel=1e-7, abs=1e-12)
        people = some["people"].sum() / rows["people"].sum()
        assert told["fibre_share_gap"] == pytest.approx(held - people, rel=1e-7, abs=1e-12)
        within, between = within + held * by_logs(some, "fibre"), between + held * np.log(own / mean)
    whole = [one.value for one in found.overall.values()]
    assert whole == pytest.approx([by_logs(rows, "fibre"), within, between, between / (within + between)], rel=1e-7)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("what", ["fibre", "mobile"])
@pytest.mark.parametrize(("by", "order"), [("income", "standard"), ("fragility", "fragility")])
def test_concentration(subject, what, by, order):
    name = f"{what}_{by}"
    found, rows = ours(subject, name), known(subject, what, order)
    index = by_order(rows, what, order)
    mean = np.average(rows[what], weights=rows["people"])
    whole = [one.value for one in found.overall.values()]
    assert (whole[0], whole[3]) == pytest.approx((index, 4 * mean * index), rel=1e-6, abs=1e-9)
    interval = again(rows, lambda some: by_order(some, what, order))
    assert whole[1:3] == pytest.approx(interval, abs=0.2 * (interval[1] - interval[0]))
    assert found.values[f"{name}_contribution"].sum() == pytest.approx(index, rel=1e-6, abs=1e-9)
    total = rows["people"].sum()
    for unit, some in rows.groupby("unit"):
        lower = [
            (rows["people"][rows[order] < one].sum() + rows["people"][rows[order] == one].sum() / 2)
            for one in some[order]
        ]
        rank = np.average(np.array(lower) / total, weights=some["people"])
        assert found.values.loc[unit, f"{name}_rank"] == pytest.approx(rank, rel=1e-7)
    curve = found.tables[f"{name}_curve"].set_index("population_share")["value_share"]
    assert curve[[0.0, 1.0]].tolist() == pytest.approx([0, 1])
    shares = known_share(subject, [*found.values.index, None], what, order)
    assert found.known_share[f"{name}_rank"].tolist() == pytest.approx(list(shares.values())[:-1], rel=1e-7)
    assert found.overall[f"{name}_index"].known_share == pytest.approx(shares[None], rel=1e-7)


def test_the_curve_of_drawn_rates_is_that_of_sorted_people():
    found, rows = ours("drawn_1", "fibre_inequality"), known("drawn_1", "fibre")
    alone = np.sort(np.repeat(rows["fibre"], np.round(rows["people"] * 100).astype(int)))
    for share, held in found.tables["fibre_lorenz"].to_numpy():
        assert held == pytest.approx(alone[: round(len(alone) * share)].sum() / alone.sum(), abs=1e-3)
