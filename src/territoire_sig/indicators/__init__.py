"""Analyses: one file each, the pure function and its declaration beside it.

Every analysis keeps the same word about what it knows: a value is NaN where the data do not tell it, and
``known_share`` says what part of the unit (of its area, or of its objects) they do tell. A NaN whose known share
is above 0 means «nothing to measure there»: a share of AUc zones in a unit that has none.

Adding an analysis is adding one file to this package, with ``ANALYSIS`` (a declaration) or ``ANALYSES`` (several).
Another distribution may bring its own under the entry-point group ``territoire_sig.analyses``.
"""

from __future__ import annotations

from .registry import ENTRY_POINT_GROUP, declared

__all__ = ["ENTRY_POINT_GROUP", "declared"]
