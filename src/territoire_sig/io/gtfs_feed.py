"""A GTFS feed, parsed by gtfs-kit and checked before anything is counted."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InvalidValueError, MissingColumnError, MissingExtraError, MissingFileError, UnreadableLayerError
from ..texts import Text
from .reader import Source

__all__ = ["WEEK", "read_feed"]

#: Columns of ``calendar.txt``, Monday first.
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_feed(source: Source) -> Any:
    """Return the gtfs-kit feed of `source` (a table absent or without any row is None), its values checked.

    Raises
    ------
    MissingExtraError
        When gtfs-kit is not installed.
    MissingFileError
        When the path, or ``stops.txt``, is absent.
    MissingColumnError
        When a table lacks a column that counting needs.
    InvalidValueError
        When a key is given twice, or a date, a time or a headway is not one.
    UnreadableLayerError
        When a table cannot be parsed.
    """
    path = _feed_path(source.path)
    try:
        import gtfs_kit
    except ImportError as error:
        raise MissingExtraError(
            Text("la lecture d'un GTFS demande gtfs-kit", "reading a GTFS feed needs gtfs-kit"),
            Text(
                'installez-le : pip install "territoire-sig[mobility]"',
                'install it: pip install "territoire-sig[mobility]"',
            ),
            file=source.path,
        ) from error
    try:
        feed = gtfs_kit.read_feed(path, dist_units="km")
    except (ValueError, TypeError, zipfile.BadZipFile) as error:
        raise UnreadableLayerError(
            Text(f"GTFS illisible ({error})", f"unreadable GTFS ({error})"),
            Text(
                "vérifiez que chaque table est un CSV en UTF-8 à virgules, et que l'archive est entière.",
                "check that each table is a comma-separated UTF-8 CSV, and that the archive is whole.",
            ),
            file=source.path,
        ) from error
    _check_tables(feed, source)
    _check_values(feed, source)
    return feed


def _feed_path(path: Path) -> Path:
    if not path.exists():
        raise MissingFileError(
            Text("fichier ou dossier introuvable", "no such file or folder"),
            Text("corrigez le chemin dans le fichier de territoire.", "mend the path in the territory file."),
            file=path,
        )
    if path.is_dir() and not (path / "stops.txt").exists():
        return next((found.parent for found in sorted(path.rglob("stops.txt"))), path)
    return path


_NEEDED = {
    "stops": ("stop_id", "stop_lat", "stop_lon"),
    "routes": ("route_id",),
    "trips": ("trip_id", "route_id", "service_id"),
    "stop_times": ("trip_id", "stop_id", "stop_sequence"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
    "calendar": ("service_id", "start_date", "end_date", *WEEK),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
}


def _check_tables(feed: Any, source: Source) -> None:
    if feed.stops is None:
        raise MissingFileError(
            Text("le GTFS n'a pas de stops.txt, ou il est vide", "the GTFS has no stops.txt, or it is empty"),
            Text("donnez l'archive complète du réseau.", "give the whole archive of the network."),
            file=source.path,
        )
    for table, columns in _NEEDED.items():
        frame = getattr(feed, table)
        absent = [] if frame is None else [name for name in columns if name not in frame.columns]
        if absent:
            raise MissingColumnError(
                Text(
                    f"{table}.txt n'a pas de colonne {', '.join(absent)}",
                    f"{table}.txt has no column {', '.join(absent)}",
                ),
                Text("la norme GTFS l'exige : corrigez l'export.", "GTFS requires it: mend the export."),
                file=source.path,
                layer=table,
            )


_KEYS = {"stops": "stop_id", "routes": "route_id", "trips": "trip_id"}
_DATES = (("calendar", "start_date"), ("calendar", "end_date"), ("calendar_dates", "date"))
_TIMES = (("frequencies", "start_time"), ("frequencies", "end_time"))


def _check_values(feed: Any, source: Source) -> None:
    """Check what the counts rest on: keys given once, dates and times that are some, headways above nought."""
    for table, key in _KEYS.items():
        frame = getattr(feed, table)
        if frame is not None and frame[key].duplicated().any():
            repeated = frame.loc[frame[key].duplicated(), key].iloc[0]
            raise _wrong_value(source, table, key, repeated, Text("donné deux fois", "given twice"))
    for table, column in _DATES:
        frame = getattr(feed, table)
        if frame is not None:
            dates = pd.to_datetime(frame[column].astype("string"), format="%Y%m%d", errors="coerce")
            _refuse(source, table, frame[column], dates.isna(), Text("pas une date AAAAMMJJ", "not a YYYYMMDD date"))
    for table, column in _TIMES:
        frame = getattr(feed, table)
        if frame is not None:
            wrong = ~frame[column].astype("string").str.strip().str.fullmatch(r"\d+:\d\d:\d\d").fillna(False).astype(
                bool
            )
            _refuse(source, table, frame[column], wrong, Text("pas une heure HH:MM:SS", "not a HH:MM:SS time"))
    if feed.frequencies is not None:
        headway = feed.frequencies["headway_secs"]
        wrong = ~(headway.fillna(0) > 0).astype(bool)
        _refuse(source, "frequencies", headway, wrong, Text("il faut un intervalle positif", "needs to be above 0"))


def _refuse(source: Source, table: str, values: pd.Series[Any], wrong: pd.Series[Any], why: Text) -> None:
    if wrong.any():
        raise _wrong_value(source, table, str(values.name), values[wrong].iloc[0], why)


def _wrong_value(source: Source, table: str, column: str, value: Any, why: Text) -> InvalidValueError:
    return InvalidValueError(
        Text(f"{table}.txt, {column} «{value}» : {why.fr}", f"{table}.txt, {column} «{value}»: {why.en}"),
        Text("corrigez l'export GTFS.", "mend the GTFS export."),
        file=source.path,
        layer=table,
    )
