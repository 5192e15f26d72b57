"""``traceledger material``: the kinds of material, and the substances tracked in them."""

from __future__ import annotations

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import table
from traceledger.documents import registry as documents


@click.group(cls=Group, more=recording("material"))
def material() -> None:
    """Kinds of material."""


@material.command("list")
@with_session
def list_(session: Session) -> None:
    """List the materials."""
    found = session.synced().index.materials()
    document = documents.materials(found)
    session.output.result(
        document,
        lambda: table(
            ("material", "name", "substances", "CAS"),
            ((d["material"], d["name"], ", ".join(d["substances"]), d["cas"]) for d in document["materials"]),
        ),
    )
