"""Between rows of the index and values of :mod:`traceledger.model`.

Example:
    >>> substances_from(substances_text({27: 5, 3: 1}))
    {Li: 1, Co: 5}
"""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any

from traceledger.artifacts.identity import identity_of
from traceledger.index.columns import Column, Table
from traceledger.index.schema import blob_id, id_blob
from traceledger.model.batches import Batch, BatchState, Retirement, Shipment, ShipmentState, Substances
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.keccak import keccak
from traceledger.model.registry import Approval, Facility, Material, Participant, ParticipantState
from traceledger.model.substances import BySubstance
from traceledger.replay.trail import ReceiptEntry, TakeBackEntry, struct_of

FACILITY = "id, participant, identifier, name, kind, country, latitude, longitude"
MATERIAL = "id, slug, name, cas, substances, waste, product"
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


def emissions_text(emissions: Emissions) -> str:
    """Emissions as a JSON list of their fields."""
    return json.dumps([getattr(emissions, name) for name in EMISSION_FIELDS], separators=(",", ":"))


def emissions_from(text: str) -> Emissions:
    """The inverse of :func:`emissions_text`."""
    return Emissions(*json.loads(text))


def entry_text(entry: ReceiptEntry | TakeBackEntry) -> str:
    """By what a custodian came by a batch, as a JSON list of its fields; bytes in hexadecimal."""
    return json.dumps(struct_of(entry), default=bytes.hex, separators=(",", ":"))


def entry_from(text: str) -> ReceiptEntry | TakeBackEntry:
    """The inverse of :func:`entry_text`."""
    parts = [_part(part) for part in json.loads(text)]
    return (ReceiptEntry if len(parts) == len(fields(ReceiptEntry)) else TakeBackEntry)(*parts)


def _part(part: Any) -> Any:
    if isinstance(part, str):
        return bytes.fromhex(part)
    return tuple(map(tuple, part)) if isinstance(part, list) else part


def _listed(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


def _retirement(number: int | None) -> Retirement | None:
    return None if number is None else Retirement(number)


def _flag(name: str) -> Column:
    return Column(name, name, int, bool, changes=True)


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
        Column("mass", "mass_mg", changes=True),
        Column("own", "own_mg", changes=True),
        Column("inherited", "inherited_mg", changes=True),
        Column("primary_part", "primary_mg", changes=True),
        Column("substances", "substances_mg", substances_text, substances_from, changes=True),
        Column("tracked", "tracked", _listed, _numbers, changes=True),
        Column("differences", "differences", _listed, _numbers, changes=True),
        _flag("disputed"),
        _flag("error_by_auditor"),
        _flag("frozen_by_maker"),
        _flag("held_by_custodian"),
        _flag("held_by_auditor"),
        _flag("recalled"),
        _flag("waste"),
        Column("arose", "arose", id_blob, blob_id),
        _flag("taken_back"),
        _flag("off_specification"),
        # As text: pieces have 64 bits without a sign, SQLite's integers have one.
        Column("pieces", "pieces", str, int),
        Column("retired_how", "retired_how", read=_retirement, changes=True),
        Column("owner", "owner", changes=True),
        Column("uses", "uses", changes=True),
        Column("events", "events", changes=True),
        Column("trail", "trail", changes=True),
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
        Column("owner", "owner"),
        Column("return_of", "return_of", id_blob, blob_id),
        Column("emissions", "emissions", emissions_text, emissions_from),
        Column("batches", "batches", _joined, _parted),
        Column("open", "open", _joined, _parted, changes=True),
        Column("received", "received", _joined, _parted, changes=True),
        Column("refused", "refused", _joined, _parted, changes=True),
        Column("state", "state", attrgetter("value"), ShipmentState, changes=True),
    ),
)


def facility_from(row: tuple[Any, ...]) -> Facility:
    """A facility from a row of :data:`FACILITY`."""
    return Facility(blob_id(row[0]), *row[1:])


def material_from(row: tuple[Any, ...]) -> Material:
    """A material from a row of :data:`MATERIAL`."""
    id_, slug, name, cas, substances, waste, product = row
    numbers = tuple(json.loads(substances))
    return Material(blob_id(id_), slug, name, cas, numbers, waste=bool(waste), product=bool(product))


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
