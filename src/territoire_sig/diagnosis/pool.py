"""Independent tasks, one after the other or shared by processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from ..errors import ParameterError
from ..texts import Language, Text, current_language, language

__all__ = ["each", "spoken"]


def each(
    tasks: Sequence[Callable[[], Any]], names: Sequence[str], *, jobs: int, tell: Callable[[float, str], None]
) -> list[Any]:
    """Run every task and return what they give, in their order, whoever ended first.

    Processes rather than threads: prepared geometries must not be shared by threads. They are spawned, so a script
    that asks for several needs the usual ``if __name__ == "__main__":`` guard.

    Raises
    ------
    ParameterError
        When `jobs` is below 1.
    """
    if jobs < 1:
        raise ParameterError(
            Text(f"--jobs vaut {jobs} et doit être au moins 1", f"--jobs is {jobs} and must be at least 1"),
            Text("retirez l'option, ou donnez le nombre de cœurs.", "remove the option, or give the number of cores."),
        )
    total = max(len(tasks), 1)
    if jobs == 1:
        results = []
        for rank, (task, name) in enumerate(zip(tasks, names, strict=True)):
            tell(rank / total, name)
            results.append(task())
        return results
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_leave_interrupts) as pool:
        futures = [pool.submit(spoken, current_language(), task) for task in tasks]
        results = []
        for rank, (future, name) in enumerate(zip(futures, names, strict=True)):
            tell(rank / total, name)
            results.append(future.result())
        return results


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the process that asked: a worker would print its own traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def spoken(code: Language, task: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task in a language: another process has its own."""
    with language(code):
        return task(*arguments)
