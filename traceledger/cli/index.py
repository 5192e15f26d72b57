"""``traceledger index``: the local index of the chain's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import fields, table
from traceledger.documents import machine
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.index.verification import Verdict

_MOST_SHOWN = 50


@click.group(cls=Group)
def index() -> None:
    """The index: the chain's events in SQLite. Every command brings it up to date by itself."""


@index.command()
@with_session
def sync(session: Session) -> None:
    """Bring the index up to date."""
    client = session.client
    with session.output.progress("Indexing blocks") as progress:
        added = client.sync(progress=progress)
    document = machine.index_synced(added, client.index.status())
    session.output.result(
        document, lambda: f"{counted(added, 'block')} added; the index is at block {document['block']}"
    )


@index.command()
@with_session
def status(session: Session) -> None:
    """Show how far the index is, and what it holds."""
    client = session.client
    found = client.index.status()
    document = machine.index_status(found, head=client.chain.head().number, size=found.path.stat().st_size)
    session.output.result(document, lambda: fields(document.items()))


@index.command()
@with_session
def rebuild(session: Session) -> None:
    """Empty the index and fill it from block 0."""
    from traceledger.index import Index

    client = session.client
    contracts = client.network.deployed()
    client.check()
    with session.output.progress("Indexing blocks") as progress:
        built = Index.rebuild(
            client.network.index_file,
            client.chain,
            contracts,
            progress=progress,
            busy_seconds=client.patience.sqlite_busy,
        )
    found = built.status()
    built.close()
    document = machine.index_rebuilt(found)
    held = f"{counted(found.logs, 'event')}, {counted(found.batches, 'batch', 'batches')}"
    session.output.result(
        document,
        lambda: f"rebuilt up to block {found.block}: {held}",
    )


@index.command()
@with_session
def verify(session: Session) -> None:
    """Make the index anew from block 0, in a temporary file, and say where the one here differs."""
    from traceledger.errors import VerificationError
    from traceledger.index.database import REBUILD
    from traceledger.index.verification import verify as verified

    client = session.client
    contracts = client.network.deployed()
    client.check()
    with session.output.progress("Indexing blocks") as progress:
        found = verified(client.network.index_file, client.chain, contracts, progress=progress)
    session.output.result(machine.index_verified(found), lambda: _verdict(found))
    if not found.holds:
        what = f"the index differs from the chain in {counted(len(found.differences), 'place')}"
        fault = what if found.differences else f"the index {found.faults[0]}"
        raise VerificationError(fault, where=str(found.path), hint=REBUILD)


def _verdict(found: Verdict) -> RenderableType | str:
    if found.holds:
        return f"all rows ({found.rows}) are as the chain makes them, up to block {found.block}"
    if not found.differences:
        return "\n".join(f"the index {fault}" for fault in found.faults)
    shown = found.differences[:_MOST_SHOWN]
    rows = [[each.table, each.row, each.column, each.index or "-", each.chain or "-"] for each in shown]
    if len(shown) < len(found.differences):
        rows.append([f"and {len(found.differences) - len(shown)} more (--json lists them)", "", "", "", ""])
    return table(("table", "row", "column", "in the index", "by the chain"), rows)
