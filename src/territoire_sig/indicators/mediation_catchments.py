"""Floating catchments: weekly hours of mediation for those who can come, shared with all who can come too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Whole
from ..model.families import Family
from ..overlay.travel import travel_times
from ..texts import Text
from .entrance import opened
from .floating_catchment import FLAT, Floats, floating_catchment, told_demand, with_neighbours
from .knowledge import Known, measurement, unknown
from .opening_hours import weekly_hours
from .residents import Residents, residents
from .services import SERVICES, destinations
from .travel_time_words import LIMITS
from .ways import MODES, PARAMETERS, ways

__all__ = ["ANALYSES", "ZONES", "mediation_2sfca", "mediation_e2sfca"]

#: E2SFCA: weight of a third of the catchment time, then of the second, then of the last: the slow decay of Luo & Qi
#: (the sharp one is 1, 0.42, 0.09).
ZONES = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
PER = 1_000.0


def mediation_2sfca(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    bassin_min: float = 30.0,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the weekly hours of mediation per 1,000 inhabitants who can come (two-step floating catchment area).

    Parameters
    ----------
    units, voirie, population, troncon_tc
        As in :func:`territoire_sig.indicators.nearest_services.mediation_travel_time`. The inhabitants of the
        layer who live outside the units also come to the places.
    mediation : GeoDataFrame or None
        Points with ``horaires`` (OpenStreetMap form) and, if known, ``conseillers``: supply = weekly hours × advisers
        (one where unknown). Places whose hours are unknown are left out; the known share says so, as it does of the
        part of a catchment whose number of inhabitants is secret.
    bassin_min : float, default 30
        Catchment time.
    vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions
        As there.

    Returns
    -------
    Measurement
        ``mediation_<mode>_2sfca``: hours a week per 1,000 inhabitants, mean over the inhabitants of the unit whose
        home is on the network; 0 where no place of known hours can be reached, NaN where all that can be reached
        have unknown hours.

    Notes
    -----
    See :func:`floating_catchment`.

    References
    ----------
    Luo & Wang (2003), Environment and Planning B 30, p. 865-884.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["1"], crs=2154)
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 100), (1000, 100)])], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [500.0]}, geometry=[shapely.box(0, 0, 200, 200)], crs=2154)
    >>> told = {"horaires": ["Mo-Fr 09:00-12:00"]}
    >>> place = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([900], [100]), crs=2154)
    >>> found = mediation_2sfca(units, voirie=street, population=people, mediation=place).values
    >>> found["mediation_foot_2sfca"].tolist()
    [30.0]
    """
    told = opened(units, voirie=voirie, population=population, mediation=mediation, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    return _measured("2sfca", told, bassin_min, FLAT, speeds)


def mediation_e2sfca(
    units: gpd.GeoDataFrame,
    *,
    voirie: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    mediation: gpd.GeoDataFrame | None,
    troncon_tc: gpd.GeoDataFrame | None = None,
    bassin_min: float = 30.0,
    poids_milieu: float = 0.68,
    poids_bord: float = 0.22,
    vitesse_pied_kmh: float = 4.5,
    vitesse_velo_kmh: float = 15.0,
    accroche_max_m: float = 500.0,
    jonctions: str = "dessin",
) -> Measurement:
    """Measure the same as :func:`mediation_2sfca`, places weighing less by thirds of the catchment time.

    Parameters
    ----------
    units, voirie, population, mediation, troncon_tc, bassin_min
        As there.
    poids_milieu, poids_bord : float
        Weights of the second and of the last third of the catchment time; that of the first is 1.
    vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions
        As there.

    Returns
    -------
    Measurement
        ``mediation_<mode>_e2sfca``.

    References
    ----------
    Luo & Qi (2009), Health & Place 15, p. 1100-1107.
    """
    told = opened(units, voirie=voirie, population=population, mediation=mediation, troncon_tc=troncon_tc)
    speeds = (vitesse_pied_kmh, vitesse_velo_kmh, accroche_max_m, jonctions)
    zones = ((ZONES[0][0], 1.0), (ZONES[1][0], poids_milieu), (ZONES[2][0], poids_bord))
    return _measured("e2sfca", told, bassin_min, zones, speeds)


def _measured(
    kind: str,
    told: list[gpd.GeoDataFrame],
    within_min: float,
    zones: Sequence[tuple[float, float]],
    speeds: tuple[float, float, float, str],
) -> Measurement:
    """Measure one method: opened units, roads, population, places and stretches."""
    units, roads, population, layer, stretches = told
    places = destinations(SERVICES["mediation"], layer)
    nothing = {output.name: unknown(units) for output in _outputs(kind)}
    if roads is None or population is None or places is None:
        return measurement(units, nothing, overall={one.name: Whole(np.nan, 0.0) for one in _overall(kind)})
    foot, bike, reach, junctions = speeds
    made = ways(roads, stretches, foot_kmh=foot, bike_kmh=bike, reach_m=reach, junctions=junctions)
    people, supply = residents(units, population), _supply(places)
    everyone = with_neighbours(people, units, population)
    columns = {}
    for mode, walk, runs in made.modes():
        times = travel_times(everyone, places, made.network, walk=walk, transit=runs, limit_min=within_min)
        if times.destination_snap_m.notna().any():
            minutes, on = times.minutes.to_numpy(dtype=float), times.origin_snap_m.notna().to_numpy()
            inhabitants = everyone["people"].to_numpy(dtype=float)
            access = PER * floating_catchment(
                minutes, inhabitants, np.nan_to_num(supply), within_min=within_min, zones=zones
            )
            told_share = told_demand(population, places, made.network, walk, runs, within_min)
            columns[f"mediation_{mode}_{kind}"] = _told(people, access, minutes, supply, told_share, on)
    return measurement(units, nothing | columns, overall=_places_told(kind, supply))


def _supply(places: gpd.GeoDataFrame) -> Floats:
    """Return the weekly hours of each place, times its advisers; NaN where its hours are unknown."""
    hours = weekly_hours(places["horaires"]) if "horaires" in places.columns else pd.Series(np.nan, places.index)
    if "conseillers" not in places.columns:
        return np.asarray(hours, dtype=np.float64)
    advisers = places["conseillers"].astype(float).fillna(1.0)
    return np.asarray(hours * advisers, dtype=np.float64)


def _told(
    people: Residents, access: Floats, minutes: Floats, supply: Floats, demand: Floats, on: npt.NDArray[np.bool_]
) -> Known:
    """Return the mean over the inhabitants on the network.

    Its known share falls with the places of unknown hours, and with those to which secret numbers of people can come.
    """
    count = len(people.places)
    reached = np.isfinite(minutes[:count])
    places, known = reached.sum(axis=1), reached[:, np.isfinite(supply)].sum(axis=1)
    told = on[:count] & ((places == 0) | (known > 0))
    mean = people.mean(np.where(told, access[:count], np.nan))
    shared = (reached * np.isfinite(supply) * demand).sum(axis=1)
    part = people.mean(np.where(told & (places > 0), shared / np.maximum(places, 1), np.where(told, 1.0, np.nan)))
    return Known(mean.value, mean.share * part.value.fillna(1.0))


def _places_told(kind: str, supply: Floats) -> dict[str, Whole]:
    """Return what is known of the places: weekly hours in all, and those whose hours are unknown."""
    known = np.isfinite(supply)
    total = Whole(float(supply[known].sum()), float(known.mean())) if known.any() else Whole(np.nan, 0.0)
    return {f"{kind}_weekly_hours": total, f"{kind}_unknown_hours_count": Whole(float((~known).sum()), 1.0)}


def _outputs(kind: str) -> tuple[Output, ...]:
    text = Text(
        "Heures de médiation par semaine pour 1 000 habitants, $how ($m)",
        "Weekly hours of mediation per 1,000 inhabitants, $how ($m)",
    )
    return tuple(
        Output(f"mediation_{mode}_{kind}", text.fill(how=how, m=kind.upper()), "h/semaine/1000 hab.", better=1)
        for mode, how in MODES.items()
    )


def _overall(kind: str) -> tuple[Output, ...]:
    return (
        Output(
            f"{kind}_weekly_hours",
            Text("Heures hebdomadaires d'accueil connues, tous lieux", "Known weekly hours of all places"),
            "h/semaine",
            better=1,
        ),
        Output(
            f"{kind}_unknown_hours_count",
            Text("Lieux de médiation aux horaires inconnus", "Mediation places of unknown hours"),
            "nombre",
            better=-1,
        ),
    )


CATCHMENT = Parameter(
    "bassin_min", Text("temps de trajet du bassin de desserte", "travel time of the catchment"), "min", 30.0, 1.0, 240.0
)
WEIGHTS = (
    Parameter("poids_milieu", Text("poids du deuxième tiers", "weight of the second third"), "part", 0.68, 0.0, 1.0),
    Parameter("poids_bord", Text("poids du dernier tiers", "weight of the last third"), "part", 0.22, 0.0, 1.0),
)
_HOURS = Text(
    "L'offre d'un lieu est son nombre d'heures d'ouverture par semaine, multiplié par celui de ses conseillers (un "
    "s'il "
    "est inconnu) : des horaires inconnus, saisonniers ou sur rendez-vous laissent le lieu de côté, et la part connue "
    "baisse d'autant. Elle baisse aussi de la part du bassin d'un lieu dont la population est secrète. La population "
    "doit être donnée autour du territoire aussi : sans elle, l'offre paraît trop grande près des limites. Un chiffre "
    "élevé peut venir d'un lieu peu demandé. $limits",
    "The supply of a place is its opening hours a week times its advisers (one where unknown): unknown, seasonal or "
    "by-appointment hours leave the place out, and the known share falls with them. It falls too with the part of the "
    "catchment of a place whose population is secret. Population is needed around the territory as well: without it, "
    "supply looks too large near the border. A high figure may come from a place that few can reach. $limits",
).fill(limits=LIMITS)
_READING = Text(
    "30 signifie que les habitants disposent, en moyenne, de trente heures d'accueil par semaine pour mille habitants "
    "qui peuvent s'y rendre ; 0, qu'aucun lieu n'est dans leur bassin.",
    "30 means that inhabitants have on average thirty hours a week of service per thousand inhabitants who can come to "
    "it; 0, that no place is in their catchment.",
)


def _declared(
    kind: str,
    title: Text,
    summary: Text,
    formula: Text,
    reference: str,
    function: Callable[..., Measurement],
    more: tuple[Parameter, ...] = (),
) -> Declaration:
    return Declaration(
        id=f"mediation_{kind}",
        title=title,
        summary=summary,
        policies=SERVICES["mediation"].policies,
        inputs=(Input("voirie"), Input("population"), Input("mediation"), Input("troncon_tc", required=False)),
        outputs=_outputs(kind),
        overall=_overall(kind),
        formula=formula,
        reading=_READING,
        limits=_HOURS,
        reference=reference,
        function=function,
        parameters=(CATCHMENT, *more, *PARAMETERS),
        apart=False,
        family=Family.SOCIAL,
    )


ANALYSES = (
    _declared(
        "2sfca",
        Text("Heures de médiation disponibles (2SFCA)", "Hours of mediation available (2SFCA)"),
        Text(
            "L'offre de médiation numérique suffit-elle à ceux qui peuvent y venir ?",
            "Is the supply of digital mediation enough for those who can come to it?",
        ),
        Text(
            "1. Pour chaque lieu : heures par semaine ÷ habitants à moins du temps du bassin. 2. Pour chaque domicile "
            ": "
            "somme de ces rapports sur les lieux à moins de ce temps ; puis moyenne sur les habitants, pour 1 000. "
            "Exemple : 15 h pour 500 habitants dans le bassin : 15 ÷ 500 × 1 000 = 30.",
            "1. For each place: weekly hours ÷ inhabitants within the catchment time. 2. For each home: sum of these "
            "ratios over the places within that time; then the mean over inhabitants, per 1,000. Example: 15 h for 500 "
            "inhabitants in the catchment: 15 ÷ 500 × 1,000 = 30.",
        ),
        "Luo & Wang (2003), Measures of spatial accessibility to health care in a GIS environment, Environment and "
        "Planning B 30, p. 865-884.",
        mediation_2sfca,
    ),
    _declared(
        "e2sfca",
        Text("Heures de médiation disponibles, selon la distance (E2SFCA)", "Hours of mediation by distance (E2SFCA)"),
        Text(
            "L'offre de médiation suffit-elle, les lieux proches comptant plus que les lointains ?",
            "Is the supply of mediation enough, near places weighing more than far ones?",
        ),
        Text(
            "Comme la méthode 2SFCA, chaque trajet pesant 1 dans le premier tiers du temps du bassin, poids_milieu "
            "(0,68) "
            "dans le deuxième et poids_bord (0,22) dans le dernier, aux deux étapes. Exemple : dans un bassin "
            "de 30 min, 15 h pour "
            "500 habitants à 5 min et 500 à 25 min donnent 15 ÷ (500 × 1 + 500 × 0,22) × 1 000 = 24,6 pour "
            "les premiers, 24,6 × 0,22 = 5,4 pour les seconds.",
            "As in 2SFCA, each trip weighing 1 in the first third of the catchment time, poids_milieu (0.68) in the "
            "second "
            "and poids_bord (0.22) in the last, in both steps. Example: in a catchment of 30 min, 15 h for 500 "
            "inhabitants at "
            "5 min and 500 at 25 min give 15 ÷ (500 × 1 + 500 × 0.22) × 1,000 = 24.6 for the first, 24.6 × 0.22 = 5.4 "
            "for the others.",
        ),
        "Luo & Qi (2009), An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial "
        "accessibility to primary care physicians, Health & Place 15, p. 1100-1107.",
        mediation_e2sfca,
        WEIGHTS,
    ),
)
