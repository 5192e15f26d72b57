"""Runs a desk with uvicorn, in this process, at this machine's own address only, until it is told to end."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from traceledger.web import server
from traceledger.web.desk.app import TOKEN, create_app
from traceledger.web.desk.desk import Desk
from traceledger.web.desk.settings import HOST
from traceledger.web.settings import Settings

NewAddress = Callable[[], str]
"""Gives an address with a new one-time token; those before count no more."""
Ready = Callable[[NewAddress], None]


def run(desk: Desk, ready: Ready) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        desk: it is closed at the end.
        ready: is given what makes addresses, once requests are taken.

    Raises:
        InputError: the port cannot be taken.
    """
    listening = server.bound(HOST, desk.settings.port)
    port = listening.getsockname()[1]
    settings = Settings(HOST, port, limits=desk.settings.limits.connection)
    server.serve(create_app(desk, port), listening, settings, lambda url: ready(lambda: address(desk, url)))


def address(desk: Desk, url: str) -> str:
    """The address of a desk, with a new one-time token.

    Args:
        desk: which.
        url: where it listens, without a slash at its end.
    """
    return f"{url}/{desk.entrance.place}/enter?{urlencode({TOKEN: desk.entrance.token()})}"
