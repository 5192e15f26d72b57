"""What happens to a batch's pools, recomputed and compared with what an event states.

Example:
    >>> from traceledger.model.batches import Batch, BatchState
    >>> batch = Batch(1, bytes(20), "L", 2, 3, bytes(20), BatchState.ACTIVE, 10, 7, 0, 0, {27: 5}, (27,))
    >>> taken, rest = take_from(batch, 5)
    >>> taken.own_mg, rest.own_mg, rest.substances_mg
    (3, 4, {27: 3})
"""

from __future__ import annotations

from collections.abc import Iterable

from traceledger.errors import VerificationError
from traceledger.events import NewBatch, Taken, Transformed
from traceledger.model.arithmetic import allocate, take
from traceledger.model.batches import MOST_USES, NO_TRAIL, Batch, BatchState, Substances
from traceledger.model.frozen import changed
from traceledger.model.hexadecimal import id_text
from traceledger.replay.custody import state_with
from traceledger.replay.emissions import entering, weights


def mismatch(batch: int, what: str, stated: object, computed: object) -> VerificationError:
    """The error for an event that states something else than its predecessors imply."""
    return VerificationError(
        f"batch {id_text(batch)}: the chain states {what} {stated}, but its earlier events give {computed}",
        hint="these contracts do not follow TraceLedger's rules; ask who runs the network",
    )


def require_equal(batch: int, what: str, stated: object, computed: object) -> None:
    """Compare what an event states with what was computed.

    Raises:
        VerificationError: they differ.
    """
    if stated != computed:
        raise mismatch(batch, what, stated, computed)


def present(substances: Substances) -> dict[int, int]:
    """The substances with some mass, by ascending number."""
    return {number: mass for number, mass in sorted(substances.items()) if mass}


def take_from(batch: Batch, mass: int, *, uses: int = 1) -> tuple[Taken, Batch]:
    """Take ``mass`` mg of a batch: what leaves it, and the batch with what remains, so often used besides.

    Raises:
        VerificationError: the batch holds less.
    """
    whole = batch.mass_mg
    # Rule 7: nothing is taken beyond what is left.
    if not 0 < mass <= whole:
        raise mismatch(batch.id, "that there was taken of it (mg)", mass, f"{whole} left")
    # Take: of every pool its part by mass, rounded down.
    shares = {n: take(pool, part=mass, whole=whole) for n, pool in batch.substances_mg.items()}
    taken = Taken(
        batch=batch.id,
        mass_mg=mass,
        own_mg=take(batch.own_mg, part=mass, whole=whole),
        inherited_mg=take(batch.inherited_mg, part=mass, whole=whole),
        primary_mg=take(batch.primary_mg, part=mass, whole=whole),
        substances_mg=_some(shares),
    )
    return taken, _without(batch, taken, uses)


def _without(batch: Batch, taken: Taken, uses: int) -> Batch:
    rest = batch.mass_mg - taken.mass_mg
    return changed(
        batch,
        state=state_with(rest, batch.state),
        mass_mg=rest,
        own_mg=batch.own_mg - taken.own_mg,
        inherited_mg=batch.inherited_mg - taken.inherited_mg,
        primary_mg=batch.primary_mg - taken.primary_mg,
        substances_mg=_minus(batch.substances_mg, taken.substances_mg),
        uses=uses_after(batch, uses),
    )


def uses_after(batch: Batch, more: int = 1) -> int:
    """How often the batch is used once it is used so often more; a saturated count stays (Rule 8)."""
    return min(batch.uses + more, MOST_USES)


def _minus(pools: Substances, gone: Substances) -> dict[int, int]:
    return _some({number: mass - gone.get(number, 0) for number, mass in pools.items()})


def _some(held: Substances) -> dict[int, int]:
    """The substances with some mass, in the order in which they stand: a batch's is ascending."""
    return {number: mass for number, mass in held.items() if mass}


def arrive(batch: Batch, arrived_mg: int, losses_mg: Substances) -> Batch:
    """The batch of which ``arrived_mg`` came and the rest was lost; its CO2e stays on what came.

    Raises:
        VerificationError: more came than was sent, or the losses are not those of the missing mass.
    """
    # Rule 3: what was lost takes its substances with it and leaves its CO2e; no more can arrive.
    if not 0 < arrived_mg <= batch.mass_mg:
        raise mismatch(batch.id, "an arrival (mg) of", arrived_mg, f"{batch.mass_mg} sent")
    missing = batch.mass_mg - arrived_mg
    lost = {n: take(pool, part=missing, whole=batch.mass_mg) for n, pool in batch.substances_mg.items()}
    require_equal(batch.id, "losses on arrival", present(losses_mg), present(lost))
    return changed(batch, mass_mg=arrived_mg, substances_mg=_minus(batch.substances_mg, lost))


def dried(batch: Batch, arrived_mg: int) -> Batch:
    """The batch after a shipment of which ``arrived_mg`` came, the rest being moisture: its substances stay.

    Raises:
        VerificationError: more came than was sent, or less than the substances weigh.
    """
    # Rule 3: downwards only, and not below what the substances weigh, less one milligram each.
    least = max(1, sum(batch.substances_mg.values()) - len(batch.tracked))
    if not least <= arrived_mg <= batch.mass_mg:
        raise mismatch(batch.id, "an arrival (mg) of", arrived_mg, f"{least} to {batch.mass_mg}")
    return changed(batch, mass_mg=arrived_mg)


def put_back(batch: Batch, given: Taken) -> Batch:
    """The batch with what a reversal gives back, on top of what it holds now (Rule 8)."""
    mass = batch.mass_mg + given.mass_mg
    return changed(
        batch,
        state=state_with(mass, batch.state),
        mass_mg=mass,
        own_mg=batch.own_mg + given.own_mg,
        inherited_mg=batch.inherited_mg + given.inherited_mg,
        primary_mg=batch.primary_mg + given.primary_mg,
        substances_mg=present(_sum((batch.substances_mg, given.substances_mg))),
    )


def emptied(batch: Batch) -> Batch:
    """The batch once it is reversed: its list of substances stays, with nothing of each (Rule 8)."""
    return changed(
        batch,
        state=BatchState.REVERSED,
        mass_mg=0,
        own_mg=0,
        inherited_mg=0,
        primary_mg=0,
        substances_mg={},
    )


def all_of(batch: Batch) -> Taken:
    """All that a batch holds."""
    return Taken(
        batch=batch.id,
        mass_mg=batch.mass_mg,
        own_mg=batch.own_mg,
        inherited_mg=batch.inherited_mg,
        primary_mg=batch.primary_mg,
        substances_mg=batch.substances_mg,
    )


def listed(batch: Batch) -> tuple[tuple[int, int], ...]:
    """Number and mass (mg) of all substances that a batch was recorded with, ascending; also of none left."""
    return tuple((number, batch.substances_mg.get(number, 0)) for number in batch.tracked)


def add_own(batch: Batch, own_mg: int, primary_mg: int) -> Batch:
    """The batch with emissions added in custody, so much of them from primary data."""
    return changed(batch, own_mg=batch.own_mg + own_mg, primary_mg=batch.primary_mg + primary_mg)


def check_outputs(event: Transformed) -> None:
    """Compare a transformation's outputs and losses with its inputs (which are checked already).

    That weights and waste are as Rule 6 says, the contracts see to: they know the materials.

    Raises:
        VerificationError: an output's CO2e is not what allocation gives, or a substance is not conserved.
    """
    # Rule 6: the emissions of the process are the outputs' own CO2e.
    process = entering(event)
    # Rule 6: own and inherited CO2e that was taken is the outputs' inherited CO2e, to the milligram.
    over = weights(event)
    inherited = allocate(sum(item.own_mg + item.inherited_mg for item in event.inputs), over)
    primary = allocate(sum(item.primary_mg for item in event.inputs), over)
    for made, (own, measured), burden, part in zip(event.outputs, process, inherited, primary, strict=True):
        require_equal(made.batch, "own CO2e (mg)", made.own_mg, own)
        require_equal(made.batch, "inherited CO2e (mg)", made.inherited_mg, burden)
        require_equal(made.batch, "primary CO2e (mg)", made.primary_mg, part + measured)
    # Rule 4: what was taken of a substance is in the outputs or declared lost; nothing appears.
    taken = _sum(item.substances_mg for item in event.inputs)
    accounted = _sum([*(made.substances_mg for made in event.outputs), event.losses_mg])
    require_equal(event.outputs[0].batch, "outputs and losses of", accounted, taken)


def _sum(lists: Iterable[Substances]) -> dict[int, int]:
    total: dict[int, int] = {}
    for masses in lists:
        for number, mass in masses.items():
            total[number] = total.get(number, 0) + mass
    return _some(total)


def batch_of(
    new: NewBatch, parent: Batch | None, *, trail: bytes = NO_TRAIL, differences: tuple[int, ...] = ()
) -> Batch:
    """A batch as an event made it.

    Args:
        new: what the event says of it.
        parent: of what was split off, what it was split off, for material and facility (:func:`part_of`).
        trail: that of what made it.
        differences: the tolerance used that it has from what it was made of (Rule 5).

    Raises:
        VerificationError: neither the event nor a parent says of what material it is, or where it was made.
    """
    material = new.material if parent is None else parent.material
    facility = new.facility if parent is None else parent.facility
    if material is None or facility is None:
        raise mismatch(new.batch, "that it was made", "of nothing", "no material for it")
    return Batch(
        id=new.batch,
        creator=new.creator,
        identifier=new.identifier,
        material=material,
        facility=facility,
        custodian=new.creator,
        state=BatchState.ACTIVE,
        mass_mg=new.mass_mg,
        own_mg=new.own_mg,
        inherited_mg=new.inherited_mg,
        primary_mg=new.primary_mg,
        substances_mg=present(new.substances_mg),
        tracked=tuple(sorted(new.substances_mg)),
        differences=differences,
        waste=bool(new.waste),
        arose=facility if new.waste else 0,
        off_specification=bool(new.off_specification),
        pieces=new.pieces,
        trail=trail,
    )


def part_of(new: NewBatch, parent: Batch, *, trail: bytes = NO_TRAIL) -> Batch:
    """A batch that was split off another: what belongs to any part of that belongs to it."""
    return changed(
        # Rule 5: the tolerance used; Rule 6: where waste arose; Rule 9: that it came back.
        batch_of(new, parent, trail=trail, differences=parent.differences),
        waste=parent.waste,
        arose=parent.arose,
        taken_back=parent.taken_back,
        off_specification=parent.off_specification,
        owner=parent.owner,
    )
