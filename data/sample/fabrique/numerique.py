"""Digital networks: ARCEP (fibre, buildings, sites, coverage), ANFR supports, a GraceTHD delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from .dessin import (
    CABLES,
    CABLES_PLANNED,
    FIBRE,
    HOLE_B,
    LINES_IN_SERVICE,
    NAMES,
    NODES,
    SITES,
    SQUARES,
    SUPPORTS,
    Box,
    building_of,
    premises,
)
from .ecriture import degrees, lambert, layer, line, point, rectangle, write_csv, write_shapefile

OPERATORS = {"20801": "Orange", "20810": "SFR", "20815": "Free Mobile", "20820": "Bouygues Telecom"}
_FIBRE_TITLES = [
    "Réseaux en fibre optique jusqu'à l'abonné (FttH),,,,",
    "Déploiement par Commune (données fictives),,,,",
]


def write(folder: Path) -> None:
    """Write every file of the theme."""
    place = folder / "numerique"
    _fibre(place)
    lines = [[code, copper, fibre] for code, (copper, fibre) in LINES_IN_SERVICE.items()]
    write_csv(place / "lignes_en_service.csv", ["code_insee", "lignes_cuivre", "lignes_fibre"], lines)
    _buildings(place)
    for year in (2025, 2023):
        _sites(place, year)
        _coverage(place / f"couverture_{year}_T4", year)
    _supports(place / "anfr")
    _optical(place / "gracethd_shpcsv")


def _fibre(place: Path) -> None:
    """Write the ARCEP tables: title lines, no-break spaces between thousands, a dash for nought."""
    rows: list[list[Any]] = []
    for code, (before, now, _) in FIBRE.items():
        rows.append([code, "Locaux Raccordables", before, "n.d." if now is None else now])
        rows.append([code, "Catégorie", 0, 0])
    rows.append(["1999", "Locaux Raccordables", 10, 12])  # a neighbour, whose code has lost its leading zero
    titles = [*_FIBRE_TITLES, ",,,", ",,,"]
    columns = ["Code commune", "Champ", "T4 2023", "T4 2025"]
    write_csv(place / "arcep_ftth_communes.csv", columns, rows, separator=",", above=titles)
    counts = [
        [code, NAMES[code], 99, 99, "999999999", _thousands(dwellings), _thousands(shops)]
        for code, (_, _, (dwellings, shops)) in FIBRE.items()
    ]
    counts.append(["1999", "Commune voisine (fictive)", 99, "01", "999999998", _thousands(20), _thousands(None)])
    columns = [
        "Code commune",
        "Nom commune",
        "Code région",
        "Code département",
        "Siren EPCI",
        "Logements",
        "Établissements",
    ]
    write_csv(place / "arcep_ftth_locaux.csv", columns, counts, separator=",", above=titles)


def _thousands(number: int | None) -> str:
    return " -    " if number is None else f" {number:,}    ".replace(",", "\u00a0")


def _buildings(place: Path) -> None:
    """Write one building a square: deployed in the same order as the squares, as far as the rate of the commune."""
    rows = []
    for number, (square, people, commune) in enumerate(SQUARES, 1):
        x, y = lambert(*building_of(square))
        _, passed, (dwellings, shops) = FIBRE[commune]
        rate = 0.2 if passed is None else passed / (dwellings + (shops or 0))
        state = "déployé" if (number * 37) % 100 < 100 * rate else "en cours de déploiement"
        rows.append([f"IMB/99/{number:05d}", f"{x:.0f}", f"{y:.0f}", commune, premises(people), state])
    columns = ["imb_id", "x", "y", "code_insee", "nbloc", "imb_etat"]
    write_csv(place / "arcep_immeubles.csv", columns, rows)


def _sites(place: Path, year: int) -> None:
    rows = []
    for name, network, x, y, before in SITES:
        if year == 2023 and not before:
            continue
        east, north = lambert(x, y)
        lon, lat = degrees(x, y)
        latest = int(year == 2025 and network == "20801")
        rows.append([network, OPERATORS[network], name, f"{east:.0f}", f"{north:.0f}", lat, lon, "99", 1, 1, 1, latest])
    columns = "code_op;nom_op;id_site_partage;x_lambert_93;y_lambert_93;latitude;longitude;insee_dep"
    columns += ";site_2g;site_3g;site_4g;site_5g"
    write_csv(place / f"{year}_T4_sites_Metropole.csv", columns.split(";"), rows)


def _coverage(folder: Path, year: int) -> None:
    """Write coverage polygons: their union is all but the two holes of 2025, or the three of 2023.

    Orange leaves two holes larger than those; Bouygues Telecom and SFR cover what lies between.
    """
    around = rectangle(Box(-500, -500, 12500, 8500))
    holes = [Box(600, 600, 2600, 3000), Box(10000, 5800, 11800, 7600), *([HOLE_B] if year == 2023 else [])]
    orange = shapely.Polygon(around.exterior, [rectangle(box).exterior.coords[::-1] for box in holes])
    drawn = {
        "OF_4G_data": [("TBC", orange)],
        "OF_2G3G_voix": [("TBC", rectangle(Box(500, 4500, 4000, 7500)))],
        "SFR0_4G_data": [
            ("BC", rectangle(Box(9800, 5000, 12200, 6000))),
            ("CL", rectangle(Box(11600, 5000, 12200, 7800))),
        ],
        "BOUY_4G_data": [("BC", rectangle(Box(0, 2200, 4000, 4200)))],
        "FREE_4G_data": [("CL", rectangle(Box(4000, -500, 12500, 4000)))],
    }
    if year == 2025:
        drawn["OF_5G_data"] = [("BC", rectangle(Box(1000, 5000, 3000, 7000)))]
    for name, polygons in drawn.items():
        frame = layer([{"niveau": level} for level, _ in polygons], [shape for _, shape in polygons])
        write_shapefile(folder / f"{year}_T4_couv_Metropole_{name}.shp", frame, kind="Polygon")


def _supports(folder: Path) -> None:
    operators = {"ORANGE": 23, "SFR": 6, "FREE MOBILE": 240, "BOUYGUES TELECOM": 137}
    supports, stations = [], []
    for number, x, y, present, height in SUPPORTS:
        lon, lat = degrees(x, y)
        for name in present:
            station = f"099{number % 1000:03d}{operators[name]:04d}"
            stations.append([station, operators[name]])
            row = [number, station, 11, *_sexagesimal(lat), "N", *_sexagesimal(lon), "E", str(height).replace(".", ",")]
            supports.append(row)
    columns = "SUP_ID;STA_NM_ANFR;NAT_ID;COR_NB_DG_LAT;COR_NB_MN_LAT;COR_NB_SC_LAT;COR_CD_NS_LAT"
    columns += ";COR_NB_DG_LON;COR_NB_MN_LON;COR_NB_SC_LON;COR_CD_EW_LON;SUP_NM_HAUT"
    write_csv(folder / "SUP_SUPPORT.txt", columns.split(";"), supports, encoding="latin-1")
    write_csv(folder / "SUP_STATION.txt", ["STA_NM_ANFR", "ADM_ID"], stations, encoding="latin-1")
    names = [[number, name] for name, number in operators.items()]
    write_csv(folder / "SUP_EXPLOITANT.txt", ["ADM_ID", "ADM_LB_NOM"], names, encoding="latin-1")
    write_csv(folder / "SUP_NATURE.txt", ["NAT_ID", "NAT_LB_NOM"], [[11, "Pylône autostable"]], encoding="latin-1")


def _sexagesimal(value: float) -> tuple[int, int, int]:
    """Return degrees, minutes and whole seconds, as ANFR publishes them (about 30 m)."""
    seconds = round(value * 3600)
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def _optical(folder: Path) -> None:
    nodes = [
        {"nd_code": code, "nd_type": "PT" if level == "PBO" else "ST", "nd_type_ep": "OPT"} for code, level, *_ in NODES
    ]
    write_shapefile(folder / "t_noeud.shp", layer(nodes, [point(x, y) for *_, x, y in NODES]), kind="Point")
    sites = [[f"ST-{code}", code, code, "REC", "E", level] for code, level, *_ in NODES if level != "PBO"]
    columns = ["st_code", "st_nd_code", "st_nom", "st_statut", "st_avct", "st_typelog"]
    write_csv(folder / "t_sitetech.csv", columns, sites)
    rooms = [[f"LT-{row[1]}", row[0]] for row in sites]
    write_csv(folder / "t_ltech.csv", ["lt_code", "lt_st_code"], rooms)
    boxes = [code for code, level, *_ in NODES if level == "PBO"]
    points = [[f"PT-{code}", code, "REC", "E"] for code in boxes]
    write_csv(folder / "t_ptech.csv", ["pt_code", "pt_nd_code", "pt_statut", "pt_avct"], points)
    columns = ["bp_code", "bp_pt_code", "bp_lt_code", "bp_sf_code", "bp_typelog"]
    write_csv(folder / "t_ebp.csv", columns, [[f"BP-{code}", f"PT-{code}", None, None, "PBO"] for code in boxes])
    _optical_lines(folder)
    _optical_areas(folder)
    lists = {
        "l_site_type_log": [("NRO", "Nœud de raccordement optique"), ("SRO", "Sous-répartiteur optique")],
        "l_infra_type_log": [("TR", "Transport"), ("DI", "Distribution")],
        "l_bp_type_log": [("PBO", "Point de branchement optique")],
        "l_noeud_type": [("ST", "Site technique"), ("PT", "Point technique")],
        "l_statut": [("PRO", "Projet"), ("REC", "Récolement")],
        "l_avancement": [("C", "A créer"), ("E", "Existant")],
    }
    for name, values in lists.items():
        write_csv(folder / f"{name}.csv", ["code", "libelle"], values)


def _optical_lines(folder: Path) -> None:
    """Write the cables; their lines have a third coordinate."""
    states = {True: ("PRO", "C"), False: ("REC", "E")}
    table = [[code, kind, *states[code in CABLES_PLANNED], "C", 96] for code, kind, _ in CABLES]
    columns = ["cb_code", "cb_typelog", "cb_statut", "cb_avct", "cb_typephy", "cb_capafo"]
    write_csv(folder / "t_cable.csv", columns, table)
    rows = [{"cl_code": f"CL-{code}", "cl_cb_code": code} for code, *_ in CABLES]
    lines = [shapely.force_3d(line(points), 350.0) for *_, points in CABLES]
    write_shapefile(folder / "t_cableline.shp", layer(rows, lines), kind="LineString Z")


def _optical_areas(folder: Path) -> None:
    west, east = Box(0, 4000, 12000, 8000), Box(0, 0, 12000, 4000)
    rows = [{"zn_code": "ZN-A1", "zn_nd_code": "NRO-A1"}, {"zn_code": "ZN-E1", "zn_nd_code": "NRO-E1"}]
    for row in rows:
        row["zn_etat"] = "DP"
    write_shapefile(folder / "t_znro.shp", layer(rows, [rectangle(west), rectangle(east)]), kind="Polygon")
    areas = {
        "SRO-C1": ("ZN-A1", Box(8000, 4000, 12000, 8000)),
        "SRO-E1": ("ZN-E1", Box(0, 0, 4000, 4000)),
        "SRO-E2": ("ZN-E1", Box(4000, 2000, 8000, 4000)),
        "SRO-E3": ("ZN-E1", Box(4000, 0, 8000, 2000)),
        "SRO-F1": ("ZN-E1", Box(8000, 0, 12000, 4000)),
    }
    rows = [
        {"zs_code": f"ZS-{node}", "zs_nd_code": node, "zs_zn_code": parent, "zs_etatpm": "DP"}
        for node, (parent, _) in areas.items()
    ]
    write_shapefile(folder / "t_zsro.shp", layer(rows, [rectangle(box) for _, box in areas.values()]), kind="Polygon")
    rows = [{"zp_code": "ZP-D1", "zp_nd_code": "PBO-D1", "zp_zs_code": "ZS-SRO-E1"}]
    write_shapefile(folder / "t_zpbo.shp", layer(rows, [rectangle(Box(2400, 1400, 2800, 1800))]), kind="Polygon")
