"""Ways: the network on which people move, on foot, by bike and by transit, and the parameters of all three."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.declaration import Parameter
from ..overlay.network import Junctions, Network, build_network
from ..overlay.transit import Transit, build_transit
from ..overlay.travel import Walk
from ..texts import Text

__all__ = ["CLOSED", "MODES", "PARAMETERS", "SPEEDS", "Ways", "ways"]

#: Modes, in the order of the outputs.
MODES: dict[str, Text] = {
    "foot": Text("à pied", "on foot"),
    "bike": Text("à vélo", "by bike"),
    "transit": Text("en transport en commun et à pied", "by transit and on foot"),
}
#: Kinds of road (column ``nature``: BD TOPO, OpenStreetMap) closed to walkers and cyclists; then stairs, to bikes.
CLOSED = (
    "type autoroutier",
    "autoroute",
    "quasi-autoroute",
    "bretelle",
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
)
STAIRS = ("steps", "escalier")
_JUNCTIONS: dict[str, Junctions] = {"dessin": "auto", "sommets": "vertices", "croisements": "crossings"}

SPEEDS = (
    Parameter("vitesse_pied_kmh", Text("vitesse à pied", "walking speed"), "km/h", 4.5, 1.0, 10.0),
    Parameter("vitesse_velo_kmh", Text("vitesse à vélo", "cycling speed"), "km/h", 15.0, 5.0, 40.0),
)
NETWORK = (
    Parameter(
        "accroche_max_m",
        Text(
            "distance au réseau au-delà de laquelle un point n'y est pas raccordé",
            "distance to the network beyond which a point is not joined to it",
        ),
        "m",
        500.0,
        1.0,
        5_000.0,
    ),
    Parameter(
        "jonctions",
        Text("où les rues se rejoignent", "where streets meet"),
        "choix",
        "dessin",
        choices={
            "dessin": Text(
                "selon le dessin : à tout croisement s'il y manque le plus souvent un sommet commun, sinon aux sommets",
                "by the drawing: wherever they cross if most crossings lack a common vertex, else at common vertices",
            ),
            "sommets": Text(
                "aux sommets communs (BD TOPO, OpenStreetMap)", "at common vertices (BD TOPO, OpenStreetMap)"
            ),
            "croisements": Text("à tout croisement, ponts compris", "wherever they cross, bridges included"),
        },
    ),
)
PARAMETERS = (*SPEEDS, *NETWORK)


@dataclass(frozen=True, eq=False)
class Ways:
    """A network, and how each mode moves on it; transit is None where its stretches are unknown."""

    network: Network
    walks: Mapping[str, Walk]
    transit: Transit | None

    def modes(self) -> list[tuple[str, Walk, Transit | None]]:
        """Return the modes that can be measured: name, speeds, and what runs."""
        ridden = [("transit", self.walks["foot"], self.transit)] if self.transit is not None else []
        return [*((name, walk, None) for name, walk in self.walks.items()), *ridden]


def ways(
    roads: gpd.GeoDataFrame,
    stretches: gpd.GeoDataFrame | None,
    *,
    foot_kmh: float,
    bike_kmh: float = 15.0,
    reach_m: float,
    junctions: str,
) -> Ways:
    """Return the network of roads, and the transit that runs between stops.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines (role ``voirie``); ``nature`` closes motorways to all, and stairs to bikes.
    stretches : GeoDataFrame or None
        Role ``troncon_tc``.
    foot_kmh, bike_kmh, reach_m, junctions
        The parameters of :data:`PARAMETERS`.
    """
    kind = roads["nature"].astype("string").str.lower() if "nature" in roads.columns else None
    closed, stairs = (_told(kind, words, len(roads)) for words in (CLOSED, STAIRS))
    speeds = {
        "foot": np.where(closed, 0.0, foot_kmh),
        "bike": np.where(closed | stairs, 0.0, bike_kmh),
    }
    walks = {name: Walk(speed, access_kmh=foot_kmh, reach_m=reach_m) for name, speed in speeds.items()}
    made = build_network(roads[["geometry"]], junctions=_JUNCTIONS[junctions])
    return Ways(made, walks, None if stretches is None else _transit(stretches))


def _told(kind: pd.Series[str] | None, words: tuple[str, ...], count: int) -> npt.NDArray[np.bool_]:
    """Return for each road whether its kind is one of some words."""
    if kind is None:
        return np.zeros(count, dtype=bool)
    return kind.isin(words).to_numpy(dtype=bool)


def _transit(stretches: gpd.GeoDataFrame) -> Transit | None:
    """Return the graph of the stretches that run; None where none does."""
    way = stretches["sens"].astype("string").fillna("") if "sens" in stretches.columns else ""
    dwell = stretches["arret_min"] if "arret_min" in stretches.columns else 0.0
    table = gpd.GeoDataFrame(
        {
            "from_stop": stretches["arret_depart"].astype(str),
            "to_stop": stretches["arret_arrivee"].astype(str),
            "line": stretches["ligne"].astype(str) + "\t" + way,
            "travel_time_min": stretches["duree_min"],
            "dwell_min": dwell,
            "headway_min": stretches["intervalle_min"],
            "aboard_headway_min": stretches.get("intervalle_bord_min", stretches["intervalle_min"]),
        },
        geometry=stretches.geometry,
        crs=stretches.crs,
    )
    timed = table["travel_time_min"].notna()
    return build_transit(table[timed]) if (timed & table["headway_min"].notna()).any() else None
