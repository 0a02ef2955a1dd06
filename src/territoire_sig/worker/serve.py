"""One request served: its operation called, its errors told, its exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import FrameType, TracebackType
from typing import IO, Any

from ..errors import TerritoireError
from ..texts import Text
from .channel import Channel
from .request import Fields, ProtocolError, parse_request

__all__ = ["OPERATIONS", "install_handlers", "serve"]

#: Operations, each with the module that holds the function of its name: heavy imports wait until one is asked for.
OPERATIONS = {
    "handshake": "engine",
    "declarations": "engine",
    "analyse": "analyse",
    "diagnostic": "diagnostic",
    "verifier": "diagnostic",
    "preparer": "preparer",
    "carte": "carte",
}
REFUSED, INTERRUPTED, TERMINATED = 2, 130, 143


def serve(line: bytes, source: IO[bytes], channel: Channel) -> int:
    """Do what the request `line` asks, and return the exit code: 0; 2 when it was refused; 130 when interrupted.

    Parameters
    ----------
    source : binary stream
        Where the request came from: with ``"watch": true``, its end ends the process.
    """
    try:
        _operate(line, source, channel)
    except TerritoireError as error:
        channel.error(error)
        return REFUSED
    except KeyboardInterrupt:
        told = Text("interrompu : rien n'a été écrit", "interrupted: nothing was written")
        channel.error(TerritoireError(told), kind="interrupted")
        return INTERRUPTED
    return 0


def install_handlers(channel: Channel) -> None:
    """Tell a defect of the library as an error of kind ``internal`` (exit code 1); leave tidily on SIGTERM (143)."""
    sys.excepthook = partial(_unexpected, channel)
    signal.signal(signal.SIGTERM, _leave)


def _operate(line: bytes, source: IO[bytes], channel: Channel) -> None:
    fields = Fields(parse_request(line), "requête")
    fields.optional("lang", str)
    if fields.optional("watch", bool):
        threading.Thread(target=_watch, args=(source,), daemon=True).start()
    _operation(fields.take("op", str))(fields, channel)


def _operation(name: str) -> Callable[[Fields, Channel], None]:
    if name not in OPERATIONS:
        raise ProtocolError(
            Text(f"opération inconnue : «{name}»", f"unknown operation: «{name}»"),
            Text(f"opérations admises : {', '.join(OPERATIONS)}.", f"accepted operations: {', '.join(OPERATIONS)}."),
        )
    found: Callable[[Fields, Channel], None] = getattr(import_module(f".{OPERATIONS[name]}", __package__), name)
    return found


def _watch(source: IO[bytes]) -> None:
    """End the worker when the caller closes its end of the standard input: it is gone, or wants no answer."""
    while source.read(1):
        pass
    os._exit(TERMINATED)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def _unexpected(channel: Channel, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
    """Tell a defect: nobody reads the standard error of a worker unless told to."""
    sys.stderr.write("".join(traceback.format_exception(kind, error, trace)))
    told = TerritoireError(
        Text(f"erreur inattendue du moteur : {error!r}", f"unexpected error of the engine: {error!r}"),
        Text(
            "joignez le journal à un signalement ; vos couches n'ont pas été touchées.",
            "send the log with a report; your layers were not touched.",
        ),
    )
    channel.error(told, kind="internal")
