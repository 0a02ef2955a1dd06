"""Inhabited places: population polygons cut by unit, and what is known of each (fibre, 4G, income, fragility).

People are spread evenly over their polygon. A place of which something is unknown is left out of what is measured with
it, and the known share of its unit tells of how many of its people that is.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from ..overlay import covered_share, intersect, intersection_areas
from ..texts import Text
from .bounds import bounded, part_of
from .fibre import rated

__all__ = [
    "fibre_rate_by_buildings",
    "fibre_rate_by_commune",
    "income",
    "inhabited",
    "known_overall",
    "known_people",
    "mean_by_unit",
    "mobile_share",
    "rate_of_polygons",
    "spread",
]

#: Share of a polygon below which a piece of it is rounding at a border.
_DUST = 1e-9
#: Share of a place of which a rate must be told for the place to have one.
_MOST = 0.5
#: States of a building that fibre has reached; the state of those that are not told is unknown.
_PASSED, _UNTOLD = ("deploye", "raccordable_demande"), ("inconnu",)
#: Coverage in doubt, of a place, under which it is known.
_DOUBT = 1e-9


def inhabited(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut the population polygons by unit.

    Returns
    -------
    GeoDataFrame
        Numbered from 0, ordered by polygon then unit: ``code_unite``, ``polygon`` (index in `population`), ``fraction``
        (0 to 1) of the polygon, ``habitants`` (NaN: secret) and the geometry. What lies out of the units is not there.

    Raises
    ------
    InvalidValueError
        When a number of inhabitants is negative.

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["A", "B"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(7, 0, 17, 10)], crs=2154)
    >>> inhabited(units, people).set_index("code_unite")["habitants"].round(9).to_dict()
    {'A': 30.0, 'B': 70.0}
    """
    people = bounded(population, "population", "habitants")
    pieces = intersect(population[["geometry"]], units[["geometry"]])
    whole = population.area.loc[pieces["left"]].to_numpy()
    fraction = pieces.area.to_numpy() / whole
    table = pd.DataFrame(
        {
            "code_unite": pieces["right"],
            "polygon": pieces["left"],
            "fraction": fraction,
            "habitants": people.loc[pieces["left"]].to_numpy() * fraction,
        }
    )
    kept = fraction > _DUST
    return gpd.GeoDataFrame(table[kept], geometry=pieces.geometry[kept], crs=units.crs).reset_index(drop=True)


def fibre_rate_by_buildings(places: gpd.GeoDataFrame, immeuble: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the share of the premises of each place whose building fibre has reached; NaN where none is known.

    A building counts its premises, or 1 where they are unknown; one whose state is not told is left out, one on
    a border counts on each side. Whether the sharing point is open and the date has come is not asked: what is measured
    is where the network passes.

    Examples
    --------
    >>> import shapely
    >>> place = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs=2154)
    >>> told = {"etat": ["deploye", "cible", "inconnu"], "locaux": [3.0, 1.0, 9.0]}
    >>> buildings = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([2, 4, 6], [5] * 3), crs=2154)
    >>> fibre_rate_by_buildings(place, buildings).tolist()
    [0.75, nan]
    """
    state = immeuble["etat"].astype("string")
    known = (state.notna() & ~state.isin(_UNTOLD)).to_numpy(dtype=bool)
    buildings = immeuble[known]
    premises = bounded(buildings, "immeuble", "locaux").fillna(1.0)
    passed = premises.where(state[known].isin(_PASSED).to_numpy(dtype=bool), 0.0)
    held = intersect(buildings[["geometry"]], places[["geometry"]])
    counts = pd.DataFrame({"passed": passed, "all": premises}).loc[held["left"]]
    sums = counts.groupby(held["right"].to_numpy()).sum().reindex(places.index)
    rate: pd.Series[float] = sums["passed"] / sums["all"].where(sums["all"] > 0)
    return rate


def fibre_rate_by_commune(places: gpd.GeoDataFrame, couverture_fixe: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the rate of premises passed of the commune (or other polygon) where each place is."""
    for column in ("taux_fibre", "locaux", "locaux_raccordables"):
        bounded(couverture_fixe, "couverture_fixe", column)
    return spread(places, rated(couverture_fixe), "taux")


def mobile_share(places: gpd.GeoDataFrame, couverture_mobile: gpd.GeoDataFrame, techno: str = "4G") -> pd.Series[float]:
    """Return the share of the area of each place that a technology covers; NaN where it is in doubt.

    A polygon that names the technology covers for sure; one that names none may cover, and its places are in doubt.
    Where no polygon names it, all is unknown.

    Examples
    --------
    >>> import shapely
    >>> place = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs=2154)
    >>> shapes = [shapely.box(0, 0, 5, 10), shapely.box(12, 0, 20, 10)]
    >>> mobile_share(place, gpd.GeoDataFrame({"techno": ["4G", None]}, geometry=shapes, crs=2154)).tolist()
    [0.5, nan]
    """
    silence = pd.Series(pd.NA, index=couverture_mobile.index)
    words = couverture_mobile["techno"] if "techno" in couverture_mobile.columns else silence
    told = words.astype("string").str.upper()
    silent = (~told.str.contains("[2345]G|AUCUNE", regex=True).fillna(False)).to_numpy(dtype=bool)
    sure = told.str.contains(techno, regex=False).fillna(False).to_numpy(dtype=bool)
    if not sure.any():
        return pd.Series(np.nan, index=places.index)
    share = covered_share(places, couverture_mobile[sure])
    at_most = covered_share(places, couverture_mobile[sure | silent]) if silent.any() else share
    return share.clip(0, 1).where(at_most - share < _DOUBT)


def income(places: gpd.GeoDataFrame, population: gpd.GeoDataFrame, revenu: gpd.GeoDataFrame | None) -> pd.Series[float]:
    """Return the mean living standard of the people of each place, in euros a year, to the cent.

    That of the population polygon (``somme_niveaux_vie`` ÷ ``habitants``) where the layer tells any; else the median
    income of the commune or IRIS. One source serves the whole territory: the two are not compared with each other.
    """
    total = bounded(population, "population", "somme_niveaux_vie")
    people = bounded(population, "population", "habitants")
    own = total / people.where(people > 0)
    if own.notna().any():
        mean: pd.Series[float] = places["polygon"].map(own).astype(float).round(2)
        return mean
    if revenu is None or "revenu_median" not in revenu.columns:
        return pd.Series(np.nan, index=places.index)
    median = bounded(revenu, "revenu", "revenu_median")
    return spread(places, revenu.assign(revenu_median=median), "revenu_median").round(2)


def rate_of_polygons(population: gpd.GeoDataFrame, part: str, whole: str, what: Text) -> pd.Series[float]:
    """Return the share of one number of a population polygon in another (65 and over among inhabitants).

    Raises
    ------
    InvalidValueError
        When one is negative, or the part larger than the whole.
    """
    some, every = (bounded(population, "population", column) for column in (part, whole))
    return part_of(some, every, "population", what)


def spread(places: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, column: str) -> pd.Series[float]:
    """Return, for each place, the mean by area of a rate that polygons tell; NaN where they tell less than half of it.

    A sliver of the next commune, along a border drawn twice, is not taken for the rate of a place.

    Examples
    --------
    >>> import shapely
    >>> place = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], crs=2154)
    >>> shapes = [shapely.box(0, 0, 5, 10), shapely.box(5, 0, 20, 10)]
    >>> index = gpd.GeoDataFrame({"i": [2.0, 6.0]}, geometry=shapes, crs=2154)
    >>> spread(place, index, "i").round(9).tolist()
    [4.0]
    """
    known = layer[layer[column].notna()]
    if not len(known) or not len(places):
        return pd.Series(np.nan, index=places.index)
    pairs = intersection_areas(places[["geometry"]], known[["geometry"]])
    area = pairs["area_m2"]
    held = area * known[column].astype(float).loc[pairs["cover"]].to_numpy()
    sums = pd.DataFrame({"held": held, "area": area}).groupby(pairs["zone"].to_numpy()).sum().reindex(places.index)
    mean: pd.Series[float] = sums["held"] / sums["area"].where(sums["area"] >= _MOST * places.area)
    return mean.round(9)


def mean_by_unit(
    units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, value: pd.Series[float], weight: pd.Series[float] | None = None
) -> pd.Series[float]:
    """Return the mean of a value over the people of each unit (or another weight); NaN where nobody's is known."""
    mass = (places["habitants"] if weight is None else weight).where(value.notna())
    sums = pd.DataFrame({"held": value * mass, "mass": mass}).groupby(places["code_unite"].to_numpy()).sum()
    sums = sums.reindex(units.index, fill_value=0.0)
    mean: pd.Series[float] = sums["held"] / sums["mass"].where(sums["mass"] > 0)
    return mean


def known_people(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, *values: pd.Series[float]) -> pd.Series[float]:
    """Return how much of each unit is known, in area and in people.

    It is the share of its area whose number of people is known, times the share of these people of whom all the values
    are known. In a unit whose places hold nobody, the second is the share of their area of which the values are known.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 20, 10)], index=["A"], crs=2154)
    >>> people = gpd.GeoDataFrame(
    ...     {"habitants": [60.0, 40.0, None]}, geometry=[shapely.box(x, 0, x + 5, 10) for x in (0, 5, 10)], crs=2154
    ... )
    >>> places = inhabited(units, people)
    >>> known_people(units, places, pd.Series([0.5, None, 1.0])).round(9).tolist()
    [0.3]
    """
    sums = _known(places, values).groupby(places["code_unite"].to_numpy()).sum()
    return _share(sums.reindex(units.index, fill_value=0.0), units.area)


def known_overall(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, *values: pd.Series[float]) -> float:
    """Return how much of the whole territory is known, as :func:`known_people` for one unit.

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 40, 10)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["A", "B"], crs=2154)
    >>> places = inhabited(units, gpd.GeoDataFrame({"habitants": [5.0]}, geometry=squares[:1], crs=2154))
    >>> known_overall(units, places, pd.Series([1.0]))
    0.25
    """
    sums = _known(places, values).sum().to_frame().T
    return float(_share(sums, pd.Series([units.area.sum()], index=sums.index)).iloc[0])


def _known(places: gpd.GeoDataFrame, values: Sequence[pd.Series[float]]) -> pd.DataFrame:
    """Return, by place, its people and its area, and those of them that are known."""
    told = np.logical_and.reduce([value.notna().to_numpy() for value in values])
    area, people = places.area, places["habitants"]
    secret = people.isna()
    return pd.DataFrame(
        {
            "told": people.where(told, 0.0).fillna(0.0),
            "all": people.fillna(0.0),
            "told_m2": area.where(told & ~secret, 0.0),
            "open_m2": area.where(~secret, 0.0),
        }
    )


def _share(sums: pd.DataFrame, area: pd.Series[float]) -> pd.Series[float]:
    """Return the known share, from sums of the columns of :func:`_known` and the whole area."""
    by_area = sums["told_m2"] / sums["open_m2"].where(sums["open_m2"] > 0)
    by_people = (sums["told"] / sums["all"].where(sums["all"] > 0)).fillna(by_area)
    share: pd.Series[float] = by_people * sums["open_m2"] / area.where(area > 0)
    return share.fillna(0.0).clip(0, 1)
