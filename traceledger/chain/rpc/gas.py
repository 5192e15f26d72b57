"""What a call would need of gas, as a node says; nodes word it differently where a block has not as much."""

from __future__ import annotations

from traceledger.chain.base import Call, CallRevertedError
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.model.hexadecimal import hexed, number, quantity

TOO_MUCH = 2**64
"""More than any block has."""

_TOO_MUCH = (
    "gas required exceeds",
    "out of gas",
    "outofgas",
    "insufficient_gas",
    "intrinsic gas",
    "gas limit",
)


def gas_needed(rpc: JsonRpc, call: Call) -> int | None:
    """The gas of a call on the newest state, by ``eth_estimateGas`` with at most that of the call.

    Returns:
        The gas; :data:`TOO_MUCH` where the call's does not suffice; ``None`` where the node cannot tell.

    Raises:
        CallRevertedError: the contracts refuse the call.
    """
    message = {"from": hexed(call.sender), "data": hexed(call.data), "gas": quantity(call.gas)}
    if call.to:  # else it creates a contract
        message["to"] = hexed(call.to)
    try:
        return number(rpc.read("eth_estimateGas", message))
    except RpcError as error:
        # Our contracts revert with an error each: what reverts without one ran out of gas within a call.
        if any(mark in error.message.lower() for mark in _TOO_MUCH) or (error.reverted and not error.data):
            return TOO_MUCH
        if error.reverted:
            raise CallRevertedError(error.data) from error
        return None
