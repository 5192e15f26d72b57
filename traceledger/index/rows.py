"""Between rows of the index and values of :mod:`traceledger.model`.

Example:
    >>> substances_from(substances_text({27: 5, 3: 1}))
    {Li: 1, Co: 5}
"""

from __future__ import annotations

import json
from typing import Any

from traceledger.index.schema import blob_id, id_blob
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState, Substances
from traceledger.model.evidence import Evidence
from traceledger.model.keccak import keccak
from traceledger.model.registry import Approval, Facility, Material, Participant, ParticipantState
from traceledger.model.substances import BySubstance

BATCH = (
    "id, creator, identifier, material, facility, custodian, state, frozen,"
    " mass, own, inherited, primary_part, substances"
)
FACILITY = "id, participant, identifier, name, kind, country, latitude, longitude"
MATERIAL = "id, slug, name, cas, substances"
PARTICIPANT = "address, slug, name, country, roles, state"
SHIPMENT = "id, sender, receiver, identifier, batches, state"
APPROVAL = "facility, material, capacity"


def substances_text(substances: Substances) -> str:
    """Masses by substance as a JSON object, by ascending number."""
    return json.dumps(dict(sorted(substances.items())), separators=(",", ":"))


def substances_from(text: str) -> BySubstance[int]:
    """The inverse of :func:`substances_text`."""
    return BySubstance((int(number), mass) for number, mass in json.loads(text).items())


def evidence_text(evidence: tuple[Evidence, ...]) -> str:
    """Documents as a JSON list of pairs: SHA-256 in hexadecimal, URI."""
    return json.dumps([(item.sha256.hex(), item.uri) for item in evidence], separators=(",", ":"))


def evidence_from(text: str) -> tuple[Evidence, ...]:
    """The inverse of :func:`evidence_text`."""
    return tuple(Evidence(uri, bytes.fromhex(digest)) for digest, uri in json.loads(text))


def batch_row(batch: Batch) -> tuple[Any, ...]:
    """A batch in the order of :data:`BATCH`."""
    return (
        id_blob(batch.id),
        batch.creator,
        batch.identifier,
        id_blob(batch.material),
        id_blob(batch.facility),
        batch.custodian,
        int(batch.state),
        int(batch.frozen),
        batch.mass_mg,
        batch.own_mg,
        batch.inherited_mg,
        batch.primary_mg,
        substances_text(batch.substances_mg),
    )


def batch_from(row: tuple[Any, ...]) -> Batch:
    """The inverse of :func:`batch_row`."""
    (
        id_,
        creator,
        identifier,
        material,
        facility,
        custodian,
        state,
        frozen,
        mass,
        own,
        inherited,
        primary,
        substances,
    ) = row
    return Batch(
        blob_id(id_),
        creator,
        identifier,
        blob_id(material),
        blob_id(facility),
        custodian,
        BatchState(state),
        bool(frozen),
        mass,
        own,
        inherited,
        primary,
        substances_from(substances),
    )


def shipment_row(shipment: Shipment) -> tuple[Any, ...]:
    """A shipment in the order of :data:`SHIPMENT`."""
    return (
        id_blob(shipment.id),
        shipment.sender,
        shipment.receiver,
        shipment.identifier,
        b"".join(map(id_blob, shipment.batches)),
        shipment.state.value,
    )


def shipment_from(row: tuple[Any, ...]) -> Shipment:
    """The inverse of :func:`shipment_row`."""
    id_, sender, receiver, identifier, batches, state = row
    ids = tuple(blob_id(batches[start : start + 32]) for start in range(0, len(batches), 32))
    return Shipment(blob_id(id_), sender, receiver, identifier, ids, ShipmentState(state))


def facility_from(row: tuple[Any, ...]) -> Facility:
    """A facility from a row of :data:`FACILITY`."""
    return Facility(blob_id(row[0]), *row[1:])


def material_from(row: tuple[Any, ...]) -> Material:
    """A material from a row of :data:`MATERIAL`."""
    id_, slug, name, cas, substances = row
    return Material(blob_id(id_), slug, name, cas, tuple(json.loads(substances)))


def participant_from(row: tuple[Any, ...], operators: tuple[bytes, ...]) -> Participant:
    """A participant from a row of :data:`PARTICIPANT` and its keys."""
    address, slug, name, country, roles, state = row
    return Participant(
        address, slug, name, country, tuple(json.loads(roles)), ParticipantState(state), operators
    )


def approval_from(row: tuple[Any, ...]) -> Approval:
    """An approval from a row of :data:`APPROVAL`."""
    return Approval(blob_id(row[0]), blob_id(row[1]), int(row[2]))


def operation_digest(calldata: bytes) -> bytes:
    """What the index keeps of a transaction's calldata: its Keccak-256."""
    return bytes(keccak(calldata))
