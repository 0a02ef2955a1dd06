"""Run by the library's own interpreter: the layers of the sample by role, and what the library answers.

Usage: python reference.py TERRITORY.toml FOLDER. Writes one GeoPackage a role (a GeoTIFF for a raster),
``unites.gpkg``, ``attendu.json``, and ``lu.toml``: a territory of a few of these layers, for the analyses that read the
results of others.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio

import territoire_sig as ts
from territoire_sig.indicators import declared
from territoire_sig.model.raster import Raster
from territoire_sig.model.roles import ROLES
from territoire_sig.texts import language
from territoire_sig.worker.described import territory_text
from territoire_sig.worker.request import Fields

#: Roles of ``lu.toml``: enough for a few indicators and rules.
READ = ("couverture_fixe", "note_objectif", "population", "site_mobile", "zonage")


def main(territory_file, folder):
    territory = ts.read_territory(territory_file)
    folder.mkdir(parents=True, exist_ok=True)
    territory.units.reset_index().to_file(folder / "unites.gpkg", layer="unites", driver="GPKG", VERSION="1.2")
    alone = [item for item in declared().values() if not item.reads]
    reading = [item for item in declared().values() if item.reads]
    roles = {need.role for item in alone for need in item.inputs} & set(territory.layers)
    for role in sorted(roles):
        write(territory.layers[role].frame, role, folder, territory.crs)
    few = {
        "name": "lu",
        "units": {"file": "unites.gpkg", "code": "code_unite", "label": "nom_unite", "level": territory.unit_level},
        "inputs": {role: {"file": f"{role}.gpkg"} for role in READ},
    }
    (folder / "lu.toml").write_text(territory_text(Fields(few, "lu")), encoding="utf-8")
    told = {"crs": territory.crs, "codes": list(territory.units.index), "names": list(territory.units["nom_unite"])}
    told.update({"values": {}, "overall": {}, "tables": {}})
    told["rows"] = {role: len(territory.layers[role].frame) for role in territory.layers if not is_raster(role)}
    with language("en"):  # the words of tables: those of QGIS in the tests
        add_answers(told, territory, alone)
        add_answers(told, ts.read_territory(folder / "lu.toml"), reading)
    (folder / "attendu.json").write_text(json.dumps(told), encoding="utf-8")


def is_raster(role):
    return ROLES[role].geometry == "raster"


def add_answers(told, territory, analyses):
    """Add what the library answers of these analyses."""
    diagnosis = ts.diagnose(territory, only=[item.id for item in analyses])
    units = diagnosis.units.loc[told["codes"]]
    whole = dict(zip(diagnosis.overall["indicateur"], diagnosis.overall["valeur"], strict=True))
    for item in analyses:
        told["values"][item.id] = {out.name: plain(units[out.name]) for out in item.outputs}
        told["overall"][item.id] = {out.name: plain([whole[out.name]])[0] for out in item.overall}
        told["tables"][item.id] = {
            name: {column: plain(table[column]) for column in table}
            for name, table in diagnosis.tables.get(item.id, {}).items()
        }


def write(frame, role, folder, crs):
    """Write the layer of a role as a GIS technician has it: a GeoPackage, or a GeoTIFF."""
    if isinstance(frame, Raster):
        shape = {"height": frame.values.shape[0], "width": frame.values.shape[1]}
        profile = {"driver": "GTiff", "count": 1, "dtype": "float64", "crs": frame.crs, "nodata": np.nan, **shape}
        with rasterio.open(folder / f"{role}.tif", "w", transform=rasterio.Affine(*frame.transform), **profile) as band:
            band.write(frame.values, 1)
        return
    if ROLES[role].geometry == "table":
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)), crs=crs)
    frame.to_file(folder / f"{role}.gpkg", layer=role, driver="GPKG", VERSION="1.2")


def plain(values):
    """Return values as JSON has them: numbers whole, None where unknown, texts."""
    return [
        value if isinstance(value, str) else None if value is None or value != value else float(value)
        for value in list(values)
    ]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
