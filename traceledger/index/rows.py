"""Between rows of the index and values of :mod:`traceledger.model`.

Example:
    >>> substances_from(substances_text({27: 5, 3: 1}))
    {Li: 1, Co: 5}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

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
_json = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps makes one anew for each text.
FACILITY = """id, participant, identifier, name, kind, country, latitude, longitude, holder, offered_to,
    approvals_paused, identifiers"""
MATERIAL = "id, slug, name, cas, substances, waste, product, limits"
PARTICIPANT = "address, slug, name, country, roles, state, identifiers"
APPROVAL = "facility, material, origin, capacity, first, last"


def substances_text(substances: Substances) -> str:
    """Masses by substance as a JSON object, by ascending number."""
    return _json(dict(sorted(substances.items())))


def substances_from(text: str) -> BySubstance[int]:
    """The inverse of :func:`substances_text`."""
    return BySubstance((int(number), mass) for number, mass in json.loads(text).items())


def evidence_text(evidence: tuple[Evidence, ...]) -> str:
    """Documents as a JSON list of pairs: SHA-256 in hexadecimal, URI."""
    return _json([(item.sha256.hex(), item.uri) for item in evidence])


def evidence_from(text: str) -> tuple[Evidence, ...]:
    """The inverse of :func:`evidence_text`."""
    return tuple(Evidence(uri, bytes.fromhex(digest)) for digest, uri in json.loads(text))


def identifiers_text(identifiers: Iterable[Identifier]) -> str:
    """What others call something, as a JSON object by scheme."""
    return _json({item.scheme: item.value for item in identifiers})


def identifiers_from(text: str) -> tuple[Identifier, ...]:
    """The inverse of :func:`identifiers_text`."""
    return tuple(Identifier(scheme, value) for scheme, value in json.loads(text).items())


def limits_text(terms: Terms) -> str:
    """Tolerances and contents of a material, as a JSON list."""
    contents = [astuple(content) for content in terms.contents]
    return json.dumps([terms.tolerance_mass_bp, terms.tolerance_substances_bp, contents])


def emissions_text(emissions: Emissions) -> str:
    """Emissions as a JSON list of their fields."""
    return _json([getattr(emissions, name) for name in EMISSION_FIELDS])


def emissions_from(text: str) -> Emissions:
    """The inverse of :func:`emissions_text`."""
    return Emissions(*json.loads(text))


def numbers_text(numbers: Iterable[int]) -> str:
    """Integers one blank apart."""
    return " ".join(map(str, numbers))


def numbers_from(text: str) -> tuple[int, ...]:
    """The inverse of :func:`numbers_text`."""
    return tuple(map(int, text.split()))


def _pools_text(batch: Batch) -> str:
    """Of each substance that a batch was recorded with its number, and what is left of it."""
    pools, tracked = batch.substances_mg, batch.tracked
    if len(pools) == len(tracked):  # something is left of each: nearly always
        return " ".join(f"{number} {mass}" for number, mass in sorted(pools.items()))
    return " ".join(f"{number} {pools.get(number, 0)}" for number in tracked)


def pools_from(text: str) -> dict[int, int]:
    """What is left of each substance that a batch was recorded with, also none, by number."""
    numbers = iter(map(int, text.split()))
    return dict(zip(numbers, numbers, strict=True))


MARKS = (
    "disputed",
    "error_by_auditor",
    "frozen_by_maker",
    "held_by_custodian",
    "held_by_auditor",
    "recalled",
    "waste",
    "taken_back",
    "off_specification",
)
"""What a batch is or is not, by the bits of its ``marks``, the lowest first."""
_marks = attrgetter(*MARKS)
_NO_MARKS = (False,) * len(MARKS)
BATCH = """number, id, made_at, creator, identifier, material, facility, custodian, state, mass, own,
    inherited, primary_part, substances, differences, marks, arose, pieces, retired_how, owner, uses, events,
    trail"""
_OF_THINGS = (3, 5, 6, 7, 16, 19)
SHIPMENT = """number, id, sender, receiver, identifier, owner, return_of, emissions, batches, open, received,
    refused, state"""


def batch_row(
    batch: Batch, number: int, made_at: int, events: int, thing: Callable[[bytes], int]
) -> tuple[Any, ...]:
    """A batch as a row.

    Args:
        batch: the batch.
        number: its number.
        made_at: the position of the event that made it.
        events: how many events name it.
        thing: gives the number of an address, or of a site's or material's id.
    """
    marks = _marks(batch)
    return (
        number,
        id_blob(batch.id),
        made_at,
        thing(batch.creator),
        batch.identifier,
        thing(id_blob(batch.material)),
        thing(id_blob(batch.facility)),
        thing(batch.custodian),
        int(batch.state),
        batch.mass_mg,
        batch.own_mg,
        batch.inherited_mg,
        batch.primary_mg,
        _pools_text(batch),
        numbers_text(batch.differences) if batch.differences else "",
        0 if marks == _NO_MARKS else sum(1 << bit for bit, is_set in enumerate(marks) if is_set),
        thing(id_blob(batch.arose)) if batch.arose else 0,
        # As text: pieces have 64 bits without a sign, SQLite's integers have one.
        str(batch.pieces),
        None if batch.retired_how is None else int(batch.retired_how),
        None if batch.owner is None else thing(batch.owner),
        batch.uses,
        events,
        batch.trail,
    )


def batch_from(row: tuple[Any, ...], ids: Mapping[int, bytes]) -> Batch:
    """A batch from a row of :data:`BATCH`; ``ids`` are those of :func:`things_in`."""
    _, id_, _, creator, identifier, material, facility, custodian, state, *rest = row
    mass, own, inherited, primary, pools, differences, marks, arose, pieces, ended, owner, *last = rest
    uses, events, trail = last
    numbers = numbers_from(pools)
    tracked = numbers[::2]
    return Batch(
        blob_id(id_),
        ids[creator],
        identifier,
        blob_id(ids[material]),
        blob_id(ids[facility]),
        ids[custodian],
        BatchState(state),
        mass,
        own,
        inherited,
        primary,
        BySubstance((n, mg) for n, mg in zip(tracked, numbers[1::2], strict=True) if mg),
        tracked,
        numbers_from(differences),
        arose=blob_id(ids[arose]) if arose else 0,
        pieces=int(pieces),
        retired_how=None if ended is None else Retirement(ended),
        owner=None if owner is None else ids[owner],
        uses=uses,
        events=events,
        trail=trail,
        **{name: True for bit, name in enumerate(MARKS) if marks >> bit & 1},
    )


def things_in(found: Iterable[tuple[Any, ...]]) -> set[int]:
    """The numbers of all companies, sites and materials in rows of :data:`BATCH`."""
    return {row[place] for row in found for place in _OF_THINGS if row[place]}


def shipment_row(
    shipment: Shipment, number: int, return_of: int, thing: Callable[[bytes], int], lot: Callable[[int], int]
) -> tuple[Any, ...]:
    """A shipment as a row.

    Args:
        shipment: the shipment.
        number: its number.
        return_of: the number of the shipment with which its lots came; else 0.
        thing: gives the number of an address.
        lot: gives the number of a batch, by its id.
    """
    lists = (shipment.batches, shipment.open, shipment.received, shipment.refused)
    return (
        number,
        id_blob(shipment.id),
        thing(shipment.sender),
        thing(shipment.receiver),
        shipment.identifier,
        thing(shipment.owner),
        return_of,
        emissions_text(shipment.emissions),
        *(numbers_text(map(lot, ids)) for ids in lists),
        shipment.state.value,
    )


def shipment_from(
    row: tuple[Any, ...], ids: Mapping[int, bytes], lots: Mapping[int, int], shipments: Mapping[int, int]
) -> Shipment:
    """A shipment from a row of :data:`SHIPMENT`; of things, batches and shipments, the ids by number."""
    _, id_, sender, receiver, identifier, owner, return_of, emissions, *lists, state = row
    batches, open_, received, refused = (
        tuple(lots[number] for number in numbers_from(text)) for text in lists
    )
    return Shipment(
        blob_id(id_),
        ids[sender],
        ids[receiver],
        identifier,
        ids[owner],
        shipments[return_of] if return_of else 0,
        emissions_from(emissions),
        batches,
        open_,
        received,
        refused,
        ShipmentState(state),
    )


def entry_text(entry: ReceiptEntry | TakeBackEntry, thing: Callable[[bytes], int], shipment: int) -> str:
    """By what a custodian came by a batch, as a JSON list of its fields but for its salt.

    Args:
        entry: by what.
        thing: gives the number of an address, or of a site's or material's id.
        shipment: the number of the shipment of a receipt.
    """
    from traceledger.replay.trail import ReceiptEntry, struct_of

    fields = list(struct_of(entry)[:-1])
    if isinstance(entry, ReceiptEntry):
        fields[:2] = shipment, thing(entry.sender)
    else:
        ids = id_blob(entry.facility), id_blob(entry.material)
        fields[0], fields[2:4] = thing(entry.sender), map(thing, ids)
    return _json(fields)


def is_take_back(text: str) -> bool:
    """Whether an entry is that of a take-back."""
    from traceledger.replay.trail import TakeBackEntry

    return len(json.loads(text)) + 1 == len(TakeBackEntry.__dataclass_fields__)


def entry_from(
    text: str, salt: bytes, ids: Callable[[list[int]], Mapping[int, bytes]], shipment: Callable[[int], int]
) -> ReceiptEntry | TakeBackEntry:
    """The inverse of :func:`entry_text`.

    Args:
        text: the list.
        salt: the hash of the block before the one that holds the event.
        ids: gives the addresses and ids of things, by number.
        shipment: gives the id of a shipment, by number.
    """
    from traceledger.replay.trail import ReceiptEntry, TakeBackEntry

    fields: list[Any] = [
        tuple(map(tuple, each)) if isinstance(each, list) else each for each in json.loads(text)
    ]
    if len(fields) + 1 == len(ReceiptEntry.__dataclass_fields__):
        fields[:2] = shipment(fields[0]), ids([fields[1]])[fields[1]]
        return ReceiptEntry(*[*fields, salt])
    known = ids([fields[0], fields[2], fields[3]])
    fields[0], fields[2:4] = known[fields[0]], (blob_id(known[number]) for number in fields[2:4])
    return TakeBackEntry(*[*fields, salt])


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
