"""Lines: metres of road, cable or route inside a cover, and in each zone."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .checks import Geometries, geometries, origin_of, same_crs, unique_index
from .pairs import Floats, edges, inside, sum_by, take_in_turn
from .subdivision import Integers, Parts, split

__all__ = ["covered_length", "covered_length_by_zone", "length_within", "share_out"]


@dataclass(frozen=True)
class Claims:
    """Pieces of lines, each claimed by one polygon: geometry, line position, polygon position."""

    geometry: Geometries
    line: Integers
    polygon: Integers


def covered_length(lines: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure the metres of each line that lie in a cover, its overlaps counted once.

    Parameters
    ----------
    lines : GeoDataFrame
        Lines, projected, in metres. A route that runs twice along a street counts both ways.
    cover : GeoDataFrame
        Polygons in the same CRS. Their border is inside.

    Returns
    -------
    Series of float
        ``covered_length_m``, indexed like `lines`; 0 where nothing of the cover is there.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 5), (30, 5)])], index=["D1"], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(5, 0, 12, 9)], crs="EPSG:2154")
    >>> covered_length(roads, cover)["D1"]
    np.float64(12.0)
    """
    same_crs(lines=lines, cover=cover)
    unique_index(lines, "lines")
    origin = origin_of(lines)
    values = geometries(lines, "lines", "line", origin=origin)
    claims = share_out(values, geometries(cover, "cover", "polygon", origin=origin))
    length = sum_by(shapely.length(claims.geometry), claims.line, len(values))
    return pd.Series(np.minimum(length, shapely.length(values)), index=lines.index, name="covered_length_m")


def length_within(zones: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure the metres of lines in each zone, each metre counted in one zone at most.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres. A metre on the border of two zones, or where two zones overlap, is
        counted in the first of them, in the order of the rows.
    lines : GeoDataFrame
        Lines in the same CRS.

    Returns
    -------
    Series of float
        ``length_m``, indexed like `zones`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 20, 9)], crs="EPSG:2154")
    >>> border = gpd.GeoDataFrame(geometry=[shapely.LineString([(10, 0), (10, 9)])], crs="EPSG:2154")
    >>> length_within(zones, border).tolist()
    [9.0, 0.0]
    """
    same_crs(zones=zones, lines=lines)
    unique_index(zones, "zones")
    origin = origin_of(zones)
    values = geometries(lines, "lines", "line", origin=origin)
    claims = share_out(values, geometries(zones, "zones", "polygon", origin=origin))
    length = sum_by(shapely.length(claims.geometry), claims.polygon, len(zones))
    return pd.Series(length, index=zones.index, name="length_m")


def covered_length_by_zone(zones: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure the metres of lines in each zone, and those of them that lie in a cover.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres; each metre counts in one zone at most, as in :func:`length_within`.
    lines : GeoDataFrame
        Lines in the same CRS.
    cover : GeoDataFrame
        Polygons in the same CRS, taken together.

    Returns
    -------
    DataFrame
        ``length_m`` and ``covered_m``, indexed like `zones`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 20, 9)], crs="EPSG:2154")
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 5), (20, 5)])], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(8, 0, 15, 9)], crs="EPSG:2154")
    >>> covered_length_by_zone(zones, road, cover)
       length_m  covered_m
    0      10.0        2.0
    1      10.0        5.0
    """
    same_crs(zones=zones, lines=lines, cover=cover)
    unique_index(zones, "zones")
    origin = origin_of(zones)
    values = geometries(lines, "lines", "line", origin=origin)
    claims = share_out(values, geometries(zones, "zones", "polygon", origin=origin))
    covered = share_out(claims.geometry, geometries(cover, "cover", "polygon", origin=origin))
    zone = claims.polygon[covered.line]
    return pd.DataFrame(
        {
            "length_m": sum_by(shapely.length(claims.geometry), claims.polygon, len(zones)),
            "covered_m": sum_by(shapely.length(covered.geometry), zone, len(zones)),
        },
        index=zones.index,
    )


def share_out(lines: Geometries, polygons: Geometries) -> Claims:
    """Return the pieces of lines in polygons; each place of a line goes to the first polygon that holds it."""
    pieces, line = _simple(lines)
    alone, polygon = _whole(pieces, polygons)
    rest = np.setdiff1d(np.arange(len(pieces)), alone)
    cut = split(polygons)
    order = np.argsort(cut.source, kind="stable")
    claims = _in_turn(pieces[rest], Parts(cut.geometry[order], cut.source[order]))
    return Claims(
        np.concatenate([pieces[alone], claims.geometry]),
        np.concatenate([line[alone], line[rest[claims.line]]]),
        np.concatenate([polygon, claims.polygon]),
    )


def _simple(lines: Geometries) -> tuple[Geometries, Integers]:
    """Return the lines, those that cross or follow themselves cut in segments: an overlay would merge them."""
    knotted = np.flatnonzero(~shapely.is_simple(lines))
    plain = np.flatnonzero(shapely.is_simple(lines) & ~shapely.is_empty(lines))
    parts, owner = shapely.get_parts(lines[knotted], return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    follows = part[1:] == part[:-1]
    segments = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[follows])
    long = shapely.length(segments) > 0
    return (
        np.concatenate([lines[plain], segments[long]]),
        np.concatenate([plain, knotted[owner[part[1:][follows]]][long]]),
    )


def _whole(lines: Geometries, polygons: Geometries) -> tuple[Integers, Integers]:
    """Return the lines inside a polygon that no polygon before it meets, and that polygon."""
    item, polygon = inside(lines, polygons)
    first = np.full(len(lines), len(polygons))
    met, meeting = edges(lines, polygons)
    np.minimum.at(first, met, meeting)
    sure = polygon == first[item]
    return item[sure], polygon[sure]


def _in_turn(lines: Geometries, parts: Parts) -> Claims:
    """Share the lines out between parts, the first parts first."""
    item, part = edges(lines, parts.geometry)
    order = np.lexsort([part, item])
    item, part = item[order], part[order]
    taken, _ = take_in_turn(lines, item, parts.geometry[part], 1)
    some = ~shapely.is_empty(taken)
    return Claims(taken[some], item[some], parts.source[part[some]])


def lengths_by_pair(lines: Geometries, polygons: Geometries) -> tuple[Integers, Integers, Floats]:
    """Return the positions (line, polygon) of the pairs that share a length, and that length, sorted."""
    claims = share_out(lines, polygons)
    size = max(len(polygons), 1)
    keys, rank = np.unique(claims.line * size + claims.polygon, return_inverse=True)
    return keys // size, keys % size, sum_by(shapely.length(claims.geometry), rank, len(keys))
