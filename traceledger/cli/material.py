"""``traceledger material``: the kinds of material, and the substances tracked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import evidence_option, recording
from traceledger.cli.output import table
from traceledger.cli.record import record_as_consortium
from traceledger.documents import registry as documents

if TYPE_CHECKING:
    pass


@click.group(cls=Group)
def material() -> None:
    """Kinds of material."""


@material.command()
@click.argument("material")
@click.option("--name", required=True, help="Its full name.")
@click.option(
    "--substance", "substances", multiple=True, help="What is tracked in it: Co, mica. Repeat for more."
)
@click.option("--cas", default="", help="CAS number.")
@evidence_option
@recording
@with_session
def add(session: Session, /, **given: Any) -> None:
    """Define MATERIAL, as the consortium."""
    record_as_consortium(session, "define_material", given)


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
