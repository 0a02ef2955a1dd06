"""Subdivision: a polygon of 300,000 vertices becomes tiles of a few hundred, and overlaps are settled.

One quadtree does both. A tile holds the pieces of the features that meet it, in order of priority. A piece
that fills the whole tile hides those after it, as paint hides what it covers; a tile is cut in four until its
pieces have few vertices. What is left in a tile is then small enough to be overlaid exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from ..errors import InvalidValueError
from ..texts import Text
from .checks import Geometries, geometries, same_crs, unique_index
from .repair import of_dimension
from .threads import in_two

__all__ = ["MAX_VERTICES", "Cover", "Parts", "flatten", "split", "subdivide", "union_by"]

MAX_VERTICES = 256
FEWEST = 16
CUT = 0.4987654321  # near the middle, and off the round coordinates at which rings touch a cut
DEEPEST = 24
ROUNDING = 1e-11

Integers = npt.NDArray[np.intp]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Parts:
    """Pieces of polygons: their `geometry`, and the position `source` of what each is a piece of."""

    geometry: Geometries
    source: Integers


@dataclass(frozen=True)
class Cover:
    """A cover with its overlaps settled: polygons whose interiors are disjoint.

    Attributes
    ----------
    wholes : Parts
        The features that overlap no other, as they came; ``source`` is the class of each.
    painted : Parts
        The area of the features that overlap, cut in small parts; ``source`` is the class.
    max_vertices : int
        Vertices above which a whole is cut to make ``parts``.
    """

    wholes: Parts
    painted: Parts
    max_vertices: int = MAX_VERTICES

    @property
    def disjoint(self) -> Parts:
        """The wholes and the painted parts: the polygons of the cover, of any size."""
        return _joined(self.wholes, self.painted)

    @cached_property
    def parts(self) -> Parts:
        """The polygons of the cover, in small parts."""
        cut = split(self.wholes.geometry, self.max_vertices)
        return _joined(Parts(cut.geometry, self.wholes.source[cut.source]), self.painted)


def _joined(*lots: Parts) -> Parts:
    """Return several lots of parts as one."""
    return Parts(np.concatenate([lot.geometry for lot in lots]), np.concatenate([lot.source for lot in lots]))


@dataclass(frozen=True)
class _Tile:
    box: Box
    geometry: Geometries
    source: Integers
    depth: int


def subdivide(cover: gpd.GeoDataFrame, max_vertices: int = MAX_VERTICES) -> gpd.GeoDataFrame:
    """Cut the polygons of a layer into parts of few vertices, which together are the same area.

    Parameters
    ----------
    cover : GeoDataFrame
        Polygons, projected, in metres.
    max_vertices : int, default 256
        Vertices above which a part is cut in four; 16 or more.

    Returns
    -------
    GeoDataFrame
        One row a part: ``source`` (index of the feature in `cover`) and the geometry. A feature that already
        has few vertices is one part. Parts of one feature touch and do not overlap.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError
        Where the layer cannot be measured, or `max_vertices` is below 16.

    Notes
    -----
    Cuts follow the four quarters of the feature's bounds, then of each quarter. Each cut is checked: the
    parts are valid and their areas sum to the area that was cut; where the fast clip fails, as it does with
    rings that touch a cut, the exact overlay does that cut again.

    Examples
    --------
    >>> disc = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0).buffer(100, quad_segs=256)], crs="EPSG:2154")
    >>> parts = subdivide(disc)
    >>> len(parts), bool(abs(parts.area.sum() - disc.area.sum()) < 1e-9)
    (16, True)
    """
    same_crs(cover=cover)
    unique_index(cover, "cover")
    if max_vertices < FEWEST:
        raise InvalidValueError(
            Text(
                "max_vertices vaut $found ; attendu : $fewest ou plus",
                "max_vertices is $found; expected $fewest or more",
            ).fill(found=max_vertices, fewest=FEWEST),
            Text("prenez 256, la valeur par défaut.", "take 256, the default."),
        )
    parts = split(geometries(cover, "cover", "polygon"), max_vertices)
    return gpd.GeoDataFrame({"source": cover.index[parts.source]}, geometry=parts.geometry, crs=cover.crs)


def split(values: Geometries, max_vertices: int = MAX_VERTICES) -> Parts:
    """Return each of `values` in parts of at most about `max_vertices` vertices."""
    small = shapely.get_num_coordinates(values) <= max_vertices
    keep = np.flatnonzero(small & ~shapely.is_empty(values))
    pieces, source = [values[keep]], [keep]
    for position in np.flatnonzero(~small):
        for tile in _quadtree(values[[position]], max_vertices):
            pieces.append(tile.geometry)
            source.append(np.full(len(tile.source), position))
    return Parts(np.concatenate(pieces), np.concatenate(source))


def flatten(values: Geometries, code: Integers, max_vertices: int = MAX_VERTICES) -> Cover:
    """Return the cover in which each place belongs to one class: the lowest `code` of those that cover it."""
    apart = ~_overlapping(values) & ~shapely.is_empty(values)
    alone = np.flatnonzero(apart)
    painted = _settled(values[~apart], code[~apart], max_vertices)
    return Cover(Parts(values[alone], code[alone]), painted, max_vertices)


def _overlapping(values: Geometries) -> npt.NDArray[np.bool_]:
    """Return for each polygon whether its interior meets that of another."""
    left, right = shapely.STRtree(values).query(values, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shapely.prepare(values)
    found = np.zeros(len(values), dtype=bool)
    while len(left):
        some = slice(len(values))
        deep = ~shapely.touches(values[left[some]], values[right[some]])
        found[left[some][deep]] = found[right[some][deep]] = True
        left, right = left[len(values) :], right[len(values) :]
        unknown = ~(found[left] & found[right])
        left, right = left[unknown], right[unknown]
    return found


def _settled(values: Geometries, code: Integers, max_vertices: int) -> Parts:
    """Return polygons that overlap, in small parts, with each place in one class only."""
    order = np.argsort(code, kind="stable")
    order = order[~shapely.is_empty(values[order])]
    tiles = list(_quadtree(values[order], max_vertices)) if len(order) else []
    if not tiles:
        return Parts(values[:0], code[:0])
    found = _joined(*(Parts(tile.geometry, code[order[tile.source]]) for tile in tiles))
    rank = np.repeat(np.arange(len(tiles)), [len(tile.source) for tile in tiles])
    size = int(code.max()) + 1
    keys, group = np.unique(rank * size + found.source, return_inverse=True)
    shapes = _painted(union_by(found.geometry, group, len(keys)), keys // size)
    seen = ~shapely.is_empty(shapes)
    return Parts(shapes[seen], keys[seen] % size)


def _painted(shapes: Geometries, tile: Integers) -> Geometries:
    """Return each shape less those before it in its tile; `tile` is sorted."""
    pieces, hidden = shapes.copy(), shapes.copy()
    first = np.searchsorted(tile, tile)
    turn = np.arange(len(tile)) - first
    for now in range(1, int(turn.max(initial=0)) + 1):
        mine = np.flatnonzero(turn == now)
        pieces[mine] = in_two(shapely.difference, shapes[mine], hidden[first[mine]])
        going = mine[np.isin(tile[mine], tile[turn == now + 1])]
        hidden[first[going]] = in_two(shapely.union, hidden[first[going]], shapes[going])
    return of_dimension(pieces, 2)


def union_by(values: Geometries, group: Integers, size: int) -> Geometries:
    """Return the union of the `values` of each group from 0 to `size` - 1; empty where a group has none."""
    order = np.argsort(group, kind="stable")
    count = np.bincount(group, minlength=size)
    united = np.full(size, shapely.MultiPolygon(), dtype=object)
    single = count == 1
    united[single] = values[order[(np.cumsum(count) - count)[single]]]
    several = np.flatnonzero(count > 1)
    among = order[(count > 1)[group[order]]]
    rank = np.searchsorted(several, group[among])
    lots = shapely.geometrycollections(values[among], indices=rank, out=np.full(len(several), None))
    united[several] = in_two(_united, lots)
    return united


def _united(lots: Geometries) -> Geometries:
    """Return the union of each collection."""
    return np.asarray(shapely.union_all(lots[:, None], axis=1))


def _quadtree(values: Geometries, max_vertices: int) -> Iterator[_Tile]:
    """Yield the leaves of the quadtree over `values`, given in order of priority; ``source`` is their position."""
    xmin, ymin, xmax, ymax = shapely.total_bounds(values)
    waiting = [_Tile((xmin, ymin, xmax, ymax), values, np.arange(len(values)), 0)]
    while waiting:
        tile = _without_hidden(waiting.pop())
        vertices = shapely.get_num_coordinates(tile.geometry).sum()
        if vertices <= max(max_vertices, FEWEST * len(tile.source)) or tile.depth == DEEPEST:
            yield _valid(tile, values)
        else:
            waiting.extend(_quarters(tile, values))


def _valid(tile: _Tile, values: Geometries) -> _Tile:
    """Return the tile with its invalid pieces cut again from the whole features, by the exact overlay."""
    wrong = ~shapely.is_valid(tile.geometry)
    if wrong.any():
        again = shapely.intersection(values[tile.source[wrong]], shapely.box(*tile.box))
        tile.geometry[wrong] = of_dimension(again, 2)
    return tile


def _without_hidden(tile: _Tile) -> _Tile:
    """Return the tile without the pieces that come after one that fills it."""
    if len(tile.source) == 1:
        return tile
    full = np.flatnonzero(_fills(tile))
    last = full[0] + 1 if len(full) else len(tile.source)
    return _Tile(tile.box, tile.geometry[:last], tile.source[:last], tile.depth)


def _fills(tile: _Tile) -> npt.NDArray[np.bool_]:
    """Return for each piece whether it is the whole tile: four corners, and the area of the box."""
    few = shapely.get_num_coordinates(tile.geometry) == 5
    whole = shapely.area(shapely.box(*tile.box))
    return np.asarray(few & (shapely.area(tile.geometry) >= whole * (1 - ROUNDING)))


def _quarters(tile: _Tile, values: Geometries) -> Iterator[_Tile]:
    """Yield the quarters of a tile that hold something; their areas sum to those of its pieces.

    A ring that touches a cut may make a clip invalid, and its own clips wrong: the area tells, and these are cut
    again from the whole features.
    """
    boxes = _four(tile.box)
    cuts = [shapely.clip_by_rect(tile.geometry, *box) for box in boxes]
    total = np.sum([shapely.area(cut) for cut in cuts], axis=0)
    area = shapely.area(tile.geometry)
    wrong = np.abs(total - area) > ROUNDING * area
    for box, cut in zip(boxes, cuts, strict=True):
        if wrong.any():
            cut[wrong] = shapely.intersection(values[tile.source[wrong]], shapely.box(*box))
        polygons = of_dimension(cut, 2)
        some = ~shapely.is_empty(polygons)
        if some.any():
            yield _Tile(box, polygons[some], tile.source[some], tile.depth + 1)


def _four(box: Box) -> tuple[Box, Box, Box, Box]:
    """Return the four quarters of a box."""
    xmin, ymin, xmax, ymax = box
    x, y = xmin + CUT * (xmax - xmin), ymin + CUT * (ymax - ymin)
    return (xmin, ymin, x, y), (x, ymin, xmax, y), (xmin, y, x, ymax), (x, y, xmax, ymax)
