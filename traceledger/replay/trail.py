"""The trail of a batch: what made it, and what it came by since, as the ledger keeps it by a hash.

Who reverses or restates shows the entries again. They follow from the events and the blocks' headers; an
entry that was reversed is none any more. ``contracts/interfaces/IBatchLedger.sol`` says what each is; fields
stand in the order of its structs. Masses are mg, CO2e is mg, times UTC seconds, participants 20-byte
addresses. ``salt`` is the hash of the block before the one that holds the event.

Example:
    >>> entries = [SplitEntry(7, bytes(32)), SplitEntry(8, bytes(32))]
    >>> trail_of(entries) == trail_of(entries[1:], trail_of(entries[:1])), len(trail_of(entries))
    (True, 12)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traceledger.model.batches import Origin
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

EMPTY = bytes(12)
"""The trail before the first entry."""

_EMISSIONS = "(uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64)"


@frozen
class MintEntry:
    """The batch was minted."""

    facility: int
    material: int
    origin: Origin
    occurred_at: int
    emissions: Emissions
    salt: bytes


@frozen
class SplitEntry:
    """The batch was split off ``parent``."""

    parent: int
    salt: bytes


@frozen
class RunEntry:
    """The batch was made by a transformation."""

    transformation: int
    salt: bytes


@frozen
class ReceiptEntry:
    """The batch was received.

    Attributes:
        shipment: by which.
        sender: from whom.
        returning: whether it came back frozen, from its receiver.
        uses: the batch's uses with this receipt.
        mass_mg: what was sent.
        arrived_mg: what arrived of it.
        differences: the batch's word of differences before.
        arrived_differences: the same as it arrived.
        substances: number and mass of its substances before, ascending; empty where the answer left them.
        arrived_substances: the same as they arrived; empty where the answer left them.
        received_at: the block's time.
        salt: the hash of the block before.
    """

    shipment: int
    sender: bytes
    returning: bool
    uses: int
    mass_mg: int
    arrived_mg: int
    differences: int
    arrived_differences: int
    substances: tuple[tuple[int, int], ...]
    arrived_substances: tuple[tuple[int, int], ...]
    received_at: int
    salt: bytes


@frozen
class TakeBackEntry:
    """The batch was taken back. ``sender`` is who delivered it, ``uses`` its uses with this take-back."""

    sender: bytes
    uses: int
    facility: int
    material: int
    occurred_at: int
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    salt: bytes


Entry = MintEntry | SplitEntry | RunEntry | ReceiptEntry | TakeBackEntry

_TYPES: dict[type[Entry], str] = {
    MintEntry: f"(uint256,uint256,uint8,uint64,{_EMISSIONS},bytes32)",
    SplitEntry: "(uint256,bytes32)",
    RunEntry: "(uint256,bytes32)",
    ReceiptEntry: (
        "(uint256,address,bool,uint256,uint64,uint64,uint256,uint256,(uint16,uint64)[],(uint16,uint64)[],uint64,bytes32)"
    ),
    TakeBackEntry: "(address,uint256,uint256,uint256,uint64,uint64,uint64,uint64,uint64,bytes32)",
}


def struct_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as the contract takes it."""
    return tuple(_word(getattr(entry, name)) for name in entry.__dataclass_fields__)


def hash_of(entry: Entry) -> bytes:
    """``keccak256(abi.encode(entry))``."""
    from eth_abi.abi import encode

    return keccak(encode([_TYPES[type(entry)]], [struct_of(entry)]))


def trail_of(entries: Iterable[Entry], before: bytes = EMPTY) -> bytes:
    """The running hash, 12 bytes, after these entries, oldest first; ``before``: the one before them."""
    for entry in entries:
        before = keccak(before.ljust(32, b"\0") + hash_of(entry))[:12]
    return before


def _word(value: Any) -> Any:
    if isinstance(value, Emissions):
        return tuple(getattr(value, name) for name in value.__dataclass_fields__)
    return int(value) if isinstance(value, Origin) else value
