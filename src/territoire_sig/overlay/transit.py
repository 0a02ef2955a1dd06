"""Transit by frequency: stops, the stretches between them, and the wait that a headway means."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import InvalidValueError
from ..texts import Text
from .chains import Arcs
from .checks import Geometries, column, geometries, same_crs
from .pairs import Floats
from .subdivision import Integers

__all__ = ["COLUMNS", "Transit", "build_transit"]

#: Columns that the stretches must have.
COLUMNS = ("from_stop", "to_stop", "line", "travel_time_min", "dwell_min", "headway_min")


@dataclass(frozen=True, eq=False)
class Transit:
    """A graph of stops, then of boarded vehicles, by number.

    Attributes
    ----------
    stops : array (n, 2)
        Where each stop is, in the CRS.
    names : Index
        Identifier of each stop.
    arcs : Arcs
        Boarding and riding a stretch (wait, then running time), riding on (dwell, what rarer departures add to
        the wait, then running time), alighting (0).
    count : int
        Number of nodes; those from ``len(stops)`` on are vehicles.
    """

    stops: Floats
    names: pd.Index
    arcs: Arcs
    count: int


def build_transit(stretches: gpd.GeoDataFrame) -> Transit:
    """Make a frequency graph of the stretches between consecutive stops of lines.

    Parameters
    ----------
    stretches : GeoDataFrame
        Lines from stop to stop, projected, in metres, with ``from_stop``, ``to_stop``, ``line`` (a line in one
        direction), ``travel_time_min``, ``dwell_min`` (at the first stop, for those who stay aboard) and
        ``headway_min`` (time between two departures). Those without headway do not run, and are left out, unless
        ``aboard_headway_min``, if given, tells that vehicles run there on which one may only stay.

    Returns
    -------
    Transit

    Raises
    ------
    CRSMismatchError, GeometryTypeError, MissingColumnError
        Where a column is absent, or the geometries are not lines.
    InvalidValueError
        Where a time is negative, or a headway is not above 0.

    Notes
    -----
    Expected wait = half the headway of the stretch boarded: passengers come at random, vehicles are regular. A
    transfer waits again. One who rides on to a stretch of longer headway has let vehicles go that do not reach it: half
    the difference with the headway of the stretch that came (the least, where several did) is added. Lines that share
    a stretch are not added up.

    Examples
    --------
    >>> told = {"from_stop": ["a", "b"], "to_stop": ["b", "c"], "line": ["1", "1"], "travel_time_min": [4.0, 5.0]}
    >>> told |= {"dwell_min": [0.0, 1.0], "headway_min": [10.0, 10.0]}
    >>> shapes = [shapely.LineString([(0, 0), (9, 0)]), shapely.LineString([(9, 0), (18, 0)])]
    >>> made = build_transit(gpd.GeoDataFrame(told, geometry=shapes, crs="EPSG:2154"))
    >>> made.names.tolist(), made.arcs.minutes.tolist()
    (['a', 'b', 'c'], [9.0, 10.0, 6.0, 0.0, 0.0])
    """
    same_crs(stretches=stretches)
    values = geometries(stretches, "stretches", "line")
    table = pd.DataFrame({name: column(stretches, "stretches", name) for name in COLUMNS}).reset_index(drop=True)
    aboard_min = stretches.get("aboard_headway_min", stretches["headway_min"]).reset_index(drop=True)
    table["aboard_headway_min"] = aboard_min.fillna(table["headway_min"])
    runs = table["aboard_headway_min"].notna().to_numpy()
    table, values = table[runs].reset_index(drop=True), values[runs]
    _refuse(table)
    ends = np.concatenate([_end(values, 0), _end(values, -1)])
    stop, names = pd.factorize(pd.concat([table["from_stop"], table["to_stop"]]), sort=True)
    places = np.empty((len(names), 2))
    places[stop[::-1]] = ends[::-1]
    first, last = np.split(stop.astype(np.intp), 2)
    line = pd.factorize(table["line"], sort=True)[0]
    aboard, vehicle = np.unique(np.stack([line, last], axis=1), axis=0, return_inverse=True)
    vehicle = vehicle.ravel() + len(names)
    run = table["travel_time_min"].to_numpy(dtype=float)
    wait = table["headway_min"].to_numpy(dtype=float) / 2
    boards = np.isfinite(wait)
    board = Arcs(first[boards], vehicle[boards], (wait + run)[boards])
    alight = Arcs(len(names) + np.arange(len(aboard)), aboard[:, 1].astype(np.intp), np.zeros(len(aboard)))
    ride = _rides(table, line, first, aboard, vehicle, len(names))
    return Transit(places, pd.Index(names), board.joined(ride, alight), len(names) + len(aboard))


def _end(values: Geometries, position: int) -> Floats:
    """Return the first (0) or last (-1) point of lines."""
    parts = shapely.get_geometry(values, position)
    points: Floats = shapely.get_coordinates(shapely.get_point(parts, position))
    return points


def _rides(
    table: pd.DataFrame, line: Integers, first: Integers, aboard: Integers, vehicle: Integers, stops: int
) -> Arcs:
    """Return the arcs of those who stay aboard: from the vehicle of a line that came to a stop, to the next."""
    came = pd.Series(np.arange(len(aboard)) + stops, index=pd.MultiIndex.from_arrays([aboard[:, 0], aboard[:, 1]]))
    source = came.reindex(pd.MultiIndex.from_arrays([line, first])).to_numpy(dtype=float)
    stays = np.isfinite(source)
    aboard_min = table["aboard_headway_min"]
    least = aboard_min.groupby(vehicle).min().reindex(source)
    rarer = (aboard_min.to_numpy(dtype=float) - least.to_numpy(dtype=float)).clip(0.0) / 2
    minutes = (table["dwell_min"].fillna(0.0) + table["travel_time_min"]).to_numpy(dtype=float) + rarer
    return Arcs(source[stays].astype(np.intp), vehicle[stays], minutes[stays])


def _refuse(table: pd.DataFrame) -> None:
    """Refuse times that are not some; names the first."""
    for name, bad in (
        ("travel_time_min", ~(table["travel_time_min"] >= 0)),
        ("dwell_min", table["dwell_min"] < 0),
        ("headway_min", table["headway_min"] <= 0),
        ("aboard_headway_min", table["aboard_headway_min"] <= 0),
    ):
        if bad.any():
            value, n = table.loc[bad, name].iloc[0], int(bad.sum())
            raise InvalidValueError(
                Text(
                    f"«{name}» vaut {value} sur {n} tronçon(s) ; attendu : un temps positif",
                    f"«{name}» is {value} on {n} stretch(es); expected a positive time",
                ),
                Text("corrigez les horaires, ou ôtez ces tronçons.", "mend the timetable, or take them out."),
                layer="stretches",
            )
