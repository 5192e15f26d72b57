"""The access log: one line of JSON for each request, without anything that a name or a secret could stand in.

A line has the time (UTC), the method, the route with its slots (never what stood in them, which may be a
private name), the status, bytes of the answer, milliseconds until it was handed over, and the name of the
token that was shown, if one was. Neither parameters nor addresses of clients.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from datetime import UTC, datetime
from http import HTTPMethod
from logging.handlers import WatchedFileHandler
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from traceledger.errors import InputError
from traceledger.storage.files import explained

ROUTE = "traceledger.route"
"""Where a request's scope has the path of its route."""
TOKEN = "traceledger.token"  # noqa: S105
"""Where a request's scope has the name of the token that was shown."""
_ELSEWHERE = "-"
_METHODS = {each.value for each in HTTPMethod}
_log = logging.getLogger(__name__)


def opened(path: Path | None) -> logging.Handler | None:
    """Where lines go; ``-``: to stderr. A file that is moved away is made anew.

    Raises:
        InputError: it cannot be written.
    """
    if path is None:
        return None
    if str(path) == "-":
        return logging.StreamHandler(sys.stderr)
    with explained(path, InputError):
        return _File(path, encoding="utf-8")


class _File(WatchedFileHandler):
    """A file that may be away or full for a while: that is said once, and holds no answer up."""

    _failing = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, if it can be written."""
        try:
            self.reopenIfNeeded()
            stream = self.stream = self.stream or self._open()
            stream.write(self.format(record) + self.terminator)
            self.flush()
        except (OSError, ValueError) as error:
            self._fail(error)
        else:
            self._failing = False

    def close(self) -> None:
        """Close the file; what was not written is lost."""
        with contextlib.suppress(OSError, ValueError):
            super().close()

    def _fail(self, error: Exception) -> None:
        if not self._failing:
            _log.warning("the access log cannot be written: %s", getattr(error, "strerror", None) or error)
        self._failing = True


class AccessLog:
    """Writes a line after each request.

    Args:
        app: what answers.
        handler: where lines go.
    """

    def __init__(self, app: ASGIApp, handler: logging.Handler) -> None:
        self._app = app
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and write its line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status, sent = time.perf_counter(), 0, 0

        async def counting(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif scope["method"] != "HEAD":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            self._write(scope, status, sent, time.perf_counter() - begin)

    def _write(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": scope["method"] if scope["method"] in _METHODS else _ELSEWHERE,
            "route": scope.get(ROUTE, _ELSEWHERE),
            "status": status,
            "bytes": sent,
            "ms": round(seconds * 1000, 1),
            "token": scope.get(TOKEN),
        }
        # Not through a logger: whoever sets up logging must not put these lines elsewhere by chance.
        self._handler.handle(logging.LogRecord("access", logging.INFO, "", 0, json.dumps(line), None, None))
