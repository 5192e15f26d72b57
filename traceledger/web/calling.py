"""Answers one request to an endpoint of a standard, in this order.

Whether it has the method (405), who asks (401, 403), the body (413, 415, 408), the parameters (400); then the
view, in a thread of the pool. Whatever goes wrong is answered in the standard's own style.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Send
from starlette.types import Scope as Asgi

from traceledger.web.access_log import ROUTE
from traceledger.web.answering import parameters, raw_query
from traceledger.web.bearer import Bearers
from traceledger.web.endpoint import Body, Call, Endpoint, Method, Reply
from traceledger.web.pool import Pool
from traceledger.web.problems import Problem, ProblemError, met, refuse, too_large
from traceledger.web.rates import client_of
from traceledger.web.scopes import Scope

if TYPE_CHECKING:
    from traceledger.web.settings import Limits
    from traceledger.web.tokens import Token


@dataclass
class Calling:
    """What answers of endpoints share.

    Attributes:
        pool: reads the index.
        bearers: knows who asks.
        limits: the numbers.
        page: a refusal as a page.
    """

    pool: Pool
    bearers: Bearers
    limits: Limits
    page: Callable[[Request, Problem], Response]
    _bodies: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._bodies = asyncio.Semaphore(self.limits.bodies)

    async def answer(self, request: Request, endpoint: Endpoint, names: dict[str, str]) -> Response:
        """Answer a request; whatever goes wrong is an answer, too."""
        try:
            return responded(await self._answer(request, endpoint, names), endpoint)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  (no traceback reaches a client)
            problem = met(error, endpoint.path)
        if endpoint.style.pages and "text/html" in request.headers.get("accept", ""):
            return self.page(request, problem)
        return responded(refusal(endpoint, problem), endpoint)

    async def _answer(self, request: Request, endpoint: Endpoint, names: dict[str, str]) -> Reply:
        if request.method == "OPTIONS":
            return Reply(status=HTTPStatus.NO_CONTENT, headers={"Allow": endpoint.allow})
        name = "GET" if request.method == "HEAD" else request.method
        method = endpoint.methods.get(name)
        if method is None:
            raise refuse(
                405,
                "method-not-allowed",
                f"this is not asked with {name}",
                hint=f"methods here: {endpoint.allow}",
                headers={"Allow": endpoint.allow},
            )
        token = self._token(request, method)
        call = Call(
            name,
            names,
            request.scope["raw_path"].decode("ascii"),
            parameters(raw_query(request)),
            {key: request.headers[key] for key in request.headers},
            b"" if method.body is None else await self._body(request, method.body),
            token,
            f"{request.url.scheme}://{request.headers['host']}",
        )
        return await self._viewed(request, method, call, token)

    def _token(self, request: Request, method: Method) -> Token | None:
        if method.access:
            return self.bearers.accessing(request, method.scope)
        return self.bearers.bearer(request, method.scope) if method.bearing else None

    async def _viewed(self, request: Request, method: Method, call: Call, token: Token | None) -> Reply:
        client = client_of(request.client.host if request.client else "")
        reply = await self.pool.read(
            lambda reading: method.view(reading, call),
            private=token is not None and Scope.PRIVATE in token.scopes,
            turn=client if method.long else None,
        )
        most = self.limits.answer_bytes
        if len(reply.body) > most:
            hint = "ask for less, with filters or pages"
            raise refuse(413, "answer-too-large", f"the answer has more than {most} bytes", hint=hint)
        return reply

    async def _body(self, request: Request, body: Body) -> bytes:
        """The whole body of a request.

        Raises:
            ProblemError: it is of another type, too large, takes too long, or too many are read at once.
        """
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in body.media:
            hint = f"types here: {', '.join(body.media)}"
            raise refuse(
                415, "media-not-taken", "the body is of another type", where="Content-Type", hint=hint
            )
        if self._bodies.locked():
            busy = Problem(503, "overloaded", "the server is busy", headers={"Retry-After": "5"})
            raise ProblemError(busy)
        async with self._bodies:
            try:
                async with asyncio.timeout(self.limits.body_seconds):
                    return await _whole(request, body.most)
            except (TimeoutError, ClientDisconnect):
                closed = {"Connection": "close"}
                raise refuse(408, "body-too-slow", "the body did not come in time", headers=closed) from None


class Called(BaseRoute):
    """An endpoint; matched on the raw path, where names are encoded.

    Args:
        endpoint: the row.
        calling: what answers.
    """

    def __init__(self, endpoint: Endpoint, calling: Calling) -> None:
        self._endpoint = endpoint
        self._calling = calling

    def matches(self, scope: Asgi) -> tuple[Match, Asgi]:
        """Whether a request is for it."""
        if scope["type"] != "http":
            return Match.NONE, {}
        names = self._endpoint.matched(scope["raw_path"].decode("latin-1"))
        if names is None:
            return Match.NONE, {}
        return Match.FULL, {"path_params": names, ROUTE: self._endpoint.path}

    async def handle(self, scope: Asgi, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        response = await self._calling.answer(request, self._endpoint, scope["path_params"])
        await response(scope, receive, send)


def responded(reply: Reply, endpoint: Endpoint) -> Response:
    """A reply as it is sent, with what every answer of its standard says."""
    style = endpoint.style.headers
    headers = {
        "Cache-Control": "no-store",
        "Vary": "Authorization",
        **style,
        **endpoint.headers,
        **reply.headers,
    }
    return Response(reply.body, reply.status, headers, media_type=reply.media if reply.body else None)


def refusal(endpoint: Endpoint, problem: Problem) -> Reply:
    """A refusal in an endpoint's style, with the headers that the problem asks for."""
    reply = endpoint.style.refused(problem)
    return Reply(reply.body, reply.status, reply.media, {**problem.headers, **reply.headers})


async def _whole(request: Request, most: int) -> bytes:
    """A body, unless it is larger than that."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise too_large(most)
    return bytes(found)
