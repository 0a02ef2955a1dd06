from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sample() -> Path:
    return Path(__file__).resolve().parents[2] / "data" / "sample"
