"""The layers of the demo project, by the library: ``python qgis_plugin/demo/layers.py``, then ``project.py`` in QGIS.

Writes ``couches.gpkg``, one layer a role as the library reads it from the sample, and the sample's diagnosis.
"""

import tempfile
from pathlib import Path

import geopandas as gpd

import territoire_sig as ts
from territoire_sig.coherence.rulebook import standard_rules
from territoire_sig.model.roles import ROLES
from territoire_sig.publish.geopackage import GpkgLayer, write_geopackage
from territoire_sig.texts import Text

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
KINDS = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "Point", "any": "Unknown", "table": "Point"}
#: Analyses whose maps the project shows, beside the findings of every rule: all of them would weigh several megabytes.
MAPS = (
    "ecology_network",
    "hazard_network_assets",
    "hazard_population_alert",
    "mediation_transit_fragility",
    "mobility_mobile_coverage",
    "plu_digital_clauses",
    "school_fibre",
    "zoning_fixed_coverage",
)
#: What the dock reads of a diagnosis; the rest is made again by running it.
KEPT = ("diagnostic.gpkg", "matrice.csv", "registre.csv")


def main(folder):
    """Write the layers and the diagnosis into `folder`."""
    territory = ts.read_territory(SAMPLE / "territoire.toml")
    folder.mkdir(parents=True, exist_ok=True)
    units = territory.units.reset_index()
    layers = [_layer("unites", Text("Communes (unités)", "Communes (units)"), units, "MultiPolygon", territory)]
    for role, layer in territory.layers.items():
        declared = ROLES[role]
        if declared.geometry == "raster":
            continue
        frame = layer.frame.reset_index(drop=True)
        if declared.geometry == "table":
            frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)), crs=territory.crs)
        layers.append(_layer(role, declared.text, frame, KINDS[declared.geometry], territory))
    write_geopackage(folder / "couches.gpkg", layers)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "diagnostic"
        only = [*(rule.id for rule in standard_rules()), *MAPS]
        ts.diagnose(territory, only=only).save(made)
        for name in KEPT:
            (folder / "diagnostic").mkdir(exist_ok=True)
            (folder / "diagnostic" / name).write_bytes((made / name).read_bytes())


def _layer(name, text, frame, kind, territory):
    return GpkgLayer(
        name,
        frame,
        str(text),
        territory.notice or "",
        licence="Licence Ouverte 2.0",
        source="Données fictives de territoire_sig",
        vintage="2025",
        geometry_type=kind,
    )


if __name__ == "__main__":
    main(SAMPLE / "demo")
