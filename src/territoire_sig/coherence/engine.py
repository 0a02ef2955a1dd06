"""The rule engine: from a rule and a ground to findings, each with its place, its size, its people, its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd

from ..indicators.exposure import around
from ..model.roles import ROLES
from ..overlay import nearest_distance, pieces_inside, pieces_outside, within
from ..texts import Text
from .ground import Ground
from .people import footprints, people_counted, premises_within
from .places import Kind, gathered, labels, places, strands
from .rule import Condition, Rule
from .selection import Selected, select
from .wording import doubtful, unknown_features, unmeasured, worded

__all__ = ["FINDING_COLUMNS", "Judgement", "judge"]

#: Columns of a finding, in the order of ``constats.csv``, then what maps and the register add.
FINDING_COLUMNS = (
    "regle",
    "politique_a",
    "politique_b",
    "score",
    "gravite",
    "code_unite",
    "nom_unite",
    "surface_m2",
    "longueur_m",
    "nombre",
    "habitants",
    "locaux",
    "article",
    "services",
    "explication",
    "titre",
    "acteurs",
    "objet",
    "part",
    "habitants_comptes",
    "approximation",
)

_MEASURE = {"polygon": "surface_m2", "line": "longueur_m"}


@dataclass(frozen=True, eq=False)
class Judgement:
    """The findings of one rule, the surfaces in which its people were counted, and what could not be judged.

    Attributes
    ----------
    unknown_column : str, optional
        ``role.column`` of the first column on which the rule turns and of which no value is known near the units:
        the rule is then not answered, and has no finding.
    """

    rule: Rule
    findings: gpd.GeoDataFrame
    footprints: gpd.GeoSeries
    remarks: tuple[Text, ...] = ()
    unknown_column: str | None = None


def judge(rule: Rule, ground: Ground) -> Judgement:
    """Apply `rule` to `ground`.

    Returns
    -------
    Judgement
        ``findings`` has :data:`FINDING_COLUMNS` and the exact geometry; one row a unit, or one row an object
        (``lieu``), wherever the threshold is reached. Areas in m², lengths in m, in the CRS of the ground.
    """
    kind = cast("Kind", ROLES[rule.objet.role].geometry)
    chosen = select(ground.near(rule.objet.role), rule.objet)
    covers = [select(ground.near(item.role, item.distance_m or 0.0), item) for item in rule.condition]
    unknown_column = _unknown_column(rule, [chosen, *covers])
    remarks = _unknown_remarks(rule, [chosen, *covers])
    objects = _objects(rule, chosen.kept, ground, kind)
    parts = objects if unknown_column is None else objects.iloc[:0]
    for condition, cover in zip(rule.condition, covers, strict=True):
        parts, unsure = _holding(parts, condition, cover, point=kind == "point")
        remarks += doubtful(rule, condition.role, unsure)
    judged = _measured(rule, places(parts, objects, ground.units, kind, rule.lieu), ground, kind)
    reached = _reaches(judged, rule.seuil.bounds())
    remarks += unmeasured(rule, int((~reached & ~_below(judged, rule.seuil.bounds())).sum()))
    kept = judged[reached].reset_index(drop=True)
    severe = _reaches(kept, rule.seuil_grave.bounds()) if rule.seuil_grave else pd.Series(False, index=kept.index)
    told = worded(rule, kept, severe, ground)[[*FINDING_COLUMNS, "geometry"]]
    findings = gpd.GeoDataFrame(told, geometry="geometry", crs=ground.units.crs)
    return Judgement(rule, findings, footprints(kept, rule.habitants, ground.units), tuple(remarks), unknown_column)


def _unknown_column(rule: Rule, chosen: list[Selected]) -> str | None:
    for selection, found in zip([rule.objet, *rule.condition], chosen, strict=True):
        if found.silent is not None:
            return f"{selection.role}.{found.silent}"
    return None


def _unknown_remarks(rule: Rule, chosen: list[Selected]) -> list[Text]:
    selections = [rule.objet, *rule.condition]
    told = [
        unknown_features(rule, item.role, len(found.unknown)) for item, found in zip(selections, chosen, strict=True)
    ]
    return [text for texts in told for text in texts]


def _objects(rule: Rule, layer: gpd.GeoDataFrame, ground: Ground, kind: Kind) -> gpd.GeoDataFrame:
    """Return what is judged, within the units: its label, its number (``objet``), its place (``lieu``), its shape."""
    inside = layer[within(layer, ground.units)] if kind == "point" else layer
    told = labels(inside, rule).assign(objet=range(len(inside)), lieu=gathered(inside, rule.regrouper))
    objects = gpd.GeoDataFrame(told, geometry=inside.geometry.to_numpy(), crs=ground.units.crs)
    if kind == "line":
        return strands(objects, ground.units)
    return objects if kind == "point" else pieces_inside(objects, ground.units)


def _holding(
    parts: gpd.GeoDataFrame, condition: Condition, cover: Selected, *, point: bool
) -> tuple[gpd.GeoDataFrame, int]:
    """Return what of `parts` holds the relation, and how many objects are in doubt: where the cover is unknown.

    Points stay or leave; surfaces and lines are cut, by the cover or by what lies within the distance of it.
    """
    distance = condition.distance_m
    if condition.relation in ("dans", "a_moins_de"):
        return _sorted(parts, cover.kept, distance, point=point)[0], 0
    outside = _sorted(parts, cover.kept, distance, point=point)[1]
    if cover.unknown.empty:
        return outside, 0
    unsure, sure = _sorted(outside, cover.unknown, distance, point=point)
    return sure, int(unsure["objet"].nunique())


def _sorted(
    parts: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, distance_m: float | None, *, point: bool
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return what of `parts` lies in a cover, or within a distance of it, and what does not."""
    if point:
        inside = within(parts, cover) if distance_m is None else nearest_distance(parts, cover) <= distance_m
        return parts[inside], parts[~inside]
    if distance_m is not None:
        cover = gpd.GeoDataFrame(geometry=around(cover.geometry, distance_m), crs=cover.crs)
    return pieces_inside(parts, cover), pieces_outside(parts, cover)


def _measured(rule: Rule, found: gpd.GeoDataFrame, ground: Ground, kind: Kind) -> gpd.GeoDataFrame:
    """Return the places with their measures, their people, and those of them known for sure (``au_moins``)."""
    result = found.assign(surface_m2=np.nan, longueur_m=np.nan, nombre=found["nombre"].astype("Int64"))
    if kind in _MEASURE:
        result[_MEASURE[kind]] = found["taille"]
    result["nom_unite"] = ground.units["nom_unite"].reindex(found["code_unite"]).to_numpy()
    surfaces = footprints(result, rule.habitants, ground.units)
    result[["habitants", "au_moins"]] = people_counted(surfaces, ground)
    return result.assign(locaux=premises_within(surfaces, ground))


def _reaches(found: pd.DataFrame, bounds: dict[str, float]) -> pd.Series[bool]:
    """Tell which places reach every bound; inhabitants known for sure are enough, whoever else is unknown."""
    reached: pd.Series[bool] = pd.Series(True, index=found.index, dtype=bool)
    for measure, bound in bounds.items():
        values = found["au_moins" if measure == "habitants" else measure]
        reached &= (values.astype(float).fillna(-np.inf) >= bound).to_numpy()
    return reached


def _below(found: pd.DataFrame, bounds: dict[str, float]) -> pd.Series[bool]:
    """Tell which places are known to be below a bound."""
    below: pd.Series[bool] = pd.Series(False, index=found.index, dtype=bool)
    for measure, bound in bounds.items():
        below |= (found[measure].astype(float).fillna(np.inf) < bound).to_numpy()
    return below
