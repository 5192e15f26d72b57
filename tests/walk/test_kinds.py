"""The rules of docs/proof-format.md, *The walk*, one by one on small histories; and how much work it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from inspect import signature
from typing import Any

import pytest

from tests.walk.reference import World
from traceledger import walk
from traceledger.errors import VerificationError
from traceledger.model.emissions import Emissions
from traceledger.model.shares import SHARE_UNITS, Share
from traceledger.walk.passing import Passing

CO = 27
NOTHING = (0, 0, 0, 0)


def minted(at: int, batch: int, *, scope1: int = 0, untraced: bool = False) -> walk.Minted:
    return walk.Minted(at, batch, at, int(untraced), (scope1, 0, 0, 0))


def run(at: int, inputs: Sequence[tuple[int, int]], *outputs: int, recycling: bool = False) -> walk.Run:
    """Batches, each with what was taken of cobalt; every output weighs as much."""
    taken = tuple((batch, mg or 1, mg or 1, 0, 0) for batch, mg in inputs)
    cobalt = ((CO, *(mg for _, mg in inputs)),)
    kind = walk.FROM_USE if recycling else 0
    return walk.Run(at, at, kind, NOTHING, taken, cobalt, tuple((batch, 1) for batch in outputs))


def test_random_histories_have_every_kind_of_step_and_of_reversal() -> None:
    steps = [step for seed in range(30) for step in World(seed, 1000).go(80).steps]
    assert {type(step) for step in steps} == {
        *(walk.Minted, walk.Split, walk.Run, walk.Added, walk.Measured),
        *(walk.TakenBack, walk.Reversed, walk.Delivered, walk.InError, walk.Restated),
    }
    reversals = [step for step in steps if isinstance(step, walk.Reversed)]
    assert any(entry[5] for step in reversals for entry in step.entries)
    assert any(len(step.entries) > 1 for step in reversals)
    assert any(len({entry[0] for entry in step.entries}) < len(step.entries) for step in reversals)
    assert any(step.recycling for step in steps if isinstance(step, walk.Run))
    assert any(step.raised for step in steps if isinstance(step, walk.Measured))


PASSES_BY = {
    "mixing": {walk.Told, walk.Added, walk.Reversed, walk.InError, walk.Restated},
    "burdens": {walk.Told, walk.Measured, walk.InError, walk.Withdrawn, walk.Restated},
    "bearing": {walk.Told, walk.InError, walk.Restated},
    "passing": {walk.Told, walk.Reversed, walk.InError, walk.Restated},
    "spreading": {
        *(walk.Told, walk.Minted, walk.Added, walk.Reversed, walk.InError, walk.Withdrawn, walk.Restated),
    },
    "reaching": {walk.Told, walk.Added, walk.InError, walk.Restated},
}
"""The kinds of steps that change nothing for a pass: who adds a kind says here, or there, what it does."""


def test_every_pass_does_something_at_every_other_kind_of_step() -> None:
    passes = {
        "mixing": walk.Mixing([CO], 1, {}),
        "burdens": walk.Burdens(1, 0, 0),
        "bearing": walk.Bearing(1),
        "passing": Passing(walk.Mixing([CO], 1, {}), {1}),
        "spreading": walk.Spreading([1], [CO]),
        "reaching": walk.Reaching([1]),
    }
    for name, each in passes.items():
        assert set(each.handlers) == set(walk.KINDS) - PASSES_BY[name], name
    counting = walk.Counting(1)
    for kind in walk.KINDS:
        fields = len(signature(kind).parameters)
        counting.see(kind(1, *[()] * (fields - 1)), 2)  # Of a batch that is not reached.


def test_what_was_made_of_nothing_is_untraced() -> None:
    steps = [minted(1, 1), run(2, [(1, 0)], 2, 3)]
    assert walk.origins(steps, 2, CO) == {walk.Origin(walk.End.UNTRACED, 2): walk.ONE}
    assert walk.traced(steps, 2, CO).untraced == walk.ONE


def test_an_origin_of_which_nothing_is_left_is_listed() -> None:
    steps: list[walk.Step] = [minted(1, 1), minted(2, 2)]
    last = 1
    for number in range(50):
        steps.append(run(3 + number, [(last, 1), (2, 10**6)], 100 + number))
        last = 100 + number
    found = walk.origins(steps, last, CO)
    assert found[walk.Origin(walk.End.MINTED, 1)] == 0
    assert found[walk.Origin(walk.End.MINTED, 2)] == walk.ONE


def test_confirmed_goes_before_declared_and_both_before_untraced() -> None:
    origin = minted(1, 1, untraced=True)
    declared, confirmed = walk.InError(2, 1, confirmed=0), walk.InError(3, 1, confirmed=1)
    assert walk.traced([origin], 1, CO) == (0, walk.ONE, 0, 0)
    assert walk.traced([origin, declared], 1, CO) == (0, 0, walk.ONE, 0)
    for errors in (
        [declared, confirmed],
        [walk.InError(2, 1, confirmed=1), walk.InError(3, 1, 0)],
    ):
        assert walk.traced([origin, *errors], 1, CO) == (0, 0, 0, walk.ONE)
    # What was withdrawn is none: first the auditor's word, then the maker's.
    withdrawn = walk.Withdrawn(4, ((1, 3),))
    assert walk.traced([origin, declared, confirmed, withdrawn], 1, CO) == (0, 0, walk.ONE, 0)
    both = walk.Withdrawn(5, ((1, 2),))
    assert walk.traced([origin, declared, confirmed, withdrawn, both], 1, CO) == (0, walk.ONE, 0, 0)


def test_a_second_life_has_its_origin_in_the_take_back() -> None:
    steps = [minted(1, 1, untraced=True), run(2, [(1, 5)], 2), walk.TakenBack(4, 2, 4, 0, 0)]
    steps.append(run(5, [(2, 5)], 3, recycling=True))
    assert walk.origins(steps, 3, CO) == {walk.Origin(walk.End.RECYCLED, 5): walk.ONE}
    # What stays untraced is the first life.
    assert walk.traced(steps, 3, CO).traced == walk.ONE
    # The product itself never stops at its own take-back.
    assert walk.origins(steps, 2, CO) == {walk.Origin(walk.End.UNTRACED, 1): walk.ONE}
    assert 1 not in walk.coefficients(steps, 3).records
    spread = walk.spread(steps, {1}, CO)
    assert (spread.weights[2], spread.weights[3]) == (walk.ONE, 0)
    # The product itself is followed into its second life.
    assert walk.spread(steps, {2}, CO).weights[3] == walk.ONE
    for root, reached, beyond in ((1, {1, 2}, (5,)), (2, {2, 3}, ())):
        found = walk.Reaching([root])
        walk.do_all([found.handlers], steps)
        assert (found.batches(), found.beyond) == (reached, beyond)


def test_waste_of_a_run_is_traced_through_the_recycling_run() -> None:
    steps = [minted(1, 1, untraced=True), minted(2, 2), run(3, [(1, 1), (2, 3)], 3)]
    steps.append(run(4, [(3, 4)], 4, recycling=True))
    assert walk.origins(steps, 4, CO) == {walk.Origin(walk.End.RECYCLED, 4): walk.ONE}
    assert walk.traced(steps, 4, CO) == (walk.ONE * 3 // 4, walk.ONE // 4, 0, 0)


def test_what_is_put_back_twice_is_undone_last_first() -> None:
    """The order decides the last unit: ⌊·30/151⌋ goes first, then ⌊·41/121⌋ of the rest."""
    twice = ((1, 4, 10, 41, 0), (1, 3, 6, 30, 0))
    steps = [
        minted(1, 1, scope1=101),
        walk.Run(2, 2, 0, NOTHING, twice, ((CO, 4, 3),), ((2, 1),)),
        walk.Added(3, 3, (0, 50, 0, 0), ((1, 1, 80),)),
        walk.Reversed(4, 2, ((1, 41, 0, 121, 0, 0), (1, 30, 0, 151, 0, 0))),
        walk.Split(5, 1, ((3, 1, 10),)),
    ]
    cells = walk.co2e(steps, 3, 2, 0).cells
    assert cells[3, 1] == 12_216_386_803_781_160_012
    assert sum(cells.values()) == 2 * walk.UNIT


def test_what_was_added_to_a_child_that_came_back_is_the_parent_s() -> None:
    """Also over two generations; whatever the parent gave to others meanwhile."""
    on_child = walk.Added(4, 4, (0, 0, 7, 5), ((3, 1, 32),))
    steps = [
        minted(1, 1, scope1=100),
        walk.Split(2, 1, ((2, 50, 100),)),
        walk.Split(3, 2, ((3, 25, 50),)),
        on_child,
        walk.Split(5, 1, ((4, 50, 50),)),
        walk.Reversed(6, 3, ((2, 32, 0, 57, 0, 3),)),
        walk.Reversed(7, 2, ((1, 57, 0, 57, 0, 2),)),
    ]
    found = walk.co2e(steps, 1, 100, 0)
    assert found.cells == {(1, 0): 100 * walk.UNIT, (4, 2): 7 * walk.UNIT}
    assert found.added == Emissions(scope3=7, primary=5)
    parts = walk.coefficients(steps, 1).records
    assert parts == {1: walk.ONE, 4: walk.ONE}
    # What was split off the parent afterwards has its part of it.
    later = [*steps, walk.Split(8, 1, ((5, 50, 50),))]
    assert walk.co2e(later, 5, 57, 0).cells == {(1, 0): 50 * walk.UNIT, (4, 2): 7 * walk.UNIT}


def test_an_addition_that_exceeds_the_pool_is_refused() -> None:
    added = walk.Added(2, 2, (9, 0, 0, 0), ((1, 1, 8),))
    split = walk.Split(3, 1, ((2, 1, 1),))
    with pytest.raises(VerificationError, match="add up"):
        walk.co2e([minted(1, 1, scope1=5), added, split], 2, 8, 0)


@pytest.mark.parametrize("missing", range(3))
def test_a_history_with_a_hole_is_refused(missing: int) -> None:
    steps: list[walk.Step] = [minted(1, 1, scope1=7), walk.Split(2, 1, ((2, 1, 1),))]
    steps.append(walk.Split(3, 2, ((3, 1, 1),)))
    del steps[missing]
    with pytest.raises(VerificationError):
        walk.origins(steps, 3, CO)
    with pytest.raises(VerificationError):
        walk.co2e(steps, 3, 7, 0)


def test_more_than_a_batch_weighed_is_refused() -> None:
    split = walk.Split(2, 1, ((2, 3, 2),))
    with pytest.raises(VerificationError, match="more was taken"):
        walk.coefficients([minted(1, 1), split], 2)


def test_rounding_keeps_sums_and_goes_to_the_nearest() -> None:
    assert walk.rounded({"a": 1, "b": 1}, whole=2) == {"a": 1, "b": 0}
    assert walk.weighted([(-1, walk.ONE // 2)]) == 0
    assert walk.weighted([(-1, walk.ONE)]) == -1
    assert [
        share.units for share in walk.as_shares({"a": walk.ONE // 3, "b": walk.ONE - walk.ONE // 3}).values()
    ] == [
        333_333_333_333_333,
        666_666_666_666_667,
    ]
    assert Share.of(2, 3) > walk.share_of(walk.ONE // 3)
    assert walk.sum_of([Share(1), Share(2)]) == Share(3)
    assert str(float(Share(SHARE_UNITS - 1))) == "0.999999999999999"


class Counted(Sequence[walk.Step]):
    """Steps that count how often one is looked at."""

    def __init__(self, steps: list[walk.Step]) -> None:
        self._steps = steps
        self.looked = 0

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, place: Any) -> Any:
        self.looked += 1
        return self._steps[place]

    def __iter__(self) -> Iterator[walk.Step]:
        for step in self._steps:
            self.looked += 1
            yield step


def chain(length: int) -> list[walk.Step]:
    """Each run takes of the one before and of new material, whose emissions, masses and parts all differ."""
    steps: list[walk.Step] = [minted(0, 1, scope1=1000)]
    own, inherited = 1000, 0
    for number in range(1, length):
        new = 2 * number + 1
        at = 4 * number
        steps.append(minted(at, new, scope1=number))
        inputs = ((new - 1 if number > 1 else 1, 5, 6, own, inherited), (new, 1, 2, number // 2, 0))
        cobalt = ((CO, 3 + number % 7, 1 + number % 5),)
        emitted = (number % 11, 0, 1, 0)
        steps.append(walk.Run(at + 1, at, 0, emitted, inputs, cobalt, ((new + 1, 3), (-new, 1))))
        inherited = (own + inherited + number // 2) * 3 // 4
        # What the run emitted goes by weight, three quarters of each scope.
        own = number % 11 * 3 // 4 + 2
        steps.append(walk.Added(at + 2, at, (0, 2, 0, 0), ((new + 1, 1, own),)))
    return steps


def walks(steps: Sequence[walk.Step], length: int) -> dict[str, Callable[[], Any]]:
    last = 2 * length
    made = steps[-2]
    assert isinstance(made, walk.Run)
    burden = sum(own + inherited for *_, own, inherited in made.inputs) * 3 // 4
    own = made.emitted[0] * 3 // 4
    return {
        "origins": lambda: walk.origins(steps, last, CO),
        "traced": lambda: walk.traced(steps, last, CO),
        "co2e": lambda: walk.co2e(steps, last, own, burden).cells,
        "coefficients": lambda: walk.coefficients(steps, last).records,
        "spread": lambda: walk.spread(steps, {1}, CO).weights,
    }


@pytest.mark.parametrize("kind", ["origins", "traced", "co2e", "coefficients", "spread"])
def test_a_walk_looks_at_every_step_a_few_times_and_its_numbers_stay_short(kind: str) -> None:
    length = 35_000
    steps = Counted(chain(length))
    assert len(steps) > 100_000
    walking = walks(steps, length)[kind]
    steps.looked = 0
    found = walking()
    assert steps.looked <= 3 * len(steps)
    numbers = found if isinstance(found, tuple) else found.values()
    assert max(map(int.bit_length, numbers)) <= 129


def test_a_walk_does_as_much_per_step_however_many_there_are() -> None:
    """In calls of Python, which a profiler counts: twice the steps are twice the calls."""
    for kind in walks(chain(10), 10):
        few, many = (_calls(walks(chain(length), length)[kind]) for length in (200, 2_000))
        assert many < 11 * few, kind


def _calls(work: Callable[[], Any]) -> int:
    count = 0

    def called(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_a_third_three_times_is_exactly_one() -> None:
    steps = [minted(1, 1), minted(2, 2), minted(3, 3), run(4, [(1, 1), (2, 1), (3, 1)], 4)]
    found = walk.origins(steps, 4, CO)
    assert sum(found.values()) == walk.ONE
    assert all(
        abs(Fraction(part, walk.ONE) - Fraction(1, 3)) < Fraction(1, walk.ONE) for part in found.values()
    )
