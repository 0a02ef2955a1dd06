"""A worker that may hang or die: the test that lends it a case fails, and the others go on."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool

import pytest

LIMIT_S = 10  # of this process's own time
HANG_S = 60  # on the clock, however busy the machine is


class Worker:
    """One process, started again after a hang or a crash."""

    def __init__(self):
        self._pool = None

    def run(self, work, *arguments):
        """Return what `work` returns; fail the test where it takes too long, hangs, or takes the process with it."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_strict)
            self._pool.submit(_strict).result()
        try:
            found, spent_s = self._pool.submit(_timed, work, arguments).result(timeout=HANG_S)
        except TimeoutError:
            self.end()
            pytest.fail(f"hangs: no answer after {HANG_S} s")
        except BrokenProcessPool:
            self.end()
            pytest.fail("crashes the interpreter")
        assert spent_s < LIMIT_S
        return found

    def end(self):
        """End the process that this worker started."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _timed(work, arguments):
    start = time.process_time()
    found = work(*arguments)
    return found, time.process_time() - start


def _strict():
    warnings.simplefilter("error")
