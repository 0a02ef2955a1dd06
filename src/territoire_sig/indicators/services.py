"""Services: which places are destinations, and what their names are in outputs and texts."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from ..model.policies import Policy
from ..texts import Text

__all__ = ["SERVICES", "Service", "destinations"]

#: Words of ``type_lieu`` for a place of the France Services network.
FRANCE_SERVICES = r"(?i)rfs|.*france[ _-]?services?.*"


@dataclass(frozen=True)
class Service:
    """A kind of place: prefix of its outputs, role, texts (a place, places), policies crossed."""

    prefix: str
    role: str
    place: Text
    places: Text
    policies: tuple[Policy, ...] = (Policy.MOBILITE, Policy.INCLUSION)


SERVICES: dict[str, Service] = {
    service.prefix: service
    for service in (
        Service(
            "mediation",
            "mediation",
            Text("lieu de médiation numérique", "digital mediation place"),
            Text("lieux de médiation numérique", "digital mediation places"),
            (Policy.NUMERIQUE, Policy.MOBILITE, Policy.INCLUSION),
        ),
        Service(
            "france_services",
            "mediation",
            Text("France Services", "France Services"),
            Text("France Services", "France Services places"),
        ),
        Service("health", "sante", Text("lieu de santé", "health place"), Text("lieux de santé", "health places")),
        Service(
            "school",
            "etablissement_scolaire",
            Text("établissement scolaire", "school"),
            Text("établissements scolaires", "schools"),
            (Policy.EDUCATION, Policy.MOBILITE, Policy.INCLUSION),
        ),
        Service(
            "reuse",
            "reemploi",
            Text("lieu de réemploi ou de réparation", "reuse or repair place"),
            Text("lieux de réemploi et de réparation", "reuse and repair places"),
            (Policy.ECONOMIE_CIRCULAIRE, Policy.MOBILITE, Policy.INCLUSION),
        ),
    )
}


def destinations(service: Service, places: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the places of a service as single points; None where the layer tells none.

    Mobile places (``itinerant``) are left out: their point is where they are kept, not where they stop.

    Examples
    --------
    >>> told = {"type_lieu": ["RFS", "Médiathèque", "RFS"], "itinerant": [False, False, True]}
    >>> layer = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs="EPSG:2154")
    >>> [len(destinations(SERVICES[name], layer)) for name in ("mediation", "france_services")]
    [2, 1]
    """
    if places is None:
        return None
    if "itinerant" in places.columns:
        places = places[~places["itinerant"].astype("boolean").fillna(False).to_numpy(dtype=bool)]
    if service.prefix == "france_services":
        if "type_lieu" not in places.columns:
            return None
        named = places["type_lieu"].astype("string").str.strip().str.fullmatch(FRANCE_SERVICES)
        places = places[named.fillna(False).to_numpy(dtype=bool)]
    return places.explode(index_parts=False).reset_index(drop=True) if len(places) else None
