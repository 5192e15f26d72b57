"""Finds the events that a query asks for, a page at a time.

Where a query names lots or events, their records are looked up in the index; else the ledger is walked in the
order of its blocks. So many records are looked at for one page at most: what is not found by then follows on
the next page, which may have fewer events than were asked for.

The states of a search::

    candidates --some left, page not full--> looked at --all conditions hold--> on the page
         |                                       `--else--> passed over
         `--page full, or MOST_SEEN looked at--> the page's token says where the next one begins
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.events import Position, RecordedEvent
from traceledger.index.schema import join_position, split_position
from traceledger.interop.directory import Directory
from traceledger.interop.epcis import uris
from traceledger.interop.epcis.export.events import said
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.epcis.query.asked import Asked, ParameterError
from traceledger.interop.epcis.query.matching import LOTS, matches
from traceledger.model import gs1

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch

MOST_SEEN = 1000
"""Records that are looked at for one page."""
_PART = 200
_END = 2**63 - 1
_GOODS = "01"
"""The key of a class of goods: a GTIN."""
_TOKEN = re.compile(r"([0-9]{1,19})\.([0-9]{1,9})")

Document = dict[str, Any]


class TooLargeError(InputError):
    """More events match than the query allows (``maxEventCount``)."""


class TooComplexError(InputError):
    """Too many records would have to be looked at."""


@dataclass(frozen=True, slots=True)
class Page:
    """Events, and where the next ones begin; an empty token: these are the last."""

    events: tuple[Document, ...]
    token: str = ""


def page(index: IndexReader, asked: Asked) -> Page:
    """The page of events that a query asks for.

    Raises:
        ParameterError: its token is none of this server's.
        TooLargeError: more match than it allows.
        TooComplexError: it asks for an order that so many records cannot be put into.
    """
    search = _Search(index, asked)
    if asked.order == "eventTime":
        return search.by_event_time()
    if asked.most is not None:
        search.require_few(asked.most)
    return search.in_chain_order()


def one(index: IndexReader, event_id: str) -> Document | None:
    """The event of an ``eventID``: as it was declared wrong, if it was; ``None``: there is none."""
    place = _place(index, event_id)
    if place is None:
        return None
    things = Things(index)
    undone = index.reversal(place)
    return said(things.at(place if undone is None else undone), things)


class _Search:
    """A search in one snapshot."""

    def __init__(self, index: IndexReader, asked: Asked) -> None:
        self._index = index
        self._asked = asked
        self._things = Things(index)
        first, last = 0, _END
        if asked.recorded_since is not None:
            block = index.many.first_block_since(asked.recorded_since)
            first = _END if block is None else join_position(block, 0)
        if asked.recorded_before is not None:
            block = index.many.first_block_since(asked.recorded_before)
            last = _END if block is None else join_position(block, 0) - 1
        self._range = first, last

    def in_chain_order(self) -> Page:
        begin, left = self._begin()
        found: list[Document] = []
        seen = 0
        wanted = self._asked.per_page if left is None else min(self._asked.per_page, left)
        for position, event in self._read(self._candidates(begin)):
            if len(found) == wanted or seen == MOST_SEEN:
                rest = 0 if left is None else left - len(found)
                done = left is not None and not rest
                return Page(tuple(found), "" if done else f"{begin}.{rest}")
            seen, begin = seen + 1, position
            if (made := self._matched(event)) is not None:
                found.append(made)
        return Page(tuple(found))

    def by_event_time(self) -> Page:
        found = self._all()
        found.sort(key=lambda event: str(event["eventTime"]), reverse=self._asked.newest)
        if self._asked.most is not None and len(found) > self._asked.most:
            raise _too_large(self._asked.most)
        found = found[: self._asked.limit]
        begin = self._parsed(self._asked.token)[0] if self._asked.token else 0
        end = begin + self._asked.per_page
        return Page(tuple(found[begin:end]), f"{end}.0" if end < len(found) else "")

    def require_few(self, most: int) -> None:
        """Refuse a query that more events match."""
        matched = 0
        for number, (_, event) in enumerate(self._read(self._candidates(None))):
            if number == MOST_SEEN:
                raise _too_complex("maxEventCount")
            matched += self._matched(event) is not None
            if matched > most:
                raise _too_large(most)

    def _all(self) -> list[Document]:
        found = []
        for number, (_, event) in enumerate(self._read(self._candidates(None))):
            if number == MOST_SEEN:
                raise _too_complex("orderBy")
            if (made := self._matched(event)) is not None:
                found.append(made)
        return found

    def _matched(self, found: RecordedEvent) -> Document | None:
        made = said(found, self._things)
        return made if "eventTime" in made and matches(made, self._asked) else None

    def _begin(self) -> tuple[int | None, int | None]:
        """After which position the page begins, and how many events are left to be shown in all."""
        if not self._asked.token:
            return None, self._asked.limit
        begin, left = self._parsed(self._asked.token)
        return begin, None if self._asked.limit is None else min(left, self._asked.limit)

    @staticmethod
    def _parsed(token: str) -> tuple[int, int]:
        found = _TOKEN.fullmatch(token)
        if found is None or int(found[1]) > _END:
            hint = "follow the links of the pages before"
            raise ParameterError("it is none of this server's", where="nextPageToken", hint=hint)
        return int(found[1]), int(found[2])

    def _candidates(self, begin: int | None) -> Iterator[int]:
        """Positions that may match, in the order asked for, from one after another."""
        first, last = self._range
        newest = self._asked.newest
        if (known := self._named()) is not None:
            for position in sorted(known, reverse=newest):
                behind = begin is None or (position < begin if newest else position > begin)
                if behind and first <= position <= last:
                    yield position
            return
        after = begin
        if after is None:
            after = min(last, _END - 1) + 1 if newest else first - 1
        until = first if newest else last
        while places := self._index.many.places_after(after, _PART, until=until, newest=newest):
            yield from places
            after = places[-1]

    def _read(self, candidates: Iterator[int]) -> Iterator[tuple[int, RecordedEvent]]:
        while some := list(islice(candidates, _PART)):
            events = self._index.many.events(some)
            self._things.foresee(list(events.values()))
            yield from ((position, events[position]) for position in some)

    def _named(self) -> set[int] | None:
        """Where the records stand that a condition names; ``None``: none does, so that all may match."""
        conditions = self._asked.conditions
        if "EQ_eventID" in conditions:
            return self._of_ids(conditions["EQ_eventID"])
        for name in LOTS:
            if name in conditions:
                lots = self._lots(conditions[name])
                if lots is not None:
                    return self._places(lots)
        return None

    def _of_ids(self, ids: Sequence[str]) -> set[int]:
        """The records of events and of what declares them wrong: those of all lots that they name."""
        lots = list[int]()
        for event_id in ids:
            if (place := _place(self._index, event_id)) is not None:
                lots += [lot for lot, _ in self._things.at(place).event.concerns]
        return self._places(lots)

    def _lots(self, keys: Sequence[str]) -> list[int] | None:
        """The lots that keys mean; ``None``: one means a class, which may have any number of lots."""
        directory, found = Directory(self._index), list["Batch"]()
        for each in keys:
            key = gs1.read(each)
            if key is not None and key.primary[0] == _GOODS and not key.qualifiers:
                return None
            found += directory.batches(each)
        return [batch.id for batch in found]

    def _places(self, lots: Sequence[int]) -> set[int]:
        return {join_position(block, log) for block, _, log in self._index.event_places(lots)}


def _place(index: IndexReader, event_id: str) -> Position | None:
    """Where the event of an id of ours stands."""
    named = uris.place(event_id)
    block = None if named is None else index.raw.number_of(named[0])
    if named is None or block is None:
        return None
    position = join_position(block, named[1])
    return Position(*split_position(position)) if index.many.is_event(position) else None


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        f"more than {most} events match", where="maxEventCount", hint="ask for more, or with eventCountLimit"
    )


def _too_complex(where: str) -> TooComplexError:
    return TooComplexError(
        f"more than {MOST_SEEN} records would have to be looked at",
        where=where,
        hint="narrow it, by lots (MATCH_anyEPCClass) or GE_recordTime and LT_recordTime",
    )
