"""The tables of an index file: raw logs and cursor as the chain gave them, the rest derived from those.

Ids, addresses and hashes are BLOBs, masses and emissions INTEGERs (mg; a batch holds less than 2^54),
numbers that may pass 2^63 decimal TEXT. A position is ``block << 24 | log_index``: chain order in one key.

Example:
    >>> split_position(join_position(7, 2))
    (7, 2)
"""

from __future__ import annotations

from collections.abc import Collection

from traceledger.errors import VerificationError

APPLICATION_ID = 0x54724C65
VERSION = 13
_LOG_BITS = 24
_MAX_INTEGER = 2**63 - 1

DERIVED = (
    "thing",
    "participant",
    "operator",
    "facility",
    "corrected",
    "material",
    "approval",
    "pause",
    "place",
    "step",
    "batch",
    "minted",
    "shipment",
    "arrival",
    "booking",
    "record",
    "restatement",
    "reversal",
    "title",
    "batch_event",
    "standing_change",
    "evidence",
    "assessment",
    "finding",
    "finding_step",
    "mandatory",
    "proposal",
    "word",
    "listed",
)
"""Tables that a replay of the raw ones yields."""

RAW = ("block", "log", "sent", "operation", "cursor")
"""Tables that hold what the chain gave."""

FOLLOWING = ("final", "recent", "undo")
"""Tables that tell how far the index can go back, and how."""

SEEN = ("meta", "cursor", "final", "block", "log", "sent", "operation", *DERIVED)
"""Tables of which every row is checked against its seal when it is read (:mod:`traceledger.index.seals`)."""

TALLIED = ("meta", *RAW, *DERIVED, *FOLLOWING)
"""Tables of which it is kept how many rows they have, and what their seals come to."""

HOT = (
    "block",
    "log",
    "sent",
    "operation",
    "thing",
    "batch",
    "shipment",
    "arrival",
    "booking",
    "record",
    "restatement",
    "reversal",
    "title",
    "batch_event",
    "place",
    "step",
    "word",
    "listed",
)
"""Tables with a row for each event, or for many: who writes them computes the seals, many at a time."""

LASTING = {
    "batch": ("id", "made_at", "creator", "identifier", "material", "facility"),
    "shipment": ("id", "sender", "receiver", "identifier"),
    "record": ("kind", "id"),
    "listed": ("maker", "material", "facility", "origin", "year", "waste", "made_at"),
}
"""Columns of tables of :data:`HOT` that stay as they are when a row changes."""

ORDERED = ("participant", "facility")
"""Tables whose row ids are read: the order of what they hold."""

UNDO_VALUES = 30
"""As many columns as any table whose changes can be undone has at most."""

TABLES = """
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    chain_id TEXT NOT NULL, genesis_hash BLOB NOT NULL, ledger BLOB NOT NULL, registry BLOB NOT NULL,
    assurance BLOB NOT NULL, access_manager BLOB NOT NULL, seal INTEGER);
CREATE TABLE cursor (
    one INTEGER PRIMARY KEY CHECK (one = 1), block INTEGER NOT NULL, hash BLOB NOT NULL, seal INTEGER);
CREATE TABLE final (
    one INTEGER PRIMARY KEY CHECK (one = 1), block INTEGER NOT NULL, hash BLOB NOT NULL, seal INTEGER);
CREATE TABLE tally (
    name TEXT PRIMARY KEY, count INTEGER NOT NULL, total INTEGER NOT NULL, seal INTEGER) WITHOUT ROWID;
CREATE TABLE recent (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, seal INTEGER);
CREATE TABLE undo (
    step INTEGER PRIMARY KEY, block INTEGER NOT NULL, name TEXT NOT NULL, change TEXT NOT NULL, place,
    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19, v20, v21, v22,
    v23, v24, v25, v26, v27, v28, v29, seal INTEGER);
CREATE TABLE block (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL, parent BLOB NOT NULL, timestamp INTEGER NOT NULL,
    logs INTEGER NOT NULL, seal INTEGER);
CREATE INDEX block_hash ON block (substr(hash, 1, 8));
CREATE TABLE log (
    position INTEGER PRIMARY KEY, contracts INTEGER NOT NULL, body BLOB NOT NULL, seal INTEGER);
CREATE INDEX log_of_others ON log (position) WHERE contracts <> 1;
CREATE TABLE sent (
    beginning BLOB NOT NULL, place INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (beginning, place)) WITHOUT ROWID;
CREATE TABLE operation (
    digest BLOB NOT NULL, place INTEGER NOT NULL, contract INTEGER NOT NULL, sender INTEGER NOT NULL,
    seal INTEGER,
    PRIMARY KEY (digest, place)) WITHOUT ROWID;
CREATE TABLE participant (
    address BLOB PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, country TEXT NOT NULL,
    roles TEXT NOT NULL, state INTEGER NOT NULL, identifiers TEXT NOT NULL, position INTEGER NOT NULL,
    seal INTEGER);
CREATE TABLE operator (
    address BLOB PRIMARY KEY, participant BLOB NOT NULL, revoked INTEGER NOT NULL, position INTEGER NOT NULL,
    seal INTEGER);
CREATE INDEX operator_participant ON operator (participant, position);
CREATE TABLE facility (
    id BLOB PRIMARY KEY, participant BLOB NOT NULL, identifier TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, country TEXT NOT NULL, latitude INTEGER, longitude INTEGER, holder BLOB NOT NULL,
    offered_to BLOB, approvals_paused INTEGER NOT NULL, identifiers TEXT NOT NULL, position INTEGER NOT NULL,
    seal INTEGER);
CREATE TABLE corrected (position INTEGER PRIMARY KEY, participant BLOB NOT NULL, facility BLOB, seal INTEGER);
CREATE INDEX corrected_participant ON corrected (participant, facility);
CREATE INDEX corrected_facility ON corrected (facility);
CREATE TABLE material (
    id BLOB PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL, cas TEXT NOT NULL,
    substances TEXT NOT NULL, waste INTEGER NOT NULL, product INTEGER NOT NULL, limits TEXT NOT NULL,
    position INTEGER NOT NULL, seal INTEGER);
CREATE TABLE approval (
    facility BLOB NOT NULL, material BLOB NOT NULL, origin INTEGER NOT NULL, capacity TEXT NOT NULL,
    first TEXT NOT NULL, last TEXT NOT NULL, position INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (facility, material, origin));
CREATE TABLE pause (position INTEGER PRIMARY KEY, paused INTEGER NOT NULL, seal INTEGER);
CREATE TABLE minted (
    facility BLOB NOT NULL, material BLOB NOT NULL, origin INTEGER NOT NULL, year INTEGER NOT NULL,
    mass TEXT NOT NULL, seal INTEGER,
    PRIMARY KEY (facility, material, origin, year));
CREATE TABLE thing (number INTEGER PRIMARY KEY, id BLOB NOT NULL, seal INTEGER);
CREATE INDEX thing_id ON thing (id);
CREATE TABLE batch (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL, made_at INTEGER NOT NULL, creator INTEGER NOT NULL,
    identifier TEXT NOT NULL, material INTEGER NOT NULL, facility INTEGER NOT NULL,
    custodian INTEGER NOT NULL, state INTEGER NOT NULL, mass INTEGER NOT NULL, own INTEGER NOT NULL,
    inherited INTEGER NOT NULL, primary_part INTEGER NOT NULL, substances TEXT NOT NULL,
    differences TEXT NOT NULL, marks INTEGER NOT NULL, arose INTEGER NOT NULL, pieces TEXT NOT NULL,
    retired_how INTEGER, owner INTEGER, uses INTEGER NOT NULL, events INTEGER NOT NULL, trail BLOB NOT NULL,
    seal INTEGER);
CREATE INDEX batch_id ON batch (substr(id, 1, 8));
CREATE INDEX batch_custodian ON batch (custodian, state);
CREATE TABLE shipment (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL, sender INTEGER NOT NULL, receiver INTEGER NOT NULL,
    identifier TEXT NOT NULL, owner INTEGER NOT NULL, return_of INTEGER NOT NULL, emissions TEXT NOT NULL,
    batches TEXT NOT NULL, open TEXT NOT NULL, received TEXT NOT NULL, refused TEXT NOT NULL,
    state TEXT NOT NULL, seal INTEGER);
CREATE INDEX shipment_id ON shipment (substr(id, 1, 8));
CREATE INDEX shipment_state ON shipment (state);
CREATE INDEX shipment_sender ON shipment (sender);
CREATE INDEX shipment_receiver ON shipment (receiver);
CREATE TABLE arrival (
    batch INTEGER NOT NULL, position INTEGER NOT NULL, before BLOB NOT NULL, entry TEXT NOT NULL,
    seal INTEGER,
    PRIMARY KEY (batch, position)) WITHOUT ROWID;
CREATE TABLE booking (
    position INTEGER NOT NULL, batch INTEGER NOT NULL, substance INTEGER NOT NULL, participant BLOB NOT NULL,
    material BLOB NOT NULL, facility BLOB NOT NULL, amount INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (position, batch, substance)) WITHOUT ROWID;
CREATE INDEX booking_batch ON booking (batch, position);
CREATE TABLE record (
    position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id BLOB NOT NULL, reversed INTEGER NOT NULL,
    seal INTEGER);
CREATE INDEX record_id ON record (substr(id, 1, 8));
CREATE TABLE restatement (
    position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, record BLOB NOT NULL, confirms INTEGER NOT NULL,
    counts INTEGER NOT NULL, seal INTEGER);
CREATE INDEX restatement_record ON restatement (kind, record, position);
CREATE TABLE reversal (
    position INTEGER NOT NULL, reversed INTEGER NOT NULL, batch INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (position, reversed, batch)) WITHOUT ROWID;
CREATE INDEX reversal_reversed ON reversal (reversed);
CREATE TABLE title (
    position INTEGER NOT NULL, batch INTEGER NOT NULL, said_by BLOB NOT NULL, owner BLOB NOT NULL,
    counts INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (position, batch)) WITHOUT ROWID;
CREATE INDEX title_batch ON title (batch, position);
CREATE TABLE batch_event (
    batch INTEGER NOT NULL, sort INTEGER NOT NULL, position INTEGER NOT NULL, role INTEGER NOT NULL,
    seal INTEGER,
    PRIMARY KEY (batch, sort, position)) WITHOUT ROWID;
CREATE INDEX batch_event_position ON batch_event (position, sort, batch);
CREATE INDEX batch_event_any_time ON batch_event (position) WHERE sort = 2;
CREATE TABLE place (
    number INTEGER PRIMARY KEY, participant INTEGER NOT NULL, facility INTEGER NOT NULL,
    sort INTEGER NOT NULL, process TEXT NOT NULL, recycles INTEGER NOT NULL,
    seal INTEGER);
CREATE INDEX place_of ON place (participant, facility);
CREATE TABLE step (
    position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, body TEXT NOT NULL, seal INTEGER);
CREATE TABLE standing_change (
    position INTEGER PRIMARY KEY, participant BLOB NOT NULL, state INTEGER NOT NULL, changed_by BLOB NOT NULL,
    reason TEXT NOT NULL, occurred_at TEXT NOT NULL, evidence TEXT NOT NULL, seal INTEGER);
CREATE INDEX standing_change_participant ON standing_change (participant, position);
CREATE TABLE evidence (
    position INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, uri TEXT NOT NULL, kind TEXT NOT NULL,
    issuer TEXT NOT NULL, recorded_by BLOB NOT NULL, seal INTEGER);
CREATE TABLE assessment (
    id BLOB PRIMARY KEY, assessor BLOB NOT NULL, identifier TEXT NOT NULL, participant BLOB NOT NULL,
    facility BLOB, kind TEXT NOT NULL, scheme TEXT NOT NULL, value INTEGER NOT NULL,
    valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, issuer TEXT NOT NULL, occurred_at TEXT NOT NULL,
    evidence TEXT NOT NULL, position INTEGER NOT NULL, seal INTEGER);
CREATE INDEX assessment_participant ON assessment (participant, kind, position);
CREATE TABLE finding (
    id BLOB PRIMARY KEY, auditor BLOB NOT NULL, identifier TEXT NOT NULL, participant BLOB NOT NULL,
    facility BLOB, batch BLOB, severity INTEGER NOT NULL, category TEXT NOT NULL, description TEXT NOT NULL,
    state INTEGER NOT NULL, due_at TEXT NOT NULL, occurred_at TEXT NOT NULL, position INTEGER NOT NULL,
    seal INTEGER);
CREATE INDEX finding_participant ON finding (participant, position);
CREATE TABLE finding_step (
    position INTEGER PRIMARY KEY, finding BLOB NOT NULL, step TEXT NOT NULL, state INTEGER NOT NULL,
    changed_by BLOB NOT NULL, text TEXT NOT NULL, due_at TEXT NOT NULL, occurred_at TEXT NOT NULL,
    evidence TEXT NOT NULL, seal INTEGER);
CREATE INDEX finding_step_finding ON finding_step (finding, position);
CREATE TABLE mandatory (
    position INTEGER PRIMARY KEY, role TEXT NOT NULL, kinds TEXT NOT NULL, bounds TEXT NOT NULL,
    seal INTEGER);
CREATE TABLE proposal (
    operation BLOB PRIMARY KEY, role TEXT NOT NULL, kinds TEXT NOT NULL, bounds TEXT NOT NULL,
    ready_at INTEGER NOT NULL, position INTEGER NOT NULL, seal INTEGER);
CREATE TABLE word (
    kind INTEGER NOT NULL, word TEXT NOT NULL, thing INTEGER NOT NULL, seal INTEGER,
    PRIMARY KEY (kind, word, thing)) WITHOUT ROWID;
CREATE TABLE listed (
    number INTEGER PRIMARY KEY, maker INTEGER NOT NULL, material INTEGER NOT NULL, facility INTEGER NOT NULL,
    origin INTEGER NOT NULL, year INTEGER NOT NULL, custodian INTEGER NOT NULL, state INTEGER NOT NULL,
    trouble INTEGER NOT NULL, waste INTEGER NOT NULL, made_at INTEGER NOT NULL, seal INTEGER);
CREATE INDEX listed_trouble ON listed (trouble) WHERE trouble <> 0;
"""
"""``mandatory`` keeps every change; the last one of a role is in force. ``proposal`` keeps what is announced
and neither enacted nor withdrawn. Numbers of batches and shipments are their order of creation.

An id or address stands once: in ``thing``, ``batch`` or ``shipment``; rows with one for each event name it by
its number there (:mod:`traceledger.index.things`). The marks of a batch are bits, in the order of
:data:`traceledger.index.rows.MARKS`; ``substances`` are numbers and masses in turn.

``final`` is the last block in the index that was final when it was read, ``recent`` all blocks after that
one; ``undo`` holds what takes their changes back (:mod:`traceledger.index.journal`).

``log`` holds logs by the hundred (:mod:`traceledger.index.log_chunks`), under the position of the first;
``contracts`` has a bit for each contract that wrote one of them. ``sent`` is where the transactions stand
that wrote them, by the first 8 bytes of their hashes; ``operation`` what was asked of our contracts, by
16 bytes of its digest. A ``place`` is ``block << 24 | transaction_index``, and contracts are numbered as
:attr:`Contracts.addresses <traceledger.index.followed.Contracts.addresses>` lists them.

Columns of a table WITHOUT ROWID stand in the order of its key, as SQLite's ``quick_check`` expects (it takes
them for NULL otherwise).

``seal`` is what :mod:`traceledger.index.seals` makes of the row; SQLite computes it whenever the row is
written. ``tally`` keeps, by table, how many rows there are and the sum of their seals.

``word`` is by what names are found (:mod:`traceledger.index.words`), ``listed`` by what batches are chosen
(:mod:`traceledger.index.listing`). ``word.thing`` is a number, too: of runs, records, findings and
assessments the position of what recorded them.

``batch_event.role`` is an :class:`~traceledger.index.edges.Edge`, ``sort`` a
:class:`~traceledger.index.edges.Sort`. ``step`` has what each event of the ledger means for shares and CO2e
(:mod:`traceledger.walk.steps`), ``place`` where that arose (:class:`traceledger.replay.telling.Place`)."""


def join_position(block: int, log_index: int) -> int:
    """One integer for a place in the chain.

    Raises:
        VerificationError: the block claims more logs than any block holds.
    """
    if log_index >> _LOG_BITS:
        raise VerificationError(f"block {block} claims a log of index {log_index}")
    return block << _LOG_BITS | log_index


def split_position(position: int) -> tuple[int, int]:
    """Block number and log index of a position."""
    return position >> _LOG_BITS, position & ((1 << _LOG_BITS) - 1)


def last_position(block: int) -> int:
    """The highest position that a log of that block can have."""
    return min((block + 1 << _LOG_BITS) - 1, _MAX_INTEGER)


def id_blob(number: int) -> bytes:
    """An id as it is stored: 32 bytes."""
    return number.to_bytes(32, "big")


def blob_id(blob: bytes) -> int:
    """An id from its stored form."""
    return int.from_bytes(blob, "big")


BY_ID = "substr(id, 1, 8) = ? AND id = ?"
"""The condition for the row of an id, by its first bytes, which are indexed; its values are :func:`by_id`."""


def by_id(id_: int) -> tuple[bytes, bytes]:
    """The values of :data:`BY_ID`."""
    blob = id_blob(id_)
    return blob[:8], blob


def by_beginnings(ids: Collection[bytes]) -> tuple[str, list[bytes]]:
    """The condition for rows whose ids, as they are stored, begin as these do, and its values.

    Whoever makes ids that begin alike may be found, too: the caller compares the rest.
    """
    return f"substr(id, 1, 8) IN ({','.join('?' * len(ids))})", [blob[:8] for blob in ids]


MADE_OF = """SELECT made.batch, made.position FROM main.batch_event AS taken JOIN main.batch_event AS made
    ON made.position = taken.position AND made.sort = 0 WHERE taken.batch = ? AND taken.sort = 1
    AND made.role = 0 ORDER BY taken.position, made.batch LIMIT ?"""
"""What was made of a batch (number), in the chain's order, and where; at most so many, or :data:`ALL`."""
ALL = -1
