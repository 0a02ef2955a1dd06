"""Is a territory's digital plan coherent with its other public policies?

>>> import territoire_sig as ts
>>> diagnosis = ts.diagnose(ts.read_territory("territoire.toml"))  # doctest: +SKIP
>>> diagnosis.save("resultats")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diagnosis.diagnosis import Diagnosis
    from .diagnosis.replay import replay
    from .diagnosis.run import diagnose
    from .indicators import declared
    from .io.territory import read_territory
    from .model.territory import Territory
    from .texts import language

__all__ = ["Diagnosis", "Territory", "declared", "diagnose", "language", "read_territory", "replay"]

_HOMES = {
    "Diagnosis": "diagnosis.diagnosis",
    "Territory": "model.territory",
    "declared": "indicators",
    "diagnose": "diagnosis.run",
    "language": "texts",
    "read_territory": "io.territory",
    "replay": "diagnosis.replay",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import territoire_sig`` and ``--help`` stay quick."""
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(name)
