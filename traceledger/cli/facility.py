"""``traceledger facility``: sites, and what the consortium expects from them."""

from __future__ import annotations

from typing import Any

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import participant_option
from traceledger.cli.output import table
from traceledger.documents import registry as documents
from traceledger.documents.disclosed import disclosing


@click.group(cls=Group, more=recording("facility"))
def facility() -> None:
    """Sites of companies: mines, recyclers, refineries, plants."""


@facility.command("list")
@participant_option("Only its own.")
@with_session
def list_(session: Session, participant: str | None) -> None:
    """List the facilities and the origins that are approved."""
    from traceledger.operations.directory import Directory

    index = session.synced().disclosed
    found = index.facilities(Directory(index).participant(participant) if participant else None)
    document = documents.facilities(index, found)
    columns = ("facility", "name", "kind", "country", "where", "approved origin of")
    session.output.result(
        disclosing(document, index.disclosed),
        lambda: table(columns, map(_row, document["facilities"]), drop=("where", "name")),
    )


def _row(document: dict[str, Any]) -> list[str]:
    from traceledger.model.units import format_mass

    approved = ", ".join(
        f"{item['material']} ({format_mass(int(item['capacity_per_year_mg']))} a year)"
        for item in document["approvals"]
    )
    place = "" if document["latitude"] is None else f"{document['latitude']}, {document['longitude']}"
    return [*(str(document[field]) for field in ("facility", "name", "kind", "country")), place, approved]
