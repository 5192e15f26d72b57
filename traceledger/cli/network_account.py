"""``traceledger network account``: whose transactions the engine takes."""

from __future__ import annotations

from pathlib import Path

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.network_lifecycle import folder_argument
from traceledger.cli.options import confirming
from traceledger.cli.parsing import address as parsed_address
from traceledger.cli.questions import confirm
from traceledger.documents import consortium
from traceledger.model.hexadecimal import hexed


@click.group(cls=Group)
def account() -> None:
    """The accounts whose transactions Besu takes, if the network was founded with --account."""


@account.command()
@folder_argument
@click.argument("address")
@with_session
def add(session: Session, folder: Path, address: str) -> None:
    """Take transactions of the account ADDRESS too.

    Changes accounts-allowlist.json and the configuration of the nodes here, and tells those that run.
    """
    from traceledger.network.membership import membership_of

    wanted = parsed_address(address, "ADDRESS")
    document = consortium.told_of_account(wanted, membership_of(folder).admit_account(wanted))
    session.output.result(document, lambda: f"added: {hexed(wanted)}")


@account.command()
@folder_argument
@click.argument("address")
@confirming
@with_session
def remove(session: Session, folder: Path, address: str) -> None:
    """Take no more transactions of the account ADDRESS."""
    from traceledger.network.membership import membership_of

    wanted = parsed_address(address, "ADDRESS")
    network = membership_of(folder)
    known = wanted in network.accounts()
    words = "removed" if known else "was not there"
    if known:
        confirm(session, f"the nodes here take no more transactions of {hexed(wanted)}")
    document = consortium.told_of_account(wanted, network.remove_account(wanted))
    session.output.result(document, lambda: f"{words}: {hexed(wanted)}")


@account.command("list")
@folder_argument
@with_session
def list_(session: Session, folder: Path) -> None:
    """List the accounts whose transactions are taken."""
    from traceledger.network.membership import membership_of

    document = consortium.accounts(membership_of(folder).accounts())
    session.output.result(document, lambda: document["accounts"] or "all")
