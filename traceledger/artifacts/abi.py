"""Encoding after the contract ABI, compiled once for each list of types: a tenth of what eth_abi takes.

What a compiled encoder does not take, in kind or range, is left to eth_abi, which says what is wrong with it.

Example:
    >>> encoder(("uint16", "string"))((7, "ore")).hex()[:64].lstrip("0")
    '7'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

_Encode = Callable[[Any], bytes]
_WORD = 32
_PARTS = re.compile(r"(.*)\[(\d*)\]")


class _Kind(NamedTuple):
    """How values of a type are encoded; ``size`` is how many bytes they take, ``None`` where that differs."""

    encode: _Encode
    size: int | None


@cache
def encoder(types: tuple[str, ...]) -> Callable[[Sequence[object]], bytes]:
    """What encodes arguments of these types; structs are tuples, addresses 20 bytes.

    It raises what eth_abi does, where an argument does not fit its type.
    """
    try:
        fast = _tuple(tuple(map(_kind, types))).encode
    except KeyError:
        fast = _none

    def encode(arguments: Sequence[object]) -> bytes:
        try:
            return fast(arguments)
        except (TypeError, ValueError, AttributeError):
            from eth_abi.abi import encode as encode_abi

            return encode_abi(types, arguments)

    return encode


def _none(_: Any) -> bytes:
    raise TypeError("a type that is not compiled")


def _kind(name: str) -> _Kind:
    if found := _PARTS.fullmatch(name):
        item = _kind(found[1])
        return _tuple((item,) * int(found[2])) if found[2] else _Kind(_listed(item), None)
    if name.startswith("("):
        return _tuple(tuple(map(_kind, _members(name[1:-1]))))
    if name in ("bytes", "string"):
        return _Kind(_octets if name == "bytes" else _text, None)
    return _Kind(_word(name), _WORD)


def _word(name: str) -> _Encode:
    """How values of a type that takes one word are encoded (``KeyError``: it is none)."""
    kind = name.rstrip("0123456789")
    size = int(name[len(kind) :] or 256)
    match kind:
        case "uint":
            return _unsigned(size)
        case "int":
            return _signed(size)
        case "bytes":
            return _fixed(size, left=False)
        case "address":
            return _fixed(20, left=True)
        case "bool":
            return _flag
        case _:
            raise KeyError(name)


def _members(names: str) -> list[str]:
    """The types in a tuple's, which may be tuples themselves."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(names):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append(names[start:at])
            start = at + 1
    return [*found, names[start:]] if names else found


def _unsigned(bits: int) -> _Encode:
    def encode(value: Any) -> bytes:
        if type(value) is not int or value >> bits:
            raise ValueError(value)
        return value.to_bytes(_WORD, "big")

    return encode


def _signed(bits: int) -> _Encode:
    def encode(value: Any) -> bytes:
        if type(value) is not int or value >> (bits - 1) not in (0, -1):
            raise ValueError(value)
        return value.to_bytes(_WORD, "big", signed=True)

    return encode


def _fixed(length: int, *, left: bool) -> _Encode:
    """Of so many bytes; filled with zeros on the left, or on the right."""
    filling = bytes(_WORD - length)

    def encode(value: Any) -> bytes:
        if type(value) is not bytes or len(value) != length:
            raise ValueError(value)
        return filling + value if left else value + filling

    return encode


def _flag(value: Any) -> bytes:
    if type(value) is not bool:
        raise ValueError(value)
    return value.to_bytes(_WORD, "big")


def _text(value: Any) -> bytes:
    return _octets(value.encode())


def _octets(value: Any) -> bytes:
    if type(value) is not bytes:
        raise ValueError(value)
    return len(value).to_bytes(_WORD, "big") + value + bytes(-len(value) % _WORD)


def _tuple(kinds: tuple[_Kind, ...]) -> _Kind:
    sizes = [kind.size for kind in kinds]
    whole = None if None in sizes else sum(size or 0 for size in sizes)
    return _Kind(lambda values: _joined(kinds, values), whole)


def _listed(item: _Kind) -> _Encode:
    def encode(values: Any) -> bytes:
        if not isinstance(values, list | tuple):
            raise ValueError(values)
        return len(values).to_bytes(_WORD, "big") + _joined((item,) * len(values), values)

    return encode


def _joined(kinds: Sequence[_Kind], values: Sequence[Any]) -> bytes:
    """Values one behind the other; of those whose sizes differ first where they stand."""
    heads, tails = [], []
    offset = sum(_WORD if kind.size is None else kind.size for kind in kinds)
    for kind, value in zip(kinds, values, strict=True):
        encoded = kind.encode(value)
        if kind.size is None:
            heads.append(offset.to_bytes(_WORD, "big"))
            tails.append(encoded)
            offset += len(encoded)
        else:
            heads.append(encoded)
    return b"".join(heads + tails)
