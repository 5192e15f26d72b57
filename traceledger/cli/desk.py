"""``traceledger desk``: pages on this machine on which a company's clerks prepare, sign and follow."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import SERVED, Session, with_session
from traceledger.cli.options import acting_only
from traceledger.cli.serve import require_web
from traceledger.errors import InputError

if TYPE_CHECKING:
    from traceledger.web.desk.desk import Desk
    from traceledger.web.desk.server import NewAddress


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@click.option(
    "--idle",
    type=click.IntRange(1, 480),
    default=10,
    show_default=True,
    metavar="MINUTES",
    help="Lock the key after so many minutes without use.",
)
@acting_only
@with_session
def desk(session: Session, *, port: int, no_browser: bool, idle: int) -> None:
    """Open the desk of a company: pages on this machine on which its clerks prepare and sign.

    It prints an address that opens one browser, once; press Enter for another one. Only this machine
    reaches it. docs/desk.md describes a working day, and what keeps the desk safe.
    """
    require_web("python_multipart")
    if session.act_as is None:
        from traceledger.languages.phrases import phrase

        raise InputError(
            phrase("whose desk?"),
            where="--as",
            hint=phrase("name the company with --as, or set TRACELEDGER_AS"),
        )
    from traceledger.web.desk.desk import Desk
    from traceledger.web.desk.server import run
    from traceledger.web.desk.settings import DeskSettings

    session.serves = True
    opened = Desk(session.chosen(), DeskSettings(session.act_as, port, idle * 60.0))
    try:
        opened.open()
    except BaseException:
        opened.close()
        raise
    run(opened, lambda address: _ready(session, opened, address, browser=not no_browser))
    session.output.say(SERVED)


def _ready(session: Session, opened: Desk, address: NewAddress, *, browser: bool) -> None:
    """Say where it is, open a browser where there is one, and print another address for each Enter."""
    from traceledger.documents import networks as documents

    url = address()
    session.output.result(documents.pages_served(url, opened.network), lambda: url)
    session.output.say(
        f"the desk of {opened.participant!r} is open, on this machine only; interrupt to close it"
    )
    if browser and _has_desktop():
        _open_browser(url)
    if sys.stdin.isatty() and not session.json:
        session.output.say("the address opens one browser, once; press Enter for another one")
        _print_more(session, address)


def _has_desktop() -> bool:
    """Whether somebody sits at a screen on which a browser opens."""
    if not sys.stderr.isatty():
        return False
    return (
        os.name == "nt"
        or sys.platform == "darwin"
        or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    )


def _open_browser(url: str) -> None:
    import threading
    import webbrowser

    # Some browsers come back only when they are closed.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _print_more(session: Session, address: NewAddress) -> None:
    import threading

    def wait() -> None:
        while sys.stdin.readline():
            session.output.say(address())

    threading.Thread(target=wait, name="enter", daemon=True).start()
