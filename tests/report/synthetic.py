"""Results one can draw: two units side by side, findings of the three kinds, one map, one approximation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiPoint, MultiPolygon, Point, box

from territoire_sig.coherence.engine import FINDING_COLUMNS
from territoire_sig.coherence.matrix import MATRIX_COLUMNS
from territoire_sig.coherence.register import conflict_register
from territoire_sig.model.declaration import Declaration, Input, Measurement, Output
from territoire_sig.model.policies import Policy
from territoire_sig.model.results import INDICATOR_COLUMNS, UNANSWERED_COLUMNS, Results
from territoire_sig.model.territory import Layer, Provenance, Territory
from territoire_sig.texts import Text

CRS = "EPSG:2154"
_X, _Y = 914_000.0, 6_457_000.0


def _square(x: float, y: float, width: float, height: float):
    return box(_X + x, _Y + y, _X + x + width, _Y + y + height)


def _no_measure(units, **layers) -> Measurement:
    raise NotImplementedError


ANALYSIS = Declaration(
    id="zonage_couverture_fixe",
    title=Text("Zonage et fibre", "Zoning and fibre"),
    summary=Text("Ce que la fibre dessert des zones du plan.", "What fibre serves of the zones of the plan."),
    policies=(Policy.URBANISME, Policy.NUMERIQUE),
    inputs=(Input("zonage"), Input("site_mobile", required=False)),
    outputs=(
        Output("part_zone_u_fibree", Text("Part des zones U fibrées", "Share of U zones with fibre"), "part", 1),
        Output("surface_zone_au_m2", Text("Surface des zones AU", "Area of AU zones"), "m2", 0),
    ),
    formula=Text("surface desservie / surface", "area served / area"),
    reading=Text("1 : tout est desservi.", "1: everything is served."),
    limits=Text("Taux communal.", "Rate by commune."),
    reference="ARCEP",
    function=_no_measure,
    map_classes={
        "desservie": (Text("Zone desservie", "Served zone"), "#2171b5"),
        "non_desservie": (Text("Zone non desservie", "Zone not served"), "#d94801"),
    },
)


def _finding(geometry, **values) -> dict[str, object]:
    row = dict.fromkeys(FINDING_COLUMNS, "")
    sizes = {"surface_m2": np.nan, "longueur_m": np.nan, "nombre": 1, "habitants": np.nan, "locaux": np.nan, "part": 1}
    fixed = {"politique_b": "numerique", "article": "Code de l'urbanisme, L. 151-5", "services": "Urbanisme ; Risques"}
    return {**row, **sizes, **fixed, "acteurs": "élus ; agents", **values, "geometry": geometry}


def findings() -> gpd.GeoDataFrame:
    """Return four findings: a severe surface, a line without people, two masts, a synergy."""
    zones = MultiPolygon([_square(100, 100, 400, 300), _square(700, 100, 100, 100)])
    cable = LineString([(_X + 1200, _Y + 100), (_X + 1700, _Y + 600)])
    masts = MultiPoint([(_X + 300, _Y + 800), (_X + 500, _Y + 700)])
    west = {"code_unite": "01001", "nom_unite": "L'Orée-des-Bois"}
    east = {"code_unite": "01002", "nom_unite": 'Saint-Éloi "le Vieux", Bas'}
    rows = [
        _finding(
            masts, regle="site_en_alea", politique_a="risques", score=-2, gravite=2, nombre=2, habitants=0.04,
            titre="Site mobile en zone d'aléa", objet="M12, M14", explication="Deux sites <exposés>.",
            approximation="couverture approchée par un rayon de 1 km", **west,
        ),
        _finding(
            zones, regle="zone_a_urbaniser_sans_fibre", politique_a="urbanisme", score=-2, gravite=3,
            surface_m2=130_000.004, habitants=1234.56, locaux=600.0, titre="Zone à urbaniser sans fibre",
            objet="1AUc", explication="La zone 1AUc (13 ha) s'ouvre,\nsans fibre.", **west,
        ),
        _finding(
            cable, regle="reseau_en_zone_fermee", politique_a="urbanisme", score=-1, gravite=1,
            longueur_m=707.1067811865476, nombre=3, titre="Câble en zone fermée", objet="C1, C2, C3",
            explication="707 m de câbles.", **east,
        ),
        _finding(
            Point(_X + 1500, _Y + 800), regle="mediation_pres_arret", politique_a="mobilite", politique_b="inclusion",
            score=2, gravite=2, habitants=np.nan, titre="Médiation près d'un arrêt", objet="Maison France Services",
            explication="Un lieu de médiation à moins de 300 m d'un arrêt.", **east,
        ),
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    return frame.astype({"nombre": "Int64", "score": "int64", "gravite": "int64"})


def matrix() -> pd.DataFrame:
    """Return the matrix of :func:`findings`, with a pair that no rule could answer."""
    rows = [
        ("urbanisme", "numerique", -3.0, 0, 2, 1234.56, 3, 0),
        ("risques", "numerique", -2.0, 0, 1, 0.04, 1, 1),
        ("biodiversite", "numerique", np.nan, 0, 0, np.nan, 0, 2),
        ("mobilite", "inclusion", 2.0, 1, 0, np.nan, 1, 0),
    ]
    return pd.DataFrame(rows, columns=list(MATRIX_COLUMNS))


def _territory(units: gpd.GeoDataFrame) -> Territory:
    zoning = Provenance(
        "plu.zip", "ZONE_URBA", "cnig_plu", "ab" * 32, CRS, 12, "2024", "Géoportail de l'urbanisme", "LO 2.0"
    )
    masts = Provenance("sites.csv", None, "arcep_sites", "cd" * 32, CRS, 40, "2023-T4", "ARCEP", None)
    reach = Text("couverture approchée par un rayon de 1 km", "reach approximated by a radius of 1 km")
    frame = units.reset_index()
    layers = {
        "zonage": Layer("zonage", frame, (zoning,)),
        "site_mobile": Layer("site_mobile", frame.set_geometry(frame.centroid), (masts,), reach),
    }
    return Territory(
        "Val-Imaginaire", Path("territoire.toml"), CRS, units[["nom_unite", "geometry"]], "commune", layers, "2024",
        notice="Données fictives.", units_provenance=(zoning,),
    )  # fmt: skip


def _units() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "nom_unite": ["L'Orée-des-Bois", 'Saint-Éloi "le Vieux", Bas'],
            "part_zone_u_fibree": [0.25, np.nan],
            "surface_zone_au_m2": [130_000.0, 0.0],
        },
        geometry=[_square(0, 0, 1000, 1000), _square(1000, 0, 1000, 1000)],
        index=pd.Index(["01001", "01002"], name="code_unite"),
        crs=CRS,
    )


def _indicators() -> pd.DataFrame:
    rows = [
        ("surface_zone_au_m2", "01002", 0.0, "m2", "2024", 1.0),
        ("surface_zone_au_m2", "01001", 130_000.004, "m2", "2024", 1.0),
        ("part_zone_u_fibree", "01001", 1 / 4 + 1e-9, "part", "2024", 1 / 3),
        ("part_zone_u_fibree", "01002", np.nan, "part", None, 0.0),
    ]
    return pd.DataFrame(rows, columns=list(INDICATOR_COLUMNS))


def synthetic() -> Results:
    """Return the results of a diagnosis of two square communes of 1 km²."""
    found, units = findings(), _units()
    zones = gpd.GeoDataFrame(
        {"classe": ["desservie", "non_desservie"]},
        geometry=[_square(0, 500, 900, 400), _square(100, 100, 400, 300)],
        crs=CRS,
    )
    missing = [
        ("regle", "pylone_en_corridor", "Pylône dans un corridor", "corridor"),
        ("analyse", "population_hors_alerte", "Population hors d'alerte", "alea, population"),
    ]
    return Results(
        _territory(units), units, _indicators(), found, matrix(), conflict_register(found), {ANALYSIS.id: zones},
        pd.DataFrame(missing, columns=list(UNANSWERED_COLUMNS)), (ANALYSIS,), {},
    )  # fmt: skip


def without_findings() -> Results:
    """Return the same results with no finding at all."""
    full = synthetic()
    empty = full.findings.iloc[:0]
    quiet = full.matrix.assign(score_net=[0.0, 0.0, np.nan, 0.0], synergies=0, conflits=0, habitants=np.nan)
    return replace(full, findings=empty, register=conflict_register(empty), matrix=quiet)
