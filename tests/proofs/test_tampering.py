"""Changed proof files: each is refused with the right error, or says exactly the same.

A sixth of more than 10,000, and all of them with ``--hypothesis-profile=thorough``; ``scripts/fuzz verifier``
goes on from there, for as long as one likes.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.proofs.conftest import SmallWorld
from tests.proofs.judging import Judge
from tests.proofs.mutations import MUTATORS, material

SHARDS = 6
RUN = range(SHARDS if settings().max_examples >= 1000 else 1)


def test_there_are_enough_mutations() -> None:
    assert sum(count for _, count in MUTATORS.values()) >= 10_000


@pytest.mark.parametrize("shard", RUN)
@pytest.mark.parametrize("kind", MUTATORS)
def test_a_changed_file_is_refused_with_the_right_error(
    small_world: SmallWorld, kind: str, shard: int
) -> None:
    mutate, count = MUTATORS[kind]
    judge = Judge(material(small_world.proof, small_world.stale, small_world.other), small_world.trusted)
    outcomes = judge.run(mutate, [f"{kind} {number}" for number in range(shard, count, SHARDS)])
    assert sum(outcomes.values()) >= count // SHARDS
    assert outcomes["malformed"] + outcomes["not verified"] > 0
