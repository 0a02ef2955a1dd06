"""One run of a command: its language, its progress bar, its errors, its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import typer

from ..errors import ParameterError, TerritoireError
from ..texts import LANGUAGES, Language, Text, language, number_text, set_language

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from ..coherence.rule import Rule
    from ..model.declaration import Declaration
    from ..model.results import Results
    from ..model.territory import Territory

__all__ = ["Session", "spoken_language"]

_VARIABLES = ("TERRITOIRE_SIG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def spoken_language() -> None:
    """Set the language of help pages from the environment: English where it says ``en…``, else French."""
    said = next((value for name in _VARIABLES if (value := os.environ.get(name))), "fr")
    set_language("en" if said.startswith("en") else "fr")


class Session:
    """Context of a command: errors of the library become a message and exit code 2, Ctrl-C becomes 130."""

    def __init__(self, lang: str | None, *, quiet: bool) -> None:
        self._lang, self._quiet, self._stack = lang, quiet, ExitStack()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Session:
        if self._lang is not None and self._lang not in LANGUAGES:
            self._fail(
                ParameterError(
                    Text(
                        f"--lang vaut «{self._lang}» et doit être fr ou en",
                        f"--lang is «{self._lang}» and must be fr or en",
                    ),
                    Text("écrivez --lang fr.", "write --lang en."),
                )
            )
        if self._lang:
            chosen: Language = "en" if self._lang == "en" else "fr"
            self._stack.enter_context(language(chosen))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        self.close()
        try:
            if isinstance(error, TerritoireError):
                self._fail(error)
            if isinstance(error, KeyboardInterrupt):
                self.complain(Text("interrompu : rien n'a été écrit", "interrupted: nothing was written"))
                raise typer.Exit(130)
        finally:
            self._stack.close()
        return False

    def tell(self, share: float, message: str) -> None:
        """Move the progress bar to `share` (0 to 1)."""
        if self._quiet or not sys.stderr.isatty():
            return
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(message, total=1.0)
        if self._task is not None:
            self._progress.update(self._task, completed=share, description=message)

    def close(self) -> None:
        """Take the progress bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def print(self, text: str) -> None:
        """Write to the standard output, as is."""
        sys.stdout.write(text + "\n")

    def say(self, text: Text) -> None:
        """Write a sentence, unless quiet."""
        if not self._quiet:
            self.print(str(text))

    def complain(self, text: Text) -> None:
        """Write a sentence to the standard error, quiet or not."""
        sys.stderr.write(f"{text}\n")

    def say_diagnosis(self, results: Results, folder: Path) -> None:
        """Sum a diagnosis up in a few lines."""
        if self._quiet:
            return
        findings = results.findings
        conflicts, synergies = int((findings["score"] < 0).sum()), int((findings["score"] > 0).sum())
        unanswered = len(results.unanswered)
        self.say(
            Text(
                f"{results.territory.name} : {conflicts} conflit(s), {synergies} synergie(s) ; "
                f"{unanswered} règle(s) ou analyse(s) sans réponse",
                f"{results.territory.name}: {conflicts} conflict(s), {synergies} synergy(ies); "
                f"{unanswered} rule(s) or analysis(es) not answered",
            )
        )
        for row in results.unanswered.itertuples():
            self.print(f"  - {row.id} : {Text('il manque', 'missing')} {row.roles_manquants}")
        for text in results.record["avertissements"]:
            self.print(f"  ! {text}")
        seconds = number_text(results.record["durees_s"]["total"], 1)
        self.say(Text(f"calcul : {seconds.fr} s", f"computed in {seconds.en} s"))
        self.say(Text(f"rapport : {folder / 'rapport.html'}", f"report: {folder / 'rapport.html'}"))

    def say_layers(self, territory: Territory) -> None:
        """List the layers of a territory, with what was noticed."""
        self.say(
            Text(
                f"{territory.name} : {len(territory.units)} unités, {len(territory.layers)} rôles, aucune faute",
                f"{territory.name}: {len(territory.units)} units, {len(territory.layers)} roles, no fault",
            )
        )
        if self._quiet:
            return
        for role, layer in territory.layers.items():
            for item in layer.provenance:
                self.print(f"  {role} : {item.file} [{item.layer}] {item.rows_read} ({item.crs_read or '-'})")
                for remark in item.remarks:
                    self.print(f"    ! {remark}")

    def say_analyses(self, declared: Mapping[str, Declaration]) -> None:
        """List the analyses in a table, family by family."""
        from ..model.families import Family

        order = list(Family)
        sorted_by_family = sorted(declared.values(), key=lambda item: order.index(item.family))
        columns = [
            Text("analyse", "analysis"),
            Text("politiques", "policies"),
            Text("couches", "layers"),
            Text("indicateurs", "indicators"),
        ]
        rows = [
            (
                f"{item.id}\n{item.title}\n– {item.family.text}",
                "\n".join(str(policy.text) for policy in item.policies),
                "\n".join(
                    [need.role if need.required else f"({need.role})" for need in item.inputs] + list(item.reads)
                ),
                "\n".join(_results(item)),
            )
            for item in sorted_by_family
        ]
        self._table(columns, rows)

    def say_rules(self, rules: Iterable[Rule]) -> None:
        """List the rules in a table."""
        columns = [
            Text("règle", "rule"),
            Text("politiques", "policies"),
            Text("score", "score"),
            Text("article", "clause"),
        ]
        rows = [
            (
                f"{rule.id}\n{rule.titre.text}",
                " × ".join(str(p.text) for p in rule.politiques),
                f"{rule.score:+d}",
                rule.article,
            )
            for rule in rules
        ]
        self._table(columns, rows)

    def _table(self, columns: Iterable[Text], rows: Iterable[tuple[str, ...]]) -> None:
        from rich.table import Table

        table = Table(show_lines=True)
        for column in columns:
            table.add_column(str(column), overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._console().print(table)

    def _console(self) -> Console:
        from rich.console import Console

        return Console(width=None if sys.stdout.isatty() else 160)

    def _fail(self, error: TerritoireError) -> None:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2)


def _results(item: Declaration) -> list[str]:
    """Return what an analysis gives: by unit, for the whole territory, in tables."""
    whole, table = Text("territoire", "territory"), Text("table", "table")
    return [
        *(f"{output.name} ({output.unit})" for output in item.outputs),
        *(f"{output.name} ({output.unit}, {whole})" for output in item.overall),
        *(f"{one.name} ({table})" for one in item.tables),
    ]
