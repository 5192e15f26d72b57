"""Documents to a node and back over the Unix socket through which geth is administered, a line each."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from traceledger.chain.rpc.exchanges import logged
from traceledger.chain.rpc.faults import EndpointError, OversizedAnswerError, WrongAnswerError
from traceledger.storage.json_text import loads


class SocketTransport:
    """A Unix socket; every exchange has a connection of its own.

    Args:
        path: the socket.
        timeout: seconds to wait for an answer.
        most_bytes: largest answer to read.
    """

    def __init__(self, path: Path, *, timeout: float, most_bytes: int) -> None:
        self.shown = str(path)
        self._timeout = timeout
        self._most_bytes = most_bytes

    def close(self) -> None:
        """Nothing is open between two exchanges."""

    def exchange(self, body: bytes) -> Any:
        """Send one JSON document and decode the one that comes back.

        Raises:
            EndpointError: nobody is there, or does not answer in time, or not in JSON.
        """
        with logged(self.shown, body) as exchange:
            answer = self._answer(body)
            exchange.received = len(answer)
        if len(answer) > self._most_bytes:
            raise OversizedAnswerError(
                f"the answer is longer than {self._most_bytes} bytes", where=self.shown
            )
        try:
            return loads(answer)
        except ValueError:
            raise WrongAnswerError(
                "the socket does not answer JSON-RPC", where=self.shown, hint="check the node"
            ) from None

    def _answer(self, body: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self._timeout)
                connection.connect(self.shown)
                connection.sendall(body + b"\n")
                with connection.makefile("rb") as lines:
                    return lines.readline(self._most_bytes + 1)
        except OSError as error:
            what = f"the node cannot be reached: {error.strerror or error}"
            raise EndpointError(what, where=self.shown, hint="check that it is running") from error
