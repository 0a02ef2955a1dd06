"""The diagnosis of one territory, its analyses and rules handed to a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ..coherence.ground import Ground
from ..diagnosis import run as chain
from ..diagnosis.diagnosis import Diagnosis
from ..diagnosis.ground import Prepared
from ..model.territory import Territory
from .cluster import Cluster, Tell, connected, held, run

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["diagnose", "task_runner"]


def diagnose(
    territory: Territory,
    *,
    only: Sequence[str] = (),
    cluster: Cluster = "local",
    workers: int | None = None,
    memory_limit: str | float = "auto",
    progress: Tell | None = None,
) -> Diagnosis:
    """Make the diagnosis of a territory with the analyses and rules as tasks of a cluster.

    Parameters
    ----------
    territory, only, progress
        See :func:`territoire_sig.diagnose`.
    cluster, workers, memory_limit
        See :func:`connected`.

    Returns
    -------
    Diagnosis
        The same as on one machine: its tables are equal to the byte.

    Raises
    ------
    ParameterError, FaultsError
        As :func:`territoire_sig.diagnose`.
    ClusterError
        Where the cluster cannot be reached, or a task asks for more memory than its workers have.

    Examples
    --------
    >>> import territoire_sig as ts
    >>> territory = ts.read_territory("data/sample/territoire.toml")
    >>> diagnose(territory, cluster="tcp://10.0.0.5:8786").save("resultats")  # doctest: +SKIP
    """
    with task_runner(cluster, workers=workers, memory_limit=memory_limit) as runner:
        return chain.diagnose(territory, only=only, progress=progress, runner=runner)


@contextmanager
def task_runner(
    cluster: Cluster = "local", *, workers: int | None = None, memory_limit: str | float = "auto"
) -> Iterator[chain.Runner]:
    """Give what :func:`territoire_sig.diagnose` takes as ``runner``, to run its tasks on a cluster."""
    with connected(cluster, workers=workers, memory_limit=memory_limit) as client:
        yield partial(_each, client)


def _each(client: Client, tasks: Sequence[Callable[[], Any]], names: Sequence[str], *, tell: Tell) -> list[Any]:
    """Run every task and return what they give, in their order; the layers that tasks share are handed once."""
    layers: dict[int, Any] = {}
    calls = [_call(client, task, layers) for task in tasks]
    return run(client, _called, calls, names, tell)


def _call(client: Client, task: Callable[[], Any], layers: dict[int, Any]) -> tuple[Any, ...]:
    """Return a task as a function and its arguments, with those that hold layers in the hands of the workers."""
    if not isinstance(task, partial):
        return (task,)
    for argument in task.args:
        if isinstance(argument, (Prepared, Ground)) and id(argument) not in layers:
            layers[id(argument)] = held(client, argument)
    return (partial(task.func, **task.keywords), *(layers.get(id(argument), argument) for argument in task.args))


def _called(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)
