"""The layers on which the overlay is proved, of the fictional territory and real ones, each read once a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import duckdb
import geopandas as gpd
import numpy as np
import pytest

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import REAL, prepared
from territoire_sig.overlay import repair

CRS = "EPSG:2154"
AUBAIS = "urbanism/cnig/30014_PLU_20171013/Donnees_geographiques/30014_{}_20171013.shp"
GRACETHD = "digital/gracethd_v2_sample_shpcsv/{}.shp"


@dataclass(frozen=True)
class Case:
    """Zones and what is measured in them; `by`: the class column of a cover."""

    zones: Callable[[], gpd.GeoDataFrame]
    other: Callable[[], gpd.GeoDataFrame]
    by: str = ""
    real: bool = True
    slow: bool = False


@cache
def read(path: str) -> gpd.GeoDataFrame:
    """Return a real layer in Lambert-93, repaired, numbered from 0, with columns in lower case."""
    if not REAL.is_dir():
        pytest.skip("real open data absent (../shared/data)")
    name, _, member = path.partition("!")
    file = REAL / name
    if file.suffix == ".parquet":
        layer = gpd.read_parquet(file)
    elif file.suffix == ".zip":
        layer = gpd.read_file(f"zip://{file}" + (f"!{member}" if member else ""))
    else:
        layer = gpd.read_file(file)
    mended = repair(layer.to_crs(CRS)).frame.reset_index(drop=True)
    return mended.rename(columns=str.lower)


def real(path: str) -> Callable[[], gpd.GeoDataFrame]:
    return lambda: read(path)


def sample(role: str) -> Callable[[], gpd.GeoDataFrame]:
    """Return the features of a role of the fictional territory, numbered from 0."""
    return lambda: _of_sample(role)


@cache
def _of_sample(role: str) -> gpd.GeoDataFrame:
    ground = prepared("sample_2025").ground
    layer = ground.units if role == "units" else ground.layers[role]
    return layer.reset_index(drop=True)


ISERE, RHONE, SEINE = (f"admin/communes-{name}.geojson" for name in ("38-isere", "69-rhone", "93-seine-saint-denis"))
MEGEVE, LYON = "urbanism/megeve_74173/{}.shp", "environment/lyon_iris_air_bruit_vegetation_epsg3946.parquet"
IRIS, SQUARES = "admin/iris_filosofi_declare_2019_dep93.gpkg", "social/filosofi_carreaux_200m_noisy_saintdenis_93.gpkg"
ROMANCHE = "risk/ppri_38DDT20130013_romanche_aval.zip!N_ZONE_ALEA_PPRN_20130013_S_038.shp"
EST_ENSEMBLE = "urbanism/est_ensemble_200057875_plui.zip"

POLYGONS = {
    "sample_communes_zoning": Case(sample("units"), sample("zonage"), "typezone", real=False),
    "sample_zoning_hazard": Case(sample("zonage"), sample("alea"), "niveau", real=False),
    "sample_communes_mobile": Case(sample("units"), sample("couverture_mobile"), "techno", real=False),
    "aubais_zones_prescriptions": Case(
        real(AUBAIS.format("ZONE_URBA")), real(AUBAIS.format("PRESCRIPTION_SURF")), "typepsc"
    ),
    "romanche_communes_hazard": Case(real(ISERE), real(ROMANCHE), "nivalea", slow=True),
    "megeve_zoning_buildings": Case(real(MEGEVE.format("ZONE_URBA")), lambda: buildings(), "storeys", slow=True),
    "gracethd_zones": Case(real(GRACETHD.format("t_znro")), real(GRACETHD.format("t_zpbo")), "zp_code"),
    "saint_denis_iris_squares": Case(real(IRIS), real(SQUARES), "lcog_geo"),
    "lyon_communes_iris": Case(real(RHONE), real(LYON), "insee_com"),
    "est_ensemble_communes_zoning": Case(real(SEINE), real(EST_ENSEMBLE), "typezone", slow=True),
}
LINES = {
    "sample_roads": Case(sample("units"), sample("voirie"), real=False),
    "sample_transit": Case(sample("units"), sample("ligne"), real=False),
    "sample_cycle": Case(sample("units"), sample("cyclable"), real=False),
    "sample_cables": Case(sample("alea"), sample("cable"), real=False),
    "aubais_prescriptions": Case(real(AUBAIS.format("ZONE_URBA")), real(AUBAIS.format("PRESCRIPTION_LIN"))),
    "gracethd_cables": Case(real(GRACETHD.format("t_zpbo")), real(GRACETHD.format("t_cableline"))),
    "gracethd_routes": Case(real(GRACETHD.format("t_zsro")), real(GRACETHD.format("t_cheminement"))),
}
POINTS = {
    "sample_stops": Case(sample("units"), sample("arret"), real=False),
    "sample_sites": Case(sample("alea"), sample("site_mobile"), real=False),
    "sample_buildings": Case(sample("zonage"), sample("immeuble"), real=False),
    "aubais_prescriptions": Case(real(AUBAIS.format("ZONE_URBA")), real(AUBAIS.format("PRESCRIPTION_PCT"))),
    "megeve_shops": Case(real(MEGEVE.format("ZONE_URBA")), real(MEGEVE.format("commerces"))),
    "gracethd_nodes": Case(real(GRACETHD.format("t_zpbo")), real(GRACETHD.format("t_noeud"))),
}


def parameters(cases: dict[str, Case], measures: object) -> list[object]:
    """Return one parameter a case and a measure, named after both."""
    return [
        pytest.param(cases[name], measure, id=f"{name}-{measure}", marks=_marks(cases[name]))
        for name in cases
        for measure in measures
    ]


def _marks(case: Case) -> list[pytest.MarkDecorator]:
    return [mark for mark, given in ((pytest.mark.real, case.real), (pytest.mark.slow, case.slow)) if given]


@cache
def tables(case: Case) -> tuple[duckdb.DuckDBPyConnection, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return a database with tables ``zones`` and ``other`` (its class as ``cls``), and the layers that they hold.

    Both are told about the corner of the zones, in whole metres, which moves coordinates without rounding: far from
    the origin, where exact noding fails, the judge itself snaps by micrometres (2e-3 m² in Est Ensemble's zoning).
    ``held`` is, for each zone, the union of what touches it.
    """
    zones, other = case.zones(), case.other()
    if case.by:
        other = other[other[case.by].notna()].reset_index(drop=True)
    duck = connect()
    register_table(duck, "zones", near(zones[[zones.geometry.name]], zones))
    classed = other[[other.geometry.name]].assign(**({"cls": other[case.by].astype(str)} if case.by else {}))
    register_table(duck, "other", near(classed, zones))
    duck.execute("""
        CREATE TABLE held AS SELECT z.id, ST_Union_Agg(o.geom) AS geom
        FROM zones z JOIN other o ON ST_Intersects(z.geom, o.geom) GROUP BY z.id
    """)
    return duck, zones, other


def near(layer: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer told about the corner of the zones, in whole metres."""
    xmin, ymin = np.floor(zones.total_bounds[:2])
    return layer.set_geometry(layer.translate(-xmin, -ymin))


def buildings() -> gpd.GeoDataFrame:
    """Return the buildings of Megève, by storeys of 3 m."""
    found = read("environment/megeve_74173.zip")
    return found.assign(storeys=(found["haauteur"] // 3).astype(int))
