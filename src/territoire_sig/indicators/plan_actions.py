"""Each action of the plan: what it costs, what it aims at, whom it serves, or technology for its own sake."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text, number_text, people_text
from .entrance import opened
from .knowledge import measurement
from .plan import Served, budgets, located, objectives, people_served

__all__ = ["ANALYSIS", "NEED", "REACH", "plan_actions"]

OVERALL = (
    Output("plan_action_count", Text("Actions du plan", "Actions of the plan"), "nombre"),
    Output("plan_budget_eur", Text("Budget connu du plan", "Known budget of the plan"), "EUR"),
    Output("plan_orphan_count", Text("Actions orphelines", "Orphan actions"), "nombre", better=-1),
    Output(
        "plan_orphan_budget_share",
        Text("Part du budget jugé allant à des actions orphelines", "Share of the judged budget of orphan actions"),
        "part",
        better=-1,
    ),
    Output(
        "plan_unplaced_budget_share",
        Text("Part du budget connu d'actions sans lieu", "Share of the known budget of actions without a place"),
        "part",
        better=-1,
    ),
)
TABLES = (
    Table(
        "actions",
        Text("Les actions du plan, une à une", "The actions of the plan, one by one"),
        (
            Output("action", Text("Identifiant de l'action", "Identifier of the action"), "texte"),
            Output("nom", Text("Nom", "Name"), "texte"),
            Output("budget_eur", Text("Budget de l'action", "Budget of the action"), "EUR"),
            Output(
                "objectifs",
                Text("Objectifs servis, hors le numérique lui-même", "Objectives served, beside the digital itself"),
                "nombre",
            ),
            Output("habitants", Text("Habitants atteints", "Inhabitants reached"), "habitants"),
            Output("habitants_besoin", Text("Dont en besoin", "Of whom in need"), "habitants"),
            Output("cout_par_besoin", Text("Euros par habitant en besoin", "Euros per inhabitant in need"), "EUR/hab"),
            Output("classe", Text("Classe", "Class"), "texte"),
            Output("avis", Text("Avis", "Verdict"), "texte"),
        ),
    ),
)
#: Class → name, and words of the verdict.
CLASSES = {
    "utile": (
        Text("objectif et besoin", "objective and need"),
        Text("sert un objectif d'une autre politique et un besoin", "serves an objective of another policy and a need"),
    ),
    "besoin_seul": (
        Text("besoin sans objectif", "need without objective"),
        Text(
            "sert un besoin, sans objectif d'une autre politique : à rattacher",
            "serves a need, without an objective of another policy: tie it to one",
        ),
    ),
    "objectif_seul": (
        Text("objectif sans besoin", "objective without need"),
        Text(
            "sert un objectif, sans besoin notable à sa portée : à vérifier",
            "serves an objective, without notable need within reach: to be checked",
        ),
    ),
    "orpheline": (
        Text("orpheline", "orphan"),
        Text(
            "ni objectif d'une autre politique, ni besoin notable : de la technique pour elle-même",
            "neither an objective of another policy nor notable need: technology for its own sake",
        ),
    ),
    "orpheline_sans_lieu": (
        Text("orpheline, sans lieu", "orphan, without a place"),
        Text(
            "ni objectif d'une autre politique, ni lieu : aucun besoin ne peut lui être rattaché",
            "neither an objective of another policy nor a place: no need can be tied to it",
        ),
    ),
    "objectif_sans_lieu": (
        Text("objectif, sans lieu", "objective, without a place"),
        Text(
            "sert un objectif ; sans lieu, le besoin servi est inconnu",
            "serves an objective; without a place, the need served is unknown",
        ),
    ),
    "objectifs_inconnus": (
        Text("objectifs inconnus", "objectives unknown"),
        Text("ses objectifs ne sont pas renseignés : à compléter", "its objectives are not told: fill them in"),
    ),
    "inconnue": (
        Text("besoin inconnu", "need unknown"),
        Text("le besoin servi est inconnu ici", "the need served is unknown here"),
    ),
}
ORPHANS = ("orpheline", "orpheline_sans_lieu")
NOT_JUDGED = ("inconnue", "objectifs_inconnus")
_FIGURES = Text(
    "$budget ; objectifs : $objectives ; en besoin : $need, sur $people à portée.",
    "$budget; objectives: $objectives; in need: $need, out of $people within reach.",
)

REACH = Parameter(
    "portee_m",
    Text("Portée d'une action ponctuelle ou linéaire", "Reach of an action drawn as points or lines"),
    "m",
    1000.0,
    1.0,
    50_000.0,
)
NEED = Parameter(
    "seuil",
    Text("Indice de fragilité à partir duquel on est en besoin", "Fragility index of need"),
    "indice",
    6.0,
    0.0,
    10.0,
)


def plan_actions(
    units: gpd.GeoDataFrame,
    *,
    action: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None = None,
    fragilite: gpd.GeoDataFrame | None = None,
    portee_m: float = 1000.0,
    seuil: float = 6.0,
) -> Measurement:
    """Say of each action its budget, its objectives, the people in need whom it reaches, and give a verdict.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    action : GeoDataFrame or None
        Any geometry, or none; ``id``, and optional ``nom``, ``budget_eur`` and ``objectifs``.
    population, fragilite : GeoDataFrame or None
        Polygons with ``habitants``; polygons with ``indice`` (0 to 10).

    Returns
    -------
    Measurement
        For the whole territory, the values of the declaration; the table ``actions``.

    Raises
    ------
    InvalidValueError
        When a budget is negative.

    Examples
    --------
    >>> import shapely
    >>> square = shapely.box(0, 0, 100, 100)
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[square], index=["1"], crs=2154)
    >>> told = {"id": ["twin", "help"], "budget_eur": [600.0, 400.0], "objectifs": ["numerique", "inclusion"]}
    >>> plan = gpd.GeoDataFrame(told, geometry=[None, square], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [50.0]}, geometry=[square], crs=2154)
    >>> need = gpd.GeoDataFrame({"indice": [8.0]}, geometry=[square], crs=2154)
    >>> found = plan_actions(units, action=plan, population=people, fragilite=need)
    >>> found.tables["actions"]["classe"].tolist(), found.overall["plan_orphan_budget_share"].value
    (['utile', 'orpheline_sans_lieu'], 0.6)
    """
    units, action, population, fragilite = opened(units, action=action, population=population, fragilite=fragilite)
    if action is None:
        empty = pd.DataFrame(columns=[column.name for column in TABLES[0].columns])
        nothing = {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={"actions": empty})
    known = None if fragilite is None else fragilite[fragilite["indice"].notna()]
    fragile = None if known is None else known[known["indice"] >= seuil]
    served = people_served(action, portee_m, population, fragile, known)
    table = _table(action, served)
    return measurement(units, {}, overall=_overall(action, table), tables={"actions": table})


def _table(action: gpd.GeoDataFrame, served: Served) -> pd.DataFrame:
    aims, money, placed = objectives(action), budgets(action), located(action)
    needed = _needed(served)
    table = pd.DataFrame(
        {
            "action": action["id"].astype(str),
            "nom": action["nom"].astype(object) if "nom" in action.columns else None,
            "budget_eur": money,
            "objectifs": aims,
            "habitants": served.inhabitants,
            "habitants_besoin": served.in_need,
            "cout_par_besoin": money / served.in_need.where(needed),
            "classe": _classes(aims, needed, served.in_need.isna(), placed),
        }
    )
    return table.assign(avis=_verdicts(table)).sort_values("action", kind="stable", ignore_index=True)


def _needed(served: Served) -> pd.Series[bool]:
    """Tell which actions serve a need: that of one inhabitant, and of one hundredth of those whom they reach."""
    enough: pd.Series[bool] = (served.in_need >= 1) & ~(served.in_need < 0.01 * served.inhabitants)
    return enough


def _classes(
    aims: pd.Series[float], needed: pd.Series[bool], unknown: pd.Series[bool], placed: pd.Series[bool]
) -> np.ndarray:
    aimed = aims > 0
    tests = [
        aims.isna(),
        ~placed & aimed,
        ~placed,
        unknown,
        aimed & needed,
        needed,
        aimed,
    ]
    names = [
        *("objectifs_inconnus", "objectif_sans_lieu", "orpheline_sans_lieu", "inconnue"),
        *("utile", "besoin_seul", "objectif_seul"),
    ]
    return np.select([test.to_numpy(dtype=bool) for test in tests], names, "orpheline")


def _verdicts(table: pd.DataFrame) -> list[str]:
    return [f"{CLASSES[str(row.classe)][1]}{Text(' ; ', '; ')}{_figures(row)}" for row in table.itertuples(index=False)]


def _figures(row: object) -> Text:
    value = row.__getattribute__
    unknown = Text("budget inconnu", "budget unknown")
    aims = value("objectifs")
    euros = number_text(value("budget_eur"))
    money = unknown if value("budget_eur") != value("budget_eur") else Text(f"{euros.fr} €", f"€{euros.en}")
    return _FIGURES.fill(
        budget=money,
        objectives=number_text(aims) if aims == aims else Text("inconnus", "unknown"),
        need=people_text(value("habitants_besoin")),
        people=people_text(value("habitants")),
    )


def _overall(action: gpd.GeoDataFrame, table: pd.DataFrame) -> dict[str, Whole]:
    money = table["budget_eur"]
    priced = float(money.notna().mean())
    total = float(money.sum()) if priced else float("nan")
    orphan, judged = table["classe"].isin(ORPHANS), ~table["classe"].isin(NOT_JUDGED)
    counted, judged_eur = float(judged.mean()), float(money[judged].sum())
    lost = float(money[orphan].sum()) / judged_eur if judged_eur > 0 else float("nan")
    unplaced = float(budgets(action)[~located(action)].sum())
    share = 1 / total if total > 0 else float("nan")
    return {
        "plan_action_count": Whole(float(len(table)), 1.0),
        "plan_budget_eur": Whole(total, priced),
        "plan_orphan_count": Whole(float(orphan.sum()) if counted else float("nan"), counted),
        "plan_orphan_budget_share": Whole(lost, priced * judged_eur / total if judged_eur > 0 else 0.0),
        "plan_unplaced_budget_share": Whole(unplaced * share, priced),
    }


ANALYSIS = Declaration(
    id="plan_actions",
    title=Text("Actions du plan : utiles ou pour elles-mêmes ?", "Actions of the plan: useful, or for their own sake?"),
    summary=Text(
        "Quelle action du plan sert un objectif d'une autre politique et des habitants en besoin, et laquelle ne sert "
        "que la technique ?",
        "Which action of the plan serves an objective of another policy and people in need, and which one serves "
        "technology alone?",
    ),
    policies=(Policy.NUMERIQUE, Policy.INCLUSION),
    family=Family.GOUVERNANCE,
    inputs=(Input("action"), Input("population", required=False), Input("fragilite", required=False)),
    outputs=(),
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Objectifs d'une action : ceux de la colonne objectifs, séparés par « ; » ou « | », hors « numerique » ; "
        "« aucun », « néant », « sans objet » ou « - » : zéro ; vide : inconnus. Portée : sa surface, ou ce qui est à "
        "moins de portee_m de ses points et de ses lignes. Besoin : habitants de la portée qui vivent où l'indice de "
        "fragilité numérique atteint seuil, au prorata des surfaces ; il est notable dès un habitant et 1 % des "
        "habitants de la portée. Orpheline : aucun objectif, et aucun besoin notable (ou aucun lieu). Part orpheline = "
        "budget des orphelines ÷ budget des actions jugées. Exemple : 45 000 €, un objectif, 90 habitants en besoin "
        "sur 600 : 500 € par habitant en besoin, « utile ».",
        "Objectives of an action: those of the column objectifs, cut on “;” or “|”, but “numerique”; “aucun”, “néant”, "
        "“sans objet” or “-”: zero; blank: unknown. Reach: its surface, or what lies within portee_m of its points and "
        "lines. Need: inhabitants of the reach who live where the digital fragility index attains seuil, in proportion "
        "to area; it is notable from one inhabitant and 1 % of the inhabitants of the reach. Orphan: no objective, and "
        "no notable need (or no place). Orphan share = budget of orphans ÷ budget of the actions judged. Example: "
        "€45,000, one objective, 90 inhabitants in need out of 600: €500 per inhabitant in need, “useful”.",
    ),
    reading=Text(
        "Une part orpheline de 0,42 signifie que 42 % du budget des actions jugées va à des actions sans objectif "
        "d'une autre politique ni besoin notable à leur portée ; sa part connue est celle de l'argent jugé.",
        "An orphan share of 0.42 means that 42 % of the budget of the actions judged goes to actions without an "
        "objective of another policy nor notable need within reach; its known share is that of the money judged.",
    ),
    limits=Text(
        "Un objectif écrit n'est pas un objectif atteint. Le besoin est ici celui de la fragilité numérique ; une "
        "action peut en servir un autre (risque, énergie), que les objectifs doivent dire. Une action sans lieu ne "
        "peut être rattachée à personne : ce n'est pas une faute, c'est une question à poser. La portée est à vol "
        "d'oiseau. Où l'indice est inconnu, ou les objectifs non renseignés, l'action n'est pas jugée.",
        "A written objective is not one that is reached. Need is that of digital fragility here; an action may serve "
        "another one (risk, energy), which its objectives must tell. An action without a place can be tied to nobody: "
        "it is no fault, it is a question to ask. Reach is as the crow flies. Where the index is unknown, or the "
        "objectives are not told, the action is not judged.",
    ),
    reference="CGCT, art. L. 1425-2 (schéma directeur d'aménagement numérique) ; Mednum et ANCT, indice de fragilité "
    "numérique ; Cour des comptes, contrôle de la performance : pertinence au regard des besoins.",
    function=plan_actions,
    apart=False,
    parameters=(REACH, NEED),
)
