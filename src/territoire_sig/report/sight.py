"""Colours as readers see them: daltonism simulated, and the distance between two colours for each sight.

Protanopia and deuteranopia by the matrices of Machado, Oliveira and Fernandes (2009) at full severity, in linear
RGB; distances in CIE L*a*b* under D65 (CIE 1976). A distance under 2 is hardly seen; from 10 on, two patches that
do not touch are told apart.

References
----------
Machado, G. M., Oliveira, M. M., Fernandes, L. A. F. (2009). A Physiologically-based Model for Simulation of Color
Vision Deficiency. IEEE Transactions on Visualization and Computer Graphics, 15(6).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIGHTS", "TOLD_APART", "distance", "nearest_pair"]

_Floats: TypeAlias = NDArray[np.float64]

#: Distance from which two classes of a map are told apart.
TOLD_APART: Final = 10.0
#: Matrices in linear RGB, by kind of sight.
SIGHTS: Final[dict[str, _Floats]] = {
    "trichromacy": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)


def distance(first: str, second: str, sight: str = "trichromacy") -> float:
    """Return how far apart two colours (``#rrggbb``) are for one kind of sight.

    Examples
    --------
    >>> distance("#000000", "#ffffff")
    100.0
    >>> round(distance("#cc0000", "#6b6b00")), round(distance("#cc0000", "#6b6b00", "protanopia"))
    (79, 15)
    """
    return round(float(np.linalg.norm(_lab(first, sight) - _lab(second, sight))), 6)


def nearest_pair(colours: Sequence[str]) -> tuple[float, str, str, str]:
    """Return the smallest distance between two of the colours over every sight, that sight, and the two colours.

    Examples
    --------
    >>> nearest_pair(["#ffffff", "#fefefe", "#000000"])[1:]
    ('protanopia', '#ffffff', '#fefefe')
    """
    found = [(distance(one, two, sight), sight, one, two) for sight in SIGHTS for one, two in combinations(colours, 2)]
    return min(found, default=(float("inf"), "", "", ""))


def _lab(colour: str, sight: str) -> _Floats:
    coded = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHTS[sight] @ linear, 0.0, 1.0)
    ratio = _TO_XYZ @ seen / _WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
