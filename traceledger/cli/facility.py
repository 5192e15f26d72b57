"""``traceledger facility``: sites, and what the consortium expects from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.completing import FACILITY_KINDS, words
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_list
from traceledger.cli.options import participant_option
from traceledger.documents import registry as documents

if TYPE_CHECKING:
    from traceledger.index import IndexReader


@click.group(cls=Group, more=recording("facility"))
def facility() -> None:
    """Sites of companies: mines, recyclers, refineries, plants."""


@facility.command("list")
@participant_option("Only its own.")
@click.option("--kind", type=words(*FACILITY_KINDS), help="Only those of this kind.")
@click.option("--country", help="Only those in this country.")
@listing_options("facilities")
@with_session
def list_(
    session: Session, asked: Asked, participant: str | None, kind: str | None, country: str | None
) -> None:
    """List the facilities and the origins that are approved."""
    from traceledger.operations.directory import Directory

    def made(index: IndexReader) -> dict[str, Any]:
        found = index.facilities(Directory(index).participant(participant) if participant else None)
        some = (each for each in found if kind in (None, each.kind) and country in (None, each.country))
        return documents.facilities(index, some)

    print_list(session, asked, made, filters={"participant": participant, "kind": kind, "country": country})
