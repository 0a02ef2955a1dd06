"""The benchmark runs, small, and its engines agree with ours."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def make_layers():
    spec = importlib.util.spec_from_file_location("make_layers", ROOT / "benchmarks" / "make_layers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_layers_have_the_announced_shape(make_layers):
    zones, covers, hazards = make_layers.zones(0.02), make_layers.coverages(0.02), make_layers.hazards(0.02)
    assert len(zones) == 400
    assert zones.is_valid.all() and covers.is_valid.all() and hazards.is_valid.all()
    assert zones.area.sum() == pytest.approx(make_layers.ground_m(0.02) ** 2)
    assert (shapely.get_num_interior_rings(covers.geometry.to_numpy()) == 30).all()
    assert shapely.get_num_coordinates(covers.geometry.to_numpy()) == pytest.approx([6_600] * 8, rel=0.01)
    assert (shapely.get_num_coordinates(hazards.geometry.to_numpy()) == 4_001).all()
    assert len(make_layers.lines(0.02)) == 400
    assert len(make_layers.points(0.02)) == 10_000


def test_the_same_seed_draws_the_same_layers(make_layers):
    assert make_layers.coverages(0.01, seed=4).geom_equals_exact(make_layers.coverages(0.01, seed=4), 0).all()
    assert not make_layers.coverages(0.01, seed=4).geom_equals_exact(make_layers.coverages(0.01, seed=5), 0).any()


@pytest.mark.slow
def test_engines_agree_on_a_small_ground():
    command = [sys.executable, "benchmarks/overlay", "--scale", "0.004", "--limit", "20", "--no-bars"]
    done = subprocess.run(
        [*command, "--only", "coverage", "lines"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "| zones × couvertures | geopandas | " in done.stdout
    assert "| zones × couvertures | DuckDB spatial, polygones subdivisés | " in done.stdout
