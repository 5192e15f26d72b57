"""Operations that break a rule of custody, of standing or of keys."""

from __future__ import annotations

from tests.reference.chains import Builder, Operation
from tests.reference.openings import (
    AT,
    Impossible,
    a_mint,
    a_shipment,
    a_usable,
    an_addition,
    an_answer,
    an_error,
    an_offer,
    another,
    full,
    in_state,
    rule,
)


@rule("NotCustodian")
def ship_anothers_batch(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    thief = another(builder, batch.custodian)
    return [an_offer(batch, batch.custodian, **{"as": thief})]


@rule("NotCustodian")
def use_before_receipt(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    if shipment.receiver == shipment.name[0]:
        raise Impossible
    batch = builder.ledger.batches[shipment.batches[0]]
    return [an_addition(batch, **{"as": shipment.receiver})]


@rule("BatchNotActive")
def use_in_transit(builder: Builder) -> list[Operation]:
    return [an_addition(in_state(builder, "in_transit"))]


@rule("BatchNotActive")
def ship_the_same_twice(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_offer(batch, "oem", batches=[full(batch)] * 2)]


@rule("DifferenceNotExplained")
def surplus(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    batch = builder.ledger.batches[shipment.batches[-1]]
    return [an_answer("receive", shipment, arrived={full(batch): batch.pools.mass + 1})]


@rule("ZeroMass")
def nothing_arrives(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    return [an_answer("receive", shipment, arrived={"/".join(shipment.batches[0]): 0})]


@rule("OperationsFileError")
def receive_twice(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    return [an_answer("receive", shipment), an_answer("receive", shipment)]


@rule("OperationsFileError")
def reject_after_the_end(builder: Builder) -> list[Operation]:
    return [an_answer("reject", a_shipment(builder, is_open=False))]


@rule("OperationsFileError")
def cancel_after_the_end(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=False)
    return [an_answer("cancel", shipment, **{"as": shipment.name[0]})]


@rule("ShipmentMismatch")
def receive_anothers_shipment(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    return [an_answer("receive", shipment, **{"as": another(builder, shipment.receiver)})]


@rule("ShipmentMismatch")
def reject_anothers_shipment(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    return [an_answer("reject", shipment, **{"as": another(builder, shipment.receiver)})]


@rule("OperationsFileError")
def offer_twice(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    first = an_offer(batch, "oem")
    cancelled = {"op": "cancel", "as": batch.custodian, "shipment": "BROKEN-SEA", "at": AT}
    return [first, cancelled, an_offer(batch, "cellco")]


@rule("BatchIsFrozen")
def use_a_frozen_batch(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_error(batch), an_offer(batch, "oem")]


@rule("BatchIsFrozen")
def receive_a_frozen_batch(builder: Builder) -> list[Operation]:
    shipment = a_shipment(builder, is_open=True)
    batch = builder.ledger.batches[shipment.batches[0]]
    return [an_error(batch), an_answer("receive", shipment, lots={full(batch): "received"})]


@rule("ErrorAlreadyDeclared")
def declare_twice(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_error(batch), an_error(batch, reason="did_not_occur")]


@rule("NotCreatorNorAuditor")
def declare_as_a_stranger(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    return [an_error(batch, **{"as": another(builder, batch.name[0], "assayer")})]


@rule("ParticipantNotActive")
def mint_while_suspended(_: Builder) -> list[Operation]:
    return [{"op": "suspend_participant", "participant": "katanga", "reason": "finding"}, a_mint()]


@rule("ParticipantNotActive")
def ship_to_a_terminated(builder: Builder) -> list[Operation]:
    batch = a_usable(builder)
    if batch.custodian == "carrier":
        raise Impossible
    return [
        {"op": "terminate_participant", "participant": "carrier", "reason": "left"},
        an_offer(batch, "carrier"),
    ]


@rule("StatusChangeNotAllowed")
def reinstate_a_terminated(_: Builder) -> list[Operation]:
    common = {"participant": "carrier", "reason": "left"}
    return [{"op": "terminate_participant", **common}, {"op": "reinstate_participant", **common}]


@rule("NotAuditorNorConsortium")
def reinstate_oneself(_: Builder) -> list[Operation]:
    common = {"participant": "jharkhand", "reason": "finding"}
    reinstate = {"op": "reinstate_participant", "as": "jharkhand", **common}
    return [{"op": "suspend_participant", **common}, reinstate]


@rule("AccessManagedUnauthorized")
def approve_oneself(_: Builder) -> list[Operation]:
    return [
        {
            "op": "approve_origin",
            "as": "katanga",
            "facility": "katanga/pit-4",
            "material": "spodumene",
            "capacity_per_year": "1 t",
        }
    ]


@rule("NotAnOrigin")
def approve_a_warehouse(_: Builder) -> list[Operation]:
    facility = {"facility": "kokkola/annexe", "material": "spodumene", "origin": "mined"}
    return [{"op": "approve_origin", **facility, "capacity_per_year": "1 t"}]


@rule("OperationsFileError")
def facility_twice(_: Builder) -> list[Operation]:
    return [
        {"op": "register_facility", "as": "katanga", "facility": "pit-4", "kind": "mine", "country": "CD"}
    ]


@rule("OperationsFileError")
def material_twice(_: Builder) -> list[Operation]:
    return [{"op": "define_material", "material": "slag", "name": "Other slag"}]


@rule("OperationsFileError")
def short_name_twice(_: Builder) -> list[Operation]:
    return [
        {
            "op": "register_participant",
            "participant": "katanga",
            "name": "Another",
            "country": "CD",
        }
    ]


@rule("NotAnOperatorOf")
def revoke_a_stranger(_: Builder) -> list[Operation]:
    return [{"op": "revoke_operator", "as": "oem", "participant": "oem", "operator": "0x" + "5c" * 20}]
