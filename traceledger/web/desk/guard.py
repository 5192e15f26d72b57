"""What stands before a desk's pages: names, origins, sizes and rates, refused before anything is read.

The desk's browser sends ``Origin`` and ``Sec-Fetch-Site`` with every form; a page of a stranger cannot leave
them out, nor say that it is the desk. What sends neither, such as a program, is refused where it would change
something: programs use the command.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive

from traceledger.languages.phrases import phrase
from traceledger.web.desk.settings import DeskLimits
from traceledger.web.guard import Gate, Refusing, require_seldom, require_short
from traceledger.web.problems import ProblemError, refuse
from traceledger.web.rates import Rates

METHODS = ("GET", "HEAD", "POST")
HEADERS = {
    "Cache-Control": "no-store",
    # Under no-referrer a browser would say of the desk's own forms that they come from "null".
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""Of every answer of a desk, besides the explorer's: nothing keeps it, frames it, or learns its address."""


class DeskGuard(Gate):
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
        super().__init__(app, refusing)
        self._asking = asking
        self._names = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._limits = limits
        each = limits.connection
        self._rates = Rates(rate=each.rate, burst=each.burst, clients=each.clients)

    def _admitted(self, request: Request) -> Receive:
        self._require_known(request)
        self._require_own(request)
        require_short(request, self._limits.connection)
        most = self._require_small(request)
        require_seldom(self._rates, self._asking(request))
        return counted(request.receive, most)

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

    def _require_small(self, request: Request) -> int:
        """The most bytes that the body may have."""
        allowed = most_bytes(request, self._limits)
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
