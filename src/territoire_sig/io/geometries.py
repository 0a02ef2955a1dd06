"""Geometries at the door: of the kind that the role wants, two-dimensional, counted when set aside."""

from __future__ import annotations

from collections import Counter
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..model.schema import GeometryKind
from ..texts import Text
from .columns import Findings

__all__ = ["of_kind"]

_DIMENSIONS: dict[GeometryKind, int] = {"point": 0, "line": 1, "polygon": 2}
_NAMES: dict[GeometryKind, Text] = {
    "point": Text("des points", "points"),
    "line": Text("des lignes", "lines"),
    "polygon": Text("des surfaces", "polygons"),
}
_COLLECTION = 7


def of_kind(
    frame: gpd.GeoDataFrame, kind: GeometryKind, findings: Findings, *, placeless: bool = False
) -> gpd.GeoDataFrame:
    """Return the features of `frame` whose geometry is of `kind`; the others are counted in `findings`.

    Heights are dropped; null and empty geometries are set aside (kept for the kind ``any``, or where `placeless`
    features have their place); of a collection, the parts of the kind are kept; a multipoint of one point becomes
    that point. When no geometry is of the kind, that is a fault.
    """
    shapes = shapely.force_2d(np.array(frame.geometry.array, dtype=object))
    shapes[_nowhere(shapes)] = None
    flat = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    void = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if kind not in _DIMENSIONS:
        _count_void(int(void.sum()), findings, kept=True)
        return flat
    _count_void(int(void.sum()), findings, kept=placeless)
    shapes, extracted = _parts_of_collections(shapes, _DIMENSIONS[kind])
    right = ~void & (shapely.get_dimensions(shapes) == _DIMENSIONS[kind]) & ~shapely.is_empty(shapes)
    _count_wrong(shapes, right, void, kind, extracted, findings)
    made = flat.set_geometry(gpd.GeoSeries(_single_points(shapes), index=flat.index, crs=flat.crs))
    drawn = _one_point_each(made[right], findings) if kind == "point" else made[right]
    return _with_placeless(drawn, made[void]) if placeless and void.any() else drawn


def _nowhere(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return the points whose two coordinates are NaN: empty points as some files hold them."""
    nowhere: npt.NDArray[np.bool_] = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    points = shapes[nowhere]
    nowhere[nowhere] = np.isnan(shapely.get_x(points)) & np.isnan(shapely.get_y(points))
    return nowhere


def _with_placeless(drawn: gpd.GeoDataFrame, void: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the features without geometry after those that are drawn."""
    nowhere = void.set_geometry(gpd.GeoSeries([None] * len(void), index=void.index, crs=void.crs))
    return nowhere if drawn.empty else pd.concat([drawn, nowhere], ignore_index=True)


def _one_point_each(frame: gpd.GeoDataFrame, findings: Findings) -> gpd.GeoDataFrame:
    """Make one feature of each point: a feature of several points would stand in no place, or in several."""
    several = int((frame.geometry.geom_type == "MultiPoint").sum())
    if not several:
        return frame
    findings.remark(
        f"{several} entité(s) de plusieurs points, dédoublée(s) : une entité par point",
        f"{several} feature(s) of several points, split: one feature a point",
        several,
    )
    return frame.explode(ignore_index=True)


def _count_void(n: int, findings: Findings, *, kept: bool) -> None:
    if n and kept:
        findings.remark(f"{n} entité(s) sans géométrie, gardée(s)", f"{n} feature(s) without geometry, kept", n)
    elif n:
        findings.remark(
            f"{n} entité(s) sans géométrie, mise(s) de côté", f"{n} feature(s) without geometry, set aside", n
        )


def _parts_of_collections(shapes: npt.NDArray[np.object_], dimension: int) -> tuple[npt.NDArray[np.object_], int]:
    """Replace each collection by its parts of `dimension`; a collection without any is left as it is."""
    done, extracted = shapes.copy(), 0
    for n in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION):
        parts = [part for part in _flat_parts(shapes[n]) if shapely.get_dimensions(part) == dimension]
        if parts:
            made = [shapely.multipoints, shapely.multilinestrings, shapely.multipolygons][dimension](parts)
            done[n], extracted = made, extracted + 1
    return done, extracted


def _flat_parts(shape: Any) -> list[Any]:
    parts = list(shapely.get_parts(shape))
    if len(parts) == 1 and parts[0] is shape:
        return parts
    return [leaf for part in parts for leaf in (_flat_parts(part) if hasattr(part, "geoms") else [part])]


def _single_points(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    done = shapes.copy()
    alone = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    done[alone] = shapely.get_geometry(shapes[alone], 0)
    return done


def _count_wrong(
    shapes: npt.NDArray[np.object_],
    right: npt.NDArray[np.bool_],
    void: npt.NDArray[np.bool_],
    kind: GeometryKind,
    extracted: int,
    findings: Findings,
) -> None:
    if extracted:
        findings.remark(
            f"{extracted} collection(s) de géométries : seules {_NAMES[kind].fr} en sont gardées",
            f"{extracted} geometry collection(s): only {_NAMES[kind].en} of them are kept",
            extracted,
        )
    wrong = Counter(shape.geom_type for shape in shapes[~right & ~void])
    if not wrong:
        return
    listed, n = ", ".join(f"{count} {name}" for name, count in sorted(wrong.items())), wrong.total()
    if right.any():
        findings.remark(
            f"{n} géométrie(s) d'un autre genre mise(s) de côté ({listed}) : le rôle veut {_NAMES[kind].fr}",
            f"{n} geometry(ies) of another kind set aside ({listed}): the role wants {_NAMES[kind].en}",
            n,
        )
        return
    findings.fault(
        Text(
            f"la couche n'a que {listed}, et il faut {_NAMES[kind].fr}",
            f"the layer only has {listed}, and {_NAMES[kind].en} are needed",
        ),
        Text(
            "vérifiez `couche` et `role`, ou convertissez les géométries dans QGIS.",
            "check `couche` and `role`, or convert the geometries in QGIS.",
        ),
        column="geometry",
    )
