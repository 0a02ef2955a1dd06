"""The readers at hand: every module of :mod:`territoire_sig.io.formats`, and those of installed plug-ins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from ..errors import TerritoryFileError
from ..texts import Text
from . import formats
from .reader import Reader

__all__ = ["reader", "readers"]


@cache
def readers() -> Mapping[str, Reader]:
    """Return all readers by identifier: a format is one module with a ``READER`` (or a tuple ``READERS``).

    Other packages add theirs under the entry-point group ``territoire_sig.readers``.
    """
    found: list[Reader] = []
    for module in iter_modules(formats.__path__):
        loaded = import_module(f"{formats.__name__}.{module.name}")
        found += getattr(loaded, "READERS", None) or [loaded.READER]
    found += [entry.load() for entry in entry_points(group="territoire_sig.readers")]
    return {item.id: item for item in sorted(found, key=lambda item: item.id)}


def reader(identifier: str, *, file: str | None = None) -> Reader:
    """Return the reader called `identifier`.

    Raises
    ------
    TerritoryFileError
        When there is none; the message lists those that exist.
    """
    known = readers()
    if identifier in known:
        return known[identifier]
    raise TerritoryFileError(
        Text(f"format inconnu : «{identifier}»", f"unknown format: «{identifier}»"),
        Text(f"formats admis : {', '.join(known)}.", f"accepted formats: {', '.join(known)}."),
        file=file,
    )
