"""One measure by one engine, timed in the process that runs this file: JSON on standard output.

python benchmarks/overlay/engines.py ENGINE WORKLOAD --scale 1.0 --limit 300
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "src")]

import make_layers  # noqa: E402

PARTS = 128
Answer = tuple[float, dict[str, float]]


def timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """Return what an action gives, and its seconds."""
    start = time.perf_counter()
    return action(), time.perf_counter() - start


def cover_of(workload: str, scale: float) -> gpd.GeoDataFrame:
    """Return the cover of a workload of shared areas."""
    return make_layers.coverages(scale) if workload == "coverage" else make_layers.hazards(scale)


def grown(factor: float) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return zones and coverages of `factor` million vertices in all, on a ground that grows with them."""
    scale = factor / 2.64
    return make_layers.zones(scale), make_layers.coverages(scale)


# --- ours ---------------------------------------------------------------------------------------------------------


def ours(workload: str, scale: float) -> Answer:
    """Measure with territoire_sig."""
    if workload.startswith("growth"):
        return _ours_grown(float(workload.split("-")[1]) * scale)
    return OURS[workload](scale)


def _ours_areas(workload: str) -> Callable[[float], Answer]:
    def run(scale: float) -> Answer:
        from territoire_sig.overlay import intersection_areas

        zones, cover = make_layers.zones(scale), cover_of(workload, scale)
        found, seconds = timed(lambda: intersection_areas(zones, cover))
        return float(found["area_m2"].sum()), {"measure": seconds}

    return run


def _ours_grown(millions: float) -> Answer:
    from territoire_sig.overlay import intersection_areas

    zones, cover = grown(millions)
    vertices = sum(int(shapely.get_num_coordinates(layer.geometry.to_numpy()).sum()) for layer in (zones, cover))
    before = peak_mib()
    found, seconds = timed(lambda: intersection_areas(zones, cover))
    return float(found["area_m2"].sum()), {"measure": seconds, "vertices": vertices, "extra_mib": peak_mib() - before}


def _ours_union(scale: float) -> Answer:
    from territoire_sig.overlay import covered_area

    zones, cover = make_layers.zones(scale), make_layers.hazards(scale)
    found, seconds = timed(lambda: covered_area(zones, cover))
    return float(found.sum()), {"measure": seconds}


def _ours_partition(scale: float) -> Answer:
    from territoire_sig.overlay import partition

    zones, cover = make_layers.zones(scale), make_layers.hazards(scale)
    found, seconds = timed(lambda: partition(zones, cover, by="niveaualea"))
    if not found.is_valid.all():
        raise SystemExit("partition: invalid geometry")
    return float(found["area_m2"].sum()), {"measure": seconds}


def _ours_crosstab(scale: float) -> Answer:
    from territoire_sig.overlay import crosstab

    zones, cover = make_layers.zones(scale), make_layers.coverages(scale)
    covers = [cover.iloc[[rank]].rename(columns={"techno": f"techno_{rank}"}) for rank in range(4)]
    names = [f"techno_{rank}" for rank in range(4)]
    single = sum(
        timed(lambda one=one, name=name: crosstab(zones, one, by=[name]))[1]
        for one, name in zip(covers, names, strict=True)
    )
    found, seconds = timed(lambda: crosstab(zones, *covers, by=names))
    gap = np.abs(found.groupby("zone")["area_m2"].sum() / zones.area - 1).max()
    return float(found["area_m2"].sum()), {"measure": seconds, "singles": single, "gap": float(gap)}


def _ours_lines(scale: float) -> Answer:
    from territoire_sig.overlay import covered_length

    lines, cover = make_layers.lines(scale), make_layers.hazards(scale)
    found, seconds = timed(lambda: covered_length(lines, cover))
    return float(found.sum()), {"measure": seconds}


def _ours_points(scale: float) -> Answer:
    from territoire_sig.overlay import count_within

    zones, points = make_layers.zones(scale), make_layers.points(scale)
    found, seconds = timed(lambda: count_within(zones, points))
    return float(found.sum()), {"measure": seconds}


def _ours_raster(scale: float) -> Answer:
    from territoire_sig.model.raster import Raster
    from territoire_sig.overlay import zonal_statistics

    zones, (values, transform) = make_layers.zones(scale), make_layers.raster(scale)
    grid = Raster(values, transform, make_layers.CRS, "raster")
    found, seconds = timed(lambda: zonal_statistics(zones, grid))
    return float(found["mean"].mean()), {"measure": seconds}


OURS = {
    "coverage": _ours_areas("coverage"),
    "hazard": _ours_areas("hazard"),
    "union": _ours_union,
    "partition": _ours_partition,
    "crosstab": _ours_crosstab,
    "lines": _ours_lines,
    "points": _ours_points,
    "raster": _ours_raster,
}


# --- the others ---------------------------------------------------------------------------------------------------


def geopandas(workload: str, scale: float) -> Answer:
    """Measure as a user of geopandas does (rasterstats for a raster)."""
    action = {"lines": _geopandas_lines, "points": _geopandas_points, "raster": _rasterstats, "union": _geopandas_union}
    return action[workload](scale) if workload in action else _geopandas_overlay(workload, scale)


def _geopandas_overlay(workload: str, scale: float) -> Answer:
    how = "identity" if workload == "partition" else "intersection"
    zones = make_layers.zones(scale).reset_index(names="zone")
    cover = cover_of(workload, scale).reset_index(names="cover")
    found, seconds = timed(lambda: gpd.overlay(zones, cover, how=how, keep_geom_type=True).area)
    return float(found.sum()), {"measure": seconds}


def _geopandas_union(scale: float) -> Answer:
    zones, cover = make_layers.zones(scale).reset_index(names="zone"), make_layers.hazards(scale)

    def run() -> float:
        cut = gpd.overlay(zones, cover[["geometry"]].dissolve(), how="intersection", keep_geom_type=True)
        return float(cut.area.groupby(cut["zone"]).sum().sum())

    total, seconds = timed(run)
    return total, {"measure": seconds}


def _geopandas_lines(scale: float) -> Answer:
    lines, cover = make_layers.lines(scale).reset_index(names="line"), make_layers.hazards(scale)

    def run() -> float:
        cut = gpd.clip(lines, cover)
        return float(cut.length.groupby(cut["line"]).sum().sum())

    total, seconds = timed(run)
    return total, {"measure": seconds}


def _geopandas_points(scale: float) -> Answer:
    zones, points = make_layers.zones(scale), make_layers.points(scale)
    found, seconds = timed(lambda: gpd.sjoin(points, zones, predicate="intersects").groupby("index_right").size())
    return float(found.sum()), {"measure": seconds}


def _rasterstats(scale: float) -> Answer:
    from affine import Affine
    from rasterstats import zonal_stats

    zones, (values, transform) = make_layers.zones(scale), make_layers.raster(scale)
    found, seconds = timed(lambda: zonal_stats(zones, values, affine=Affine(*transform), stats=["mean"], nodata=-1.0))
    means = np.array([one["mean"] for one in found], dtype=float)
    return float(np.nanmean(means)), {"measure": seconds}


def _parts(workload: str, scale: float) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, float]:
    """Return zones and cover in small parts (by our subdivision), and the seconds that it took."""
    from territoire_sig.overlay import subdivide

    zones, cover = make_layers.zones(scale), cover_of(workload, scale)
    both, seconds = timed(lambda: (subdivide(zones, PARTS), subdivide(cover, PARTS)))
    return *both, seconds


SUM_OF_PARTS = (
    "SELECT sum(part) FROM (SELECT z.source AS zone, c.source AS cover,"
    " sum(ST_Area(ST_Intersection(z.{geom}, c.{geom}))) AS part"
    " FROM zones z JOIN covers c ON ST_Intersects(z.{geom}, c.{geom}) GROUP BY z.source, c.source) AS pairs"
)


def duckdb(workload: str, scale: float, *, given: bool = False) -> Answer:
    """Measure with DuckDB spatial, polygons in small parts, or as given."""
    import duckdb as engine
    import duckdb_extension_spatial

    if given:
        zones, cover, subdivision = make_layers.zones(scale), cover_of(workload, scale), 0.0
        zones, cover = zones.reset_index(names="source"), cover.reset_index(names="source")
    else:
        zones, cover, subdivision = _parts(workload, scale)
    [file] = Path(duckdb_extension_spatial.__file__).parent.glob("extensions/*/spatial.duckdb_extension")
    with engine.connect(config={"allow_unsigned_extensions": "true"}) as connection:
        connection.execute(f"LOAD '{file}'")
        for name, layer in (("zones", zones), ("covers", cover)):
            frame = layer[["source"]].assign(wkb=layer.geometry.to_wkb())
            connection.register("arrival", frame.drop(columns="geometry", errors="ignore"))
            connection.execute(f"CREATE TABLE {name} AS SELECT source, ST_GeomFromWKB(wkb) AS geom FROM arrival")
        row, seconds = timed(lambda: connection.execute(SUM_OF_PARTS.format(geom="geom")).fetchone())
    return float(row[0]), {"subdivision": subdivision, "measure": seconds}


def duckdb_given(workload: str, scale: float) -> Answer:
    """Measure with DuckDB spatial, polygons as given."""
    return duckdb(workload, scale, given=True)


def sedonadb(workload: str, scale: float) -> Answer:
    """Measure with SedonaDB, polygons in small parts."""
    import sedonadb as engine

    zones, cover, subdivision = _parts(workload, scale)
    connection = engine.connect()
    for name, layer in (("zones", zones), ("covers", cover)):
        connection.create_data_frame(layer).to_memtable().to_view(name)
    found, seconds = timed(lambda: connection.sql(SUM_OF_PARTS.format(geom="geometry")).to_pandas())
    return float(found.iloc[0, 0]), {"subdivision": subdivision, "measure": seconds}


def postgis(workload: str, scale: float) -> Answer:
    """Measure with PostGIS, used by an expert."""
    from cluster import measured

    return measured(make_layers.zones(scale), cover_of(workload, scale), PARTS, LIMIT["seconds"])


def qgis(workload: str, scale: float) -> Answer:
    """Measure with ``native:intersection`` of the QGIS installed here."""
    zones, cover = make_layers.zones(scale), cover_of(workload, scale)
    with tempfile.TemporaryDirectory() as folder:
        for name, layer in (("zones", zones), ("covers", cover)):
            layer.to_file(Path(folder) / f"{name}.gpkg")
        script = Path(__file__).with_name("in_qgis.py")
        done = subprocess.run(["/usr/bin/python3", script, folder], check=True, capture_output=True, text=True)
    total, seconds = json.loads(done.stdout.splitlines()[-1])
    return total, {"measure": seconds}


LIMIT = {"seconds": 300.0}
ENGINES: dict[str, Callable[[str, float], Answer]] = {
    "territoire_sig": ours,
    "geopandas": geopandas,
    "duckdb": duckdb,
    "duckdb_given": duckdb_given,
    "sedonadb": sedonadb,
    "postgis": postgis,
    "qgis": qgis,
}


def peak_mib() -> float:
    """Return the peak resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the answer, the seconds of each step and the versions, as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("workload")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--limit", type=float, default=300.0)
    options = parser.parse_args()
    LIMIT["seconds"] = options.limit
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):
        answer, steps = ENGINES[options.engine](options.workload, options.scale)
    print(json.dumps({"answer": answer, "steps": steps}))


if __name__ == "__main__":
    main()
