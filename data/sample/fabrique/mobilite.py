"""Mobility: a GTFS feed, a cycle network, cycle parking, charging points, and the roads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .dessin import CYCLES, LINES, ROADS, STOPS, Box
from .ecriture import degrees, geojson_line, line, point, rectangle, write_csv, write_geojson, write_zip

_DAYS = ["20250106", "20250107", "20250111"]


def write(folder: Path) -> None:
    """Write every file of the theme but the roads, which are in the GeoPackage."""
    place = folder / "mobilite"
    write_zip(place / "gtfs.zip", _feed())
    _cycles(place)
    _charging(place)
    _park_and_ride(place)


def road_rows() -> tuple[list[dict[str, str]], list[Any]]:
    """Return the roads, and two features that are not lines: a square and a crossing (a layer of mixed geometries)."""
    rows = [{"nom": name, "nature": kind} for name, kind, _ in ROADS]
    rows += [{"nom": "Place de l'Évêché", "nature": "Place"}, {"nom": "Carrefour d'Ô", "nature": "Carrefour"}]
    square, crossing = rectangle(Box(2500, 3100, 2560, 3150)), point(6000, 5900)
    return rows, [*(line(points) for *_, points in ROADS), square, crossing]


def _feed() -> dict[str, str]:
    """Return the tables: ``calendar.txt`` has a header only, and the last run of a day ends after 24:00."""
    tables: dict[str, list[list[Any]]] = {
        "agency": [["agency_id", "agency_name", "agency_url", "agency_timezone"]],
        "calendar": [["service_id", *_WEEK, "start_date", "end_date"]],
        "calendar_dates": [["service_id", "date", "exception_type"], *([["S", day, 1] for day in _DAYS])],
        "feed_info": [
            ["feed_publisher_name", "feed_publisher_url", "feed_lang"],
            ["Fictif", "https://example.org", "fr"],
        ],
        "routes": [["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"]],
        "shapes": [["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"]],
        "stops": [["stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"]],
        "trips": [["route_id", "service_id", "trip_id", "shape_id"]],
        "stop_times": [["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"]],
    }
    tables["agency"].append(["V", "Transports de Valdombre (fictif)", "https://example.org", "Europe/Paris"])
    for identifier, name, kind, x, y in STOPS:
        lon, lat = degrees(x, y)
        parent = "A0" if identifier == "A1" else None
        tables["stops"].append([identifier, f'"{name}"', f"{lat:.10f}", f"{lon:.10f}", kind, parent])
    for route, (number, stops, path) in LINES.items():
        _add_line(tables, route, number, stops, path)
    return {f"{name}.txt": _text(rows) for name, rows in tables.items()}


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _add_line(
    tables: dict[str, list[list[Any]]], route: str, number: str, stops: list[str], path: list[tuple[int, int]]
) -> None:
    tables["routes"].append([route, "V", number, f"Ligne {number}", 3])
    for rank, (x, y) in enumerate(path, 1):
        lon, lat = degrees(x, y)
        tables["shapes"].append([route, f"{lat:.10f}", f"{lon:.10f}", rank])
    for run, hour in enumerate((*range(7, 19), 24), 1):
        trip = f"{route}-{run}"
        tables["trips"].append([route, "S", trip, route])
        for rank, stop in enumerate(stops, 1):
            time = f"{hour:02d}:{10 * rank:02d}:00"
            tables["stop_times"].append([trip, time, time, stop, rank])


def _text(rows: list[list[Any]]) -> str:
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


def _cycles(place: Path) -> None:
    rows = [
        {"id_local": name, "nom_loc": f"Itinéraire {name}", "ame_d": kind, "statut_d": state, "date_maj": "2025-01-01"}
        for name, state, kind, _ in CYCLES
    ]
    write_geojson(place / "amenagements_cyclables.geojson", rows, [geojson_line(points) for *_, points in CYCLES])
    racks = [("P1", 12, 2020, 5980), ("P2", 6, 6020, 5720), ("P3", 4, 2820, 3220)]
    rows = [{"id_local": name, "capacite": places} for name, places, *_ in racks]
    points = [{"type": "Point", "coordinates": list(degrees(x, y))} for *_, x, y in racks]
    write_geojson(place / "stationnements_velo.geojson", rows, points)
    write_geojson(place / "stationnements_velo_projets.geojson", [], [])


def _charging(place: Path) -> None:
    rows = []
    for number, (x, y) in enumerate([(2010, 6030), (6040, 5690), (9050, 5220)], 1):
        lon, lat = degrees(x, y)
        rows.append([f"FR*V99*E{number:04d}", f"Recharge n° {number} (fictive)", 22, lon, lat])
    columns = [
        "id_pdc_itinerance",
        "nom_station",
        "puissance_nominale",
        "consolidated_longitude",
        "consolidated_latitude",
    ]
    write_csv(place / "irve.csv", columns, rows, separator=",")


def _park_and_ride(place: Path) -> None:
    rows = [
        ["Parc relais de l'Évêché", 40, *reversed(degrees(2850, 3250))],
        ["Parc du Ménil", 25, *reversed(degrees(9900, 2300))],
    ]
    write_csv(place / "parcs_relais.csv", ["nom_parc", "nb_places", "latitude", "longitude"], rows, separator=",")
