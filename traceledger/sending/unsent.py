"""Why a courier gives up: what is unfinished stays in the outbox, and what mends it."""

from __future__ import annotations

from traceledger.errors import NetworkError
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import hexed
from traceledger.sending.outbox import Entry


def too_late(unfinished: int) -> NetworkError:
    """Nothing at all has happened for too long, to so many transactions."""
    makes_blocks = "check that the network makes blocks"
    if not unfinished:
        return NetworkError("no block became final in time", hint=makes_blocks)
    return NetworkError(
        f"sent, and not mined or not final in time: {counted(unfinished, 'transaction')}",
        hint=f"{makes_blocks}; they are kept: traceledger outbox resume",
    )


def refused_for_good(entry: Entry, said: str) -> NetworkError:
    """Nodes have refused a transaction for too long; ``said`` has a node's words."""
    return NetworkError(
        f"the network refuses the transaction of nonce {entry.nonce} of {hexed(entry.sender)}: {said}",
        where=entry.source,
        hint="it is kept; mend the cause, then run: traceledger outbox resume; or, to give it up: "
        f"traceledger outbox discard {hexed(entry.sender)} {entry.nonce}",
    )
