"""Hexadecimal text, written and read: bytes, addresses, ids, and the numbers of Ethereum's JSON-RPC API.

Example:
    >>> from traceledger.model.hexadecimal import hexed, number, quantity, unhexed
    >>> hexed(b"AB"), unhexed("0x4142"), quantity(10), number("0xa")
    ('0x4142', b'AB', '0xa', 10)
"""

from __future__ import annotations

import re

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_ID = re.compile("0x[0-9a-fA-F]{64}")


def hexed(value: bytes) -> str:
    """Bytes, such as an address or a hash, as ``0x`` and lower-case digits."""
    return "0x" + value.hex()


def id_text(number: int) -> str:
    """An id as ``0x`` and 64 digits.

    Example:
        >>> id_text(255)[-4:]
        '00ff'
    """
    return f"0x{number:064x}"


def parsed_id(text: str) -> int | None:
    """The id that is written as ``0x`` and 64 digits; ``None`` where the text is no id."""
    return int(text, 16) if _ID.fullmatch(text) else None


def parsed_address(text: str) -> bytes | None:
    """The address that is written as ``0x`` and 40 digits; ``None`` where the text is no address."""
    return bytes.fromhex(text[2:]) if _ADDRESS.fullmatch(text) else None


def parsed_hash(text: str) -> bytes | None:
    """The 32 bytes that are written as ``0x`` and 64 digits; ``None`` where the text is no hash."""
    return bytes.fromhex(text[2:]) if _ID.fullmatch(text) else None


def unhexed(value: str | None) -> bytes:
    """The bytes that are written as ``0x`` and digits; none for ``None``.

    Raises:
        ValueError: it is not hexadecimal.
    """
    if value is None:
        return b""
    if value[:2] != "0x":
        raise ValueError(f"{value[:20]!r} does not begin with 0x")
    return bytes.fromhex(value[2:])


def digits(text: str, size: int | None = None) -> bytes:
    """The bytes of hexadecimal digits, with or without ``0x`` before them.

    Args:
        text: what people or other programs wrote.
        size: how many bytes it must be.

    Raises:
        ValueError: it is not hexadecimal, or of another size.
    """
    found = bytes.fromhex(text.removeprefix("0x"))
    if size not in (None, len(found)):
        raise ValueError(f"{len(found)} bytes, not {size}")
    return found


def quantity(value: int) -> str:
    """An integer as the JSON-RPC API writes it: ``0x`` and no leading zeros."""
    return hex(value)


def number(value: str) -> int:
    """The integer that the JSON-RPC API wrote.

    Raises:
        ValueError: it is not hexadecimal.
    """
    if value[:2] != "0x":
        raise ValueError(f"{value[:20]!r} does not begin with 0x")
    return int(value, 16)


def minimal(value: str) -> bytes:
    """The bytes of a quantity as RLP takes them: big-endian, without leading zeros."""
    found = number(value)
    return found.to_bytes((found.bit_length() + 7) // 8, "big")
