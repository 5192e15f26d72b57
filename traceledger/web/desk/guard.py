"""What stands before a desk's pages: names, origins, sizes and rates, refused before anything is read.

The desk's browser sends ``Origin`` and ``Sec-Fetch-Site`` with every form; a page of a stranger cannot leave
them out, nor say that it is the desk. What sends neither, such as a program, is refused where it would change
something: programs use the command.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from traceledger.languages.phrases import phrase
from traceledger.web.desk.settings import DeskLimits
from traceledger.web.guard import require_seldom
from traceledger.web.problems import Problem, ProblemError, refuse
from traceledger.web.rates import Rates

Refusing = Callable[[Request, Problem], Response]
METHODS = ("GET", "HEAD", "POST")
_HEADERS = {
    "Cache-Control": "no-store",
    # Under no-referrer a browser would say of the desk's own forms that they come from "null".
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Private:
    """Adds headers to every answer: that nothing keeps it, frames it, or learns its address.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)


class DeskGuard:
    """Refuses what is meant for another server, comes from another page, is too long or too often.

    Args:
        app: what answers the rest.
        refusing: makes the answer of a problem.
        asking: says whose rate a request counts for.
        port: where the desk listens.
        limits: the numbers.
    """

    def __init__(
        self,
        app: ASGIApp,
        refusing: Refusing,
        asking: Callable[[Request], str],
        *,
        port: int,
        limits: DeskLimits,
    ) -> None:
        self._app = app
        self._refusing = refusing
        self._asking = asking
        self._names = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._limits = limits
        each = limits.connection
        self._rates = Rates(rate=each.rate, burst=each.burst, clients=each.clients)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            self._require_known(request)
            self._require_own(request)
            most = self._require_short(request)
            require_seldom(self._rates, self._asking(request))
        except ProblemError as error:
            await self._refusing(request, error.problem)(scope, receive, send)
            return
        await self._app(scope, counted(receive, most), send)

    def _require_known(self, request: Request) -> None:
        """The name by which it is called: a stranger's name that leads here is answered nothing."""
        if request.method not in METHODS:
            raise refuse(
                405,
                "method-not-allowed",
                phrase("the desk takes GET and POST"),
                headers={"Allow": ", ".join(METHODS)},
            )
        named = request.headers.getlist("host")
        if len(named) != 1 or named[0].lower() not in self._names:
            raise refuse(
                421,
                "strange-host",
                phrase("this desk is not known by that name"),
                where="Host",
                hint=phrase("use the address that it printed"),
            )

    def _require_own(self, request: Request) -> None:
        """That a form was sent by a page of this desk."""
        if request.method != "POST":
            return
        origin, site = request.headers.getlist("origin"), request.headers.getlist("sec-fetch-site")
        own = [f"http://{request.headers['host'].lower()}"]
        if (origin and origin != own) or (site and site != ["same-origin"]) or not (origin or site):
            raise refuse(
                403,
                "strange-origin",
                phrase("this was sent by another page than the desk's, and nothing was done"),
                where="Origin",
                hint=phrase("open the desk at the address that it printed"),
            )

    def _require_short(self, request: Request) -> int:
        """The most bytes that the body may have."""
        limits = self._limits
        most = limits.connection.url_bytes
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > most:
            raise refuse(414, "address-too-long", phrase("the address has more than {most} bytes", most=most))
        most = limits.connection.header_bytes
        if sum(len(name) + len(value) for name, value in request.scope["headers"]) > most:
            raise refuse(
                431, "headers-too-large", phrase("the headers have more than {most} bytes", most=most)
            )
        allowed = most_bytes(request, limits)
        sent = request.headers.get("content-length", "0")
        if not (sent.isascii() and sent.isdigit()) or int(sent) > allowed:
            raise too_large(allowed)
        return allowed


def is_multipart(headers: Headers) -> bool:
    """Whether a form may have files."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"


def most_bytes(request: Request, limits: DeskLimits) -> int:
    """How long the body of a request may be."""
    if request.method != "POST":
        return 0
    return limits.upload_bytes if is_multipart(request.headers) else limits.form_bytes


def too_large(most: int) -> ProblemError:
    """What is said of a body that is too long."""
    return refuse(
        413,
        "body-too-large",
        phrase("this is more than the {most} bytes that the desk takes at once", most=most),
        hint=phrase("give it in parts, or to traceledger submit"),
        headers={"Connection": "close"},
    )


def counted(receive: Receive, most: int) -> Receive:
    """What receives a body, up to so many bytes, whatever its head says."""
    so_far = 0

    async def receiving() -> Message:
        nonlocal so_far
        message = await receive()
        if message["type"] == "http.request":
            so_far += len(message.get("body", b""))
            if so_far > most:
                raise too_large(most)
        return message

    return receiving
