"""The JSON of blocks: which changed anything, and in one all events of our contracts, raw and decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from traceledger.events import decode
from traceledger.model.hexadecimal import hexed, id_text

if TYPE_CHECKING:
    from traceledger.index.block_reader import IndexedBlock, IndexedLog
    from traceledger.index.reading import IndexStatus

_EXACT = 2**53


def blocks(found: Iterable[IndexedBlock], final: int | None) -> dict[str, Any]:
    """Blocks that changed anything; ``final``: the newest that can no longer be replaced."""
    return {"blocks": [_block(item, final) for item in found]}


def block(
    found: IndexedBlock, logs: Iterable[IndexedLog], contracts: Mapping[bytes, str], final: int | None
) -> dict[str, Any]:
    """A block with its events, by transaction.

    Args:
        found: the block.
        logs: its logs, in order.
        contracts: names of our contracts, by their addresses.
        final: the newest block that can no longer be replaced.
    """
    return _block(found, final) | {
        "transactions": [
            {"transaction": hexed(transaction), "events": [_event(item, contracts) for item in items]}
            for transaction, items in groupby(logs, key=lambda item: item.transaction)
        ]
    }


def status(found: IndexStatus, *, network: str, changed: int, following: Mapping[str, Any]) -> dict[str, Any]:
    """How far a server's index is, what it follows, and whether it can.

    Args:
        found: where the index stands.
        network: its name.
        changed: UTC seconds of the newest block that changed anything.
        following: ``looked_at`` (UTC seconds, or null) and ``trouble`` (a sentence, or null).
    """
    follows = found.follows
    return {
        "network": network,
        "chain_id": str(follows.chain_id),
        "genesis_hash": hexed(follows.genesis_hash),
        "contracts": {
            "ledger": hexed(follows.ledger),
            "registry": hexed(follows.registry),
            "assurance": hexed(follows.assurance),
            "access_manager": hexed(follows.access_manager),
        },
        "block": found.block,
        "hash": hexed(found.hash) if found.hash else None,
        "final": found.final,
        "changed_at": changed or None,
        "logs": found.logs,
        "batches": found.batches,
        "following": dict(following),
    }


def _block(item: IndexedBlock, final: int | None) -> dict[str, Any]:
    return {
        "block": item.number,
        "hash": hexed(item.hash),
        "parent": hexed(item.parent),
        "timestamp": item.timestamp,
        "final": final is not None and item.number <= final,
        "events": item.logs,
    }


def _event(item: IndexedLog, contracts: Mapping[bytes, str]) -> dict[str, Any]:
    event = decode(item.log)
    return {
        "log": item.log.index,
        "contract": contracts.get(item.log.address, hexed(item.log.address)),
        "event": None if event is None else type(event).__name__,
        "fields": {} if event is None else plain(event),
        "topics": [hexed(topic) for topic in item.log.topics],
        "data": hexed(item.log.data),
    }


def plain(value: Any) -> Any:
    """A value of an event as JSON: bytes and ids as hexadecimal text, integers above 2^53 as decimal text.

    Example:
        >>> plain({27: 10**17, 3: b"a"})
        {'27': '100000000000000000', '3': '0x61'}
    """
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, bytes):
        return hexed(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, int):
        # Amounts have 64 bits; what has more is an id.
        return value if abs(value) < _EXACT else str(value) if value < 1 << 64 else id_text(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return str(value)
