"""What QGIS adds to the library: an analysis on 100,000 polygons, and the start of QGIS with the plugin.

python benchmarks/qgis_cost.py [--repeat 3] [--polygons 100000]

Side by side, each in a process of its own, from its start to its end: the library alone (files read, analysis made,
results written), and ``qgis_process run`` of the same analysis on the same files. Then, in QGIS's Python, how long the
plugin takes to load and to offer its algorithms. Exits with 1 where a bar is not held.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "qgis_plugin"
ANALYSIS = "zoning_fixed_coverage"
ADDED_BAR_S, START_BAR_MS = 5.0, 50.0
LIBRARY = f"""
import sys
import territoire_sig as ts
from territoire_sig.diagnosis.styled import styled_layers
from territoire_sig.publish.geopackage import write_geopackage
from pathlib import Path
diagnosis = ts.diagnose(ts.read_territory(sys.argv[1]), only=["{ANALYSIS}"])
write_geopackage(Path(sys.argv[2]), styled_layers(diagnosis))
"""
START = """
import sys, time
from qgis.core import QgsApplication, QgsProcessingRegistry, QgsProcessingProvider, QgsProcessingAlgorithm
application = QgsApplication([], False)
application.initQgis()
sys.path.insert(0, sys.argv[1])
QgsApplication.processingRegistry()
began = time.perf_counter()
from territoire_sig_qgis import classFactory
plugin = classFactory(None)
plugin.initProcessing()
ended = time.perf_counter()
print(1000 * (ended - began), len(QgsApplication.processingRegistry().providerById("territoire_sig").algorithms()))
plugin.unload()
application.exitQgis()
"""


def write_layers(folder: Path, count: int) -> None:
    """Write 100 communes, `count` zones of 13 vertices and 8 attributes, and the fibre of each commune."""
    rng = np.random.default_rng(0)
    west, south = (side.ravel() for side in np.meshgrid(np.arange(10), np.arange(10)))
    communes = shapely.box(8e5 + 1e4 * west, 6.4e6 + 1e4 * south, 8e5 + 1e4 * (west + 1), 6.4e6 + 1e4 * (south + 1))
    codes = [f"{38000 + rank:05d}" for rank in range(100)]
    gpd.GeoDataFrame({"code_insee": codes, "nom": codes}, geometry=communes, crs=2154).to_file(folder / "communes.gpkg")
    x, y = 8e5 + rng.uniform(0, 1e5, count), 6.4e6 + rng.uniform(0, 1e5, count)
    turns = np.linspace(0, 2 * np.pi, 13)[:-1]
    radius = rng.uniform(30, 80, (count, 12))
    corners = np.stack([x[:, None] + radius * np.cos(turns), y[:, None] + radius * np.sin(turns)], axis=2)
    kinds = rng.choice(["U", "AUc", "AUs", "A", "N"], count)
    attributes = {f"champ_{rank}": rng.integers(0, 1000, count) for rank in range(6)}
    zones = {"typezone": kinds, "libelle": [f"{kind}{rank}" for rank, kind in enumerate(kinds)], **attributes}
    gpd.GeoDataFrame(zones, geometry=shapely.polygons(corners), crs=2154).to_file(folder / "zonage.gpkg")
    pd.DataFrame({"code_insee": codes, "taux_fibre": rng.uniform(0, 1, 100)}).to_csv(folder / "fibre.csv", index=False)
    (folder / "territoire.toml").write_text(
        '[territoire]\nnom = "Cent communes"\n'
        '[unites]\nfichier = "communes.gpkg"\ncode = "code_insee"\nnom = "nom"\n'
        '[[couches]]\nrole = "zonage"\nfichier = "zonage.gpkg"\n'
        '[[couches]]\nrole = "couverture_fixe"\nfichier = "fibre.csv"\n',
        encoding="utf-8",
    )


def seconds(command: list[str], **environment: str) -> tuple[float, float]:
    """Return the wall-clock and the processor seconds of a process and of those that it started."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=os.environ | environment, capture_output=True)
    ended, after = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended - began, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def run_qgis(folder: Path, tool: str, profile: dict[str, str], rank: int) -> tuple[float, float]:
    files = {"UNITES": "communes.gpkg", "ZONAGE": "zonage.gpkg", "COUVERTURE_FIXE": "fibre.csv"}
    given = [f"{name}={folder / file}" for name, file in files.items()]
    output = f"INDICATEURS={folder / f'qgis_{rank}.gpkg'}"
    drawn = f"SURFACES={folder / f'carte_{rank}.gpkg'}"
    return seconds(
        [tool, "run", f"territoire_sig:{ANALYSIS}", "--", *given, "CODE=code_insee", output, drawn], **profile
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--polygons", type=int, default=100_000)
    asked = parser.parse_args()
    tool = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if tool is None:
        print("qgis_process absent: apt install qgis")
        return 1
    with tempfile.TemporaryDirectory(prefix="cout-") as name:
        folder = Path(name)
        profile = {
            "QGIS_CUSTOM_CONFIG_PATH": name,
            "QGIS_PLUGINPATH": str(PLUGINS),
            "QT_QPA_PLATFORM": "offscreen",
            "TERRITOIRE_SIG_PYTHON": sys.executable,
        }
        write_layers(folder, asked.polygons)
        subprocess.run(
            [tool, "plugins", "enable", "territoire_sig_qgis"],
            check=True,
            env=os.environ | profile,
            capture_output=True,
        )
        library = [sys.executable, "-c", LIBRARY, str(folder / "territoire.toml"), str(folder / "seule.gpkg")]
        alone, within = [], []
        for rank in range(asked.repeat):
            alone.append(seconds(library))
            within.append(run_qgis(folder, tool, profile, rank))
        start = ["/usr/bin/python3", "-c", START, str(PLUGINS)]
        told = [
            subprocess.run(start, check=True, capture_output=True, text=True, env=os.environ | profile).stdout.split()
            for _ in range(asked.repeat + 1)
        ]
        check_same(folder)
    added, loading = min(within)[0] - min(alone)[0], min(float(words[-2]) for words in told)
    print(f"{asked.polygons} polygons, best of {asked.repeat}:")
    for text, (wall, processor) in (("library alone", min(alone)), ("qgis_process", min(within))):
        print(f"  {text}: {wall:.2f} s ({processor:.2f} s of processor)")
    print(f"  added by QGIS: {added:.2f} s (bar {ADDED_BAR_S:.0f} s)")
    print(f"plugin loaded with its {told[0][-1]} algorithms in {loading:.0f} ms (bar {START_BAR_MS:.0f} ms)")
    return int(added > ADDED_BAR_S or loading > START_BAR_MS)


def check_same(folder: Path) -> None:
    """Stop where QGIS and the library do not give the same values."""
    columns = [
        name for name in gpd.read_file(folder / "seule.gpkg", layer="unites") if name.endswith(("_ha", "_share"))
    ]
    one, two = (
        gpd.read_file(file).set_index("code_unite")[columns].sort_index()
        for file in (folder / "seule.gpkg", folder / "qgis_0.gpkg")
    )
    pd.testing.assert_frame_equal(one, two, check_exact=True)


if __name__ == "__main__":
    sys.exit(main())
