"""Concentration of coverage: do fibre and 4G come first to the well-off, or to those who are not fragile?"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Measurement, Output, Table, Whole
from ..texts import Text
from .bounds import bounded
from .concentration import concentration_curve, concentration_index, erreygers
from .coverage_inequality import LORENZ_STEPS
from .entrance import opened
from .inequality import index_by, observed
from .inhabited import (
    fibre_rate_by_buildings,
    fibre_rate_by_commune,
    income,
    inhabited,
    known_overall,
    known_people,
    mobile_share,
    spread,
)
from .knowledge import Known, measurement, unknown
from .resampling import bootstrap

__all__ = [
    "FORMULA",
    "LIMITS",
    "READING",
    "REFERENCE",
    "concentrated",
    "measured",
    "outputs",
    "overall",
    "ranks",
    "tables",
]

#: Suffixes of the values by unit, and over all.
_COLUMNS = ("rank", "contribution")
_OVERALL = ("index", "index_low", "index_high", "erreygers")


def measured(
    name: str,
    units: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame | None],
    *,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    """Measure how the coverage ``<what>_<by>`` follows the income, or the fragility, of the people.

    Parameters
    ----------
    name : str
        ``fibre_income``, ``fibre_fragility``, ``mobile_income`` or ``mobile_fragility``.
    layers : mapping
        By role: ``population``, and of ``immeuble``, ``couverture_fixe``, ``couverture_mobile``, ``revenu``,
        ``fragilite`` those that the name asks for.

    Returns
    -------
    Measurement
        By unit, the mean rank of its people and what it brings to the index (contributions add up to it); over all,
        the index with its 95 % interval, and Erreygers's index; the concentration curve. NaN where all have the same
        rank. The known share is that of the people whose coverage and rank are both known.
    """
    units, *found = opened(units, **layers)
    given = dict(zip(layers, found, strict=True))
    what, by = name.split("_")
    if given["population"] is None or _silent(given, what, by):
        return _untold(name, units)
    places = inhabited(units, given["population"])
    rate = _RATES[what](places, given)
    return concentrated(name, units, places, rate, _RANKS[by](places, given), tirages=tirages, graine=graine)


def _silent(given: Mapping[str, gpd.GeoDataFrame | None], what: str, by: str) -> bool:
    """Tell whether no layer tells the coverage, or the fragility."""
    sources = {"fibre": ("immeuble", "couverture_fixe"), "mobile": ("couverture_mobile",)}[what]
    return all(given[role] is None for role in sources) or (by == "fragility" and given["fragilite"] is None)


def _fibre(places: gpd.GeoDataFrame, given: Mapping[str, gpd.GeoDataFrame]) -> pd.Series[float]:
    if given["immeuble"] is not None:
        return fibre_rate_by_buildings(places, given["immeuble"])
    return fibre_rate_by_commune(places, given["couverture_fixe"])


def _mobile(places: gpd.GeoDataFrame, given: Mapping[str, gpd.GeoDataFrame]) -> pd.Series[float]:
    return mobile_share(places, given["couverture_mobile"])


def _income(places: gpd.GeoDataFrame, given: Mapping[str, gpd.GeoDataFrame]) -> pd.Series[float]:
    return income(places, given["population"], given["revenu"])


def _fragility(places: gpd.GeoDataFrame, given: Mapping[str, gpd.GeoDataFrame]) -> pd.Series[float]:
    index = bounded(given["fragilite"], "fragilite", "indice")
    return spread(places, given["fragilite"].assign(indice=index), "indice")


_RATES = {"fibre": _fibre, "mobile": _mobile}
_RANKS = {"income": _income, "fragility": _fragility}


def concentrated(
    name: str,
    units: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    rate: pd.Series[float],
    order: pd.Series[float],
    *,
    tirages: float,
    graine: float,
) -> Measurement:
    """Return the measurement of a rate by place whose people are ordered by another quantity."""
    people = places["habitants"]
    seen = observed(rate, order, weights=people)
    place = pd.Series(np.nan, index=places.index)
    place[seen.rows] = ranks(seen.columns[1], seen.weights)
    index = concentration_index(rate, order, people)
    held = float((seen.columns[0] * seen.weights).sum())
    bring = 2 * rate * people * (place - 0.5) / held if held > 0 and not np.isnan(index) else place * np.nan
    unit = places["code_unite"].to_numpy()
    mass = people.where(place.notna()).groupby(unit).sum(min_count=1)
    mean = (place * people).groupby(unit).sum(min_count=1) / mass.where(mass > 0)
    reached = known_people(units, places, rate, order)
    columns = {
        f"{name}_rank": Known(mean.reindex(units.index), reached),
        f"{name}_contribution": Known(bring.groupby(unit).sum(min_count=1).reindex(units.index), reached),
    }
    interval = bootstrap(index_by, rate, order, weights=people, draws=int(tirages), seed=int(graine))
    bounds = (np.nan, np.nan) if np.isnan(index) else (interval.low, interval.high)
    told = (index, *bounds, erreygers(rate, order, people))
    share = known_overall(units, places, rate, order)
    overall = {f"{name}_{suffix}": Whole(value, share) for suffix, value in zip(_OVERALL, told, strict=True)}
    curve = concentration_curve(rate, order, people, at=LORENZ_STEPS)
    return measurement(units, columns, None, overall, {f"{name}_curve": curve})


def ranks(order: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the share of the people of lower rank, plus half of those of the same.

    Examples
    --------
    >>> ranks(np.array([10.0, 20.0, 20.0]), np.array([50.0, 25.0, 25.0])).tolist()
    [0.25, 0.75, 0.75]
    """
    _, group = np.unique(order, return_inverse=True)
    mass = np.bincount(group, people)
    middle: np.ndarray = ((np.cumsum(mass) - mass / 2) / mass.sum())[group] if len(mass) else np.empty(0)
    return middle


def _untold(name: str, units: gpd.GeoDataFrame) -> Measurement:
    columns = {f"{name}_{suffix}": unknown(units) for suffix in _COLUMNS}
    overall = {f"{name}_{suffix}": Whole(np.nan, 0.0) for suffix in _OVERALL}
    return measurement(units, columns, None, overall, {f"{name}_curve": concentration_curve([], [], at=LORENZ_STEPS)})


def outputs(name: str, coverage: Text, order: Text) -> tuple[Output, ...]:
    """Return the outputs by unit of the analysis `name`; `coverage` and `order` name what is measured."""
    rank = Text(
        "Rang moyen des habitants par $o (0 : les plus bas, 1 : les plus hauts)",
        "Mean rank of the people by $o (0: lowest, 1: highest)",
    )
    brings = Text(
        "Ce que l'unité apporte à la concentration de $c par $o",
        "What the unit brings to the concentration of $c by $o",
    )
    return (
        Output(f"{name}_rank", rank.fill(o=order), "part"),
        Output(f"{name}_contribution", brings.fill(c=coverage, o=order), "indice", minimum=None),
    )


def overall(name: str, coverage: Text, order: Text) -> tuple[Output, ...]:
    """Return the outputs over the whole territory."""
    index = Text("Indice de concentration de $c par $o", "Concentration index of $c by $o").fill(c=coverage, o=order)
    bound = Text("$i : borne $b de l'intervalle à 95 %", "$i: $b bound of the 95 % interval")
    corrected = Text("$i, corrigé selon Erreygers", "$i, with Erreygers's correction").fill(i=index)
    return (
        Output(f"{name}_index", index, "indice", minimum=-1.0),
        Output(f"{name}_index_low", bound.fill(i=index, b=Text("basse", "lower")), "indice", minimum=-1.0),
        Output(f"{name}_index_high", bound.fill(i=index, b=Text("haute", "upper")), "indice", minimum=-1.0),
        Output(f"{name}_erreygers", corrected, "indice", minimum=-1.0),
    )


def tables(name: str, coverage: Text, order: Text) -> tuple[Table, ...]:
    """Return the table of the concentration curve."""
    title = Text("Courbe de concentration de $c par $o", "Concentration curve of $c by $o").fill(c=coverage, o=order)
    people = Text(
        "Part des habitants, du plus bas au plus haut par $o", "Share of the people, from lowest to highest by $o"
    )
    held = Text("Part de toute la couverture qu'ils ont", "Share of all the coverage that they have")
    columns = (Output("population_share", people.fill(o=order), "part"), Output("value_share", held, "part"))
    return (Table(f"{name}_curve", title, columns, curve=True),)


FORMULA = Text(
    "C = (2 ÷ (t̄ P)) Σ pᵢ tᵢ (Rᵢ − ½) : tᵢ est $rate du lieu i, pᵢ ses habitants, t̄ la moyenne pondérée, Rᵢ le rang "
    "de ses habitants par $order, c'est-à-dire la part des habitants placés plus bas, plus la moitié de ceux de même "
    "rang. Un moins deux fois l'aire sous la courbe de concentration. Erreygers : 4 t̄ C. Exemple : 50 habitants au "
    "plus bas rang, à 0,5, et 50 au plus haut, à 1 ; t̄ = 0,75 ; rangs 0,25 et 0,75 ; C = (2 ÷ 75) × (25 × (−0,25) + "
    "50 × 0,25) = 0,167 ; Erreygers = 4 × 0,75 × 0,167 = 0,5.",
    "C = (2 ÷ (t̄ P)) Σ pᵢ tᵢ (Rᵢ − ½): tᵢ is $rate of place i, pᵢ its people, t̄ the weighted mean, Rᵢ the rank of "
    "its people by $order, that is the share of the people who are lower, plus half of those of the same rank. One "
    "minus twice the area under the concentration curve. Erreygers: 4 t̄ C. Example: 50 people of lowest rank at 0.5, "
    "and 50 of highest rank at 1; t̄ = 0.75; ranks 0.25 and 0.75; C = (2 ÷ 75) × (25 × (−0.25) + 50 × 0.25) = 0.167; "
    "Erreygers = 4 × 0.75 × 0.167 = 0.5.",
)
READING = Text(
    "0 signifie que la couverture ne suit pas $order. Un indice de 0,42 signifie qu'elle va surtout à $high, un "
    "indice de −0,42 qu'elle va surtout à $low. Un intervalle qui contient 0 ne permet pas de conclure. Les apports "
    "des unités s'ajoutent jusqu'à l'indice.",
    "0 means that coverage does not follow $order. An index of 0.42 means that it goes mostly to $high, one of −0.42 "
    "that it goes mostly to $low. An interval that holds 0 allows no conclusion. What the units bring adds up to the "
    "index.",
)
LIMITS = Text(
    "Le rang est celui d'un lieu, non d'une personne : des habitants différents y sont confondus. Une couverture "
    "presque complète laisse peu de place à l'indice : l'indice corrigé d'Erreygers se compare quelle que soit la "
    "moyenne. Un lieu dont la couverture ou le rang est inconnu ou sous secret est laissé de côté : la part connue le "
    "dit. Inconnu quand tous ont le même rang. L'intervalle tire à nouveau les lieux ; il ne dit rien des erreurs des "
    "données. $own",
    "The rank is that of a place, not of a person: different people are taken together. Almost complete coverage "
    "leaves the index little room: Erreygers's corrected index can be compared whatever the mean. A place whose "
    "coverage or rank is unknown or secret is left out: the known share says so. Unknown when all have the same rank. "
    "The interval draws places again; it tells nothing of errors in the data. $own",
)
REFERENCE = (
    "Wagstaff A., Paci P., van Doorslaer E. (1991), Social Science and Medicine 33(5) ; O'Donnell O. et al. (2008), "
    "Analyzing health equity using household survey data, Banque mondiale ; Erreygers G. (2009), Journal of Health "
    "Economics 28(2)."
)
