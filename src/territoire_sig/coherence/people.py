"""The people and the premises that a finding concerns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..overlay import interpolate, intersect
from .rule import Inhabitants

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


def inhabitants_within(surfaces: gpd.GeoSeries, population: gpd.GeoDataFrame | None) -> pd.Series:
    """Return the inhabitants of each surface (areal share of the population polygons); NaN where unknown.

    A surface that the population layer does not reach at all has an unknown number of inhabitants, not zero:
    a surface inside the extent of inhabited squares, and on none of them, is reached and empty.
    """
    result = pd.Series(np.nan, index=surfaces.index, name="habitants")
    located = surfaces[surfaces.notna() & ~surfaces.is_empty]
    if population is None or located.empty:
        return result
    targets = gpd.GeoDataFrame(geometry=located)
    moved = interpolate(population[["habitants", "geometry"]], targets, extensive=["habitants"])
    result.loc[located.index] = moved.values["habitants"]
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
