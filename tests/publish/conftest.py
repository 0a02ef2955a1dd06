"""Results to publish."""

from __future__ import annotations

import pytest

from report import synthetic


@pytest.fixture(scope="session")
def results():
    """Findings of the three kinds of geometry, in two units."""
    return synthetic.synthetic()


@pytest.fixture(scope="session")
def quiet_results():
    """The same without any finding."""
    return synthetic.without_findings()
