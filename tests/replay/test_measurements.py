"""The tolerance that better measurements use (Rule 5), against fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from traceledger.model.batches import Batch, BatchState
from traceledger.replay.measurements import booked, inherited, measured, measured_by_auditor, used_after

MASS = st.integers(1, 2**54 - 1)
LOT = Batch(1, bytes(20), "L", 2, 3, bytes(20), BatchState.ACTIVE, 1_000, 7, 5, 3, {27: 400}, (27, 28))


@given(st.integers(-10_000, 10_000), MASS, MASS)
def test_what_was_used_and_the_step_are_rounded_away_from_zero_as_one_sum(
    so_far: int, now: int, before: int
) -> None:
    exact = so_far + Fraction((now - before) * 10_000, before)
    assert used_after(so_far, now, before) == (ceil(exact) if exact > 0 else -ceil(-exact))


def test_many_small_steps_back_give_back_no_more_than_they_are() -> None:
    less = measured(replace(LOT, mass_mg=10**9), 10**9 - 10**7, {})
    assert less.differences[0] == -100
    for _ in range(200):
        less = measured(less, less.mass_mg + 1, {})
    assert less.differences[0] == -100


def test_steps_add_up_and_give_back_only_of_the_same_quantity() -> None:
    once = measured(LOT, 1_010, {27: 396, 28: 0})
    assert once.differences == (100, -100, 0)
    twice = measured(once, 1_010, {27: 400, 28: 0})
    assert twice.differences == (100, 2, 0)
    # A hundredth of 1,010 mg more than was found too much: 100 - 99.01, as one sum.
    assert measured(twice, 1_000, {}).differences == (1, 2, 0)
    assert (once.own_mg, once.inherited_mg, once.primary_mg) == (7, 5, 3)


def test_an_auditors_measurement_begins_anew() -> None:
    once = measured(LOT, 1_010, {27: 396, 28: 0})
    assert measured_by_auditor(once, 900, {27: 350, 28: 9}).differences == ()
    assert list(booked(once, 900, {27: 350, 28: 9})) == [(0, -110), (27, -46), (28, 9)]


def test_what_was_made_has_the_tolerance_of_largest_magnitude() -> None:
    one = replace(LOT, differences=(50, -90, 0))
    other = replace(LOT, tracked=(27, 30), differences=(-60, 90, 7))
    assert inherited((27, 28, 30), [one, other]) == (-60, -90, 0, 7)
    assert inherited((28,), [LOT]) == ()
