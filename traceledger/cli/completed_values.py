"""Names that the shell completes: read from networks.toml and the index as they are, without asking any node.

However many names a ledger has, only some of those are read that begin so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from traceledger.errors import TraceLedgerError
from traceledger.model.commitments import FieldKind, is_commitment
from traceledger.names import LedgerNames, full_name

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.index.reading import IndexReader
    from traceledger.private.store import Disclosures

_MOST = 200
_OWNED = {
    "BATCH": "batch",
    "SHIPMENT": "shipment",
    "TRANSFORMATION": "transformation",
    "FACILITY": "facility",
    "FINDING": "finding",
    "ASSESSMENT": "assessment",
    "RECORD": "record",
}
"""By kind of value, what the index calls things whose names begin with their owner's."""


def values(session: Session, kind: str, beginning: str) -> list[str]:
    """Values of a kind that begin so, some two hundred at most; none where nothing can be read.

    Args:
        session: of the run, with its network.
        kind: as help names it: ``BATCH``, ``PARTICIPANT``.
        beginning: what is typed already.
    """
    if kind in _OWNED:
        found: Iterable[str] = _owned(session, _OWNED[kind], beginning)
    else:
        found = _PLAIN[kind](session)
    return [name for name in dict.fromkeys(found) if name.startswith(beginning)][:_MOST]


def _networks(session: Session) -> Iterable[str]:
    return session.networks().all


def _participants(session: Session) -> Iterable[str]:
    with _reader(session) as reader:
        return [item.slug for item in reader.participants()] if reader else []


def _materials(session: Session) -> Iterable[str]:
    with _reader(session) as reader:
        return [item.slug for item in reader.materials()] if reader else []


def _keys(session: Session) -> Iterable[str]:
    from traceledger.signing.keystore import KeyStore

    return KeyStore(session.chosen().keys).names()


def _accounts(session: Session) -> Iterable[str]:
    return [*_keys(session), *_participants(session)]


def _tokens(session: Session) -> Iterable[str]:
    from traceledger.web.tokens import TokenFile

    return [token.name for token in TokenFile(session.chosen().tokens_file).all()]


def _substances(_: Session) -> Iterable[str]:
    from traceledger.model.substances import MINERALS, symbol

    return [*map(symbol, range(1, _ELEMENTS + 1)), *MINERALS.values(), "natural graphite"]


def _countries(_: Session) -> Iterable[str]:
    from traceledger.model.countries import codes

    return codes()


def _languages(_: Session) -> Iterable[str]:
    from traceledger.languages import LANGUAGES

    return [known.code for known in LANGUAGES]


def _operations(_: Session) -> Iterable[str]:
    from traceledger.operations.catalogue import OPERATIONS, name_of

    return sorted(name_of(kind) for kind in OPERATIONS)


def _roles(_: Session) -> Iterable[str]:
    from traceledger.model.spelling import ROLES

    return ROLES


_ELEMENTS = 118
_PLAIN: Mapping[str, Callable[[Session], Iterable[str]]] = {
    "NETWORK": _networks,
    "PARTICIPANT": _participants,
    "MATERIAL": _materials,
    "KEY": _keys,
    "ACCOUNT": _accounts,
    "TOKEN": _tokens,
    "SUBSTANCE": _substances,
    "COUNTRY": _countries,
    "CODE": _languages,
    "OPERATION": _operations,
    "ROLE": _roles,
}
KINDS = frozenset({*_OWNED, *_PLAIN})
"""The kinds of values that are completed."""


def _owned(session: Session, what: str, beginning: str) -> list[str]:
    """Full names: by the owner as long as only that is typed, then by what the index keeps of names."""
    from traceledger.index.nearby import KINDS as IN_INDEX
    from traceledger.index.nearby import Named
    from traceledger.index.words import folded
    from traceledger.private.store import Disclosures

    owner, slash, rest = beginning.partition("/")
    with _reader(session) as reader:
        if reader is None:
            return []
        with Disclosures(session.chosen().disclosures_file) as known:
            opened = partial(_text, known)
            if what in ("facility", "finding", "assessment"):
                return list(_few(reader, LedgerNames(reader, opened), what))
            found: list[str] = []
            if text := folded(rest):
                named = Named(reader, opened)
                things = reader.search.named(IN_INDEX[what], text, most=_MOST)
                found = [named.of(IN_INDEX[what], thing) for thing in things]
            if not any(name.startswith(beginning) for name in found):
                owners = (item for item in reader.participants() if _owns(item.slug, owner, slash))
                found += [name for item in owners for name in _newest(reader, what, item.address, opened)]
            return found


def _owns(slug: str, owner: str, slash: str) -> bool:
    return slug == owner if slash else slug.startswith(owner)


def _few(reader: IndexReader, names: LedgerNames, what: str) -> Iterator[str]:
    """All names of what there are few of."""
    if what == "facility":
        yield from (names.facility(item.id) for item in reader.facilities())
    elif what == "finding":
        yield from (names.full(item.auditor, item.identifier) for item in reader.findings())
    else:
        yield from (names.full(item.assessor, item.identifier) for item in reader.assessments())


def _newest(
    reader: IndexReader, what: str, owner: bytes, opened: Callable[[FieldKind, bytes, str], str]
) -> Iterator[str]:
    """The newest batches or shipments of a company."""
    from traceledger.index.listing_reader import Choice
    from traceledger.index.pieces_reader import Piece

    names = LedgerNames(reader, opened)
    if what == "batch":
        choice = Choice(maker=reader.listing.number_of(owner))
        numbers = reader.listing.listed(choice, most=_MOST).numbers
        for batch in reader.many.batches_numbered(numbers):
            yield names.private(FieldKind.BATCH, batch.creator, batch.identifier)
    elif what == "shipment":
        piece = Piece(after=None, newest=True, most=_MOST)
        for _, shipment in reader.pieces.shipments(piece, state=None, sender=owner, receiver=None):
            yield names.private(FieldKind.SHIPMENT, shipment.sender, shipment.identifier)
    else:
        yield full_name(names.slug(owner), "")


def _text(known: Disclosures, kind: FieldKind, owner: bytes, text: str) -> str:
    """The text behind a commitment; the commitment itself where what opens it cannot be read."""
    if not is_commitment(text):
        return text
    try:
        return known.opened(kind, owner, text)
    except TraceLedgerError:
        return text


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
