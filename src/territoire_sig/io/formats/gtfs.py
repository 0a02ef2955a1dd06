"""GTFS: stops with the departures of a service day, and lines drawn from their shapes.

gtfs-kit (extra ``mobility``) parses the tables; what it leaves aside (tables with a header and no row, feeds without
trips, headway-based trips, routes without shapes) is done here.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...errors import InvalidValueError, MissingFileError
from ...model.faults import Remark
from ...texts import Text
from ..gtfs_feed import WEEK, read_feed
from ..reader import RawLayer, Reader, Source

__all__ = ["READER", "read_gtfs"]

_WGS84 = "EPSG:4326"  # the reference states that stop_lat, stop_lon and shape points are WGS 84


def read_gtfs(source: Source) -> list[RawLayer]:
    """Read the stops (``arret``) and the lines (``ligne``) of a GTFS feed, zipped or in a folder.

    Parameters
    ----------
    source : Source
        Option ``jour`` (``"2023-04-12"``): the service day whose departures are counted. By default the day with
        most departures over the whole feed (the first of them, if several).

    Returns
    -------
    list of RawLayer
        In EPSG:4326. ``passages_jour`` counts the departures of trips at the stop on that service day (times past
        24:00 belong to the day on which the trip began; the last stop of a trip and the stops without pickup are
        arrivals, not departures; a trip of ``frequencies.txt`` counts once a run). It is NaN where the feed has no
        timetable, and for a station (``location_type`` 1), whose departures are those of its platforms.
        ``trace`` tells whether a line comes from ``shapes.txt`` (``shapes``) or from straight segments between its
        stops (``arrets``), which is an approximation.

    Raises
    ------
    MissingExtraError
        When gtfs-kit is not installed.
    MissingFileError
        When the feed has no ``stops.txt``, or ``ligne`` is asked for and cannot be drawn.
    InvalidValueError
        When ``jour`` is not a date, or has no service.
    UnreadableLayerError
        When a table cannot be parsed.

    References
    ----------
    General Transit Feed Specification, Schedule Reference (gtfs.org).
    """
    feed = read_feed(source)
    layers = []
    if source.wants("arret"):
        layers.append(_stops(feed, source))
    if source.wants("ligne"):
        layers += _lines(feed, source)
    return layers


def _stops(feed: Any, source: Source) -> RawLayer:
    stops = feed.stops
    frame = gpd.GeoDataFrame(
        stops.drop(columns=["stop_lat", "stop_lon"]).reset_index(drop=True),
        geometry=_points(stops),
        crs=_WGS84,
    )
    frame["location_type"] = _column(stops, "location_type", 0).fillna(0).astype("int64").to_numpy()
    frame["passages_jour"], remarks = _departures(feed, frame, source)
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


def _column(frame: pd.DataFrame, name: str, default: int) -> pd.Series[Any]:
    return frame[name] if name in frame.columns else pd.Series(default, index=frame.index)


def _departures(feed: Any, stops: pd.DataFrame, source: Source) -> tuple[pd.Series[Any], list[Remark]]:
    unknown = pd.Series(np.nan, index=stops.index)
    if feed.trips is None or feed.stop_times is None:
        text = Text(
            "flux sans trips.txt ou sans stop_times.txt : passages_jour est inconnu",
            "feed without trips.txt or stop_times.txt: passages_jour is unknown",
        )
        return unknown, [Remark(text)]
    days = _service_days(feed)
    if days.empty:
        text = Text(
            "aucun jour de service dans calendar.txt ni calendar_dates.txt : passages_jour est inconnu",
            "no service day in calendar.txt nor calendar_dates.txt: passages_jour is unknown",
        )
        return unknown, [Remark(text)]
    counts, remarks = _departures_by_service(feed)
    day, total = _chosen_day(days, counts, source)
    running = counts[counts["service_id"].isin(days.loc[days["date"] == day, "service_id"])]
    passages = stops["stop_id"].map(running.groupby("stop_id")["runs"].sum())
    platform = stops["location_type"] == 0
    text = Text(
        f"passages_jour : {total:.0f} départs le {day:%Y-%m-%d}",
        f"passages_jour: {total:.0f} departures on {day:%Y-%m-%d}",
    )
    return passages.astype("float64").where(passages.notna() | ~platform, 0.0), [Remark(text, int(total)), *remarks]


def _service_days(feed: Any) -> pd.DataFrame:
    """Return one row a service and a date on which it runs."""
    parts = []
    if feed.calendar is not None:
        parts.append(_weekly_days(feed.calendar))
    exceptions = feed.calendar_dates
    if exceptions is not None:
        dated = pd.DataFrame({"service_id": exceptions["service_id"], "date": _dates(exceptions["date"])})
        parts.append(dated[(exceptions["exception_type"] == 1).to_numpy()])
        removed = pd.MultiIndex.from_frame(dated[(exceptions["exception_type"] == 2).to_numpy()])
    if not parts:
        return pd.DataFrame({"service_id": [], "date": []})
    days = pd.concat(parts, ignore_index=True).drop_duplicates()
    return days if exceptions is None else days[~pd.MultiIndex.from_frame(days).isin(removed)]


def _weekly_days(calendar: pd.DataFrame) -> pd.DataFrame:
    start, end = _dates(calendar["start_date"]), _dates(calendar["end_date"])
    dates = pd.date_range(start.min(), end.max())
    week = calendar[list(WEEK)].fillna(0).to_numpy(dtype=int) == 1
    first, last, each = (np.asarray(days, dtype="datetime64[D]") for days in (start, end, dates))
    runs = week[:, dates.day_of_week] & (each >= first[:, None]) & (each <= last[:, None])
    service, date = np.nonzero(runs)
    return pd.DataFrame({"service_id": calendar["service_id"].to_numpy()[service], "date": dates[date]})


def _dates(values: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_datetime(values.astype(str), format="%Y%m%d")


def _departures_by_service(feed: Any) -> tuple[pd.DataFrame, list[Remark]]:
    times = feed.stop_times
    last = times.groupby("trip_id")["stop_sequence"].transform("max")
    boarding = (times["stop_sequence"] < last) & (_column(times, "pickup_type", 0).fillna(0) != 1)
    orphan = ~times["trip_id"].isin(feed.trips["trip_id"]) | ~times["stop_id"].isin(feed.stops["stop_id"])
    kept = times.loc[boarding & ~orphan, ["trip_id", "stop_id"]]
    kept = kept.merge(feed.trips[["trip_id", "service_id"]], on="trip_id", validate="m:1")
    kept["runs"] = kept["trip_id"].map(_runs(feed.frequencies)).fillna(1).astype("float64")
    counts = kept.groupby(["service_id", "stop_id"], as_index=False)["runs"].sum()
    if not orphan.any():
        return counts, []
    text = Text(
        f"{orphan.sum()} horaires renvoient à un arrêt ou à une course absents : non comptés",
        f"{orphan.sum()} stop times point to an absent stop or trip: not counted",
    )
    return counts, [Remark(text, int(orphan.sum()))]


def _runs(frequencies: pd.DataFrame | None) -> dict[str, float]:
    """Return the daily runs of each headway-based trip: departures every headway, end of the window excluded."""
    if frequencies is None:
        return {}
    span = pd.to_timedelta(frequencies["end_time"].str.strip()) - pd.to_timedelta(frequencies["start_time"].str.strip())
    runs: pd.Series[float] = (span.dt.total_seconds() / frequencies["headway_secs"].astype("float64")).apply(math.ceil)
    return {str(trip): float(count) for trip, count in runs.groupby(frequencies["trip_id"]).sum().items()}


def _chosen_day(days: pd.DataFrame, counts: pd.DataFrame, source: Source) -> tuple[pd.Timestamp, float]:
    by_service = counts.groupby("service_id")["runs"].sum()
    total = days["service_id"].map(by_service).fillna(0.0).groupby(days["date"]).sum().sort_index()
    wanted = source.options.get("jour")
    if wanted is None:
        return pd.Timestamp(str(total.idxmax())), float(total.max())
    day = _day(wanted, source)
    if day not in total.index:
        first, last = total.index[0], total.index[-1]
        raise InvalidValueError(
            Text(f"aucun service le {day:%Y-%m-%d}", f"no service on {day:%Y-%m-%d}"),
            Text(
                f"choisissez un jour entre {first:%Y-%m-%d} et {last:%Y-%m-%d}.",
                f"choose a day between {first:%Y-%m-%d} and {last:%Y-%m-%d}.",
            ),
            file=source.path,
        )
    return day, float(total.loc[day])


def _day(value: Any, source: Source) -> pd.Timestamp:
    try:
        return pd.Timestamp(dt.date.fromisoformat(str(value)))
    except ValueError as error:
        raise InvalidValueError(
            Text(f"jour = «{value}» n'est pas une date", f"jour = «{value}» is not a date"),
            Text('écrivez par exemple jour = "2023-04-12".', 'write for example jour = "2023-04-12".'),
            file=source.path,
        ) from error


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
    ("arret", "ligne"),
    read_gtfs,
    {
        "jour": Text(
            "jour de service dont les départs sont comptés, par exemple 2023-04-12",
            "service day whose departures are counted, for example 2023-04-12",
        )
    },
)
