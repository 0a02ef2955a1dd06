"""Premises: the buildings of the file of fibre deployment, counted once, and ARCEP's rule of eligibility.

A building is eligible when its state is «deployed» or «connectable on demand», its sharing point is deployed and its
date of commercial opening has passed. What a column does not tell is unknown; a column that tells nothing at all, or
that is not there, is not asked: the file then has no such rule.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import InvalidValueError, ParameterError
from ..model.declaration import Parameter
from ..texts import Text
from .knowledge import ratio

__all__ = [
    "ELIGIBILITY_DATE",
    "conditions",
    "counted_once",
    "eligibility",
    "eligible_share",
    "open_states",
    "premises_of",
    "repeated",
]

#: States from which a building can be connected, if its sharing point and its date allow.
OPEN_STATES = ("deploye", "raccordable_demande")

ELIGIBILITY_DATE = Parameter(
    "date_eligibilite",
    Text(
        "jour auquel l'ouverture commerciale doit être passée (AAAAMMJJ ; 0 : aucun, rien n'est su d'un fichier daté)",
        "day by which commercial opening must have come (YYYYMMDD; 0: none, and a file with dates tells nothing)",
    ),
    "AAAAMMJJ",
    default=0.0,
    minimum=0.0,
    maximum=99_991_231.0,
)


def repeated(buildings: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Tell which rows are copies of a building written before, by ``id_immeuble``.

    Raises
    ------
    InvalidValueError
        When two rows of one building disagree on its state, its premises or its sharing point.

    Examples
    --------
    >>> told = {"id_immeuble": ["I1", "I1", None, None], "etat": ["deploye"] * 4, "locaux": [4.0] * 4}
    >>> repeated(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 0, 0, 0], [0, 0, 0, 0]))).tolist()
    [False, True, False, False]
    """
    if "id_immeuble" not in buildings.columns:
        return pd.Series(False, index=buildings.index)
    names = buildings["id_immeuble"]
    twice = names.notna() & names.duplicated(keep=False)
    _refuse_disagreement(buildings[twice])
    copy: pd.Series[bool] = names.notna() & names.duplicated()
    return copy


def _refuse_disagreement(copies: gpd.GeoDataFrame) -> None:
    """Refuse rows of one building that do not tell the same."""
    columns = [name for name in ("etat", "locaux", "pm_etat", "date_commerciale") if name in copies.columns]
    for name in columns:
        different = copies.groupby("id_immeuble")[name].nunique(dropna=False)
        wrong = sorted(different[different > 1].index)
        if not wrong:
            continue
        values = " ≠ ".join(str(value) for value in copies.loc[copies["id_immeuble"] == wrong[0], name].unique())
        raise InvalidValueError(
            Text(
                f"{len(wrong)} immeuble(s) écrit(s) plusieurs fois avec des valeurs différentes, dont «{wrong[0]}» : "
                f"{name} = {values}",
                f"{len(wrong)} building(s) written several times with different values, among them «{wrong[0]}»: "
                f"{name} = {values}",
            ),
            Text("gardez une seule ligne par immeuble.", "keep one row a building."),
            layer="immeuble",
        )


def counted_once(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the buildings, each once."""
    return buildings[~repeated(buildings)]


def premises_of(buildings: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the premises of each building; NaN where unknown, everywhere without the column.

    Examples
    --------
    >>> premises_of(gpd.GeoDataFrame({"locaux": [3, None]}, geometry=[None, None])).tolist()
    [3.0, nan]
    """
    if "locaux" not in buildings.columns:
        return pd.Series(np.nan, index=buildings.index)
    return pd.Series(buildings["locaux"].to_numpy(dtype=float, na_value=np.nan), index=buildings.index)


def open_states(buildings: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return whether each building can be connected by its own state: a nullable boolean."""
    state = buildings["etat"].astype("string")
    told: pd.Series[Any] = state.isin(OPEN_STATES).astype("boolean").mask(state.isna() | (state == "inconnu"))
    return told


def eligibility(buildings: gpd.GeoDataFrame, date_eligibilite: float = 0.0) -> pd.Series[Any]:
    """Return whether each building is eligible by ARCEP's rule: a nullable boolean, NA where it cannot be told.

    Parameters
    ----------
    buildings : GeoDataFrame
        Points with ``etat``, and optional ``pm_etat`` and ``date_commerciale``.
    date_eligibilite : float
        A day as ``YYYYMMDD``; 0: none, and nothing is known where the file has dates: else the buildings that are
        not deployed would be the only ones to be told.

    Raises
    ------
    ParameterError
        When the day is not one of the calendar.

    Examples
    --------
    >>> told = {"etat": ["deploye", "deploye", "cible"], "pm_etat": ["deploye", "en_cours", "deploye"]}
    >>> eligibility(gpd.GeoDataFrame(told, geometry=[None, None, None])).tolist()
    [True, False, False]
    """
    asked = conditions(buildings, date_eligibilite)
    rule = asked[0]
    for one in asked[1:]:
        rule = rule & one
    dated = "date_commerciale" in buildings.columns and buildings["date_commerciale"].notna().any()
    return rule.mask(np.full(len(rule), dated and not date_eligibilite))


def conditions(buildings: gpd.GeoDataFrame, date_eligibilite: float) -> list[pd.Series[Any]]:
    """Return the conditions of ARCEP's rule that the file asks, in order: nullable booleans."""
    asked = [open_states(buildings)]
    if "pm_etat" in buildings.columns and buildings["pm_etat"].notna().any():
        point = buildings["pm_etat"].astype("string")
        asked.append((point == "deploye").astype("boolean").mask(point.isna() | (point == "inconnu")))
    if "date_commerciale" in buildings.columns and buildings["date_commerciale"].notna().any():
        asked.append(_come(buildings["date_commerciale"], date_eligibilite))
    return asked


def eligible_share(
    asked: list[pd.Series[Any]], weight: pd.Series[float], unit: pd.Series[Any], index: pd.Index[Any]
) -> pd.Series[float]:
    """Return the share of each unit's weight that meets all the conditions: the product of the share of each.

    Each is measured among those that met the ones before and tell this one. A plain share of the buildings that are
    told would lean to «no»: one that is not deployed is told by that alone, one that is deployed needs all the rest.

    Examples
    --------
    >>> state = pd.Series([True, True, True, False], dtype="boolean")
    >>> date = pd.Series([True, None, None, None], dtype="boolean")
    >>> eligible_share([state, date], pd.Series([1.0] * 4), pd.Series(["A"] * 4), pd.Index(["A"])).tolist()
    [0.75]
    """
    left, weight = pd.Series(True, index=weight.index), weight.fillna(0.0)
    share = pd.Series(1.0, index=index)
    for one in asked:
        known, met = left & one.notna(), left & one.fillna(False).astype(bool)
        table = pd.DataFrame({"left": left, "known": known, "met": met}).mul(weight, axis=0)
        sums = table.groupby(unit.to_numpy()).sum().reindex(index, fill_value=0.0)
        share = share * ratio(sums["met"], sums["known"]).where(sums["left"] > 0, 1.0)
        left = met
    whole = weight.groupby(unit.to_numpy()).sum().reindex(index, fill_value=0.0)
    return share.where(whole > 0)


def _come(dates: pd.Series[Any], date_eligibilite: float) -> pd.Series[Any]:
    """Return whether each date has come; NA where there is no date, or no day to compare it with."""
    days = pd.to_datetime(dates)
    if not date_eligibilite:
        return pd.Series(pd.NA, index=dates.index, dtype="boolean")
    return (days <= _day(date_eligibilite)).astype("boolean").mask(days.isna())


def _day(value: float) -> pd.Timestamp:
    """Return a day written ``YYYYMMDD``.

    Examples
    --------
    >>> _day(20251231.0)
    Timestamp('2025-12-31 00:00:00')
    """
    try:
        return pd.Timestamp(dt.datetime.strptime(f"{value:08.0f}", "%Y%m%d"))
    except ValueError as error:
        raise ParameterError(
            Text(
                f"«date_eligibilite» vaut «{value:g}», qui n'est pas un jour du calendrier",
                f"«date_eligibilite» is «{value:.0f}», which is no day of the calendar",
            ),
            Text("écrivez par exemple 20251231.", "write for example 20251231."),
        ) from error
