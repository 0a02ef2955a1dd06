"""Which analyses there are: those of this package, and those that other distributions bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

from ..errors import InvalidValueError
from ..model.declaration import Declaration
from ..texts import Text

__all__ = ["ENTRY_POINT_GROUP", "declared"]

ENTRY_POINT_GROUP = "territoire_sig.analyses"


def declared() -> Mapping[str, Declaration]:
    """Return every analysis by identifier, in alphabetical order.

    They are found in the modules of this package (``ANALYSIS`` or ``ANALYSES``), then behind the entry points
    of group ``territoire_sig.analyses``, each of which is a declaration, several, or a module that holds some.

    Raises
    ------
    InvalidValueError
        When an entry point gives something else, or two analyses bear one identifier.

    Examples
    --------
    >>> "zoning_fixed_coverage" in declared()
    True
    """
    found: dict[str, Declaration] = {}
    for origin, analysis in (*_own(), *_brought()):
        if analysis.id in found:
            raise InvalidValueError(
                Text(
                    f"deux analyses portent l'identifiant «{analysis.id}», la seconde vient de {origin}",
                    f"two analyses bear the identifier «{analysis.id}», the second comes from {origin}",
                ),
                Text("renommez l'une des deux.", "rename one of them."),
            )
        found[analysis.id] = analysis
    return MappingProxyType(dict(sorted(found.items())))


def _own() -> Iterator[tuple[str, Declaration]]:
    """Yield the analyses of this package, with the module of each."""
    package = import_module(__package__ or "territoire_sig.indicators")
    for module in iter_modules(package.__path__):
        name = f"{package.__name__}.{module.name}"
        for analysis in _of_module(import_module(name)):
            yield name, analysis


def _brought() -> Iterator[tuple[str, Declaration]]:
    """Yield the analyses of other distributions, with the entry point of each."""
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        brought = entry.load()
        for analysis in _of_module(brought) if isinstance(brought, ModuleType) else _several(brought):
            yield entry.value, _declaration(analysis, entry.value)


def _of_module(module: ModuleType) -> tuple[Declaration, ...]:
    """Return the analyses that a module exposes: none, one or several."""
    return (*_several(getattr(module, "ANALYSIS", ())), *_several(getattr(module, "ANALYSES", ())))


def _several(found: Any) -> tuple[Any, ...]:
    """Return one analysis or several as a tuple."""
    return tuple(found) if isinstance(found, Iterable) else (found,)


def _declaration(found: Any, origin: str) -> Declaration:
    """Return what an entry point gave, refused when it is no declaration."""
    if isinstance(found, Declaration):
        return found
    raise InvalidValueError(
        Text(
            f"le point d'entrée {origin} donne «{type(found).__name__}» ; attendu : Declaration",
            f"entry point {origin} gives «{type(found).__name__}»; expected Declaration",
        ),
        Text(
            "exposez une Declaration, plusieurs, ou un module qui porte ANALYSIS ou ANALYSES.",
            "expose a Declaration, several, or a module that holds ANALYSIS or ANALYSES.",
        ),
    )
