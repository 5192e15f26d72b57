"""Keccak-256 and the RLP of nested lists of bytes, quick enough to check every block that is read.

``rlp`` infers types and keeps copies, and eth-hash by itself takes the slowest library it finds; both give
the same, several times slower.

Example:
    >>> from traceledger.chain.rlp import encode
    >>> encode([b"cat", [], b"a"]).hex()
    'c683636174c061'
    >>> decode(bytes.fromhex("c683636174c061"))
    [b'cat', [], b'a']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Item: TypeAlias = "bytes | Sequence[Item]"
"""What RLP encodes: bytes, or a list of such."""

_SHORT = 56
_BYTES, _LIST = 0x80, 0xC0
_HASHED = _BYTES + 32
_LONG_BYTES, _LONG_LIST = 0xB7, 0xF7
_DEEPEST = 32  # access lists, logs and branches embedded in trie nodes nest a handful deep
_BYTE = [bytes((number,)) for number in range(256)]


def encode(item: Item) -> bytes:
    """The RLP of bytes or of a list."""
    if isinstance(item, bytes):
        return _text(item)
    # Bytes are by far the most items: no call for each is worth the repetition.
    body = b"".join([_text(part) if isinstance(part, bytes) else encode(part) for part in item])
    return _head(_LIST, len(body)) + body


def integer(value: int) -> bytes:
    """An integer as RLP takes it: big-endian, without leading zeros."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def encoded_list(items: bytes) -> bytes:
    """The RLP of a list whose items are encoded already, one behind the other."""
    return _head(_LIST, len(items)) + items


def size_of(item: bytes) -> int:
    """How long the RLP of some bytes is."""
    size = len(item)
    if size < _SHORT:
        return size if size == 1 and item[0] < _BYTES else size + 1
    return size + 1 + (size.bit_length() + 7) // 8


def _text(item: bytes) -> bytes:
    size = len(item)
    if size == 1 and item[0] < _BYTES:
        return item
    return (_BYTE[_BYTES + size] if size < _SHORT else _head(_BYTES, size)) + item


def _head(kind: int, size: int) -> bytes:
    if size < _SHORT:
        return _BYTE[kind + size]
    length = integer(size)
    return bytes((kind + _SHORT - 1 + len(length),)) + length


def decode(data: bytes) -> Any:
    """What RLP encodes: bytes, or nested lists of such. Only the one canonical encoding is accepted.

    Raises:
        ValueError: it is not RLP, is not canonical, or nests deeper than any header, receipt or trie node.
    """
    size = len(data)
    # A text of 2 to 55 bytes: what most values of a state's tries are.
    if 2 < size <= _SHORT and data[0] == _BYTES + size - 1:
        return data[1:]
    # A list, whose items are read without a list of its own around it.
    if size > 1 and data[0] >= _LIST:
        start, stop = _place(data, 0, size)
        if stop == size:
            return _items(data, start, stop, _DEEPEST - 1)
    items = _items(data, 0, size, _DEEPEST)
    if len(items) != 1:
        raise ValueError("not one RLP item")
    return items[0]


def _items(data: bytes, at: int, end: int, depth: int) -> list[Any]:
    """The items that stand side by side from ``at`` to ``end``."""
    if not depth:
        raise ValueError("RLP nests too deeply")
    items: list[Any] = []
    while at < end:
        first = data[at]
        # Hashes, and nothing, are most of what tries hold.
        if first == _HASHED:
            start, stop = at + 1, at + 33
        elif first == _BYTES:
            items.append(b"")
            at += 1
            continue
        elif first < _BYTES:
            items.append(data[at : at + 1])
            at += 1
            continue
        else:
            start, stop = _place(data, at, end)
        if stop > end:
            raise ValueError("RLP ends too early")
        if first >= _LIST:
            items.append(_items(data, start, stop, depth - 1))
        elif first == _BYTES + 1 and data[start] < _BYTES:
            raise ValueError("RLP is not canonical")
        else:
            items.append(data[start:stop])
        at = stop
    return items


def _place(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of an item of more than one byte begins and ends."""
    first = data[at]
    if first <= _LONG_BYTES:
        return at + 1, at + 1 + first - _BYTES
    if first < _LIST:
        return _long(data, at, first - _LONG_BYTES, end)
    if first <= _LONG_LIST:
        return at + 1, at + 1 + first - _LIST
    return _long(data, at, first - _LONG_LIST, end)


def _long(data: bytes, at: int, size: int, end: int) -> tuple[int, int]:
    """Where an item begins and ends whose length stands in the ``size`` bytes after its first."""
    start = at + 1 + size
    if start > end:
        raise ValueError("RLP ends too early")
    length = int.from_bytes(data[at + 1 : start], "big")
    # One encoding only: a length that would fit in the first byte, or with leading zeros, is refused.
    if length < _SHORT or not data[at + 1]:
        raise ValueError("RLP is not canonical")
    return start, start + length
