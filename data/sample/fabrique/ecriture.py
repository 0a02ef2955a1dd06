"""Writing files that are the same, byte for byte, each time: fixed dates, fixed order, coordinates rounded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import rasterio
import shapely

from .dessin import ORIGIN, Box

Rows = Sequence[Mapping[str, Any]]
LAMBERT, DEGREES = "EPSG:2154", "EPSG:4326"
_DAY = "2025-01-01"
_TO_DEGREES = pyproj.Transformer.from_crs(LAMBERT, DEGREES, always_xy=True)
_PRJ = (
    'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],'
    'PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],'
    'PARAMETER["Standard_Parallel_1",49.0],PARAMETER["Standard_Parallel_2",44.0],PARAMETER["Latitude_Of_Origin",46.5],'
    'UNIT["Meter",1.0]]'
)


def lambert(x: float, y: float) -> tuple[float, float]:
    """Return Lambert-93 metres from local metres."""
    return ORIGIN[0] + x, ORIGIN[1] + y


def degrees(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude, to the hundredth of a millimetre, from local metres."""
    lon, lat = _TO_DEGREES.transform(*lambert(x, y))
    return round(lon, 10), round(lat, 10)


def point(x: float, y: float) -> shapely.Point:
    """Return a point in Lambert-93."""
    return shapely.Point(lambert(x, y))


def line(points: Iterable[tuple[float, float]]) -> shapely.LineString:
    """Return a line in Lambert-93."""
    return shapely.LineString([lambert(x, y) for x, y in points])


def polygon(points: Iterable[tuple[float, float]]) -> shapely.Polygon:
    """Return a polygon in Lambert-93."""
    return shapely.Polygon([lambert(x, y) for x, y in points])


def rectangle(box: Box) -> shapely.Polygon:
    """Return a box in Lambert-93."""
    return polygon([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])


def layer(rows: Rows, geometry: Sequence[Any]) -> gpd.GeoDataFrame:
    """Return a layer in Lambert-93."""
    return gpd.GeoDataFrame(pd.DataFrame(list(rows)), geometry=list(geometry), crs=LAMBERT)


def write_shapefile(
    path: Path, frame: pd.DataFrame, *, encoding: str = "UTF-8", stated: bool = True, kind: str | None = None
) -> None:
    """Write a Shapefile (or a lone DBF), with a fixed date; `stated` False takes away what tells the encoding."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"DBF_DATE_LAST_UPDATE": _DAY}
    drawn = {"geometry_type": kind} if kind else {}
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", layer_options=options, encoding=encoding, **drawn)
    if path.with_suffix(".prj").exists():
        path.with_suffix(".prj").write_text(_PRJ, encoding="ascii")
    if not stated:
        path.with_suffix(".cpg").unlink()
        _forget_code_page(path.with_suffix(".dbf"))


def _forget_code_page(table: Path) -> None:
    """Blank the byte of the DBF header that tells the code page."""
    content = bytearray(table.read_bytes())
    content[29] = 0
    table.write_bytes(content)


def write_geopackage(path: Path, layers: Mapping[str, tuple[gpd.GeoDataFrame, str]]) -> None:
    """Write layers, each with its kind of geometry, in one GeoPackage of version 1.2."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{_DAY}T00:00:00.000Z"})
    try:
        for name, (frame, kind) in layers.items():
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", geometry_type=kind, dataset_options={"VERSION": "1.2"}
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_geojson(path: Path, rows: Rows, geometries: Sequence[Mapping[str, Any]]) -> None:
    """Write a GeoJSON in degrees (RFC 7946)."""
    features = [
        {"type": "Feature", "properties": dict(row), "geometry": dict(shape)}
        for row, shape in zip(rows, geometries, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    _write(path, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', "utf-8")


def geojson_line(points: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """Return a GeoJSON line in degrees."""
    return {"type": "LineString", "coordinates": [list(degrees(x, y)) for x, y in points]}


def geojson_box(box: Box) -> dict[str, Any]:
    """Return a GeoJSON rectangle in degrees."""
    corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1), (box.x0, box.y0)]
    return {"type": "Polygon", "coordinates": [[list(degrees(x, y)) for x, y in corners]]}


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    separator: str = ";",
    encoding: str = "utf-8",
    above: Sequence[str] = (),
    quoted: bool = False,
) -> None:
    """Write a table; None is blank, title lines come first."""
    lines = [*above, *(separator.join(_cell(cell, separator, quoted) for cell in row) for row in [columns, *rows])]
    _write(path, "\n".join(lines) + "\n", encoding)


def _cell(value: Any, separator: str, quoted: bool) -> str:
    text = "" if value is None else str(value)
    if quoted or separator in text or '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _write(path: Path, text: str, encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def write_zip(path: Path, members: Mapping[str, str]) -> None:
    """Write an archive whose members bear a fixed date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"))


def write_raster(
    path: Path, values: np.ndarray[Any, Any], *, west: float, north: float, pixel: float, nodata: float
) -> None:
    """Write a tiled, deflated GeoTIFF in Lambert-93; `west` and `north` are local metres."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left, top = lambert(west, north)
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": 1,
        "dtype": values.dtype.name,
        "crs": LAMBERT,
        "transform": rasterio.Affine(pixel, 0, left, 0, -pixel, top),
        "nodata": nodata,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "predictor": 2 if values.dtype.kind in "iu" else 3,
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
