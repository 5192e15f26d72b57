"""``traceledger tx``: transactions that were signed on a machine without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, account_address, with_session
from traceledger.cli.options import Target
from traceledger.cli.submit import report
from traceledger.documents import machine
from traceledger.model.counting import counted

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def tx() -> None:
    """Transactions that were signed with --offline on a machine without a network."""


@tx.command()
@click.argument("file", type=_FILE)
@with_session
def send(session: Session, file: Path) -> None:
    """Send the signed transactions of FILE, each once, and wait until they are final.

    Interrupted or run again, it goes on where it stopped. A file that was changed, or that is for another
    network, is refused.
    """
    client = session.client
    with session.output.progress("Sending") as progress:
        done = client.send_file(file, progress=progress)
    report(session, file, done)


@tx.command()
@click.argument("file", type=_FILE)
@with_session
def show(session: Session, file: Path) -> None:
    """Show all that was signed into FILE: every argument of every call. No connection is made.

    Names are shown where the directory file of the network's folder proves them; other addresses and ids
    are shown as they stand there.
    """
    from traceledger.documents import signed_calls

    with session.client.signed_file(file) as (found, called):
        document = signed_calls.file(file, found, called)
    session.output.result(document, lambda: list(_shown(document["transactions"])))


@tx.command()
@click.argument("file", type=Target())
@click.option(
    "--participant",
    "participants",
    multiple=True,
    help="A company whose name is to be known there; by default all. Repeat for more.",
)
@click.option(
    "--batch",
    "batches",
    multiple=True,
    help="A lot whose mass is to be known there. Repeat for more.",
)
@with_session
def directory(session: Session, file: Path, participants: tuple[str, ...], batches: tuple[str, ...]) -> None:
    """Write FILE, by which a machine without a network knows whom names mean.

    It proves the names by the registry's state at the newest final block. Put it there as directory.json into
    the network's folder; it is verified against the trust root that networks.toml names.
    """
    found = session.synced().export_directory(file, participants=participants, batches=batches)
    document = machine.directory(file, found)
    names, lots = len(found.participants), len(found.batches)
    session.output.result(
        document, lambda: f"{counted(names, 'name')} and {counted(lots, 'lot')} proved in {file}"
    )


@tx.command()
@click.argument("account")
@with_session
def nonce(session: Session, account: str) -> None:
    """Show the next nonce of ACCOUNT: the name of a stored key or participant, or an address."""
    client = session.client
    address = account_address(client, account)
    number = client.next_nonce(address)
    session.output.result(machine.next_nonce(address, number), lambda: str(number))


def _shown(transactions: list[dict[str, Any]]) -> Iterator[str]:
    """All that was signed, line by line."""
    for item in transactions:
        name = item["contract_name"] or "no contract of this network"
        what = item["calls"] if item["known"] else f"unknown call {item['calls']}"
        yield f"{what} of {name} {item['contract']} ({item['from']}; said to be {item['operation']})"
        yield f"  signed by {_named(item['sender'], item['sender_name'])}"
        fees = ", ".join(f"{word} {amount}" for word, amount in item["fees_wei"].items())
        terms = f"nonce {item['nonce']}, gas {item['gas']}, {fees} wei, value {item['value_wei']} wei"
        yield f"  chain {item['chain_id']}, {terms}, transaction {item['transaction']}"
        for each in item["arguments"]:
            value = "none" if each["value"] is None else str(each["value"])
            yield f"  {each['name']}: {_named(value, each['means'])}"
        for entry in item["access_list"]:
            yield f"  access list: {entry}"
        if item["trailing_bytes"]:
            yield f"  AFTER the arguments, which the contract ignores: {item['trailing_bytes']}"
        if item["irregular"]:
            yield "  The arguments are encoded otherwise than usual; there may be bytes between them:"
        if item["unknown_data"]:
            yield f"  data: {item['unknown_data']}"


def _named(value: str, means: str | None) -> str:
    return f"{value} ({means})" if means else value
