"""Carving: polygons cut by the features of a cover, class after class, each feature brought down to what is near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from .checks import Geometries
from .grouped import Integers, sum_by
from .pairs import common_areas, near, take_in_turn
from .repair import of_dimension
from .subdivision import Parts, split, union_by

__all__ = ["Carved", "carved"]

LARGE = 6_000  # vertices above which a feature is cut before its parts are brought down to what is near
PARTS = 1_024
WHOLE = 1e-12
KEPT = 1e-10


@dataclass(frozen=True)
class Carved:
    """Pieces of polygons: the position of the polygon, the class of the piece (-1: none), its geometry."""

    item: Integers
    code: Integers
    geometry: Geometries


def carved(values: Geometries, features: Geometries, code: Integers) -> Carved:
    """Cut polygons by features that may overlap: each place belongs to the lowest class of those that cover it.

    Parameters
    ----------
    values, features : array of polygons
        Valid. The features are prepared: they must belong to the caller alone.
    code : array of int
        The class of each feature, from 0.

    Returns
    -------
    Carved
        Empty pieces are left out.
    """
    item, feature, area = common_areas(Parts(values, np.arange(len(values))), Parts(features, np.arange(len(features))))
    none = int(code.max(initial=0)) + 1
    whole = area >= shapely.area(values)[item] * (1 - WHOLE)
    over = np.full(len(values), none)
    np.minimum.at(over, item[whole], code[feature[whole]])
    some = np.flatnonzero(~whole & (code[feature] < over[item]))
    item, feature = item[some], feature[some]
    pair, local = _brought_down(values, item, features, feature)
    keys, rank = np.unique(item[pair] * none + code[feature[pair]], return_inverse=True)
    who, tool = keys // none, union_by(local, rank, len(keys))
    taken, left = take_in_turn(values, who, tool, 2)
    left = _conserved(values, who, taken, left)
    every = np.arange(len(values))
    rest = np.where(over < none, over, -1)
    return _seen(Carved(np.append(who, every), np.append(keys % none, rest), np.append(taken, left)))


def _seen(pieces: Carved) -> Carved:
    some = np.flatnonzero(~shapely.is_empty(pieces.geometry))
    return Carved(pieces.item[some], pieces.code[some], pieces.geometry[some])


def _brought_down(
    values: Geometries, item: Integers, features: Geometries, feature: Integers
) -> tuple[Integers, Geometries]:
    """Return what is of each feature near its item: the rank of the pair, and one or several polygons."""
    large = shapely.get_num_coordinates(features) > LARGE
    alone = np.flatnonzero(~large[feature])
    several, part, parts = _in_parts(values, item, features, feature, np.flatnonzero(large[feature]))
    pair = np.concatenate([alone, several])
    local = np.concatenate([features[feature[alone]], parts[part]])
    local = near(local, values[item[pair]])
    some = np.flatnonzero(~shapely.is_empty(local))
    return pair[some], local[some]


def _in_parts(
    values: Geometries, item: Integers, features: Geometries, feature: Integers, pair: Integers
) -> tuple[Integers, Integers, Geometries]:
    """Return the pairs, the parts of their features that meet their items, and all the parts."""
    used = np.unique(feature[pair])
    parts = split(features[used], PARTS)
    who = np.unique(item[pair])
    found, part = shapely.STRtree(parts.geometry).query(values[who])
    size = max(len(features), 1)
    key = item[pair] * size + feature[pair]
    order = np.argsort(key)
    wanted = who[found] * size + used[parts.source[part]]
    place = np.minimum(np.searchsorted(key[order], wanted), max(len(key) - 1, 0))
    met = np.flatnonzero(key[order][place] == wanted) if len(key) else place[:0]
    return pair[order[place[met]]], part[met], parts.geometry


def _conserved(values: Geometries, item: Integers, taken: Geometries, left: Geometries) -> Geometries:
    """Return what is left of each polygon, made again from the pieces taken where areas do not add up."""
    rest = shapely.area(values) - sum_by(shapely.area(taken), item, len(values))
    gap = np.abs(rest - shapely.area(left))
    for lost in np.flatnonzero(gap > KEPT * shapely.area(values)):
        pieces = taken[item == lost]
        again = values[[lost]]
        for piece in pieces[np.argsort(shapely.area(pieces), kind="stable")]:
            again = of_dimension(shapely.difference(again, piece), 2)
        if abs(rest[lost] - shapely.area(again[0])) < gap[lost]:
            left[lost] = again[0]
    return left
