"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["TERRITOIRE_SIG_LANG"] = "fr"

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real open data beside the repository; the test is skipped where it is absent."""
    if not _SHARED.is_dir():
        pytest.skip("real open data absent (../shared/data)")
    return _SHARED
