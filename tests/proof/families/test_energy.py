"""Energy: closed forms, one building or one rectangle at a time."""

from __future__ import annotations

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oracles.duckdb_spatial import connect, register_table
from territoire_sig.indicators import declared

PROVES = ("energy_consumption_spread", "energy_remote_control", "energy_tertiary_gap")
CRS = "EPSG:2154"
HALVES = {"a": (0, 0, 1000, 1000), "b": (1000, 0, 2000, 1000), "c": (5000, 0, 6000, 1000)}


@pytest.fixture(scope="module")
def units():
    index = pd.Index(list(HALVES), name="code_unite")
    shapes = [shapely.box(*box) for box in HALVES.values()]
    return gpd.GeoDataFrame({"nom_unite": list(HALVES)}, geometry=shapes, index=index, crs=CRS)


@pytest.fixture(scope="module", params=[5, 6])
def buildings(request):
    """Sixty buildings over units a and b, some figures unknown."""
    rng = np.random.default_rng(request.param)

    def with_holes(values, share=0.2):
        return np.where(rng.random(60) < share, np.nan, values)

    return gpd.GeoDataFrame(
        {
            "nom": [f"B{i:02d}" for i in range(60)],
            "surface_plancher_m2": with_holes(rng.uniform(200, 4000, 60)),
            "consommation_kwh": with_holes(rng.uniform(1e4, 9e5, 60)),
            "consommation_reference_kwh": with_holes(rng.uniform(1e5, 1e6, 60), 0.4),
            "gestion_technique": pd.array(rng.choice([True, False, None], 60), dtype="boolean"),
        },
        geometry=list(shapely.points(rng.uniform((0, 0), (2000, 1000), (60, 2)))),
        crs=CRS,
    )


def inside(buildings, unit):
    x0, _, x1, _ = HALVES[unit]
    return [row for row in buildings.itertuples() if x0 < row.geometry.x < x1]


@pytest.mark.parametrize("floor_m2", [1000.0, 2500.0])
def test_tertiary_gap(units, buildings, floor_m2):
    found = declared()["energy_tertiary_gap"](units, layers={"batiment_public": buildings}, surface_min_m2=floor_m2)
    totals = dict.fromkeys((2030, 2040, 2050), 0.0)
    for unit in "ab":
        rows = inside(buildings, unit)
        sized = [row for row in rows if not math.isnan(row.surface_plancher_m2)]
        subject = [row for row in sized if row.surface_plancher_m2 >= floor_m2]
        judged = [row for row in subject if not math.isnan(row.consommation_kwh + row.consommation_reference_kwh)]
        metered = [row for row in sized if not math.isnan(row.consommation_kwh)]
        values, known = found.values.loc[unit], found.known_share.loc[unit]
        assert values["tertiary_subject_count"] == len(subject)
        energy = sum(row.consommation_kwh for row in metered)
        assert values["tertiary_intensity"] == pytest.approx(energy / sum(row.surface_plancher_m2 for row in metered))
        assert known["tertiary_intensity"] == pytest.approx(len(metered) / len(rows))
        reached = sum(row.consommation_kwh <= 0.6 * row.consommation_reference_kwh for row in judged)
        assert values["tertiary_on_track_share"] == pytest.approx(reached / len(judged))
        share = len(sized) / len(rows) * len(judged) / len(subject)
        for year, kept in ((2030, 0.6), (2040, 0.5), (2050, 0.4)):
            gap = sum(max(0, row.consommation_kwh - kept * row.consommation_reference_kwh) for row in judged) / 1000
            totals[year] += gap
            assert values[f"tertiary_gap_{year}_mwh"] == pytest.approx(gap)
            assert known[f"tertiary_gap_{year}_mwh"] == pytest.approx(share)
    for year, total in totals.items():
        assert found.overall[f"tertiary_gap_{year}_total_mwh"].value == pytest.approx(total)
    table = found.tables["tertiary_priorities"]
    assert table["ecart_2030_mwh"].sum() == pytest.approx(totals[2030])
    assert table["ecart_2030_mwh"].dropna().is_monotonic_decreasing
    assert len(table) == found.values["tertiary_subject_count"].sum()


def test_remote_control(units, buildings):
    rng = np.random.default_rng(7)
    zones = [shapely.box(200 * i, 0, 200 * i + 200, 700) for i in range(10)]
    fixed = gpd.GeoDataFrame({"taux_fibre": rng.choice([0.9, 0.5, np.nan], 10)}, geometry=zones, crs=CRS)
    reach = [shapely.Point(*xy).buffer(180) for xy in rng.uniform((0, 0), (2000, 1000), (8, 2))]
    mobile = gpd.GeoDataFrame(geometry=reach, crs=CRS)
    given = {"batiment_public": buildings, "couverture_fixe": fixed, "couverture_mobile": mobile}
    found = declared()["energy_remote_control"](units, layers=given)
    with connect() as connection:
        for name, layer in {"units": units, **given}.items():
            register_table(connection, name, layer)
        sums = (
            connection.execute("""
            WITH told AS (
                SELECT b.id, u.row_key AS u, any_value(consommation_kwh) AS kwh, any_value(gestion_technique) AS bms,
                    any_value(taux_fibre) AS rate, count(m.geom) > 0 AS radio
                FROM batiment_public b JOIN units u ON ST_Within(b.geom, u.geom)
                LEFT JOIN couverture_fixe f ON ST_Within(b.geom, f.geom)
                LEFT JOIN couverture_mobile m ON ST_Within(b.geom, m.geom) GROUP BY b.id, u.row_key),
            state AS (SELECT *,
                CASE WHEN rate IS NOT NULL THEN (rate >= 0.8 OR radio)::INT END AS linked FROM told)
            SELECT u, count(*) AS all_, count(linked) AS known, avg(linked) AS share, count(rate) AS rated,
                avg((rate >= 0.8)::INT) AS fibre,
                coalesce(sum(kwh) FILTER (linked = 0), 0) / 1000 AS mwh,
                count(kwh) FILTER (linked IS NOT NULL) AS metered,
                count(*) FILTER (linked = 0 AND bms) AS planned, count(bms) FILTER (linked IS NOT NULL) AS stated
            FROM state GROUP BY u ORDER BY u""")
            .df()
            .set_index("u")
        )
    ours, known = found.values.loc[["a", "b"]], found.known_share.loc[["a", "b"]]
    for name, column in {
        "control_building_count": "all_",
        "control_connected_share": "share",
        "control_fibre_share": "fibre",
        "control_unconnected_mwh": "mwh",
        "control_planned_unconnected_count": "planned",
    }.items():
        assert ours[name].tolist() == pytest.approx(sums[column].tolist()), name
    for name, column in {
        "control_connected_share": "known",
        "control_fibre_share": "rated",
        "control_unconnected_mwh": "metered",
        "control_planned_unconnected_count": "stated",
    }.items():
        assert known[name].tolist() == pytest.approx((sums[column] / sums["all_"]).tolist()), name
    assert 0 < sums["known"].sum() < sums["all_"].sum()


def common(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def area(box):
    return common(box, box)


@pytest.fixture(scope="module", params=[8, 9])
def sources(request):
    """Twelve sources as tiles of a grid that overflows the units, buildings in most, one value secret."""
    rng = np.random.default_rng(request.param)
    xs, ys = np.sort(rng.uniform(-300, 2300, 5)), np.sort(rng.uniform(-200, 1200, 4))
    tiles = [(a, c, b, d) for a, b in itertools.pairwise(xs) for c, d in itertools.pairwise(ys)]
    use = rng.uniform(100, 900, len(tiles))
    use[3] = np.nan
    corners = rng.uniform((-200, -100), (2200, 1100), (40, 2))
    homes = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, rng.uniform(5, 60, (40, 2)), strict=True)]
    return tiles, use, homes, rng.choice([np.nan, 2.0, 6.2, 9.4, 15.0], 40)


def spread(tiles, use, weigh):
    """Return what each unit receives, by the closed form of rectangles."""
    received = dict.fromkeys("abc", 0.0)
    for tile, value in zip(tiles, use, strict=True):
        if math.isnan(value):
            continue
        whole = weigh(tile, tile)
        for unit, box in HALVES.items():
            part = weigh(tile, box) / whole if whole else common(tile, box) / area(tile)
            received[unit] += value * part
    return received


@pytest.mark.parametrize("with_buildings", [False, True])
def test_consumption_spread(units, sources, with_buildings):
    tiles, use, homes, heights = sources
    storeys = [1.0 if math.isnan(h) else max(1.0, round(h / 3)) for h in heights]

    def by_area(tile, box):
        return common(tile, box)

    def by_homes(tile, box):
        total = 0.0
        for home, n in zip(homes, storeys, strict=True):
            cut = (max(home[0], tile[0]), max(home[1], tile[1]), min(home[2], tile[2]), min(home[3], tile[3]))
            total += n * common(cut, box) if cut[0] < cut[2] and cut[1] < cut[3] else 0.0
        return total

    codes = [f"01{i:03d}" for i in range(len(tiles))]
    shapes = [shapely.box(*tile) for tile in tiles]
    given = {
        "consommation_energie": gpd.GeoDataFrame(
            {"code_insee": codes, "consommation_mwh": use}, geometry=shapes, crs=CRS
        )
    }
    if with_buildings:
        boxes = [shapely.box(*home) for home in homes]
        given["batiment"] = gpd.GeoDataFrame({"hauteur_m": heights}, geometry=boxes, crs=CRS)
    found = declared()["energy_consumption_spread"](units, layers=given)
    received = spread(tiles, use, by_homes if with_buildings else by_area)
    for unit in "ab":
        reached = sum(common(tile, HALVES[unit]) for tile, value in zip(tiles, use, strict=True) if value == value)
        told, known = received[unit], reached / 1e6
        if known < 0.99:
            told, known = math.nan, 0.0
        assert found.values.loc[unit, "energy_use_mwh"] == pytest.approx(told, rel=1e-7, nan_ok=True)
        assert found.known_share.loc[unit, "energy_use_mwh"] == pytest.approx(known)
    assert math.isnan(found.values.loc["c", "energy_use_mwh"])
    row = found.tables["energy_conservation"].iloc[0]
    assert row["source_mwh"] == pytest.approx(np.nansum(use))
    assert row["unites_mwh"] == pytest.approx(sum(received.values()), rel=1e-7)
    assert row["unites_mwh"] + row["hors_mwh"] == pytest.approx(row["source_mwh"], rel=1e-7)
    assert row["sources_inconnues"] == 1
    assert found.overall["energy_use_total_mwh"].value == pytest.approx(sum(received.values()), rel=1e-7)


def test_use_per_inhabitant(units):
    """Unit a: 500 MWh for 250 people; unit b: half of its area has no known use."""
    shapes = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 1500, 1000)]
    columns = {"code_insee": ["01001", "01002"], "consommation_mwh": [500.0, 100.0]}
    use = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
    people = gpd.GeoDataFrame({"habitants": [250.0, 50.0]}, geometry=list(units.geometry[:2]), crs=CRS)
    found = declared()["energy_consumption_spread"](units, layers={"consommation_energie": use, "population": people})
    assert found.values["energy_use_per_person_mwh"].tolist() == pytest.approx([2.0, math.nan, math.nan], nan_ok=True)
    assert found.known_share["energy_use_mwh"].tolist() == pytest.approx([1.0, 0.0, 0.0])
