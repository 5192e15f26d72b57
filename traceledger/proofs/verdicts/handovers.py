"""Every change of custody on the way to a batch, in order, with the papers that were recorded of it.

Custody changes by shipment and receipt (Rule 3), by the take-back of a delivered product (Rule 9), and where
the consortium assigns stock (Rule 12). What happened to an upstream lot after the last was taken of it for
the batch concerns others, and is left out; of a product that was taken back only what came of that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from traceledger.events import (
    BatchSplit,
    BatchTakenBack,
    Position,
    ReceiptReversed,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    StockAssigned,
    TakeBackReversed,
    Transformed,
)
from traceledger.model.batches import Difference
from traceledger.model.evidence import Evidence
from traceledger.names import Names
from traceledger.proofs.verdicts.answer import lot_name, names_of, place
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.provenance import Lineage, Node

_Happened = Mapping[int, tuple[RecordedEvent, ...]]
"""By lot, what of its history is told of the batch, in chain order."""


class HandOverKind(StrEnum):
    """How custody changed."""

    SHIPMENT = "shipment"
    TAKE_BACK = "take_back"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True, slots=True)
class HandedLot:
    """A lot that changed hands: what was sent and what arrived, mg, and why that differs."""

    batch: str
    sent_mg: int | None
    arrived_mg: int | None
    difference: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One change of custody.

    Attributes:
        kind: how.
        name: full name of the shipment; of the others that of the lot.
        sender: short name of who handed over; empty where a buyer gave a product back.
        receiver: short name of who took over.
        sent_at: when it was sent, as claimed, UTC seconds; ``None`` of the others.
        received_at: when it arrived, or was taken back or assigned; ``None``: it has not arrived.
        lots: what was handed over of the lineage.
        papers: the documents of both sides: address and SHA-256.
        events: where its events stand.
        order: where it stands among the others.
    """

    kind: HandOverKind
    name: str
    sender: str
    receiver: str
    sent_at: int | None
    received_at: int | None
    lots: tuple[HandedLot, ...]
    papers: tuple[Evidence, ...]
    events: tuple[str, ...]
    order: Position

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "kind": self.kind.value,
            "name": self.name,
            "from": self.sender or None,
            "to": self.receiver,
            "sent_at": self.sent_at,
            "received_at": self.received_at,
            "lots": [
                {
                    "batch": lot.batch,
                    "sent_mg": None if lot.sent_mg is None else str(lot.sent_mg),
                    "arrived_mg": None if lot.arrived_mg is None else str(lot.arrived_mg),
                    "difference": lot.difference or None,
                }
                for lot in self.lots
            ],
            "papers": [each.to_dict() for each in dict.fromkeys(self.papers)],
            "events": list(self.events),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """A lot that its company used at another site than that at which it came to be, without a shipment."""

    batch: str
    company: str
    origin: str
    target: str
    crossed: bool


def handovers(proof: VerifiedProof) -> list[HandOver]:
    """All changes of custody on the way to the batch, in the order of the ledger; open shipments too."""
    names, upstream = names_of(proof), proof.upstream
    happened = _happened(upstream)
    found: dict[tuple[str, Position], HandOver] = {}
    for batch, node in upstream.nodes.items():
        for each in _of_lot(node, happened[batch], names):
            key = each.name, each.order
            found[key] = _joined(found[key], each) if key in found else each
    return sorted(found.values(), key=lambda each: each.order)


def moves(proof: VerifiedProof) -> list[Move]:
    """What companies used at another of their sites, of which no operation says how it got there."""
    names, upstream = names_of(proof), proof.upstream
    happened = _happened(upstream)
    found: dict[Move, None] = {}
    for node in upstream.nodes.values():
        event = node.creation.event
        if not isinstance(event, Transformed):
            continue
        for parent in node.creation.parents:
            site = _site(upstream, parent, happened)
            if site is None or site == event.facility:
                continue
            made, used = names.site(site), names.site(event.facility)
            crossed = made is None or used is None or made.country.upper() != used.country.upper()
            lot = lot_name(proof, parent, names)
            company = names.slug(event.participant)
            found[Move(lot, company, names.facility(site), names.facility(event.facility), crossed)] = None
    return list(found)


def _site(upstream: Lineage, batch: int, happened: _Happened) -> int | None:
    """Where a lot came to be, unless it was handed over since: then its receiver's site is not recorded."""
    while (node := upstream.nodes.get(batch)) is not None:
        moved = (ShipmentReceived, StockAssigned)
        if any(isinstance(each.event, moved) for each in happened[batch]):
            return None
        if node.take_back is not None and batch != upstream.batch:
            return node.take_back.facility
        if not isinstance(node.creation.event, BatchSplit):
            return node.creation.facility
        (batch,) = node.creation.parents
    return None


def _happened(upstream: Lineage) -> _Happened:
    """What happened to lots before the last was taken of them; of a product that came back, from then on."""
    ends = upstream.last_taken()
    return {
        batch: node.later if batch == upstream.batch else _between(node, node.taken_back, ends.get(batch))
        for batch, node in upstream.nodes.items()
    }


def _between(node: Node, first: Position | None, last: Position | None) -> tuple[RecordedEvent, ...]:
    return tuple(
        item
        for item in node.later
        if (last is None or item.position < last) and (first is None or item.position >= first)
    )


def _of_lot(node: Node, happened: tuple[RecordedEvent, ...], names: Names) -> Iterator[HandOver]:
    batch = node.creation.batch
    lot = names.full(node.creation.creator, node.creation.identifier)
    offered: dict[int, HandOver] = {}
    arrived: dict[int, HandOver] = {}
    sent: dict[int, HandOver] = {}
    other: list[HandOver] = []
    for item in happened:
        match item.event:
            case ShipmentOffered() as event:
                sent[event.shipment] = offered[event.shipment] = _offered(item, event, batch, lot, names)
            case ShipmentReceived(shipment=shipment) as event if shipment in offered:
                arrived[shipment] = _received(offered.pop(shipment), item, event, batch)
            case ReceiptReversed(shipment=shipment) if shipment in arrived:
                del arrived[shipment]
                offered[shipment] = sent[shipment]  # as it was before that receipt
            case ShipmentRejected(shipment=shipment) | ShipmentCancelled(shipment=shipment):
                offered.pop(shipment, None)
            case BatchTakenBack() | StockAssigned() as event:
                other.append(_other(item, event, lot, names))
            case TakeBackReversed():
                other = [each for each in other if each.kind is not HandOverKind.TAKE_BACK]
            case _:
                pass
    yield from (*arrived.values(), *offered.values(), *other)


def _offered(item: RecordedEvent, event: ShipmentOffered, batch: int, lot: str, names: Names) -> HandOver:
    sent = next(each.mass_mg for each in event.batches if each.batch == batch)
    return HandOver(
        kind=HandOverKind.SHIPMENT,
        name=names.full(event.sender, event.identifier),
        sender=names.slug(event.sender),
        receiver=names.slug(event.receiver),
        sent_at=event.occurred_at,
        received_at=None,
        lots=(HandedLot(lot, sent, None, ""),),
        papers=event.evidence,
        events=(place(item),),
        order=item.position,
    )


def _received(before: HandOver, item: RecordedEvent, event: ShipmentReceived, batch: int) -> HandOver:
    got = next(each for each in event.batches if each.batch == batch)
    (lot,) = before.lots
    differs = "" if got.difference is Difference.NONE else got.difference.slug
    return replace(
        before,
        received_at=event.occurred_at,
        lots=(replace(lot, arrived_mg=got.mass_mg, difference=differs),),
        papers=(*before.papers, *event.evidence),
        events=(*before.events, place(item)),
    )


def _other(item: RecordedEvent, event: BatchTakenBack | StockAssigned, lot: str, names: Names) -> HandOver:
    assigned = isinstance(event, StockAssigned)
    return HandOver(
        kind=HandOverKind.ASSIGNMENT if assigned else HandOverKind.TAKE_BACK,
        name=lot,
        sender=names.slug(event.old_custodian) if isinstance(event, StockAssigned) else "",
        receiver=names.slug(event.new_custodian if isinstance(event, StockAssigned) else event.recycler),
        sent_at=None,
        received_at=event.occurred_at,
        lots=(HandedLot(lot, None, None if isinstance(event, StockAssigned) else event.mass_mg, ""),),
        papers=event.evidence,
        events=(place(item),),
        order=item.position,
    )


def _joined(one: HandOver, other: HandOver) -> HandOver:
    """Two lots of one shipment; it has arrived when all that are followed have."""
    times = (one.received_at, other.received_at)
    arrived = None if None in times else max(each for each in times if each is not None)
    return replace(
        one,
        received_at=arrived,
        lots=(*one.lots, *other.lots),
        papers=tuple(dict.fromkeys((*one.papers, *other.papers))),
        events=tuple(dict.fromkeys((*one.events, *other.events))),
    )
