"""``traceledger key``: the keys of a network, in its key folder or a token."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.completing import kind
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_document
from traceledger.cli.options import confirming, unlocking
from traceledger.cli.output import fields
from traceledger.cli.passphrases import new_passphrase, read_passphrase, typed_hidden
from traceledger.cli.questions import confirm
from traceledger.documents import machine
from traceledger.errors import SigningError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.model.units import format_time
from traceledger.signing.passphrase import text_of
from traceledger.storage.files import reading

if TYPE_CHECKING:
    from traceledger.signing.places import KeyInfo

_place_option = click.option(
    "--place",
    type=click.Choice(("folder", "token")),
    help="Where it is to live; by default in the token, if networks.toml names one.",
)
_new_passphrase_option = click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File whose first line is the new passphrase.",
)


@click.group(cls=Group)
def key() -> None:
    """Keys that sign: in encrypted files (Web3 Secret Storage), or in a token (PKCS#11)."""


@key.command()
@click.argument("name")
@_place_option
@unlocking
@with_session
def create(session: Session, name: str, place: str | None) -> None:
    """Make a key called NAME; for a participant, its short name."""
    session.client.signers.into(place)
    _require_free(session, name)
    _report(session, session.client.create_key(name))


@key.command("import")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File with the key in hexadecimal, or a key file of version 3 ('-': stdin); else you are asked.",
)
@click.option(
    "--from-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File whose first line is the passphrase of that key file, if the stored key gets another.",
)
@_place_option
@unlocking
@with_session
def import_(
    session: Session, name: str, source: Path | None, from_passphrase_file: Path | None, place: str | None
) -> None:
    """Store an existing private key as NAME: in hexadecimal, or any key file of version 3."""
    session.client.signers.into(place)
    _require_free(session, name)
    given = _given(source)
    if given.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        secret = _from_key_file(session, given, source or Path("-"), name, from_passphrase_file)
    else:
        secret = _hexadecimal(given)
    _report(session, session.client.signers.add(name, secret))


@key.command("export")
@click.argument("name", type=kind("KEY"))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to make, for its owner alone; nothing may be there.",
)
@click.option("--plain", is_flag=True, help="The private key itself, in hexadecimal, unprotected.")
@_new_passphrase_option
@unlocking
@with_session
def export(session: Session, name: str, output: Path, plain: bool, new_passphrase_file: Path | None) -> None:
    """Write the key NAME into a key file for elsewhere: another machine, a backup, a wallet.

    It is of version 3, with the standard derivation, and the same passphrase unless you give another.
    """
    from traceledger.storage.files import OWNER_ONLY, create

    signers = session.client.signers
    if plain:
        text = signers.export_secret(name).hex() + "\n"
    else:
        file = new_passphrase_file
        text = signers.export(name, session.passphrases if file is None else lambda _: read_passphrase(file))
    create(output, text, mode=OWNER_ONLY, error=SigningError)
    document = machine.exported_key(signers.info(name), output, encrypted=not plain)
    session.output.result(document, lambda: fields(document.items()))


@key.command("change-passphrase")
@click.argument("name", type=kind("KEY"))
@_new_passphrase_option
@unlocking
@with_session
def change_passphrase(session: Session, name: str, new_passphrase_file: Path | None) -> None:
    """Give the key NAME another passphrase. The old one opens copies of its file as before."""
    changed = session.client.signers.change_passphrase(
        name, lambda _: new_passphrase(new_passphrase_file, name)
    )
    _report(session, changed)


@key.command()
@click.argument("name", type=kind("KEY"))
@confirming
@with_session
def remove(session: Session, name: str) -> None:
    """Remove the stored key NAME, for good, after it was said what stops working.

    No passphrase is needed. A key that its network still knows is to be revoked there first.
    """
    from traceledger.client.key_uses import stops_working

    info = session.client.signers.info(name)
    confirm(
        session,
        f"key {name} of {hexed(info.address)} is removed from {info.place}",
        question=f"Remove key {name} of {hexed(info.address)} from {info.place}?",
        told=stops_working(session.client, info),
    )
    session.client.signers.remove(name)
    _report(session, info)


@key.command()
@click.argument("name", type=kind("KEY"))
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
    # As the option --deadline takes it.
    shown = document | {"deadline": format_time(deadline)}
    session.output.result(document, lambda: fields(shown.items()))


@key.command("list")
@listing_options("keys", files=False)
@with_session
def list_(session: Session, asked: Asked) -> None:
    """List the stored keys, where each lives, and what is not as it should be."""
    signers = session.client.signers
    damaged = signers.damaged()
    found = [signers.info(name) for name in signers.names() if name not in damaged]
    print_document(session, asked, machine.keys(found, damaged), None)
    for caution in (caution for info in found for caution in info.cautions):
        session.output.say(f"warning: {caution}")
    for error in damaged.values():
        session.output.say(f"warning: {error.sentence}")


@key.command()
@click.argument("name", type=kind("KEY"))
@with_session
def show(session: Session, name: str) -> None:
    """Show the address of a stored key and where it lives. No passphrase is needed."""
    _report(session, session.client.signers.info(name))


def _require_free(session: Session, name: str) -> None:
    """Nobody should type a passphrase twice to hear that the name is taken."""
    if not session.client.signers.is_new(name):
        raise SigningError(f"a key {name!r} exists already", hint="choose another name")


def _given(source: Path | None) -> bytes:
    """What is to be imported: the content of a file, of stdin, or what is typed."""
    from traceledger.signing.key_file import LARGEST_FILE

    if source is None and sys.stdin.isatty():
        return typed_hidden("Private key (hexadecimal)").encode()
    if source is None or str(source) == "-":
        return sys.stdin.read(LARGEST_FILE + 1).encode("utf-8", "surrogateescape")
    with reading(source, error=SigningError) as file:
        return file.read(LARGEST_FILE + 1)


def _hexadecimal(given: bytes) -> bytes:
    try:
        secret = digits(text_of(given).strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise SigningError(
            "this is not a private key", hint="give 64 hexadecimal digits, or a key file of version 3"
        )
    return secret


def _from_key_file(session: Session, given: bytes, source: Path, name: str, file: Path | None) -> bytes:
    from traceledger.signing.keystore import secret_of

    if file is not None:
        word = read_passphrase(file, may_be_empty=True)
    else:
        word = session.passphrases.of_file(source, name)
    return secret_of(given, word, where=str(source))


def _report(session: Session, info: KeyInfo) -> None:
    document = machine.key(info)
    shown = {name: value for name, value in document.items() if name != "cautions"}
    session.output.result(document, lambda: fields(shown.items()))
    for caution in info.cautions:
        session.output.say(f"warning: {caution}")
