"""The walk against an independent calculation in fractions, over random histories of every kind of step."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.walk.reference import Lot, World, entries_walked, total
from traceledger import walk
from traceledger.model.shares import SHARE_UNITS
from traceledger.walk.steps import undo_all

worlds = st.builds(
    lambda seed, scale, steps: World(seed, scale).go(steps),
    st.integers(0, 2**32),
    st.sampled_from([1, 2, 7, 1000, 10**9, 10**16]),
    st.integers(1, 120),
)


def alive(world: World) -> list[Lot]:
    """The newest, and those to which something that was split off came back."""
    chosen = [*world.lots[-8:], *world.got_back[-3:]]
    return [lot for lot in {lot.id: lot for lot in chosen}.values() if not lot.gone]


def within(found: int, exact: Fraction, walked: int) -> bool:
    """Whether a weight is off by less than so many times 2^-128; where nothing was divided, by nothing."""
    difference = abs(found - exact * walk.ONE)
    return difference < walked if walked else not difference


def entries(world: World) -> int:
    return 1 + sum(len(step.inputs) for step in world.steps if isinstance(step, walk.Run))


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_shares_are_those_of_the_fractions(world: World) -> None:
    for lot in alive(world):
        for substance in sorted(lot.asked()):
            found = walk.origins(world.steps, lot.id, substance)
            exact = lot.mixes[substance]
            walked = entries_walked(world.steps, lot, substance, stops=True)
            assert set(found) == set(exact)
            assert sum(found.values()) == walk.ONE
            assert all(within(found[each], exact[each], walked) for each in exact)
            units = [share.units for share in walk.as_shares(found).values()]
            assert sum(units) == SHARE_UNITS
            assert min(units) >= 0


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_what_is_traced_is_that_of_the_fractions(world: World) -> None:
    for lot in alive(world):
        for substance in sorted(lot.asked()):
            walked = entries_walked(world.steps, lot, substance, stops=False)
            found = walk.traced(world.steps, lot.id, substance)
            exact = world.traced(lot, substance)
            assert sum(found) == walk.ONE
            for name, part in zip(("traced", "untraced", "declared", "confirmed"), found, strict=True):
                assert within(part, exact.get(name, Fraction(0)), walked)


@settings(max_examples=40, deadline=None)
@given(world=worlds)
def test_what_is_consumed_is_the_same_run_by_run(world: World) -> None:
    """Marked by the first run that took it, nothing is lost; and each cell is that of the walk without."""

    def first(place: int, tag: walk.Tag) -> walk.Tag:
        return str(place)

    for lot in alive(world)[-3:]:
        made = lot.made_own, lot.made_inherited
        cells = walk.co2e(world.steps, lot.id, *made).cells
        marked = walk.Burdens(lot.id, *made, first, keep=None)
        bearing = walk.Bearing(lot.id, first)
        undo_all(marked.handlers, world.steps)
        undo_all(bearing.handlers, world.steps)
        marked.finish()
        assert walk.cells_of(marked.kept) == cells
        for sources in marked.kept.values():
            assert all(amount >= 0 for amounts in sources.values() for amount in amounts)
            assert all(not source.tag or str(source.place) != source.tag for source in sources)
        assert sum(map(sum, marked.sums.values())) == sum(cells.values())
        parts = walk.coefficients(world.steps, lot.id).records
        bound = len(world.steps) * entries(world)
        for at, of_tags in bearing.records.items():
            assert abs(sum(of_tags.values()) - parts.get(at, 0)) <= bound


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_co2e_is_that_of_the_fractions(world: World) -> None:
    for lot in alive(world):
        found = walk.co2e(world.steps, lot.id, lot.made_own, lot.made_inherited)
        exact = total(lot.made_mix, lot.added_mix)
        whole = lot.made_own + lot.made_inherited + found.added.total_mg
        assert sum(found.cells.values()) == whole * walk.UNIT
        assert sum(exact.values()) == whole
        for cell in {*exact, *found.cells}:
            difference = Fraction(found.cells.get(cell, 0), walk.UNIT) - exact.get(cell, 0)
            assert abs(difference) < Fraction(10 * len(world.steps) * entries(world), walk.UNIT)
        rows = walk.rounded(dict(sorted(found.cells.items())), whole=walk.UNIT)
        assert sum(rows.values()) == whole
        assert all(abs(mg - exact.get(cell, 0)) <= 1 for cell, mg in rows.items())


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_coefficients_are_those_of_the_fractions(world: World) -> None:
    bound = Fraction(4 * entries(world) * len(world.steps), 2**128)
    for lot in alive(world):
        found = walk.coefficients(world.steps, lot.id)
        exact = total(lot.made_parts, lot.added_parts)
        for at in world.records:
            part = found.records.get(at, 0)
            assert abs(Fraction(part, walk.ONE) - exact.get(at, 0)) < bound
        measured = [step.at for step in world.steps if isinstance(step, walk.Measured)]
        for each in found.booked:
            number = measured.index(each.at) + 1
            assert world.booked[number - 1][1][each.number] == each.mg
            assert abs(Fraction(each.part, walk.ONE) - exact.get(("booked", number), 0)) < bound


@settings(max_examples=50, deadline=None)
@given(world=worlds)
def test_what_restated_records_emit_is_the_new_amounts_times_the_parts(world: World) -> None:
    restated = walk.in_force(world.steps)
    assert walk.recorded(world.steps) == world.records
    for lot in alive(world):
        parts = walk.coefficients(world.steps, lot.id).records
        exact = total(lot.made_parts, lot.added_parts)
        primary = Fraction(0)
        for at, emissions in restated.items():
            found = walk.restated_cell(walk.emitted_of(emissions), parts.get(at, 0))
            scopes = emissions.scope1, emissions.scope2, emissions.scope3
            for mg, amount in zip(scopes, found, strict=True):
                assert abs(Fraction(amount, walk.UNIT) - mg * exact.get(at, 0)) < Fraction(1, 2**40)
            primary += (emissions.primary - world.records[at].primary) * exact.get(at, Fraction(0))
        moved = walk.restated_primary(100, world.records, restated, parts) - 100
        assert abs(moved - primary) < Fraction(1, 2) + Fraction(1, 2**20)


@settings(max_examples=50, deadline=None)
@given(world=worlds, place=st.integers(0, 200), substance=st.sampled_from([3, 27]))
def test_downstream_is_that_of_the_fractions(world: World, place: int, substance: int) -> None:
    root = world.lots[place % len(world.lots)]
    found = walk.spread(world.steps, {root.id}, substance)
    exact = world.downstream(root, substance)
    bound = Fraction(2 * len(world.steps), 2**128)
    for lot, part in exact.items():
        taken = any(taken.get(substance, 0) for _, _, taken in world.lots[lot - 1].made_of)
        if lot == root.id or taken:
            assert abs(Fraction(found.weights.get(lot, 0), walk.ONE) - part) <= bound
