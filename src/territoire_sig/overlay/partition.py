"""Partition: the geometry of what layers have in common, and of what they have not."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .carving import carved
from .checks import Geometries, Kind, Origin, geometries, kind_of, origin_of, restored, same_crs, unique_index
from .crosstab import By, Priority, cut, labelled, read_covers, told_apart, whole_pieces
from .pairs import clipped, dust_area_m2, edges, inside, settle_lines, take_in_turn, union_by
from .repair import of_dimension
from .subdivision import Integers, flatten, split

__all__ = ["intersect", "partition", "pieces_inside", "pieces_outside"]


def partition(
    zones: gpd.GeoDataFrame, *covers: gpd.GeoDataFrame, by: By = None, priority: Priority | None = None
) -> gpd.GeoDataFrame:
    """Cut each zone into the places of each combination of classes of the covers.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres.
    *covers : GeoDataFrame
        Polygons in the same CRS.
    by, priority
        As in :func:`~territoire_sig.overlay.crosstab`.

    Returns
    -------
    GeoDataFrame
        The rows of :func:`~territoire_sig.overlay.crosstab`, each with its geometry (polygon or
        multipolygon): ``zone``, one column a cover, ``area_m2``, ``geometry``.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
        Where the layers cannot be measured together; names both values.

    Notes
    -----
    A border may gain vertices where a polygon of many vertices was subdivided; they lie on it, to the last
    place of a coordinate.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["U"], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(4, 0, 20, 10)], crs="EPSG:2154")
    >>> parts = partition(zones, cover)
    >>> parts["cover_1"].tolist(), parts.bounds.to_numpy().tolist()
    ([True, False], [[4.0, 0.0, 10.0, 10.0], [0.0, 0.0, 4.0, 10.0]])
    """
    origin = origin_of(zones)
    classes = read_covers(zones, covers, by, priority, origin)
    values = geometries(zones, "zones", "polygon", origin=origin)
    pieces = whole_pieces(values)
    for one in classes:
        pieces = cut(pieces, one)
    codes, rank = told_apart(pieces, shapely.area(pieces.geometry), dust_area_m2(values, origin))
    shape = of_dimension(union_by(pieces.geometry, rank, len(codes)), 2)
    table = labelled(zones, classes, codes).assign(area_m2=shapely.area(shape))
    return gpd.GeoDataFrame(table, geometry=restored(shape, origin), crs=zones.crs)


def pieces_inside(layer: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the part of each feature that lies in a cover.

    Parameters
    ----------
    layer : GeoDataFrame
        Polygons or lines, projected, in metres.
    cover : GeoDataFrame
        Polygons in the same CRS, taken together.

    Returns
    -------
    GeoDataFrame
        The columns and index of `layer`, one row a feature that has such a part, in the layer's own
        dimension: a polygon that only touches the cover has none, nor has one whose part is too thin for
        the coordinates of the CRS (about 1e-9 m in Lambert-93). A line on the cover's border is inside.
        A line that runs twice over itself is kept once: measure it with
        :func:`~territoire_sig.overlay.covered_length`.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"name": ["D1"]}, geometry=[shapely.LineString([(0, 5), (30, 5)])], crs=2154)
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(10, 0, 20, 10)], crs="EPSG:2154")
    >>> pieces_inside(road, cover).length[0], pieces_outside(road, cover).length[0]
    (np.float64(10.0), np.float64(20.0))
    """
    origin = origin_of(layer)
    values, area, dimension = _read(layer, cover, origin)
    return _kept(layer, (_carved if dimension == 2 else _cut_lines)(values, area)[0], origin)


def pieces_outside(layer: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the part of each feature that lies out of a cover.

    Parameters
    ----------
    layer : GeoDataFrame
        Polygons or lines, projected, in metres.
    cover : GeoDataFrame
        Polygons in the same CRS, taken together.

    Returns
    -------
    GeoDataFrame
        The columns and index of `layer`, one row a feature that has such a part, in the layer's own
        dimension. With :func:`pieces_inside` it shares the features out; nothing is lost but slivers too
        thin for the coordinates of the CRS.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> zone = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], crs="EPSG:2154")
    >>> cover = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 3, 10)], crs="EPSG:2154")
    >>> pieces_outside(zone, cover).area[0]
    np.float64(70.0)
    """
    origin = origin_of(layer)
    values, area, dimension = _read(layer, cover, origin)
    return _kept(layer, (_carved if dimension == 2 else _cut_lines)(values, area)[1], origin)


def _carved(values: Geometries, area: Geometries) -> tuple[Geometries, Geometries]:
    """Return what an area takes of each polygon, and what it leaves; empty ones included."""
    pieces = carved(values, area, np.zeros(len(area), dtype=np.intp))
    shapes = []
    for code in (0, -1):
        some = np.flatnonzero(pieces.code == code)
        shapes.append(of_dimension(union_by(pieces.geometry[some], pieces.item[some], len(values)), 2))
    return shapes[0], shapes[1]


def _cut_lines(values: Geometries, area: Geometries) -> tuple[Geometries, Geometries]:
    """Return what an area takes of each line, and what it leaves; empty ones included."""
    flat = flatten(area, np.zeros(len(area), dtype=np.intp))
    (whole, _), (item, part) = settle_lines(values, flat)
    parts = flat.parts.geometry[part]
    common = clipped(values[item], parts, 1)
    some = np.flatnonzero(~shapely.is_empty(common))
    taken = union_by(common[some], item[some], len(values))
    taken[whole] = values[whole]
    _, left = take_in_turn(values, item, parts, 1)
    left[whole] = shapely.MultiPolygon()
    return of_dimension(taken, 1), left


def _read(layer: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, origin: Origin) -> tuple[Geometries, Geometries, int]:
    """Return the geometries of a layer of polygons or lines, those of a cover, and the layer's dimension."""
    same_crs(layer=layer, cover=cover)
    kind: Kind = "line" if kind_of(layer, "layer") == "line" else "polygon"
    values = geometries(layer, "layer", kind, origin=origin)
    return values, geometries(cover, "cover", "polygon", origin=origin), 1 if kind == "line" else 2


def _kept(layer: gpd.GeoDataFrame, shape: Geometries, origin: Origin) -> gpd.GeoDataFrame:
    """Return the rows of `layer` whose new shape is not empty once in its place, with that shape."""
    placed = restored(shape, origin)
    seen = ~shapely.is_empty(placed)
    rows = layer.loc[seen]
    return rows.set_geometry(gpd.GeoSeries(placed[seen], index=rows.index, crs=layer.crs, name=layer.geometry.name))


def intersect(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what each feature of a layer and each polygon of another have in common.

    Parameters
    ----------
    left : GeoDataFrame
        Polygons, lines or points, projected, in metres.
    right : GeoDataFrame
        Polygons in the same CRS. Those that overlap each count in full.

    Returns
    -------
    GeoDataFrame
        One row a pair: ``left`` and ``right`` (index values) and the geometry, in the dimension of `left`,
        in the order of `left`, then of `right`. A point or a line on a border belongs to each side. A
        sliver too thin for the coordinates of the CRS is left out.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layers cannot be measured together; names both values.

    Examples
    --------
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 5), (30, 5)])], index=["D1"], crs="EPSG:2154")
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 9), shapely.box(10, 0, 25, 9)], crs="EPSG:2154")
    >>> intersect(roads, zones).assign(length_m=lambda found: found.length)[["left", "right", "length_m"]]
      left  right  length_m
    0   D1      0      10.0
    1   D1      1      15.0
    """
    same_crs(left=left, right=right)
    unique_index(left, "left")
    unique_index(right, "right")
    kind = kind_of(left, "left")
    dimension = {"point": 0, "line": 1, "polygon": 2}[kind]
    origin = (0.0, 0.0) if kind == "point" else origin_of(left)
    values = geometries(left, "left", kind, origin=origin)
    item, feature, shape = common(values, geometries(right, "right", "polygon", origin=origin), dimension)
    placed = restored(shape, origin)
    seen = ~shapely.is_empty(placed)
    table = pd.DataFrame({"left": left.index[item[seen]], "right": right.index[feature[seen]]})
    return gpd.GeoDataFrame(table, geometry=placed[seen], crs=left.crs)


def common(values: Geometries, polygons: Geometries, dimension: int) -> tuple[Integers, Integers, Geometries]:
    """Return the positions (item, polygon) of the pairs that share something of `dimension`, and what."""
    whole_item, whole = inside(values, polygons)
    cut_parts = split(polygons)
    item, part = edges(values, cut_parts.geometry)
    size = max(len(polygons), 1)
    settled, key = whole_item * size + whole, item * size + cut_parts.source[part]
    edge = ~np.isin(key, settled)
    shapes = clipped(values[item[edge]], cut_parts.geometry[part[edge]], dimension)
    some = ~shapely.is_empty(shapes)
    keys, rank = np.unique(np.concatenate([settled, key[edge][some]]), return_inverse=True)
    united = union_by(np.concatenate([values[whole_item], shapes[some]]), rank, len(keys))
    return keys // size, keys % size, united
