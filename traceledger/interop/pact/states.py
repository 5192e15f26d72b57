"""The states that the figures of a footprint went through, each as of the block that brought it.

A PACT footprint never changes: what is known better is another footprint, and the one before is deprecated
(Technical Specifications 3.0.3, *Product Footprint Lifecycle*). The ledger keeps everything, so all that were
ever true can be told at any time, by whoever reads it, without a register of what was handed out: a state
begins in the block of an event that may change the figures, and has them as of that block. Takes change none:
who takes a part leaves the rest as it was, but for what is rounded down; so what is left is looked at only
where something came to it, or its mass was measured again, since it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

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
    ReceiptReversed,
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
from traceledger.interop.carbon import CarbonFigures, average, figures_of
from traceledger.model.batches import Difference
from traceledger.provenance.lineage import Direction, lineage

if TYPE_CHECKING:
    from traceledger.provenance.source import Source
    from traceledger.provenance.stages import StageTable


@dataclass(frozen=True, slots=True)
class State:
    """What was known from a block on.

    Attributes:
        block: the block.
        at: its time, UTC seconds.
        figures: as of it; ``None``: there are none, as all was reversed or is in error.
        pieces: how many pieces the batches were made with, of those that were counted.
        uncounted: how many batches were not counted.
        made_mass_mg: what they were made with, mg.
    """

    block: int
    at: int
    figures: CarbonFigures | None
    pieces: int = 0
    uncounted: int = 0
    made_mass_mg: int = 0

    @property
    def unit_mass_mg(self) -> Fraction | None:
        """Mg of one piece, by mass and number of those that were made; ``None``: they were not counted."""
        return Fraction(self.made_mass_mg, self.pieces) if self.pieces and not self.uncounted else None

    @property
    def battery_mass_mg(self) -> Fraction | None:
        """Mg of one battery, where a batch that was not counted is one, as in battery passports."""
        batteries = self.pieces + self.uncounted
        return Fraction(self.made_mass_mg, batteries) if batteries else None


def states_of(
    source: Source, batch: int, stages: StageTable | None = None, *, as_made: bool = False
) -> tuple[list[State], frozenset[int]]:
    """The states of one batch, the oldest first, and the batches (ids) on whose events they depend.

    Args:
        source: where to read.
        batch: its id.
        stages: which life-cycle stage is whose; by default the package's table.
        as_made: of all that it was made with, not of what is left.

    Raises:
        UnknownNameError: there is no such batch.
        VerificationError: the source's events do not fit together.
    """
    upstream = lineage(source, batch, Direction.UP)
    made = upstream.nodes[batch].creation
    own = {item.position for item in upstream.nodes[batch].later}
    begins, changed = {made.at.block: made.at.timestamp}, []
    for item in upstream.recorded:
        if item.position <= made.at.position:
            continue
        if item.position in own and not as_made and _changes_what_is_left(item.event, batch, made.creator):
            changed.append(item.block)
            begins[item.block] = item.timestamp
        elif _changes_the_whole(item.event, own=item.position in own, maker=made.creator):
            begins[item.block] = item.timestamp
    if (undone := upstream.reversed_by) is not None:
        begins[undone.block] = undone.timestamp
    first = min(changed, default=None)
    states = [
        _state(source, batch, block, at, stages, as_made=first is None or block < first)
        for block, at in sorted(begins.items())
    ]
    return states, frozenset(upstream.told)


def states_of_production(
    batches: Sequence[int], states_of_one: Callable[[int], Sequence[State]]
) -> list[State]:
    """The states of the average over what was produced, the oldest first: emissions over quantity.

    Each batch counts with all that it was made with, whatever was taken, lost or shipped since.

    Args:
        batches: ids, in the order of the chain.
        states_of_one: gives the states of a batch, as made.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    changes: dict[int, list[tuple[int, State]]] = {}
    for batch in batches:
        for state in states_of_one(batch):
            changes.setdefault(state.block, []).append((batch, state))
    current: dict[int, State] = {}
    found = []
    for block, changed in sorted(changes.items()):
        current |= dict(changed)
        found.append(
            _together(block, changed[0][1].at, [current[each] for each in batches if each in current])
        )
    return found


def _together(block: int, at: int, of: Sequence[State]) -> State:
    known = [(each.figures, each) for each in of if each.figures is not None]
    if not known:
        return State(block, at, None)
    figures = average([each for each, _ in known], [each.mass_mg for each, _ in known])
    pieces = sum(each.pieces for _, each in known)
    return State(block, at, figures, pieces, sum(each.uncounted for _, each in known), figures.mass_mg)


def _state(
    source: Source, batch: int, block: int, at: int, stages: StageTable | None, *, as_made: bool
) -> State:
    upstream = lineage(source, batch, Direction.UP, as_of=block)
    node = upstream.nodes[batch]
    if upstream.reversed_by is not None or node.declared_in_error:
        return State(block, at, None)
    figures = figures_of(upstream, source, stages, as_made=as_made)
    pieces = next((new.pieces for new in node.creation.event.makes if new.batch == batch), 0)
    return State(block, at, figures, pieces, int(not pieces), node.creation.mass_mg)


def _changes_what_is_left(event: LedgerEvent, batch: int, maker: bytes) -> bool:
    """Whether an event of the batch itself changes figures of a kilogram of it that leaves its maker."""
    match event:
        case EmissionsAdded():
            return event.custodian == maker
        case ShipmentOffered():
            emits = bool(event.emissions.total_mg) or event.emissions.tells_parts
            return event.sender == maker and emits
        case ShipmentReceived():
            return any(lot.batch == batch and lot.difference is not Difference.NONE for lot in event.batches)
        case BatchRemeasured():
            return True
        case _:
            return False


def _changes_the_whole(event: LedgerEvent, *, own: bool, maker: bytes) -> bool:
    """Whether an event after a batch's making may change the figures of all of it; ``own`` names it."""
    match event:
        case EmissionsRestated():
            return event.counts
        case RestatementConfirmed():
            return True
        case ErrorDeclared() | ErrorReversed():
            return own
        case EmissionsAdded():
            return own and event.custodian == maker
        case SplitReversed() | TransformationReversed() | ReceiptReversed() | TakeBackReversed():
            return own
        case ShipmentOffered() | ShipmentReceived() | BatchRemeasured() | BatchTakenBack():
            return False
        case BatchMinted() | BatchSplit() | Transformed() | MintReversed():
            return False
        case ShipmentRejected() | ShipmentCancelled() | BatchRetired() | RetirementReversed():
            return False
        case BatchHeld() | BatchReleased() | StockAssigned() | TitleTransferred():
            return False
        case _:
            assert_never(event)
