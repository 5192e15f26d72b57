"""HTTP/1.1 of uvicorn, with limits that it lacks: seconds for a request's head, and for fetching an answer.

The phases of a connection, each but the last with a number of seconds after which it is cut::

    head --the request is complete--> answer --it was sent--> idle --a byte comes--> head

And one address has so many connections open at most.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from enum import Enum
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from traceledger.web.rates import client_of
from traceledger.web.settings import Limits, Settings

_TOLD = 64
"""Connections beyond the limit that are told so, before they are cut."""


class _Phase(Enum):
    HEAD = "head"
    ANSWER = "answer"
    IDLE = "idle"


class Guarded(H11Protocol):
    """A connection that is cut when it takes too long."""

    limits: ClassVar[Limits]
    proxies: ClassVar[frozenset[str]]
    open_by_address: ClassVar[Counter[str]]
    _phase = _Phase.IDLE
    _timer: asyncio.TimerHandle | None = None
    _address: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless the client has enough connections."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        address = client_of(host)
        enough = self.open_by_address[address] >= self.limits.connections_each
        # A proxy's are those of many clients. Some more than may ask are let in, to be told so (503); all
        # others are cut, before they use up what files are opened with.
        full = self.open_by_address.total() >= self.limits.connections + _TOLD
        if full or (enough and host not in self.proxies):
            transport.abort()
            return
        self._address = address
        self.open_by_address[address] += 1
        self._enter(_Phase.HEAD)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        super().data_received(data)
        wanted = _Phase.ANSWER if self._answers() else _Phase.HEAD
        if wanted is not self._phase:
            self._enter(wanted)

    def on_response_complete(self) -> None:
        """Wait for the next request, or answer one that was sent ahead."""
        super().on_response_complete()
        self._enter(_Phase.ANSWER if self._answers() else _Phase.IDLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._enter(_Phase.IDLE)
        if self._address is not None:
            self.open_by_address[self._address] -= 1
            if not self.open_by_address[self._address]:
                del self.open_by_address[self._address]
            self._address = None
        super().connection_lost(exc)

    def _answers(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _enter(self, phase: _Phase) -> None:
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        limits = self.limits
        if phase is _Phase.HEAD:
            self._timer = self.loop.call_later(limits.header_seconds, self.transport.abort)
        elif phase is _Phase.ANSWER:
            most = limits.waiting_seconds + limits.request_seconds + limits.sending_seconds
            self._timer = self.loop.call_later(most, self.transport.abort)


def guarded(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol of one server with its limits."""
    proxies = frozenset(settings.forwarded_by)
    own = {"limits": settings.limits, "proxies": proxies, "open_by_address": Counter()}
    return type("Guarded", (Guarded,), own)
