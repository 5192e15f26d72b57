"""What arrives is not always what was sent, nor all of it: cases 01, 05, 24, 41c, 42, 45, 57."""

from __future__ import annotations

from tests.cases.world import AT, CO, T, Trade, made, received, run, shipped, state


def test_01_the_scale_shows_more_than_was_sent(trade: Trade) -> None:
    said = trade.refused(shipped(), received(arrived={"quarry/L1": "24.02 t"}))
    assert "measurement" in said
    said = trade.refused(received(lots={"quarry/L1": {"mass": "24.02 t", "difference": "measurement"}}))
    assert "tolerance" in said
    assert "auditor" in said
    assert state(trade.batch("quarry/L1")) == "in_transit"


def test_01_within_the_tolerance_of_its_material_it_is_booked(trade: Trade) -> None:
    trade.submit(
        {"op": "define_material", "material": "exact", "name": "E", "substances": ["Co"]}
        | {"tolerance": {"mass": "0.5 %", "substances": "1 %"}},
        {"op": "approve_origin", "facility": "quarry/face", "material": "exact", "capacity_per_year": "90 t"},
        {"op": "mint", "as": "quarry", "batch": "E1", "material": "exact", "facility": "face", "mass": "24 t"}
        | {"substances": {"Co": "8.4 t"}, "origin": "mined", "at": "2026-01-17T06:00:00Z"},
        shipped("S9", ["E1"]),
        received("S9", lots={"quarry/E1": {"mass": "24.02 t", "difference": "measurement"}}),
    )
    found = trade.batch("quarry/E1")
    assert (found.mass_mg, dict(found.substances_mg)) == (24_020_000_000, {CO: 8_400_000_000})
    assert found.tolerance_used[0] > 0
    trace = trade.trace("quarry/E1")
    assert (trace.booked_mass_mg, set(trace.booked_mg.values())) == (20_000_000, {0})


def test_05_water_dries_off_and_the_metal_stays(trade: Trade) -> None:
    trade.submit(shipped(), received(lots={"quarry/L1": {"mass": "23.5 t", "difference": "moisture"}}))
    found = trade.batch("quarry/L1")
    assert (found.mass_mg, found.substances_mg[CO]) == (23_500_000_000, 8_400_000_000)
    trade.submit(run("R", ["quarry/L1"], [made("SUL", "40 t", "8.38 t")]))
    assert trade.batch("works/SUL").substances_mg[CO] == 8_380_000_000


def test_24_what_did_not_arrive_holds_up_nothing_else(trade: Trade) -> None:
    split = {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t", "B": "8 t"}, "at": AT}
    said = trade.refused(split, shipped("S1", ["L1", "A", "B"]), received(arrived={"quarry/B": "0 t"}))
    assert "lots" in said or "refused" in said
    trade.submit(received(lots={"quarry/L1": "received", "quarry/A": "received"}))
    assert [state(trade.batch(f"quarry/{name}")) for name in ("L1", "A", "B")] == ["active"] * 2 + [
        "in_transit"
    ]
    trade.submit(received(lots={"quarry/B": "refused"}, reason="never came"))
    found = trade.batch("quarry/B")
    assert (state(found), found.custodian) == ("active", trade.batch("quarry/B").creator)


def test_24b_a_milligram_bears_all_the_emissions_and_refusing_it_bears_none(trade: Trade) -> None:
    """Said to have arrived, a lot bears its burden whatever is left of it; what never came is refused."""
    split = {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t", "B": "8 t"}, "at": AT}
    trade.submit(split, shipped("S1", ["L1", "A", "B"]), received(arrived={"quarry/B": "1 mg"}))
    found = trade.batch("quarry/B")
    assert (found.mass_mg, found.own_mg) == (1, trade.batch("quarry/A").own_mg)
    trade.submit(
        {"op": "reverse", "as": "works", "of": {"receive": "quarry/S1", "lots": ["quarry/B"]}, "at": AT}
        | {"reason": "incorrect_data"},
        received(lots={"quarry/B": "refused"}, reason="never came"),
    )
    found = trade.batch("quarry/B")
    assert (found.mass_mg, found.custodian, state(found)) == (8 * T, found.creator, "active")
    assert [state(trade.batch(f"quarry/{name}")) for name in ("L1", "A")] == ["active"] * 2


def test_41c_a_receipt_that_was_typed_wrongly_is_reversed(trade: Trade) -> None:
    trade.submit(shipped(), received(arrived={"quarry/L1": "2.4 t"}))
    assert trade.batch("quarry/L1").mass_mg == 2_400_000_000
    trade.submit(
        {"op": "reverse", "as": "works", "of": {"receive": "quarry/S1"}, "reason": "incorrect_data", "at": AT}
    )
    found = trade.batch("quarry/L1")
    assert (state(found), found.mass_mg, found.substances_mg[CO]) == ("in_transit", 24 * T, 8_400_000_000)
    trade.submit(received(at="2026-02-21T00:00:00Z"))
    found = trade.batch("quarry/L1")
    assert (state(found), found.mass_mg, found.substances_mg[CO]) == ("active", 24 * T, 8_400_000_000)
    assert trade.trace("quarry/L1").custodian == "works"
    assert found.own_mg == 40 * T


def test_42_a_split_of_the_wrong_size_is_refused_reversed_and_split_anew(trade: Trade) -> None:
    split = {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "10 t"}, "at": AT}
    trade.refused(split, shipped("S1", ["A"]), received(arrived={"quarry/A": "10.02 t"}))
    trade.submit(
        {"op": "reject", "as": "works", "shipment": "quarry/S1", "reason": "weighs 10.02 t", "at": AT},
        {"op": "reverse", "as": "quarry", "of": {"split": "A"}, "reason": "incorrect_data", "at": AT},
        split | {"into": {"A2": "10.02 t"}},
        shipped("S2", ["A2"]),
        received("S2"),
    )
    assert state(trade.batch("quarry/A")) == "reversed"
    assert trade.batch("quarry/A2").mass_mg == 10_020_000_000
    assert trade.batch("quarry/L1").mass_mg == 13_980_000_000


def test_45_a_lot_that_is_declared_wrong_on_the_way_holds_up_nobody_elses(trade: Trade) -> None:
    trade.submit(
        {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t", "B": "8 t"}, "at": AT},
        shipped("S1", ["L1", "A", "B"]),
        {"op": "declare_error", "as": "quarry", "batch": "B", "reason": "incorrect_data", "at": AT}
        | {"corrective": ["B2"]},
        received(),
    )
    assert [state(trade.batch(f"quarry/{name}")) for name in ("L1", "A", "B")] == ["active"] * 2 + [
        "in_transit"
    ]
    assert trade.batch("quarry/B").frozen
    trade.submit(received(lots={"quarry/B": "refused"}))
    assert state(trade.batch("quarry/B")) == "active"


def test_57_a_makers_word_freezes_no_customers_stock(trade: Trade) -> None:
    trade.submit(
        shipped(),
        received(),
        {"op": "declare_error", "as": "quarry", "batch": "L1", "reason": "incorrect_data", "at": AT},
    )
    found = trade.batch("quarry/L1")
    assert (found.disputed, found.frozen) == (True, False)
    trade.submit(run("R", ["quarry/L1"], [made("SUL", "40 t", "8.38 t")]))
    assert trade.trace("works/SUL").tainted


def frozen_at_the_works(trade: Trade) -> None:
    trade.submit(
        shipped(),
        received(),
        {"op": "declare_error", "as": "watch", "batch": "quarry/L1", "reason": "incorrect_data", "at": AT},
    )
    assert trade.batch("quarry/L1").frozen


def test_57a_what_an_auditor_freezes_goes_back_to_where_it_came_from(trade: Trade) -> None:
    frozen_at_the_works(trade)
    back = {"op": "ship", "as": "works", "shipment": "BACK", "batches": ["quarry/L1"], "at": AT}
    trade.refused(back | {"to": "renew"})
    trade.submit(
        back | {"to": "quarry"}, {"op": "receive", "as": "quarry", "shipment": "works/BACK", "at": AT}
    )
    found = trade.batch("quarry/L1")
    assert (state(found), found.frozen, found.custodian == found.creator) == ("active", True, True)


def test_57b_what_an_auditor_freezes_is_disposed_of(trade: Trade) -> None:
    frozen_at_the_works(trade)
    retired = {"op": "retire", "as": "works", "batch": "quarry/L1", "reason": "scrapped", "at": AT}
    assert "disposed" in trade.refused(retired)
    trade.submit(retired | {"how": "disposed"})
    assert state(trade.batch("quarry/L1")) == "retired"
