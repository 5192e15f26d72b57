"""Values that the shell completes: read from networks.toml and the index, as far as they are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from traceledger.errors import TraceLedgerError
from traceledger.model.commitments import FieldKind
from traceledger.names import Names
from traceledger.private.store import Disclosures

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.index.reading import IndexReader

_MOST = 200


def network_names(session: Session, beginning: str) -> list[str]:
    """Networks whose names begin so."""
    try:
        return [name for name in session.networks().all if name.startswith(beginning)]
    except TraceLedgerError:
        return []


def participant_names(session: Session, beginning: str) -> list[str]:
    """Participants whose short names begin so."""
    with _reader(session) as reader:
        found = [participant.slug for participant in reader.participants()] if reader else []
    return [slug for slug in found if slug.startswith(beginning)]


def batch_names(session: Session, beginning: str) -> list[str]:
    """Batches whose full names begin so, the first two hundred."""
    with _reader(session) as reader:
        if reader is None:
            return []
        with Disclosures(session.chosen().disclosures_file) as known:
            named = Names(reader, partial(_text, known))
            names = (
                named.private(FieldKind.BATCH, batch.creator, batch.identifier) for batch in reader.batches()
            )
            return list(islice((name for name in names if name.startswith(beginning)), _MOST))


def _text(known: Disclosures, kind: FieldKind, owner: bytes, text: str) -> str:
    """The text behind a commitment; the commitment itself where what opens it cannot be read."""
    try:
        return known.opened(kind, owner, text)
    except TraceLedgerError:
        return text


def finding_names(session: Session, beginning: str) -> list[str]:
    """Findings whose full names begin so, the first two hundred."""
    with _reader(session) as reader:
        if reader is None:
            return []
        named = Names(reader)
        names = (named.full(finding.auditor, finding.identifier) for finding in reader.findings())
        return list(islice((name for name in names if name.startswith(beginning)), _MOST))


@contextmanager
def _reader(session: Session) -> Iterator[IndexReader | None]:
    """The index as it was last synced, without its chain; ``None`` where there is none to read."""
    from traceledger.index.database import Database
    from traceledger.index.disclosure import AS_RECORDED
    from traceledger.index.reading import IndexReader

    database = None
    try:
        file = session.chosen().index_file
        database = Database.open(file) if file.exists() else None
    except TraceLedgerError:
        pass
    try:
        yield IndexReader(database, AS_RECORDED) if database else None
    finally:
        if database is not None:
            database.close()
