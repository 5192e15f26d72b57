"""Child processes of tests kill themselves with it at a point that the test names, whatever their speed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

_STATEMENTS = ("execute", "executemany")


def die_at_statement(count: int) -> None:
    """Die as SQLite is about to get the ``count``-th statement from now on, within a transaction or not."""
    _die_when(lambda _, event, what: event == "c_call" and what.__name__ in _STATEMENTS, count)


def die_at(function: Callable[..., Any], event: str, count: int = 1) -> None:
    """Die at the ``count``-th ``call`` of a function from now on, or as it is about to ``return``."""
    code = function.__code__  # type: ignore[attr-defined]
    _die_when(lambda frame, found, _: found == event and frame.f_code is code, count)


def _die_when(reached: Callable[[FrameType, str, Any], bool], count: int) -> None:
    left = count

    def watch(frame: FrameType, event: str, what: Any) -> None:
        nonlocal left
        if reached(frame, event, what):
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(watch)
    sys.setprofile(watch)
