"""Stop catchment: who lives within walking distance of a stop?"""

from __future__ import annotations

import geopandas as gpd
import shapely

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened, served
from .exposure import around, people_within
from .knowledge import Known, measurement, ratio

__all__ = ["ANALYSIS", "stop_catchment"]


def stop_catchment(
    units: gpd.GeoDataFrame,
    *,
    arret: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    rayon_proche_m: float = 300.0,
    rayon_large_m: float = 500.0,
) -> Measurement:
    r"""Count the inhabitants who live within two distances of a stop.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    arret : GeoDataFrame or None
        Points; stations (``location_type`` 1) and their parts are left out, and stops that nothing leaves on the
        day (``passages_jour`` of 0).
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    rayon_proche_m, rayon_large_m : float, default 300 and 500
        Straight-line distances.

    Returns
    -------
    Measurement
        ``stop_near_inhabitants``, ``stop_near_share``, ``stop_wide_inhabitants``, ``stop_wide_share``.

    Notes
    -----
    :math:`\sum_c p_c\, |c \cap D| / |c|` over the population polygons *c*, with *D* the union of the discs (128
    sides each).

    References
    ----------
    CEREMA, mesure de l'accessibilité aux arrêts (300 m et 500 m).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2000, 100)], index=["1"], crs=2154)
    >>> squares = [shapely.box(0, 0, 100, 100), shapely.box(400, 0, 500, 100), shapely.box(1900, 0, 2000, 100)]
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 30.0, 20.0]}, geometry=squares, crs=2154)
    >>> stop = gpd.GeoDataFrame({"stop_id": ["a"]}, geometry=gpd.points_from_xy([50], [50]), crs=2154)
    >>> found = stop_catchment(units, arret=stop, population=people).values
    >>> found.loc["1"].round(9).tolist()
    [50.0, 0.5, 80.0, 0.8]
    """
    units, stops, population = opened(units, arret=arret, population=population)
    stops = served(stops)
    everyone = people_within(units, population)
    columns: dict[str, Known] = {}
    for name, radius in (("near", rayon_proche_m), ("wide", rayon_large_m)):
        some = people_within(units, population, None if stops is None else _reach(stops, radius))
        columns[f"stop_{name}_inhabitants"] = some
        columns[f"stop_{name}_share"] = Known(ratio(some.value, everyone.value), some.share)
    return measurement(units, columns)


def _reach(stops: gpd.GeoDataFrame, radius_m: float) -> gpd.GeoDataFrame:
    """Return what lies within a distance of any stop, as polygons that do not overlap."""
    reached = shapely.get_parts(shapely.union_all(around(stops.geometry, radius_m).to_numpy()))
    return gpd.GeoDataFrame(geometry=reached, crs=stops.crs)


def _outputs(name: str, radius: Text) -> tuple[Output, ...]:
    return (
        Output(
            f"stop_{name}_inhabitants",
            Text("Habitants à moins du rayon $r d'un arrêt", "Inhabitants within the $r radius of a stop").fill(
                r=radius
            ),
            "habitants",
            better=1,
        ),
        Output(
            f"stop_{name}_share",
            Text(
                "Part des habitants à moins du rayon $r d'un arrêt",
                "Share of inhabitants within the $r radius of a stop",
            ).fill(r=radius),
            "part",
            better=1,
        ),
    )


OUTPUTS = (
    *_outputs("near", Text("proche", "near")),
    *_outputs("wide", Text("large", "wide")),
)

ANALYSIS = Declaration(
    id="stop_catchment",
    title=Text("Habitants desservis par les transports en commun", "Inhabitants served by public transport"),
    summary=Text(
        "Combien d'habitants vivent à distance de marche d'un arrêt ?", "How many inhabitants live near a stop?"
    ),
    policies=(Policy.MOBILITE, Policy.INCLUSION),
    inputs=(Input("arret"), Input("population")),
    outputs=OUTPUTS,
    formula=Text(
        "Habitants des polygones de population, au prorata de leur surface à moins du rayon d'un arrêt ; les disques "
        "qui se "
        "recouvrent ne comptent qu'une fois. Part = ces habitants ÷ habitants de l'unité. Exemple : 50 habitants à "
        "300 m, "
        "30 autres à 500 m, sur 100 : 0,5 et 0,8.",
        "Inhabitants of the population polygons, in proportion to their area within the radius of a stop; discs that "
        "overlap count once. Share = these inhabitants ÷ inhabitants of the unit. Example: 50 inhabitants within 300 "
        "m, "
        "30 others within 500 m, out of 100: 0.5 and 0.8.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants de l'unité vivent à moins du rayon d'un arrêt desservi.",
        "0.42 means that 42 % of the inhabitants of the unit live within the radius of a stop that is served.",
    ),
    limits=Text(
        "Les distances sont à vol d'oiseau : rivières, voies ferrées et détours ne comptent pas. Les arrêts sans "
        "aucun départ "
        "le jour retenu sont laissés de côté ; ceux dont les départs sont inconnus comptent. La fréquence n'est pas "
        "prise "
        "en compte : voir transit_headway.",
        "Distances are as the crow flies: rivers, railways and detours do not count. Stops without any departure on "
        "the "
        "day are left out; those whose departures are unknown count. Frequency is not taken into account: see "
        "transit_headway.",
    ),
    reference="Code des transports, art. L. 1214-2 ; distances d'usage de 300 m (bus) et 500 m (tramway, car), Cerema.",
    function=stop_catchment,
    parameters=(
        Parameter("rayon_proche_m", Text("rayon proche", "near radius"), "m", 300.0, 1.0, 5_000.0),
        Parameter("rayon_large_m", Text("rayon large", "wide radius"), "m", 500.0, 1.0, 5_000.0),
    ),
)
