"""One connection to a node: HTTP/1.1 as RFC 9112 has it, one POST after the other.

::

    idle --first byte--> asking --whole request--> answering --answer taken--> idle
      |                     |                          |
      +- IDLE_SECONDS       +- REQUEST_SECONDS         +- REQUEST_SECONDS to take it: closed

A web page can make a browser send requests to 127.0.0.1, under a host name of the page's own
(DNS rebinding) or not. Requests are therefore refused unless they name this machine in ``Host`` and
are of type ``application/json``, which a browser sends to a foreign origin only with permission.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from http import HTTPStatus
from typing import Any

import h11

from traceledger.chain.embedded.limits import BODY_BYTES, HEADER_BYTES, IDLE_SECONDS, REQUEST_SECONDS
from traceledger.chain.node import params
from traceledger.chain.node.dispatch import Dispatcher
from traceledger.chain.node.params import ApiError
from traceledger.chain.node.turns import Holding

_LOCAL_NAMES = {"127.0.0.1", "localhost"}
_PIECE = 64 * 1024
_LINGER_SECONDS = 1
"""For how long what a refused client still sends is thrown away, so that it reads why it was refused."""


class RefusedError(Exception):
    """A request is not answered by JSON-RPC: its HTTP status, and why."""

    def __init__(self, status: HTTPStatus, reason: str, code: int = params.INVALID_REQUEST) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.code = code


class Exchange:
    """Requests and answers of one connection.

    Args:
        connected: its socket; the caller closes it.
        dispatcher: what answers.
    """

    def __init__(self, connected: socket.socket, dispatcher: Dispatcher) -> None:
        self._socket = connected
        self._dispatcher = dispatcher
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADER_BYTES)
        self._end = 0.0
        self._head_only = False
        self.waiting_since: float | None = time.monotonic()
        """Since when the client has been expected to ask; ``None`` while it is answered."""

    def run(self) -> None:
        """Answer requests until the connection ends."""
        # Else a second small packet waits 40 ms for the acknowledgement of the first.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A client that goes away, or is too slow, is no news.
        with contextlib.suppress(OSError, h11.LocalProtocolError):
            while self._one():
                self._http.start_next_cycle()
                self.waiting_since = time.monotonic()

    def end(self) -> None:
        """Make whoever waits for the client stop."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _one(self) -> bool:
        """Answer one request; whether another may follow."""
        try:
            request = self._request()
            if request is None:
                return False
            with self._dispatcher.memory.holding() as held:
                body = self._body(request, held)
                self.waiting_since = None
                answer = self._dispatcher.answer(body, held)
                self._reply(HTTPStatus.NO_CONTENT if answer is None else HTTPStatus.OK, answer or b"")
        except h11.RemoteProtocolError as error:
            self._refuse(RefusedError(HTTPStatus(error.error_status_hint), f"not HTTP/1.1: {error}"))
            return False
        except RefusedError as refusal:
            self._refuse(refusal)
            return False
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    def _request(self) -> h11.Request | None:
        """The head of the next request; ``None`` at the end of the connection."""
        if not self._http.trailing_data[0]:
            self._socket.settimeout(IDLE_SECONDS)
            self._http.receive_data(self._socket.recv(_PIECE))
        self._end = time.monotonic() + REQUEST_SECONDS
        event = self._event()
        if not isinstance(event, h11.Request):
            return None
        self._head_only = event.method == b"HEAD"
        refusal = _refusal(event)
        if refusal is not None:
            raise refusal
        return event

    def _body(self, request: h11.Request, held: Holding) -> bytes:
        length = dict(request.headers).get(b"content-length")
        if length is not None and int(length) > BODY_BYTES:  # h11 takes at most twenty digits
            raise _too_large()
        body = bytearray()
        while isinstance(event := self._event(), h11.Data):
            if len(body) + len(event.data) > BODY_BYTES:
                raise _too_large()
            if not held.add(len(event.data)):
                busy = "the node is busy with other requests; ask again later"
                raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, busy, params.LIMIT_EXCEEDED)
            body += event.data
        return bytes(body)

    def _event(self) -> Any:
        """The next event of the request, which must be whole in time."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                going_on = h11.InformationalResponse(status_code=100, headers=[])
                self._socket.sendall(self._http.send(going_on) or b"")
            left = self._end - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                self._socket.settimeout(left)
                self._http.receive_data(self._socket.recv(_PIECE))
            except TimeoutError:
                slow = f"a request is whole within {REQUEST_SECONDS} seconds"
                raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, slow, params.LIMIT_EXCEEDED) from None
        return event

    def _refuse(self, refusal: RefusedError) -> None:
        """Say why, and end the connection: what follows cannot be told from the refused request."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        if refusal.code == params.LIMIT_EXCEEDED:
            error = ApiError(refusal.code, refusal.reason).as_json()
            body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
            self._reply(refusal.status, body, last=True)
        else:
            self._reply(refusal.status, f"{refusal.reason}\n".encode(), "text/plain", last=True)
        self._linger()

    def _reply(
        self, status: HTTPStatus, body: bytes, kind: str = "application/json", *, last: bool = False
    ) -> None:
        headers = [
            ("Content-Type", kind),
            ("X-Content-Type-Options", "nosniff"),
            ("Server", "traceledger"),
        ]
        if status is not HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(body))))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        if last:
            headers.append(("Connection", "close"))
        response = h11.Response(status_code=status.value, headers=headers, reason=status.phrase.encode())
        said = self._http.send(response) or b""
        if not self._head_only:
            said += self._http.send(h11.Data(data=body)) or b""
        said += self._http.send(h11.EndOfMessage()) or b""
        self._socket.settimeout(REQUEST_SECONDS)  # of the whole of sendall
        self._socket.sendall(said)

    def _linger(self) -> None:
        """Throw away what the client still sends: closing at once would discard what it has not read yet."""
        end = time.monotonic() + _LINGER_SECONDS
        self._socket.shutdown(socket.SHUT_WR)
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            if not self._socket.recv(_PIECE):
                return


def _refusal(request: h11.Request) -> RefusedError | None:
    """Why a request's body is not even read, if so."""
    headers = dict(request.headers)
    # h11 counts them only while it waits for more.
    if sum(len(name) + len(value) for name, value in request.headers) + len(request.target) > HEADER_BYTES:
        what = f"the header fields have more than {HEADER_BYTES} bytes"
        return RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, what, params.LIMIT_EXCEEDED)
    if not request.http_version.startswith(b"1."):
        return RefusedError(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "this is HTTP/1.1")
    if not _is_local(headers.get(b"host", b"").decode("latin-1")):
        return RefusedError(HTTPStatus.FORBIDDEN, "the Host header must be 127.0.0.1 or localhost")
    if request.method != b"POST":
        return RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "this is a JSON-RPC endpoint: use POST")
    if b"content-length" in headers and b"transfer-encoding" in headers:
        # RFC 9112, 6.3: it might be an attempt to smuggle a second request past somebody.
        return RefusedError(HTTPStatus.BAD_REQUEST, "Content-Length and Transfer-Encoding exclude each other")
    if b"content-length" not in headers and b"transfer-encoding" not in headers:
        return RefusedError(HTTPStatus.LENGTH_REQUIRED, "a Content-Length is needed")
    kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if kind != "application/json":
        return RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send Content-Type: application/json")
    return None


def _too_large() -> RefusedError:
    what = f"the body has more than {BODY_BYTES} bytes"
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, what, params.LIMIT_EXCEEDED)


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine, with or without a port."""
    name, _, port = host.strip().lower().partition(":")
    return name in _LOCAL_NAMES and (not port or (port.isascii() and port.isdigit()))
