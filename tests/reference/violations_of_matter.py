"""Operations that break a rule of origins or of conservation."""

from __future__ import annotations

from tests.reference.chains import CAPACITY, Builder, Operation
from tests.reference.openings import (
    AT,
    a_mint,
    a_run,
    a_usable,
    an_addition,
    an_offer,
    full,
    in_state,
    one,
    rule,
    transformable,
)
from tests.reference.values import LARGEST, SYMBOLS, milligrams


@rule("OriginNotApproved")
def unapproved_origin(_: Builder) -> list[Operation]:
    return [a_mint(material="spodumene", substances={"Li": "1 kg"})]


@rule("OriginNotApproved")
def withdrawn_origin(_: Builder) -> list[Operation]:
    facility = {"facility": "katanga/pit-4", "material": "nickel-ore"}
    return [{"op": "approve_origin", **facility, "capacity_per_year": 0}, a_mint()]


@rule("CapacityExceeded")
def over_capacity(_: Builder) -> list[Operation]:
    return [a_mint(batch="FIRST", mass=milligrams(CAPACITY) - 5), a_mint(mass=6, substances={}, emissions={})]


@rule("NotAnOrigin")
def mint_at_a_refinery(_: Builder) -> list[Operation]:
    return [a_mint(facility="concentrator")]


@rule("OriginMismatch")
def recycled_from_a_mine(_: Builder) -> list[Operation]:
    return [a_mint(origin="post_consumer")]


@rule("OriginMismatch")
def mined_by_a_recycler(_: Builder) -> list[Operation]:
    changes = {"as": "umicycle", "facility": "hoboken", "material": "anode"}
    return [a_mint(**changes, substances={"C": 5})]


@rule("ForeignFacility")
def mint_at_anothers_mine(_: Builder) -> list[Operation]:
    return [a_mint(**{"as": "pilbara"}, facility="katanga/pit-4")]


@rule("OperationsFileError")
def mint_twice(_: Builder) -> list[Operation]:
    return [a_mint(), a_mint()]


@rule("ZeroMass")
def mint_nothing(_: Builder) -> list[Operation]:
    return [a_mint(mass=0, substances={})]


@rule("SubstancesExceedMass")
def more_than_pure(_: Builder) -> list[Operation]:
    return [a_mint(mass="1 kg", substances={"Ni": 10**6 + 1})]


@rule("SubstanceNotInMaterial")
def strange_substance(_: Builder) -> list[Operation]:
    return [a_mint(substances={"Cu": 1})]


@rule("PartExceedsEmissions")
def more_primary_than_all(_: Builder) -> list[Operation]:
    return [a_mint(emissions={"scope1": 5, "scope3": 5, "primary": 11})]


@rule("SubstanceNotConserved")
def substance_appears(builder: Builder) -> list[Operation]:
    op = a_run(builder, transformable(builder), losses="balance")
    held = op["outputs"][0]["substances"]
    held[next(iter(held))] += 1
    return [op]


@rule("SubstanceNotConserved")
def substance_vanishes(builder: Builder) -> list[Operation]:
    op = a_run(builder, transformable(builder))
    held = op["outputs"][0]["substances"]
    largest = max(held, key=lambda name: held[name])
    held[largest] -= 1
    return [op]


@rule("SubstanceNotConserved")
def substance_from_nothing(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    op = a_run(builder, batch)
    new = one(SYMBOLS[number] for number in SYMBOLS if not batch.pools.substances.get(number))
    op["outputs"][0]["substances"][new] = 1
    return [op]


@rule("SubstanceNotConserved")
def loss_of_what_was_not_there(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    new = one(SYMBOLS[number] for number in SYMBOLS if not batch.pools.substances.get(number))
    return [a_run(builder, batch, losses={new: 1})]


@rule("BatchNotActive")
def spend_twice(builder: Builder) -> list[Operation]:
    batch = in_state(builder, "consumed")
    op = a_run(builder, batch, inputs=[{"batch": full(batch)}])
    return [op]


@rule("BatchNotActive")
def same_input_twice(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    return [a_run(builder, batch, inputs=[{"batch": full(batch)}] * 2)]


@rule("BatchNotActive")
def use_a_retired_batch(builder: Builder) -> list[Operation]:
    return [an_offer(in_state(builder, "retired"), "oem")]


@rule("InsufficientMass")
def transform_too_much(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    inputs = [{"batch": full(batch), "mass": batch.pools.mass + 1}]
    return [a_run(builder, batch, inputs=inputs, losses="balance")]


@rule("InsufficientMass")
def split_too_much(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    into = [{"batch": "BROKEN-A", "mass": batch.pools.mass - 1}, {"batch": "BROKEN-B", "mass": 2}]
    return [{"op": "split", "as": batch.custodian, "batch": full(batch), "into": into, "at": AT}]


@rule("ForeignFacility")
def transform_at_anothers_site(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    facility = one("/".join(name) for name in builder.ledger.facilities if name[0] != batch.custodian)
    return [a_run(builder, batch, facility=facility)]


@rule("OperationsFileError")
def run_twice(builder: Builder) -> list[Operation]:
    batch = transformable(builder)
    first = a_run(builder, batch)
    again = {**first, "inputs": [{"batch": f"{batch.custodian}/BROKEN"}]}
    again["outputs"] = [{**first["outputs"][0], "batch": "BROKEN-2"}]
    return [first, again]


@rule("QuantityTooLarge")
def too_much_co2e(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_addition(batch, emissions={"scope1": LARGEST, "scope2": 1})]
