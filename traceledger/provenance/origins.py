"""Origin shares: how much of each substance in a batch comes from which mint.

Example:
    >>> from traceledger.provenance.exact import Share
    >>> Mix(origins={7: Share(1, 1)}, traced=Share(1, 1)).origins[7].exact
    Fraction(1, 1)
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.errors import VerificationError
from traceledger.events import BatchSplit, RecordedEvent, Transformed
from traceledger.model.batches import Substances
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.exact import Share, product, reduced
from traceledger.provenance.lineage import Creation, Lineage


@dataclass(frozen=True, slots=True)
class Mix:
    """Where one substance of a batch comes from.

    Attributes:
        origins: the share of each minted batch (id), in the order in which they were minted; they sum to 1.
        traced: the part that reaches its origin through no batch in which an error was declared.
    """

    origins: dict[int, Share]
    traced: Share


def origin_shares(upstream: Lineage) -> dict[int, Mix]:
    """The exact mix of each substance (by number, ascending) that the batch was made with.

    Args:
        upstream: the batch's lineage, up.

    Raises:
        VerificationError: the events do not conserve a substance.
    """
    made_with = upstream.nodes[upstream.batch].creation.substances_mg
    return {number: _mix(upstream, number) for number in sorted(made_with) if made_with[number]}


def _mix(upstream: Lineage, substance: int) -> Mix:
    steps = _steps(upstream, substance)
    scale = product([whole for _, whole, _ in steps.values()])
    weights = _walk(upstream, steps, scale, skip_errors=False)
    if sum(weights.values()) != scale:
        raise VerificationError(
            f"not all of substance {substance} in batch {id_text(upstream.batch)} has an origin"
        )
    clean = _walk(upstream, steps, scale, skip_errors=True) if upstream.tainted else weights
    origins = {batch: Share(weights[batch], scale) for batch in upstream.nodes if weights.get(batch, 0) > 0}
    return Mix(origins, Share(sum(clean.values()), scale))


_Step = tuple[RecordedEvent, int, tuple[tuple[int, int], ...]]


def _steps(upstream: Lineage, substance: int) -> dict[object, _Step]:
    """Of each transformation: the substance taken altogether, and from which batch how much, reduced."""
    steps: dict[object, _Step] = {}
    for at, _ in upstream.making():
        if isinstance(at.event, Transformed):
            masses = [_mass(taken.substances_mg, substance) for taken in at.event.inputs]
            whole, parts = reduced(sum(masses), masses)
            batches = [taken.batch for taken in at.event.inputs]
            steps[at.position] = (at, max(whole, 1), tuple(zip(batches, parts, strict=True)))
    return steps


def _mass(substances: Substances, number: int) -> int:
    return substances.get(number, 0)


def _walk(upstream: Lineage, steps: dict[object, _Step], scale: int, *, skip_errors: bool) -> dict[int, int]:
    """Follow the whole of the batch back to its origins; weights are numerators over ``scale``."""
    weights = {upstream.batch: scale}
    origins: dict[int, int] = {}
    for at, made in upstream.making():
        if skip_errors:
            made = [item for item in made if not upstream.nodes[item.batch].declared_in_error]  # noqa: PLW2901
        amounts = [(item, weights.pop(item.batch, 0)) for item in made]
        _step_back(at, amounts, steps, weights, origins)
    return origins


def _step_back(
    at: RecordedEvent,
    amounts: list[tuple[Creation, int]],
    steps: dict[object, _Step],
    weights: dict[int, int],
    origins: dict[int, int],
) -> None:
    """Hand the weights of what one event made on to that of which it was made."""
    total = sum(amount for _, amount in amounts)
    if not total:
        return
    if isinstance(at.event, Transformed):
        _, whole, parts = steps[at.position]
        unit = total // whole
        for batch, part in parts:
            if part:
                weights[batch] = weights.get(batch, 0) + unit * part
    elif isinstance(at.event, BatchSplit):
        weights[at.event.parent] = weights.get(at.event.parent, 0) + total
    else:
        for item, amount in amounts:
            origins[item.batch] = amount
