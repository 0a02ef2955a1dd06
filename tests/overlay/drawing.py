"""Layers one can draw."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import Polygon

CRS = "EPSG:2154"
BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def layer(*shapes, crs=CRS, index=None, **columns):
    """Return a layer of shapes, in Lambert-93 unless told otherwise."""
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs, index=index)


def star(vertices, *, radius=10_000.0, centre=(650_000.0, 6_860_000.0), lobes=7):
    """Return a flower of many vertices, whose area no one knows by head."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius * (1 + 0.3 * np.sin(lobes * angle) + 0.01 * np.sin(vertices / 11 * angle))
    return Polygon(np.column_stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)]))


def grid(cells, size, *, centre=(650_000.0, 6_860_000.0)):
    """Return `cells` by `cells` squares of `size` metres about a centre."""
    start = -cells * size / 2
    corners = [(centre[0] + start + i * size, centre[1] + start + j * size) for i in range(cells) for j in range(cells)]
    return layer(*(Polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)]) for x, y in corners))
