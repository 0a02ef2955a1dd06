"""The map: the same bytes twice, colours where findings are, a scale that is true."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest

from territoire_sig.report.palette import FINDING_CLASSES
from territoire_sig.report.picture import findings_map, scale_length


def _pixels(png: bytes) -> np.ndarray:
    return (matplotlib.image.imread(io.BytesIO(png), format="png")[..., :3] * 255).round().astype(int)


def _count(pixels: np.ndarray, colour: str) -> int:
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return int((np.abs(pixels - wanted).max(axis=-1) <= 2).sum())


def test_the_same_results_give_the_same_bytes(results):
    assert findings_map(results) == findings_map(results)


def test_each_class_found_is_drawn_more_than_in_the_legend_alone(results, quiet_results):
    drawn, legend = _pixels(findings_map(results)), _pixels(findings_map(quiet_results))
    shape = np.minimum(drawn.shape, legend.shape)
    assert tuple(shape) == drawn.shape == legend.shape
    found = {"conflit 3", "conflit 2", "conflit 1", "synergie 2"}
    for item in FINDING_CLASSES:
        more = _count(drawn, item.colour) - _count(legend, item.colour)
        assert (more > 50) if item.key in found else (abs(more) < 10), item.key


def test_a_surface_finding_covers_its_share_of_the_map(results):
    pixels = _pixels(findings_map(results))
    blended = [round(0.35 * int("7f2704"[k : k + 2], 16) + 0.65 * int("f5f4f1"[k : k + 2], 16)) for k in (0, 2, 4)]
    brown = (np.abs(pixels - blended).max(axis=-1) <= 2).sum()
    grey = (np.abs(pixels - [0xF5, 0xF4, 0xF1]).max(axis=-1) <= 2).sum()
    assert brown / (brown + grey) == pytest.approx(0.13 / 2, rel=0.1)  # 13 ha of 2 km²


def test_dollars_in_names_are_not_formulas(results):
    units = results.units.assign(nom_unite=["Val $x_{2$", "B"])
    assert findings_map(replace(results, units=units)).startswith(b"\x89PNG")


@pytest.mark.parametrize(("width", "length"), [(4.0, 1.0), (20_000.0, 5_000.0), (31_000.0, 5_000.0), (81_000.0, 2e4)])
def test_scale_is_round_and_at_most_a_quarter(width, length):
    assert scale_length(width) == length
