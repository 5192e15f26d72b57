"""What better measurements booked, beside what was first minted and what went through (Rule 5).

As nuclear material accountancy looks at shipper/receiver differences and material unaccounted for: by who
measured, of which material, from which facility, which substance.

Example:
    >>> Difference(bytes(20), 1, 2, 27, 2026, (300, -800), 10**6, 10**6, ()).net_mg
    -500
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.events import BatchTakenBack, ShipmentReceived
from traceledger.model.substances import symbol
from traceledger.replay import year_of

if TYPE_CHECKING:
    from traceledger.audit.view import AuditView
    from traceledger.replay import Booking

ALL_YEARS = 0
"""The year of a difference over all time."""

_Key = tuple[bytes, int, int, int, int]
"""Participant, facility, material, substance (0: the gross mass), calendar year."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Measurements of one material from one facility by one participant, of one quantity.

    Attributes:
        participant: to whom the differences are booked (address).
        facility: id of the facility where the lots were made.
        material: id of the material.
        substance: its number; 0 for the gross mass.
        year: calendar year (UTC) of the measurements as claimed; :data:`ALL_YEARS` for all.
        found_mg: what each measurement found more (negative: less), in chain order.
        minted_mg: how much of it the facility first minted, or made by runs, of the material in that time.
        throughput_mg: how much of it the participant made, received or took back of that kind in that time.
        batches: ids of the lots measured.
    """

    participant: bytes
    facility: int
    material: int
    substance: int
    year: int
    found_mg: tuple[int, ...]
    minted_mg: int
    throughput_mg: int
    batches: tuple[int, ...]

    @property
    def net_mg(self) -> int:
        """All differences together, signed."""
        return sum(self.found_mg)

    @property
    def more(self) -> int:
        """How many measurements found more than was recorded."""
        return sum(each > 0 for each in self.found_mg)

    @property
    def less(self) -> int:
        """How many found less."""
        return sum(each < 0 for each in self.found_mg)


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """A difference with the names of things, as reports show it; ``substance`` is ``mass`` for gross mass."""

    participant: str
    facility: str
    material: str
    substance: str
    found: Difference


def named_differences(view: AuditView) -> list[NamedDifference]:
    """All booked differences by calendar year, with names."""
    return [
        NamedDifference(
            participant=view.slug(item.participant),
            facility=view.facility_name(item.facility),
            material=view.material(item.material).slug,
            substance=symbol(item.substance) if item.substance else "mass",
            found=item,
        )
        for item in differences(view, yearly=True)
    ]


def differences(view: AuditView, *, yearly: bool = False) -> list[Difference]:
    """All booked differences, summed over time or by calendar year, in a fixed order.

    What a reversed receipt had booked is taken back with it, and is not counted.
    """
    histories = _histories(view)
    found: dict[_Key, list[Booking]] = defaultdict(list)
    for booked in view.bookings:
        at = view.event_at(booked.at)
        # Rule 8: neither a receipt that was reversed, of that lot, nor its reversal stands.
        if at is not None and at.number in histories.get(booked.booking.batch, ()):
            one, year = booked.booking, year_of(at.occurred_at) if yearly else ALL_YEARS
            found[one.participant, one.facility, one.material, one.substance, year].append(one)
    if not found:
        return []
    minted, through = _flows(view, yearly=yearly)
    return [
        Difference(
            *key,
            found_mg=tuple(one.amount_mg for one in each),
            minted_mg=minted[key[1:]],
            throughput_mg=through[key],
            batches=tuple(dict.fromkeys(one.batch for one in each)),
        )
        for key, each in sorted(found.items(), key=lambda item: item[0])
    ]


def _histories(view: AuditView) -> dict[int, frozenset[int]]:
    """By batch (id) that was measured and stands, the numbers of the events after its making."""
    measured = {booked.booking.batch: view.number(booked.booking.batch) for booked in view.bookings}
    return {
        id_: frozenset(view.later(batch))
        for id_, batch in measured.items()
        if batch is not None and view.stands(batch)
    }


def _flows(view: AuditView, *, yearly: bool) -> tuple[Counter[tuple[int, int, int, int]], Counter[_Key]]:
    """What facilities made of a material, and what participants had of it, by substance and year, mg."""
    minted: Counter[tuple[int, int, int, int]] = Counter()
    through: Counter[_Key] = Counter()
    for facts in view.standing():
        now, making = facts.now, facts.making
        place = (now.facility, now.material)
        year = year_of(making.at.occurred_at) if yearly else ALL_YEARS
        held = {0: making.mass_mg, **making.substances_mg}
        if not making.split:
            for substance, amount in held.items():
                minted[*place, substance, year] += amount
                through[now.creator, *place, substance, year] += amount
        for item in facts.later:
            year = year_of(item.occurred_at) if yearly else ALL_YEARS
            if item.kind in (ShipmentReceived, BatchTakenBack):
                who = view.receiver(item.number)
                for substance, amount in held.items():
                    through[who, *place, substance, year] += amount
    return minted, through
