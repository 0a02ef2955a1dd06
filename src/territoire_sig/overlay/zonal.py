"""Zonal statistics: what a raster says of each zone, with the exact fraction of every pixel."""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS

from ..errors import CRSMismatchError, InvalidValueError
from ..model.raster import Raster
from ..texts import Text
from .checks import geometries, same_crs, unique_index

__all__ = ["value_at", "zonal_statistics"]

SINGLE = (
    "coefficient_of_variation",
    "count",
    "majority",
    "max",
    "mean",
    "median",
    "min",
    "minority",
    "stdev",
    "sum",
    "variance",
    "variety",
)
STATISTIC = re.compile(rf"{'|'.join(SINGLE)}|quantile\(q=(0(\.\d+)?|1(\.0+)?)\)")


def zonal_statistics(zones: gpd.GeoDataFrame, raster: Raster, stats: Sequence[str] = ("mean",)) -> pd.DataFrame:
    """Summarise a raster in each zone, each pixel counting for the fraction of it that the zone covers.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres.
    raster : Raster
        One band in the same CRS, north up, NaN where unknown.
    stats : sequence of str, default ("mean",)
        Among ``coefficient_of_variation``, ``count``, ``majority``, ``max``, ``mean``, ``median``, ``min``,
        ``minority``, ``stdev``, ``sum``, ``variance``, ``variety``, ``quantile(q=0.9)``, as exactextract
        defines them; ``count`` is in pixels.

    Returns
    -------
    DataFrame
        One column a statistic, in the unit of the raster (``sum``: times pixels), then ``known_share``: the
        share (0 to 1) of the zone that lies on known pixels. Indexed like `zones`. NaN where nothing is known.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the zones and the raster cannot be measured together; names both values.

    References
    ----------
    exactextract, ISciences, https://isciences.github.io/exactextract/

    Examples
    --------
    >>> import shapely
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 15, 10)], index=["U"], crs="EPSG:2154")
    >>> noise = Raster(np.array([[50.0, 80.0, np.nan]]), (10, 0, 0, 0, -10, 10), "EPSG:2154", "noise")
    >>> zonal_statistics(zones, noise)
       mean  known_share
    U  60.0          1.0
    """
    _check(zones, raster)
    _check_stats(stats)
    values = geometries(zones, "zones", "polygon")
    frame = gpd.GeoDataFrame({"position": np.arange(len(values))}, geometry=values, crs=zones.crs)
    names = [f"stat_{rank}={stat}" for rank, stat in enumerate(stats)]
    some = frame[~frame.geometry.is_empty & (frame.area > 0)]
    found = pd.DataFrame(index=pd.RangeIndex(len(values)), columns=range(len(names) + 1), dtype=float)
    if len(some):
        raw = exact_extract(
            _source(raster), some, ["known=count", *names], include_cols=["position"], output="pandas"
        ).set_index("position")
        found.loc[raw.index] = raw.astype(float).to_numpy()
    found.index, found.columns = zones.index, pd.Index(["known_share", *stats])
    return _finished(found, abs(raster.transform[0] * raster.transform[4]), frame.area.to_numpy())


def value_at(points: gpd.GeoDataFrame, raster: Raster) -> pd.Series[float]:
    """Read the value of a raster at each point.

    Parameters
    ----------
    points : GeoDataFrame
        Points, projected, in metres.
    raster : Raster
        One band in the same CRS, north up, NaN where unknown.

    Returns
    -------
    Series of float
        ``value``, indexed like `points`, in the unit of the raster; NaN out of it, and where it is unknown. A point
        on the border of pixels reads the one to its east and south.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the points and the raster cannot be measured together; names both values.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5, 15, 99], [5, 5, 5]), crs="EPSG:2154")
    >>> value_at(points, Raster(np.array([[112.0, 311.0]]), (10, 0, 0, 0, -10, 10), "EPSG:2154")).tolist()
    [112.0, 311.0, nan]
    """
    _check(points, raster)
    xy = shapely.get_coordinates(geometries(points, "points", "point"))
    if len(xy) != len(points):
        raise InvalidValueError(
            Text("$n point(s) pour $m entité(s)", "$n point(s) for $m feature(s)").fill(n=len(xy), m=len(points)),
            Text("éclatez les points multiples (explode).", "split multipoints (explode)."),
            layer="points",
        )
    a, _, west, _, e, north = raster.transform
    column, row = np.floor((xy[:, 0] - west) / a), np.floor((xy[:, 1] - north) / e)
    rows, columns = raster.values.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    value = np.full(len(points), np.nan)
    value[inside] = raster.values[row[inside].astype(int), column[inside].astype(int)]
    return pd.Series(value, index=points.index, name="value")


def _finished(
    found: pd.DataFrame, pixel_m2: float, area_m2: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> pd.DataFrame:
    """Return the statistics, NaN where nothing is known, and the known share last."""
    count = found.pop("known_share")
    result = found.where(count > 0)
    result["known_share"] = (count * pixel_m2 / area_m2).clip(upper=1.0)
    return result


def _check(zones: gpd.GeoDataFrame, raster: Raster) -> None:
    """Refuse zones and a raster that are not in one CRS, and a raster that is not north up."""
    crs = same_crs(zones=zones)
    unique_index(zones, "zones")
    if CRS.from_user_input(raster.crs) != crs:
        raise CRSMismatchError(
            Text(
                "le système de coordonnées est $found, celui des zones est $expected",
                "the coordinate reference system is $found, that of the zones is $expected",
            ).fill(found=raster.crs, expected=crs.to_string()),
            Text("reprojetez les zones dans le système du raster.", "reproject the zones to the CRS of the raster."),
            layer=raster.name,
        )
    a, b, _, d, e, _ = raster.transform
    if not (a > 0 and b == 0 and d == 0 and e < 0):
        raise InvalidValueError(
            Text(
                "la transformation est $found ; attendu : nord en haut, sans rotation (a > 0, b = d = 0, e < 0)",
                "the transform is $found; expected north up, without rotation (a > 0, b = d = 0, e < 0)",
            ).fill(found=raster.transform),
            Text("redressez le raster (gdalwarp).", "straighten the raster (gdalwarp)."),
            layer=raster.name,
        )


def _source(raster: Raster) -> NumPyRasterSource:
    """Return the raster as exactextract reads it, from memory."""
    rows, columns = raster.values.shape
    a, _, xmin, _, e, ymax = raster.transform
    wkt = CRS.from_user_input(raster.crs).to_wkt()
    values = np.ascontiguousarray(raster.values)
    return NumPyRasterSource(values, xmin, ymax + e * rows, xmin + a * columns, ymax, nodata=np.nan, srs_wkt=wkt)


def _check_stats(stats: Sequence[str]) -> None:
    """Refuse a statistic that is not one number a zone."""
    wrong = [stat for stat in stats if not STATISTIC.fullmatch(stat)]
    if wrong:
        raise InvalidValueError(
            Text("statistique(s) inconnue(s) : $found", "unknown statistic(s): $found").fill(found=", ".join(wrong)),
            Text("prenez parmi : $known", "take some of: $known").fill(known=", ".join((*SINGLE, "quantile(q=0.9)"))),
        )
