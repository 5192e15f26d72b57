"""The HTTP side of a node: one POST endpoint on 127.0.0.1.

A web page can make a browser send requests to 127.0.0.1, under a host name of the page's own
(DNS rebinding) or not. Requests are therefore refused unless they name this machine in ``Host`` and
are of type ``application/json``, which a browser sends to a foreign origin only with permission.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node.dispatch import Dispatcher
from traceledger.errors import NetworkError

MOST_BYTES = 32 * 1024 * 1024
"""Largest request body."""

_HOST = "127.0.0.1"
_LOCAL_NAMES = {"127.0.0.1", "localhost"}
_IDLE_SECONDS = 60
_STACK_BYTES = 64 * 1024 * 1024
"""Stack of a request's thread: contracts may call one another 1024 deep, some systems give little."""

_LOG = logging.getLogger(__name__)


class _Handler(BaseHTTPRequestHandler):
    """Takes JSON-RPC by POST, and nothing else."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: _Server
    server_version = "traceledger"
    sys_version = ""
    # Headers and body are two writes: with Nagle's algorithm the second waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one JSON-RPC document."""
        refusal = self._refusal()
        if refusal is not None:
            self._reply(*refusal)
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.dispatcher.answer(body)
        if answer is None:
            self._reply(HTTPStatus.NO_CONTENT, b"")
        else:
            self._reply(HTTPStatus.OK, answer, "application/json")

    def _refusal(self) -> tuple[HTTPStatus, bytes] | None:
        """Why a request is not even read, if so."""
        if not _is_local(self.headers.get("Host", "")):
            return HTTPStatus.FORBIDDEN, b"the Host header must be 127.0.0.1 or localhost\n"
        if self.headers.get_content_type() != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, b"send Content-Type: application/json\n"
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return HTTPStatus.LENGTH_REQUIRED, b"a Content-Length is needed\n"
        if int(length) > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"the request is too large\n"
        return None

    def do_GET(self) -> None:
        """Say what this is."""
        if not _is_local(self.headers.get("Host", "")):
            self._reply(HTTPStatus.FORBIDDEN, b"the Host header must be 127.0.0.1 or localhost\n")
            return
        self._reply(HTTPStatus.METHOD_NOT_ALLOWED, b"this is a JSON-RPC endpoint: use POST\n")

    def _reply(self, status: HTTPStatus, body: bytes, content_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST")
        if status >= HTTPStatus.BAD_REQUEST:
            # The body was not read, so the connection cannot carry another request.
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """Log to the program's log instead of stderr."""
        _LOG.debug(format, *args)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Else a restart fails for a minute, while old connections linger in TIME_WAIT.
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        super().__init__((_HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""
        _LOG.debug("a connection ended badly", exc_info=True)


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine, with or without a port."""
    name, _, port = host.strip().lower().partition(":")
    return name in _LOCAL_NAMES and (not port or port.isdigit())


class NodeServer:
    """A running node: listens from construction on, answers while :meth:`serve_forever` runs.

    Args:
        chain: an embedded chain opened with the authority's key; the caller closes it.
        port: TCP port on 127.0.0.1; 0 for any free one.
        admit: whether an account may send transactions; ``None``: every account may.

    Raises:
        NetworkError: the port is taken or not allowed.
    """

    def __init__(
        self,
        chain: EmbeddedChain,
        *,
        port: int = 0,
        admit: Callable[[bytes], bool] | None = None,
    ) -> None:
        chain.restrict(admit)
        self._dispatcher = Dispatcher(chain)
        try:
            self._server = _Server(port, self._dispatcher)
        except (OSError, OverflowError) as error:
            self._dispatcher.close()
            taken = getattr(error, "errno", None) == errno.EADDRINUSE
            raise NetworkError(
                f"port {port} is taken" if taken else f"port {port} cannot be used: {error}",
                where=_HOST,
                hint="choose another with --port",
            ) from error

    @property
    def url(self) -> str:
        """Where the node listens."""
        return f"http://{_HOST}:{self._server.server_address[1]}"

    def serve_forever(self) -> None:
        """Answer requests until :meth:`stop` is called from another thread."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Make :meth:`serve_forever` return."""
        self._server.shutdown()

    def close(self) -> None:
        """Stop listening; a block being made is finished first."""
        self._server.server_close()
        self._dispatcher.close()


def serve(
    chain: EmbeddedChain,
    port: int,
    admit: Callable[[bytes], bool] | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a chain until the process gets SIGINT or SIGTERM; then return.

    Args:
        chain: an embedded chain opened with the authority's key.
        port: TCP port on 127.0.0.1; 0 for any free one.
        admit: whether an account may send transactions; ``None``: every account may.
        ready: called with the URL once requests are answered.

    Raises:
        NetworkError: the port is taken or not allowed.
    """
    threading.stack_size(_STACK_BYTES)
    node = NodeServer(chain, port=port, admit=admit)
    try:
        with _stopped_by_signals(node):
            if ready is not None:
                ready(node.url)
            node.serve_forever()
    finally:
        node.close()


@contextlib.contextmanager
def _stopped_by_signals(node: NodeServer) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop the node. Without effect outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        # shutdown() waits for the loop that this handler has interrupted, so another thread calls it.
        threading.Thread(target=node.stop, daemon=True).start()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
