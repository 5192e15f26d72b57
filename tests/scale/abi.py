"""Encodes what contracts take and say, from types as Solidity writes them. Each type is read once.

A chain of a million events would take eth_abi an hour; ``tests/scale/test_scale.py`` compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from eth_hash.auto import keccak

Encode = Callable[[Any], bytes]


def word(value: int) -> bytes:
    """A number, not negative, or a flag."""
    return value.to_bytes(32, "big")


def address(value: bytes) -> bytes:
    return value.rjust(32, b"\0")


def fixed(value: bytes) -> bytes:
    """``bytesN``."""
    return value.ljust(32, b"\0")


def signed(value: int) -> bytes:
    return value.to_bytes(32, "big", signed=True)


def text(value: str | bytes) -> bytes:
    """``string`` or ``bytes``."""
    raw = value.encode() if isinstance(value, str) else value
    return word(len(raw)) + raw + bytes(-len(raw) % 32)


def parts(kind: str) -> list[str]:
    """The types that a tuple is of: ``(uint256,(uint8,string)[])``."""
    found, depth, start = [], 0, 1
    for place, letter in enumerate(kind):
        depth += (letter == "(") - (letter == ")")
        if (letter == "," and depth == 1) or (depth == 0 and place > start):
            found.append(kind[start:place])
            start = place + 1
    return found


@cache
def codec(kind: str) -> tuple[int, Encode]:
    """How many words a value has where it stands (0: it stands elsewhere), and what writes it."""
    if kind.endswith("[]"):
        return 0, _list(kind[:-2])
    if kind.startswith("("):
        return _tuple([codec(part) for part in parts(kind)])
    if kind in ("string", "bytes"):
        return 0, text
    for beginning, encode in (("uint", word), ("bool", word), ("int", signed), ("address", address)):
        if kind.startswith(beginning):
            return 1, encode
    return 1, fixed


def _tuple(codecs: list[tuple[int, Encode]]) -> tuple[int, Encode]:
    if all(size for size, _ in codecs):
        encoders = [encode for _, encode in codecs]
        size = sum(size for size, _ in codecs)
        return size, lambda values: b"".join([e(v) for e, v in zip(encoders, values, strict=True)])
    return 0, lambda values: _apart(codecs, values)


def _list(kind: str) -> Encode:
    size, encode = one = codec(kind)
    if size:
        return lambda values: word(len(values)) + b"".join(map(encode, values))
    return lambda values: word(len(values)) + _apart([one] * len(values), values)


def _apart(codecs: Sequence[tuple[int, Encode]], values: Sequence[Any]) -> bytes:
    """Values one after the other, those of no fixed length behind them."""
    behind = 32 * sum([size or 1 for size, _ in codecs])
    heads, tails = [], []
    for (size, encode), value in zip(codecs, values, strict=True):
        encoded = encode(value)
        if size:
            heads.append(encoded)
        else:
            heads.append(word(behind))
            tails.append(encoded)
            behind += len(encoded)
    return b"".join(heads + tails)


class Event:
    """An event: its parameters' types, those with a leading ``@`` indexed."""

    def __init__(self, name: str, kinds: Sequence[str]) -> None:
        plain = [kind.removeprefix("@") for kind in kinds]
        self.topic = bytes(keccak(f"{name}({','.join(plain)})".encode()))
        self._indexed = [codec(kind[1:])[1] for kind in kinds if kind.startswith("@")]
        # The data of an event is a list of arguments, not a tuple: nothing stands before it.
        self._data = [codec(kind) for kind in kinds if not kind.startswith("@")]

    def encode(self, indexed: Sequence[Any], data: Sequence[Any]) -> tuple[tuple[bytes, ...], bytes]:
        """Its topics and data."""
        topics = [encode(value) for encode, value in zip(self._indexed, indexed, strict=True)]
        return (self.topic, *topics), _apart(self._data, data)


class Function:
    """A function of a contract: ``mint((string,uint256))``."""

    def __init__(self, signature: str) -> None:
        self._selector = bytes(keccak(signature.encode())[:4])
        self._codecs = [codec(part) for part in parts(signature[signature.index("(") :])]

    def encode(self, *arguments: Any) -> bytes:
        """What is sent to call it."""
        return self._selector + _apart(self._codecs, arguments)
