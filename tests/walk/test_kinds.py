"""The rules of docs/proof-format.md, *The walk*, one by one on small histories; and how much work it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest

from tests.walk.reference import World
from traceledger import walk
from traceledger.errors import VerificationError
from traceledger.model.emissions import Emissions
from traceledger.model.shares import SHARE_UNITS, Share

CO = 27
NOTHING = Emissions()


def minted(at: int, batch: int, *, scope1: int = 0, untraced: bool = False) -> walk.Minted:
    return walk.Minted((at,), batch, Emissions(scope1=scope1), untraced)


def run(at: int, inputs: Sequence[tuple[int, int]], *outputs: int, recycling: bool = False) -> walk.Run:
    """Batches, each with what was taken of cobalt; every output weighs as much."""
    taken = (walk.Input(batch, 0, 0, {CO: mg} if mg else {}, mg or 1, mg or 1) for batch, mg in inputs)
    made = (walk.Output(batch, 1, NOTHING) for batch in outputs)
    return walk.Run((at,), 100 + at, tuple(taken), tuple(made), recycling)


def test_random_histories_have_every_kind_of_step_and_of_reversal() -> None:
    steps = [step for seed in range(30) for step in World(seed, 1000).go(80).steps]
    assert {type(step) for step in steps} == {
        *(walk.Minted, walk.Split, walk.Run, walk.Added, walk.Remeasured),
        *(walk.TakenBack, walk.Reversed, walk.InError, walk.Restated),
    }
    reversals = [step for step in steps if isinstance(step, walk.Reversed)]
    assert any(entry.child is not None for step in reversals for entry in step.entries)
    assert any(len(step.entries) > 1 for step in reversals)
    assert any(len({entry.batch for entry in step.entries}) < len(step.entries) for step in reversals)
    assert any(step.recycling for step in steps if isinstance(step, walk.Run))
    assert any(lot.raised for step in steps if isinstance(step, walk.Remeasured) for lot in step.lots)


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
    declared, confirmed = walk.InError((2,), 1, confirmed=False), walk.InError((3,), 1, confirmed=True)
    assert walk.traced([origin], 1, CO) == (0, walk.ONE, 0, 0)
    assert walk.traced([origin, declared], 1, CO) == (0, 0, walk.ONE, 0)
    for errors in (
        [declared, confirmed],
        [walk.InError((2,), 1, confirmed=True), walk.InError((3,), 1, False)],
    ):
        assert walk.traced([origin, *errors], 1, CO) == (0, 0, 0, walk.ONE)


def test_a_second_life_has_its_origin_in_the_take_back() -> None:
    steps = [minted(1, 1, untraced=True), run(2, [(1, 5)], 2), walk.TakenBack((4,), 2)]
    steps.append(run(5, [(2, 5)], 3, recycling=True))
    assert walk.origins(steps, 3, CO) == {walk.Origin(walk.End.RECYCLED, 105): walk.ONE}
    # What stays untraced is the first life.
    assert walk.traced(steps, 3, CO).traced == walk.ONE
    # The product itself never stops at its own take-back.
    assert walk.origins(steps, 2, CO) == {walk.Origin(walk.End.UNTRACED, 1): walk.ONE}
    assert walk.coefficients(steps, 3).records[1,] == 0
    spread = walk.spread(steps, {1}, CO)
    assert (spread.weights[2], spread.weights[3], spread.beyond) == (walk.ONE, 0, (105,))
    # The product itself is followed into its second life.
    own = walk.spread(steps, {2}, CO)
    assert (own.weights[3], own.beyond) == (walk.ONE, ())


def test_waste_of_a_run_is_traced_through_the_recycling_run() -> None:
    steps = [minted(1, 1, untraced=True), minted(2, 2), run(3, [(1, 1), (2, 3)], 3)]
    steps.append(run(4, [(3, 4)], 4, recycling=True))
    assert walk.origins(steps, 4, CO) == {walk.Origin(walk.End.RECYCLED, 104): walk.ONE}
    assert walk.traced(steps, 4, CO) == (walk.ONE * 3 // 4, walk.ONE // 4, 0, 0)


def test_what_is_put_back_twice_is_undone_last_first() -> None:
    """The order decides the last unit: ⌊·30/151⌋ goes first, then ⌊·41/121⌋ of the rest."""
    twice = (walk.Input(1, 41, 0, {CO: 4}, 4, 10), walk.Input(1, 30, 0, {CO: 3}, 3, 6))
    steps = [
        minted(1, 1, scope1=101),
        walk.Run((2,), 102, twice, (walk.Output(2, 1, NOTHING),)),
        walk.Added((3,), (walk.Addition(1, 1, Emissions(scope2=50), own_after_mg=80),)),
        walk.Reversed((4,), (2,), (walk.PutBack(1, 41, 0, 121, 0), walk.PutBack(1, 30, 0, 151, 0))),
        walk.Split((5,), 1, (walk.SplitOff(3, 1, 10),)),
    ]
    cells = walk.co2e(steps, 3, 2, 0).cells
    assert cells[(3,), 1] == 12_216_386_803_781_160_012
    assert sum(cells.values()) == 2 * walk.UNIT


def test_what_was_added_to_a_child_that_came_back_is_the_parent_s() -> None:
    """Also over two generations; whatever the parent gave to others meanwhile."""
    on_child = walk.Added((4,), (walk.Addition(3, 1, Emissions(scope3=7, primary=5), own_after_mg=32),))
    steps = [
        minted(1, 1, scope1=100),
        walk.Split((2,), 1, (walk.SplitOff(2, 50, 100),)),
        walk.Split((3,), 2, (walk.SplitOff(3, 25, 50),)),
        on_child,
        walk.Split((5,), 1, (walk.SplitOff(4, 50, 50),)),
        walk.Reversed((6,), (3,), (walk.PutBack(2, 32, 0, 57, 0, child=3),)),
        walk.Reversed((7,), (2,), (walk.PutBack(1, 57, 0, 57, 0, child=2),)),
    ]
    found = walk.co2e(steps, 1, 100, 0)
    assert found.cells == {((1,), 0): 100 * walk.UNIT, ((4,), 2): 7 * walk.UNIT}
    assert found.added == Emissions(scope3=7, primary=5)
    parts = walk.coefficients(steps, 1).records
    assert parts == {(1,): walk.ONE, (4,): walk.ONE}
    # What was split off the parent afterwards has its part of it.
    later = [*steps, walk.Split((8,), 1, (walk.SplitOff(5, 50, 50),))]
    assert walk.co2e(later, 5, 57, 0).cells == {((1,), 0): 50 * walk.UNIT, ((4,), 2): 7 * walk.UNIT}


def test_an_addition_that_exceeds_the_pool_is_refused() -> None:
    added = walk.Added((2,), (walk.Addition(1, 1, Emissions(scope1=9), own_after_mg=8),))
    split = walk.Split((3,), 1, (walk.SplitOff(2, 1, 1),))
    with pytest.raises(VerificationError, match="add up"):
        walk.co2e([minted(1, 1, scope1=5), added, split], 2, 8, 0)


@pytest.mark.parametrize("missing", range(3))
def test_a_history_with_a_hole_is_refused(missing: int) -> None:
    steps: list[walk.Step] = [minted(1, 1, scope1=7), walk.Split((2,), 1, (walk.SplitOff(2, 1, 1),))]
    steps.append(walk.Split((3,), 2, (walk.SplitOff(3, 1, 1),)))
    del steps[missing]
    with pytest.raises(VerificationError):
        walk.origins(steps, 3, CO)
    with pytest.raises(VerificationError):
        walk.co2e(steps, 3, 7, 0)


def test_more_than_a_batch_weighed_is_refused() -> None:
    split = walk.Split((2,), 1, (walk.SplitOff(2, mass_mg=3, before_mg=2),))
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
        inputs = (
            walk.Input(new - 1 if number > 1 else 1, own, inherited, {CO: 3 + number % 7}, 5, 6),
            walk.Input(new, number // 2, 0, {CO: 1 + number % 5}, 1, 2),
        )
        emissions = Emissions(scope1=number % 11, scope3=1)
        outputs = (walk.Output(new + 1, 3, emissions), walk.Output(-new, 1, NOTHING))
        steps.append(walk.Run((at + 1,), number, inputs, outputs))
        inherited = (own + inherited + number // 2) * 3 // 4
        own = emissions.total_mg + 2
        addition = walk.Addition(new + 1, 1, Emissions(scope2=2), own)
        steps.append(walk.Added((at + 2,), (addition,)))
    return steps


def walks(steps: Sequence[walk.Step], length: int) -> dict[str, Callable[[], Any]]:
    last = 2 * length
    made = steps[-2]
    assert isinstance(made, walk.Run)
    burden = sum(taken.own_mg + taken.inherited_mg for taken in made.inputs) * 3 // 4
    return {
        "origins": lambda: walk.origins(steps, last, CO),
        "traced": lambda: walk.traced(steps, last, CO),
        "co2e": lambda: walk.co2e(steps, last, made.outputs[0].emissions.total_mg, burden).cells,
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
