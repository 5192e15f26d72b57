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

import struct as binary
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)

WORD = 32
_KNOWN = 1_024
_PAIR = "30xH24xQ"


@frozen
class Codec(Generic[T]):
    """How one ABI type is read.

    Attributes:
        name: the type as it stands in an event's signature, for instance ``(uint16,uint64)[]``.
        layout: what stands in place, as module ``struct`` writes one item; ``x`` is what must be zero. Of a
            dynamic type that is the offset of its tail.
        convert: makes the value of that item; ``None``: the item is the value.
        follow: of a dynamic type, takes the data and the position of the tail; returns the value and the
            position after it.
    """

    name: str
    layout: str
    convert: Callable[[Any], T] | None = None
    follow: Callable[[bytes, int], tuple[T, int]] | None = None

    @property
    def size(self) -> int:
        """Bytes that the value takes in place; one word for the offset of a dynamic one."""
        return binary.calcsize(f">{self.layout}")


def malformed(what: str) -> VerificationError:
    """The error for data that no contract can have written."""
    return VerificationError(f"malformed event data: {what}", hint="the log is damaged or forged")


def _number(data: bytes, position: int) -> int:
    """A length or an offset, which is no more than a log's bytes can be."""
    if position + WORD > len(data):
        raise malformed("it ends too early")
    first, second, third, number = _QUARTERS.unpack_from(data, position)
    if first or second or third:
        raise malformed("a length or an offset is larger than the data")
    return int(number)


# Companies, sites and materials are named over and over: one value of each is enough.
@lru_cache(maxsize=_KNOWN)
def _integer(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


@lru_cache(maxsize=_KNOWN)
def _same(raw: bytes) -> bytes:
    return raw


_QUARTERS = binary.Struct(">4Q")
_OFFSET = "24xQ"
_NUMBERS = {8: "31xB", 16: "30xH", 32: "28xI", 64: "24xQ"}


def uint(bits: int) -> Codec[int]:
    """An unsigned integer of that many bits."""
    if bits in _NUMBERS:
        return Codec(f"uint{bits}", _NUMBERS[bits])
    size = bits // 8
    return Codec(f"uint{bits}", f"{WORD - size}x{size}s", _integer)


def signed(bits: int) -> Codec[int]:
    """A signed integer of that many bits, in two's complement over the whole word."""
    limit = 1 << (bits - 1)

    def to_signed(word: bytes) -> int:
        value = int.from_bytes(word, "big", signed=True)
        if not -limit <= value < limit:
            raise malformed(f"a number does not fit {bits} bits")
        return value

    return Codec(f"int{bits}", f"{WORD}s", to_signed)


BOOL: Codec[bool] = Codec("bool", "31x?")


def enum(kind: type[E]) -> Codec[E]:
    """A Solidity enum; numbers outside ``kind`` are malformed."""
    members = {int(member): member for member in kind}

    def to_member(number: int) -> E:
        member = members.get(number)
        if member is None:
            raise malformed(f"a number is no {kind.__name__}")
        return member

    return Codec("uint8", _NUMBERS[8], to_member)


ADDRESS: Codec[bytes] = Codec("address", "12x20s", _same)
BYTES32: Codec[bytes] = Codec("bytes32", "32s")


def _text(raw: bytes) -> str:
    # A contract accepts any bytes as a string. Bytes that are not UTF-8 are shown escaped rather than
    # refused: otherwise one participant could make the whole chain unreadable.
    return raw.decode("utf-8", "backslashreplace")


def label(length: int) -> Codec[str]:
    """Text in ``bytes<length>``, padded with zeros on the right."""
    return Codec(f"bytes{length}", f"{length}s{WORD - length}x", lambda raw: _text(raw.rstrip(b"\0")))


def _read_bytes(data: bytes, position: int) -> tuple[bytes, int]:
    length = _number(data, position)
    start = position + WORD
    if length > len(data) - start:
        raise malformed("a text is longer than the data")
    stop = start + length
    end = stop + -length % WORD
    if end > len(data) or data[stop:end].strip(b"\0"):
        raise malformed("a text is not padded with zeros")
    return data[start:stop], end


def _read_string(data: bytes, position: int) -> tuple[str, int]:
    raw, end = _read_bytes(data, position)
    return _text(raw), end


BYTES: Codec[bytes] = Codec("bytes", _OFFSET, follow=_read_bytes)
STRING: Codec[str] = Codec("string", _OFFSET, follow=_read_string)


def reading(codecs: Sequence[Codec[Any]]) -> Callable[[bytes, int], tuple[list[Any], int]]:
    """What reads values side by side, from a position on; it returns them and the position after them.

    All that stands in place is read at once, by module ``struct``, which skips what must be zero. That it is
    zero, and each number in its range, shows when the same items are written again: they give the same bytes.
    """
    layout = binary.Struct(f">{''.join(codec.layout for codec in codecs)}")
    converted = [(place, codec.convert) for place, codec in enumerate(codecs) if codec.convert]
    following = [(place, codec.follow) for place, codec in enumerate(codecs) if codec.follow]
    size, unpack, pack = layout.size, layout.unpack_from, layout.pack

    def read_all(data: bytes, base: int) -> tuple[list[Any], int]:
        end = base + size
        if end > len(data):
            raise malformed("it ends too early")
        values = list(unpack(data, base))
        if pack(*values) != data[base:end]:
            raise malformed("a value does not fit its type")
        for place, convert in converted:
            values[place] = convert(values[place])
        for place, follow in following:
            if values[place] != end - base:
                raise malformed("a value is not where it should be")
            values[place], end = follow(data, end)
        return values, end

    return read_all


def struct(make: Callable[..., T], *fields: Codec[Any]) -> Codec[T]:
    """A Solidity struct, built by calling ``make`` with its members in order."""
    name = f"({','.join(field.name for field in fields)})"
    read_all = reading(fields)

    def follow_struct(data: bytes, position: int) -> tuple[T, int]:
        values, end = read_all(data, position)
        return make(*values), end

    if any(field.follow for field in fields):
        return Codec(name, _OFFSET, follow=follow_struct)
    return Codec(name, f"{sum(field.size for field in fields)}s", lambda raw: follow_struct(raw, 0)[0])


def array(item: Codec[T]) -> Codec[tuple[T, ...]]:
    """A Solidity dynamic array."""
    size, read_one, follow = item.size, reading((item,)), item.follow

    def follow_array(data: bytes, position: int) -> tuple[tuple[T, ...], int]:
        length = _number(data, position)
        start = position + WORD
        if length > (len(data) - start) // size:
            raise malformed("a list is longer than the data")
        places, end = range(start, start + length * size, size), start + length * size
        if follow is None:
            return tuple(read_one(data, place)[0][0] for place in places), end
        values = []
        for place in places:
            if start + _number(data, place) != end:
                raise malformed("a value is not where it should be")
            value, end = follow(data, end)
            values.append(value)
        return tuple(values), end

    return Codec(f"{item.name}[]", _OFFSET, follow=follow_array)


@lru_cache(maxsize=32)
def _pairs(count: int) -> binary.Struct:
    return binary.Struct(f">{_PAIR * count}")


def _read_substances(data: bytes, position: int) -> tuple[dict[int, int], int]:
    length = _number(data, position)
    start = position + WORD
    end = start + 2 * WORD * length
    if end > len(data):
        raise malformed("a list is longer than the data")
    layout = _pairs(length)
    items = layout.unpack_from(data, start)
    masses = dict(zip(items[::2], items[1::2], strict=True))
    if len(masses) != length or layout.pack(*items) != data[start:end]:
        raise malformed("a list of substances is not one")
    return masses, end


SUBSTANCES: Codec[dict[int, int]] = Codec("(uint16,uint64)[]", _OFFSET, follow=_read_substances)
"""``SubstanceMass[]`` as mg by substance number; a substance that is listed twice is malformed."""


def values(codecs: Sequence[Codec[Any]], data: bytes) -> list[Any]:
    """Decode ``data`` as those values side by side (the inverse of Solidity's ``abi.encode``).

    Raises:
        VerificationError: the data is not their canonical encoding.
    """
    found, end = reading(codecs)(data, 0)
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
