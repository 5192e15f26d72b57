"""The journey of each substance of a batch: from its origins over runs and transports to the batch.

What happened at one place, in one way, is one step, however many lots went through it: a car may hold ten
thousand. The lineage is not walked again for each lot: one pass backward finds where lots were brought, one
forward where they were, and one walk a substance how much of it went where.

Example:
    >>> Stop("katanga", "Katanga Example Mining", None, "", "CD", None).known
    False
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from traceledger.events import (
    BatchMinted,
    BatchSplit,
    BatchTakenBack,
    LedgerEvent,
    Position,
    ReceiptReversed,
    RecordedEvent,
    ShipmentOffered,
    ShipmentReceived,
    StockAssigned,
    Transformed,
)
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.provenance.steps import at_of
from traceledger.walk import ONE, At, Step, passages, share_of

if TYPE_CHECKING:
    from traceledger.names import Names
    from traceledger.provenance import Lineage, OriginShare


@frozen
class Stop:
    """A place: a site, or where no site is known, the company that had it.

    Attributes:
        participant: the company's short name.
        participant_name: its full name.
        facility: the site's full name; ``None`` where only the company is known.
        facility_name: what the site is called; empty where it is not known.
        country: the site's, else the company's; ISO 3166-1 alpha-2.
        where: latitude and longitude, micro-degrees; ``None`` where nobody says.
    """

    participant: str
    participant_name: str
    facility: str | None
    facility_name: str
    country: str
    where: tuple[int, int] | None

    @property
    def known(self) -> bool:
        """Whether the site is known."""
        return self.facility is not None


@frozen
class JourneyStep:
    """Something that was done to a substance on its way, in one way at one place.

    Attributes:
        what: ``origin``, ``run`` or ``transport``.
        origin: of an origin, its kind: ``mined``, ``post_consumer``, ``pre_consumer``, ``untraced`` or
            ``taken_back``; else empty.
        process: of a run, its process; else empty.
        materials: the materials that were made, or carried: short names and names, sorted.
        at: where; of a transport, where it ended.
        start: of a transport, where it began; else ``None``.
        by: of a transport, short name of who sent it; else of who did it.
        first_at: when it first happened, as claimed, UTC seconds; of a transport, when it was sent.
        last_at: when it last did; of a transport, when it arrived.
        records: how many records say so.
        share: how much of the substance in the asked batch went through it, at most 1.
    """

    what: str
    origin: str
    process: str
    materials: tuple[tuple[str, str], ...]
    at: Stop
    start: Stop | None
    by: str
    first_at: int
    last_at: int
    records: int
    share: Share


def journeys(
    upstream: Lineage, names: Names, steps: Sequence[Step], origins: Sequence[OriginShare]
) -> dict[int, tuple[JourneyStep, ...]]:
    """The journey of each substance that has an origin, by its number, ascending.

    Args:
        upstream: the batch's lineage, up.
        names: how its companies and sites are called.
        steps: the lineage's.
        origins: its origins, which say of what kind each is.

    Returns:
        The steps of each, in the order in which they first happened.
    """
    numbers = sorted({row.substance for row in origins})
    if not numbers:
        return {}
    records = list(_Travels(upstream).records())
    kinds = {(row.substance, row.batch_id): row.origin.slug for row in origins}
    lookup = _Stops(names)
    return {
        number: _journey(
            records,
            passages(steps, upstream.batch, number),
            {each: kind for (substance, each), kind in kinds.items() if substance == number},
            lookup,
            upstream,
        )
        for number in numbers
    }


_Key = tuple[str, str, str, tuple[bytes, int | None] | None, tuple[bytes, int | None], bytes]


@frozen
class _Record:
    """One record of a step, of one batch: what it made or carried.

    ``made``: of a recycling run its id, which is an origin's; else 0.
    """

    position: Position
    batch: int
    what: str
    process: str
    at: tuple[bytes, int | None]
    start: tuple[bytes, int | None] | None
    by: bytes
    began: int
    ended: int
    made: int = 0


@dataclass(slots=True)
class _Sum:
    """What is known of a step so far."""

    position: Position
    first_at: int
    last_at: int
    records: set[Position] = field(default_factory=set)
    batches: set[int] = field(default_factory=set)
    weight: int = 0


def _journey(
    records: Sequence[_Record],
    went: Mapping[tuple[At, int], int],
    kinds: Mapping[int, str],
    stops: _Stops,
    upstream: Lineage,
) -> tuple[JourneyStep, ...]:
    sums: dict[_Key, _Sum] = {}
    for each in records:
        weight = went.get((at_of(each.position), each.batch))
        if weight is None:
            continue
        # A recycling run is an origin of its own, and a mint one of the kind that was recorded.
        origin = "" if each.what == "transport" else kinds.get(each.made, kinds.get(each.batch, ""))
        key = ("origin" if origin else each.what, origin, each.process, each.start, each.at, each.by)
        known = sums.setdefault(key, _Sum(each.position, each.began, each.ended))
        known.first_at, known.last_at = min(known.first_at, each.began), max(known.last_at, each.ended)
        known.records.add(each.position)
        known.batches.add(each.batch)
        known.weight += weight
    ordered = sorted(sums.items(), key=lambda item: (item[1].first_at, item[1].position))
    return tuple(_named(key, found, stops, upstream) for key, found in ordered)


def _named(key: _Key, found: _Sum, stops: _Stops, upstream: Lineage) -> JourneyStep:
    what, origin, process, start, at, by = key
    return JourneyStep(
        what=what,
        origin=origin,
        process=process,
        materials=stops.materials(found.batches, upstream),
        at=stops.stop(at),
        start=None if start is None else stops.stop(start),
        by=stops.names.slug(by),
        first_at=found.first_at,
        last_at=found.last_at,
        records=len(found.records),
        # What goes through a process twice at one place, as rework does, is counted once.
        share=share_of(min(ONE, found.weight)),
    )


class _Stops:
    """Places and materials by their names, each looked up once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[tuple[bytes, int | None], Stop] = {}
        self._materials: dict[int, int] = {}

    def stop(self, place: tuple[bytes, int | None]) -> Stop:
        if place not in self._known:
            self._known[place] = self._found(*place)
        return self._known[place]

    def _found(self, participant: bytes, facility: int | None) -> Stop:
        slug = self.names.slug(participant)
        company = self.names.company(participant)
        name, country = (company.name, company.country) if company else (slug, "")
        site = None if facility is None else self.names.site(facility)
        if site is None or facility is None:
            return Stop(slug, name, None, "", country, None)
        where = None
        if site.latitude is not None and site.longitude is not None:
            where = site.latitude, site.longitude
        return Stop(slug, name, self.names.facility(facility), site.name, site.country, where)

    def materials(self, batches: set[int], upstream: Lineage) -> tuple[tuple[str, str], ...]:
        numbers = {self._material(batch, upstream) for batch in batches}
        found = (self.names.goods(number) for number in numbers)
        return tuple(sorted((each.slug, each.name) for each in found if each))

    def _material(self, batch: int, upstream: Lineage) -> int:
        """Of what was split off, that of what it was split from; 0 where the lineage does not say."""
        behind: list[int] = []
        while batch not in self._materials:
            behind.append(batch)
            node = upstream.nodes.get(batch)
            if node is None:
                self._materials[batch] = 0
            elif node.creation.material is not None:
                self._materials[batch] = node.creation.material
            else:
                back = node.take_back
                (parent,) = node.creation.parents
                if back is not None and parent not in upstream.nodes:
                    self._materials[batch] = back.material
                else:
                    batch = parent
        for each in behind:
            self._materials[each] = self._materials[batch]
        return self._materials[batch]


class _Travels:
    """Follows where the batches of a lineage were, by who had them and where they were used next."""

    def __init__(self, upstream: Lineage) -> None:
        self._upstream = upstream
        self._brought = _brought(upstream)
        self._now: dict[int, tuple[bytes, int | None]] = {}
        self._before: dict[tuple[int, int], tuple[bytes, int | None]] = {}
        self._sent: dict[tuple[int, int], tuple[Position, int, bytes]] = {}
        self._carried: dict[tuple[int, int], _Record] = {}

    def records(self) -> Iterator[_Record]:
        for recorded in self._upstream.events:
            yield from self._record(recorded, recorded.event)
        # A receipt may be reversed, and then nothing was carried.
        yield from self._carried.values()

    def _record(self, recorded: RecordedEvent, event: LedgerEvent) -> Iterator[_Record]:
        match event:
            case BatchMinted(facility=facility):
                yield self._made(recorded, event.batch, facility)
            case Transformed(facility=facility):
                run = event.transformation if event.recycling else 0
                for made in event.outputs:
                    if made.batch in self._upstream.nodes:
                        yield self._made(recorded, made.batch, facility, event.process, run)
            case BatchSplit(parent=parent, custodian=custodian):
                for child in event.children:
                    self._now[child.taken.batch] = self._now.get(parent, (custodian, None))
            case BatchTakenBack(batch=batch, facility=facility) if batch != self._upstream.batch:
                # Of the asked one itself the journey is over.
                yield self._made(recorded, event.batch, facility)
            case ShipmentOffered() | ShipmentReceived() | ReceiptReversed():
                self._transport(recorded.position, event)
            case StockAssigned(batch=batch, new_custodian=custodian):
                self._now[batch] = custodian, self._now.get(batch, (custodian, None))[1]
            case _:
                pass

    def _made(
        self, recorded: RecordedEvent, batch: int, facility: int, process: str = "", run: int = 0
    ) -> _Record:
        by, at = recorded.event.author or b"", recorded.event.occurred_at
        self._now[batch] = by, facility
        place = by, facility
        return _Record(recorded.position, batch, "run", process, place, None, by, at, at, run)

    def _transport(
        self, position: Position, event: ShipmentOffered | ShipmentReceived | ReceiptReversed
    ) -> None:
        match event:
            case ShipmentOffered(shipment=shipment):
                for lot in event.batches:
                    self._sent[shipment, lot.batch] = position, event.occurred_at, event.sender
            case ShipmentReceived(shipment=shipment, receiver=receiver):
                for arrived in event.batches:
                    self._arrive(shipment, arrived.batch, receiver, event.occurred_at)
            case ReceiptReversed(shipment=shipment):
                for batch in event.batches:
                    self._carried.pop((shipment, batch), None)
                    if (shipment, batch) in self._before:
                        self._now[batch] = self._before.pop((shipment, batch))

    def _arrive(self, shipment: int, batch: int, receiver: bytes, at: int) -> None:
        sent = self._sent.get((shipment, batch))
        if sent is None or batch not in self._upstream.nodes:
            return
        position, began, sender = sent
        start = self._now.get(batch, (sender, None))
        end = receiver, self._brought.get((batch, receiver))
        self._before[shipment, batch] = start
        self._carried[shipment, batch] = _Record(
            position, batch, "transport", "", end, start, sender, began, at
        )
        self._now[batch] = end


def _brought(upstream: Lineage) -> dict[tuple[int, bytes], int]:
    """By batch and who had it, the site at which it was next used."""
    found: dict[tuple[int, bytes], int] = {}
    for batch, node in reversed(upstream.nodes.items()):
        event = node.creation.event
        if isinstance(event, Transformed):
            found.update({(parent, event.participant): event.facility for parent in node.creation.parents})
        elif isinstance(event, BatchSplit) and (batch, event.custodian) in found:
            found[event.parent, event.custodian] = found[batch, event.custodian]
        back = node.take_back
        if back is not None:
            found[batch, back.recycler] = back.facility
    return found
