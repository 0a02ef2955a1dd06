"""Territories drawn at random for the proofs of digital access, risk and education, and the same in a database."""

from __future__ import annotations

from functools import cache

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oracles.duckdb_spatial import connect, register_table

CRS, SPAN = "EPSG:2154", 2000.0
OPERATORS = np.array(["Orange", "SFR", "Free Mobile"], dtype=object)
STATES = np.array(
    ["deploye", "raccordable_demande", "en_cours", "cible", "signe", "abandonne", "inconnu"], dtype=object
)


def boxes(rng, count, size):
    x, y = rng.uniform(-100, SPAN - size / 2, (2, count))
    w, h = rng.uniform(size / 4, size, (2, count))
    return [shapely.box(*row) for row in np.column_stack([x, y, x + w, y + h])]


def points(rng, count):
    return list(shapely.points(rng.uniform(0, SPAN, (count, 2))))


def lines(rng, count):
    return [shapely.LineString(rng.uniform(-100, SPAN + 100, (2, 2))) for _ in range(count)]


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def units():
    """Return four units of 1 km², and one where nothing was drawn."""
    corners = [(0, 0), (1000, 0), (0, 1000), (1000, 1000), (9000, 9000)]
    return gpd.GeoDataFrame(
        {"nom_unite": list("abcde")},
        geometry=[shapely.box(x, y, x + 1000, y + 1000) for x, y in corners],
        index=pd.Index(list("abcde"), name="code_unite"),
        crs=CRS,
    )


@cache
def layers(seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Return layers drawn with a seed; with an even one nothing is left unknown in coverage and population."""
    rng = np.random.default_rng(seed)
    return _networks(rng, seed % 2 == 1) | _people(rng, seed % 2 == 1) | _risks(rng) | _optical(rng)


def _networks(rng, doubt):
    words = ["2G3G", "4G", "4G5G", "5G", "AUCUNE", None] if doubt else ["2G3G", "4G", "4G5G", "5G", "4G", "3G"]
    names = [*OPERATORS, None] if doubt else OPERATORS
    cover = layer(
        boxes(rng, 16, 900),
        techno=rng.choice(np.array(words, dtype=object), 16),
        operateur=rng.choice(np.array(names, dtype=object), 16),
        niveau=rng.choice(np.array(["TBC", "BC", "CL", "COUVERT"], dtype=object), 16),
    )
    sites = layer(points(rng, 12), etat=rng.choice(np.array(["en service", "projet", None], dtype=object), 12))
    return {
        "couverture_mobile": cover,
        "site_mobile": sites,
        "voirie": layer(lines(rng, 20)),
        "ligne": layer(lines(rng, 6), route_id=list("abcdef")),
        "cyclable": layer(lines(rng, 5), etat=["existant"] * 5),
        "support": layer(points(rng, 15), id_support=[str(n) for n in range(15)]),
        "batiment_public": layer(points(rng, 12)),
    }


def _people(rng, doubt):
    corners = [(x, y) for x in range(0, 2000, 250) for y in range(0, 2000, 250)]
    people = rng.integers(0, 200, len(corners)).astype(float)
    people[rng.choice(len(corners), 2, replace=False)] = np.nan if doubt else 7.0
    squares = [shapely.box(x, y, x + 250, y + 250) for x, y in corners]
    homes = layer(
        points(rng, 80),
        id_immeuble=[f"I{n}" for n in range(80)],
        etat=rng.choice(STATES, 80),
        locaux=np.where(rng.random(80) < 0.1, np.nan, rng.integers(1, 40, 80)),
        pm_etat=rng.choice(np.array(["deploye", "deploye", "en_cours", "cible", None], dtype=object), 80),
        date_commerciale=pd.to_datetime("2024-01-01") + pd.to_timedelta(30 * rng.integers(0, 30, 80), unit="D"),
    )
    homes = pd.concat([homes, homes.iloc[[3, 3, 40]]], ignore_index=True)
    rates = layer([shapely.box(0, 0, 1000, 1500), shapely.box(1000, 0, 2000, 2000)], taux_fibre=rng.uniform(0, 1, 2))
    schools = layer(
        points(rng, 40),
        fibre=pd.array(rng.choice(np.array([True, False, None], dtype=object), 40), dtype="boolean"),
        eleves=np.where(rng.random(40) < 0.1, np.nan, rng.integers(20, 900, 40)),
        ips=np.where(rng.random(40) < 0.15, np.nan, rng.integers(60, 150, 40)),
    )
    return {
        "population": layer(squares, habitants=people),
        "immeuble": homes,
        "couverture_fixe": rates,
        "etablissement_scolaire": schools,
    }


def _risks(rng):
    levels = np.array(["nul", "faible", "moyen", "fort", "tres_fort", "indetermine"], dtype=object)
    zones = layer(boxes(rng, 14, 700), niveau=np.resize(levels, 14), typealea=["11"] * 14)
    return {"alea": zones, "perimetre_risque": layer([shapely.box(0, 0, 1400, 1700)])}


def _optical(rng):
    """Return nodes N0…, and service areas: two of NRO, four of SRO (one orphan), eight of PBO, in a tree."""
    ranks = ["NRO"] * 2 + ["SRO"] * 4 + ["PBO"] * 10
    nodes = layer(points(rng, 16), code=[f"N{n}" for n in range(16)], niveau=ranks)
    halves = [shapely.box(0, 0, 2000, 1000), shapely.box(0, 1000, 2000, 2000)]
    nro = layer(halves, code=["ZN0", "ZN1"], noeud=["N0", "N1"])
    quarters = [shapely.box(x, y, x + 900, y + 950) for y in (0, 1000) for x in (0, 1000)]
    sro = layer(quarters, code=[f"ZS{n}" for n in range(4)], noeud=["N2", "N3", None, "N5"])
    sro = sro.assign(parent=["ZN0", "ZN0", "ZN1", "ZX"])
    small = [shapely.box(x + d, y, x + d + 300, y + 300) for y in (100, 1100) for x in (50, 1050) for d in (0, 400)]
    pbo = layer(small, code=[f"ZP{n}" for n in range(8)], noeud=[f"N{n}" for n in range(6, 14)])
    pbo = pbo.assign(parent=[f"ZS{n // 2}" for n in range(8)])
    return {"noeud_optique": nodes, "zone_nro": nro, "zone_sro": sro, "zone_pbo": pbo}


@cache
def database(seed: int) -> duckdb.DuckDBPyConnection:
    """Return the same in a database: table ``units``, and one table a role."""
    connection = connect()
    register_table(connection, "units", units())
    for role, frame in layers(seed).items():
        register_table(connection, role, frame)
    return connection
