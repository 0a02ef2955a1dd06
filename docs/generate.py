"""Writes the reference pages from what the library declares: ``python docs/generate.py`` (or ``make docs``).

Analyses, roles, formats, rules and commands are described once, in the code; these pages repeat it in French
(``reference/``) and in English (``reference/en/``). Nothing here is to be edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from commands import commands_in
from markdown_text import COLON, SEMICOLON, bounds, capital, page, policies, role_link, safe, table
from rule_pages import rules_page

from territoire_sig.coherence.rulebook import standard_rules
from territoire_sig.indicators import declared
from territoire_sig.io.readers import readers
from territoire_sig.model.declaration import Declaration, Output, Parameter
from territoire_sig.model.families import Family
from territoire_sig.model.roles import ROLES
from territoire_sig.model.schema import Column, Role
from territoire_sig.texts import LANGUAGES, Language, Text, language

__all__ = ["main", "pages"]

HERE = Path(__file__).resolve().parent
FOLDERS: dict[Language, str] = {"fr": "reference", "en": "reference/en"}

KINDS = {
    "text": Text("texte", "text"),
    "code_insee": Text("code INSEE (texte, zéro initial gardé)", "INSEE code (text, leading zero kept)"),
    "code_cnig": Text("code CNIG (deux chiffres, zéro initial gardé)", "CNIG code (two figures, leading zero kept)"),
    "number": Text("nombre", "number"),
    "integer": Text("entier", "integer"),
    "share": Text("part, de 0 à 1", "share, from 0 to 1"),
    "boolean": Text("oui ou non", "yes or no"),
    "date": Text("date", "date"),
}
GEOMETRIES = {
    "polygon": Text("polygones", "polygons"),
    "line": Text("lignes", "lines"),
    "point": Text("points", "points"),
    "any": Text("géométrie quelconque", "any geometry"),
    "table": Text("table, jointe aux unités par son code", "table, joined to the units by its code"),
    "raster": Text("grille", "raster"),
}
BETTER = {
    1: Text("plus haut, mieux", "higher is better"),
    -1: Text("plus bas, mieux", "lower is better"),
    0: Text("", ""),
}
READINGS = {
    "indicators": Text(
        "Lit les indicateurs des unités que donnent les autres analyses ; elle est jouée après elles.",
        "Reads the indicators of the units that the other analyses give; it is run after them.",
    ),
    "matrix": Text(
        "Lit la matrice des constats, par couple de politiques ; elle est jouée après les règles.",
        "Reads the matrix of the findings, by pair of policies; it is run after the rules.",
    ),
}
YES, NONE = Text("oui", "yes"), Text("aucun", "none")


def pages() -> dict[str, str]:
    """Return every generated page: its text, by its path under ``docs``."""
    found: dict[str, str] = {}
    for code in LANGUAGES:
        folder, commands = FOLDERS[code], commands_in(code)
        with language(code):
            analyses = declared()
            found[f"{folder}/analyses/index.md"] = _analyses_index(analyses.values())
            found |= {f"{folder}/analyses/{name}.md": _analysis(item) for name, item in analyses.items()}
            found[f"{folder}/roles.md"] = _roles()
            found[f"{folder}/formats.md"] = _formats()
            found[f"{folder}/regles.md"] = rules_page(standard_rules())
            found[f"{folder}/cli.md"] = _cli(commands)
    return found


def main() -> None:
    """Write the pages, and take away those of analyses that are gone."""
    written = pages()
    for folder in FOLDERS.values():
        for old in (HERE / folder / "analyses").glob("*.md"):
            if old.relative_to(HERE).as_posix() not in written:
                old.unlink()
    for name, text in written.items():
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


# --- analyses ---------------------------------------------------------------------------------------------------


def _analyses_index(analyses: Iterable[Declaration]) -> str:
    items = list(analyses)
    titles = [Text("Analyse", "Analysis"), Text("Politiques", "Policies"), Text("Question", "Question")]
    by_family = []
    for family in Family:
        own = [item for item in items if item.family is family]
        rows = [(f"[{safe(item.title)}]({item.id}.md)", policies(item.policies), safe(item.summary)) for item in own]
        by_family += [f"## {family.text}", table(titles, rows)] if rows else []
    return page(
        Text("Les analyses", "The analyses"),
        str(
            Text(
                "Chaque analyse croise au moins deux politiques. Elle est jouée dès que les couches qu'elle demande "
                "sont là ; sinon, le diagnostic dit ce qui manque.",
                "Each analysis crosses at least two policies. It is run as soon as the layers it needs are there; "
                "otherwise, the diagnosis says what is missing.",
            )
        ),
        *by_family,
        "\n".join(["```{toctree}", ":hidden:", *(item.id for item in items), "```"]),
    )


def _analysis(item: Declaration) -> str:
    told = [
        (Text("Formule", "Formula"), item.formula),
        (Text("Lecture", "Reading"), item.reading),
        (Text("Limites", "Limits"), item.limits),
        (Text("Référence", "Reference"), item.reference),
    ]
    return page(
        item.title,
        f"**{safe(item.summary)}**",
        f"- {Text('Identifiant', 'Identifier')}{COLON}`{item.id}`\n"
        f"- {Text('Famille', 'Family')}{COLON}{item.family.text}\n"
        f"- {Text('Politiques croisées', 'Policies crossed')}{COLON}{policies(item.policies)}",
        f"## {Text('Couches lues', 'Layers read')}",
        *_inputs(item),
        f"## {Text('Paramètres', 'Parameters')}",
        _parameters(item.parameters) or str(Text("Aucun.", "None.")),
        *_results(item),
        *_map_classes(item),
        *(f"## {title}\n\n{safe(text)}" for title, text in told),
        f"## {Text('La jouer seule', 'Running it alone')}",
        _commands(item),
    )


def _results(item: Declaration) -> list[str]:
    """Return the sections of what the analysis gives: by unit, for the whole territory, in tables."""
    found = []
    if item.outputs:
        found += [f"## {Text('Résultats, par unité', 'Results, by unit')}", _outputs(item.outputs)]
    if item.overall:
        found += [f"## {Text('Résultats, pour le territoire entier', 'Results, for the whole territory')}"]
        found += [_outputs(item.overall)]
    for told in item.tables:
        found += [f"## {Text('Table', 'Table')} `{told.name}`", f"{capital(safe(told.text))}.", _outputs(told.columns)]
    return found


def _commands(item: Declaration) -> str:
    """Return the commands that run the analysis alone: one for each kind of result beside the first."""
    start = f"territoire-sig analyse {item.id} territoire.toml"
    lines = [f"{start} --output {item.id}.csv"]
    lines += [f"{start} --territoire"] if item.overall and item.outputs else []
    lines += [f"{start} --table {told.name}" for told in item.tables]
    return "\n".join(["```bash", *lines, "```"])


def _inputs(item: Declaration) -> list[str]:
    titles = [Text("Rôle", "Role"), Text("Obligatoire", "Required"), Text("Ce qu'il est", "What it is")]
    rows = [
        (
            role_link(need.role, "../"),
            YES if need.required else "",
            safe(need.text or ROLES[need.role].text if need.role in ROLES else need.text or ""),
        )
        for need in item.inputs
    ]
    groups = [
        str(Text("Il faut au moins un de ces rôles : $r.", "At least one of these roles is needed: $r.")).replace(
            "$r", ", ".join(f"`{role}`" for role in group)
        )
        for group in item.one_of
    ]
    return [*([table(titles, rows)] if rows else []), *groups, *(str(READINGS[name]) for name in item.reads)]


def _parameters(parameters: Sequence[Parameter]) -> str:
    titles = [
        Text("Paramètre", "Parameter"),
        Text("Sens", "Meaning"),
        Text("Unité", "Unit"),
        Text("Par défaut", "Default"),
        Text("Bornes", "Bounds"),
    ]
    rows = [
        (f"`{item.name}`", safe(item.text), safe(item.unit), _default_value(item), _accepted(item))
        for item in parameters
    ]
    return table(titles, rows)


def _default_value(item: Parameter) -> str:
    return f"`{item.default}`" if item.choices else f"{item.default:g}"


def _accepted(item: Parameter) -> str:
    if not item.choices:
        return bounds(item.minimum, item.maximum)
    return str(SEMICOLON).join(f"`{word}`{COLON}{safe(text)}" for word, text in item.choices.items())


def _outputs(outputs: Sequence[Output]) -> str:
    titles = [Text("Colonne", "Column"), Text("Sens", "Meaning"), Text("Unité", "Unit"), Text("Couleurs", "Colours")]
    return table(titles, [(f"`{o.name}`", safe(o.text), safe(o.unit), BETTER[o.better]) for o in outputs])


def _map_classes(item: Declaration) -> list[str]:
    if not item.map_classes:
        return []
    rows = [(f"`{name}`", safe(text), f"`{colour}`") for name, (text, colour) in item.map_classes.items()]
    titles = [Text("Classe", "Class"), Text("Sens", "Meaning"), Text("Couleur", "Colour")]
    return [f"## {Text('Carte', 'Map')}", table(titles, rows)]


# --- roles and formats ------------------------------------------------------------------------------------------


def _roles() -> str:
    rows = [
        (f"[`{r.id}`](#{r.id})", safe(r.text), str(r.policy.text), str(GEOMETRIES[r.geometry])) for r in ROLES.values()
    ]
    titles = [Text("Rôle", "Role"), Text("Sens", "Meaning"), Text("Politique", "Policy"), Text("Géométrie", "Geometry")]
    return page(
        Text("Les rôles", "The roles"),
        str(
            Text(
                "Un rôle dit la part qu'une couche prend au diagnostic. Une colonne est reconnue sous son nom, sous "
                "un de ses autres noms, ou par `colonnes` dans le fichier de territoire ; la casse ne compte pas.",
                "A role says what part a layer plays in the diagnosis. A column is recognised under its name, under "
                "one of its other names, or through `colonnes` in the territory file; case does not matter.",
            )
        ),
        table(titles, rows),
        *(_role(role) for role in ROLES.values()),
    )


def _role(role: Role) -> str:
    titles = [
        Text("Colonne", "Column"),
        Text("Type", "Kind"),
        Text("Obligatoire", "Required"),
        Text("Sens", "Meaning"),
        Text("Unité et bornes", "Unit and bounds"),
        Text("Autres noms", "Other names"),
    ]
    rows = [
        (
            f"`{c.name}`",
            KINDS[c.kind],
            YES if c.required else "",
            safe(c.text),
            ", ".join(part for part in (safe(c.unit or ""), bounds(c.minimum, c.maximum)) if part),
            ", ".join(f"`{name}`" for name in c.aliases),
        )
        for c in role.columns
    ]
    told = f"{capital(safe(role.text))}. {role.policy.text}{SEMICOLON}{GEOMETRIES[role.geometry]}."
    return "\n\n".join(
        [f"## `{role.id}`", told, *filter(None, [table(titles, rows)]), *(_codes(c) for c in role.columns if c.values)]
    )


def _codes(column: Column) -> str:
    listed = "\n".join(f"- `{code}`{COLON}{safe(text)}" for code, text in column.values.items())
    return str(Text("Valeurs de $c :", "Values of $c:")).replace("$c", f"`{column.name}`") + "\n\n" + listed


def _formats() -> str:
    items = readers().values()
    titles = [Text("Format", "Format"), Text("Ce qu'il lit", "What it reads"), Text("Rôles", "Roles")]
    rows = [(f"[`{r.id}`](#{r.id})", safe(r.title), _given_roles(r.roles)) for r in items]
    option = [Text("Option", "Option"), Text("Sens", "Meaning")]
    parts = []
    for item in items:
        options = table(option, [(f"`{name}`", safe(text)) for name, text in item.options.items()])
        parts.append(f"## `{item.id}`\n\n{capital(safe(item.title))}.")
        parts.append(f"{Text('Rôles', 'Roles')}{COLON}{', '.join(role_link(role) for role in item.roles)}.")
        parts.append(options or str(Text("Pas d'option.", "No option.")))
    return page(
        Text("Les formats lus", "The formats read"),
        str(
            Text(
                'Le mot à écrire dans `format = "…"` d\'une table `[[couches]]`. Sans `format`, une couche est lue '
                "selon son rôle : `vecteur`, `tableau` pour un rôle de table, `raster` pour une grille.",
                'The word to write in `format = "…"` of a `[[couches]]` table. Without `format`, a layer is read after '
                "its role: `vecteur`, `tableau` for a table role, `raster` for a raster.",
            )
        ),
        table(titles, rows),
        *parts,
    )


def _given_roles(roles: Sequence[str]) -> str:
    if len(roles) > 8:
        return str(Text("$n rôles", "$n roles").fill(n=len(roles)))
    return ", ".join(role_link(role) for role in roles)


def _cli(commands: Iterable[dict[str, Any]]) -> str:
    titles = [Text("Argument ou option", "Argument or option"), Text("Sens", "Meaning"), Text("Par défaut", "Default")]
    parts = []
    for command in commands:
        rows = [
            (", ".join(f"`{name}`" for name in o["names"]), safe(o["help"]), _default(o)) for o in command["options"]
        ]
        parts.append(f"## `{command['name']}`\n\n{_paragraphs(command['help'])}\n\n{table(titles, rows)}")
    codes = Text(
        "Codes de sortie : 0, tout va bien ; 1, un rejeu diffère ; 2, une entrée est fautive (le message dit laquelle "
        "et le remède) ; 130, interrompu au clavier. Rien n'est écrit à moitié. La langue des pages d'aide suit "
        "`TERRITOIRE_SIG_LANG`, puis `LC_ALL`, `LC_MESSAGES` et `LANG` ; celle des résultats, `--lang`.",
        "Exit codes: 0, all is well; 1, a replay differs; 2, an input is at fault (the message says which, and the "
        "mend); 130, interrupted from the keyboard. Nothing is half-written. The language of help pages follows "
        "`TERRITOIRE_SIG_LANG`, then `LC_ALL`, `LC_MESSAGES` and `LANG`; that of results, `--lang`.",
    )
    return page(Text("La ligne de commande", "The command line"), str(codes), *parts)


def _paragraphs(text: str) -> str:
    return "\n\n".join(safe(part) for part in text.split("\n\n"))


def _default(option: dict[str, Any]) -> str:
    if option["required"]:
        return str(Text("obligatoire", "required"))
    return f"`{option['default']}`" if option["default"] is not None else ""


if __name__ == "__main__":
    main()
