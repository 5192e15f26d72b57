"""What became of the mass of a batch: made, taken for what, arrived, lost, dried, measured again, and left.

From one batch's history alone, by the events' own word. The movements add up to what is left, of gross mass
and of each substance, to the milligram.

Example:
    >>> moved = [Movement("made", 5, {27: 2}), Movement("run", -3, {27: -1}, named=7)]
    >>> total(moved).mass_mg, total(moved).substances_mg, totals(moved)["taken"].mass_mg
    (2, {27: 1}, -3)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from traceledger.events import (
    BatchRemeasured,
    BatchSplit,
    LedgerEvent,
    MintReversed,
    Position,
    ReceiptReversed,
    RecordedEvent,
    ShipmentReceived,
    SplitReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import Difference, Substances
from traceledger.model.frozen import frozen
from traceledger.provenance.nodes import Creation, creations
from traceledger.replay.custody import Remainder, departed, remainder_after, unmade

KINDS: Mapping[str, str] = {
    "made": "made",
    "split": "taken",
    "run": "taken",
    "put_back": "taken",
    "arrived": "lost",
    "lost": "lost",
    "moisture": "moisture",
    "measurement": "booked",
    "remeasured": "booked",
    "reversed": "reversed",
}
"""By what a movement is, the total in which it counts; what arrived as it was sent moves nothing."""

_ON_ARRIVAL: Mapping[Difference, str] = {
    Difference.NONE: "arrived",
    Difference.LOSS: "lost",
    Difference.MOISTURE: "moisture",
    Difference.MEASUREMENT: "measurement",
}


@frozen
class Movement:
    """One change of what a batch holds, mg, signed.

    Attributes:
        what: a word of :data:`KINDS`.
        mass_mg: of gross mass.
        substances_mg: of each substance, by number.
        named: id of the child, the transformation or the shipment that it is about.
        arrived_mg: gross mass that arrived, where something did.
        at: the event that says it; ``None`` where movements were summed.
    """

    what: str
    mass_mg: int
    substances_mg: Substances
    named: int | None = None
    arrived_mg: int | None = None
    at: Position | None = None


def movements(history: Sequence[RecordedEvent], batch: int) -> list[Movement]:
    """Every change of what a batch holds, in chain order; the first is its making.

    Args:
        history: every event that names the batch, in chain order.
        batch: its id.
    """
    made = creations(history[0])[batch]
    found = [Movement("made", made.mass_mg, dict(made.substances_mg), at=history[0].position)]
    before = _begun(made)
    receipts: list[str] = []
    for recorded in history[1:]:
        after = remainder_after(recorded.event, batch, before)
        moved = _moved(recorded.event, batch, before, after, receipts)
        found += (replace(each, at=recorded.position) for each in moved)
        before = after
    return found


def masses_after(history: Sequence[RecordedEvent], moved: Iterable[Movement]) -> list[int]:
    """What a batch weighs after each event of its history, mg; of the movements that the history says."""
    changes = dict[Position | None, int]()
    for each in moved:
        changes[each.at] = changes.get(each.at, 0) + each.mass_mg
    return list(accumulate(changes.get(recorded.position, 0) for recorded in history))


def total(moved: Iterable[Movement]) -> Movement:
    """What movements come to."""
    mass, substances = 0, dict[int, int]()
    for each in moved:
        mass += each.mass_mg
        for number, mg in each.substances_mg.items():
            substances[number] = substances.get(number, 0) + mg
    return Movement("left", mass, substances)


def totals(moved: Sequence[Movement]) -> dict[str, Movement]:
    """The same by the kinds of :data:`KINDS`; they sum to what is left."""
    kinds = dict.fromkeys(KINDS.values())
    return {kind: total(each for each in moved if KINDS[each.what] == kind) for kind in kinds}


def _begun(made: Creation) -> Remainder:
    return Remainder.made(made.creator, made.mass_mg, made.substances_mg)


def _moved(
    event: LedgerEvent, batch: int, before: Remainder, after: Remainder, receipts: list[str]
) -> Iterator[Movement]:
    mass = after.mass_mg - before.mass_mg
    substances = {
        number: after.substances_mg.get(number, 0) - before.substances_mg.get(number, 0)
        for number in {**before.substances_mg, **after.substances_mg}
    }
    match event:
        case BatchSplit(parent=parent, children=children) if parent == batch:
            for child in children:
                taken = {number: -mg for number, mg in child.taken.substances_mg.items()}
                yield Movement("split", -child.taken.mass_mg, taken, child.taken.batch)
        case Transformed(transformation=run) if departed(event, batch):
            yield Movement("run", mass, substances, run)
        case SplitReversed(parent=parent, batch=child) if parent == batch:
            yield Movement("put_back", mass, substances, child)
        case TransformationReversed(transformation=run) if departed(event, batch):
            yield Movement("put_back", mass, substances, run)
        case ShipmentReceived(shipment=shipment, batches=arrived):
            what = next(_ON_ARRIVAL[each.difference] for each in arrived if each.batch == batch)
            receipts.append(what)
            yield Movement(what, mass, substances, shipment, after.mass_mg)
        case ReceiptReversed(shipment=shipment) if receipts:
            yield Movement(receipts.pop(), mass, substances, shipment)
        case BatchRemeasured():
            yield Movement("remeasured", mass, substances)
        case MintReversed() | SplitReversed() | TransformationReversed() if batch in unmade(event):
            # Rule 8: all that it still held went back to where it came from.
            yield Movement(
                "reversed", -before.mass_mg, {n: -each for n, each in before.substances_mg.items()}
            )
        case _:
            pass
