"""Better measurements: what they book, the tolerance that they use, and what has it afterwards (Rule 5).

Example:
    >>> from traceledger.model.batches import Batch, BatchState
    >>> batch = Batch(1, bytes(20), "L", 2, 3, bytes(20), BatchState.ACTIVE, 1000, 0, 0, 0, {27: 400}, (27,))
    >>> measured(batch, 999, {27: 401}).differences
    (-10, 25)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from traceledger.model.batches import Batch, Substances
from traceledger.model.frozen import changed
from traceledger.replay import pools

_WHOLE = 10_000


def used_after(so_far: int, now_mg: int, before_mg: int) -> int:
    """Basis points of tolerance used after a change from one mass to another, signed.

    The sum of what was used and the step is rounded away from zero, not the step: else a hundred steps of a
    milligram back would give a whole per cent back.

    Example:
        >>> used_after(0, 99_999, 100_000), used_after(-100, 100_001, 100_000), used_after(5, 7, 7)
        (-1, -100, 5)
    """
    if not before_mg:
        return so_far  # What is raised from none is raised by an auditor, whose measurement uses nothing.
    total = so_far * before_mg + (now_mg - before_mg) * _WHOLE
    points = -(-abs(total) // before_mg)
    return points if total > 0 else -points


def measured(batch: Batch, mass_mg: int, substances_mg: Substances) -> Batch:
    """The batch as it was measured by its custodian: what differs adds to the tolerance used.

    Args:
        batch: the batch before.
        mass_mg: its gross mass now.
        substances_mg: all its substances now; empty for those that are recorded.
    """
    return changed(
        _with(batch, mass_mg, substances_mg),
        differences=_kept(
            used_after(used, now, before)
            for used, (now, before) in zip(
                batch.tolerance_used, _changes(batch, mass_mg, substances_mg), strict=True
            )
        ),
    )


def measured_by_auditor(batch: Batch, mass_mg: int, substances_mg: Substances) -> Batch:
    """The batch as an auditor measured it: the tolerance used begins at zero again."""
    return changed(_with(batch, mass_mg, substances_mg), differences=())


def booked(batch: Batch, mass_mg: int, substances_mg: Substances) -> Iterator[tuple[int, int]]:
    """What a measurement books: number of the substance (0: the gross mass), and mg more (negative: less)."""
    changes = _changes(batch, mass_mg, substances_mg)
    for number, (now, before) in zip((0, *batch.tracked), changes, strict=True):
        if now != before:
            yield number, now - before


def inherited(tracked: Iterable[int], inputs: Iterable[Batch]) -> tuple[int, ...]:
    """The tolerance used of what was made.

    Args:
        tracked: numbers of the output's substances, ascending.
        inputs: the inputs, in the order of the event.
    """
    used = [zip((0, *batch.tracked), batch.differences, strict=True) for batch in inputs if batch.differences]
    if not used:
        return ()
    return _kept(largest((0, *tracked), used).values())


def largest(quantities: Iterable[int], used: Iterable[Iterable[tuple[int, int]]]) -> dict[int, int]:
    """Of each quantity (a substance's number, 0 for the gross mass), the tolerance used of largest magnitude.

    Args:
        quantities: those that what was made has.
        used: of each input, in the event's order, what it had used; of two of one magnitude the first counts.
    """
    found = dict.fromkeys(quantities, 0)
    for each in used:
        for number, points in each:
            # Rule 5: of each the largest among the inputs, or moving material about would earn a tolerance.
            if number in found and abs(points) > abs(found[number]):
                found[number] = points
    return found


def _changes(batch: Batch, mass_mg: int, substances_mg: Substances) -> Iterator[tuple[int, int]]:
    """Of the gross mass, then of each substance: what it is now, and what it was before."""
    yield mass_mg, batch.mass_mg
    for number, before in pools.listed(batch):
        yield substances_mg.get(number, 0) if substances_mg else before, before


def _with(batch: Batch, mass_mg: int, substances_mg: Substances) -> Batch:
    substances = pools.present(substances_mg) if substances_mg else batch.substances_mg
    return changed(batch, mass_mg=mass_mg, substances_mg=substances)


def _kept(points: Iterable[int]) -> tuple[int, ...]:
    found = tuple(points)
    return found if any(found) else ()
