"""Columns and roles: what a layer must hold to play its part in a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..texts import Text
from .policies import Policy

__all__ = ["Column", "ColumnKind", "GeometryKind", "Role"]

ColumnKind = Literal["text", "code_insee", "code_cnig", "number", "integer", "share", "boolean", "date"]
GeometryKind = Literal["polygon", "line", "point", "any", "table", "raster"]


@dataclass(frozen=True)
class Column:
    """One column of a role.

    Attributes
    ----------
    name : str
        Name in the library, in lower case: the official one where a standard gives it.
    kind : ColumnKind
        ``share`` is a number in [0, 1]; ``code_insee`` is text, leading zero kept; ``code_cnig`` is text of two
        figures («05»), as in the lists of prescriptions and informations.
    values : mapping of str to Text, optional
        Accepted codes with their meaning. Empty: any value.
    minimum, maximum : float, optional
        Bounds, included.
    unit : str, optional
        Unit of the values (``"m2"``, ``"kWh/an"``…).
    aliases : tuple of str
        Other names under which published files give the column (compared without case).
    unknown : tuple of str
        Codes that say that the value is not known («indetermine»): rules do not judge on them.
    """

    name: str
    text: Text
    kind: ColumnKind = "text"
    required: bool = False
    values: Mapping[str, Text] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """The part that a layer plays: ``zonage``, ``alea``, ``site_mobile``…

    A role of geometry ``table`` has no geometry of its own: its `key` column (an INSEE code) joins it to the
    units or to the communes; without `key`, it tells nothing of places, and analyses get it as it was read. A role
    of geometry ``raster`` holds a :class:`~territoire_sig.model.raster.Raster`.

    `placeless`: features without a geometry are kept, for analyses; they are part of what is not told by place.
    """

    id: str
    text: Text
    policy: Policy
    geometry: GeometryKind
    columns: tuple[Column, ...] = ()
    key: str | None = None
    placeless: bool = False

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the required columns."""
        return tuple(column.name for column in self.columns if column.required)
