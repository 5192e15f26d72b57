"""What was wrong in a lineage, or was measured better, and who put it right (Rules 5 and 8).

Example:
    >>> Correction("reversed", "reversal of a run", "a", "a/1", 0, "typed wrongly", {}, {}).reason
    'typed wrongly'
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, get_args

from traceledger.events import (
    BatchMinted,
    BatchRemeasured,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RecordedEvent,
    RestatementConfirmed,
    RestatingEvent,
    RetirementReversed,
    ReversingEvent,
    ShipmentOffered,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import RecordKind
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.replay.held import MASS

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.names import Names
    from traceledger.provenance.upstream import Upstream


@frozen
class Correction:
    """Something that was put right.

    Attributes:
        kind: ``reversed``, ``restated``, ``confirmed``, ``error`` or ``measured``.
        what: in words, what was done.
        by: short name of who did it.
        of: full name of the batch, run, shipment or record that it is about.
        occurred_at: when, as claimed, UTC seconds.
        reason: why, as they say; empty where they say nothing.
        booked_mg: of a measurement, what it found more (negative: less), by number of the substance.
        co2e_mg: of emissions, what the record had emitted by what was used before, and what by this; keys
            ``before`` and ``after``.
        booked_mass_mg: of a measurement, what it found more of gross mass.
        counts: of a restatement, whether it is used.
    """

    kind: str
    what: str
    by: str
    of: str
    occurred_at: int
    reason: str
    booked_mg: Mapping[int, int] = field(default_factory=dict)
    co2e_mg: Mapping[str, int] = field(default_factory=dict)
    booked_mass_mg: int = 0
    counts: bool = True


_PUT_RIGHT = (*get_args(ReversingEvent), *get_args(RestatingEvent), ErrorDeclared, BatchRemeasured)
"""Events that put something right, besides receipts that found another mass."""


class Corrections:
    """Finds what was put right in a lineage, from its events in chain order.

    Args:
        upstream: the batch's lineage, walked with what passed where.
        names: how its companies are called.
        index: where it was read, for what was put right.
    """

    def __init__(self, upstream: Upstream, names: Names, index: IndexReader) -> None:
        self._upstream = upstream
        self._names = names
        self._index = index
        self._kept: list[RecordedEvent] = []
        self._batches: dict[int, str] = {}
        self._records: dict[tuple[RecordKind, int], str] = {}
        self._total: dict[tuple[RecordKind, int], int] = {}

    def see(self, recorded: RecordedEvent) -> None:
        """The next event."""
        event = recorded.event
        if isinstance(event, _PUT_RIGHT) or (isinstance(event, ShipmentReceived) and self._lots(recorded)):
            self._kept.append(recorded)

    def found(self) -> tuple[Correction, ...]:
        """What was put right, in chain order, once all events are seen."""
        self._name()
        return tuple(each for recorded in self._kept for each in self._of(recorded))

    def _name(self) -> None:
        """Look up all at once what these are about."""
        records: dict[RecordKind, set[int]] = {kind: set() for kind in RecordKind}
        batches: set[int] = set()
        for recorded in self._kept:
            event = recorded.event
            match event:
                case EmissionsRestated() | RestatementConfirmed():
                    records[event.kind].add(event.record)
                case TransformationReversed(transformation=run):
                    records[RecordKind.TRANSFORMATION].add(run)
                case ReceiptReversed(shipment=shipment):
                    records[RecordKind.SHIPMENT].add(shipment)
                case BatchRemeasured() | ShipmentReceived():
                    batches.update(self._upstream.lots[key].batch for key in self._lots(recorded))
                case MintReversed() | SplitReversed() | RetirementReversed() | TakeBackReversed():
                    batches.add(event.batch)
                case ErrorReversed() | ErrorDeclared():
                    batches.add(event.batch)
                case _:
                    pass
        self._name_batches(batches)
        for kind, ids in records.items():
            self._name_records(kind, ids)

    def _name_batches(self, batches: Collection[int]) -> None:
        steps = self._upstream.steps
        for made in steps.made(list(steps.keys(batches).values())).values():
            self._batches[made.batch] = self._names.full(made.creator, made.identifier)

    def _name_records(self, kind: RecordKind, ids: Collection[int]) -> None:
        if not ids:
            return
        places = self._index.many.record_places(kind, ids)
        events = self._upstream.steps.events(places.values())
        for id_, at in places.items():
            known = _record(events[at].event)
            if known is not None:
                self._records[kind, id_] = self._names.full(*known.named)
                self._total[kind, id_] = known.emissions.total_mg

    def _of(self, recorded: RecordedEvent) -> Iterator[Correction]:
        event = recorded.event
        match event:
            case MintReversed() | SplitReversed() | RetirementReversed() | TakeBackReversed():
                yield self._reversal(event, self._batch(event.batch))
            case ErrorReversed():
                yield self._reversal(event, self._batch(event.batch))
            case TransformationReversed(transformation=run):
                yield self._reversal(event, self._record(RecordKind.TRANSFORMATION, run))
            case ReceiptReversed(shipment=shipment):
                yield self._reversal(event, self._record(RecordKind.SHIPMENT, shipment))
            case ErrorDeclared():
                what = f"{event.word}: {event.reason.slug}"
                of = self._batch(event.batch)
                yield Correction("error", what, self._by(event), of, event.occurred_at, event.reason.slug)
            case EmissionsRestated() | RestatementConfirmed():
                yield self._restatement(event)
            case BatchRemeasured() | ShipmentReceived():
                yield from self._measurements(recorded, event)
            case _:
                return

    def _reversal(
        self,
        event: MintReversed
        | SplitReversed
        | RetirementReversed
        | TakeBackReversed
        | ErrorReversed
        | TransformationReversed
        | ReceiptReversed,
        of: str,
    ) -> Correction:
        return Correction("reversed", event.word, self._by(event), of, event.occurred_at, event.reason)

    def _restatement(self, event: EmissionsRestated | RestatementConfirmed) -> Correction:
        key = event.kind, event.record
        before, after = self._total.get(key), event.emissions.total_mg
        restated = isinstance(event, EmissionsRestated)
        counts = event.counts if isinstance(event, EmissionsRestated) else True
        if counts:
            self._total[key] = after
        return Correction(
            kind="restated" if restated else "confirmed",
            what=event.word,
            by=self._by(event),
            of=self._record(*key),
            occurred_at=event.occurred_at,
            reason=event.reason if isinstance(event, EmissionsRestated) else "",
            co2e_mg={"after": after} if before is None else {"before": before, "after": after},
            counts=counts,
        )

    def _lots(self, recorded: RecordedEvent) -> tuple[int, ...]:
        """The lots of the lineage, by key, that an event measured, and that was not reversed."""
        passing, at = self._upstream.passing, self._upstream.steps.at(recorded.position)
        step = passing.measured.get(at)
        lots = () if step is None else step.lots
        return tuple(lot for lot in lots if lot in self._upstream.lots and (lot, at) not in passing.void)

    def _measurements(
        self, recorded: RecordedEvent, event: BatchRemeasured | ShipmentReceived
    ) -> Iterator[Correction]:
        upstream, at = self._upstream, self._upstream.steps.at(recorded.position)
        for lot in self._lots(recorded):
            all_booked = upstream.passing.measured[at].booked
            booked = {number: mg for batch, number, mg in all_booked if batch == lot}
            if not booked:
                continue
            yield Correction(
                kind="measured",
                what=event.word,
                by=self._by(event),
                of=self._batch(upstream.lots[lot].batch),
                occurred_at=event.occurred_at,
                reason=event.reason if isinstance(event, BatchRemeasured) else "",
                booked_mg={number: mg for number, mg in booked.items() if number != MASS},
                booked_mass_mg=booked.get(MASS, 0),
            )

    def _by(self, event: LedgerEvent) -> str:
        return "" if event.author is None else self._names.slug(event.author)

    def _batch(self, batch: int) -> str:
        return self._batches.get(batch, id_text(batch))

    def _record(self, kind: RecordKind, record: int) -> str:
        return self._records.get((kind, record), id_text(record))


class _Record(NamedTuple):
    """Whose a record is and by what text, and what it emitted."""

    named: tuple[bytes, str]
    emissions: Emissions


def _record(event: LedgerEvent) -> _Record | None:
    match event:
        case BatchMinted():
            return _Record((event.creator, event.identifier), event.emissions)
        case Transformed():
            return _Record((event.participant, event.identifier), event.emissions)
        case ShipmentOffered():
            return _Record((event.sender, event.identifier), event.emissions)
        case EmissionsAdded():
            return _Record((event.custodian, event.record), event.emissions)
        case _:
            return None
