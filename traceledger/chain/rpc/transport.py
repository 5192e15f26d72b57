"""JSON-RPC over HTTP with one node: requests, batches, their limits, and errors.

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
import ssl
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from pydantic_core import from_json
from requests.utils import get_netrc_auth

from traceledger.chain.base import CallRevertedError
from traceledger.chain.rpc.faults import EndpointError, WrongAnswerError
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import unhexed

REVERTED = 3
"""JSON-RPC error code of a reverted call (as geth, and most others, answer)."""

MOST_BYTES = 256 * 1024 * 1024
"""Largest answer that is read."""

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

_CONNECT_SECONDS = 5.0
_CHUNK = 1 << 16
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)

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


class OversizedAnswerError(EndpointError):
    """The node's answer is longer than is read; a smaller request may succeed."""


class JsonRpc:
    """One node's JSON-RPC endpoint. Every request is made once; what fails is for the caller to repeat.

    Args:
        url: ``http://`` or ``https://`` address of the node.
        timeout: seconds to wait for one whole answer.
        most_bytes: largest answer to read.
    """

    def __init__(self, url: str, *, timeout: float, most_bytes: int = MOST_BYTES) -> None:
        self.url = shown(url)
        self.offers_block_receipts = True
        """Whether ``eth_getBlockReceipts`` is worth trying; whoever finds it is not says so here."""
        self._address = url
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._ids = itertools.count(1)
        self._session = _session_for(url)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def read(self, method: str, *params: object) -> Any:
        """The result of one method.

        Raises:
            RpcError: the node answered with an error.
            EndpointError: the node cannot be reached, or did not answer in JSON-RPC.
        """
        return self.read_all([(method, params)])[0]

    def read_all(self, wanted: Sequence[Request]) -> list[Any]:
        """The results of several methods, asked for in one HTTP request.

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
        """The results of several methods, asked for in one HTTP request, or the errors they met.

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
        answers = self._post(json.dumps(body, separators=(",", ":")).encode())
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

    def _post(self, body: bytes) -> Any:
        """Send one document and decode the one that comes back."""
        deadline = time.monotonic() + self._timeout
        limits = (min(_CONNECT_SECONDS, self._timeout), self._timeout)
        try:
            # No redirects: they turn POST into GET, and would carry what the address holds elsewhere.
            with self._session.post(
                self._address, data=body, timeout=limits, stream=True, allow_redirects=False
            ) as response:
                status, content = response.status_code, self._content(response, deadline)
        except EndpointError:
            raise
        except _BROKEN as error:
            raise self._unreachable(error) from error
        return self._decoded(status, content)

    def _content(self, response: requests.Response, deadline: float) -> bytes:
        """The body, unless it takes too long or is too long."""
        found = bytearray()
        while True:
            # read1 gives what is there; iter_content waits for a whole chunk, so that a node could drip for
            # ever.
            some = response.raw.read1(_CHUNK, decode_content=True)
            if not some:
                break
            found += some
            if len(found) > self._most_bytes:
                what = f"the answer is longer than {self._most_bytes} bytes"
                raise OversizedAnswerError(what, where=self.url)
            if time.monotonic() > deadline:
                raise requests.Timeout
        return bytes(found)

    def _decoded(self, status: int, content: bytes) -> Any:
        try:
            document = from_json(content)
        except ValueError:
            document = None
        if status != requests.codes.ok and not (isinstance(document, dict) and document.get("error")):
            # From a proxy before the node; taken as the node's own word, so that a smaller request is tried.
            if status == requests.codes.request_entity_too_large:
                raise RpcError(status, "the request is too large", where=self.url)
            raise EndpointError(
                f"the node answered HTTP status {status}", where=self.url, hint=_mend_of(status)
            )
        if document is None:
            raise self._wrong("the address does not answer JSON-RPC")
        return document

    def _wrong(self, what: str) -> WrongAnswerError:
        return WrongAnswerError(what, where=self.url, hint="check the address")

    def _unreachable(self, error: Exception) -> EndpointError:
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            what, hint = "the node did not answer in time", "check the node, or try again later"
        elif isinstance(
            error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | ValueError
        ):
            return self._wrong("the address does not answer JSON-RPC")
        # Before ConnectionError, whose subclass it is.
        elif isinstance(error, requests.exceptions.SSLError):
            what = f"no secure connection to the node (TLS): {_tls_fault(error)}"
            hint = "check that the address is right to begin with https://, and the node's certificate"
        elif isinstance(error, requests.ConnectionError | OSError):
            what, hint = "the node cannot be reached", "check its address and that it is running"
        else:
            what, hint = "the node's answer broke off", "check the node, or try again later"
        return EndpointError(what, where=self.url, hint=hint)


def _session_for(url: str) -> requests.Session:
    """A session for one address, with what the environment says of proxies, authorities and passwords.

    A session by itself would look that up anew for every request, for longer than most answers take.
    """
    session = requests.Session()
    session.headers["Content-Type"] = "application/json"
    try:
        settings = session.merge_environment_settings(url, {}, None, None, None)
        session.auth = get_netrc_auth(url)
    except ValueError:
        return session  # no address: the first request says so
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.trust_env = False
    return session


def shown(url: str) -> str:
    """An address as messages may show it: without user name, password and query, which may be a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    netloc, query = parts.netloc.rpartition("@")[2], "…" if parts.query else ""
    return parts._replace(netloc=netloc, query=query, fragment="").geturl()


def _mend_of(status: int) -> str:
    """What to do about an HTTP status."""
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        return "it wants to know who asks: check the user name and password, or the key, in its address"
    if status in (requests.codes.too_many_requests, requests.codes.unavailable):
        return "try again later"
    return "check the node and its address"


def _tls_fault(error: requests.exceptions.SSLError) -> str:
    """What is wrong, in OpenSSL's words."""
    cause: BaseException = error
    while not isinstance(cause, ssl.SSLError):
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        if not isinstance(inner, BaseException):
            return "it failed"
        cause = inner
    words = getattr(cause, "verify_message", "") or cause.reason or "it failed"
    return words.replace("_", " ").lower()


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
