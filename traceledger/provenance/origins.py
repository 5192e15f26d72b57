"""Origin shares: how much of each substance in a batch comes from which mint.

Example:
    >>> from traceledger.provenance.exact import Share
    >>> Mix(origins={7: Share(1, 1)}, traced=Share(1, 1)).origins[7].exact
    Fraction(1, 1)
"""

from __future__ import annotations

from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, BatchSplit, MakingEvent, Position, Transformed
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.exact import Share, product
from traceledger.provenance.lineage import Creation, Lineage
from traceledger.provenance.mixture import Mixture, mixture


@frozen
class Mix:
    """Where one substance of a batch comes from.

    Attributes:
        origins: the share of each minted batch (id), in the order in which they were minted; they sum to 1.
        traced: the part that reaches its origin through no batch in which an error was declared.
    """

    origins: dict[int, Share]
    traced: Share


def origin_of(event: MakingEvent) -> BatchMinted | None:
    """The event, if what it made is an origin, which is made of no other batch; else ``None``."""
    match event:
        case BatchMinted():
            return event
        case BatchSplit() | Transformed():
            return None
        case _:
            assert_never(event)


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
    scale = product([step.whole for step in steps.values()])
    weights = _walk(upstream, steps, scale, skip_errors=False)
    if sum(weights.values()) != scale:
        raise VerificationError(
            f"not all of substance {substance} in batch {id_text(upstream.batch)} has an origin"
        )
    clean = _walk(upstream, steps, scale, skip_errors=True) if upstream.tainted else weights
    origins = {batch: Share(weights[batch], scale) for batch in upstream.nodes if weights.get(batch, 0) > 0}
    return Mix(origins, Share(sum(clean.values()), scale))


def _steps(upstream: Lineage, substance: int) -> dict[Position, Mixture]:
    """The mixture that each event took which made batches."""
    return {at.position: mixture(made[0].event, substance) for at, made in upstream.making()}


def _walk(
    upstream: Lineage, steps: dict[Position, Mixture], scale: int, *, skip_errors: bool
) -> dict[int, int]:
    """Follow the whole of the batch back to its origins; weights are numerators over ``scale``."""
    weights = {upstream.batch: scale}
    origins: dict[int, int] = {}
    for at, made in upstream.making():
        if skip_errors:
            made = [item for item in made if not upstream.nodes[item.batch].declared_in_error]  # noqa: PLW2901
        amounts = [(item, weights.pop(item.batch, 0)) for item in made]
        _step_back(steps[at.position], amounts, weights, origins)
    return origins


def _step_back(
    step: Mixture,
    amounts: list[tuple[Creation, int]],
    weights: dict[int, int],
    origins: dict[int, int],
) -> None:
    """Hand the weights of what one event made on to that of which it was made."""
    total = sum(amount for _, amount in amounts)
    if not total:
        return
    if not step.parts:
        origins.update({item.batch: amount for item, amount in amounts})
    unit = total // step.whole
    for batch, part in step.parts:
        if part:
            weights[batch] = weights.get(batch, 0) + unit * part
