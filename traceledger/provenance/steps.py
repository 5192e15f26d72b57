"""The events of a lineage as the steps of :mod:`traceledger.walk`.

The one place that says what each event means for shares and CO2e; index and verifier both come through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    Position,
    ReceiptReversed,
    RecordedEvent,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    Taken,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import Origin, RecordKind
from traceledger.model.ids import emissions_record_id
from traceledger.provenance.held import Held
from traceledger.provenance.lineage import Lineage, measures
from traceledger.provenance.nodes import Node
from traceledger.replay.emissions import shares, weights
from traceledger.walk import (
    Added,
    Addition,
    InError,
    Input,
    Measured,
    Minted,
    Output,
    PutBack,
    Remeasured,
    Restated,
    Reversed,
    Run,
    Split,
    SplitOff,
    Step,
    TakenBack,
)

NOTHING = Held(0, 0, 0, {})


def steps_of(found: Lineage) -> list[Step]:
    """What happened to the batches of a lineage, each event once, in chain order.

    Raises:
        VerificationError: an event shares its emissions over nothing.
    """
    return steps_among(found.told)


def steps_among(nodes: Mapping[int, Node]) -> list[Step]:
    """The same of any batches, by id; what takes from others is there only if their histories have it."""
    return _Translation(nodes).steps()


def confirmed_among(found: Lineage) -> set[Position]:
    """Where the records stand whose emissions, as they are used, an auditor confirmed."""
    translation = _Translation(found.told)
    translation.steps()
    return translation.confirmed


def tolerance_used(found: Lineage) -> Mapping[int, int] | None:
    """How much of its material's tolerance the batch of a lineage, up, has used (Rule 5).

    Signed basis points by substance number, that of the gross mass by ``held.MASS``; what
    is not there is zero. ``None``: the lineage stops at a product that was taken back, and what that had used
    is not in it.
    """
    if found.stops:
        return None
    if not any(measures(recorded.event) for recorded in found.recorded):
        return {}
    # A lineage in which something was measured again has all takes of its batches.
    translation = _Translation(found.told)
    translation.steps()
    return translation.tolerance_used(found.batch)


def held_in(found: Lineage) -> Held:
    """What the batch of a lineage, up, holds after all that is told of it."""
    translation = _Translation(found.told)
    translation.steps()
    return translation.held(found.batch)


class _Translation:
    """Goes through the events forward, with what the batches hold.

    ``_places`` has, by what a later event names, where it was recorded; ``_errors``, ``_arrived`` and
    ``_taken_back`` what may be reversed.
    """

    def __init__(self, nodes: Mapping[int, Node]) -> None:
        self._events: dict[Position, RecordedEvent] = {}
        self._made = {batch: node.creation for batch, node in nodes.items()}
        self._held: dict[int, Held] = {}
        self._places: dict[tuple[RecordKind, int], Position] = {}
        self._taken_back: dict[int, tuple[Position, BatchTakenBack]] = {}
        self._found: dict[Position, Step] = {}
        self.confirmed: set[Position] = set()
        self._errors: dict[tuple[int, bool], Position] = {}
        self._arrived: dict[tuple[int, int], tuple[Position, int, dict[int, int], dict[int, int]]] = {}
        for node in nodes.values():
            self._events[node.creation.at.position] = node.creation.at
            self._events.update((item.position, item) for item in node.later)

    def steps(self) -> list[Step]:
        for position in sorted(self._events):
            step = self._step(position, self._events[position].event)
            if step is not None:
                self._found[position] = step
        return list(self._found.values())

    def held(self, batch: int) -> Held:
        """What a batch holds, as far as the events went by; of one that was not made yet, nothing."""
        return self._held.get(batch, NOTHING)

    def tolerance_used(self, batch: int) -> Mapping[int, int]:
        """Signed basis points by substance number, that of the gross mass by :data:`MASS`."""
        return self.held(batch).used

    def _make(self, event: BatchMinted | BatchSplit | Transformed) -> None:
        for new in event.makes:
            if new.batch in self._made:
                self._held[new.batch] = Held.of(new, map(self.held, new.taken_mg))

    def _move(self, batch: int, taken: Taken, *, sign: int) -> None:
        if batch in self._held:
            self._held[batch].move(taken, sign=sign)

    def _step(self, at: Position, event: LedgerEvent) -> Step | None:
        match event:
            case BatchMinted() | BatchSplit() | Transformed():
                return self._making(at, event)
            case ShipmentOffered() | EmissionsAdded():
                return self._added(at, event)
            case ShipmentReceived() | BatchRemeasured():
                return self._measuring(at, event)
            case EmissionsRestated() | RestatementConfirmed():
                return self._restated(at, event)
            case BatchTakenBack() | SplitReversed() | TransformationReversed() | TakeBackReversed():
                return self._moved_out_or_back(at, event)
            case ErrorDeclared() | ErrorReversed() | ReceiptReversed():
                return self._declared_or_withdrawn(at, event)
            case (
                ShipmentRejected()
                | ShipmentCancelled()
                | BatchRetired()
                | StockAssigned()
                | MintReversed()
                | RetirementReversed()
                | BatchHeld()
                | BatchReleased()
                | TitleTransferred()
            ):
                return None
            case _:
                assert_never(event)

    def _making(self, at: Position, event: BatchMinted | BatchSplit | Transformed) -> Step:
        self._make(event)
        match event:
            case BatchMinted():
                self._places[RecordKind.MINT, event.batch] = at
                return Minted(at, event.batch, event.emissions, untraced=event.origin is Origin.UNTRACED)
            case BatchSplit():
                children = []
                for child in event.children:
                    before = self.held(event.parent).mass_mg
                    self._move(event.parent, child.taken, sign=-1)
                    children.append(SplitOff(child.taken.batch, child.taken.mass_mg, before))
                return Split(at, event.parent, tuple(children))
            case Transformed():
                self._places[RecordKind.TRANSFORMATION, event.transformation] = at
                return self._run(at, event)
            case _:
                assert_never(event)

    def _run(self, at: Position, event: Transformed) -> Run:
        inputs = []
        for each in event.inputs:
            before = self.held(each.batch).mass_mg
            self._move(each.batch, each, sign=-1)
            inputs.append(
                Input(each.batch, each.own_mg, each.inherited_mg, each.substances_mg, each.mass_mg, before)
            )
        outputs = (
            Output(share.batch, weight, share.emissions)
            for share, weight in zip(shares(event), weights(event), strict=True)
        )
        return Run(at, event.transformation, tuple(inputs), tuple(outputs), recycling=event.recycling)

    def _added(self, at: Position, event: ShipmentOffered | EmissionsAdded) -> Added:
        if isinstance(event, EmissionsAdded):
            if event.record:
                record = emissions_record_id(event.custodian, event.record)
                self._places[RecordKind.EMISSIONS, record] = at
            entries = [Addition(event.batch, 1, event.emissions, event.own_mg)]
        else:
            self._places[RecordKind.SHIPMENT, event.shipment] = at
            parts = zip(event.batches, shares(event), strict=True)
            entries = [Addition(lot.batch, lot.mass_mg, part.emissions, lot.own_mg) for lot, part in parts]
        for entry in entries:
            if entry.batch in self._held:
                self._held[entry.batch].own_mg = entry.own_after_mg
                self._held[entry.batch].primary_mg += entry.emissions.primary
        return Added(at, tuple(entries))

    def _measuring(self, at: Position, event: ShipmentReceived | BatchRemeasured) -> Step | None:
        lots = []
        if isinstance(event, BatchRemeasured):
            if (held := self._held.get(event.batch)) is not None:
                now = event.mass_mg, event.substances_mg
                lots.append(self._measured(event.batch, held.measure(*now, by_auditor=event.by_auditor)))
        else:
            for lot in event.batches:
                if (held := self._held.get(lot.batch)) is not None:
                    before = at, held.mass_mg, dict(held.substances_mg), held.used
                    self._arrived[event.shipment, lot.batch] = before
                    lots.append(self._measured(lot.batch, held.arrive(lot)))
        booked = tuple(lot for lot in lots if lot.booked_mg or lot.booked_mass_mg)
        return Remeasured(at, booked) if booked else None

    def _measured(self, batch: int, differences: tuple[int, dict[int, int]]) -> Measured:
        mass, substances = differences
        # W4: recorded as zero at making, and no more.
        made = self._made[batch].substances_mg
        raised = frozenset(number for number, mg in substances.items() if mg > 0 and not made.get(number, 0))
        return Measured(batch, substances, mass, raised)

    def _take_back(self, at: Position, event: BatchTakenBack) -> TakenBack:
        self._taken_back[event.batch] = at, event
        if event.batch in self._held:
            held = self._held[event.batch]
            held.own_mg = held.inherited_mg = held.primary_mg = 0
        return TakenBack(at, event.batch)

    def _restated(self, at: Position, event: EmissionsRestated | RestatementConfirmed) -> Step | None:
        of = self._places.get((event.kind, event.record))
        if of is None:
            return None  # A record of which nothing is in the lineage.
        # Rule 8: of what was restated, the last that counts; less, or more of it primary, once confirmed.
        used = event.counts if isinstance(event, EmissionsRestated) else True
        # Who restates a record of somebody else is an auditor.
        if isinstance(event, RestatementConfirmed) or event.author != self._events[of].event.author:
            self.confirmed.add(of)
        elif used:
            self.confirmed.discard(of)
        return Restated(at, of, event.emissions, used=used)

    def _moved_out_or_back(
        self,
        at: Position,
        event: BatchTakenBack | SplitReversed | TransformationReversed | TakeBackReversed,
    ) -> Step | None:
        match event:
            case BatchTakenBack():
                return self._take_back(at, event)
            case SplitReversed():
                made = self._made.get(event.batch)
                # A child that was split off for others, and of which no event is told, added nothing either.
                entry = self._entry(event.parent, event.put_back, child=event.batch)
                return Reversed(at, made.at.position if made else at, (entry,))
            case TransformationReversed():
                of = self._places.get((RecordKind.TRANSFORMATION, event.transformation))
                entries = tuple(self._entry(taken.batch, taken) for taken in event.inputs)
                return Reversed(at, of, entries) if of is not None else None
            case TakeBackReversed():
                of, taken_back = self._taken_back.pop(event.batch, (None, None))
                if of is None or taken_back is None:
                    return None
                life = (taken_back.own_mg, taken_back.inherited_mg, taken_back.primary_mg)
                return Reversed(at, of, (self._entry(event.batch, Taken(event.batch, 0, *life, {})),))
            case _:
                assert_never(event)

    def _entry(self, batch: int, back: Taken, *, child: int | None = None) -> PutBack:
        self._move(batch, back, sign=1)
        held = self.held(batch)
        return PutBack(batch, back.own_mg, back.inherited_mg, held.own_mg, held.inherited_mg, child)

    def _declared_or_withdrawn(
        self, at: Position, event: ErrorDeclared | ErrorReversed | ReceiptReversed
    ) -> Step | None:
        """An error, or nothing: what reverses one, or a receipt, takes its step out."""
        match event:
            case ErrorDeclared():
                # Rule 8: declared by who made the batch, confirmed by an auditor.
                self._errors[event.batch, event.by_auditor] = at
                return InError(at, event.batch, confirmed=event.by_auditor)
            case ErrorReversed():
                declared = self._errors.pop((event.batch, event.by_auditor), None)
                if declared is not None:
                    self._found.pop(declared, None)
            case ReceiptReversed():
                self._send_again(event)
            case _:
                assert_never(event)
        return None

    def _send_again(self, event: ReceiptReversed) -> None:
        for batch in event.batches:
            held, before = self._held.get(batch), self._arrived.pop((event.shipment, batch), None)
            if held is None or before is None:
                continue
            at, held.mass_mg, held.substances_mg, held.used = before
            step = self._found.get(at)
            if isinstance(step, Remeasured):
                self._found[at] = Remeasured(at, tuple(lot for lot in step.lots if lot.batch != batch))
