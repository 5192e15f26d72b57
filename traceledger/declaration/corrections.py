"""What was wrong in a lineage, or was measured better, and who put it right (Rules 5 and 8).

Example:
    >>> Correction("reversed", "reversal of a run", "a", "a/1", 0, "typed wrongly", {}, {}).reason
    'typed wrongly'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

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
    RetirementReversed,
    ShipmentOffered,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import RecordKind
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.ids import emissions_record_id
from traceledger.provenance.steps import at_of
from traceledger.replay.held import MASS
from traceledger.walk import At, Measured, Step, Withdrawn

if TYPE_CHECKING:
    from traceledger.names import Names
    from traceledger.provenance import Lineage


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


def corrections_of(upstream: Lineage, names: Names, steps: Sequence[Step]) -> tuple[Correction, ...]:
    """What was put right in a lineage, in chain order.

    Args:
        upstream: the batch's lineage, up.
        names: how its companies are called.
        steps: the lineage's.
    """
    found = _Found(upstream, names, steps)
    return tuple(each for recorded in upstream.events for each in found.of(recorded))


class _Found:
    def __init__(self, upstream: Lineage, names: Names, steps: Sequence[Step]) -> None:
        self._upstream = upstream
        self._names = names
        self._measured: dict[At, Measured] = {step.at: step for step in steps if isinstance(step, Measured)}
        withdrawn = (step.entries for step in steps if isinstance(step, Withdrawn))
        self._void = {(batch, of) for entries in withdrawn for batch, of in entries}
        known = list(self._known())
        self._records = {key: name for key, name, _ in known}
        self._total = {key: emitted for key, _, emitted in known}

    def of(self, recorded: RecordedEvent) -> Iterator[Correction]:
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

    def _measurements(
        self, recorded: RecordedEvent, event: BatchRemeasured | ShipmentReceived
    ) -> Iterator[Correction]:
        step = self._measured.get(at_of(recorded.position))
        for lot in step.lots if step else ():
            booked = {number: mg for batch, number, mg in step.booked if batch == lot} if step else {}
            if not booked or (lot, at_of(recorded.position)) in self._void:
                continue
            yield Correction(
                kind="measured",
                what=event.word,
                by=self._by(event),
                of=self._batch(lot),
                occurred_at=event.occurred_at,
                reason=event.reason if isinstance(event, BatchRemeasured) else "",
                booked_mg={number: mg for number, mg in booked.items() if number != MASS},
                booked_mass_mg=booked.get(MASS, 0),
            )

    def _by(self, event: LedgerEvent) -> str:
        return "" if event.author is None else self._names.slug(event.author)

    def _batch(self, batch: int) -> str:
        node = self._upstream.replayed.get(batch)
        if node is None:
            return id_text(batch)
        return self._names.full(node.creation.creator, node.creation.identifier)

    def _record(self, kind: RecordKind, record: int) -> str:
        return self._records.get((kind, record), id_text(record))

    def _known(self) -> Iterator[tuple[tuple[RecordKind, int], str, int]]:
        """By kind and id, the name of each record that may be restated or reversed, and what it emitted."""
        full = self._names.full
        for recorded in self._upstream.recorded:
            event = recorded.event
            match event:
                case BatchMinted():
                    key, name = (RecordKind.MINT, event.batch), full(event.creator, event.identifier)
                case Transformed():
                    key = RecordKind.TRANSFORMATION, event.transformation
                    name = full(event.participant, event.identifier)
                case ShipmentOffered():
                    key, name = (RecordKind.SHIPMENT, event.shipment), full(event.sender, event.identifier)
                case EmissionsAdded() if event.record:
                    key = RecordKind.EMISSIONS, emissions_record_id(event.custodian, event.record)
                    name = full(event.custodian, event.record)
                case _:
                    continue
            yield key, name, event.emissions.total_mg
