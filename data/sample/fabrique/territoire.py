"""The two territory files, and the expected findings and anomalies beside them."""

from __future__ import annotations

from pathlib import Path

from .constats import COLUMNS, expected
from .dessin import NOTICE, OBJECTIVES
from .ecriture import write_csv
from .risques import GASPAR
from .urbanisme import PLU

#: (role or None, format or None, file, further keys as TOML)
_LAYERS: list[tuple[str | None, str | None, str, str]] = [
    ("commune", "communes", "fonds.gpkg", 'couche = "communes"'),
    (None, "cnig_plu", f"urbanisme/{PLU}", ""),
    (None, "cnig_sup", "urbanisme/SUP", ""),
    (None, "ppr_covadis", f"risques/PPRN_{GASPAR}", ""),
    (None, "tri", "risques/TRI_VALDOMBRE", ""),
    ("corridor", "vecteur", "fonds.gpkg", 'couche = "trame_verte_bleue"'),
    ("espace_protege", "vecteur", "biodiversite/espaces_proteges.geojson", ""),
    (None, "gtfs", "mobilite/gtfs.zip", ""),
    ("cyclable", "cyclable", "mobilite/amenagements_cyclables.geojson", ""),
    ("voirie", "vecteur", "fonds.gpkg", 'couche = "routes"'),
    ("stationnement_velo", "vecteur", "mobilite/stationnements_velo.geojson", ""),
    ("stationnement_velo", "vecteur", "mobilite/stationnements_velo_projets.geojson", "vide = true"),
    (
        "borne_recharge",
        "tableau",
        "mobilite/irve.csv",
        'crs = "EPSG:4326"\noptions = { x = "consolidated_longitude", y = "consolidated_latitude" }',
    ),
    (
        "parc_relais",
        "tableau",
        "mobilite/parcs_relais.csv",
        'crs = "EPSG:4326"\noptions = { x = "longitude", y = "latitude" }',
    ),
    (
        "couverture_fixe",
        "arcep_fibre",
        "numerique/arcep_ftth_communes.csv",
        'options = { locaux = "arcep_ftth_locaux.csv", trimestre = "T4 @" }',
    ),
    ("acces_fixe", "tableau", "numerique/lignes_en_service.csv", ""),
    ("immeuble", "arcep_immeubles", "numerique/arcep_immeubles.csv", ""),
    ("couverture_mobile", "arcep_couverture", "numerique/couverture_@_T4", ""),
    ("site_mobile", "arcep_sites", "numerique/@_T4_sites_Metropole.csv", ""),
    ("support", "anfr", "numerique/anfr", ""),
    (None, "gracethd", "numerique/gracethd_shpcsv", ""),
    ("population", "filosofi_carreaux", "social/carreaux_200m.gpkg", ""),
    ("revenu", "filosofi_iris", "social/revenus_filosofi.csv", ""),
    ("fragilite", "fragilite_numerique", "social/fragilite_numerique.csv", ""),
    ("diplome", "tableau", "social/diplomes_2021.csv", ""),
    ("mediation", "france_services", "social/france_services.csv", ""),
    ("mediation", "data_inclusion", "social/data_inclusion.csv", ""),
    ("etablissement_scolaire", "annuaire_education", "social/annuaire_education.csv", 'options = { ips = "ips.csv" }'),
    (
        "reemploi",
        "tableau",
        "social/reemploi.csv",
        'crs = "EPSG:4326"\noptions = { x = "longitude", y = "latitude" }',
    ),
    ("sante", "bpe", "social/bpe_sante.csv", ""),
    ("action", "tableau", "plan_numerique/actions.csv", 'crs = "EPSG:2154"\noptions = { wkt = "geometrie" }'),
    ("note_objectif", "matrice_objectifs", "plan_numerique/objectifs_notes.csv", ""),
    ("ponderation", "tableau", "plan_numerique/poids.csv", ""),
    ("comparaison", "tableau", "plan_numerique/comparaisons.csv", ""),
    (
        "contribution",
        "decidim",
        "citoyens/decidim_propositions.csv",
        "options = { objectifs = { "
        + ", ".join(f'"{theme}" = "{objective}"' for theme, objective in OBJECTIVES.items())
        + " } }",
    ),
    (
        "couverture_percue",
        "tableau",
        "citoyens/zones_blanches_declarees.csv",
        'crs = "EPSG:4326"\noptions = { x = "longitude", y = "latitude" }',
    ),
    ("enquete", "enquete_satisfaction", "citoyens/enquete.csv", ""),
    ("batiment", "vecteur", "fonds.gpkg", 'couche = "batiments"'),
    ("batiment_public", "batiments_publics", "energie/batiments_publics.csv", ""),
    ("consommation_energie", "conso_energie", "energie/conso_energie.csv", ""),
    ("air", "air_iris", "fonds.gpkg", 'couche = "air"'),
    ("zfe", "vecteur", "air/zfe.geojson", ""),
    ("air_raster", "raster", "grilles/no2_100m.tif", ""),
    ("bruit_raster", "raster", "grilles/bruit_lden_100m.tif", ""),
    ("relief", "raster", "grilles/relief_25m.tif", ""),
    ("occupation_sol", "raster", "grilles/occupation_sol_100m.tif", ""),
]
#: (file, role, what, count): what a reading must survive and count.
ANOMALIES = [
    ("urbanisme/99999_PLUi_20250101", "zonage", "polygone croisé (papillon), réparé : 20 000 m²", 1),
    ("urbanisme/99999_PLUi_20250101", "zonage", "géométrie nulle, mise de côté", 1),
    ("urbanisme/99999_PLUi_20250101", "prescription_surf", "géométries en trois dimensions", 10),
    ("mobilite/stationnements_velo_projets.geojson", "stationnement_velo", "couche vide, et dite telle", 0),
    ("risques/PPRN_99DDT20990001", "alea", "textes en Windows-1252 que rien n'indique", 6),
    ("risques/PPRN_99DDT20990001", "alea", "zone à plusieurs aléas (9999999), détaillée par la table 1-n", 1),
    ("risques/PPRN_99DDT20990001", "alea", "zone dont le niveau publié est sous le plus fort de ses aléas", 1),
    ("fonds.gpkg", "voirie", "géométries d'un autre genre dans la couche des routes, mises de côté", 2),
    ("fonds.gpkg", "air", "valeur de NO2 inconnue", 1),
    ("mobilite/gtfs.zip", "arret", "calendar.txt réduit à son en-tête, horaires au-delà de 24:00", 12),
    ("mobilite/amenagements_cyclables.geojson", "cyclable", "couche en EPSG:4326", 6),
    ("biodiversite/espaces_proteges.geojson", "espace_protege", "couche en EPSG:4326", 2),
    ("numerique/2025_T4_sites_Metropole.csv", "site_mobile", "site écrit deux fois", 1),
    ("numerique/2025_T4_sites_Metropole.csv", "site_mobile", "site hors du territoire", 1),
    ("numerique/arcep_ftth_communes.csv", "couverture_fixe", "lignes de titre", 4),
    ("numerique/arcep_ftth_communes.csv", "couverture_fixe", "commune sans chiffre publié : inconnu, non zéro", 1),
    ("numerique/arcep_ftth_communes.csv", "couverture_fixe", "code qui avait perdu son zéro initial", 1),
    ("numerique/lignes_en_service.csv", "acces_fixe", "nombre de lignes non publié : inconnu, non zéro", 1),
    ("numerique/gracethd_shpcsv", "cable", "lignes en trois dimensions", 10),
    ("social/revenus_filosofi.csv", "revenu", "code qui avait perdu son zéro initial", 1),
    ("social/revenus_filosofi.csv", "revenu", "commune sous secret statistique", 1),
    ("social/fragilite_numerique.csv", "fragilite", "indice non publié", 1),
    ("social/diplomes_2021.csv", "diplome", "commune sans chiffre publié : inconnu, non zéro", 1),
    ("social/france_services.csv", "mediation", "lieu sans coordonnées, mis de côté", 1),
    ("social/data_inclusion.csv", "mediation", "lieu mal géocodé, mis de côté", 1),
    ("social/data_inclusion.csv", "mediation", "lieu sans thématique numérique, mis de côté", 1),
    ("social/annuaire_education.csv", "etablissement_scolaire", "établissement fermé, mis de côté", 1),
    ("social/bpe_sante.csv", "sante", "lieu sans coordonnées, mis de côté", 1),
    ("social/bpe_sante.csv", "sante", "équipement d'un autre domaine, laissé de côté", 1),
    ("energie/batiments_publics.csv", "batiment_public", "bâtiment sans coordonnées, mis de côté", 1),
    ("energie/batiments_publics.csv", "batiment_public", "pilotage à distance non renseigné : inconnu", 1),
    ("energie/conso_energie.csv", "consommation_energie", "valeur sous secret : total inconnu", 1),
    ("citoyens/decidim_propositions.csv", "contribution", "proposition retirée, mise de côté", 1),
    ("citoyens/decidim_propositions.csv", "contribution", "proposition sans coordonnées, qui nomme sa commune", 1),
    ("citoyens/decidim_propositions.csv", "contribution", "proposition sans coordonnées ni lieu, gardée", 1),
    ("citoyens/decidim_propositions.csv", "contribution", "proposition d'un thème sans objectif déclaré", 1),
    ("citoyens/zones_blanches_declarees.csv", "couverture_percue", "déclaration sans réponse : inconnue", 1),
    ("citoyens/enquete.csv", "enquete", "réponse sans commune, mise de côté", 1),
    ("plan_numerique/actions.csv", "action", "action sans géométrie, gardée", 1),
]


def write(folder: Path) -> None:
    """Write the territory files of the two vintages, what a diagnosis must find, and what a reading must survive."""
    for year, suffix in ((2025, ""), (2023, "_2023")):
        (folder / f"territoire{suffix}.toml").write_text(_territory(year), encoding="utf-8")
        rows = [item.cells() for item in expected(year)]
        write_csv(folder / f"constats_attendus{suffix}.csv", COLUMNS, rows)
    write_csv(folder / "anomalies_attendues.csv", ["fichier", "role", "anomalie", "nombre"], ANOMALIES)


def _territory(year: int) -> str:
    head = f"""# {NOTICE}
# Écrit par fabrique/territoire.py : ne pas corriger à la main.

[territoire]
nom = "Communauté de communes de Valdombre (territoire fictif)"
crs = "EPSG:2154"
millesime = "{year}"
avertissement = "{NOTICE}"

[unites]
fichier = "fonds.gpkg"
couche = "communes"
code = "code_insee"
nom = "nom"
habitants = "population"
niveau = "commune"
millesime = "2025"
source = "Données fictives de territoire_sig"
licence = "Licence Ouverte 2.0"
"""
    return head + "".join(_layer(role, form, file, more, year) for role, form, file, more in _LAYERS)


def _layer(role: str | None, form: str | None, file: str, more: str, year: int) -> str:
    vintage = year if "@" in file + more else 2025
    lines = [
        "",
        "[[couches]]",
        *([f'role = "{role}"'] if role else []),
        *([f'format = "{form}"'] if form else []),
        f'fichier = "{file}"',
        *([more] if more else []),
        f'millesime = "{vintage}"',
        'source = "Données fictives de territoire_sig"',
        'licence = "Licence Ouverte 2.0"',
    ]
    return "\n".join(lines).replace("@", str(year)) + "\n"
