"""Roles of people: population, fragility, services, schools, citizens, and the plan's own actions."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["ROLES"]

_CODE = Column(
    "code_insee",
    Text("code de la commune ou de l'IRIS", "commune or IRIS code"),
    kind="code_insee",
    required=True,
    aliases=("code_iris", "iris", "insee_com", "insee", "code", "depcom", "codgeo"),
)
_NAME = Column("nom", Text("nom", "name"), aliases=("libelle", "lib_fs", "nom_etablissement", "appellation_officielle"))


def _answers(name: str, fr: str, en: str, alias: str, *, required: bool = False) -> Column:
    return Column(name, Text(fr, en), kind="integer", required=required, minimum=0, aliases=(alias,))


#: Census years, from the latest, whose two last figures begin the columns of INSEE («P21_NSCOL15P»).
_CENSUS_YEARS = tuple(range(25, 12, -1))


def _vintages(column: str) -> tuple[str, ...]:
    """Return the names of a census column, the latest first."""
    return tuple(f"p{year}_{column}" for year in _CENSUS_YEARS)


ROLES: tuple[Role, ...] = (
    Role(
        "commune",
        Text("communes", "communes"),
        Policy.URBANISME,
        "polygon",
        (_CODE, Column("nom", Text("nom", "name"), aliases=("nom_com", "nom_comm", "nom_officiel"))),
    ),
    Role(
        "population",
        Text("population (carreaux de 200 m, IRIS ou communes)", "population (200 m squares, IRIS or communes)"),
        Policy.INCLUSION,
        "polygon",
        (
            Column(
                "habitants",
                Text("habitants", "inhabitants"),
                kind="number",
                required=True,
                minimum=0,
                unit="habitants",
                aliases=("ind", "pop", "p12_pop", "population"),
            ),
            Column("menages", Text("ménages", "households"), kind="number", minimum=0, aliases=("men",)),
            Column(
                "menages_pauvres",
                Text("ménages pauvres", "poor households"),
                kind="number",
                minimum=0,
                aliases=("men_pauv",),
            ),
            Column(
                "habitants_65plus",
                Text("habitants de 65 ans et plus", "inhabitants aged 65 and over"),
                kind="number",
                minimum=0,
                aliases=("ind_65p", "ind_65_79_80p"),
            ),
            Column(
                "somme_niveaux_vie",
                Text("somme des niveaux de vie des habitants", "sum of the inhabitants' living standards"),
                kind="number",
                minimum=0,
                unit="EUR/an",
                aliases=("ind_snv",),
            ),
            Column("communes", Text("communes du carreau, séparées par « ; »", "communes of the square, split by «;»")),
            Column("code", Text("identifiant", "identifier"), aliases=("idcar_200m", "id_carr1km", "code_iris")),
            Column("impute", Text("valeur imputée", "imputed value"), kind="boolean", aliases=("i_est_200",)),
        ),
    ),
    Role(
        "revenu",
        Text(
            "revenus et pauvreté par IRIS ou commune (Filosofi)",
            "income and poverty by IRIS or commune (Filosofi)",
        ),
        Policy.INCLUSION,
        "table",
        (
            _CODE,
            Column(
                "revenu_median",
                Text("revenu médian", "median income"),
                kind="number",
                minimum=0,
                unit="EUR/an",
                aliases=("dec_med19", "disp_med19", "nivviemed"),
            ),
            Column(
                "taux_pauvrete",
                Text("taux de pauvreté à 60 %", "poverty rate at 60 %"),
                kind="number",
                minimum=0,
                maximum=100,
                unit="%",
                aliases=("disp_tp6019", "dec_tp6019"),
            ),
        ),
        key="code_insee",
    ),
    Role(
        "fragilite",
        Text("indice de fragilité numérique", "digital fragility index"),
        Policy.INCLUSION,
        "table",
        (
            _CODE,
            Column(
                "indice",
                Text("indice (0 : aucune, 10 : extrême)", "index (0: none, 10: extreme)"),
                kind="number",
                required=True,
                minimum=0,
                maximum=10,
                aliases=("score", "ifn", "indice_fragilite"),
            ),
        ),
        key="code_insee",
    ),
    Role(
        "diplome",
        Text(
            "diplômes de la population non scolarisée de 15 ans et plus (INSEE, recensement)",
            "diplomas of the people aged 15 and over who are out of school (INSEE census)",
        ),
        Policy.INCLUSION,
        "table",
        (
            _CODE,
            Column(
                "non_scolarises_15plus",
                Text("non scolarisés de 15 ans et plus", "aged 15 and over, out of school"),
                kind="number",
                minimum=0,
                unit="habitants",
                aliases=_vintages("nscol15p"),
            ),
            Column(
                "peu_diplomes",
                Text("sans diplôme, ou au plus le certificat d'études", "without a diploma, or a primary one at most"),
                kind="number",
                minimum=0,
                unit="habitants",
                aliases=_vintages("nscol15p_diplmin"),
            ),
        ),
        key="code_insee",
    ),
    Role(
        "mediation",
        Text("lieux de médiation numérique et France Services", "digital mediation places and France Services"),
        Policy.INCLUSION,
        "point",
        (
            Column("id", Text("identifiant", "identifier"), aliases=("id_fs", "structure_id", "_di_surrogate_id")),
            _NAME,
            Column("type_lieu", Text("type de lieu", "kind of place"), aliases=("typologie", "type_fs", "type")),
            Column("itinerant", Text("itinérant", "mobile"), kind="boolean"),
            Column(
                "conseillers",
                Text("nombre de conseillers", "number of advisers"),
                kind="number",
                minimum=0,
                aliases=("nb_cnfs",),
            ),
            Column(
                "horaires",
                Text("horaires d'ouverture (forme OpenStreetMap)", "opening hours (OpenStreetMap form)"),
                aliases=("horaires_ouverture", "horaires_accueil"),
            ),
        ),
    ),
    Role(
        "etablissement_scolaire",
        Text("établissements scolaires", "schools"),
        Policy.EDUCATION,
        "point",
        (
            Column(
                "uai",
                Text("identifiant UAI", "UAI identifier"),
                aliases=("identifiant_de_l_etablissement", "numero_uai"),
            ),
            _NAME,
            Column(
                "type_etablissement",
                Text("école, collège, lycée", "primary, lower or upper secondary"),
                aliases=("nature_uai_libe", "libelle_nature", "type"),
            ),
            Column(
                "eleves",
                Text("nombre d'élèves", "number of pupils"),
                kind="number",
                minimum=0,
                aliases=("nombre_d_eleves", "effectif"),
            ),
            Column(
                "ips",
                Text("indice de position sociale", "social position index"),
                kind="number",
                minimum=40,
                maximum=220,
            ),
            Column("fibre", Text("fibre raccordée", "fibre connected"), kind="boolean"),
        ),
    ),
    Role(
        "sante",
        Text("lieux de santé : soins, pharmacies, hôpitaux", "health places: care, pharmacies, hospitals"),
        Policy.INCLUSION,
        "point",
        (
            Column("id", Text("identifiant", "identifier"), aliases=("nofinesset", "num_finess_et", "finess")),
            Column("nom", Text("nom", "name"), aliases=("rs", "raison_sociale", "nomrs", "libelle")),
            Column(
                "type_lieu",
                Text(
                    "type : code d'équipement (BPE), catégorie (FINESS) ou profession",
                    "kind: facility code (BPE), category (FINESS) or profession",
                ),
                aliases=("typequ", "libcategetab", "profession", "type"),
            ),
            Column(
                "capacite",
                Text("capacité (praticiens, lits ou places)", "capacity (practitioners, beds or places)"),
                kind="number",
                minimum=0,
                aliases=("nb_praticiens", "lits"),
            ),
        ),
    ),
    Role(
        "reemploi",
        Text("lieux de réemploi et de réparation", "reuse and repair places"),
        Policy.ECONOMIE_CIRCULAIRE,
        "point",
        (
            _NAME,
            Column(
                "type_lieu",
                Text("ressourcerie, réparateur, repair café…", "reuse shop, repairer, repair café…"),
                aliases=("type",),
            ),
        ),
    ),
    Role(
        "action",
        Text("actions du plan numérique", "actions of the digital plan"),
        Policy.NUMERIQUE,
        "any",
        (
            Column("id", Text("identifiant", "identifier"), required=True),
            _NAME,
            Column("budget_eur", Text("budget", "budget"), kind="number", minimum=0, unit="EUR"),
            Column(
                "objectifs",
                Text("objectifs servis, séparés par « ; »", "objectives served, separated by «;»"),
            ),
        ),
        placeless=True,
    ),
    Role(
        "contribution",
        Text("contributions citoyennes", "citizens' contributions"),
        Policy.INCLUSION,
        "point",
        (
            Column("id", Text("identifiant", "identifier")),
            Column("theme", Text("thème", "theme"), aliases=("categorie",)),
            Column("texte", Text("texte", "text")),
            Column("etat", Text("état de la proposition", "state of the proposal")),
            Column(
                "soutiens",
                Text("soutiens reçus (votes et adhésions)", "supports received (votes and endorsements)"),
                kind="integer",
                minimum=0,
                aliases=("nb_soutiens", "supports", "votes"),
            ),
            Column(
                "lieu",
                Text(
                    "lieu nommé : code ou nom d'une unité, à défaut de coordonnées",
                    "place named: code or name of a unit, for want of coordinates",
                ),
                aliases=("commune", "nom_commune"),
            ),
            Column(
                "objectif",
                Text(
                    "objectif du plan auquel le thème correspond",
                    "objective of the plan to which the theme corresponds",
                ),
            ),
        ),
        placeless=True,
    ),
    Role(
        "couverture_percue",
        Text("couverture mobile déclarée par les habitants", "mobile coverage as inhabitants declare it"),
        Policy.INCLUSION,
        "point",
        (
            Column("id", Text("identifiant", "identifier")),
            Column(
                "couvert",
                Text("couvert, selon l'habitant (non : zone blanche)", "covered, says the inhabitant (no: dead zone)"),
                kind="boolean",
                required=True,
                aliases=("reseau", "couverture", "capte"),
            ),
            Column("operateur", Text("opérateur déclaré", "operator declared"), aliases=("nom_operateur",)),
            Column(
                "techno",
                Text("technologie attendue (2G, 3G, 4G, 5G)", "technology expected (2G, 3G, 4G, 5G)"),
                aliases=("technologie",),
            ),
            Column("date", Text("date de la déclaration", "date of the declaration"), kind="date"),
        ),
    ),
    Role(
        "enquete",
        Text("enquête de satisfaction, par unité", "satisfaction survey, by unit"),
        Policy.INCLUSION,
        "table",
        (
            _CODE,
            _answers("reponses", "nombre de réponses", "number of answers", "nb_reponses", required=True),
            _answers("satisfaits", "réponses satisfaites", "satisfied answers", "nb_satisfaits", required=True),
            _answers("promoteurs", "promoteurs : notes 9 et 10", "promoters: marks 9 and 10", "nb_promoteurs"),
            _answers("passifs", "passifs : notes 7 et 8", "passives: marks 7 and 8", "nb_passifs"),
            _answers("detracteurs", "détracteurs : notes de 0 à 6", "detractors: marks 0 to 6", "nb_detracteurs"),
        ),
        key="code_insee",
    ),
)
