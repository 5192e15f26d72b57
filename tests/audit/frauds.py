"""Frauds that the contracts accept. Each plants itself in an honest chain and says which rule must find it.

A fraud returns the kind and full name of the subject that an auditor must be led to.
"""

from __future__ import annotations

from tests.audit.honest import DAY, HOUR, START, HonestChain, T
from tests.audit.planting import FRAUDS, Subject, fraud
from tests.audit.subtle_frauds import SUBTLE
from tests.audit.told import facility_id


def made_by(chain: HonestChain, *, back: int = 1) -> str:
    """Full name of the first output of one of the last transformations."""
    runs = [op for op in chain.ledger.ops if op["op"] == "transform"]
    return f"{runs[-back]['as']}/{runs[-back]['outputs'][0]['batch']}"


@fraud("capacity-use")
def fill_up_the_capacity(chain: HonestChain) -> Subject:
    """Foreign ore enters until the approved 300 t of the year are reached."""
    chain.clock = START + 300 * DAY
    pit = facility_id(("katanga", "pit-4"))
    minted = sum(
        mass
        for (facility, _, _, year), mass in chain.ledger.minted.items()
        if facility == pit and year == 2021
    )
    for _ in range(8):
        chain.mint("katanga", "cobalt-hydroxide", (298 * T - minted) / 8)
        chain.pass_time(1, 2)
    return "facility", "katanga/pit-4"


@fraud("yield-outside-range")
def report_poor_recovery(chain: HonestChain) -> Subject:
    """A fifth of the cobalt is sold beside the books, as a loss of the plant."""
    return "batch", chain.refine(chain.cobalt(), "cobalt-hydroxide", keep=0.78)


@fraud("yield-outside-history")
def skim_off_a_tenth(chain: HonestChain) -> Subject:
    """Less than the range would show, but the plant never lost as much."""
    return "batch", chain.refine(chain.cobalt(), "cobalt-hydroxide", keep=0.865)


@fraud("content-above-maximum")
def put_cobalt_where_it_cannot_be(chain: HonestChain) -> Subject:
    """Sulfate of 26 % cobalt: there is room on paper for material that never was in the lot."""
    return "batch", chain.refine(chain.cobalt(), "cobalt-hydroxide", content=26.0)


@fraud("grade-outside-history")
def mint_a_rich_lot(chain: HonestChain) -> Subject:
    """Concentrate of another mine passes as a lot of 58 % cobalt."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, grade=58.0)


@fraud("mass-gain-impossible")
def hide_an_input(chain: HonestChain) -> Subject:
    """Untracked material goes in: 24 t of hydroxide become some 130 t."""
    lot = chain.cobalt()
    mass = chain.mass(lot)
    fields = {"mass": lambda _: round(5.5 * mass), "keep": 0.97}
    return "batch", chain.refine(lot, "cobalt-hydroxide", **fields)


@fraud("arrival-loss")
def lose_cargo_on_the_way(chain: HonestChain) -> Subject:
    """An eighth of the cargo leaves the road before the port."""
    lot = chain.mint("zambezi", "cobalt-hydroxide", 20 * T)
    chain.ship("zambezi", lot, "kokkola", days=(40, 60), loss=0.125)
    return "batch", lot


@fraud("losses-over-year")
def leak_for_a_year(chain: HonestChain) -> Subject:
    """An annexe whose losses are half of what it takes, run after run."""
    for _ in range(3):
        lot = chain.mint("sorowako", "nickel-hydroxide", 50 * T)
        chain.ship("sorowako", lot, "kokkola", days=(35, 50))
        chain.pass_time(1, 3)
        chain.refine(lot, "nickel-hydroxide", keep=0.44, facility="annexe")
    return "facility", "kokkola/annexe"


@fraud("claimed-in-future")
def record_what_is_to_come(chain: HonestChain) -> Subject:
    """The storage of next week is on the ledger already."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    booked = {"emissions": chain.gases(T), "reason": "storage", "at": chain.clock + 7 * DAY}
    chain.add("add_emissions", act_as="katanga", batch=lot, recorded_at=chain.clock + DAY, **booked)
    return "batch", lot


@fraud("time-backwards")
def ship_before_it_is_mined(chain: HonestChain) -> Subject:
    """The bill of lading is older than the lot."""
    lot = chain.mint("zambezi", "cobalt-hydroxide", 20 * T)
    chain.clock -= 12 * DAY
    chain.ship("zambezi", lot, "kokkola", days=(40, 60))
    return "batch", lot


@fraud("time-backwards")
def book_into_a_year_that_is_closed(chain: HonestChain) -> Subject:
    """The storage of a part is booked in the year before the lot was mined: it spoils no target any more."""
    lot = chain.mint("zambezi", "cobalt-hydroxide", 20 * T)
    chain.pass_time(1, 2)
    part = chain.name("PART")
    into = [{"batch": part, "mass": 5 * T}]
    chain.add("split", act_as="zambezi", batch=lot, into=into, at=chain.clock)
    booked = {"emissions": chain.gases(T), "reason": "storage", "at": chain.clock - 370 * DAY}
    chain.add("add_emissions", act_as="zambezi", batch=part, **booked)
    return "batch", f"zambezi/{part}"


@fraud("used-before-arrival")
def refine_what_is_at_sea(chain: HonestChain) -> Subject:
    """Other material went into the run; this lot lends its papers."""
    lot = chain.cobalt()
    return "batch", chain.refine(lot, "cobalt-hydroxide", at=chain.clock - 9 * DAY)


@fraud("processing-too-fast")
def refine_in_an_hour(chain: HonestChain) -> Subject:
    """The sulfate was there before the hydroxide."""
    lot = chain.cobalt()
    return "batch", chain.refine(lot, "cobalt-hydroxide", at=chain.clock + HOUR)


@fraud("travel-too-fast")
def swap_the_cargo(chain: HonestChain) -> Subject:
    """Kolwezi to Kokkola, 8,292 km, in five hours: what arrives is not what left."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    chain.ship("katanga", lot, "kokkola", days=(5 / 24, 5.2 / 24))
    chain.pass_time(1, 3)
    chain.refine(lot, "cobalt-hydroxide")
    return "batch", lot


@fraud("bulk-travel-too-fast")
def fly_twenty_tonnes(chain: HonestChain) -> Subject:
    """The same in a day: an aircraft could, but nobody flies hydroxide."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    chain.ship("katanga", lot, "kokkola", days=(1.0, 1.1))
    chain.pass_time(1, 3)
    chain.refine(lot, "cobalt-hydroxide")
    return "batch", lot


@fraud("shipment-unanswered")
def ship_to_nowhere(chain: HonestChain) -> Subject:
    """A cargo that is for ever at sea, and sold on land."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    chain.add("ship", act_as="katanga", shipment="SEA-GHOST", batches=[lot], to="kokkola", at=chain.clock)
    chain.now = chain.clock + 200 * DAY
    return "shipment", "katanga/SEA-GHOST"


@fraud("batch-unused")
def keep_papers_in_stock(chain: HonestChain) -> Subject:
    """A lot that only exists to lend its papers one day."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    chain.now = chain.clock + 800 * DAY
    return "batch", lot


@fraud("intensity-outside-history")
def book_a_tenth_of_the_energy(chain: HonestChain) -> Subject:
    """The burden of the run is gone."""
    lot = chain.mint("zambezi", "cobalt-hydroxide", 20 * T)
    chain.ship("zambezi", lot, "kokkola", days=(40, 60))
    chain.pass_time(1, 3)
    return "batch", chain.refine(lot, "cobalt-hydroxide", intensity=0.08)


@fraud("intensity-off-reference")
def green_nickel_from_the_start(chain: HonestChain) -> Subject:
    """Neither mine nor refinery books more than a trace: most of any published footprint is missing."""
    lot = chain.mint("sorowako", "nickel-hydroxide", 50 * T, intensity=0.1)
    chain.ship("sorowako", lot, "kokkola", days=(35, 50))
    chain.pass_time(1, 3)
    return "batch", chain.refine(lot, "nickel-hydroxide", intensity=0.1)


@fraud("emissions-missing")
def emit_nothing(chain: HonestChain) -> Subject:
    """A lot mined with no energy at all."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, emissions={})


@fraud("lca-missing")
def open_a_plant_without_study(chain: HonestChain) -> Subject:
    """A new plant at work of which nobody has assessed the footprint."""
    chain.add(
        "register_facility",
        act_as="kokkola",
        facility="shed",
        kind="refinery",
        country="FI",
        latitude="63.838",
        longitude="23.130",
    )
    chain.refine(chain.cobalt("zambezi"), "cobalt-hydroxide", facility="shed")
    return "facility", "kokkola/shed"


@fraud("origin-evidence-missing")
def mint_on_trust(chain: HonestChain) -> Subject:
    """No assay, no weighing slip."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, evidence=[])


@fraud("assessment-expired")
def trade_on_an_old_certificate(chain: HonestChain) -> Subject:
    """The certificate ended and was not renewed."""
    chain.assess("certificate", "kokkola", "refinery", scheme="RMI", valid_until=chain.now - 40 * DAY)
    return "facility", "kokkola/refinery"


@fraud("finding-overdue")
def sit_out_a_finding(chain: HonestChain) -> Subject:
    """A critical finding on labour is due and still open."""
    chain.find("zambezi", "critical", chain.now - 10 * DAY, "action_submitted")
    return "participant", "zambezi"


@fraud("high-risk-origin")
def mine_where_nobody_looks(chain: HonestChain) -> Subject:
    """A second pit, on no certificate, in a region of conflict."""
    chain.add(
        "register_facility", act_as="katanga", facility="pit-9", kind="mine", country="CD", latitude=None
    )
    chain.add(
        "approve_origin",
        facility="katanga/pit-9",
        material="cobalt-hydroxide",
        capacity_per_year="100 t",
    )
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 10 * T, facility="pit-9")


@fraud("tainted-ancestor")
def go_on_after_a_withdrawal(chain: HonestChain) -> Subject:
    """The mine withdraws the lot; the product made of it stays on sale."""
    lot = chain.cobalt()
    product = chain.refine(lot, "cobalt-hydroxide")
    chain.add(
        "declare_error",
        act_as="katanga",
        batch=lot,
        reason="did_not_occur",
        at=chain.pass_time(1, 3),
    )
    return "batch", product


@fraud("lot-reused")
def sell_a_lot_twice(chain: HonestChain) -> Subject:
    """One lot, two companies, one GS1 identifier."""
    text = "https://id.gs1.org/01/09520123456788/10/KOL-77"
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, batch=text)
    chain.pass_time(3, 9)
    return "batch", chain.mint("zambezi", "cobalt-hydroxide", 21 * T, batch=text)


@fraud("evidence-reused")
def borrow_an_assay(chain: HonestChain) -> Subject:
    """Ore of the one mine on the assay of the other."""
    paper = chain.paper()
    chain.mint("zambezi", "cobalt-hydroxide", 20 * T, evidence=paper)
    chain.pass_time(3, 9)
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, evidence=paper)


@fraud("entry-repeated")
def enter_a_lot_twice(chain: HonestChain) -> Subject:
    """The same mass, content and time under another number."""
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, grade=33.0)
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, grade=33.0)


@fraud("round-trip")
def send_it_round(chain: HonestChain) -> Subject:
    """A lot goes to a friend and back: trade where there is none."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T)
    chain.ship("katanga", lot, "carrier", days=(1, 2))
    chain.ship("carrier", lot, "katanga", days=(1, 2))
    return "batch", lot


assert set(FRAUDS) >= SUBTLE
