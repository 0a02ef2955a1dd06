"""Stretches of a GTFS feed: from a stop to the next, on a line, with running time, departures and headway."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..errors import InvalidValueError, MissingFileError
from ..model.faults import Remark
from ..texts import Text
from .gtfs_days import Timetable, column
from .reader import RawLayer, Source

__all__ = ["PERIOD", "stretches"]

_WGS84 = "EPSG:4326"
#: Hours over which headways are measured, unless the source asks for others.
PERIOD = "07:00-19:00"
_CLOCK = r"^\s*(\d+):(\d\d):(\d\d)\s*$"
_KEYS = ["arret_depart", "arret_arrivee", "ligne", "sens"]


def stretches(feed: Any, day: Timetable | Text, source: Source) -> list[RawLayer]:
    """Return the stretches (role ``troncon_tc``) of the trips of a service day.

    Parameters
    ----------
    feed : gtfs_kit.Feed
    day : Timetable or Text
        Or why the feed has none: it then has no stretch.
    source : Source
        Option ``periode``: ``"07:00-19:00"`` by default.

    Returns
    -------
    list of RawLayer
        One at most, in EPSG:4326: straight lines from stop to stop. One row a pair of stops, line and direction:
        ``duree_min`` (mean of arrival at the second less departure from the first), ``arret_min`` (mean dwell at
        the first, for those aboard), ``departs`` (departures from the first within the period), ``departs_jour``
        (of the day), ``intervalle_min`` (length of the period ÷ departures; NaN where there is none). Trips that one
        cannot board at the first stop (``pickup_type`` 1) are no departure, but count in ``courses_jour`` and in
        ``intervalle_bord_min``, for those aboard.

    Raises
    ------
    InvalidValueError
        When the period is not one.
    MissingFileError
        When ``troncon_tc`` is asked for and the feed has no timetable.

    Notes
    -----
    Times that a trip leaves out between two that it gives are interpolated, at equal spaces, and counted; trips
    without a first and a last time, and stretches on which time goes back, are set aside, and counted. A trip of
    ``frequencies.txt`` counts for the part of the period that its own hours cover.
    """
    begin, end = _period(source)
    if isinstance(day, Text):
        return _untimed(day, source)
    trips = feed.trips[feed.trips["service_id"].isin(day.services)]
    remarks: list[Remark] = []
    times = _clocked(feed.stop_times[feed.stop_times["trip_id"].isin(trips["trip_id"])], remarks)
    legs = _legs(times[times["stop_id"].isin(feed.stops["stop_id"])], remarks)
    legs = legs.merge(_described(trips, times, feed.frequencies, begin, end), on="trip_id", how="left")
    own = ((legs["leaves"] >= begin) & (legs["leaves"] < end)).astype(float)
    legs["courses"], legs["courses_jour"] = legs["repeated"].fillna(own), legs["repeated_day"].fillna(1.0)
    legs["departs"], legs["departs_jour"] = (legs[name] * legs["boards"] for name in ("courses", "courses_jour"))
    rows = _gathered(legs, end - begin)
    frame = _drawn(rows, feed.stops, remarks)
    text = Text(
        f"{len(frame)} tronçons entre arrêts le {day.day:%Y-%m-%d}, intervalles mesurés de {_clock(begin)} à "
        f"{_clock(end)}",
        f"{len(frame)} stretches between stops on {day.day:%Y-%m-%d}, headways measured from {_clock(begin)} to "
        f"{_clock(end)}",
    )
    layer = RawLayer("troncon_tc", frame, "stop_times.txt", len(frame), "utf-8", _WGS84, (Remark(text), *remarks))
    return [layer] if len(frame) else _untimed(Text("aucun tronçon horodaté", "no timed stretch"), source)


def _untimed(why: Text, source: Source) -> list[RawLayer]:
    """Return no layer, unless it is what was asked for."""
    if source.role != "troncon_tc":
        return []
    raise MissingFileError(
        Text("$why : pas de temps de parcours entre arrêts", "$why: no travel time between stops").fill(why=why),
        Text("donnez un GTFS avec ses horaires.", "give a GTFS with its timetable."),
        file=source.path,
    )


def _period(source: Source) -> tuple[float, float]:
    """Return the first and the last minute of the period."""
    wanted = str(source.options.get("periode", PERIOD))
    found = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\s*", wanted)
    first, last = (60.0 * int(found[i]) + int(found[i + 1]) for i in (1, 3)) if found else (0.0, 0.0)
    if first < last:
        return first, last
    raise InvalidValueError(
        Text(f"periode = «{wanted}» n'est pas une plage horaire", f"periode = «{wanted}» is not a span of hours"),
        Text(f'écrivez par exemple periode = "{PERIOD}".', f'write for example periode = "{PERIOD}".'),
        file=source.path,
    )


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _minutes(clock: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Return times of a service day in minutes, NaN where there is none; they may pass 24:00."""
    codes, values = pd.factorize(clock.astype("string"))
    parts = pd.Series(values, dtype="string").str.extract(_CLOCK).astype("float64")
    minutes = np.append((60 * parts[0] + parts[1] + parts[2] / 60).to_numpy(dtype=float), np.nan)
    told: npt.NDArray[np.float64] = minutes[codes]
    return told


def _clocked(stop_times: pd.DataFrame, remarks: list[Remark]) -> pd.DataFrame:
    """Return stop times in order, with ``comes`` and ``leaves`` in minutes, interpolated where they are left out."""
    times = stop_times.sort_values(["trip_id", "stop_sequence"], kind="stable").reset_index(drop=True)
    empty = pd.Series(pd.NA, index=times.index, dtype="string")
    comes, leaves = (_minutes(times.get(f"{name}_time", empty)) for name in ("arrival", "departure"))
    comes, leaves = np.where(np.isnan(comes), leaves, comes), np.where(np.isnan(leaves), comes, leaves)
    blank = np.isnan(comes)
    times = times.assign(comes=comes, leaves=leaves)
    if not blank.any():
        return times
    trip = times["trip_id"]
    begun, ended = (set(trip[~trip.duplicated(keep=one) & ~blank]) for one in ("first", "last"))
    lost = trip.nunique() - len(begun & ended)
    kept = trip.isin(begun & ended).to_numpy()
    rank, told = np.arange(len(times)), ~blank
    filled = {name: np.interp(rank, rank[told], times[name].to_numpy()[told]) for name in ("comes", "leaves")}
    n = int((blank & kept).sum())
    if n:
        text = Text(f"{n} horaires absents, interpolés le long de leur course", f"{n} absent times, interpolated")
        remarks.append(Remark(text, n))
    if lost:
        text = Text(f"{lost} course(s) sans heure de début ou de fin, écartées", f"{lost} trip(s) not timed, set aside")
        remarks.append(Remark(text, lost))
    return times.assign(**filled)[kept]


def _legs(times: pd.DataFrame, remarks: list[Remark]) -> pd.DataFrame:
    """Return each stop of a trip with the next one, and the minutes between."""
    following = times.shift(-1)
    same = (times["trip_id"] == following["trip_id"]) & (times["stop_id"] != following["stop_id"])
    first = ~times["trip_id"].duplicated()
    legs = pd.DataFrame(
        {
            "trip_id": times["trip_id"],
            "arret_depart": times["stop_id"],
            "arret_arrivee": following["stop_id"],
            "leaves": times["leaves"],
            "boards": (column(times, "pickup_type", 0).fillna(0).astype(int) != 1).astype(float),
            "duree_min": following["comes"] - times["leaves"],
            "arret_min": (times["leaves"] - times["comes"]).where(~first, 0.0),
        }
    )[same]
    wrong = (legs["duree_min"] < 0) | (legs["arret_min"] < 0)
    if wrong.any():
        n = int(wrong.sum())
        text = Text(f"{n} passages où le temps recule, écartés", f"{n} stop times that go back in time, set aside")
        remarks.append(Remark(text, n))
    return legs[~wrong]


def _described(
    trips: pd.DataFrame, times: pd.DataFrame, frequencies: pd.DataFrame | None, begin: float, end: float
) -> pd.DataFrame:
    """Return the line and the direction of each trip, and how often it is repeated (NaN: it runs once).

    The direction of a trip that tells none is that from its first stop to its last.
    ``repeated`` is told of the period, ``repeated_day`` of the day.
    """
    told = pd.DataFrame({"trip_id": trips["trip_id"], "ligne": trips["route_id"].astype(str)})
    ends = times.groupby("trip_id")["stop_id"].agg(["first", "last"]).astype(str).agg(" > ".join, axis=1)
    way = (
        trips.get("direction_id", pd.Series(pd.NA, trips.index))
        .astype("string")
        .fillna(trips["trip_id"].map(ends).astype("string"))
    )
    told["sens"] = way.fillna("0").to_numpy()
    for name, (start, stop) in {"repeated": (begin, end), "repeated_day": (0.0, np.inf)}.items():
        told[name] = told["trip_id"].map(_runs(frequencies, start, stop)).astype("float64")
    return told


def _runs(frequencies: pd.DataFrame | None, begin: float, end: float) -> dict[Any, float]:
    """Return the runs of each headway-based trip between two minutes."""
    if frequencies is None:
        return {}
    first, last = _minutes(frequencies["start_time"]), _minutes(frequencies["end_time"])
    span = np.clip(np.minimum(last, end) - np.maximum(first, begin), 0, None)
    runs = pd.Series(np.ceil(span / (frequencies["headway_secs"].to_numpy(dtype=float) / 60)))
    found: dict[Any, float] = runs.groupby(frequencies["trip_id"].to_numpy()).sum().to_dict()
    return found


def _gathered(legs: pd.DataFrame, span_min: float) -> pd.DataFrame:
    """Return one row a pair of stops, line and direction."""
    counts = ("departs", "departs_jour", "courses", "courses_jour")
    how = {"duree_min": "mean", "arret_min": "mean"} | dict.fromkeys(counts, "sum")
    rows = legs.groupby(_KEYS)[list(how)].agg(how).reset_index()
    runs = rows.pop("courses")
    return rows.assign(
        intervalle_min=span_min / rows["departs"].where(rows["departs"] > 0),
        intervalle_bord_min=span_min / runs.where(runs > 0),
    )


def _drawn(rows: pd.DataFrame, stops: pd.DataFrame, remarks: list[Remark]) -> gpd.GeoDataFrame:
    """Return the rows as straight lines; those between stops that are nowhere, or at one place, are set aside."""
    places = stops.set_index("stop_id")[["stop_lon", "stop_lat"]].astype(float)
    tails, heads = (places.reindex(rows[name]).to_numpy() for name in ("arret_depart", "arret_arrivee"))
    known = np.isfinite(tails).all(axis=1) & np.isfinite(heads).all(axis=1) & (tails != heads).any(axis=1)
    if not known.all():
        n = int((~known).sum())
        text = Text(
            f"{n} tronçon(s) sans longueur ou sans coordonnées, écarté(s)",
            f"{n} stretch(es) without length or coordinates, set aside",
        )
        remarks.append(Remark(text, n))
    lines = shapely.linestrings(np.stack([tails[known], heads[known]], axis=1))
    return gpd.GeoDataFrame(rows[known].reset_index(drop=True), geometry=lines, crs=_WGS84)
