"""Which features of a layer a rule looks at."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .rule import Filter, Selection

__all__ = ["select"]


def select(layer: gpd.GeoDataFrame, selection: Selection) -> tuple[gpd.GeoDataFrame, int]:
    """Return the features that pass every filter, and how many could not be judged for want of a value."""
    kept = np.ones(len(layer), dtype=bool)
    unknown = np.zeros(len(layer), dtype=bool)
    for item in selection.filtre:
        column = layer[item.colonne] if item.colonne in layer.columns else pd.Series(pd.NA, index=layer.index)
        unknown |= column.isna().to_numpy()
        kept &= _passes(column, item)
    return layer[kept & ~unknown], int(unknown.sum())


def _passes(column: pd.Series, item: Filter) -> np.ndarray:
    passed = np.ones(len(column), dtype=bool)
    if item.valeurs is not None:
        accepted = {str(value).lower() for value in item.valeurs}
        passed &= column.astype("string").str.lower().isin(accepted).fillna(False).to_numpy(dtype=bool)
    if item.minimum is not None or item.maximum is not None:
        numbers = pd.to_numeric(column, errors="coerce")
        low = -np.inf if item.minimum is None else item.minimum
        high = np.inf if item.maximum is None else item.maximum
        passed &= numbers.between(low, high).fillna(False).to_numpy(dtype=bool)
    return passed
