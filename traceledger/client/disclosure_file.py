"""Openings of private texts in files: chosen by what they are about, and checked against the index.

A disclosure file is UTF-8 JSON Lines: a header, then one opening a line. docs/privacy.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, UnknownNameError, VerificationError
from traceledger.events.private import private_texts
from traceledger.index import Index
from traceledger.model.commitments import FieldKind, Opening, is_commitment, opens, parse_opening
from traceledger.model.hexadecimal import hexed, id_text, parsed_id
from traceledger.model.ids import batch_id, facility_id, shipment_id
from traceledger.private.store import Disclosures
from traceledger.provenance import Direction, lineage
from traceledger.provenance.disclosable import disclosable
from traceledger.storage.files import OWNER_ONLY, content_of, creating, explained
from traceledger.storage.json_text import loads

FORMAT = "traceledger-disclosures"
VERSION = 1
_MAX_FILE_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose texts are disclosed.

    Attributes:
        batches: ids; all upstream of them is meant as well.
        facilities: ids, each with its participant.
        participants: addresses.
    """

    batches: Sequence[int] = ()
    facilities: Sequence[int] = ()
    participants: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """An opening, and the batch (id) in whose history its commitment stands, if it stands in one."""

    opening: Opening
    batch: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The opening as a line of a disclosure file."""
        where = {} if self.batch is None else {"batch": id_text(self.batch)}
        return self.opening.to_dict() | {"commitment": self.opening.commitment} | where


def collect(index: Index, known: Disclosures, chosen: Selection) -> list[Shared]:
    """The openings known here of all private texts in what is chosen, each once.

    Raises:
        UnknownNameError: there is no such batch.
    """
    return _Collector(index, known).collect(chosen)


def collect_all(index: Index, known: Disclosures) -> list[Shared]:
    """The openings known here of all private texts on chain, but for evidence of registrations."""
    return _Collector(index, known).collect_all()


def write(path: Path, index: Index, shared: Iterable[Shared]) -> None:
    """Write a disclosure file that only its owner can read; nothing may be there yet.

    Raises:
        InputError: it cannot be written, or something is there.
    """
    lines = [_header(index), *(item.to_dict() for item in shared)]
    with creating(path, mode=OWNER_ONLY) as file:
        file.writelines(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def read(path: Path, index: Index) -> list[Opening]:
    """The openings of a disclosure file, each checked: what it opens stands on chain, where it says.

    Raises:
        InputError: the file cannot be read, or a line is not understood.
        VerificationError: an opening opens nothing on this chain, or the file is of another one.
    """
    with explained(path, verb="read"):
        lines = content_of(path, _MAX_FILE_BYTES).split(b"\n")
    found = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        if number == 1:
            _require_header(line, index, where)
        elif line.strip():
            found.append(_checked(line, index, where))
    return found


def _checked(line: bytes, index: Index, where: str) -> Opening:
    document = _document(line, where)
    try:
        opening = parse_opening(document)
        batch = _batch_of(document)
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=f"{where}: {error.where}") from None
    if document.get("commitment", opening.commitment) != opening.commitment:
        raise VerificationError(f"this does not open {document['commitment']!r}", where=where)
    if not stands(opening, index, batch):
        raise VerificationError(
            f"this opens no {opening.kind.replace('_', ' ')} of {hexed(opening.owner)} on this chain",
            where=where,
            hint="the text, its owner or its salt is not the one that was recorded",
        )
    return opening


def stands(opening: Opening, index: Index, batch: int | None = None) -> bool:
    """Whether what an opening opens stands on chain, in its field, as its owner's.

    Args:
        opening: the opening.
        index: the chain's events.
        batch: in whose history it stands: needed for evidence and transformations.
    """
    owner, text = opening.owner, opening.commitment
    match opening.kind:
        case FieldKind.BATCH:
            return index.batch(batch_id(owner, text)) is not None
        case FieldKind.FACILITY:
            return index.facility_by_id(facility_id(owner, text)) is not None
        case FieldKind.SHIPMENT:
            return index.shipment(shipment_id(owner, text)) is not None
        case FieldKind.PARTICIPANT_NAME:
            found = index.participant_at(owner)
            return found is not None and found.name == text
        case FieldKind.FACILITY_NAME:
            return any(site.name == text for site in index.facilities(owner))
        case FieldKind.EVIDENCE | FieldKind.TRANSFORMATION | FieldKind.EMISSIONS_RECORD:
            events = () if batch is None else index.history(batch)
            fields = (field for item in events for field in private_texts(item.event))
            return any(opens(opening, field.kind, field.owner or owner, field.text) for field in fields)


class _Collector:
    def __init__(self, index: Index, known: Disclosures) -> None:
        self._index = index
        self._known = known
        self._found: dict[str, Shared] = {}

    def collect(self, chosen: Selection) -> list[Shared]:
        participants, facilities = dict.fromkeys(chosen.participants), dict.fromkeys(chosen.facilities)
        for batch in chosen.batches:
            upstream = lineage(self._index, batch, Direction.UP)
            for field, where in disclosable(upstream):
                self._add(field.kind, field.owner, field.text, where)
            for item in upstream.events:
                acted = () if item.event.author is None else (item.event.author,)
                participants.update(dict.fromkeys((*acted, *item.event.parties)))
            sites = (node.creation.facility for node in upstream.nodes.values())
            facilities.update({site: None for site in sites if site is not None})
        for facility in facilities:
            self._facility(facility)
            site = self._index.facility_by_id(facility)
            participants.update({site.participant: None} if site else {})
        for address in participants:
            found = self._index.participant_at(address)
            if found is not None:
                self._add(FieldKind.PARTICIPANT_NAME, address, found.name, None)
        return list(self._found.values())

    def collect_all(self) -> list[Shared]:
        histories = self._index.histories([batch.id for batch in self._index.batches()])
        for batch, events in histories.items():
            for item in events:
                for field in private_texts(item.event):
                    self._add(field.kind, field.owner, field.text, batch)
        sites = tuple(site.id for site in self._index.facilities())
        owners = tuple(participant.address for participant in self._index.participants())
        return self.collect(Selection(facilities=sites, participants=owners))

    def _facility(self, facility: int) -> None:
        site = self._index.facility_by_id(facility)
        if site is None:
            raise UnknownNameError(f"there is no facility {id_text(facility)}")
        self._add(FieldKind.FACILITY, site.participant, site.identifier, None)
        self._add(FieldKind.FACILITY_NAME, site.participant, site.name, None)

    def _add(self, kind: FieldKind, owner: bytes | None, text: str, batch: int | None) -> None:
        if not is_commitment(text) or text in self._found:
            return
        opening = self._known.opening(text)
        if opening is not None and opens(opening, kind, owner or opening.owner, text):
            self._found[text] = Shared(opening, batch)


def _header(index: Index) -> dict[str, Any]:
    follows = index.status().follows
    return {
        "format": FORMAT,
        "version": VERSION,
        "chain_id": follows.chain_id,
        "ledger": hexed(follows.ledger),
    }


def _require_header(line: bytes, index: Index, where: str) -> None:
    document = _document(line, where)
    if (document.get("format"), document.get("version")) != (FORMAT, VERSION):
        raise InputError(f"this is no disclosure file of version {VERSION}", where=where)
    if document != _header(index):
        raise VerificationError("this is for another chain or other contracts", where=where)


def _document(line: bytes, where: str) -> Mapping[str, Any]:
    document = loads(line, where=where)
    if not isinstance(document, dict):
        raise InputError("this must be an object", where=where)
    return document


def _batch_of(document: Mapping[str, Any]) -> int | None:
    text = document.get("batch")
    if text is None:
        return None
    found = parsed_id(text) if isinstance(text, str) else None
    if found is None:
        raise InputError("not understood", where="batch", hint="0x and 64 hexadecimal digits")
    return found
