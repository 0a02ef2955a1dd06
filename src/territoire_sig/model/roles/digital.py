"""Roles of digital infrastructure: ARCEP, ANFR, GraceTHD."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["BUILDING_STATES", "COVERAGE_LEVELS", "NODE_LEVELS", "OPERATORS", "ROLES"]

#: Mobile network codes of the four metropolitan operators (ARCEP numbering decision).
OPERATORS: dict[str, Text] = {
    "20801": Text("Orange", "Orange"),
    "20810": Text("SFR", "SFR"),
    "20815": Text("Free Mobile", "Free Mobile"),
    "20820": Text("Bouygues Telecom", "Bouygues Telecom"),
}

#: ARCEP mobile coverage classes.
COVERAGE_LEVELS: dict[str, Text] = {
    "TBC": Text("très bonne couverture", "very good coverage"),
    "BC": Text("bonne couverture", "good coverage"),
    "CL": Text("couverture limitée", "limited coverage"),
    "COUVERT": Text("couvert, niveau non précisé", "covered, level not given"),
}

#: State of a building in ARCEP's file of FttH deployment.
BUILDING_STATES: dict[str, Text] = {
    "cible": Text("ciblé", "targeted"),
    "signe": Text("signé", "signed"),
    "raccordable_demande": Text("raccordable sur demande", "connectable on demand"),
    "en_cours": Text("en cours de déploiement", "being deployed"),
    "deploye": Text("déployé (raccordable)", "deployed (connectable)"),
    "abandonne": Text("abandonné", "abandoned"),
    "inconnu": Text("inconnu", "unknown"),
}

#: Level of a node in an optical access network.
NODE_LEVELS: dict[str, Text] = {
    "NRO": Text("nœud de raccordement optique", "optical line terminal site"),
    "SRO": Text("sous-répartiteur optique (point de mutualisation)", "street cabinet (sharing point)"),
    "PBO": Text("point de branchement optique", "distribution point"),
    "autre": Text("autre nœud", "other node"),
}

_OPERATOR = Column("operateur", Text("opérateur", "operator"), aliases=("nom_operateur", "adm_lb_nom", "mcc_mnc"))


def _zone(level: str, fr: str, en: str) -> Role:
    return Role(
        f"zone_{level}",
        Text(fr, en),
        Policy.NUMERIQUE,
        "polygon",
        (
            Column("code", Text("code de la zone", "zone code"), required=True, aliases=(f"z{level[0]}_code",)),
            Column("noeud", Text("code du nœud qui dessert la zone", "code of the node that serves the zone")),
            Column("parent", Text("code de la zone mère", "code of the parent zone")),
            Column("etat", Text("en service ou en projet", "in service or planned")),
        ),
    )


ROLES: tuple[Role, ...] = (
    Role(
        "couverture_fixe",
        Text("déploiement de la fibre par commune (ARCEP)", "fibre deployment by commune (ARCEP)"),
        Policy.NUMERIQUE,
        "table",
        (
            Column(
                "code_insee",
                Text("code de la commune", "commune code"),
                kind="code_insee",
                required=True,
                aliases=("code commune", "insee_com"),
            ),
            Column("locaux", Text("locaux (logements et établissements)", "premises"), kind="number", minimum=0),
            Column(
                "locaux_raccordables",
                Text("locaux raccordables en fibre", "premises passed by fibre"),
                kind="number",
                minimum=0,
            ),
            Column(
                "taux_fibre",
                Text("part des locaux raccordables", "share of premises passed"),
                kind="share",
                minimum=0,
                maximum=1,
            ),
        ),
        key="code_insee",
    ),
    Role(
        "acces_fixe",
        Text("lignes d'accès à internet en service, par commune", "internet access lines in service, by commune"),
        Policy.NUMERIQUE,
        "table",
        (
            Column(
                "code_insee",
                Text("code de la commune ou de l'IRIS", "commune or IRIS code"),
                kind="code_insee",
                required=True,
                aliases=("code_commune", "code_iris", "insee_com"),
            ),
            Column(
                "lignes_cuivre",
                Text("lignes de cuivre en service", "copper lines in service"),
                kind="number",
                minimum=0,
                aliases=("nb_lignes_cuivre",),
            ),
            Column(
                "lignes_fibre",
                Text("lignes de fibre en service", "fibre lines in service"),
                kind="number",
                minimum=0,
                aliases=("nb_lignes_fibre",),
            ),
        ),
        key="code_insee",
    ),
    Role(
        "immeuble",
        Text(
            "immeubles et leur état de déploiement FttH (fichier IPE, ARCEP)",
            "buildings and their FttH state (ARCEP)",
        ),
        Policy.NUMERIQUE,
        "point",
        (
            Column(
                "etat",
                Text("état de déploiement", "deployment state"),
                required=True,
                values=BUILDING_STATES,
                unknown=("inconnu",),
            ),
            Column(
                "locaux",
                Text("nombre de locaux", "number of premises"),
                kind="number",
                minimum=0,
                aliases=("nbloc", "ipe_nb_loc"),
            ),
            Column("code_insee", Text("code de la commune", "commune code"), kind="code_insee"),
            Column("categorie", Text("classe de nombre de locaux", "class of number of premises")),
            Column(
                "pm_etat",
                Text("état du point de mutualisation", "state of the sharing point"),
                values=BUILDING_STATES,
                unknown=("inconnu",),
                aliases=("etat_pm", "etatpm"),
            ),
            Column("date_commerciale", Text("ouverture commerciale", "commercial opening"), kind="date"),
            Column(
                "id_immeuble",
                Text("identifiant de l'immeuble", "building identifier"),
                aliases=("imb_id", "identifiantimmeuble"),
            ),
        ),
    ),
    Role(
        "couverture_mobile",
        Text(
            "couverture mobile par opérateur et technologie (ARCEP)",
            "mobile coverage by operator and technology (ARCEP)",
        ),
        Policy.NUMERIQUE,
        "polygon",
        (
            _OPERATOR,
            Column("code_operateur", Text("code du réseau (MCC-MNC)", "network code (MCC-MNC)")),
            Column(
                "techno",
                Text("technologie (2G, 3G, 4G, 5G)", "technology (2G, 3G, 4G, 5G)"),
                aliases=("technologie", "techno_"),
            ),
            Column("niveau", Text("niveau de couverture", "coverage level"), values=COVERAGE_LEVELS),
        ),
    ),
    Role(
        "site_mobile",
        Text("sites mobiles (ARCEP)", "mobile sites (ARCEP)"),
        Policy.NUMERIQUE,
        "point",
        (
            _OPERATOR,
            Column("code_operateur", Text("code du réseau (MCC-MNC)", "network code (MCC-MNC)")),
            Column("site_2g", Text("2G en service", "2G in service"), kind="boolean", aliases=("2g",)),
            Column("site_3g", Text("3G en service", "3G in service"), kind="boolean", aliases=("3g",)),
            Column("site_4g", Text("4G en service", "4G in service"), kind="boolean", aliases=("4g",)),
            Column("site_5g", Text("5G en service", "5G in service"), kind="boolean", aliases=("5g",)),
            Column(
                "id_site",
                Text("identifiant du site", "site identifier"),
                aliases=("id_site_partage", "id_station_anfr", "num_site"),
            ),
            Column("etat", Text("en service ou en projet", "in service or planned")),
        ),
    ),
    Role(
        "support",
        Text("supports radioélectriques (ANFR)", "radio supports (ANFR)"),
        Policy.NUMERIQUE,
        "point",
        (
            Column(
                "id_support",
                Text("identifiant du support", "support identifier"),
                required=True,
                aliases=("sup_id",),
            ),
            Column(
                "operateurs",
                Text("exploitants présents, séparés par « ; »", "operators present, separated by «;»"),
            ),
            Column(
                "nb_operateurs",
                Text("nombre d'exploitants", "number of operators"),
                kind="integer",
                minimum=0,
            ),
            Column(
                "hauteur_m",
                Text("hauteur", "height"),
                kind="number",
                minimum=0,
                unit="m",
                aliases=("sup_nm_haut",),
            ),
            Column("nature", Text("nature du support", "kind of support"), aliases=("nat_id",)),
            Column("technologies", Text("technologies en service", "technologies in service")),
            Column(
                "operateurs_projet",
                Text("exploitants qui n'y ont qu'un projet", "operators that only have a project there"),
            ),
            Column("etat", Text("en service ou en projet", "in service or planned")),
        ),
    ),
    Role(
        "noeud_optique",
        Text("nœuds optiques NRO, SRO, PBO (GraceTHD)", "optical nodes NRO, SRO, PBO (GraceTHD)"),
        Policy.NUMERIQUE,
        "point",
        (
            Column("code", Text("code du nœud", "node code"), required=True, aliases=("nd_code",)),
            Column(
                "niveau",
                Text("rang dans le réseau", "level in the network"),
                required=True,
                values=NODE_LEVELS,
            ),
            Column("etat", Text("en service ou en projet", "in service or planned"), aliases=("statut",)),
        ),
    ),
    Role(
        "cable",
        Text("câbles optiques (GraceTHD)", "optical cables (GraceTHD)"),
        Policy.NUMERIQUE,
        "line",
        (
            Column("code", Text("code du câble", "cable code"), aliases=("cb_code",)),
            Column(
                "type",
                Text("transport, distribution, raccordement", "transport, distribution, drop"),
                aliases=("cb_typelog",),
                unknown=("non communiqué",),
            ),
            Column("pose", Text("aérien ou souterrain", "overhead or underground")),
            Column("etat", Text("en service ou en projet", "in service or planned")),
        ),
    ),
    _zone("nro", "zones arrière de NRO (GraceTHD)", "NRO service areas (GraceTHD)"),
    _zone("sro", "zones arrière de SRO (GraceTHD)", "SRO service areas (GraceTHD)"),
    _zone("pbo", "zones arrière de PBO (GraceTHD)", "PBO service areas (GraceTHD)"),
)
