"""What the worker says: one JSON object a line on the standard output, and nothing else there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from ..errors import FaultsError, TerritoireError
from ..model.faults import Fault
from ..texts import Text

__all__ = ["Channel", "fault_fields"]


@dataclass(frozen=True)
class Channel:
    """The way to the caller."""

    stream: TextIO

    @classmethod
    def taking_stdout(cls) -> Channel:
        """Return a channel on the standard output; from now on whatever else is printed goes to the standard error.

        The descriptor itself is moved, so that a C library that prints cannot break a line of the protocol.
        """
        own = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(os.fdopen(own, "w", encoding="utf-8", newline="\n", buffering=1))

    def tell(self, event: str, **fields: Any) -> None:
        """Send one event; NaN and infinities, which JSON has not, become null. A caller that left ends the worker."""
        text = json.dumps({"event": event, **_plain(fields)}, ensure_ascii=False, allow_nan=False)
        try:
            self.stream.write(text + "\n")
            self.stream.flush()
        except OSError:
            os._exit(141)

    def progress(self, share: float, message: str) -> None:
        """Send the share done (0 to 1) and what is being done."""
        self.tell("progress", share=min(max(share, 0.0), 1.0), message=message)

    def progress_until(self, last: float) -> Callable[[float, str], None]:
        """Return what sends the share of a step whose end is the share `last` of the whole."""
        return lambda share, message: self.progress(last * share, message)

    def info(self, message: object) -> None:
        """Send a sentence worth reading."""
        self.tell("info", message=str(message))

    def warning(self, message: object) -> None:
        """Send a sentence that must be read."""
        self.tell("warning", message=str(message))

    def error(self, error: TerritoireError, *, kind: str | None = None) -> None:
        """Send an error: its problem and mend in both languages, its place, its faults, and its whole text."""
        self.tell(
            "error",
            kind=kind or type(error).__name__,
            message=str(error),
            problem=error.problem,
            mend=error.mend,
            file=error.file,
            layer=error.layer,
            faults=[fault_fields(item) for item in error.faults] if isinstance(error, FaultsError) else [],
        )


def fault_fields(fault: Fault) -> dict[str, Any]:
    """Return a fault as the protocol gives it."""
    return {
        "file": fault.file,
        "layer": fault.layer,
        "column": fault.column,
        "value": fault.value,
        "problem": fault.problem,
        "mend": fault.mend,
        "message": str(fault),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value
