"""What GEOS OverlayNG says of two layers, what the engine says, and how far apart the two may be."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely.validation import explain_validity

from territoire_sig import overlay

CRS = "EPSG:2154"
EPSILON = float(np.finfo(float).eps)
ROUNDINGS = 8


@dataclass
class Verdict:
    """Gaps between the engine and GEOS: `gap` over `allowed`, one row a value; and what is not valid."""

    names: list[str] = field(default_factory=list)
    gap: list[float] = field(default_factory=list)
    allowed: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def compare(self, name, found, expected, allowed):
        """Add a row per value."""
        found, expected = np.ravel(found).astype(float), np.ravel(expected).astype(float)
        self.names += [f"{name}[{n}] {a!r} for {b!r}" for n, (a, b) in enumerate(zip(found, expected, strict=True))]
        self.gap += np.abs(found - expected).tolist()
        self.allowed += np.broadcast_to(np.asarray(allowed, dtype=float), found.shape).tolist()

    def valid(self, name, frame):
        """Note what is invalid or not polygonal, and what is empty."""
        bad = frame[~frame.is_valid | ~frame.geom_type.isin(["Polygon", "MultiPolygon"])]
        self.faults += [f"{name}: {shape.geom_type}, {explain_validity(shape)}" for shape in bad.geometry]
        self.empty += [f"{name}: row {row} has an empty geometry" for row in frame.index[frame.is_empty]]
        return frame

    def wrong(self):
        """Return what is beyond its tolerance (NaN included), and the faults."""
        beyond = [
            f"{name}: gap {gap:.3g}, allowed {allowed:.3g}"
            for name, gap, allowed in zip(self.names, self.gap, self.allowed, strict=True)
            if not gap <= allowed
        ]
        return beyond + self.faults


def layer(shapes):
    """Return shapes as a repaired layer, in Lambert-93, their position as index."""
    return overlay.repair(gpd.GeoDataFrame(geometry=[_polygonal(shape) for shape in shapes], crs=CRS)).frame


def _polygonal(shape):
    """Return the polygons of a collection that has some, as the door of the readers does."""
    if shape is None or shape.geom_type != "GeometryCollection":
        return shape
    leaves = shapely.get_parts(shapely.get_parts(shape))
    polygons = [leaf for leaf in leaves if leaf.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons) if polygons else shape


def magnitude(*frames):
    """Return the largest coordinate of layers, or the size of one that lies elsewhere."""
    bounds = np.nan_to_num(np.concatenate([frame.total_bounds for frame in frames]))
    return float(np.abs(bounds).max(initial=0.0))


def tolerance(zones, cover, steps):
    """Return the gap allowed for each zone: 1e-9 of its area, or a band of `steps` roundings along every border.

    A coordinate is told to one unit in the last place, epsilon times its magnitude; each vertex of a result is the
    rounded crossing of two rounded edges. Moving a border by d moves an area by d times its length at most.
    """
    band = steps * EPSILON * magnitude(zones, cover) * (zones.length.to_numpy() + cover.length.sum())
    return np.maximum(1e-9 * zones.area.to_numpy(), band)


def geos(zone, features, outside=False):
    """Return the area of a zone that the union of features covers, or leaves, by GEOS OverlayNG."""
    united = shapely.union_all(np.array(features, dtype=object))
    return shapely.area((shapely.difference if outside else shapely.intersection)(zone, united))


def judge(zones, cover, reference=geos, steps=ROUNDINGS):
    """Compare every area of the engine with that of a reference."""
    verdict = Verdict()
    allowed = tolerance(zones, cover, steps)
    shapes, features = list(zones.geometry), list(cover.geometry)
    pairs = np.array([[reference(zone, [feature]) for feature in features] for zone in shapes])
    taken = np.array([reference(zone, features) for zone in shapes])
    left = np.array([reference(zone, features, outside=True) for zone in shapes])
    area = zones.area.to_numpy()
    _pairs(verdict, zones, cover, pairs.reshape(len(shapes), len(features)), allowed)
    verdict.compare("covered_area", overlay.covered_area(zones, cover), taken, allowed)
    verdict.compare("covered_share", overlay.covered_share(zones, cover) * area, taken, allowed)
    _tables(verdict, zones, cover, area, taken, allowed)
    _shapes(verdict, zones, cover, area, taken, left, allowed)
    return verdict


def _pairs(verdict, zones, cover, pairs, allowed):
    rows, columns = zones.index, cover.index
    found = overlay.intersection_areas(zones, cover).pivot(index="zone", columns="cover", values="area_m2")
    square = found.reindex(index=rows, columns=columns).fillna(0.0).to_numpy(dtype=float)
    verdict.compare("intersection_areas", square, pairs, np.broadcast_to(allowed[:, None], pairs.shape).ravel())
    shared = overlay.intersect(zones, cover)
    verdict.valid("intersect", shared)
    square = shared.assign(area=shared.area).pivot(index="left", columns="right", values="area")
    square = square.reindex(index=rows, columns=columns).fillna(0.0).to_numpy(dtype=float)
    verdict.compare("intersect", square, pairs, np.broadcast_to(allowed[:, None], pairs.shape).ravel())


def _tables(verdict, zones, cover, area, taken, allowed):
    classes = cover.assign(rank=np.arange(len(cover)))
    for name, measure in (("crosstab", overlay.crosstab), ("partition", overlay.partition)):
        table = measure(zones, cover)
        verdict.compare(f"{name} covered", _total(table[table["cover_1"]], zones), taken, allowed)
        verdict.compare(f"{name} sum", _total(table, zones), area, allowed)
        by = measure(zones, classes, by="rank")
        verdict.compare(f"{name} classes", _total(by[by["rank"].notna()], zones), taken, allowed)
        verdict.compare(f"{name} classes sum", _total(by, zones), area, allowed)
        if name == "partition":
            verdict.valid(name, table)
            verdict.valid(f"{name} classes", by)
            mine = allowed[zones.index.get_indexer(table["zone"])]
            verdict.compare("partition geometry", table.area, table["area_m2"], mine)


def _total(table, zones):
    return table.groupby("zone")["area_m2"].sum().reindex(zones.index).fillna(0.0)


def _shapes(verdict, zones, cover, area, taken, left, allowed):
    inside, outside = (
        verdict.valid(measure.__name__, measure(zones, cover)).area.reindex(zones.index).fillna(0.0)
        for measure in (overlay.pieces_inside, overlay.pieces_outside)
    )
    verdict.compare("pieces_inside", inside, taken, allowed)
    verdict.compare("pieces_outside", outside, left, allowed)
    verdict.compare("inside and outside", inside + outside, area, allowed)
