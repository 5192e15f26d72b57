"""What looks like something that is recorded, and is not: nothing of it is passed over in silence."""

from __future__ import annotations

from tests.interop.epcis.conftest import left_out, one, plan_of, recorded, refused, verdicts
from tests.interop.epcis.supply import (
    MINED,
    ORE,
    ORE_LINK,
    RECEIVED,
    REFINED,
    SALT,
    SHIPPED,
    event,
    handing,
    kilograms,
    substances,
)
from traceledger.client.client import Client

LATER = {**MINED, "eventTime": "2026-01-11T08:00:00Z"}


def lot(step: str, site: str, day: str, mass: float | None = None, **fields: object) -> dict[str, object]:
    """An event about the ore."""
    told = {"action": "OBSERVE", "quantityList": [kilograms(ORE_LINK, mass)], **fields}
    return event("ObjectEvent", day, step, site, **told)


def test_a_lot_is_made_once(client: Client) -> None:
    """More of it, at another time or with another mass, is refused and not taken for the same."""
    assert "is made by" in refused(client, MINED, {**LATER, "quantityList": [kilograms(ORE, 300)]})
    assert "is made by" in refused(client, MINED, LATER)
    recorded(client, MINED)
    assert "made by another event" in refused(client, LATER)
    product = {**LATER, "quantityList": [kilograms("urn:epc:idpat:sgtin:9521321.000001.*", 5)]}
    assert "is a product" in refused(client, product)
    without = {**LATER, "quantityList": [kilograms(ORE + "-2", 5)]}
    del without["tl:substances"]
    assert "how much Co" in plan_of(client, without).rows[0].notes[0]
    said = {"tl:lots": [{"tl:epc": ORE, "tl:material": "ore"}, {"tl:epc": SALT, "tl:mass": "1 kg"}]}
    typed = plan_of(client, {**MINED, **said, "quantityList": [kilograms(ORE + "-3", 1000)]})
    assert "speaks of" in typed.rows[0].notes[0] and typed.operations[0]["substances"]


def test_our_terms_of_another_version_are_not_taken_for_others(client: Client) -> None:
    told = {**MINED, "@context": {"tl": "urn:traceledger:epcis:2:"}}
    assert "no namespace that is read here" in refused(client, told)
    undeclared = {**MINED, "tk:reason": "x"}
    assert "declares the prefix of 'tk:reason'" in refused(client, undeclared)


def test_what_returns_is_received_and_sent_again(client: Client) -> None:
    """By who sent it first; of what is gone, no more can be sent."""
    recorded(client, MINED, SHIPPED, RECEIVED)
    recorded(
        client, lot("shipping", "refiner", "02-21", disposition="returned", **handing("mine", "refiner"))
    )
    back = lot("receiving", "mine", "03-01", disposition="returned", **handing("mine", "refiner"))
    assert one(client, back)["op"] == "receive"
    recorded(client, back)
    again = lot("shipping", "mine", "03-02", 500.5, **handing("refiner", "mine"))
    assert [each["op"] for each in recorded(client, again).operations] == ["split", "ship"]
    recorded(client, lot("shipping", "mine", "03-03", 499, **handing("refiner", "mine")))
    assert "has none left" in refused(
        client, lot("shipping", "mine", "03-04", 7, **handing("refiner", "mine"))
    )
    twin = lot("departing", "mine", "03-03", 499, **handing("refiner", "mine"))
    assert verdicts(plan_of(client, twin)) == ["recorded"]


def test_nothing_is_added_to_a_run_and_what_is_used_up_does_not_end(client: Client) -> None:
    used, made = REFINED
    assert "nothing goes into this run" in left_out(client, made)
    recorded(client, MINED, SHIPPED, RECEIVED, *REFINED)
    late = {**made, "outputQuantityList": [kilograms(SALT + "-2", 5)]}
    late["tl:lots"] = [{"tl:epc": SALT + "-2", "tl:substances": substances(Co="1 kg")}]
    assert "nothing can be added to it" in refused(client, late)
    assert "nothing can be added to it" in refused(client, {**used, "eventTime": "2026-03-01T09:00:00Z"})
    gone = lot("destroying", "refiner", "04-01", 999.5, action="DELETE")
    assert "it is used up" in refused(client, gone)
    salt = {"action": "DELETE", "quantityList": [kilograms(SALT, 800)]}
    ended = event("ObjectEvent", "04-02", "destroying", "refiner", **salt)
    recorded(client, ended)
    assert verdicts(plan_of(client, {**ended, "eventTime": "2026-04-03T08:00:00Z"})) == ["recorded"]
    more = {**ended, "quantityList": [kilograms(SALT, 1)]}
    assert "it is retired" in refused(client, more)


def packed(pallet: str, mass: float, hour: str, **fields: object) -> dict[str, object]:
    """So much of the ore is put onto a pallet."""
    told = {"action": "ADD", "parentID": pallet, "childQuantityList": [kilograms(ORE, mass)], **fields}
    return event("AggregationEvent", f"01-11T{hour}", "packing", "mine", **told)


def test_pallets_with_as_much_of_one_lot_are_two(client: Client) -> None:
    """Each is shipped and received; what is taken out again is not."""
    one_pallet, other = (f"urn:epc:id:sscc:9521321.000000000{each}" for each in (1, 2))
    packing = [packed(one_pallet, 40, "08"), packed(other, 30, "09"), packed(other, 15, "10")]
    packing.append(packed(other, 5, "11", action="DELETE", bizStep="unpacking"))
    sent = event("ObjectEvent", "01-12", "shipping", "mine", action="OBSERVE", epcList=[one_pallet, other],
                 **handing("refiner", "mine"))  # fmt: skip
    came = event("ObjectEvent", "01-20", "receiving", "refiner", action="OBSERVE", epcList=[other],
                 **handing("refiner", "mine"))  # fmt: skip
    plan = recorded(client, MINED, *packing, sent)
    parts = [each["into"][0]["mass"] for each in plan.operations if each["op"] == "split"]
    assert parts == ["40 kg", "25 kg", "15 kg"]
    plan = recorded(client, *packing, came)
    assert [len(each["lots"]) for each in plan.operations] == [2]
    assert "capture those along with it" in left_out(client, {**came, "eventTime": "2026-01-21T08:00:00Z"})


def test_a_part_that_departs_is_the_one_that_is_shipped(client: Client) -> None:
    recorded(client, MINED)
    shipped = lot("shipping", "mine", "01-12", 40, **handing("refiner", "mine"))
    departed = lot("departing", "mine", "01-12T14", 40, **handing("refiner", "mine"))
    assert [each["op"] for each in plan_of(client, shipped, departed).operations] == ["split", "ship"]
    recorded(client, shipped)
    assert verdicts(plan_of(client, departed)) == ["recorded"]
    more = lot("shipping", "mine", "01-13", 40, **handing("refiner", "mine"))
    assert [each["op"] for each in plan_of(client, more).operations] == ["split", "ship"]
