"""The actions of the digital plan: what each aims at, where it reaches, whom it serves, what it spends where."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.policies import Policy
from ..overlay import covered_area, pieces_inside
from .bounds import bounded
from .contributions import plain
from .exposure import SIDES_A_QUARTER, people_in

__all__ = ["Served", "budgets", "located", "named_objectives", "objectives", "people_served", "reach_of", "spread"]

#: Words, without case or accents, by which a cell says that there is no objective.
NO_OBJECTIVE = {
    "aucun",
    "aucune",
    "aucun objectif",
    "neant",
    "sans",
    "sans objet",
    "so",
    "s o",
    "0",
    "-",
    "–",
    "—",
    "/",
}
#: Words by which it says nothing of them.
UNTOLD = {"", "?", "...", "…", "inconnu", "inconnus", "na", "n a", "nc", "n c", "nr", "n r", "nan"} | {
    *("a definir", "a preciser", "non communique", "non precise", "non renseigne", "non renseignes")
}


@dataclass(frozen=True, eq=False)
class Served:
    """The people whom each action reaches, and those in need among them; NaN where unknown."""

    inhabitants: pd.Series[float]
    in_need: pd.Series[float]


def named_objectives(cell: object) -> set[str] | None:
    """Return the objectives that a cell names, cut on « ; » and « | »; None where it tells nothing of them.

    Examples
    --------
    >>> sorted(named_objectives("Numérique ; Réduire, dès 2026, la fracture")), named_objectives("néant")
    (['numerique', 'reduire des 2026 la fracture'], set())
    >>> named_objectives(" "), named_objectives("à préciser")
    (None, None)
    """
    parts = re.split(r"[;|]", cell) if isinstance(cell, str) else []
    words = {plain(part) or part.strip() for part in parts} - UNTOLD
    return words - NO_OBJECTIVE if words else None


def objectives(actions: gpd.GeoDataFrame) -> pd.Series[float]:
    """Count the objectives of each action beside the digital itself; NaN where ``objectifs`` tells nothing of them.

    Examples
    --------
    >>> told = {"objectifs": ["numerique ; inclusion", "Numérique", None, "aucun", "air;mobilite"]}
    >>> objectives(gpd.GeoDataFrame(told, geometry=[None] * 5)).tolist()
    [1.0, 0.0, nan, 0.0, 2.0]
    """
    if "objectifs" not in actions.columns:
        return pd.Series(np.nan, index=actions.index)
    named = actions["objectifs"].astype(object).map(named_objectives)
    counts = [np.nan if words is None else len(words - {str(Policy.NUMERIQUE)}) for words in named]
    return pd.Series(counts, index=actions.index, dtype=float)


def budgets(actions: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the budget of each action, in euros; NaN where it is not told.

    Raises
    ------
    InvalidValueError
        When one is negative.
    """
    return bounded(actions, "action", "budget_eur")


def located(actions: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Tell which actions have a place."""
    there: pd.Series[bool] = ~(actions.geometry.isna() | actions.geometry.is_empty)
    return there


def reach_of(actions: gpd.GeoDataFrame, distance_m: float) -> gpd.GeoDataFrame:
    """Return where each located action reaches: within a distance of its points and lines, its surfaces themselves.

    Examples
    --------
    >>> drawn = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0), shapely.box(0, 0, 10, 10)], crs="EPSG:2154")
    >>> reach_of(drawn, 100).area.round(-2).tolist()
    [31400.0, 100.0]
    """
    there = actions[located(actions)]
    shapes = there.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2
    around = shapely.buffer(shapes, distance_m, quad_segs=SIDES_A_QUARTER)
    return gpd.GeoDataFrame(geometry=np.where(flat, shapes, around), index=there.index, crs=actions.crs)


def people_served(
    actions: gpd.GeoDataFrame,
    distance_m: float,
    population: gpd.GeoDataFrame | None,
    fragile: gpd.GeoDataFrame | None,
    known: gpd.GeoDataFrame | None,
) -> Served:
    """Count the inhabitants whom each action reaches, and those who live in `fragile` polygons among them.

    Parameters
    ----------
    fragile, known : GeoDataFrame or None
        Polygons where people are in need; polygons where one knows whether they are.

    Returns
    -------
    Served
        NaN for an action without a place, without population, or of which less than 99 % of the reach that is
        peopled lies in `known`.
    """
    nothing = pd.Series(np.nan, index=actions.index)
    reach = reach_of(actions, distance_m)
    if population is None or reach.empty:
        return Served(nothing, nothing)
    inhabitants = people_in(reach, population).total
    if fragile is None or known is None:
        return Served(inhabitants.reindex(actions.index), nothing)
    parts = pieces_inside(reach, fragile) if len(fragile) else reach.iloc[:0]
    needy = people_in(parts, population).total.reindex(reach.index)
    needy = needy.where(reach.index.isin(parts.index), 0.0).where(_told(reach, population, known))
    return Served(inhabitants.reindex(actions.index), needy.reindex(actions.index))


def _told(reach: gpd.GeoDataFrame, population: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Tell where one knows who is in need: over 99 % of what is peopled."""
    peopled = covered_area(reach, population)
    inside = pieces_inside(reach, known)
    told = covered_area(inside, population).reindex(reach.index, fill_value=0.0)
    share: pd.Series[float] = told / peopled.where(peopled > 0)
    return share.fillna(0.0) >= 0.99


def spread(actions: gpd.GeoDataFrame, units: gpd.GeoDataFrame, distance_m: float) -> pd.DataFrame:
    """Return the budget of each located action that goes to each unit, in proportion to the area of its reach there.

    Returns
    -------
    DataFrame
        One row an action and a unit that it reaches: ``action`` (label), ``code_unite``, ``spending_eur``. The sum
        over the units of an action is its budget, less the part of it that reaches out of the territory.

    Examples
    --------
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["A", "B"], crs="EPSG:2154")
    >>> plan = gpd.GeoDataFrame({"budget_eur": [100.0]}, geometry=[shapely.box(8, 0, 24, 10)], crs="EPSG:2154")
    >>> spread(plan, units, 10)["spending_eur"].tolist()
    [12.5, 62.5]
    """
    reach = reach_of(actions, distance_m)
    shapes, places = reach.geometry.to_numpy(), units.geometry.to_numpy()
    action, unit = shapely.STRtree(places).query(shapes, predicate="intersects")
    area = shapely.area(shapely.intersection(shapes[action], places[unit]))
    share = area / shapely.area(shapes)[action]
    money = budgets(actions).reindex(reach.index).to_numpy()[action]
    table = pd.DataFrame(
        {"action": reach.index[action], "code_unite": units.index[unit], "spending_eur": share * money}
    )
    there: pd.DataFrame = table[area > 0].reset_index(drop=True)
    return there
