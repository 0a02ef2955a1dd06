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
from ..errors import InvalidValueError, ParameterError
from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.territory import Territory
from ..overlay import repair
from ..texts import Text, length_text, number_text
from .vintages import dated, dated_raster

__all__ = ["MARGIN_M", "RADIUS_PARAMETER", "LayerCount", "Prepared", "prepare"]

#: Features farther than this from the perimeter are set aside, unless a distance in force reaches farther.
MARGIN_M = 10_000.0
#: Slivers between squares cut at a border are no second count.
_TWICE_SHARE = 0.01
RADIUS_PARAMETER = "rayon_couverture_mobile_m"
_NOT_IN_SERVICE = ("projet", "abandonne", "hors service")


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
        The same layers, with their features without geometry where the role keeps them, and the rasters: what
        analyses read.
    """

    ground: Ground
    inputs: Mapping[str, gpd.GeoDataFrame | pd.DataFrame | Raster]
    counts: tuple[LayerCount, ...]
    warnings: tuple[Text, ...]


def prepare(territory: Territory, *, reach_m: float = 0.0) -> Prepared:
    """Repair every geometry, keep what is within reach of the perimeter, locate tables, approximate what is declared.

    Parameters
    ----------
    reach_m : float
        Largest distance that a rule or an analysis looks at, in metres: what lies nearer than it is kept.

    Raises
    ------
    ParameterError
        When ``rayon_couverture_mobile_m`` is not a positive number.
    """
    mended = repair(territory.units)
    units = mended.frame
    perimeter = shapely.union_all(units.geometry.to_numpy())
    shapely.prepare(perimeter)
    radius = _declared_radius(territory)
    margin_m = max(MARGIN_M, reach_m, radius or 0.0)
    vectors, placeless, counts, warnings = {}, {}, [], _unit_warnings(len(mended.repaired))
    for role, layer in territory.layers.items():
        if isinstance(layer.frame, gpd.GeoDataFrame):
            drawn, nowhere = _split_placeless(dated(layer.frame, layer), role)
            near, count = _within_reach(drawn, role, perimeter, margin_m)
            counts.append(count)
            warnings += _warned(count, margin_m)
            if len(near):
                vectors[role] = near
            if len(nowhere):
                placeless[role] = nowhere
                warnings.append(_kept_placeless(role, len(nowhere)))
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
    _check_counted_once(vectors.get("population"), territory)
    if "population" not in vectors:
        warnings.append(
            Text(
                "aucune couche de population : les habitants concernés sont inconnus",
                "no population layer: the inhabitants concerned are unknown",
            )
        )
    ground = Ground(units, vectors, vectors.get("population"), vectors.get("immeuble"), approximations)
    rasters = {
        role: dated_raster(layer.frame, layer)
        for role, layer in territory.layers.items()
        if isinstance(layer.frame, Raster)
    }
    inputs = {**vectors, **{role: _with_placeless(vectors.get(role), rows) for role, rows in placeless.items()}}
    return Prepared(ground, {**inputs, **_tables_of_no_place(territory), **rasters}, tuple(counts), (*warnings, *more))


def _split_placeless(layer: gpd.GeoDataFrame, role: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the features that are drawn, and those without geometry that the role keeps for its analyses."""
    nowhere = (layer.geometry.isna() | layer.geometry.is_empty) & ROLES[role].placeless
    return layer[~nowhere], layer[nowhere]


def _with_placeless(drawn: gpd.GeoDataFrame | None, nowhere: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return nowhere if drawn is None else pd.concat([drawn, nowhere], ignore_index=True)


def _kept_placeless(role: str, count: int) -> Text:
    return Text(
        f"{role} : {count} entité(s) sans géométrie, hors des cartes et des règles, gardée(s) pour les analyses",
        f"{role}: {count} feature(s) without geometry, on no map and in no rule, kept for the analyses",
    )


def _within_reach(
    layer: gpd.GeoDataFrame, role: str, perimeter: Any, margin_m: float
) -> tuple[gpd.GeoDataFrame, LayerCount]:
    mended = repair(layer)
    shapes = mended.frame.geometry.to_numpy()
    touching = shapely.intersects(perimeter, shapes)
    near = touching | shapely.dwithin(perimeter, shapes, margin_m)
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


def _warned(count: LayerCount, margin_m: float) -> list[Text]:
    told = []
    if count.beyond_margin + count.set_aside == count.read:
        shown = length_text(margin_m)
        told.append(
            Text(
                f"{count.role} : aucune entité dans le territoire ni à moins de {shown.fr} de lui ; "
                "le rôle est laissé sans couche et ses règles sans réponse",
                f"{count.role}: no feature in the territory nor within {shown.en} of it; "
                "the role is left without a layer and its rules unanswered",
            )
        )
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


def _tables_of_no_place(territory: Territory) -> dict[str, pd.DataFrame]:
    """Return the tables that tell nothing of places: weights, rated objectives… An empty one is no table."""
    return {
        role: layer.frame
        for role, layer in territory.layers.items()
        if ROLES[role].geometry == "table" and ROLES[role].key is None
        if isinstance(layer.frame, pd.DataFrame) and len(layer.frame)
    }


def _located_tables(
    territory: Territory, units: gpd.GeoDataFrame, vectors: Mapping[str, gpd.GeoDataFrame]
) -> tuple[dict[str, gpd.GeoDataFrame], list[Text]]:
    """Return each table with the polygons of the units (or communes) that its codes name."""
    located, warnings = {}, []
    for role, layer in territory.layers.items():
        if ROLES[role].key is not None and isinstance(layer.frame, pd.DataFrame):
            table = dated(layer.frame, layer)
            located[role], unknown, elsewhere = _located(table, role, territory, units, vectors.get("commune"))
            if elsewhere:
                warnings.append(
                    Text(
                        f"{role} : {elsewhere} ligne(s) dont le code n'est celui d'aucune unité, laissée(s) de côté",
                        f"{role}: {elsewhere} row(s) whose code is that of no unit, left out",
                    )
                )
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
) -> tuple[gpd.GeoDataFrame, int, int]:
    """Return the table on its polygons, how many polygons have no row, and how many rows no polygon."""
    key = str(ROLES[role].key)
    places = _places(table[key], territory, units, communes)
    rows = _with_rate(table).set_index(key)
    joined = rows.reindex(places["_code"])
    joined.index = places.index
    unknown = int((~places["_code"].isin(rows.index)).sum())
    frame = gpd.GeoDataFrame(joined.assign(**{key: places["_code"]}), geometry=places.geometry, crs=units.crs)
    elsewhere = int((~rows.index.isin(places["_code"])).sum())
    return frame.reset_index(drop=True), unknown, elsewhere


def _with_rate(table: pd.DataFrame) -> pd.DataFrame:
    """Give the fibre rate to rows that have its two terms; more premises passed than premises is a rate of 1."""
    if not {"locaux", "locaux_raccordables"} <= set(table.columns):
        return table
    rate = (table["locaux_raccordables"] / table["locaux"].where(table["locaux"] > 0)).clip(upper=1.0)
    stated = table["taux_fibre"] if "taux_fibre" in table.columns else pd.Series(np.nan, index=table.index)
    return table.assign(taux_fibre=stated.fillna(rate))


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


def _check_counted_once(population: gpd.GeoDataFrame | None, territory: Territory) -> None:
    """Refuse population polygons that lie on one another: their people would count twice."""
    if population is None or "population" not in territory.layers:
        return
    shapes = population.geometry.to_numpy()
    inside, _ = shapely.STRtree(shapes).query(shapely.point_on_surface(shapes), predicate="within")
    twice = int((np.bincount(inside, minlength=len(shapes)) > 1).sum())
    if twice > _TWICE_SHARE * len(shapes):
        files = ", ".join(dict.fromkeys(item.file for item in territory.layers["population"].provenance))
        raise InvalidValueError(
            Text(
                f"{twice} polygone(s) sur {len(shapes)} se recouvrent : leurs habitants compteraient deux fois",
                f"{twice} polygon(s) out of {len(shapes)} lie on others: their people would count twice",
            ),
            Text(
                "gardez une seule source (carreaux, IRIS ou communes).", "keep one source (squares, IRIS or communes)."
            ),
            file=files,
            layer="population",
        )


def _spread_inhabitants(units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Text]:
    """Return the inhabitants of the units as a population layer, and the words that name the approximation."""
    named = Text(
        "approximation : habitants répartis uniformément dans chaque unité, à défaut de population fine",
        "approximation: inhabitants spread evenly within each unit, for want of fine population data",
    )
    spread = gpd.GeoDataFrame({"habitants": units["habitants"]}, geometry=units.geometry)
    return spread.reset_index(drop=True), named


def _declared_radius(territory: Territory) -> float | None:
    radius = territory.parameters.get(RADIUS_PARAMETER)
    if radius is None:
        return None
    if isinstance(radius, bool) or not isinstance(radius, int | float) or not np.isfinite(radius) or radius <= 0:
        raise ParameterError(
            Text(
                f"«{RADIUS_PARAMETER}» vaut «{radius}» et doit être un nombre positif",
                f"«{RADIUS_PARAMETER}» is «{radius}» and must be positive",
            ),
            Text(f"écrivez par exemple {RADIUS_PARAMETER} = 1500.", f"write for example {RADIUS_PARAMETER} = 1500."),
            file=territory.path.name,
        )
    return float(radius)


def _declared_reach(
    territory: Territory, vectors: Mapping[str, gpd.GeoDataFrame]
) -> tuple[gpd.GeoDataFrame, Text] | None:
    """Return mobile reach approximated by the declared radius around masts, where no coverage layer was given."""
    radius = _declared_radius(territory)
    if radius is None or "couverture_mobile" in vectors or "site_mobile" not in vectors:
        return None
    sites = vectors["site_mobile"]
    if "etat" in sites.columns:
        sites = sites[~sites["etat"].isin(_NOT_IN_SERVICE)]
    shown = number_text(radius)
    named = Text(
        f"approximation : portée mobile supposée de {shown.fr} m autour des sites, à défaut de carte de couverture",
        f"approximation: mobile reach taken as {shown.en} m around the sites, for want of a coverage map",
    )
    reach = sites.set_geometry(sites.geometry.buffer(radius, quad_segs=32))
    return reach.assign(techno=_technologies(sites), niveau="COUVERT"), named


def _technologies(sites: gpd.GeoDataFrame) -> pd.Series:
    """Return the technologies in service of each site, as the role writes several (``2G3G4G``).

    ``aucune`` where all that is told is that there is none; NA where nothing is told.

    Examples
    --------
    >>> told = {"site_3g": [True, False, None], "site_4g": [True, False, None]}
    >>> _technologies(gpd.GeoDataFrame(told, geometry=[None, None, None])).tolist()
    ['3G4G', 'aucune', <NA>]
    """
    words = pd.Series("", index=sites.index, dtype="string")
    asked = pd.Series(False, index=sites.index)
    for technology in ("2G", "3G", "4G", "5G"):
        column = f"site_{technology.lower()}"
        if column in sites.columns:
            serving = sites[column].astype("boolean")
            words = words + np.where(serving.fillna(False).astype(bool), technology, "")
            asked = asked | serving.notna().astype(bool)
    return words.mask((words == "") & ~asked).replace("", "aucune")
