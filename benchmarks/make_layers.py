"""Layers of the benchmarks: the shapes of planning, coverage and hazard data, at any size, from one seed.

python benchmarks/make_layers.py FOLDER [--scale 1.0] [--seed 1]    writes them as GeoPackage and GeoTIFF

At scale 1: 20,000 planning zones (1.0 M vertices) on 40 km × 40 km, 8 coverages of 330,000 vertices with 1,500
holes each, 250 hazard zones of 4,000 vertices, 20,000 lines, 500,000 points and a raster of 50 m pixels. The scale
changes the number of features (of holes, for the coverages) and the ground they lie on, not their detail: the work
per vertex is the same at any scale.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

CRS = "EPSG:2154"
CENTRE = np.array([650_000.0, 6_860_000.0])
SIDE_M = 40_000.0
Floats = npt.NDArray[np.float64]


def fractal(rng: np.random.Generator, count: int, rows: int = 1, roughness: float = 1.4) -> Floats:
    """Return `rows` closed curves of `count` values between -1 and 1, rough at every scale."""
    waves = np.arange(1, count // 2 + 1)
    phase = rng.uniform(0, 2 * np.pi, (rows, len(waves)))
    spectrum = np.concatenate([np.zeros((rows, 1)), waves**-roughness * np.exp(1j * phase)], axis=1)
    curve = np.fft.irfft(spectrum, n=count, axis=1)
    return curve / np.abs(curve).max(axis=1, keepdims=True)


def rings(centre: Floats, radius: Floats, shape: Floats) -> Floats:
    """Return star-shaped rings about centres: distance to the centre is `radius` × `shape`, counter-clockwise."""
    angle = np.linspace(0, 2 * np.pi, shape.shape[1], endpoint=False)
    reach = radius[:, None] * shape
    points = centre[:, None, :] + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=-1)
    return np.concatenate([points, points[:, :1]], axis=1)


def polygons(points: Floats) -> npt.NDArray[np.object_]:
    """Return one polygon a ring."""
    return shapely.polygons(shapely.linearrings(points))


def ground_m(scale: float) -> float:
    """Return the side of the square on which the layers lie."""
    return SIDE_M * float(np.sqrt(scale))


def zones(scale: float = 1.0, seed: int = 1, count: int = 20_000, vertices: int = 50) -> gpd.GeoDataFrame:
    """Return planning zones that fill a square, with rough borders that neighbours share vertex by vertex."""
    rng = np.random.default_rng([seed, 1])
    cells = max(round(np.sqrt(count * scale)), 2)
    size = ground_m(scale) / cells
    corner = np.stack(np.meshgrid(*[np.arange(cells + 1.0)] * 2, indexing="ij"), axis=-1)
    corner[1:-1, 1:-1] += rng.uniform(-0.25, 0.25, (cells - 1, cells - 1, 2))
    corner = CENTRE + (corner - cells / 2) * size
    steps = max(vertices // 4, 1)
    south = _borders(rng, corner[:-1], corner[1:], steps, 0.06 * size)
    west = _borders(rng, corner[:, :-1], corner[:, 1:], steps, 0.06 * size)
    loop = [south[:, :-1], west[1:], south[:, 1:, ::-1], west[:-1, :, ::-1]]
    ring = np.concatenate([side[:, :, :-1] for side in loop], axis=2).reshape(cells * cells, -1, 2)
    shapes = polygons(np.concatenate([ring, ring[:, :1]], axis=1))
    kind = rng.choice(["U", "AU", "A", "N"], len(shapes), p=[0.35, 0.1, 0.3, 0.25])
    return gpd.GeoDataFrame({"typezone": kind}, geometry=shapes, crs=CRS)


def _borders(rng: np.random.Generator, start: Floats, end: Floats, steps: int, rough_m: float) -> Floats:
    """Return one rough line from each start to its end, of `steps` segments, straight on the rim of the grid."""
    along = np.linspace(0, 1, steps + 1)
    straight = start[..., None, :] + (end - start)[..., None, :] * along[:, None]
    side = np.stack([start[..., 1] - end[..., 1], end[..., 0] - start[..., 0]], axis=-1)
    side /= np.linalg.norm(side, axis=-1, keepdims=True)
    bump = fractal(rng, 2 * steps, start.shape[0] * start.shape[1])[:, : steps + 1] * np.sin(np.pi * along) * rough_m
    bump = bump.reshape(*start.shape[:2], steps + 1)
    rim = (start == end).all(axis=-1)
    flat = np.isclose(start[..., 0], end[..., 0]) | np.isclose(start[..., 1], end[..., 1]) | rim
    bump[flat] = 0
    return straight + side[..., None, :] * bump[..., None]


def coverages(
    scale: float = 1.0, seed: int = 1, count: int = 8, vertices: int = 330_000, holes: int = 1_500
) -> gpd.GeoDataFrame:
    """Return coverages that overlap: a rough shell with many rough holes, all of one operator in one polygon."""
    rng = np.random.default_rng([seed, 2])
    inside = max(round(holes * scale), 1)
    in_holes = max(round(0.82 * vertices * scale) // inside, 8)
    in_shell = max(round(vertices * scale) - inside * in_holes, 64)
    shapes = [_coverage(rng, in_shell, inside, in_holes, ground_m(scale)) for _ in range(count)]
    classes = pd.Series(["4G", "5G", "THD", "4G+"])
    return gpd.GeoDataFrame({"techno": classes[np.arange(count) % 4].to_numpy()}, geometry=shapes, crs=CRS)


def _coverage(rng: np.random.Generator, vertices: int, holes: int, in_hole: int, side_m: float) -> shapely.Polygon:
    """Return a rough disc about the middle of the ground, with holes on a jittered grid of its heart."""
    centre = CENTRE + rng.uniform(-0.03, 0.03, (1, 2)) * side_m
    shell = rings(centre, np.array([0.49 * side_m]), 1 + 0.33 * fractal(rng, vertices, roughness=1.35))
    cells = int(np.ceil(np.sqrt(holes * 4 / np.pi) * 1.04)) + 2
    step = 0.62 * side_m / cells
    grid = np.stack(np.meshgrid(*[np.arange(cells) - (cells - 1) / 2] * 2), axis=-1).reshape(-1, 2) * step
    nearest = np.argsort(np.hypot(*grid.T), kind="stable")[:holes]
    middle = centre + grid[nearest] + rng.uniform(-0.1, 0.1, (holes, 2)) * step
    radius = step * rng.uniform(0.15, 0.39, holes)
    pits = rings(middle, radius, 0.7 + 0.3 * fractal(rng, in_hole, holes, roughness=1.35))
    return shapely.Polygon(shell[0], list(pits))


def hazards(scale: float = 1.0, seed: int = 1, count: int = 250, vertices: int = 4_000) -> gpd.GeoDataFrame:
    """Return hazard zones, rough and overlapping here and there, with a level each."""
    rng = np.random.default_rng([seed, 3])
    many = max(round(count * scale), 2)
    middle = CENTRE + rng.uniform(-0.47, 0.47, (many, 2)) * ground_m(scale)
    radius = rng.uniform(800, 2_900, many)
    shapes = polygons(rings(middle, radius, 0.85 + 0.35 * fractal(rng, vertices, many, roughness=1.3)))
    level = rng.choice(["faible", "moyen", "fort"], many)
    return gpd.GeoDataFrame({"niveaualea": level}, geometry=shapes, crs=CRS)


def lines(scale: float = 1.0, seed: int = 1, count: int = 20_000, vertices: int = 20) -> gpd.GeoDataFrame:
    """Return road-like lines of about 500 m."""
    rng = np.random.default_rng([seed, 4])
    many = max(round(count * scale), 2)
    start = CENTRE + rng.uniform(-0.49, 0.49, (many, 1, 2)) * ground_m(scale)
    heading = rng.uniform(0, 2 * np.pi, (many, 1)) + np.cumsum(rng.normal(0, 0.2, (many, vertices - 1)), axis=1)
    path = np.cumsum(26 * np.stack([np.cos(heading), np.sin(heading)], axis=-1), axis=1)
    points = np.concatenate([start, start + path], axis=1)
    return gpd.GeoDataFrame(geometry=shapely.linestrings(points), crs=CRS)


def points(scale: float = 1.0, seed: int = 1, count: int = 500_000) -> gpd.GeoDataFrame:
    """Return points spread over the ground, with a class each."""
    rng = np.random.default_rng([seed, 5])
    many = max(round(count * scale), 2)
    where = CENTRE + rng.uniform(-0.5, 0.5, (many, 2)) * ground_m(scale)
    kind = rng.choice(["école", "mairie", "antenne"], many)
    return gpd.GeoDataFrame({"kind": kind}, geometry=shapely.points(where), crs=CRS)


def raster(
    scale: float = 1.0, seed: int = 1, pixel_m: float = 50.0
) -> tuple[Floats, tuple[float, float, float, float, float, float]]:
    """Return the values of a raster over the ground, and its transform (a, b, c, d, e, f)."""
    rng = np.random.default_rng([seed, 6])
    cells = max(round(ground_m(scale) / pixel_m), 4)
    half = cells * pixel_m / 2
    return rng.uniform(0, 100, (cells, cells)), (pixel_m, 0.0, CENTRE[0] - half, 0.0, -pixel_m, CENTRE[1] + half)


LAYERS = {"zones": zones, "coverages": coverages, "hazards": hazards, "lines": lines, "points": points}


def main() -> None:
    """Write the layers of the benchmarks into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, make in LAYERS.items():
        layer = make(options.scale, options.seed)
        layer.to_file(options.folder / f"{name}.gpkg")
        print(f"{name:<10} {len(layer):>8} {shapely.get_num_coordinates(layer.geometry.to_numpy()).sum():>10} vertices")
    _write_raster(options.folder / "raster.tif", options.scale, options.seed)


def _write_raster(path: Path, scale: float, seed: int) -> None:
    """Write the raster as GeoTIFF."""
    import rasterio
    from rasterio.transform import Affine

    values, transform = raster(scale, seed)
    size = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float64"}
    with rasterio.open(path, "w", driver="GTiff", crs=CRS, transform=Affine(*transform), **size) as file:
        file.write(values, 1)


if __name__ == "__main__":
    main()
