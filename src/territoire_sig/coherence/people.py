"""The people and the premises that a finding concerns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..indicators.exposure import around, people_in
from ..overlay import covered_share, intersect, pieces_inside
from .ground import Ground
from .rule import Inhabitants

_UNREACHED_SHARE = 0.01

__all__ = ["footprints", "inhabitants_within", "people_counted", "premises_within"]


def footprints(findings: gpd.GeoDataFrame, mode: Inhabitants, units: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the surface in which people are counted for each finding; None where nobody in particular is concerned."""
    if mode.mode == "emprise":
        return findings.geometry
    if mode.mode == "rayon":
        return around(findings.geometry, float(mode.rayon_m or 0))
    if mode.mode == "unite":
        found = units.geometry.loc[findings["code_unite"]]
        return gpd.GeoSeries(found.to_numpy(), index=findings.index, crs=units.crs)
    return gpd.GeoSeries([None] * len(findings), index=findings.index, crs=units.crs)


def people_counted(surfaces: gpd.GeoSeries, ground: Ground) -> pd.DataFrame:
    """Count the inhabitants of the territory who live in each surface.

    Population polygons are shared out in proportion to area. Where a unit has known population, what lies between
    its polygons is empty. A surface of which more than one hundredth lies in units without any, or of which polygons
    of secret number take one hundredth or more of what is peopled, has an unknown number of inhabitants, not zero.

    Returns
    -------
    DataFrame
        ``habitants`` (NaN where unknown) and ``au_moins``, those known for sure (NaN where nothing is known at all:
        no population layer, or nobody in particular concerned); indexed like `surfaces`.
    """
    result = pd.DataFrame(np.nan, index=surfaces.index, columns=["habitants", "au_moins"], dtype=float)
    located = surfaces[surfaces.notna() & ~surfaces.is_empty]
    if ground.population is None or located.empty:
        return result
    targets = pieces_inside(gpd.GeoDataFrame(geometry=located), ground.units)
    found = people_in(targets, ground.population)
    unreached = covered_share(targets, ground.unpeopled) > _UNREACHED_SHARE
    result.loc[targets.index, "habitants"] = found.total.mask(unreached)
    result.loc[targets.index, "au_moins"] = found.counted
    return result


def inhabitants_within(surfaces: gpd.GeoSeries, ground: Ground) -> pd.Series[float]:
    """Return the inhabitants of the territory who live in each surface; NaN where unknown."""
    return people_counted(surfaces, ground)["habitants"]


def premises_within(surfaces: gpd.GeoSeries, ground: Ground) -> pd.Series[float]:
    """Return the sum of ``locaux`` of the territory's buildings within each surface; NaN where unknown.

    Unknown: no building file was read, the premises of a building in the surface are not told, or more than one
    hundredth of the surface lies in units of which the file has no building.
    """
    result = pd.Series(np.nan, index=surfaces.index, name="locaux", dtype=float)
    located = surfaces[surfaces.notna() & ~surfaces.is_empty]
    if ground.premises is None or located.empty:
        return result
    targets = pieces_inside(gpd.GeoDataFrame(geometry=located), ground.units)
    pairs = intersect(ground.premises, targets)
    told = ground.premises.get("locaux", pd.Series(np.nan, index=ground.premises.index))
    counted = told.astype(float).loc[pairs["left"]].groupby(pairs["right"].to_numpy())
    unreached = covered_share(targets, ground.unbuilt) > _UNREACHED_SHARE
    sums = counted.sum().reindex(targets.index, fill_value=0.0)
    lacking = counted.count().reindex(targets.index, fill_value=0) < counted.size().reindex(targets.index, fill_value=0)
    result.loc[targets.index] = sums.mask(unreached | lacking)
    return result
