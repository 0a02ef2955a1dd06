"""What is known of a unit: a value, and the share of the unit that the data reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Measurement, Whole
from ..overlay import covered_share, intersection_areas, pieces_inside

__all__ = [
    "MOST",
    "Known",
    "everywhere",
    "known_part",
    "measurement",
    "merged",
    "ratio",
    "reached_share",
    "spoken_for",
    "unknown",
]

#: Share of a population polygon (or of a unit) from which it speaks for its unit (or the population for the unit).
MOST = 0.5


@dataclass(frozen=True, eq=False)
class Known:
    """A value a unit, with the share (0 to 1) of the unit that the data reach."""

    value: pd.Series[float]
    share: pd.Series[float]


def measurement(
    units: gpd.GeoDataFrame,
    columns: Mapping[str, Known],
    map: gpd.GeoDataFrame | None = None,
    overall: Mapping[str, Whole] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Measurement:
    """Return the columns as a measurement of the units; NaN where the known share is 0.

    `overall` are the values of the territory as a whole, `tables` what is not told by unit.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)] * 2, index=["A", "B"], crs="EPSG:2154")
    >>> sites = Known(pd.Series([3.0, 0.0], index=["A", "B"]), pd.Series([1.0, 0.0], index=["A", "B"]))
    >>> measurement(units, {"sites": sites}).values["sites"].tolist()
    [3.0, nan]
    """
    shares = {name: one.share.reindex(units.index).astype(float).fillna(0).clip(0, 1) for name, one in columns.items()}
    values = {
        name: one.value.reindex(units.index).astype(float).where(shares[name] > 0) for name, one in columns.items()
    }
    told, known = (pd.DataFrame(found, index=units.index, dtype=float) for found in (values, shares))
    return Measurement(told, known, map, dict(overall or {}), dict(tables or {}))


def everywhere(units: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return 1 for each unit: data that are taken to be exhaustive over the territory."""
    return pd.Series(1.0, index=units.index)


def unknown(units: gpd.GeoDataFrame) -> Known:
    """Return what is known without data: nothing."""
    return Known(pd.Series(np.nan, index=units.index), pd.Series(0.0, index=units.index))


def reached_share(units: gpd.GeoDataFrame, *layers: gpd.GeoDataFrame | None) -> pd.Series[float]:
    """Return the share of each unit's area where all the layers are; 0 where one of them is absent.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], index=["A"], crs="EPSG:2154")
    >>> people = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 8, 10)], crs="EPSG:2154")
    >>> hazard = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10)], crs="EPSG:2154")
    >>> reached_share(units, people, hazard).tolist()
    [0.3]
    """
    pieces, *others = units, *layers
    for layer in others[:-1]:
        pieces = pieces_inside(pieces, layer) if layer is not None else pieces.iloc[:0]
    if not others or others[-1] is None:
        return pd.Series(0.0 if others else 1.0, index=units.index)
    area = covered_share(pieces, others[-1]) * pieces.area
    share: pd.Series[float] = area.reindex(units.index, fill_value=0.0) / units.area.where(units.area > 0)
    return share.fillna(0.0).clip(0, 1)


def spoken_for(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return 1 for the units in which a polygon mainly lies; the share of its area that is covered for the others."""
    pairs = intersection_areas(units[["geometry"]], population[["geometry"]])
    mainly = pairs["area_m2"].to_numpy() >= MOST * population.area.loc[pairs["cover"]].to_numpy()
    return reached_share(units, population).where(~units.index.isin(pairs["zone"][mainly]), 1.0)


def merged(*layers: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the geometries of several layers as one layer: what a study or a plan has looked at."""
    given = [layer.geometry for layer in layers if layer is not None]
    if not given:
        return None
    return gpd.GeoDataFrame(geometry=pd.concat(given, ignore_index=True), crs=given[0].crs)


def ratio(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    """Return a part over its whole, at most 1; NaN where the whole is 0: there is nothing to measure.

    Examples
    --------
    >>> ratio(pd.Series([1.0, 0.0]), pd.Series([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    share: pd.Series[float] = part / whole.where(whole > 0)
    return share.clip(upper=1.0)


def known_part(known: pd.Series[float], whole: pd.Series[float], reach: pd.Series[float]) -> pd.Series[float]:
    """Return the known part of the objects of a unit; where it has none, the share of the unit that was looked at.

    Examples
    --------
    >>> known_part(pd.Series([1.0, 0.0]), pd.Series([4.0, 0.0]), pd.Series([1.0, 0.9])).tolist()
    [0.25, 0.9]
    """
    return ratio(known, whole).where(whole > 0, reach)
