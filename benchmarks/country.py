"""A synthetic country on two workers of 4 GiB, one of which is killed half-way: same answer, time and memory told.

python benchmarks/country.py                        35,000 communes, 500,000 zones, 8 covers, 20 M vertices
python benchmarks/country.py --scale 0.01           a hundredth of each, to try

The answer is compared three times: with the run in which no worker is lost (to the byte), with the engine on one
machine and whole covers, on a sample of partitions (to 1e-9), and, for the communes, on all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import psutil
import shapely
from distributed import Client

from territoire_sig.overlay import covered_area, crosstab
from territoire_sig.scale import Partitions, Scaled, connected, cross, partition_parquet

SEED = 20_240_101
CRS = "EPSG:2154"
CORNER, SIDE_M = np.array([200_000.0, 6_200_000.0]), 700_000.0
COMMUNES, ZONES, VERTICES, COVERS = 35_000, 500_000, 20_000_000, 8
WORKERS, MEMORY = 2, "4GiB"
ZONES_A_PARTITION, PARTS_A_FILE, VERTICES_A_PART = 5_000, 500, 1_024
Floats = npt.NDArray[np.float64]
LEVELS = ("fort", "moyen", "faible")


@dataclass
class Watch:
    """Peak memory of the workers and their processor time; one is killed when half the work is done, if asked for."""

    client: Client
    kill: bool
    peak_gib: float = 0.0
    killed: int | None = None
    cpu_s: dict[int, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.2):
            for process in me.children(recursive=True):
                try:
                    self.peak_gib = max(self.peak_gib, process.memory_info().rss / 2**30)
                    used = process.cpu_times()
                    self.cpu_s[process.pid] = used.user + used.system
                except psutil.NoSuchProcess:
                    continue

    def tell(self, share: float, _: str) -> None:
        """Kill a worker, the first time that half the work is done: the one process, that this run has started."""
        if self.kill and self.killed is None and share >= 0.5:
            self.killed = next(iter(self.client.run(os.getpid).values()))
            os.kill(self.killed, signal.SIGKILL)


def tiling(cells: int, vertices: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return about `cells` polygons that tile the country, with crooked edges that neighbours share."""
    columns = int(cells**0.5)
    while cells % columns:
        columns -= 1
    rows = cells // columns
    step = np.array([SIDE_M / columns, SIDE_M / rows])
    nodes = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), -1) * step + CORNER
    nodes += rng.uniform(-0.2, 0.2, nodes.shape) * step
    across = crooked(nodes[:-1], nodes[1:], vertices // 4, rng)
    along = crooked(nodes[:, :-1], nodes[:, 1:], vertices // 4, rng)
    rings = np.concatenate([across[:, :-1], along[1:], across[:, 1:, ::-1], along[:-1, :, ::-1]], axis=2).reshape(
        cells, -1, 2
    )
    keep = np.ones(rings.shape[1], dtype=bool)
    keep[np.arange(1, 4) * across.shape[2]] = False
    shapes = shapely.polygons(rings[:, keep])
    return gpd.GeoDataFrame(geometry=shapes, index=[f"{number:06}" for number in rng.permutation(cells)], crs=CRS)


def crooked(start: Floats, end: Floats, vertices: int, rng: np.random.Generator) -> Floats:
    """Return polylines between nodes, of `vertices` vertices after the first, that stray to either side."""
    t = np.linspace(0, 1, vertices + 1)[:, None]
    line = start[..., None, :] * (1 - t) + end[..., None, :] * t
    aside = (end - start)[..., None, ::-1] * [-1, 1]
    return line + aside * rng.uniform(-0.1, 0.1, (*line.shape[:-1], 1)) * np.minimum(t, 1 - t)


def flower(centre: Floats, radius: float, vertices: int, rng: np.random.Generator) -> Floats:
    """Return a ring whose radius waves and trembles about `radius`."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    wave = 0.2 * np.sin(rng.integers(3, 9) * angle + rng.uniform(0, 6)) + 0.05 * np.sin(41 * angle)
    reach = radius * (0.75 + wave + rng.uniform(-0.5, 0.5, vertices) * min(0.02, 30 / vertices))
    return centre + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def coverage(vertices: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return an operator's coverage: regions of 25,000 vertices with 144 holes each."""
    side = max(round((vertices / 25_000) ** 0.5), 1)
    cell = SIDE_M / side
    regions = []
    for column, row in np.ndindex(side, side):
        centre = CORNER + (np.array([column, row]) + 0.5) * cell
        lattice = np.stack(np.meshgrid(*[(np.arange(12) - 5.5) / 12 * 0.3 * cell] * 2), -1).reshape(-1, 2)
        holes = [flower(centre + place, 0.008 * cell, 104, rng) for place in lattice]
        regions.append(shapely.Polygon(flower(centre, 0.49 * cell, 10_000, rng), holes))
    return gpd.GeoDataFrame(geometry=regions, crs=CRS)


def hazards(vertices: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return hazard zones of 1,000 vertices in three levels, which overlap."""
    side = max(round((vertices / 1_000) ** 0.5), 1)
    cell = SIDE_M / side
    centres = CORNER + rng.uniform(0, 1, (side * side, 2)) * SIDE_M
    shapes = [shapely.Polygon(flower(centre, 0.5 * cell, 1_000, rng)) for centre in centres]
    return gpd.GeoDataFrame({"niveau": rng.choice(LEVELS, len(shapes))}, geometry=shapes, crs=CRS)


def timed(what: str, action: Callable[[], object]) -> object:
    started = time.perf_counter()
    result = action()
    print(f"{what:<64} {time.perf_counter() - started:8.1f} s", flush=True)
    return result


def run(place: Path, layers: Layers, *, kill: bool) -> tuple[dict[str, Scaled], float, Watch]:
    """Cross the zones with every cover, and the communes with the first hazards; return results, seconds, watch."""
    with connected("local", workers=WORKERS, memory_limit=MEMORY) as client, Watch(client, kill) as watch:
        started = time.perf_counter()
        results: dict[str, Scaled] = {}
        for number, cover in enumerate(layers.covers):
            middle = number == len(layers.covers) // 2
            results[f"zones_{number}"] = cross(
                layers.zones,
                cover,
                measure="covered_area",
                output=place / f"zones_{number}",
                cluster=client,
                progress=watch.tell if middle else None,
            )
            print(f"  {'kill' if kill else 'calm'} cover {number}: {time.perf_counter() - started:.0f} s", flush=True)
        results["communes"] = cross(
            layers.communes,
            layers.covers[-1],
            measure="crosstab",
            by="niveau",
            output=place / "communes",
            cluster=client,
        )
        return results, time.perf_counter() - started, watch


@dataclass(frozen=True)
class Layers:
    """The country, partitioned, and its covers as they were made."""

    zones: Partitions
    communes: Partitions
    covers: list[Partitions]
    whole: list[gpd.GeoDataFrame]
    communes_frame: gpd.GeoDataFrame


def country(place: Path, scale: float) -> Layers:
    """Make the country and partition it."""
    rng = np.random.default_rng(SEED)
    communes = timed("make the communes", lambda: tiling(round(COMMUNES * scale), 120, rng))
    zones = timed("make the zones", lambda: tiling(round(ZONES * scale), 48, rng))
    each = round(VERTICES * scale / COVERS)
    makers = [coverage] * (COVERS // 2) + [hazards] * (COVERS // 2)
    whole = timed("make the covers", lambda: [make(each, rng) for make in makers])
    count = sum(int(shapely.get_num_coordinates(cover.geometry).sum()) for cover in whole)
    zone_vertices = int(shapely.get_num_coordinates(zones.geometry).sum())
    print(
        f"{len(communes):,} communes, {len(zones):,} zones of {zone_vertices:,} vertices, "
        f"{len(whole)} covers of {count:,} vertices",
        flush=True,
    )
    parts = timed("partition the zones", lambda: partition_parquet(zones, place / "zones", ZONES_A_PARTITION))
    towns = timed("partition the communes", lambda: partition_parquet(communes, place / "communes", 1_000))
    covers = [
        timed(
            f"partition cover {number}",
            lambda number=number, cover=cover: partition_parquet(
                cover, place / f"cover_{number}", PARTS_A_FILE, max_vertices=VERTICES_A_PART
            ),
        )
        for number, cover in enumerate(whole)
    ]
    print(f"{len(parts.files)} parts of zones, files a cover: {[len(cover.files) for cover in covers]}", flush=True)
    return Layers(parts, towns, covers, whole, communes)


def same_bytes(one: Scaled, other: Scaled) -> bool:
    def digests(result: Scaled) -> list[str]:
        return [hashlib.sha256((result.folder / part.file).read_bytes()).hexdigest() for part in result.parts]

    return digests(one) == digests(other)


def sampled_error(layers: Layers, results: dict[str, Scaled], sample: int) -> float:
    """Return the largest gap between the parts and the engine on one machine with whole covers, over a zone's area."""
    numbers = np.unique(np.linspace(0, len(layers.zones.files) - 1, sample).astype(int))
    zones = pd.concat([layers.zones.read(number) for number in numbers])
    worst = 0.0
    for number, cover in enumerate(layers.whole):
        expected = covered_area(zones, cover)
        found = results[f"zones_{number}"].table()["covered_area_m2"].loc[zones.index]
        worst = max(worst, float(((found - expected).abs() / zones.area).max()))
    return worst


def communes_error(layers: Layers, results: dict[str, Scaled]) -> float:
    """Return the largest gap for all communes, over a commune's area; infinite where rows differ."""
    expected = crosstab(layers.communes_frame, layers.whole[-1], by="niveau")
    found = results["communes"].table()
    key = ["zone", "niveau"]
    if not found[key].equals(expected[key]):
        return float("inf")
    area = layers.communes_frame.area.loc[expected["zone"]].to_numpy()
    return float(((found["area_m2"] - expected["area_m2"]).abs() / area).max())


def main() -> int:
    """Make the country, run it twice, compare; the exit code tells whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the country (1.0: the whole of it)")
    parser.add_argument("--sample", type=int, default=5, help="partitions compared with one machine")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="country_") as folder:
        place = Path(folder)
        layers = country(place, asked.scale)
        killed, killed_s, watch = run(place / "killed", layers, kill=True)
        calm, calm_s, calm_watch = run(place / "calm", layers, kill=False)
        same = all(same_bytes(killed[name], calm[name]) for name in calm)
        worst = timed("one machine, sampled partitions", lambda: sampled_error(layers, killed, asked.sample))
        communes = timed("one machine, all communes", lambda: communes_error(layers, killed))
    million = layers.zones.features * COVERS / 1e6
    peak = max(watch.peak_gib, calm_watch.peak_gib)
    for name, seconds, seen in (("calm", calm_s, calm_watch), ("killed", killed_s, watch)):
        cpu_s = sum(seen.cpu_s.values())
        print(f"{name:<6} run: {seconds:6.0f} s, {cpu_s:6.0f} s of processor, peak {seen.peak_gib:.2f} GiB a worker")
    cpu_s = sum(calm_watch.cpu_s.values())
    print(f"cost: {calm_s / million:.0f} s, {cpu_s / million:.0f} s of processor a million zones and a cover")
    print(f"answer unchanged by the kill, to the byte: {same}")
    print(f"largest gap with one machine: {worst:.1e} of a zone's area (sample), {communes:.1e} of a commune's (all)")
    held = same and watch.killed is not None and worst <= 1e-9 and communes <= 1e-9 and peak < 4
    print("tenu / held" if held else "NON TENU / NOT HELD")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
