"""What is made of products that came back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cases.world import AT, PAPER, Operation, T, Trade, lot, made, run
from tests.proofs.support import about
from traceledger.cli import main
from traceledger.documents import traces
from traceledger.errors import ExitCode


def split(parent: str, child: str, mass: str) -> Operation:
    return {"op": "split", "as": "quarry", "batch": parent, "into": {child: mass}, "at": AT}


def test_what_is_recycled_from_a_product_that_was_split_off_is_proved(trade: Trade, tmp_path: Path) -> None:
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    taken_back = {"op": "take_back", "as": "renew", "facility": "yard", "at": AT, "evidence": PAPER}
    recycling = {"as": "renew", "facility": "yard", "process": "recycling", "recycling": True}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "9 t", **approved},
        lot("E0", mass="8 t", cobalt="80 kg", material="cart"),
        split("E0", "E1", "7 t"),
        split("E1", "C", "3 t"),
        {"op": "retire", "as": "quarry", "batch": "C", "how": "delivered", "at": AT},
        {**taken_back, "batch": "quarry/C"},
        run("RC", ["quarry/C"], [made("P", "1 t", "9 kg", "powder")], **recycling),
    )
    trade.client.export_proof("renew/P", tmp_path / "proof")
    proved = about(tmp_path / "proof", trade.client.trust_root())
    found = trade.client.trace("renew/P", as_of=proved.preamble.block)
    assert traces.trace(proved.trace) == traces.trace(found)
    assert [origin.origin.slug for origin in found.origins] == ["post_consumer"]
    (life,) = found.earlier_lives
    assert (life.batch, life.material, life.mass_mg) == ("quarry/C", "cart", 3 * T)
    assert (life.taken_back_by, life.taken_back_at) == ("renew", "renew/yard")
    assert [event.word for event in life.events] == ["split", "retirement", "take-back"]
    assert life.total_mg == trade.trace("quarry/C").footprint.total_mg > 0
    assert trade.trace("quarry/C").earlier_lives == ()


def second_life(trade: Trade) -> None:
    """A cart that was made of ore is sold, taken back and recycled."""
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    back = {"op": "take_back", "as": "renew", "facility": "yard", "at": AT, "evidence": PAPER}
    recycling = {"as": "renew", "facility": "yard", "process": "recycling", "recycling": True}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "90 t", **approved},
        run("CARTS", ["L1"], [made("C", "3 t", "9 kg", "cart")], **{"as": "quarry", "facility": "face"}),
        {"op": "retire", "as": "quarry", "batch": "C", "how": "delivered", "at": AT},
        {**back, "batch": "quarry/C"},
        run("RC", ["quarry/C"], [made("P", "1 t", "9 kg", "powder")], **recycling),
    )


def declared(batch: str) -> Operation:
    return {"op": "declare_error", "as": "quarry", "batch": batch, "reason": "incorrect_data", "at": AT}


def test_an_error_taints_the_second_life_if_it_is_in_the_product_itself(
    trade: Trade, capsys: pytest.CaptureFixture[str]
) -> None:
    second_life(trade)
    trade.submit(declared("L1"))
    found = trade.trace("renew/P")
    assert (found.tainted, found.batches, found.earlier_lives[0].in_error) == (False, 2, False)
    trade.submit(declared("C"))
    found = trade.trace("renew/P")
    assert (found.tainted, found.in_error, found.earlier_lives[0].in_error) == (True, ("quarry/C",), True)
    config = str(trade.client.network.source)
    for command in (["trace", "renew/P"], ["declaration", "show", "renew/P"]):
        assert main(["--config", config, *command]) == ExitCode.OK
        said = " ".join(capsys.readouterr().out.split())
        assert "quarry/C (cart) was taken back by renew at renew/yard" in said
        assert "an error was declared in it" in said
        assert main(["--config", config, *command, "--json"]) == ExitCode.OK
        (life,) = json.loads(capsys.readouterr().out)["earlier_life"]
        assert (life["batch"], life["in_error"]) == ("quarry/C", True)
        assert [each["event"] for each in life["events"]] == ["transformation", "retirement", "take-back"]


def test_what_was_taken_before_the_product_came_back_has_no_earlier_life_beside_it(trade: Trade) -> None:
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "90 t", **approved},
        lot("E0", mass="8 t", cobalt="80 kg", material="cart"),
        split("E0", "E1", "7 t"),
        {"op": "retire", "as": "quarry", "batch": "E0", "how": "delivered", "at": AT},
        {"op": "take_back", "as": "renew", "facility": "yard", "batch": "quarry/E0", "at": AT}
        | {"evidence": PAPER},
    )
    assert trade.trace("quarry/E1").earlier_lives == ()
    assert trade.trace("quarry/E0").earlier_lives == ()


def test_what_was_split_off_what_came_back_is_recycled_as_that_is(trade: Trade, tmp_path: Path) -> None:
    back = {"op": "take_back", "as": "renew", "facility": "yard", "at": AT, "evidence": PAPER}
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    recycling = {"as": "renew", "facility": "yard", "process": "recycling", "recycling": True}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "90 t", **approved},
        lot("E0", mass="8 t", cobalt="80 kg", material="cart"),
        {"op": "retire", "as": "quarry", "batch": "E0", "how": "delivered", "at": AT},
        {**back, "batch": "quarry/E0"},
        {**split("quarry/E0", "HALF", "4 t"), "as": "renew"},
        run("RC", ["renew/HALF"], [made("P", "1 t", "9 kg", "powder")], **recycling),
    )
    found = trade.trace("renew/P")
    (content,) = found.recycled_content.values()
    assert (float(content.take_back), float(content.waste_of_runs)) == (1, 0)
    trade.client.export_proof("renew/P", tmp_path / "proof")
    proved = about(tmp_path / "proof", trade.client.trust_root())
    assert proved.trace.recycled_content == found.recycled_content


def test_transport_is_of_the_end_of_life_while_the_product_counts_as_taken_back(
    trade: Trade, tmp_path: Path
) -> None:
    back = {"op": "take_back", "as": "renew", "facility": "yard", "at": AT, "evidence": PAPER}
    recycler = {"as": "renew", "facility": "yard", "origin": "post_consumer"}
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "90 t", **approved},
        run("CARTS", ["L1"], [made("C", "3 t", "9 kg", "cart")], **{"as": "quarry", "facility": "face"}),
        {"op": "retire", "as": "quarry", "batch": "C", "how": "delivered", "at": AT},
        {**back, "batch": "quarry/C"},
        {**lot("N", mass="3 t", cobalt="30 kg", material="powder"), **recycler},
        {"op": "ship", "as": "renew", "shipment": "S", "batches": ["quarry/C", "renew/N"], "to": "quarry"}
        | {"emissions": {"scope3": "1400 kg"}, "at": AT},
        {"op": "cancel", "as": "renew", "shipment": "S", "reason": "not wanted", "at": AT},
    )
    then = trade.trace("quarry/C")
    assert then.footprint.by_stage["end_of_life"] == T * 7 // 10
    # What was shipped beside it did not come back.
    beside = trade.trace("renew/N").footprint.by_stage
    assert beside["distribution"] == T * 7 // 10
    trade.client.export_proof("renew/N", tmp_path / "proof")
    assert about(tmp_path / "proof", trade.client.trust_root()).trace.footprint.by_stage == beside
    reverse = {"op": "reverse", "as": "renew", "of": {"take_back": "quarry/C"}, "reason": "did_not_occur"}
    trade.submit({**reverse, "at": AT})
    now = trade.trace("quarry/C")
    assert now.footprint.by_stage["end_of_life"] == 0
    assert now.footprint.by_stage["distribution"] == T * 7 // 10


def test_who_owned_a_product_owns_it_no_more_once_it_was_taken_back(trade: Trade, tmp_path: Path) -> None:
    approved = {"facility": "renew/yard", "material": "cart", "origin": "post_consumer"}
    back = {"op": "take_back", "as": "renew", "facility": "yard", "at": AT, "evidence": PAPER}
    trade.submit(
        {"op": "approve_origin", "capacity_per_year": "9 t", **approved},
        lot("E0", mass="8 t", cobalt="80 kg", material="cart"),
        {"op": "transfer_title", "as": "quarry", "batch": "E0", "to": "works", "at": AT},
        split("E0", "C", "3 t"),
        {"op": "retire", "as": "quarry", "batch": "C", "how": "delivered", "at": AT},
    )
    assert trade.trace("quarry/C").owner == "works"
    trade.submit({**back, "batch": "quarry/C"})
    trade.client.export_proof("quarry/C", tmp_path / "proof")
    proved = about(tmp_path / "proof", trade.client.trust_root())
    assert trade.trace("quarry/C").owner == proved.trace.owner == "renew"
    trade.submit({"op": "hold", "as": "renew", "batch": "quarry/C", "reason": "on its way", "at": AT})
    assert trade.client.trace("quarry/C", as_of=proved.preamble.block).owner == "renew"
