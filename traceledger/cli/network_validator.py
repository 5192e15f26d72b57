"""``traceledger network validator``: who makes blocks, by vote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.network_lifecycle import folder_argument, only_option
from traceledger.cli.options import confirming
from traceledger.cli.output import table
from traceledger.cli.parsing import address as parsed_address
from traceledger.cli.questions import confirm
from traceledger.documents import consortium
from traceledger.model.hexadecimal import hexed


@click.group(cls=Group)
def validator() -> None:
    """The validators of a network, which are added and removed by their votes."""


@validator.command()
@folder_argument
@click.argument("address")
@click.option("--remove", is_flag=True, help="Vote to remove it; else to add it.")
@only_option
@confirming
@with_session
def propose(session: Session, folder: Path, address: str, remove: bool, only: tuple[str, ...]) -> None:
    """Vote with the validators that run here to add the validator ADDRESS, or to remove it.

    It is done when more than half of all validators vote so, each in a block that it makes; nobody votes
    where it is done already.
    """
    from traceledger.network.membership import membership_of

    wanted = parsed_address(address, "ADDRESS")
    if remove:
        confirm(session, f"the validators that run here vote to remove the validator {hexed(wanted)}")
    voted = membership_of(folder).propose(wanted, add=not remove, only=only)
    document = consortium.proposed(wanted, voted, add=not remove)
    voting = document["voting"]
    words = f"{', '.join(voting)} vote{'s' if len(voting) == 1 else ''}"
    if not voting:
        words = f"{hexed(wanted)} {'is no validator' if remove else 'is a validator already'}"
    session.output.result(document, lambda: words)


@validator.command()
@folder_argument
@click.argument("address")
@only_option
@with_session
def discard(session: Session, folder: Path, address: str, only: tuple[str, ...]) -> None:
    """Take back what the nodes that run here vote about ADDRESS; also once a vote has passed."""
    from traceledger.network.membership import membership_of

    wanted = parsed_address(address, "ADDRESS")
    document = consortium.discarded(wanted, membership_of(folder).discard(wanted, only=only))
    names = ", ".join(document["discarded"])
    session.output.result(document, lambda: f"taken back: {names or 'none had voted'}")


@validator.command("list")
@folder_argument
@with_session
def list_(session: Session, folder: Path) -> None:
    """List the validators, and those that nodes here vote for, as a node that runs here knows them."""
    from traceledger.network.membership import membership_of

    document = consortium.validators(membership_of(folder).validators())
    columns = ("address", "node", "validator", "signing", "votes here")
    session.output.result(document, lambda: table(columns, map(_row, document["validators"])))


def _row(document: dict[str, Any]) -> list[str]:
    return [
        document["address"],
        document["node"] or "",
        "yes" if document["validator"] else "no",
        "yes" if document["signing"] else "no",
        ", ".join(f"{name}: {vote}" for name, vote in document["votes"].items()),
    ]
