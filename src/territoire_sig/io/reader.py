"""What a reader is: one function from a source to layers whose columns bear the names of their roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.faults import Remark
from ..model.raster import Raster
from ..model.territory import Frame
from ..texts import Text

__all__ = ["RawLayer", "Reader", "Source"]


@dataclass(frozen=True)
class Source:
    """One ``[[couches]]`` table of a territory file: a file (or folder, or archive) and how to read it.

    Attributes
    ----------
    path : Path
        Absolute path of a file, a folder or an archive.
    role : str, optional
        The one role wanted. None: every role that the format gives.
    layer : str, optional
        Layer inside the file.
    crs : str, optional
        CRS that the user states; it replaces what the file says.
    encoding : str, optional
        Text encoding that the user states.
    columns : mapping of str to str
        Column of the role → column of the file, where names differ.
    options : mapping
        What only this format understands (``jour`` for GTFS…).
    """

    path: Path
    role: str | None = None
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def wants(self, role: str) -> bool:
        """Tell whether `role` is asked for."""
        return self.role is None or self.role == role


@dataclass(frozen=True, eq=False)
class RawLayer:
    """One layer as a reader gives it: columns named as in its role, values not yet checked, CRS of the file.

    Attributes
    ----------
    frame : GeoDataFrame, DataFrame or Raster
        A GeoDataFrame whose ``crs`` is the file's own (None when the file says none).
    layer : str
        Name of the layer inside the source (for messages and the record).
    rows_read : int
        Features or rows in the file, before anything was set aside.
    crs_known : str, optional
        CRS that the format itself imposes where the file cannot say it (a CSV in Lambert-93).
    remarks : tuple of Remark
        What the reader noticed or did: the record lists them.
    """

    role: str
    frame: Frame | Raster
    layer: str
    rows_read: int
    encoding: str | None = None
    crs_known: str | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Reader:
    """A published format and the function that reads it.

    Attributes
    ----------
    id : str
        Word used in ``format = "…"``.
    roles : tuple of str
        Roles that it can fill.
    options : mapping of str to Text
        Options that `read` understands, with their meaning.
    """

    id: str
    title: Text
    roles: tuple[str, ...]
    read: Callable[[Source], list[RawLayer]]
    options: Mapping[str, Text] = field(default_factory=dict)
