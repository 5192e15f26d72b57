"""``traceledger batch``: what happens to lots of material, and what they hold now.

The options are named as the fields of the operations file, and collected into one operation.
"""

from __future__ import annotations

from typing import Any

import rich_click as click

from traceledger.cli import parsing
from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import complete_batches, complete_participants, emission_options, physical
from traceledger.cli.record import record_physical

_BATCH = click.argument("batch", shell_complete=complete_batches)
_SHIPMENT = click.argument("shipment")


@click.group(cls=Group)
def batch() -> None:
    """Physical lots of material.

    Masses are written with a unit: "24 t", 250kg. A batch is named creator/identifier; the participant
    that acts may leave its own name out.
    """


@batch.command()
@_BATCH
@click.option("--material", help="What it is of.")
@click.option("--facility", help="The mine or recycler that it comes from.")
@click.option("--mass", help="Its gross mass: '24 t'.")
@click.option(
    "--substance",
    "substances",
    multiple=True,
    metavar="SUBSTANCE=MASS",
    help="What it holds of a tracked substance: Co=8.4t. Repeat for more.",
    callback=parsing.parsed(parsing.substances),
)
@click.option("--origin", help="mined, post_consumer or pre_consumer.")
@emission_options
@physical
@with_session
def mint(session: Session, /, **given: Any) -> None:
    """Bring a new BATCH onto the ledger, at a mine or recycler."""
    record_physical(session, "mint", given)


@batch.command()
@_BATCH
@click.option(
    "--into",
    multiple=True,
    metavar="NAME=MASS",
    help="A batch to split off. Repeat for more.",
    callback=parsing.parsed(parsing.children),
)
@physical
@with_session
def split(session: Session, /, **given: Any) -> None:
    """Split batches off BATCH; the rest stays in it."""
    record_physical(session, "split", given)


@batch.command()
@_SHIPMENT
@click.option("--batch", "batches", multiple=True, shell_complete=complete_batches, help="Repeat for more.")
@click.option(
    "--to", metavar="PARTICIPANT", shell_complete=complete_participants, help="Who is to receive it."
)
@emission_options
@physical
@with_session
def ship(session: Session, /, **given: Any) -> None:
    """Offer batches to another participant as SHIPMENT, with the emissions of the transport."""
    record_physical(session, "ship", given)


@batch.command()
@_SHIPMENT
@click.option(
    "--arrived",
    multiple=True,
    metavar="BATCH=MASS",
    help="What arrived of a batch that is not complete; the rest is declared lost. Repeat for more.",
    callback=parsing.parsed(parsing.masses),
)
@physical
@with_session
def receive(session: Session, /, **given: Any) -> None:
    """Take custody of SHIPMENT (sender/identifier)."""
    record_physical(session, "receive", given)


@batch.command()
@_SHIPMENT
@click.option("--reason", help="Why; it is recorded.")
@physical
@with_session
def reject(session: Session, /, **given: Any) -> None:
    """Refuse SHIPMENT (sender/identifier), as its receiver."""
    record_physical(session, "reject", given)


@batch.command()
@_SHIPMENT
@click.option("--reason", help="Why; it is recorded.")
@physical
@with_session
def cancel(session: Session, /, **given: Any) -> None:
    """Take SHIPMENT back, as its sender, before it is received."""
    record_physical(session, "cancel", given)


@batch.command()
@click.argument("transformation")
@click.option("--facility", help="Where.")
@click.option("--process", help="What is done, for instance refining.")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="BATCH[=MASS]",
    help="A batch to take from, all of it or a mass. They are taken in this order. Repeat for more.",
    callback=parsing.parsed(parsing.inputs),
    shell_complete=complete_batches,
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="NAME,material=…,mass=…",
    help="A batch to make: COS-88,material=cobalt-sulfate,mass=16t,Co=3.36t; under the economic rule also"
    " weight=N. Repeat for more.",
    callback=parsing.parsed(parsing.outputs),
)
@click.option(
    "--loss",
    "losses",
    multiple=True,
    metavar="SUBSTANCE=MASS",
    help="What is lost of a substance, or 'balance': whatever the outputs leave over. Repeat for more.",
    callback=parsing.parsed(parsing.losses),
)
@click.option("--allocation", help="How CO2e is shared among the outputs: mass (default) or economic.")
@emission_options
@physical
@with_session
def transform(session: Session, /, **given: Any) -> None:
    """Make batches of batches at a facility, as the run TRANSFORMATION."""
    record_physical(session, "transform", given)


@batch.command()
@_BATCH
@emission_options
@click.option("--reason", help="Of what: storage, handling.")
@physical
@with_session
def emit(session: Session, /, **given: Any) -> None:
    """Add emissions in custody to BATCH."""
    record_physical(session, "add_emissions", given)


@batch.command()
@_BATCH
@click.option("--reason", help="For instance delivered, disposed of, lost.")
@physical
@with_session
def retire(session: Session, /, **given: Any) -> None:
    """Retire BATCH for good."""
    record_physical(session, "retire", given)


@batch.command("declare-error")
@_BATCH
@click.option("--reason", help="did_not_occur or incorrect_data.")
@click.option(
    "--corrective", multiple=True, metavar="BATCH", help="A batch that corrects it. Repeat for more."
)
@physical
@with_session
def declare_error(session: Session, /, **given: Any) -> None:
    """Declare that what was recorded of BATCH is wrong, as its creator, an auditor or the consortium.

    The batch is frozen, and everything made from it is tainted.
    """
    record_physical(session, "declare_error", given, needs_actor=False)


@batch.command()
@_BATCH
@with_session
def show(session: Session, batch: str) -> None:
    """Show what BATCH holds now, and everything recorded of it."""
    from traceledger.cli.batches import show_batch

    show_batch(session, batch)


@batch.command("list")
@click.option("--custodian", metavar="PARTICIPANT", shell_complete=complete_participants, help="Held by it.")
@click.option(
    "--state",
    type=click.Choice(["active", "in_transit", "consumed", "retired"]),
    help="In this state.",
)
@click.option("--material", help="Of this material.")
@with_session
def list_(session: Session, custodian: str | None, state: str | None, material: str | None) -> None:
    """List batches as they are now, in the order in which they were made."""
    from traceledger.cli.batches import list_batches

    list_batches(session, custodian=custodian, state=state, material=material)
