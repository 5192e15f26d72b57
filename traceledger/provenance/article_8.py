"""Recycled content as Article 8 of Regulation (EU) 2023/1542 counts it, of one batch or of many.

Of cobalt, lithium and nickel it is the part *present in active materials* that was recovered from battery
manufacturing waste or from post-consumer waste; of lead the part of all in the battery that was recovered
from waste. So it is another figure than the recycled content of ISO 14021 that a trace shows: other waste of
production does not count, nor does metal outside active materials, nor what an error stands declared in. What
cannot be shown is not counted; it stays in what is divided by, and is named.

Example:
    >>> Recovery.OTHER_PRE_CONSUMER.words
    'pre-consumer, but not shown to be battery manufacturing waste'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, BatchSplit, Position, Transformed
from traceledger.model import batches
from traceledger.model.arithmetic import allocate, nearest
from traceledger.model.article_8 import LEAD
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names
from traceledger.provenance.article_8_rules import Article8Rules, Making
from traceledger.provenance.nodes import Creation, Node
from traceledger.provenance.told import at_of
from traceledger.walk import ONE, At, End, Origin, Step, origins_by_station, rounded


class Recovery(StrEnum):
    """Where metal comes from, as Article 8 divides it."""

    POST_CONSUMER = "post_consumer"
    BATTERY_MANUFACTURING = "battery_manufacturing_waste"
    OTHER_PRE_CONSUMER = "other_pre_consumer"
    NOT_RECOVERED = "not_recovered"
    UNTRACED = "untraced"
    REUSED = "reused"
    IN_ERROR = "in_error"

    @property
    def words(self) -> str:
        """As people read it."""
        return _WORDS[self]


_WORDS = {
    Recovery.POST_CONSUMER: "post-consumer waste",
    Recovery.BATTERY_MANUFACTURING: "battery manufacturing waste",
    Recovery.OTHER_PRE_CONSUMER: "pre-consumer, but not shown to be battery manufacturing waste",
    Recovery.NOT_RECOVERED: "mined",
    Recovery.UNTRACED: "untraced",
    Recovery.REUSED: "reused with a product that was taken back, not recovered from waste",
    Recovery.IN_ERROR: "through a batch in which an error is declared",
}


@frozen
class Part:
    """What of one metal comes from one origin, into active materials or not.

    Attributes:
        active: whether the ledger shows that it is in active materials, or that it is not; ``None``: neither.
        recovery: what kind of origin it is.
        origin: full name of the minted batch, of the waste or product that was recycled, or of the batch in
            error.
        facility: full name of the site: of waste where it arose, of what was minted where that was; may be
            empty.
        events: where the events stand that show it: what made the origin, and the recycling run.
        weight: how much, mg times 2^128.
    """

    active: bool | None
    recovery: Recovery
    origin: str
    facility: str
    events: tuple[Position, ...]
    weight: int

    @property
    def mass_mg(self) -> int:
        """How much, to the nearest mg."""
        return nearest(self.weight, ONE)


@frozen
class Article8Content:
    """One metal by Article 8's own terms. Parts are exact, in mg times 2^128.

    Attributes:
        substance: its number: 3, 27, 28 or 82.
        mass_mg: how much of it the batches were made with.
        parts: where that comes from; they sum to it exactly.
    """

    substance: int
    mass_mg: int
    parts: tuple[Part, ...]

    @property
    def base(self) -> int:
        """What is divided by: of lead all; of the others what is not shown to be outside active materials."""
        return self._sum(lambda part: self.substance == LEAD or part.active is not False)

    @property
    def counted(self) -> int:
        """What counts as recovered."""
        return self._sum(self.counts)

    @property
    def share(self) -> Fraction | None:
        """What Article 8 asks for, exactly; ``None``: there is nothing to divide by."""
        return Fraction(self.counted, self.base) if self.base else None

    def counts(self, part: Part) -> bool:
        """Whether a part counts as recovered."""
        match part.recovery:
            case Recovery.POST_CONSUMER | Recovery.BATTERY_MANUFACTURING:
                return self.substance == LEAD or part.active is True
            case Recovery.OTHER_PRE_CONSUMER:
                # Of lead, paragraph 1 says "recovered from waste", whatever waste.
                return self.substance == LEAD
            case Recovery.NOT_RECOVERED | Recovery.UNTRACED | Recovery.REUSED | Recovery.IN_ERROR:
                return False
            case _:
                assert_never(part.recovery)

    def of(self, recovery: Recovery) -> int:
        """What of :attr:`base` comes from such origins, in the same unit."""
        return self._sum(
            lambda part: part.recovery is recovery and (self.substance == LEAD or part.active is not False)
        )

    @property
    def active(self) -> int:
        """What is shown to be in active materials."""
        return self._sum(lambda part: part.active is True)

    @property
    def elsewhere(self) -> int:
        """What is shown to be outside active materials."""
        return self._sum(lambda part: part.active is False)

    @property
    def uncounted(self) -> tuple[Part, ...]:
        """What may have been recovered and does not count: it is named, largest first."""
        recovered = (Recovery.POST_CONSUMER, Recovery.BATTERY_MANUFACTURING, Recovery.OTHER_PRE_CONSUMER)
        found = [part for part in self.parts if part.recovery in recovered and not self.counts(part)]
        return tuple(sorted(found, key=lambda part: (-part.weight, part.origin)))

    @property
    def masses_mg(self) -> dict[Recovery, int]:
        """What is divided by, by kind of origin, in mg; rounded together, so that the sum is that of all."""
        return rounded({each: self.of(each) for each in Recovery}, whole=ONE)

    @property
    def counted_mg(self) -> int:
        """What counts, to the nearest mg."""
        return nearest(self.counted, ONE)

    @property
    def base_mg(self) -> int:
        """What is divided by, to the nearest mg."""
        return nearest(self.base, ONE)

    def _sum(self, chosen: Callable[[Part], bool]) -> int:
        return sum(part.weight for part in self.parts if chosen(part))


class Article8:
    """Counts by Article 8 over some batches and all upstream of them.

    Args:
        nodes: the batches by id, each with what it was made of.
        steps: what happened to them, in chain order.
        names: how they are called.
        rules: what is an active material, and what battery manufacturing waste.
    """

    def __init__(
        self, nodes: Mapping[int, Node], steps: Sequence[Step], names: Names, rules: Article8Rules
    ) -> None:
        self._steps = steps
        self._lots = _Lots(nodes, names, rules)
        self._stations = self._lots.stations()

    def content(self, made: Sequence[int], substance: int) -> Article8Content:
        """One metal of all these batches together, as they were made.

        Args:
            made: ids of the batches; none made of another by a split, or it counts twice.
            substance: number of the metal.

        Raises:
            VerificationError: the events do not lead back to origins.
        """
        masses = {batch: self._lots.creation(batch).substances_mg.get(substance, 0) for batch in made}
        begun = {batch: mass * ONE for batch, mass in masses.items() if mass}
        # Of lead Article 8 asks for all in the battery, wherever it is.
        stations = {} if substance == LEAD else self._stations
        found = origins_by_station(self._steps, begun, substance, stations)
        parts = (
            part
            for active, ends in found.items()
            for origin, weight in ends.items()
            for part in self._lots.parts(active, origin, weight, substance)
            if part.weight
        )
        return Article8Content(substance, sum(masses.values()), tuple(sorted(parts, key=_order)))


def _order(part: Part) -> tuple[int, str, str, tuple[Position, ...]]:
    station = (True, None, False).index(part.active)
    return station, part.recovery, part.origin, part.events


class _Lots:
    """What is known of batches, waste and recycling runs."""

    def __init__(self, nodes: Mapping[int, Node], names: Names, rules: Article8Rules) -> None:
        self._nodes, self._names, self._rules = nodes, names, rules
        self._waste: set[int] = set()
        # By where their steps stand, as the walk names recycling runs.
        self._runs: dict[At, tuple[Position, Transformed]] = {}
        for node in nodes.values():
            event = node.creation.event
            at = node.creation.at.position
            if isinstance(event, Transformed) and at_of(at) not in self._runs:
                self._runs[at_of(at)] = at, event
                self._waste.update(new.batch for new in event.makes if new.waste)

    def creation(self, batch: int) -> Creation:
        """How a batch was made.

        Raises:
            VerificationError: the event that made it is missing.
        """
        if (node := self._nodes.get(batch)) is None:
            raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
        return node.creation

    def stations(self) -> dict[int, bool]:
        """By batch whether it is an active material, where the rules say so; its parts are what it is."""
        found: dict[int, bool] = {}
        for batch, node in sorted(self._nodes.items(), key=lambda pair: pair[1].creation.order):
            if isinstance(node.creation.event, BatchSplit):
                says = found.get(node.creation.parents[0])
            elif batch in self._waste:
                says = None  # What was rejected is in no battery, and what it is made into decides anew.
            else:
                says = self._rules.active(self._making(node.creation))
            if says is not None:
                found[batch] = says
        return found

    def parts(self, active: bool | None, origin: Origin, weight: int, substance: int) -> Iterator[Part]:
        """The parts of what ended at an origin: of a recycling run, one for each lot that it took."""
        match origin.end:
            case End.MINTED:
                kind = self._minted(origin.id)
            case End.UNTRACED:
                kind = Recovery.UNTRACED
            case End.TAKEN_BACK:
                kind = Recovery.REUSED
            case End.IN_ERROR:
                kind = Recovery.IN_ERROR
            case End.RECYCLED:
                yield from self._recycled(active, origin.id, weight, substance)
                return
            case _:
                assert_never(origin.end)
        made = self.creation(origin.id)
        site = "" if made.facility is None else self._names.facility(made.facility)
        yield Part(active, kind, self._name(made), site, (made.at.position,), weight)

    def _recycled(self, active: bool | None, run: At, weight: int, substance: int) -> Iterator[Part]:
        if (found := self._runs.get(run)) is None:
            raise VerificationError("the event of a recycling run is missing")
        at, event = found
        # Rule 9: a recycling run takes only what was taken back, or only waste. What came of each lot of it
        # is divided as the walk divides a run (W3).
        masses = [taken.substances_mg.get(substance, 0) for taken in event.inputs]
        for taken, part in zip(event.inputs, allocate(weight, masses), strict=True):
            made = self._whole(taken.batch)
            site = "" if made.facility is None else self._names.facility(made.facility)
            events = tuple(sorted({made.at.position, at}))
            name = self._name(self.creation(taken.batch))
            yield Part(active, self._waste_kind(taken.batch, made), name, site, events, part)

    def _waste_kind(self, batch: int, made: Creation) -> Recovery:
        if any(self._nodes[each].declared_in_error for each in self._line(batch)):
            return Recovery.IN_ERROR
        if any(self._nodes[each].take_back is not None for each in self._line(batch)):
            return Recovery.POST_CONSUMER
        if self._rules.of_battery_manufacturing(self._making(made)):
            return Recovery.BATTERY_MANUFACTURING
        return Recovery.OTHER_PRE_CONSUMER

    def _minted(self, batch: int) -> Recovery:
        made = self.creation(batch)
        event = made.event
        if not isinstance(event, BatchMinted):
            raise TypeError("only a mint ends as one")
        match event.origin:
            case batches.Origin.MINED:
                return Recovery.NOT_RECOVERED
            case batches.Origin.POST_CONSUMER:
                return Recovery.POST_CONSUMER
            case batches.Origin.PRE_CONSUMER:
                known = self._rules.minted_of_battery_manufacturing(self._making(made))
                return Recovery.BATTERY_MANUFACTURING if known else Recovery.OTHER_PRE_CONSUMER
            case batches.Origin.UNTRACED:
                return Recovery.UNTRACED
            case _:
                assert_never(event.origin)

    def _making(self, made: Creation) -> Making:
        site = None if made.facility is None else self._names.site(made.facility)
        return Making(
            material="" if made.material is None else self._names.material(made.material),
            facility="" if made.facility is None else self._names.facility(made.facility),
            process=made.event.process if isinstance(made.event, Transformed) else "",
            kind=site.kind if site else "",
        )

    def _line(self, batch: int) -> Iterator[int]:
        """The batch, and what it was split off, as far as that is in the lineage."""
        while batch in self._nodes:
            yield batch
            made = self._nodes[batch].creation
            if not isinstance(made.event, BatchSplit):
                return
            (batch,) = made.parents

    def _whole(self, batch: int) -> Creation:
        """How the batch was made of which this one was split off."""
        made = self.creation(batch)
        for each in self._line(batch):
            made = self._nodes[each].creation
        return made

    def _name(self, made: Creation) -> str:
        return self._names.full(made.creator, made.identifier)
