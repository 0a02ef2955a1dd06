"""The door of the engine: what every measure checks once, before it trusts its inputs.

A measure that passes the door holds its own two-dimensional copies of the geometries, so that the caller's
are neither changed nor prepared (a prepared geometry must not be shared by two threads).

Overlays are made about a local origin: a whole number of metres, so that coordinates move without rounding.
Far from the origin of a national grid, GEOS snaps by up to a few micrometres where exact noding fails; near a
local one, by a few nanometres.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from ..errors import CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
from ..texts import Text
from .validity import is_valid, made_valid

__all__ = [
    "Geometries",
    "Kind",
    "Origin",
    "column",
    "geometries",
    "kind_of",
    "origin_of",
    "restored",
    "same_crs",
    "unique_index",
]

Geometries: TypeAlias = npt.NDArray[np.object_]
Origin: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["point", "line", "polygon"]

KINDS: dict[Kind, tuple[int, ...]] = {"point": (0, 4), "line": (1, 2, 5), "polygon": (3, 6)}
NAMES: dict[Kind, Text] = {
    "point": Text("des points", "points"),
    "line": Text("des lignes", "lines"),
    "polygon": Text("des polygones", "polygons"),
}
_REPAIR = Text(
    "passez d'abord la couche par overlay.repair, qui répare, compte et met de côté.",
    "hand the layer to overlay.repair first: it repairs, counts and sets aside.",
)


def same_crs(**layers: gpd.GeoDataFrame) -> CRS:
    """Return the one projected CRS in metres that all `layers` share.

    Raises
    ------
    CRSMismatchError
        Where a layer has no CRS, a geographic one, one that is not in metres, or another than the first.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:2154")
    >>> same_crs(zones=zones).to_epsg()
    2154
    """
    found = {name: _metric_crs(layer, name) for name, layer in layers.items()}
    first, *others = found
    for name in others:
        if found[name] != found[first]:
            raise CRSMismatchError(
                Text(
                    "le système de coordonnées est $found, celui de la couche «$first» est $expected",
                    "the coordinate reference system is $found, that of layer «$first» is $expected",
                ).fill(found=_label(found[name]), expected=_label(found[first]), first=first),
                Text(
                    "reprojetez une fois les couches dans le système d'analyse (to_crs).",
                    "reproject the layers once to the analysis CRS (to_crs).",
                ),
                layer=name,
            )
    return found[first]


def _metric_crs(layer: gpd.GeoDataFrame, name: str) -> CRS:
    """Return the CRS of `layer`, refused unless it is projected and in metres."""
    crs: CRS | None = layer.crs
    if crs is not None and crs.is_projected and crs.axis_info[0].unit_name in ("metre", "meter"):
        return crs
    raise CRSMismatchError(
        Text(
            "le système de coordonnées est $found ; attendu : un système projeté en mètres (EPSG:2154 par exemple)",
            "the coordinate reference system is $found; expected a projected one in metres (EPSG:2154 for one)",
        ).fill(found=Text("absent", "missing") if crs is None else _label(crs)),
        Text(
            "déclarez le système s'il manque (set_crs), ou reprojetez (to_crs).",
            "declare it if it is missing (set_crs), or reproject (to_crs).",
        ),
        layer=name,
    )


def _label(crs: CRS) -> str:
    """Return the short name of `crs`: its authority code, else its title."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def kind_of(layer: gpd.GeoDataFrame, name: str) -> Kind:
    """Return whether `layer` holds points, lines or polygons (``"polygon"`` for an empty layer).

    Raises
    ------
    GeometryTypeError
        Where kinds are mixed, or collections are found.
    """
    found = _type_ids(layer)
    for kind, ids in KINDS.items():
        if found.size and set(found) <= set(ids):
            return kind
    if not found.size:
        return "polygon"
    raise _wrong_kind(layer, name, tuple(KINDS))


def _type_ids(layer: gpd.GeoDataFrame) -> npt.NDArray[np.int_]:
    """Return the type numbers of the geometries of `layer` that are neither null nor empty."""
    values = np.asarray(layer.geometry.array)
    return np.unique(shapely.get_type_id(values[~(shapely.is_missing(values) | shapely.is_empty(values))]))


def _wrong_kind(layer: gpd.GeoDataFrame, name: str, kinds: tuple[Kind, ...]) -> GeometryTypeError:
    found = ", ".join(sorted(layer.geometry.geom_type.dropna().unique()))
    expected = [NAMES[kind] for kind in kinds]
    return GeometryTypeError(
        Text("les géométries sont : $found ; attendu : $expected", "geometries are: $found; expected $expected").fill(
            found=found,
            expected=Text(" ou ".join(text.fr for text in expected), " or ".join(text.en for text in expected)),
        ),
        Text(
            "gardez un seul genre de géométrie par couche (explode, puis un filtre sur geom_type).",
            "keep one kind of geometry in a layer (explode, then filter on geom_type).",
        ),
        layer=name,
    )


def origin_of(layer: gpd.GeoDataFrame) -> Origin:
    """Return the centre of `layer`, in whole metres; (0, 0) for an empty one.

    Examples
    --------
    >>> origin_of(gpd.GeoSeries([shapely.box(650_000.5, 6_860_000, 650_001.5, 6_860_010)]))
    (650001.0, 6860005.0)
    """
    bounds = np.nan_to_num(layer.total_bounds)
    x, y = np.round((bounds[:2] + bounds[2:]) / 2)
    return float(x), float(y)


def restored(values: Geometries, origin: Origin) -> Geometries:
    """Return geometries told about a local origin at their place in the CRS, polygons still valid.

    New vertices are rounded to the coordinates of the CRS (about 1e-9 m in Lambert-93). The polygon that this
    rounding makes invalid is noded on the grid of these coordinates, which keeps it within that rounding; where
    GEOS cannot, it is repaired in its place.
    """
    placed: Geometries = shapely.transform(values, lambda xy: xy + origin)
    broken = ~shapely.is_valid(placed) & (shapely.get_dimensions(placed) == 2)
    if broken.any():
        step = np.spacing(np.abs(shapely.total_bounds(placed)).max())
        placed[broken] = made_valid(shapely.transform(_on_grid(values[broken], step), lambda xy: xy + origin))
    return placed


def _on_grid(values: Geometries, step: float) -> Geometries:
    """Return polygons noded on a grid of a `step`; as they came where GEOS fails at it."""
    noded = values.copy()
    for position, value in enumerate(values):
        with suppress(shapely.errors.GEOSException):
            noded[position] = shapely.set_precision(value, step, mode="valid_output")
    return noded


def geometries(layer: gpd.GeoDataFrame, name: str, *kinds: Kind, origin: Origin = (0.0, 0.0)) -> Geometries:
    """Return two-dimensional copies of the geometries of `layer`, about an `origin`, once checked.

    Empty geometries pass: they measure zero. Null ones do not: where they are is unknown.

    Raises
    ------
    GeometryTypeError
        Where another kind of geometry is found.
    InvalidValueError
        Where a geometry is null, has a coordinate that is not finite, or is an invalid polygon.
    """
    values = np.asarray(layer.geometry.array)
    allowed = [number for kind in kinds for number in KINDS[kind]]
    if not set(_type_ids(layer)) <= set(allowed):
        raise _wrong_kind(layer, name, kinds)
    _refuse(layer, name, shapely.is_missing(values), Text("géométrie nulle", "null geometry"))
    _refuse(layer, name, ~finite(values), Text("coordonnée non finie", "coordinate that is not finite"))
    if "polygon" in kinds:
        broken = (shapely.get_dimensions(values) == 2) & ~is_valid(values)
        _refuse(layer, name, broken, Text("géométrie invalide", "invalid geometry"))
    if kinds == ("point",) and origin == (0.0, 0.0) and not shapely.has_z(values).any():
        return values.copy()  # points are never prepared
    copies: Geometries = shapely.transform(values, lambda xy: xy - origin)
    return copies


def finite(values: Geometries) -> npt.NDArray[np.bool_]:
    """Return for each geometry whether all its coordinates (x, y) are finite.

    Examples
    --------
    >>> finite(np.array([shapely.Point(0, 1), shapely.Point(0, np.inf)]))
    array([ True, False])
    """
    coordinates = shapely.get_coordinates(values)
    good = np.ones(len(values), dtype=bool)
    if not np.isfinite(coordinates).all():
        owner = np.repeat(np.arange(len(values)), shapely.get_num_coordinates(values))
        good[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return good


def _refuse(layer: gpd.GeoDataFrame, name: str, bad: npt.NDArray[np.bool_], what: Text) -> None:
    """Raise if any of `bad` is true, with the count and the first index."""
    if not bad.any():
        return
    where = int(np.flatnonzero(bad)[0])
    raise InvalidValueError(
        Text(
            "$what sur $n entité(s) parmi $total, la première à l'index $index$reason ; attendu : aucune",
            "$what in $n of $total feature(s), the first at index $index$reason; expected none",
        ).fill(what=what, n=int(bad.sum()), total=len(layer), index=layer.index[where], reason=_reason(layer, where)),
        _REPAIR,
        layer=name,
    )


def _reason(layer: gpd.GeoDataFrame, where: int) -> str:
    """Return why the geometry at position `where` is invalid, in brackets, or nothing."""
    value = layer.geometry.array[where]
    if value is None or shapely.is_valid(value):
        return ""
    return f" ({shapely.is_valid_reason(value)})"


def unique_index(layer: gpd.GeoDataFrame, name: str) -> None:
    """Refuse a `layer` in which two features have the same index, since results are told by index.

    Raises
    ------
    InvalidValueError
        Names the first index that is there twice.
    """
    if layer.index.is_unique:
        return
    twice = layer.index[layer.index.duplicated()][0]
    raise InvalidValueError(
        Text(
            "l'index $twice désigne plusieurs entités ($n index pour $total entités)",
            "index $twice stands for several features ($n indices for $total features)",
        ).fill(twice=twice, n=layer.index.nunique(), total=len(layer)),
        Text("donnez un index unique à la couche (reset_index).", "give the layer a unique index (reset_index)."),
        layer=name,
    )


def column(layer: gpd.GeoDataFrame, name: str, wanted: str) -> Any:
    """Return column `wanted` of `layer`.

    Raises
    ------
    MissingColumnError
        Where the layer has no such column; lists those it has.
    """
    if wanted in layer.columns:
        return layer[wanted]
    raise MissingColumnError(
        Text(
            "la colonne «$wanted» est absente ; colonnes : $found", "column «$wanted» is absent; columns: $found"
        ).fill(wanted=wanted, found=", ".join(map(str, layer.columns))),
        Text("corrigez le nom de la colonne.", "correct the name of the column."),
        layer=name,
    )
