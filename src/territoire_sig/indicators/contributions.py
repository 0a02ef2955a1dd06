"""Citizens' contributions by unit: where each is, by its coordinates or by the place that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..overlay import assign_zone
from .exposure import people_in
from .knowledge import MOST, spoken_for, unknown

__all__ = ["Placed", "inhabitants", "placed", "plain"]


@dataclass(frozen=True, eq=False)
class Placed:
    """Where contributions are.

    Attributes
    ----------
    unit : Series
        By contribution: code of its unit, NA out of the territory or where unknown.
    outside : Series of bool
        By contribution: whether its coordinates are out of every unit.
    known_share : float
        Share (0 to 1) of the contributions of which it is known in which unit, or that it is in none.
    """

    unit: pd.Series[str]
    outside: pd.Series[bool]
    known_share: float

    def count(self, units: gpd.GeoDataFrame, weight: pd.Series[float] | None = None) -> pd.Series[float]:
        """Return the contributions of each unit (or the sum of their weights)."""
        ones = pd.Series(1.0, index=self.unit.index) if weight is None else weight
        return ones.groupby(self.unit.to_numpy()).sum().reindex(units.index, fill_value=0.0).astype(float)


def placed(units: gpd.GeoDataFrame, contributions: gpd.GeoDataFrame) -> Placed:
    """Name the unit of each contribution.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, with ``nom_unite``.
    contributions : GeoDataFrame
        Points numbered from 0. One without geometry is in the unit whose code or name its ``lieu`` tells: as a whole,
        or after its last comma, a postal code left out («2 rue Basse, 38420 Domène»). A name that two units bear
        tells nothing.

    Examples
    --------
    >>> import shapely
    >>> told, shapes = {"nom_unite": ["Domène", "Le Gua"]}, [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame(told, geometry=shapes, index=["A", "B"], crs=2154)
    >>> said = {"lieu": ["ignored", "2 rue Basse, 38420 domene", "ailleurs", None]}
    >>> points = gpd.GeoDataFrame(said, geometry=[shapely.Point(12, 2), None, None, shapely.Point(99, 0)], crs=2154)
    >>> found = placed(units, points)
    >>> found.unit.tolist(), found.outside.tolist(), found.known_share
    (['B', 'A', nan, nan], [False, False, False, True], 0.75)
    """
    there = ~(contributions.geometry.isna() | contributions.geometry.is_empty)
    parts = [assign_zone(contributions[there], units).astype(object)]
    if "lieu" in contributions.columns:
        parts.append(named_units(units, contributions.loc[~there, "lieu"]))
    unit: pd.Series[Any] = pd.concat(parts).reindex(contributions.index)
    outside = there & unit.isna()
    known = float((unit.notna() | outside).mean()) if len(unit) else 0.0
    return Placed(unit, outside, known)


def named_units(units: gpd.GeoDataFrame, places: pd.Series[str]) -> pd.Series[str]:
    """Return the code of the unit that each text names, NA where none, or several."""
    known = {str(code): code for code in units.index}
    if "nom_unite" in units.columns:
        names = units["nom_unite"].astype("string").map(plain, na_action="ignore").dropna()
        known |= {name: code for code, name in names[~names.duplicated(keep=False)].items() if name not in known}
    found = [next((known[word] for word in _readings(text) if word in known), np.nan) for text in places]
    return pd.Series(found, index=places.index, dtype=object)


def _readings(text: object) -> Iterable[str]:
    """Yield what a text may name: itself, then what follows its last comma, a postal code left out."""
    if not isinstance(text, str):
        return
    yield text.strip()
    yield plain(text)
    yield plain(re.sub(r"^\s*\d{5}\b", "", text.rsplit(",", 1)[-1]))


def plain(text: str) -> str:
    """Return a text without case, accents or punctuation.

    Examples
    --------
    >>> plain("Saint-Érembert-d'Ô")
    'saint erembert d o'
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def inhabitants(
    units: gpd.GeoDataFrame, population: gpd.GeoDataFrame | None
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the inhabitants of each unit, and the share of what is peopled there whose number is known.

    NaN, and 0, where one hundredth or more of what is peopled is secret, and where the population speaks for less than
    half of the unit: none of its polygons lies mainly in the unit, and together they cover less than half of it. A
    sliver, along a border drawn twice, tells nothing. Squares that lie mainly in the unit are taken to be all those
    that are peopled; without any, the share is that of the area which the population covers.

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame(geometry=shapes, index=["A", "B"], crs=2154)
    >>> squares = gpd.GeoDataFrame({"habitants": [30.0]}, geometry=[shapely.box(1, 1, 3, 3)], crs=2154)
    >>> [told.tolist() for told in inhabitants(units, squares)]
    [[30.0, nan], [1.0, 0.0]]
    """
    if population is None:
        return unknown(units).value, unknown(units).share
    found = people_in(units, population)
    reach = spoken_for(units, population)
    people = found.total.where(reach >= MOST).astype(float)
    return people, (reach * (1.0 - found.secret_share)).where(people.notna(), 0.0)
