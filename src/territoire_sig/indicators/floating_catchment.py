"""Floating catchments: supply shared among those who can come to it, and who these are."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..overlay import pieces_outside
from ..overlay.network import Network
from ..overlay.transit import Transit
from ..overlay.travel import Walk, travel_times
from .residents import Residents, homes

__all__ = ["FLAT", "Floats", "floating_catchment", "told_demand", "with_neighbours"]

#: One zone of weight 1: the 2SFCA.
FLAT = ((1.0, 1.0),)
Floats = npt.NDArray[np.float64]


def floating_catchment(
    minutes: Floats,
    people: Floats,
    supply: Floats,
    *,
    within_min: float,
    zones: Sequence[tuple[float, float]] = FLAT,
) -> Floats:
    r"""Share supply out among those who can come to it, then sum what each home can come to.

    Parameters
    ----------
    minutes : array (homes, places)
        Travel times; NaN is unreachable.
    people : array (homes)
    supply : array (places)
    within_min : float
        Catchment time.
    zones : sequence of (float, float)
        Share of the catchment time up to which a weight holds; increasing. One zone of weight 1 is the 2SFCA.

    Returns
    -------
    array (homes)
        Supply per inhabitant; 0 where no place can be reached within the time.

    Notes
    -----
    :math:`R_j = S_j / \sum_k P_k w(t_{kj})`, then :math:`A_i = \sum_j R_j w(t_{ij})`. A place to which nobody can
    come serves nobody.

    References
    ----------
    Luo & Wang (2003), Measures of spatial accessibility to health care in a GIS environment, Environment and
    Planning B 30. Luo & Qi (2009), An enhanced two-step floating catchment area method, Health & Place 15.

    Examples
    --------
    >>> times = np.array([[5.0, np.nan], [25.0, 10.0]])
    >>> floating_catchment(times, np.array([10.0, 30.0]), np.array([40.0, 30.0]), within_min=30).tolist()
    [1.0, 2.0]
    """
    weight = np.zeros_like(minutes)
    for share, value in reversed(zones):
        weight[minutes <= share * within_min] = value
    demand = weight.T @ people
    ratio = np.divide(supply, demand, out=np.zeros_like(supply), where=demand > 0)
    found: Floats = weight @ ratio
    return found


def with_neighbours(people: Residents, units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the homes of the units, then those of the population outside them."""
    beyond = pieces_outside(population[["habitants", "geometry"]], units)
    share = beyond.area / population.area.loc[beyond.index]
    around = homes(beyond.geometry, beyond["habitants"] * share)
    together = pd.concat([people.places[["people", "geometry"]], around[["people", "geometry"]]], ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=units.crs)


def told_demand(
    population: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    network: Network,
    walk: Walk,
    runs: Transit | None,
    within_min: float,
) -> Floats:
    """Return, by place, the share of the peopled area that can come to it whose number of inhabitants is not secret."""
    secret = population["habitants"].isna().to_numpy()
    if not secret.any():
        return np.ones(len(places))
    patches = homes(population.geometry, population.area)
    times = travel_times(patches, places, network, walk=walk, transit=runs, limit_min=within_min)
    area = np.isfinite(times.minutes.to_numpy(dtype=float)).T * patches["people"].to_numpy(dtype=float)
    total, told = area.sum(axis=1), area[:, ~secret[patches["piece"].to_numpy()]].sum(axis=1)
    share: Floats = np.divide(told, total, out=np.ones_like(total), where=total > 0)
    return share
