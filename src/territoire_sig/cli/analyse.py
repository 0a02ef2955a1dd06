"""``territoire-sig analyse ID``: one sub-command a declared analysis, its options from its parameters."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..texts import Text
from .session import Session

if TYPE_CHECKING:
    from ..model.declaration import Declaration

__all__ = ["analyses_app"]


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
        territory, output, lang = given.pop("territory"), given.pop("output"), given.pop("lang")
        _run(analysis, territory, output, lang, {name: value for name, value in given.items() if value is not None})

    csv = str(Text("Fichier CSV (par défaut : la sortie standard).", "CSV file (default: standard output)."))
    options: dict[str, tuple[Any, Any]] = {
        "territory": (Annotated[Path, typer.Argument(metavar="TERRITOIRE.toml")], inspect.Parameter.empty),
        "output": (Annotated[Path | None, typer.Option("--output", "-o", help=csv)], None),
        "lang": (Annotated[str | None, typer.Option("--lang", help="fr, en")], None),
    }
    for item in analysis.parameters:
        told = f"{item.text} ({item.unit}, {Text('par défaut', 'default')} {item.default:g})"
        option = typer.Option(f"--{item.name.replace('_', '-')}", help=told)
        options[item.name] = (Annotated[float | None, option], None)
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for name, (kind, default) in options.items()
        ]
    )
    run.__annotations__ = {name: kind for name, (kind, _) in options.items()}
    return run


def _run(analysis: Declaration, territory: Path, output: Path | None, lang: str | None, given: dict[str, Any]) -> None:
    with Session(lang, quiet=False):
        from ..diagnosis.ground import prepare
        from ..io.territory import read_territory

        read = read_territory(territory)
        parameters = {**read.parameters.get(analysis.id, {}), **given}
        checked = analysis.checked_parameters(parameters)
        reach_m = max((checked[item.name] for item in analysis.parameters if item.unit == "m"), default=0.0)
        prepared = prepare(read, reach_m=reach_m)
        measured = analysis(prepared.ground.units, layers=prepared.inputs, **parameters)
        text = prepared.ground.units[["nom_unite"]].join(measured.values).to_csv(lineterminator="\n")
        if output is None:
            sys.stdout.write(text)
        else:
            draft = output.with_name(f".{output.name}.partiel")
            draft.write_text(text, encoding="utf-8", newline="\n")
            draft.replace(output)
