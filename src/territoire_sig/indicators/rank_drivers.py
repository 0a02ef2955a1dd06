"""Which criterion decides the rank of each unit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Indicators
from .composite import known_weight, ranks
from .criteria import Criteria

__all__ = ["rank_drivers"]

#: Weight under which what is left of the criteria is rounding.
_NO_WEIGHT_LEFT = 1e-12


def rank_drivers(
    units: gpd.GeoDataFrame,
    indicators: Indicators,
    criteria: Criteria,
    enough: pd.DataFrame,
    index: pd.Series[float],
    rank: pd.Series[float],
) -> pd.DataFrame:
    """Return, for each unit in the order of the ranks, the criterion without which its rank would change the most."""
    names = criteria.weighing
    scaled, weights = enough[names], criteria.weights[names]
    added = ((scaled - scaled.mean()) * weights).div(known_weight(scaled, weights), axis=0).fillna(0.0).to_numpy()
    without = _ranks_without(scaled, weights)
    moved = np.nan_to_num(np.abs(without - rank.to_numpy()[:, None]), nan=0.0)
    first = np.argmax(moved + np.abs(added) / 10, axis=1)
    rows = np.arange(len(enough))
    chosen = [names[place] for place in first]
    table = pd.DataFrame(
        {
            "code_unite": enough.index.astype(str),
            "nom_unite": units["nom_unite"].reindex(enough.index).to_numpy() if "nom_unite" in units.columns else "",
            "rang": rank.to_numpy(),
            "critere": chosen,
            "titre": [str(indicators.outputs[name].text) for name in chosen],
            "rang_sans": without[rows, first],
            "contribution": 100 * added[rows, first],
        }
    )
    return table.sort_values(["rang", "code_unite"], kind="stable", ignore_index=True)


def _ranks_without(scaled: pd.DataFrame, weights: pd.Series[float]) -> np.ndarray:
    """Return the ranks when one criterion, the column, is left out; NaN for a unit that then knows nothing."""
    values, each = scaled.to_numpy(dtype=float), weights.to_numpy(dtype=float)
    known = np.where(np.isnan(values), 0.0, each)
    part = np.nan_to_num(values) * each
    left = known.sum(axis=1, keepdims=True) - known
    with np.errstate(invalid="ignore", divide="ignore"):
        index = np.where(left > _NO_WEIGHT_LEFT, (part.sum(axis=1, keepdims=True) - part) / left, np.nan)
    found = np.full(index.shape, np.nan)
    for place in range(index.shape[1]):
        there = ~np.isnan(index[:, place])
        found[there, place] = ranks(index[there, place])
    return found
