r"""Block headers as a proof file holds them: their fields, and both ways to hash one.

A header is an RLP list; what forks have added stands at its end, so the places of the fields used here are
the same on every chain. QBFT hashes a header without its commit seals and with round zero
(Besu, ``BftBlockHashing``; GoQuorum, ``QBFTFilteredHeader``).

Example:
    >>> read_header(b"\xc0", "plain")
    Traceback (most recent call last):
    traceledger.errors.InputError: not a block header: it has 0 fields
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

from traceledger.chain.rlp import decode, encode, encoded_list, size_of
from traceledger.errors import InputError
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

Hashing = Literal["plain", "qbft"]
_FEWEST, _MOST = 15, 30
_PARENT, _COINBASE, _STATE, _RECEIPTS, _NUMBER, _TIME, _EXTRA = 0, 2, 3, 5, 8, 11, 12
_LONG_LIST = 0xF7
_QBFT_FIELDS = 5
_ROUND, _SEALS = 3, 4


@frozen
class BlockHeader:
    """A header as a proof needs it; what has the same hash is the same header.

    Attributes:
        before: RLP of the fields before the extra data, one behind the other.
        after: RLP of those after it.
    """

    hash: bytes
    number: int = field(compare=False)
    parent_hash: bytes = field(compare=False)
    coinbase: bytes = field(compare=False)
    state_root: bytes = field(compare=False)
    receipts_root: bytes = field(compare=False)
    timestamp: int = field(compare=False)
    extra_data: bytes = field(compare=False)
    before: bytes = field(compare=False)
    after: bytes = field(compare=False)

    def with_extra(self, extra_data: bytes) -> bytes:
        """RLP of the header with other extra data."""
        return _with_extra(self.before, extra_data, self.after)


@dataclass(frozen=True, slots=True)
class QbftExtra:
    """What QBFT keeps in a header's extra data."""

    vanity: bytes
    validators: tuple[bytes, ...]
    vote: Any
    round: bytes
    seals: tuple[bytes, ...]

    def encode(self, *, round_: bytes, seals: tuple[bytes, ...]) -> bytes:
        """The extra data with another round and other seals."""
        return encode([self.vanity, list(self.validators), self.vote, round_, list(seals)])


def decoded(data: bytes, what: str) -> Any:
    """RLP, decoded strictly.

    Raises:
        InputError: it is not RLP, or nests too deeply.
    """
    try:
        return decode(data)
    except ValueError:
        raise InputError(f"{what} is not RLP") from None


def read_header(data: bytes, hashing: Hashing) -> BlockHeader:
    """A header from its RLP.

    Args:
        data: the list of its fields.
        hashing: ``plain``: all of it is hashed (proof of authority, Clique); ``qbft``: see above.

    Raises:
        InputError: it is no header.
    """
    fields = decoded(data, "a block header")
    # R4: 15 fields before London; what forks append is hashed, but not looked at.
    if not isinstance(fields, list) or not _FEWEST <= len(fields) <= _MOST:
        count = len(fields) if isinstance(fields, list) else 1
        raise InputError(f"not a block header: it has {count} fields")
    if set(map(type, fields)) != {bytes}:
        raise InputError("not a block header: a field is a list")
    for place, size in ((_PARENT, 32), (_COINBASE, 20), (_STATE, 32), (_RECEIPTS, 32)):
        if len(fields[place]) != size:
            raise InputError(f"not a block header: field {place} has not {size} bytes")
    before, after = _around_extra(data, fields)
    return BlockHeader(
        _hashed(data, fields[_EXTRA], before, after, hashing),
        _number(fields[_NUMBER]),
        fields[_PARENT],
        fields[_COINBASE],
        fields[_STATE],
        fields[_RECEIPTS],
        _number(fields[_TIME]),
        fields[_EXTRA],
        before,
        after,
    )


def _around_extra(data: bytes, fields: list[bytes]) -> tuple[bytes, bytes]:
    """What stands before and after the extra data in a header's RLP, without the head of the list."""
    end = len(data) - sum(map(size_of, fields[_EXTRA + 1 :]))
    # Four fields alone have 120 bytes, so that it is a list whose length has bytes of its own.
    head = 1 + data[0] - _LONG_LIST
    return data[head : end - size_of(fields[_EXTRA])], data[end:]


def _hashed(data: bytes, extra: bytes, before: bytes, after: bytes, hashing: Hashing) -> bytes:
    match hashing:
        case "plain":
            return keccak(data)
        case "qbft":
            # S3: a round of zero is the empty text: unlike IBFT 2's, QBFT's round is a scalar of RLP, not
            # four bytes.
            bare = qbft_extra(extra).encode(round_=b"", seals=())
            return keccak(_with_extra(before, bare, after))
        case _:
            assert_never(hashing)


def _with_extra(before: bytes, extra_data: bytes, after: bytes) -> bytes:
    return encoded_list(before + encode(extra_data) + after)


def qbft_extra(data: bytes) -> QbftExtra:
    """The parts of a QBFT header's extra data.

    Raises:
        InputError: it has not these parts.
    """
    parts = decoded(data, "the extra data of a QBFT header")
    if not isinstance(parts, list) or len(parts) != _QBFT_FIELDS:
        raise InputError("not the extra data of a QBFT header")
    # S4: the vote may be a list or empty; it is kept as it is, as only the hash needs it.
    vanity, validators, vote, round_, seals = parts
    if not isinstance(vanity, bytes) or not isinstance(round_, bytes) or not _flat(validators, seals):
        raise InputError("not the extra data of a QBFT header")
    return QbftExtra(vanity, tuple(validators), vote, round_, tuple(seals))


def _flat(*lists: Any) -> bool:
    return all(isinstance(items, list) and all(isinstance(item, bytes) for item in items) for items in lists)


def _number(field: bytes) -> int:
    if len(field) > 8 or field[:1] == b"\0":
        raise InputError("not a block header: a number has leading zeros or is too large")
    return int.from_bytes(field, "big")
