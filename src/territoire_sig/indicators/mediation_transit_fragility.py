"""Mediation, transit and fragility: who lives near help with digital matters, and can come to it by transit?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import nearest_distance, partition
from ..texts import Text
from .entrance import opened, served
from .exposure import around, known_population, people_within
from .knowledge import Known, measurement, ratio, reached_share

__all__ = ["ANALYSIS", "mediation_transit_fragility"]


def mediation_transit_fragility(
    units: gpd.GeoDataFrame,
    *,
    mediation: gpd.GeoDataFrame | None,
    arret: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    fragilite: gpd.GeoDataFrame | None = None,
    rayon_mediation_m: float = 1500.0,
    rayon_arret_m: float = 300.0,
    seuil: float = 6.0,
) -> Measurement:
    r"""Count the inhabitants near a mediation place, near one with a stop, and the fragile ones among them.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    mediation, arret : GeoDataFrame or None
        Points; stops that nothing leaves on the day (``passages_jour`` of 0), stations and their parts are left out.
    population : GeoDataFrame or None
        Polygons with ``habitants``.
    fragilite : GeoDataFrame or None
        Polygons with ``indice`` (0 to 10).
    rayon_mediation_m : float, default 1500
        Straight-line distance within which a mediation place is near.
    rayon_arret_m : float, default 300
        Straight-line distance within which a place has a stop.
    seuil : float, default 6
        Index from which the inhabitants of a place are called fragile.

    Returns
    -------
    Measurement
        ``mediation_near_inhabitants`` and ``…_share``, ``mediation_transit_inhabitants`` and ``…_share``, then
        ``fragile_inhabitants`` and the same among them. Shares are NaN where there is nobody.

    Notes
    -----
    :math:`\sum_c p_c\, |c \cap D| / |c|` over the population polygons *c* of :math:`p_c` inhabitants, with *D*
    the union of the discs around the places (128 sides each: 0.04 % less than the circle).

    References
    ----------
    Mednum and ANCT, Indice de fragilité numérique; CGCT, art. L. 1425-2.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 400, 400)], index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame(
    ...     {"habitants": [60.0, 40.0]}, geometry=[shapely.box(0, 0, 200, 400), shapely.box(200, 0, 400, 400)], crs=2154
    ... )
    >>> place = gpd.GeoDataFrame(geometry=gpd.points_from_xy([9000], [200]), crs=2154)
    >>> stop = gpd.GeoDataFrame({"stop_id": ["S"]}, geometry=gpd.points_from_xy([9100], [200]), crs=2154)
    >>> found = mediation_transit_fragility(
    ...     units, mediation=place, arret=stop, population=people, rayon_mediation_m=10_000
    ... ).values
    >>> found.loc["1", ["mediation_near_inhabitants", "mediation_transit_share"]].round(9).tolist()
    [100.0, 1.0]
    """
    units, mediation, arret, population, fragilite = opened(
        units, mediation=mediation, arret=arret, population=population, fragilite=fragilite
    )
    near, arret = None if mediation is None else _discs(mediation, rayon_mediation_m), served(arret)
    transit = _served(mediation, arret, near, rayon_arret_m)
    columns = _people("", units, population, near, transit)
    indexed = None if fragilite is None else fragilite[fragilite["indice"].notna()]
    reach = reached_share(units, known_population(population), indexed)
    fragile = None if indexed is None else indexed[indexed["indice"] >= seuil]
    columns |= {
        name: Known(known.value, reach.where(known.share > 0, 0.0))
        for name, known in _people("fragile_", units, population, near, transit, fragile).items()
    }
    drawn = None if near is None or transit is None else _drawn(units, near, transit)
    return measurement(units, {output.name: columns[output.name] for output in OUTPUTS}, drawn)


def _discs(places: gpd.GeoDataFrame, radius_m: float) -> gpd.GeoDataFrame:
    """Return a disc around each place."""
    return gpd.GeoDataFrame(geometry=around(places.geometry, radius_m), crs=places.crs)


def _served(
    mediation: gpd.GeoDataFrame | None,
    arret: gpd.GeoDataFrame | None,
    near: gpd.GeoDataFrame | None,
    rayon_arret_m: float,
) -> gpd.GeoDataFrame | None:
    """Return the discs of the places that have a stop; None where places or stops are unknown."""
    if mediation is None or arret is None or near is None:
        return None
    return near[nearest_distance(mediation, arret) <= rayon_arret_m]


def _people(
    prefix: str,
    units: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None,
    near: gpd.GeoDataFrame | None,
    transit: gpd.GeoDataFrame | None,
    *living: gpd.GeoDataFrame | None,
) -> dict[str, Known]:
    """Return the inhabitants who live in the surfaces `living`, near a place, near one with a stop, and shares."""
    everyone = people_within(units, population, *living)
    columns = {f"{prefix}inhabitants": everyone}
    for name, surfaces in (("mediation_near", near), ("mediation_transit", transit)):
        some = people_within(units, population, *living, surfaces)
        columns[f"{name}_{prefix}inhabitants"] = some
        columns[f"{name}_{prefix}share"] = Known(ratio(some.value, everyone.value), some.share)
    return columns


def _drawn(units: gpd.GeoDataFrame, near: gpd.GeoDataFrame, transit: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each unit cut into what is near a place with a stop, near a place without, and far."""
    reach = pd.concat([transit.assign(classe="avec_arret"), near.assign(classe="sans_arret")], ignore_index=True)
    cover = gpd.GeoDataFrame(reach, geometry="geometry", crs=units.crs)
    pieces = partition(units, cover, by="classe", priority={"classe": ["avec_arret", "sans_arret"]})
    pieces = pieces.rename(columns={"zone": "code_unite"})
    return pieces.assign(classe=pieces["classe"].astype(object).where(pieces["classe"].notna(), "hors_portee"))


def _outputs(prefix: str, who: Text) -> tuple[Output, ...]:
    near = Text("$w près d'un lieu de médiation", "$w near a mediation place").fill(w=who)
    transit = Text("$w près d'un lieu de médiation desservi", "$w near a mediation place with a stop").fill(w=who)
    count, share = Text("Nombre d'$t", "Number of $t"), Text("Part des $t", "Share of $t")
    return (
        Output(f"mediation_near_{prefix}inhabitants", count.fill(t=near), "habitants", better=1),
        Output(f"mediation_near_{prefix}share", share.fill(t=near), "part", better=1),
        Output(f"mediation_transit_{prefix}inhabitants", count.fill(t=transit), "habitants", better=1),
        Output(f"mediation_transit_{prefix}share", share.fill(t=transit), "part", better=1),
    )


OUTPUTS = (
    *_outputs("", Text("habitants", "inhabitants")),
    Output(
        "fragile_inhabitants",
        Text("Habitants de secteurs numériquement fragiles", "Inhabitants of digitally fragile areas"),
        "habitants",
        better=-1,
    ),
    *_outputs("fragile_", Text("habitants de secteurs fragiles", "inhabitants of fragile areas")),
)

ANALYSIS = Declaration(
    id="mediation_transit_fragility",
    title=Text("Médiation numérique, transports et fragilité", "Digital mediation, transit and fragility"),
    summary=Text(
        "Combien d'habitants, et d'habitants de secteurs fragiles, vivent près d'un lieu de médiation numérique, et "
        "d'un lieu desservi par les transports ?",
        "How many inhabitants, and inhabitants of fragile areas, live near a digital mediation place, and near one "
        "that transit serves?",
    ),
    policies=(Policy.INCLUSION, Policy.MOBILITE, Policy.NUMERIQUE),
    family=Family.SOCIAL,
    inputs=(Input("mediation"), Input("arret"), Input("population"), Input("fragilite", required=False)),
    outputs=OUTPUTS,
    formula=Text(
        "Part = habitants à moins de rayon_mediation_m d'un lieu (qui a lui-même un arrêt à moins de rayon_arret_m) ÷ "
        "habitants de l'unité. Fragiles : ceux qui vivent là où l'indice atteint le seuil. Exemple : 200 habitants, "
        "dont "
        "150 à moins de 1 500 m d'une médiathèque et, parmi eux, 50 en secteur fragile sur les 100 de l'unité : part "
        "150 ÷ 200 = 0,75, part des fragiles 50 ÷ 100 = 0,5.",
        "Share = inhabitants within rayon_mediation_m of a place (which itself has a stop within rayon_arret_m) ÷ "
        "inhabitants of the unit. Fragile: those who live where the index reaches the threshold. Example: 200 "
        "inhabitants, of whom 150 within 1,500 m of a library and, among them, 50 in a fragile area out of the 100 of "
        "the unit: share 150 ÷ 200 = 0.75, share of the fragile 50 ÷ 100 = 0.5.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants vivent à moins de rayon_mediation_m (1 500 m par défaut), à vol "
        "d'oiseau, "
        "d'un lieu de médiation.",
        "0.42 means that 42 % of the inhabitants live within rayon_mediation_m (1,500 m by default), in a straight "
        "line, of a mediation place.",
    ),
    limits=Text(
        "Les distances sont à vol d'oiseau : ni rivière, ni relief, ni horaires. Un arrêt n'est pas une fréquence ; "
        "une station, un accès ou un arrêt d'où rien ne part (passages_jour nul) n'en est pas un. Un "
        "lieu itinérant compte là où il est enregistré. L'indice décrit un secteur, pas les personnes qui y vivent.",
        "Distances are in a straight line: no river, no slope, no timetable. A stop is not a frequency; a "
        "station, an entrance or a stop that nothing leaves (passages_jour of 0) is none. A mobile place "
        "counts where it is registered. The index describes an area, not the people who live there.",
    ),
    reference="Mednum et ANCT, Indice de fragilité numérique ; Code général des collectivités territoriales, "
    "art. L. 1425-2 (stratégie de développement des usages et services numériques).",
    function=mediation_transit_fragility,
    parameters=(
        Parameter(
            "rayon_mediation_m",
            Text(
                "distance à vol d'oiseau à un lieu de médiation",
                "straight-line distance to a mediation place",
            ),
            "m",
            default=1500.0,
            minimum=50.0,
            maximum=50_000.0,
        ),
        Parameter(
            "rayon_arret_m",
            Text("distance à vol d'oiseau du lieu à un arrêt", "straight-line distance from the place to a stop"),
            "m",
            default=300.0,
            minimum=10.0,
            maximum=5000.0,
        ),
        Parameter(
            "seuil",
            Text("indice de fragilité à partir duquel un secteur est fragile", "index from which an area is fragile"),
            "indice (0 à 10)",
            default=6.0,
            minimum=0.0,
            maximum=10.0,
        ),
    ),
    map_classes={
        "avec_arret": (Text("près d'un lieu desservi", "near a place with a stop"), "#0072b2"),
        "sans_arret": (Text("près d'un lieu sans arrêt", "near a place without a stop"), "#e69f00"),
        "hors_portee": (Text("hors de portée", "out of reach"), "#999999"),
    },
)
