"""What better measurements booked, beside what was first minted and what went through (Rule 5).

As nuclear material accountancy looks at shipper/receiver differences and material unaccounted for: by who
measured, of which material, from which facility, which substance.

Example:
    >>> Difference(bytes(20), 1, 2, 27, 2026, 3, 1, -500, 10**6, 10**6, ()).net_mg
    -500
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.events import BatchMinted, BatchTakenBack, ShipmentReceived, Transformed
from traceledger.replay import year_of

if TYPE_CHECKING:
    from traceledger.audit.view import AuditView

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
        more: how many measurements found more than was recorded.
        less: how many found less.
        net_mg: all differences together, signed.
        minted_mg: how much of it the facility first minted, or made by runs, of the material in that time.
        throughput_mg: how much of it the participant made, received or took back of that kind in that time.
        batches: ids of the lots measured.
    """

    participant: bytes
    facility: int
    material: int
    substance: int
    year: int
    more: int
    less: int
    net_mg: int
    minted_mg: int
    throughput_mg: int
    batches: tuple[int, ...]


def differences(view: AuditView, *, yearly: bool = False) -> list[Difference]:
    """All booked differences, summed over time or by calendar year, in a fixed order.

    What a reversed receipt had booked is taken back with it: the lot's bookings of one kind are summed first.
    """
    years = {item.position: year_of(item.event.occurred_at) for item in view.events}
    net: dict[_Key, Counter[int]] = defaultdict(Counter)
    parts: dict[_Key, Counter[tuple[int, int]]] = defaultdict(Counter)
    turns: Counter[int] = Counter()
    for booked in view.bookings:
        one, year = booked.booking, years.get(booked.at, ALL_YEARS) if yearly else ALL_YEARS
        key = (one.participant, one.facility, one.material, one.substance, year)
        net[key][one.batch] += one.amount_mg
        if booked.at in years:
            turns[one.batch] += 1
            parts[key][one.batch, turns[one.batch]] += one.amount_mg
    minted, through = _flows(view, yearly=yearly)
    return [
        Difference(
            *key,
            more=sum(amount > 0 for amount in parts[key].values()),
            less=sum(amount < 0 for amount in parts[key].values()),
            net_mg=sum(by_batch.values()),
            minted_mg=minted[key[1:]],
            throughput_mg=through[key],
            batches=tuple(by_batch),
        )
        for key, by_batch in sorted(net.items())
        if any(parts[key].values())
    ]


def _flows(view: AuditView, *, yearly: bool) -> tuple[Counter[tuple[int, int, int, int]], Counter[_Key]]:
    """What facilities made of a material, and what participants had of it, by substance and year, mg."""
    minted: Counter[tuple[int, int, int, int]] = Counter()
    through: Counter[_Key] = Counter()
    for facts in view.standing.values():
        now, making = facts.now, facts.making
        place = (now.facility, now.material)
        year = year_of(making.occurred_at) if yearly else ALL_YEARS
        held = {0: making.mass_mg, **making.substances_mg}
        if isinstance(making.event, BatchMinted | Transformed):
            for substance, amount in held.items():
                minted[*place, substance, year] += amount
                through[now.creator, *place, substance, year] += amount
        for item in facts.later:
            event = item.event
            year = year_of(event.occurred_at) if yearly else ALL_YEARS
            if isinstance(event, ShipmentReceived | BatchTakenBack):
                who = event.receiver if isinstance(event, ShipmentReceived) else event.recycler
                for substance, amount in held.items():
                    through[who, *place, substance, year] += amount
    return minted, through
