"""Readiness of building zones, on shapes one can draw, then judged by DuckDB."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from oracles.duckdb_spatial import register
from overlay.drawing import grid, layer, star
from territoire_sig.errors import MissingColumnError
from territoire_sig.indicators.zoning_fixed_coverage import ANALYSIS

TYPES = ["u", "auc", "aus"]


def measure(units, zonage, couverture_fixe, **parameters):
    return ANALYSIS(units, layers={"zonage": zonage, "couverture_fixe": couverture_fixe}, **parameters)


@pytest.fixture
def zonage():
    """In A (10 ha a strip of 100 m): U on 400 m, AUc on 200 m, N on the rest; in B, nothing but 100 m of AUc."""
    shapes = [box(0, 0, 400, 1000), box(400, 0, 600, 1000), box(600, 0, 1000, 1000), box(1000, 0, 1100, 1000)]
    return layer(*shapes, typezone=["U", "AUc", "N", "AUc"])


@pytest.fixture
def fibre():
    """Three communes: 0.9 west of x = 500, 0.5 from there to x = 1000, unknown beyond."""
    shapes = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000), box(1000, 0, 2000, 1000)]
    return layer(*shapes, taux_fibre=[0.9, 0.5, np.nan])


def test_shares_and_rates_by_hand(units, zonage, fibre):
    found = measure(units, zonage, fibre).values.loc["A"]
    assert found[["u_area_ha", "auc_area_ha", "aus_area_ha"]].tolist() == pytest.approx([40, 20, 0])
    assert found[["u_ready_share", "auc_ready_share"]].tolist() == pytest.approx([1, 0.5])
    assert found[["u_mean_rate", "auc_mean_rate"]].tolist() == pytest.approx([0.9, 0.7])
    assert found["auc_not_ready_ha"] == pytest.approx(10)


def test_a_unit_without_a_zone_type_has_no_share_and_no_area(units, zonage, fibre):
    found = measure(units, zonage, fibre)
    assert found.values.loc["A", ["aus_ready_share", "aus_mean_rate"]].isna().all()
    assert found.values.loc["A", "aus_area_ha"] == 0
    assert found.known_share.loc["A", "aus_ready_share"] == 1


def test_an_unknown_rate_is_not_a_rate_of_zero(units, zonage, fibre):
    found = measure(units, zonage, fibre)
    assert found.values.loc["B", "auc_area_ha"] == pytest.approx(10)
    assert found.known_share.loc["B", "auc_area_ha"] == pytest.approx(0.1)
    assert found.values.loc["B", ["auc_ready_share", "auc_mean_rate", "auc_not_ready_ha"]].isna().all()
    assert found.known_share.loc["B", "auc_ready_share"] == 0


def test_a_unit_out_of_every_plan_is_unknown(units, zonage, fibre):
    found = measure(units, zonage, fibre)
    assert found.values.loc["Z"].isna().all()
    assert (found.known_share.loc["Z"] == 0).all()


def test_the_threshold_is_included(units, zonage, fibre):
    assert measure(units, zonage, fibre, taux_pret=0.5).values.loc["A", "auc_ready_share"] == pytest.approx(1)
    assert measure(units, zonage, fibre, taux_pret=0.51).values.loc["A", "auc_ready_share"] == pytest.approx(0.5)


def test_overlapping_zones_count_once_u_first(units, fibre):
    zonage = layer(box(0, 0, 300, 1000), box(0, 0, 400, 1000), box(100, 0, 400, 1000), typezone=["AUc", "U", "U"])
    found = measure(units, zonage, fibre).values.loc["A"]
    assert found[["u_area_ha", "auc_area_ha"]].tolist() == pytest.approx([40, 0])


def test_the_rate_is_computed_where_only_counts_are_published(units, zonage):
    counts = layer(box(0, 0, 2000, 1000), locaux=[200], locaux_raccordables=[150])
    assert measure(units, zonage, counts).values.loc["A", "u_mean_rate"] == pytest.approx(0.75)
    with pytest.raises(MissingColumnError, match="il faut taux_fibre, ou locaux et locaux_raccordables"):
        measure(units, zonage, counts[["geometry"]])


def test_the_map_shows_each_piece_with_its_class(units, zonage, fibre):
    drawn = measure(units, zonage, fibre).map
    drawn = drawn.assign(ha=drawn.area / 10_000).set_index(["code_unite", "typezone", "classe"])["ha"]
    assert drawn.round(9).to_dict() == {
        ("A", "U", "pret"): 40,
        ("A", "AUc", "pret"): 10,
        ("A", "AUc", "non_pret"): 10,
        ("B", "AUc", "inconnu"): 10,
    }


SQL = """
    SELECT u.id, z.type, sum(ST_Area(ST_Intersection(ST_Intersection(u.geom, z.geom), c.geom)) * c.rate) AS rate_m2,
        sum(ST_Area(ST_Intersection(ST_Intersection(u.geom, z.geom), c.geom))) AS known_m2,
        sum(CASE WHEN c.rate >= 0.8 THEN ST_Area(ST_Intersection(ST_Intersection(u.geom, z.geom), c.geom)) END)
            AS ready_m2
    FROM units u, (SELECT t.type, ST_Union_Agg(g.geom) AS geom FROM zones g JOIN types t USING (id) GROUP BY 1) z,
        (SELECT r.rate, g.geom FROM communes g JOIN rates r USING (id)) c
    WHERE ST_Intersects(u.geom, z.geom) GROUP BY ALL
"""


def test_duckdb_agrees(duck):
    units, communes = grid(3, 4000), grid(4, 3500)
    rates = np.linspace(0.3, 1.0, len(communes))
    ring = star(900).difference(star(300, radius=5000))
    types = ["U", "U", "AUc", "AUs"]
    east = (653_000.0, 6_860_000.0)
    zones = [star(200, radius=3000), star(120, radius=2000, lobes=5), ring, star(90, radius=2500, centre=east)]
    zones[2], zones[3] = zones[2].difference(zones[3]), zones[3].difference(zones[0].union(zones[1]))
    zones[2] = zones[2].difference(zones[0].union(zones[1]).union(zones[3]))
    for name, frame in (("units", units), ("zones", layer(*zones)), ("communes", communes)):
        register(duck, name, frame)
    duck.execute("CREATE TABLE types (id INT, type TEXT)")
    duck.executemany("INSERT INTO types VALUES (?, ?)", list(enumerate(types)))
    duck.execute("CREATE TABLE rates (id INT, rate DOUBLE)")
    duck.executemany("INSERT INTO rates VALUES (?, ?)", [(i, float(rate)) for i, rate in enumerate(rates)])
    expected = duck.execute(SQL).df().fillna(0).set_index(["id", "type"])
    found = measure(units, layer(*zones, typezone=types), communes.assign(taux_fibre=rates)).values
    checked = 0
    for (unit, kind), row in expected[expected["known_m2"] > 1].iterrows():
        name = kind.lower()
        assert found.loc[unit, f"{name}_ready_share"] == pytest.approx(row.ready_m2 / row.known_m2, rel=1e-9)
        assert found.loc[unit, f"{name}_mean_rate"] == pytest.approx(row.rate_m2 / row.known_m2, rel=1e-9)
        checked += 1
    assert checked >= 15


def test_where_two_rates_are_told_the_lower_is_taken(units):
    zonage = layer(box(0, 0, 400, 1000), typezone=["U"])
    fibre = layer(box(0, 0, 400, 1000), box(0, 0, 100, 1000), box(0, 0, 400, 1000), taux_fibre=[0.9, 0.1, 0.95])
    found = measure(units, zonage, fibre).values.loc["A"]
    assert found[["u_ready_share", "u_mean_rate"]].tolist() == pytest.approx([0.75, 0.7])
