"""The coordinate reference system of a layer: the one that is said, checked against the coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

import geopandas as gpd
import numpy as np
import pyproj

from ..errors import CRSMismatchError
from ..model.crs import crs_label, epsg_code
from ..model.faults import Remark
from ..texts import Text

__all__ = ["check_crs", "crs_remarks", "likely_crs", "official_crs"]

#: Projected systems in which French layers are published, in the order in which they are proposed.
_PUBLISHED = (2154, *range(3942, 3951), 5490, 2972, 2975, 4471, 4467, 27572, 3857)
#: Longitudes and latitudes of the territories: metropolitan, Antilles, Guyane, Réunion, Mayotte, Saint-Pierre.
_FRANCE = (
    (-6.0, 41.0, 10.5, 51.6),
    (-63.3, 14.2, -60.7, 18.3),
    (-54.8, 2.0, -51.5, 6.0),
    (55.1, -21.5, 55.95, -20.8),
    (44.9, -13.1, 45.4, -12.5),
    (-56.7, 46.6, -56.0, 47.3),
)
#: Official projected systems of the same territories, in the same order.
_OFFICIAL = (2154, 5490, 2972, 2975, 4471, 4467)
_SLACK_DEG = 0.5

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Place:
    file: str | None
    layer: str | None

    def refuse(self, problem: Text, mend: Text) -> NoReturn:
        raise CRSMismatchError(problem, mend, file=self.file, layer=self.layer)


def check_crs(
    frame: gpd.GeoDataFrame,
    *,
    stated: str | None = None,
    known: str | None = None,
    file: str | None = None,
    layer: str | None = None,
) -> gpd.GeoDataFrame:
    """Return `frame` under its true CRS, not reprojected.

    Parameters
    ----------
    stated : str, optional
        CRS that the user states: it replaces what the file says.
    known : str, optional
        CRS that the format imposes, taken when the file says none.

    Raises
    ------
    CRSMismatchError
        When there is no CRS, when the coordinates cannot be in it (Lambert-93 metres said to be degrees, degrees
        said to be metres, another French projection), or when latitude comes before longitude. The message gives
        the bounds found, and the system that they suggest.
    """
    place, bounds = _Place(file, layer), _bounds(frame)
    chosen = _crs(stated, place) if stated else frame.crs or (_crs(known, place) if known else None)
    if chosen is None:
        return frame if bounds is None else _refuse_none(bounds, place)
    if bounds is not None:
        _check_bounds(chosen, bounds, place)
    return frame.set_crs(chosen, allow_override=True)


def crs_remarks(frame: gpd.GeoDataFrame, *, stated: str | None = None, known: str | None = None) -> list[Remark]:
    """Say which CRS was taken, where it is not the file's own."""
    if stated and frame.crs is not None and not frame.crs.equals(pyproj.CRS.from_user_input(stated)):
        said = crs_label(frame.crs)
        return [
            Remark(
                Text(
                    f"le fichier se dit en {said} ; il est lu en {stated}, comme demandé",
                    f"the file says {said}; it is read as {stated}, as asked",
                )
            )
        ]
    if stated and frame.crs is None:
        return [Remark(Text(f"fichier sans CRS, lu en {stated}, comme demandé", f"no CRS, read as {stated}, as asked"))]
    if not stated and frame.crs is None and known:
        text = Text(f"fichier sans CRS, lu en {known}, celui du format", f"no CRS, read as {known}, that of the format")
        return [Remark(text)]
    return []


def likely_crs(bounds: Sequence[float]) -> tuple[str, ...]:
    """Return the systems in which `bounds` fall in France, the most probable first.

    Examples
    --------
    >>> likely_crs((765995, 6276011, 774908, 6283758))
    ('EPSG:2154', 'EPSG:3857')
    >>> likely_crs((5.6, 45.1, 5.8, 45.3))
    ('EPSG:4326',)
    """
    box = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3]))
    if _is_degrees(box):
        return ("EPSG:4326",) if _in_france(box) else ()
    return tuple(f"EPSG:{code}" for code in _PUBLISHED if _falls_in(code, box))


def official_crs(
    frame: gpd.GeoDataFrame, *, stated: str | None = None, known: str | None = None, file: str | None = None
) -> str | None:
    """Return the official projected CRS of the territory in which the middle of `frame` lies; None where none is known.

    Raises
    ------
    CRSMismatchError
        When the CRS of the layer is absent, or belied by its coordinates.
    """
    if _bounds(frame) is None:
        return None
    located = check_crs(frame, stated=stated, known=known, file=file)
    west, south, east, north = located.to_crs("EPSG:4326").total_bounds
    middle = ((west + east) / 2, (south + north) / 2)
    for area, code in zip(_FRANCE, _OFFICIAL, strict=True):
        if _inside((*middle, *middle), area):
            return f"EPSG:{code}"
    return None


def _bounds(frame: gpd.GeoDataFrame) -> Bounds | None:
    """Return the bounds of the features whose coordinates are finite, or None."""
    found = frame.geometry.bounds.to_numpy()
    found = found[np.isfinite(found).all(axis=1)]
    if not len(found):
        return None
    low, high = found.min(axis=0), found.max(axis=0)
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


def _crs(text: str, place: _Place) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        place.refuse(
            Text(f"système de coordonnées inconnu : «{text}»", f"unknown coordinate reference system: «{text}»"),
            Text('écrivez par exemple crs = "EPSG:2154".', 'write for example crs = "EPSG:2154".'),
        )


def _refuse_none(bounds: Bounds, place: _Place) -> NoReturn:
    place.refuse(
        Text(
            f"le fichier ne dit pas son système de coordonnées (étendue {_shown(bounds)})",
            f"the file does not say its coordinate reference system (bounds {_shown(bounds)})",
        ),
        _mend(bounds),
    )


def _check_bounds(crs: pyproj.CRS, bounds: Bounds, place: _Place) -> None:
    label = crs_label(crs)
    if crs.is_geographic:
        _check_degrees(label, bounds, place)
    elif _is_degrees(bounds) and _in_france(bounds):
        place.refuse(
            Text(
                f"la couche se dit en {label}, en mètres, et ses coordonnées sont des degrés ({_shown(bounds)})",
                f"the layer says {label}, in metres, and its coordinates are degrees ({_shown(bounds)})",
            ),
            _mend(bounds),
        )
    elif epsg_code(crs) in _PUBLISHED and not _reaches(crs, bounds) and likely_crs(bounds):
        place.refuse(
            Text(
                f"la couche se dit en {label}, et ses coordonnées n'y sont pas ({_shown(bounds)})",
                f"the layer says {label}, and its coordinates are not in it ({_shown(bounds)})",
            ),
            _mend(bounds),
        )


def _check_degrees(label: str, bounds: Bounds, place: _Place) -> None:
    if not _is_degrees(bounds):
        place.refuse(
            Text(
                f"la couche se dit en {label}, en degrés, et ses coordonnées sont des mètres ({_shown(bounds)})",
                f"the layer says {label}, in degrees, and its coordinates are metres ({_shown(bounds)})",
            ),
            _mend(bounds),
        )
    swapped = (bounds[1], bounds[0], bounds[3], bounds[2])
    if _in_france(swapped) and not _in_france(bounds):
        place.refuse(
            Text(
                f"latitude et longitude sont échangées ({_shown(bounds)})",
                f"latitude and longitude are swapped ({_shown(bounds)})",
            ),
            Text(
                "échangez `x` et `y` dans les options, ou exportez de nouveau la couche, longitude d'abord.",
                "swap `x` and `y` in the options, or export the layer again, longitude first.",
            ),
        )


def _mend(bounds: Bounds) -> Text:
    likely = likely_crs(bounds)
    if not likely:
        return Text(
            'demandez le système au producteur, puis écrivez par exemple crs = "EPSG:2154".',
            'ask the producer for the system, then write for example crs = "EPSG:2154".',
        )
    rest_fr = f" (ou {', '.join(likely[1:])})" if likely[1:] else ""
    rest_en = f" (or {', '.join(likely[1:])})" if likely[1:] else ""
    return Text(
        f'ces coordonnées ressemblent à {likely[0]}{rest_fr} : ajoutez crs = "{likely[0]}" à cette couche.',
        f'these coordinates look like {likely[0]}{rest_en}: add crs = "{likely[0]}" to this layer.',
    )


def _shown(bounds: Bounds) -> str:
    digits = 4 if _is_degrees(bounds) else 0
    return ", ".join(f"{value:.{digits}f}" for value in bounds)


def _is_degrees(bounds: Bounds) -> bool:
    return max(abs(bounds[0]), abs(bounds[2])) <= 180 and max(abs(bounds[1]), abs(bounds[3])) <= 90


def _in_france(bounds: Bounds) -> bool:
    return any(_inside(bounds, area) for area in _FRANCE)


def _inside(bounds: Bounds, area: Bounds) -> bool:
    return bounds[0] >= area[0] and bounds[1] >= area[1] and bounds[2] <= area[2] and bounds[3] <= area[3]


@cache
def _to_degrees(code: int) -> tuple[pyproj.Transformer, Bounds]:
    crs = pyproj.CRS.from_epsg(code)
    used = crs.area_of_use
    area = _FRANCE[0] if code == 3857 or used is None else used.bounds
    geographic = crs.geodetic_crs if code != 3857 else pyproj.CRS.from_epsg(4326)
    west, south, east, north = area
    wide = (west - _SLACK_DEG, south - _SLACK_DEG, east + _SLACK_DEG, north + _SLACK_DEG)
    return pyproj.Transformer.from_crs(crs, geographic, always_xy=True), wide


def _in_degrees(code: int, bounds: Bounds) -> tuple[Bounds, Bounds]:
    transformer, area = _to_degrees(code)
    lon, lat = transformer.transform([bounds[0], bounds[2]], [bounds[1], bounds[3]])
    return (min(lon), min(lat), max(lon), max(lat)), area


def _falls_in(code: int, bounds: Bounds) -> bool:
    found, area = _in_degrees(code, bounds)
    return bool(np.isfinite(found).all()) and _inside(found, area)


def _reaches(crs: pyproj.CRS, bounds: Bounds) -> bool:
    """Tell whether `bounds` touch the area of use of `crs`."""
    found, area = _in_degrees(int(epsg_code(crs) or 0), bounds)
    apart = found[0] > area[2] or found[2] < area[0] or found[1] > area[3] or found[3] < area[1]
    return bool(np.isfinite(found).all()) and not apart
