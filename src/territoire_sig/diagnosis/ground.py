"""From a territory as read to the ground on which it is measured: repaired, within reach, located."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..coherence.ground import Ground
from ..errors import ParameterError
from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.territory import Territory
from ..overlay import repair
from ..texts import Text, number_text

__all__ = ["LayerCount", "Prepared", "prepare"]

#: Features farther than this from the perimeter are set aside: they can touch no measure of the standard rules.
_MARGIN_M = 10_000.0
_RADIUS = "rayon_couverture_mobile_m"


@dataclass(frozen=True)
class LayerCount:
    """What became of the features of one role."""

    role: str
    read: int
    repaired: int
    set_aside: int
    outside_perimeter: int
    beyond_margin: int


@dataclass(frozen=True, eq=False)
class Prepared:
    """A territory ready to be measured.

    Attributes
    ----------
    ground : Ground
        Units, vector layers by role (tables located), people, premises, approximations.
    inputs : mapping
        The same layers, and the rasters: what analyses read.
    """

    ground: Ground
    inputs: Mapping[str, gpd.GeoDataFrame | Raster]
    counts: tuple[LayerCount, ...]
    warnings: tuple[Text, ...]


def prepare(territory: Territory) -> Prepared:
    """Repair every geometry, keep what is within reach of the perimeter, locate tables, approximate what is declared.

    Raises
    ------
    ParameterError
        When ``rayon_couverture_mobile_m`` is not a positive number.
    """
    mended = repair(territory.units)
    units = mended.frame
    perimeter = shapely.union_all(units.geometry.to_numpy())
    shapely.prepare(perimeter)
    vectors, counts, warnings = {}, [], _unit_warnings(len(mended.repaired))
    for role, layer in territory.layers.items():
        if isinstance(layer.frame, gpd.GeoDataFrame):
            vectors[role], count = _within_reach(layer.frame, role, perimeter)
            counts.append(count)
            warnings += _warned(count)
    tables, more = _located_tables(territory, units, vectors)
    approximations = {role: layer.approximation for role, layer in territory.layers.items() if layer.approximation}
    reach = _declared_reach(territory, vectors)
    if reach is not None:
        vectors["couverture_mobile"], approximations["couverture_mobile"] = reach
        warnings.append(approximations["couverture_mobile"])
    vectors |= tables
    if "population" not in vectors and "habitants" in units.columns:
        vectors["population"], approximations["population"] = _spread_inhabitants(units)
        warnings.append(approximations["population"])
    if "population" not in vectors:
        warnings.append(
            Text(
                "aucune couche de population : les habitants concernés sont inconnus",
                "no population layer: the inhabitants concerned are unknown",
            )
        )
    ground = Ground(units, vectors, vectors.get("population"), vectors.get("immeuble"), approximations)
    rasters = {role: layer.frame for role, layer in territory.layers.items() if isinstance(layer.frame, Raster)}
    return Prepared(ground, {**vectors, **rasters}, tuple(counts), (*warnings, *more))


def _within_reach(layer: gpd.GeoDataFrame, role: str, perimeter: Any) -> tuple[gpd.GeoDataFrame, LayerCount]:
    mended = repair(layer)
    shapes = mended.frame.geometry.to_numpy()
    touching = shapely.intersects(perimeter, shapes)
    near = touching | shapely.dwithin(perimeter, shapes, _MARGIN_M)
    count = LayerCount(
        role,
        read=len(layer),
        repaired=len(mended.repaired),
        set_aside=len(mended.set_aside),
        outside_perimeter=int((~touching).sum()),
        beyond_margin=int((~near).sum()),
    )
    return mended.frame[near], count


def _unit_warnings(repaired: int) -> list[Text]:
    if not repaired:
        return []
    return [Text(f"unités : {repaired} géométrie(s) réparée(s)", f"units: {repaired} geometry(ies) repaired")]


def _warned(count: LayerCount) -> list[Text]:
    told = []
    if count.repaired:
        told.append(
            Text(
                f"{count.role} : {count.repaired} géométrie(s) invalide(s) réparée(s)",
                f"{count.role}: {count.repaired} invalid geometry(ies) repaired",
            )
        )
    if count.set_aside:
        told.append(
            Text(
                f"{count.role} : {count.set_aside} entité(s) sans géométrie utilisable mise(s) à l'écart",
                f"{count.role}: {count.set_aside} feature(s) without usable geometry set aside",
            )
        )
    return told


def _located_tables(
    territory: Territory, units: gpd.GeoDataFrame, vectors: Mapping[str, gpd.GeoDataFrame]
) -> tuple[dict[str, gpd.GeoDataFrame], list[Text]]:
    """Return each table with the polygons of the units (or communes) that its codes name."""
    located, warnings = {}, []
    for role, layer in territory.layers.items():
        if ROLES[role].geometry == "table" and isinstance(layer.frame, pd.DataFrame):
            located[role], unknown = _located(layer.frame, role, territory, units, vectors.get("commune"))
            if unknown:
                warnings.append(
                    Text(
                        f"{role} : {unknown} unité(s) sans ligne dans la table, valeur inconnue",
                        f"{role}: {unknown} unit(s) without a row in the table, value unknown",
                    )
                )
    return located, warnings


def _located(
    table: pd.DataFrame, role: str, territory: Territory, units: gpd.GeoDataFrame, communes: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, int]:
    key = str(ROLES[role].key)
    places = _places(table[key], territory, units, communes)
    rows = table.drop_duplicates(key).set_index(key)
    joined = rows.reindex(places["_code"])
    joined.index = places.index
    unknown = int((~places["_code"].isin(rows.index)).sum())
    frame = gpd.GeoDataFrame(joined.assign(**{key: places["_code"]}), geometry=places.geometry, crs=units.crs)
    return frame.reset_index(drop=True), unknown


def _places(
    codes: pd.Series, territory: Territory, units: gpd.GeoDataFrame, communes: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return polygons with the ``_code`` by which the table knows them: units, their communes, or a commune layer."""
    own = pd.Series(units.index.astype(str), index=units.index)
    if codes.isin(own).any():
        return gpd.GeoDataFrame({"_code": own}, geometry=units.geometry)
    if territory.unit_level == "iris" and codes.isin(own.str[:5]).any():
        return gpd.GeoDataFrame({"_code": own.str[:5]}, geometry=units.geometry)
    if communes is not None:
        return gpd.GeoDataFrame({"_code": communes["code_insee"].astype(str)}, geometry=communes.geometry)
    return gpd.GeoDataFrame({"_code": own}, geometry=units.geometry)


def _spread_inhabitants(units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Text]:
    """Return the inhabitants of the units as a population layer, and the words that name the approximation."""
    named = Text(
        "approximation : habitants répartis uniformément dans chaque unité, à défaut de population fine",
        "approximation: inhabitants spread evenly within each unit, for want of fine population data",
    )
    spread = gpd.GeoDataFrame({"habitants": units["habitants"]}, geometry=units.geometry)
    return spread.reset_index(drop=True), named


def _declared_reach(
    territory: Territory, vectors: Mapping[str, gpd.GeoDataFrame]
) -> tuple[gpd.GeoDataFrame, Text] | None:
    """Return mobile reach approximated by the declared radius around masts, where no coverage layer was given."""
    radius = territory.parameters.get(_RADIUS)
    if radius is None or "couverture_mobile" in vectors or "site_mobile" not in vectors:
        return None
    if isinstance(radius, bool) or not isinstance(radius, int | float) or not np.isfinite(radius) or radius <= 0:
        raise ParameterError(
            Text(
                f"«{_RADIUS}» vaut «{radius}» et doit être un nombre positif",
                f"«{_RADIUS}» is «{radius}» and must be positive",
            ),
            Text(f"écrivez par exemple {_RADIUS} = 1500.", f"write for example {_RADIUS} = 1500."),
            file=territory.path.name,
        )
    sites = vectors["site_mobile"]
    shown = number_text(radius)
    named = Text(
        f"approximation : portée mobile supposée de {shown.fr} m autour des sites, à défaut de carte de couverture",
        f"approximation: mobile reach taken as {shown.en} m around the sites, for want of a coverage map",
    )
    reach = sites.set_geometry(sites.geometry.buffer(float(radius), quad_segs=16))
    return reach.assign(techno=pd.NA, niveau="COUVERT"), named
