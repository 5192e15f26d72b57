"""What the ledger has of events that are captured: by the hashes that its records have as evidence.

Each operation that comes from an event has the event's hash as evidence, and its ``eventID`` with that hash
beside it. So the same event is recognised in another file, in another order or another notation; and one that
says something else under the same ``eventID`` is, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.events import RecordedEvent
from traceledger.interop.epcis.events import Event

if TYPE_CHECKING:
    from traceledger.index import IndexReader

_HASH = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0")
_OURS = re.compile(r"urn:traceledger:event:([0-9a-f]{64}):([0-9]{1,8})")


def digest_of(event: Event) -> str:
    """The 64 hexadecimal digits of an event's hash."""
    found = _HASH.fullmatch(event.hash)
    return found[1] if found else ""


def evidence_of(event: Event) -> list[dict[str, str]]:
    """What an operation that comes from an event has as evidence of it."""
    digest = digest_of(event)
    found = [{"uri": event.hash, "sha256": digest}]
    if event.event_id and event.event_id != event.hash:
        found.append({"uri": event.event_id, "sha256": digest})
    return found


@dataclass(slots=True)
class Recorded:
    """Records of the ledger, by the events that they come from.

    Attributes:
        by_hash: the records that have an event's hash as evidence, by its digits.
        hashes: by ``eventID``, the hash with which it stands on the ledger.
        identifiers: by hash, the ``eventID`` of those that have one.
    """

    by_hash: dict[str, list[RecordedEvent]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=dict)

    def add(self, reader: IndexReader, batches: Iterable[int]) -> None:
        """Look through what the ledger has of some lots."""
        seen = {id_of(each) for found in self.by_hash.values() for each in found}
        for events in reader.histories(list(batches)).values():
            for recorded in events:
                if id_of(recorded) not in seen:
                    seen.add(id_of(recorded))
                    self._add(recorded)

    def _add(self, recorded: RecordedEvent) -> None:
        evidence: Any = getattr(recorded.event, "evidence", ())
        digests = [found[1] for each in evidence if (found := _HASH.fullmatch(each.uri))]
        for digest in digests:
            self.by_hash.setdefault(digest, []).append(recorded)
        for each in evidence:
            digest = each.sha256.hex()
            if digest in digests and not _HASH.fullmatch(each.uri):
                self.hashes[each.uri] = digest
                self.identifiers.setdefault(digest, set()).add(each.uri)

    def of(self, event: Event) -> list[RecordedEvent]:
        """The records that come from an event."""
        return self.by_hash.get(digest_of(event), [])

    def altered(self, event: Event) -> bool:
        """Whether the ledger has the ``eventID`` with something else."""
        known = self.hashes.get(event.event_id or "")
        return known is not None and known != digest_of(event)


def id_of(recorded: RecordedEvent) -> tuple[int, int]:
    """Where a record stands: block and log."""
    return recorded.block, recorded.log_index


def written_from(event: Event, reader: IndexReader) -> tuple[int, int] | None:
    """Block and log of the record of this very ledger that an event was written from; ``None``: of none."""
    found = _OURS.fullmatch(event.event_id or "")
    if found is None:
        return None
    digits, log = bytes.fromhex(found[1]), int(found[2])
    for number, hash_ in reader.search.blocks(digits, most=1):
        if hash_ == digits and reader.many.log(number, log) is not None:
            return number, log
    return None
