"""Strict decoding of the contract ABI, as far as TraceLedger's events use it.

Only the canonical encoding is accepted: every tail starts where the one before it ended, padding is zero
and nothing follows the last value. So a log has one meaning, work is linear in its length whatever it
claims about itself, and all failures are :class:`~traceledger.errors.VerificationError`.
Source: Solidity, Contract ABI Specification, "Formal Specification of the Encoding".

Example:
    >>> read(array(uint(64)), (32).to_bytes(32, "big") + (0).to_bytes(32, "big"))
    ()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Generic, TypeVar

from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)

WORD = 32


@frozen
class Codec(Generic[T]):
    """How one ABI type is read.

    Attributes:
        name: the type as it stands in an event's signature, for instance ``(uint16,uint64)[]``.
        size: bytes that the value takes in place; one word for the offset of a dynamic one.
        dynamic: whether the value stands in the tail.
        read: takes the data and a position; returns the value and the position after it.
    """

    name: str
    size: int
    dynamic: bool
    read: Callable[[bytes, int], tuple[T, int]]


def malformed(what: str) -> VerificationError:
    """The error for data that no contract can have written."""
    return VerificationError(f"malformed event data: {what}", hint="the log is damaged or forged")


def _word(data: bytes, position: int) -> int:
    end = position + WORD
    if end > len(data):
        raise malformed("it ends too early")
    return int.from_bytes(data[position:end], "big")


def uint(bits: int) -> Codec[int]:
    """An unsigned integer of that many bits."""

    def read_uint(data: bytes, position: int) -> tuple[int, int]:
        value = _word(data, position)
        if value >> bits:
            raise malformed(f"a number does not fit {bits} bits")
        return value, position + WORD

    return Codec(f"uint{bits}", WORD, False, read_uint)


def signed(bits: int) -> Codec[int]:
    """A signed integer of that many bits, in two's complement over the whole word."""
    limit = 1 << (bits - 1)

    def read_signed(data: bytes, position: int) -> tuple[int, int]:
        word = _word(data, position)
        value = word - (1 << 8 * WORD) if word >> (8 * WORD - 1) else word
        if not -limit <= value < limit:
            raise malformed(f"a number does not fit {bits} bits")
        return value, position + WORD

    return Codec(f"int{bits}", WORD, False, read_signed)


def _read_bool(data: bytes, position: int) -> tuple[bool, int]:
    value = _word(data, position)
    if value > 1:
        raise malformed("a truth value is neither true nor false")
    return bool(value), position + WORD


BOOL: Codec[bool] = Codec("bool", WORD, False, _read_bool)


def enum(kind: type[E]) -> Codec[E]:
    """A Solidity enum; numbers outside ``kind`` are malformed."""
    members = {int(member): member for member in kind}

    def read_enum(data: bytes, position: int) -> tuple[E, int]:
        member = members.get(_word(data, position))
        if member is None:
            raise malformed(f"a number is no {kind.__name__}")
        return member, position + WORD

    return Codec("uint8", WORD, False, read_enum)


def _read_address(data: bytes, position: int) -> tuple[bytes, int]:
    if _word(data, position) >> 160:
        raise malformed("an address does not fit 20 bytes")
    return data[position + 12 : position + WORD], position + WORD


ADDRESS: Codec[bytes] = Codec("address", WORD, False, _read_address)


def _read_bytes32(data: bytes, position: int) -> tuple[bytes, int]:
    _word(data, position)
    return data[position : position + WORD], position + WORD


BYTES32: Codec[bytes] = Codec("bytes32", WORD, False, _read_bytes32)


def _text(raw: bytes) -> str:
    # A contract accepts any bytes as a string. Bytes that are not UTF-8 are shown escaped rather than
    # refused: otherwise one participant could make the whole chain unreadable.
    return raw.decode("utf-8", "backslashreplace")


def label(length: int) -> Codec[str]:
    """Text in ``bytes<length>``, padded with zeros on the right."""

    def read_label(data: bytes, position: int) -> tuple[str, int]:
        _word(data, position)
        word = data[position : position + WORD]
        if any(word[length:]):
            raise malformed(f"a label is longer than {length} bytes")
        return _text(word.rstrip(b"\0")), position + WORD

    return Codec(f"bytes{length}", WORD, False, read_label)


def _read_bytes(data: bytes, position: int) -> tuple[bytes, int]:
    length = _word(data, position)
    start = position + WORD
    if length > len(data) - start:
        raise malformed("a text is longer than the data")
    stop = start + length
    end = stop + -length % WORD
    if end > len(data) or any(data[stop:end]):
        raise malformed("a text is not padded with zeros")
    return data[start:stop], end


def _read_string(data: bytes, position: int) -> tuple[str, int]:
    raw, end = _read_bytes(data, position)
    return _text(raw), end


BYTES: Codec[bytes] = Codec("bytes", WORD, True, _read_bytes)
STRING: Codec[str] = Codec("string", WORD, True, _read_string)


def _read_all(codecs: Sequence[Codec[Any]], size: int, data: bytes, base: int) -> tuple[list[Any], int]:
    """Read values side by side; ``size`` is the length of their heads together."""
    tail = base + size
    if tail > len(data):
        raise malformed("it ends too early")
    position = base
    values = []
    for codec in codecs:
        if codec.dynamic:
            if base + _word(data, position) != tail:
                raise malformed("a value is not where it should be")
            value, tail = codec.read(data, tail)
            position += WORD
        else:
            value, position = codec.read(data, position)
        values.append(value)
    return values, tail


def struct(make: Callable[..., T], *fields: Codec[Any]) -> Codec[T]:
    """A Solidity struct, built by calling ``make`` with its members in order."""
    size = sum(field.size for field in fields)
    dynamic = any(field.dynamic for field in fields)

    def read_struct(data: bytes, position: int) -> tuple[T, int]:
        values, end = _read_all(fields, size, data, position)
        return make(*values), end

    name = f"({','.join(field.name for field in fields)})"
    return Codec(name, WORD if dynamic else size, dynamic, read_struct)


def array(item: Codec[T]) -> Codec[tuple[T, ...]]:
    """A Solidity dynamic array."""

    def read_array(data: bytes, position: int) -> tuple[tuple[T, ...], int]:
        length = _word(data, position)
        start = position + WORD
        if length > (len(data) - start) // item.size:
            raise malformed("a list is longer than the data")
        values, end = _read_all((item,) * length, item.size * length, data, start)
        return tuple(values), end

    return Codec(f"{item.name}[]", WORD, True, read_array)


def _read_substances(data: bytes, position: int) -> tuple[dict[int, int], int]:
    length = _word(data, position)
    start = position + WORD
    end = start + 2 * WORD * length
    if end > len(data):
        raise malformed("a list is longer than the data")
    masses = {}
    for place in range(start, end, 2 * WORD):
        substance = int.from_bytes(data[place : place + WORD], "big")
        mass = int.from_bytes(data[place + WORD : place + 2 * WORD], "big")
        if substance >> 16 or mass >> 64 or substance in masses:
            raise malformed("a list of substances is not one")
        masses[substance] = mass
    return masses, end


SUBSTANCES: Codec[dict[int, int]] = Codec("(uint16,uint64)[]", WORD, True, _read_substances)
"""``SubstanceMass[]`` as mg by substance number; a substance that is listed twice is malformed."""


def values(codecs: Sequence[Codec[Any]], data: bytes) -> list[Any]:
    """Decode ``data`` as those values side by side (the inverse of Solidity's ``abi.encode``).

    Raises:
        VerificationError: the data is not their canonical encoding.
    """
    found, end = _read_all(codecs, sum(codec.size for codec in codecs), data, 0)
    if end != len(data):
        raise malformed("something follows its last value")
    return found


def read(codec: Codec[T], data: bytes) -> T:
    """Decode ``data`` as that one value.

    Raises:
        VerificationError: the data is not its canonical encoding.
    """
    value: T = values((codec,), data)[0]
    return value
