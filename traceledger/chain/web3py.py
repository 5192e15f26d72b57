"""web3.py over a chain of ours, for programs that want to read what this library does not show.

Requests go the way that the library's own go: on an rpc network to its endpoints, with failover; on an
embedded one straight to the file, with no server. It reads only: what is sent belongs into the outbox, so
that it happens once. Importing web3 takes about a second, so that happens in :func:`web3_over`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from traceledger.errors import InputError

if TYPE_CHECKING:
    from web3 import Web3
    from web3.types import RPCEndpoint, RPCResponse

    from traceledger.chain.base import Chain

Answer = Callable[[str, Sequence[Any]], Any]
"""Gives the result of a method with parameters, in JSON-RPC's forms."""

_CHANGING = ("eth_send", "eth_sign", "personal_", "miner_", "admin_", "evm_", "anvil_", "hardhat_")
_REFUSED = -32000


def web3_over(chain: Chain) -> Web3:
    """A :class:`web3.Web3` that reads this chain, whatever its consensus puts into ``extraData``.

    Raises:
        InputError: it is neither an embedded chain nor one behind JSON-RPC.
    """
    from web3 import Web3
    from web3.middleware import ExtraDataToPOAMiddleware
    from web3.providers import JSONBaseProvider

    answer = _answer_of(chain)

    class ReadingProvider(JSONBaseProvider):
        """Hands web3.py's requests to the chain."""

        def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
            return cast("RPCResponse", {"jsonrpc": "2.0", "id": 1, **_outcome(answer, method, params)})

        def is_connected(self, show_traceback: bool = False) -> bool:
            return True

    web3 = Web3(ReadingProvider())
    # web3.py refuses extra data of more than 32 bytes, which every sealed block has.
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return web3


def _outcome(answer: Answer, method: str, params: Sequence[Any]) -> dict[str, Any]:
    """Result or error of one request, as a JSON-RPC answer has it."""
    from traceledger.chain.node.params import ApiError
    from traceledger.chain.rpc.transport import RpcError

    if method.startswith(_CHANGING):
        message = "this connection only reads; record operations through the client"
        return {"error": {"code": _REFUSED, "message": message}}
    try:
        return {"result": answer(method, params)}
    except (ApiError, RpcError) as error:
        return {"error": error.as_json()}


def _answer_of(chain: Chain) -> Answer:
    from traceledger.chain.rpc.chain import RpcChain

    if isinstance(chain, RpcChain):
        return chain.ask
    from traceledger.chain.embedded import EmbeddedChain
    from traceledger.chain.node.methods import ReadMethods

    if isinstance(chain, EmbeddedChain):
        methods = ReadMethods(chain)
        return lambda method, params: methods.answer(method, list(params))
    raise InputError("web3.py reads embedded chains and rpc networks only")
