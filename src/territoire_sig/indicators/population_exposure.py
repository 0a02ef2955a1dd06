"""Exposure of people to a field (pollutant, noise), told by polygons or by a raster, where they live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..model.raster import Raster
from ..overlay import covered_area, interpolate, intersect, zonal_statistics
from ..texts import Text
from .exposure import known_population
from .knowledge import Known, ratio, reached_share, unknown

__all__ = ["Exposure", "exposure"]


@dataclass(frozen=True, eq=False)
class Exposure:
    """Exposure of the inhabitants of each unit.

    Attributes
    ----------
    mean : Known
        Mean over the inhabitants whose exposure is known.
    above : tuple of Known
        Share of these inhabitants strictly above each limit.
    """

    mean: Known
    above: tuple[Known, ...]


def exposure(
    units: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None,
    *,
    polygons: gpd.GeoDataFrame | None = None,
    column: str = "",
    raster: Raster | None = None,
    limits: Sequence[float] = (),
    scale: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Exposure:
    """Average a field over the inhabitants of each unit, and tell the share of them above limits.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``, whose people are spread evenly over them.
    polygons, column : GeoDataFrame or None, str
        Polygons with the field in `column`; NaN is unknown.
    raster : Raster or None
        The field as pixels: taken first, polygons being for the places that it does not reach.
    limits : sequence of float
        In the unit of the field.
    scale : function, optional
        Applied to the values before they are averaged (decibels to energy).

    Returns
    -------
    Exposure
        NaN where the exposure of nobody is known. The known share is that of the inhabitants whose exposure is
        known, times the share of the peopled area whose number of inhabitants is known.

    Raises
    ------
    InvalidValueError
        When a pixel is negative.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 20, 10)], index=["A"], crs="EPSG:2154")
    >>> halves = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> people = gpd.GeoDataFrame({"habitants": [30.0, 10.0]}, geometry=halves, crs="EPSG:2154")
    >>> zones = gpd.GeoDataFrame({"no2": [40.0, 20.0]}, geometry=halves, crs="EPSG:2154")
    >>> found = exposure(units, people, polygons=zones, column="no2", limits=[20])
    >>> found.mean.value["A"], found.above[0].value["A"]
    (np.float64(35.0), np.float64(0.75))
    """
    told = polygons if polygons is not None and column in polygons.columns else None
    if population is None or (told is None and raster is None):
        return Exposure(unknown(units), tuple(unknown(units) for _ in limits))
    homes = _homes(units, population)
    fields = [_by_raster(homes, raster, limits, scale)] if raster is not None else []
    if told is not None:
        fields.append(_by_polygons(homes, told, column, limits, scale))
    field = fields[0] if len(fields) == 1 else fields[0].where(fields[0]["known"] > 0, fields[1])
    weight = homes["habitants"] * field["known"]
    sums = field.drop(columns="known").fillna(0.0).mul(weight, axis=0).assign(weight=weight, all=homes["habitants"])
    sums = sums.groupby(homes["right"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    share = ratio(sums["weight"], sums["all"]).fillna(0.0) * _counted(units, population)
    total = sums["weight"].where(sums["weight"] > 0)
    return Exposure(
        Known(sums["mean"] / total, share), tuple(Known(ratio(sums[limit], total), share) for limit in map(str, limits))
    )


def _homes(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the known population polygons cut by units (``right``), with their part of the inhabitants."""
    people = known_population(population)
    assert people is not None
    homes = intersect(people, units)
    whole = homes["left"].map(people.area)
    return homes.assign(habitants=homes["left"].map(people["habitants"]).astype(float) * homes.area / whole)


def _counted(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the share of the peopled area of each unit whose number of inhabitants is known."""
    known = reached_share(units, known_population(population))
    return ratio(known, reached_share(units, population)).fillna(0.0)


def _by_raster(
    homes: gpd.GeoDataFrame,
    raster: Raster,
    limits: Sequence[float],
    scale: Callable[[np.ndarray], np.ndarray] | None,
) -> pd.DataFrame:
    """Return for each home the known share, the mean, and the share of its known area above each limit."""
    values = _plausible(raster)
    fields = {"mean": values if scale is None else scale(values)}
    fields |= {str(limit): np.where(np.isnan(values), np.nan, values > limit) for limit in limits}
    found: dict[str, pd.Series[float]] = {}
    for name, field in fields.items():
        zonal = zonal_statistics(homes, Raster(field, raster.transform, raster.crs, raster.name))
        found |= {name: zonal["mean"], "known": zonal["known_share"]}
    return pd.DataFrame(found, index=homes.index, dtype=float)


def _plausible(raster: Raster) -> np.ndarray:
    """Return the values of a field, refused where one is negative: a nodata value that nobody declared."""
    wrong = raster.values[raster.values < 0]
    if not wrong.size:
        return raster.values
    raise InvalidValueError(
        Text(
            "$n pixel(s) ont une valeur négative, la plus basse vaut $value ; attendu : 0 ou plus",
            "$n pixel(s) have a negative value, the lowest is $value; expected 0 or more",
        ).fill(n=wrong.size, value=f"{wrong.min():g}"),
        Text(
            "déclarez la valeur sans donnée de la grille (gdal_edit.py -a_nodata).",
            "declare the nodata value of the raster (gdal_edit.py -a_nodata).",
        ),
        layer=raster.name,
    )


def _by_polygons(
    homes: gpd.GeoDataFrame,
    polygons: gpd.GeoDataFrame,
    column: str,
    limits: Sequence[float],
    scale: Callable[[np.ndarray], np.ndarray] | None,
) -> pd.DataFrame:
    """Return for each home the known share, the mean, and the share of its known area above each limit."""
    field = polygons[column].astype(float)
    told = gpd.GeoDataFrame({"field": field}, geometry=polygons.geometry, crs=polygons.crs)[field.notna()]
    scaled = told.assign(scaled=told["field"] if scale is None else scale(told["field"].to_numpy()))
    moved = interpolate(scaled, homes, intensive=["scaled"])
    covered = covered_area(homes, told)
    found = {"mean": moved.values["scaled"], "known": moved.known_share["scaled"].fillna(0.0)}
    found |= {str(limit): ratio(covered_area(homes, told[told["field"] > limit]), covered) for limit in limits}
    return pd.DataFrame(found, index=homes.index, dtype=float)
