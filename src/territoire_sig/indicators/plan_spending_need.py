"""Where the plan spends and where people are in need: is the money where the need is?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .concentration import concentration_curve, concentration_index
from .entrance import opened
from .exposure import people_within
from .knowledge import Known, measurement, unknown
from .neighbours import contiguity
from .plan import budgets, located, spread
from .plan_actions import NEED, REACH
from .spatial_association import lee, local_lee

__all__ = ["ANALYSIS", "plan_spending_need"]

OUTPUTS = (
    Output("plan_spending_eur", Text("Dépense du plan, répartie", "Spending of the plan, shared out"), "EUR"),
    Output(
        "plan_spending_per_inhabitant", Text("Dépense du plan par habitant", "Spending of the plan per head"), "EUR/hab"
    ),
    Output("plan_need_inhabitants", Text("Habitants en besoin", "Inhabitants in need"), "habitants"),
    Output("plan_need_share", Text("Part des habitants en besoin", "Share of inhabitants in need"), "part"),
    Output(
        "plan_location_quotient",
        Text(
            "Part de la dépense sur part du besoin (1 : juste part)", "Share of spending over share of need (1: fair)"
        ),
        "rapport",
    ),
    Output(
        "plan_local_association",
        Text("Association locale dépense et besoin (L de Lee)", "Local association of spending and need (Lee's L)"),
        "indice",
        minimum=None,
    ),
)
OVERALL = (
    Output(
        "plan_concentration_index",
        Text("Indice de concentration de la dépense par le besoin", "Concentration index of spending by need"),
        "indice",
        better=1,
        minimum=-1.0,
    ),
    Output(
        "plan_lee_l",
        Text("Association spatiale dépense et besoin (L de Lee)", "Spatial association of spending and need (Lee's L)"),
        "indice",
        better=1,
        minimum=-1.0,
    ),
    Output(
        "plan_lee_p",
        Text("Probabilité d'un tel L au hasard", "Probability of such an L by chance"),
        "part",
        minimum=0.0,
    ),
    Output(
        "plan_forgotten_inhabitants",
        Text("Habitants en besoin d'unités oubliées", "Inhabitants in need of forgotten units"),
        "habitants",
        better=-1,
    ),
    Output(
        "plan_over_equipped_share",
        Text("Part de la dépense en unités suréquipées", "Share of spending in over-equipped units"),
        "part",
        better=-1,
    ),
)
TABLES = (
    Table(
        "concentration",
        Text("Courbe de concentration de la dépense", "Concentration curve of spending"),
        (
            Output(
                "part_habitants",
                Text(
                    "Part des habitants, des moins aux plus en besoin", "Share of inhabitants, from least to most need"
                ),
                "part",
            ),
            Output("part_depense", Text("Part de la dépense", "Share of spending"), "part"),
        ),
        curve=True,
    ),
)
MAP_CLASSES = {
    "oubliee": (Text("oubliée : besoin fort, dépense faible", "forgotten: high need, low spending"), "#d94801"),
    "surequipee": (
        Text("suréquipée : besoin faible, dépense forte", "over-equipped: low need, much spent"),
        "#54278f",
    ),
    "a_la_mesure": (Text("à la mesure : besoin et dépense forts", "in keeping: high need and spending"), "#08306b"),
    "peu_de_besoin": (Text("peu de besoin, peu de dépense", "little need, little spending"), "#c6dbef"),
    "inconnue": (Text("inconnue", "unknown"), "#d9d9d9"),
}
#: Draws of the pseudo p-value of Lee's L.
_PERMUTATIONS = 999


def plan_spending_need(
    units: gpd.GeoDataFrame,
    *,
    action: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    fragilite: gpd.GeoDataFrame | None,
    portee_m: float = 1000.0,
    seuil: float = 6.0,
    graine: float = 1,
) -> Measurement:
    """Share the budget of the plan out among units, and compare it to where people are in need.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    action : GeoDataFrame or None
        Any geometry, or none; ``id`` and ``budget_eur``.
    population, fragilite : GeoDataFrame or None
        Polygons with ``habitants``; polygons with ``indice`` (0 to 10).

    Returns
    -------
    Measurement
        See the declaration. The known share of spending is the share of the known budget that is placed in the
        territory, times the share of the actions whose budget is known.

    Raises
    ------
    InvalidValueError
        When a budget is negative.

    Examples
    --------
    >>> import shapely
    >>> west, east = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    >>> units = gpd.GeoDataFrame({"nom_unite": ["W", "E"]}, geometry=[west, east], index=["W", "E"], crs=2154)
    >>> plan = gpd.GeoDataFrame({"id": ["a"], "budget_eur": [100.0]}, geometry=[shapely.box(50, 0, 125, 100)], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 50.0]}, geometry=[west, east], crs=2154)
    >>> index = gpd.GeoDataFrame({"indice": [2.0, 8.0]}, geometry=[west, east], crs=2154)
    >>> found = plan_spending_need(units, action=plan, population=people, fragilite=index)
    >>> found.values["plan_spending_eur"].round(1).tolist(), found.map["classe"].tolist()
    ([66.7, 33.3], ['surequipee', 'oubliee'])
    """
    units, action, population, fragilite = opened(units, action=action, population=population, fragilite=fragilite)
    known = None if fragilite is None else fragilite[fragilite["indice"].notna()]
    fragile = None if known is None else known[known["indice"] >= seuil]
    everyone, needy = people_within(units, population), people_within(units, population, fragile)
    told = people_within(units, population, known)
    needy = Known(needy.value.where(told.value >= 0.99 * everyone.value), needy.share)
    spent = _spending(units, action, portee_m)
    table = pd.DataFrame({"people": everyone.value, "need": needy.value, "spent": spent.value})
    table = table.where(table.notna().all(axis=1))
    columns, local = _columns(units, table, spent, everyone, needy, round(graine))
    return measurement(
        units,
        columns | local,
        _drawn(units, table) if table["spent"].notna().any() else None,
        overall=_overall(units, table, spent, round(graine)),
        tables={"concentration": _curve(table)},
    )


def _spending(units: gpd.GeoDataFrame, action: gpd.GeoDataFrame | None, portee_m: float) -> Known:
    """Return the spending of each unit; unknown where no action has both a place and a budget."""
    if action is None:
        return unknown(units)
    money = budgets(action)
    total = float(money.sum())
    placed = spread(action, units, portee_m)
    if not total > 0 or placed.empty:
        return unknown(units)
    sums = placed.groupby("code_unite")["spending_eur"].sum().reindex(units.index, fill_value=0.0)
    share = float(sums.sum()) / total * float(money.notna().mean())
    return Known(sums, pd.Series(min(share, 1.0) if located(action).any() else 0.0, index=units.index))


def _columns(
    units: gpd.GeoDataFrame, table: pd.DataFrame, spent: Known, everyone: Known, needy: Known, seed: int
) -> tuple[dict[str, Known], dict[str, Known]]:
    per_head, share = _rates(table)
    both = pd.concat([spent.share, everyone.share, needy.share], axis="columns").min(axis="columns")
    quotient = (table["spent"] / table["spent"].sum()) / (table["need"] / table["need"].sum()).where(table["need"] > 0)
    links = contiguity(units).standardised()
    local = local_lee(per_head.to_numpy(), share.to_numpy(), links, permutations=9, seed=seed)["statistic"]
    return {
        "plan_spending_eur": spent,
        "plan_spending_per_inhabitant": Known(per_head, both),
        "plan_need_inhabitants": Known(needy.value, needy.share.where(needy.value.notna(), 0.0)),
        "plan_need_share": Known(needy.value / everyone.value.where(everyone.value > 0), needy.share),
        "plan_location_quotient": Known(quotient, both),
    }, {"plan_local_association": Known(pd.Series(local.to_numpy(), index=units.index), both)}


def _rates(table: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the spending per inhabitant and the share of inhabitants in need; NaN where nobody lives."""
    people = table["people"].where(table["people"] > 0)
    return table["spent"] / people, table["need"] / people


def _classes(table: pd.DataFrame) -> pd.Series[str]:
    """Return the class of each unit, against the spending per head and the share in need of the whole."""
    per_head, share = _rates(table)
    people = table["people"].sum()
    rich = per_head > table["spent"].sum() / people if people > 0 else per_head.isna()
    needy = share > table["need"].sum() / people if people > 0 else share.isna()
    names = np.select(
        [per_head.isna(), needy & rich, needy, rich],
        ["inconnue", "a_la_mesure", "oubliee", "surequipee"],
        "peu_de_besoin",
    )
    return pd.Series(names, index=table.index)


def _drawn(units: gpd.GeoDataFrame, table: pd.DataFrame) -> gpd.GeoDataFrame:
    told = {"code_unite": units.index, "classe": _classes(table).to_numpy()}
    return gpd.GeoDataFrame(told, geometry=units.geometry.to_numpy(), crs=units.crs)


def _curve(table: pd.DataFrame) -> pd.DataFrame:
    per_head, share = _rates(table)
    there = per_head.notna() & share.notna()
    names = [column.name for column in TABLES[0].columns]
    if not there.any() or not table["spent"].sum() > 0:
        return pd.DataFrame(columns=names, dtype=float)
    found = concentration_curve(per_head[there], share[there], table["people"][there])
    return found.set_axis(names, axis="columns")


def _overall(units: gpd.GeoDataFrame, table: pd.DataFrame, spent: Known, seed: int) -> dict[str, Whole]:
    per_head, share = _rates(table)
    if per_head.notna().sum() < 1 or not table["spent"].sum() > 0:
        return {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
    links = contiguity(units).standardised()
    statistic, p_value = lee(per_head.to_numpy(), share.to_numpy(), links, permutations=_PERMUTATIONS, seed=seed)
    index = concentration_index(per_head.to_numpy(), share.to_numpy(), table["people"].to_numpy())
    classes, known = _classes(table), float(spent.share.max()) * float(per_head.notna().mean())
    forgotten = float(table["need"][classes == "oubliee"].sum())
    rich = float(table["spent"][classes == "surequipee"].sum()) / float(table["spent"].sum())
    values = (index, statistic, p_value, forgotten, rich)
    return {
        output.name: Whole(float(value), known if value == value else 0.0)
        for output, value in zip(OVERALL, values, strict=True)
    }


ANALYSIS = Declaration(
    id="plan_spending_need",
    title=Text("Dépense du plan et besoin", "Spending of the plan and need"),
    summary=Text(
        "L'argent du plan va-t-il où les habitants en ont besoin, et quelles unités sont oubliées ou suréquipées ?",
        "Does the money of the plan go where people are in need, and which units are forgotten or over-equipped?",
    ),
    policies=(Policy.NUMERIQUE, Policy.INCLUSION),
    family=Family.GOUVERNANCE,
    inputs=(Input("action"), Input("population"), Input("fragilite")),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Dépense d'une unité : Σ budget de l'action × surface de sa portée dans l'unité ÷ surface de toute sa portée ; "
        "ce qui sort du territoire n'est à aucune unité. Besoin : habitants où l'indice de fragilité atteint seuil. "
        "Quotient de localisation = (dépense ÷ dépense totale) ÷ (besoin ÷ besoin total). Indice de concentration : "
        "unités rangées par part en besoin, C = 2 ÷ (μ W) × Σ habitants × dépense par habitant × (rang − ½). L de Lee "
        ": corrélation des deux, chacune moyennée sur les unités contiguës. Classes : au-dessus ou au-dessous des "
        "valeurs du territoire. Exemple : une unité reçoit 20 % de la dépense et porte 40 % du besoin : quotient 0,5.",
        "Spending of a unit: Σ budget of the action × area of its reach in the unit ÷ area of its whole reach; what "
        "leaves the territory goes to no unit. Need: inhabitants where the fragility index attains seuil. Location "
        "quotient = (spending ÷ total spending) ÷ (need ÷ total need). Concentration index: units ranked by share in "
        "need, C = 2 ÷ (μ W) × Σ inhabitants × spending per head × (rank − ½). Lee's L: correlation of both, each "
        "averaged over contiguous units. Classes: above or below the values of the territory. Example: a unit receives "
        "20 % of the spending and bears 40 % of the need: quotient 0.5.",
    ),
    reading=Text(
        "Un quotient de 0,42 signifie que l'unité reçoit 42 % de ce que vaudrait sa part du besoin ; un indice de "
        "concentration positif, que la dépense va plutôt aux unités les plus en besoin.",
        "A quotient of 0.42 means that the unit receives 42 % of what its share of the need would be worth; a positive "
        "concentration index, that spending goes rather to the units most in need.",
    ),
    limits=Text(
        "La dépense est répartie à la surface, non à l'usage. Les actions sans lieu ou sans budget, et ce qui sort du "
        "territoire, ne sont pas réparties : la part connue le dit. Avec peu d'unités, le L de Lee est sensible à "
        "chacune : lire sa probabilité. L'argent n'est pas le service rendu, et un besoin peut être servi par d'autres "
        "que le plan.",
        "Spending is shared out by area, not by use. Actions without a place or a budget, and what leaves the "
        "territory, are not shared out: the known share says so. With few units, Lee's L hangs on each of them: read "
        "its probability. Money is not the service rendered, and a need may be served by others than the plan.",
    ),
    reference="Wagstaff, Paci & van Doorslaer (1991), Social Science and Medicine 33(5) ; Lee S.-I. (2001), Journal of "
    "Geographical Systems 3(4) ; Isard (1960), Methods of Regional Analysis (quotient de localisation).",
    function=plan_spending_need,
    apart=False,
    parameters=(
        REACH,
        NEED,
        Parameter("graine", Text("Graine des tirages", "Seed of the draws"), "nombre", 1, 0, 2**31 - 1),
    ),
    map_classes=MAP_CLASSES,
)
