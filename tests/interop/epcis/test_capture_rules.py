"""One rule of the mapping after another: what an event becomes, is left out for, or refused for."""

from __future__ import annotations

from typing import Any

from tests.interop.epcis.conftest import KNOWN, left_out, one, plan_of, recorded, refused, verdicts
from tests.interop.epcis.supply import (
    CAR,
    CHAIN,
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
from traceledger.sending.lines import Source


def lot(step: str, site: str, day: str = "02-21", key: str = ORE, **more: Any) -> Any:
    """An event about a lot."""
    fields = {"action": "OBSERVE", "quantityList": [kilograms(key)]} | more
    return event("ObjectEvent", day, step, site, **fields)


def ours(**terms: Any) -> dict[str, Any]:
    """Terms of our own namespace."""
    return {f"tl:{name}": said for name, said in terms.items()}


def test_evidence_names_event_and_file(client: Client) -> None:
    """By the hash of CBV, by the event's own identifier, and the file by its digest."""
    found = one(client, MINED | {"eventID": "urn:uuid:1"})["evidence"]
    assert [each["uri"].partition(";")[0] for each in found] == [
        "ni:///sha-256", "urn:uuid:1", "supplier.json"
    ]  # fmt: skip
    assert found[0]["sha256"] == found[1]["sha256"] != found[2]["sha256"]


def test_an_event_is_never_changed(client: Client) -> None:
    """The same identifier with something else is refused: in a file, and once it is on the ledger."""
    first = MINED | {"eventID": "urn:uuid:1"}
    other = first | {"quantityList": [kilograms(ORE, 999)]}
    assert "eventID" in refused(client, first, other)
    recorded(client, first)
    assert "says something else" in refused(client, other)
    assert verdicts(plan_of(client, first)) == ["recorded"]


def test_another_mass_of_a_lot_that_is_there_is_refused(client: Client) -> None:
    """Also where the event has no identifier."""
    recorded(client, MINED)
    assert "another mass" in refused(client, MINED | {"quantityList": [kilograms(ORE, 999)]})


def test_origins(client: Client) -> None:
    """Mint follows from an approved origin; elsewhere, and of what is unknown, nothing."""
    elsewhere = MINED | {"readPoint": {"id": "https://id.gs1.org/414/9521321000124"}}
    assert "no approved origin" in left_out(client, elsewhere)
    run = event("TransformationEvent", "01-01", "commissioning", "mine", inputEPCList=[CAR])
    assert "nothing that it names" in left_out(client, run | {"outputQuantityList": [kilograms(ORE, 5)]})


def test_differences_on_arrival(client: Client) -> None:
    """What differs needs its reason."""
    recorded(client, MINED, SHIPPED)
    bare = {name: said for name, said in RECEIVED.items() if name != "tl:lots"}
    assert "loss, moisture or measurement" in refused(client, bare)
    found = one(client, RECEIVED)
    assert list(found["lots"].values()) == [{"mass": "999.5 kg", "difference": "loss"}]


def test_only_what_was_shipped_is_received(client: Client) -> None:
    """And what is another's to receive is left out."""
    recorded(client, MINED)
    assert "is not on its way to refiner" in refused(client, RECEIVED)
    recorded(client, SHIPPED)
    assert "on its way" in left_out(client, RECEIVED | handing("cells", "mine") | {"readPoint": {
        "id": "https://id.gs1.org/414/9521321000131"}})  # fmt: skip


def test_a_part_of_a_lot_is_shipped(client: Client) -> None:
    """It is split off, and found by the lot's own key when it arrives and is used."""
    part = SHIPPED | {"quantityList": [kilograms(ORE, 400)]}
    arrived = lot("receiving", "refiner", "02-20", **handing("refiner", "mine"))
    plan = recorded(client, MINED, part, arrived)
    assert [each["op"] for each in plan.operations] == ["mint", "split", "ship", "receive"]
    assert plan.operations[2]["batches"] == [f"mine/{ORE_LINK}#2"]
    run = event("TransformationEvent", "03-01", "commissioning", "refiner", **{"tl:losses": "balance"})
    taken, made = [kilograms(ORE, 400)], [kilograms(SALT, 300)]
    used = run | {"inputQuantityList": taken, "outputQuantityList": made}
    assert one(client, used)["inputs"] == [{"batch": f"mine/{ORE_LINK}#2"}]


def test_what_a_run_does_not_say_is_refused(client: Client) -> None:
    """Substances that go in must come out, or be lost."""
    recorded(client, MINED, SHIPPED, RECEIVED)
    silent = [{name: said for name, said in each.items() if not name.startswith("tl:")} for each in REFINED]
    assert "tl:substances" in refused(client, *silent)
    assert "nothing comes out" in refused(client, REFINED[0])


def test_pieces_need_a_mass(client: Client) -> None:
    """Of a material of which nobody says what a piece weighs."""
    pieces = {"epcClass": ORE, "quantity": 3}
    assert "unit_mass" in refused(client, MINED | {"quantityList": [pieces]})


def test_units(client: Client) -> None:
    """By exact factors; what is finer than a milligram is refused."""
    told = {name: said for name, said in MINED.items() if name != "tl:substances"}
    for uom, mass in (("GRM", "500 g"), ("TNE", "500 t"), ("LBR", "226.796185 kg")):
        found = one(client, told | {"quantityList": [{"epcClass": ORE, "quantity": 500, "uom": uom}]})
        assert found["mass"] == mass
    finer = told | {"quantityList": [{"epcClass": ORE, "quantity": 0.0000001, "uom": "KGM"}]}
    assert "finer than a milligram" in refused(client, finer)


def test_holds_and_releases(client: Client) -> None:
    """By dispositions; the maker of what others hold recalls it."""
    recorded(client, MINED, SHIPPED, lot("receiving", "refiner", "02-20", **handing("refiner", "mine")))
    found = one(client, lot("inspecting", "refiner", disposition="non_conformant"))
    assert (found["op"], found["as"], found["reason"]) == ("hold", "refiner", "non_conformant")
    recalled = one(client, lot("inspecting", "mine", disposition="recalled"))
    assert (recalled["op"], recalled["as"]) == ("hold", "mine")
    recorded(client, lot("inspecting", "refiner", disposition="non_conformant"))
    assert one(client, lot("inspecting", "refiner", "02-22", disposition="conformant"))["op"] == "release"
    unset = lot("other", "refiner", "02-23", persistentDisposition={"unset": ["non_conformant"]})
    assert one(client, unset)["op"] == "release"
    assert "changes nothing" in left_out(client, lot("storing", "refiner", "02-24"))


def test_what_observes_is_evidence_where_that_is_asked(client: Client) -> None:
    """Once."""
    recorded(client, MINED)
    plan = plan_of(client, lot("storing", "mine"), observations=True)
    assert verdicts(plan) == ["evidence"] and plan.operations[0]["op"] == "record_evidence"
    client.submit(plan.source())
    assert verdicts(plan_of(client, lot("storing", "mine"), observations=True)) == ["recorded"]


def test_counts_and_measurements(client: Client) -> None:
    """A count that differs is booked where it says why."""
    recorded(client, *CHAIN[:6])
    counted = event("ObjectEvent", "03-05", "stock_taking", "refiner", action="OBSERVE",
                    quantityList=[kilograms(SALT, 799)])  # fmt: skip
    assert "799 kg" in left_out(client, counted)
    found = one(client, counted | {"tl:reason": "stock-taking"})
    assert (found["op"], found["mass"], found["reason"]) == ("remeasure", "799 kg", "stock-taking")
    assay = lot("inspecting", "refiner", "03-05", SALT, **ours(substances=substances(Co="289 kg")))
    assert one(client, assay)["substances"] == {"Co": "289 kg"}


def test_emissions_of_storage(client: Client) -> None:
    """Of a lot in hand."""
    recorded(client, MINED)
    found = one(client, lot("storing", "mine", **ours(emissions=ours(scope2="3 kg"))))
    assert (found["op"], found["emissions"], found["reason"]) == (
        "add_emissions", {"scope2": "3 kg"}, "storing"
    )  # fmt: skip


def test_ends(client: Client) -> None:
    """How a lot ends; only products are delivered."""
    recorded(client, MINED)
    for step, disposition, how in (
        ("destroying", "destroyed", "disposed"),
        ("decommissioning", "inactive", "consumed_outside"),
        ("retail_selling", "retail_sold", "consumed_outside"),
    ):
        told = lot(step, "mine", action="DELETE", disposition=disposition)
        assert one(client, told)["how"] == how


def test_a_product_comes_back(client: Client) -> None:
    """Whole, to a recycler."""
    recorded(client, *CHAIN)
    back = event("ObjectEvent", "12-01", "collecting", "recycler", action="OBSERVE", epcList=[CAR])
    found = one(client, back)
    assert (found["op"], found["as"], found["facility"]) == ("take_back", "recycler", "recycler/shred")
    recorded(client, back)
    assert verdicts(plan_of(client, back)) == ["recorded"]


def test_what_is_sent_back(client: Client) -> None:
    """Refused while it is on its way; shipped once it is in hand; cancelled if it never left."""
    recorded(client, MINED, SHIPPED)
    assert one(client, lot("inspecting", "refiner", disposition="returned"))["op"] == "reject"
    assert one(client, lot("void_shipping", "mine", "01-13"))["op"] == "cancel"
    recorded(client, lot("receiving", "refiner", "02-20", **handing("refiner", "mine")))
    found = one(
        client, lot("shipping", "refiner", "02-25", disposition="returned", **handing("mine", "refiner"))
    )
    assert (found["op"], found["to"]) == ("ship", "mine")


def test_repackaging_splits(client: Client) -> None:
    """Where not a gram is made or lost."""
    recorded(client, MINED)
    parts = [kilograms(f"urn:epc:class:lgtin:9521321.000001.KOL-1-{each}", 500) for each in "AB"]
    told = event("TransformationEvent", "01-11", "repackaging", "mine",
                 inputQuantityList=[kilograms(ORE, 1000)], outputQuantityList=parts)  # fmt: skip
    found = one(client, told)
    assert (found["op"], [each["mass"] for each in found["into"]]) == ("split", ["500 kg", "500 kg"])
    assert "come out of" in refused(client, told | {"outputQuantityList": parts[:1]})


def test_an_error_that_nobody_built_on_is_reversed(client: Client) -> None:
    """And what is right instead has the same key, with a number behind it."""
    recorded(client, MINED | {"eventID": "urn:uuid:1"})
    wrong = MINED | {"eventID": "urn:uuid:1", "errorDeclaration": {
        "declarationTime": "2026-01-20T00:00:00Z", "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:2"]}}  # fmt: skip
    right = MINED | {"eventID": "urn:uuid:2", "quantityList": [kilograms(ORE, 900)]}
    plan = recorded(client, right, wrong)
    assert [each["op"] for each in plan.operations] == ["reverse", "mint"]
    assert plan.operations[0]["of"] == {"mint": f"mine/{ORE_LINK}"}
    assert plan.operations[1]["batch"] == f"{ORE_LINK}#2"
    assert set(verdicts(plan_of(client, wrong, right))) == {"recorded"}


def test_an_error_that_others_built_on_is_declared(client: Client) -> None:
    """With the lots that are right instead."""
    recorded(client, MINED | {"eventID": "urn:uuid:1"}, *CHAIN[1:6])
    wrong = MINED | {"eventID": "urn:uuid:1", "errorDeclaration": {
        "declarationTime": "2026-05-01T00:00:00Z", "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:2"]}}  # fmt: skip
    right = MINED | {"eventID": "urn:uuid:2", "quantityList": [kilograms(ORE, 900)]}
    plan = recorded(client, wrong, right)
    found = plan.operations[0]
    assert (found["op"], found["reason"]) == ("declare_error", "incorrect_data")
    assert found["corrective"] == [f"mine/{ORE_LINK}#2"] and plan.operations[1]["batch"] == f"{ORE_LINK}#2"
    assert set(verdicts(plan_of(client, wrong, right))) == {"recorded"}


def test_an_error_of_an_open_shipment_cancels_it(client: Client) -> None:
    """And of one that these documents tell themselves, neither is recorded."""
    told = SHIPPED | {"eventID": "urn:uuid:1"}
    wrong = told | {
        "errorDeclaration": {"declarationTime": "2026-01-20T00:00:00Z", "reason": "did_not_occur"}
    }
    assert verdicts(plan_of(client, MINED, told, wrong)) == ["becomes", "left_out", "left_out"]
    recorded(client, MINED, told)
    assert one(client, wrong)["op"] == "cancel"
    recorded(client, wrong)
    assert verdicts(plan_of(client, wrong)) == ["recorded"]


def test_who_acts(client: Client) -> None:
    """What is another's is left out."""
    path = client.network.source.parent / "supplier.json"
    plan_of(client, MINED, SHIPPED)
    plan = client.capture(path, act_as="refiner", masterdata=KNOWN)
    assert verdicts(plan) == ["left_out", "left_out"] and "mine's to record" in plan.rows[0].why


def test_what_was_killed_halfway_goes_on(client: Client) -> None:
    """Of several operations of one event those that are missing, and no other, are recorded."""
    both = MINED | {"quantityList": [kilograms(ORE, 300), kilograms(f"{ORE}-B", 700)]}
    plan = plan_of(client, both)
    for operation in plan.operations[:1]:
        client.submit(Source.of([operation]))
    (left,) = plan_of(client, both).operations
    assert left == plan.operations[1]
    client.submit(Source.of([left]))
    assert verdicts(plan_of(client, both)) == ["recorded"]
    part = SHIPPED | {"quantityList": [kilograms(ORE, 100)]}
    split, ship = plan_of(client, part).operations
    client.submit(Source.of([split]))
    assert list(plan_of(client, part).operations) == [ship]
    client.submit(Source.of([ship]))
    assert verdicts(plan_of(client, part)) == ["recorded"]
