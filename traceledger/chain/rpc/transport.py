"""JSON-RPC with one node, over whatever carries it: requests, batches, their ids and limits, and errors.

Example:
    >>> from traceledger.chain.rpc.faults import EndpointError
    >>> from traceledger.chain.rpc.transport import JsonRpc
    >>> try:
    ...     JsonRpc("http://127.0.0.1:9", timeout=1).read("eth_chainId")
    ... except EndpointError as error:
    ...     print(error.what)
    the node cannot be reached
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import Any, Protocol

from traceledger.chain.base import CallRevertedError
from traceledger.chain.rpc.faults import WrongAnswerError
from traceledger.chain.rpc.http import HttpTransport
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import hexed, unhexed

REVERTED = 3
"""JSON-RPC error code of a reverted call (as geth, and most others, answer)."""

MOST_BYTES = 256 * 1024 * 1024
"""Largest answer that is read."""

TIMEOUT = 30.0
"""Seconds to wait for an answer, where nobody says otherwise."""

_METHOD_NOT_FOUND = -32601
_NO_SUCH_METHOD = (
    "method not found",
    "not supported",
    "does not exist",
    "not available",
    "unsupported method",
)
_TOO_MUCH_CODES = {413, -32005}
_TOO_MUCH = (
    "too large",
    "too many",
    "more than",
    "exceed",
    "limit",
    "block range",
    "smaller range",
    "timed out",
    "timeout",
)
"""Words with which nodes and providers refuse what is too much for one request."""

Request = tuple[str, Sequence[object]]
"""A method and its parameters."""


class RpcError(NetworkError):
    """The node answered with an error object.

    Args:
        code: JSON-RPC error code; of an HTTP error its status.
        message: the node's own words.
        data: the bytes of the error's ``data`` field; a revert's ABI-encoded error.
        where: the node's address.
    """

    def __init__(self, code: int, message: str, data: bytes = b"", *, where: str = "") -> None:
        super().__init__(f"the node refused: {message} (code {code})", where=where)
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> dict[str, Any]:
        """The error object of a JSON-RPC answer that says the same."""
        data = {"data": hexed(self.data)} if self.data else {}
        return {"code": self.code, "message": self.message, **data}

    @property
    def reverted(self) -> bool:
        """Whether a contract's revert is what went wrong."""
        return self.code == REVERTED or "revert" in self.message.lower()

    @property
    def unsupported(self) -> bool:
        """Whether the node does not offer the method."""
        words = self.message.lower()
        return self.code == _METHOD_NOT_FOUND or any(mark in words for mark in _NO_SUCH_METHOD)

    @property
    def too_much(self) -> bool:
        """Whether a smaller request may succeed."""
        words = self.message.lower()
        return self.code in _TOO_MUCH_CODES or any(mark in words for mark in _TOO_MUCH)


class Transport(Protocol):
    """What carries JSON documents to one node and back."""

    shown: str
    """The node's address as messages show it."""

    def exchange(self, body: bytes) -> Any:
        """Send one JSON document and decode the one that comes back; an ``EndpointError`` if that fails."""

    def close(self) -> None:
        """Close the connection."""


class JsonRpc:
    """One node's JSON-RPC endpoint. Every request is made once; what fails is for the caller to repeat.

    Args:
        node: ``http://`` or ``https://`` address of the node, or what carries documents to it.
        timeout: seconds to wait for one whole answer, at an address.
        most_bytes: largest answer to read, at an address.
    """

    def __init__(
        self, node: str | Transport, *, timeout: float = TIMEOUT, most_bytes: int = MOST_BYTES
    ) -> None:
        if isinstance(node, str):
            node = HttpTransport(node, timeout=timeout, most_bytes=most_bytes)
        self.url = node.shown
        self.offers_block_receipts = True
        """Whether ``eth_getBlockReceipts`` is worth trying; whoever finds it is not says so here."""
        self.block_receipts: dict[str, Any] = {}
        """Answers of that method by the blocks' hashes, until they are taken and proven."""
        self._transport = node
        self._ids = itertools.count(1)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def read(self, method: str, *params: object) -> Any:
        """The result of one method.

        Raises:
            RpcError: the node answered with an error.
            EndpointError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        return self.read_all([(method, params)])[0]

    def read_all(self, wanted: Sequence[Request]) -> list[Any]:
        """The results of several methods, asked for in one request.

        Raises:
            RpcError: the node answered one of them with an error.
            EndpointError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        answers = self.ask_all(wanted)
        for answer in answers:
            if isinstance(answer, RpcError):
                raise answer
        return answers

    def ask_all(self, wanted: Sequence[Request]) -> list[Any | RpcError]:
        """The results of several methods, asked for in one request, or the errors they met.

        Raises:
            RpcError: the node refused the request as a whole.
            EndpointError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        if not wanted:
            return []
        ids = [next(self._ids) for _ in wanted]
        body = [
            {"jsonrpc": "2.0", "id": ident, "method": method, "params": list(params)}
            for ident, (method, params) in zip(ids, wanted, strict=True)
        ]
        answers = self._transport.exchange(json.dumps(body, separators=(",", ":")).encode())
        self._check_whole(answers, len(wanted))
        return [self._outcome(answer) for answer in self._in_order(ids, answers)]

    def _check_whole(self, answers: Any, count: int) -> None:
        """That as many answers came as were asked for; one error instead refuses them all."""
        # geth refuses a batch that is too large with a list of one error, others with the error alone.
        refusal = answers[0] if isinstance(answers, list) and len(answers) == 1 < count else answers
        if isinstance(refusal, dict) and refusal.get("error"):
            raise _error(refusal["error"], self.url)
        if not isinstance(answers, list) or len(answers) != count:
            raise self._wrong("the answer does not match the request")

    def _in_order(self, ids: list[int], answers: list[Any]) -> list[Any]:
        """The answers of a batch in the order of its requests; nodes may give them in any."""
        by_id = {
            answer["id"]: answer
            for answer in answers
            if isinstance(answer, dict) and _is_id(answer.get("id"))
        }
        if set(by_id) != set(ids):
            raise self._wrong("the answers carry other ids than the requests")
        return [by_id[ident] for ident in ids]

    def _outcome(self, answer: dict[str, Any]) -> Any | RpcError:
        """The result in one JSON-RPC answer, or the error that it is."""
        error = answer.get("error")
        if error is not None:
            return _error(error, self.url)
        if "result" not in answer:
            raise self._wrong("the answer is not JSON-RPC")
        return answer["result"]

    def _wrong(self, what: str) -> WrongAnswerError:
        return WrongAnswerError(what, where=self.url, hint="check the address")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # True == 1 would be the id of a request


def _error(error: Any, url: str) -> RpcError:
    """The error in an error object."""
    if not isinstance(error, dict):
        return RpcError(0, str(error)[:200], where=url)
    code = error.get("code", 0)
    message = str(error.get("message", "no message"))
    return RpcError(code if _is_id(code) else 0, message, _error_data(error), where=url)


def _error_data(error: dict[str, Any]) -> bytes:
    """The revert data in an error object, in whichever of the usual places it stands."""
    data = error.get("data")
    if isinstance(data, dict):
        # Hardhat and Ganache wrap the revert's data once more.
        data = data.get("data", data.get("result"))
    if isinstance(data, str) and data.startswith("0x"):
        try:
            return unhexed(data)
        except ValueError:
            return b""
    return b""


def as_revert(error: RpcError) -> RpcError | CallRevertedError:
    """The error to raise for a failed call: a revert if it is one."""
    return CallRevertedError(error.data) if error.reverted else error
