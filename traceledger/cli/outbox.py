"""``traceledger outbox``: the transactions that this machine signed for a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, account_address, with_session
from traceledger.cli.listing import Asked, listing_options, print_document
from traceledger.cli.options import confirming
from traceledger.cli.questions import confirm
from traceledger.documents import machine
from traceledger.languages.phrases import phrases
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.sending.outbox import Entry


@click.group(cls=Group)
def outbox() -> None:
    """The transactions that were signed here for a network, and what became of them."""


@outbox.command("list")
@click.option("--unfinished", is_flag=True, help="Only those of which anything may still become.")
@listing_options("transactions", disclosed=False, limit=50)
@with_session
def list_(session: Session, asked: Asked, unfinished: bool) -> None:
    """List the transactions, the newest first: state, operation, sender, nonce, hash, block.

    The network is not asked: states are those when it was last looked at.
    """
    client = session.client
    found = client.outbox()
    shown = [entry for entry in reversed(found) if entry.unfinished or not unfinished]
    document = machine.outbox(client.network.outbox_file, found, shown)
    print_document(session, asked, document, None, filters={"unfinished": unfinished})


@outbox.command()
@with_session
def resume(session: Session) -> None:
    """Send what is unfinished again, the same bytes, and wait until it is known what became of each."""
    with session.output.progress("Settling") as progress:
        settled = session.client.resume(progress=progress)
    session.output.result(machine.settled(settled), lambda: summary(settled))


@outbox.command()
@click.argument("account")
@click.argument("nonce", type=click.IntRange(min=0))
@confirming
@with_session
def discard(session: Session, account: str, nonce: int) -> None:
    """Give up the unfinished transactions of ACCOUNT from NONCE on, which the nodes refuse for good.

    ACCOUNT is the name of a stored key or participant, or an address. Every endpoint of the network must
    answer and say that it has not got the transaction. An empty one is sent in its place, and waited for:
    from then on what was given up is void, even if somebody else has it.
    """
    address = account_address(session.client, account)
    given_up = [
        f"nonce {entry.nonce}, {entry.operation} ({entry.source})"
        for entry in session.client.outbox()
        if entry.unfinished and entry.sender == address and entry.nonce >= nonce
    ]
    if given_up:
        confirm(
            session,
            phrases(
                "{number} transaction of {account} is given up for good",
                "{number} transactions of {account} are given up for good",
                len(given_up),
                account=f"{account} {hexed(address)}",
            ),
            told=(f"to be given up: {words}" for words in given_up),
        )
    with session.output.progress("Voiding") as progress:
        found = session.client.discard(address, nonce, progress=progress)
    session.output.result(machine.discarded(found), lambda: [*map(_fate, found)])


def _fate(entry: Entry) -> str:
    """What became of a transaction that was to be given up, in words."""
    what = f"nonce {entry.nonce}, {entry.operation} ({entry.source}): "
    if entry.state == "final":
        return what + "it was mined after all, and has happened; do not repeat it"
    if entry.state == "failed":
        return what + "it was mined after all, and the contracts refused it"
    if entry.taken_by is not None:
        return what + f"void, {hexed(entry.taken_by)} took its nonce"
    return what + "given up; it is void once another transaction of this nonce is final, so sign that next"


def summary(entries: Iterable[Entry]) -> str:
    """How many transactions ended how, in words."""
    states = machine.states(entries)
    if not states:
        return "nothing was unfinished"
    return ", ".join(f"{count} {state}" for state, count in states.items())
