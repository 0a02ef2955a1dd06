"""The service days of a GTFS feed: which there are, and which one is counted."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..model.faults import Remark
from ..texts import Text
from .gtfs_feed import WEEK
from .reader import Source

__all__ = ["Timetable", "column", "service_days", "timetable"]

#: How many days the message of a day without service offers, before and after it.
_OFFERED = 3


@dataclass(frozen=True, eq=False)
class Timetable:
    """The service day that is counted.

    Attributes
    ----------
    day : Timestamp
    services : Series
        ``service_id`` of the services that run on that day.
    counts : DataFrame
        Departures (``runs``) by ``service_id`` and ``stop_id``, over the whole feed.
    total : float
        Departures of that day.
    remarks : tuple of Remark
    """

    day: pd.Timestamp
    services: pd.Series[Any]
    counts: pd.DataFrame
    total: float
    remarks: tuple[Remark, ...]


def timetable(feed: Any, source: Source) -> Timetable | Text:
    """Return the timetable of the day asked for, or of the busiest; or why there is none.

    Raises
    ------
    InvalidValueError
        When option ``jour`` is not a date, or has no service.
    """
    if feed.trips is None or feed.stop_times is None:
        return Text("flux sans trips.txt ou sans stop_times.txt", "feed without trips.txt or stop_times.txt")
    days = service_days(feed)
    if days.empty:
        return Text(
            "aucun jour de service dans calendar.txt ni calendar_dates.txt",
            "no service day in calendar.txt nor calendar_dates.txt",
        )
    counts, remarks = _departures_by_service(feed)
    day, total = _chosen_day(days, counts, source)
    return Timetable(day, days.loc[days["date"] == day, "service_id"], counts, total, tuple(remarks))


def column(frame: pd.DataFrame, name: str, default: int) -> pd.Series[Any]:
    """Return a column of a table, or its default value where the feed has no such column."""
    return frame[name] if name in frame.columns else pd.Series(default, index=frame.index)


def service_days(feed: Any) -> pd.DataFrame:
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
    boarding = (times["stop_sequence"] < last) & (column(times, "pickup_type", 0).fillna(0) != 1)
    orphan = ~times["trip_id"].isin(feed.trips["trip_id"]) | ~times["stop_id"].isin(feed.stops["stop_id"])
    kept = times.loc[boarding & ~orphan, ["trip_id", "stop_id"]]
    kept = kept.merge(feed.trips[["trip_id", "service_id"]], on="trip_id", validate="m:1")
    kept["runs"] = kept["trip_id"].map(_runs_a_day(feed.frequencies)).fillna(1).astype("float64")
    counts = kept.groupby(["service_id", "stop_id"], as_index=False)["runs"].sum()
    if not orphan.any():
        return counts, []
    text = Text(
        f"{orphan.sum()} horaires renvoient à un arrêt ou à une course absents : non comptés",
        f"{orphan.sum()} stop times point to an absent stop or trip: not counted",
    )
    return counts, [Remark(text, int(orphan.sum()))]


def _runs_a_day(frequencies: pd.DataFrame | None) -> dict[str, float]:
    """Return the daily runs of each headway-based trip: departures every headway, end of the window excluded."""
    if frequencies is None:
        return {}
    span = pd.to_timedelta(frequencies["end_time"].str.strip()) - pd.to_timedelta(frequencies["start_time"].str.strip())
    runs: pd.Series[float] = (span.dt.total_seconds() / frequencies["headway_secs"].astype("float64")).apply(math.ceil)
    return {str(trip): float(count) for trip, count in runs.groupby(frequencies["trip_id"]).sum().items()}


def _chosen_day(days: pd.DataFrame, counts: pd.DataFrame, source: Source) -> tuple[pd.Timestamp, float]:
    """Return the day that option ``jour`` asks for, else the busiest, and its departures.

    Parameters
    ----------
    days : DataFrame
        See :func:`service_days`.
    counts : DataFrame
        Columns ``service_id`` and ``runs``: departures by service.

    Raises
    ------
    InvalidValueError
        When ``jour`` is not a date, or has no service: the message offers the nearest days that have some.
    """
    by_service = counts.groupby("service_id")["runs"].sum()
    total = days["service_id"].map(by_service).fillna(0.0).groupby(days["date"]).sum().sort_index()
    wanted = source.options.get("jour")
    if wanted is None:
        return pd.Timestamp(str(total.idxmax())), float(total.max())
    day = _day(wanted, source)
    if day not in total.index:
        first, last = total.index[0], total.index[-1]
        before, after = total.index[total.index < day][-_OFFERED:], total.index[total.index > day][:_OFFERED]
        near = ", ".join(f"{one:%Y-%m-%d}" for one in (*before, *after))
        raise InvalidValueError(
            Text(f"aucun service le {day:%Y-%m-%d}", f"no service on {day:%Y-%m-%d}"),
            Text(
                f"choisissez un jour entre {first:%Y-%m-%d} et {last:%Y-%m-%d} ; les plus proches en service : {near}.",
                f"choose a day between {first:%Y-%m-%d} and {last:%Y-%m-%d}; the nearest in service: {near}.",
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
