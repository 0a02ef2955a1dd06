"""Nature and networks, told again by DuckDB spatial, and by networkx for connectivity."""

from __future__ import annotations

import itertools
import math

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.ops import nearest_points, unary_union

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import prepared
from territoire_sig.indicators import declared

PROVES = ("ecology_classified_woods", "ecology_connectivity", "ecology_crossings")
CRS = "EPSG:2154"
KINDS = {"transport": "transport", "distribution": "distribution", "raccordement": "drop", None: "other"}


def boxes(rng, count, size, span=2000):
    x, y = rng.uniform(0, span - size, (2, count))
    w, h = rng.uniform(size / 5, size, (2, count))
    return [shapely.box(*row) for row in np.column_stack([x, y, x + w, y + h])]


def segments(rng, count, span=2000):
    return [shapely.LineString(rng.uniform(0, span, (2, 2))) for _ in range(count)]


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request):
    """Four units of 1 km², and natural spaces, cables and sites at random over them."""
    rng = np.random.default_rng(request.param)
    corners = [(0, 0), (1000, 0), (0, 1000), (1000, 1000)]
    units = gpd.GeoDataFrame(
        {"nom_unite": list("abcd")},
        geometry=[shapely.box(x, y, x + 1000, y + 1000) for x, y in corners],
        index=pd.Index(list("abcd"), name="code_unite"),
        crs=CRS,
    )
    states = np.array(["projet", "en service", "abandonné", None], dtype=object)

    def layer(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    layers = {
        "corridor": layer(boxes(rng, 9, 400), type_continuite=["reservoir"] * 6 + ["corridor"] * 3),
        "espace_protege": layer(boxes(rng, 4, 500), type_protection=["APB"] * 4),
        "prescription_surf": layer(boxes(rng, 8, 500), typepsc=["01", "47"] * 4),
        "cable": layer(
            segments(rng, 24),
            type=rng.choice(np.array(list(KINDS), dtype=object), 24),
            etat=rng.choice(states, 24),
        ),
        "site_mobile": layer(
            list(shapely.points(rng.uniform(0, 2000, (60, 2)))), etat=rng.choice(states[[0, 1, 3]], 60)
        ),
    }
    return units, layers


@pytest.fixture(scope="module")
def database(drawn):
    units, layers = drawn
    with connect() as connection:
        register_table(connection, "units", units)
        for role, layer in layers.items():
            register_table(connection, role, layer)
        connection.execute("""
            CREATE TABLE wood AS SELECT ST_Union_Agg(geom) AS geom FROM prescription_surf WHERE typepsc = '01';
            CREATE TABLE nature AS SELECT ST_Union_Agg(geom) AS geom FROM (
                SELECT geom FROM corridor UNION ALL SELECT geom FROM espace_protege UNION ALL SELECT geom FROM wood);
            CREATE TABLE laid AS SELECT * FROM cable WHERE coalesce(etat, '') <> 'abandonné';
        """)
        yield connection


def by_unit(connection, sql):
    found = connection.execute(sql).df().set_index("u")
    return found.iloc[:, 0].reindex(list("abcd"), fill_value=0.0).astype(float)


def metres(connection, place, where="TRUE"):
    return by_unit(
        connection,
        f"""SELECT u.row_key AS u, sum(ST_Length(ST_Intersection(ST_Intersection(c.geom, u.geom), p.geom)))
        FROM units u, laid c, {place} p WHERE {where} GROUP BY u.row_key""",
    )


def count(connection, place, where):
    return by_unit(
        connection,
        f"""SELECT u.row_key AS u, count(*) FROM units u, site_mobile s, {place} p
        WHERE ST_Contains(u.geom, s.geom) AND ST_Intersects(p.geom, s.geom) AND {where} GROUP BY u.row_key""",
    )


def same(found, name, expected):
    assert found.values[name].tolist() == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-9, nan_ok=True), name


def share(known, whole):
    """Return the known share of objects; all of an empty place was looked at."""
    return (known / whole.where(whole > 0)).fillna(1.0)


def test_classified_woods(drawn, database):
    units, layers = drawn
    given = {role: layers[role] for role in ("prescription_surf", "site_mobile", "cable")}
    found = declared()["ecology_classified_woods"](units, layers=given)
    area = by_unit(
        database, "SELECT u.row_key AS u, ST_Area(ST_Intersection(u.geom, w.geom)) / 1e4 FROM units u, wood w"
    )
    same(found, "wood_area_ha", area)
    same(found, "wood_cable_m", metres(database, "wood"))
    same(found, "wood_planned_cable_m", metres(database, "wood", "c.etat = 'projet'"))
    same(found, "wood_site_count", count(database, "wood", "TRUE"))
    planned = count(database, "wood", "s.etat = 'projet'")
    known = share(count(database, "wood", "s.etat IS NOT NULL"), count(database, "wood", "TRUE"))
    same(found, "wood_planned_site_count", planned.where(known > 0))
    assert found.known_share["wood_planned_site_count"].tolist() == pytest.approx(known.tolist())
    known = share(metres(database, "wood", "c.etat IS NOT NULL"), metres(database, "wood"))
    assert found.known_share["wood_planned_cable_m"].tolist() == pytest.approx(known.tolist())


def test_crossings(drawn, database):
    units, layers = drawn
    found = declared()["ecology_crossings"](units, layers=layers)
    whole = by_unit(
        database,
        """SELECT u.row_key AS u, sum(ST_Length(ST_Intersection(c.geom, u.geom))) FROM units u, laid c
        GROUP BY u.row_key""",
    )
    same(found, "crossing_cable_m", metres(database, "nature"))
    same(found, "crossing_cable_share", metres(database, "nature") / whole)
    for word, kind in KINDS.items():
        where = "c.type IS NULL" if word is None else f"c.type = '{word}'"
        same(found, f"crossing_{kind}_m", metres(database, "nature", where))
    same(found, "crossing_planned_m", metres(database, "nature", "c.etat = 'projet'"))
    same(found, "crossing_planned_site_count", count(database, "nature", "s.etat = 'projet'"))
    table = found.tables["crossing_lengths"].set_index(["milieu", "rang"])["longueur_m"]
    assert table.xs("bois_classe").sum() == pytest.approx(metres(database, "wood").sum())
    database.execute("CREATE OR REPLACE TABLE strips AS SELECT ST_Union_Agg(geom) AS geom FROM corridor")
    drop = metres(database, "strips", "c.type = 'raccordement'").sum()
    assert table["corridor", "raccordement"] == pytest.approx(drop)


def parts(shape):
    return [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and part.area > 0]


def by_networkx(reservoirs, corridors, works, land_m2, median_m, permeability):
    """Return PC and the number of cut links, one pair at a time."""
    nodes = parts(unary_union(reservoirs).difference(works))
    before, after = parts(unary_union(corridors)), parts(unary_union(corridors).difference(works))
    graph, cuts = nx.Graph(), 0
    graph.add_nodes_from(range(len(nodes)))
    for i, j in itertools.combinations(range(len(nodes)), 2):
        line = shapely.LineString(nearest_points(nodes[i], nodes[j]))
        probability = 0.5 ** (line.length / median_m)
        joined = [any(c.intersects(nodes[i]) and c.intersects(nodes[j]) for c in some) for some in (before, after)]
        cut = not joined[1] if joined[0] else line.intersection(works).length > 0
        cuts += cut
        probability *= permeability if cut else 1.0
        if probability > 0:
            graph.add_edge(i, j, weight=-math.log(probability))
    total = 0.0
    for i, reached in nx.all_pairs_dijkstra_path_length(graph, weight="weight"):
        total += sum(nodes[i].area * nodes[j].area * math.exp(-length) for j, length in reached.items())
    return total / land_m2**2, cuts


@pytest.mark.parametrize("permeability", [0.0, 0.3])
def test_connectivity(drawn, permeability):
    units, layers = drawn
    network, cables, sites = (layers[role] for role in ("corridor", "cable", "site_mobile"))
    given = {"corridor": network, "cable": cables, "site_mobile": sites}
    options = {"dispersion_m": 300.0, "emprise_m": 6.0, "rayon_site_m": 20.0, "permeabilite": permeability}
    found = declared()["ecology_connectivity"](units, layers=given, **options)
    strips = cables[cables["etat"] == "projet"].buffer(3.0, cap_style="flat")
    discs = sites[sites["etat"] == "projet"].buffer(20.0, quad_segs=32)
    works = unary_union([*strips, *discs])
    kind = network["type_continuite"]
    shapes = network[kind == "reservoir"].geometry, network[kind == "corridor"].geometry
    before, _ = by_networkx(*shapes, shapely.Polygon(), 4e6, 300.0, 1.0)
    after, cuts = by_networkx(*shapes, works, 4e6, 300.0, permeability)
    assert cuts > 0
    assert found.overall["connectivity_before"].value == pytest.approx(before, rel=1e-7)
    assert found.overall["connectivity_after"].value == pytest.approx(after, rel=1e-7)
    assert found.overall["connectivity_loss_share"].value == pytest.approx((before - after) / before, rel=1e-6)
    assert found.overall["connectivity_cut_links"].value == cuts
    assert found.overall["connectivity_equivalent_ha"].value == pytest.approx(math.sqrt(before) * 400, rel=1e-7)
    whole = unary_union(shapes[0])
    taken = [whole.intersection(works).intersection(unit).area / 1e4 for unit in units.geometry]
    assert found.values["connectivity_taken_ha"].tolist() == pytest.approx(taken, rel=1e-6, abs=1e-9)
    areas = [whole.intersection(unit).area / 1e4 for unit in units.geometry]
    assert found.values["connectivity_reservoir_ha"].tolist() == pytest.approx(areas, rel=1e-9)
    ratios = [part / area if area else math.nan for part, area in zip(taken, areas, strict=True)]
    assert found.values["connectivity_taken_share"].tolist() == pytest.approx(ratios, rel=1e-6, nan_ok=True)
    table = found.tables["connectivity_patches"]
    assert table["part_interne"].sum() + table["part_flux"].sum() / 2 == pytest.approx(1.0)
    assert table["emprise_ha"].sum() == pytest.approx(sum(taken), rel=1e-6)


def test_connectivity_of_the_sample_by_hand():
    """Two reservoirs of 800 m and 400 m, 1,200 m apart; a planned cable of 500 m takes a strip of 3 m in the first."""
    ground = prepared("sample_2025")
    found = declared()["ecology_connectivity"](ground.ground.units, layers=ground.inputs)
    big, small, link = 800.0**2, 400.0**2, 0.5**1.2
    land = 12_000.0 * 8_000.0
    before = (big**2 + small**2 + 2 * big * small * link) / land**2
    left = big - 500 * 3
    after = (left**2 + small**2 + 2 * left * small * link) / land**2
    assert found.overall["connectivity_before"].value == pytest.approx(before, rel=1e-6)
    assert found.overall["connectivity_after"].value == pytest.approx(after, rel=1e-6)
