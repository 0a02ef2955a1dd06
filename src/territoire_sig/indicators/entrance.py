"""The entrance of an analysis: what each checks once of its layers, before it measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import InvalidValueError, MissingColumnError
from ..model.roles import ROLES
from ..model.schema import Column
from ..overlay.checks import same_crs, unique_index
from ..texts import Text

__all__ = ["in_use", "opened", "opened_in_bounds", "platforms", "served"]

#: Words of ``etat`` for what was given up, and ``location_type`` of a GTFS stop that is no platform.
GIVEN_UP = ("abandonné", "abandonne")
#: Words of ``etat`` for what does not serve yet, or serves no more.
PLANNED = ("projet", "en projet", "hors service")
NO_PLATFORM = ("1", "2", "3", "4")


def opened(units: gpd.GeoDataFrame, **layers: gpd.GeoDataFrame | pd.DataFrame | None) -> list[Any]:
    """Return the units and the layers, checked, in the order given.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, indexed by ``code_unite``.
    **layers : GeoDataFrame or DataFrame or None
        By role; a table of no place is a DataFrame. A layer without any feature tells nothing, no more than an
        absent one: it comes back as None.

    Returns
    -------
    list
        Copies whose geometry column is called ``geometry``; the layers are numbered from 0.

    Raises
    ------
    CRSMismatchError
        When a layer is not in the projected CRS, in metres, of the units.
    MissingColumnError
        When a required column of a role is absent.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["A"], crs="EPSG:2154")
    >>> none = gpd.GeoDataFrame({"niveau": []}, geometry=[], crs="EPSG:2154")
    >>> opened(units, alea=none, cable=None)[1:]
    [None, None]
    """
    given = {role: layer for role, layer in layers.items() if layer is not None}
    drawn = {role: layer for role, layer in given.items() if isinstance(layer, gpd.GeoDataFrame)}
    same_crs(units=units, **{role: layer for role, layer in drawn.items() if len(layer) or layer.crs is not None})
    unique_index(units, "units")
    _check_columns({role: layer for role, layer in given.items() if len(layer)})
    zones = gpd.GeoDataFrame(units.drop(columns=units.geometry.name), geometry=units.geometry.array, crs=units.crs)
    return [zones.rename_axis("code_unite"), *(_numbered(layer) for layer in layers.values())]


def opened_in_bounds(units: gpd.GeoDataFrame, **layers: gpd.GeoDataFrame | None) -> list[Any]:
    """Return the units and the layers as :func:`opened` does, the numbers of every column checked as well.

    Raises
    ------
    InvalidValueError
        When a number is out of the bounds of its column (negative inhabitants): all the columns at fault are told.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["A"], crs="EPSG:2154")
    >>> people = gpd.GeoDataFrame({"habitants": [2.0]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:2154")
    >>> opened_in_bounds(units, population=people)[1]["habitants"].tolist()
    [2.0]
    """
    found = opened(units, **layers)
    _check_bounds({role: layer for role, layer in layers.items() if layer is not None})
    return found


def _check_columns(layers: Mapping[str, pd.DataFrame]) -> None:
    """Refuse layers that lack a required column of their role; every lack is told at once."""
    lacks = {
        role: [name for name in ROLES[role].required if name not in layer.columns and name != ROLES[role].key]
        for role, layer in layers.items()
    }
    shown = " ; ".join(f"{role} : {', '.join(names)}" for role, names in lacks.items() if names)
    if shown:
        raise MissingColumnError(
            Text(f"colonne(s) absente(s) : {shown}", f"column(s) absent: {shown}"),
            Text(
                "ajoutez ces colonnes, ou faites-les correspondre à celles du fichier.",
                "add these columns, or map those of the file to them.",
            ),
        )


def _check_bounds(layers: Mapping[str, pd.DataFrame]) -> None:
    """Refuse numbers out of the bounds of their column; every column at fault is told at once."""
    faults = [
        (f"{role}.{column.name}", values, column)
        for role, layer in layers.items()
        for column in ROLES[role].columns
        if column.kind in ("number", "integer", "share") and column.name in layer.columns
        if len(values := _out_of_bounds(layer[column.name], column))
    ]
    if not faults:
        return
    shown = [
        (
            f"{name} = {', '.join(f'{value:g}' for value in values[:3])}",
            len(values),
            f"{_bound(column.minimum)} … {_bound(column.maximum)}",
        )
        for name, values, column in faults
    ]
    raise InvalidValueError(
        Text(
            " ; ".join(f"{told}, {n} valeur(s) hors bornes ({bounds})" for told, n, bounds in shown),
            "; ".join(f"{told}, {n} value(s) out of bounds ({bounds})" for told, n, bounds in shown),
        ),
        Text(
            "corrigez ces valeurs à la source, ou videz-les si elles sont inconnues.",
            "mend these values at the source, or blank them if they are unknown.",
        ),
    )


def _bound(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _out_of_bounds(values: pd.Series[Any], column: Column) -> list[float]:
    """Return the numbers of a column that are out of its bounds, sorted; an infinite one always is."""
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return []
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    wrong = numbers[(numbers < low) | (numbers > high) | np.isinf(numbers)]
    return sorted(float(value) for value in wrong)


def _numbered(layer: gpd.GeoDataFrame | pd.DataFrame | None) -> gpd.GeoDataFrame | pd.DataFrame | None:
    """Return a copy of a layer, numbered from 0, with its geometry under ``geometry``; None for an empty one."""
    if layer is None or not len(layer):
        return None
    if not isinstance(layer, gpd.GeoDataFrame):
        return layer.reset_index(drop=True)
    columns = pd.DataFrame(layer.drop(columns=layer.geometry.name)).reset_index(drop=True)
    return gpd.GeoDataFrame(columns, geometry=layer.geometry.array, crs=layer.crs)


def in_use(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the cables or nodes of a network that were not given up; those whose state is unknown are kept.

    Examples
    --------
    >>> told = {"code": ["C1", "C2", "C3"], "etat": ["en service", "abandonné", None]}
    >>> in_use(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0])))["code"].tolist()
    ['C1', 'C3']
    """
    return _but(layer, "etat", GIVEN_UP)


def in_service(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the sites or supports that serve: neither given up nor planned; those whose state is unknown are kept.

    Examples
    --------
    >>> told = {"etat": ["en service", "abandonné", "Projet", None]}
    >>> len(in_service(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1, 2, 3], [0] * 4))))
    2
    """
    return _but(layer, "etat", (*GIVEN_UP, *PLANNED))


def platforms(stops: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the stops where one boards: neither stations, nor their entrances, nodes and boarding areas.

    Examples
    --------
    >>> told = {"stop_id": ["gare", "quai"], "location_type": [1, 0]}
    >>> platforms(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1], [0, 0])))["stop_id"].tolist()
    ['quai']
    """
    return _but(stops, "location_type", NO_PLATFORM)


def served(stops: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the stops where one boards, but those that nothing leaves on the day (``passages_jour`` of 0).

    Examples
    --------
    >>> told = {"stop_id": ["a", "b"], "passages_jour": [0.0, 12.0]}
    >>> served(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1], [0, 0])))["stop_id"].tolist()
    ['b']
    """
    boarded = platforms(stops)
    if boarded is None or "passages_jour" not in boarded.columns:
        return boarded
    return boarded[~(boarded["passages_jour"] == 0).fillna(False).to_numpy(dtype=bool)]


def _but(layer: gpd.GeoDataFrame | None, column: str, words: tuple[str, ...]) -> gpd.GeoDataFrame | None:
    """Return the features whose column holds none of some words, whatever their case."""
    if layer is None or column not in layer.columns:
        return layer
    told = layer[column].astype("string").str.lower().str.removesuffix(".0")
    return layer[~told.isin(words).fillna(False).to_numpy(dtype=bool)]
