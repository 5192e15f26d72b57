"""``traceledger key``: the encrypted keys of a network's key folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import unlocking
from traceledger.cli.output import fields, table
from traceledger.documents import machine
from traceledger.errors import SigningError
from traceledger.model.hexadecimal import digits, hexed

if TYPE_CHECKING:
    from traceledger.signing.places import KeyInfo


@click.group(cls=Group)
def key() -> None:
    """Keys that sign, stored encrypted (Web3 Secret Storage)."""


@key.command()
@click.argument("name")
@unlocking
@with_session
def new(session: Session, name: str) -> None:
    """Make a key called NAME; for a participant, its short name."""
    _require_free(session, name)
    _report(session, session.client.create_key(name))


@key.command("import")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File with the private key in hexadecimal ('-': stdin); by default you are asked.",
)
@unlocking
@with_session
def import_(session: Session, name: str, source: Path | None) -> None:
    """Store an existing private key as NAME."""
    _require_free(session, name)
    secret = _secret(source)
    _report(session, session.client.signers.add(name, secret))


@key.command()
@click.argument("name")
@click.option(
    "--participant",
    metavar="ADDRESS",
    help="Address of the participant that it joins; by default its own: it is the first key of a new one.",
)
@click.option(
    "--days", type=click.IntRange(1, 3_650), default=30, show_default=True, help="How long it holds."
)
@unlocking
@with_session
def consent(session: Session, name: str, participant: str | None, days: int) -> None:
    """Have the key NAME sign that it joins a participant of this network.

    Who adds the key, or admits the participant, gives what this prints in the operation.
    """
    import time

    from traceledger.operations import readers
    from traceledger.sending.consent import consent as signed

    client = session.client
    signer = client.signers.unlock(client.signers.address_of(name))
    address = readers.address(participant) if participant else signer.address
    deadline = int(time.time()) + days * 86_400
    registry = client.network.deployed().registry
    signature = signed(
        signer,
        participant=address,
        deadline=deadline,
        chain_id=client.chain.chain_id,
        registry=registry,
    )
    document = machine.consent(
        participant=address, operator=signer.address, deadline=deadline, signature=signature
    )
    session.output.result(document, lambda: fields(document.items()))


@key.command("list")
@with_session
def list_(session: Session) -> None:
    """List the stored keys."""
    signers = session.client.signers
    found = [signers.info(name) for name in signers.names()]
    session.output.result(
        machine.keys(found),
        lambda: table(("name", "address"), ((info.name, hexed(info.address)) for info in found)),
    )


@key.command()
@click.argument("name")
@with_session
def show(session: Session, name: str) -> None:
    """Show the address of a stored key and its file. No passphrase is needed."""
    _report(session, session.client.signers.info(name))


def _require_free(session: Session, name: str) -> None:
    """Nobody should type a passphrase twice to hear that the name is taken."""
    if not session.client.signers.is_new(name):
        raise SigningError(f"a key {name!r} exists already", hint="choose another name")


def _secret(source: Path | None) -> bytes:
    if source is None:
        text = _piped() if not sys.stdin.isatty() else _typed()
    elif str(source) == "-":
        text = _piped()
    else:
        try:
            text = source.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            raise SigningError("the private key cannot be read", where=str(source)) from None
    try:
        secret = digits(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise SigningError("this is not a private key", hint="give 64 hexadecimal digits")
    return secret


def _piped() -> str:
    return sys.stdin.readline()


def _typed() -> str:
    return str(click.prompt("Private key (hexadecimal)", hide_input=True, err=True))


def _report(session: Session, info: KeyInfo) -> None:
    document = machine.key(info)
    session.output.result(document, lambda: fields(document.items()))
