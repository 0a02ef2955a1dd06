"""Risks and ecology: a COVADIS plan, a TRI, an ecological network, protected areas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .dessin import FLOODS, HAZARDS, MANY_HAZARDS, NETWORK, PROTECTED, Box
from .ecriture import geojson_box, layer, rectangle, write_geojson, write_shapefile

GASPAR = "99DDT20990001"
_NUMBER = "20990001"
_NAMES = {
    "1120000": "Inondation - Par une crue à débordement lent de cours d'eau",
    "1130000": "Inondation - Par une crue torrentielle",
    "1230000": "Mouvement de terrain - Éboulement, chutes de pierres et de blocs",
    "9999999": "multirisques",
}


def write(folder: Path) -> None:
    """Write the two risk folders and the protected areas."""
    _plan(folder / "risques" / f"PPRN_{GASPAR}")
    _floods(folder / "risques" / "TRI_VALDOMBRE")
    rows = [
        {"id_mnhn": f"FR990{n:04d}", "nom_site": name, "type_protection": kind}
        for n, (name, kind, _) in enumerate(PROTECTED, 1)
    ]
    shapes = [geojson_box(box) for *_, box in PROTECTED]
    write_geojson(folder / "biodiversite" / "espaces_proteges.geojson", rows, shapes)


def network_rows() -> tuple[list[dict[str, str]], list[object]]:
    """Return the ecological network: attributes and rectangles."""
    rows = [{"typ_elem": kind, "nom": name, "trame": "verte"} for name, kind, _ in NETWORK]
    return rows, [rectangle(box) for *_, box in NETWORK]


def _plan(folder: Path) -> None:
    """Write a plan whose texts are in Windows-1252, which no file tells."""
    rows = [
        {
            "ID_ZONE": number,
            "ID_GASPAR": GASPAR,
            "DESCRIPT": f"Zone {number}",
            "CODERISQUE": code,
            "NOMRISQUE": _NAMES[code],
            "MULTI_ALEA": "oui" if code == "9999999" else "non",
            "NIVALEA": letters,
            "NIVALEA_ST": level,
        }
        for number, _, code, letters, level, _ in HAZARDS
    ]
    zones = layer(rows, [rectangle(box) for _, box, *_ in HAZARDS])
    write_shapefile(
        folder / f"N_ZONE_ALEA_PPRN_{_NUMBER}_S_099.shp", zones, encoding="CP1252", stated=False, kind="Polygon"
    )
    many = [
        {
            "ID": n,
            "ID_ZONE": zone,
            "CODERISQUE": code,
            "NOMRISQUE": _NAMES[code],
            "NIVALEA": letters,
            "NIVALEA_ST": level,
        }
        for n, (zone, code, letters, level) in enumerate(MANY_HAZARDS, 1)
    ]
    write_shapefile(folder / f"N_MULTIALEA_PPRN_{_NUMBER}_099.dbf", pd.DataFrame(many), encoding="CP1252", stated=False)
    regulated = [
        {
            "ID_ZONE": number,
            "ID_GASPAR": GASPAR,
            "NOM": "interdiction" if level >= "04" or code == "9999999" else "prescriptions",
            "CODEZONE": "R" if level >= "04" or code == "9999999" else "B",
            "TYPEREG": "03" if level >= "04" or code == "9999999" else "02",
        }
        for number, _, code, _, level, _ in HAZARDS
    ]
    zones = layer(regulated, [rectangle(box) for _, box, *_ in HAZARDS])
    write_shapefile(
        folder / f"N_ZONE_REG_PPRN_{_NUMBER}_S_099.shp", zones, encoding="CP1252", stated=False, kind="Polygon"
    )
    perimeter = [{"ID_GASPAR": GASPAR, "LIBELLE": "Périmètre de Valdombre (fictif)", "DATEVALID": "20200101"}]
    whole = layer(perimeter, [rectangle(Box(0, 0, 12000, 8000))])
    write_shapefile(
        folder / f"N_PERIMETRE_PPRN_{_NUMBER}_S_099.shp", whole, encoding="CP1252", stated=False, kind="Polygon"
    )


def _floods(folder: Path) -> None:
    for number, (code, scenario, box) in enumerate(FLOODS, 1):
        row = {
            "ID_S_INOND": f"SIN_{number}",
            "ID_TRI": "VALDOMBRE",
            "TYP_INOND": "01",
            "SCENARIO": scenario,
            "COURS_DEAU": "L'Ombre",
        }
        path = folder / f"N_TRI_VALD_INONDABLE_{code}_S_099.shp"
        write_shapefile(path, layer([row], [rectangle(box)]), kind="Polygon")
    depth = {
        "ID_ZONE": "HT_1",
        "ID_TRI": "VALDOMBRE",
        "TYP_INOND1": "01",
        "SCENARIO": "02Moy",
        "HT_MIN": 0.5,
        "HT_MAX": 1.0,
    }
    frame = layer([depth], [rectangle(Box(4100, 3400, 4300, 3600))])
    write_shapefile(folder / "N_TRI_VALD_ISO_HT_MOY_S_099.shp", frame, kind="Polygon")
