import pytest

from diagnosis.drawn import write_territory


@pytest.fixture
def territory_folder(tmp_path):
    return write_territory(tmp_path / "données d'entrée").parent
