"""``traceledger batch``: what happens to lots of material, and what they hold now.

What records an operation is made from what ``traceledger/operations`` declares of it.
"""

from __future__ import annotations

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import complete_batches, complete_participants


@click.group(cls=Group, more=recording("batch"))
def batch() -> None:
    """Physical lots of material.

    Masses are written with a unit: "24 t", 250kg. A batch is named creator/identifier; the participant
    that acts may leave its own name out.
    """


@batch.command()
@click.argument("batch", shell_complete=complete_batches)
@with_session
def show(session: Session, batch: str) -> None:
    """Show what BATCH holds now, and everything recorded of it."""
    from traceledger.cli.batch_tables import show_batch

    show_batch(session, batch)


@batch.command("list")
@click.option(
    "--participant", metavar="PARTICIPANT", shell_complete=complete_participants, help="Held by it."
)
@click.option(
    "--state",
    type=click.Choice(["active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed"]),
    help="In this state.",
)
@click.option("--material", help="Of this material.")
@with_session
def list_(session: Session, participant: str | None, state: str | None, material: str | None) -> None:
    """List batches as they are now, in the order in which they were made."""
    from traceledger.cli.batch_tables import list_batches

    list_batches(session, custodian=participant, state=state, material=material)
