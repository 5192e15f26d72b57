"""What happens to a batch's pools, recomputed and compared with what an event states.

Example:
    >>> from traceledger.model.batches import Batch, BatchState
    >>> batch = Batch(1, bytes(20), "L", 2, 3, bytes(20), BatchState.ACTIVE, False, 10, 7, 0, 0, {27: 5})
    >>> taken, rest = take_from(batch, 5)
    >>> taken.own_mg, rest.own_mg, rest.substances_mg
    (3, 4, {27: 3})
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from traceledger.errors import VerificationError
from traceledger.events import Made, ShipmentOffered, Taken, Transformed
from traceledger.model.arithmetic import allocate, take
from traceledger.model.batches import Batch, BatchState, Substances
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.hexadecimal import id_text


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


def take_from(batch: Batch, mass: int) -> tuple[Taken, Batch]:
    """Take ``mass`` mg of a batch: what leaves it, and the batch with what remains.

    Raises:
        VerificationError: the batch holds less.
    """
    whole = batch.mass_mg
    if not 0 < mass <= whole:
        raise mismatch(batch.id, "that there was taken of it (mg)", mass, f"{whole} left")
    substances = {n: take(pool, part=mass, whole=whole) for n, pool in batch.substances_mg.items()}
    taken = Taken(
        batch=batch.id,
        mass_mg=mass,
        own_mg=take(batch.own_mg, part=mass, whole=whole),
        inherited_mg=take(batch.inherited_mg, part=mass, whole=whole),
        primary_mg=take(batch.primary_mg, part=mass, whole=whole),
        substances_mg=present(substances),
    )
    return taken, _without(batch, taken)


def _without(batch: Batch, taken: Taken) -> Batch:
    rest = batch.mass_mg - taken.mass_mg
    return replace(
        batch,
        state=batch.state if rest else BatchState.CONSUMED,
        mass_mg=rest,
        own_mg=batch.own_mg - taken.own_mg,
        inherited_mg=batch.inherited_mg - taken.inherited_mg,
        primary_mg=batch.primary_mg - taken.primary_mg,
        substances_mg=_minus(batch.substances_mg, taken.substances_mg),
    )


def _minus(pools: Substances, gone: Substances) -> dict[int, int]:
    return present({number: mass - gone.get(number, 0) for number, mass in pools.items()})


def arrive(batch: Batch, arrived_mg: int, losses_mg: Substances) -> Batch:
    """The batch after a shipment of which ``arrived_mg`` came; its CO2e stays on what came.

    Raises:
        VerificationError: more came than was sent, or the losses are not those of the missing mass.
    """
    if not 0 < arrived_mg <= batch.mass_mg:
        raise mismatch(batch.id, "an arrival (mg) of", arrived_mg, f"{batch.mass_mg} sent")
    missing = batch.mass_mg - arrived_mg
    lost = {n: take(pool, part=missing, whole=batch.mass_mg) for n, pool in batch.substances_mg.items()}
    require_equal(batch.id, "losses on arrival", present(losses_mg), present(lost))
    return replace(batch, mass_mg=arrived_mg, substances_mg=_minus(batch.substances_mg, lost))


def add_own(batch: Batch, emissions: Emissions) -> Batch:
    """The batch with emissions added in custody."""
    return replace(
        batch,
        own_mg=batch.own_mg + emissions.total_mg,
        primary_mg=batch.primary_mg + emissions.primary,
    )


def allocate_emissions(emissions: Emissions, weights: Sequence[int]) -> list[Emissions]:
    """Each scope, and the primary part, shared over weights as totals of their own.

    Raises:
        VerificationError: there is nothing to share over.
    """
    if not weights or min(weights) <= 0:
        raise VerificationError("the chain states emissions allocated over nothing")
    return [
        Emissions(*parts)
        for parts in zip(
            allocate(emissions.scope1, weights),
            allocate(emissions.scope2, weights),
            allocate(emissions.scope3, weights),
            allocate(emissions.primary, weights),
            strict=True,
        )
    ]


def transport_shares(event: ShipmentOffered) -> list[Emissions]:
    """The transport's emissions shared over the shipment's batches by mass, in their order."""
    return allocate_emissions(event.emissions, [shipped.mass_mg for shipped in event.batches])


def process_shares(event: Transformed) -> list[Emissions]:
    """The process emissions shared over a transformation's outputs, in their order."""
    return allocate_emissions(event.emissions, _weights(event))


def _weights(event: Transformed) -> list[int]:
    economic = event.allocation is AllocationRule.ECONOMIC
    return [made.weight if economic else made.mass_mg for made in event.outputs]


def check_outputs(event: Transformed) -> None:
    """Compare a transformation's outputs and losses with its inputs (which are checked already).

    Raises:
        VerificationError: an output's CO2e is not what allocation gives, or a substance is not conserved.
    """
    process = process_shares(event)
    weights = _weights(event)
    inherited = allocate(sum(item.own_mg + item.inherited_mg for item in event.inputs), weights)
    primary = allocate(sum(item.primary_mg for item in event.inputs), weights)
    for made, own, burden, part in zip(event.outputs, process, inherited, primary, strict=True):
        require_equal(made.batch, "own CO2e (mg)", made.own_mg, own.total_mg)
        require_equal(made.batch, "inherited CO2e (mg)", made.inherited_mg, burden)
        require_equal(made.batch, "primary CO2e (mg)", made.primary_mg, part + own.primary)
    taken = _sum(item.substances_mg for item in event.inputs)
    accounted = _sum([*(made.substances_mg for made in event.outputs), event.losses_mg])
    require_equal(event.outputs[0].batch, "outputs and losses of", accounted, taken)


def _sum(lists: Iterable[Substances]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for masses in lists:
        total.update(masses)
    return present(total)


def made_batch(event: Transformed, made: Made) -> Batch:
    """The batch that a transformation made."""
    return Batch(
        id=made.batch,
        creator=event.participant,
        identifier=made.identifier,
        material=made.material,
        facility=event.facility,
        custodian=event.participant,
        state=BatchState.ACTIVE,
        frozen=False,
        mass_mg=made.mass_mg,
        own_mg=made.own_mg,
        inherited_mg=made.inherited_mg,
        primary_mg=made.primary_mg,
        substances_mg=present(made.substances_mg),
    )
