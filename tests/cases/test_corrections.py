"""What was recorded wrongly, or is known better: cases 02, 03, 04, 22, 28, 38, 41, 44, 47, 48, 51, 53."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from tests.cases.world import AT, CO, NI, PAPER, WASTE, T, Trade, lot, made, received, run, shipped, state
from traceledger.cli import main
from traceledger.errors import ExitCode
from traceledger.events import BatchRetired, RetirementReversed
from traceledger.provenance import Trace, impact
from traceledger.provenance.recall import recall

EXACT = {"op": "define_material", "material": "exact", "name": "E", "substances": ["Co", "Ni"]} | {
    "tolerance": {"mass": "0.5 %", "substances": "1 %"}
}


def exact(trade: Trade) -> None:
    """A lot like the first one, of a material with tolerances, that the works received."""
    approved = {"facility": "quarry/face", "material": "exact", "capacity_per_year": "900 t"}
    trade.submit(
        EXACT,
        {"op": "approve_origin", **approved},
        lot("E1", material="exact"),
        shipped("S9", ["E1"]),
        received("S9"),
    )


def booked(trace: Trace) -> dict[int, int]:
    """By substance what was booked, mg, where that is anything."""
    return {number: mg for number, mg in trace.booked_mg.items() if mg}


def reverse(who: str, reason: str = "incorrect_data", **of: str) -> dict[str, object]:
    return {"op": "reverse", "as": who, "of": of, "reason": reason, "at": AT}


def test_02_a_mint_that_was_wrong_gives_its_capacity_back(trade: Trade) -> None:
    tight = {"facility": "quarry/face", "material": "hydroxide", "capacity_per_year": "50 t", "at": AT}
    trade.submit({"op": "approve_origin", **tight})
    later = lot("L2", at="2026-03-17T06:00:00Z")
    assert "capacity" in trade.refused(lot("L1b", mass="24.02 t"), later)
    trade.submit(reverse("quarry", mint="L1"), later)
    assert state(trade.batch("quarry/L1")) == "reversed"
    assert trade.batch("quarry/L1b").mass_mg + trade.batch("quarry/L2").mass_mg == 48_020_000_000


def test_02_a_reversal_and_what_needs_it_are_one_file(trade: Trade) -> None:
    tight = {"facility": "quarry/face", "material": "hydroxide", "capacity_per_year": "50 t", "at": AT}
    trade.submit(
        {"op": "approve_origin", **tight},
        lot("X"),
        reverse("quarry", mint="X"),
        lot("L1b", mass="24.02 t"),
    )
    assert [state(trade.batch(f"quarry/{name}")) for name in ("X", "L1b")] == ["reversed", "active"]


def test_03_an_assay_above_the_provisional_one_is_booked(trade: Trade) -> None:
    trade.submit(shipped(), received())
    said = trade.refused(run("LAB", ["quarry/L1"], [made("F", "24 t", "8.47 t", "hydroxide")], losses={}))
    assert "remeasure" in said
    exact(trade)
    measured = {"as": "works", "batch": "quarry/E1", "mass": "24 t", "reason": "umpire_assay", "at": AT}
    trade.submit({"op": "remeasure", **measured, "substances": {"Co": "8.47 t"}})
    found = trade.batch("quarry/E1")
    assert found.substances_mg[CO] == 8_470_000_000
    trace = trade.trace("quarry/E1")
    assert (booked(trace), trace.booked_mass_mg) == ({CO: 70_000_000}, 0)
    (origin,) = trace.origins
    assert (origin.batch, float(origin.share)) == ("quarry/E1", 1.0)
    split = {"as": "works", "batch": "quarry/E1", "into": {"E2": "12 t"}, "at": AT}
    trade.submit({"op": "split", **split})
    assert trade.batch("works/E2").tolerance_used == found.tolerance_used
    again = {**measured, "batch": "E2", "mass": "12 t", "substances": {"Co": "4.3 t"}}
    assert "tolerance" in trade.refused({"op": "remeasure", **again})


def test_04_what_is_analysed_later_is_raised_by_an_auditor(trade: Trade) -> None:
    measured = {"batch": "quarry/L1", "mass": "24 t", "substances": {"Co": "8.4 t", "Ni": "0.3 t"}}
    when = {"reason": "analysis", "at": AT}
    assert "auditor" in trade.refused({"op": "remeasure", "as": "quarry", **measured, **when})
    trade.submit({"op": "remeasure", "as": "watch", **measured, **when})
    assert trade.batch("quarry/L1").substances_mg[NI] == 300_000_000
    trace = trade.trace("quarry/L1")
    kinds = {(origin.substance, origin.origin.slug) for origin in trace.origins}
    assert kinds == {(CO, "mined"), (NI, "untraced")}
    assert booked(trace) == {NI: 300_000_000}


@pytest.mark.parametrize("mass", ["23.9 t", "24.1 t"])
def test_22_and_51_stock_taking_of_either_sign_is_booked(trade: Trade, mass: str) -> None:
    exact(trade)
    before = trade.batch("quarry/E1")
    stock = {"as": "works", "batch": "quarry/E1", "mass": mass, "reason": "stock_taking", "at": AT}
    trade.submit({"op": "remeasure", **stock})
    found = trade.batch("quarry/E1")
    assert found.mass_mg == int(float(mass.removesuffix(" t")) * T)
    assert (found.own_mg, found.substances_mg) == (before.own_mg, before.substances_mg)
    trace = trade.trace("quarry/E1")
    assert (trace.booked_mass_mg, booked(trace)) == (found.mass_mg - before.mass_mg, {})


def restated(scope1: str, primary: str = "37 t", **more: object) -> dict[str, object]:
    """The mint's emissions as they are known better; no more of them primary than was recorded."""
    emissions = {"scope1": scope1, "primary": primary}
    return {"op": "restate_emissions", "as": "quarry", "of": {"mint": "L1"}, "emissions": emissions} | {
        "reason": "annual audit",
        "at": "2026-12-01T00:00:00Z",
        "evidence": PAPER,
        **more,
    }


CONFIRMED: dict[str, object] = {"op": "confirm_restatement", "as": "watch", "of": {"mint": "quarry/L1"}} | {
    "at": AT
}


def totals(trade: Trade, name: str) -> tuple[int, int | None]:
    """The CO2e of a batch, mg: as it was recorded, and with what is known better, if anything is."""
    footprint = trade.trace(name).footprint
    return footprint.total_mg, None if footprint.restated is None else footprint.restated.total_mg


def test_28_emissions_are_restated_after_the_lot_was_shipped(trade: Trade) -> None:
    trade.submit(shipped(), received())
    added = {"as": "quarry", "batch": "L1", "emissions": {"scope1": "3 t"}, "reason": "audit", "at": AT}
    assert "restate_emissions" in trade.refused({"op": "add_emissions", **added})
    trade.submit(restated("43 t"))
    assert totals(trade, "quarry/L1") == (40 * T, 43 * T)
    found = trade.trace("quarry/L1").footprint.restated
    assert found is not None
    assert (found.by_facility, found.by_scope["scope1"]) == ({"quarry/face": 43 * T}, 43 * T)
    assert (found.records, found.confirmed, found.primary_mg) == (1, False, 37 * T)
    assert found.primary_share == pytest.approx(37 / 43, abs=1e-15)
    assert "nothing waits" in trade.refused(CONFIRMED)  # more of it counts at once, by who recorded it


def test_28b_a_decrease_counts_once_an_auditor_confirms_it(trade: Trade) -> None:
    less = {"as": "quarry", "batch": "L1", "emissions": {"scope1": "-3 t"}, "reason": "audit", "at": AT}
    assert "restate_emissions" in trade.refused({"op": "add_emissions", **less})
    trade.refused(restated("37 t") | {"evidence": []})
    trade.submit(restated("37 t"))
    assert totals(trade, "quarry/L1") == (40 * T, None)
    trade.submit(CONFIRMED)
    assert totals(trade, "quarry/L1") == (40 * T, 37 * T)
    words = [recorded.event.word for recorded in trade.history("quarry/L1")]
    assert words == ["mint", "restatement", "confirmation of a restatement"]


def test_28c_emissions_of_what_was_used_up_are_restated(trade: Trade) -> None:
    dried = run(
        "T", ["L1"], [made("D", "20 t", "8.4 t", "hydroxide")], **{"as": "quarry", "facility": "face"}
    )
    trade.submit(dried)
    trade.submit(restated("43 t"))
    assert trade.batch("quarry/D").inherited_mg == 40 * T
    assert totals(trade, "quarry/D") == (40 * T, 43 * T)


def test_28d_what_was_split_off_bears_its_share_of_what_is_restated(trade: Trade) -> None:
    trade.submit({"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "23 t"}, "at": AT})
    trade.submit(restated("64 t"))
    recorded = 40 * T * 23 // 24
    assert trade.batch("quarry/A").own_mg == recorded
    # Of the further 24 t, the 23/24 that A was of the lot.
    total, known_better = totals(trade, "quarry/A")
    assert total == recorded
    assert known_better is not None
    assert abs(known_better - Fraction(64 * T * 23, 24)) <= 1
    assert totals(trade, "quarry/L1") == (40 * T, 64 * T)


def test_28_what_is_known_better_follows_the_shares_downstream(trade: Trade) -> None:
    trade.submit(
        {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "18 t"}, "at": AT},
        shipped("S1", ["A"]),
        received(),
        run("R", ["quarry/A"], [made("X", "30 t", "4 t"), made("Y", "10 t", "1 t")]),
        restated("64 t"),
    )
    assert totals(trade, "quarry/A") == (30 * T, 48 * T)
    assert totals(trade, "works/X") == (22_500_000_000, 36 * T)
    assert totals(trade, "works/Y") == (7_500_000_000, 12 * T)
    assert trade.batch("works/X").inherited_mg == 22_500_000_000


def test_38_a_lot_that_was_retired_comes_back(trade: Trade) -> None:
    trade.submit({"op": "retire", "as": "quarry", "batch": "L1", "reason": "sold off the network", "at": AT})
    said = trade.refused(shipped())
    assert "reverse" in said
    trade.submit(reverse("quarry", retire="L1"), shipped())
    assert state(trade.batch("quarry/L1")) == "in_transit"


def test_38_a_delivered_product_is_taken_back_or_reversed_by_an_auditor(trade: Trade) -> None:
    trade.submit(
        lot("C1", mass="1 t", cobalt="10 kg", material="cart"),
        {"op": "retire", "as": "quarry", "batch": "C1", "how": "delivered", "at": AT},
    )
    assert "auditor" in trade.refused(reverse("quarry", retire="C1"))
    trade.submit(reverse("watch", retire="quarry/C1"))
    assert state(trade.batch("quarry/C1")) == "active"


def test_41_a_run_that_was_typed_wrongly_leaves_no_trace_in_any_pool(trade: Trade) -> None:
    at_face = {"as": "quarry", "facility": "face"}
    before = trade.batch("quarry/L1")
    taken = {"batch": "L1", "mass": "500 kg"}
    trade.submit(run("R1", [taken], [made("O1", "452 kg", "150 kg", "hydroxide")], **at_face))
    trade.submit(reverse("quarry", transformation="R1"))
    found = trade.batch("quarry/L1")
    assert (found.mass_mg, found.own_mg, found.substances_mg) == (
        before.mass_mg,
        before.own_mg,
        before.substances_mg,
    )
    assert state(trade.batch("quarry/O1")) == "reversed"
    trade.submit(run("R2", [taken], [made("O2", "500 kg", "175 kg", "hydroxide")], **at_face))
    assert trade.batch("quarry/O2").substances_mg[CO] == 175_000_000


def test_44_a_run_that_lost_everything_leaves_its_slag(trade: Trade) -> None:
    at_face = {"as": "quarry", "facility": "face", "emissions": {"scope1": "9 t"}}
    assert "slag" in trade.refused(run("MELT", ["L1"], [], **at_face))
    trade.submit(
        WASTE | {"material": "slag"}, run("MELT", ["L1"], [made("SLAG", "20 t", material="slag")], **at_face)
    )
    slag = trade.batch("quarry/SLAG")
    assert (slag.waste, slag.own_mg + slag.inherited_mg, slag.substances_mg.get(CO, 0)) == (True, 49 * T, 0)
    trade.submit(lot("L2"), run("NEXT", ["L2", "SLAG"], [made("N", "20 t", "8 t", "hydroxide")], **at_face))
    found = trade.batch("quarry/N")
    assert (found.inherited_mg, found.own_mg) == (89 * T, 9 * T)
    assert trade.trace("quarry/N").footprint.by_facility == {"quarry/face": 98 * T}


def test_44_slag_hands_on_all_of_a_lost_run_where_it_arose(trade: Trade) -> None:
    """What the next run makes of the slag alone bears all 49 t."""
    at_face = {"as": "quarry", "facility": "face"}
    trade.submit(
        WASTE | {"material": "slag"},
        run("MELT", ["L1"], [made("SLAG", "20 t", material="slag")], emissions={"scope1": "9 t"}, **at_face),
        run("AGAIN", ["SLAG"], [made("N", "19 t", material="hydroxide")], **at_face),
    )
    found = trade.batch("quarry/N")
    assert (found.inherited_mg, found.own_mg) == (49 * T, 0)


def test_47_a_run_with_ten_times_its_emissions_is_reversed_and_recorded_anew(trade: Trade) -> None:
    wrong = run("R1", ["quarry/L1"], [made("S1", "40 t", "8.2 t")], emissions={"scope1": "900 t"})
    right = run("R1c", ["quarry/L1"], [made("S1c", "40 t", "8.2 t")], emissions={"scope1": "90 t"})
    trade.submit(shipped(), received(), wrong)
    trade.submit(reverse("works", transformation="R1"), right)
    found = trade.batch("works/S1c")
    assert (found.own_mg, found.inherited_mg) == (90 * T, 40 * T)
    footprint = trade.trace("works/S1c").footprint
    assert footprint.by_scope["scope1"] == 130 * T
    assert footprint.by_facility == {"quarry/face": 40 * T, "works/hall": 90 * T}
    assert state(trade.batch("works/S1")) == "reversed"


def test_48_a_retirement_by_mistake_is_reversed(trade: Trade) -> None:
    before = trade.batch("quarry/L1")
    trade.submit({"op": "retire", "as": "quarry", "batch": "L1", "reason": "typo", "at": AT})
    trade.submit(reverse("quarry", retire="L1", reason="did_not_occur"))
    found = trade.batch("quarry/L1")
    assert (state(found), found.mass_mg, found.own_mg) == ("active", before.mass_mg, before.own_mg)
    kinds = [type(recorded.event) for recorded in trade.history("quarry/L1")]
    assert kinds[-2:] == [BatchRetired, RetirementReversed]


def test_53_a_hold_stops_one_lot_and_a_recall_stops_none(trade: Trade) -> None:
    trade.submit({"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t"}, "at": AT})
    trade.submit({"op": "hold", "as": "watch", "batch": "quarry/A", "reason": "contaminated", "at": AT})
    assert "hold" in trade.refused(shipped("S1", ["A"]))
    trade.submit(shipped("S2", ["L1"]), received("S2"))
    trade.submit({"op": "hold", "as": "quarry", "batch": "L1", "reason": "contaminated", "at": AT})
    found = trade.batch("quarry/L1")
    assert (found.recalled, found.held) == (True, False)
    trade.submit(run("R", ["quarry/L1"], [made("S", "20 t", "5 t")]))
    trade.submit({"op": "release", "as": "watch", "batch": "quarry/A", "at": AT})
    trade.submit(shipped("S1", ["A"]))


def test_53_a_finding_about_a_lot_is_said_of_it_and_blocks_nobody(trade: Trade) -> None:
    finding = {"op": "raise_finding", "as": "watch", "finding": "NC-1", "severity": "critical", "at": AT} | {
        "due": "2026-12-31T00:00:00Z",
        "description": "contaminated lot",
    }
    trade.submit(
        {"op": "split", "as": "quarry", "batch": "L1", "into": {"A": "8 t"}, "at": AT},
        finding | {"category": "quality", "batch": "quarry/A"},
        {"op": "hold", "as": "watch", "batch": "quarry/A", "reason": "contaminated", "at": AT},
    )
    trade.client.sync()
    (found,) = trade.client.index.findings()
    lot_a = trade.batch("quarry/A")
    assert (found.participant, found.batch, found.category) == (lot_a.creator, lot_a.id, "quality")
    assert "hold" in trade.refused(shipped("S1", ["A"]))
    assert "finding" in trade.refused(reverse("quarry", split="A"))
    trade.submit(shipped("S2", ["L1"]), received("S2"), lot("L2"))
    made_of_it = recall(trade.client.index, found)
    assert (made_of_it.made, [row.batch for row in made_of_it.reached]) == (("quarry/A",), ["quarry/A"])


def test_53_what_was_made_of_a_recalled_lot_is_listed_with_who_holds_it(trade: Trade) -> None:
    trade.submit(shipped(), received(), run("R", ["quarry/L1"], [made("S", "20 t", "5 t")]))
    trade.submit({"op": "hold", "as": "quarry", "batch": "L1", "reason": "contaminated", "at": AT})
    assert trade.trace("works/S").recalled is False
    found = impact(trade.client.index, trade.batch("quarry/L1").id)
    assert [row.batch for row in found.reached] == ["quarry/L1", "works/S"]
    assert found.custodians == ("works",)


def test_28e_what_waits_for_an_auditor_is_shown_beside_and_not_used(
    trade: Trade, capsys: pytest.CaptureFixture[str]
) -> None:
    before = trade.trace("quarry/L1").footprint
    trade.submit(restated("43 t"))
    trade.submit(restated("30 t", primary="20 t"))
    found = trade.trace("quarry/L1").footprint
    assert found.restated is None or found.restated.total_mg > before.total_mg
    waits = found.unconfirmed
    assert waits is not None
    (record,) = waits.records
    assert (record.record, record.by) == ("mint quarry/L1", "quarry")
    assert record.new_total_mg < record.total_mg
    used = found.restated.total_mg if found.restated else found.total_mg
    assert waits.total_mg == used - record.total_mg + record.new_total_mg
    assert waits.primary_mg == 20 * T
    config = str(trade.client.network.source)
    for command in (["trace", "quarry/L1"], ["declaration", "show", "quarry/L1"]):
        assert main(["--config", config, *command]) == ExitCode.OK
        said = " ".join(capsys.readouterr().out.split())
        assert "estated by quarry: mint quarry/L1, from 43 t to 30 t CO2e" in said
        assert "no auditor has confirmed it, and it is not used yet" in said
        assert main(["--config", config, *command, "--json"]) == ExitCode.OK
        told = json.loads(capsys.readouterr().out)["co2e"]["unconfirmed"]
        assert told["records"][0]["by"] == "quarry"
        assert told["total_mg"] == str(waits.total_mg)
    trade.submit(CONFIRMED)
    after = trade.trace("quarry/L1").footprint
    assert after.unconfirmed is None
    assert after.restated is not None
    assert (after.restated.total_mg, after.restated.primary_mg) == (waits.total_mg, waits.primary_mg)


def test_28f_a_part_is_told_what_waits_by_its_share_and_a_later_word_ends_it(trade: Trade) -> None:
    part = [{"batch": "P", "mass": "6 t"}]
    trade.submit({"op": "split", "as": "quarry", "batch": "L1", "into": part, "at": AT})
    trade.submit(restated("20 t", primary="10 t"))
    whole, part_of = (trade.trace(name).footprint for name in ("quarry/L1", "quarry/P"))
    assert whole.unconfirmed is not None
    assert part_of.unconfirmed is not None
    assert part_of.unconfirmed.records == whole.unconfirmed.records
    assert part_of.unconfirmed.total_mg < whole.unconfirmed.total_mg
    trade.submit(restated("43 t"))
    assert trade.trace("quarry/P").footprint.unconfirmed is None
