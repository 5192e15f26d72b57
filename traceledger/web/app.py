"""The server as an ASGI application, made of the table of routes.

Example:
    >>> from traceledger.web.settings import Settings
    >>> Settings().host
    '127.0.0.1'
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from traceledger.web.access_log import ROUTE, AccessLog, opened
from traceledger.web.access_tokens import AccessTokens
from traceledger.web.answering import JSON, Answering, Kind, as_json
from traceledger.web.bearer import Bearers
from traceledger.web.calling import Called, Calling, refusal, responded
from traceledger.web.conditional import is_known
from traceledger.web.endpoint import Endpoint
from traceledger.web.endpoints import endpoints
from traceledger.web.exports import Prover
from traceledger.web.guard import Guard
from traceledger.web.openapi import PATH, description
from traceledger.web.pact.service import PactService
from traceledger.web.pages import Site
from traceledger.web.paging import is_list
from traceledger.web.paths import API, TABLE, TWIN
from traceledger.web.pool import Pool
from traceledger.web.problems import Problem
from traceledger.web.route import Route
from traceledger.web.routes import ROUTES
from traceledger.web.security import LOCAL, ApiCors, SecurityHeaders, host_of
from traceledger.web.static import StaticFile, static_files
from traceledger.web.tokens import TokenFile

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.web.following import Follower
    from traceledger.web.settings import Settings

METHODS = ("GET", "HEAD", "OPTIONS")
_ALLOW = {"Allow": ", ".join(METHODS)}


class Served(BaseRoute):
    """A row of the table, answered as one kind of thing; matched on the raw path, where names are encoded.

    Args:
        route: the row.
        kind: as what it is answered.
        answering: what answers.
    """

    def __init__(self, route: Route, kind: Kind, answering: Answering) -> None:
        self.route = route
        self.kind = kind
        self._answering = answering

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for it."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = self._own(scope["raw_path"].decode("latin-1"))
        names = None if path is None else self.route.matched(path)
        if names is None:
            return Match.NONE, {}
        return Match.FULL, {"path_params": names, ROUTE: self.route.path}

    def _own(self, raw: str) -> str | None:
        """The part of a raw path that the row's own path describes."""
        if self.kind is Kind.API:
            return raw.removeprefix(API) if raw.startswith(API + "/") else None
        if self.kind is Kind.TABLE:
            is_own = raw.startswith(API + "/") and raw.endswith(TABLE)
            return raw.removeprefix(API).removesuffix(TABLE) if is_own else None
        if self.kind is Kind.PAGE:
            return None if raw.endswith(TWIN) else raw
        if raw == "/index.json":
            return "/"
        return raw.removesuffix(TWIN) if raw.endswith(TWIN) else None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        response = refused_method(request, self._answering, self.kind) or await self._answering.answer(
            request, self.route, self.kind, scope["path_params"]
        )
        await response(scope, receive, send)


def refused_method(request: Request, answering: Answering, kind: Kind) -> Response | None:
    """What is said to a method that does not ask for anything; ``None``: it does."""
    if request.method in ("GET", "HEAD"):
        return None
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_ALLOW)
    problem = Problem(
        405,
        "method-not-allowed",
        "this server only answers what is asked with GET",
        hint="operations are recorded with the traceledger command",
        headers=_ALLOW,
    )
    return answering.problem(request, problem, kind)


def served(routes: Sequence[Route], answering: Answering) -> list[BaseRoute]:
    """Every row as all that it is answered as."""
    found: list[BaseRoute] = []
    for route in routes:
        kinds = [Kind.PAGE, Kind.TWIN] if route.template else []
        if route.api:
            # A list is a table, too.
            kinds += [Kind.API, Kind.TABLE] if is_list(route) else [Kind.API]
        found += [Served(route, kind, answering) for kind in kinds]
    return found


def create_app(client: Client, follower: Follower, settings: Settings) -> Starlette:
    """The application that serves a network.

    Args:
        client: of the network whose index is read; it makes proof files.
        follower: keeps the index at the chain's head; it is started and stopped with the application.
        settings: how it is run.
    """
    files, network, rows = static_files(), client.network, endpoints()
    prover = None if settings.proofs == "nobody" else Prover(client)
    tokens = TokenFile(network.tokens_file)
    access = AccessTokens(tokens, network.access_key_file)
    pact = PactService(network, settings, access)
    pool = Pool(network, settings, lambda: follower.state, prover, pact)
    bearers = Bearers(tokens, settings.limits, access, settings.pact.unknown_token_status)
    answering = Answering(
        pool, follower, Site(files, network.name, settings.proofs == "everybody"), bearers, settings
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        follower.start()
        pact.messenger.start()
        try:
            yield
        finally:
            pact.messenger.stop()
            answering.end()
            follower.stop(settings.limits.grace_seconds)
            pool.close()

    described = StaticFile(PATH, as_json(description(ROUTES, rows)), JSON, "no-cache")
    by_path = {file.path: file for file in (*files.values(), described)}

    async def fallback(request: Request, _: Exception) -> Response:
        """What no row answers: files, and what is nowhere."""
        file = by_path.get(request.scope["raw_path"].decode("latin-1"))
        request.scope[ROUTE] = "/static" if file else "-"
        if file is not None:
            return refused_method(request, answering, kind_of(request)) or sent(file, request)
        return answering.problem(request, _nowhere(), kind_of(request))

    calling = Calling(pool, bearers, settings.limits, partial(answering.problem, kind=Kind.PAGE))
    return Starlette(
        routes=[*(Called(each, calling) for each in rows), *served(ROUTES, answering)],
        middleware=list(middleware(answering, settings, rows)),
        exception_handlers={HTTPException: fallback},
        lifespan=lifespan,
    )


def middleware(
    answering: Answering, settings: Settings, endpoints: Sequence[Endpoint]
) -> Iterator[Middleware]:
    """What stands before the routes, the outermost first."""
    if (handler := opened(settings.access_log)) is not None:
        yield Middleware(AccessLog, handler=handler)
    yield Middleware(SecurityHeaders)

    def refusing(request: Request, problem: Problem) -> Response:
        raw = request.scope["raw_path"].decode("latin-1")
        for endpoint in endpoints:
            if endpoint.matched(raw) is not None:
                return responded(refusal(endpoint, problem), endpoint)
        return answering.problem(request, problem, kind_of(request))

    hosts = {host_of(each) for each in (settings.host, *LOCAL, *settings.allowed_hosts)}
    yield Middleware(Guard, refusing=refusing, hosts=hosts, limits=settings.limits, endpoints=endpoints)
    if settings.origins:
        yield Middleware(ApiCors, origins=settings.origins)


def kind_of(request: Request) -> Kind:
    """As what a request that no row answers is refused."""
    path = request.scope["raw_path"].decode("latin-1")
    return Kind.API if path.startswith(API) or path.endswith(TWIN) else Kind.PAGE


def sent(file: StaticFile, request: Request) -> Response:
    """A file, unless the client has it."""
    headers = {"Cache-Control": file.cache, "ETag": file.tag}
    if is_known(file.tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(file.body, media_type=file.media, headers=headers)


def _nowhere() -> Problem:
    return Problem(404, "no-such-page", "there is nothing at this address", hint="/ has a search")
