"""What is submitted again happens once, whatever of its calls follows from how things stand."""

from __future__ import annotations

from tests.cases.world import AT, PAPER, Operation, Trade, lot, made, received, run, shipped, state

YEAR: list[Operation] = [
    lot("A"),
    lot("B"),
    lot("C", mass="1 t", cobalt="10 kg", material="cart"),
    {"op": "reverse", "as": "quarry", "of": {"mint": "B"}, "reason": "incorrect_data", "at": AT},
    {"op": "split", "as": "quarry", "batch": "A", "into": {"A1": "2 t", "A2": "2 t", "A3": "2 t"}, "at": AT},
    {"op": "hold", "as": "quarry", "batch": "A3", "reason": "assay pending", "at": AT},
    {"op": "release", "as": "quarry", "batch": "A3", "at": AT},
    {"op": "hold", "as": "quarry", "batch": "A3", "reason": "assay pending", "at": AT},
    {"op": "release", "as": "quarry", "batch": "A3", "at": AT},
    {"op": "reverse", "as": "quarry", "of": {"split": "A3"}, "reason": "incorrect_data", "at": AT},
    shipped("S1", ["A1", "A2", "L1"]),
    received("S1", lots={"quarry/A1": {"mass": "1.9 t", "difference": "loss"}, "quarry/A2": "refused"}),
    received("S1"),
    {"op": "reverse", "as": "works", "of": {"receive": "quarry/S1", "lots": ["quarry/A1"]}, "at": AT}
    | {"reason": "incorrect_data"},
    received("S1", arrived={"quarry/A1": "1.95 t"}),
    run("R1", ["quarry/A1"], [made("X1", "3 t", "0.6 t")], emissions={"scope1": "900 t"}),
    {"op": "reverse", "as": "works", "of": {"transformation": "R1"}, "reason": "incorrect_data", "at": AT},
    run("R2", ["quarry/A1"], [made("X2", "3 t", "0.6 t")], emissions={"scope1": "90 t"}),
    {"op": "add_emissions", "as": "works", "batch": "X2", "record": "STORE", "reason": "storage", "at": AT}
    | {"emissions": {"scope2": "1 t"}},
    {"op": "restate_emissions", "as": "works", "of": {"record": "STORE"}, "reason": "audit", "at": AT}
    | {"emissions": {"scope2": "2 t"}},
    {"op": "restate_emissions", "as": "works", "of": {"transformation": "R2"}, "reason": "audit", "at": AT}
    | {"emissions": {"scope1": "80 t"}, "evidence": PAPER},
    {"op": "confirm_restatement", "as": "watch", "of": {"transformation": "works/R2"}, "at": AT},
    {"op": "restate_emissions", "as": "quarry", "of": {"shipment": "S1"}, "reason": "audit", "at": AT}
    | {"emissions": {"scope3": "2 t"}},
    {"op": "retire", "as": "quarry", "batch": "C", "how": "delivered", "at": AT},
    {"op": "approve_origin", "facility": "renew/yard", "material": "cart", "capacity_per_year": "9 t"},
    {"op": "take_back", "as": "renew", "batch": "quarry/C", "facility": "yard", "evidence": PAPER, "at": AT},
    {"op": "reverse", "as": "renew", "of": {"take_back": "quarry/C"}, "reason": "incorrect_data", "at": AT},
    {"op": "declare_error", "as": "watch", "batch": "quarry/L1", "reason": "incorrect_data", "at": AT},
    {"op": "ship", "as": "works", "shipment": "BACK", "batches": ["quarry/L1"], "to": "quarry", "at": AT},
    {"op": "receive", "as": "quarry", "shipment": "works/BACK", "at": AT},
    {"op": "reverse", "as": "watch", "of": {"declare_error": "quarry/L1"}, "at": AT}
    | {"reason": "incorrect_data"},
    {"op": "retire", "as": "quarry", "batch": "L1", "how": "disposed", "at": AT},
    {"op": "reverse", "as": "quarry", "of": {"retire": "L1"}, "reason": "did_not_occur", "at": AT},
]
"""What can happen in a year, each line after those that it follows from."""


def test_a_file_of_all_that_follows_from_the_state_runs_at_once_and_once(trade: Trade) -> None:
    first = trade.submit(*YEAR)
    assert (first.sent, first.skipped) == (len(YEAR), 0)
    states = {name: state(trade.batch(name)) for name in ("quarry/B", "quarry/L1", "works/X1", "quarry/C")}
    assert states == {
        "quarry/B": "reversed",
        "quarry/L1": "active",
        "works/X1": "reversed",
        "quarry/C": "delivered",
    }
    again = trade.submit(*YEAR)
    assert (again.sent, again.skipped) == (0, len(YEAR))


def test_a_file_goes_on_where_it_stopped(trade: Trade) -> None:
    for stop in range(5, len(YEAR), 9):
        trade.submit(*YEAR[:stop])
    last = trade.submit(*YEAR)
    assert last.sent + last.skipped == len(YEAR)
    assert trade.submit(*YEAR).sent == 0


def test_what_is_asked_for_twice_by_itself_happens_twice(trade: Trade) -> None:
    held = {"act_as": "quarry", "reason": "assay pending", "at": AT}
    for _ in range(2):
        trade.client.hold("L1", **held)
        trade.client.release("L1", act_as="quarry", at=AT)
    words = [recorded.event.word for recorded in trade.history("quarry/L1")]
    assert words.count("hold") == 2


def test_what_is_left_open_is_said(trade: Trade) -> None:
    trade.submit(
        {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t"}, "at": AT},
        shipped("S1", ["L1", "A"]),
        {"op": "declare_error", "as": "watch", "batch": "quarry/A", "reason": "incorrect_data", "at": AT},
    )
    done = trade.client.receive("quarry/S1", act_as="works", at=AT)
    assert done.names == {"shipment": "quarry/S1", "still_open": ["quarry/A"]}
