"""Fragility and distance to mediation: where are those who need help most also the farthest from it?"""

from __future__ import annotations

from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import ParameterError
from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.policies import Policy
from ..overlay import nearest_distance
from ..texts import Text
from .bounds import bounded
from .entrance import opened
from .inequality import observed
from .inhabited import inhabited, known_overall, known_people, mean_by_unit, spread
from .knowledge import Known, measurement, ratio, unknown

__all__ = ["ANALYSIS", "fragility_mediation_distance", "thirds"]

FIXED, THIRDS = "fixes", "terciles"
UNKNOWN = "inconnu"
_FRAGILE = ("peu_fragile", "assez_fragile", "tres_fragile")
_FAR = ("pres", "a_distance", "loin")
_FRAGILE_TEXTS = (
    Text("peu fragile", "hardly fragile"),
    Text("assez fragile", "rather fragile"),
    Text("très fragile", "very fragile"),
)
_FAR_TEXTS = (Text("près", "near"), Text("à distance", "at a distance"), Text("loin", "far"))
#: Two ramps that meet, told apart by lightness too; fragility by row, distance by column.
_COLOURS = ("#e8e8e8", "#ace4e4", "#5ac8c8", "#dfb0d6", "#a5add3", "#5698b9", "#be64ac", "#8c62aa", "#3b4994")

OUTPUTS = (
    Output(
        "mediation_mean_distance_m",
        Text(
            "Distance moyenne des habitants au lieu de médiation le plus proche",
            "Mean distance of the people to the nearest mediation place",
        ),
        "m",
        better=-1,
    ),
    Output(
        "fragile_far_inhabitants",
        Text(
            "Habitants très fragiles et loin d'un lieu de médiation",
            "People who are very fragile and far from a mediation place",
        ),
        "habitants",
        better=-1,
    ),
    Output(
        "fragile_far_share",
        Text(
            "Part des habitants très fragiles et loin d'un lieu de médiation",
            "Share of the people who are very fragile and far from a mediation place",
        ),
        "part",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "fragile_far_total",
        Text(
            "Habitants très fragiles et loin, sur tout le territoire",
            "People who are very fragile and far, over the whole territory",
        ),
        "habitants",
        better=-1,
    ),
    Output(
        "fragile_far_total_share",
        Text("Leur part dans les habitants du territoire", "Their share of the people of the territory"),
        "part",
        better=-1,
    ),
)


def fragility_mediation_distance(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    fragilite: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None,
    seuils: str = FIXED,
    fragilite_moyenne: float = 4.0,
    fragilite_forte: float = 6.0,
    distance_moyenne_m: float = 1000.0,
    distance_forte_m: float = 3000.0,
) -> Measurement:
    """Cross the fragility of inhabited places with their distance to help, in three classes each.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``; each, cut by unit, is a place, told by its centroid.
    fragilite : GeoDataFrame or None
        Polygons with ``indice`` (0 to 10).
    mediation : GeoDataFrame or None
        Points.
    seuils : {'fixes', 'terciles'}
        The thresholds below; or those that part the known people in three thirds, of fragility and of distance.
    fragilite_moyenne, fragilite_forte : float
        Index from which a place is rather, and very, fragile.
    distance_moyenne_m, distance_forte_m : float
        Straight-line distance from which help is at a distance, and far.

    Returns
    -------
    Measurement
        Mean distance of the people, and those of the last class of both; NaN where their class is unknown. Over all,
        the same; the people of the nine classes; and the map of the places.

    Raises
    ------
    ParameterError
        When a threshold is above the next.

    References
    ----------
    Mednum and ANCT, Indice de fragilité numérique.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 8000, 100)], index=["1"], crs=2154)
    >>> squares = [shapely.box(0, 0, 100, 100), shapely.box(7900, 0, 8000, 100)]
    >>> people = gpd.GeoDataFrame({"habitants": [30.0, 10.0]}, geometry=squares, crs=2154)
    >>> index = gpd.GeoDataFrame({"indice": [7.0]}, geometry=units.geometry.array, crs=2154)
    >>> help_place = gpd.GeoDataFrame(geometry=gpd.points_from_xy([50], [50]), crs=2154)
    >>> found = fragility_mediation_distance(units, population=people, fragilite=index, mediation=help_place)
    >>> found.values.loc["1"].tolist()
    [1975.0, 10.0, 0.25]
    """
    _refuse_disorder(fragilite_moyenne, fragilite_forte, "fragilite")
    _refuse_disorder(distance_moyenne_m, distance_forte_m, "distance")
    units, population, fragilite, mediation = opened(
        units, population=population, fragilite=fragilite, mediation=mediation
    )
    if population is None or fragilite is None or mediation is None:
        return _untold(units)
    places = inhabited(units, population)
    index = bounded(fragilite, "fragilite", "indice")
    places["indice"] = spread(places, fragilite.assign(indice=index), "indice")
    places["distance_m"] = nearest_distance(places.set_geometry(places.centroid), mediation).round(6)
    bounds = ((fragilite_moyenne, fragilite_forte), (distance_moyenne_m, distance_forte_m))
    if seuils == THIRDS:
        bounds = (thirds(places["indice"], places["habitants"]), thirds(places["distance_m"], places["habitants"]))
    return _told(units, _classed(places, bounds))


def thirds(values: pd.Series[float], people: pd.Series[float]) -> tuple[float, float]:
    """Return the lowest values below which one third, and two thirds, of the people are; NaN without anybody known.

    People of one value stay together; where too many share the lowest, no value is high: the bound is infinite.

    Examples
    --------
    >>> thirds(pd.Series([1.0, 2.0, 3.0]), pd.Series([10.0, 10.0, 10.0]))
    (2.0, 3.0)
    """
    seen = observed(values, weights=people)
    if not len(seen.weights):
        return np.nan, np.nan
    distinct, rank = np.unique(seen.columns[0], return_inverse=True)
    mass = np.bincount(rank, seen.weights)
    below = (np.cumsum(mass) - mass) / mass.sum()
    starts = [distinct[below >= share - 1e-9] for share in (1 / 3, 2 / 3)]
    second, last = (float(found[0]) if len(found) else np.inf for found in starts)
    return second, last


def _classed(places: gpd.GeoDataFrame, bounds: tuple[tuple[float, float], tuple[float, float]]) -> gpd.GeoDataFrame:
    """Give each place its rank of fragility and of distance (0 to 2), and its class."""
    ranks = {}
    for name, column, (middle, high) in zip(("rang_f", "rang_d"), ("indice", "distance_m"), bounds, strict=True):
        values = places[column]
        ranks[name] = ((values >= middle).astype(float) + (values >= high).astype(float)).where(values.notna())
    told = ranks["rang_f"].notna() & ranks["rang_d"].notna()
    fragile, far = (ranks[name].fillna(0).astype(int) for name in ("rang_f", "rang_d"))
    words = np.array([f"{one}_{other}" for one, other in product(_FRAGILE, _FAR)], dtype=object)
    named = pd.Series(words[(3 * fragile + far).to_numpy()], index=places.index, dtype=object)
    return places.assign(**ranks, classe=named.where(told, UNKNOWN))


def _told(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> Measurement:
    known = places["classe"] != UNKNOWN
    last = ((places["rang_f"] == 2) & (places["rang_d"] == 2)).astype(float).where(known)
    people = places["habitants"]
    table = pd.DataFrame({"all": people.where(known), "last": (people * last)})
    sums = table.groupby(places["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    reached = known_people(units, places, last)
    columns = {
        "mediation_mean_distance_m": Known(
            mean_by_unit(units, places, places["distance_m"]), known_people(units, places, places["distance_m"])
        ),
        "fragile_far_inhabitants": Known(sums["last"], reached),
        "fragile_far_share": Known(ratio(sums["last"], sums["all"]), reached),
    }
    share = known_overall(units, places, last)
    total = float(sums["last"].sum()) if share > 0 else np.nan
    everyone = float(sums["all"].sum())
    overall = {
        "fragile_far_total": Whole(total, share),
        "fragile_far_total_share": Whole(total / everyone if everyone > 0 else np.nan, share),
    }
    shown = places[["code_unite", "indice", "distance_m", "habitants", "classe", "geometry"]]
    return measurement(units, columns, shown, overall, {"fragility_distance": _counted(places[known])})


def _counted(places: pd.DataFrame) -> pd.DataFrame:
    """Return the people of each of the nine classes."""
    total = places["habitants"].sum()
    rows = []
    for (fragile, first), (far, second) in product(enumerate(_FRAGILE), enumerate(_FAR)):
        some = places.loc[(places["rang_f"] == fragile) & (places["rang_d"] == far), "habitants"].sum()
        rows.append((first, second, float(some), float(some / total) if total > 0 else np.nan))
    return pd.DataFrame(rows, columns=[column.name for column in _TABLE.columns])


def _untold(units: gpd.GeoDataFrame) -> Measurement:
    columns = {output.name: unknown(units) for output in OUTPUTS}
    overall = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
    nobody = pd.DataFrame({"habitants": [], "rang_f": [], "rang_d": []}, dtype=float)
    return measurement(units, columns, None, overall, {"fragility_distance": _counted(nobody)})


def _refuse_disorder(middle: float, high: float, what: str) -> None:
    if middle <= high:
        return
    raise ParameterError(
        Text(
            f"{what}_moyenne vaut {middle:g}, au-dessus de {what}_forte qui vaut {high:g}",
            f"{what}_moyenne is {middle:g}, above {what}_forte, which is {high:g}",
        ),
        Text("donnez des seuils croissants.", "give increasing thresholds."),
    )


_TABLE = Table(
    "fragility_distance",
    Text("Habitants par classe de fragilité et de distance", "People by class of fragility and distance"),
    (
        Output("fragility_class", Text("Classe de fragilité", "Class of fragility"), "texte"),
        Output("distance_class", Text("Classe de distance", "Class of distance"), "texte"),
        Output("class_inhabitants", Text("Habitants", "People"), "habitants"),
        Output(
            "class_share",
            Text("Part des habitants de classe connue", "Share of the people whose class is known"),
            "part",
        ),
    ),
)


def _classes() -> dict[str, tuple[Text, str]]:
    named = Text("$f, $d d'un lieu de médiation", "$f, $d (mediation place)")
    pairs = product(zip(_FRAGILE, _FRAGILE_TEXTS, strict=True), zip(_FAR, _FAR_TEXTS, strict=True))
    told = {
        f"{one}_{other}": (named.fill(f=first, d=second), colour)
        for ((one, first), (other, second)), colour in zip(pairs, _COLOURS, strict=True)
    }
    return told | {UNKNOWN: (Text("fragilité inconnue", "fragility unknown"), "#ffffff")}


ANALYSIS = Declaration(
    id="fragility_mediation_distance",
    title=Text("Fragilité et éloignement de la médiation", "Fragility and distance to mediation"),
    summary=Text(
        "Où les habitants les plus fragiles sont-ils aussi les plus loin d'un lieu de médiation numérique ?",
        "Where are the most fragile people also the farthest from a digital mediation place?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("population"), Input("fragilite"), Input("mediation")),
    outputs=OUTPUTS,
    formula=Text(
        "Chaque lieu habité (polygone de population, coupé par unité) a un indice de fragilité, moyen à la surface, "
        "et une distance à vol d'oiseau de son centre au lieu de médiation le plus proche ; deux seuils coupent "
        "chacun en trois classes, un lieu au seuil étant dans la classe du dessus. Part = habitants de la dernière "
        "classe des deux ÷ habitants de classe connue. Exemple : 30 habitants à 0 m et 10 à 7 900 m, tous d'indice 7 "
        "; distance moyenne = (30 × 0 + 10 × 7 900) ÷ 40 = 1 975 m ; 10 sont très fragiles et loin : part 10 ÷ 40 = "
        "0,25.",
        "Each inhabited place (population polygon, cut by unit) has a fragility index, a mean by area, and a "
        "straight-line distance from its centre to the nearest mediation place; two thresholds part each in three "
        "classes, a place at the threshold being in the class above. Share = people of the last class of both ÷ "
        "people whose class is known. Example: 30 people at 0 m and 10 at 7,900 m, all of index 7; mean distance = "
        "(30 × 0 + 10 × 7,900) ÷ 40 = 1,975 m; 10 are very fragile and far: share 10 ÷ 40 = 0.25.",
    ),
    reading=Text(
        "0,25 signifie que le quart des habitants vit dans un secteur très fragile et loin d'un lieu de médiation. Sur "
        "la carte, le bleu foncé cumule les deux ; le rose est fragile mais proche ; le turquoise est loin mais peu "
        "fragile.",
        "0.25 means that one person in four lives in a very fragile area and far from a mediation place. On the map, "
        "dark blue holds both; pink is fragile but near; turquoise is far but hardly fragile.",
    ),
    limits=Text(
        "La distance est à vol d'oiseau : ni route, ni relief, ni horaires. Un lieu itinérant compte là où il est "
        "enregistré ; un lieu hors du territoire compte s'il est dans les données. L'indice décrit un secteur, pas "
        "ses habitants. Avec les terciles, un lieu est dans la deuxième (la dernière) classe quand un tiers (deux "
        "tiers) au moins des habitants ont moins : les classes sont relatives au territoire, et des valeurs égales "
        "restent ensemble.",
        "Distance is in a straight line: no road, no slope, no timetable. A mobile place counts where it is "
        "registered; one out of the territory counts if it is in the data. The index describes an area, not its "
        "people. With thirds, a place is in the second (the last) class when at least one third (two thirds) of the "
        "people have less: classes are relative to the territory, and equal values stay together.",
    ),
    reference="Mednum et ANCT, Indice de fragilité numérique ; Code général des collectivités territoriales, "
    "art. L. 1425-2 (stratégie de développement des usages et services numériques).",
    function=fragility_mediation_distance,
    parameters=(
        Parameter(
            "seuils",
            Text("d'où viennent les seuils des classes", "where the thresholds of the classes come from"),
            "choix",
            default=FIXED,
            choices={
                FIXED: Text("les valeurs données ci-dessous", "the values given below"),
                THIRDS: Text("trois tiers des habitants du territoire", "three thirds of the people of the territory"),
            },
        ),
        Parameter(
            "fragilite_moyenne",
            Text("indice à partir duquel un lieu est assez fragile", "index from which a place is rather fragile"),
            "indice (0 à 10)",
            default=4.0,
            minimum=0.0,
            maximum=10.0,
        ),
        Parameter(
            "fragilite_forte",
            Text("indice à partir duquel un lieu est très fragile", "index from which a place is very fragile"),
            "indice (0 à 10)",
            default=6.0,
            minimum=0.0,
            maximum=10.0,
        ),
        Parameter(
            "distance_moyenne_m",
            Text(
                "distance à partir de laquelle un lieu est à distance", "distance from which a place is at a distance"
            ),
            "m",
            default=1000.0,
            minimum=0.0,
            maximum=100_000.0,
        ),
        Parameter(
            "distance_forte_m",
            Text("distance à partir de laquelle un lieu est loin", "distance from which a place is far"),
            "m",
            default=3000.0,
            minimum=0.0,
            maximum=100_000.0,
        ),
    ),
    map_classes=_classes(),
    overall=OVERALL,
    tables=(_TABLE,),
    apart=False,
)
