"""``territoire-sig``: the commands and their options."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ParameterError
from ..texts import Text
from .analyse import analyses_app
from .session import Session, spoken_language

if TYPE_CHECKING:
    from ..diagnosis.run import Runner

__all__ = ["app", "main"]

spoken_language()
app = typer.Typer(
    name="territoire-sig",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=str(
        Text(
            "Ce plan numérique est-il en cohérence avec nos autres politiques ?",
            "Is this digital plan coherent with our other policies?",
        )
    ),
)


def _h(fr: str, en: str) -> str:
    return str(Text(fr, en))


TerritoryPath = Annotated[
    Path, typer.Argument(metavar="TERRITOIRE.toml", help=_h("Le fichier de territoire.", "The territory file."))
]
OutputFolder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help=_h("Dossier des résultats.", "Folder of the results.")),
]
Lang = Annotated[str | None, typer.Option("--lang", help=_h("Langue : fr ou en.", "Language: fr or en."))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=_h("Ni progression ni résumé.", "No progress, no summary."))]


@app.command(
    help=_h("Établit le diagnostic de cohérence d'un territoire.", "Makes the coherence diagnosis of a territory.")
)
def diagnostic(
    territory: TerritoryPath,
    output: OutputFolder = None,
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    lang: Lang = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="ID",
            help=_h("Règle ou analyse à jouer (répétable).", "Rule or analysis to run (repeatable)."),
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help=_h("Nombre de processus.", "Number of processes."))] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="local|ADDRESS",
            help=_h(
                "Confie les calculs à Dask : local, ou l'adresse d'un ordonnanceur (tcp://machine:8786).",
                "Hands the work to Dask: local, or the address of a scheduler (tcp://machine:8786).",
            ),
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Read, measure, judge, write."""
    with Session(lang, quiet=quiet) as session:
        from ..diagnosis.run import diagnose
        from ..diagnosis.save import check_folder
        from ..io.territory import read_territory

        target = _folder(output)
        check_folder(target)
        with _runner(cluster, jobs) as runner:
            session.tell(0.0, _h("lecture des couches", "reading layers"))
            read = read_territory(territory)
            diagnosis = diagnose(read, only=_only(only, more), jobs=jobs, progress=session.tell, runner=runner)
        session.tell(1.0, _h("écriture", "writing"))
        folder = diagnosis.save(target)
        session.close()
        session.say_diagnosis(diagnosis, folder)


@app.command(
    help=_h(
        "Rejoue une exécution enregistrée et compare les tables.", "Replays a recorded run and compares the tables."
    )
)
def rejouer(
    record: Annotated[
        Path, typer.Argument(metavar="execution.json", help=_h("L'exécution enregistrée.", "The recorded run."))
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help=_h("Dossier (par défaut : rejeu, à côté).", "Folder (default: rejeu, beside)."),
        ),
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Run again, exit with 1 when a table differs."""
    with Session(lang, quiet=quiet) as session:
        from ..diagnosis.replay import replay

        replayed = replay(record, output or record.parent / "rejeu", progress=session.tell)
        session.close()
        if replayed.different:
            names = ", ".join(replayed.different)
            session.complain(
                Text(f"tables différentes de l'exécution : {names}", f"tables that differ from the run: {names}")
            )
            raise typer.Exit(1)
        session.say(
            Text(
                f"tables identiques à l'octet près : {replayed.folder}",
                f"tables identical to the byte: {replayed.folder}",
            )
        )


@app.command(
    help=_h(
        "Vérifie un fichier de territoire et ses couches, sans rien calculer.",
        "Checks a territory file and its layers, computes nothing.",
    )
)
def verifier(territory: TerritoryPath, lang: Lang = None, quiet: Quiet = False) -> None:
    """List every layer and remark, or every fault."""
    with Session(lang, quiet=quiet) as session:
        from ..io.territory import read_territory

        read = read_territory(territory)
        session.say_layers(read)


@app.command(
    help=_h(
        "Liste les analyses : politiques croisées, couches, unités.", "Lists the analyses: policies, layers, units."
    )
)
def analyses(lang: Lang = None) -> None:
    """One line an analysis."""
    with Session(lang, quiet=False) as session:
        from ..indicators import declared

        session.say_analyses(declared())


@app.command(
    help=_h("Donne les déclarations des analyses, en JSON.", "Gives the declarations of the analyses, as JSON.")
)
def declarations(
    as_json: Annotated[
        bool, typer.Option("--json", help=_h("Sortie JSON (seule forme).", "JSON output (the only form)."))
    ] = True,
    lang: Lang = None,
) -> None:
    """Every field of every declaration."""
    with Session(lang, quiet=not as_json) as session:
        from ..indicators import declared

        session.print(json.dumps([item.to_dict() for item in declared().values()], ensure_ascii=False, indent=2))


@app.command(help=_h("Liste les règles : politiques, score, article.", "Lists the rules: policies, score, clause."))
def regles(
    rules: Annotated[
        Path | None,
        typer.Argument(metavar="[REGLES.toml]", help=_h("Un fichier de règles à vérifier.", "A rules file to check.")),
    ] = None,
    lang: Lang = None,
) -> None:
    """One line a rule."""
    with Session(lang, quiet=False) as session:
        from ..coherence.rulebook import parse_rules, standard_rules
        from ..diagnosis.rules_file import read_rules

        found = parse_rules(read_rules(rules), file=rules.name) if rules else standard_rules()
        session.say_rules(found)


@contextmanager
def _runner(cluster: str | None, jobs: int) -> Iterator[Runner | None]:
    """Give what runs the tasks on a cluster; None where none is asked for."""
    if cluster is None:
        yield None
        return
    from ..scale.diagnosis import task_runner

    with task_runner(cluster, workers=jobs if jobs != 1 else None) as runner:
        yield runner


def _folder(output: Path | None) -> Path:
    if output is None:
        raise ParameterError(
            Text("il manque le dossier des résultats", "the folder of the results is missing"),
            Text("ajoutez --output DOSSIER.", "add --output FOLDER."),
        )
    return output


def _only(values: list[str] | None, more: list[str] | None) -> list[str]:
    """Return the names after ``--only``, however they were given: repeated, in a list, one after another."""
    if more and not values:
        raise ParameterError(
            Text(f"argument en trop : «{more[0]}»", f"extra argument: «{more[0]}»"),
            Text("un seul fichier de territoire est attendu.", "one territory file is expected."),
        )
    return [part for value in [*(values or []), *(more or [])] for part in value.replace(",", " ").split()]


def main() -> None:
    """Entry point of the ``territoire-sig`` command."""
    app.add_typer(analyses_app(loaded=sys.argv[1:2] == ["analyse"]), name="analyse")
    app()
