"""The report for elected members: one HTML file that opens offline."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import jinja2

from ..model.policies import Policy
from ..model.results import Results
from ..model.roles import ROLES
from ..model.territory import Provenance
from ..texts import Text, current_language, number_text
from .answers import answers_by_family
from .matrix_view import matrix_rows
from .palette import FINDING_CLASSES
from .picture import findings_map
from .values import size_text
from .verdict import key_figures, verdict
from .words import ACTORS, KINDS, METHOD, count_text, words

__all__ = ["environment", "html_report"]

_SHOWN = 10
_OPEN_UNITS, _OPEN_ANALYSES = 15, 12


def html_report(results: Results) -> str:
    """Return the report of `results` in the current language: one self-contained page, without any outside resource.

    Two calls on the same results give the same text.
    """
    synergies = results.findings[results.findings["score"] > 0].sort_values(
        ["gravite", "habitants", "regle", "code_unite"], ascending=[False, False, True, True], kind="stable"
    )
    return environment().get_template("rapport.html.j2").render(
        w=words(),
        lang=current_language(),
        territory=results.territory,
        approximations=_approximations(results),
        verdict=verdict(results),
        figures=key_figures(results),
        gravities={item.gravite: item.text for item in FINDING_CLASSES if item.conflict},
        policies=list(Policy),
        matrix=matrix_rows(results.matrix),
        picture=base64.b64encode(findings_map(results)).decode("ascii"),
        picture_text=_picture_text(results),
        conflicts=list(results.register.head(_SHOWN).itertuples()),
        conflicts_left=max(len(results.register) - _SHOWN, 0),
        synergies=list(synergies.head(_SHOWN).itertuples()),
        nobody=_rules_without_people(results),
        synergies_left=max(len(synergies) - _SHOWN, 0),
        families=answers_by_family(results),
        unfold=len(results.units) <= _OPEN_UNITS and len(results.analyses) <= _OPEN_ANALYSES,
        gaps=list(results.unanswered.itertuples()),
        sources=list(_sources(results)),
        method=METHOD,
    )  # fmt: skip


def _rules_without_people(results: Results) -> set[str]:
    """Return the rules that concern nobody in particular: their inhabitants are not unknown, they are not asked."""
    findings = results.findings
    return set(findings.loc[findings["habitants_comptes"] == "aucun", "regle"])


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the report: every value is escaped, an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("territoire_sig.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": number_text,
        "size": size_text,
        "policy": lambda value: Policy(value).text,
        "actors": _actors,
        "roles": _roles,
        "file": _file,
        "kind": lambda value: KINDS.get(value, value),
    }
    return made


def _approximations(results: Results) -> list[str]:
    """Return what the record and the layers name as approximations, each once."""
    layers = (layer.approximation for layer in results.territory.layers.values())
    named = [*results.record.get("approximations", {}).values(), *(str(text) for text in layers if text)]
    return list(dict.fromkeys(named))


def _picture_text(results: Results) -> Text:
    figures = key_figures(results)
    conflicts = count_text(figures.conflicts, Text("conflit", "conflict"), Text("conflits", "conflicts"))
    synergies = count_text(figures.synergies, Text("synergie", "synergy"), Text("synergies", "synergies"))
    units = count_text(len(results.units), Text("unité", "unit"), Text("unités", "units"))
    text = Text(
        "Carte de $name ($units) : $conflicts (triangles orange à bruns) et $synergies (ronds bleus), à leur place.",
        "Map of $name ($units): $conflicts (orange to brown triangles) and $synergies (blue circles), in their place.",
    )
    return text.fill(name=results.territory.name, units=units, conflicts=conflicts, synergies=synergies)


def _sources(results: Results) -> Iterator[tuple[Text | str, Provenance]]:
    for item in results.territory.units_provenance:
        yield Text("Unités", "Units"), item
    for role, layer in results.territory.layers.items():
        for item in layer.provenance:
            yield _role(role), item


def _file(item: Provenance) -> str:
    """Return the name of the file, and of its layer where it is another."""
    path = PurePosixPath(item.file.replace("\\", "/"))
    return f"{path.name} ({item.layer})" if item.layer and item.layer != path.stem else path.name


def _role(role: str) -> Text | str:
    return ROLES[role].text if role in ROLES else role


def _roles(missing: Any) -> str:
    """Return the names of the missing roles; ``a|b`` is one or the other."""
    names = re.split(r"[\s,;]+", missing) if isinstance(missing, str) else list(missing)
    either = f" {Text('ou', 'or')} "
    return ", ".join(either.join(str(_role(one)) for one in name.split("|")) for name in names if name)


def _actors(names: str) -> str:
    return ", ".join(str(ACTORS.get(name, name)) for name in names.split(" ; "))
