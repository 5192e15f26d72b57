"""A desk in a process of its own that kills itself as a draft is at a certain point.

Usage: python -m tests.desk.killed FOLDER PARTICIPANT DRAFT POINT
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from tests.clients import PASSPHRASE
from tests.desk.browsing import desk_of, shown_in
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.rpc.chain import RpcChain
from traceledger.sending.outbox import Outbox
from traceledger.web.desk.drafts import Drafts

POINTS: dict[str, tuple[type, str, int]] = {
    "approved": (Drafts, "move", 2),
    "mined": (EmbeddedChain, "send", 1),
    "kept, not sent": (Outbox, "record", 1),
    "sent": (RpcChain, "submit_raw", 1),
}


def deadly(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """The function, of which the ``count``-th call is the last thing that this process does.

    ``dying.die_at`` needs no such thing, but watches every call: a desk takes three times as long under it.
    """
    calls = 0

    @wraps(function)
    def last(*args: Any, **named: Any) -> Any:
        nonlocal calls
        found = function(*args, **named)
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return last


def main(folder: str, participant: str, draft: str, point: str) -> None:
    """Sign a draft, and die."""
    kind, name, count = POINTS[point]
    setattr(kind, name, deadly(getattr(kind, name), count))
    with desk_of(Path(folder), participant) as browser:
        page = browser.post(
            "/key", {"key": participant, "passphrase": PASSPHRASE, "then": f"/drafts/{draft}"}
        )
        browser.post(f"/drafts/{draft}/sign", {"shown": shown_in(page)})
        browser.settled(draft)


if __name__ == "__main__":
    main(*sys.argv[1:])
