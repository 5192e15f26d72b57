"""``traceledger trace``: where a batch comes from, or where it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import as_of_option, output_option
from traceledger.cli.picture import Wanted, disclosed_picture_option, svg_options
from traceledger.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from traceledger.model.assurance import Finding
    from traceledger.provenance import Direction, Impact, Trace
    from traceledger.provenance.trouble import Trouble


@click.command(cls=Command)
@click.argument("batch")
@click.option("--up/--down", "up", default=True, help="To its origins (default), or to all made from it.")
@click.option("--tree", is_flag=True, help="As a tree; with --json, the lineage's batches and edges too.")
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    help="Levels of the tree that are shown; by default those that fit the terminal.",
)
@as_of_option
@output_option
@svg_options
@disclosed_picture_option
@with_session
def trace(
    session: Session,
    batch: str,
    *,
    up: bool,
    tree: bool,
    depth: int | None,
    as_of: int | None,
    output: Path | None,
    svg: str | None,
    lang: str | None,
    narrow: bool,
    disclosed: bool,
) -> None:
    """Trace BATCH: its origins, CO2e, recycled content and traced share; or what was made from it.

    BATCH is a full name, creator/identifier, or an id as 0x and 64 digits. With --down it may be a finding
    too, auditor/identifier: what was made there since, what came of it, and who holds that.
    """
    from traceledger import provenance
    from traceledger.cli.subject import finding_meant, start
    from traceledger.documents import traces
    from traceledger.documents.disclosed import disclosing
    from traceledger.provenance.troubles import judged

    wanted = Wanted(svg, lang=lang, narrow=narrow, disclosed=disclosed and output is None)
    if not up and (finding := finding_meant(session, batch)) is not None:
        if tree or wanted or output is not None:
            where = "--tree" if tree else "--svg" if wanted else "--output"
            raise InputError(f"{batch!r} is a finding, which has no tree", where=where)
        _show_recall(session, finding, as_of)
        return
    index, number = start(session, batch, as_of)
    direction = provenance.Direction.UP if up else provenance.Direction.DOWN
    if output is not None:
        _write_table(session, output, number, up=up, as_of=as_of, disclosed=disclosed)
        return
    if wanted:
        _write_picture(session, wanted, number, direction, as_of)
    if wanted.instead:
        return
    known, wrong = judged(index, number, as_of=as_of, stages=session.client.stages)
    found: provenance.Trace | provenance.Impact = known
    document = traces.trace(known, wrong)
    if not up:
        found = provenance.impact(index, number, as_of=as_of)
        document = traces.impact(found, wrong)
    if not tree:
        session.output.result(disclosing(document, index.disclosed), lambda: _summary(found, wrong))
        return
    from traceledger.cli import lineage_tree
    from traceledger.cli.output import levels_that_fit
    from traceledger.documents import lineage

    named = lineage.NamedLineage(provenance.lineage(index, number, direction, as_of=as_of), index)
    session.output.result(
        disclosing(lineage.with_lineage(document, named), index.disclosed),
        lambda: lineage_tree.warned(named, found, depth or levels_that_fit(), wrong),
    )


def _write_table(
    session: Session, output: Path, batch: int, *, up: bool, as_of: int | None, disclosed: bool
) -> None:
    """Its origins into a file, or what was made from it."""
    from traceledger import provenance
    from traceledger.cli.rows import write_table
    from traceledger.documents import traces
    from traceledger.interop.tables.declared import ORIGINS, REACHED

    index = session.client.disclosed if disclosed else session.client.index
    if up:
        document = traces.trace(provenance.trace(index, batch, as_of=as_of, stages=session.client.stages))
    else:
        document = traces.impact(provenance.impact(index, batch, as_of=as_of))
    noun = ORIGINS if up else REACHED
    facts = {"batch": document["batch"], "as of block": as_of}
    write_table(session, noun, document[noun.member], output, index, filters=facts)


def _write_picture(
    session: Session, wanted: Wanted, batch: int, direction: Direction, as_of: int | None
) -> None:
    from traceledger import provenance
    from traceledger.documents import graphs
    from traceledger.pages.charts.lineage import lineage

    index = session.client.disclosed if wanted.disclosed else session.client.index
    found = provenance.lineage(index, batch, direction, as_of=as_of)
    document = graphs.graph(found, index, session.client.stages)
    wanted.write(session, lambda language, layout: lineage(document, language, layout=layout))


def _show_recall(session: Session, finding: Finding, as_of: int | None) -> None:
    from traceledger.cli.trace_summary import drawn_recall
    from traceledger.documents import traces
    from traceledger.documents.disclosed import disclosing
    from traceledger.provenance.recall import recall

    known = session.client.disclosed
    reached = recall(known, finding, as_of=as_of)
    session.output.result(disclosing(traces.recall(reached), known.disclosed), lambda: drawn_recall(reached))


def _summary(found: Trace | Impact, wrong: Sequence[Trouble]) -> RenderableType:
    # Only once it is to be drawn: a program that reads JSON must not wait for what draws.
    from traceledger.cli.trace_summary import drawn

    return drawn(found, wrong)
