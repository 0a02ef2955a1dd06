"""What the tests of analyses share."""

from __future__ import annotations

import pytest

from indicators.specimens import specimen, square_units
from oracles.duckdb_spatial import connect


@pytest.fixture
def units():
    """Three units of 1 km²: B, A, and Z far away."""
    return square_units()


@pytest.fixture
def layers_of():
    """The function that gives every layer an analysis may read."""
    return lambda analysis: {need.role: specimen(need.role) for need in analysis.inputs}


@pytest.fixture
def duck():
    """A connection to DuckDB spatial, closed after the test."""
    with connect() as connection:
        yield connection
