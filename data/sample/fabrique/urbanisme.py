"""Urban planning: a CNIG PLUi folder, and a folder of public-utility easements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from .dessin import BOW_TIE, COMMUNES, NAMES, PRESCRIPTIONS, ZONES, Box
from .ecriture import lambert, layer, line, point, polygon, rectangle, write_shapefile

PLU = "99999_PLUi_20250101"
_ID, _DATE = "99999_PLUi_20250101", "20250101"


def write(folder: Path) -> None:
    """Write the PLUi and the easements."""
    _plu(folder / "urbanisme" / PLU)
    _sup(folder / "urbanisme" / "SUP")


def _plu(folder: Path) -> None:
    drawn = folder / "Donnees_geographiques"
    zones, shapes = _zones()
    write_shapefile(drawn / f"99999_ZONE_URBA_{_DATE}.shp", layer(zones, shapes), encoding="ISO-8859-1", kind="Polygon")
    rows = [_described("PSC", label, kind, sub) for label, kind, sub, _, _ in PRESCRIPTIONS]
    shapes = [shapely.force_3d(rectangle(box), 0.0) for *_, box, _ in PRESCRIPTIONS]
    write_shapefile(
        drawn / f"99999_PRESCRIPTION_SURF_{_DATE}.shp", layer(rows, shapes), encoding="ISO-8859-1", kind="Polygon Z"
    )
    _small_layers(drawn)
    document = {"IDURBA": _ID, "TYPEDOC": "PLUi", "ETAT": "03", "NOMPROC": "E", "DATAPPRO": _DATE}
    write_shapefile(folder / f"99999_DOC_URBA_{_DATE}.dbf", pd.DataFrame([document]))
    members = [{"IDURBA": _ID, "INSEE": code} for code in COMMUNES]
    write_shapefile(folder / f"99999_DOC_URBA_COM_{_DATE}.dbf", pd.DataFrame(members))


def _zones() -> tuple[list[dict[str, Any]], list[Any]]:
    """Return the zones: those of the drawing, the bow-tie, a zone without geometry, and the rest of each commune."""
    rows = [_zone(label, kind) for label, kind, _, _ in ZONES]
    shapes: list[Any] = [rectangle(box) for *_, box, _ in ZONES]
    rows += [_zone("Ap-Nœud papillon".replace("œ", "oe"), "A"), _zone("N-Sans dessin", "N")]
    b = BOW_TIE
    shapes += [polygon([(b.x0, b.y0), (b.x1, b.y1), (b.x1, b.y0), (b.x0, b.y1)]), None]
    taken = shapely.union_all([rectangle(box) for *_, box, _ in ZONES] + [rectangle(BOW_TIE)])
    for code, ring in COMMUNES.items():
        rest = polygon(ring).difference(taken)
        middle = (min(y for _, y in ring) + max(y for _, y in ring)) / 2
        south, north = (shapely.box(*lambert(-100, y), *lambert(12100, y + 5000)) for y in (middle - 5000, middle))
        rows += [_zone(f"A-{NAMES[code]}", "A"), _zone(f"N-{NAMES[code]}", "N")]
        shapes += [shapely.normalize(rest.intersection(south)), shapely.normalize(rest.intersection(north))]
    return rows, shapes


def _zone(label: str, kind: str) -> dict[str, Any]:
    long = f"Zone {label} (document fictif)"
    return {"LIBELLE": label, "LIBELONG": long, "TYPEZONE": kind, "IDURBA": _ID, "DATVALID": _DATE}


def _described(family: str, label: str, kind: str, sub: str) -> dict[str, Any]:
    return {
        "LIBELLE": label,
        "TXT": None,
        f"TYPE{family}": kind,
        f"STYPE{family}": sub,
        "IDURBA": _ID,
        "DATVALID": _DATE,
    }


def _small_layers(drawn: Path) -> None:
    def save(name: str, rows: list[dict[str, Any]], shapes: list[Any], kind: str) -> None:
        frame = layer(rows, shapes)
        write_shapefile(drawn / f"99999_{name}_{_DATE}.shp", frame, encoding="ISO-8859-1", kind=kind)

    road = [line([(500, 5850), (3800, 5850)])]
    save("PRESCRIPTION_LIN", [_described("PSC", "Recul le long de la D 903", "15", "01")], road, "LineString")
    cross = [point(6150, 6150)]
    save("PRESCRIPTION_PCT", [_described("PSC", "Croix de l'Abbé à préserver", "07", "01")], cross, "Point")
    noise = [rectangle(Box(500, 5800, 11500, 6000))]
    save("INFO_SURF", [_described("INF", "Secteur affecté par le bruit de la D 903", "14", "00")], noise, "Polygon")
    dig = [point(9100, 5100), point(5800, 1800)]
    save("INFO_PCT", [_described("INF", "Site archéologique", "16", "00")] * 2, dig, "Point")
    old_line = [line([(1000, 7000), (3000, 7000)])]
    save("INFO_LIN", [_described("INF", "Ancienne voie ferrée", "99", "00")], old_line, "LineString")


def _sup(folder: Path) -> None:
    areas = {
        "AC1": (
            "Abords de l'église d'Ô",
            "Périmètre des abords",
            Box(5500, 5500, 6500, 6500),
            Box(5990, 5990, 6010, 6010),
        ),
        "PM1": ("PPR naturel de Valdombre", "Zone du plan", Box(2100, 1000, 3200, 2000), Box(2100, 1000, 3200, 2000)),
    }
    easements, links, acts = [], [], []
    for number, (category, (name, kind, area, generator)) in enumerate(areas.items(), 1):
        sup, act = f"{category}-{number}", f"ACTE-{number}"
        rows = [{"IDASS": f"A{number}", "IDGEN": f"G{number}", "NOMASS": name, "TYPEASS": kind}]
        write_shapefile(folder / f"{category}_ASSIETTE_SUP_S_099.shp", layer(rows, [rectangle(area)]), kind="Polygon")
        rows = [{"IDGEN": f"G{number}", "IDSUP": sup, "NOMGEN": name}]
        write_shapefile(
            folder / f"{category}_GENERATEUR_SUP_S_099.shp", layer(rows, [rectangle(generator)]), kind="Polygon"
        )
        easements.append({"IDSUP": sup, "CATEGORIE": category, "NOMSUPLITT": f"{category} - {name}"})
        links.append({"IDSUP": sup, "IDACTE": act})
        acts.append({"IDACTE": act, "NOMACTE": f"Arrêté fictif n° {number}", "DATEDECIS": "20200101"})
    for name, rows in {"SERVITUDE": easements, "SERVITUDE_ACTE_SUP": links, "ACTE_SUP": acts}.items():
        write_shapefile(folder / f"{name}_099.dbf", pd.DataFrame(rows))
