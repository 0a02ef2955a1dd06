"""Places from tables: points whose coordinates are missing, or badly geocoded, are set aside and counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import ParameterError
from ..model.faults import Remark
from ..texts import Text
from .reader import Source
from .records import Records, need, number, pick, set_aside, text, without_stated
from .tables import points_from, points_from_pair

__all__ = ["SCORE_OPTION", "located", "located_or_not", "well_geocoded", "yes"]

_LATITUDE = ("latitude", "lat", "y_latitude", "coord_y", "geo_lat")
_LONGITUDE = ("longitude", "lon", "lng", "long", "x_longitude", "coord_x", "geo_lon")
_PAIR = ("position", "coordonnees", "geo_point_2d", "geo_point", "coordonneesxy", "geolocalisation")
_SCORE = ("result_score", "di_geocodage_score", "score_geocodage", "geocodage_score", "geo_score")
_MIN_SCORE = 0.5

SCORE_OPTION = {
    "score_min": Text(
        "score de géocodage sous lequel un lieu est écarté, et compté (0 à 1, 0.5 par défaut)",
        "geocoding score under which a place is set aside, and counted (0 to 1, 0.5 by default)",
    )
}


def located(rows: Records, source: Source, remarks: list[Remark], *, name: str | None = None) -> gpd.GeoDataFrame:
    """Return the rows as points in EPSG:4326; those without coordinates are set aside, and counted in `remarks`.

    A vector layer keeps its own geometry and CRS. Coordinates (0, 0) are no coordinates.

    Parameters
    ----------
    name : str, optional
        Column whose first values the remark quotes.

    Raises
    ------
    MissingColumnError
        When no columns hold coordinates.
    InvalidValueError
        When a coordinate is not a number.
    """
    frame = _points(rows, source, required=True)
    nowhere = frame.geometry.isna()
    why = Text("lieu(x) sans coordonnées, mis à l'écart", "place(s) without coordinates, set aside")
    return without_stated(set_aside(frame, nowhere, why, remarks, name).reset_index(drop=True), source)


def located_or_not(rows: Records, source: Source) -> gpd.GeoDataFrame:
    """Return the rows as points in EPSG:4326, without geometry where they have no coordinates, or (0, 0).

    Raises
    ------
    InvalidValueError
        When a coordinate is not a number.
    """
    return without_stated(_points(rows, source, required=False).reset_index(drop=True), source)


def _points(rows: Records, source: Source, *, required: bool) -> gpd.GeoDataFrame:
    """Return every row, placed where it has coordinates."""
    if isinstance(rows.frame, gpd.GeoDataFrame):
        return _without_null_island(rows.frame)
    y = pick(rows.frame, source, "latitude", *_LATITUDE)
    x = pick(rows.frame, source, "longitude", *_LONGITUDE)
    pair = pick(rows.frame, source, "position", *_PAIR)
    if pair and not (x and y):
        return _without_null_island(points_from_pair(rows.frame, pair))
    if not required and not x and not y:
        return gpd.GeoDataFrame(rows.frame.copy(), geometry=[None] * len(rows.frame), crs="EPSG:4326")
    y, x = need(rows.frame, source, "latitude", *_LATITUDE), need(rows.frame, source, "longitude", *_LONGITUDE)
    east, north = number(rows.frame[x], source)[0], number(rows.frame[y], source)[0]
    return _without_null_island(points_from(rows.frame.assign(**{x: east, y: north}), x, y, "EPSG:4326"))


def _without_null_island(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    nowhere = frame.geometry.isna() | frame.geometry.is_empty
    points = frame.geometry.geom_type.eq("Point")
    nowhere |= points & frame.geometry.where(points).x.eq(0) & frame.geometry.where(points).y.eq(0)
    return frame.set_geometry(frame.geometry.mask(nowhere))


def well_geocoded(
    frame: pd.DataFrame, source: Source, remarks: list[Remark], *, name: str | None = None
) -> pd.DataFrame:
    """Return the rows whose geocoding score reaches ``score_min``; others are set aside, and counted.

    A row without score, or placed by hand (``geocodage_manuel = oui``), is kept.

    Raises
    ------
    ParameterError
        When ``score_min`` is not between 0 and 1.
    """
    least = source.options.get("score_min", _MIN_SCORE)
    if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise ParameterError(
            Text(f"score_min = «{least}» n'est pas entre 0 et 1", f"score_min = «{least}» is not between 0 and 1"),
            Text("écrivez par exemple score_min = 0.5.", "write for example score_min = 0.5."),
            file=source.path,
        )
    column = pick(frame, source, "score", *_SCORE)
    if column is None:
        return frame
    low = number(frame[column], source)[0].lt(least)
    by_hand = yes(frame["geocodage_manuel"]) if "geocodage_manuel" in frame.columns else low & False
    n = int((low & by_hand).sum())
    if n:
        fr = f"{n} lieu(x) de score inférieur à {least} gardé(s) : placé(s) à la main"
        remarks.append(Remark(Text(fr, f"{n} place(s) with a score under {least} kept: placed by hand"), n))
    why = Text(
        f"lieu(x) mal géocodé(s) (score inférieur à {least}), mis à l'écart",
        f"badly geocoded place(s) (score under {least}), set aside",
    )
    return set_aside(frame, low & ~by_hand, why, remarks, name)


def yes(series: pd.Series[Any], words: Sequence[str] = ("oui", "true", "1", "vrai", "1.0")) -> pd.Series[Any]:
    """Tell which cells say yes; any other word, or none, is no.

    Examples
    --------
    >>> yes(pd.Series(["Oui", "non renseigné", None])).tolist()
    [True, False, False]
    """
    return text(series).str.lower().isin(list(words)).fillna(False).astype(bool)
