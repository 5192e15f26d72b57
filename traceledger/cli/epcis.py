"""``traceledger epcis``: events as GS1's standard EPCIS 2.0 writes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.epcis_capture import capture
from traceledger.cli.options import Target
from traceledger.cli.output import fields
from traceledger.errors import InputError

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.interop.epcis.export.documents import Export

_FOREVER = 2**63


@click.group(cls=Group)
def epcis() -> None:
    """Events as GS1's standard EPCIS 2.0 writes them: taken from others, and written for them."""


epcis.add_command(capture)


@epcis.command()
@click.argument("batch", required=False)
@click.option(
    "--participant", metavar="PARTICIPANT", help="Instead of a lineage, what a company took part in."
)
@click.option(
    "--since", metavar="TIME", help="What happened at that time or later; or on that day: 2026-01-31."
)
@click.option("--until", metavar="TIME", help="What happened until then, or that day.")
@click.option("--complete", is_flag=True, help="Of a company, with all that its events follow from.")
@click.option(
    "-o", "--output", "target", type=Target(), metavar="FILE", help="Write it into FILE, not onto stdout."
)
@click.option(
    "--sidecar", type=Target(), metavar="FILE", help="And into FILE from which records each part comes."
)
@with_session
def export(
    session: Session,
    batch: str | None,
    *,
    participant: str | None,
    since: str | None,
    until: str | None,
    complete: bool,
    target: Path | None,
    sidecar: Path | None,
) -> None:
    """Write all events that what is told of BATCH follows from, as a document of EPCIS 2.0.

    Captured into an empty ledger (capture --define) it gives the same trace; so does what a company took
    part in with --complete, since it stands on other companies' events. Private texts stay commitments.
    """
    from traceledger.interop.epcis.writing import dumps
    from traceledger.storage.files import replace

    if (batch is None) == (participant is None):
        raise InputError("give a batch, or a company", where="BATCH", hint="one of BATCH and --participant")
    if batch is not None and (since or until or complete):
        where = "--since" if since else "--until" if until else "--complete"
        raise InputError("it is about a company's events", where=where, hint="give --participant, no BATCH")
    client = session.synced()
    with client.index.snapshot():
        made = _made(client, batch, participant, since, until, complete=complete)
        document: dict[str, Any] | None = None
        if target is None:
            for piece in made.text():
                click.echo(piece, nl=False)
        else:
            document = _written(made, target)
        # After the document: if that fails, what is beside the old one stays.
        if sidecar is not None:
            replace(sidecar, dumps(made.sidecar(), indent=1) + "\n")
    if document is not None:
        session.output.result(document, partial(fields, document.items()))


def _written(made: Export, target: Path) -> dict[str, Any]:
    """Write a document into a file, piece by piece, and say what was written."""
    from hashlib import sha256

    from traceledger.documents import exported as documents
    from traceledger.storage.files import replacing

    digest = sha256()
    with replacing(target) as file:
        for piece in made.text():
            content = piece.encode()
            digest.update(content)
            file.write(content)
        size = file.tell()
    return documents.written(target, events=len(made), size=size, digest=digest.digest())


def _made(
    client: Client,
    batch: str | None,
    participant: str | None,
    since: str | None,
    until: str | None,
    *,
    complete: bool,
) -> Export:
    from traceledger.cli.listing import moment
    from traceledger.interop.epcis import export as exporting

    if batch is not None:
        return exporting.lineage(client.index, client.batch_id(batch))
    address = client.names().participant(participant or "")
    times = {"since": since, "until": until}
    first, last = moment("since", times), moment("until", times)
    end = _FOREVER if last is None else last + 1
    return exporting.company(client.index, address, since=first or 0, until=end, whole=complete)
