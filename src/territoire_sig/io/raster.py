"""Rasters: one band read with rasterio, and brought to another CRS."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject
from rasterio.windows import Window, from_bounds

from ..errors import CRSMismatchError, UnreadableLayerError
from ..model.crs import crs_label
from ..model.raster import Raster
from ..texts import Text
from .containers import find, opened

__all__ = ["RASTER_SUFFIXES", "read_raster", "reprojected"]

#: Suffixes of the rasters looked for in a folder or an archive.
RASTER_SUFFIXES: tuple[str, ...] = (".tif", ".tiff", ".asc", ".vrt", ".img", ".jp2")


def read_raster(
    path: Path,
    *,
    band: int = 1,
    crs: str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Raster:
    """Read one band of a raster file, alone or in a folder or archive that holds just one.

    Parameters
    ----------
    band : int
        From 1.
    crs : str, optional
        CRS that replaces the file's.
    bounds : tuple of 4 floats, optional
        West, south, east, north in the units of the file: only the pixels that they touch are read.

    Returns
    -------
    Raster
        Float64 values, scaled as the file says (scale and offset); NaN where the file says no data.

    Raises
    ------
    MissingFileError
        When `path` does not exist.
    UnreadableLayerError
        When GDAL refuses the file, when it has no such band, or when it has no georeference.
    CRSMismatchError
        When neither the file nor `crs` gives a CRS.
    """
    with opened(Path(path)) as place:
        file = _only_raster(place, Path(path))
        try:
            with _warnings_set(), rasterio.open(file) as source:
                return _band(source, Path(path), band, crs, bounds)
        except (RasterioError, NotGeoreferencedWarning) as error:
            raise _refused(path, f"{error}".replace(str(file), file.name)) from error


def reprojected(raster: Raster, crs: str) -> Raster:
    """Return `raster` in another CRS, each pixel taking the nearest value: codes stay codes, no value is invented.

    The size of the pixels follows the change of CRS.
    """
    rows, columns = raster.values.shape
    before = rasterio.Affine(*raster.transform)
    with _warnings_set():
        bounds = array_bounds(rows, columns, before)
        after, width, height = calculate_default_transform(raster.crs, crs, columns, rows, *bounds)
        values = np.full((height, width), np.nan)
        reproject(
            raster.values,
            values,
            src_transform=before,
            src_crs=raster.crs,
            src_nodata=np.nan,
            dst_transform=after,
            dst_crs=crs,
            dst_nodata=np.nan,
            resampling=Resampling.nearest,
        )
    return Raster(values, tuple(after)[:6], crs, raster.name)


@contextmanager
def _warnings_set() -> Iterator[None]:
    """Refuse a raster without a place; let rasterio write affine products the old way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", NotGeoreferencedWarning)
        warnings.filterwarnings("ignore", message="Use `@` matmul", category=PendingDeprecationWarning)
        yield


def _band(
    source: Any, path: Path, band: int, crs: str | None, bounds: tuple[float, float, float, float] | None
) -> Raster:
    if not 1 <= band <= source.count:
        raise _refused(path, f"{source.count} bande(s), pas de bande {band}", f"{source.count} band(s), no band {band}")
    window = _window(source, bounds)
    read = source.read(band, window=window, masked=True)
    scaled = read.astype("float64") * source.scales[band - 1] + source.offsets[band - 1]
    transform = source.window_transform(window) if window is not None else source.transform
    return Raster(scaled.filled(np.nan), tuple(transform)[:6], _label(source, path, crs), path.stem)


def _window(source: Any, bounds: tuple[float, float, float, float] | None) -> Window | None:
    if bounds is None:
        return None
    asked = from_bounds(*bounds, transform=source.transform)
    first_row, first_column = int(np.floor(asked.row_off)), int(np.floor(asked.col_off))
    last_row = int(np.ceil(asked.row_off + asked.height))
    last_column = int(np.ceil(asked.col_off + asked.width))
    rows = (min(max(first_row, 0), source.height), min(max(last_row, 0), source.height))
    columns = (min(max(first_column, 0), source.width), min(max(last_column, 0), source.width))
    return Window.from_slices(rows, columns)


def _label(source: Any, path: Path, stated: str | None) -> str:
    try:
        label = stated or (source.crs.to_string() if source.crs else None)
    except CRSError:
        label = None
    if label is not None:
        named = crs_label(label)
        return named if named.startswith("EPSG:") else label
    raise CRSMismatchError(
        Text("la grille ne dit pas son système de coordonnées", "the raster does not say its CRS"),
        Text(
            'ajoutez crs = "EPSG:2154" (ou le sien) à cette couche.',
            'add crs = "EPSG:2154" (or its own) to this layer.',
        ),
        file=path,
    )


def _only_raster(place: Path, asked: Path) -> Path:
    if place.is_file():
        return place
    found = find(place, "", suffixes=RASTER_SUFFIXES)
    if len(found) == 1:
        return found[0]
    names = ", ".join(file.name for file in found) or "-"
    raise _refused(
        asked,
        f"il faut une grille, et il y en a {len(found)} : {names}",
        f"one raster is needed, {len(found)} found: {names}",
    )


def _refused(path: Path, fr: str, en: str | None = None) -> UnreadableLayerError:
    return UnreadableLayerError(
        Text(f"lecture refusée : {fr}", f"reading refused: {en or fr}"),
        Text("donnez une grille géoréférencée (GeoTIFF).", "give a georeferenced raster (GeoTIFF)."),
        file=path,
    )
