"""Chains: runs of edges through nodes where nothing is decided, made into one edge each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .pairs import Floats
from .subdivision import Integers

__all__ = ["Arcs", "contracted"]


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs of a graph, with their minutes."""

    tail: Integers
    head: Integers
    minutes: Floats

    def joined(self, *others: Arcs) -> Arcs:
        """Return these arcs together with others."""
        lots = (self, *others)
        return Arcs(*(np.concatenate([getattr(lot, name) for lot in lots]) for name in ("tail", "head", "minutes")))

    def both_ways(self) -> Arcs:
        """Return these arcs and their reverse."""
        return self.joined(Arcs(self.head, self.tail, self.minutes))

    def where(self, wanted: npt.NDArray[np.bool_]) -> Arcs:
        """Return some of these arcs."""
        return Arcs(self.tail[wanted], self.head[wanted], self.minutes[wanted])


def contracted(edges: Arcs, *, kept: Integers, one_way: npt.NDArray[np.bool_]) -> Arcs:
    """Return the arcs, in both ways but for those that are one-way, with each chain made into one.

    Parameters
    ----------
    edges : Arcs
        Each once; it is travelled in both ways unless told `one_way`.
    kept : array of int
        Nodes that stay, whatever their degree.
    one_way : array of bool
        Edges that are only travelled from tail to head: they are never contracted.

    Examples
    --------
    >>> line = Arcs(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1.0, 2.0, 4.0]))
    >>> found = contracted(line, kept=np.array([0, 2]), one_way=np.zeros(3, bool))
    >>> [(int(a), int(b), float(m)) for a, b, m in zip(found.tail, found.head, found.minutes)]
    [(0, 2, 3.0), (2, 3, 4.0), (2, 0, 3.0), (3, 2, 4.0)]
    """
    if not len(edges.tail):
        return edges
    count = int(max(edges.tail.max(), edges.head.max(), kept.max(initial=-1))) + 1
    through = np.bincount(np.append(edges.tail, edges.head), minlength=count) == 2
    through[kept] = False
    through[edges.tail[one_way]] = through[edges.head[one_way]] = False
    chain = _chains(edges, through)
    return _ends(edges.where(~one_way), chain[~one_way], through).both_ways().joined(edges.where(one_way))


def _chains(edges: Arcs, through: npt.NDArray[np.bool_]) -> Integers:
    """Return the chain of each edge: edges that share a node that one only passes through are of one chain."""
    node = np.append(edges.tail, edges.head)
    edge = np.tile(np.arange(len(edges.tail)), 2)
    passed = through[node]
    order = np.argsort(node[passed], kind="stable")
    pairs = edge[passed][order].reshape(-1, 2)
    size = (len(edges.tail),) * 2
    _, chain = connected_components(coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=size), False)
    named: Integers = chain.astype(np.intp)
    return named


def _ends(edges: Arcs, chain: Integers, through: npt.NDArray[np.bool_]) -> Arcs:
    """Return one edge a chain, from one of its ends to the other; loops and closed rings lead nowhere and go."""
    ends, owner = np.append(edges.tail, edges.head), np.tile(chain, 2)
    last = ~through[ends]
    ends, owner = ends[last], owner[last]
    order = np.lexsort([ends, owner])
    pairs, owners = ends[order].reshape(-1, 2), owner[order][::2]
    minutes: Floats = np.bincount(chain, edges.minutes)[owners].astype(np.float64)
    return Arcs(pairs[:, 0], pairs[:, 1], minutes).where(pairs[:, 0] != pairs[:, 1])
