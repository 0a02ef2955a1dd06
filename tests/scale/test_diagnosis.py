"""A diagnosis on a cluster is that of one machine, to the byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from diagnosis.drawn import write_territory
from territoire_sig.cli.app import app
from territoire_sig.diagnosis.run import diagnose as diagnose_here
from territoire_sig.diagnosis.save import TABLES
from territoire_sig.io.territory import read_territory
from territoire_sig.scale import cluster as clusters
from territoire_sig.scale import connected, diagnose
from territoire_sig.texts import language


@pytest.fixture
def territory_file(tmp_path):
    return write_territory(tmp_path / "donnees")


@pytest.mark.parametrize("code", ["fr", pytest.param("en", marks=pytest.mark.slow)])
def test_tables_are_equal_to_the_byte(client, territory_file, tmp_path, code):
    told = []
    with language(code):
        territory = read_territory(territory_file)
        here = diagnose_here(territory).save(tmp_path / "ici")
        there = diagnose(territory, cluster=client, progress=lambda *said: told.append(said)).save(tmp_path / "la")
    assert len(TABLES) == 5
    for name in TABLES:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    assert told[0][0] == 0.0 and told[-1][0] == 1.0 and len(told) > 5


def test_only_what_is_asked_for(client, territory_file):
    found = diagnose(read_territory(territory_file), only=["arret_hors_couverture"], cluster=client)
    assert set(found.findings["regle"]) == {"arret_hors_couverture"}
    assert found.analyses == ()


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.slow
def test_command_on_a_scheduler(client, territory_file, tmp_path):
    address = client.scheduler.address
    result = run("diagnostic", territory_file, "-o", tmp_path / "s", "--cluster", address)
    assert result.exit_code == 0, result.output
    assert "Deux Carrés : 3 conflit(s), 0 synergie(s)" in result.output
    assert client.status == "running"


def test_command_without_scheduler_is_code_2_and_a_clear_message(territory_file, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE_S", 1)
    territory_file.write_text("[faux", encoding="utf-8")  # the address is tried first: reading may be long
    result = run("diagnostic", territory_file, "-o", tmp_path / "s", "--cluster", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "aucun ordonnanceur Dask ne répond à l'adresse «tcp://127.0.0.1:1»" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "s").exists()


def test_command_without_the_extra_is_code_2_and_the_command_to_type(territory_file, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)
    result = run("diagnostic", territory_file, "-o", tmp_path / "s", "--cluster", "local")
    assert result.exit_code == 2
    assert 'pip install "territoire-sig[bigdata]"' in result.output


@pytest.mark.slow
def test_command_on_its_own_processes_says_nothing_on_the_error_output(territory_file, tmp_path):
    command = [sys.executable, "-m", "territoire_sig.cli", "diagnostic", territory_file, "-o", tmp_path / "s"]
    done = subprocess.run([*command, "--cluster", "local", "--jobs", "2"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "s" / "constats.csv").is_file()


def test_dask_is_imported_only_when_it_is_asked_for():
    code = "import sys, territoire_sig.cli.app, territoire_sig.diagnosis.run; print('distributed' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_the_only_worker_killed_half_way_changes_nothing(territory_file, tmp_path):
    """It held the layers: they are handed again to the one that takes its place."""
    territory = read_territory(territory_file)
    here = diagnose_here(territory).save(tmp_path / "ici")
    killed = []
    with connected("local", workers=1, memory_limit="2GiB") as own:

        def kill(share, _):
            if 0.5 <= share < 0.9 and not killed:
                killed.extend(own.run(os.getpid).values())
                os.kill(killed[0], signal.SIGKILL)

        there = diagnose(territory, cluster=own, progress=kill).save(tmp_path / "la")
    assert len(killed) == 1
    for name in TABLES:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
