"""The rule engine: from a rule and a ground to findings, each with its place, its size, its people, its reason."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.roles import ROLES
from ..overlay import assign_zone, intersect, main_zone, nearest_distance, pieces_inside, pieces_outside, within
from ..texts import Text, area_text, length_text, number_text, people_text
from .ground import Ground
from .people import footprints, inhabitants_within, premises_within
from .rule import Condition, Rule
from .selection import select

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

_MEASURE = {"polygon": "surface_m2", "line": "longueur_m", "point": "nombre"}
_LABELS = ("libelle", "nom", "stop_name", "code", "route_short_name", "id_site", "id_support", "uai", "operateur")


@dataclass(frozen=True, eq=False)
class Judgement:
    """The findings of one rule, the surfaces in which its people were counted, and what could not be judged."""

    rule: Rule
    findings: gpd.GeoDataFrame
    footprints: gpd.GeoSeries
    remarks: tuple[Text, ...] = ()


def judge(rule: Rule, ground: Ground) -> Judgement:
    """Apply `rule` to `ground`.

    Returns
    -------
    Judgement
        ``findings`` has :data:`FINDING_COLUMNS` and the exact geometry; one row a unit, or one row an object
        (``lieu``), wherever the threshold is reached. Areas in m², lengths in m, in the CRS of the ground.
    """
    objects, remarks = _selected(rule, ground)
    parts, more = _refined(rule, objects, ground)
    places = _places(rule, parts, objects, ground.units)
    judged = _measured(rule, places, ground)
    surfaces = footprints(judged, rule.habitants, ground.units)
    judged["habitants"] = inhabitants_within(surfaces, ground)
    judged["locaux"] = premises_within(surfaces, ground.premises)
    remarks += [*more, *_unmeasured_remark(rule, judged)]
    kept = judged[_reaches(judged, rule.seuil.bounds())].reset_index(drop=True)
    surfaces = footprints(kept, rule.habitants, ground.units)
    return Judgement(rule, _worded(rule, kept, ground), surfaces, tuple(remarks))


def _selected(rule: Rule, ground: Ground) -> tuple[gpd.GeoDataFrame, list[Text]]:
    objects, unknown = select(ground.layers[rule.objet.role], rule.objet)
    objects = gpd.GeoDataFrame({"_etiquette": _labels(objects, rule.objet.role)}, geometry=objects.geometry)
    if ROLES[rule.objet.role].geometry == "point":
        objects = objects[within(objects, ground.units)]
    else:
        objects = pieces_inside(objects, ground.units)
    return objects, _unknown_remark(rule, rule.objet.role, unknown)


def _refined(rule: Rule, objects: gpd.GeoDataFrame, ground: Ground) -> tuple[gpd.GeoDataFrame, list[Text]]:
    parts, remarks = objects, []
    for condition in rule.condition:
        cover, unknown = select(ground.layers[condition.role], condition)
        remarks += _unknown_remark(rule, condition.role, unknown)
        parts = _holding(parts, condition, cover, point=ROLES[rule.objet.role].geometry == "point")
    return parts, remarks


def _holding(
    parts: gpd.GeoDataFrame, condition: Condition, cover: gpd.GeoDataFrame, *, point: bool
) -> gpd.GeoDataFrame:
    """Return what of `parts` holds the relation with `cover`: points and distances whole, surfaces and lines cut."""
    if condition.distance_m is not None:
        distance = nearest_distance(parts, cover).fillna(np.inf)
        near = distance <= condition.distance_m
        return parts[near if condition.relation == "a_moins_de" else ~near]
    if point:
        inside = within(parts, cover)
        return parts[inside if condition.relation == "dans" else ~inside]
    return pieces_inside(parts, cover) if condition.relation == "dans" else pieces_outside(parts, cover)


def _places(
    rule: Rule, parts: gpd.GeoDataFrame, objects: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return one row a place: geometry, unit, label, number of objects, and the share of the objects concerned."""
    kind = ROLES[rule.objet.role].geometry
    found, whole = _by_unit(parts, units, kind, rule.lieu), _by_unit(objects, units, kind, rule.lieu)
    size, total = _size(found.geometry, found["nombre"], kind), _size(whole.geometry, whole["nombre"], kind)
    keys = ["code_unite"] if rule.lieu == "unite" else ["place"]
    totals = pd.Series(total.to_numpy(), index=pd.MultiIndex.from_frame(whole[keys]))
    shares = size.to_numpy() / totals.reindex(pd.MultiIndex.from_frame(found[keys])).to_numpy()
    return found.assign(part=np.minimum(shares, 1.0))


def _by_unit(parts: gpd.GeoDataFrame, units: gpd.GeoDataFrame, kind: str, lieu: str) -> gpd.GeoDataFrame:
    pieces = parts
    if lieu == "objet":
        pieces = pieces.assign(code_unite=main_zone(pieces, units), place=pieces.index)
    elif kind == "point":
        pieces = pieces.assign(code_unite=assign_zone(pieces, units))
        pieces = pieces.assign(place=pieces["code_unite"])
    else:
        pairs = intersect(pieces, units)
        pairs = _once(pairs) if kind == "line" else pairs
        labels = pieces["_etiquette"].loc[pairs["left"]].to_numpy()
        pieces = pairs.rename(columns={"right": "code_unite"}).assign(_etiquette=labels, place=pairs["right"])
    pieces = pieces[pieces["code_unite"].notna() & ~pieces.geometry.is_empty]
    grouped = pieces.groupby("place", sort=True)
    geometry = grouped["geometry"].agg(lambda shapes: shapely.union_all(shapes.to_numpy()))
    table = grouped.agg(
        code_unite=("code_unite", "first"), objet=("_etiquette", _joined), nombre=("_etiquette", "size")
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry, crs=parts.crs)).reset_index()


def _once(pairs: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the stretch of a line that runs along the border of two units to the first of them only."""
    shapes = pairs.geometry.to_numpy().copy()
    ranks = pairs.groupby("left").indices
    for places in ranks.values():
        for later in range(1, len(places)):
            before = shapely.union_all(shapes[places[:later]])
            if shapely.length(shapely.intersection(shapes[places[later]], before)) > 0:
                shapes[places[later]] = shapely.difference(shapes[places[later]], before)
    return pairs.set_geometry(gpd.GeoSeries(shapes, index=pairs.index, crs=pairs.crs))


def _size(geometry: gpd.GeoSeries, count: pd.Series, kind: str) -> pd.Series[float]:
    if kind == "point":
        return count.astype(float)
    size: pd.Series[float] = geometry.area if kind == "polygon" else geometry.length
    return size


def _measured(rule: Rule, places: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    kind = ROLES[rule.objet.role].geometry
    result = places.assign(surface_m2=np.nan, longueur_m=np.nan, nombre=places["nombre"].astype("Int64"))
    if kind != "point":
        result[_MEASURE[kind]] = _size(places.geometry, places["nombre"], kind)
    result["nom_unite"] = ground.units["nom_unite"].reindex(places["code_unite"]).to_numpy()
    return result


def _reaches(places: pd.DataFrame, bounds: dict[str, float]) -> pd.Series:
    reached: pd.Series[bool] = pd.Series(True, index=places.index, dtype=bool)
    for measure, bound in bounds.items():
        reached &= (places[measure].astype(float).fillna(-np.inf) >= bound).to_numpy()
    return reached


def _worded(rule: Rule, places: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    severe = _reaches(places, rule.seuil_grave.bounds()) if rule.seuil_grave else pd.Series(False, index=places.index)
    approximation = _approximation(rule, ground)
    result = places.assign(
        regle=rule.id,
        titre=str(rule.titre.text),
        politique_a=rule.politiques[0].value,
        politique_b=rule.politiques[1].value,
        score=rule.score,
        gravite=np.minimum(abs(rule.score) + severe.to_numpy().astype(int), 3),
        article=rule.article,
        services=" ; ".join(rule.services),
        acteurs=" ; ".join(rule.acteurs),
        habitants_comptes=rule.habitants.mode,
        approximation=str(approximation) if approximation else "",
    )
    result["explication"] = [_explanation(rule, row, approximation) for row in result.itertuples()]
    return gpd.GeoDataFrame(result[[*FINDING_COLUMNS, "geometry"]], geometry="geometry", crs=ground.units.crs)


def _explanation(rule: Rule, row: object, approximation: Text | None) -> str:
    value = row.__getattribute__
    text = rule.explication.text.fill(
        objet=value("objet") or "-",
        nombre=number_text(value("nombre")),
        surface=area_text(value("surface_m2")),
        longueur=length_text(value("longueur_m")),
        habitants=people_text(value("habitants")),
        unite=value("nom_unite"),
    )
    return f"{text} ({approximation})" if approximation else str(text)


def _approximation(rule: Rule, ground: Ground) -> Text | None:
    counts_people = rule.habitants.mode in ("emprise", "rayon")
    roles = dict.fromkeys([*rule.roles(), *(["population"] if counts_people else [])])
    named = [ground.approximations[role] for role in roles if role in ground.approximations]
    if not named:
        return None
    return Text(" ; ".join(text.fr for text in named), "; ".join(text.en for text in named))


def _labels(objects: gpd.GeoDataFrame, role: str) -> pd.Series:
    """Return what to call each object; the squares of a population grid have no name that a person would know."""
    label = pd.Series(pd.NA, index=objects.index, dtype="string")
    if role == "population":
        return label
    for column in _LABELS:
        if column in objects.columns:
            label = label.fillna(objects[column].astype("string"))
    return label


def _joined(labels: pd.Series) -> str:
    names = list(dict.fromkeys(labels.dropna()))
    return " ; ".join(names[:3]) + (f" … (+{len(names) - 3})" if len(names) > 3 else "")


def _unknown_remark(rule: Rule, role: str, unknown: int) -> list[Text]:
    if not unknown:
        return []
    return [
        Text(
            f"{rule.id} : {unknown} objet(s) de «{role}» non jugé(s), une valeur filtrée y est inconnue",
            f"{rule.id}: {unknown} feature(s) of «{role}» not judged, a filtered value is unknown",
        )
    ]


def _unmeasured_remark(rule: Rule, places: pd.DataFrame) -> list[Text]:
    """Say how many places could not be held against the threshold: unknown is not below it."""
    bounds = rule.seuil.bounds()
    unknown = int(places[list(bounds)].isna().any(axis="columns").sum())
    if not unknown:
        return []
    names = ", ".join(bounds)
    return [
        Text(
            f"{rule.id} : {unknown} lieu(x) non jugé(s), le seuil ({names}) porte sur une valeur inconnue",
            f"{rule.id}: {unknown} place(s) not judged, the threshold ({names}) bears on an unknown value",
        )
    ]
