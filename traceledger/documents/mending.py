"""The JSON of how what is wrong is put right (Rule 8): a lot's records, and the first operation that fits.

What stands in the way of an operation is told from how the lots stand now; the contracts decide.

Example:
    >>> WRONG
    ('untrue', 'measured', 'emissions')
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, assert_never

from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    RecordedEvent,
    ShipmentOffered,
    ShipmentReceived,
    Transformed,
)
from traceledger.model.assurance import FindingState
from traceledger.model.batches import MOST_USES, BatchState
from traceledger.model.emissions import EMISSION_FIELDS
from traceledger.model.frozen import frozen
from traceledger.model.ids import shipment_id
from traceledger.names import LedgerNames
from traceledger.operations.spoken import RESTATED
from traceledger.replay.trail import ReceiptEntry, TakeBackEntry

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch

Wrong = Literal["untrue", "measured", "emissions"]
WRONG: tuple[Wrong, ...] = ("untrue", "measured", "emissions")
"""It did not happen or its data are wrong; it was measured better; only its emissions are wrong."""
NINETY_DAYS = 90 * 86_400
"""Seconds after a receipt's block within which it is reversed."""
_MAKING = ("mint", "split", "transformation")


@frozen
class Record:
    """A record of a lot that may be wrong.

    Attributes:
        kind: as an operation names it (``mint``, ``receive`` …); or ``hold``, ``remeasure``.
        name: its full name.
        by: who recorded it (address).
        made: ids of the lots that it made or brought; of a record of one lot, that.
        taken: ids of the lots of which it took.
        occurred_at: when it happened, UTC seconds.
        timestamp: of its block.
        event: the class of its event.
        place: block and log.
    """

    kind: str
    name: str
    by: bytes
    made: tuple[int, ...]
    taken: tuple[int, ...]
    occurred_at: int
    timestamp: int
    event: str
    place: tuple[int, int]


def records(index: IndexReader, lot: Batch, own: bytes) -> list[Record]:
    """What a participant (address) recorded of a lot, and what made it, that still stands; newest first."""
    names = LedgerNames(index)
    found = [
        record
        for recorded in index.history(lot.id)
        if index.reversal(recorded.position) is None
        for record in _records(recorded, lot, names)
        if record.by == own
    ]
    return found[::-1]


_Found = tuple[str, str, bytes, tuple[int, ...], tuple[int, ...]]
"""Of a record its kind, its name, who recorded it, the lots that it made or brought, and those it took of."""


def _records(recorded: RecordedEvent, lot: Batch, names: LedgerNames) -> Iterator[Record]:
    """The records that an event is, as far as they are about a lot."""
    event = recorded.event
    place, times = (recorded.block, recorded.log_index), (event.occurred_at, recorded.timestamp)
    for found in (*_making(event, lot, names), *_handing(event, lot, names), *_saying(event, lot, names)):
        yield Record(*found, *times, type(event).__name__, place)


def _making(event: LedgerEvent, lot: Batch, names: LedgerNames) -> Iterator[_Found]:
    match event:
        case BatchMinted():
            yield "mint", names.batch(lot.id), event.creator, (lot.id,), ()
        case BatchSplit():
            for part in (child.taken.batch for child in event.children):
                if lot.id in (part, event.parent):
                    yield "split", names.batch(part), event.custodian, (part,), (event.parent,)
        case Transformed():
            run = names.full(event.participant, event.identifier)
            outputs = tuple(each.batch for each in event.outputs)
            yield (
                "transformation",
                run,
                event.participant,
                outputs,
                tuple(each.batch for each in event.inputs),
            )


def _handing(event: LedgerEvent, lot: Batch, names: LedgerNames) -> Iterator[_Found]:
    match event:
        case ShipmentOffered():
            called = names.full(event.sender, event.identifier)
            yield "shipment", called, event.sender, tuple(each.batch for each in event.batches), ()
        case ShipmentReceived():
            yield "receive", names.shipment(event.shipment), event.receiver, (lot.id,), ()
        case BatchRetired():
            yield "retire", names.batch(lot.id), event.custodian, (lot.id,), ()
        case BatchTakenBack():
            yield "take_back", names.batch(lot.id), event.recycler, (lot.id,), ()


def _saying(event: LedgerEvent, lot: Batch, names: LedgerNames) -> Iterator[_Found]:
    match event:
        case EmissionsAdded():
            called = names.full(event.custodian, event.record) if event.record else ""
            yield "record", called, event.custodian, (lot.id,), ()
        case ErrorDeclared():
            yield "declare_error", names.batch(lot.id), event.declared_by, (lot.id,), ()
        case BatchHeld():
            yield "hold", names.batch(lot.id), event.held_by, (lot.id,), ()
        case BatchRemeasured():
            yield "remeasure", names.batch(lot.id), event.measured_by, (lot.id,), ()


def shown(record: Record, names: LedgerNames) -> dict[str, Any]:
    """A record as a document has it."""
    return {
        "kind": record.kind,
        "name": record.name,
        "event": record.event,
        "by": names.slug(record.by),
        "occurred_at": record.occurred_at,
        "block": record.place[0],
        "log": record.place[1],
        "lots": [names.batch(each) for each in record.made],
        "taken": [names.batch(each) for each in dict.fromkeys(record.taken)],
    }


def ways(
    index: IndexReader, lot: Batch, record: Record, wrong: Wrong, own: bytes, *, now: int
) -> list[dict[str, Any]]:
    """The operations that may put a record right, in the order of Rule 8; the first that is possible fits.

    Each has the ``operation``, its ``fields`` as the form of it takes them, whether it is ``possible``, and
    ``stops``: reasons why not, each a slug and the lot that it is about.
    """
    found = list(_ways(_Asked(index, lot, record, own, now), wrong))
    first = next((each for each in found if not each["stops"]), None)
    return [each | {"possible": not each["stops"], "fits": each is first} for each in found]


@frozen
class _Asked:
    index: IndexReader
    lot: Batch
    record: Record
    own: bytes
    now: int

    @property
    def names(self) -> LedgerNames:
        return LedgerNames(self.index)

    @property
    def called(self) -> str:
        return self.names.full(self.lot.creator, self.lot.identifier)


def _ways(asked: _Asked, wrong: Wrong) -> Iterator[dict[str, Any]]:
    called, record = asked.called, asked.record
    match wrong:
        case "measured":
            yield _way("remeasure", {"batch": called}, _stops_remeasuring(asked))
        case "emissions":
            yield _way("restate_emissions", _named(record), _stops_restating(record))
        case "untrue":
            yield from _untrue(asked)
        case _:
            assert_never(wrong)


def _untrue(asked: _Asked) -> Iterator[dict[str, Any]]:
    called, record = asked.called, asked.record
    match record.kind:
        case "shipment":
            open_lots = asked.index.open_lots(_shipment(record))
            yield _way("cancel", {"shipment": record.name}, [] if open_lots else [("answered", "")])
        case "hold":
            yield _way("release", {"batch": called}, [])
        case "remeasure":
            yield _way("remeasure", {"batch": called}, _stops_remeasuring(asked))
        case "record":
            yield _way("restate_emissions", _named(record), _stops_restating(record))
        case _:
            lots = {"of.lots.0": called} if record.kind == "receive" else {}
            yield _way("reverse", _named(record) | lots, list(_stops_reversing(asked)))
    if record.kind in _MAKING:
        for number in record.made:
            made = asked.index.batch(number)
            if made is not None:
                name = asked.names.batch(number)
                yield _way("declare_error", {"batch": name}, _stops_declaring(made, asked.own, name))


def _way(operation: str, fields: dict[str, str], stops: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "operation": operation,
        "fields": fields,
        "stops": [{"reason": reason, "batch": batch} for reason, batch in stops],
    }


def _named(record: Record) -> dict[str, str]:
    return {"of.kind": record.kind, "of.name": record.name}


def _shipment(record: Record) -> int:
    return shipment_id(record.by, record.name.partition("/")[2])


def _stops_restating(record: Record) -> list[tuple[str, str]]:
    if record.kind not in RESTATED:
        return [("no_emissions", "")]
    return [] if record.name else [("unnamed", "")]


def _stops_declaring(lot: Batch, own: bytes, called: str) -> list[tuple[str, str]]:
    """Its maker declares it, once."""
    if lot.state is BatchState.REVERSED:
        return [("reversed", called)]
    if lot.creator != own:
        return [("not_made_by_you", called)]
    return [("declared", called)] if lot.disputed or lot.frozen_by_maker else []


def _stops_remeasuring(asked: _Asked) -> list[tuple[str, str]]:
    lot, goods = asked.lot, asked.names.goods(asked.lot.material)
    stops = (
        ("elsewhere", lot.custodian != asked.own),
        ("not_active", lot.state is not BatchState.ACTIVE),
        ("held", lot.held),
        ("declared", lot.frozen),
        ("no_tolerance", not goods or not (goods.tolerance_mass_bp or goods.tolerance_substances_bp)),
    )
    return [(reason, asked.called) for reason, holds in stops if holds]


def _stops_reversing(asked: _Asked) -> Iterator[tuple[str, str]]:
    """Rule 8: whether somebody has built on it."""
    record, index, names = asked.record, asked.index, asked.names
    if record.kind == "declare_error":
        return
    if record.kind == "retire":
        yield from _stops_unretiring(asked.lot, asked.called)
        return
    if record.kind == "receive" and asked.now > record.timestamp + NINETY_DAYS:
        yield "too_late", ""
    for number in record.made:
        yield from _stops_made(asked, number)
    for number in dict.fromkeys(record.taken):
        lot = index.batch(number)
        kept = (BatchState.ACTIVE, BatchState.CONSUMED)
        if lot is None or lot.custodian != asked.own or lot.state not in kept:
            yield "input_gone", names.batch(number)


def _stops_unretiring(lot: Batch, called: str) -> Iterator[tuple[str, str]]:
    if lot.state is BatchState.DELIVERED:
        yield "only_auditor", called
    elif lot.state is not BatchState.RETIRED:
        yield "not_recorded", called


def _stops_made(asked: _Asked, number: int) -> Iterator[tuple[str, str]]:
    """What stops the reversal of what made a lot, or brought it."""
    index, own = asked.index, asked.own
    lot, called = index.batch(number), asked.names.batch(number)
    if lot is None:
        yield "not_recorded", called
        return
    uses = 0
    if asked.record.kind in ("receive", "take_back"):
        last = index.trail(number)[-1:]
        if not last or not isinstance(last[0], ReceiptEntry | TakeBackEntry):
            yield "moved_on", called
            return
        uses = last[0].uses
    stops = (
        ("elsewhere", lot.custodian != own),
        ("not_active", lot.custodian == own and lot.state is not BatchState.ACTIVE),
        ("used", lot.uses != uses or uses == MOST_USES),
        ("held_by_auditor", lot.held_by_auditor),
        ("declared_by_auditor", lot.error_by_auditor),
        ("open_finding", _is_questioned(index, lot)),
    )
    yield from ((reason, called) for reason, holds in stops if holds)


def _is_questioned(index: IndexReader, lot: Batch) -> bool:
    """Whether a finding on the lot is open."""
    return any(
        each.batch == lot.id and each.state is not FindingState.CLOSED for each in index.findings(lot.creator)
    )


def restated_fields(index: IndexReader, record: Record) -> dict[str, str]:
    """The emissions of a record as they count now, by field, mg CO2e as decimal strings."""
    for recorded in index.history(record.made[0]) if record.made else ():
        if (recorded.block, recorded.log_index) == record.place:
            said = getattr(recorded.event, "emissions", None)
            if said is not None:
                return {name: str(getattr(said, name)) for name in EMISSION_FIELDS if getattr(said, name)}
    return {}
