"""The chain: a territory is prepared, measured, judged; the answers come out together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..coherence.engine import FINDING_COLUMNS, Judgement, judge
from ..coherence.matrix import people_concerned, policy_matrix
from ..coherence.register import conflict_register
from ..coherence.rule import Rule
from ..coherence.rulebook import parse_rules, standard_rules
from ..errors import EmptyLayerError, ParameterError
from ..indicators import declared
from ..model.declaration import Declaration, Measurement
from ..model.results import INDICATOR_COLUMNS, UNANSWERED_COLUMNS
from ..model.territory import Territory
from ..texts import Text
from .diagnosis import Diagnosis
from .ground import RADIUS_PARAMETER, Prepared, prepare
from .pool import each
from .record import write_record
from .rules_file import read_rules

__all__ = ["Progress", "Runner", "diagnose"]

Progress: TypeAlias = Callable[[float, str], None]
#: Called with the tasks, their names and ``tell=``: gives what each task gives, in their order.
Runner: TypeAlias = Callable[..., list[Any]]


def diagnose(
    territory: Territory,
    *,
    only: Sequence[str] = (),
    jobs: int = 1,
    progress: Progress | None = None,
    runner: Runner | None = None,
) -> Diagnosis:
    """Say whether the digital plan of `territory` is coherent with its other policies.

    Parameters
    ----------
    only : sequence of str
        Identifiers of rules and analyses to run; all of them by default.
    jobs : int
        Processes that share the analyses and the rules.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.
    runner : callable, optional
        Runs the analyses and the rules elsewhere than here (:func:`territoire_sig.scale.task_runner`); `jobs` is
        then of no use.

    Raises
    ------
    ParameterError
        When `only` names nothing known, `jobs` is below 1, or ``[parametres]`` is wrong.
    FaultsError
        When a rules file of the user is wrong.

    Examples
    --------
    >>> import territoire_sig as ts
    >>> diagnosis = ts.diagnose(ts.read_territory("data/sample/territoire.toml"))  # doctest: +SKIP
    """
    started = time.perf_counter()
    tell = progress or (lambda share, message: None)
    rules, analyses = _asked(territory, only)
    parameters = _parameters(territory, analyses, only)
    tell(0.0, str(Text("préparation des couches", "preparing layers")))
    prepared = prepare(territory, reach_m=_reach_m(rules, analyses, parameters))
    _check_people(territory, prepared)
    prepared_at = time.perf_counter()
    answered = [analysis for analysis in analyses if not analysis.missing(prepared.inputs)]
    judged = [rule for rule in rules if not rule.missing(prepared.ground.layers)]
    tasks: list[Callable[[], Any]] = [
        partial(_measure, analysis.id, prepared, parameters[analysis.id]) for analysis in answered
    ]
    tasks += [partial(judge, rule, prepared.ground) for rule in judged]
    names = [str(analysis.title) for analysis in answered] + [str(rule.titre.text) for rule in judged]
    done = (runner or partial(each, jobs=jobs))(tasks, names, tell=tell)
    measured_at = time.perf_counter()
    results = dict(zip([analysis.id for analysis in answered], done, strict=False))
    judgements: list[Judgement] = done[len(answered) :]
    unanswered_rules = [rule for rule in rules if rule not in judged]
    unanswered = _unanswered(unanswered_rules, judgements, [a for a in analyses if a not in answered], prepared)
    findings = _findings(judgements, territory)
    matrix = policy_matrix(judgements, unanswered_rules, prepared.ground)
    tell(1.0, str(Text("terminé", "done")))
    durations = {
        "preparation": prepared_at - started,
        "mesures_et_regles": measured_at - prepared_at,
        "total": time.perf_counter() - started,
    }
    concerned = people_concerned([judgement for judgement in judgements if judgement.rule.score < 0], prepared.ground)
    remarks = [*prepared.warnings, *(remark for judgement in judgements for remark in judgement.remarks)]
    return Diagnosis(
        territory=territory,
        units=_units(prepared.ground.units, answered, results),
        indicators=_long(answered, results, territory),
        findings=findings,
        matrix=matrix,
        register=conflict_register(findings),
        maps={name: result.map for name, result in results.items() if result.map is not None},
        unanswered=unanswered,
        analyses=tuple(answered),
        record=write_record(
            territory, prepared, rules=rules, parameters=parameters, only=only, remarks=remarks, durations=durations
        )
        | {"habitants_concernes": None if np.isnan(concerned) else concerned},
    )


def _measure(identifier: str, prepared: Prepared, parameters: dict[str, float]) -> Measurement:
    analysis: Declaration = declared()[identifier]
    return analysis(prepared.ground.units, layers=prepared.inputs, **parameters)


def _rules(territory: Territory) -> list[Rule]:
    own = [rule for path in territory.rule_files for rule in parse_rules(read_rules(path), file=path.name)]
    taken = {rule.id for rule in own}
    standard = [] if territory.without_standard_rules else [r for r in standard_rules() if r.id not in taken]
    return [*standard, *own]


def _asked(territory: Territory, only: Sequence[str]) -> tuple[list[Rule], list[Declaration]]:
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


def _parameters(
    territory: Territory, analyses: Sequence[Declaration], only: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the checked parameters of each analysis, from ``[parametres.<analysis>]``."""
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


def _check_people(territory: Territory, prepared: Prepared) -> None:
    people, units = prepared.ground.population, prepared.ground.units
    if people is None:
        return
    counted = people[people["habitants"].isna() | (people["habitants"] > 0)]
    if shapely.intersects(shapely.union_all(units.geometry.to_numpy()), counted.geometry.to_numpy()).any():
        return
    raise EmptyLayerError(
        Text(
            "aucun habitant : la couche de population ne compte personne dans ce territoire",
            "no inhabitant: the population layer counts nobody in this territory",
        ),
        Text(
            "vérifiez que la population couvre le périmètre, et la colonne «habitants».",
            "check that the population covers the perimeter, and the column «habitants».",
        ),
        file=territory.path.name,
        layer="population",
    )


def _reach_m(
    rules: Sequence[Rule], analyses: Sequence[Declaration], parameters: Mapping[str, Mapping[str, float]]
) -> float:
    """Return the largest distance that these rules and analyses look at, in metres."""
    distances = [item.distance_m for rule in rules for item in rule.condition if item.distance_m is not None]
    distances += [
        parameters[analysis.id][item.name] for analysis in analyses for item in analysis.parameters if item.unit == "m"
    ]
    return max(distances, default=0.0)


def _unanswered(
    rules: Sequence[Rule], judgements: Sequence[Judgement], analyses: Sequence[Declaration], prepared: Prepared
) -> pd.DataFrame:
    """Return what was not answered: for want of layers, or of any value in the column that a rule turns on."""
    rows = [("regle", r.id, str(r.titre.text), _named(r.missing(prepared.ground.layers))) for r in rules]
    rows += [("regle", j.rule.id, str(j.rule.titre.text), j.unknown_column) for j in judgements if j.unknown_column]
    rows += [("analyse", a.id, str(a.title), _named(a.missing(prepared.inputs))) for a in analyses]
    return pd.DataFrame(rows, columns=list(UNANSWERED_COLUMNS))


def _named(roles: Sequence[str]) -> str:
    """Return roles as read: «a ; b ou c», the last being two of which one is enough."""
    return " ; ".join(roles).replace("|", str(Text(" ou ", " or ")))


def _findings(judgements: Sequence[Judgement], territory: Territory) -> gpd.GeoDataFrame:
    frames = [judgement.findings for judgement in judgements if len(judgement.findings)]
    if not frames:
        empty = pd.DataFrame(columns=list(FINDING_COLUMNS))
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=territory.crs), crs=territory.crs)
    stacked = pd.concat([frame.astype({"nombre": "Int64"}) for frame in frames], ignore_index=True)
    return gpd.GeoDataFrame(stacked, geometry="geometry", crs=territory.crs)


def _units(units: gpd.GeoDataFrame, analyses: Sequence[Declaration], results: dict[str, Any]) -> gpd.GeoDataFrame:
    columns = [results[analysis.id].values for analysis in analyses]
    joined = pd.concat([units.drop(columns="geometry"), *columns], axis="columns")
    return gpd.GeoDataFrame(joined, geometry=units.geometry, crs=units.crs)


def _long(analyses: Sequence[Declaration], results: dict[str, Any], territory: Territory) -> pd.DataFrame:
    rows = [
        pd.DataFrame(
            {
                "indicateur": output.name,
                "code_unite": results[analysis.id].values.index,
                "valeur": results[analysis.id].values[output.name].to_numpy(dtype=float, na_value=np.nan),
                "unite_mesure": output.unit,
                "millesime": _vintages(analysis, territory),
                "part_connue": results[analysis.id].known_share[output.name].to_numpy(dtype=float, na_value=np.nan),
            }
        )
        for analysis in analyses
        for output in analysis.outputs
    ]
    if not rows:
        return pd.DataFrame(columns=list(INDICATOR_COLUMNS))
    return pd.concat(rows, ignore_index=True)[list(INDICATOR_COLUMNS)]


def _vintages(analysis: Declaration, territory: Territory) -> str:
    layers = [territory.layers[need.role] for need in analysis.inputs if need.role in territory.layers]
    found = {item.vintage for layer in layers for item in layer.provenance if item.vintage}
    return " ; ".join(sorted(found)) or (territory.vintage or "")
