"""Travel times from 5,000 origins to 200 places over the real roads of Grenoble and the 55 routes of its GTFS.

python benchmarks/travel_times.py            prints each step, and whether the bar of 20 s is held
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from territoire_sig.indicators.ways import ways
from territoire_sig.io.formats.gtfs import read_gtfs
from territoire_sig.io.reader import Source
from territoire_sig.overlay import Network, travel_times

MOBILITY = Path(__file__).resolve().parents[2] / "shared" / "data" / "mobility"
ORIGINS, PLACES, BAR_S, SEED = 5_000, 200, 20.0, 20_240_101
CRS = "EPSG:2154"


def near_the_network(made: Network, count: int, draw: np.random.Generator) -> gpd.GeoDataFrame:
    """Return points drawn within some tens of metres of the network."""
    at = made.nodes[draw.choice(len(made.nodes), count, replace=False)] + made.origin
    return gpd.GeoDataFrame(geometry=shapely.points(at + draw.normal(0, 30, (count, 2))), crs=CRS)


def main() -> int:
    """Time the steps; the exit code tells whether the bar is held."""
    if not MOBILITY.is_dir():
        print(f"données absentes / data absent: {MOBILITY}")
        return 0
    roads = gpd.read_parquet(MOBILITY / "grenoble_osm_roads_z14.parquet").to_crs(CRS)
    (layer,) = read_gtfs(Source(MOBILITY / "grenoble_SEM-GTFS.zip", role="troncon_tc"))
    stretches = layer.frame.to_crs(CRS)
    started = time.perf_counter()
    made = ways(roads, stretches, foot_kmh=4.5, reach_m=500.0, junctions="dessin")
    built = time.perf_counter() - started
    draw = np.random.default_rng(SEED)
    homes, places = (near_the_network(made.network, count, draw) for count in (ORIGINS, PLACES))
    print(
        f"{len(roads):,} lignes, {len(made.network.start):,} arcs, {made.network.islands:,} îlots, "
        f"{len(stretches):,} tronçons de {stretches['ligne'].nunique()} lignes : {built:.1f} s"
    )
    total = built
    for name, walk, runs in made.modes():
        started = time.perf_counter()
        found = travel_times(homes, places, made.network, walk=walk, transit=runs)
        total += (spent := time.perf_counter() - started)
        reached = found.reachable.to_numpy().mean()
        mean = np.nanmean(found.minutes.to_numpy())
        print(f"{name:<8} {ORIGINS:,} × {PLACES} : {spent:5.1f} s, {reached:.1%} atteints, {mean:.0f} min en moyenne")
    held = total <= BAR_S
    print(f"total {total:.1f} s (≤ {BAR_S:.0f} s) : {'tenu / held' if held else 'NON TENU / NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
