"""Between rows of the index and values of :mod:`traceledger.model`.

Example:
    >>> substances_from(substances_text({27: 5, 3: 1}))
    {Li: 1, Co: 5}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from traceledger.index.columns import Column, Table
from traceledger.index.schema import blob_id, id_blob
from traceledger.model.batches import (
    Batch,
    BatchState,
    Origin,
    Retirement,
    Shipment,
    ShipmentState,
    Substances,
)
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.identifiers import Identifier
from traceledger.model.keccak import keccak
from traceledger.model.registry import (
    Approval,
    Content,
    Facility,
    Material,
    Participant,
    ParticipantState,
    Terms,
)
from traceledger.model.substances import BySubstance

if TYPE_CHECKING:
    from traceledger.replay.trail import ReceiptEntry, TakeBackEntry

_DIGEST = 16
FACILITY = """id, participant, identifier, name, kind, country, latitude, longitude, holder, offered_to,
    approvals_paused, identifiers"""
MATERIAL = "id, slug, name, cas, substances, waste, product, limits"
PARTICIPANT = "address, slug, name, country, roles, state, identifiers"
APPROVAL = "facility, material, origin, capacity, first, last"


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


def identifiers_text(identifiers: Iterable[Identifier]) -> str:
    """What others call something, as a JSON object by scheme."""
    return json.dumps({item.scheme: item.value for item in identifiers}, separators=(",", ":"))


def identifiers_from(text: str) -> tuple[Identifier, ...]:
    """The inverse of :func:`identifiers_text`."""
    return tuple(Identifier(scheme, value) for scheme, value in json.loads(text).items())


def limits_text(terms: Terms) -> str:
    """Tolerances and contents of a material, as a JSON list."""
    contents = [astuple(content) for content in terms.contents]
    return json.dumps([terms.tolerance_mass_bp, terms.tolerance_substances_bp, contents])


def emissions_text(emissions: Emissions) -> str:
    """Emissions as a JSON list of their fields."""
    return json.dumps([getattr(emissions, name) for name in EMISSION_FIELDS], separators=(",", ":"))


def emissions_from(text: str) -> Emissions:
    """The inverse of :func:`emissions_text`."""
    return Emissions(*json.loads(text))


def entry_text(entry: ReceiptEntry | TakeBackEntry) -> str:
    """By what a custodian came by a batch, as a JSON list of its fields; bytes in hexadecimal."""
    from traceledger.replay.trail import struct_of

    return json.dumps(struct_of(entry), default=bytes.hex, separators=(",", ":"))


def entry_from(text: str) -> ReceiptEntry | TakeBackEntry:
    """The inverse of :func:`entry_text`."""
    from traceledger.replay.trail import ReceiptEntry, TakeBackEntry

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
    *said, holder, offered_to, paused, identifiers = row[1:]
    return replace(
        Facility(blob_id(row[0]), *said),
        holder=holder,
        offered_to=offered_to,
        approvals_paused=bool(paused),
        identifiers=identifiers_from(identifiers),
    )


def material_from(row: tuple[Any, ...]) -> Material:
    """A material from a row of :data:`MATERIAL`."""
    id_, slug, name, cas, substances, waste, product, limits = row
    of_mass, of_substances, contents = json.loads(limits)
    return Material(
        blob_id(id_),
        slug,
        name,
        cas,
        tuple(json.loads(substances)),
        waste=bool(waste),
        product=bool(product),
        tolerance_mass_bp=of_mass,
        tolerance_substances_bp=of_substances,
        contents=tuple(Content(*content) for content in contents),
    )


def participant_from(row: tuple[Any, ...], operators: tuple[bytes, ...]) -> Participant:
    """A participant from a row of :data:`PARTICIPANT` and its keys."""
    address, slug, name, country, roles, state, identifiers = row
    standing, others = ParticipantState(state), identifiers_from(identifiers)
    return Participant(address, slug, name, country, tuple(json.loads(roles)), standing, operators, others)


def approval_from(row: tuple[Any, ...]) -> Approval:
    """An approval from a row of :data:`APPROVAL`."""
    facility, material, origin, *numbers = row
    return Approval(blob_id(facility), blob_id(material), Origin(origin), *map(int, numbers))


def operation_digest(calldata: bytes) -> bytes:
    """What the index keeps of a transaction's calldata: of the Keccak-256 of what it is known again by, half.

    Who could make another operation of one's own of the same 16 bytes would have to try 2^128 of them.
    """
    # Only what writes, or asks what was sent, waits for the contracts' functions.
    from traceledger.artifacts.identity import identity_of

    return bytes(keccak(identity_of(calldata)))[:_DIGEST]
