"""Interpolation: carry values from units to other units, and account for every part of their totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..errors import InvalidValueError
from ..texts import Text
from .areas import pair_areas, union_area_m2
from .checks import Geometries, Kind, Origin, column, geometries, kind_of, origin_of, same_crs, unique_index
from .pairs import Floats, sum_by
from .partition import common
from .points import first_holder
from .subdivision import Integers

__all__ = ["Interpolation", "interpolate"]


@dataclass(frozen=True)
class Interpolation:
    """What :func:`interpolate` hands back.

    Attributes
    ----------
    values : DataFrame
        One column a variable, indexed like the target; NaN where no known source reaches.
    known_share : DataFrame
        One column a variable: the share (0 to 1) of the target unit's area that sources whose value is known
        cover; NaN for a unit without area.
    report : DataFrame
        One row an extensive variable: ``total_source`` (known values), ``total_transferred`` (sum over the
        target), ``outside_target`` (the part of sources that lies outside it), ``lost`` (values of sources
        that have no area and no weight, which no place can receive), ``relative_gap`` (transferred + outside +
        lost - source, over source: 0 where target units do not overlap; above 0 where they do),
        ``unknown_sources`` (sources whose value is NaN), ``areal_fallbacks`` (sources that hold no weight,
        whose value was spread by area).
    """

    values: pd.DataFrame
    known_share: pd.DataFrame
    report: pd.DataFrame


@dataclass(frozen=True)
class _Links:
    """What each target unit takes of each source: `mass` (m², or weight), and its `share` of the source."""

    source: Integers
    target: Integers
    share: Floats
    mass: Floats
    inside: Floats
    fallback: npt.NDArray[np.bool_]


def interpolate(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    *,
    extensive: Sequence[str] = (),
    intensive: Sequence[str] = (),
    weights: gpd.GeoDataFrame | None = None,
) -> Interpolation:
    r"""Carry values from source units to target units, by area or by the weights that the sources hold.

    Parameters
    ----------
    source : GeoDataFrame
        Polygons with the variables, projected, in metres. NaN is unknown, not zero.
    target : GeoDataFrame
        Polygons in the same CRS. Units may overlap (catchments): each then receives its own full amount, and
        totals are conserved only where units do not overlap.
    extensive : sequence of str
        Columns of amounts (inhabitants, dwellings): shared out.
    intensive : sequence of str
        Columns of rates (income, density): averaged.
    weights : GeoDataFrame, optional
        Where the amounts are within the sources (dasymetric): polygons (buildings) or points (addresses),
        with an optional column ``weight``: the amount of each, spread evenly over it (dwellings, floors × m²).
        Without it, a polygon weighs its area and a point 1.

    Returns
    -------
    Interpolation
        ``values`` and ``known_share`` indexed like `target`, and the ``report`` of conservation.

    Raises
    ------
    CRSMismatchError, GeometryTypeError, InvalidValueError, MissingColumnError
        Where the layers cannot be measured together; names both values.

    Notes
    -----
    With :math:`w_{st}` the weight (or area) of source *s* that lies in target *t*,

    - extensive: :math:`v_t = \sum_s v_s\, w_{st} / w_s`; a source that holds no weight is spread by area;
    - intensive: :math:`v_t = \sum_s v_s\, w_{st} / \sum_s w_{st}` over the sources whose value is known; a
      target in which they hold no weight takes the mean by area.

    A weight point on a border counts once, in the first unit, unless it lies within others.

    References
    ----------
    Goodchild M. F., Lam N. S.-N. (1980), Areal interpolation: a variant of the traditional spatial problem,
    Geo-Processing 1. Wright J. K. (1936), A method of mapping densities of population, Geographical Review 26.

    Examples
    --------
    >>> iris = gpd.GeoDataFrame(
    ...     {"people": [100.0], "income": [20_000.0]}, geometry=[shapely.box(0, 0, 10, 10)], crs="EPSG:2154"
    ... )
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 4, 10), shapely.box(4, 0, 8, 10)], crs="EPSG:2154")
    >>> done = interpolate(iris, units, extensive=["people"], intensive=["income"])
    >>> done.values["people"].tolist(), done.values["income"].tolist()
    ([40.0, 40.0], [20000.0, 20000.0])
    >>> round(done.report.loc["people", "outside_target"], 9)
    np.float64(20.0)
    >>> homes = gpd.GeoDataFrame({"weight": [3, 1]}, geometry=gpd.points_from_xy([1, 5], [5, 5]), crs="EPSG:2154")
    >>> interpolate(iris, units, extensive=["people"], weights=homes).values["people"].tolist()
    [75.0, 25.0]
    """
    layers = {"source": source, "target": target} | ({} if weights is None else {"weights": weights})
    same_crs(**layers)
    unique_index(target, "target")
    names = [*extensive, *intensive]
    known = {name: _numbers(source, "source", name) for name in names}
    origin = origin_of(target)
    units = geometries(source, "source", "polygon", origin=origin)
    zones = geometries(target, "target", "polygon", origin=origin)
    areal = _areal(units, zones)
    links = areal if weights is None else _dasymetric(units, zones, weights, areal, origin)
    share = _known_share(units, zones, known)
    reached = {name: share[name] > 0 for name in names}
    values = {name: _shared_out(links, known[name], len(zones)) for name in extensive}
    values |= {name: _averaged(links, areal, known[name], len(zones)) for name in intensive}
    return Interpolation(
        pd.DataFrame({name: np.where(reached[name], values[name], np.nan) for name in names}, index=target.index),
        pd.DataFrame(share, index=target.index, columns=names),
        _report(links, {name: known[name] for name in extensive}, values),
    )


def _numbers(layer: gpd.GeoDataFrame, name: str, wanted: str) -> Floats:
    """Return a column as floats, NaN where null; refuse what is not a number."""
    found = column(layer, name, wanted)
    numbers: Floats = pd.to_numeric(found, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = (np.isnan(numbers) & found.notna().to_numpy()) | np.isinf(numbers)
    if wrong.any():
        raise InvalidValueError(
            Text(
                "la colonne «$wanted» vaut $value à l'index $index ; attendu : un nombre fini ou rien",
                "column «$wanted» is $value at index $index; expected a finite number or nothing",
            ).fill(wanted=wanted, value=repr(found[wrong].iloc[0]), index=found.index[wrong][0]),
            Text("corrigez la valeur, ou videz-la si elle est inconnue.", "correct it, or void it if it is unknown."),
            layer=name,
        )
    return numbers


def _areal(units: Geometries, zones: Geometries) -> _Links:
    """Link sources and targets by the area that they share."""
    unit, zone, area = pair_areas(units, zones)
    whole = shapely.area(units)
    share = area / whole[unit]
    inside = np.divide(union_area_m2(units, zones), whole, out=np.full(len(units), np.nan), where=whole > 0)
    return _Links(unit, zone, share, area, inside, np.zeros(len(units), dtype=bool))


def _dasymetric(
    units: Geometries, zones: Geometries, weights: gpd.GeoDataFrame, areal: _Links, origin: Origin
) -> _Links:
    """Link sources and targets by the weight that they share; by area for a source that holds none."""
    amount = _amounts(weights)
    place = _placed_points if kind_of(weights, "weights") == "point" else _placed_polygons
    unit, mass, in_zone, inside_mass = place(units, zones, _places(weights, origin), amount)
    total = sum_by(mass, unit, len(units))
    bare = total == 0
    piece, zone, piece_mass = in_zone
    size = max(len(zones), 1)
    keys, rank = np.unique(unit[piece] * size + zone, return_inverse=True)
    linked = sum_by(piece_mass, rank, len(keys))
    left, right = keys // size, keys % size
    held = ~bare[left]
    bare_link = bare[areal.source]
    with_weight = np.divide(sum_by(inside_mass, unit, len(units)), total, out=areal.inside.copy(), where=~bare)
    return _Links(
        np.concatenate([left[held], areal.source[bare_link]]),
        np.concatenate([right[held], areal.target[bare_link]]),
        np.concatenate([linked[held] / total[left[held]], areal.share[bare_link]]),
        np.concatenate([linked[held], np.zeros(bare_link.sum())]),
        with_weight,
        bare,
    )


def _amounts(weights: gpd.GeoDataFrame) -> Floats | None:
    """Return the column ``weight``, or None where there is none; refuse unknown and negative weights."""
    if "weight" not in weights.columns:
        return None
    amount = _numbers(weights, "weights", "weight")
    wrong = ~(amount >= 0)
    if wrong.any():
        raise InvalidValueError(
            Text(
                "le poids vaut $value à l'index $index ; attendu : un nombre positif ou nul",
                "the weight is $value at index $index; expected a number of 0 or more",
            ).fill(value=amount[wrong][0], index=weights.index[wrong][0]),
            Text("corrigez le poids, ou retirez l'entité.", "correct the weight, or leave the feature out."),
            layer="weights",
        )
    return amount


def _places(weights: gpd.GeoDataFrame, origin: Origin) -> Geometries:
    """Return the geometries of the weights, points or polygons."""
    kind: Kind = "point" if kind_of(weights, "weights") == "point" else "polygon"
    return geometries(weights, "weights", kind, origin=origin)


_Placed = tuple[Integers, Floats, tuple[Integers, Integers, Floats], Floats]


def _placed_points(units: Geometries, zones: Geometries, points: Geometries, amount: Floats | None) -> _Placed:
    """Return the pieces of weight in units: unit, mass, links to zones, and the mass inside the zones."""
    mass = np.ones(len(points)) if amount is None else amount
    piece, unit = _holders(points, units, every=False)
    point, zone = _holders(points[piece], zones, every=True)
    inside = np.zeros(len(piece))
    inside[point] = mass[piece[point]]
    return unit, mass[piece], (point, zone, mass[piece[point]]), inside


def _holders(points: Geometries, polygons: Geometries, *, every: bool) -> tuple[Integers, Integers]:
    """Return the pairs (point, polygon): those that hold the point within, else the first that touches it."""
    polygon, point = shapely.STRtree(points).query(polygons, predicate="contains_properly")
    if not every:
        point, first = np.unique(point, return_index=True)
        polygon = polygon[first]
    border = np.setdiff1d(np.arange(len(points)), point)
    holder = first_holder(points[border], polygons)
    found = holder >= 0
    return np.concatenate([point, border[found]]), np.concatenate([polygon, holder[found]])


def _placed_polygons(units: Geometries, zones: Geometries, blocks: Geometries, amount: Floats | None) -> _Placed:
    """Return the pieces of weight in units: unit, mass, links to zones, and the mass inside the zones."""
    block, unit, shape = common(blocks, units, 2)
    whole: Floats = shapely.area(blocks)
    density = (
        np.ones(len(blocks)) if amount is None else np.divide(amount, whole, out=np.zeros_like(whole), where=whole > 0)
    )
    per_m2 = density[block]
    piece, zone, area = pair_areas(shape, zones)
    inside = union_area_m2(shape, zones) * per_m2
    return unit, shapely.area(shape) * per_m2, (piece, zone, area * per_m2[piece]), inside


def _shared_out(links: _Links, values: Floats, count: int) -> Floats:
    """Return the extensive value of each target: the shares of the known sources, summed."""
    known = ~np.isnan(values[links.source])
    source, target = links.source[known], links.target[known]
    shared: Floats = sum_by(values[source] * links.share[known], target, count)
    return shared


def _averaged(links: _Links, areal: _Links, values: Floats, count: int) -> Floats:
    """Return the intensive value of each target: the mean of the known sources by weight, else by area."""
    by_weight, by_area = _mean(links, values, count), _mean(areal, values, count)
    return np.where(np.isnan(by_weight), by_area, by_weight)


def _mean(links: _Links, values: Floats, count: int) -> Floats:
    """Return the mean of the known sources of each target, NaN where they weigh nothing."""
    known = ~np.isnan(values[links.source])
    source, target, mass = links.source[known], links.target[known], links.mass[known]
    total = sum_by(mass, target, count)
    sums = sum_by(values[source] * mass, target, count)
    mean: Floats = np.divide(sums, total, out=np.full(count, np.nan), where=total > 0)
    return mean


def _known_share(units: Geometries, zones: Geometries, known: dict[str, Floats]) -> dict[str, Floats]:
    """Return for each variable the share of each target that the sources with a known value cover."""
    whole = shapely.area(zones)
    done: dict[bytes, Floats] = {}
    shares = {}
    for name, values in known.items():
        there = ~np.isnan(values)
        key = there.tobytes()
        if key not in done:
            area = union_area_m2(zones, units[there])
            done[key] = np.divide(area, whole, out=np.full(len(zones), np.nan), where=whole > 0)
        shares[name] = done[key]
    return shares


def _report(links: _Links, known: dict[str, Floats], values: dict[str, Floats]) -> pd.DataFrame:
    """Return the account of each extensive variable."""
    rows = {name: _account(links, numbers, values[name]) for name, numbers in known.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=_ACCOUNT)


_ACCOUNT = [
    "total_source",
    "total_transferred",
    "outside_target",
    "lost",
    "relative_gap",
    "unknown_sources",
    "areal_fallbacks",
]


def _account(links: _Links, numbers: Floats, received: Floats) -> list[float]:
    """Return the account of one extensive variable, in the order of its columns."""
    placed = ~np.isnan(links.inside)
    total, transferred = float(np.nansum(numbers)), float(received.sum())
    outside = float(np.nansum((numbers * (1 - links.inside))[placed]))
    lost = float(np.nansum(numbers[~placed]))
    gap = transferred + outside + lost - total
    unknown = np.isnan(numbers)
    fallbacks = int((links.fallback & ~unknown & placed).sum())
    return [total, transferred, outside, lost, gap / total if total else gap, int(unknown.sum()), fallbacks]
