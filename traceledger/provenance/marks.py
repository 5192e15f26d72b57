"""The marks of a batch that are part of every answer about it: disputed, frozen, on hold, recalled."""

from __future__ import annotations

from collections.abc import Iterable

from traceledger.events import (
    BatchHeld,
    BatchReleased,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    ReceiptReversed,
    RecordedEvent,
    ShipmentOffered,
    StockAssigned,
    TakeBackReversed,
)
from traceledger.model.batches import HoldKind
from traceledger.model.frozen import frozen


@frozen
class Marks:
    """What marks a batch.

    Attributes:
        disputed: its maker declared an error in it.
        frozen: an auditor did, or its maker while it held the batch (Rule 8).
        held: on hold by its custodian or by an auditor (Rule 10).
        recalled: its maker recalls it.
    """

    disputed: bool
    frozen: bool
    held: bool
    recalled: bool

    @property
    def any(self) -> bool:
        """Whether it is marked at all."""
        return self.disputed or self.frozen or self.held or self.recalled


class _Marking:
    """Goes through what happened to a batch."""

    def __init__(self) -> None:
        self.errors: set[bool] = set()
        self.frozen_by_maker = False
        self.holds: set[HoldKind] = set()
        self._returning = False

    def see(self, event: LedgerEvent) -> None:
        match event:
            case ErrorDeclared():
                self.errors.add(event.by_auditor)
                self.frozen_by_maker |= event.freezes and not event.by_auditor
            case ErrorReversed():
                self.errors.discard(event.by_auditor)
                self.frozen_by_maker &= event.by_auditor
            case BatchHeld():
                self.holds.add(event.kind)
            case BatchReleased():
                self.holds.discard(event.kind)
            case ShipmentOffered():
                self._returning = bool(event.return_of)
            case StockAssigned() | TakeBackReversed() | ReceiptReversed():
                # Rule 8, Rule 10: a maker's freeze, and a hold, end where who has it holds the lot no more.
                self.holds.discard(HoldKind.CUSTODIAN)
                stays = isinstance(event, TakeBackReversed) or (
                    isinstance(event, ReceiptReversed) and self._returning
                )
                self.frozen_by_maker &= stays
            case _:
                pass


def marks_of(later: Iterable[RecordedEvent]) -> Marks:
    """The marks of a batch after these events of it, in chain order."""
    found = _Marking()
    for recorded in later:
        found.see(recorded.event)
    return Marks(
        disputed=False in found.errors,
        frozen=True in found.errors or found.frozen_by_maker,
        held=bool(found.holds - {HoldKind.RECALL}),
        recalled=HoldKind.RECALL in found.holds,
    )


def held_and_recalled(marked: Iterable[tuple[str, Marks]]) -> tuple[list[str], list[str]]:
    """Of named batches the names of those that are on hold, and of those that are recalled, each sorted."""
    held, recalled = list[str](), list[str]()
    for name, each in marked:
        held += [name] if each.held else []
        recalled += [name] if each.recalled else []
    return sorted(held), sorted(recalled)
