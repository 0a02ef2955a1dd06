"""The chain: a territory is prepared, measured, judged; the answers come out together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import shapely

from ..coherence.engine import Judgement, judge
from ..coherence.matrix import people_concerned, policy_matrix
from ..coherence.register import conflict_register
from ..coherence.rule import Rule
from ..errors import EmptyLayerError
from ..indicators import declared
from ..model.declaration import Declaration, Measurement, Value
from ..model.territory import Territory
from ..texts import Text
from .answers import indicators_read, indicators_table, overall_table, stacked_findings, unanswered, units_table
from .asked import asked, checked_parameters, needed, reach_m
from .diagnosis import Diagnosis
from .ground import Prepared, prepare
from .pool import each
from .record import write_record

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
    run = runner or partial(each, jobs=jobs)
    rules, analyses = asked(territory, only)
    run_rules, run_analyses = needed(territory, rules, analyses)
    parameters = checked_parameters(territory, run_analyses)
    tell(0.0, str(Text("préparation des couches", "preparing layers")))
    prepared = prepare(territory, reach_m=reach_m(run_rules, run_analyses, parameters))
    _check_people(territory, prepared)
    prepared_at = time.perf_counter()
    answered = [analysis for analysis in run_analyses if not analysis.missing(prepared.inputs)]
    judged = [rule for rule in run_rules if not rule.missing(prepared.ground.layers)]
    first = [analysis for analysis in answered if not analysis.reads]
    last = [analysis for analysis in answered if analysis.reads]
    tasks: list[Callable[[], Any]] = [partial(_measure, item.id, prepared, parameters[item.id], {}) for item in first]
    tasks += [partial(judge, rule, prepared.ground) for rule in judged]
    names = [str(item.title) for item in first] + [str(rule.titre.text) for rule in judged]
    done = run(tasks, names, tell=_part(tell, 0.0, 0.9 if last else 1.0))
    results: dict[str, Measurement] = dict(zip([item.id for item in first], done, strict=False))
    judgements: list[Judgement] = done[len(first) :]
    read = _read(last, prepared, answered, results, judgements, [rule for rule in run_rules if rule not in judged])
    tasks = [partial(_measure, item.id, prepared, parameters[item.id], read) for item in last]
    done = run(tasks, [str(item.title) for item in last], tell=_part(tell, 0.9, 1.0)) if last else []
    results |= dict(zip([item.id for item in last], done, strict=True))
    measured_at = time.perf_counter()
    answered = [analysis for analysis in analyses if analysis in answered]
    judgements = [judgement for judgement in judgements if judgement.rule in rules]
    unanswered_rules = [rule for rule in rules if rule not in judged]
    findings = stacked_findings(judgements, territory)
    tell(1.0, str(Text("terminé", "done")))
    durations = {
        "preparation": prepared_at - started,
        "mesures_et_regles": measured_at - prepared_at,
        "total": time.perf_counter() - started,
    }
    concerned = people_concerned([judgement for judgement in judgements if judgement.rule.score < 0], prepared.ground)
    remarks = [*prepared.warnings, *(remark for judgement in judgements for remark in judgement.remarks)]
    told = {analysis.id: results[analysis.id] for analysis in answered}
    return Diagnosis(
        territory=territory,
        units=units_table(prepared.ground.units, answered, told),
        indicators=indicators_table(answered, told, territory),
        overall=overall_table(answered, told, territory),
        tables={name: result.tables for name, result in told.items() if result.tables},
        findings=findings,
        matrix=policy_matrix(judgements, unanswered_rules, prepared.ground),
        register=conflict_register(findings),
        maps={name: result.map for name, result in told.items() if result.map is not None},
        unanswered=unanswered(unanswered_rules, judgements, [a for a in analyses if a not in answered], prepared),
        analyses=tuple(answered),
        record=write_record(
            territory, prepared, rules=rules, parameters=parameters, only=only, remarks=remarks, durations=durations
        )
        | {"habitants_concernes": None if np.isnan(concerned) else concerned},
    )


def _measure(
    identifier: str, prepared: Prepared, parameters: Mapping[str, Value], read: Mapping[str, Any]
) -> Measurement:
    analysis: Declaration = declared()[identifier]
    given = {name: read[name] for name in analysis.reads}
    return analysis(prepared.ground.units, layers=prepared.inputs, read=given, **parameters)


def _read(
    last: Sequence[Declaration],
    prepared: Prepared,
    answered: Sequence[Declaration],
    results: Mapping[str, Measurement],
    judgements: Sequence[Judgement],
    unanswered_rules: Sequence[Rule],
) -> dict[str, Any]:
    """Return what the analyses run last read of the results of the others."""
    wanted = {name for analysis in last for name in analysis.reads}
    found: dict[str, Any] = {}
    if "indicators" in wanted:
        found["indicators"] = indicators_read(prepared.ground.units, answered, results)
    if "matrix" in wanted:
        found["matrix"] = policy_matrix(judgements, unanswered_rules, prepared.ground)
    return found


def _part(tell: Progress, low: float, high: float) -> Progress:
    """Return what tells the share of a step that goes from `low` to `high` of the whole."""
    return lambda share, message: tell(low + (high - low) * share, message)


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
