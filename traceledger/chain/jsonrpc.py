"""JSON-RPC over HTTP: requests, batches, errors, and the hexadecimal forms of Ethereum's API."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import requests
import stamina
from web3 import HTTPProvider
from web3.types import RPCEndpoint

from traceledger.chain.base import CallRevertedError
from traceledger.errors import NetworkError

REVERTED = 3
"""JSON-RPC error code of a reverted call (as geth, and most others, answer)."""

METHOD_NOT_FOUND = -32601
"""JSON-RPC error code of a method that the node does not offer."""

_READ_ATTEMPTS = 4
_READ_SECONDS = 20.0
_TRANSIENT = (requests.ConnectionError, requests.Timeout)
_BROKEN = (requests.RequestException, OSError, ValueError, TypeError, AttributeError)
"""What a failed exchange raises; the last three where web3.py meets an answer that is not JSON-RPC."""

Request = tuple[str, Sequence[object]]
"""A method and its parameters."""


class RpcError(NetworkError):
    """The node answered with an error object.

    Args:
        code: JSON-RPC error code.
        message: the node's own words.
        data: the bytes of the error's ``data`` field; a revert's ABI-encoded error.
    """

    def __init__(self, code: int, message: str, data: bytes = b"") -> None:
        super().__init__(f"the node refused: {message} (code {code})")
        self.code = code
        self.message = message
        self.data = data

    @property
    def reverted(self) -> bool:
        """Whether a contract's revert is what went wrong."""
        return self.code == REVERTED or "revert" in self.message.lower()


class JsonRpc:
    """One node's JSON-RPC endpoint. Reads are tried again when the connection fails; writes never.

    Args:
        url: ``http://`` or ``https://`` address of the node.
        timeout: seconds to wait for one answer.
    """

    def __init__(self, url: str, *, timeout: float) -> None:
        self.url = url
        self._session = requests.Session()
        self._provider = HTTPProvider(
            url,
            request_kwargs={"timeout": timeout},
            session=self._session,
            exception_retry_configuration=None,
        )
        logging.getLogger("stamina").addHandler(logging.NullHandler())

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def read(self, method: str, *params: object) -> Any:
        """The result of a method that changes nothing.

        Raises:
            RpcError: the node answered with an error.
            NetworkError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        return self.read_all([(method, params)])[0]

    def read_all(self, wanted: Sequence[Request]) -> list[Any]:
        """The results of several reads, asked for in one HTTP request.

        Raises:
            RpcError: the node answered one of them with an error.
            NetworkError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        answers: list[Any] = []
        try:
            for attempt in stamina.retry_context(
                on=_TRANSIENT, attempts=_READ_ATTEMPTS, timeout=_READ_SECONDS, wait_max=2.0
            ):
                with attempt:
                    answers = self._exchange(wanted)
        except _BROKEN as error:
            raise self._unreachable(error) from error
        return [_result(answer) for answer in answers]

    def write_all(self, wanted: Sequence[Request]) -> list[Any | RpcError]:
        """Send requests that change something, in one HTTP request, once.

        Returns:
            For each the result, or the error the node answered it with.

        Raises:
            NetworkError: the node cannot be reached; whether it acted is unknown.
        """
        try:
            answers = self._exchange(wanted)
        except _BROKEN as error:
            raise self._unreachable(error) from error
        outcomes: list[Any | RpcError] = []
        for answer in answers:
            try:
                outcomes.append(_result(answer))
            except RpcError as error:
                outcomes.append(error)
        return outcomes

    def _exchange(self, wanted: Sequence[Request]) -> list[Any]:
        batch = [(RPCEndpoint(method), list(params)) for method, params in wanted]
        answers: Any = self._provider.make_batch_request(batch)
        if isinstance(answers, dict):
            _result(answers)
        if not isinstance(answers, list) or len(answers) != len(wanted):
            raise ValueError("the answer does not match the request")
        if any(answer.get("id") is None for answer in answers):
            raise ValueError("answers without an id cannot be told apart")
        return answers

    def _unreachable(self, error: Exception) -> NetworkError:
        if isinstance(error, requests.Timeout):
            what, hint = "the node did not answer in time", "check the node, or try again later"
        elif isinstance(error, requests.ConnectionError):
            what, hint = "the node cannot be reached", "check its address and that it is running"
        else:
            what, hint = "the address does not answer JSON-RPC", "check the address"
        return NetworkError(what, where=self.url, hint=hint)


def _result(answer: Any) -> Any:
    """The result in one JSON-RPC answer.

    Raises:
        RpcError: it is an error object.
    """
    if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
        raise RpcError(0, "the answer is not JSON-RPC")
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    if not isinstance(error, dict):
        raise RpcError(0, str(error))
    raise RpcError(int(error.get("code", 0)), str(error.get("message", "no message")), _error_data(error))


def _error_data(error: dict[str, Any]) -> bytes:
    """The revert data in an error object, in whichever of the usual places it stands."""
    data = error.get("data")
    if isinstance(data, dict):
        data = data.get("data", data.get("result"))
    if isinstance(data, str) and data.startswith("0x"):
        try:
            return bytes.fromhex(data[2:])
        except ValueError:
            return b""
    return b""


def as_revert(error: RpcError) -> RpcError | CallRevertedError:
    """The error to raise for a failed call: a revert if it is one."""
    return CallRevertedError(error.data) if error.reverted else error
