"""Validity of polygons: the verdict of GEOS, reached sooner for polygons of many holes, and by two threads.

GEOS looks for the place of each hole by a walk along the whole shell. A polygon whose rings are sound, whose holes
lie strictly in the shell and apart from one another is valid; where a test of these does not pass, GEOS is asked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from .threads import in_two

__all__ = ["is_valid", "made_valid"]

LARGE = 5_000
AT_ONCE = 1_000_000  # vertices, to spare memory
Bools = npt.NDArray[np.bool_]


def is_valid(values: npt.NDArray[np.object_]) -> Bools:
    """Return whether each geometry is valid, as GEOS says.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> is_valid(np.array([bow, shapely.box(0, 0, 1, 1), None]))
    array([False,  True, False])
    """
    found = np.zeros(len(values), dtype=bool)
    large = np.flatnonzero((shapely.get_num_coordinates(values) > LARGE) & (shapely.get_dimensions(values) == 2))
    polygonal = large[np.isin(shapely.get_type_id(values[large]), (3, 6))]
    lot = np.cumsum(shapely.get_num_coordinates(values[polygonal])) // AT_ONCE
    for some in np.split(polygonal, np.flatnonzero(np.diff(lot)) + 1):
        found[some] = _surely_valid(values[some])
    rest = np.flatnonzero(~found)
    found[rest] = in_two(shapely.is_valid, values[rest])
    return found


def made_valid(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return geometries repaired by the structure method: what is valid is handed back as it is.

    GEOS may hand back, as one multipolygon, polygons that share an edge: a second turn, or a union, merges them.

    Examples
    --------
    >>> knot = shapely.Polygon([(0, 1), (0, 1), (0, -1), (1, -1), (0, 1), (0, -1), (-1, 0)])
    >>> made_valid(np.array([knot]))[0].area
    2.0
    """
    mended = values.copy()
    for mend in (_structured, _structured, _united):
        broken = ~shapely.is_valid(mended)
        mended[broken] = mend(mended[broken])
    return mended


def _structured(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return geometries repaired by the structure method."""
    return np.asarray(shapely.make_valid(values, method="structure", keep_collapsed=False))


def _united(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the union of each geometry with itself."""
    return np.asarray(shapely.union_all(values[:, None], axis=1))


def _surely_valid(values: npt.NDArray[np.object_]) -> Bools:
    """Return True for polygons made of sound rings that are apart, holes strictly in their shell."""
    sure = np.ones(len(values), dtype=bool)
    parts, owner = shapely.get_parts(values, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return sure
    discs = shapely.polygons(rings)
    sure[owner[part[~in_two(shapely.is_valid, discs)]]] = False
    shell = np.diff(part, prepend=-1) > 0
    shells, holes, part = discs[shell], discs[~shell], part[~shell]
    sure[owner[_meeting(shells, owner)]] = False
    sure[owner[part[_meeting(holes, part)]]] = False
    sound = sure[owner[part]]
    shapely.prepare(shells)
    held = shapely.contains_properly(shells[part[sound]], holes[sound])
    sure[owner[part[sound][~held]]] = False
    return sure


def _meeting(discs: npt.NDArray[np.object_], group: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the positions of discs that meet another of their group."""
    left, right = shapely.STRtree(discs).query(discs)
    some = (left < right) & (group[left] == group[right])
    left, right = left[some], right[some]
    met: npt.NDArray[np.intp] = left[shapely.intersects(discs[left], discs[right])]
    return met
