"""``traceledger token``: by which programs are known to ``traceledger serve``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.completing import kind
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import confirming
from traceledger.cli.output import fields, table
from traceledger.cli.questions import confirm
from traceledger.documents import tokens as documents
from traceledger.errors import InputError
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.web.scopes import Scope
    from traceledger.web.tokens import TokenFile

_SCOPES = ("read:private", "read:proofs", "read:footprints", "write:capture")
_DAY = 86_400


@click.group(cls=Group)
def token() -> None:
    """By which programs are known to traceledger serve, and read what is not for everybody."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(_SCOPES),
    help="What it allows: private texts known here, proof files, PACT footprints, events to capture. Repeat.",
)
@click.option(
    "--participant", metavar="PARTICIPANT", help="With write:capture, the company whose desk gets the events."
)
@click.option("--days", type=click.IntRange(1, 3660), help="It expires after so many days; by default in 90.")
@click.option("--no-expiry", is_flag=True, help="It never expires.")
@with_session
def create(
    session: Session,
    name: str,
    *,
    scopes: tuple[str, ...],
    participant: str | None,
    days: int | None,
    no_expiry: bool,
) -> None:
    """Make a token NAME, and show its secret: this once.

    Only its hash is kept, in the network's folder. A server that runs takes it at once.
    """
    if days is not None and no_expiry:
        raise InputError("it cannot both expire and not", where="--days", hint="give one of them")
    now = int(time.time())
    expires = None if no_expiry else now + (days or 90) * _DAY
    if participant is not None:
        session.synced().names().participant(participant)
    secret = _tokens(session).add(
        name, _scopes(scopes), created_at=now, expires_at=expires, participant=participant or ""
    )
    document = documents.token_added(name, secret, scopes=scopes, expires_at=expires, participant=participant)
    session.output.say("the secret is shown this once; send it as: Authorization: Bearer SECRET")
    session.output.result(document, lambda: secret)


@token.command("list")
@with_session
def list_(session: Session) -> None:
    """List the tokens, without their secrets, which nobody has."""
    now, found = time.time(), _tokens(session).all()
    document = documents.tokens(found, now)
    session.output.result(
        document,
        lambda: table(
            ("token", "scopes", "made", "expires"),
            (
                (
                    each["token"],
                    ", ".join(each["scopes"]) or "none",
                    format_time(each["created_at"]),
                    _expiry(each),
                )
                for each in document["tokens"]
            ),
        ),
    )


@token.command()
@click.argument("name", type=kind("TOKEN"))
@confirming
@with_session
def remove(session: Session, name: str) -> None:
    """Remove the token NAME, for good; a server that runs refuses it from then on."""
    tokens = _tokens(session)
    for found in documents.tokens(tokens.all(), time.time())["tokens"]:
        if found["token"] == name:
            scopes = ", ".join(found["scopes"]) or "none"
            made = format_time(found["created_at"])
            about = f"scopes: {scopes}; made {made}; expires: {_expiry(found)}"
            confirm(session, f"token {name} is removed for good ({about})")
    tokens.remove(name)
    document = documents.token_removed(name)
    session.output.result(document, lambda: fields(document.items()))


def _expiry(each: dict[str, object]) -> str:
    if each["expires_at"] is None:
        return "never"
    return f"{format_time(int(str(each['expires_at'])))}{' (expired)' if each['expired'] else ''}"


def _tokens(session: Session) -> TokenFile:
    from traceledger.web.tokens import TokenFile

    return TokenFile(session.chosen().tokens_file)


def _scopes(given: tuple[str, ...]) -> frozenset[Scope]:
    from traceledger.web.scopes import Scope

    return frozenset(map(Scope, given))
