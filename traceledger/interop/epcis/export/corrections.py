"""Corrections as EPCIS has them: the event that was wrong once more, with an ``errorDeclaration``.

GS1 EPCIS 2.0, 7.4.1.2 (ErrorDeclaration): the event is repeated with the same ``eventID``; the declaration
says when and why, and names the events that correct it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from traceledger.events import (
    ErrorDeclared,
    MintReversed,
    ReceiptReversed,
    RecordedEvent,
    RetirementReversed,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.interop.epcis.export.saying import Document, Piece, lots, terms
from traceledger.interop.epcis.export.things import Things
from traceledger.model.batches import ErrorReason
from traceledger.model.units import format_time

Saying = Callable[[RecordedEvent, Things], Document]
Reversal = (
    MintReversed
    | SplitReversed
    | TransformationReversed
    | ReceiptReversed
    | RetirementReversed
    | TakeBackReversed
)
_REASONS = frozenset(reason.slug for reason in ErrorReason)


def declared(found: RecordedEvent, event: ErrorDeclared, things: Things, saying: Saying) -> Document:
    """The event that made a lot, declared wrong about that lot.

    Args:
        found: the declaration as it was recorded.
        event: what it says.
        things: names.
        saying: how an event is said.
    """
    corrected = [things.made(lot) for lot in event.corrective]
    declaration = _declaration(
        found,
        event.reason.slug,
        things,
        "declare_error",
        lots=lots([Piece(things.lot(event.batch))]),
        corrective=[things.lot(lot).name for lot in event.corrective],
    )
    known = [things.event_id(each.position) for each in corrected if each is not None]
    if known:
        declaration["correctiveEventIDs"] = known
    wrong = things.made(event.batch)
    return (saying(wrong, things) if wrong else {}) | {"errorDeclaration": declaration}


def reversed_(found: RecordedEvent, event: Reversal, things: Things, saying: Saying) -> Document:
    """The event that is taken back; of lots that were received apart, the first receipt.

    Arguments as of :func:`declared`.
    """
    wrong = things.taken_back(found.position)
    said: dict[str, Any] = {}
    match event:
        case MintReversed():
            of = {"tl:mint": things.lot(event.batch).name}
        case SplitReversed():
            of = {"tl:split": things.lot(event.batch).name}
            said["lots"] = lots([Piece(things.lot(event.batch))])
        case TransformationReversed():
            of = {"tl:transformation": _run(wrong, things)}
        case ReceiptReversed():
            of = {"tl:receive": things.shipment(event.shipment).name}
            said["lots"] = lots(Piece(things.lot(lot)) for lot in event.batches)
        case RetirementReversed():
            of = {"tl:retire": things.lot(event.batch).name}
        case TakeBackReversed():
            of = {"tl:takeBack": things.lot(event.batch).name}
        case _:
            assert_never(event)
    declaration = _declaration(found, event.reason, things, "reverse", of=of, **said)
    return saying(wrong, things) | {"errorDeclaration": declaration}


def _declaration(found: RecordedEvent, reason: str, things: Things, operation: str, **said: Any) -> Document:
    own = {} if reason in _REASONS else {"reason": reason}
    return {
        "declarationTime": format_time(found.event.occurred_at),
        **({"reason": reason} if reason in _REASONS else {}),
        **terms(operation, found, things, **said, **own),
    }


def _run(wrong: RecordedEvent, things: Things) -> str:
    match wrong.event:
        case Transformed() as event:
            return things.run(event.participant, event.identifier).name
        case _:
            return ""
