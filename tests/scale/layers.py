"""Layers one can draw, and seeded ones no one knows by head: crooked tiles that share edges, flowers that overlap."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import Polygon, box

CRS = "EPSG:2154"
X, Y = 650_000.0, 6_860_000.0


def layer(*shapes, index=None, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=index, crs=crs)


def square(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def strip(count, size=10.0):
    """Return squares side by side from west to east, called after letters, in reverse order of place."""
    shapes = [square(i * size, 0, (i + 1) * size, size) for i in range(count)]
    return layer(*shapes[::-1], index=list("ABCDEFGHIJ"[:count])[::-1])


def tiles(side, size, rng):
    """Return `side` by `side` crooked quadrangles that tile a square, in a drawn order."""
    nodes = np.stack(np.meshgrid(*[np.arange(side + 1) * size] * 2, indexing="ij"), -1) + np.array([X, Y])
    nodes += rng.uniform(-0.3, 0.3, nodes.shape) * size
    shapes = [
        Polygon([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]])
        for i, j in rng.permutation(list(np.ndindex(side, side)))
    ]
    return layer(*shapes, index=[f"z{number}" for number in rng.permutation(side * side)])


def flowers(count, extent, vertices, rng):
    """Return overlapping flowers of many vertices in four classes."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    shapes = []
    for centre in rng.uniform(0, extent, (count, 2)) + np.array([X, Y]):
        reach = rng.uniform(0.1, 0.4) * extent * (1 + 0.3 * np.sin(7 * angle) + 0.02 * rng.uniform(-1, 1, vertices))
        shapes.append(Polygon(centre + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])))
    return layer(*shapes, index=[f"f{number}" for number in range(count)], kind=list(rng.choice(list("DBCA"), count)))
