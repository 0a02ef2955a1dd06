"""Two threads: GEOS and NumPy let go of the interpreter, as long as no prepared geometry is shared."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["THREADS", "in_two", "one_ahead"]

THREADS = 2
FEW = 200
Array = npt.NDArray[Any]


def one_ahead(function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield ``function(*call)`` for each call, in order, made by two threads that are at most one call ahead each.

    Examples
    --------
    >>> list(one_ahead(pow, [(2, 3), (5, 2), (7, 1)]))
    [8, 25, 7]
    """
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for call in calls:
            waiting.append(pool.submit(function, *call))
            if len(waiting) > 2 * THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


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
    weight = np.cumsum(sum(shapely.get_num_coordinates(lot) for lot in values) + 1)
    middle = int(np.searchsorted(weight, weight[-1] / 2)) + 1
    with ThreadPoolExecutor(THREADS) as pool:
        lots = [[lot[some] for lot in values] for some in (slice(middle), slice(middle, None))]
        return np.concatenate(list(pool.map(lambda lot: function(*lot), lots)))
