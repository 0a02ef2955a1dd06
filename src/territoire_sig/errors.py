"""Errors of the library: each says where, what, both values, and the mend, in the reader's language.

Every error is a :class:`TerritoireError` and also the built-in error that it refines, so that a caller
may catch either.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING

from .texts import Text

if TYPE_CHECKING:
    from .model.faults import Fault

__all__ = [
    "CRSMismatchError",
    "ChecksumError",
    "ClusterError",
    "EmptyLayerError",
    "FaultsError",
    "GeometryTypeError",
    "InvalidValueError",
    "MissingColumnError",
    "MissingExtraError",
    "MissingFileError",
    "ParameterError",
    "RuleError",
    "TerritoireError",
    "TerritoryFileError",
    "UnreadableLayerError",
]

_MEND = Text("Remède : ", "Mend: ")
_LAYER = Text("couche", "layer")


class TerritoireError(Exception):
    """Base of every error of the library.

    Parameters
    ----------
    problem : Text
        What is wrong, with both values (found and expected).
    mend : Text, optional
        What the reader should do.
    file, layer : str, optional
        Where.
    """

    def __init__(
        self,
        problem: Text,
        mend: Text | None = None,
        *,
        file: str | PathLike[str] | None = None,
        layer: str | None = None,
    ) -> None:
        self.problem, self.mend, self.layer = problem, mend, layer
        self.file = None if file is None else fspath(file)
        super().__init__(problem, mend)

    def __str__(self) -> str:
        where = ", ".join(p for p in (self.file, self.layer and f"{_LAYER} «{self.layer}»") if p)
        text = f"{where} : {self.problem}" if where else str(self.problem)
        return f"{text}\n{_MEND}{self.mend}" if self.mend else text


class MissingFileError(TerritoireError, FileNotFoundError):
    """A file or folder named by the user does not exist."""

    __str__ = TerritoireError.__str__


class UnreadableLayerError(TerritoireError, OSError):
    """A file exists, and cannot be read as the layer that it should hold."""

    __str__ = TerritoireError.__str__


class CRSMismatchError(TerritoireError, ValueError):
    """A coordinate reference system is missing, wrong, geographic where metres are needed, or mixed."""


class MissingColumnError(TerritoireError, KeyError):
    """A required column is absent."""

    __str__ = TerritoireError.__str__


class InvalidValueError(TerritoireError, ValueError):
    """A value is outside its list, its bounds or its type."""


class EmptyLayerError(TerritoireError, ValueError):
    """A layer has no feature where at least one is needed."""


class GeometryTypeError(TerritoireError, TypeError):
    """Geometries are not of the kind that the measure needs."""


class ParameterError(TerritoireError, ValueError):
    """A parameter of an analysis is unknown or out of bounds."""


class TerritoryFileError(TerritoireError, ValueError):
    """A ``territoire.toml`` is not well formed."""


class RuleError(TerritoireError, ValueError):
    """A rule of a rulebook is wrong; the message gives the file, the line and the mend."""


class ChecksumError(TerritoireError, ValueError):
    """An input is not the one that a recorded run has read."""


class MissingExtraError(TerritoireError, ImportError):
    """An optional dependency is not installed; the message gives the command that installs it."""

    __str__ = TerritoireError.__str__


class ClusterError(TerritoireError, RuntimeError):
    """A cluster cannot be reached, or has lost the workers that a task needs."""


class FaultsError(TerritoireError, ValueError):
    """Several faults at once, all of them listed.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault of every layer.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        n = len(self.faults)
        super().__init__(
            Text(f"{n} faute(s) dans les données", f"{n} fault(s) in the data"),
            Text("corrigez chaque ligne ci-dessous, puis relancez.", "mend each line below, then run again."),
        )

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {fault}" for fault in self.faults)])
