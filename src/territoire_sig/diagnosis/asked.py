"""What is asked of a diagnosis: its rules, its analyses, their parameters, and what these need to be run first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ..coherence.rule import Rule
from ..coherence.rulebook import parse_rules, standard_rules
from ..errors import ParameterError
from ..indicators import declared
from ..model.declaration import Declaration, Value
from ..model.territory import Territory
from ..texts import Text
from .ground import RADIUS_PARAMETER
from .rules_file import read_rules

__all__ = ["asked", "checked_parameters", "needed", "reach_m"]


def _rules(territory: Territory) -> list[Rule]:
    own = [rule for path in territory.rule_files for rule in parse_rules(read_rules(path), file=path.name)]
    taken = {rule.id for rule in own}
    standard = [] if territory.without_standard_rules else [r for r in standard_rules() if r.id not in taken]
    return [*standard, *own]


def asked(territory: Territory, only: Sequence[str]) -> tuple[list[Rule], list[Declaration]]:
    """Return the rules and the analyses that `only` names, all of them where it is empty.

    Raises
    ------
    ParameterError
        When it names nothing known.
    """
    rules, analyses = _rules(territory), list(declared().values())
    known = [*(rule.id for rule in rules), *(analysis.id for analysis in analyses)]
    for name in only:
        if name not in known:
            close = ", ".join(get_close_matches(name, known, 3)) or ", ".join(known)
            raise ParameterError(
                Text(f"ni règle ni analyse ne s'appelle «{name}»", f"no rule nor analysis is called «{name}»"),
                Text(f"essayez : {close}.", f"try: {close}."),
            )
    if not only:
        return rules, analyses
    return [rule for rule in rules if rule.id in only], [item for item in analyses if item.id in only]


def needed(
    territory: Territory, rules: list[Rule], analyses: list[Declaration]
) -> tuple[list[Rule], list[Declaration]]:
    """Return what must be run for these to be answered: all that an analysis that reads results of others reads."""
    read = {name for analysis in analyses for name in analysis.reads}
    if "matrix" in read:
        rules = _rules(territory)
    if "indicators" in read:
        chosen = {analysis.id for analysis in analyses}
        analyses = [item for item in declared().values() if item.id in chosen or not item.reads]
    return rules, analyses


def checked_parameters(territory: Territory, analyses: Sequence[Declaration]) -> dict[str, dict[str, Value]]:
    """Return the parameters of each analysis, from ``[parametres.<analysis>]``.

    Raises
    ------
    ParameterError
        When a key of ``[parametres]`` is unknown, or a value wrong.
    """
    tables = {name: value for name, value in territory.parameters.items() if isinstance(value, dict)}
    strange = sorted(set(territory.parameters) - set(tables) - {RADIUS_PARAMETER})
    if strange:
        raise ParameterError(
            Text(f"[parametres] : clé inconnue «{strange[0]}»", f"[parametres]: unknown key «{strange[0]}»"),
            Text(
                f"clé admise : {RADIUS_PARAMETER}, ou [parametres.ANALYSE].",
                f"accepted: {RADIUS_PARAMETER}, or [parametres.ANALYSIS].",
            ),
            file=territory.path.name,
        )
    unknown = set(tables) - set(declared())
    if unknown:
        raise ParameterError(
            Text(
                f"[parametres.{min(unknown)}] : aucune analyse de ce nom",
                f"[parametres.{min(unknown)}]: no analysis of that name",
            ),
            Text(f"analyses connues : {', '.join(declared())}.", f"known analyses: {', '.join(declared())}."),
            file=territory.path.name,
        )
    found = {}
    for analysis in analyses:
        given = tables.get(analysis.id, {})
        names = {parameter.name for parameter in analysis.parameters}
        strange = sorted(set(given) - names)
        if strange:
            raise ParameterError(
                Text(
                    f"[parametres.{analysis.id}] : paramètre inconnu «{strange[0]}»",
                    f"[parametres.{analysis.id}]: unknown parameter «{strange[0]}»",
                ),
                Text(f"admis : {', '.join(sorted(names)) or '-'}.", f"accepted: {', '.join(sorted(names)) or '-'}."),
                file=territory.path.name,
            )
        found[analysis.id] = analysis.checked_parameters(given)
    return found


def reach_m(
    rules: Sequence[Rule], analyses: Sequence[Declaration], parameters: Mapping[str, Mapping[str, Value]]
) -> float:
    """Return the largest distance that these rules and analyses look at, in metres."""
    distances = [item.distance_m for rule in rules for item in rule.condition if item.distance_m is not None]
    distances += [
        float(parameters[analysis.id][item.name])
        for analysis in analyses
        for item in analysis.parameters
        if item.unit == "m"
    ]
    return max(distances, default=0.0)
