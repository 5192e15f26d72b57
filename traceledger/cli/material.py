"""``traceledger material``: the kinds of material, and the substances tracked in them."""

from __future__ import annotations

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_list
from traceledger.documents import registry as documents


@click.group(cls=Group, more=recording("material"))
def material() -> None:
    """Kinds of material."""


@material.command("list")
@listing_options("materials")
@with_session
def list_(session: Session, asked: Asked) -> None:
    """List the materials."""
    print_list(session, asked, lambda index: documents.materials(index.materials()))
