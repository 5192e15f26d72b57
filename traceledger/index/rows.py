"""Between rows of the index and values of :mod:`traceledger.model`.

Example:
    >>> substances_from(substances_text({27: 5, 3: 1}))
    {Li: 1, Co: 5}
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

from traceledger.artifacts.identity import identity_of
from traceledger.index.columns import Column, Table
from traceledger.index.schema import blob_id, id_blob
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState, Substances
from traceledger.model.evidence import Evidence
from traceledger.model.keccak import keccak
from traceledger.model.registry import Approval, Facility, Material, Participant, ParticipantState
from traceledger.model.substances import BySubstance

FACILITY = "id, participant, identifier, name, kind, country, latitude, longitude"
MATERIAL = "id, slug, name, cas, substances"
PARTICIPANT = "address, slug, name, country, roles, state"
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


def _joined(ids: tuple[int, ...]) -> bytes:
    return b"".join(map(id_blob, ids))


def _parted(ids: bytes) -> tuple[int, ...]:
    return tuple(blob_id(ids[start : start + 32]) for start in range(0, len(ids), 32))


BATCH = Table(
    "batch",
    Batch,
    (
        Column("id", "id", id_blob, blob_id),
        Column("creator", "creator"),
        Column("identifier", "identifier"),
        Column("material", "material", id_blob, blob_id),
        Column("facility", "facility", id_blob, blob_id),
        Column("custodian", "custodian", changes=True),
        Column("state", "state", int, BatchState, changes=True),
        Column("frozen", "frozen", int, bool, changes=True),
        Column("mass", "mass_mg", changes=True),
        Column("own", "own_mg", changes=True),
        Column("inherited", "inherited_mg", changes=True),
        Column("primary_part", "primary_mg", changes=True),
        Column("substances", "substances_mg", substances_text, substances_from, changes=True),
    ),
)
SHIPMENT = Table(
    "shipment",
    Shipment,
    (
        Column("id", "id", id_blob, blob_id),
        Column("sender", "sender"),
        Column("receiver", "receiver"),
        Column("identifier", "identifier"),
        Column("batches", "batches", _joined, _parted),
        Column("state", "state", attrgetter("value"), ShipmentState, changes=True),
    ),
)


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
    """What the index keeps of a transaction's calldata: the Keccak-256 of what it is known again by."""
    return bytes(keccak(identity_of(calldata)))
