"""Operations that break a rule of measuring, holding, a second life, or of what puts right."""

from __future__ import annotations

from typing import Any

from tests.reference.chains import Builder, Operation
from tests.reference.openings import (
    AT,
    a_mint,
    a_run,
    a_shipment,
    a_usable,
    an_addition,
    an_answer,
    an_offer,
    another,
    full,
    rule,
    transformable,
)
from tests.reference.values import Batch

PAPER = [{"uri": "urn:paper", "sha256": "5a" * 32}]
BROKEN = "katanga/BROKEN"


def on(op: str, batch: Batch | str, **changes: Any) -> Operation:
    """An operation on a batch, by its custodian where nothing else is said."""
    name = batch if isinstance(batch, str) else full(batch)
    who = name.partition("/")[0] if isinstance(batch, str) else batch.custodian
    return {"op": op, "as": who, "batch": name, "reason": "assay", "at": AT} | changes


def reversal(of: Operation, **changes: Any) -> Operation:
    return {"op": "reverse", "as": "katanga", "of": of, "reason": "incorrect_data", "at": AT} | changes


@rule("ToleranceExceeded")
def measure_beyond_tolerance(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [on("remeasure", batch, mass=batch.pools.mass + 1)]


@rule("RaisedFromNothing")
def find_a_substance(_: Builder) -> list[Operation]:
    measured = {"mass": "2 t", "substances": {"Ni": "20 kg", "Co": 5}}
    return [a_mint(substances={"Ni": "20 kg", "Co": 0}), on("remeasure", BROKEN, **measured)]


@rule("NotCustodian")
def measure_anothers(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    who = another(builder, batch.custodian, "assayer")
    return [on("remeasure", batch, **{"as": who}, mass=batch.pools.mass)]


@rule("DifferenceNotExplained")
def less_without_a_reason(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    batch = next(b for b in map(builder.ledger.batches.get, shipment.open) if b is not None)
    return [an_answer("receive", shipment, lots={full(batch): {"mass": batch.pools.mass + 1}})]


@rule("BatchIsHeld")
def ship_what_is_held(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [on("hold", batch), an_offer(batch, "oem")]


@rule("AlreadyHeld")
def hold_twice(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [on("hold", batch), on("hold", batch, reason="another")]


@rule("NotHeld")
def release_what_is_not_held(builder: Builder) -> list[Operation]:
    return [on("release", a_usable(builder))]


@rule("NotAProduct")
def deliver_no_product(builder: Builder) -> list[Operation]:
    return [on("retire", a_usable(builder), how="delivered")]


@rule("NotForTakeBack")
def take_back_what_was_not_delivered(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    op = on("take_back", batch, **{"as": "umicycle"}, facility="hoboken", evidence=PAPER)
    del op["reason"]
    return [op]


@rule("NotForRecycling")
def recycle_what_is_new(builder: Builder) -> list[Operation]:
    return [a_run(builder, transformable(builder), recycling=True)]


@rule("WasteElsewhere")
def use_waste_elsewhere(_: Builder) -> list[Operation]:
    sludge = {"op": "define_material", "material": "sludge", "name": "Sludge", "substances": ["Ni"]}
    run: Operation = {"op": "transform", "as": "katanga", "process": "washing", "losses": "balance", "at": AT}
    into = {"material": "sludge", "mass": "1 t", "substances": {"Ni": "1 kg"}}
    first = {"transformation": "BROKEN-1", "facility": "concentrator", "inputs": [{"batch": BROKEN}]}
    again = {"transformation": "BROKEN-2", "facility": "pit-4", "inputs": [{"batch": "katanga/SLUDGE"}]}
    return [
        sludge | {"waste": True},
        a_mint(),
        {**run, **first, "outputs": [{**into, "batch": "SLUDGE"}]},
        {**run, **again, "outputs": [{**into, "batch": "SLUDGE-2"}]},
    ]


@rule("OriginNotApproved")
def untraced_without_approval(_: Builder) -> list[Operation]:
    return [a_mint(origin="untraced")]


@rule("ApprovalNotInForce")
def after_the_approval(_: Builder) -> list[Operation]:
    approval = {"facility": "katanga/pit-4", "material": "nickel-ore", "capacity_per_year": "9 t"}
    return [{"op": "approve_origin", **approval, "until": "2024-05-31"}, a_mint()]


@rule("ContentOutOfBounds")
def off_specification(_: Builder) -> list[Operation]:
    matte = {"op": "define_material", "material": "matte", "name": "Matte", "substances": ["Ni"]}
    approval = {"op": "approve_origin", "facility": "katanga/pit-4", "material": "matte"}
    mint = a_mint(material="matte")
    return [matte | {"content": {"Ni": "2 % - 3 %"}}, approval | {"capacity_per_year": "9 t"}, mint]


@rule("BuiltOn")
def reverse_what_was_used(_: Builder) -> list[Operation]:
    split = {"op": "split", "as": "katanga", "batch": BROKEN, "at": AT}
    into = [{"batch": "BROKEN-A", "mass": "1 t"}]
    return [a_mint(), {**split, "into": into}, reversal({"mint": BROKEN})]


@rule("NotAuthorNorAuditor")
def reverse_anothers(_: Builder) -> list[Operation]:
    return [a_mint(), reversal({"mint": BROKEN}, **{"as": "oem"})]


@rule("NotAsRecorded")
def reverse_twice(_: Builder) -> list[Operation]:
    return [a_mint(), reversal({"mint": BROKEN}), reversal({"mint": BROKEN}, reason="again")]


@rule("OperationsFileError")
def a_name_twice_after_reversal(_: Builder) -> list[Operation]:
    return [a_mint(), reversal({"mint": BROKEN}), a_mint(mass="3 t")]


@rule("EvidenceRequired")
def restate_less_without_evidence(_: Builder) -> list[Operation]:
    of = {"op": "restate_emissions", "as": "katanga", "of": {"mint": BROKEN}, "reason": "audit", "at": AT}
    return [a_mint(), {**of, "emissions": {"scope1": "1 kg"}}]


@rule("NotAuthorNorAuditor")
def confirm_oneself(_: Builder) -> list[Operation]:
    of = {"as": "katanga", "of": {"mint": BROKEN}, "at": AT, "evidence": PAPER}
    restated = {"op": "restate_emissions", "emissions": {"scope1": "1 kg"}, "reason": "audit", **of}
    return [a_mint(), restated, {"op": "confirm_restatement", **of}]


@rule("ParticipantNotActive")
def report_when_terminated(_: Builder) -> list[Operation]:
    thrown_out = {"op": "terminate_participant", "participant": "katanga", "reason": "fraud"}
    report = {"op": "add_emissions", "as": "katanga", "batch": BROKEN, "reason": "storage", "at": AT}
    return [a_mint(), thrown_out, {**report, "emissions": {"scope2": "1 kg"}}]


@rule("OperationsFileError")
def a_record_twice(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_addition(batch, record="JULY"), an_addition(batch, record="JULY", emissions={"scope2": 5})]
