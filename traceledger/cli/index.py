"""``traceledger index``: the local index of the chain's events."""

from __future__ import annotations

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import fields
from traceledger.documents import machine


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
        document, lambda: f"{added} blocks added; the index is at block {document['block']}"
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
    session.output.result(
        document, lambda: f"rebuilt up to block {found.block}: {found.logs} events, {found.batches} batches"
    )
