"""Digital sobriety: supports, land, energy of networks and reuse, grouped again by DuckDB and by plain Python."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import prepared
from territoire_sig.indicators import declared
from territoire_sig.model.raster import Raster

PROVES = (
    "sobriety_artificial_land",
    "sobriety_network_energy",
    "sobriety_redundant_supports",
    "sobriety_reuse_access",
    "sobriety_support_sharing",
)
CRS = "EPSG:2154"
NAMES = np.array(["ORANGE", "SFR", "FREE MOBILE", "BOUYGUES TELECOM"])


@pytest.fixture(scope="module", params=[3, 4])
def drawn(request):
    """Four units of 1 km², 80 supports over them and around, lines and people by square, zones and land cover."""
    rng = np.random.default_rng(request.param)
    corners = [(0, 0), (1000, 0), (0, 1000), (1000, 1000)]
    squares = [shapely.box(x, y, x + 1000, y + 1000) for x, y in corners]
    index = pd.Index(list("abcd"), name="code_unite")
    units = gpd.GeoDataFrame({"nom_unite": list("abcd")}, geometry=squares, index=index, crs=CRS)

    def layer(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    def operators():
        return " ; ".join(rng.choice(NAMES, rng.integers(1, 4), replace=False)) if rng.random() > 0.15 else None

    points = list(shapely.points(rng.uniform(-200, 2200, (80, 2))))
    halves = [shapely.box(500 * i - 250, 0, 500 * i + 250, 2000) for i in range(5)]
    zones = [shapely.box(x, y, x + 450, y + 400) for x in (100, 700, 1300) for y in (50, 900, 1500)]
    tiles = [shapely.box(x, y, x + 200, y + 200) for x in range(0, 2000, 200) for y in range(0, 2000, 400)]
    layers = {
        "support": layer(
            points,
            id_support=[f"s{i:02d}" for i in range(80)],
            operateurs=[operators() for _ in range(80)],
            etat=rng.choice(np.array(["en service", "projet", None], dtype=object), 80, p=[0.7, 0.1, 0.2]),
        ),
        "zonage": layer(zones, typezone=["U", "N", "AUc"] * 3),
        "acces_fixe": layer(
            halves,
            code_insee=[f"0100{i}" for i in range(5)],
            lignes_cuivre=[400.0, 300.0, None, 100.0, 50.0],
            lignes_fibre=[10.0, 20.0, 30.0, 40.0, 50.0],
        ),
        "reemploi": layer(
            list(shapely.points(rng.uniform(0, 2000, (7, 2)))),
            type_lieu=["ressourcerie", "Réparateur", "repair café", None, "recyclerie", "Réparateur", "ressourcerie"],
        ),
        "population": layer(tiles, habitants=rng.integers(0, 90, len(tiles)).astype(float)),
    }
    cover = rng.choice([112.0, 121.0, 211.0, 311.0, np.nan], (18, 18))
    raster = Raster(cover, (100, 0, 0, 0, -100, 1900), CRS, "occupation_sol")
    return units, layers, raster


@pytest.fixture(scope="module")
def database(drawn):
    units, layers, raster = drawn
    with connect() as connection:
        register_table(connection, "units", units)
        for role, layer in layers.items():
            register_table(connection, role, layer)
        rows = [
            (100 * c, 1900 - 100 * (r + 1), 100 * (c + 1), 1900 - 100 * r, float(raster.values[r, c]))
            for r, c in itertools.product(range(18), range(18))
            if not math.isnan(raster.values[r, c])
        ]
        connection.register("cells", pd.DataFrame(rows, columns=["x0", "y0", "x1", "y1", "code"]))
        connection.execute("""
            CREATE TABLE pixel AS SELECT code, ST_MakeEnvelope(x0, y0, x1, y1) AS geom FROM cells;
            CREATE TABLE standing AS SELECT s.*, u.row_key AS u,
                len(list_filter(string_split(coalesce(operateurs, ''), ';'), x -> trim(x) <> '')) AS n
            FROM support s LEFT JOIN units u ON ST_Intersects(u.geom, s.geom)
            WHERE coalesce(etat, '') <> 'projet';
        """)
        yield connection


def by_unit(connection, sql, fill=0.0):
    found = connection.execute(sql).df().set_index("u")
    return found.reindex(list("abcd")).astype(float).fillna(fill)


def same(found, name, expected):
    assert found[name].tolist() == pytest.approx(list(expected), rel=1e-9, abs=1e-9, nan_ok=True), name


def complete_linkage(places, distance_m):
    """Join the two groups whose farthest places are nearest, while these are within a distance."""
    groups = [[i] for i in range(len(places))]

    def apart(one, other):
        return max(math.dist(places[i], places[j]) for i in one for j in other)

    while True:
        pairs = itertools.combinations(range(len(groups)), 2)
        found = min(((apart(groups[i], groups[j]), i, j) for i, j in pairs), default=(math.inf, 0, 0))
        if found[0] > distance_m:
            return groups
        groups[found[1]] += groups.pop(found[2])


def test_sharing(drawn, database):
    units, layers, _ = drawn
    found = declared()["sobriety_support_sharing"](units, layers={"support": layers["support"]})
    sums = by_unit(
        database,
        """SELECT u, count(*) AS all_, count(*) FILTER (n > 0) AS known, avg(n) FILTER (n > 0) AS mean,
            count(*) FILTER (n >= 2) AS shared, count(*) FILTER (n = 1) AS alone
        FROM standing WHERE u IS NOT NULL GROUP BY u""",
    )
    same(found.values, "support_total", sums["all_"])
    same(found.values, "support_operator_mean", sums["mean"])
    same(found.values, "support_shared_share", sums["shared"] / sums["known"])
    same(found.values, "support_alone_count", sums["alone"])
    same(found.known_share, "support_shared_share", sums["known"] / sums["all_"])
    whole = found.overall["support_shared_overall"]
    assert whole.value == pytest.approx(sums["shared"].sum() / sums["known"].sum())
    assert whole.known_share == pytest.approx(sums["known"].sum() / sums["all_"].sum())
    assert len(found.map) == sums["all_"].sum()


@pytest.mark.parametrize("same_m", [10.0, 50.0])
def test_sharing_of_arcep_sites(drawn, same_m):
    """Sites told some metres apart by each operator, some twice: gathered one pair of groups at a time."""
    units, _, _ = drawn
    rng = np.random.default_rng(9)
    code = rng.choice(["20801", "20810", "20815", "20820"], 90)
    xy = rng.uniform(0, 2000, (30, 2))[rng.integers(0, 30, 90)] + rng.uniform(-8, 8, (90, 2))
    sites = gpd.GeoDataFrame({"code_operateur": code}, geometry=list(shapely.points(xy)), crs=CRS)
    found = declared()["sobriety_support_sharing"](units, layers={"site_mobile": sites}, meme_support_m=same_m)
    rows = []
    for group in complete_linkage(xy.tolist(), same_m):
        x, y = min(tuple(xy[i]) for i in group)
        rows.append(("abcd"[int(x // 1000) + 2 * int(y // 1000)], len({code[i] for i in group})))
    count = pd.DataFrame(rows, columns=["u", "n"]).groupby("u")["n"]
    same(found.values, "support_total", count.size())
    same(found.values, "support_operator_mean", count.mean())
    same(found.values, "support_shared_share", count.apply(lambda n: (n > 1).mean()))


@pytest.mark.parametrize("distance_m", [90.0, 180.0])
def test_redundant_supports(drawn, database, distance_m):
    units, layers, _ = drawn
    found = declared()["sobriety_redundant_supports"](
        units, layers={"support": layers["support"]}, distance_m=distance_m
    )
    rows = database.execute("SELECT id_support, u, operateurs, ST_X(geom) AS x, ST_Y(geom) AS y, n FROM standing").df()
    named = rows[rows["n"] > 0].reset_index(drop=True)
    redundant, mergeable, clusters = defaultdict(float), defaultdict(float), []
    for group in complete_linkage(named[["x", "y"]].to_numpy().tolist(), distance_m):
        present = Counter(word.strip() for i in group for word in named.loc[i, "operateurs"].split(";"))
        spare = len(group) - max(present.values())
        if spare:
            clusters.append((spare, len(group), " ; ".join(sorted(named.loc[list(group), "id_support"]))))
        for i in group:
            redundant[named.loc[i, "u"]] += spare / len(group)
            mergeable[named.loc[i, "u"]] += spare > 0
    assert clusters
    same(found.values, "redundant_support_count", [redundant[u] for u in "abcd"])
    same(found.values, "mergeable_support_count", [mergeable[u] for u in "abcd"])
    known = named.groupby("u").size()
    same(found.values, "redundant_support_share", [redundant[u] / known[u] for u in "abcd"])
    assert found.overall["redundant_support_total"].value == pytest.approx(sum(redundant[u] for u in "abcd"))
    table = found.tables["mergeable_clusters"]
    ours = sorted(zip(table["redondants"], table["nombre"], table["supports"], strict=True))
    assert ours == sorted(clusters)


def test_artificial_land(drawn, database):
    units, layers, raster = drawn
    given = {"support": layers["support"], "zonage": layers["zonage"], "occupation_sol": raster}
    found = declared()["sobriety_artificial_land"](units, layers=given)
    sums = by_unit(
        database,
        """WITH told AS (
            SELECT s.id, any_value(s.u) AS u, any_value(p.code) AS code, any_value(z.typezone) AS zone FROM standing s
            LEFT JOIN pixel p ON ST_Within(s.geom, p.geom) LEFT JOIN zonage z ON ST_Within(s.geom, z.geom)
            WHERE s.u IS NOT NULL GROUP BY s.id)
        SELECT u, count(*) AS all_, count(*) FILTER (code IS NOT NULL OR zone IS NOT NULL) AS judged,
            count(*) FILTER (CASE WHEN code IS NULL THEN zone = 'U' ELSE code BETWEEN 100 AND 199 END) AS built,
            count(*) FILTER (code IS NOT NULL) AS cover FROM told GROUP BY u""",
    )
    same(found.values, "artificial_support_count", sums["built"])
    same(found.values, "open_support_count", sums["judged"] - sums["built"])
    same(found.values, "artificial_support_share", sums["built"] / sums["judged"])
    same(found.values, "artificial_by_cover_share", sums["cover"] / sums["judged"])
    same(found.known_share, "artificial_support_share", sums["judged"] / sums["all_"])
    assert (sums["judged"] < sums["all_"]).any()


def test_network_energy(drawn, database):
    units, layers, _ = drawn
    found = declared()["sobriety_network_energy"](
        units, layers={"acces_fixe": layers["acces_fixe"]}, kwh_ligne_cuivre=30.0, kwh_ligne_fibre=8.0
    )
    sums = by_unit(
        database,
        """SELECT u.row_key AS u,
            sum(lignes_cuivre * ST_Area(ST_Intersection(u.geom, a.geom)) / ST_Area(a.geom)) AS copper,
            sum(lignes_fibre * ST_Area(ST_Intersection(u.geom, a.geom)) / ST_Area(a.geom)) AS fibre,
            sum(ST_Area(ST_Intersection(u.geom, a.geom))) FILTER (lignes_cuivre IS NOT NULL) / 1e6 AS known
        FROM units u, acces_fixe a GROUP BY u.row_key""",
    )
    whole = sums["known"] >= 0.99
    sums["copper"] = sums["copper"].where(whole)
    same(found.values, "network_copper_mwh", sums["copper"] * 0.030)
    same(found.values, "network_fibre_mwh", sums["fibre"] * 0.008)
    same(found.values, "network_copper_saving_mwh", sums["copper"] * 0.022)
    same(found.known_share, "network_copper_mwh", sums["known"].where(whole, 0.0))
    assert found.values["network_mobile_mwh"].isna().all()


def test_energy_of_sites_of_the_sample():
    """The sites of the sample in pandas: one an identifier and an operator."""
    ground = prepared("sample_2025")
    found = declared()["sobriety_network_energy"](ground.ground.units, layers=ground.inputs, kwh_site_mobile=1000.0)
    sites = ground.inputs["site_mobile"].drop_duplicates(["id_site", "code_operateur"])
    held = sites.sjoin(ground.ground.units[["geometry"]])
    expected = held.groupby("code_unite").size().reindex(ground.ground.units.index, fill_value=0)
    same(found.values, "network_mobile_mwh", expected)


def test_reuse_access(drawn, database):
    units, layers, _ = drawn
    given = {"reemploi": layers["reemploi"], "population": layers["population"]}
    found = declared()["sobriety_reuse_access"](units, layers=given, distance_m=300.0)

    def near(where):
        return by_unit(
            database,
            f"""WITH disc AS (SELECT ST_Union_Agg(ST_Buffer(geom, 300, 32)) AS geom FROM reemploi WHERE {where})
            SELECT u.row_key AS u,
                sum(habitants * ST_Area(ST_Intersection(ST_Intersection(p.geom, u.geom), d.geom)) / 4e4) AS n
            FROM units u, population p, disc d GROUP BY u.row_key""",
        )["n"]

    everyone = by_unit(
        database,
        """SELECT u.row_key AS u, sum(habitants) AS n FROM units u, population p
        WHERE ST_Contains(u.geom, ST_Centroid(p.geom)) GROUP BY u.row_key""",
    )["n"]
    some = near("TRUE")
    menders = near("lower(strip_accents(coalesce(type_lieu, ''))) SIMILAR TO '.*(repar|repair).*'")
    same(found.values, "reuse_near_share", some / everyone)
    same(found.values, "repair_near_share", menders / everyone)
    same(found.values, "reuse_far_people", everyone - some)
    assert found.overall["reuse_near_overall"].value == pytest.approx(some.sum() / everyone.sum())
    table = found.tables["reuse_by_type"].set_index("type_lieu")
    assert table["lieux"].to_dict() == {
        "Réparateur": 2, "non précisé": 1, "recyclerie": 1, "repair café": 1, "ressourcerie": 2,
    }  # fmt: skip
    assert table.loc["Réparateur", "habitants"] == pytest.approx(near("type_lieu = 'Réparateur'").sum())
    assert table.loc["ressourcerie", "part"] == pytest.approx(near("type_lieu = 'ressourcerie'").sum() / everyone.sum())
