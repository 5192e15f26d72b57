"""Where material comes from and what becomes of it: cases 08, 09, 10, 23, 30, 36."""

from __future__ import annotations

import pytest

from tests.cases.world import AT, CO, PAPER, WASTE, T, Trade, lot, made, received, run, shipped
from traceledger.cli.output import shown
from traceledger.operations.file import OperationsFileError

OLD = {
    "op": "mint",
    "as": "works",
    "batch": "OLD",
    "material": "hydroxide",
    "facility": "hall",
    "mass": "2 t",
} | {
    "substances": {"Co": "0.7 t"},
    "at": "2026-01-01T00:00:00Z",
}
UNTRACED = {
    "op": "approve_origin",
    "facility": "works/hall",
    "material": "hydroxide",
    "origin": "untraced",
} | {
    "capacity_per_year": "50 t",
    "from": "2026-01-01",
    "until": "2026-12-31",
}


def test_08_old_stock_is_untraced_inside_its_quota(trade: Trade) -> None:
    assert "untraced" in trade.refused(OLD | {"origin": "mined"})
    trade.submit(UNTRACED, OLD | {"origin": "untraced"})
    assert trade.batch("works/OLD").mass_mg == 2 * T
    assert "capacity" in trade.refused(OLD | {"origin": "untraced", "batch": "MORE", "mass": "49 t"})


def test_08c_a_blend_with_old_stock_is_traced_in_part(trade: Trade) -> None:
    blend = [made("S", "43 t", "9.1 t")]
    trade.submit(shipped(), received())
    assert "untraced" in trade.refused(run("R1", ["quarry/L1"], blend, losses={}))
    trade.submit(UNTRACED, OLD | {"origin": "untraced"}, run("R1", ["quarry/L1", "OLD"], blend, losses={}))
    trace = trade.trace("works/S")
    assert trade.batch("works/S").substances_mg[CO] == 9_100_000_000
    shares = {origin.origin.slug: origin.share for origin in trace.origins}
    assert abs(float(shares["mined"]) - 8.4 / 9.1) < 1e-12


def scrapped(trade: Trade) -> None:
    """The works make sulfate, and residues that are waste, which the recycler receives."""
    trade.submit(
        WASTE | {"material": "residue"},
        {"op": "approve_origin", "facility": "renew/yard", "material": "sulfate", "origin": "pre_consumer"}
        | {"capacity_per_year": "900 t"},
        shipped(),
        received(),
        run("R1", ["quarry/L1"], [made("S", "35 t", "7.4 t"), made("SCRAP", "3 t", "1 t", "residue")]),
        {"op": "ship", "as": "works", "shipment": "SC", "batches": ["SCRAP"], "to": "renew", "at": AT},
        {"op": "receive", "as": "renew", "shipment": "works/SC", "at": AT},
    )


RECYCLED = {"as": "renew", "facility": "yard", "process": "recycling", "recycling": True}


def test_09_production_scrap_becomes_recycled_content(trade: Trade) -> None:
    scrapped(trade)
    scrap = trade.batch("works/SCRAP")
    assert (scrap.waste, scrap.own_mg + scrap.inherited_mg) == (True, 0)
    trade.submit(run("RC", ["works/SCRAP"], [made("RS", "4 t", "0.95 t")], **RECYCLED))
    trace = trade.trace("renew/RS")
    (origin,) = trace.origins
    assert (origin.origin.slug, float(origin.share)) == ("pre_consumer", 1.0)
    assert (origin.transformation, origin.country) == ("renew/RC", "DE")
    recycled = trace.recycled_content[CO]
    assert (float(recycled.pre_consumer), float(recycled.waste_of_runs)) == (1.0, 1.0)
    assert (float(recycled.post_consumer), float(recycled.minted)) == (0.0, 0.0)
    assert float(trace.traced_share[CO]) == 1.0
    assert trace.footprint.total_mg == 0


def test_09b_waste_and_minted_stock_are_no_recycling_run_together(trade: Trade) -> None:
    scrapped(trade)
    mint = {
        "op": "mint",
        "as": "renew",
        "batch": "BM",
        "material": "powder",
        "facility": "yard",
        "mass": "3 t",
    }
    trade.submit(mint | {"substances": {"Co": "1 t"}, "origin": "post_consumer", "at": AT})
    said = trade.refused(run("RC", ["works/SCRAP", "BM"], [made("RS", "8 t", "1.9 t")], **RECYCLED))
    assert "recycling" in said


def test_09_waste_is_no_input_of_an_ordinary_run_elsewhere(trade: Trade) -> None:
    scrapped(trade)
    ordinary = RECYCLED | {"recycling": False}
    assert "recycling" in trade.refused(run("RC", ["works/SCRAP"], [made("RS", "4 t", "0.95 t")], **ordinary))


def test_10b_bare_integers_are_for_programs_and_no_hint_offers_them(trade: Trade) -> None:
    trade.submit(lot("KG") | {"mass": 24_000, "substances": {"Co": 8_400}, "emissions": {"scope1": 40_000}})
    assert trade.batch("quarry/KG").mass_mg == 24_000
    said = trade.refused(lot("KG2", mass="24"))
    assert "kg" in said
    assert not {"integer", "milligram", "milligrams"} & set(said.split())


def test_10c_what_is_worth_nothing_is_waste_and_bears_nothing(trade: Trade) -> None:
    trade.submit(shipped(), received())
    worth = made("S", "35 t", "8.4 t", weight=36_000)
    assert "waste" in trade.refused(
        run("R", ["quarry/L1"], [worth, made("G", "50 t", weight=0)], allocation="economic")
    )
    trade.submit(WASTE | {"material": "gypsum"})
    trade.submit(
        run("R", ["quarry/L1"], [worth, made("G", "50 t", material="gypsum")], allocation="economic")
    )
    assert trade.batch("works/G").inherited_mg == 0
    assert trade.batch("works/S").inherited_mg == 40 * T


def test_23_who_owns_a_lot_is_named_and_decides_nothing(trade: Trade) -> None:
    trade.submit(shipped(owner="quarry"), received())
    found = trade.batch("quarry/L1")
    assert (found.owner, found.custodian == found.creator) == (found.creator, False)
    trade.submit({"op": "transfer_title", "as": "quarry", "batch": "L1", "to": "renew", "at": AT})
    trade.submit(run("R", ["quarry/L1"], [made("S", "35 t", "8.4 t")]))
    assert trade.batch("quarry/L1").owner != found.owner


def test_23_who_does_not_own_a_lot_says_nothing_of_who_does(trade: Trade) -> None:
    """Neither its custodian, nor who owned it before, nor somebody else; nor of a part that was split off."""
    trade.submit(shipped(owner="quarry"), received())
    part = [{"batch": "P", "mass": "1 t"}]
    trade.submit({"op": "split", "as": "works", "batch": "quarry/L1", "into": part, "at": AT})
    owner = trade.batch("quarry/L1").owner
    for who in ("works", "renew"):
        for batch in ("quarry/L1", "works/P"):
            trade.submit({"op": "transfer_title", "as": who, "batch": batch, "to": who, "at": AT})
            assert trade.trace(batch).owner == "quarry"
            assert trade.batch(batch).owner == owner
            assert [title.counts for title in trade.client.index.titles(trade.batch(batch).id)][-1] is False


def test_30_a_part_from_outside_is_minted_untraced_with_its_footprint(trade: Trade) -> None:
    doors = run("DOORS", [], [made("DOOR", "25 kg", material="cart")], emissions={"scope3": "77 kg"})
    assert "untraced" in trade.refused(doors)
    door = {
        "op": "mint",
        "as": "works",
        "batch": "DOOR",
        "material": "cart",
        "facility": "hall",
        "mass": "25 kg",
    }
    trade.submit(
        UNTRACED | {"material": "cart"},
        door | {"origin": "untraced", "emissions": {"scope3": "77 kg"}, "at": AT},
    )
    assert trade.trace("works/DOOR").footprint.total_mg == 77_000_000


def test_36_pieces_stand_beside_a_mass(trade: Trade) -> None:
    cells = lot("CELLS", mass="20 pieces", cobalt="1 kg", material="cart")
    assert "pieces" in trade.refused(cells)
    trade.submit(cells | {"mass": "9 kg", "pieces": 20})
    found = trade.batch("quarry/CELLS")
    assert (found.mass_mg, found.pieces) == (9_000_000, 20)


def test_a_product_comes_back_and_its_metal_is_recycled(trade: Trade) -> None:
    recycler = {"op": "approve_origin", "facility": "renew/yard", "capacity_per_year": "900 t"}
    trade.submit(
        recycler | {"material": "cart"},
        recycler | {"material": "sulfate"},
        lot("C1", mass="1 t", cobalt="10 kg", material="cart"),
        {"op": "retire", "as": "quarry", "batch": "C1", "how": "delivered", "at": AT},
        {
            "op": "take_back",
            "as": "renew",
            "batch": "quarry/C1",
            "facility": "yard",
            "evidence": PAPER,
            "at": AT,
        },
        run("RC", ["quarry/C1"], [made("RS", "40 kg", "9 kg")], **RECYCLED),
    )
    (origin,) = trade.trace("renew/RS").origins
    assert origin.origin.slug in ("post_consumer", "taken_back")
    assert trade.batch("renew/RS").inherited_mg == 0


def test_21_a_company_is_renamed_and_stays_the_same(trade: Trade) -> None:
    trade.submit({"op": "rename_participant", "as": "quarry", "name": "Big Quarry", "at": AT}, shipped())
    trade.client.sync()
    found = trade.client.index.participant("quarry")
    assert found is not None
    assert found.name == "Big Quarry"


def test_21b_a_mine_is_sold_and_its_approvals_wait_for_the_consortium(trade: Trade) -> None:
    finding = {"op": "raise_finding", "as": "watch", "finding": "NC-1", "severity": "major", "at": AT} | {
        "category": "environment",
        "due": "2026-12-31T00:00:00Z",
        "description": "tailings",
    }
    mint = lot("P1", mass="20 t", cobalt="7 t") | {"as": "works", "facility": "quarry/face"}
    trade.submit(finding | {"facility": "quarry/face"})
    assert "quarry/face" in trade.refused(mint)
    trade.refused({"op": "accept_facility", "as": "works", "facility": "quarry/face", "at": AT})
    offered = {"op": "transfer_facility", "as": "quarry", "facility": "face", "to": "works", "at": AT}
    trade.submit(offered)
    trade.submit(lot("L2"))  # until the buyer accepts, it is the seller's
    trade.submit({"op": "accept_facility", "as": "works", "facility": "quarry/face", "at": AT})
    assert "consortium" in trade.refused(mint)
    trade.refused(lot("L3"))
    trade.submit({"op": "confirm_facility", "facility": "quarry/face", "at": AT}, mint)
    trade.client.sync()
    works = trade.client.index.participant("works")
    assert works is not None
    assert trade.batch("works/P1").creator == works.address
    (found,) = trade.client.index.findings(works.address)
    assert (found.identifier, found.facility is not None) == ("NC-1", True)


@pytest.mark.parametrize(
    ("code", "meant"), [("UK", ["GB"]), ("ZZ", []), ("ZR", ["CD"]), ("DR", ["CD", "DO"])]
)
def test_13_a_country_that_is_none_is_refused_with_what_was_meant(
    trade: Trade, code: str, meant: list[str]
) -> None:
    site = {"op": "register_facility", "as": "quarry", "facility": "new", "kind": "mine", "country": code}
    company = {"op": "register_participant", "participant": "new", "name": "N", "roles": ["producer"]}
    with pytest.raises(OperationsFileError) as caught:
        trade.submit(site, company | {"country": code})
    for number, fault in enumerate(caught.value.faults, start=1):
        said = f"{fault}\n{fault.hint}"
        assert f":{number}" in said
        assert "country" in said
        assert code in said
        assert all(country in said for country in meant)
        assert ("did you mean" in said) is bool(meant)
    assert len(caught.value.faults) == 2


PERSIAN = "شرکت معدن\u200cکاری سرچشمه"  # noqa: RUF001
"""A company's name, with the zero-width non-joiner that Persian spelling needs."""


def test_14d_a_persian_name_keeps_its_joiners_and_stands_on_one_line(trade: Trade) -> None:
    company = {"op": "register_participant", "participant": "sarcheshmeh", "name": PERSIAN, "country": "IR"}
    trade.submit(company | {"roles": ["producer"]})
    trade.client.sync()
    found = trade.client.index.participant("sarcheshmeh")
    assert found is not None
    assert found.name == PERSIAN
    assert shown(found.name) == PERSIAN
    assert len(shown(found.name).splitlines()) == 1


@pytest.mark.parametrize("fraction", ["591", "999999"])
def test_40_a_fraction_of_a_second_is_floored(trade: Trade, fraction: str) -> None:
    trade.submit(lot("EPC", at=f"2026-01-17T06:00:00.{fraction}Z"), lot("WHOLE", at="2026-01-17T06:00:00Z"))
    times = {trade.history(f"quarry/{name}")[0].event.occurred_at for name in ("EPC", "WHOLE")}
    assert len(times) == 1


def test_40_a_bare_number_of_pieces_is_no_mass(trade: Trade) -> None:
    trade.submit(shipped(), received())
    said = trade.refused(run("R", [{"batch": "quarry/L1", "mass": "30"}], [made("S", "1 t", "0.1 t")]))
    assert "pieces" in said
    assert not {"integer", "milligram", "milligrams"} & set(said.split())


def test_58_a_further_substance_is_tracked_and_earlier_lots_hold_none(trade: Trade) -> None:
    again = {"op": "define_material", "material": "hydroxide", "name": "H", "substances": ["Co", "Ni", "Li"]}
    trade.refused(again)
    more = {"material": "hydroxide", "substances": ["Li", "Co", "Ni"], "reason": "lithium", "at": AT}
    trade.submit(
        {"op": "amend_material", **more},
        lot("L2") | {"substances": {"Co": "8 t", "Li": "1 kg"}},
    )
    assert 3 in trade.batch("quarry/L2").substances_mg
    assert 3 not in trade.batch("quarry/L1").substances_mg
