"""The worker: an answer, a case that hangs, a case that crashes, and an answer again."""

from __future__ import annotations

import os
import time

import pytest

from robustness import isolated
from robustness.isolated import Worker


def test_a_hang_or_a_crash_fails_one_test_only(monkeypatch):
    worker = Worker()
    assert worker.run(abs, -3) == 3
    monkeypatch.setattr(isolated, "HANG_S", 0.2)
    with pytest.raises(pytest.fail.Exception, match=r"hangs: no answer after 0\.2 s"):
        worker.run(time.sleep, 30)
    monkeypatch.undo()
    with pytest.raises(pytest.fail.Exception, match="crashes the interpreter"):
        worker.run(os._exit, 1)
    assert worker.run(abs, -4) == 4
    worker.end()
