"""The journey of each substance of a batch: from its origins over runs and transports to the batch.

What happened at one place, in one way, is one step, however many lots went through it: a car may hold ten
thousand. The walk of the trace finds how much of each substance went where, and where lots were used next;
the events of the lineage, once through and in chain order, tell the rest.

Example:
    >>> Stop("katanga", "Katanga Example Mining", None, "", "CD", None).known
    False
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from traceledger.events import (
    BatchMinted,
    BatchSplit,
    BatchTakenBack,
    ReceiptReversed,
    RecordedEvent,
    ShipmentOffered,
    ShipmentReceived,
    StockAssigned,
    Transformed,
)
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.walk import ONE, At, share_of
from traceledger.walk.passing import Divided

if TYPE_CHECKING:
    from traceledger.names import Names
    from traceledger.provenance import OriginShare
    from traceledger.provenance.upstream import Upstream


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


_Key = tuple[str, str, str, tuple[bytes, int | None] | None, tuple[bytes, int | None], bytes]


@frozen
class _Record:
    """One record of a step, of one batch: what it made or carried.

    ``at``: where its own step stands. ``made``: of a recycling run its id, which is an origin's; else 0.
    """

    at: At
    batch: int
    what: str
    process: str
    place: tuple[bytes, int | None]
    start: tuple[bytes, int | None] | None
    by: bytes
    began: int
    ended: int
    made: int = 0


@dataclass(slots=True)
class _Sum:
    """What is known of a step so far."""

    at: At
    first_at: int
    last_at: int
    records: set[At] = field(default_factory=set)
    materials: set[int] = field(default_factory=set)
    weight: int = 0


class Journeys:
    """The journey of each substance that has an origin, from the events of a lineage in chain order.

    Args:
        upstream: the batch's lineage, walked with what passed where.
        asked: the batch's id.
        names: how its companies and sites are called.
        origins: its origins, which say of what kind each is.
    """

    def __init__(self, upstream: Upstream, asked: int, names: Names, origins: Iterable[OriginShare]) -> None:
        self._upstream = upstream
        self._stops = _Stops(names)
        self._travels = _Travels(upstream, asked)
        self._kinds = {(row.substance, row.batch_id): row.origin.slug for row in origins}
        numbers = sorted({substance for substance, _ in self._kinds})
        self._sums: dict[int, dict[_Key, _Sum]] = {number: {} for number in numbers}

    def see(self, recorded: RecordedEvent) -> None:
        """The next event."""
        for record in self._travels.records(recorded):
            self._count(record)

    def found(self) -> dict[int, tuple[JourneyStep, ...]]:
        """By number of the substance, ascending, the steps in the order in which they first happened."""
        # A receipt may be reversed, and then nothing was carried.
        for record in self._travels.carried:
            self._count(record)
        return {number: self._ordered(sums) for number, sums in self._sums.items()}

    def _ordered(self, sums: Mapping[_Key, _Sum]) -> tuple[JourneyStep, ...]:
        ordered = sorted(sums.items(), key=lambda item: (item[1].first_at, item[1].at))
        return tuple(_named(key, found, self._stops) for key, found in ordered)

    def _count(self, record: _Record) -> None:
        key = self._upstream.keys[record.batch]
        went, material = self._upstream.passing.went, self._upstream.lots[key].material
        for number, sums in self._sums.items():
            weight = went[number].get((record.at, key))
            if weight is not None:
                known = sums.setdefault(
                    self._key(record, number), _Sum(record.at, record.began, record.ended)
                )
                known.first_at = min(known.first_at, record.began)
                known.last_at = max(known.last_at, record.ended)
                known.records.add(record.at)
                known.materials.add(material)
                known.weight += weight

    def _key(self, each: _Record, number: int) -> _Key:
        origin = ""
        if each.what != "transport":
            # A recycling run is an origin of its own, and a mint one of the kind that was recorded.
            known = self._kinds.get((number, each.batch), "")
            origin = self._kinds.get((number, each.made), known)
        return "origin" if origin else each.what, origin, each.process, each.start, each.place, each.by


def _named(key: _Key, found: _Sum, stops: _Stops) -> JourneyStep:
    what, origin, process, start, at, by = key
    return JourneyStep(
        what=what,
        origin=origin,
        process=process,
        materials=stops.materials(found.materials),
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

    def materials(self, numbers: Iterable[int]) -> tuple[tuple[str, str], ...]:
        found = (self.names.goods(number) for number in numbers)
        return tuple(sorted((each.slug, each.name) for each in found if each))


class _Travels:
    """Follows where the batches of a lineage were, by who had them and where they were used next.

    ``carried``: what was carried, and arrived, as far as events were seen.
    """

    def __init__(self, upstream: Upstream, asked: int) -> None:
        self._keys = upstream.keys
        self._steps = upstream.steps
        self._asked = asked
        self._brought = _brought(upstream)
        self._now: dict[int, tuple[bytes, int | None]] = {}
        self._before: dict[tuple[int, int], tuple[bytes, int | None]] = {}
        self._sent: dict[tuple[int, int], tuple[At, int, bytes]] = {}
        self._carried: dict[tuple[int, int], _Record] = {}

    @property
    def carried(self) -> Iterable[_Record]:
        return self._carried.values()

    def records(self, recorded: RecordedEvent) -> Iterator[_Record]:
        event = recorded.event
        match event:
            case BatchMinted(facility=facility):
                yield self._made(recorded, event.batch, facility)
            case Transformed(facility=facility):
                run = event.transformation if event.recycling else 0
                for made in event.outputs:
                    if made.batch in self._keys:
                        yield self._made(recorded, made.batch, facility, event.process, run)
            case BatchSplit(parent=parent, custodian=custodian):
                for child in event.children:
                    self._now[child.taken.batch] = self._now.get(parent, (custodian, None))
            case BatchTakenBack(batch=batch, facility=facility) if batch != self._asked:
                # Of the asked one itself the journey is over.
                yield self._made(recorded, event.batch, facility)
            case ShipmentOffered() | ShipmentReceived() | ReceiptReversed():
                self._transport(recorded, event)
            case StockAssigned(batch=batch, new_custodian=custodian):
                self._now[batch] = custodian, self._now.get(batch, (custodian, None))[1]
            case _:
                pass

    def _made(
        self, recorded: RecordedEvent, batch: int, facility: int, process: str = "", run: int = 0
    ) -> _Record:
        by, when = recorded.event.author or b"", recorded.event.occurred_at
        place = self._now[batch] = by, facility
        at = self._steps.at(recorded.position)
        return _Record(at, batch, "run", process, place, None, by, when, when, run)

    def _transport(
        self, recorded: RecordedEvent, event: ShipmentOffered | ShipmentReceived | ReceiptReversed
    ) -> None:
        match event:
            case ShipmentOffered(shipment=shipment):
                at = self._steps.at(recorded.position)
                for lot in event.batches:
                    if lot.batch in self._keys:
                        self._sent[shipment, lot.batch] = at, event.occurred_at, event.sender
            case ShipmentReceived(shipment=shipment, receiver=receiver):
                for arrived in event.batches:
                    self._arrive(shipment, arrived.batch, receiver, event.occurred_at)
            case ReceiptReversed(shipment=shipment):
                for batch in event.batches:
                    self._carried.pop((shipment, batch), None)
                    if (shipment, batch) in self._before:
                        self._now[batch] = self._before.pop((shipment, batch))

    def _arrive(self, shipment: int, batch: int, receiver: bytes, when: int) -> None:
        sent = self._sent.get((shipment, batch))
        if sent is None:
            return
        at, began, sender = sent
        start = self._now.get(batch, (sender, None))
        end = receiver, self._brought.get((self._keys[batch], receiver))
        self._before[shipment, batch] = start
        self._carried[shipment, batch] = _Record(at, batch, "transport", "", end, start, sender, began, when)
        self._now[batch] = end


def _brought(upstream: Upstream) -> dict[tuple[int, bytes], int]:
    """By batch (key) and who had it, the site at which it was next used."""
    found: dict[tuple[int, bytes], int] = {}
    places = upstream.steps.places()
    for use in upstream.passing.uses:
        if isinstance(use, Divided):
            # Who had a batch is who made what was split off it.
            had = upstream.lots[use.child].creator
            if (use.child, had) in found:
                found[use.parent, had] = found[use.child, had]
        else:
            place = places[use.place]
            found.update({(batch, place.participant): place.facility for batch in use.batches})
    return found
