"""Follows the chain while a server runs: a thread with a client of its own.

Readers do not wait for it, nor it for them. Where the chain cannot be reached, what is in the index goes on
being served, and pages say as of which block, and that newer ones are missing.

    following --NetworkError or another fault--> behind --the chain answers again--> following
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.errors import TraceLedgerError

if TYPE_CHECKING:
    from traceledger.client.client import Client

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Following:
    """How it goes.

    Attributes:
        looked_at: UTC seconds when the chain was last read to its end; ``None``: not since the server began.
        trouble: why it could not be read since then, as a sentence without its place; empty if it could.
    """

    looked_at: int | None = None
    trouble: str = ""


class Follower:
    """Keeps the index at the chain's head, in the background.

    Args:
        client: is used by the thread alone, and closed with it.
        seconds: between two looks at the chain.
    """

    def __init__(self, client: Client, seconds: float) -> None:
        self._client = client
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._state = Following()

    @property
    def state(self) -> Following:
        """How it goes now."""
        return self._state

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End; what is being written is written or not at all.

        Args:
            seconds: how long to wait for that.
        """
        self._end.set()
        self._client.close()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._end.is_set():
            self._look()
            self._end.wait(self._seconds)

    def _look(self) -> None:
        try:
            self._client.refresh()
        except TraceLedgerError as error:
            # Where the chain is, is told to the operator alone.
            self._behind(error.what, error.sentence)
        except Exception as error:  # noqa: BLE001
            # One fault must not end what follows; it is shown, and tried again.
            _log.exception("following the chain")
            self._behind(f"unexpected {type(error).__name__}", repr(error))
        else:
            self._state = Following(int(time.time()))

    def _behind(self, trouble: str, logged: str) -> None:
        if self._end.is_set():
            return
        if trouble != self._state.trouble:
            _log.warning("the chain is not followed: %s", logged)
        self._state = Following(self._state.looked_at, trouble)
