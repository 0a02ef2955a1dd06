"""Transit supply: how often one leaves a stop, and which of it goes without mobile coverage."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, covered_length, intersect, within
from ..texts import Text
from .entrance import opened
from .knowledge import Known, everywhere, measurement, ratio, unknown
from .mobile import some_coverage

__all__ = ["ANALYSES", "stops_of", "transit_headway", "transit_mobile_exposure"]

FREQUENT_MIN = 15.0


def transit_headway(
    units: gpd.GeoDataFrame, *, troncon_tc: gpd.GeoDataFrame | None, intervalle_max_min: float = FREQUENT_MIN
) -> Measurement:
    """Measure how often one leaves the stops of each unit.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    troncon_tc : GeoDataFrame or None
        Lines from stop to stop, with ``intervalle_min`` and, if known, ``departs_jour``.
    intervalle_max_min : float, default 15
        Headway up to which a stop is frequent.

    Returns
    -------
    Measurement
        ``transit_stop_count``: stops that something leaves; ``transit_headway_min``: median over stops of the
        shortest headway of the lines that leave them (a stop that nothing leaves within the period counts as longer
        than all, and the median is NaN where it falls on one); ``transit_frequent_share``; ``transit_departures``:
        departures of the day.

    Notes
    -----
    Headway of a stop = the least, over the lines and directions that leave it, of the period ÷ departures, whatever the
    next stop: 1 ÷ Σ (1 ÷ headway) over the stretches of a line in one direction that leave the stop.

    References
    ----------
    General Transit Feed Specification; Code des transports, art. L. 1214-2.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"arret_depart": ["a", "b", "c"], "arret_arrivee": ["b", "c", "a"], "ligne": ["1", "1", "1"]}
    >>> told |= {"duree_min": [4.0] * 3, "intervalle_min": [10.0, 20.0, 40.0]}
    >>> ways = [shapely.LineString([(x, 5), (x + 9, 5)]) for x in (10, 20, 30)]
    >>> found = transit_headway(units, troncon_tc=gpd.GeoDataFrame(told, geometry=ways, crs=2154)).values
    >>> found.loc["1", ["transit_stop_count", "transit_headway_min"]].tolist()
    [3.0, 20.0]
    """
    units, stretches = opened(units, troncon_tc=troncon_tc)
    if stretches is None:
        return measurement(units, {output.name: unknown(units) for output in HEADWAY})
    stops = stops_of(stretches)
    unit = assign_zone(stops, units).to_numpy()
    each = stops.assign(frequent=stops["headway_min"] <= intervalle_max_min).groupby(unit)
    count = each.size().reindex(units.index, fill_value=0).astype(float)
    frequent = each["frequent"].sum().reindex(units.index, fill_value=0).astype(float)
    median = stops["headway_min"].fillna(np.inf).groupby(unit).median().replace(np.inf, np.nan)
    daily = each["departures"].sum(min_count=1).reindex(units.index).where(count > 0, 0.0)
    known = everywhere(units)
    return measurement(
        units,
        {
            "transit_stop_count": Known(count, known),
            "transit_headway_min": Known(median.reindex(units.index), known),
            "transit_frequent_share": Known(ratio(frequent, count), known),
            "transit_departures": Known(daily, _told_departures(stops, unit, units)),
        },
    )


def stops_of(stretches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stops that one can leave: point, shortest headway of a line, departures of the day.

    ``headway_min`` is NaN where nothing leaves within the period; ``departures`` where a stretch does not tell them.
    """
    daily = stretches["departs_jour"] if "departs_jour" in stretches.columns else pd.Series(np.nan, stretches.index)
    # A file may hold every line as a multiple one, of a single part.
    first = shapely.get_point(shapely.get_geometry(stretches.geometry.to_numpy(), 0), 0)
    table = pd.DataFrame(
        {
            "stop": stretches["arret_depart"].astype(str),
            "line": _told(stretches, "ligne") + " " + _told(stretches, "sens"),
            "hourly": 1 / stretches["intervalle_min"].astype(float),
            "departures": daily.astype(float),
            "x": shapely.get_x(first),
            "y": shapely.get_y(first),
        }
    )
    rows = table.groupby("stop")
    stops = rows.agg({"x": "min", "y": "min"})
    hourly = table.groupby(["stop", "line"])["hourly"].sum(min_count=1).groupby("stop").max()
    stops["headway_min"] = 1 / hourly
    stops["departures"] = rows["departures"].sum().where(rows["departures"].count() == rows.size())
    stops = stops[~(stops["departures"] == 0)]
    points = gpd.points_from_xy(stops.pop("x"), stops.pop("y"))
    return gpd.GeoDataFrame(stops.reset_index(), geometry=points, crs=stretches.crs)


def _told_departures(stops: gpd.GeoDataFrame, unit: np.ndarray, units: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the share of the stops of each unit that tell their departures; 1 where it has no stop."""
    told: pd.Series[float] = stops["departures"].notna().groupby(unit).mean().reindex(units.index).fillna(1.0)
    return told


def _told(stretches: gpd.GeoDataFrame, name: str) -> pd.Series[str]:
    """Return a column of words; empty ones where it is absent or tells nothing."""
    words = stretches[name] if name in stretches.columns else pd.Series(pd.NA, stretches.index)
    told: pd.Series[str] = words.astype("string").fillna("")
    return told


def transit_mobile_exposure(
    units: gpd.GeoDataFrame, *, troncon_tc: gpd.GeoDataFrame | None, couverture_mobile: gpd.GeoDataFrame | None
) -> Measurement:
    """Measure the departures, the waits and the vehicle-kilometres that go without mobile coverage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    troncon_tc : GeoDataFrame or None
        Lines from stop to stop, with ``intervalle_min`` and ``departs_jour``.
    couverture_mobile : GeoDataFrame or None
        Polygons; taken as complete.

    Returns
    -------
    Measurement
        ``departure_uncovered_count`` and ``…_share``: departures of the day from stops out of coverage;
        ``uncovered_wait_min``: wait out of coverage of a departure, half the shortest headway of its stop, on average
        over all departures of the unit (0 at covered stops);
        ``vehicle_uncovered_share``: share of vehicle-kilometres (straight from stop to stop) out of coverage.

    References
    ----------
    Code des transports, art. L. 1214-2; Arcep, New Deal mobile (2018).

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"arret_depart": ["a", "b"], "arret_arrivee": ["b", "a"], "ligne": ["1", "1"], "duree_min": [4.0] * 2}
    >>> told |= {"intervalle_min": [10.0, 20.0], "departs_jour": [90.0, 30.0]}
    >>> ways = [shapely.LineString([(10, 5), (20, 5)]), shapely.LineString([(20, 5), (10, 5)])]
    >>> stretches = gpd.GeoDataFrame(told, geometry=ways, crs=2154)
    >>> mobile = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 15, 9)], crs=2154)
    >>> found = transit_mobile_exposure(units, troncon_tc=stretches, couverture_mobile=mobile).values
    >>> found.loc["1", ["departure_uncovered_share", "uncovered_wait_min", "vehicle_uncovered_share"]].tolist()
    [0.25, 2.5, 0.5]
    """
    units, stretches, mobile = opened(units, troncon_tc=troncon_tc, couverture_mobile=couverture_mobile)
    mobile = some_coverage(mobile)
    if stretches is None or mobile is None:
        return measurement(units, {output.name: unknown(units) for output in EXPOSURE})
    stops = stops_of(stretches)
    unit = assign_zone(stops, units).to_numpy()
    out = ~within(stops, mobile)
    blind = stops["departures"].where(out, 0.0)
    known = _told_departures(stops, unit, units)
    lost, total = (lot.groupby(unit).sum().reindex(units.index).fillna(0.0) for lot in (blind, stops["departures"]))
    timed = stops["departures"].where(stops["headway_min"].notna())
    blind_wait = (timed * stops["headway_min"] / 2).where(out, 0.0).groupby(unit).sum().reindex(units.index)
    wait = blind_wait / timed.groupby(unit).sum().reindex(units.index).replace(0, np.nan)
    return measurement(
        units,
        {
            "departure_uncovered_count": Known(lost, known),
            "departure_uncovered_share": Known(ratio(lost, total), known),
            "uncovered_wait_min": Known(wait, known),
            "vehicle_uncovered_share": _vehicles(units, stretches, mobile, known),
        },
        _drawn(units, stops, unit, out),
    )


def _vehicles(
    units: gpd.GeoDataFrame, stretches: gpd.GeoDataFrame, mobile: gpd.GeoDataFrame, known: pd.Series[float]
) -> Known:
    """Return the share of vehicle-kilometres out of coverage, stretches cut by unit."""
    pieces = intersect(stretches[["geometry"]], units)
    daily = next(
        (stretches[name] for name in ("courses_jour", "departs_jour") if name in stretches.columns),
        pd.Series(np.nan, stretches.index),
    )
    runs = daily.loc[pieces["left"]].to_numpy(dtype=float, na_value=np.nan)
    length = pieces.length
    lost = (length - covered_length(pieces[["geometry"]], mobile)).clip(lower=0.0)
    sums = ((lot * runs).groupby(pieces["right"]).sum().reindex(units.index).fillna(0.0) for lot in (lost, length))
    out, total = sums
    return Known(ratio(out, total), known)


def _drawn(
    units: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, unit: np.ndarray, out: pd.Series[bool]
) -> gpd.GeoDataFrame | None:
    """Return the stops of the units, by coverage."""
    drawn = stops.assign(code_unite=unit, classe=np.where(out, "hors_couverture", "couvert"))
    drawn = drawn[drawn["code_unite"].isin(units.index)]
    return drawn[["code_unite", "classe", "stop", "headway_min", "departures", "geometry"]] if len(drawn) else None


HEADWAY = (
    Output("transit_stop_count", Text("Arrêts desservis", "Stops that are served"), "nombre", better=1),
    Output(
        "transit_headway_min",
        Text("Intervalle médian entre deux passages", "Median headway at a stop"),
        "min",
        better=-1,
    ),
    Output(
        "transit_frequent_share",
        Text("Part des arrêts à passages fréquents", "Share of frequent stops"),
        "part",
        better=1,
    ),
    Output("transit_departures", Text("Départs du jour", "Departures of the day"), "nombre", better=1),
)
EXPOSURE = (
    Output(
        "departure_uncovered_count",
        Text("Départs du jour depuis un arrêt hors couverture mobile", "Departures from stops out of mobile coverage"),
        "nombre",
        better=-1,
    ),
    Output(
        "departure_uncovered_share",
        Text("Part des départs depuis un arrêt hors couverture", "Share of departures from stops out of coverage"),
        "part",
        better=-1,
    ),
    Output(
        "uncovered_wait_min",
        Text("Attente hors couverture, en moyenne par départ", "Wait out of coverage, on average by departure"),
        "min",
        better=-1,
    ),
    Output(
        "vehicle_uncovered_share",
        Text("Part des véhicules-kilomètres hors couverture", "Share of vehicle-kilometres out of coverage"),
        "part",
        better=-1,
    ),
)
_SUPPLY = Text(
    "L'offre est celle d'un jour de service et d'une période (options jour et periode du GTFS). Les lignes qui "
    "suivent le "
    "même chemin ne s'additionnent pas. Un arrêt où l'on descend seulement ne compte pas.",
    "Supply is that of one service day and of one period (options jour and periode of the GTFS). Lines on the same way "
    "are not added up. A stop where one only alights does not count.",
)

ANALYSES = (
    Declaration(
        id="transit_headway",
        title=Text("Fréquence des transports en commun", "Frequency of public transport"),
        summary=Text(
            "À quelle fréquence les arrêts de chaque unité sont-ils desservis ?",
            "How often are the stops of each unit served?",
        ),
        policies=(Policy.MOBILITE, Policy.INCLUSION),
        inputs=(Input("troncon_tc"),),
        outputs=HEADWAY,
        formula=Text(
            "Intervalle d'un arrêt = le plus court, parmi les lignes et sens qui en partent, de la durée de la "
            "période ÷ "
            "nombre de départs, quel que soit l'arrêt suivant. "
            "Par unité : médiane des arrêts ; part = arrêts d'intervalle au plus égal à "
            "intervalle_max_min ÷ arrêts. Exemple : trois arrêts à 10, 20 et 40 min : médiane 20 ; à 15 min, 1 ÷ 3.",
            "Headway of a stop = the shortest, over the lines and directions that leave it, of the length of the "
            "period ÷ "
            "departures, whatever the next stop. "
            "By unit: median over stops; share = stops whose headway is at most intervalle_max_min ÷ "
            "stops. "
            "Example: three stops at 10, 20 and 40 min: median 20; at 15 min, 1 ÷ 3.",
        ),
        reading=Text(
            "0,42 signifie que 42 % des arrêts ont au moins une ligne à l'intervalle choisi ou mieux ; 20, qu'à "
            "l'arrêt "
            "médian un véhicule part toutes les vingt minutes.",
            "0.42 means that 42 % of the stops have a line at the chosen headway or better; 20, that at the median "
            "stop a "
            "vehicle leaves every twenty minutes.",
        ),
        limits=_SUPPLY,
        reference="General Transit Feed Specification, Schedule Reference ; Code des transports, art. L. 1214-2.",
        function=transit_headway,
        parameters=(
            Parameter(
                "intervalle_max_min",
                Text("intervalle jusqu'auquel un arrêt est dit fréquent", "headway up to which a stop is frequent"),
                "min",
                FREQUENT_MIN,
                1.0,
                240.0,
            ),
        ),
        family=Family.NUMERIQUE,
    ),
    Declaration(
        id="transit_mobile_exposure",
        title=Text("Voyageurs et couverture mobile", "Passengers and mobile coverage"),
        summary=Text(
            "Combien de départs, d'attente et de kilomètres parcourus se font-ils hors couverture mobile ?",
            "How many departures, how much wait and how many kilometres run go without mobile coverage?",
        ),
        policies=(Policy.MOBILITE, Policy.NUMERIQUE),
        inputs=(Input("troncon_tc"), Input("couverture_mobile")),
        outputs=EXPOSURE,
        formula=Text(
            "Part des départs = départs du jour aux arrêts hors couverture ÷ départs du jour. Attente = Σ, sur les "
            "arrêts "
            "hors couverture, départs × moitié de leur plus court intervalle ÷ Σ des départs de tous les arrêts. Part "
            "des "
            "véhicules-kilomètres = Σ longueur hors couverture × départs ÷ Σ longueur × départs. Exemple : 90 départs "
            "d'un "
            "arrêt couvert et 30, toutes les 20 min, d'un arrêt qui ne l'est pas : 30 ÷ 120 = 0,25 ; 30 × 10 ÷ 120 = "
            "2,5 min.",
            "Share of departures = departures of the day from stops out of coverage ÷ departures of the day. Wait = Σ, "
            "over stops out of coverage, of departures × half their shortest headway ÷ Σ of the departures of all "
            "stops. "
            "Share of vehicle-kilometres = Σ length out of coverage × departures ÷ Σ length × departures. Example: 90 "
            "departures from a covered stop and 30, every 20 min, from one that is not: 30 ÷ 120 = 0.25; "
            "30 × 10 ÷ 120 = 2.5 min.",
        ),
        reading=Text(
            "0,42 signifie que 42 % des départs (ou des véhicules-kilomètres) se font hors couverture mobile, sans "
            "information en temps réel ni appel possible.",
            "0.42 means that 42 % of the departures (or of the vehicle-kilometres) go without mobile coverage, without "
            "real-time information or a call.",
        ),
        limits=Text(
            "Un polygone de technologie «AUCUNE» ne couvre rien ; une technologie non dite compte. "
            "La couverture est théorique, à l'extérieur, prise pour complète. Un tronçon est droit d'arrêt en arrêt, "
            "et "
            "compte en chaque unité pour la part qui y est. $supply",
            "A polygon of technology «AUCUNE» (none) covers nothing; one that does not tell it counts. "
            "Coverage is theoretical, outdoors, taken as complete. A stretch is straight from stop to stop, and "
            "counts in "
            "each unit for the part that lies there. $supply",
        ).fill(supply=_SUPPLY),
        reference="Code des transports, art. L. 1214-2 (plans de mobilité) ; Arcep, New Deal mobile (2018).",
        function=transit_mobile_exposure,
        map_classes={
            "couvert": (Text("arrêt couvert", "covered stop"), "#0072b2"),
            "hors_couverture": (Text("arrêt hors couverture", "stop out of coverage"), "#d55e00"),
        },
        family=Family.NUMERIQUE,
    ),
)
