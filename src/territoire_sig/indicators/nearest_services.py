"""Nearest services: how long do inhabitants take to the nearest place, on foot, by bike, by transit?"""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np

from ..model.declaration import Declaration, Input, Measurement, Whole
from ..model.families import Family
from ..overlay.travel import Nearest, nearest_times
from ..texts import Text
from .entrance import opened
from .knowledge import Known, measurement, unknown
from .residents import Residents, residents
from .services import SERVICES, destinations
from .travel_time_words import CLASSES, FORMULA, LIMITS, READING, WITHIN, outputs, overall
from .ways import PARAMETERS, Ways, ways

__all__ = [
    "ANALYSES",
    "france_services_travel_time",
    "health_travel_time",
    "mediation_travel_time",
    "reuse_travel_time",
    "school_travel_time",
]


def mediation_travel_time(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the travel time of inhabitants to the nearest digital mediation place.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    voirie : GeoDataFrame or None
        Lines: the network; those whose ``nature`` is a motorway are closed.
    population : GeoDataFrame or None
        Polygons with ``habitants``; see :func:`territoire_sig.indicators.residents.residents`.
    mediation : GeoDataFrame or None
        Points: the places; mobile ones (``itinerant``) are left out.
    troncon_tc : GeoDataFrame or None
        Stretches between stops, with running times and headways.
    temps_max_min : float, default 20
        Time within which a place is near.
    vitesse_pied_kmh, vitesse_velo_kmh : float
        Speeds; the way to the network is walked.
    accroche_max_m : float, default 500
        A point farther than this from the network is not on it.
    jonctions : {"dessin", "sommets", "croisements"}
        Where streets meet: see :func:`territoire_sig.overlay.network.build_network`.

    Returns
    -------
    Measurement
        By mode: mean minutes over the inhabitants who can reach a place, share of inhabitants within
        ``temps_max_min``, share who can reach one; and the mean distance to the network.

    Notes
    -----
    Mean = Σ inhabitants × minutes ÷ Σ inhabitants, over those who can reach a place.

    References
    ----------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["1"], crs=2154)
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 100), (1000, 100)])], crs=2154)
    >>> squares = [shapely.box(0, 0, 200, 200), shapely.box(800, 0, 1000, 200)]
    >>> people = gpd.GeoDataFrame({"habitants": [30.0, 10.0]}, geometry=squares, crs=2154)
    >>> place = gpd.GeoDataFrame(geometry=gpd.points_from_xy([900], [100]), crs=2154)
    >>> found = mediation_travel_time(
    ...     units, voirie=street, population=people, mediation=place, vitesse_pied_kmh=6.0, temps_max_min=5.0
    ... ).values
    >>> found.loc["1", ["mediation_foot_min", "mediation_foot_within_share"]].round(9).tolist()
    [6.0, 0.25]
    """
    told = opened(units, voirie=voirie, population=population, mediation=mediation, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("mediation", told, temps_max_min, speeds)


def france_services_travel_time(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the travel time of inhabitants to the nearest France Services (``type_lieu``).

    See :func:`mediation_travel_time`.
    """
    told = opened(units, voirie=voirie, population=population, mediation=mediation, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("france_services", told, temps_max_min, speeds)


def health_travel_time(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    sante: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the travel time of inhabitants to the nearest health place.

    See :func:`mediation_travel_time`.
    """
    told = opened(units, voirie=voirie, population=population, sante=sante, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("health", told, temps_max_min, speeds)


def school_travel_time(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    etablissement_scolaire: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the travel time of inhabitants to the nearest school.

    See :func:`mediation_travel_time`.
    """
    told = opened(
        units,
        voirie=voirie,
        population=population,
        etablissement_scolaire=etablissement_scolaire,
        troncon_tc=troncon_tc,
    )
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("school", told, temps_max_min, speeds)


def reuse_travel_time(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    reemploi: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the travel time of inhabitants to the nearest reuse or repair place.

    See :func:`mediation_travel_time`.
    """
    told = opened(units, voirie=voirie, population=population, reemploi=reemploi, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("reuse", told, temps_max_min, speeds)


def _measured(
    name: str, told: list[gpd.GeoDataFrame], within_min: float, speeds: tuple[float, float, float, str]
) -> Measurement:
    """Measure one service: opened units, roads, population, places and stretches."""
    units, roads, population, layer, stretches = told
    service = SERVICES[name]
    places = destinations(service, layer)
    nothing = {output.name: unknown(units) for output in outputs(service)}
    if roads is None or population is None or places is None:
        return measurement(units, nothing, overall={one.name: Whole(np.nan, 0.0) for one in overall(service)})
    foot, bike, reach, junctions = speeds
    made = ways(roads, stretches, foot_kmh=foot, bike_kmh=bike, reach_m=reach, junctions=junctions)
    people = residents(units, population)
    found = {
        mode: nearest_times(people.places, places, made.network, walk=walk, transit=runs)
        for mode, walk, runs in made.modes()
    }
    columns = {
        key: value for mode, near in found.items() for key, value in _by_mode(name, mode, people, near, within_min)
    }
    columns[f"{name}_snap_m"] = people.mean(found["foot"].origin_snap_m.to_numpy(dtype=float))
    return measurement(
        units, nothing | columns, _drawn(people, found["foot"], within_min), _network_told(name, made, found["foot"])
    )


def _by_mode(name: str, mode: str, people: Residents, near: Nearest, within_min: float) -> list[tuple[str, Known]]:
    """Return the three columns of a mode; nothing is known when no place is on the network."""
    if near.destination_snap_m.isna().all():
        return []
    minutes = near.minutes.to_numpy(dtype=float)
    on_network = near.origin_snap_m.notna().to_numpy()
    return [
        (f"{name}_{mode}_min", people.mean(minutes)),
        (f"{name}_{mode}_within_share", people.share(minutes <= within_min, on_network)),
        (f"{name}_{mode}_reachable_share", people.share(np.isfinite(minutes), on_network)),
    ]


def _network_told(name: str, made: Ways, near: Nearest) -> dict[str, Whole]:
    """Return what does not hold together: islands of the network, places that are not on it."""
    return {
        f"{name}_network_island_count": Whole(float(made.network.islands), 1.0),
        f"{name}_network_main_share": Whole(made.network.main_share, 1.0),
        f"{name}_network_bare_crossing_count": Whole(float(made.network.crossings), 1.0),
        f"{name}_place_off_network_count": Whole(float(near.destination_snap_m.isna().sum()), 1.0),
    }


def _drawn(people: Residents, near: Nearest, within_min: float) -> gpd.GeoDataFrame | None:
    """Return where people live, by whether a place is near on foot."""
    minutes = near.minutes.to_numpy(dtype=float)
    classes = np.select(
        [near.origin_snap_m.isna(), np.isnan(minutes), minutes <= within_min],
        ["hors_reseau", "injoignable", "proche"],
        "loin",
    )
    drawn = people.places.rename(columns={"unit": "code_unite", "people": "habitants"})
    drawn = drawn.assign(classe=classes, minutes=minutes)
    return drawn[["code_unite", "classe", "minutes", "habitants", "geometry"]] if len(drawn) else None


def _declared(
    name: str, title: Text, summary: Text, reference: str, function: Callable[..., Measurement]
) -> Declaration:
    service = SERVICES[name]
    return Declaration(
        id=f"{name}_travel_time",
        title=title,
        summary=summary,
        policies=service.policies,
        inputs=(Input("voirie"), Input("population"), Input(service.role), Input("troncon_tc", required=False)),
        outputs=outputs(service),
        overall=overall(service),
        formula=FORMULA,
        reading=READING,
        limits=LIMITS,
        reference=reference,
        function=function,
        apart=False,
        family=Family.SOCIAL,
        parameters=(WITHIN, *PARAMETERS),
        map_classes=CLASSES,
    )


_DIJKSTRA = "Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1, p. 269-271"
ANALYSES = (
    _declared(
        "mediation",
        Text("Temps d'accès à la médiation numérique", "Travel time to digital mediation"),
        Text(
            "En combien de temps les habitants atteignent-ils le lieu de médiation numérique le plus proche, à pied, à "
            "vélo, en transport en commun ?",
            "How long do inhabitants take to the nearest digital mediation place, on foot, by bike, by transit?",
        ),
        f"CGCT, art. L. 1425-2 (schéma directeur des usages et services numériques) ; {_DIJKSTRA}.",
        mediation_travel_time,
    ),
    _declared(
        "france_services",
        Text("Temps d'accès à France Services", "Travel time to France Services"),
        Text(
            "En combien de temps les habitants atteignent-ils la France Services la plus proche ?",
            "How long do inhabitants take to the nearest France Services place?",
        ),
        "Circulaire n° 6094/SG du 1er juillet 2019 (France Services à moins de trente minutes de chacun) ; "
        f"{_DIJKSTRA}.",
        france_services_travel_time,
    ),
    _declared(
        "health",
        Text("Temps d'accès aux lieux de santé", "Travel time to health places"),
        Text(
            "En combien de temps les habitants atteignent-ils le lieu de santé le plus proche ?",
            "How long do inhabitants take to the nearest health place?",
        ),
        f"Code de la santé publique, art. L. 1434-3 (projet régional de santé, accès aux soins) ; {_DIJKSTRA}.",
        health_travel_time,
    ),
    _declared(
        "school",
        Text("Temps d'accès aux établissements scolaires", "Travel time to schools"),
        Text(
            "En combien de temps les habitants atteignent-ils l'établissement scolaire le plus proche ?",
            "How long do inhabitants take to the nearest school?",
        ),
        f"Code de l'éducation, art. L. 212-2 (distance de l'école à trois kilomètres) ; {_DIJKSTRA}.",
        school_travel_time,
    ),
    _declared(
        "reuse",
        Text("Temps d'accès au réemploi et à la réparation", "Travel time to reuse and repair"),
        Text(
            "En combien de temps les habitants atteignent-ils un lieu où donner une seconde vie à leurs appareils ?",
            "How long do inhabitants take to a place that gives their devices a second life?",
        ),
        f"Code de l'environnement, art. L. 541-1 (réemploi et réparation) ; {_DIJKSTRA}.",
        reuse_travel_time,
    ),
)
