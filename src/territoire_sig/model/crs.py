"""The analysis CRS of a territory: projected, in metres."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyproj

from ..errors import CRSMismatchError
from ..texts import Text

__all__ = ["OFFICIAL_CRS", "analysis_crs", "check_scale", "crs_for_code", "crs_label", "epsg_code"]

#: Official projected CRS by prefix of the INSEE code (decree 2019-165 for the RGF93, RGAF09, … systems).
OFFICIAL_CRS: dict[str, int] = {
    "971": 5490,
    "972": 5490,
    "977": 5490,
    "978": 5490,
    "973": 2972,
    "974": 2975,
    "976": 4471,
    "975": 4467,
}
_METROPOLE = 2154
#: Lambert-93 stays within 0.6 % everywhere in metropolitan France; Web Mercator is off by 107 % in Grenoble.
_AREAL_TOLERANCE = 0.01


def crs_for_code(code_insee: str) -> str:
    """Return the official analysis CRS of the commune, IRIS or department `code_insee`.

    Examples
    --------
    >>> crs_for_code("38185"), crs_for_code("97411")
    ('EPSG:2154', 'EPSG:2975')
    """
    return f"EPSG:{OFFICIAL_CRS.get(code_insee[:3], _METROPOLE)}"


def analysis_crs(crs: Any, *, file: str | None = None) -> pyproj.CRS:
    """Check that `crs` can carry an analysis and return it.

    Raises
    ------
    CRSMismatchError
        When `crs` is unknown, geographic, or not in metres.
    """
    try:
        found = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise CRSMismatchError(
            Text(f"système de coordonnées inconnu : «{crs}»", f"unknown coordinate reference system: «{crs}»"),
            Text('écrivez par exemple crs = "EPSG:2154".', 'write for example crs = "EPSG:2154".'),
            file=file,
        ) from error
    unit = found.axis_info[0].unit_name if found.axis_info else "?"
    if not found.is_projected or unit != "metre":
        raise CRSMismatchError(
            Text(
                f"le système d'analyse {crs_label(found)} est en «{unit}» et il faut des mètres projetés",
                f"the analysis CRS {crs_label(found)} is in «{unit}», and projected metres are needed",
            ),
            Text(
                "prenez EPSG:2154 en métropole, 5490 aux Antilles, 2972 en Guyane, 2975 à La Réunion, "
                "4471 à Mayotte, 4467 à Saint-Pierre-et-Miquelon.",
                "take EPSG:2154 in metropolitan France, 5490 in the Antilles, 2972 in Guyane, 2975 in La Réunion, "
                "4471 in Mayotte, 4467 in Saint-Pierre-et-Miquelon.",
            ),
            file=file,
        )
    return found


def check_scale(crs: Any, bounds: tuple[float, float, float, float], *, file: str | None = None) -> None:
    """Check that areas in `crs` are true where the territory lies: within one hundredth, as on an official map.

    Parameters
    ----------
    bounds : tuple of 4 floats
        West, south, east, north of the territory, in `crs`.

    Raises
    ------
    CRSMismatchError
        When one square metre of the map is not one square metre of ground (Web Mercator, or the CRS of elsewhere).
    """
    found = pyproj.CRS.from_user_input(crs)
    to_degrees = pyproj.Transformer.from_crs(found, found.geodetic_crs, always_xy=True)
    lon, lat = to_degrees.transform((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    scale = float(pyproj.Proj(found).get_factors(lon, lat).areal_scale)
    if not abs(scale - 1) <= _AREAL_TOLERANCE:
        raise CRSMismatchError(
            Text(
                f"le système d'analyse {crs_label(found)} multiplie par {scale:.3g} les surfaces de ce territoire",
                f"the analysis CRS {crs_label(found)} multiplies the areas of this territory by {scale:.3g}",
            ),
            Text(
                "prenez le système officiel du lieu : EPSG:2154 en métropole, celui du territoire outre-mer.",
                "take the official CRS of the place: EPSG:2154 in metropolitan France, one of the five overseas.",
            ),
            file=file,
        )


def crs_label(crs: Any) -> str:
    """Return ``"EPSG:2154"`` where the CRS has a code, its name otherwise, ``"?"`` for none."""
    if crs is None:
        return "?"
    found = pyproj.CRS.from_user_input(crs)
    code = epsg_code(found)
    return f"EPSG:{code}" if code else str(found.name)


def epsg_code(crs: pyproj.CRS) -> int | None:
    """Return the EPSG code of `crs`, None where it has none.

    The register is searched once for each definition: a search takes tens of milliseconds, and layers are many.
    """
    return _searched_code(crs.to_wkt())


@cache
def _searched_code(wkt: str) -> int | None:
    code: int | None = pyproj.CRS.from_wkt(wkt).to_epsg(min_confidence=70)
    return code
