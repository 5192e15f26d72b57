"""Parse the parameters of JSON-RPC requests, and the errors that answer bad ones."""

from __future__ import annotations

from typing import Any

from traceledger.model.hexadecimal import unhexed

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
REFUSED = -32000
REVERTED = 3

_LAST_BLOCK = 2**63 - 1
_MOST_CHOICES = 1000
_LATEST = {"latest", "pending", "safe", "finalized"}


class ApiError(Exception):
    """Becomes the error object of an answer: JSON-RPC ``code``, ``message``, and ``data`` in hex."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> dict[str, Any]:
        """The error object."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.data is None else body | {"data": self.data}


def invalid(message: str) -> ApiError:
    """The error for a parameter that cannot be understood."""
    return ApiError(INVALID_PARAMS, message)


def argument(params: list[Any], index: int, name: str) -> Any:
    """The parameter at ``index``, which must be there."""
    if len(params) <= index or params[index] is None:
        raise invalid(f"missing parameter {index}: {name}")
    return params[index]


def data(value: Any, name: str, size: int | None = None) -> bytes:
    """Bytes written as ``0x…``; exactly ``size`` of them if given."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise invalid(f"{name} must be a 0x string")
    try:
        found = unhexed(value)
    except ValueError:
        raise invalid(f"{name} is not hexadecimal") from None
    if size is not None and len(found) != size:
        raise invalid(f"{name} must have {size} bytes, not {len(found)}")
    return found


def quantity(value: Any, name: str) -> int:
    """An integer written as ``0x…``."""
    if not isinstance(value, str) or not value.startswith("0x") or len(value) > 66:
        raise invalid(f"{name} must be a 0x quantity of at most 256 bits")
    try:
        return int(value[2:], 16)
    except ValueError:
        raise invalid(f"{name} is not hexadecimal") from None


def block_tag(value: Any) -> int | str | bytes:
    """A block: its number, ``"latest"``, or its 32-byte hash (EIP-1898)."""
    if value is None or (isinstance(value, str) and value in _LATEST):
        return "latest"
    if value == "earliest":
        return 0
    if isinstance(value, dict):
        if "blockHash" in value:
            return data(value["blockHash"], "blockHash", 32)
        return block_tag(value.get("blockNumber"))
    return min(quantity(value, "block"), _LAST_BLOCK)


def topics(value: Any) -> tuple[tuple[bytes, ...], ...]:
    """The topic filter of ``eth_getLogs``: one entry a position, each null, a topic or a list."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 4:
        raise invalid("topics must be a list of at most 4")
    return tuple(() if entry is None else _one_or_more(entry, "topic", 32) for entry in value)


def addresses(value: Any) -> tuple[bytes, ...]:
    """The address filter of ``eth_getLogs``: null, an address or a list."""
    return () if value is None else _one_or_more(value, "address", 20)


def _one_or_more(value: Any, name: str, size: int) -> tuple[bytes, ...]:
    found = value if isinstance(value, list) else [value]
    if len(found) > _MOST_CHOICES:
        raise invalid(f"a filter names at most {_MOST_CHOICES} choices of {name}")
    return tuple(data(item, name, size) for item in found)
