"""Two threads: GEOS and NumPy let go of the interpreter, as long as no prepared geometry is shared."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["THREADS", "halves", "in_two"]

THREADS = 2
FEW = 200
Array = npt.NDArray[Any]


def halves(weight: Array, group: Array | None = None) -> tuple[slice, slice]:
    """Return two slices of about the same total weight, for two threads; a sorted `group` is never cut in two.

    Examples
    --------
    >>> halves(np.array([1, 1, 1, 3]))
    (slice(0, 3, None), slice(3, 4, None))
    """
    total = np.cumsum(weight)
    middle = int(np.searchsorted(total, total[-1] / 2)) + 1 if len(total) else 0
    if group is not None and middle < len(group):
        middle = int(np.searchsorted(group, group[middle - 1], side="right"))
    return slice(0, middle), slice(middle, len(total))


def in_two(function: Callable[..., Any], *values: npt.NDArray[np.object_]) -> Any:
    """Return ``function(*values)``, an array as long as they are, made by two threads.

    The function must work element by element, and prepare nothing.

    Examples
    --------
    >>> in_two(shapely.area, np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1)])).tolist()
    [1.0, 2.0]
    """
    if len(values[0]) < FEW:
        return function(*values)
    weight = sum(shapely.get_num_coordinates(lot) for lot in values) + 1
    with ThreadPoolExecutor(THREADS) as pool:
        lots = [[lot[some] for lot in values] for some in halves(weight)]
        return np.concatenate(list(pool.map(lambda lot: function(*lot), lots)))
