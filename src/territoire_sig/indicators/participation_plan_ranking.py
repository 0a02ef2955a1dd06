"""Citizens' ranking and the plan's: does the money go to what they ask for?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import InvalidValueError
from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .contributions import plain
from .entrance import opened
from .knowledge import measurement
from .plan import named_objectives

__all__ = ["ANALYSIS", "kendall_tau_b", "participation_plan_ranking"]

#: With two objectives, a rank correlation can only be -1 or 1.
_FEWEST = 3


def kendall_tau_b(first: ArrayLike, second: ArrayLike) -> float:
    r"""Return Kendall's rank correlation, ties taken into account; NaN where one ranking has one rank only.

    Notes
    -----
    :math:`\tau_b = \sum_{i<j} s_{ij} t_{ij} / \sqrt{\sum_{i<j} s_{ij}^2 \sum_{i<j} t_{ij}^2}`, signs of differences.

    References
    ----------
    Kendall M. G. (1945), The treatment of ties in ranking problems, Biometrika 33(3).

    Examples
    --------
    >>> kendall_tau_b([3, 2, 1], [30, 20, 10]), round(kendall_tau_b([5, 3, 1, 1], [10, 40, 30, 20]), 3)
    (1.0, -0.183)
    """
    signs = [np.sign(np.subtract.outer(row, row)) for row in (np.asarray(first, float), np.asarray(second, float))]
    ties = float(np.sqrt((signs[0] ** 2).sum() * (signs[1] ** 2).sum()))
    return float((signs[0] * signs[1]).sum()) / ties if ties > 0 else np.nan


def participation_plan_ranking(
    units: gpd.GeoDataFrame, *, contribution: gpd.GeoDataFrame | None, action: gpd.GeoDataFrame | None
) -> Measurement:
    """Compare how citizens rank objectives (by contributions, by supports) and how the plan does (by budget).

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres: not measured, the answer is of the whole plan.
    contribution : GeoDataFrame or None
        Of any place or none, with ``objectif`` (or ``theme``, where there is no such column), and ``soutiens``.
    action : GeoDataFrame or None
        Of any place or none, with ``objectifs`` split by «;» and ``budget_eur``, shared evenly among them.

    Returns
    -------
    Measurement
        Of the whole: ``ranking_contribution_tau`` and ``ranking_support_tau`` (-1 to 1; NaN under three objectives, or
        where a ranking has one rank only), ``ranking_objective_count``. Table ``objective_ranking``: one row an
        objective of either side, with contributions, supports, budget and ranks (1 first, ties at their mean). The
        known share is that of the contributions tied to an objective, times that of the actions of known budget and
        objective.

    Raises
    ------
    InvalidValueError
        When a budget or a count of supports is negative.

    Notes
    -----
    An objective of one side only has 0 on the other. See :func:`kendall_tau_b`.

    References
    ----------
    Kendall M. G. (1945), Biometrika 33(3).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> said = {"objectif": ["fibre", "fibre", "fibre", "bus", "bus", "air"]}
    >>> asked = gpd.GeoDataFrame(said, geometry=[None] * 6, crs=2154)
    >>> told = {"id": ["1", "2"], "objectifs": ["bus", "fibre;air"], "budget_eur": [300.0, 400.0]}
    >>> plan = gpd.GeoDataFrame(told, geometry=[None] * 2, crs=2154)
    >>> found = participation_plan_ranking(units, contribution=asked, action=plan)
    >>> round(found.overall["ranking_contribution_tau"].value, 3)
    0.0
    """
    units, contribution, action = opened(units, contribution=contribution, action=action)
    if contribution is None or action is None:
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={RANKING.name: _table(None, None)})
    asked, told = _asked(contribution)
    spent, funded = _spent(action)
    table = _table(asked, spent)
    known = told * funded
    tau = {
        name: kendall_tau_b(table[f"rank_{name}"], table["rank_budget"]) if len(table) >= _FEWEST else np.nan
        for name in ("contribution", "support")
    }
    overall = {f"ranking_{name}_tau": Whole(value, known) for name, value in tau.items()}
    overall["ranking_objective_count"] = Whole(float(len(table)), known)
    return measurement(units, {}, overall=overall, tables={RANKING.name: table})


def _asked(contribution: gpd.GeoDataFrame) -> tuple[pd.DataFrame, float]:
    """Return contributions and supports by objective, and the share of the contributions that have one."""
    column = "objectif" if "objectif" in contribution.columns else "theme"
    nothing = pd.Series(np.nan, index=contribution.index)
    supports = contribution["soutiens"].astype(float) if "soutiens" in contribution.columns else nothing
    _refuse_negative(supports, "contribution", "soutiens")
    named = contribution[column] if column in contribution.columns else nothing
    words = named.astype("string").map(plain, na_action="ignore")
    told = words.notna() & words.ne("").fillna(False)
    rows = pd.DataFrame({"contributions": 1.0, "supports": supports[told]}, index=words.index[told])
    sums = rows.groupby(words[told].astype(object)).agg({"contributions": "sum", "supports": _whole_sum})
    return sums, float(told.mean())


def _whole_sum(values: pd.Series[float]) -> float:
    return float(values.sum(skipna=False))


def _spent(action: gpd.GeoDataFrame) -> tuple[pd.Series[float], float]:
    """Return the budget by objective, and the share of the actions of known budget and objective."""
    nothing = pd.Series(np.nan, index=action.index)
    budget = action["budget_eur"].astype(float) if "budget_eur" in action.columns else nothing
    _refuse_negative(budget, "action", "budget_eur")
    named = action["objectifs"] if "objectifs" in action.columns else nothing
    words = named.astype(object).map(_words)
    count = words.map(len).astype(float)
    part = budget / count.where(count > 0)
    told = pd.DataFrame({"objective": words, "budget": part})[part.notna()].explode("objective")
    return told.groupby(told["objective"].astype(object))["budget"].sum(), float(part.notna().mean())


def _words(cell: object) -> list[str]:
    return sorted(named_objectives(cell) or ())


def _refuse_negative(values: pd.Series[float], layer: str, column: str) -> None:
    wrong = values[values < 0]
    if len(wrong):
        raise InvalidValueError(
            Text(
                f"«{column}» vaut {wrong.iloc[0]:g} ({len(wrong)} ligne(s)) ; attendu : 0 ou plus",
                f"«{column}» is {wrong.iloc[0]:g} ({len(wrong)} row(s)); expected 0 or more",
            ),
            Text("corrigez cette valeur, ou videz-la.", "mend this value, or blank it."),
            layer=layer,
        )


def _table(asked: pd.DataFrame | None, spent: pd.Series[float] | None) -> pd.DataFrame:
    """Return one row an objective of either side; 0 where it is of the other side only."""
    if asked is None or spent is None:
        return pd.DataFrame(columns=[column.name for column in RANKING.columns])
    every = sorted(set(asked.index) | set(spent.index))
    table = asked.reindex(every)
    absent = table["contributions"].isna()
    table = table.assign(
        contributions=table["contributions"].fillna(0.0), supports=table["supports"].mask(absent, 0.0)
    ).assign(budget_eur=spent.reindex(every).fillna(0.0))
    ranks = {"contribution": "contributions", "support": "supports", "budget": "budget_eur"}
    ranked = {f"rank_{name}": table[column].rank(ascending=False) for name, column in ranks.items()}
    return table.assign(**ranked).rename_axis("objectif").reset_index()[[column.name for column in RANKING.columns]]


RANKING = Table(
    "objective_ranking",
    Text("Objectifs, classés par les citoyens et par le plan", "Objectives, as citizens and the plan rank them"),
    (
        Output("objectif", Text("Objectif", "Objective"), "texte"),
        Output("contributions", Text("Nombre de contributions", "Number of contributions"), "nombre"),
        Output("supports", Text("Nombre de soutiens", "Number of supports"), "nombre"),
        Output("budget_eur", Text("Budget du plan", "Budget of the plan"), "EUR"),
        Output("rank_contribution", Text("Rang par contributions", "Rank by contributions"), "rang"),
        Output("rank_support", Text("Rang par soutiens", "Rank by supports"), "rang"),
        Output("rank_budget", Text("Rang par budget", "Rank by budget"), "rang"),
    ),
)
OVERALL = (
    Output(
        "ranking_contribution_tau",
        Text("Accord du plan avec les contributions (τ-b)", "Agreement of the plan with contributions (τ-b)"),
        "indice",
        better=1,
        minimum=-1.0,
    ),
    Output(
        "ranking_support_tau",
        Text("Accord du plan avec les soutiens (τ-b)", "Agreement of the plan with supports (τ-b)"),
        "indice",
        better=1,
        minimum=-1.0,
    ),
    Output("ranking_objective_count", Text("Objectifs comparés", "Objectives compared"), "nombre"),
)

ANALYSIS = Declaration(
    id="participation_plan_ranking",
    title=Text("Priorités des citoyens et priorités du plan", "Citizens' priorities and the plan's"),
    summary=Text(
        "L'argent du plan va-t-il à ce que les citoyens demandent le plus ?",
        "Does the money of the plan go to what citizens ask for most?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("contribution"), Input("action")),
    outputs=(),
    overall=OVERALL,
    tables=(RANKING,),
    formula=Text(
        "τ-b de Kendall entre objectifs classés par nombre de contributions (ou de soutiens) et par budget : (paires "
        "classées de même − paires classées à l'inverse) ÷ √(paires sans ex aequo d'un côté × paires sans ex aequo de "
        "l'autre). La correspondance est déclarée : l'objectif de chaque thème, par objectifs = { … } dans le fichier "
        "de territoire (colonne objectif), ou à défaut le thème lui-même ; les objectifs de chaque action, séparés "
        "par « ; », entre lesquels son budget est partagé également. Exemple : contributions 3, 2, 1 pour fibre, bus, "
        "air ; budgets 200, 300, 200. Fibre-bus est à l'inverse, bus-air de même, fibre-air ex aequo en budget : (1 − "
        "1) ÷ √(3 × 2) = 0.",
        "Kendall's τ-b between objectives ranked by number of contributions (or supports) and by budget: (pairs ranked "
        "alike − pairs ranked the other way) ÷ √(pairs not tied on one side × pairs not tied on the other). The "
        "correspondence is declared: the objective of each theme, by objectifs = { … } in the territory file (column "
        "objectif), or failing that the theme itself; the objectives of each action, split by «;», among which its "
        "budget is shared evenly. Example: contributions 3, 2, 1 for fibre, bus, air; budgets 200, 300, 200. Fibre-bus "
        "is the other way, bus-air alike, fibre-air tied in budget: (1 − 1) ÷ √(3 × 2) = 0.",
    ),
    reading=Text(
        "1 signifie que le plan classe les objectifs comme les citoyens, −1 à l'inverse, 0 sans rapport. Le tableau "
        "dit quels objectifs font l'écart : demandés et peu dotés, ou dotés et peu demandés.",
        "1 means that the plan ranks objectives as citizens do, −1 the other way round, 0 without relation. The table "
        "says which objectives make the gap: asked for and hardly funded, or funded and hardly asked for.",
    ),
    limits=Text(
        "Un objectif est compté dès qu'un seul des deux côtés le nomme, avec 0 de l'autre. Avec moins de trois "
        "objectifs, ou un classement tout ex aequo, l'accord est inconnu ; avec quatre ou cinq, il varie beaucoup "
        "pour une contribution de plus. Demander plus n'est pas avoir un besoin plus grand, et le budget d'un "
        "objectif ne dit pas ce qu'il coûte. Les contributions sans objectif et les actions sans budget ou sans "
        "objectif sont hors du calcul : la part connue les compte.",
        "An objective counts as soon as one side names it, with 0 on the other. With fewer than three objectives, or a "
        "ranking all tied, the agreement is unknown; with four or five, one more contribution changes it much. To ask "
        "more is not to need more, and the budget of an objective does not say what it costs. Contributions without an "
        "objective, and actions without a budget or an objective, are out of the computation: the known share counts "
        "them.",
    ),
    reference="Kendall M. G. (1945), The treatment of ties in ranking problems, Biometrika 33(3), p. 239-251 ; Brown "
    "G., Raymond C. M. (2014), Landscape and Urban Planning 122, p. 196-208.",
    function=participation_plan_ranking,
    apart=False,
    family=Family.GOUVERNANCE,
)
