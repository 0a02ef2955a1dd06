"""A raster band held in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Raster"]


@dataclass(frozen=True, eq=False)
class Raster:
    """One band: float64 values, NaN where there is no data.

    Attributes
    ----------
    values : ndarray of shape (rows, columns)
        Rows run from north to south as in the file.
    transform : tuple of 6 floats
        Affine coefficients a, b, c, d, e, f (x = a·col + b·row + c; y = d·col + e·row + f), in CRS units.
    crs : str
        As ``"EPSG:2154"``.
    name : str
        Name of the layer, for messages.
    vintage : str, optional
        Vintage that the territory file states.
    """

    values: npt.NDArray[np.float64]
    transform: tuple[float, float, float, float, float, float]
    crs: str
    name: str = "raster"
    vintage: str | None = None
