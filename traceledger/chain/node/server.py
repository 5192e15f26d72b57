"""The HTTP side of a node: who may connect, and how it starts and stops."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

from traceledger.chain.embedded import EmbeddedChain, Gate
from traceledger.chain.embedded.limits import CONNECTIONS
from traceledger.chain.node.dispatch import Dispatcher
from traceledger.chain.node.exchange import Exchange
from traceledger.errors import NetworkError

_HOST = "127.0.0.1"
_NO_ROOM = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_LOG = logging.getLogger(__name__)


class _Connections:
    """Those that are open: as many as one process can serve."""

    def __init__(self) -> None:
        self._open: dict[socket.socket, Exchange] = {}
        self._lock = threading.Lock()

    def admit(self, connected: socket.socket, exchange: Exchange) -> bool:
        """Take one in, in the place of another if need be; whether there was room."""
        with self._lock:
            if len(self._open) >= CONNECTIONS and not self._evicted():
                return False
            self._open[connected] = exchange
            return True

    def _evicted(self) -> bool:
        """Whether one ended that has asked nothing for the longest time; its thread notices by itself."""
        waiting = [(one.waiting_since, at) for at, one in self._open.items() if one.waiting_since is not None]
        if not waiting:
            return False
        _, longest = min(waiting, key=lambda each: each[0])
        self._open.pop(longest).end()
        return True

    def leave(self, connected: socket.socket) -> None:
        """Forget one that has ended."""
        with self._lock:
            self._open.pop(connected, None)

    def end(self) -> None:
        """End all of them."""
        with self._lock:
            for one in self._open.values():
                one.end()


class _Handler(BaseRequestHandler):
    """Serves one connection in a thread of its own."""

    server: _Server

    def handle(self) -> None:
        """Answer its requests."""
        exchange = Exchange(self.request, self.server.dispatcher)
        if not self.server.connections.admit(self.request, exchange):
            with contextlib.suppress(OSError):
                self.request.sendall(_NO_ROOM)
            return
        try:
            exchange.run()
        finally:
            self.server.connections.leave(self.request)


class _Server(ThreadingTCPServer):
    daemon_threads = True
    # Else a restart fails for a minute, while old connections linger in TIME_WAIT.
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self.connections = _Connections()
        super().__init__((_HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One connection's fault is no other's."""
        _LOG.warning("a connection ended badly", exc_info=True)


class NodeServer:
    """A running node: listens from construction on, answers while :meth:`serve_forever` runs.

    Args:
        chain: an embedded chain opened with the authority's key; the caller closes it.
        port: TCP port on 127.0.0.1; 0 for any free one.
        gate: who may send transactions, and create contracts; default: everybody.

    Raises:
        NetworkError: the port is taken or not allowed.
    """

    def __init__(self, chain: EmbeddedChain, *, port: int = 0, gate: Gate | None = None) -> None:
        chain.restrict(gate or Gate())
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

    def warm_up(self) -> None:
        """Start what else the first transaction and the first call start, and wait for."""
        self._dispatcher.start()

    def serve_forever(self) -> None:
        """Answer requests until :meth:`stop` is called from another thread."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Make :meth:`serve_forever` return."""
        self._server.shutdown()

    def close(self) -> None:
        """Stop listening and end connections; a block being made may take a second more."""
        self._server.server_close()
        self._dispatcher.close()
        self._server.connections.end()


def serve(
    chain: EmbeddedChain,
    port: int,
    gate: Gate | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a chain until the process gets SIGINT or SIGTERM; then return.

    Args:
        chain: an embedded chain opened with the authority's key.
        port: TCP port on 127.0.0.1; 0 for any free one.
        gate: who may send transactions, and create contracts; default: everybody.
        ready: called with the URL once requests are answered.

    Raises:
        NetworkError: the port is taken or not allowed.
    """
    node = NodeServer(chain, port=port, gate=gate)
    try:
        with _stopped_by_signals(node):
            threading.Thread(target=node.warm_up, daemon=True).start()
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
