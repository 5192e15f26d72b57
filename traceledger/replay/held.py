"""What a batch holds, as its events go by, by the events' own word.

Who also needs it checked replays the events (:class:`traceledger.replay.Replay`).

Example:
    >>> pool = Held(9, 3, 0, {27: 2})
    >>> pool.move(Taken(1, 3, 1, 0, 0, {27: 1}), sign=-1)
    >>> pool.mass_mg, pool.own_mg, pool.substances_mg
    (6, 2, {27: 1})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from traceledger.events import Arrived, NewBatch, Taken
from traceledger.model.batches import Difference

MASS = 0
"""Stands for the gross mass, where a substance has its number."""


@dataclass(slots=True)
class Held:
    """The pools of one batch, mg and mg CO2e, and how much of its tolerance it has used.

    ``used``: signed basis points by number of the substance, :data:`MASS` for the gross mass (Rule 5).
    ``primary_mg``: the part of own and inherited CO2e that comes from primary data.
    """

    mass_mg: int
    own_mg: int
    inherited_mg: int
    substances_mg: dict[int, int]
    used: dict[int, int] = field(default_factory=dict)
    primary_mg: int = 0

    @classmethod
    def of(cls, new: NewBatch, made_of: Iterable[Held]) -> Held:
        """As it was made, of batches as they are then."""
        pools = new.mass_mg, new.own_mg, new.inherited_mg, dict(new.substances_mg)
        return cls(*pools, used_of(new.substances_mg, made_of), new.primary_mg)

    def copy(self) -> Held:
        """The same, to be changed apart."""
        pools = self.mass_mg, self.own_mg, self.inherited_mg, dict(self.substances_mg)
        return Held(*pools, dict(self.used), self.primary_mg)

    def move(self, taken: Taken, *, sign: int) -> None:
        """Take (``sign`` -1), or put back (1), what an event states."""
        self.mass_mg += sign * taken.mass_mg
        self.own_mg += sign * taken.own_mg
        self.inherited_mg += sign * taken.inherited_mg
        self.primary_mg += sign * taken.primary_mg
        for number, mass in taken.substances_mg.items():
            self.substances_mg[number] = self.substances_mg.get(number, 0) + sign * mass

    def measure(
        self, mass_mg: int, substances_mg: Mapping[int, int], *, by_auditor: bool
    ) -> tuple[int, dict[int, int]]:
        """Hold what was measured; returns the differences of gross mass and of each substance, signed."""
        # Most batches were never measured again, and then this is not loaded.
        from traceledger.replay.measurements import used_after

        before, mass = self.substances_mg, self.mass_mg
        was, now = {MASS: mass, **before}, {MASS: mass_mg, **substances_mg}
        # Rule 5: an auditor's measurement sets zero.
        self.used = (
            {}
            if by_auditor
            else {each: used_after(self.used.get(each, 0), now.get(each, 0), mg) for each, mg in was.items()}
        )
        self.mass_mg, self.substances_mg = mass_mg, {**dict.fromkeys(before, 0), **substances_mg}
        differences = {
            number: substances_mg.get(number, 0) - before.get(number, 0)
            for number in sorted({*before, *substances_mg})
        }
        return mass_mg - mass, {number: mg for number, mg in differences.items() if mg}

    def arrive(self, lot: Arrived) -> tuple[int, dict[int, int]]:
        """Hold what arrived; returns the differences that are booked: those of a measurement."""
        if lot.difference is Difference.MEASUREMENT:
            return self.measure(lot.mass_mg, lot.substances_mg, by_auditor=False)
        self.mass_mg = lot.mass_mg
        for number, mass in lot.losses_mg.items():
            self.substances_mg[number] = self.substances_mg.get(number, 0) - mass
        return 0, {}


def used_of(substances: Iterable[int], made_of: Iterable[Held]) -> dict[int, int]:
    """The tolerance used of what is made of batches as they are then, by what it has (Rule 5)."""
    used = [each.used for each in made_of if each.used]
    if not used:
        return {}
    from traceledger.replay.measurements import largest

    return largest((MASS, *substances), (each.items() for each in used))
