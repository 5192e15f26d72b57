"""``traceledger recycled``: recycled content of battery models, by the terms of the law that asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import output_option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.reporting.recycled import RecycledReport, RecycledRow


@click.group(cls=Group)
def recycled() -> None:
    """Recycled content of battery models by year and plant, as EU Battery Regulation, Article 8 counts."""


@recycled.command()
@click.option(
    "--year", "years", multiple=True, type=click.IntRange(1970, 9999), help="A calendar year. Repeat."
)
@click.option(
    "--material",
    "materials",
    multiple=True,
    metavar="MATERIAL",
    help="A battery model; by default every material that is a product. Repeat.",
)
@click.option("--facility", "facilities", multiple=True, metavar="FACILITY", help="Only this plant. Repeat.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What is an active material, and what battery manufacturing waste; in TOML.",
)
@output_option
@with_session
def report(
    session: Session,
    *,
    years: tuple[int, ...],
    materials: tuple[str, ...],
    facilities: tuple[str, ...],
    rules: Path | None,
    output: Path | None,
) -> None:
    """Report what of cobalt, lithium, nickel and lead was recovered from waste, by Article 8's own terms.

    Other waste of production than that of batteries does not count, nor metal outside active materials.
    """
    from traceledger.documents import recycled as documents
    from traceledger.provenance.article_8_rules import load_rules
    from traceledger.reporting import recycled as reporting

    wanted = reporting.Wanted(materials, facilities, years)
    client = session.synced()
    said, index = client.article_8 if rules is None else load_rules(rules), client.index
    with index.snapshot():
        found = reporting.recycled(index, wanted, said)
    if output is None:
        document = documents.recycled(found, reporting.BASIS)
        session.output.result(document, lambda: _drawn(found))
        return
    from traceledger.cli.rows import write_table
    from traceledger.interop.tables.declared import RECYCLED

    filters = {"material": ", ".join(materials), "facility": ", ".join(facilities)}
    write_table(
        session, RECYCLED, documents.recycled_rows(found), output, session.client.index, filters=filters
    )


def _drawn(found: RecycledReport) -> RenderableType:
    from rich.console import Group as Stack

    from traceledger.cli.output import styled
    from traceledger.cli.rows import drawn
    from traceledger.documents import recycled as documents
    from traceledger.interop.tables.declared import RECYCLED
    from traceledger.reporting.recycled import BASIS

    notes = [note for row in found.rows for note in _notes(row)]
    notes += [f"declared in error, and in no figure: {name}" for name in found.in_error]
    rows = documents.recycled_rows(found)
    return Stack(drawn(RECYCLED, rows), "", *map(_note, notes), styled(BASIS, "dim"))


def _note(text: str) -> RenderableType:
    from traceledger.cli.output import styled

    note = styled(text)
    note.overflow = "ignore"  # A name is longer than a narrow line rather than divided.
    return note


def _notes(row: RecycledRow) -> list[str]:
    """What may have been recovered and does not count, and why."""
    from traceledger.cli.figures import mass
    from traceledger.documents.recycled import why_not

    what = f"{row.metal} in {row.material} of {row.facility}, {row.year}"
    notes = [
        f"{what}: {mass(part.mass_mg)} of {part.origin} does not count, as {why_not(part)}"
        for part in row.content.uncounted
    ]
    if row.share is None:
        notes.append(f"{what}: nothing of it is shown to be in active materials")
    return notes
