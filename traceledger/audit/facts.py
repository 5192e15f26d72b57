"""Facts of a ledger as an audit looks at them, each collected once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from traceledger.events import (
    BatchMinted,
    BatchSplit,
    RecordedEvent,
    ShipmentOffered,
    ShipmentReceived,
    Transformed,
)
from traceledger.model.batches import Batch, Substances
from traceledger.model.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Making:
    """How a batch came to be, and what it was made with (mg and mg CO2e)."""

    batch: int
    at: RecordedEvent
    mass_mg: int
    own_mg: int
    inherited_mg: int
    substances_mg: Substances
    parents: tuple[int, ...]

    @property
    def occurred_at(self) -> int:
        """When, as claimed."""
        return self.at.event.occurred_at

    @property
    def split_from(self) -> int | None:
        """The batch of which it was split off, if it was."""
        return self.at.event.parent if isinstance(self.at.event, BatchSplit) else None


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch: as it is now, how it was made, and what happened to it since, in chain order."""

    now: Batch
    name: str
    making: Making
    later: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Mint:
    """Material that entered the ledger."""

    at: RecordedEvent
    event: BatchMinted


@dataclass(frozen=True, slots=True)
class Run:
    """A transformation: what it took and what it made, mg, by substance number where a mapping."""

    at: RecordedEvent
    event: Transformed
    taken_mg: int
    made_mg: int
    taken: Mapping[int, int]
    made: Mapping[int, int]

    @property
    def outputs(self) -> tuple[int, ...]:
        """Ids of what it made."""
        return tuple(item.batch for item in self.event.outputs)


@dataclass(frozen=True, slots=True)
class Leg:
    """A shipment, with the event that answered it, if one did."""

    offered: RecordedEvent
    event: ShipmentOffered
    answered: RecordedEvent | None

    @property
    def received(self) -> ShipmentReceived | None:
        """Its receipt, if it was received."""
        event = self.answered.event if self.answered else None
        return event if isinstance(event, ShipmentReceived) else None


def making_of(batch: int, at: RecordedEvent) -> Making | None:
    """How the event made the batch; ``None`` if it did not."""
    event = at.event
    if isinstance(event, BatchMinted) and event.batch == batch:
        own = event.emissions.total_mg
        return Making(batch, at, event.mass_mg, own, 0, event.substances_mg, ())
    if isinstance(event, BatchSplit):
        for child in event.children:
            got = child.taken
            if got.batch == batch:
                pools = (got.mass_mg, got.own_mg, got.inherited_mg, got.substances_mg)
                return Making(batch, at, *pools, (event.parent,))
    if isinstance(event, Transformed):
        parents = tuple(dict.fromkeys(item.batch for item in event.inputs))
        for made in event.outputs:
            if made.batch == batch:
                pools = (made.mass_mg, made.own_mg, made.inherited_mg, made.substances_mg)
                return Making(batch, at, *pools, parents)
    return None


def run_of(at: RecordedEvent, event: Transformed) -> Run:
    """A transformation with its sums."""
    taken: Counter[int] = Counter()
    made: Counter[int] = Counter()
    for item in event.inputs:
        taken.update(item.substances_mg)
    for output in event.outputs:
        made.update(output.substances_mg)
    return Run(
        at=at,
        event=event,
        taken_mg=sum(item.mass_mg for item in event.inputs),
        made_mg=sum(item.mass_mg for item in event.outputs),
        taken=dict(taken),
        made=dict(made),
    )


def evidence_of(event: BatchMinted) -> tuple[Evidence, ...]:
    """The documents of a mint, each once."""
    return tuple({item.sha256: item for item in event.evidence}.values())
