"""GTFS: stops with the departures of a service day, lines drawn from their shapes, and stretches with their headway.

gtfs-kit (extra ``mobility``) parses the tables; what it leaves aside (tables with a header and no row, feeds without
trips, headway-based trips, routes without shapes) is done here.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...errors import MissingFileError
from ...model.faults import Remark
from ...texts import Text
from ..gtfs_days import Timetable, column, timetable
from ..gtfs_feed import read_feed
from ..gtfs_stretches import stretches
from ..reader import RawLayer, Reader, Source

__all__ = ["READER", "read_gtfs"]

_WGS84 = "EPSG:4326"  # the reference states that stop_lat, stop_lon and shape points are WGS 84


def read_gtfs(source: Source) -> list[RawLayer]:
    """Read the stops, the lines and the stretches between stops of a GTFS feed, zipped or in a folder.

    Parameters
    ----------
    source : Source
        Option ``jour`` (``"2023-04-12"``): the service day whose departures are counted. By default the day with
        most departures over the whole feed (the first of them, if several). Option ``periode``
        (``"07:00-19:00"``, the default): the part of that day over which headways are those of the stretches.

    Returns
    -------
    list of RawLayer
        In EPSG:4326. ``passages_jour`` counts the departures of trips at the stop on that service day (times past
        24:00 belong to the day on which the trip began; the last stop of a trip and the stops without pickup are
        arrivals, not departures; a trip of ``frequencies.txt`` counts once a run). It is NaN where the feed has no
        timetable, and for a station (``location_type`` 1), whose departures are those of its platforms.
        ``trace`` tells whether a line comes from ``shapes.txt`` (``shapes``) or from straight segments between its
        stops (``arrets``), which is an approximation. The stretches (``troncon_tc``) are described in
        :func:`territoire_sig.io.gtfs_stretches.stretches`; a feed without timetable has none.

    Raises
    ------
    MissingExtraError
        When gtfs-kit is not installed.
    MissingFileError
        When the feed has no ``stops.txt``, or ``ligne`` or ``troncon_tc`` is asked for and cannot be drawn.
    InvalidValueError
        When ``jour`` is not a date, or has no service; when ``periode`` is not one.
    UnreadableLayerError
        When a table cannot be parsed.

    References
    ----------
    General Transit Feed Specification, Schedule Reference (gtfs.org).
    """
    feed = read_feed(source)
    day = timetable(feed, source)
    layers = []
    if source.wants("arret"):
        layers.append(_stops(feed, day))
    if source.wants("ligne"):
        layers += _lines(feed, source)
    if source.wants("troncon_tc"):
        layers += stretches(feed, day, source)
    return layers


def _stops(feed: Any, day: Timetable | Text) -> RawLayer:
    stops = feed.stops
    frame = gpd.GeoDataFrame(
        stops.drop(columns=["stop_lat", "stop_lon"]).reset_index(drop=True),
        geometry=_points(stops),
        crs=_WGS84,
    )
    frame["location_type"] = column(stops, "location_type", 0).fillna(0).astype("int64").to_numpy()
    frame["passages_jour"], remarks = _departures(frame, day)
    stations = int((frame["location_type"] == 1).sum())
    counts = Remark(
        Text(
            f"{len(frame)} arrêts, dont {stations} stations mères (location_type 1), toutes gardées",
            f"{len(frame)} stops, of which {stations} parent stations (location_type 1), all kept",
        ),
        len(frame),
    )
    return RawLayer("arret", frame, "stops.txt", len(frame), "utf-8", _WGS84, (counts, *remarks))


def _points(stops: pd.DataFrame) -> np.ndarray[Any, Any]:
    lon, lat = (stops[name].to_numpy(dtype=float, na_value=np.nan) for name in ("stop_lon", "stop_lat"))
    points = np.full(len(stops), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    points[known] = shapely.points(lon[known], lat[known])
    return points


def _departures(stops: pd.DataFrame, day: Timetable | Text) -> tuple[pd.Series[Any], tuple[Remark, ...]]:
    if isinstance(day, Text):
        why = Text("$why : passages_jour est inconnu", "$why: passages_jour is unknown").fill(why=day)
        return pd.Series(np.nan, index=stops.index), (Remark(why),)
    running = day.counts[day.counts["service_id"].isin(day.services)]
    passages = stops["stop_id"].map(running.groupby("stop_id")["runs"].sum())
    platform = stops["location_type"] == 0
    text = Text(
        f"passages_jour : {day.total:.0f} départs le {day.day:%Y-%m-%d}",
        f"passages_jour: {day.total:.0f} departures on {day.day:%Y-%m-%d}",
    )
    told = passages.astype("float64").where(passages.notna() | ~platform, 0.0)
    return told, (Remark(text, int(day.total)), *day.remarks)


def _lines(feed: Any, source: Source) -> list[RawLayer]:
    if feed.routes is None or feed.trips is None:
        return _undrawable(source)
    shaped = _from_shapes(feed)
    bare = set(feed.routes["route_id"]) - set(shaped)
    drawn = _from_stops(feed, bare)
    geometry = {**drawn, **shaped}
    frame = feed.routes[feed.routes["route_id"].isin(geometry)].reset_index(drop=True)
    if frame.empty:
        return _undrawable(source)
    layer = gpd.GeoDataFrame(frame, geometry=list(frame["route_id"].map(geometry)), crs=_WGS84)
    layer["trace"] = np.where(layer["route_id"].isin(list(shaped)), "shapes", "arrets")
    if "route_type" in layer:
        layer["route_type"] = layer["route_type"].astype("string")
    remarks = tuple(_line_remarks(len(drawn), len(bare) - len(drawn)))
    return [RawLayer("ligne", layer, "routes.txt", len(feed.routes), "utf-8", _WGS84, remarks)]


def _undrawable(source: Source) -> list[RawLayer]:
    if source.role != "ligne":
        return []
    raise MissingFileError(
        Text(
            "les lignes ne peuvent pas être tracées : il manque routes.txt, trips.txt, ou à la fois shapes.txt "
            "et stop_times.txt",
            "the lines cannot be drawn: routes.txt, trips.txt, or both shapes.txt and stop_times.txt are missing",
        ),
        Text(
            "donnez un GTFS complet, ou une couche de lignes du réseau (format vecteur).",
            "give a complete GTFS, or a line layer of the network (a vector format).",
        ),
        file=source.path,
    )


def _line_remarks(approximated: int, lost: int) -> list[Remark]:
    remarks = []
    if approximated:
        text = Text(
            f"{approximated} ligne(s) sans shapes.txt, tracées droit d'arrêt en arrêt : c'est une approximation",
            f"{approximated} line(s) without shapes.txt, drawn straight from stop to stop: an approximation",
        )
        remarks.append(Remark(text, approximated))
    if lost:
        text = Text(
            f"{lost} ligne(s) sans aucun tracé possible (ni shapes.txt ni horaires), écartées",
            f"{lost} line(s) that cannot be drawn (neither shapes.txt nor stop times), set aside",
        )
        remarks.append(Remark(text, lost))
    return remarks


def _from_shapes(feed: Any) -> dict[str, shapely.MultiLineString]:
    if feed.shapes is None or "shape_id" not in feed.trips:
        return {}
    points = feed.shapes.rename(columns={"shape_id": "id", "shape_pt_lon": "x", "shape_pt_lat": "y"})
    lines = _linestrings(points.sort_values(["id", "shape_pt_sequence"]))
    pairs = feed.trips[["route_id", "shape_id"]].dropna().drop_duplicates()
    return _united(pairs["route_id"], pairs["shape_id"].map(lines))


def _from_stops(feed: Any, routes: set[str]) -> dict[str, shapely.MultiLineString]:
    if feed.stop_times is None or not routes:
        return {}
    trips = feed.trips[feed.trips["route_id"].isin(routes)]
    times = feed.stop_times[feed.stop_times["trip_id"].isin(trips["trip_id"])].sort_values(["trip_id", "stop_sequence"])
    pattern = times.groupby("trip_id")["stop_id"].agg("\n".join)
    distinct = trips.assign(pattern=trips["trip_id"].map(pattern)).drop_duplicates(["route_id", "pattern"])
    places = feed.stops.set_index("stop_id")[["stop_lon", "stop_lat"]].set_axis(["x", "y"], axis=1)
    points = (
        times[times["trip_id"].isin(distinct["trip_id"])].join(places, on="stop_id").rename(columns={"trip_id": "id"})
    )
    return _united(distinct["route_id"], distinct["trip_id"].map(_linestrings(points)))


def _linestrings(points: pd.DataFrame) -> dict[str, shapely.LineString]:
    """Return a line for each ``id`` with two positions at least; rows are sorted by id, then along the line."""
    known = points.dropna(subset=["x", "y"])
    known = known[known.groupby("id")["id"].transform("size") > 1]
    codes, names = pd.factorize(known["id"])
    lines = shapely.linestrings(known[["x", "y"]].to_numpy(dtype=float), indices=codes)
    return dict(zip(names, np.atleast_1d(lines), strict=True))


def _united(routes: pd.Series[Any], lines: pd.Series[Any]) -> dict[str, shapely.MultiLineString]:
    """Return one MultiLineString a route; a stretch common to several of its shapes is kept once."""
    found = lines.notna()
    return {str(route): _multiline(group.to_numpy()) for route, group in lines[found].groupby(routes[found])}


def _multiline(lines: np.ndarray[Any, Any]) -> shapely.MultiLineString:
    union = shapely.union_all(lines)
    merged = shapely.line_merge(union) if union.geom_type == "MultiLineString" else union
    return shapely.MultiLineString(shapely.get_parts(merged).tolist())


READER = Reader(
    "gtfs",
    Text("GTFS, offre de transport en commun", "GTFS, public transport supply"),
    ("arret", "ligne", "troncon_tc"),
    read_gtfs,
    {
        "jour": Text(
            "jour de service dont les départs sont comptés, par exemple 2023-04-12",
            "service day whose departures are counted, for example 2023-04-12",
        ),
        "periode": Text(
            "heures sur lesquelles l'intervalle entre deux passages est mesuré, par défaut 07:00-19:00",
            "hours over which the headway is measured, 07:00-19:00 by default",
        ),
    },
)
