"""The JSON of what this machine keeps: keys, index, outbox, openings, files of signed transactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import optional_hex
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.errors import SigningError
    from traceledger.index.reading import IndexStatus
    from traceledger.index.verification import Verdict
    from traceledger.model.commitments import Opening
    from traceledger.names import Names
    from traceledger.proofs.verify.directory import DirectoryFile
    from traceledger.sending.outbox import Entry
    from traceledger.signing.places import KeyInfo


def keys(found: Iterable[KeyInfo], damaged: Mapping[str, SigningError]) -> dict[str, Any]:
    """Stored keys: never what is secret of them. ``damaged`` are those that cannot be read, and why."""
    faults = [{"name": name, "message": error.sentence} for name, error in damaged.items()]
    return {"keys": [key(info) for info in found], "damaged": faults}


def key(info: KeyInfo) -> dict[str, Any]:
    """A stored key: where it lives, its file where it has one, and what is not as it should be."""
    return {
        "name": info.name,
        "address": hexed(info.address),
        "place": info.place,
        "path": None if info.path is None else str(info.path),
        "cautions": list(info.cautions),
    }


def exported_key(info: KeyInfo, output: Path, *, encrypted: bool) -> dict[str, Any]:
    """A key that was written into a file for elsewhere."""
    return {
        "name": info.name,
        "address": hexed(info.address),
        "output": str(output),
        "encrypted": encrypted,
    }


def consent(*, participant: bytes, operator: bytes, deadline: int, signature: bytes) -> dict[str, Any]:
    """That a key joins a participant: two addresses, 65 bytes, and until when it holds, UTC seconds."""
    return {
        "participant": hexed(participant),
        "operator": hexed(operator),
        "deadline": deadline,
        "consent": hexed(signature),
    }


def index_status(found: IndexStatus, *, head: int, size: int) -> dict[str, Any]:
    """How far the index is behind a chain whose newest block is ``head``; ``size`` is the file's, bytes."""
    return {
        "path": str(found.path),
        "bytes": size,
        "block": found.block,
        "hash": hexed(found.hash) if found.hash else None,
        "final": found.final,
        "head": head,
        "lag": head - found.block if found.block is not None else head + 1,
        "logs": found.logs,
        "batches": found.batches,
    }


def index_verified(found: Verdict) -> dict[str, Any]:
    """Where the index differs from the chain; what a place holds is ``null`` where there is nothing."""
    return {
        "path": str(found.path),
        "block": found.block,
        "rows": found.rows,
        "holds": found.holds,
        "differences": [
            {name: getattr(each, name) for name in ("table", "row", "column", "index", "chain")}
            for each in found.differences
        ],
        "faults": list(found.faults),
    }


def index_rebuilt(found: IndexStatus) -> dict[str, Any]:
    """What the index holds after it was filled anew."""
    return {"block": found.block, "logs": found.logs, "batches": found.batches}


def outbox(path: Path, entries: Sequence[Entry], shown: Iterable[Entry]) -> dict[str, Any]:
    """Transactions that were signed here: those shown, and how many of all ended how."""
    return {
        "outbox": str(path),
        "transactions": [transaction(entry) for entry in shown],
        "states": states(entries),
    }


def settled(entries: Sequence[Entry]) -> dict[str, Any]:
    """Transactions of which it is known now what became of them."""
    return {"settled": [transaction(entry) for entry in entries], "states": states(entries)}


def discarded(entries: Iterable[Entry]) -> dict[str, Any]:
    """Transactions that were given up."""
    return {"discarded": [transaction(entry) for entry in entries]}


def states(entries: Iterable[Entry]) -> dict[str, int]:
    """How many transactions are in which state."""
    return dict(Counter(entry.state for entry in entries))


def transaction(entry: Entry) -> dict[str, Any]:
    """A transaction that was signed here, and what became of it."""
    return {
        "state": entry.state,
        "operation": entry.operation,
        "from": entry.source,
        "sender": hexed(entry.sender),
        "nonce": entry.nonce,
        "transaction": hexed(entry.hash),
        "block": entry.block,
        "block_hash": optional_hex(entry.block_hash),
        "nonce_taken_by": optional_hex(entry.taken_by),
        "signed_at": entry.signed_at,
        "changed_at": entry.changed_at,
    }


def directory(path: Path, found: DirectoryFile) -> dict[str, Any]:
    """What a directory file proves that was just written."""
    return {"file": str(path), "participants": list(found.participants), "batches": list(found.batches)}


def openings(found: Iterable[Opening], names: Names) -> dict[str, Any]:
    """The private texts that are known here, without their salts."""
    return {
        "disclosures": [
            {
                "kind": opening.kind.value,
                "owner": names.slug(opening.owner),
                "text": opening.text,
                "commitment": opening.commitment,
            }
            for opening in found
        ]
    }


def index_synced(added: int, found: IndexStatus) -> dict[str, Any]:
    """How far the index is after ``added`` blocks were added."""
    return {"added": added, "block": found.block}


def openings_exported(path: Path, count: int) -> dict[str, Any]:
    """Openings that were written into a file for others."""
    return {"file": str(path), "openings": count}


def openings_imported(path: Path, count: int, *, new: int) -> dict[str, Any]:
    """Openings that were taken over from a file of others; ``new`` of them were not known."""
    return {"file": str(path), "openings": count, "new": new}


def next_nonce(account: bytes, number: int) -> dict[str, Any]:
    """The nonce of an account's next transaction."""
    return {"account": hexed(account), "nonce": number}


def table_written(path: Path, *, rows: int, columns: Sequence[str]) -> dict[str, Any]:
    """A table that was written into a file."""
    return {"file": str(path), "rows": rows, "columns": list(columns)}
