"""Cross-tabulation: the area of every combination of the classes of several covers, in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import InvalidValueError
from ..texts import Text
from .carving import carved
from .checks import Geometries, Origin, column, geometries, origin_of, same_crs, unique_index
from .combined import combined_areas
from .pairs import Floats, common_areas, dust_area_m2, sum_by
from .subdivision import Cover, Integers, Parts, flatten, split

__all__ = [
    "Classes",
    "Pieces",
    "by_columns",
    "crosstab",
    "cut",
    "labelled",
    "read_covers",
    "taken",
    "told_apart",
    "whole_pieces",
]

By: TypeAlias = str | Sequence[str | None] | None
Priority: TypeAlias = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Classes:
    """A cover: its polygons, the class of each, the name of the class column, the classes in order of priority."""

    geometry: Geometries
    code: Integers
    name: str
    labels: pd.Series[Any] | None

    @cached_property
    def cover(self) -> Cover:
        """The cover with its overlaps settled."""
        return flatten(self.geometry, self.code)


@dataclass(frozen=True)
class Pieces:
    """Pieces of zones: geometry, zone position, and class number (-1: none) under each cover so far."""

    geometry: Geometries
    zone: Integers
    codes: tuple[Integers, ...] = ()

    def take(self, where: Integers, geometry: Geometries, code: Integers | int) -> Pieces:
        """Return pieces of the pieces at positions `where`, with their class under one more cover."""
        last = np.broadcast_to(np.asarray(code, dtype=np.intp), where.shape)
        return Pieces(geometry, self.zone[where], (*(codes[where] for codes in self.codes), last))


def crosstab(
    zones: gpd.GeoDataFrame, *covers: gpd.GeoDataFrame, by: By = None, priority: Priority | None = None
) -> pd.DataFrame:
    """Measure the area of every combination of classes of the covers in each zone.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, projected, in metres. Zones that overlap are each measured in full.
    *covers : GeoDataFrame
        Polygons in the same CRS.
    by : str, None, or a sequence of them
        The class column of each cover; None for a cover of which only presence counts.
    priority : mapping of str to sequence, optional
        For a class column, its classes from the first to the last: where two classes of one cover overlap,
        the place belongs to the first. Classes left out come next, in the order of their first appearance,
        which is also the default order.

    Returns
    -------
    DataFrame
        One row a zone and combination: ``zone`` (index value), one column a cover, ``area_m2``. The column of
        a cover has the name given in `by`, and NA where none of its classes is; it is ``cover_1``,
        ``cover_2``… for a cover without class (its rank), with True and False. The rows of a zone sum to its
        area (to 1e-9); what would be a row of mere rounding counts in the largest row of its zone (see Notes).

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
        Where the layers cannot be measured together; names both values.

    Notes
    -----
    Rounding is four times the zone's perimeter times the distance between two neighbouring
    floating-point coordinates (about 1e-9 m in Lambert-93).

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["U"], crs="EPSG:2154")
    >>> hazard = gpd.GeoDataFrame(
    ...     {"level": ["high", "low"]}, geometry=[shapely.box(0, 0, 4, 10), shapely.box(2, 0, 5, 10)], crs=2154
    ... )
    >>> crosstab(zones, hazard, by="level")
      zone level  area_m2
    0    U  high     40.0
    1    U   low     10.0
    2    U   NaN     50.0
    >>> crosstab(zones, hazard, by="level", priority={"level": ["low", "high"]})["area_m2"].tolist()
    [30.0, 20.0, 50.0]
    """
    origin = origin_of(zones)
    classes = read_covers(zones, covers, by, priority, origin)
    values = geometries(zones, "zones", "polygon", origin=origin)
    pieces, area = _tabulated(values, classes)
    codes, rank = told_apart(pieces, area, dust_area_m2(values, origin))
    return labelled(zones, classes, codes).assign(area_m2=sum_by(area, rank, len(codes)))


def whole_pieces(values: Geometries) -> Pieces:
    """Return the zones before any cover; one of many vertices in several parts, so that each overlay stays small."""
    parts = split(values)
    return Pieces(parts.geometry, parts.source)


def read_covers(
    zones: gpd.GeoDataFrame,
    covers: Sequence[gpd.GeoDataFrame],
    by: By,
    priority: Priority | None,
    origin: Origin,
) -> list[Classes]:
    """Check the layers, and return each cover with its classes."""
    named = {f"cover_{rank}": cover for rank, cover in enumerate(covers, 1)}
    same_crs(zones=zones, **named)
    unique_index(zones, "zones")
    return [
        _classes(cover, name, wanted, (priority or {}).get(wanted or ""), origin)
        for (name, cover), wanted in zip(named.items(), by_columns(by, len(covers)), strict=True)
    ]


def by_columns(by: By, count: int) -> tuple[str | None, ...]:
    """Return the class column of each of `count` covers.

    Raises
    ------
    InvalidValueError
        Where there are not as many as covers, or a name is there twice.
    """
    names = (by,) * (count if by is None else 1) if by is None or isinstance(by, str) else tuple(by)
    given = [name for name in names if name is not None]
    if len(names) == count and len(set(given)) == len(given) and not {"zone", "area_m2"} & set(given):
        return names
    raise InvalidValueError(
        Text(
            "by vaut $by pour $n couverture(s) ; attendu : $n nom(s) de colonne distincts, autres que zone et area_m2",
            "by is $by for $n cover(s); expected $n distinct column name(s), other than zone and area_m2",
        ).fill(by=repr(by), n=count),
        Text(
            "donnez une colonne par couverture (None : présence seule), et renommez celles de même nom.",
            "give one column a cover (None for presence alone), and rename those that share a name.",
        ),
    )


def _classes(
    cover: gpd.GeoDataFrame, name: str, by: str | None, order: Sequence[Any] | None, origin: Origin
) -> Classes:
    """Return a cover with its classes in order."""
    values = geometries(cover, name, "polygon", origin=origin)
    if by is None:
        return Classes(values, np.zeros(len(values), dtype=np.intp), name, None)
    found = column(cover, name, by)
    if found.isna().any():
        raise InvalidValueError(
            Text(
                "la classe «$by» est vide pour $n entité(s), la première à l'index $index ; attendu : une valeur",
                "class «$by» is null in $n feature(s), the first at index $index; expected a value",
            ).fill(by=by, n=int(found.isna().sum()), index=found.index[found.isna()][0]),
            Text("remplissez la classe (fillna), ou retirez ces entités.", "fill it (fillna) or leave these out."),
            layer=name,
        )
    ranked = pd.unique(pd.Series([*(order or ()), *found.unique()], dtype=found.dtype))
    code = pd.Index(ranked).get_indexer(found)
    return Classes(values, code.astype(np.intp), by, pd.Series(ranked))


def cut(pieces: Pieces, cover: Classes) -> Pieces:
    """Return the pieces cut by a cover, with the class of each (-1 outside)."""
    found = carved(pieces.geometry, cover.geometry, cover.code)
    return pieces.take(found.item, found.geometry, found.code)


def _tabulated(values: Geometries, covers: Sequence[Classes]) -> tuple[Pieces, Floats]:
    """Return the pieces of zones under all covers, and their areas; geometries are built only where areas are in doubt.

    The geometry of a piece is that of its zone.
    """
    parts = split(values)
    if len(covers) == 1:
        return _single(values, parts, covers[0].cover)
    found = combined_areas(parts, [one.cover.disjoint for one in covers], len(values))
    sure = np.flatnonzero(~np.isin(found.zone, found.doubtful))
    told = Pieces(values[found.zone[sure]], found.zone[sure], tuple(code[sure] for code in found.codes))
    if not len(found.doubtful):
        return told, found.area
    pieces = whole_pieces(values[found.doubtful])
    for one in covers:
        pieces = cut(pieces, one)
    placed = Pieces(pieces.geometry, found.doubtful[pieces.zone], pieces.codes)
    return _together([told, placed]), np.concatenate([found.area[sure], shapely.area(pieces.geometry)])


def _single(values: Geometries, parts: Parts, cover: Cover) -> tuple[Pieces, Floats]:
    """Return the pieces of zones under one cover, and their areas."""
    zone, code, area = common_areas(parts, cover.disjoint)
    some = np.flatnonzero(~shapely.is_empty(values))
    left = shapely.area(values) - sum_by(area, zone, len(values))
    outside = Pieces(values[some], some, (np.full(len(some), -1, dtype=np.intp),))
    return _together([Pieces(values[zone], zone, (code,)), outside]), np.concatenate([area, left[some]])


def _together(lots: Sequence[Pieces]) -> Pieces:
    """Return the pieces of several lots as one."""
    return Pieces(
        np.concatenate([lot.geometry for lot in lots]),
        np.concatenate([lot.zone for lot in lots]),
        tuple(np.concatenate(column) for column in zip(*(lot.codes for lot in lots), strict=True)),
    )


def told_apart(pieces: Pieces, area: Floats, dust_m2: Floats) -> tuple[Integers, Integers]:
    """Return the distinct rows (zone, class, class…), outside last, and the row of each piece.

    A row whose area is at most the dust of its zone is made one with the largest row of the zone.
    """
    outside = np.iinfo(np.intp).max
    table = np.column_stack([pieces.zone, *(np.where(code < 0, outside, code) for code in pieces.codes)])
    rows, rank = np.unique(table, axis=0, return_inverse=True)
    total = sum_by(area, rank.ravel(), len(rows))
    order = np.lexsort([-total, rows[:, 0]])
    largest = order[np.searchsorted(rows[order, 0], rows[:, 0])]
    mine = np.where(total > dust_m2[rows[:, 0]], np.arange(len(rows)), largest)
    kept = np.unique(mine)
    return np.where(rows[kept] == outside, -1, rows[kept]), np.searchsorted(kept, mine)[rank.ravel()]


def labelled(zones: gpd.GeoDataFrame, classes: Sequence[Classes], codes: Integers) -> pd.DataFrame:
    """Return the rows of `codes` with the zones' index and the classes' names."""
    table: dict[str, Any] = {"zone": zones.index[codes[:, 0]]}
    for one, code in zip(classes, codes.T[1:], strict=True):
        table[one.name] = code >= 0 if one.labels is None else taken(one.labels, code)
    return pd.DataFrame(table)


def taken(values: pd.Series[Any], code: Integers) -> Any:
    """Return the value at each position, NA for -1; integers stay integers."""
    gapless = values.convert_dtypes() if values.dtype.kind in "iub" else values
    return gapless.array.take(code, allow_fill=True)
