"""A small layer of any role, made from its schema alone: what the contract runs every analysis on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, box

from territoire_sig.coherence.matrix import MATRIX_COLUMNS
from territoire_sig.model.declaration import Indicators, Output
from territoire_sig.model.families import Family
from territoire_sig.model.raster import Raster
from territoire_sig.model.roles import ROLES
from territoire_sig.texts import Text

CRS = "EPSG:2154"
ROWS = 6
#: Values that a free-text column must have for an analysis to find its matter.
SPECIAL = {
    ("prescription_surf", "typepsc"): ["27", "47", "01", "47", "27", "99"],
    ("prescription_surf", "stypepsc"): ["00", "05", "00", "01", "00", "00"],
    ("noeud_optique", "niveau"): ["NRO", "SRO", "SRO", "PBO", "NRO", "autre"],
    ("cable", "etat"): ["projet", "en service", "projet", "en service", "abandonné", None],
    ("site_mobile", "etat"): ["projet", "en service", None, "en service", "projet", "en service"],
    ("batiment_public", "surface_plancher_m2"): [2000.0, 500.0, 3000.0, 1200.0, 900.0, 100.0],
    ("couverture_mobile", "techno"): ["4G", "2G3G", "4G", "4G5G", "4G", "2G"],
    ("population", "somme_niveaux_vie"): [2.0e6, 1.2e6, 1.5e6, 7.2e5, 4.4e5, 0.0],
    ("immeuble", "etat"): ["deploye", "cible", "raccordable_demande", "deploye", "en_cours", "inconnu"],
    ("immeuble", "date_commerciale"): pd.to_datetime([None] * 6),
    ("enquete", "reponses"): [90, 40, 10, 10, 10, 10],
    ("enquete", "satisfaits"): [60, 10, 10, 10, 10, 10],
    ("enquete", "promoteurs"): [40, 5, 1, 1, 1, 1],
    ("enquete", "passifs"): [20, 15, 1, 1, 1, 1],
    ("enquete", "detracteurs"): [10, 20, 1, 1, 1, 1],
    ("couverture_percue", "operateur"): [None] * 6,
    ("couverture_percue", "techno"): ["4G", "4G", None, "4G", "4G", "4G"],
    ("contribution", "objectif"): ["a", "a", "b", "c", "a", "b"],
    ("population", "habitants_65plus"): [10.0, 20.0, 30.0, 10.0, 5.0, 0.0],
    ("action", "budget_eur"): [10.0, 200.0, 30.0, 500.0, 0.0, 40.0],
    ("fragilite", "indice"): [8.0, 3.0, 9.0, 1.0, 7.0, 5.0],
    ("zone_nro", "noeud"): ["a", "e", "z", "z", "z", "z"],
    ("mediation", "type_lieu"): ["RFS", "Médiathèque", "RFS", "Association", "RFS", "Mairie"],
    ("mediation", "horaires"): [
        "Mo-Fr 09:00-12:00",
        "Mo 08:00-12:00",
        None,
        "Tu-Th 10:00-18:00",
        "24/7",
        "sur rendez-vous",
    ],
    ("troncon_tc", "arret_arrivee"): ["b", "c", "d", "e", "f", "a"],
    ("zone_nro", "parent"): [None] * ROWS,
    ("couverture_mobile", "operateur"): ["Orange", "SFR", "Orange", "SFR", None, "Orange"],
    ("couverture_mobile", "code_operateur"): ["20801", "20810", None, None, None, None],
}


def square_units():
    """Units B, A (two squares of 1 km side by side, given out of order) and Z, which most layers do not reach."""
    shapes = [box(1000, 0, 2000, 1000), box(0, 0, 1000, 1000), box(50_000, 0, 51_000, 1000)]
    index = pd.Index(["B", "A", "Z"], name="code_unite")
    return gpd.GeoDataFrame({"nom_unite": ["Bé", "Ah", "Zut"]}, geometry=shapes, index=index, crs=CRS)


def specimen(role):
    """Return a layer of `role`: every column of its schema filled, six features over units A and B."""
    found = ROLES[role]
    if found.geometry == "raster":
        values = np.arange(800.0).reshape(20, 40)
        if role == "occupation_sol":
            values = np.where(values % 3 == 0, 112.0, 311.0)
        return Raster(values, (50, 0, 0, 0, -50, 1000), CRS, role)
    if found.geometry == "table" and found.key is None:
        return TABLES[role].copy()
    shapes = SHAPES.get(role, SHAPES[found.geometry])
    columns = {column.name: _filled(role, column)[: len(shapes)] for column in found.columns}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def readings(analysis, units, *, known=True):
    """Return the results of others that an analysis reads: of A and B, and nothing of Z nor where nothing is known."""
    there = {"indicators": _indicators(units, known), "matrix": _matrix(known)}
    return {name: there[name] for name in analysis.reads}


def _indicators(units, known):
    said = {"A": [0.2, 30.0, 0.5, np.nan], "B": [0.6, 10.0, 0.1, 4.0]}
    rows = [said[code] if known and code in said else [np.nan] * 4 for code in units.index]
    names = ["ready_share", "delay_min", "shade_share", "site_count"]
    values = pd.DataFrame(rows, index=units.index, columns=names, dtype=float)
    better = (1, -1, 1, 0)
    outputs = {
        name: Output(name, Text(f"Indicateur {name}", f"Indicator {name}"), "part", better=sign)
        for name, sign in zip(names, better, strict=True)
    }
    families = dict(zip(names, (Family.SOCIAL, Family.SOCIAL, Family.ENVIRONNEMENT, Family.NUMERIQUE), strict=True))
    return Indicators(values, values.notna().astype(float), outputs, families)


def _matrix(known):
    rows = [("urbanisme", "numerique", -3.0, 1, 2, 100.0, 3, 0), ("mobilite", "inclusion", 2.0, 1, 0, 10.0, 1, 0)]
    frame = pd.DataFrame(rows if known else [], columns=list(MATRIX_COLUMNS))
    return frame.astype({"score_net": float, "habitants": float})


def _filled(role, column):
    if (role, column.name) in SPECIAL:
        return SPECIAL[role, column.name]
    if column.kind == "boolean":
        return pd.array([True, False, None, True, None, False], dtype="boolean")
    if column.kind == "date":
        return pd.date_range("2023-01-01", periods=ROWS)
    if column.kind in ("number", "integer", "share"):
        return _numbers(column)
    if column.kind == "code_insee":
        return ["01001", "01002", "01003", "01004", "01005", "01006"]
    codes = list(column.values) or list("abcdef")
    return [codes[rank % len(codes)] for rank in range(ROWS)]


def _numbers(column):
    low = column.minimum or 0.0
    high = low + 100.0 if column.maximum is None else column.maximum
    values = np.linspace(low, high, ROWS)[::-1]
    return np.floor(values).astype(int) if column.kind == "integer" else values


TABLES = {
    "note_objectif": pd.DataFrame(
        {
            "objectif_a": ["fibre", "plu", "bus", "fibre", "plu", "bus", "aide"],
            "objectif_b": ["plu", "fibre", "aide", "plu", "fibre", "aide", "bus"],
            "note": [2.0, -1.0, 1.0, 3.0, 1.0, 2.0, 1.0],
            "evaluateur": ["x", "x", "x", "y", "y", "y", "x"],
            "politique_a": ["numerique", "urbanisme", "mobilite"] * 2 + ["inclusion"],
            "politique_b": ["urbanisme", "numerique", "inclusion"] * 2 + ["mobilite"],
        }
    ),
    "ponderation": pd.DataFrame({"critere": ["social", "environnement"], "poids": [3.0, 1.0]}),
    "comparaison": pd.DataFrame({"critere_a": ["social"], "critere_b": ["environnement"], "importance": [3.0]}),
}
STRIPS = [box(300 * i, 50 * i, 300 * i + 400, 900) for i in range(ROWS)]
SHAPES = {
    "polygon": STRIPS,
    "any": STRIPS,
    "table": [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
    "population": [*STRIPS[:4], STRIPS[4].union(box(50_000, 0, 50_400, 900)), STRIPS[5]],
    "point": [Point(350 * i + 100, 500 + 3 * i) for i in range(ROWS)],
    "line": [LineString([(0, 100 * i + 60), (2500, 100 * i + 90)]) for i in range(ROWS)],
}
