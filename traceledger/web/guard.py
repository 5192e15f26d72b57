"""What stands before everything else: names, sizes and rates that are refused before anything is read."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from traceledger.languages.phrases import phrase
from traceledger.web.endpoint import Endpoint, most_bytes
from traceledger.web.problems import Problem, ProblemError, refuse, too_large
from traceledger.web.rates import Rates, client_of
from traceledger.web.security import require_host
from traceledger.web.settings import Limits

Refusing = Callable[[Request, Problem], Response]


class Gate(ABC):
    """Lets requests through, or answers them with a problem.

    Args:
        app: what answers those that are let through.
        refusing: makes the answer of a problem.
    """

    def __init__(self, app: ASGIApp, refusing: Refusing) -> None:
        self._app = app
        self._refusing = refusing

    @abstractmethod
    def _admitted(self, request: Request) -> Receive:
        """What reads the body of a request that is let through.

        Raises:
            ProblemError: it is refused.
        """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            reading = self._admitted(request)
        except ProblemError as error:
            await self._refusing(request, error.problem)(scope, receive, send)
            return
        await self._app(scope, reading, send)


class Guard(Gate):
    """Refuses what is too long, too often, or meant for another server.

    Args:
        app: what answers the rest.
        refusing: makes the answer of a problem.
        hosts: names of this server.
        limits: the numbers.
        endpoints: those that take bodies.
    """

    def __init__(
        self,
        app: ASGIApp,
        refusing: Refusing,
        hosts: Iterable[str],
        limits: Limits,
        endpoints: Sequence[Endpoint] = (),
    ) -> None:
        super().__init__(app, refusing)
        self._endpoints = endpoints
        self._hosts = frozenset(hosts)
        self._limits = limits
        self._rates = Rates(rate=limits.rate, burst=limits.burst, clients=limits.clients)

    def _admitted(self, request: Request) -> Receive:
        require_host(request.headers, self._hosts)
        require_short(request, self._limits)
        self._require_small(request)
        self._require_seldom(request)
        return request.receive

    def _require_small(self, request: Request) -> None:
        """Refuse a body where none is taken, or one that says it is too large."""
        said, is_counted = request.headers.get("content-length", "0"), "transfer-encoding" in request.headers
        if said == "0" and not is_counted:
            # Nearly every request is one without a body: for these no endpoint is looked up.
            return
        most = most_bytes(self._endpoints, request.method, request.scope["raw_path"].decode("latin-1"))
        size = int(said) if said.isascii() and said.isdigit() else most + 1
        # What does not say its size is counted as it comes.
        if size > most or (not most and is_counted):
            raise too_large(most)

    def _require_seldom(self, request: Request) -> None:
        address = request.client.host if request.client else ""
        require_seldom(self._rates, client_of(address))


def require_short(request: Request, limits: Limits) -> None:
    """Refuse a request whose address or headers are too long.

    Raises:
        ProblemError: they are (414, 431).
    """
    most = limits.url_bytes
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > most:
        raise refuse(414, "address-too-long", phrase("the address has more than {most} bytes", most=most))
    most = limits.header_bytes
    if sum(len(name) + len(value) for name, value in request.scope["headers"]) > most:
        raise refuse(431, "headers-too-large", phrase("the headers have more than {most} bytes", most=most))


def require_seldom(rates: Rates, client: str) -> None:
    """Refuse a client that asks too often.

    Raises:
        ProblemError: it does (429, with ``Retry-After``).
    """
    wait = rates.take(client, time.monotonic())
    if wait:
        seconds = math.ceil(wait)
        raise refuse(
            429,
            "too-many-requests",
            "you ask too often",
            hint=f"wait {seconds} s, or ask for more at once with limit",
            headers={"Retry-After": str(seconds)},
        )
