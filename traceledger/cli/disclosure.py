"""``traceledger disclosure``: what opens private texts, given to others and received from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_document
from traceledger.cli.options import participant_option
from traceledger.documents import machine
from traceledger.model.commitments import FieldKind
from traceledger.model.counting import counted
from traceledger.names import Names

_TARGET = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def disclosure() -> None:
    """What opens private texts: names, identifiers and evidence of which the chain holds commitments only."""


@disclosure.command()
@click.argument("batches", nargs=-1, metavar="[BATCH]...")
@click.option(
    "--facility", "facilities", multiple=True, help="A facility: participant/identifier. Repeat for more."
)
@click.option(
    "--participant",
    "participants",
    multiple=True,
    help="A company's name. Repeat for more.",
)
@click.option("--all", "everything", is_flag=True, help="All that is known here, for a machine of one's own.")
@click.option("-o", "--output", "target", type=_TARGET, required=True, help="The file to write.")
@with_session
def export(
    session: Session,
    batches: Sequence[str],
    facilities: Sequence[str],
    participants: Sequence[str],
    everything: bool,
    target: Path,
) -> None:
    """Write what opens the private texts of each BATCH and of all upstream of it, as far as known here.

    Give the file to those only who may know: whoever has it can prove to anybody what it says.
    """
    count = session.synced().export_disclosures(
        target, batches=batches, facilities=facilities, participants=participants, everything=everything
    )
    document = machine.openings_exported(target, count)
    session.output.result(document, lambda: f"{counted(count, 'opening')} written to {target}")


@disclosure.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_session
def import_(session: Session, file: Path) -> None:
    """Take over the openings of FILE, if each opens what stands on chain; else none of them."""
    done = session.synced().import_disclosures(file)
    document = machine.openings_imported(file, done.openings, new=done.new)
    session.output.result(document, lambda: f"{counted(done.openings, 'opening')} taken, {done.new} new")


@disclosure.command("list")
@participant_option("Only its own.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in FieldKind]), help="Only those of this kind."
)
@listing_options("disclosures", files=False)
@with_session
def list_(session: Session, asked: Asked, participant: str | None, kind: str | None) -> None:
    """List the private texts that are known here. Their salts are not shown."""
    client = session.synced()
    names = client.names()
    address = names.participant(participant) if participant else None
    found = (
        opening
        for opening in client.disclosures.all()
        if kind in (None, opening.kind.value) and address in (None, opening.owner)
    )
    print_document(session, asked, machine.openings(found, Names(client.index)), client.index)
