"""The hexadecimal forms of Ethereum's JSON-RPC API.

Example:
    >>> from traceledger.model.hexadecimal import hexed, number, quantity, unhexed
    >>> hexed(b"AB"), unhexed("0x4142"), quantity(10), number("0xa")
    ('0x4142', b'AB', '0xa', 10)
"""

from __future__ import annotations


def hexed(value: bytes) -> str:
    """Bytes as the API writes them."""
    return "0x" + value.hex()


def unhexed(value: str | None) -> bytes:
    """The bytes that the API wrote; none for ``None``.

    Raises:
        ValueError: it is not hexadecimal.
    """
    if value is None:
        return b""
    if value[:2] != "0x":
        raise ValueError(f"{value[:20]!r} does not begin with 0x")
    return bytes.fromhex(value[2:])


def quantity(value: int) -> str:
    """An integer as the API writes it: ``0x`` and no leading zeros."""
    return hex(value)


def number(value: str) -> int:
    """The integer that the API wrote.

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
