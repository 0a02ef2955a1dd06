"""Repair: valid, flat, finite geometries, with the count of what was done and what could not be."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .checks import KINDS, Geometries, finite
from .validity import made_valid

__all__ = ["Repair", "repair"]


@dataclass(frozen=True)
class Repair:
    """What :func:`repair` hands back.

    Attributes
    ----------
    frame : GeoDataFrame
        The features whose geometry is valid, in two dimensions, with their index.
    repaired : Series of str
        Index of the features that were repaired, with what was wrong (the words of GEOS).
    set_aside : GeoDataFrame
        The features that no repair can save, with a column ``reason``: ``"null"``, ``"empty"``,
        ``"non-finite"``, ``"collapsed"`` or ``"invalid"`` (it stays so once repaired).
    """

    frame: gpd.GeoDataFrame
    repaired: pd.Series[str]
    set_aside: gpd.GeoDataFrame


def repair(layer: gpd.GeoDataFrame) -> Repair:
    """Repair the invalid geometries of a layer, and set aside those that cannot be.

    Polygons are repaired by the structure method: shells are merged and holes are taken away, so that a
    ring that crosses itself keeps the area it encloses. A polygon stays a polygon: the points and lines to
    which parts of it collapse are left out. Heights (Z) are dropped.

    Parameters
    ----------
    layer : GeoDataFrame
        Any layer, in any CRS or none.

    Returns
    -------
    Repair
        ``frame`` and ``set_aside`` share the rows of `layer` between them; nothing is lost.

    References
    ----------
    OGC 06-103r4, Simple feature access, 6.1.11.1 (assertions for valid polygons).

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> done = repair(gpd.GeoDataFrame(geometry=[bow, None, shapely.box(0, 0, 1, 1)], crs="EPSG:2154"))
    >>> done.frame.area.tolist(), done.repaired.to_dict(), done.set_aside["reason"].to_dict()
    ([2.0, 1.0], {0: 'Self-intersection[1 1]'}, {1: 'null'})
    """
    values = np.asarray(layer.geometry.array)
    reason = _hopeless(values)
    sound = reason == ""
    flat = shapely.force_2d(values)
    flat[~sound] = None
    broken = sound & ~(shapely.is_valid(flat) & _is_one_kind(flat))
    mended = flat.copy()
    mended[broken] = _mended(flat[broken])
    reason[np.flatnonzero(broken)[~shapely.is_valid(mended[broken])]] = "invalid"
    reason[sound & shapely.is_empty(mended)] = "collapsed"
    kept = reason == ""
    repaired = broken & kept
    geometry = gpd.GeoSeries(mended[kept], index=layer.index[kept], crs=layer.crs, name=layer.geometry.name)
    return Repair(
        layer.loc[kept].set_geometry(geometry),
        pd.Series(shapely.is_valid_reason(flat[repaired]), index=layer.index[repaired], name="reason", dtype=object),
        layer.loc[~kept].assign(reason=reason[~kept]),
    )


def _hopeless(values: Geometries) -> npt.NDArray[np.object_]:
    """Return for each geometry why no repair can save it, or an empty text."""
    reason = np.full(len(values), "", dtype=object)
    reason[~finite(values)] = "non-finite"
    reason[shapely.is_empty(values)] = "empty"
    reason[shapely.is_missing(values)] = "null"
    return reason


def _is_one_kind(values: Geometries) -> npt.NDArray[np.bool_]:
    """Return False for a collection among polygons: only its polygonal part can be measured."""
    types = shapely.get_type_id(values)
    polygonal = np.isin(types, KINDS["polygon"]).any() and np.isin(types, (-1, 7, *KINDS["polygon"])).all()
    return np.asarray((types != 7) | (not polygonal))


def _mended(values: Geometries) -> Geometries:
    """Return geometries repaired, of the dimension that the broken ones had."""
    flat = shapely.get_dimensions(values) == 2
    mended = values.copy()
    mended[flat] = of_dimension(values[flat], 2)
    mended = made_valid(mended)
    mended[flat] = of_dimension(mended[flat], 2)
    return mended


_COLLECTED = (
    (shapely.multipoints, shapely.MultiPoint()),
    (shapely.multilinestrings, shapely.MultiLineString()),
    (shapely.multipolygons, shapely.MultiPolygon()),
)


def of_dimension(values: Geometries, dimension: int) -> Geometries:
    """Return the part of each geometry that has this `dimension` (0 for points, 1 for lines, 2 for polygons).

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> mixed = np.array([square, shapely.GeometryCollection([square, shapely.Point(5, 5)]), shapely.Point(1, 1)])
    >>> [geometry.geom_type for geometry in of_dimension(mixed, 2)], of_dimension(mixed, 2)[2].is_empty
    (['Polygon', 'MultiPolygon', 'MultiPolygon'], True)
    """
    mixed = np.flatnonzero((shapely.get_type_id(values) == 7) | (shapely.get_dimensions(values) != dimension))
    if not len(mixed):
        return values
    build, nothing = _COLLECTED[dimension]
    kept = values.copy()
    parts, owner = shapely.get_parts(values[mixed], return_index=True)
    wanted = shapely.get_dimensions(parts) == dimension
    kept[mixed] = nothing
    if wanted.any():
        simple, rank = shapely.get_parts(parts[wanted], return_index=True)
        kept[mixed] = build(simple, indices=owner[wanted][rank], out=np.full(len(mixed), nothing))
    return kept
