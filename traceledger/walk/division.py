"""How the walk divides an amount: by Allocate, so that nothing is lost or made.

Example:
    >>> divide(10, [1, 0, 2])
    [3, 0, 7]
"""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.errors import VerificationError

ONE = 1 << 128
"""What shares and coefficients are parts of."""
NOT_ADDED_UP = "the CO2e that the events state does not add up"


def divide(amount: int, weights: Sequence[int]) -> list[int]:
    """The parts of ``amount`` by ``weights``, in their order; they sum to it exactly.

    Raises:
        VerificationError: a weight is negative, or there is something to divide and no weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        if whole or amount:
            raise VerificationError(NOT_ADDED_UP)
        # W2: where all weights are zero, nothing is given, and nothing may be there to give.
        return [0] * len(weights)
    parts: list[int] = []
    running = given = 0
    # Allocate, as `model.arithmetic` has it. It stands here again because everything that emitted, or passed
    # CO2e on, is divided so; most weights are zero, and the call with another sum took half of the time.
    for weight in weights:
        if not weight:
            parts.append(0)
            continue
        running += weight
        until = amount if running == whole else amount * running // whole
        parts.append(until - given)
        given = until
    return parts
