"""Areas: what a cover takes of each zone, in square metres and in share."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .checks import Geometries, geometries, origin_of, same_crs, unique_index
from .pairs import Floats, common_areas, sum_by
from .subdivision import Integers, Parts, flatten, split

__all__ = ["covered_area", "covered_share", "intersection_areas"]


def intersection_areas(zones: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure what each zone and each feature of a cover have in common.

    Parameters
    ----------
    zones, cover : GeoDataFrame
        Polygons in the same projected CRS, in metres.

    Returns
    -------
    DataFrame
        One row a pair whose common area is positive: ``zone`` and ``cover`` (index values) and ``area_m2``,
        in the order of the zones, then of the cover. Features of the cover that overlap each count in full.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["U"], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10), shapely.box(10, 0, 20, 10)], crs=2154)
    >>> intersection_areas(zones, cover)
      zone  cover  area_m2
    0    U      0     50.0
    """
    same_crs(zones=zones, cover=cover)
    unique_index(zones, "zones")
    unique_index(cover, "cover")
    origin = origin_of(zones)
    zone, feature, area = pair_areas(
        geometries(zones, "zones", "polygon", origin=origin), geometries(cover, "cover", "polygon", origin=origin)
    )
    return pd.DataFrame({"zone": zones.index[zone], "cover": cover.index[feature], "area_m2": area})


def pair_areas(zones: Geometries, cover: Geometries) -> tuple[Integers, Integers, Floats]:
    """Return the positions (zone, feature) of the pairs whose common area is positive, and that area, sorted."""
    return common_areas(split(zones), Parts(cover, np.arange(len(cover))))


def covered_area(zones: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure the area of each zone that a cover takes, its overlaps counted once.

    Parameters
    ----------
    zones, cover : GeoDataFrame
        Polygons in the same projected CRS, in metres.

    Returns
    -------
    Series of float
        ``covered_area_m2``, indexed like `zones`; 0 where nothing of the cover is there.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["U"], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 5, 10), shapely.box(3, 0, 7, 10)], crs="EPSG:2154")
    >>> covered_area(zones, cover)["U"]
    np.float64(70.0)
    """
    _, area = _covered(zones, cover)
    return pd.Series(area, index=zones.index, name="covered_area_m2")


def _covered(zones: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Check the layers, and return the area of each zone and what the cover takes of it."""
    same_crs(zones=zones, cover=cover)
    unique_index(zones, "zones")
    origin = origin_of(zones)
    values = geometries(zones, "zones", "polygon", origin=origin)
    return shapely.area(values), union_area_m2(values, geometries(cover, "cover", "polygon", origin=origin))


def union_area_m2(zones: Geometries, cover: Geometries) -> Floats:
    """Return the area of each zone that the union of the cover takes, never above that of the zone."""
    flat = flatten(cover, np.zeros(len(cover), dtype=np.intp))
    zone, _, area = common_areas(split(zones), flat.disjoint)
    capped: Floats = np.minimum(sum_by(area, zone, len(zones)), shapely.area(zones))
    return capped


def covered_share(zones: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure the share of each zone that a cover takes, its overlaps counted once.

    Parameters
    ----------
    zones, cover : GeoDataFrame
        Polygons in the same projected CRS, in metres.

    Returns
    -------
    Series of float
        ``covered_share``, from 0 to 1, indexed like `zones`; NaN for a zone without area.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["U"], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 5, 10), shapely.box(3, 0, 7, 10)], crs="EPSG:2154")
    >>> covered_share(zones, cover)["U"]
    np.float64(0.7)
    """
    whole, area = _covered(zones, cover)
    share = np.divide(area, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return pd.Series(share, index=zones.index, name="covered_share")
