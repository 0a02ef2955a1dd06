"""Run by the library's own interpreter: the layers of the sample by role, and what the library answers.

Usage: python reference.py TERRITORY.toml FOLDER. Writes one GeoPackage a role, a copy where it is a raster, the units
(``unites.gpkg``) and ``attendu.json``.
"""

import json
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np

import territoire_sig as ts
from territoire_sig.indicators import declared
from territoire_sig.model.roles import ROLES


def main(territory_file, folder):
    territory = ts.read_territory(territory_file)
    folder.mkdir(parents=True, exist_ok=True)
    territory.units.reset_index().to_file(folder / "unites.gpkg", layer="unites", driver="GPKG", VERSION="1.2")
    roles = {need.role for item in declared().values() for need in item.inputs} & set(territory.layers)
    for role in sorted(roles):
        if ROLES[role].geometry == "raster":
            (told,) = territory.layers[role].provenance
            shutil.copy(Path(territory_file).parent / told.file, folder / f"{role}.tif")
            continue
        frame = territory.layers[role].frame
        if ROLES[role].geometry == "table":
            frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)), crs=territory.crs)
        frame.to_file(folder / f"{role}.gpkg", layer=role, driver="GPKG", VERSION="1.2")
    units = ts.diagnose(territory, only=list(declared())).units
    values = {
        item.id: {
            output.name: [
                None if np.isnan(value) else value
                for value in units[output.name].to_numpy(dtype=float, na_value=np.nan).tolist()
            ]
            for output in item.outputs
        }
        for item in declared().values()
    }
    told = {"crs": territory.crs, "codes": list(units.index), "names": list(units["nom_unite"]), "values": values}
    (folder / "attendu.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
