"""The command line: arguments in, exit code out. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

from .app import main

__all__ = ["main"]
