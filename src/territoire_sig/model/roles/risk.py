"""Roles of risk prevention (PPR, TRI) and of ecology."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["HAZARD_LEVELS", "REGULATIONS", "ROLES", "TRI_SCENARIOS"]

#: Ordered words to which the codes of every published model are brought (see :mod:`.risk_codes`).
HAZARD_LEVELS: dict[str, Text] = {
    "nul": Text("nul ou négligeable", "nil or negligible"),
    "faible": Text("faible", "low"),
    "moyen": Text("moyen", "medium"),
    "fort": Text("fort", "high"),
    "tres_fort": Text("très fort", "very high"),
    "indetermine": Text("indéterminé", "undetermined"),
}

REGULATIONS: dict[str, Text] = {
    "recommandations": Text("recommandations", "recommendations"),
    "prescriptions_hors_alea": Text("prescriptions hors zone d'aléa", "prescriptions outside hazard"),
    "prescriptions": Text("prescriptions", "prescriptions"),
    "interdiction": Text("interdiction", "prohibition"),
    "interdiction_stricte": Text("interdiction stricte", "strict prohibition"),
    "delaissement": Text("délaissement possible", "right of relinquishment"),
    "expropriation": Text("expropriation possible", "expropriation possible"),
    "zone_grisee": Text("zone grisée (site à l'origine du risque)", "greyed zone (site that causes the risk)"),
    "alea_exceptionnel": Text("zone d'aléa exceptionnel", "zone of exceptional hazard"),
    "indetermine": Text("indéterminé", "undetermined"),
}

TRI_SCENARIOS: dict[str, Text] = {
    "frequent": Text("crue fréquente", "frequent flood"),
    "frequent_cc": Text("crue fréquente avec changement climatique", "frequent flood with climate change"),
    "moyen": Text("crue moyenne", "medium flood"),
    "moyen_cc": Text("crue moyenne avec changement climatique", "medium flood with climate change"),
    "extreme": Text("crue extrême", "extreme flood"),
    "extreme_cc": Text("crue extrême avec changement climatique", "extreme flood with climate change"),
}

_COUCHE = Column("couche_source", Text("couche d'où vient l'entité", "layer that the feature comes from"))

ROLES: tuple[Role, ...] = (
    Role(
        "alea",
        Text("zones d'aléa (PPR)", "hazard zones (PPR)"),
        Policy.RISQUES,
        "polygon",
        (
            Column(
                "niveau",
                Text("niveau d'aléa", "hazard level"),
                required=True,
                values=HAZARD_LEVELS,
                unknown=("indetermine",),
            ),
            Column(
                "niveaualea",
                Text("code du niveau tel que publié", "level code as published"),
                aliases=("nivalea_st",),
            ),
            Column(
                "typealea",
                Text(
                    "types d'aléa, codes nationaux séparés par « ; »",
                    "hazard types, national codes separated by «;»",
                ),
                required=True,
                aliases=("coderisque",),
            ),
            Column("nomalea", Text("nom de l'aléa", "hazard name"), aliases=("nomrisque",)),
            Column(
                "codeprocedure",
                Text("code de la procédure (GASPAR)", "procedure code (GASPAR)"),
                aliases=("id_gaspar",),
            ),
            Column("idzone", Text("identifiant de la zone", "zone identifier"), aliases=("id_zone", "idzonealea")),
            Column("description", Text("description", "description"), aliases=("descript",)),
            _COUCHE,
        ),
    ),
    Role(
        "zone_reglementaire",
        Text("zonage réglementaire (PPR)", "regulatory zones (PPR)"),
        Policy.RISQUES,
        "polygon",
        (
            Column(
                "reglement",
                Text("nature du règlement", "kind of regulation"),
                required=True,
                values=REGULATIONS,
                unknown=("indetermine",),
            ),
            Column(
                "typereglement",
                Text("code du règlement tel que publié", "regulation code as published"),
                aliases=("typereg",),
            ),
            Column(
                "idzone", Text("identifiant de la zone", "zone identifier"), aliases=("id_zone", "idzonereglementaire")
            ),
            Column("codezone", Text("code de la zone", "zone code"), aliases=("codezonereglement",)),
            Column("libelle", Text("libellé", "label"), aliases=("nom", "libellezonereglement")),
            Column(
                "codeprocedure",
                Text("code de la procédure (GASPAR)", "procedure code (GASPAR)"),
                aliases=("id_gaspar",),
            ),
            _COUCHE,
        ),
    ),
    Role(
        "perimetre_risque",
        Text("périmètre d'un plan de prévention des risques", "perimeter of a risk prevention plan"),
        Policy.RISQUES,
        "polygon",
        (
            Column(
                "codeprocedure",
                Text("code de la procédure (GASPAR)", "procedure code (GASPAR)"),
                aliases=("id_gaspar",),
            ),
            Column("etatprocedure", Text("état de la procédure", "state of the procedure")),
            Column("dateetat", Text("date de cet état", "date of that state"), aliases=("datevalid",)),
            _COUCHE,
        ),
    ),
    Role(
        "zone_inondable",
        Text("surfaces inondables (TRI)", "flood extents (TRI)"),
        Policy.RISQUES,
        "polygon",
        (
            Column(
                "scenario_crue",
                Text("scénario de crue", "flood scenario"),
                required=True,
                values=TRI_SCENARIOS,
            ),
            Column("scenario", Text("code du scénario tel que publié", "scenario code as published")),
            Column("typ_inond", Text("type d'inondation", "flood type"), aliases=("typ_inond1",)),
            Column("ht_min", Text("hauteur d'eau minimale", "minimum water depth"), kind="number", unit="m"),
            Column("ht_max", Text("hauteur d'eau maximale", "maximum water depth"), kind="number", unit="m"),
            Column("id_zone", Text("identifiant de la zone", "zone identifier"), aliases=("id_s_inond",)),
            Column("cours_deau", Text("cours d'eau", "watercourse")),
            _COUCHE,
        ),
    ),
    Role(
        "corridor",
        Text("trame verte et bleue : réservoirs et corridors", "ecological network: reservoirs and corridors"),
        Policy.BIODIVERSITE,
        "polygon",
        (
            Column(
                "type_continuite",
                Text("réservoir ou corridor", "reservoir or corridor"),
                required=True,
                values={
                    "reservoir": Text("réservoir de biodiversité", "biodiversity reservoir"),
                    "corridor": Text("corridor écologique", "ecological corridor"),
                },
                aliases=("typ_elem", "type_tvb"),
            ),
            Column("nom", Text("nom", "name")),
            Column("trame", Text("sous-trame", "sub-network")),
        ),
    ),
    Role(
        "espace_protege",
        Text("espaces naturels protégés", "protected natural areas"),
        Policy.BIODIVERSITE,
        "polygon",
        (
            Column(
                "type_protection",
                Text("protection (APB, RNN, N2000, ZNIEFF1…)", "protection (APB, RNN, N2000, ZNIEFF1…)"),
                required=True,
            ),
            Column("nom", Text("nom du site", "site name"), aliases=("nom_site",)),
            Column("id_mnhn", Text("identifiant national (INPN)", "national identifier (INPN)")),
        ),
    ),
)
