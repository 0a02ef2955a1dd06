"""Which features of a layer a rule looks at, and on which it cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.roles import ROLES
from ..model.schema import Column
from .rule import Filter, Selection

__all__ = ["Selected", "select"]

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Selected:
    """What a selection makes of a layer.

    Attributes
    ----------
    kept : GeoDataFrame
        The features that pass every filter.
    unknown : GeoDataFrame
        Those that no known value puts aside, and that a filter cannot judge for want of a value.
    silent : str, optional
        The first column that decides on features and is known for none of them: the layer does not answer.
    """

    kept: gpd.GeoDataFrame
    unknown: gpd.GeoDataFrame
    silent: str | None


def select(layer: gpd.GeoDataFrame, selection: Selection) -> Selected:
    """Return the features that pass every filter, those that cannot be judged, and the column that tells nothing."""
    judged = [_judged(layer, ROLES[selection.role].column(item.colonne), item) for item in selection.filtre]
    passed, unknown = np.ones(len(layer), dtype=bool), np.zeros(len(layer), dtype=bool)
    for passes, unsure in judged:
        passed &= passes | unsure
        unknown |= unsure
    return Selected(layer[passed & ~unknown], layer[passed & unknown], _silent(selection, judged))


def _silent(selection: Selection, judged: list[tuple[Mask, Mask]]) -> str | None:
    for rank, (item, (_, unsure)) in enumerate(zip(selection.filtre, judged, strict=True)):
        others = [passes | doubt for other, (passes, doubt) in enumerate(judged) if other != rank]
        concerned = np.logical_and.reduce([np.ones(len(unsure), dtype=bool), *others])
        if concerned.any() and unsure[concerned].all():
            return item.colonne
    return None


def _judged(layer: gpd.GeoDataFrame, column: Column, item: Filter) -> tuple[Mask, Mask]:
    """Return which features pass a filter, and on which it cannot say."""
    values = layer[column.name] if column.name in layer.columns else pd.Series(pd.NA, index=layer.index)
    words = values.astype("string").str.lower().str.removesuffix(".0")
    if item.sauf is not None:
        return ~_among(words, item.sauf), np.zeros(len(layer), dtype=bool)
    named = [code for code in column.unknown if item.valeurs is None or code not in item.valeurs]
    unsure = values.isna().to_numpy() | _among(words, named)
    passes = np.ones(len(layer), dtype=bool)
    if item.valeurs is not None:
        passes &= _among(words, item.valeurs)
    if any(bound is not None for bound in (item.minimum, item.maximum, item.plus_de, item.moins_de)):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        unsure |= np.isnan(numbers)
        passes &= _between(numbers, item)
    return passes & ~unsure, unsure


def _among(words: pd.Series[str], codes: list[str | int | bool] | list[str]) -> Mask:
    return words.isin([str(code).lower() for code in codes]).fillna(False).to_numpy(dtype=bool)


def _between(numbers: npt.NDArray[np.float64], item: Filter) -> Mask:
    within = np.ones(len(numbers), dtype=bool)
    if item.minimum is not None:
        within &= numbers >= item.minimum
    if item.maximum is not None:
        within &= numbers <= item.maximum
    if item.plus_de is not None:
        within &= numbers > item.plus_de
    if item.moins_de is not None:
        within &= numbers < item.moins_de
    return within
