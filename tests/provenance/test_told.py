"""Traces of random histories with every kind of event, against an independent calculation in fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provenance.told import Told, emitted
from tests.walk.reference import Lot, entries_walked, total
from tests.walk.test_walk import within
from traceledger import walk
from traceledger.documents import traces
from traceledger.model.batches import BatchState
from traceledger.model.shares import SHARE_UNITS, Share
from traceledger.provenance import OriginKind, OriginShare, Trace, impact, lineage, trace
from traceledger.provenance.steps import steps_of


def told(seed: int, scale: int, steps: int) -> Told:
    world = Told(seed, scale)
    world.go(steps)
    return world


worlds = st.builds(told, st.integers(0, 2**32), st.sampled_from([1, 7, 1000, 10**12]), st.integers(1, 90))


PARTS = ("traced", "untraced", "declared", "confirmed")


def alive(world: Told) -> list[Lot]:
    chosen = [*world.lots[-6:], *world.got_back[-3:]]
    return [lot for lot in {lot.id: lot for lot in chosen}.values() if not lot.gone]


def by_place(world: Told, cells: walk.Cell) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for (at, _), amount in cells.items():
        found[world.names[at]] = found.get(world.names[at], Fraction(0)) + amount
    return found


def check_rows(rows: dict[str, int], exact: dict[str, Fraction], whole: int) -> None:
    assert sum(rows.values()) == whole
    assert list(rows) == sorted(rows, key=str.encode)
    for name in {*rows, *exact}:
        assert abs(rows.get(name, 0) - exact.get(name, 0)) <= 1


def close(share: Share, exact: Fraction) -> bool:
    return abs(Fraction(share.units, SHARE_UNITS) - exact) <= Fraction(1, SHARE_UNITS) + Fraction(1, 2**100)


def origin_of(row: OriginShare) -> walk.Origin:
    """The reference's name of what a row is about."""
    if row.transformation:
        # The number of a step is the id of its run.
        return walk.Origin(walk.End.RECYCLED, row.batch_id // 5 << 48 | row.batch_id)
    if row.origin is OriginKind.UNTRACED:
        return walk.Origin(walk.End.UNTRACED, row.batch_id)
    back = row.origin is OriginKind.TAKEN_BACK
    return walk.Origin(walk.End.TAKEN_BACK if back else walk.End.MINTED, row.batch_id)


def check_origins(world: Told, lot: Lot, found: Trace) -> None:
    for number in sorted(lot.asked()):
        exact = lot.mixes[number]
        rows = [row for row in found.origins if row.substance == number]
        assert sum(row.share.units for row in rows) == SHARE_UNITS
        assert sum(row.mass_mg for row in rows) == found.substances_mg[number]
        assert {origin_of(row) for row in rows} == set(exact)
        for row in rows:
            assert close(row.share, exact[origin_of(row)])
            assert (row.country == "") == (row.origin is OriginKind.UNTRACED)
        parts = found.traced[number]
        known = world.traced(lot, number)
        for name in PARTS:
            assert close(getattr(parts, name), known.get(name, Fraction(0)))


@settings(max_examples=40, deadline=None)
@given(world=worlds)
def test_shares_are_off_by_less_than_the_entries_that_were_walked(world: Told) -> None:
    """Before they are rounded to what is shown, in units of 2^-128."""
    for lot in alive(world):
        steps = steps_of(lineage(world, lot.id))
        for number in sorted(lot.asked()):
            exact = lot.mixes[number]
            found = walk.origins(steps, lot.id, number)
            assert set(found) == set(exact)
            walked = entries_walked(world.steps, lot, number, stops=True)
            assert all(within(found[each], exact[each], walked) for each in exact)
            walked = entries_walked(world.steps, lot, number, stops=False)
            known = world.traced(lot, number)
            for name, part in zip(PARTS, walk.traced(steps, lot.id, number), strict=True):
                assert within(part, known.get(name, Fraction(0)), walked)


@settings(max_examples=50, deadline=None)
@given(world=worlds)
def test_origins_and_co2e_are_those_of_the_fractions(world: Told) -> None:
    for lot in alive(world):
        found = trace(world, lot.id)
        check_origins(world, lot, found)
        exact = total(lot.made_mix, lot.added_mix)
        assert found.footprint.total_mg == sum(exact.values())
        check_rows(found.footprint.by_facility, by_place(world, exact), found.footprint.total_mg)
        document = traces.trace(found)
        assert document["reversed"] == found.reversed
        assert all(("batch" in row) != ("transformation" in row) for row in document["origins"])


@settings(max_examples=50, deadline=None)
@given(world=worlds)
def test_what_was_restated_and_booked_is_that_of_the_fractions(world: Told) -> None:
    changed = walk.in_force(world.steps)
    for lot in alive(world):
        found = trace(world, lot.id)
        parts = total(lot.made_parts, lot.added_parts)
        exact = total(lot.made_mix, lot.added_mix)
        restated = found.footprint.restated
        if restated is None:
            assert not {at for at, _ in exact} & set(changed)
        else:
            cells = {world.names[at]: mg for (at, _), mg in exact.items() if at not in changed}
            kept = by_place(world, {cell: mg for cell, mg in exact.items() if cell[0] not in changed})
            assert set(cells) == set(kept)
            new = {world.names[at]: emitted(each) * parts.get(at, 0) for at, each in changed.items()}
            whole = sum((*kept.values(), *new.values()), Fraction(0))
            assert abs(restated.total_mg - whole) <= 1
            check_rows(restated.by_facility, {**kept, **new}, restated.total_mg)
        for number in found.booked_mg:
            booked = sum(
                (
                    measured.get(number, 0) * parts.get(("booked", place), Fraction(0))
                    for place, (_, measured) in enumerate(world.booked, start=1)
                ),
                Fraction(0),
            )
            assert abs(found.booked_mg[number] - booked) <= 1


@settings(max_examples=60, deadline=None)
@given(world=worlds, place=st.integers(0, 99))
def test_what_came_of_a_batch_is_that_of_the_fractions(world: Told, place: int) -> None:
    lots = [lot for lot in world.lots if not lot.gone]
    root = lots[place % len(lots)]
    found = impact(world, root.id)
    assert found.reached[0].id == root.id
    for item in found.reached:
        for number, share in item.share.items():
            exact = world.downstream(root, number)[item.id]
            lot = world.lots[item.id - 1]
            assert not lot.gone
            assert close(share, exact)
            assert abs(item.substances_mg[number] - exact * lot.substances.get(number, 0)) <= 1
    for slug, masses in found.holdings.items():
        held = [item for item in found.reached if item.custodian == slug and item.mass_mg]
        for number, mass in masses.items():
            assert mass == sum(item.substances_mg.get(number, 0) for item in held)
    assert (found.beyond == ()) or any(lot.taken_back for lot in world.lots)


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_a_reversed_batch_is_told_as_just_before(world: Told) -> None:
    for lot in world.lots:
        if lot.gone:
            found = trace(world, lot.id)
            assert found.state is BatchState.REVERSED
            exact = total(lot.made_mix, lot.added_mix)
            assert found.footprint.total_mg == sum(exact.values())
            for number, parts in found.traced.items():
                assert parts.traced.units <= SHARE_UNITS
                rows = [row for row in found.origins if row.substance == number]
                assert {origin_of(row) for row in rows} == set(lot.mixes[number])
