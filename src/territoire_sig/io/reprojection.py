"""Changes of CRS whose accuracy is known: no datum shift left out in silence."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import pyproj
from pyproj.transformer import TransformerGroup

from ..model.crs import crs_label
from ..model.faults import Remark
from ..texts import Text

__all__ = ["Conversion", "conversion", "reproject"]

_PIVOT = "EPSG:4326"


@dataclass(frozen=True)
class Conversion:
    """How to go from one CRS to another.

    Attributes
    ----------
    steps : tuple of str
        CRS to pass through, the last one being the target; empty when there is nothing to do.
    accuracy_m : float
        Announced accuracy; NaN when no operation states one (the datum is then supposed to be the same).
    """

    steps: tuple[str, ...]
    accuracy_m: float


def conversion(read: pyproj.CRS, wanted: str) -> Conversion:
    """Return the most accurate way from `read` to `wanted` that needs no file from the network.

    Without its grids, PROJ goes from NTF (Lambert II étendu, EPSG:27572) to RGF93 by leaving the datum shift out,
    some 50 m away; through WGS 84 there is a published shift, good to 2 m: it is taken.

    Examples
    --------
    >>> conversion(pyproj.CRS(3946), "EPSG:2154").steps
    ('EPSG:2154',)
    """
    return _conversion(read.to_wkt(), wanted)


def reproject(frame: gpd.GeoDataFrame, crs: str) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    """Return `frame` in `crs`, and what must be told of the conversion."""
    way, said = conversion(frame.crs, crs), crs_label(frame.crs)
    moved = frame
    for step in way.steps:
        moved = moved.to_crs(step)
    moved = moved.set_crs(crs, allow_override=True)
    if math.isnan(way.accuracy_m):
        text = Text(
            f"converti de «{said}» vers {crs} sans changement de référentiel géodésique connu (celui du fichier est "
            "inconnu ou sans passage publié)",
            f"converted from «{said}» to {crs} without a known datum shift (that of the file is unknown, or has no "
            "published passage)",
        )
        return moved, [Remark(text)]
    if len(way.steps) > 1:
        text = Text(
            f"converti de {said} vers {crs} par WGS 84, à {way.accuracy_m:g} m près (pas de passage direct ici)",
            f"converted from {said} to {crs} through WGS 84, within {way.accuracy_m:g} m (no direct passage here)",
        )
        return moved, [Remark(text)]
    return moved, []


@cache
def _conversion(read: str, wanted: str) -> Conversion:
    source, target = pyproj.CRS.from_user_input(read), pyproj.CRS.from_user_input(wanted)
    if source.equals(target):
        return Conversion((), 0.0)
    direct = _accuracy_m(source, target)
    if not math.isnan(direct):
        return Conversion((wanted,), direct)
    pivot = pyproj.CRS.from_user_input(_PIVOT)
    through = _accuracy_m(source, pivot) + _accuracy_m(pivot, target)
    return Conversion((_PIVOT, wanted), through) if not math.isnan(through) else Conversion((wanted,), through)


def _accuracy_m(source: pyproj.CRS, target: pyproj.CRS) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = TransformerGroup(source, target, always_xy=True).transformers
    known = bool(found) and found[0].accuracy >= 0
    return float(found[0].accuracy) if known else float("nan")
