"""Values by group, features by lot: what the kernels share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .threads import THREADS

__all__ = ["Floats", "Geometries", "Integers", "by_feature", "spread", "sum_by", "within_each"]

Geometries = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

PREPARED = 200_000  # vertices of features that a thread prepares at once


def spread(count: Integers) -> tuple[Integers, Integers]:
    """Return the positions, each repeated `count` times, and the rank of each repetition.

    Examples
    --------
    >>> spread(np.array([2, 0, 3]))
    (array([0, 0, 2, 2, 2]), array([0, 1, 0, 1, 2]))
    """
    position = np.repeat(np.arange(len(count)), count)
    first = np.cumsum(count) - count
    return position, np.arange(len(position)) - first[position]


def sum_by(values: npt.NDArray[Any], group: Integers, size: int) -> Floats:
    """Return the sum of the `values` of each group from 0 to `size` - 1; 0 where a group has none."""
    return np.bincount(group, values, size).astype(np.float64, copy=False)


def by_feature(cover: Geometries, feature: Integers) -> list[tuple[Integers, Integers]]:
    """Return lots of features used, of not too many vertices to be prepared at once, and where each lot is used."""
    order = np.argsort(feature, kind="stable")
    used, first = np.unique(feature[order], return_index=True)
    lot = np.cumsum(shapely.get_num_coordinates(cover[used])) // PREPARED
    starts = np.flatnonzero(np.diff(lot, prepend=-1))
    where = np.split(order, first[starts[1:]])
    return list(zip(np.split(used, starts[1:]), where, strict=True)) if len(used) else []


def within_each(cover: Geometries, feature: Integers, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Return whether each point is in its feature; no feature is shared by two threads, nor stays prepared."""
    found = np.zeros(len(feature), dtype=bool)

    def look_up(lot: tuple[Integers, Integers]) -> None:
        used, where = lot
        shapely.prepare(cover[used])
        found[where] = shapely.contains_xy(cover[feature[where]], x[where], y[where])
        shapely.destroy_prepared(cover[used])

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(look_up, by_feature(cover, feature)))
    return found
