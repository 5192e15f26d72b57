r"""By which beginnings of words the things on the ledger are found, and what keeps them in the index.

Of every name, each part is kept at which somebody might begin to type it: the whole, each word or number in
it, a number without its zeros in front, each character of a script that sets no blanks, and the last four
characters; names of companies, sites and materials, of which there are few, from every character on. Case,
accents and punctuation do not count. So a search is a range of one table, as fast at a million events as at
ten, and follows the chain backwards like every other row; a full-text index can do neither.

Example:
    >>> folded("Kolwezi, Fosse n° 4"), folded("JÖNKÖPING")
    ('kolwezi fosse n 4', 'jonkoping')
    >>> sorted(beginnings("KOL-2026-0117-A"))
    ['\x01kol 2026 0117 a', '0117 a', '117 a', '17 a', '2026 0117 a', 'a']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

from traceledger.events import Event
from traceledger.events.assurance import Assessed, FindingRaised
from traceledger.events.batches import BatchMinted, BatchSplit, EmissionsAdded
from traceledger.events.custody import ShipmentOffered
from traceledger.events.registry import (
    FacilityRegistered,
    Identified,
    MaterialDefined,
    ParticipantRegistered,
    ParticipantRenamed,
)
from traceledger.events.transformations import Transformed
from traceledger.index.database import Database
from traceledger.index.schema import blob_id, id_blob
from traceledger.model.commitments import is_commitment
from traceledger.model.ids import emissions_record_id

if TYPE_CHECKING:
    from traceledger.index.ledger_state import SqlState
    from traceledger.index.things import ThingWriter

WHOLE = "\x01"
"""Stands before a name from its first character on, so that those come first, the shortest of them ahead."""
LONGEST = 24
"""Characters that are kept of a part; what is asked for beyond them is compared with the name."""
_MOST = 40
_LAST = 4
_ASCII_WORDS = re.compile("[a-z0-9]+")
_ASCII_PARTS = re.compile("(0*)[0-9]+|[a-z]+")
_PARTS = re.compile(r"\d+|[^\W\d]+")


class Kind(IntEnum):
    """What is found by its name; numbers as in the index."""

    PARTICIPANT = 1
    FACILITY = 2
    MATERIAL = 3
    BATCH = 4
    SHIPMENT = 5
    RUN = 6
    RECORD = 7
    FINDING = 8
    ASSESSMENT = 9


_OF_THINGS = (Kind.PARTICIPANT, Kind.FACILITY, Kind.MATERIAL)


def folded(text: str) -> str:
    """A text as it is compared: without case, accents and punctuation, its words one blank apart."""
    if text.isascii():
        return " ".join(_ASCII_WORDS.findall(text.lower()))
    marked = unicodedata.normalize("NFKD", text)
    bare = unicodedata.normalize("NFC", "".join(c for c in marked if unicodedata.category(c) != "Mn"))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def beginnings(text: str, *, everywhere: bool = False) -> set[str]:
    """The parts by which a name is found.

    Args:
        text: the name.
        everywhere: from every character on, not only from where words and numbers begin.
    """
    plain = folded(text)
    if not plain:
        return set()
    if is_commitment(text):
        return {WHOLE + plain[:LONGEST], plain[-LONGEST:]}
    found = {WHOLE + plain[:LONGEST]}
    for place in _places(plain, everywhere):
        if place:  # The whole is there.
            found.add(plain[place : place + LONGEST])
        if len(found) >= _MOST:
            break
    return found


def _places(plain: str, everywhere: bool) -> Iterable[int]:
    """Where somebody might begin to type."""
    if everywhere:
        return (place for place, character in enumerate(plain) if character != " ")
    places = list(_ascii_places(plain) if plain.isascii() else _other_places(plain))
    if len(plain) > _LAST and plain[-_LAST] != " ":
        places.append(len(plain) - _LAST)
    return places


def _ascii_places(plain: str) -> Iterator[int]:
    """Where words begin, and numbers, with each zero in front of one: of nearly all names."""
    for part in _ASCII_PARTS.finditer(plain):
        start = part.start()
        yield start
        yield from range(start + 1, part.end(1) + 1)


def _other_places(plain: str) -> Iterator[int]:
    """The same where letters may be any."""
    for part in _PARTS.finditer(plain):
        start, end = part.span()
        last = start
        if plain[start] == "0":
            last = min(end - 1, start + len(part[0]) - len(part[0].lstrip("0")))
        elif not plain[end - 1].isascii() and unicodedata.east_asian_width(plain[end - 1]) in "WF":
            last = end - 1
        yield from range(start, last + 1)


class Words:
    """Keeps the names that events give, inside the caller's transaction.

    An older name of a company stays, so that it is found by what stands in older papers.

    Args:
        database: the index file.
        things: gives numbers to companies, sites and materials.
        state: gives numbers to batches and shipments.
    """

    def __init__(self, database: Database, things: ThingWriter, state: SqlState) -> None:
        self._database = database
        self._things = things
        self._state = state
        self._new: list[tuple[int, str, int]] = []

    def write(self, event: Event, position: int) -> None:
        """Keep what an event names, which is applied already; most events name nothing."""
        for kind, thing, text in _named(event):
            some = kind in _OF_THINGS
            number = self._number(kind, thing, position)
            words = beginnings(text, everywhere=some)
            if some:
                words -= self._known(kind, number, words)
            self._new += [(int(kind), word, number) for word in words]

    def flush(self) -> None:
        """Write what is still in memory."""
        self._database.add("word", sorted(self._new))
        self._new = []

    def _number(self, kind: Kind, thing: bytes, position: int) -> int:
        """By which number the words of a thing refer to it."""
        if kind in _OF_THINGS:
            return self._things.number(thing)
        if kind is Kind.BATCH:
            return self._state.number(blob_id(thing))
        if kind is Kind.SHIPMENT:
            return self._state.shipment_number(blob_id(thing))
        return position

    def _known(self, kind: Kind, number: int, words: Collection[str]) -> set[str]:
        """Which of them are kept of a thing that several texts name, one of them said later than another."""
        self.flush()
        # By the whole key: by kind and thing alone, the words of all companies would be read for each one.
        query = (
            f"SELECT word FROM word WHERE kind = ? AND word IN ({','.join('?' * len(words))}) AND thing = ?"  # noqa: S608
        )
        return {word for (word,) in self._database.all(query, (int(kind), *words, number))}


def _named(event: Event) -> Iterator[tuple[Kind, bytes, str]]:
    """Each text that names something, and what it names."""
    if isinstance(event, ParticipantRegistered):
        yield Kind.PARTICIPANT, event.participant, event.slug
        yield Kind.PARTICIPANT, event.participant, event.name
    elif isinstance(event, ParticipantRenamed):
        yield Kind.PARTICIPANT, event.participant, event.name
    elif isinstance(event, Identified):
        kind = Kind.FACILITY if event.facility else Kind.PARTICIPANT
        thing = id_blob(event.facility) if event.facility else event.participant
        yield from ((kind, thing, identifier.value) for identifier in event.identifiers)
    elif isinstance(event, FacilityRegistered):
        yield Kind.FACILITY, id_blob(event.facility), event.identifier
        yield Kind.FACILITY, id_blob(event.facility), event.name
    elif isinstance(event, MaterialDefined):
        texts = (event.slug, event.name, event.cas)
        yield from ((Kind.MATERIAL, id_blob(event.material), text) for text in texts)
    elif isinstance(event, Assessed):
        yield Kind.ASSESSMENT, id_blob(event.assessment), event.identifier
    elif isinstance(event, FindingRaised):
        yield Kind.FINDING, id_blob(event.finding), event.identifier
    else:
        yield from _of_lots(event)


def _of_lots(event: Event) -> Iterator[tuple[Kind, bytes, str]]:
    if isinstance(event, Transformed):
        yield from ((Kind.BATCH, id_blob(made.batch), made.identifier) for made in event.outputs)
        yield Kind.RUN, id_blob(event.transformation), event.identifier
    elif isinstance(event, BatchMinted):
        yield Kind.BATCH, id_blob(event.batch), event.identifier
    elif isinstance(event, BatchSplit):
        yield from ((Kind.BATCH, id_blob(child.taken.batch), child.identifier) for child in event.children)
    elif isinstance(event, ShipmentOffered):
        yield Kind.SHIPMENT, id_blob(event.shipment), event.identifier
    elif isinstance(event, EmissionsAdded) and event.record:
        yield Kind.RECORD, id_blob(emissions_record_id(event.custodian, event.record)), event.record
