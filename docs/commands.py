"""The commands of ``territoire-sig`` as data, read from the declarations of their arguments and options."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from territoire_sig.cli.analyse import analyses_app
from territoire_sig.cli.app import app

__all__ = ["commands_in"]


def commands_in(code: str) -> list[dict[str, Any]]:
    """Return every command, described in the language `code`.

    In a process of its own: help texts are worded when the module that holds them is imported.
    """
    told = subprocess.run(
        [sys.executable, str(Path(__file__).resolve())],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TERRITOIRE_SIG_LANG": code},
    )
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def _described() -> list[dict[str, Any]]:
    groups = (("territoire-sig", app), ("territoire-sig analyse", analyses_app(loaded=True)))
    return [
        {
            "name": f"{group} {info.name or info.callback.__name__}",
            "help": info.help or "",
            "options": list(_options(info.callback)),
        }
        for group, commands in groups
        for info in commands.registered_commands
        if info.callback is not None
    ]


def _options(callback: Any) -> Iterator[dict[str, Any]]:
    for parameter in inspect.signature(callback, eval_str=True).parameters.values():
        told = get_args(parameter.annotation)[1]
        if told.hidden:
            continue
        flags = [name for name in (told.default, *(told.param_decls or ())) if str(name).startswith("-")]
        yield {
            "names": flags or [told.metavar or parameter.name],
            "help": told.help or "",
            "required": parameter.default is inspect.Parameter.empty,
            "default": None if parameter.default in (None, False, inspect.Parameter.empty) else str(parameter.default),
        }


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(_described(), ensure_ascii=False).encode())
