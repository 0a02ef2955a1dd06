"""``territoire-sig analyse ID``: one sub-command a declared analysis, its options from its parameters."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..texts import Text
from .session import Session

if TYPE_CHECKING:
    from ..model.declaration import Declaration, Parameter

__all__ = ["analyses_app"]

#: Options that every analysis has, beside its own parameters.
_COMMON = ("territory", "output", "whole", "table", "as_json", "lang")


def analyses_app(*, loaded: bool) -> typer.Typer:
    """Return the ``analyse`` group; its commands are there only when `loaded`, since finding them takes imports."""
    app = typer.Typer(
        no_args_is_help=True,
        help=str(Text("Joue une seule analyse et écrit sa table.", "Runs one analysis and writes its table.")),
    )
    app.callback()(_nothing)
    if loaded:
        from ..indicators import declared

        for analysis in declared().values():
            app.command(analysis.id, help=f"{analysis.title}\n\n{analysis.summary}")(_command(analysis))
    return app


def _nothing() -> None:
    """Hold the group: its commands come from the declarations."""


def _command(analysis: Declaration) -> Callable[..., None]:
    """Return a function whose signature has one option a parameter of the declaration."""

    def run(**given: Any) -> None:
        common = {name: given.pop(name, None) for name in _COMMON}
        _run(analysis, common, {name: _plain(value) for name, value in given.items() if value is not None})

    options = _common_options(analysis) | {item.name: _option(item) for item in analysis.parameters}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for name, (kind, default) in options.items()
        ]
    )
    run.__annotations__ = {name: kind for name, (kind, _) in options.items()}
    return run


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, StrEnum) else value


def _common_options(analysis: Declaration) -> dict[str, tuple[Any, Any]]:
    """Return the options of any analysis: those that choose a table are there where the analysis has one."""
    file = str(Text("Fichier à écrire (par défaut : la sortie standard).", "File to write (default: standard output)."))
    as_json = str(Text("Tout en un JSON : unités, territoire, tables.", "All of it as JSON: units, territory, tables."))
    whole = str(Text("Les valeurs du territoire entier.", "The values of the whole territory."))
    told = "; ".join(f"{table.name}: {table.text}" for table in analysis.tables)
    options: dict[str, tuple[Any, Any]] = {
        "territory": (Annotated[Path, typer.Argument(metavar="TERRITOIRE.toml")], inspect.Parameter.empty),
        "output": (Annotated[Path | None, typer.Option("--output", "-o", help=file)], None),
        "as_json": (Annotated[bool, typer.Option("--json", help=as_json)], False),
        "lang": (Annotated[str | None, typer.Option("--lang", help="fr, en")], None),
    }
    if analysis.overall:
        options["whole"] = (Annotated[bool, typer.Option("--territoire", help=whole)], False)
    if analysis.tables:
        one = typer.Option("--table", help=f"{Text('Une table', 'One table')} ({told})")
        options["table"] = (Annotated[_words([table.name for table in analysis.tables]) | None, one], None)
    return options


def _option(item: Parameter) -> tuple[Any, Any]:
    """Return the option of a parameter: a number, or one of its choices."""
    name, default = f"--{item.name.replace('_', '-')}", Text("par défaut", "default")
    if item.choices:
        words = "; ".join(f"{word}: {text}" for word, text in item.choices.items())
        told = f"{item.text} ({words}; {default} {item.default})"
        return Annotated[_words(item.choices) | None, typer.Option(name, help=told)], None
    return Annotated[
        float | None, typer.Option(name, help=f"{item.text} ({item.unit}, {default} {item.default:g})")
    ], None


def _words(accepted: Iterable[str]) -> Any:
    """Return the type of an option that takes one of some words."""
    return StrEnum("Word", {word: word for word in accepted})


def _run(analysis: Declaration, common: dict[str, Any], given: dict[str, Any]) -> None:
    with Session(common["lang"], quiet=False):
        from .measured import answer, as_csv, as_json

        found = answer(analysis, common["territory"], given)
        if common["as_json"]:
            text = as_json(analysis, found)
        else:
            text = as_csv(analysis, found, whole=bool(common["whole"]), table=common["table"])
        _write(text, common["output"])


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    draft = output.with_name(f".{output.name}.partiel")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(output)
