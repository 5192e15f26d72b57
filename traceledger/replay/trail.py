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

from collections.abc import Iterable, Sequence
from itertools import chain
from struct import Struct, pack
from typing import Any, NamedTuple, assert_never

from traceledger.model.batches import NO_TRAIL, Origin
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

EMPTY = NO_TRAIL
"""The trail before the first entry."""

_WORD = 32
_LANE_BITS = 16
# One item a word, as module struct writes it; Emissions are two.
_MINT = Struct(">32s32s31xB24xQ64s32s")
_RECEIPT = Struct(">24xQ32s12x20s31x?24xQ24xQ24xQ32s32s24xQ24xQ24xQ32s")
_TAKE_BACK = Struct(">12x20s24xQ32s32s24xQ24xQ24xQ24xQ24xQ32s")


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


class Arrival(NamedTuple):
    """By what a batch's custodian came by it, as it stands in the batch's trail.

    ``before`` is the trail before it, 12 bytes.
    """

    before: bytes
    entry: ReceiptEntry | TakeBackEntry


def struct_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as the contract takes it."""
    return tuple(_word(getattr(entry, name)) for name in entry.__dataclass_fields__)


def hash_of(entry: Entry) -> bytes:
    """``keccak256(abi.encode(entry))``."""
    return keccak(_encoded(entry))


def trail_of(entries: Iterable[Entry], before: bytes = EMPTY) -> bytes:
    """The running hash, 12 bytes, after these entries, oldest first; ``before``: the one before them."""
    for entry in entries:
        before = keccak(before.ljust(_WORD, b"\0") + hash_of(entry))[: len(EMPTY)]
    return before


def _encoded(entry: Entry) -> bytes:
    """An entry in the encoding of the contract ABI.

    Source: Solidity, Contract ABI Specification, "Formal Specification of the Encoding". Written out, as
        eth_abi takes longer to import than a small index to read.
    """
    match entry:
        case SplitEntry(parent=made_by) | RunEntry(transformation=made_by):
            return _id(made_by) + entry.salt
        case MintEntry():
            made = (_id(entry.facility), _id(entry.material), entry.origin, entry.occurred_at)
            return _MINT.pack(*made, entry.emissions.to_bytes(), entry.salt)
        case ReceiptEntry():
            return _receipt_encoded(entry)
        case TakeBackEntry():
            back = (entry.sender, entry.uses, _id(entry.facility), _id(entry.material), entry.occurred_at)
            pools = (entry.mass_mg, entry.own_mg, entry.inherited_mg, entry.primary_mg)
            return _TAKE_BACK.pack(*back, *pools, entry.salt)
        case _:
            assert_never(entry)


def _receipt_encoded(entry: ReceiptEntry) -> bytes:
    """Of the one entry that has lists: where they begin stands in their place, and they follow the rest."""
    before, after = _list_encoded(entry.substances), _list_encoded(entry.arrived_substances)
    return _RECEIPT.pack(
        _WORD,
        _id(entry.shipment),
        entry.sender,
        entry.returning,
        entry.uses,
        entry.mass_mg,
        entry.arrived_mg,
        _id(entry.differences),
        _id(entry.arrived_differences),
        _RECEIPT.size - _WORD,
        _RECEIPT.size - _WORD + len(before),
        entry.received_at,
        entry.salt,
    ) + (before + after)


def _list_encoded(substances: tuple[tuple[int, int], ...]) -> bytes:
    count = len(substances)
    return pack(f">24xQ{'30xH24xQ' * count}", count, *chain.from_iterable(substances))


def _id(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")


def _word(value: Any) -> Any:
    if isinstance(value, Emissions):
        return value.words
    return int(value) if isinstance(value, Origin) else value


def differences_word(differences: Sequence[int]) -> int:
    """Basis points of tolerance used as the contract keeps them: in lanes of 16 bits, the first one lowest.

    Example:
        >>> hex(differences_word((1, -1)))
        '0xffff0001'
    """
    mask = (1 << _LANE_BITS) - 1
    return sum((points & mask) << place * _LANE_BITS for place, points in enumerate(differences))


def differences_of(word: int, lanes: int) -> tuple[int, ...]:
    """The inverse of :func:`differences_word`, of so many lanes; empty where all are zero.

    Example:
        >>> differences_of(0xFFFF0001, 3)
        (1, -1, 0)
    """
    if not word:
        return ()
    sign = 1 << (_LANE_BITS - 1)
    unsigned = ((word >> place * _LANE_BITS) & ((1 << _LANE_BITS) - 1) for place in range(lanes))
    return tuple((points ^ sign) - sign for points in unsigned)
