"""How much a page shows of what may be much, so that it stays small enough for a telephone.

Example:
    >>> ROOMS[0].steps > ROOMS[-1].steps
    True
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """At most so many of each.

    Attributes:
        steps: of one substance's journey; the largest are shown.
        maps: of journeys inside the page, those of raw materials with risks first; the others lie beside it.
        suppliers: those about whom most is to be said first.
        corrections: in the order of their recording.
        recycled: whether the picture of recycled content is inside; its table always is.
    """

    steps: int
    maps: int = 1_000
    suppliers: int = 60
    corrections: int = 30
    recycled: bool = True


ROOMS = (
    Room(40),
    Room(20),
    Room(12),
    Room(12, maps=4),
    Room(8, maps=2),
    Room(8, maps=1),
    Room(8, maps=0),
    Room(4, maps=0, suppliers=20, corrections=10),
    Room(1, maps=0, suppliers=5, corrections=5, recycled=False),
)
"""The first one in which a page is small enough is taken."""
