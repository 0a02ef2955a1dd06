"""The drawing: communes, hazards, networks and people as boxes, segments and points, on round metres.

Coordinates are local metres: (0, 0) is the south-west corner of the territory, `ORIGIN` in Lambert-93. The
territory is six squares of 4 km; the border between Montcorbin and Rochenoire is slanted::

    y 8000 ┌─────────┬─────────┬─────────┐
           │ 99101 A │ 99102 B │ 99103 C │     A, B: fibred (98 %, 97 %)     C: 51 %
    y 4000 ├─────────┼─────────┼─────────┤
           │ 99104 D│  99105 E │ 99106 F │     D: 45 %     E: unknown        F: 81 %
    y    0 └────────┴──────────┴─────────┘
          x 0      3800/4000  8000     12000
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, pi

ORIGIN = (720_000, 6_520_000)
SEED = 20250101
NOTICE = "Territoire entièrement fictif : communes, habitants, réseaux et chiffres sont inventés."


@dataclass(frozen=True)
class Box:
    """A rectangle, in local metres."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        """Area in m²."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    @property
    def center(self) -> tuple[float, float]:
        """Middle point."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def common_area(self, other: Box) -> float:
        """Area shared with another box, in m²."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(width, 0.0) * max(height, 0.0)

    def nearest_and_farthest(self, x: float, y: float) -> tuple[float, float]:
        """Distances from a point to the nearest and to the farthest place of the box."""
        dx, dy = max(self.x0 - x, 0, x - self.x1), max(self.y0 - y, 0, y - self.y1)
        far_x, far_y = max(abs(x - self.x0), abs(x - self.x1)), max(abs(y - self.y0), abs(y - self.y1))
        return hypot(dx, dy), hypot(far_x, far_y)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is inside; a point on the border is a fault of the drawing."""
        if (x in (self.x0, self.x1) and self.y0 <= y <= self.y1) or (
            y in (self.y0, self.y1) and self.x0 <= x <= self.x1
        ):
            raise ValueError(f"({x}, {y}) lies on the border of {self}")
        return self.x0 < x < self.x1 and self.y0 < y < self.y1


A, B, C, D, E, F = "99101", "99102", "99103", "99104", "99105", "99106"
NAMES = {
    A: "Valdombre-le-Haut",
    B: "Saint-Érembert-d'Ô",
    C: "L'Hôpital-sous-Brume",
    D: "Montcorbin-l'Évêque",
    E: "Rochenoire-ès-Landes",
    F: "Le Ménil-aux-Ormeaux",
}
COMMUNES = {
    A: [(0, 4000), (4000, 4000), (4000, 8000), (0, 8000)],
    B: [(4000, 4000), (8000, 4000), (8000, 8000), (4000, 8000)],
    C: [(8000, 4000), (12000, 4000), (12000, 8000), (8000, 8000)],
    D: [(0, 0), (3800, 0), (4000, 4000), (0, 4000)],
    E: [(3800, 0), (8000, 0), (8000, 4000), (4000, 4000)],
    F: [(8000, 0), (12000, 0), (12000, 4000), (8000, 4000)],
}

# --- people: 200 m squares, given by blocks of squares that hold the same number of inhabitants each ---------------
VILLAGES = {
    A: Box(1600, 5600, 2400, 6400),
    B: Box(5600, 5600, 6400, 6400),
    C: Box(8600, 4800, 9400, 5600),
    D: Box(2200, 2800, 3000, 3600),
    E: Box(5600, 1600, 6400, 2400),
    F: Box(9600, 1600, 10400, 2400),
}
H1_D, H2_D, H3_D = Box(2000, 1200, 2400, 1600), Box(800, 800, 1200, 1200), Box(200, 3200, 600, 3600)
H1_C, H2_C = Box(11000, 5000, 11400, 5400), Box(10400, 6200, 10800, 6600)
H1_E, H2_E, H3_E = Box(6800, 800, 7200, 1200), Box(4400, 3000, 4800, 3400), Box(7400, 3000, 7800, 3400)
#: (block, inhabitants of each square, commune)
BLOCKS = [
    (VILLAGES[A], 150, A),
    (VILLAGES[B], 150, B),
    (VILLAGES[C], 40, C),
    (VILLAGES[D], 50, D),
    (VILLAGES[E], 60, E),
    (VILLAGES[F], 45, F),
    (H1_D, 10, D),
    (H2_D, 10, D),
    (H3_D, 20, D),
    (H1_C, 5, C),
    (H2_C, 5, C),
    (H1_E, 25, E),
    (H2_E, 15, E),
    (H3_E, 10, E),
    (Box(2600, 5600, 2800, 5800), 12, A),
    (Box(2600, 6000, 2800, 6200), 4, A),
    (Box(7000, 5600, 7200, 5800), 6, B),
    (Box(9400, 4800, 9600, 5000), 10, C),
    (Box(9800, 4400, 10000, 4600), 16, C),
    (Box(3200, 3000, 3400, 3200), 8, D),
    (Box(5000, 1600, 5200, 1800), 14, E),
    (Box(5200, 2200, 5400, 2400), 8, E),
    (Box(10600, 1600, 10800, 1800), 14, F),
]
#: (square, inhabitants, commune); each square holds one building, 30 m east and 20 m north of its middle.
SQUARES = [
    (Box(x, y, x + 200, y + 200), people, commune)
    for block, people, commune in BLOCKS
    for x in range(int(block.x0), int(block.x1), 200)
    for y in range(int(block.y0), int(block.y1), 200)
]


def premises(people: int) -> int:
    """Return the premises (dwellings and shops) of a square: one for two inhabitants, and one more."""
    return people // 2 + 1


def building_of(square: Box) -> tuple[float, float]:
    """Return the place of the building that stands for a square."""
    return square.center[0] + 30, square.center[1] + 20


def people_in(*boxes: Box) -> tuple[float, float]:
    """Return inhabitants (by area) and premises (by building) in boxes that do not overlap."""
    people = sum(n * square.common_area(box) / square.area for square, n, _ in SQUARES for box in boxes)
    places = sum(premises(n) for square, n, _ in SQUARES for box in boxes if box.holds(*building_of(square)))
    return people, places


def people_around(*points: tuple[float, float], radius: float) -> tuple[float, float]:
    """Return inhabitants and premises within `radius` metres of any of the points.

    The drawing is such that each square is wholly within, or wholly out of, every disc: the count is then exact,
    whether a disc is a circle or the 64-sided polygon inscribed in it.
    """
    people = places = 0.0
    for square, n, _ in SQUARES:
        reached = False
        for x, y in points:
            near, far = square.nearest_and_farthest(x, y)
            if near < radius and far > radius * cos(pi / 64):
                raise ValueError(f"{square} straddles the circle of {radius} m around ({x}, {y})")
            reached |= far <= radius * cos(pi / 64)
        people, places = people + n * reached, places + premises(n) * reached
    return people, places


# --- urban planning --------------------------------------------------------------------------------------------------
#: (label, type, box, commune); the rest of each commune is an agricultural and a natural zone.
ZONES = [
    *(("UA", "U", box, commune) for commune, box in VILLAGES.items()),
    ("UX", "U", Box(3200, 2400, 3500, 2700), D),
    ("1AUc-Clos Fleuri", "AUc", Box(2600, 5600, 2800, 5800), A),
    ("1AUc-La Fontaine", "AUc", Box(7000, 5600, 7300, 5800), B),
    ("1AUc-Les Prés d'Ô", "AUc", Box(9500, 4800, 9800, 5000), C),
    ("1AUc-Le Lavoir", "AUc", Box(9500, 5200, 9540, 5240), C),
    ("1AUc-La Gare", "AUc", Box(3200, 3000, 3400, 3100), D),
    ("1AUc-Bel Air", "AUc", Box(5000, 1600, 5200, 1800), E),
    ("1AUc-Le Moulin", "AUc", Box(10600, 1600, 10800, 1800), F),
    ("2AUs-Grand Champ", "AUs", Box(400, 7000, 1800, 7400), A),
    ("2AUs-Les Hauts", "AUs", Box(7000, 6800, 7400, 7200), B),
    ("2AUs-Le Bief", "AUs", Box(11000, 2600, 11090, 2800), F),
]
#: An invalid zone: its two triangles cover half of the box.
BOW_TIE = Box(11400, 3400, 11600, 3600)
#: (label, TYPEPSC, STYPEPSC, box, commune)
PRESCRIPTIONS = [
    ("Qualité numérique renforcée - Clos Fleuri", "27", "00", Box(2600, 6000, 2800, 6100), A),
    ("Qualité numérique renforcée - Les Écoles", "27", "00", Box(9800, 4400, 10000, 4550), C),
    ("Qualité numérique renforcée - Îlot", "27", "00", Box(3300, 3400, 3330, 3430), D),
    ("Qualité numérique renforcée - L'Étang", "27", "00", Box(5200, 2200, 5300, 2300), E),
    ("Desserte numérique - Le Val", "47", "05", Box(1000, 500, 1400, 1100), D),
    ("Desserte numérique - La Lande", "47", "05", Box(2400, 1700, 2500, 1900), D),
    ("Desserte numérique - Le Col", "47", "05", Box(9970, 7570, 10030, 7630), C),
    ("Desserte en eau - Le Val", "47", "04", Box(1600, 700, 1800, 900), D),
    ("Espace boisé classé - Bois de l'Orme", "01", "00", Box(4400, 400, 4800, 800), E),
    ("Continuité écologique - La Haie", "25", "00", Box(7000, 3200, 7600, 3600), E),
]

# --- risks -----------------------------------------------------------------------------------------------------------
Z_STRONG_D = Box(2100, 1000, 3200, 2000)
Z_MANY_B = Box(5900, 6450, 6200, 6750)
Z_LOW_F = Box(8400, 3000, 9000, 3600)
Z_EMPTY_C = Box(11000, 7000, 11400, 7400)
Z_MEDIUM_E = Box(7000, 400, 7600, 1000)
Z_STRONG_E = Box(7700, 2600, 7740, 3000)
#: (id_zone, box, CODERISQUE, NIVALEA, NIVALEA_ST, commune)
HAZARDS = [
    (1, Z_STRONG_D, "1120000", "F", "04", D),
    (2, Z_MANY_B, "9999999", "M", "02", B),
    (3, Z_LOW_F, "1230000", "Fai", "01", F),
    (4, Z_EMPTY_C, "1230000", "M", "02", C),
    (5, Z_MEDIUM_E, "1120000", "M+", "03", E),
    (6, Z_STRONG_E, "1130000", "F+", "05", E),
]
#: 1-n table of zone 2: its highest level (06: very high) is above the published one (02: medium).
MANY_HAZARDS = [(2, "1120000", "M", "02"), (2, "1230000", "TF", "06")]
#: TRI: (code of the layer, SCENARIO, box): each within the next.
FLOODS = [
    ("FOR", "01For", Box(4100, 3400, 4400, 3700)),
    ("MOY", "02Moy", Box(4100, 3200, 4700, 3800)),
    ("FAI", "04Fai", Box(4060, 3000, 5200, 3900)),
]

# --- ecology ---------------------------------------------------------------------------------------------------------
#: (name, kind, box)
NETWORK = [
    ("Réservoir des Combes", "reservoir", Box(2800, 6800, 3600, 7600)),
    ("Réservoir du Pré-Clos", "reservoir", Box(4800, 7400, 5200, 7800)),
    ("Corridor de l'Ombre", "corridor", Box(8600, 400, 11600, 800)),
]
#: (name, kind, box): the two areas overlap, and hold the same mast.
PROTECTED = [
    ("Réserve de la Brume", "RNN", Box(8200, 6800, 9000, 7600)),
    ("Landes de l'Hôpital", "N2000", Box(8200, 6800, 8800, 7700)),
]

# --- mobile coverage -------------------------------------------------------------------------------------------------
#: Out of reach of every operator and technology.
HOLES = {2025: [Box(600, 600, 2600, 2200), Box(10000, 6000, 11600, 7600)]}
HOLE_B = Box(4400, 4400, 5200, 5000)
HOLES[2023] = [*HOLES[2025], HOLE_B]
#: (identifier, network code, x, y, in 2023 already)
SITES = [
    ("S-A1", "20801", 2000, 6000, True),
    ("S-A1", "20801", 2000, 6000, True),  # written twice: a dirty case, where no rule looks
    ("S-A2", "20810", 3200, 7200, True),
    ("S-B1", "20801", 6000, 6500, True),
    ("S-B1", "20820", 6000, 6500, False),
    ("S-C1", "20815", 8600, 7200, False),
    ("S-C2", "20801", 9010, 7200, True),
    ("S-D1", "20810", 2900, 1500, True),
    ("S-E1", "20801", 4600, 600, True),
    ("S-E2", "20820", 7300, 3400, True),
    ("S-E3", "20810", 7400, 800, True),
    ("S-F1", "20815", 9000, 600, False),
    ("S-F2", "20801", 8800, 3400, True),
    ("S-F3", "20801", 10010, 2010, True),
    ("S-X1", "20801", -300, 2000, True),  # outside the territory
]
#: (SUP_ID, x, y, operators, height)
SUPPORTS = [
    (900001, 1900, 5900, ("ORANGE", "SFR", "FREE MOBILE"), 32.5),
    (900002, 2100, 6100, ("ORANGE", "SFR"), 18.0),
    (900003, 2800, 7800, ("ORANGE", "SFR", "BOUYGUES TELECOM"), 40.0),
    (900004, 9000, 600, ("FREE MOBILE",), 35.0),
]
#: premises passed by quarter; None: not published. (dwellings, establishments) follow, None written as a dash.
FIBRE = {
    A: (1200, 1960, (1900, 100)),
    B: (1536, 1552, (1500, 100)),
    C: (240, 408, (800, None)),
    D: (60, 270, (560, 40)),
    E: (160, None, (750, 50)),
    F: (790, 810, (950, 50)),
}
#: (code, level, x, y)
NODES = [
    ("NRO-E1", "NRO", 4600, 3700),
    ("SRO-E1", "SRO", 4380, 3600),
    ("SRO-E2", "SRO", 5000, 3850),
    ("SRO-E3", "SRO", 7200, 700),
    ("SRO-F1", "SRO", 8600, 3200),
    ("NRO-A1", "NRO", 2050, 5950),
    ("SRO-C1", "SRO", 8900, 5000),
    ("PBO-D1", "PBO", 2600, 1500),
    ("PBO-A1", "PBO", 1850, 5800),
]
#: (code, level T or D, points); those of CABLES_PLANNED are yet to be laid
CABLES_PLANNED = ("CB-A2",)
CABLES = [
    ("CB-T1", "TR", [(2000, 6000), (9000, 6000)]),
    ("CB-A1", "DI", [(2000, 7200), (600, 7200)]),
    ("CB-A2", "DI", [(2500, 7000), (3300, 7000)]),
    ("CB-B1", "DI", [(6400, 7000), (7600, 7000)]),
    ("CB-B2", "DI", [(4500, 7600), (4840, 7600)]),
    ("CB-B3", "DI", [(5700, 6700), (6300, 6700)]),
    ("CB-D1", "DI", [(1500, 1900), (3500, 1900)]),
    ("CB-E1", "DI", [(7500, 2800), (7900, 2800)]),
    ("CB-F1", "DI", [(10800, 2700), (11400, 2700)]),
    ("CB-F2", "DI", [(10000, 1600), (10000, 300)]),
]

# --- mobility --------------------------------------------------------------------------------------------------------
#: (stop_id, name, location_type, x, y)
STOPS = [
    ("A0", "Valdombre, gare d'Ô", 1, 2000, 6000),
    ("A1", "Valdombre, place de l'Église", 0, 2000, 6000),
    ("B1", "Saint-Érembert, mairie", 0, 6000, 5700),
    ("C1", "L'Hôpital, centre", 0, 9000, 5200),
    ("C2", "L'Hôpital, le Col", 0, 10600, 6400),
    ("D0", "Montcorbin, évêché", 0, 2800, 3200),
    ("D1", "Montcorbin, le Val", 0, 1000, 1000),
    ("D2", "Montcorbin, le Gué", 0, 2200, 1400),
    ("D3", "Montcorbin, la Croix", 0, 1600, 1400),
    ("E1", "Rochenoire, école", 0, 6000, 1600),
    ("F1", "Le Ménil, église", 0, 9200, 1800),
]
#: line → (name, stops served, drawn path)
LINES = {
    "L1": (
        "1",
        ["D0", "D2", "D3", "D1"],
        [(2800, 3200), (2800, 1400), (2200, 1400), (1600, 1400), (1000, 1400), (1000, 1000)],
    ),
    "L2": (
        "2",
        ["F1", "E1", "D0", "D3"],
        [(9200, 1800), (6000, 1600), (2800, 3200), (2800, 1400), (2200, 1400), (1600, 1400)],
    ),
    "L3": (
        "3",
        ["A1", "B1", "C1", "C2"],
        [(2000, 6000), (6000, 5700), (9000, 5200), (10600, 5200), (10600, 6400)],
    ),
}
#: (identifier, STATUT_D, kind, points)
CYCLES = [
    ("CY-C1", "EN SERVICE", "VOIE VERTE", [(11000, 5600), (11000, 7800)]),
    ("CY-D1", "EN SERVICE", "BANDE CYCLABLE", [(2450, 2100), (3400, 2100)]),
    ("CY-A1", "EN TRAVAUX", "PISTE CYCLABLE", [(800, 5200), (1900, 5200)]),
    ("CY-A2", "EN SERVICE", "PISTE CYCLABLE", [(800, 5300), (1900, 5300)]),
    ("CY-B1", "EN TRAVAUX", "PISTE CYCLABLE", [(7100, 5200), (7400, 5200)]),
    ("CY-E1", "EN TRAVAUX", "BANDE CYCLABLE", [(4500, 1300), (5300, 1300)]),
]
#: (name, kind, points)
ROADS = [
    ("D 901", "Départementale", [(200, 1800), (3600, 1800)]),
    ("Rue de l'Abbaye", "Communale", [(1400, 200), (1400, 2600)]),
    ("D 902", "Départementale", [(4200, 4700), (6000, 4700), (7800, 4700)]),
    ("Chemin du Col", "Communale", [(9700, 7000), (10300, 7000)]),
    ("D 903", "Départementale", [(500, 5900), (11500, 5900)]),
    ("D 904", "Départementale", [(3000, 5900), (3000, 1800)]),
    ("D 905", "Départementale", [(6000, 5900), (6000, 4700), (6000, 1700)]),
    ("D 906", "Départementale", [(6000, 1700), (10200, 1700)]),
    ("Rue de la Brume", "Communale", [(9000, 5900), (9000, 4600)]),
    ("Rue des Halles", "Communale", [(2000, 5900), (2000, 6600)]),
]

# --- people and services ---------------------------------------------------------------------------------------------
#: (identifier, name, kind, x, y)
MEDIATION = [
    ("FS1", "France services de Valdombre", "france_services", 2000, 6100),
    ("FS2", "France services de L'Hôpital", "france_services", 9000, 5350),
    ("DI1", "Médiathèque de Saint-Érembert", "data_inclusion", 6000, 5900),
    ("DI2", "Espace numérique de l'Évêché", "data_inclusion", 2800, 3400),
    ("DI3", "Café des usages de Rochenoire", "data_inclusion", 6000, 2000),
    ("DI4", "Maison du Ménil", "data_inclusion", 10000, 1800),
]
#: index of digital fragility; None: not published
FRAGILITY = {A: 3.0, B: 4.5, C: 6.0, D: 7.5, E: None, F: 5.9}
#: people out of school aged 15 and over, and those with few diplomas; None: not published
DIPLOMAS = {A: (1800, 270), B: (1800, 360), C: None, D: (700, 245), E: (800, 200), F: (560, 140)}
#: living standard of the poorest squares of each commune, in euros a year
STANDARD = {A: 24000.0, B: 22500.0, C: 18000.0, D: 16500.0, E: 19500.0, F: 20000.0}
#: (UAI, name, kind, pupils, IPS, x, y)
SCHOOLS = [
    ("0990001A", "École de l'Étang", "Ecole", 48, 92.3, 400, 3400),
    ("0990002B", "Collège Rosa-Gué", "Collège", 210, 88.1, 2200, 1300),
    ("0990003C", "École Jules-Ferment", "Ecole", 120, 110.4, 1900, 5700),
    ("0990004D", "Collège du Haut-Val", "Collège", 380, 112.0, 2200, 5900),
    ("0990005E", "Lycée d'Ombre", "Lycée", 640, 108.7, 2300, 6200),
    ("0990006F", "École d'Ô", "Ecole", 95, 104.2, 5900, 5800),
    ("0990007G", "Collège Érembert", "Collège", 330, 101.5, 6100, 6100),
    ("0990008H", "École du Col", "Ecole", 22, None, 11200, 5200),
    ("0990009J", "École des Landes", "Ecole", 35, 96.0, 7000, 1000),
    ("0990010K", "École du Ménil", "Ecole", 60, 99.9, 9900, 2100),
]
#: (name, floor area, kWh a year, remote control, x, y)
PUBLIC_BUILDINGS = [
    ("Salle du Val", 420, 61000, True, 1200, 1700),
    ("Ancienne école du Val", 180, 20000, False, 1300, 1700),
    ("Gymnase de l'Évêché", 1500, 190000, True, 2600, 3400),
    ("Refuge du Col", 150, 12000, True, 11200, 6200),
    ("Hôtel de ville", 2300, 310000, True, 2100, 5900),
    ("Piscine d'Ô", 1800, 900000, True, 6100, 5900),
    ("Bibliothèque", 700, 70000, False, 6200, 6000),
    ("Mairie du Ménil", 300, 40000, True, 10100, 2000),
    ("Halle de Rochenoire", 600, 35000, None, 6100, 1900),
]
#: (year, kWh a year) of the reference of the tertiary decree; those that are not here have declared none
REFERENCES = {
    "Gymnase de l'Évêché": (2015, 280000),
    "Hôtel de ville": (2010, 600000),
}
#: lines of (copper, fibre) in service; None: not published
LINES_IN_SERVICE = {A: (120, 1500), B: (90, 1210), C: (310, 260), D: (350, 140), E: (480, None), F: (150, 620)}
#: (name, kind, x, y)
REUSE = [
    ("Ressourcerie des Landes", "ressourcerie", 7800, 3500),
    ("Repair café d'en haut", "repair_cafe", 2000, 6480),
]
#: (theme, title, body, state, (supports, endorsements), address, place)
PROPOSALS = [
    (
        "Couverture",
        "Aucun réseau au Val",
        "<p>Pas de réseau&nbsp;: l'alerte n'arrive pas.</p>",
        "accepted",
        (42, 5),
        "",
        (1000, 900),
    ),
    ("Fibre", "La fibre à la Gare", "<p>Quand viendra-t-elle&nbsp;?</p>", "evaluating", (17, 0), "", (3300, 3050)),
    ("Antenne", "Une antenne dans la réserve", "<p>Trop près des oiseaux.</p>", "rejected", (29, 3), "", (8600, 7100)),
    (
        "Inclusion",
        "Un bus pour la Maison du Ménil",
        "<p>Sans voiture, comment faire&nbsp;?</p>",
        "",
        (12, 1),
        "",
        (9900, 1900),
    ),
    ("Fibre", "Proposition retirée", "<p>Doublon.</p>", "withdrawn", (0, 0), "", (3200, 3000)),
    ("Fibre", "Et Rochenoire ?", "<p>Rien d'annoncé.</p>", "", (8, 0), "Rue Basse, 99105 Rochenoire-ès-Landes", None),
    ("Mobilité", "Des horaires en temps réel", "<p>À chaque arrêt.</p>", "", (6, 0), "", None),
    ("Couverture", "Coupures à l'Évêché", "<p>Chaque soir.</p>", "", (9, 2), "", (2600, 3300)),
    ("Inclusion", "Des ateliers à la médiathèque", "<p>Le samedi.</p>", "", (15, 0), "", (6000, 5900)),
    ("Divers", "Un banc devant la mairie", "<p>À l'ombre.</p>", "", (3, 0), "", (2000, 6000)),
]
#: theme → objective of the plan
OBJECTIVES = {
    "Couverture": "numerique",
    "Fibre": "numerique",
    "Inclusion": "inclusion",
    "Mobilité": "mobilite",
    "Antenne": "biodiversite",
}
#: share of satisfied answers from which the forty of each commune are drawn
SATISFIED = {A: 0.8, B: 0.75, C: 0.5, D: 0.3, E: 0.6, F: 0.65}
#: (covered, operator, technology, x, y): what inhabitants say of mobile coverage where they are
DECLARATIONS = [
    ("non", "Orange", "4G", 1000, 900),
    ("non", "Orange", "4G", 2000, 1500),
    ("oui", "Orange", "4G", 3000, 3000),
    ("non", "Orange", "4G", 2500, 3300),
    ("non", "SFR", "4G", 3600, 2000),
    ("oui", "Orange", "5G", 2000, 6000),
    ("oui", "Free Mobile", "4G", 1700, 5800),
    ("non", "Orange", "4G", 2200, 6300),
    ("oui", "Orange", "3G", 9000, 5200),
    ("non", "Orange", "4G", 10800, 6400),
    ("non", "SFR", "4G", 10300, 5300),
    ("oui", "Orange", "4G", 6000, 5900),
    ("oui", "", "", 6100, 5800),
    ("non", "Orange", "4G", 5800, 6200),
    ("oui", "Free Mobile", "4G", 6000, 2000),
    ("", "Orange", "4G", 6100, 1900),
    ("oui", "Orange", "4G", 10000, 1900),
    ("non", "Free Mobile", "4G", 10100, 2100),
]
#: (name, code of the database of facilities, x, y)
HEALTH = [
    ("Cabinet du Haut-Val", "D265", 2100, 5950),
    ("Pharmacie d'Ô", "D307", 6100, 5850),
    ("Maison de santé de Brume", "D108", 9100, 5700),
    ("Pharmacie des Landes", "D307", 5900, 2050),
]
#: (name, NO2, PM2.5, Lden, box)
AIR = [
    ("Carrefour d'Ô", 42.0, 12.0, 68.0, Box(1000, 5000, 1700, 5500)),
    ("Pont de la Fontaine", 40.1, 11.0, 66.0, Box(7200, 5000, 7290, 5400)),
    ("Route des Landes", 40.0, 10.0, 65.0, Box(4600, 1200, 5200, 1400)),
    ("Le Ménil", None, 9.0, 60.0, Box(9600, 1600, 10400, 2400)),
]
