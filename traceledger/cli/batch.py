"""``traceledger batch``: what happens to lots of material, and what they hold now.

What records an operation is made from what ``traceledger/operations`` declares of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import listing_options, mine_option, whose

if TYPE_CHECKING:
    from traceledger.cli.listing import Asked


@click.group(cls=Group, more=recording("batch"))
def batch() -> None:
    """Physical lots of material.

    Masses are written with a unit: "24 t", 250kg. A batch is named creator/identifier; the participant
    that acts may leave its own name out.
    """


@batch.command()
@click.argument("batch")
@with_session
def show(session: Session, batch: str) -> None:
    """Show what BATCH holds now, and everything recorded of it."""
    from traceledger.cli.batch_tables import show_batch

    show_batch(session, batch)


@batch.command("list")
@click.option("--participant", metavar="PARTICIPANT", help="Held by it.")
@click.option("--maker", metavar="PARTICIPANT", help="Made by it.")
@click.option("--material", help="Of this material.")
@click.option("--facility", help="Made at this site: participant/identifier.")
@click.option(
    "--state",
    type=click.Choice(["active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed"]),
    help="In this state.",
)
@click.option(
    "--origin",
    type=click.Choice(["mined", "post_consumer", "pre_consumer", "untraced", "run", "recycling_run"]),
    help="Which began so; what was split off, as its parent.",
)
@click.option("--shipment", metavar="SHIPMENT", help="Which went by it: sender/identifier.")
@click.option("--since", metavar="TIME", help="Made at that time or later; or on that day: 2026-01-31.")
@click.option("--until", metavar="TIME", help="Made at that time or earlier; or on that day.")
@click.option("--prefix", help="Whose full name, or identifier, begins so.")
@click.option("--contains", help="In whose identifier this stands.")
@click.option("--frozen", is_flag=True, help="Only frozen ones.")
@click.option("--held", is_flag=True, help="Only those on hold.")
@click.option("--disputed", is_flag=True, help="Only those that their maker declared an error of.")
@click.option("--recalled", is_flag=True, help="Only those that their maker recalls.")
@click.option("--off-specification", is_flag=True, help="Only those outside their material's contents.")
@click.option("--waste/--no-waste", default=None, help="Only waste, or all but waste.")
@mine_option
@listing_options("batches")
@with_session
def list_(session: Session, /, asked: Asked, **chosen: Any) -> None:
    """List batches as they are now, in the order in which they were made, and what they come to.

    What is chosen by holds together. A last row sums up all that were chosen, those of other pages too,
    but not what was reversed.
    """
    from traceledger.cli.batch_list import list_batches

    owner = whose(session, chosen["participant"], mine=chosen["mine"])
    list_batches(session, asked, chosen | {"participant": owner})
