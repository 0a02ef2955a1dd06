"""One worker for all the cases of the corpus."""

from __future__ import annotations

import pytest

from robustness.isolated import Worker


@pytest.fixture(scope="session")
def worker():
    """A process apart, in which a case may hang or crash; ended after the tests."""
    found = Worker()
    yield found
    found.end()
