"""Slabs: cells cut upright wherever an edge begins, ends or crosses another; their area, class by class.

In a slab no two edges cross: from the bottom up, what lies between an edge and the next is a trapezoid, in one class of
each layer. Its area is the width of the slab times the distance of the two edges at mid-width, which stays right where
edges touch or lie over one another: nothing lies between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .edges import EPSILON
from .grouped import Floats, Integers, spread, sum_by

__all__ = ["Cells", "Field", "Jumps", "Lines", "grouped", "joined", "running", "summed"]

TURNS = 4  # times that slabs in which edges cross are cut again
NEAR = 64 * EPSILON
WIDEST = 62  # bits of a state

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Field:
    """Where a state holds the class of a layer, from 1 to `highest`, and over it how many polygons were entered.

    A state is an integer that holds several layers; `pack` is its rank, where one does not hold them all.
    """

    pack: int
    shift: int
    highest: int

    @classmethod
    def of(cls, highest: Sequence[int]) -> list[Field]:
        """Return the fields of layers, given the highest class of each, in as few states as hold them.

        Examples
        --------
        >>> [field.shift for field in Field.of([1, 3, 200])]
        [0, 4, 9]
        """
        fields: list[Field] = []
        pack = shift = 0
        for high in highest:
            field = cls(pack, shift, high)
            if shift + field.bits + 2 > WIDEST:
                field = cls(pack + 1, 0, high)
            fields.append(field)
            pack, shift = field.pack, field.shift + field.bits + 2
        return fields

    @property
    def bits(self) -> int:
        """Bits of the class: two neighbours entered at once do not reach those of the count."""
        return (2 * self.highest).bit_length()

    def entered(self, number: Integers) -> Integers:
        """Return what entering polygons of some classes adds to the state."""
        return (number + (1 << self.bits)) << self.shift

    def code(self, state: Integers) -> Integers:
        """Return the class, from 0, that a state holds; -1 for none, or where rounding has entered two at once.

        Examples
        --------
        >>> field = Field.of([1, 3])[1]
        >>> both = field.entered(np.array([2, 3]))
        >>> field.code(np.array([0, both[0], both.sum()])).tolist()
        [-1, 1, -1]
        """
        number = ((state >> self.shift) & ((1 << (self.bits + 2)) - 1)) - (1 << self.bits)
        return np.where((number > 0) & (number <= self.highest), number - 1, -1)


@dataclass(frozen=True)
class Lines:
    """Edges in cells, from left (`x1`, `y1`) to right (`x2`, `y2`); going up through one adds `up` to a state."""

    cell: Integers
    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    pack: Integers
    up: Integers

    def __getitem__(self, some: Integers) -> Lines:
        return Lines(*(getattr(self, name)[some] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Jumps:
    """Changes of state at the bottom of cells: at `x`, and on its right, `up` is added."""

    cell: Integers
    x: Floats
    pack: Integers
    up: Integers


@dataclass(frozen=True)
class Cells:
    """Rectangles to sum: their sides, and the `zone` that each is for."""

    left: Floats
    right: Floats
    bottom: Floats
    top: Floats
    zone: Integers


@dataclass(frozen=True)
class _Slabs:
    """Edges in slabs, from the bottom up in each: the `slab`, the edge `item`, its heights on the left and right.

    One value a slab: where it begins, its width, its cell, its states at the bottom, and the `first` of its edges.
    """

    lines: Lines
    cells: Cells
    slab: Integers
    item: Integers
    left: Floats
    right: Floats
    start: Floats
    width: Floats
    cell: Integers
    base: Sequence[Integers]
    first: Integers


def joined(lots: Sequence[Lines]) -> Lines:
    """Return several lots of edges as one."""
    return Lines(*(np.concatenate([getattr(lot, name) for lot in lots]) for name in Lines.__dataclass_fields__))


def running(values: Integers, first: Integers) -> Integers:
    """Return the running sums of values within groups that begin at `first`.

    Examples
    --------
    >>> running(np.array([1, 2, 5, 5]), np.array([0, 2])).tolist()
    [1, 3, 5, 10]
    """
    reset = values.copy()
    if len(values):
        reset[first[1:]] -= np.add.reduceat(values, first)[:-1]
    return np.cumsum(reset)


def summed(lines: Lines, jumps: Jumps, states: Sequence[Integers], cells: Cells, own: Field) -> tuple[Integers, Floats]:
    """Return the rows (zone, states…) found in cells, and the area of each.

    Parameters
    ----------
    lines : Lines
        Edges of all layers, each within its cell.
    jumps : Jumps
        Where edges cross the bottom of a cell.
    states : sequence of array of int
        The states at the lower left corner of each cell, one array a pack.
    own : Field
        The field of the zones: only what is in class 0 of it counts.
    """
    lots = []
    for turn in range(TURNS):
        slabs = _cut(lines, jumps, states, cells)
        crossed = _crossed(slabs) if turn < TURNS - 1 else np.zeros(len(slabs.start), dtype=bool)
        lots.append(_stacked(slabs, ~crossed, own))
        if not crossed.any():
            break
        lines, jumps, states, cells = _again(slabs, crossed)
    *table, area = (np.concatenate(column) for column in zip(*lots, strict=True))
    return grouped(table, area)


def _cut(lines: Lines, jumps: Jumps, states: Sequence[Integers], cells: Cells) -> _Slabs:
    """Cut cells, and the edges in them, wherever an edge begins or ends, or the state at the bottom changes."""
    every, number = np.arange(len(cells.zone)), len(lines.cell)
    x, cell, rank = _events(
        np.concatenate([lines.x1, lines.x2, jumps.x, cells.left, cells.right]),
        np.concatenate([lines.cell, lines.cell, jumps.cell, every, every]),
    )
    begin, end, jumped = rank[:number], rank[number : 2 * number], rank[2 * number : 2 * number + len(jumps.x)]
    opens = np.append(cell[1:] == cell[:-1], False)
    slab_of, start = np.cumsum(opens) - 1, np.flatnonzero(opens)
    width = x[start + 1] - x[start]
    item, place = spread(end - begin)
    event = begin[item] + place
    slope = ((lines.y2 - lines.y1) / (lines.x2 - lines.x1))[item]
    left = lines.y1[item] + slope * (x[event] - lines.x1[item])
    slab = slab_of[event]
    right = left + slope * width[slab]
    order = np.argsort(left + right)
    order = order[_stable(slab[order])]
    first = np.concatenate([[0], np.cumsum(np.bincount(slab, minlength=len(start)))])
    base = [_at_the_bottom(state, jumps, jumped, rank, cell[start], start) for rank, state in enumerate(states)]
    return _Slabs(
        lines, cells, slab[order], item[order], left[order], right[order], x[start], width, cell[start], base, first
    )


def _events(x: Floats, cell: Integers) -> tuple[Floats, Integers, Integers]:
    """Return the distinct places where something begins or ends, by cell, and the rank among them of each given."""
    order = np.argsort(x)
    order = order[_stable(cell[order])]
    x, cell = x[order], cell[order]
    new = np.concatenate([[True], (x[1:] > x[:-1]) | (cell[1:] > cell[:-1])])[: len(x)]
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.cumsum(new) - 1
    return x[new], cell[new], rank


def _stable(values: Integers) -> Integers:
    """Return the order of integers, stable; sooner for small ones."""
    small = values.astype(np.uint16) if values.max(initial=0) < 65_536 else values
    return np.argsort(small, kind="stable")


def _at_the_bottom(
    state: Integers, jumps: Jumps, jumped: Integers, pack: int, cell: Integers, start: Integers
) -> Integers:
    """Return the state at the bottom of each slab: that of the corner of its cell, and the jumps on its left."""
    added = np.zeros(int(start.max(initial=-1)) + 2, dtype=np.int64)
    mine = jumps.pack == pack
    within = jumped[mine] < len(added)
    np.add.at(added, jumped[mine][within], jumps.up[mine][within])
    added = added[start]
    first = np.searchsorted(cell, np.arange(len(state)))
    added[first] += state
    return running(added, first)


def _crossed(slabs: _Slabs) -> Bools:
    """Return the slabs in which edges cross, beyond rounding."""
    found = np.zeros(len(slabs.start), dtype=bool)
    near = NEAR * slabs.cells.top[slabs.cell[slabs.slab[1:]]]
    wrong = (slabs.left[:-1] > slabs.left[1:] + near) | (slabs.right[:-1] > slabs.right[1:] + near)
    wrong &= slabs.slab[:-1] == slabs.slab[1:]
    found[slabs.slab[1:][wrong]] = True
    return found


def _stacked(slabs: _Slabs, kept: Bools, own: Field) -> list[npt.NDArray[Any]]:
    """Return the zone and the states of what lies in zones in the slabs kept, and the area of each."""
    lowest, above = _heights(slabs)
    bottom = slabs.cells.bottom[slabs.cell]
    middle = (slabs.left + slabs.right) / 2
    width = np.concatenate([slabs.width, slabs.width[slabs.slab]])
    area = np.concatenate([lowest - bottom, above - middle]) * width
    pack, up = slabs.lines.pack[slabs.item], slabs.lines.up[slabs.item]
    first = slabs.first[:-1][np.diff(slabs.first) > 0]
    states = []
    for rank, base in enumerate(slabs.base):
        risen = running(np.where(pack == rank, up, 0) if len(slabs.base) > 1 else up, first)
        states.append(np.concatenate([base, base[slabs.slab] + risen]))
    slab = np.concatenate([np.arange(len(kept)), slabs.slab])
    seen = np.flatnonzero(kept[slab] & (area > 0) & (own.code(states[own.pack]) == 0))
    zone = slabs.cells.zone[slabs.cell[slab[seen]]]
    return [zone, *(state[seen] for state in states), area[seen]]


def _heights(slabs: _Slabs) -> tuple[Floats, Floats]:
    """Return the height of the lowest edge of each slab, and of what is above each edge, at mid-width."""
    middle, top = (slabs.left + slabs.right) / 2, slabs.cells.top[slabs.cell]
    some = np.flatnonzero(np.diff(slabs.first))
    lowest, above = top.copy(), np.append(middle[1:], 0.0)[: len(middle)]
    lowest[some] = middle[slabs.first[some]]
    above[slabs.first[some + 1] - 1] = top[some]
    return lowest, above


def _again(slabs: _Slabs, crossed: Bools) -> tuple[Lines, Jumps, list[Integers], Cells]:
    """Return the slabs crossed as cells, their edges, and the places where these cross, as jumps of nothing."""
    number, which = np.cumsum(crossed) - 1, np.flatnonzero(crossed)
    some = np.flatnonzero(crossed[slabs.slab])
    slab, mine = slabs.slab[some], slabs.lines[slabs.item[some]]
    left, end = slabs.start[slab], slabs.start + slabs.width
    lines = Lines(number[slab], left, slabs.left[some], end[slab], slabs.right[some], mine.pack, mine.up)
    at, x = _crossings(slabs, some)
    inside = np.flatnonzero((x > slabs.start[at]) & (x < end[at]))
    nothing = np.zeros(len(inside), dtype=np.intp)
    cell, cells = slabs.cell[which], slabs.cells
    smaller = Cells(slabs.start[which], end[which], cells.bottom[cell], cells.top[cell], cells.zone[cell])
    return lines, Jumps(number[at[inside]], x[inside], nothing, nothing), [base[which] for base in slabs.base], smaller


def _crossings(slabs: _Slabs, some: Integers) -> tuple[Integers, Floats]:
    """Return where edges cross others of their slab: the slab and the place."""
    one, place = spread(slabs.first[slabs.slab[some] + 1] - some - 1)
    one = some[one]
    other = one + 1 + place
    before, after = slabs.left[other] - slabs.left[one], slabs.right[other] - slabs.right[one]
    cross = np.flatnonzero((before < 0) != (after < 0))
    at, before, after = slabs.slab[one[cross]], before[cross], after[cross]
    return at, slabs.start[at] + slabs.width[at] * (before / (before - after))


def grouped(table: Sequence[Integers], area: Floats) -> tuple[Integers, Floats]:
    """Return the distinct rows of a table of integers, in the order in which they come, and the sum of their areas.

    Examples
    --------
    >>> rows, area = grouped([np.array([7, 5, 7]), np.array([0, 0, 0])], np.array([1.0, 2.0, 3.0]))
    >>> rows.tolist(), area.tolist()
    ([[7, 0], [5, 0]], [4.0, 2.0])
    """
    rank, size = np.zeros(len(area), dtype=np.intp), 0
    for column in table:
        code, values = pd.factorize(column)
        rank, known = pd.factorize(rank * len(values) + code)
        size = len(known)
    first = np.full(size, len(area))
    np.minimum.at(first, rank, np.arange(len(area)))
    return np.column_stack([column[first] for column in table]), sum_by(area, rank, size)
