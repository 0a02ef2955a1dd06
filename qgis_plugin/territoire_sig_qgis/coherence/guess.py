"""Which layer of the project fills which role: guessed from names, fields and geometry."""

import re
import unicodedata
from dataclasses import dataclass

#: Words of published files and of usual layer names, by role; the identifier of the role counts as well.
HINTS = {
    "zonage": ("zone_urba", "zonage", "plu"),
    "prescription_surf": ("prescription_surf",),
    "prescription_lin": ("prescription_lin",),
    "prescription_pct": ("prescription_pct",),
    "information_surf": ("info_surf",),
    "information_lin": ("info_lin",),
    "information_pct": ("info_pct",),
    "servitude": ("assiette_sup", "servitude"),
    "alea": ("zone_alea", "alea"),
    "zone_reglementaire": ("zone_reg", "zonage_reglementaire"),
    "perimetre_risque": ("perimetre_ppr",),
    "zone_inondable": ("inondable", "inondation"),
    "corridor": ("trame_verte", "tvb", "corridor", "continuite"),
    "espace_protege": ("espaces_proteges", "natura", "znieff"),
    "arret": ("arrets", "stops"),
    "ligne": ("lignes", "routes_gtfs"),
    "cyclable": ("cyclables", "pistes"),
    "voirie": ("routes", "troncon_de_route", "voies"),
    "stationnement_velo": ("stationnements_velo",),
    "borne_recharge": ("irve", "bornes"),
    "couverture_fixe": ("ftth", "fibre", "couverture_fixe"),
    "immeuble": ("immeubles",),
    "couverture_mobile": ("couv_metropole", "couverture_mobile", "couv"),
    "site_mobile": ("sites_metropole", "antennes", "sites_mobiles"),
    "support": ("sup_support", "supports", "anfr"),
    "noeud_optique": ("t_noeud", "nro", "noeuds"),
    "cable": ("t_cableline", "cables"),
    "zone_nro": ("t_znro",),
    "zone_sro": ("t_zsro",),
    "zone_pbo": ("t_zpbo",),
    "commune": ("communes", "commune"),
    "population": ("carreaux", "filosofi", "population"),
    "revenu": ("revenus",),
    "fragilite": ("fragilite_numerique", "fragilite"),
    "mediation": ("france_services", "mediation"),
    "etablissement_scolaire": ("annuaire_education", "ecoles", "etablissements_scolaires"),
    "reemploi": ("ressourcerie",),
    "contribution": ("propositions", "decidim"),
    "enquete": ("enquetes",),
    "batiment": ("batiments", "bati"),
    "batiment_public": ("batiments_publics",),
    "consommation_energie": ("conso_energie",),
    "air": ("air",),
    "zfe": ("zfe",),
    "air_raster": ("no2",),
    "bruit_raster": ("bruit", "lden"),
    "relief": ("mnt", "dem", "altitude"),
    "occupation_sol": ("ocs", "corine", "occupation_sol"),
}
#: Fields that hold the code of a unit, the surest first, with the level that they say.
UNIT_CODES = (
    ("code_iris", "iris"),
    ("iris", "iris"),
    ("code_insee", "commune"),
    ("insee_com", "commune"),
    ("depcom", "commune"),
    ("insee", "commune"),
    ("idcar_200m", "carreau"),
    ("idinspire", "carreau"),
    ("code_unite", "autre"),
)
UNIT_NAMES = ("nom", "nom_com", "nom_officiel", "nom_iris", "libelle", "nom_unite", "name")
#: Under this score a layer fills no role: its geometry alone says nothing.
ENOUGH = 2.5


@dataclass(frozen=True)
class Facts:
    """What is looked at in a layer: its names, its fields, its kind of geometry (``none`` for a table)."""

    id: str
    names: tuple
    fields: tuple
    geometry: str


@dataclass(frozen=True)
class Units:
    """The layer of the units, its fields and their level."""

    layer: str = ""
    code: str = ""
    name: str = ""
    level: str = "commune"


def guess_roles(layers, roles):
    """Return role → identifier of the layer that fills it best; one layer fills one role at most."""
    scores = sorted(
        ((score(role, roles[role], layer), role, layer.id) for role in roles for layer in layers),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    found, taken = {}, set()
    for value, role, layer in scores:
        if value >= ENOUGH and role not in found and layer not in taken:
            found[role] = layer
            taken.add(layer)
    return found


def score(role, declared, layer):
    """Return how well a layer fits a role: 0 when it cannot; names weigh most, then required columns, then others."""
    if not fits(declared["geometry"], layer.geometry):
        return 0.0
    value = max((_named(role, name) for name in layer.names), default=0.0)
    required = [column for column in declared["columns"] if column["required"]]
    if required and not all(field_of(column, layer.fields) for column in required):
        return value - 0.5
    value += 1.0 if required else 0.0
    others = [column for column in declared["columns"] if not column["required"]]
    if others:
        value += 1.5 * sum(bool(field_of(column, layer.fields)) for column in others) / len(others)
    if declared["geometry"] == "table" and layer.geometry == "none":
        value += 0.5
    return value


def guess_units(layers):
    """Return the units: the polygons whose name or fields say most clearly that they are communes, IRIS or squares."""
    best, found = 0.0, Units()
    for layer in layers:
        if layer.geometry != "polygon":
            continue
        fields = {plain(name): name for name in layer.fields}
        named = max((plain(name) for name in layer.names), key=len, default="")
        for rank, (code, level) in enumerate(UNIT_CODES):
            if code in fields:
                value = 2 - rank / 10 + (2 if re.search("commune|unite|iris", named) else 0)
                label = next((fields[name] for name in UNIT_NAMES if name in fields), "")
                value += 1 if label else 0
                if value > best:
                    best, found = value, Units(layer.id, fields[code], label, level)
                break
    return found


def missing_columns(declared, fields, given):
    """Return the required columns of a role that a layer lacks, under any of their names or the one `given`."""
    required = [column for column in declared["columns"] if column["required"]]
    return [item["name"] for item in required if given.get(item["name"]) not in fields and not field_of(item, fields)]


def field_of(column, fields):
    """Return the field that bears one of the names of a column, empty where none does."""
    by_name = {plain(name): name for name in reversed(fields)}
    names = (plain(name) for name in (column["name"], *column["aliases"]))
    return next((by_name[name] for name in names if name in by_name), "")


def fits(wanted, geometry):
    """Tell whether a geometry may fill a role; a table may come from any layer, for its attributes."""
    if wanted == "raster" or geometry == "raster":
        return wanted == geometry
    return wanted in ("table", "any") or wanted == geometry


def plain(text):
    """Return a name in lower case, without accents, words joined by underscores."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "_", bare.lower()).strip("_")


def _named(role, name):
    name = plain(name)
    words = set(name.split("_"))
    if name == role:
        return 4.0
    hints = (role, *HINTS.get(role, ()))
    whole = [hint for hint in hints if hint in name and (("_" in hint) or hint in words or hint + "s" in words)]
    return 3.0 + min(max(map(len, whole)), 30) / 100 if whole else 0.0
