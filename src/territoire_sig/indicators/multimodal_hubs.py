"""Multimodal hubs: stops beside cycle parking, park-and-ride and charging points, with and without mobile coverage."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, nearest_distance, within
from ..texts import Text
from .entrance import opened, served
from .knowledge import Known, everywhere, measurement, ratio, unknown
from .mobile import some_coverage

__all__ = ["ANALYSIS", "multimodal_hubs"]

#: Role of what stands beside a stop → name in the outputs.
BESIDE = {"stationnement_velo": "cycle", "parc_relais": "park_ride", "borne_recharge": "charging"}


def multimodal_hubs(
    units: gpd.GeoDataFrame,
    *,
    arret: gpd.GeoDataFrame | None,
    stationnement_velo: gpd.GeoDataFrame | None = None,
    parc_relais: gpd.GeoDataFrame | None = None,
    borne_recharge: gpd.GeoDataFrame | None = None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    rayon_pole_m: float = 150.0,
) -> Measurement:
    """Count the stops beside which another mode can be taken, and those of them out of mobile coverage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    arret : GeoDataFrame or None
        Points; platforms of one ``parent_station`` are one stop, where the first of them stands. Those that nothing
        leaves on the day (``passages_jour`` of 0) are left out.
    stationnement_velo, parc_relais, borne_recharge : GeoDataFrame or None
        Points: cycle parking, park-and-ride, charging points.
    couverture_mobile : GeoDataFrame or None
        Polygons; taken as complete.
    rayon_pole_m : float, default 150
        Straight-line distance within which they are beside a platform of the stop.

    Returns
    -------
    Measurement
        ``hub_cycle_count``, ``hub_park_ride_count``, ``hub_charging_count``: stops beside each; ``hub_count``: beside
        one at least; ``hub_full_count``: beside all three, NaN unless the three layers are given;
        ``hub_uncovered_count`` and ``…_share``: hubs with a platform out of coverage.

    References
    ----------
    Code des transports, art. L. 1214-2 and L. 1231-1.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=gpd.points_from_xy([500], [500]).buffer(400), index=["1"], crs=2154)
    >>> stops = gpd.GeoDataFrame({"stop_id": ["a", "b"]}, geometry=gpd.points_from_xy([400, 700], [500, 500]), crs=2154)
    >>> racks = gpd.GeoDataFrame(geometry=gpd.points_from_xy([500], [500]), crs=2154)
    >>> multimodal_hubs(units, arret=stops, stationnement_velo=racks).values["hub_count"].tolist()
    [1.0]
    """
    units, stops, *beside, mobile = opened(
        units,
        arret=arret,
        stationnement_velo=stationnement_velo,
        parc_relais=parc_relais,
        borne_recharge=borne_recharge,
        couverture_mobile=couverture_mobile,
    )
    stops = served(stops)
    given = {name: layer for name, layer in zip(BESIDE.values(), beside, strict=True) if layer is not None}
    nothing = {output.name: unknown(units) for output in OUTPUTS}
    if stops is None or not len(stops) or not given:
        return measurement(units, nothing)
    near = {name: nearest_distance(stops, layer) <= rayon_pole_m for name, layer in given.items()}
    mobile = some_coverage(mobile)
    out = None if mobile is None else ~within(stops, mobile)
    hubs = _grouped(stops, near, out)
    unit = assign_zone(hubs, units).to_numpy()
    count = {name: _sum(hubs[name], unit, units) for name in (*given, "any", "all")}
    columns = {f"hub_{name}_count": count[name] for name in given}
    columns["hub_count"] = count["any"]
    if len(given) == len(BESIDE):
        columns["hub_full_count"] = count["all"]
    if out is not None:
        columns["hub_uncovered_count"] = _sum(hubs["any"] & hubs["out"], unit, units)
        columns["hub_uncovered_share"] = ratio(columns["hub_uncovered_count"], count["any"])
    known = {name: Known(value, everywhere(units)) for name, value in columns.items()}
    return measurement(units, nothing | known, _drawn(units, hubs, unit))


def _grouped(
    stops: gpd.GeoDataFrame, near: dict[str, pd.Series[bool]], out: pd.Series[bool] | None
) -> gpd.GeoDataFrame:
    """Return one row a stop: what stands beside one of its platforms, and whether one of them is out of coverage."""
    own = stops["stop_id"].astype(str)
    if "parent_station" in stops.columns:
        parent = stops["parent_station"].astype("string").str.strip()
        own = parent.mask(parent == "").fillna(own.astype("string")).astype(str)
    table = pd.DataFrame({**near, "out": False if out is None else out}, index=stops.index).assign(stop=own)
    table = table.assign(x=stops.geometry.x, y=stops.geometry.y).sort_values(["stop", "x", "y"])
    rows = table.groupby("stop").agg({**dict.fromkeys((*near, "out"), "any"), "x": "first", "y": "first"})
    names = list(near)
    rows["any"], rows["all"] = rows[names].any(axis=1), rows[names].all(axis=1)
    rows["classe"] = np.where(rows["any"], "pole", "arret")
    if out is not None:
        rows.loc[rows["any"] & rows["out"], "classe"] = "pole_hors_couverture"
    points = gpd.points_from_xy(rows.pop("x"), rows.pop("y"))
    return gpd.GeoDataFrame(rows.reset_index(), geometry=points, crs=stops.crs)


def _sum(true: pd.Series[bool], unit: np.ndarray, units: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return how many are true in each unit."""
    return true.astype(float).groupby(unit).sum().reindex(units.index).fillna(0.0)


def _drawn(units: gpd.GeoDataFrame, hubs: gpd.GeoDataFrame, unit: np.ndarray) -> gpd.GeoDataFrame | None:
    """Return the stops of the units, by what they are."""
    drawn = hubs.assign(code_unite=unit)
    drawn = drawn[drawn["code_unite"].isin(units.index)]
    return drawn[["code_unite", "classe", "stop", "geometry"]] if len(drawn) else None


OUTPUTS = (
    Output(
        "hub_count",
        Text("Arrêts près d'un équipement d'échange", "Stops beside a facility for another mode"),
        "nombre",
        better=1,
    ),
    Output(
        "hub_cycle_count", Text("Arrêts près d'un stationnement vélo", "Stops beside cycle parking"), "nombre", better=1
    ),
    Output(
        "hub_park_ride_count", Text("Arrêts près d'un parc relais", "Stops beside a park-and-ride"), "nombre", better=1
    ),
    Output(
        "hub_charging_count",
        Text("Arrêts près d'un point de recharge", "Stops beside a charging point"),
        "nombre",
        better=1,
    ),
    Output(
        "hub_full_count",
        Text("Arrêts près des trois équipements d'échange", "Stops beside all three facilities"),
        "nombre",
        better=1,
    ),
    Output(
        "hub_uncovered_count",
        Text("Pôles d'échange hors couverture mobile", "Hubs out of mobile coverage"),
        "nombre",
        better=-1,
    ),
    Output(
        "hub_uncovered_share",
        Text("Part des pôles d'échange hors couverture mobile", "Share of hubs out of mobile coverage"),
        "part",
        better=-1,
    ),
)

ANALYSIS = Declaration(
    id="multimodal_hubs",
    title=Text("Pôles d'échange et couverture mobile", "Multimodal hubs and mobile coverage"),
    summary=Text(
        "Où peut-on passer du vélo, de la voiture ou de la recharge aux transports en commun, et y est-on connecté ?",
        "Where can one change from bike, car or charging to transit, and is one connected there?",
    ),
    policies=(Policy.MOBILITE, Policy.NUMERIQUE),
    inputs=(Input("arret"), *(Input(role, required=False) for role in (*BESIDE, "couverture_mobile"))),
    one_of=(tuple(BESIDE),),
    outputs=OUTPUTS,
    formula=Text(
        "Les quais d'une même station sont un arrêt ; ceux d'où rien ne part (passages_jour nul) ne comptent pas. Un "
        "arrêt est un pôle s'il a, à moins de rayon_pole_m d'un de ses "
        "quais, "
        "un stationnement vélo, un parc relais ou un point de recharge. Part = pôles dont un quai est hors couverture "
        "÷ "
        "pôles. Exemple : quatre pôles, dont un hors couverture : 0,25.",
        "The platforms of one station are one stop; those that nothing leaves (passages_jour of 0) do not count. A "
        "stop is a hub if cycle parking, a park-and-ride or a charging "
        "point "
        "stands within rayon_pole_m of one of its platforms. Share = hubs with a platform out of coverage ÷ hubs. "
        "Example: four hubs, one of which is out of coverage: 0.25.",
    ),
    reading=Text(
        "0,25 signifie que le quart des pôles d'échange est hors couverture mobile : ni billet, ni horaire, ni appel.",
        "0.25 means that one hub in four is out of mobile coverage: no ticket, no timetable, no call.",
    ),
    limits=Text(
        "Un polygone de technologie «AUCUNE» ne couvre rien ; une technologie non dite compte. "
        "Les distances sont à vol d'oiseau. Un équipement dont la couche est absente n'est pas compté : son nombre et "
        "celui des arrêts près des trois équipements sont inconnus. La couverture est théorique, à l'extérieur, "
        "prise pour complète. Sans station mère (parent_station), "
        "deux quais d'un même arrêt comptent pour deux.",
        "A polygon of technology «AUCUNE» (none) covers nothing; one that does not tell it counts. "
        "Distances are as the crow flies. A facility whose layer is absent is not counted: its number and that "
        "of stops beside all three are unknown. "
        "Coverage is theoretical, outdoors, taken as complete. Without a parent station, two platforms of one stop "
        "count "
        "twice.",
    ),
    reference="Code des transports, art. L. 1214-2 (intermodalité) et L. 1231-1 ; Code de l'énergie, art. L. 353-5.",
    function=multimodal_hubs,
    parameters=(
        Parameter(
            "rayon_pole_m",
            Text("distance entre l'arrêt et l'équipement", "distance from stop to facility"),
            "m",
            150.0,
            1.0,
            1_000.0,
        ),
    ),
    map_classes={
        "pole": (Text("pôle d'échange", "hub"), "#0072b2"),
        "pole_hors_couverture": (Text("pôle hors couverture mobile", "hub out of mobile coverage"), "#d55e00"),
        "arret": (Text("arrêt sans autre mode", "stop without another mode"), "#999999"),
    },
    family=Family.NUMERIQUE,
)
