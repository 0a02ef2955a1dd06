"""Roles of mobility: stops, lines, cycle network, roads."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["CYCLE_STATES", "LINE_TRACES", "ROLES"]

CYCLE_STATES: dict[str, Text] = {
    "existant": Text("existant", "existing"),
    "projet": Text("en projet", "planned"),
    "inconnu": Text("inconnu", "unknown"),
}

#: How a line was drawn. ``arrets`` is an approximation, and outputs that rest on it must say so.
LINE_TRACES: dict[str, Text] = {
    "shapes": Text("tracé publié (shapes.txt)", "published drawing (shapes.txt)"),
    "arrets": Text("droit d'arrêt en arrêt (approximation)", "straight from stop to stop (approximation)"),
}

ROLES: tuple[Role, ...] = (
    Role(
        "arret",
        Text("arrêts de transport en commun", "public transport stops"),
        Policy.MOBILITE,
        "point",
        (
            Column("stop_id", Text("identifiant GTFS", "GTFS identifier"), required=True),
            Column("stop_name", Text("nom de l'arrêt", "stop name"), aliases=("nom",)),
            Column(
                "location_type",
                Text(
                    "0 arrêt ou quai, 1 station, 2 accès, 3 nœud, 4 zone d'embarquement",
                    "0 stop or platform, 1 station, 2 entrance, 3 node, 4 boarding area",
                ),
                kind="integer",
                minimum=0,
                maximum=4,
            ),
            Column("parent_station", Text("station mère", "parent station")),
            Column(
                "passages_jour",
                Text("passages du jour de service le plus chargé", "departures on the busiest service day"),
                kind="number",
                minimum=0,
                unit="nombre",
            ),
            Column("millesime", Text("millésime de l'offre", "vintage of the service")),
        ),
    ),
    Role(
        "ligne",
        Text("lignes de transport en commun", "public transport lines"),
        Policy.MOBILITE,
        "line",
        (
            Column(
                "route_id",
                Text("identifiant de la ligne", "line identifier"),
                required=True,
                aliases=("code",),
            ),
            Column("route_short_name", Text("numéro de la ligne", "line number"), aliases=("numero",)),
            Column("route_type", Text("mode (codes GTFS)", "mode (GTFS codes)")),
            Column("trace", Text("origine du tracé", "where the drawing comes from"), values=LINE_TRACES),
        ),
    ),
    Role(
        "troncon_tc",
        Text("tronçons de transport en commun, d'un arrêt au suivant", "public transport stretches, stop to stop"),
        Policy.MOBILITE,
        "line",
        (
            Column("arret_depart", Text("arrêt de départ", "first stop"), required=True, aliases=("from_stop_id",)),
            Column("arret_arrivee", Text("arrêt d'arrivée", "next stop"), required=True, aliases=("to_stop_id",)),
            Column("ligne", Text("identifiant de la ligne", "line identifier"), required=True, aliases=("route_id",)),
            Column("sens", Text("sens de la ligne", "direction of the line"), aliases=("direction_id",)),
            Column(
                "duree_min",
                Text("temps de parcours moyen", "mean running time"),
                kind="number",
                required=True,
                minimum=0,
                unit="min",
            ),
            Column(
                "arret_min",
                Text("temps moyen à l'arrêt de départ, à bord", "mean dwell at the first stop, aboard"),
                kind="number",
                minimum=0,
                unit="min",
            ),
            Column(
                "departs",
                Text("départs dans la période", "departures within the period"),
                kind="number",
                minimum=0,
                unit="nombre",
            ),
            Column(
                "departs_jour",
                Text("départs dans le jour de service", "departures of the service day"),
                kind="number",
                minimum=0,
                unit="nombre",
            ),
            Column(
                "intervalle_min",
                Text(
                    "temps entre deux départs dans la période (inconnu : il n'y en a pas)",
                    "time between two departures within the period (unknown: there is none)",
                ),
                kind="number",
                required=True,
                minimum=0.1,
                unit="min",
            ),
            Column(
                "intervalle_bord_min",
                Text(
                    "temps entre deux véhicules dans la période, montée possible ou non (inconnu : intervalle_min)",
                    "time between two vehicles within the period, boarded there or not (unknown: intervalle_min)",
                ),
                kind="number",
                minimum=0.1,
                unit="min",
            ),
            Column(
                "courses_jour",
                Text("véhicules du jour, montée possible ou non", "vehicles of the day, boarded there or not"),
                kind="number",
                minimum=0,
                unit="nombre",
            ),
        ),
    ),
    Role(
        "cyclable",
        Text("réseau cyclable, existant ou projeté", "cycle network, existing or planned"),
        Policy.MOBILITE,
        "line",
        (
            Column("etat", Text("état", "state"), values=CYCLE_STATES, required=True, unknown=("inconnu",)),
            Column(
                "type_amenagement",
                Text("type d'aménagement", "kind of facility"),
                aliases=("ame_d", "type", "legende_sdic"),
            ),
            Column("nom", Text("nom", "name"), aliases=("nom_loc",)),
        ),
    ),
    Role(
        "voirie",
        Text("routes et rues", "roads and streets"),
        Policy.MOBILITE,
        "line",
        (
            Column(
                "nature",
                Text("nature ou importance", "kind or importance"),
                aliases=("importance", "highway"),
            ),
            Column("nom", Text("nom", "name"), aliases=("name",)),
        ),
    ),
    Role(
        "stationnement_velo",
        Text("stationnements vélo", "cycle parking"),
        Policy.MOBILITE,
        "point",
        (Column("capacite", Text("nombre de places", "number of places"), kind="number", minimum=0),),
    ),
    Role(
        "parc_relais",
        Text("parcs relais", "park-and-ride"),
        Policy.MOBILITE,
        "point",
        (
            Column("nom", Text("nom", "name"), aliases=("libelle", "nom_parc")),
            Column(
                "places",
                Text("nombre de places", "number of places"),
                kind="number",
                minimum=0,
                unit="nombre",
                aliases=("total", "nb_places", "nb_pr"),
            ),
        ),
    ),
    Role(
        "borne_recharge",
        Text("points de recharge (IRVE)", "charging points (IRVE)"),
        Policy.MOBILITE,
        "point",
        (Column("id_pdc_itinerance", Text("identifiant", "identifier")),),
    ),
)
