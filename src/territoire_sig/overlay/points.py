"""Points: which zone holds what, how many, and how far the nearest is."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .areas import pair_areas
from .checks import Geometries, column, geometries, kind_of, origin_of, same_crs, unique_index
from .crosstab import taken
from .lines import lengths_by_pair
from .pairs import Floats
from .subdivision import Integers

__all__ = ["assign_zone", "count_within", "main_zone", "nearest_distance", "within"]


def within(points: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Tell which points lie in a cover, its border included.

    Parameters
    ----------
    points : GeoDataFrame
        Points, projected, in metres. A multipoint is inside when all its points are inside one polygon.
    cover : GeoDataFrame
        Polygons in the same CRS.

    Returns
    -------
    Series of bool
        ``within``, indexed like `points`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 10, 11], [1, 1, 1]), crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], crs="EPSG:2154")
    >>> within(points, cover).tolist()
    [True, True, False]
    """
    same_crs(points=points, cover=cover)
    unique_index(points, "points")
    holder = first_holder(geometries(points, "points", "point"), geometries(cover, "cover", "polygon"))
    return pd.Series(holder >= 0, index=points.index, name="within")


def assign_zone(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Name the zone that holds each point: the first, in the order of the rows, where several do.

    Parameters
    ----------
    points : GeoDataFrame
        Points, projected, in metres.
    zones : GeoDataFrame
        Polygons in the same CRS; their border belongs to them.

    Returns
    -------
    Series
        ``zone``: index value of the zone, NA for a point outside them all; indexed like `points`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 10, 99], [1, 1, 1]), crs="EPSG:2154")
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 20, 9)], index=["A", "B"])
    >>> assign_zone(points, zones.set_crs("EPSG:2154")).tolist()
    ['A', 'A', nan]
    """
    same_crs(points=points, zones=zones)
    unique_index(points, "points")
    unique_index(zones, "zones")
    holder = first_holder(geometries(points, "points", "point"), geometries(zones, "zones", "polygon"))
    return named_zone(zones, holder, points.index)


def count_within(
    zones: gpd.GeoDataFrame, points: gpd.GeoDataFrame, *, by: str | None = None
) -> pd.Series[int] | pd.DataFrame:
    """Count the points in each zone, each point in one zone at most.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres. A point on the border of two zones, or where two zones overlap, is
        counted in the first of them, in the order of the rows.
    points : GeoDataFrame
        Points in the same CRS.
    by : str, optional
        A column of `points`: count each of its classes apart.

    Returns
    -------
    Series of int, or DataFrame
        ``count``, indexed like `zones`; with `by`, one column a class found in `points` (sorted, a null class
        last), including those that no zone holds.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 20, 9)], crs="EPSG:2154")
    >>> masts = gpd.GeoDataFrame(
    ...     {"band": ["4G", "5G", "5G"]}, geometry=gpd.points_from_xy([1, 10, 11], [1, 1, 1]), crs="EPSG:2154"
    ... )
    >>> count_within(zones, masts).tolist()
    [2, 1]
    >>> count_within(zones, masts, by="band")
       4G  5G
    0   1   1
    1   0   1
    """
    same_crs(zones=zones, points=points)
    unique_index(zones, "zones")
    classes = None if by is None else column(points, "points", by)
    holder = first_holder(geometries(points, "points", "point"), geometries(zones, "zones", "polygon"))
    held = holder >= 0
    if classes is None:
        return pd.Series(np.bincount(holder[held], minlength=len(zones)), index=zones.index, name="count")
    code, names = pd.factorize(classes, sort=True, use_na_sentinel=False)
    table = np.zeros((len(zones), len(names)), dtype=np.int64)
    np.add.at(table, (holder[held], code[held]), 1)
    return pd.DataFrame(table, index=zones.index, columns=names)


def main_zone(layer: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Name the zone that holds the largest part of each feature.

    Parameters
    ----------
    layer : GeoDataFrame
        Polygons (compared by area), lines (by length) or points (by the zone that holds them), projected,
        in metres.
    zones : GeoDataFrame
        Polygons in the same CRS.

    Returns
    -------
    Series
        ``zone``: index value of the zone, the first of those that hold as much; NA for a feature outside them
        all; indexed like `layer`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 20, 9)], crs="EPSG:2154")
    >>> parcel = gpd.GeoDataFrame(geometry=[shapely.box(8, 0, 15, 9)], crs="EPSG:2154")
    >>> main_zone(parcel, zones).tolist()
    [1]
    """
    same_crs(layer=layer, zones=zones)
    unique_index(layer, "layer")
    unique_index(zones, "zones")
    kind = kind_of(layer, "layer")
    origin = (0.0, 0.0) if kind == "point" else origin_of(zones)
    values = geometries(layer, "layer", kind, origin=origin)
    polygons = geometries(zones, "zones", "polygon", origin=origin)
    if kind == "point":
        holder = first_holder(values, polygons)
    else:
        holder = _largest(*(pair_areas if kind == "polygon" else lengths_by_pair)(values, polygons), len(values))
    return named_zone(zones, holder, layer.index)


def _largest(item: Integers, zone: Integers, size: Floats, count: int) -> Integers:
    """Return for each of `count` items the zone of largest `size`, the first where equal, -1 where none."""
    order = np.lexsort([zone, -size, item])
    item, first = np.unique(item[order], return_index=True)
    holder = np.full(count, -1, dtype=np.intp)
    holder[item] = zone[order][first]
    return holder


def first_holder(points: Geometries, polygons: Geometries) -> Integers:
    """Return the position of the first polygon that covers each point, -1 where none does."""
    polygon, point = shapely.STRtree(points).query(polygons, predicate="covers")
    holder = np.full(len(points), len(polygons), dtype=np.intp)
    np.minimum.at(holder, point, polygon)
    return np.where(holder == len(polygons), -1, holder)


def named_zone(zones: gpd.GeoDataFrame, holder: Integers, index: pd.Index) -> pd.Series[Any]:
    """Return the index value of each zone position, NA for -1; integers stay integers."""
    return pd.Series(taken(pd.Series(zones.index), holder), index=index, name="zone")


def nearest_distance(layer: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure the distance from each feature to the nearest of others, as the crow flies.

    Parameters
    ----------
    layer, others : GeoDataFrame
        Points, lines or polygons, mixed or not, in the same projected CRS, in metres.

    Returns
    -------
    Series of float
        ``distance_m``, indexed like `layer`; 0 where they touch; NaN where `others` is empty, or the feature.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> school = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], index=["E1"], crs="EPSG:2154")
    >>> nodes = gpd.GeoDataFrame(geometry=[shapely.Point(3, 4), shapely.Point(30, 40)], crs="EPSG:2154")
    >>> nearest_distance(school, nodes)["E1"]
    np.float64(5.0)
    """
    same_crs(layer=layer, others=others)
    unique_index(layer, "layer")
    values = geometries(layer, "layer", "point", "line", "polygon")
    targets = geometries(others, "others", "point", "line", "polygon")
    item, _ = (found := shapely.STRtree(targets).query_nearest(values, return_distance=True, all_matches=False))[0]
    distance = np.full(len(values), np.nan)
    distance[item] = found[1]
    return pd.Series(distance, index=layer.index, name="distance_m")
