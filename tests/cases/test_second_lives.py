"""What is made of products that came back."""

from __future__ import annotations

from pathlib import Path

from tests.cases.world import AT, PAPER, Operation, Trade, lot, made, run
from traceledger.documents import traces
from traceledger.proofs import verify


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
    proved = verify(tmp_path / "proof", trade.client.trust_root())
    found = trade.client.trace("renew/P", as_of=proved.preamble.block)
    assert traces.trace(proved.trace) == traces.trace(found)
    assert [origin.origin.slug for origin in found.origins] == ["post_consumer"]
