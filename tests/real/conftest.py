from pathlib import Path

import pytest

import territoire_sig as ts

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def grenoble(shared_data):
    return ts.read_territory(HERE / "grenoble.toml")


@pytest.fixture(scope="session")
def est_ensemble(shared_data):
    return ts.read_territory(HERE / "est_ensemble.toml")


@pytest.fixture(scope="session")
def grenoble_diagnosis(grenoble):
    return ts.diagnose(grenoble)


@pytest.fixture(scope="session")
def est_ensemble_diagnosis(est_ensemble):
    return ts.diagnose(est_ensemble)
