"""Operations that break exactly one rule of the ledger each: :func:`break_one`.

Example:
    >>> from tests.reference.chains import random_chain
    >>> broken = break_one(random_chain(3, operations=120), "over_capacity")
    >>> broken.error
    'CapacityExceeded'
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference import (  # they register themselves
    violations_of_corrections,  # noqa: F401
    violations_of_custody,  # noqa: F401
    violations_of_matter,  # noqa: F401
)
from tests.reference.chains import Builder, Operation
from tests.reference.openings import RULES, Impossible
from tests.reference.values import Refused


@dataclass(frozen=True)
class Broken:
    """A file of which the operation at ``position`` (from 0) breaks one rule, for which it is refused."""

    ops: list[Operation]
    position: int
    error: str


def break_one(ops: Sequence[Operation], rule: str, *, seed: int = 0, at_the_end: bool = False) -> Broken:
    """Plant one violation into a valid file, somewhere in its second half or at its end.

    Raises:
        Impossible: the file offers no opportunity.
    """
    error, violation = RULES[rule]
    rng = random.Random(f"{rule}{seed}")
    places = [len(ops)] if at_the_end else rng.sample(range(len(ops) // 2, len(ops) - 9), 10)
    for place in places:
        builder = Builder(rng, ops[:place])
        try:
            planted = violation(builder)
        except Impossible:
            continue
        for op in planted[:-1]:
            builder.add(op)
        _require_refused(builder, planted[-1], error)
        return Broken([*ops[:place], *planted, *ops[place:]], place + len(planted) - 1, error)
    raise Impossible(rule)


def _require_refused(builder: Builder, op: Operation, error: str) -> None:
    try:
        builder.ledger.apply(op)
    except Refused as refused:
        # What the client refuses before it sends anything, the model refuses as the contracts would.
        if error not in (refused.error, "OperationsFileError"):
            raise AssertionError(f"{op} is refused for {refused.error}, not {error}") from None
        return
    raise AssertionError(f"{op} breaks no rule")
