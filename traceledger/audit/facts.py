"""Facts of a ledger as rules look at them: made from what an audit keeps, one at a time, and dropped again.

Batches and events are numbered in the order in which the ledger made and recorded them; participants are
addresses, facilities and materials ids, as everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from traceledger.events import LedgerEvent
from traceledger.model.batches import BatchState, Difference, Origin
from traceledger.model.emissions import AllocationRule
from traceledger.model.substances import symbol

_LOG_BITS = 24


class Happening(NamedTuple):
    """An event without what it says of batches.

    Attributes:
        number: its number.
        kind: which event it is.
        position: where it stands, :func:`~traceledger.index.schema.join_position`.
        timestamp: its block's time, UTC seconds.
        occurred_at: when it happened, as claimed.
        author: who recorded it.
    """

    number: int
    kind: type[LedgerEvent]
    position: int
    timestamp: int
    occurred_at: int
    author: bytes

    @property
    def block(self) -> int:
        """Number of its block."""
        return self.position >> _LOG_BITS

    @property
    def word(self) -> str:
        """What people call such an event."""
        return self.kind.word


class Now(NamedTuple):
    """A batch as it is now; the fields are those of :class:`~traceledger.model.batches.Batch`.

    ``wrong``: an error is declared in it, by its maker or an auditor (Rule 8).
    """

    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    state: BatchState
    mass_mg: int
    frozen: bool
    wrong: bool
    waste: bool
    off_specification: bool


class Making(NamedTuple):
    """How a batch came to be, and what it was made with (mg, mg CO2e).

    Attributes:
        at: the event.
        mass_mg: its mass.
        own_mg: CO2e of its own.
        inherited_mg: CO2e of what it was made of.
        substances_mg: mass by substance.
        parents: numbers of the batches of which it was made.
        minted: it entered the ledger.
        split: it was split off its only parent.
        process: of the run that made it; else empty.
        recycling: that run recycles.
        alone: nothing else was made by that run.
        emits: the event has CO2e of its own.
    """

    at: Happening
    mass_mg: int
    own_mg: int
    inherited_mg: int
    substances_mg: Mapping[int, int]
    parents: tuple[int, ...]
    minted: bool
    split: bool
    process: str
    recycling: bool
    alone: bool
    emits: bool

    @property
    def held(self) -> dict[str, str]:
        """What it held of each substance, as facts of an issue."""
        return {f"{symbol(number)}_mg": str(mass) for number, mass in self.substances_mg.items()}


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch: as it is now, how it was made, and what happened to it since, in chain order.

    ``later`` leaves out what was reversed, and the reversals (Rule 8).
    """

    number: int
    now: Now
    making: Making
    later: tuple[Happening, ...]


class Made(NamedTuple):
    """What a run made: a batch, and how it was made."""

    number: int
    now: Now
    making: Making


class Mint(NamedTuple):
    """Material that entered the ledger: a batch, of which origin, and the SHA-256 of its documents."""

    number: int
    now: Now
    making: Making
    origin: Origin
    documents: tuple[bytes, ...]

    @property
    def at(self) -> Happening:
        """The event."""
        return self.making.at

    @property
    def place(self) -> tuple[int, int, Origin]:
        """By what approvals cap it (Rule 2): facility, material and origin."""
        return self.now.facility, self.now.material, self.origin


@dataclass(frozen=True)
class Run:
    """A transformation: what it took (numbers of batches, with mg) and what it made.

    ``taken`` is mg by substance of all that was taken.
    """

    at: Happening
    participant: bytes
    facility: int
    process: str
    identifier: str
    allocation: AllocationRule
    recycling: bool
    inputs: tuple[tuple[int, int], ...]
    made: tuple[Made, ...]
    taken: Mapping[int, int]

    @property
    def outputs(self) -> tuple[int, ...]:
        """Numbers of what it made."""
        return tuple(item.number for item in self.made)

    @property
    def taken_mg(self) -> int:
        """Mass of all that was taken."""
        return sum(mass for _, mass in self.inputs)

    @property
    def made_mg(self) -> int:
        """Mass of all that was made."""
        return sum(item.making.mass_mg for item in self.made)

    @cached_property
    def held(self) -> Mapping[int, int]:
        """What all that was made held, mg by substance."""
        return _sums(self.made)

    @cached_property
    def useful(self) -> Mapping[int, int]:
        """The same without waste; empty where all of it is waste."""
        return _sums(item for item in self.made if not item.now.waste)


class Arrival(NamedTuple):
    """A lot of a shipment (number of the batch) as it arrived, beside what was sent of it, mg."""

    batch: int
    sent_mg: int
    mass_mg: int
    difference: Difference
    occurred_at: int


class Leg(NamedTuple):
    """A shipment: which of its lots arrived, and which nobody has answered for (Rule 3)."""

    at: Happening
    sender: bytes
    receiver: bytes
    identifier: str
    arrived: tuple[Arrival, ...]
    open: tuple[int, ...]


class TakenBack(NamedTuple):
    """A product that came back (Rule 9): where to, of which material, and its mass, mg."""

    facility: int
    material: int
    mass_mg: int


class Declared(NamedTuple):
    """An error declared in a batch (number), and the ids of those that correct it (Rule 8)."""

    batch: int
    corrective: tuple[int, ...]


def _sums(made: Iterable[Made]) -> Mapping[int, int]:
    sums: Counter[int] = Counter()
    for item in made:
        sums.update(item.making.substances_mg)
    return sums
