"""``traceledger shipment``: lots on their way between companies, and what waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import listing_options, mine_option, whose
from traceledger.cli.options import acting_only, disclosed_file_option, output_option, participant_option

if TYPE_CHECKING:
    from pathlib import Path

    from traceledger.cli.listing import Asked


@click.group(cls=Group)
def shipment() -> None:
    """Lots on their way between companies: from whom, to whom, and what is open.

    They are sent, answered and called back with: traceledger batch ship, receive, reject, cancel.
    """


@shipment.command("list")
@participant_option("Only those that it sent or that are for it.")
@click.option("--sender", metavar="PARTICIPANT", help="Sent by it.")
@click.option("--receiver", metavar="PARTICIPANT", help="For it.")
@click.option(
    "--state",
    type=click.Choice(["offered", "received", "rejected", "cancelled"]),
    help="Whose handshake stands so; offered, as long as one of its lots is open.",
)
@click.option("--since", metavar="TIME", help="Sent at that time or later; or on that day: 2026-01-31.")
@click.option("--until", metavar="TIME", help="Sent at that time or earlier; or on that day.")
@mine_option
@listing_options("shipments")
@with_session
def list_(session: Session, /, asked: Asked, **chosen: Any) -> None:
    """List shipments as they stand now, in the order in which they were sent."""
    from traceledger.cli.shipment_tables import list_shipments

    owner = whose(session, chosen["participant"], mine=chosen["mine"])
    list_shipments(session, asked, chosen | {"participant": owner})


@shipment.command()
@click.argument("shipment")
@output_option
@disclosed_file_option
@with_session
def show(session: Session, shipment: str, output: Path | None, disclosed: bool) -> None:
    """Show SHIPMENT (sender/identifier) lot by lot: what was sent, what is open, what was answered."""
    from traceledger.cli.shipment_tables import show_shipment

    show_shipment(session, shipment, output, disclosed=disclosed)


@shipment.command()
@acting_only
@with_session
def inbox(session: Session) -> None:
    """Show the shipments that the participant of --as is to answer, the oldest first. No key is needed."""
    from traceledger.cli.shipment_tables import show_inbox

    show_inbox(session)
