"""The people and the premises that a finding concerns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..overlay import covered_area, covered_share, interpolate, intersect, pieces_inside
from .ground import Ground
from .rule import Inhabitants

_UNREACHED_SHARE = 0.01

__all__ = ["footprints", "inhabitants_within", "premises_within"]


def footprints(findings: gpd.GeoDataFrame, mode: Inhabitants, units: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the surface in which people are counted for each finding; None where nobody in particular is concerned."""
    if mode.mode == "emprise":
        return findings.geometry
    if mode.mode == "rayon":
        return findings.geometry.buffer(mode.rayon_m, quad_segs=16)
    if mode.mode == "unite":
        found = units.geometry.loc[findings["code_unite"]]
        return gpd.GeoSeries(found.to_numpy(), index=findings.index, crs=units.crs)
    return gpd.GeoSeries([None] * len(findings), index=findings.index, crs=units.crs)


def inhabitants_within(surfaces: gpd.GeoSeries, ground: Ground) -> pd.Series[float]:
    """Return the inhabitants of the territory who live in each surface; NaN where unknown.

    Population polygons are shared out in proportion to area. Where a unit has known population, what lies between
    its polygons is empty; a surface of which more than one hundredth lies in units without any, or that touches a
    polygon whose number is secret, has an unknown number of inhabitants, not zero.
    """
    result = pd.Series(np.nan, index=surfaces.index, name="habitants", dtype=float)
    located = surfaces[surfaces.notna() & ~surfaces.is_empty]
    if ground.population is None or located.empty:
        return result
    targets = pieces_inside(gpd.GeoDataFrame(geometry=located), ground.units)
    population = ground.population[["habitants", "geometry"]]
    people = interpolate(population, targets, extensive=["habitants"]).values["habitants"].fillna(0.0)
    secret = covered_area(targets, population[population["habitants"].isna()]) > 0
    unreached = covered_share(targets, ground.unpeopled) > _UNREACHED_SHARE
    result.loc[targets.index] = people.mask(secret | unreached)
    return result


def premises_within(surfaces: gpd.GeoSeries, premises: gpd.GeoDataFrame | None) -> pd.Series:
    """Return the sum of ``locaux`` of the buildings within each surface; NaN where no building file was read."""
    result = pd.Series(np.nan, index=surfaces.index, name="locaux")
    located = surfaces[surfaces.notna() & ~surfaces.is_empty]
    if premises is None or located.empty:
        return result
    pairs = intersect(premises, gpd.GeoDataFrame(geometry=located))
    counted = premises["locaux"].loc[pairs["left"]].groupby(pairs["right"].to_numpy()).sum()
    result.loc[located.index] = counted.reindex(located.index, fill_value=0.0)
    return result
