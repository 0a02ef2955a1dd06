"""Access to services: how many places inhabitants can reach, and how much they weigh with distance."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..overlay.travel import TravelTimes, travel_times
from ..texts import Text
from .entrance import opened
from .knowledge import Known, measurement, unknown
from .residents import Residents, residents
from .services import SERVICES, destinations
from .travel_time_words import LIMITS, WITHIN
from .ways import MODES, PARAMETERS, ways

__all__ = ["ANALYSES", "service_gravity", "service_opportunities"]

#: Roles of the places, in the order of the inputs.
ROLES = ("mediation", "sante", "etablissement_scolaire", "reemploi")
Score = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


def service_opportunities(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None = None,
    sante: gpd.GeoDataFrame | None = None,
    etablissement_scolaire: gpd.GeoDataFrame | None = None,
    reemploi: gpd.GeoDataFrame | None = None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    temps_max_min: float = 20.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    r"""Count the places of each service that an inhabitant can reach within a time (cumulative opportunities).

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    voirie, population, troncon_tc : GeoDataFrame or None
        As in :func:`territoire_sig.indicators.nearest_services.mediation_travel_time`.
    mediation, sante, etablissement_scolaire, reemploi : GeoDataFrame or None
        Points: the places.
    temps_max_min : float, default 20
        Time within which a place counts.
    vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions
        As there.

    Returns
    -------
    Measurement
        ``<service>_<mode>_opportunities``: mean number of places, over inhabitants whose home is on the network.

    Notes
    -----
    :math:`A_i = \sum_j 1[t_{ij} \le T]`, then the mean over inhabitants.

    References
    ----------
    Hansen (1959), How accessibility shapes land use, Journal of the American Institute of Planners 25.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["1"], crs=2154)
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 100), (9000, 100)])], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [30.0]}, geometry=[shapely.box(0, 0, 200, 200)], crs=2154)
    >>> places = gpd.GeoDataFrame(geometry=gpd.points_from_xy([500, 900, 5000], [100, 100, 100]), crs=2154)
    >>> found = service_opportunities(units, voirie=street, population=people, sante=places).values
    >>> found.loc["1", ["health_foot_opportunities", "health_bike_opportunities"]].tolist()
    [2.0, 3.0]
    """
    told = opened(
        units,
        voirie=voirie,
        population=population,
        troncon_tc=troncon_tc,
        mediation=mediation,
        sante=sante,
        etablissement_scolaire=etablissement_scolaire,
        reemploi=reemploi,
    )
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _scored(
        "opportunities", told, speeds, lambda minutes: (minutes <= temps_max_min).astype(float), temps_max_min
    )


def service_gravity(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None = None,
    sante: gpd.GeoDataFrame | None = None,
    etablissement_scolaire: gpd.GeoDataFrame | None = None,
    reemploi: gpd.GeoDataFrame | None = None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    demi_temps_min: float = 10.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    r"""Measure the potential of each service for an inhabitant: places weigh less with travel time (Hansen).

    Parameters
    ----------
    units, voirie, population, mediation, sante, etablissement_scolaire, reemploi, troncon_tc
        As in :func:`service_opportunities`.
    demi_temps_min : float, default 10
        Travel time at which a place weighs half.
    vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions
        As there.

    Returns
    -------
    Measurement
        ``<service>_<mode>_gravity``: mean potential, in places at no distance, over inhabitants on the network.

    Notes
    -----
    :math:`A_i = \sum_j e^{-\beta t_{ij}}` with :math:`\beta = \ln 2 / T_{1/2}`.

    References
    ----------
    Hansen (1959), How accessibility shapes land use, Journal of the American Institute of Planners 25.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["1"], crs=2154)
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 100), (9000, 100)])], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [30.0]}, geometry=[shapely.box(0, 0, 200, 200)], crs=2154)
    >>> places = gpd.GeoDataFrame(geometry=gpd.points_from_xy([100, 1100], [100, 100]), crs=2154)
    >>> found = service_gravity(units, voirie=street, population=people, sante=places, vitesse_pied_kmh=6.0).values
    >>> found["health_foot_gravity"].round(9).tolist()
    [1.5]
    """
    told = opened(
        units,
        voirie=voirie,
        population=population,
        troncon_tc=troncon_tc,
        mediation=mediation,
        sante=sante,
        etablissement_scolaire=etablissement_scolaire,
        reemploi=reemploi,
    )
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _scored("gravity", told, speeds, lambda minutes: np.exp2(-minutes / demi_temps_min), np.inf)


def _scored(
    kind: str,
    told: list[gpd.GeoDataFrame],
    speeds: tuple[float, float, float, str],
    score: Score,
    limit_min: float,
) -> Measurement:
    """Sum the score of the travel time to each place, over the places of each service."""
    units, roads, population, stretches, *layers = told
    given = dict(zip(ROLES, layers, strict=True))
    places = {name: destinations(one, given[one.role]) for name, one in SERVICES.items()}
    known = {name: layer for name, layer in places.items() if layer is not None}
    nothing = {output.name: unknown(units) for output in _outputs(kind)}
    if roads is None or population is None or not known:
        return measurement(units, nothing, overall={one.name: Whole(np.nan, 0.0) for one in _overall(kind)})
    foot, bike, reach, junctions = speeds
    made = ways(roads, stretches, foot_kmh=foot, bike_kmh=bike, reach_m=reach, junctions=junctions)
    people = residents(units, population)
    service = np.repeat(list(known), [len(layer) for layer in known.values()])
    shapes = pd.concat([layer.geometry for layer in known.values()], ignore_index=True)
    together = gpd.GeoDataFrame(geometry=shapes, crs=units.crs)
    found = {
        mode: travel_times(people.places, together, made.network, walk=walk, transit=runs, limit_min=limit_min)
        for mode, walk, runs in made.modes()
    }
    columns = {
        f"{name}_{mode}_{kind}": _by_service(people, times, service == name, score)
        for mode, times in found.items()
        for name in known
        if times.destination_snap_m[service == name].notna().any()
    }
    lost = float(found["foot"].destination_snap_m.isna().sum())
    return measurement(units, nothing | columns, overall={f"{kind}_place_off_network_count": Whole(lost, 1.0)})


def _by_service(people: Residents, times: TravelTimes, own: npt.NDArray[np.bool_], score: Score) -> Known:
    """Return the mean over inhabitants on the network of the summed score of some places; unreachable ones count 0."""
    minutes = times.minutes.to_numpy(dtype=float)[:, own]
    worth = np.where(np.isfinite(minutes), score(np.nan_to_num(minutes)), 0.0).sum(axis=1)
    return people.mean(np.where(times.origin_snap_m.notna(), worth, np.nan))


_WORDS = {
    "opportunities": (
        Text("Nombre moyen de $p atteints dans le temps choisi, $how", "Mean number of $p within the time, $how"),
        "nombre",
    ),
    "gravity": (
        Text("Potentiel d'accès, $how : $p", "Potential of access, $how: $p"),
        "lieux équivalents",
    ),
}


def _outputs(kind: str) -> tuple[Output, ...]:
    text, unit = _WORDS[kind]
    return tuple(
        Output(
            f"{name}_{mode}_{kind}",
            text.fill(p=service.places, how=how),
            unit,
            better=1,
            same_as=f"{name}_{mode}_within_share",
        )
        for name, service in SERVICES.items()
        for mode, how in MODES.items()
    )


def _overall(kind: str) -> tuple[Output, ...]:
    text = Text("Lieux trop loin du réseau pour compter", "Places too far from the network to count")
    return (Output(f"{kind}_place_off_network_count", text, "nombre", better=-1),)


HALF = Parameter(
    "demi_temps_min",
    Text("temps de trajet auquel un lieu compte pour moitié", "travel time at which a place weighs half"),
    "min",
    10.0,
    1.0,
    120.0,
)
_HANSEN = (
    "Hansen (1959), How accessibility shapes land use, Journal of the American Institute of Planners 25, p. 73-76."
)


def _declared(
    kind: str,
    title: Text,
    summary: Text,
    formula: Text,
    reading: Text,
    function: Callable[..., Measurement],
    parameter: Parameter,
) -> Declaration:
    return Declaration(
        id=f"service_{kind}",
        title=title,
        summary=summary,
        policies=(Policy.INCLUSION, Policy.MOBILITE, Policy.EDUCATION, Policy.ECONOMIE_CIRCULAIRE),
        inputs=(
            Input("voirie"),
            Input("population"),
            *(Input(role, required=False) for role in (*ROLES, "troncon_tc")),
        ),
        one_of=(ROLES,),
        outputs=_outputs(kind),
        overall=_overall(kind),
        formula=formula,
        reading=reading,
        limits=LIMITS,
        reference=_HANSEN,
        function=function,
        parameters=(parameter, *PARAMETERS),
        apart=False,
        family=Family.SOCIAL,
    )


ANALYSES = (
    _declared(
        "opportunities",
        Text("Services à portée", "Services within reach"),
        Text(
            "Combien de lieux de chaque service un habitant atteint-il dans le temps choisi ?",
            "How many places of each service does an inhabitant reach within the chosen time?",
        ),
        Text(
            "Pour chaque domicile, nombre de lieux dont le temps de trajet ne passe pas le temps choisi ; puis "
            "moyenne sur "
            "les habitants. Exemple : 30 habitants ont 2 lieux à portée et 10 n'en ont aucun : (30 × 2 + 10 × 0) ÷ 40 "
            "= 1,5.",
            "For each home, the number of places whose travel time is no longer than the chosen time; then the mean "
            "over "
            "inhabitants. Example: 30 inhabitants have 2 places within reach and 10 have none: "
            "(30 × 2 + 10 × 0) ÷ 40 = 1.5.",
        ),
        Text(
            "1,5 signifie que l'habitant moyen atteint un lieu et demi dans le temps choisi ; 0, qu'aucun.",
            "1.5 means that an inhabitant reaches one place and a half on average within the chosen time; 0, that "
            "none does.",
        ),
        service_opportunities,
        WITHIN,
    ),
    _declared(
        "gravity",
        Text("Potentiel d'accès aux services", "Potential of access to services"),
        Text(
            "Quel choix de services un habitant a-t-il, les plus proches comptant le plus ?",
            "What choice of services does an inhabitant have, the nearest weighing most?",
        ),
        Text(
            "Pour chaque domicile, Σ des lieux 0,5^(temps ÷ demi-temps), c'est-à-dire e^(−βt) avec β = ln 2 ÷ "
            "demi-temps ; "
            "puis moyenne sur les habitants. Exemple : avec un demi-temps de 10 min, un lieu sur place et un autre "
            "à 10 min donnent 1 + 0,5 = 1,5.",
            "For each home, Σ over places of 0.5^(time ÷ half-time), that is e^(−βt) with β = ln 2 ÷ half-time; then "
            "the "
            "mean over inhabitants. Example: with a half-time of 10 min, a place at home and another 10 min away give "
            "1 + 0.5 = 1.5.",
        ),
        Text(
            "1,5 signifie que l'offre vaut, pour un habitant, celle d'un lieu et demi à sa porte.",
            "1.5 means that supply is worth, to an inhabitant, that of one place and a half at their door.",
        ),
        service_gravity,
        HALF,
    ),
)
