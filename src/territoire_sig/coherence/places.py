"""Where a rule finds what it looks for: from objects, or parts of objects, to places with their size."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..overlay import assign_zone, intersect, main_zone
from ..overlay.checks import geometries, origin_of, restored
from ..overlay.lines import share_out
from .rule import Rule

__all__ = ["Kind", "gathered", "labels", "places", "strands"]

Kind = Literal["polygon", "line", "point"]
_LABELS = ("libelle", "nom", "stop_name", "code", "route_short_name", "id_site", "id_support", "uai", "operateur")
#: How many names a finding shows before it counts the others.
_SHOWN = 3


def labels(objects: gpd.GeoDataFrame, rule: Rule) -> pd.DataFrame:
    """Return what to call each object (``etiquette``), and its operator (``operateur``) where places are gathered.

    The squares of a population grid have no name that a person would know.
    """
    operator = "operateur" if rule.regrouper is not None else None
    names = () if rule.objet.role == "population" else _LABELS
    label = _first_known(objects, [name for name in (rule.regrouper, *names) if name and name != operator])
    return pd.DataFrame({"etiquette": label, "operateur": _first_known(objects, [operator] if operator else [])})


def _first_known(objects: gpd.GeoDataFrame, columns: list[str]) -> pd.Series[str]:
    label = pd.Series(pd.NA, index=objects.index, dtype="string")
    for column in columns:
        if column in objects.columns:
            label = label.fillna(objects[column].astype("string"))
    return label


def gathered(objects: gpd.GeoDataFrame, column: str | None) -> pd.Series[int]:
    """Return the place of each object: its own or, with `column`, that of the points of its value or coordinates."""
    place = pd.Series(range(len(objects)), index=objects.index)
    if column is None or objects.empty:
        return place
    spots = pd.Series(pd.factorize(shapely.to_wkb(objects.geometry.to_numpy()))[0], index=objects.index)
    names = objects[column] if column in objects.columns else pd.Series(pd.NA, index=objects.index)
    before = None
    while before is None or (place != before).any():
        before = place
        place = place.groupby(spots).transform("min")
        place = place.groupby(names).transform("min").where(names.notna(), place).astype(place.dtype)
    return place


def strands(lines: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the pieces of lines in each unit, as drawn: what runs twice along a street is there twice.

    A stretch along the border of two units is that of the first of them (column ``code_unite``); numbered from 0.
    """
    if lines.empty:
        return lines.assign(code_unite=pd.Series([], dtype=object))
    origin = origin_of(lines)
    zones = geometries(units, "units", "polygon", origin=origin)
    claims = share_out(geometries(lines, "lines", "line", origin=origin), zones)
    order = np.lexsort([claims.polygon, claims.line])
    shapes = restored(claims.geometry[order], origin)
    rows = lines.iloc[claims.line[order]].assign(code_unite=units.index[claims.polygon[order]])
    return rows.reset_index(drop=True).set_geometry(gpd.GeoSeries(shapes, crs=lines.crs))


def places(
    parts: gpd.GeoDataFrame, objects: gpd.GeoDataFrame, units: gpd.GeoDataFrame, kind: Kind, lieu: str
) -> gpd.GeoDataFrame:
    """Return one row a place: geometry, unit, label, number of objects, size, and share of the objects concerned.

    ``taille`` is an area (m², overlaps counted once), a length (m, as drawn) or a number of points.
    """
    found, whole = _by_place(parts, units, kind, lieu), _by_place(objects, units, kind, lieu)
    total = whole.set_index("place")["taille"].reindex(found["place"]).to_numpy()
    return found.assign(part=np.minimum(found["taille"].to_numpy() / total, 1.0))


def _by_place(parts: gpd.GeoDataFrame, units: gpd.GeoDataFrame, kind: Kind, lieu: str) -> gpd.GeoDataFrame:
    pieces = _located(parts, units, kind, lieu)
    pieces = pieces[pieces["code_unite"].notna() & ~pieces.geometry.is_empty]
    grouped = pieces.groupby("place", sort=True)
    geometry = grouped["geometry"].agg(lambda shapes: shapely.union_all(shapes.to_numpy()))
    table = grouped.agg(
        code_unite=("code_unite", "first"),
        objet=("etiquette", _joined),
        operateurs=("operateur", _listed),
        nombre=("objet", "nunique"),
        longueur=("longueur", "sum"),
    )
    table["objet"] = [" : ".join(filter(None, pair)) for pair in zip(table["objet"], table["operateurs"], strict=True)]
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry, crs=parts.crs)).reset_index()
    sizes = {"polygon": frame.geometry.area, "line": frame["longueur"], "point": frame["nombre"]}
    return frame.assign(taille=sizes[kind].astype(float)).drop(columns=["operateurs", "longueur"])


def _located(parts: gpd.GeoDataFrame, units: gpd.GeoDataFrame, kind: Kind, lieu: str) -> gpd.GeoDataFrame:
    """Return pieces with their unit, their place and their length."""
    pieces = parts.assign(longueur=parts.geometry.length)
    if kind == "point":
        pieces["code_unite"] = assign_zone(pieces, units)
    elif kind == "line" and lieu == "objet":
        pieces["code_unite"] = _longest(pieces, units)
    elif kind == "polygon" and lieu == "objet":
        pieces["code_unite"] = main_zone(pieces, units)
    elif kind == "polygon":
        pairs = intersect(pieces, units)
        told = pieces.drop(columns="geometry").loc[pairs["left"]].reset_index(drop=True)
        pieces = gpd.GeoDataFrame(told.assign(code_unite=pairs["right"]), geometry=pairs.geometry, crs=parts.crs)
    return pieces.assign(place=pieces["lieu"] if lieu == "objet" else pieces["code_unite"])


def _longest(pieces: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return, for the pieces of each line, the unit that holds most of it, the first where equal."""
    rank = pd.Series(range(len(units)), index=units.index)
    held = pieces.assign(rang=pieces["code_unite"].map(rank)).groupby(["lieu", "rang"])["longueur"].sum().round(6)
    most = held.reset_index().sort_values(["longueur", "rang"], ascending=[False, True]).drop_duplicates("lieu")
    named = pd.Series(units.index[most["rang"].astype(int)], index=most["lieu"].to_numpy(), dtype=object)
    unit: pd.Series[str] = pieces["lieu"].map(named)
    return unit


def _joined(names: pd.Series[str]) -> str:
    """Return the first names, and how many others there are."""
    known = list(dict.fromkeys(names.dropna()))
    more = f" … (+{len(known) - _SHOWN})" if len(known) > _SHOWN else ""
    return " ; ".join(known[:_SHOWN]) + more


def _listed(names: pd.Series[str]) -> str:
    return " ; ".join(sorted(set(names.dropna())))
