"""The cluster: its own processes on this machine, or a scheduler somewhere; tasks in, results out, losses told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

from ..diagnosis.pool import spoken
from ..errors import ClusterError, MissingExtraError, ParameterError
from ..texts import Text, current_language

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "Tell", "connected", "held", "need_extra", "run"]

Cluster: TypeAlias = "str | Client"
Tell: TypeAlias = Callable[[float, str], None]

LOCAL = "local"
_PACKAGES = ("dask", "distributed", "pyarrow")
_PATIENCE_S = 10
#: No warning of a large task (layers are handed once, on purpose), no web page.
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "16GiB", "distributed.scheduler.http.routes": []}


def need_extra() -> None:
    """Refuse to go on without the packages of the extra ``bigdata``.

    Raises
    ------
    MissingExtraError
        Names the absent packages and the command that installs them.
    """
    absent = [name for name in _PACKAGES if find_spec(name) is None]
    if absent:
        raise MissingExtraError(
            Text(
                f"le passage à l'échelle demande {', '.join(absent)}", f"leaving one machine needs {', '.join(absent)}"
            ),
            Text('pip install "territoire-sig[bigdata]"', 'pip install "territoire-sig[bigdata]"'),
        )


@contextmanager
def connected(
    cluster: Cluster = LOCAL, *, workers: int | None = None, memory_limit: str | float = "auto"
) -> Iterator[Client]:
    """Give a client of `cluster` within a ``with`` block.

    Parameters
    ----------
    cluster : str or distributed.Client
        ``"local"``: processes of this machine, ended with the block, on 127.0.0.1 and without dashboard. Else the
        address of a scheduler (``"tcp://10.0.0.5:8786"``), whose workers have this library and see the same
        folders. A client is used as it is.
    workers : int, optional
        Processes of a local cluster; as many as there are cores by default. They are spawned, so a script needs
        the usual ``if __name__ == "__main__":`` guard.
    memory_limit : str or float, default "auto"
        Memory of each local worker (``"4GiB"``), above which it is ended and its task given to another.

    Raises
    ------
    MissingExtraError
        When dask is not installed.
    ClusterError
        When no scheduler answers at the address, or it has no worker.
    ParameterError
        When `workers` is below 1.
    """
    need_extra()
    import dask
    from distributed import Client

    if isinstance(cluster, Client):
        yield cluster
        return
    if workers is not None and workers < 1:
        raise ParameterError(
            Text(f"workers vaut {workers} et doit être au moins 1", f"workers is {workers} and must be at least 1"),
            Text("retirez l'option, ou donnez le nombre de cœurs.", "remove the option, or give the number of cores."),
        )
    with dask.config.set(_SETTINGS):
        opened = _local(workers, memory_limit) if cluster == LOCAL else _remote(cluster)
        with opened as client:
            yield client


@contextmanager
def _local(workers: int | None, memory_limit: str | float) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=memory_limit,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        ) as processes,
        Client(processes) as client,
    ):
        yield client


@contextmanager
def _remote(address: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(address, timeout=_PATIENCE_S)
    except (OSError, ValueError, ImportError) as error:
        raise _unreachable(address) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError as error:
            raise _without_worker(address) from error
        yield client


def run(
    client: Client, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], names: Sequence[str], tell: Tell
) -> list[Any]:
    """Call `function` with the arguments of each task, and return the results in the order of the tasks.

    Arguments made by :func:`held` are results held by the workers. Functions must bear being called twice: a
    worker that is lost has its tasks done again by another.

    Raises
    ------
    ClusterError
        When the workers that take a task are lost one after the other, or the scheduler is.
    """
    from distributed import as_completed
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    code = current_language()
    futures = [client.submit(spoken, code, function, *task, pure=False) for task in tasks]
    place = {future.key: number for number, future in enumerate(futures)}
    try:
        for done, future in enumerate(as_completed(futures, raise_errors=False), 1):
            if future.status != "finished":
                future.result()
            tell(done / len(futures), names[place[future.key]])
        return [future.result() for future in futures]
    except KilledWorker as error:
        raise _killed(names, place, error) from error
    except (FutureCancelledError, CancelledError, OSError) as error:
        if client.status == "running" and not isinstance(error, FutureCancelledError | CancelledError):
            raise
        raise _lost(error) from error
    finally:
        client.cancel([future for future in futures if not future.done()])


def held(client: Client, value: Any) -> Any:
    """Hand a value to the workers once; it is made again where the worker that held it is lost."""
    return client.submit(_itself, value, pure=False)


def _itself(value: Any) -> Any:
    return value


def _unreachable(address: str) -> ClusterError:
    return ClusterError(
        Text(
            f"aucun ordonnanceur Dask ne répond à l'adresse «{address}»",
            f"no Dask scheduler answers at the address «{address}»",
        ),
        Text(
            "vérifiez l'adresse (tcp://machine:8786) et que «dask scheduler» y tourne, ou prenez --cluster local.",
            "check the address (tcp://machine:8786) and that «dask scheduler» runs there, or take --cluster local.",
        ),
    )


def _without_worker(address: str) -> ClusterError:
    return ClusterError(
        Text(
            f"l'ordonnanceur «{address}» n'a aucun processus de travail",
            f"the scheduler «{address}» has no worker",
        ),
        Text(
            f"lancez-en au moins un : dask worker {address} --nthreads 1 --memory-limit 4GiB.",
            f"start one at least: dask worker {address} --nthreads 1 --memory-limit 4GiB.",
        ),
    )


def _killed(names: Sequence[str], place: dict[Any, int], error: Any) -> ClusterError:
    number = place.get(error.task)
    name = str(error.task) if number is None else names[number]
    times = error.allowed_failures + 1
    return ClusterError(
        Text(
            f"«{name}» a perdu {times} processus de travail de suite : la mémoire n'y suffit sans doute pas",
            f"«{name}» has lost {times} workers in a row: they have most likely run out of memory",
        ),
        Text(
            "donnez plus de mémoire à chaque processus (memory_limit), ou partitionnez en lots plus petits "
            "(rows_per_partition, max_vertices).",
            "give each worker more memory (memory_limit), or make smaller partitions "
            "(rows_per_partition, max_vertices).",
        ),
    )


def _lost(error: BaseException) -> ClusterError:
    return ClusterError(
        Text(f"l'ordonnanceur Dask a été perdu en route ({error})", f"the Dask scheduler was lost ({error})"),
        Text("relancez : les partitions faites seront refaites.", "run again: finished partitions are done again."),
    )
