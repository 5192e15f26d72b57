"""Parse the parameters of JSON-RPC requests, and the errors that answer bad ones."""

from __future__ import annotations

import re
from typing import Any

from traceledger.chain.embedded.limits import FEE_PERCENTILES, FILTER_CHOICES
from traceledger.model.hexadecimal import unhexed

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
REFUSED = -32000
LIMIT_EXCEEDED = -32005
"""EIP-1474's code for what is more than one request may ask."""

REVERTED = 3

_LAST_BLOCK = 2**63 - 1
_QUANTITY = re.compile(r"0x(?:0|[1-9a-fA-F][0-9a-fA-F]{0,63})")
_SLOT = re.compile(r"0x[0-9a-fA-F]{0,64}")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]*")
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
    # bytes.fromhex would take spaces.
    if not _DATA.fullmatch(value):
        odd = _HEXADECIMAL.fullmatch(value)
        raise invalid(f"{name} has an odd number of digits" if odd else f"{name} is not hexadecimal")
    found = unhexed(value)
    if size is not None and len(found) != size:
        raise invalid(f"{name} must have {size} bytes, not {len(found)}")
    return found


def quantity(value: Any, name: str) -> int:
    """An integer written as ``0x…``, without leading zeros (execution-apis: ``uint256``)."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise invalid(f"{name} must be a 0x quantity of at most 256 bits, without leading zeros")
    return int(value, 16)


def slot(value: Any, name: str) -> int:
    """A storage slot written as ``0x…`` with up to 64 digits (execution-apis: ``bytesMax32``)."""
    if not isinstance(value, str) or not _SLOT.fullmatch(value):
        raise invalid(f"{name} must be 0x and at most 64 hexadecimal digits")
    return int(value[2:] or "0", 16)


def block_tag(value: Any) -> int | str | bytes:
    """A block: its number, ``"latest"``, or its 32-byte hash (EIP-1898)."""
    if value is None or (isinstance(value, str) and value in _LATEST):
        return "latest"
    if value == "earliest":
        return 0
    if isinstance(value, dict):
        if "blockHash" in value:
            return data(value["blockHash"], "blockHash", 32)
        if "blockNumber" not in value:
            raise invalid("a block is named by blockNumber or blockHash")
        return block_tag(value["blockNumber"])
    return min(quantity(value, "block"), _LAST_BLOCK)


def fees(message: dict[str, Any]) -> None:
    """Check what a call says of money, of which there is none here (EIP-1559, and as geth refuses it)."""
    named = ("gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value")
    offered = {name: quantity(message[name], name) for name in named if message.get(name) is not None}
    if "gasPrice" in offered and len(offered.keys() & {"maxFeePerGas", "maxPriorityFeePerGas"}):
        raise invalid("both gasPrice and maxFeePerGas or maxPriorityFeePerGas are given")
    highest, priority = (offered.get(name) for name in ("maxFeePerGas", "maxPriorityFeePerGas"))
    if highest is not None and priority is not None and priority > highest:
        raise invalid(f"maxPriorityFeePerGas ({priority}) is above maxFeePerGas ({highest})")
    if offered.get("value"):
        raise ApiError(REFUSED, "insufficient funds for value: this chain has no money")


def percentiles(value: Any) -> list[float]:
    """The percentiles of ``eth_feeHistory``: numbers from 0 to 100 that ascend."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > FEE_PERCENTILES:
        raise invalid(f"the percentiles must be a list of at most {FEE_PERCENTILES}")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
        raise invalid("a percentile is a number")
    if value != sorted(value) or (value and not 0 <= value[0] <= value[-1] <= 100):
        raise invalid("percentiles ascend from 0 to 100")
    return value


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
    if len(found) > FILTER_CHOICES:
        raise invalid(f"a filter names at most {FILTER_CHOICES} choices of {name}")
    return tuple(data(item, name, size) for item in found)
