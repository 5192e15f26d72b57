"""The state as the lines before an operation will leave it, for calldata that follows from the state.

The index says how things stand; on top come the lines of the same run that are not recorded yet. What these
do to counts of events, masses and open lots is foreseen. Of everything else they touch, nothing is known
before they are recorded: whoever asks for it is answered :class:`LaterError`, and is prepared once they are::

    asked of a thing -- no unrecorded line touches it --> as the index has it
             |
             +-- one does --> foreseen (events, mass, open lots), or LaterError
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from traceledger.errors import TraceLedgerError, UnknownNameError
from traceledger.model.batches import BatchState

if TYPE_CHECKING:
    from traceledger.model.batches import Batch
    from traceledger.operations.base import Entity


class LaterError(TraceLedgerError):
    """What is asked for follows from lines that are not recorded yet."""


class Standing(Protocol):
    """What is asked of the index."""

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id, as it is now."""


@dataclass(slots=True, eq=False, repr=False)
class Outlook:
    """What is foreseen.

    Attributes:
        known: the index.
        planned: batches that lines of this run make.
    """

    known: Standing
    planned: Set[int]
    _events: Counter[int] = field(default_factory=Counter)
    _masses: dict[int, int | None] = field(default_factory=dict)
    _answered: dict[int, set[int]] = field(default_factory=dict)
    _unsettled: set[Entity] = field(default_factory=set)
    _concerned: dict[Entity, tuple[int, ...]] = field(default_factory=dict)
    _returning: set[int] = field(default_factory=set)
    _approvals: dict[int, Entity] = field(default_factory=dict)

    def events(self, batch: int) -> int:
        """How many events will have named a batch by then."""
        found = self._found(batch)
        return (found.events if found else 0) + self._events[batch]

    def settled(self, batch: int) -> Batch:
        """A batch as it is now, which no line before changes.

        Raises:
            LaterError: one does.
        """
        found = self._found(batch)
        if found is None or self._events[batch]:
            raise LaterError("the batch is not as it is recorded")
        return found

    def may_be_received(self, batch: int) -> bool:
        """Whether a lot that is open will be neither held nor frozen, other than on its way back.

        Raises:
            LaterError: a line before may change that.
        """
        if ("batch", batch) in self._unsettled:
            raise LaterError("whether the lot is held or frozen is not recorded")
        found = self._found(batch)
        if found is None:
            return True
        goes_back = found.state is BatchState.RETURNING or batch in self._returning
        return not found.held and (goes_back or not found.frozen)

    def mass(self, batch: int) -> int:
        """What a batch will weigh by then, mg.

        Raises:
            LaterError: a line before says so only once it is recorded.
        """
        if ("batch", batch) in self._unsettled:
            raise LaterError("the batch's mass is not recorded")
        found = self._found(batch)
        mass = self._masses.get(batch, found.mass_mg if found else None)
        if mass is None:
            raise LaterError("the batch's mass is not recorded")
        return mass

    def still_open(self, shipment: int, lots: Iterable[int]) -> tuple[int, ...]:
        """Of a shipment's open lots, those that no line before answers for.

        Raises:
            LaterError: a line before opens some again.
        """
        if ("shipment", shipment) in self._unsettled:
            raise LaterError("which lots are open is not recorded")
        answered = self._answered.get(shipment, ())
        return tuple(lot for lot in lots if lot not in answered)

    def require_settled(self, entity: Entity) -> None:
        """Refuse to say anything of a record that a line before makes or changes.

        Raises:
            LaterError: one does.
        """
        if entity in self._unsettled or entity in self._concerned:
            raise LaterError("the record is not on the ledger yet")

    def is_unsettled(self, entity: Entity) -> bool:
        """Whether a line before does something to it that is not foreseen."""
        return entity in self._unsettled

    def concerned(self, entity: Entity) -> tuple[int, ...]:
        """The batches of a record that a line before makes; none where no line does."""
        return self._concerned.get(entity, ())

    def approval(self, batch: int) -> Entity | None:
        """The approval under which a line before mints a batch; ``None``: none does."""
        return self._approvals.get(batch)

    # What lines tell

    def name(self, batches: Iterable[int]) -> None:
        """An event will name these batches, each once."""
        self._events.update(set(batches))

    def make(self, masses: Mapping[int, int]) -> None:
        """These batches will be made, of so many mg."""
        self._masses.update(masses)

    def send(self, batches: Iterable[int]) -> None:
        """These batches will be offered; those that are frozen go back."""
        found = {batch for batch in batches if (known := self._found(batch)) and known.frozen}
        self._returning |= found

    def minted(self, batch: int, approval: Entity) -> None:
        """A batch will be minted, under that approval."""
        self._approvals[batch] = approval

    def weigh(self, batch: int, mass: int | None) -> None:
        """A batch will weigh so many mg; ``None``: nobody knows before it is recorded."""
        self._masses[batch] = mass

    def take(self, batch: int, mass: int | None) -> None:
        """So many mg will be taken of a batch; ``None``: all of it."""
        try:
            before = self.mass(batch)
        except LaterError:
            return
        self._masses[batch] = 0 if mass is None else before - mass

    def answer(self, shipment: int, lots: Iterable[int]) -> None:
        """These lots of a shipment will be open no more."""
        self._answered.setdefault(shipment, set()).update(lots)

    def record(self, entity: Entity, batches: Collection[int]) -> None:
        """A record of these batches will be made."""
        self._concerned[entity] = tuple(batches)

    def unsettle(self, entities: Iterable[Entity]) -> None:
        """What becomes of these is not foreseen."""
        self._unsettled.update(entities)

    def _found(self, batch: int) -> Batch | None:
        found = self.known.batch(batch)
        if found is None and batch not in self.planned:
            raise UnknownNameError(
                "how the batch stands on the ledger is not known here",
                hint="bring the network's index file up to date: traceledger index sync writes it",
            )
        return found
