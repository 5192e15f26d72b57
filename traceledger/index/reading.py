"""What can be read from an index: one method for each question, answered by the part that knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.errors import VerificationError
from traceledger.events import RecordedEvent
from traceledger.index.database import REBUILD, Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.followed import Contracts, stored_follows
from traceledger.index.ledger_reader import Edge, LedgerReader
from traceledger.index.recorded import RecordedEvents
from traceledger.index.registry_reader import RegistryReader
from traceledger.model.batches import Batch, BatchState, Origin, RecordKind, Shipment, ShipmentState
from traceledger.model.evidence import EvidenceRecord
from traceledger.model.frozen import frozen
from traceledger.model.registry import Approval, Facility, Material, Participant

if TYPE_CHECKING:
    from traceledger.chain.base import Log
    from traceledger.events import EmissionsAdded, EmissionsRestated, Position, Transformed
    from traceledger.index.assurance_reader import AssuranceReader
    from traceledger.index.block_reader import BlockReader
    from traceledger.index.listing_reader import ListingReader
    from traceledger.index.many_reader import ManyReader
    from traceledger.index.pieces_reader import PiecesReader
    from traceledger.index.records_reader import Booked, RecordsReader, Title
    from traceledger.index.search import SearchReader
    from traceledger.index.step_reader import StepReader
    from traceledger.index.story_reader import StoryReader
    from traceledger.model.assurance import (
        Assessment,
        Finding,
        FindingState,
        Requirement,
        RequirementProposal,
        Severity,
    )
    from traceledger.model.standing import Standing, StandingChange
    from traceledger.replay.trail import Arrival, Entry


@frozen
class IndexStatus:
    """Where an index stands.

    ``block`` and ``hash`` are those of the last block in it, if any; ``final`` is the number of the last one
    that the chain can no longer replace.
    """

    path: Path
    follows: Contracts
    block: int | None
    hash: bytes | None
    final: int | None
    logs: int
    batches: int


class IndexReader:
    """Reads an index file. Unknown things are ``None`` or empty, never an error.

    It may be used from several threads at once, and while others write.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self.database = database
        self._registry = RegistryReader(database, disclosure)
        self._disclosure = disclosure
        self._ledger = LedgerReader(database, disclosure)

    @cached_property
    def _assurance(self) -> AssuranceReader:
        # Whoever reads of batches only must not wait for all that assessments and findings need.
        from traceledger.index.assurance_reader import AssuranceReader

        return AssuranceReader(self.database, self._registry, self._disclosure)

    @cached_property
    def _records(self) -> RecordsReader:
        from traceledger.index.records_reader import RecordsReader

        return RecordsReader(self.database, self._disclosure)

    @cached_property
    def raw(self) -> BlockReader:
        """Blocks and logs as the chain gave them."""
        from traceledger.index.block_reader import BlockReader

        return BlockReader(self.database)

    @cached_property
    def listing(self) -> ListingReader:
        """Batches in lists and by what they are chosen."""
        from traceledger.index.listing_reader import ListingReader

        return ListingReader(self.database)

    @cached_property
    def search(self) -> SearchReader:
        """What is found by names, ids and hashes."""
        from traceledger.index.search import SearchReader

        return SearchReader(self.database)

    @cached_property
    def many(self) -> ManyReader:
        """Many things at once, for lists and tables: one question for each kind, however many there are."""
        from traceledger.index.many_reader import ManyReader

        return ManyReader(self.database, self._disclosure)

    @cached_property
    def steps(self) -> StepReader:
        """What happened to batches, as steps of a walk."""
        from traceledger.index.step_reader import StepReader

        return StepReader(self.database, self._disclosure)

    @cached_property
    def pieces(self) -> PiecesReader:
        """Long lists in pieces."""
        from traceledger.index.pieces_reader import PiecesReader

        return PiecesReader(self.database, self._disclosure, self.many)

    @cached_property
    def story(self) -> StoryReader:
        """What a batch went through, in pieces."""
        from traceledger.index.story_reader import StoryReader

        return StoryReader(self.database, self._disclosure)

    def nearby(self, what: str, typed: str) -> list[str]:
        """Up to three full names that were probably meant by one that nothing has.

        Args:
            what: is called so: ``batch``, ``participant``, a key of :data:`traceledger.index.nearby.KINDS`.
            typed: the name.
        """
        from traceledger.index.nearby import nearby

        return nearby(self, what, typed)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What this thread reads inside belongs to one and the same block, whoever syncs meanwhile."""
        with self.database.reading():
            yield

    def status(self) -> IndexStatus:
        """Where the index stands.

        Raises:
            VerificationError: the file does not say what it follows.
        """
        with self.snapshot():
            follows = stored_follows(self.database)
            cursor = self.database.one("SELECT block, hash FROM cursor")
            final = self.database.one("SELECT block FROM final")
            logs = self.database.one("SELECT ifnull(sum(logs), 0) FROM main.block")
            batches = self.database.one("SELECT count(*) FROM main.batch")
        if follows is None:
            where = str(self.database.path)
            raise VerificationError("the index follows nothing yet", where=where, hint=REBUILD)
        return IndexStatus(
            path=self.database.path,
            follows=follows,
            block=cursor[0] if cursor else None,
            hash=cursor[1] if cursor else None,
            final=final[0] if final else None,
            logs=logs[0] if logs else 0,
            batches=batches[0] if batches else 0,
        )

    def head_block(self) -> int | None:
        """Number of the last block in the index; ``None`` when it is empty."""
        row = self.database.one("SELECT block FROM cursor")
        return row[0] if row else None

    def final_block(self) -> int | None:
        """Number of the last block in the index that the chain can no longer replace."""
        row = self.database.one("SELECT block FROM final")
        return row[0] if row else None

    def last_change(self) -> int:
        """Number of the newest block in the index that changed anything; 0 where none did."""
        found = self.database.one("SELECT number FROM block ORDER BY number DESC LIMIT 1")
        return found[0] if found else 0

    def time_of(self, block: int | None = None) -> int:
        """Time of the newest block, up to that one, that changed anything: UTC seconds; 0 where none did."""
        # Time never goes back on a chain: the newest block has the latest.
        query = "SELECT timestamp FROM block WHERE number <= ? ORDER BY number DESC LIMIT 1"
        found = self.database.one(query, [2**63 - 1 if block is None else block])
        return found[0] if found else 0

    def logs_of(self, address: bytes) -> list[Log]:
        """All logs of one of the contracts that are followed, in the chain's order."""
        from traceledger.index.log_reader import logs_of

        return logs_of(self.database, address)

    def participant(self, slug: str) -> Participant | None:
        """The participant of that slug."""
        return self._registry.participant(slug)

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address (of its first key; not of a later one)."""
        return self._registry.participant_at(address)

    def participant_of_operator(self, address: bytes) -> Participant | None:
        """The participant to which that key belongs, also once the key is revoked.

        ``address in participant.operators`` tells whether it may still sign.
        """
        return self._registry.participant_of_operator(address)

    def participants(self) -> list[Participant]:
        """All participants, in the order of their admission."""
        return self._registry.participants()

    def facility(self, participant: bytes, identifier: str) -> Facility | None:
        """The facility that the participant (address) calls ``identifier``."""
        return self._registry.facility(participant, identifier)

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""
        return self._registry.facility_by_id(facility)

    def facilities(self, participant: bytes | None = None) -> list[Facility]:
        """All facilities, or those that a participant (address) holds, in the order of their registration."""
        return self._registry.facilities(participant)

    def material(self, slug: str) -> Material | None:
        """The material of that slug."""
        return self._registry.material(slug)

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""
        return self._registry.material_by_id(material)

    def materials(self) -> list[Material]:
        """All materials, in the order of their definition."""
        return self._registry.materials()

    def approvals(self, facility: int | None = None) -> list[Approval]:
        """The approvals that were not withdrawn, of one facility or all, in the order of approval."""
        return self._registry.approvals(facility)

    def approval(self, facility: int, material: int, origin: Origin) -> Approval | None:
        """The approval of that facility for that material and origin, if it was not withdrawn."""
        return self._registry.approval(facility, material, origin)

    def minted_in(self, facility: int, material: int, origin: Origin, year: int) -> int:
        """Mg that a facility minted, or took back, of a material and origin in a calendar year.

        The year is that of ``occurred_at``, UTC.
        """
        return self._registry.minted_in(facility, material, origin, year)

    def registrations(
        self,
        *,
        participants: Iterable[bytes],
        facilities: Iterable[int],
        materials: Iterable[int],
        as_of: int,
    ) -> list[tuple[int, int]]:
        """Where these were registered, and given other names or countries up to the block ``as_of``.

        Block number and transaction index, in chain order. Unknown ones are left out.
        """
        return self._registry.registrations(
            participants=participants, facilities=facilities, materials=materials, as_of=as_of
        )

    def operation_count(self, participant: bytes, to: bytes, input: bytes) -> int:  # noqa: A002
        """How many successful transactions carried exactly that calldata to that contract.

        Those of any key that is or was the participant's, and of that very address (which may be no
        participant's, such as the deployer's). Only our contracts are counted.
        """
        return self._registry.operation_count(participant, to, input)

    def operation_counts(self, operations: Sequence[tuple[bytes, bytes, bytes]]) -> list[int]:
        """:meth:`operation_count` of many (participant, to, input), for some statements in all."""
        return self._registry.operation_counts(operations)

    def operation_places(
        self,
        participant: bytes,
        to: bytes,
        input: bytes,  # noqa: A002
    ) -> list[tuple[int, int, bytes]]:
        """Where those stand that :meth:`operation_count` counts, in chain order.

        Block number, transaction index, and the address of the key that signed.
        """
        return self._registry.operation_places(participant, to, input)

    def evidence(self, kind: str | None = None, recorded_by: bytes | None = None) -> list[EvidenceRecord]:
        """Documents on record, in the order in which they were recorded.

        Args:
            kind: only those of this kind.
            recorded_by: only those that this participant (address) recorded.
        """
        return self._assurance.evidence(kind, recorded_by)

    def assessments(
        self,
        participant: bytes | None = None,
        facility: int | None = None,
        kind: str | None = None,
    ) -> list[Assessment]:
        """Assessments in the order in which they were recorded.

        Args:
            participant: only those of this participant (address) and its facilities.
            facility: only those of this facility (id).
            kind: only those of this kind.
        """
        return self._assurance.assessments(participant, facility, kind)

    def assessment(self, assessment: int) -> Assessment | None:
        """The assessment of that id."""
        return self._assurance.assessment(assessment)

    def findings(
        self,
        participant: bytes | None = None,
        state: FindingState | None = None,
        severity: Severity | None = None,
    ) -> list[Finding]:
        """Findings as they stand now, with their history, in the order in which they were raised.

        Args:
            participant: only those about this participant (address) and its facilities.
            state: only those that stand so.
            severity: only those of this severity.
        """
        return self._assurance.findings(participant, state, severity)

    def finding(self, finding: int) -> Finding | None:
        """The finding of that id, with its history."""
        return self._assurance.finding(finding)

    def mandatory(self, role: str | None = None) -> dict[str, tuple[Requirement, ...]]:
        """By role, the kinds of assessment that its participants need; roles that need none are left out.

        Args:
            role: only this one.
        """
        return self._assurance.mandatory(role)

    def proposals(self) -> list[RequirementProposal]:
        """Changes of what is mandatory that are announced and not in force, in the order of announcement."""
        return self._assurance.proposals()

    def standing_changes(self, participant: bytes) -> list[StandingChange]:
        """When and why a participant (address) was suspended, reinstated or terminated, in order."""
        return self._assurance.standing_changes(participant)

    def standing(self, participant: bytes, *, at: int) -> Standing:
        """Whether the contracts would let a participant act in a block of that time, and if not, why.

        Args:
            participant: its address.
            at: UTC seconds. What was recorded later does not count.

        Raises:
            UnknownNameError: there is no such participant.
        """
        return self._assurance.standing(participant, at=at)

    def standings(self, *, at: int) -> dict[bytes, Standing]:
        """How those stand (by address) whom the contracts would not let act in a block of that time (UTC).

        Few questions, however many participants there are.
        """
        return self._assurance.standings(at=at)

    def has_open_findings(self) -> bool:
        """Whether any finding is not closed."""
        return self._assurance.has_open_findings()

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id, as it is now."""
        return self._ledger.batch(batch)

    def batches(
        self,
        custodian: bytes | None = None,
        state: BatchState | None = None,
        material: int | None = None,
    ) -> list[Batch]:
        """Batches as they are now, in the order in which they were made.

        Args:
            custodian: only those that this participant (address) holds.
            state: only those in this state.
            material: only those of this material (id).
        """
        return self._ledger.batches(custodian, state, material)

    def each_batch(self) -> Iterator[Batch]:
        """All batches as they are now, in the order in which they were made, some thousand read at once."""
        return self.many.each_batch()

    def each_event(self) -> Iterator[RecordedEvent]:
        """Every event of the batch ledger, in chain order, some thousand read at once."""
        return self.many.each_event()

    def each_lasting(self) -> Iterator[RecordedEvent]:
        """Errors and restatements, which hold at any time, in chain order, read piece by piece."""
        return self.many.each_lasting()

    def identifiers(self, creator: bytes, beginning: str) -> list[str]:
        """Identifiers of the batches that a participant (address) made, of those that begin so."""
        return self._ledger.identifiers(creator, beginning)

    def batches_called(self, part: str) -> list[Batch]:
        """Batches whose identifiers may hold a text, also percent-encoded; more than those, never fewer."""
        return self._ledger.batches_called(part)

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment of that id, as its handshake stands now."""
        return self._ledger.shipment(shipment)

    def shipments(
        self,
        state: ShipmentState | None = None,
        sender: bytes | None = None,
        receiver: bytes | None = None,
    ) -> list[Shipment]:
        """Shipments in the order in which they were offered.

        Args:
            state: only those whose handshake stands so.
            sender: only those of this participant (address).
            receiver: only those to this participant (address).
        """
        return self._ledger.shipments(state, sender, receiver)

    def open_lots(self, shipment: int) -> list[Batch]:
        """The lots of a shipment that are open, as they are now, in the order in which answers name them."""
        return self._ledger.open_lots(shipment)

    def trail(self, batch: int) -> tuple[Entry, ...]:
        """The entries of a batch's trail that were not reversed, oldest first."""
        return self._records.trail(batch)

    def arrivals(self, batch: int) -> tuple[Arrival, ...]:
        """By what each custodian but its maker came by a batch, and was not reversed, oldest first."""
        return self._records.arrivals(batch)

    def record(self, kind: RecordKind, record: int) -> RecordedEvent | None:
        """What was recorded under an id (of that kind), and not reversed."""
        return self._records.record(kind, record)

    def transformation(self, transformation: int) -> Transformed | None:
        """A run as it was recorded; ``None``: there is none, or it was reversed."""
        return self._records.transformation(transformation)

    def emissions_record(self, record: int) -> EmissionsAdded | None:
        """Emissions that were added to a batch under a name of their own."""
        return self._records.emissions_record(record)

    def restatement(self, kind: RecordKind, record: int) -> EmissionsRestated | None:
        """What was restated last of a record."""
        return self._records.restatement(kind, record)

    def restatements(
        self, kind: RecordKind, record: int, *, as_of: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        """What was restated of a record, and confirmed, in chain order; up to block ``as_of``, included."""
        return self._records.restatements(kind, record, as_of=as_of)

    def reversal(self, at: Position) -> Position | None:
        """Where what an event recorded was first reversed, of one batch or all; ``None``: it stands."""
        return self._records.reversal(at)

    def reversed_at(self, at: Position) -> tuple[Position, ...]:
        """Where that stands which a reversal at that place takes back."""
        return self._records.reversed_at(at)

    def titles(self, batch: int) -> tuple[Title, ...]:
        """What was said of who owns a batch, in chain order (Rule 11)."""
        return self._records.titles(batch)

    def bookings(
        self, participant: bytes | None = None, batch: int | None = None, *, as_of: int | None = None
    ) -> tuple[Booked, ...]:
        """What measurements booked to a participant (address), or of a batch, in chain order (Rule 5)."""
        return self._records.bookings(participant, batch, as_of=as_of)

    def history(self, batch: int, *, as_of: int | None = None) -> tuple[RecordedEvent, ...]:
        """Every event that concerns the batch, in chain order; up to block ``as_of``, included."""
        return self._ledger.history(batch, as_of=as_of)

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> dict[int, tuple[RecordedEvent, ...]]:
        """The histories of many batches at once; each event is decoded once.

        Args:
            batches: their ids; unknown ones are left out of the answer.
            as_of: up to this block, included; all blocks by default.
            takes: also the events that only took from a batch to make others.
        """
        return self._ledger.histories(batches, as_of=as_of, takes=takes)

    def upstream_histories(self, batch: int, *, as_of: int) -> dict[int, tuple[RecordedEvent, ...]]:
        """The histories of a batch and of all that it was made of, without takes for others, in bulk.

        Args:
            batch: its id.
            as_of: up to this block, included.
        """
        from traceledger.index.upstream_reader import UpstreamReader

        return UpstreamReader(self.database, RecordedEvents(self.database, self._disclosure)).histories(
            batch, as_of
        )

    def event_places(
        self, batches: Sequence[int], *, as_of: int | None = None
    ) -> Iterator[tuple[int, int, int]]:
        """Where every event of these batches stands: block, transaction index, log index.

        Nothing is decoded. An event that concerns several of them may come more than once.
        """
        return self._ledger.event_places(batches, as_of=as_of)

    def parents(self, batch: int) -> list[Edge]:
        """The batches of which this one was made; empty for an origin."""
        return self._ledger.parents(batch)

    def children(self, batch: int) -> list[Edge]:
        """The batches made of this one, in chain order."""
        return self._ledger.children(batch)
