"""One local cluster for the tests that lose no worker, and layers to hand to it."""

from __future__ import annotations

import pytest

pytest.importorskip("distributed", reason="extra bigdata absent")

from territoire_sig.scale import connected


@pytest.fixture(scope="session")
def client():
    """A client of two processes."""
    with connected("local", workers=2, memory_limit="2GiB") as opened:
        yield opened
