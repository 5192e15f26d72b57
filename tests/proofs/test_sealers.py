"""Who could seal which block: ranges of validators, and how many headers show that a block is final."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from tests.proofs.conftest import World
from tests.proofs.support import about
from traceledger.errors import InputError, VerificationError
from traceledger.proofs.build.sealers import Sealers, ranges, reach
from traceledger.proofs.trust import ValidatorRange, Validators

Starts = list[tuple[int, int]]
ONE = frozenset({b"\x11" * 20})


def sealers(starts: Starts) -> Sealers:
    """From each block on, so many signers."""

    def at(number: int) -> frozenset[bytes]:
        count = next(count for start, count in reversed(starts) if start <= number)
        return frozenset(bytes([place]) * 20 for place in range(count))

    return at


@pytest.mark.parametrize(
    "starts",
    [
        [(0, 4)],
        [(0, 4), (1, 5)],
        [(0, 4), (7, 5), (8, 6), (9, 4)],
        [(0, 4), (120, 3), (121, 4), (200, 5)],
    ],
)
def test_every_change_of_a_short_chain_is_found(starts: Starts) -> None:
    found = ranges(sealers(starts), 200)
    assert [(each.first, len(each.addresses)) for each in found] == starts
    assert all(one.last == two.first - 1 for one, two in pairwise(found))
    assert found[-1].last is None


def test_changes_of_a_long_chain_are_found_with_few_questions() -> None:
    random, newest, asked = Random("ranges"), 30_000_000, set()
    starts = [(0, 4), *zip(sorted(random.sample(range(newest), 6)), (5, 6, 7, 6, 5, 4), strict=True)]
    at = sealers(starts)

    def counted(number: int) -> frozenset[bytes]:
        asked.add(number)
        return at(number)

    assert [(each.first, len(each.addresses)) for each in ranges(counted, newest)] == starts
    assert len(asked) < 500


def test_seals_may_count_from_a_later_block_on(world: World) -> None:
    found = ranges(sealers([(0, 4), (9, 5), (50, 6)]), 200, 20)
    assert [(each.first, len(each.addresses)) for each in found] == [(20, 5), (50, 6)]
    with world.client() as client:
        head = client.chain.head().number
        trusted = client.trust_root(from_block=head)
        assert [(each.first, each.last) for each in trusted.validators.ranges] == [(head, None)]
        with pytest.raises(InputError, match=f"there is no block {head + 1} yet"):
            client.trust_root(from_block=head + 1)
    assert trusted.validators.at(head - 1) == frozenset()
    with pytest.raises(VerificationError, match="the trust root names no authority for block"):
        about(world.proof, replace(trusted, validators=Validators((ValidatorRange(10**6, None, ONE),))))


def test_a_chain_of_nothing_but_its_first_block() -> None:
    (only,) = ranges(sealers([(0, 1)]), 0)
    assert (only.first, only.last, len(only.addresses)) == (0, None, 1)


def test_more_than_half_of_those_who_sealed_then_must_be_in_the_file() -> None:
    at = sealers([(0, 7), (100, 3)])
    assert (reach(at, 50, 200), reach(at, 150, 200)) == (4, 2)
    # Where they change before enough of the old ones built on it, the new ones do.
    assert reach(at, 97, 200) == 4 + 2
    assert (reach(at, 97, 98), reach(at, 200, 200)) == (1, 0)
