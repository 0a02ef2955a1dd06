import pytest

from diagnosis.drawn import write_territory


@pytest.fixture
def territory_file(tmp_path):
    return write_territory(tmp_path / "donnees")
