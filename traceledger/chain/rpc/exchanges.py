"""What is asked of nodes, for the log: which methods, of whom, how long it took, and how many bytes.

Addresses are logged as messages show them, without what may be a key.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from traceledger.storage.json_text import loads

_LOG = logging.getLogger(__name__)
_MOST_SHOWN = 2_000


@dataclass
class Exchange:
    """One request on its way.

    Attributes:
        received: bytes of the answer, so far.
    """

    received: int = 0


@contextmanager
def logged(node: str, body: bytes) -> Iterator[Exchange]:
    """Log a request: a line at level INFO, and what was asked at level DEBUG.

    Args:
        node: its address as messages show it.
        body: a JSON array of JSON-RPC requests.
    """
    exchange = Exchange()
    if not _LOG.isEnabledFor(logging.INFO):
        yield exchange
        return
    _LOG.debug("%s is asked %s", node, body[:_MOST_SHOWN].decode("utf-8", "replace"))
    started = time.monotonic()
    ended = "failed"
    try:
        yield exchange
        ended = "answered"
    finally:
        milliseconds = round((time.monotonic() - started) * 1000)
        sizes = f"{len(body)} bytes out, {exchange.received} bytes in"
        _LOG.info("%s %s %s in %d ms: %s", node, ended, _methods(body), milliseconds, sizes)


def _methods(body: bytes) -> str:
    counted = Counter(str(each["method"]) for each in loads(body))
    return ", ".join(f"{method} x {times}" if times > 1 else method for method, times in counted.items())
