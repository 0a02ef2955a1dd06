"""What a diagnosis must find: each planted case, measured by the closed forms of the drawing.

Nothing here runs the library: a surface is a product, a length a difference, and people are counted square by square.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

from .dessin import (
    H1_D,
    HOLES,
    SQUARES,
    VILLAGES,
    Z_STRONG_D,
    A,
    B,
    Box,
    C,
    D,
    E,
    F,
    people_around,
    people_in,
)

COLUMNS = ("regle", "code_unite", "objet", "gravite", "surface_m2", "longueur_m", "nombre", "habitants", "locaux")
_HOLE_D, _HOLE_C = HOLES[2025]
_BOTH = (2023, 2025)


@dataclass(frozen=True)
class Expected:
    """One finding. ``objet`` is the label of the object, empty for a finding by unit."""

    regle: str
    code_unite: str
    objet: str
    gravite: int
    surface_m2: float = nan
    longueur_m: float = nan
    nombre: int = 1
    people: tuple[float, float] = (nan, nan)
    years: tuple[int, ...] = _BOTH

    def cells(self) -> list[str]:
        """Return the cells of a row of ``constats_attendus.csv``; unknown is blank."""
        numbers = (self.surface_m2, self.longueur_m, self.nombre, *self.people)
        shown = ["" if number != number else f"{number:.15g}" for number in numbers]
        return [self.regle, self.code_unite, self.objet, str(self.gravite), *shown]


def expected(year: int) -> list[Expected]:
    """Return the findings of a vintage, sorted."""
    found = [*_planning(), *_risks(), *_ecology(), *_mobility(), *_services(), *_synergies()]
    return sorted((item for item in found if year in item.years), key=lambda item: item.cells())


def _zone(rule: str, unit: str, label: str, severity: int, box: Box, years: tuple[int, ...] = _BOTH) -> Expected:
    return Expected(rule, unit, label, severity, surface_m2=box.area, people=people_in(box), years=years)


def _planning() -> list[Expected]:
    meadows, station = Box(9500, 4800, 9800, 5000), Box(3200, 3000, 3400, 3100)
    orchard, airy = Box(2600, 5600, 2800, 5800), Box(5000, 1600, 5200, 1800)
    mill = Box(10600, 1600, 10800, 1800)
    open_zones = [
        # 300 × 200 m, above the severe threshold of 5 ha: −2 becomes 3
        _zone("zone_a_urbaniser_sans_fibre", C, "1AUc-Les Prés d'Ô", 3, meadows),
        _zone("zone_a_urbaniser_sans_fibre", D, "1AUc-La Gare", 2, station),
        _zone("zone_a_urbaniser_sans_fibre", A, "1AUc-Clos Fleuri", 2, orchard, (2023,)),
        _zone("zone_a_urbaniser_sans_fibre", E, "1AUc-Bel Air", 2, airy, (2023,)),
        _zone("zone_a_urbaniser_sans_fibre", F, "1AUc-Le Moulin", 2, mill, (2023,)),
    ]
    business = Box(3200, 2400, 3500, 2700)
    urban = [
        Expected(
            "zone_urbaine_fibre_faible",
            D,
            "",
            1,
            surface_m2=800 * 800 + 300 * 300,
            nombre=2,
            people=people_in(VILLAGES[D], business),
        ),
        *(
            Expected(
                "zone_urbaine_fibre_faible", unit, "", 1, 800 * 800, people=people_in(VILLAGES[unit]), years=(2023,)
            )
            for unit in (C, E)
        ),
    ]
    closed = [
        Expected("reseau_en_zone_fermee", A, "", 2, longueur_m=1800 - 600),
        Expected("reseau_en_zone_fermee", B, "", 1, longueur_m=7400 - 7000),
    ]
    schools, orchard27, pond = Box(9800, 4400, 10000, 4550), Box(2600, 6000, 2800, 6100), Box(5200, 2200, 5300, 2300)
    sectors = [
        _zone("secteur_numerique_non_tenu", C, "Qualité numérique renforcée - Les Écoles", 3, schools),
        _zone("secteur_numerique_non_tenu", A, "Qualité numérique renforcée - Clos Fleuri", 3, orchard27, (2023,)),
        _zone("secteur_numerique_non_tenu", E, "Qualité numérique renforcée - L'Étang", 3, pond, (2023,)),
    ]
    moor = Box(2400, 1700, 2500, 1900)  # nobody lives there: 0, not unknown
    valley = [
        # (1000, 500)–(1400, 1100), of which y from 600 on is in the hole
        _zone("desserte_numerique_hors_mobile", D, "Desserte numérique - Le Val", 2, Box(1000, 600, 1400, 1100)),
        _zone("desserte_numerique_hors_mobile", D, "Desserte numérique - La Lande", 2, moor),
    ]
    return [*open_zones, *urban, *closed, *sectors, *valley]


def _node(rule: str, unit: str, label: str, severity: int, x: float, y: float, **more: Any) -> Expected:
    return Expected(rule, unit, label, severity, people=people_around((x, y), radius=1000), **more)


def _risks() -> list[Expected]:
    exposed = Box(2100, 1000, 2600, 2000)  # hazard zone 1, where it lies in the hole
    assert exposed.area == Z_STRONG_D.common_area(_HOLE_D)
    return [
        _node("site_mobile_en_alea_fort", D, "S-D1 : SFR", 2, 2900, 1500),
        # 2,400 inhabitants within 1 km: severe; in 2025 two operators share the mast: one finding
        _node("site_mobile_en_alea_fort", B, "S-B1 : Orange", 3, 6000, 6500, years=(2023,)),
        _node(
            "site_mobile_en_alea_fort", B, "S-B1 : Bouygues Telecom ; Orange", 3, 6000, 6500, nombre=2, years=(2025,)
        ),
        _node("noeud_optique_en_alea", E, "SRO-E3", 2, 7200, 700),
        _node("noeud_optique_inondable", E, "NRO-E1", 3, 4600, 3700),
        _node("noeud_optique_inondable", E, "SRO-E1", 3, 4380, 3600),
        Expected("cable_en_alea_fort", D, "", 2, longueur_m=3200 - 2100),
        Expected("cable_en_alea_fort", B, "", 1, longueur_m=6200 - 5900),
        Expected("population_exposee_hors_alerte", D, "", 3, surface_m2=500 * 1000, people=people_in(exposed)),
        Expected(
            "arret_en_alea_hors_couverture", D, "Montcorbin, le Gué", 2, people=people_around((2200, 1400), radius=300)
        ),
    ]


def _ecology() -> list[Expected]:
    return [
        Expected("site_mobile_en_espace_protege", C, "S-C1 : Free Mobile", 2, years=(2025,)),
        Expected("site_mobile_en_corridor", A, "S-A2 : SFR", 1),
        Expected("site_mobile_en_corridor", F, "S-F1 : Free Mobile", 1, years=(2025,)),
        Expected("cable_en_reservoir", A, "", 1, longueur_m=3300 - 2800),
        Expected("site_mobile_en_bois_classe", E, "S-E1 : Orange", 3),
    ]


def _mobility() -> list[Expected]:
    valley_stops = [(1000, 1000), (2200, 1400), (1600, 1400)]
    return [
        Expected("arret_hors_couverture", D, "", 1, nombre=3, people=people_around(*valley_stops, radius=300)),
        Expected("arret_hors_couverture", C, "", 1, people=people_around((10600, 6400), radius=300)),
        # line 1: 1,600 m + 400 m; line 2 runs along the first 1,000 of them, which count again
        Expected("ligne_hors_couverture", D, "", 1, longueur_m=1600 + 400 + 1000, nombre=2),
        Expected("cyclable_hors_couverture", C, "", 1, longueur_m=7600 - 6000),
        Expected("voirie_hors_couverture", D, "", 1, longueur_m=2000 + 1600, nombre=2),
        Expected("voirie_hors_couverture", B, "", 1, longueur_m=5200 - 4400, years=(2023,)),
        Expected("cyclable_projete_en_air_degrade", A, "", 2, longueur_m=1700 - 1000),
    ]


def _services() -> list[Expected]:
    far = [(square, people) for square, people, unit in SQUARES if unit == D and _is_far(square)]
    school = "etablissement_scolaire_sans_fibre"
    return [
        Expected(
            "mediation_loin_des_transports", F, "Maison du Ménil", 2, people=people_around((10000, 1800), radius=1500)
        ),
        Expected(
            "population_fragile_sans_mediation",
            D,
            "",
            2,
            surface_m2=12 * 200 * 200,
            nombre=12,
            people=people_in(*(square for square, _ in far)),
        ),
        Expected(school, D, "École de l'Étang", 2, people=people_around((400, 3400), radius=500)),
        Expected(school, D, "Collège Rosa-Gué", 2, people=people_around((2200, 1300), radius=500)),
        Expected(school, C, "École du Col", 2, people=people_around((11200, 5200), radius=500), years=(2023,)),
        Expected(school, E, "École des Landes", 2, people=people_around((7000, 1000), radius=500), years=(2023,)),
        Expected("pilotage_energie_sans_reseau", D, "Salle du Val", 1),
        Expected("pilotage_energie_sans_reseau", C, "Refuge du Col", 1, years=(2023,)),
        Expected(
            "reemploi_loin_des_transports",
            E,
            "Ressourcerie des Landes",
            1,
            people=people_around((7800, 3500), radius=1500),
        ),
    ]


def _is_far(square: Box) -> bool:
    """Tell whether a square of Montcorbin is in one of its three hamlets, 1,844 m or more from the mediation place."""
    hamlets = (H1_D, Box(800, 800, 1200, 1200), Box(200, 3200, 600, 3600))
    return any(square.common_area(hamlet) for hamlet in hamlets)


def _synergies() -> list[Expected]:
    near, fragile = "mediation_pres_des_transports", "mediation_en_secteur_fragile"
    return [
        _zone("zone_a_urbaniser_fibree", A, "1AUc-Clos Fleuri", 2, Box(2600, 5600, 2800, 5800), (2025,)),
        _zone("zone_a_urbaniser_fibree", B, "1AUc-La Fontaine", 2, Box(7000, 5600, 7300, 5800)),
        Expected(near, A, "France services de Valdombre", 2, people=people_around((2000, 6100), radius=1500)),
        Expected(near, B, "Médiathèque de Saint-Érembert", 2, people=people_around((6000, 5900), radius=1500)),
        Expected(near, C, "France services de L'Hôpital", 2, people=people_around((9000, 5350), radius=1500)),
        Expected(near, D, "Espace numérique de l'Évêché", 2, people=people_around((2800, 3400), radius=1500)),
        Expected(fragile, C, "France services de L'Hôpital", 2, people=people_around((9000, 5350), radius=1500)),
        Expected(fragile, D, "Espace numérique de l'Évêché", 2, people=people_around((2800, 3400), radius=1500)),
        Expected("etablissement_scolaire_fibre", A, "", 2, nombre=3, years=(2025,)),
        Expected("etablissement_scolaire_fibre", B, "", 2, nombre=2),
        Expected("support_partage_en_zone_urbaine", A, "900001", 1),
        Expected("pilotage_energie_raccorde", A, "Hôtel de ville", 1, years=(2025,)),
        Expected("pilotage_energie_raccorde", B, "Piscine d'Ô", 1),
    ]
