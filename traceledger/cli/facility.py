"""``traceledger facility``: sites, and what the consortium expects from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import acting, complete_participants, evidence_option, recording
from traceledger.cli.output import table
from traceledger.cli.record import record, record_as_consortium, require_actor
from traceledger.documents import registry as documents
from traceledger.documents.disclosed import disclosing

if TYPE_CHECKING:
    pass


@click.group(cls=Group)
def facility() -> None:
    """Sites of companies: mines, recyclers, refineries, plants."""


@facility.command()
@click.argument("facility")
@click.option(
    "--kind", required=True, help="mine and recycler are origins; others as you like, say refinery."
)
@click.option("--country", required=True, metavar="CODE", help="ISO 3166-1 alpha-2, for instance CD.")
@click.option("--name", help="Its full name.")
@click.option("--latitude", metavar="DEGREES", help="Decimal degrees (WGS 84), north positive: -10.72.")
@click.option("--longitude", metavar="DEGREES", help="Decimal degrees (WGS 84), east positive: 25.47.")
@evidence_option
@acting
@with_session
def add(session: Session, /, **given: Any) -> None:
    """Declare FACILITY, a site of the participant that acts."""
    require_actor(session)
    record(session, "register_facility", given)


@facility.command("list")
@click.option(
    "--of", "owner", metavar="PARTICIPANT", shell_complete=complete_participants, help="Only its own."
)
@with_session
def list_(session: Session, owner: str | None) -> None:
    """List the facilities and the origins that are approved."""
    from traceledger.operations.directory import Directory

    index = session.synced().disclosed
    found = index.facilities(Directory(index).participant(owner) if owner else None)
    document = documents.facilities(index, found)
    columns = ("facility", "name", "kind", "country", "where", "approved origin of")
    session.output.result(
        disclosing(document, index.disclosed),
        lambda: table(columns, map(_row, document["facilities"])),
    )


@facility.command()
@click.argument("facility")
@click.argument("material")
@click.option(
    "--capacity",
    "capacity_per_year",
    required=True,
    metavar="MASS",
    help="The most it may mint in a calendar year: '4000 t'; '0 t' withdraws the approval.",
)
@evidence_option
@recording
@with_session
def approve(session: Session, /, **given: Any) -> None:
    """Expect MATERIAL from FACILITY (participant/identifier), as the consortium."""
    record_as_consortium(session, "approve_origin", given)


def _row(document: dict[str, Any]) -> list[str]:
    from traceledger.model.units import format_mass

    approved = ", ".join(
        f"{item['material']} ({format_mass(int(item['capacity_per_year_mg']))} a year)"
        for item in document["approvals"]
    )
    place = "" if document["latitude"] is None else f"{document['latitude']}, {document['longitude']}"
    return [*(str(document[field]) for field in ("facility", "name", "kind", "country")), place, approved]
