"""Reads many things at once: one statement for each kind of them, however many are asked for.

Example:
    >>> from pathlib import Path
    >>> import tempfile
    >>> from traceledger.index.disclosure import AS_RECORDED
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     database = Database.open(Path(folder) / "index.db")
    ...     print(ManyReader(database, AS_RECORDED).batches([7]))
    ...     database.close()
    {}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from traceledger.chain.base import Log
from traceledger.events import Position, RecordedEvent
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.kept_reader import KeptReader
from traceledger.index.log_chunks import KeptLog
from traceledger.index.log_reader import LogReader
from traceledger.index.recorded import RecordedEvents, chunks
from traceledger.index.schema import blob_id, by_beginnings, id_blob, join_position, split_position
from traceledger.index.things import numbers_by_id
from traceledger.model.batches import Batch, Beginning, RecordKind, Shipment
from traceledger.model.frozen import frozen
from traceledger.model.registry import Approval, Facility, Material, Participant

_AT_ONCE = 2_000  # batches or events that are in memory at one time, where all of them are read

_LASTING = f"""SELECT DISTINCT position FROM main.batch_event WHERE sort = 2 AND position > ?
    ORDER BY position LIMIT {_AT_ONCE}"""  # noqa: S608


@frozen
class RawLog:
    """A log as the chain gave it, and its block.

    Attributes:
        block: the block's number.
        block_hash: its hash.
        timestamp: its time, UTC seconds.
        log_index: the log's place in the block.
        transaction_index: its transaction's place.
        transaction_hash: of its transaction.
        address: the contract that wrote it.
        topics: of 32 bytes each.
        data: the rest of it, ABI-encoded.
    """

    block: int
    block_hash: bytes
    timestamp: int
    log_index: int
    transaction_index: int
    transaction_hash: bytes
    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


class ManyReader:
    """Reads by lists of ids; unknown ones are left out.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure
        self._logs = LogReader(database)
        self._kept = KeptReader(database, disclosure)

    def batches(self, ids: Iterable[int]) -> dict[int, Batch]:
        """Batches by id."""
        return {batch.id: batch for _, batch in self._kept.batches_of(ids)}

    def batches_numbered(self, numbers: Sequence[int]) -> list[Batch]:
        """Batches by their numbers in lists, in that order."""
        known = dict[int, Batch]()
        for some in chunks(numbers):
            known |= dict(self._kept.batches(f"WHERE number IN ({','.join('?' * len(some))})", some))
        return [known[number] for number in numbers if number in known]

    def each_batch(self) -> Iterator[Batch]:
        """All batches by their numbers, read piece by piece."""
        after, condition = -1, f"WHERE number > ? ORDER BY number LIMIT {_AT_ONCE}"
        while found := self._kept.batches(condition, [after]):
            yield from (batch for _, batch in found)
            after = found[-1][0]

    def each_event(self) -> Iterator[RecordedEvent]:
        """Every event of the batch ledger in chain order, read piece by piece."""
        after = -1
        while places := self.places_after(after, _AT_ONCE):
            yield from self.events(places).values()
            after = places[-1]

    def each_lasting(self) -> Iterator[RecordedEvent]:
        """Errors and restatements, which hold at any time, in chain order, read piece by piece."""
        after = -1
        while found := self._database.all(_LASTING, [after]):
            yield from self.events([position for (position,) in found]).values()
            after = found[-1][0]

    def numbers_of(self, ids: Iterable[int]) -> list[int]:
        """The numbers of batches (by id)."""
        return list(numbers_by_id(self._database, "batch", ids).values())

    def beginnings(self, ids: Iterable[int]) -> dict[int, tuple[Beginning, int]]:
        """By batch (id), how it came to be, and when, UTC seconds, as whoever made it says."""
        found = dict[int, tuple[Beginning, int]]()
        numbers = {number: id_ for id_, number in numbers_by_id(self._database, "batch", ids).items()}
        listed = self._some("number, origin, made_at", "main.listed", "number", numbers)
        found |= {numbers[number]: (Beginning(how), at) for number, how, at in listed}
        return found

    def shipments(self, ids: Iterable[int]) -> dict[int, Shipment]:
        """Shipments by id."""
        return {shipment.id: shipment for _, shipment in self._kept.shipments_of(ids)}

    def facilities(self, ids: Iterable[int]) -> dict[int, Facility]:
        """Facilities by id."""
        found = map(rows.facility_from, self._some(rows.FACILITY, "facility", "id", map(id_blob, ids)))
        return {item.id: self._disclosure.facility(item) for item in found}

    def approvals(self, facilities: Iterable[int]) -> list[Approval]:
        """The approvals of sites that were not withdrawn, in the order of approval."""
        rest, keys = " AND capacity <> '0' ORDER BY position", map(id_blob, facilities)
        return [
            rows.approval_from(row) for row in self._some(rows.APPROVAL, "approval", "facility", keys, rest)
        ]

    def materials(self, ids: Iterable[int]) -> dict[int, Material]:
        """Materials by id."""
        found = map(rows.material_from, self._some(rows.MATERIAL, "material", "id", map(id_blob, ids)))
        return {item.id: item for item in found}

    def participants(self, addresses: Iterable[bytes]) -> dict[bytes, Participant]:
        """Companies by address, with the keys that may act."""
        wanted = list(addresses)
        keys = defaultdict[bytes, list[bytes]](list)
        for address, participant in self._some(
            "address, participant", "operator", "participant", wanted, " AND NOT revoked ORDER BY position"
        ):
            keys[participant].append(address)
        found = self._some(rows.PARTICIPANT, "participant", "address", wanted)
        companies = (rows.participant_from(row, tuple(keys[row[0]])) for row in found)
        return {item.address: self._disclosure.participant(item) for item in companies}

    def events(self, positions: Iterable[int]) -> dict[int, RecordedEvent]:
        """Events of the batch ledger by position."""
        return RecordedEvents(self._database, self._disclosure).at(positions)

    def record_places(self, kind: RecordKind, ids: Iterable[int]) -> dict[int, int]:
        """Positions of what was recorded under ids of a kind."""
        found = dict[int, int]()
        for some in chunks(ids):
            condition, values = by_beginnings([id_blob(id_) for id_ in some])
            query = f"SELECT id, position FROM record WHERE {condition} AND kind = ?"  # noqa: S608
            places = {blob_id(blob): at for blob, at in self._database.all(query, [*values, int(kind)])}
            found |= {id_: places[id_] for id_ in some if id_ in places}
        return found

    def made_at(self, ids: Iterable[int]) -> dict[int, int]:
        """By batch (id), the position of the event that made it."""
        numbers = {number: id_ for id_, number in numbers_by_id(self._database, "batch", ids).items()}
        return {numbers[n]: at for n, at in self._some("number, made_at", "batch", "number", numbers)}

    def places_after(
        self, after: int, most: int, *, until: int = 2**63 - 1, newest: bool = False
    ) -> list[int]:
        """Positions of events of the batch ledger, in the chain's order.

        Args:
            after: those that stand after this position; newest first, those that stand before it.
            most: how many at most.
            until: those up to this one, included; newest first, down to it.
            newest: from the newest to the oldest.
        """
        one, other, order = ("<", ">=", "DESC") if newest else (">", "<=", "ASC")
        query = (
            f"SELECT DISTINCT position FROM batch_event WHERE position {one} ? AND position {other} ?"  # noqa: S608
            f" ORDER BY position {order} LIMIT ?"
        )
        return [at for (at,) in self._database.all(query, (after, until, most))]

    def logs_of(self, address: bytes) -> list[tuple[int, int, Log]]:
        """All logs of a contract with their block's number and time, in the chain's order."""
        addresses = self._logs.addresses
        return [
            (kept.position >> 24, kept.timestamp, kept.log(addresses))
            for kept in self._logs.of_contract(address)
        ]

    def is_event(self, position: int) -> bool:
        """Whether an event of the batch ledger stands at a position."""
        return self._database.one("SELECT 1 FROM batch_event WHERE position = ?", [position]) is not None

    def hashes(self, blocks: Iterable[int]) -> dict[int, bytes]:
        """Hashes of blocks by their numbers."""
        return dict(self._some("number, hash", "block", "number", blocks))

    def reversed_at(self, positions: Iterable[int]) -> dict[int, int]:
        """By the position of a reversal, that of what it takes back: of lots received apart, the first."""
        found = dict[int, int]()
        for at, of in self._some("position, reversed", "reversal", "position", positions):
            found[at] = min(of, found.get(at, of))
        return found

    def first_block_since(self, seconds: int) -> int | None:
        """Number of the first block in the index whose time is not before that, UTC seconds."""
        row = self._database.one("SELECT min(number) FROM block WHERE timestamp >= ?", [seconds])
        return None if row is None else row[0]

    def assessment_places(self, ids: Iterable[int]) -> dict[int, Position]:
        """Positions of what recorded assessments, by their ids."""
        found = self._some("id, position", "assessment", "id", map(id_blob, ids))
        return {blob_id(each): Position(*split_position(at)) for each, at in found}

    def log(self, block: int, log_index: int) -> RawLog | None:
        """The log at a place; ``None``: the index holds none there."""
        found = list(self._logs.at([join_position(block, log_index)]))
        return self._raw(found)[0] if found else None

    def logs_of_transaction(self, transaction: bytes, *, most: int) -> list[RawLog]:
        """The logs of a transaction, in order."""
        query = "SELECT place FROM sent WHERE beginning = ?"
        blocks = {place >> 24 for (place,) in self._database.all(query, [transaction[:8]])}
        kept = (log for block in sorted(blocks) for log in self._logs.of_blocks(block, block))
        return self._raw([log for log in kept if log.transaction_hash == transaction][:most])

    def naming(self, lots: Sequence[int], thing: int) -> list[int]:
        """Positions of the events of these lots that name a thing in their topics, in order."""
        found, wanted = set[int](), id_blob(thing)
        for some in chunks(self.numbers_of(lots)):
            marks = ",".join("?" * len(some))
            query = f"SELECT DISTINCT position FROM batch_event WHERE batch IN ({marks})"  # noqa: S608
            places = (at for (at,) in self._database.all(query, some))
            found.update(kept.position for kept in self._logs.at(places) if wanted in kept.topics)
        return sorted(found)

    def _raw(self, logs: Sequence[KeptLog]) -> list[RawLog]:
        """Logs with what is known of their blocks."""
        addresses = self._logs.addresses
        query = "SELECT hash, timestamp FROM block WHERE number = ?"
        blocks = {
            number: self._database.one(query, [number]) for number in {log.position >> 24 for log in logs}
        }
        return [_raw(kept, kept.log(addresses), *(blocks[kept.position >> 24] or (b"", 0))) for kept in logs]

    def _some(
        self, names: str, table: str, column: str, keys: Iterable[Any], rest: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        for some in chunks(keys):
            marks = ",".join("?" * len(some))
            query = f"SELECT {names} FROM {table} WHERE {column} IN ({marks}){rest}"  # noqa: S608
            yield from self._database.all(query, some)


def _raw(kept: KeptLog, log: Log, hash_: bytes, timestamp: int) -> RawLog:
    place = kept.position >> 24, hash_, timestamp, log.index, kept.transaction_index, kept.transaction_hash
    return RawLog(*place, log.address, log.topics, log.data)
