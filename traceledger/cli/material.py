"""``traceledger material``: the kinds of material, and the substances tracked in them."""

from __future__ import annotations

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.output import table
from traceledger.cli.record_commands import add_recording
from traceledger.documents import registry as documents


@click.group(cls=Group)
def material() -> None:
    """Kinds of material."""


add_recording(material, "material")


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
