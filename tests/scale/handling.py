"""What happens to lots besides: measured again, held, refused, and runs that leave waste."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scale.abi import address
from tests.scale.corrections import AUDITOR
from tests.scale.ledger import TAG, Ledger
from tests.scale.lots import Lot, Shipment

WEIGHED, PENDING, WET = "umpire assay", "assay pending", "wet"


def remeasure(ledger: Ledger, lot: Lot, mass: int, held: dict[int, int], *, by_auditor: bool) -> None:
    """It weighs something else."""
    who = AUDITOR if by_auditor else lot.custodian
    keys = (lot.id, ledger.address[lot.custodian], ledger.address[who])
    data = (by_auditor, ledger.now, mass, tuple(held.items()), WEIGHED, ())
    ledger.emit(who, "BatchRemeasured", keys, data)
    raised = [number for number, amount in held.items() if amount and not lot.substances[number]]
    if raised:
        ledger.history.append(("raised", lot.id, f"{lot.creator}/{lot.name}", raised))
    lot.mass, lot.substances = mass, dict(held)
    name, substances = f"{lot.creator}/{lot.name}", ledger.named(held)
    ledger.told(who, "remeasure", batch=name, mass=mass, substances=substances, reason=WEIGHED)


def hold(ledger: Ledger, lot: Lot) -> None:
    """The custodian keeps it back."""
    data = (0, ledger.now, PENDING, ())
    ledger.emit(lot.custodian, "BatchHeld", (lot.id, ledger.address[lot.custodian]), data)
    ledger.told(lot.custodian, "hold", batch=f"{lot.creator}/{lot.name}", reason=PENDING)


def release(ledger: Ledger, lot: Lot) -> None:
    """It may be used again."""
    data = (0, ledger.now, "", ())
    ledger.emit(lot.custodian, "BatchReleased", (lot.id, ledger.address[lot.custodian]), data)
    ledger.told(lot.custodian, "release", batch=f"{lot.creator}/{lot.name}")


def refuse(ledger: Ledger, shipment: Shipment, lots: Sequence[Lot]) -> None:
    """The receiver sends some lots of it back."""
    receiver = ledger.address[shipment.receiver]
    data = (ledger.now, WET, [lot.id for lot in lots], TAG, ())
    ledger.emit(shipment.receiver, "ShipmentRejected", (shipment.id, receiver), data)
    refused = {f"{lot.creator}/{lot.name}": "refused" for lot in lots}
    name = f"{shipment.sender}/{shipment.name}"
    ledger.told(shipment.receiver, "receive", shipment=name, lots=refused, reason=WET)


def receive(ledger: Ledger, shipment: Shipment, lots: Sequence[Lot]) -> None:
    """Some lots of it arrive, as they were sent."""
    sender, receiver = (ledger.address[slug] for slug in (shipment.sender, shipment.receiver))
    moved = [(address(sender), address(receiver), lot.id) for lot in lots]
    data = (ledger.now, [(lot.id, lot.mass, 0, ()) for lot in lots], TAG, ())
    ledger.emit(shipment.receiver, "ShipmentReceived", (shipment.id, receiver), data, moved=moved)
    for lot in lots:
        lot.custodian = shipment.receiver
    answered = {f"{lot.creator}/{lot.name}": "received" for lot in lots}
    name = f"{shipment.sender}/{shipment.name}"
    ledger.told(shipment.receiver, "receive", shipment=name, lots=answered)
