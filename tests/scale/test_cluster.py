"""What may go wrong with a cluster: nobody there, no memory, a worker killed."""

from __future__ import annotations

import os
import signal
import sys

import dask
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from scale.layers import flowers, tiles
from territoire_sig import overlay
from territoire_sig.errors import ClusterError, MissingExtraError, ParameterError
from territoire_sig.scale import cluster as clusters
from territoire_sig.scale import connected, cross, partition_parquet
from territoire_sig.scale.cluster import held, run
from territoire_sig.texts import current_language, language


def test_a_client_is_used_as_it_is(client):
    with connected(client) as same:
        assert same is client
    assert client.status == "running"


def test_results_come_in_the_order_of_the_tasks_and_workers_speak_the_language_asked_for(client):
    shared = held(client, 100)
    told = []
    found = run(client, divmod, [(shared, 7), (shared, 9)], ["a", "b"], lambda *said: told.append(said))
    assert found == [(14, 2), (11, 1)]
    assert [share for share, _ in told] == [0.5, 1.0] and {name for _, name in told} == {"a", "b"}
    with language("en"):
        assert run(client, current_language, [()], ["a"], lambda *_: None) == ["en"]


def test_an_error_of_a_task_is_raised_as_it_is(client):
    with pytest.raises(ZeroDivisionError):
        run(client, divmod, [(1, 1), (1, 0)], ["a", "b"], lambda *_: None)


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE_S", 1)
    said = r"aucun ordonnanceur Dask ne répond à l'adresse «tcp://127\.0\.0\.1:1»"
    with pytest.raises(ClusterError, match=said), connected("tcp://127.0.0.1:1"):
        pass
    said = r"(?s)«http:nulle part».*--cluster local"
    with language("en"), pytest.raises(ClusterError, match=said), connected("http:nulle part"):
        pass


def test_a_scheduler_without_worker(monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE_S", 1)
    with connected("local", workers=1) as alone:
        address = alone.cluster.scheduler.address
        alone.cluster.scale(0)
        alone.sync(alone.cluster._correct_state)
        said = r"(?s)aucun processus de travail.*dask worker tcp://127"
        with pytest.raises(ClusterError, match=said), connected(address):
            pass


def test_without_the_extra(monkeypatch):
    monkeypatch.setattr(clusters, "find_spec", lambda name: None if name == "distributed" else name)
    said = r'(?s)demande distributed.*pip install "territoire-sig\[bigdata\]"'
    with pytest.raises(MissingExtraError, match=said), connected("local"):
        pass


def test_no_worker_is_too_few():
    with pytest.raises(ParameterError, match="workers vaut 0"), connected("local", workers=0):
        pass


def test_a_task_too_large_for_every_worker_names_itself_and_the_mend():
    said = r"(?s)«partition 2/2» a perdu 1 processus.*rows_per_partition"
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        connected("local", workers=1, memory_limit="400MB") as small,
        pytest.raises(ClusterError, match=said),
    ):
        run(small, np.ones, [(1,), (10**9,)], ["partition 1/2", "partition 2/2"], lambda *_: None)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.slow
def test_a_worker_killed_half_way_changes_nothing(tmp_path):
    rng = np.random.default_rng(5)
    zones, cover = tiles(20, 100.0, rng), flowers(6, 2_000.0, 900, rng)
    parts = partition_parquet(zones, tmp_path / "z", 16)
    cut = partition_parquet(cover, tmp_path / "c", 5, max_vertices=128)
    killed = []
    with connected("local", workers=2, memory_limit="2GiB") as own:

        def kill(share, _):
            if share >= 0.5 and not killed:
                killed.extend(list(own.run(os.getpid).values())[:1])
                os.kill(killed[0], signal.SIGKILL)

        lossy = cross(parts, cut, measure="crosstab", by="kind", output=tmp_path / "r", cluster=own, progress=kill)
        calm = cross(parts, cut, measure="crosstab", by="kind", output=tmp_path / "s", cluster=own)
    assert killed and len(parts.files) == 25
    for part in calm.parts:
        assert (lossy.folder / part.file).read_bytes() == (calm.folder / part.file).read_bytes()
    expected = overlay.crosstab(zones, cover, by="kind")
    assert_frame_equal(lossy.table(), expected, rtol=1e-9, atol=1e-7, check_index_type=False)
    assert not list(tmp_path.rglob("*.partiel"))
