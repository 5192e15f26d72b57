"""The JSON of what a command recorded: one operation, a file of them, transactions that were only signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.sending.jobs import Job
    from traceledger.sending.submission import Submitted


def recorded(
    operation: str,
    *,
    transaction: bytes,
    block: int,
    timestamp: int,
    gas_used: int,
    names: Mapping[str, str | list[str]],
) -> dict[str, Any]:
    """An operation on the chain.

    Args:
        operation: its name in an operations file.
        transaction: hash of its transaction, 32 bytes.
        block: number of its block.
        timestamp: the block's time, UTC seconds.
        gas_used: gas of the transaction.
        names: full names of what it was about, by the word for what they name.
    """
    return {
        "operation": operation,
        "transaction": hexed(transaction),
        "block": block,
        "timestamp": timestamp,
        "gas_used": gas_used,
        **names,
    }


def signed(path: Path, jobs: Iterable[Job]) -> dict[str, Any]:
    """Transactions that were signed into a file, and not sent."""
    return {
        "file": str(path),
        "transactions": [
            {
                "operation": job.operation,
                "sender": hexed(job.account),
                "nonce": job.nonce,
                "transaction": hexed(job.raw_hash),
            }
            for job in jobs
        ],
    }


def template(path: Path, operations: Iterable[str]) -> dict[str, Any]:
    """A file to fill in that was written, and the operations that it is for."""
    return {"file": str(path), "operations": list(operations)}


def submitted(path: Path, done: Submitted) -> dict[str, Any]:
    """What became of a file of operations or transactions."""
    return {
        "file": str(path),
        "operations": done.operations,
        "sent": done.sent,
        "skipped": done.skipped,
        "on_chain": done.operations,
        "on_their_way": 0,
        "remaining": 0,
        "head": done.head,
    }
