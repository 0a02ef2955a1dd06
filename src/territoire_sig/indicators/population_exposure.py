"""Exposure of people to a field (pollutant, noise), told by polygons or by a raster, where they live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import InvalidValueError
from ..model.raster import Raster
from ..overlay import covered_area, interpolate, intersect, pieces_outside, zonal_statistics
from ..texts import Text
from .exposure import known_population
from .knowledge import Known, ratio, reached_share, unknown

__all__ = ["Exposure", "exposure"]

#: Share of a home, unknown to a raster, below which it is rounding.
_DUST = 1e-6


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
        The field as pixels: taken first, polygons being for the part of each home that it does not tell.
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
    fields, rest = [], homes
    if raster is not None:
        fields.append(_people_of(homes, _by_raster(homes, raster, limits, scale)))
        rest = _rest(homes, raster, fields[0]["known"])
    if told is not None:
        fields.append(_people_of(rest, _by_polygons(rest, told, column, limits, scale)))
    field = pd.concat(fields)
    sums = (
        field.drop(columns=["known", "right"]).fillna(0.0).mul(field["weight"], axis=0).assign(weight=field["weight"])
    )
    sums = sums.groupby(field["right"].to_numpy()).sum()
    sums["all"] = homes["habitants"].groupby(homes["right"].to_numpy()).sum()
    sums = sums.reindex(units.index, fill_value=0.0)
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


def _people_of(homes: gpd.GeoDataFrame, field: pd.DataFrame) -> pd.DataFrame:
    """Return a field told by home, with the unit (``right``) and the people whose field is known (``weight``)."""
    return field.assign(right=homes["right"], weight=homes["habitants"] * field["known"])


def _rest(homes: gpd.GeoDataFrame, raster: Raster, known: pd.Series[float]) -> gpd.GeoDataFrame:
    """Return what a raster does not tell of the homes, with the people of these parts."""
    partly = (known > 0) & (known < 1 - _DUST)
    pieces = pieces_outside(homes[partly], _told_pixels(raster, homes.crs))
    part = pieces.area / homes.area.loc[pieces.index]
    return pd.concat([homes[known == 0], pieces.assign(habitants=pieces["habitants"] * part)])


def _told_pixels(raster: Raster, crs: object) -> gpd.GeoDataFrame:
    """Return the known pixels of a raster, those that follow each other in a row as one rectangle."""
    known = np.pad(~np.isnan(raster.values), ((0, 0), (1, 1))).astype(np.int8)
    step = np.diff(known, axis=1)
    (row, start), (_, end) = np.nonzero(step == 1), np.nonzero(step == -1)
    a, _, c, _, e, f = raster.transform
    return gpd.GeoDataFrame(geometry=shapely.box(c + a * start, f + e * (row + 1), c + a * end, f + e * row), crs=crs)


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
