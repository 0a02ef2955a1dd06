"""Buildings, energy, air, noise, relief and land cover, and the GeoPackages that hold the drawn layers."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from . import mobilite, risques, social
from .dessin import AIR, COMMUNES, NAMES, PUBLIC_BUILDINGS, REFERENCES, SEED, SQUARES, Box, premises
from .ecriture import (
    degrees,
    geojson_box,
    layer,
    polygon,
    rectangle,
    write_csv,
    write_geojson,
    write_geopackage,
    write_raster,
)


def write(folder: Path) -> None:
    """Write the GeoPackages, the tables and the rasters."""
    _geopackages(folder)
    _public_buildings(folder / "energie")
    _energy(folder / "energie")
    write_geojson(
        folder / "air" / "zfe.geojson", [{"id": "ZFE1", "nom": "ZFE d'Ô"}], [geojson_box(Box(5700, 5700, 6300, 6300))]
    )
    _rasters(folder)


def _geopackages(folder: Path) -> None:
    communes = [{"code_insee": code, "nom": NAMES[code], "population": _people(code)} for code in COMMUNES]
    air = [{"nom": name, "no2": no2, "pm25": pm25, "lden": lden} for name, no2, pm25, lden, _ in AIR]
    buildings, shapes = _buildings()
    write_geopackage(
        folder / "fonds.gpkg",
        {
            "communes": (layer(communes, [polygon(ring) for ring in COMMUNES.values()]), "Polygon"),
            "trame_verte_bleue": (layer(*risques.network_rows()), "Polygon"),
            "routes": (layer(*mobilite.road_rows()), "Unknown"),
            "batiments": (layer(buildings, shapes), "Polygon"),
            "air": (layer(air, [rectangle(box) for *_, box in AIR]), "Polygon"),
        },
    )
    write_geopackage(folder / "social" / "carreaux_200m.gpkg", {"carreaux": (layer(*social.square_rows()), "Polygon")})


def _people(code: str) -> int:
    return sum(people for _, people, commune in SQUARES if commune == code)


def _buildings() -> tuple[list[dict[str, Any]], list[Any]]:
    """Return up to nine buildings a square, where their number and their height follow the people."""
    random = Random(SEED)
    rows, shapes = [], []
    for square, people, _ in SQUARES:
        for number in range(min(1 + premises(people) // 6, 9)):
            x, y = square.x0 + 15 + 60 * (number % 3), square.y0 + 15 + 60 * (number // 3)
            width, depth = 10 + round(20 * random.random()), 10 + round(15 * random.random())
            rows.append({"HAUTEUR": 4.0 + 3 * round(people / 60), "USAGE_1": "Résidentiel" if number else "Mixte"})
            shapes.append(rectangle(Box(x, y, x + width, y + depth)))
    return rows, shapes


def _public_buildings(place: Path) -> None:
    rows = [
        [
            name,
            f"{floor}",
            f"{use}",
            *REFERENCES.get(name, (None, None)),
            {True: "oui", False: "non", None: ""}[remote],
            *reversed(degrees(x, y)),
        ]
        for name, floor, use, remote, x, y in PUBLIC_BUILDINGS
    ]
    rows.append(["Local technique sans adresse", "40", "9000", None, None, "oui", None, None])
    columns = ["nom", "surface_plancher_m2", "consommation_kwh", "annee_reference", "consommation_reference_kwh"]
    columns += ["gestion_technique", "latitude", "longitude"]
    write_csv(place / "batiments_publics.csv", columns, rows)


def _energy(place: Path) -> None:
    random = Random(SEED)
    rows: list[list[Any]] = []
    for year in (2022, 2023):
        for code in COMMUNES:
            for energy in ("Électricité", "Gaz"):
                use = _people(code) * (2.5 + random.random())
                rows.append([year, code, NAMES[code], energy, f"{use:.1f}".replace(".", ",")])
    rows[-1][-1] = "s"  # statistical secrecy: the total of the last commune is unknown
    columns = ["annee", "code_commune", "libelle_commune", "filiere", "conso_totale_mwh"]
    write_csv(place / "conso_energie.csv", columns, rows)


def _rasters(folder: Path) -> None:
    """Write smooth fields of round formulas: a valley, two hot spots, a road, and land cover in boxes."""
    place = folder / "grilles"
    x, y = _middles(25)
    relief = 350 + 0.02 * np.abs(y - 4000) + 120 * np.exp(-(((x - 9000) / 1500) ** 2 + ((y - 7000) / 900) ** 2))
    write_raster(place / "relief_25m.tif", np.round(relief).astype("int16"), west=0, north=8000, pixel=25, nodata=-9999)
    x, y = _middles(100)
    no2 = (
        12 + 32 * np.exp(-(((x - 1350) / 500) ** 2 + ((y - 5250) / 400) ** 2)) + 10 * np.exp(-(((y - 5900) / 300) ** 2))
    )
    no2 = np.where((x > 11000) & (y < 1000), np.nan, np.round(no2, 1)).astype("float32")
    write_raster(place / "no2_100m.tif", no2, west=0, north=8000, pixel=100, nodata=np.nan)
    noise = 40 + 28 * np.exp(-(((y - 5900) / 200) ** 2))
    write_raster(
        place / "bruit_lden_100m.tif", np.round(noise).astype("uint8"), west=0, north=8000, pixel=100, nodata=0
    )
    cover = np.full(x.shape, 231, dtype="int16")
    cover[y > 6500] = 311
    cover[(np.abs(y - 3500) < 250) & (np.abs(x - 4500) < 600)] = 411
    for square, *_ in SQUARES:
        inside = (x > square.x0) & (x < square.x1) & (y > square.y0) & (y < square.y1)
        cover[inside] = 112
    write_raster(place / "occupation_sol_100m.tif", cover, west=0, north=8000, pixel=100, nodata=-1)


def _middles(pixel: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the local coordinates of the middles of the pixels, rows from north to south."""
    columns = np.arange(0, 12000, pixel) + pixel / 2
    rows = 8000 - pixel / 2 - np.arange(0, 8000, pixel)
    return np.meshgrid(columns, rows)  # type: ignore[return-value]
