"""The JSON of batches: what one holds now, all that was recorded of it, and many as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.documents.known import Known
from traceledger.documents.traces import wrong
from traceledger.documents.values import amounts, evidence
from traceledger.events import (
    AnsweringEvent,
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
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import BatchState, Beginning, ShipmentState
from traceledger.model.commitments import FieldKind
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.names import LedgerNames
from traceledger.provenance.movements import KINDS, Movement, masses_after, movements, total, totals

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch, Shipment
    from traceledger.provenance.trouble import Trouble


def batches(index: IndexReader, found: Iterable[Batch]) -> dict[str, Any]:
    """Batches as they are now."""
    items = list(found)
    names, beside = LedgerNames(Known(index, batches=[item.id for item in items])), _beside(index, items)
    return {"batches": [_batch(item, names, beside) for item in items]}


def together(found: Iterable[Batch]) -> dict[str, Any]:
    """What batches hold together; those that were reversed hold nothing, and are counted beside."""
    there, reversed_, own, inherited, primary, mass = 0, 0, 0, 0, 0, 0
    substances: dict[int, int] = {}
    for item in found:
        if item.state is BatchState.REVERSED:
            reversed_ += 1
            continue
        there, mass, primary = there + 1, mass + item.mass_mg, primary + item.primary_mg
        own, inherited = own + item.own_mg, inherited + item.inherited_mg
        for substance, amount in item.substances_mg.items():
            substances[substance] = substances.get(substance, 0) + amount
    return {
        "batches": there,
        "reversed": reversed_,
        "mass_mg": str(mass),
        "substances_mg": amounts(dict(sorted(substances.items()))),
        "co2e": _pools(own, inherited, primary),
    }


def batch(
    index: IndexReader, found: Batch, troubles: Iterable[Trouble], *, most: int | None = None
) -> dict[str, Any]:
    """A batch as it is now, what is wrong with it, what became of it, and everything recorded of it.

    Args:
        index: where it was read.
        found: the batch.
        troubles: what is wrong with it or upstream.
        most: the first so many events and batches made of it; where there are more, ``counts`` says so.
    """
    history = index.history(found.id) if most is None else first_events(index, found, most)
    names = LedgerNames(named_in(index, found, history))
    if most is None:
        return told(index, found, troubles, history, names)
    counts = {"events": index.story.count(found.id), "made_into": index.story.count_made_of(found.id)}
    document = told(index, found, troubles, history, names, most=most)
    return document if max(counts.values()) <= most else document | {"counts": counts | {"most": most}}


def first_events(index: IndexReader, found: Batch, most: int) -> list[RecordedEvent]:
    """The first events of a batch, in the chain's order."""
    return [recorded for _, recorded in index.story.events(found.id, most=most)]


def told(
    index: IndexReader,
    found: Batch,
    troubles: Iterable[Trouble],
    history: Sequence[RecordedEvent],
    names: LedgerNames,
    *,
    most: int | None = None,
) -> dict[str, Any]:
    """The same where its history, or the beginning of it, and names for it were read before."""
    runs, moved = _runs(history, names), movements(history, found.id)
    if most is None:
        children, left = [edge.child for edge in index.children(found.id)], total(moved)
    else:
        children, left = index.story.made_of(found.id, most=most), _left(found)
    return _batch(found, names, _beside(index, [found])) | {
        **wrong(troubles),
        "masses": _masses(moved, left, runs, names),
        "made_of": [names.batch(edge.parent) for edge in index.parents(found.id)],
        "made_into": [names.batch(child) for child in children],
        "events": [
            _event(item, runs, names) | {"mass_after_mg": str(mass)}
            for item, mass in zip(history, masses_after(history, moved), strict=True)
        ],
    }


def named_in(index: IndexReader, found: Batch, history: Sequence[RecordedEvent]) -> Known:
    """All that a batch's history names, read beforehand."""
    lots, sent, sites = {found.id}, set[int](), set[int]()
    for recorded in history:
        event = recorded.event
        if isinstance(event, BatchSplit | Transformed | SplitReversed | TransformationReversed):
            lots.update(lot for lot, _ in event.concerns)
        elif isinstance(event, ErrorDeclared):
            lots.update(event.corrective)
        elif isinstance(event, BatchTakenBack):
            sites.add(event.facility)
        elif isinstance(event, ShipmentOffered | ReceiptReversed | AnsweringEvent):
            sent.add(event.shipment)
    people = {side for recorded in history for side in recorded.event.parties}
    return Known(index, batches=lots, shipments=sent, facilities=sites, participants=people)


def history(index: IndexReader, found: Batch, some: Sequence[RecordedEvent] | None = None) -> dict[str, Any]:
    """Everything recorded of a batch, in the chain's order; or ``some`` of it."""
    events = index.history(found.id) if some is None else some
    names = LedgerNames(named_in(index, found, events))
    runs = _runs(events, names)
    return {
        "batch": names.full(found.creator, found.identifier),
        "id": id_text(found.id),
        "events": [_event(item, runs, names) for item in events],
    }


def _runs(history: Sequence[RecordedEvent], names: LedgerNames) -> dict[int, str]:
    """The names of the runs that took it, or made it."""
    return {
        item.event.transformation: names.private(
            FieldKind.TRANSFORMATION, item.event.participant, item.event.identifier
        )
        for item in history
        if isinstance(item.event, Transformed)
    }


def _masses(
    moved: Sequence[Movement], left: Movement, runs: Mapping[int, str], names: LedgerNames
) -> dict[str, Any]:
    """What became of its mass: each movement, and totals that sum to what is left.

    Where only the beginning of its history was read, ``later_mg`` is what moved after it.
    """
    later = total([left, _negative(total(moved))])
    moves = later.mass_mg or any(later.substances_mg.values())
    return {
        **{f"{kind}_mg": _moved(each) for kind, each in totals(moved).items()},
        **({"later_mg": _moved(later)} if moves else {}),
        "left_mg": _moved(left),
        "movements": [_movement(each, runs, names) for each in moved],
    }


def _left(found: Batch) -> Movement:
    return Movement("left", found.mass_mg, found.substances_mg)


def _negative(each: Movement) -> Movement:
    return Movement(each.what, -each.mass_mg, {number: -mg for number, mg in each.substances_mg.items()})


def _moved(each: Movement) -> dict[str, str]:
    return {"mass": str(each.mass_mg), **amounts(dict(sorted(each.substances_mg.items())))}


def _movement(each: Movement, runs: Mapping[int, str], names: LedgerNames) -> dict[str, Any]:
    named = each.named
    arrived = {} if each.arrived_mg is None else {"arrived_mg": str(each.arrived_mg)}
    about: dict[str, str] = {}
    if named is not None and KINDS[each.what] == "taken":
        about = {"run": runs[named]} if named in runs else {"batch": names.batch(named)}
    elif named is not None:
        about = {"shipment": names.shipment(named)}
    at = {} if each.at is None else {"block": each.at.block, "log": each.at.log_index}
    return {"what": each.what, **about, **arrived, "moved_mg": _moved(each), **at}


@frozen
class _Beside:
    """What stands beside batches in the index: how and when each began, and by what it is under way."""

    begun: Mapping[int, tuple[Beginning, int]]
    shipments: Mapping[int, Shipment]


def _beside(index: IndexReader, items: Sequence[Batch]) -> _Beside:
    # Whoever sent a lot has custody of it until it is received.
    senders = {item.custodian for item in items if item.state.travels}
    shipments = (
        each for sender in sorted(senders) for each in index.shipments(ShipmentState.OFFERED, sender=sender)
    )
    by_lot = {lot: each for each in shipments for lot in each.open}
    return _Beside(index.many.beginnings(item.id for item in items), by_lot)


def _batch(item: Batch, names: LedgerNames, beside: _Beside) -> dict[str, Any]:
    origin, made_at = beside.begun.get(item.id, (None, None))
    return {
        "batch": names.full(item.creator, item.identifier),
        "id": id_text(item.id),
        "material": names.material(item.material),
        "maker": names.slug(item.creator),
        "facility": names.facility(item.facility) if names.site(item.facility) else None,
        "origin": None if origin is None else origin.slug,
        "made_at": made_at,
        "custodian": names.slug(item.custodian),
        "owner": None if item.owner is None else names.slug(item.owner),
        "state": item.state.slug,
        "shipment": _shipment(beside.shipments.get(item.id), names),
        "frozen": item.frozen,
        "held": item.held,
        "disputed": item.disputed,
        "recalled": item.recalled,
        "off_specification": item.off_specification,
        "waste": item.waste,
        "pieces": str(item.pieces) if item.pieces else None,
        "mass_mg": str(item.mass_mg),
        "substances_mg": amounts(dict(sorted(item.substances_mg.items()))),
        "co2e": _pools(item.own_mg, item.inherited_mg, item.primary_mg),
    }


def _pools(own_mg: int, inherited_mg: int, primary_mg: int) -> dict[str, str]:
    return {
        "own_mg": str(own_mg),
        "inherited_mg": str(inherited_mg),
        "total_mg": str(own_mg + inherited_mg),
        "primary_mg": str(primary_mg),
    }


def _shipment(found: Shipment | None, names: LedgerNames) -> dict[str, str] | None:
    """By what a lot is under way, from whom and to whom."""
    if found is None:
        return None
    return {
        "shipment": names.full(found.sender, found.identifier),
        "sender": names.slug(found.sender),
        "receiver": names.slug(found.receiver),
    }


def _event(item: RecordedEvent, runs: Mapping[int, str], names: LedgerNames) -> dict[str, Any]:
    event = item.event
    said = {
        "event": type(event).__name__,
        "block": item.block,
        "log": item.log_index,
        "transaction": hexed(item.transaction_hash),
        "timestamp": item.timestamp,
        "occurred_at": event.occurred_at,
        "by": None if event.author is None else names.slug(event.author),
    }
    return said | _particulars(event, runs, names) | {"evidence": evidence(event.evidence)}


def _particulars(event: LedgerEvent, runs: Mapping[int, str], names: LedgerNames) -> dict[str, Any]:
    """What only events of its kind say."""
    match event:
        case ShipmentOffered() | ShipmentReceived():
            return _shipped(event, names) | {"receiver": names.slug(event.receiver)}
        case ShipmentRejected():
            receiver = {"receiver": names.slug(event.receiver)}
            return _shipped(event, names) | receiver | {"reason": event.reason}
        case ShipmentCancelled():
            return _shipped(event, names) | {"reason": event.reason}
        case Transformed():
            run = {"run": runs[event.transformation], "process": event.process}
            return run | {"facility": names.facility(event.facility)}
        case EmissionsAdded() | BatchRemeasured() | StockAssigned():
            return {"reason": event.reason}
        case BatchRetired():
            return {"how": event.how.slug, "reason": event.reason}
        case BatchHeld() | BatchReleased():
            return {"kind": event.kind.slug, "reason": event.reason}
        case EmissionsRestated():
            return {"kind": event.kind.slug, "counts": event.counts, "reason": event.reason}
        case RestatementConfirmed():
            return {"kind": event.kind.slug}
        case ReceiptReversed():
            return {"shipment": names.shipment(event.shipment), "reason": event.reason}
        case TransformationReversed():
            return {"run": runs[event.transformation], "reason": event.reason}
        case MintReversed() | SplitReversed() | RetirementReversed():
            return {"reason": event.reason}
        case TakeBackReversed() | ErrorReversed():
            return {"reason": event.reason}
        case ErrorDeclared():
            corrective = [names.batch(number) for number in event.corrective]
            return {"reason": event.reason.slug, "corrective": corrective}
        case TitleTransferred():
            return {"owner": names.slug(event.new_owner)}
        case BatchTakenBack():
            return {"facility": names.facility(event.facility)}
        case BatchMinted():
            return {"origin": event.origin.slug, "facility": names.facility(event.facility)}
        case BatchSplit():
            return {}
        case _:
            assert_never(event)


def _shipped(
    event: ShipmentOffered | ShipmentReceived | ShipmentRejected | ShipmentCancelled, names: LedgerNames
) -> dict[str, Any]:
    return {"shipment": names.shipment(event.shipment)}
