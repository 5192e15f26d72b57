"""What an audit keeps of a ledger: some hundred bytes for a batch, some tens for an event.

As the index gives them, a batch with the event that made it takes 4 kB, and most of that are texts,
documents and masses that no rule compares, and the same ids and addresses over and over. Here columns of
numbers stand for events, a packed row for a batch and for what an event says of batches, and everything
named more than once for its number. Rules get facts made of those (:mod:`traceledger.audit.facts`).

Example:
    >>> things = Things()
    >>> things.number(b"a"), things.number(b"b"), things.number(b"a"), things[1]
    (0, 1, 0, b'b')
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterator
from typing import Any

from traceledger.audit.kinds import Step, step
from traceledger.errors import VerificationError
from traceledger.events import LedgerEvent, RecordedEvent
from traceledger.index.schema import join_position

REVERSED, WRONG = 1, 2
"""What stands of a batch in :attr:`Book.marks`: it is reversed; an error is declared in it (Rule 8)."""
_KEY = (1 << 63) - 1


class Things:
    """Numbers for what is named over and over: companies, sites, materials, processes."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._values: list[Any] = []

    def number(self, value: Any) -> int:
        """The number of a value, the same for equal ones."""
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def __getitem__(self, number: int) -> Any:
        """The value of that number."""
        return self._values[number]


class Kinds:
    """Numbers for the classes of events, with what each is to batches."""

    def __init__(self) -> None:
        self._numbers: dict[type[LedgerEvent], int] = {}
        self.classes: list[type[LedgerEvent]] = []
        self.steps: list[Step] = []

    def number(self, event: LedgerEvent) -> int:
        """The number of an event's class."""
        number = self._numbers.get(type(event))
        if number is None:
            number = self._numbers[type(event)] = len(self.classes)
            self.classes.append(type(event))
            self.steps.append(step(event))
        return number

    def seen(self, kind: type[LedgerEvent]) -> int | None:
        """The number of a class; ``None``: no event was of it."""
        return self._numbers.get(kind)


class Rows:
    """Rows of plain values, one behind the other in one piece of memory; they never leave the process."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._ends = array("Q", [0])

    def add(self, row: tuple[Any, ...] | None) -> None:
        """Keep another row, of what :func:`marshal.dumps` packs; ``None`` takes no room."""
        if row is not None:
            self._body += marshal.dumps(row)
        self._ends.append(len(self._body))

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        """The row that was added with that number."""
        packed = self._body[self._ends[number] : self._ends[number + 1]]
        row: tuple[Any, ...] = marshal.loads(packed)  # noqa: S302  (packed above, in this process)
        return row


class Book:
    """Batches and events by their numbers, in the order in which they came.

    Attributes:
        ids: ids of batches, by number.
        marks: of each batch, :data:`REVERSED` and :data:`WRONG` in bits.
        positions: of events, ascending.
        times: their blocks' times, UTC seconds.
        claimed: when they happened as claimed, UTC seconds.
        kinds: numbers of their classes.
        authors: numbers of who recorded them.
        keys: what tells a shipment or run from others of a batch; else 0.
        rows: what is kept of batches, by number.
        said: what events say of batches, by number.
    """

    def __init__(self) -> None:
        self.things = Things()
        self.known_kinds = Kinds()
        self.ids: list[int] = []
        self.marks = bytearray()
        self.positions, self.times, self.claimed = array("Q"), array("Q"), array("Q")
        self.kinds, self.authors, self.keys = bytearray(), array("I"), array("Q")
        self._numbers: dict[int, int] = {}
        self.rows, self.said = Rows(), Rows()
        # The histories of batches are chains of links: to the event, and to the link before. Link 0 is none.
        self._last, self._events, self._before = array("I"), array("I", [0]), array("I", [0])

    # --- batches --------------------------------------------------------------------------------------

    def add_batch(self, id_: int, marks: int, row: tuple[Any, ...]) -> int:
        """Keep a batch, and its row; returns its number."""
        number = self._numbers[id_] = len(self.ids)
        self.ids.append(id_)
        self.marks.append(marks)
        self.rows.add(row)
        self._last.append(0)
        return number

    def number(self, id_: int) -> int | None:
        """The number of a batch; ``None``: no event made it yet."""
        return self._numbers.get(id_)

    # --- events ---------------------------------------------------------------------------------------

    def add_event(self, item: RecordedEvent, key: int, said: tuple[Any, ...] | None) -> int:
        """Keep an event, of which ``key`` tells the shipment or run; returns its number.

        Raises:
            VerificationError: events do not come in the chain's order.
        """
        event, number = item.event, len(self.positions)
        position = join_position(item.block, item.log_index)
        if number and position <= self.positions[-1]:
            raise VerificationError(f"the events of block {item.block} are not in the chain's order")
        self.positions.append(position)
        self.times.append(item.timestamp)
        self.claimed.append(event.occurred_at)
        self.kinds.append(self.known_kinds.number(event))
        self.authors.append(self.things.number(event.author or next(iter(event.parties), b"")))
        self.keys.append(key & _KEY)
        self.said.add(said)
        return number

    def kind(self, event: int) -> type[LedgerEvent]:
        """The class of an event."""
        return self.known_kinds.classes[self.kinds[event]]

    # --- histories ------------------------------------------------------------------------------------

    def link(self, batch: int, event: int) -> None:
        """Another event of a batch, which did not make it."""
        self._events.append(event)
        self._before.append(self._last[batch])
        self._last[batch] = len(self._events) - 1

    def unlink_last(self, batch: int, kind: type[LedgerEvent], key: int) -> None:
        """Take the last event of a class and with a key out of a batch's history, if it is there."""
        number = self.known_kinds.seen(kind)
        follower, at = 0, self._last[batch]
        while at:
            event = self._events[at]
            if self.kinds[event] == number and self.keys[event] == key & _KEY:
                if follower:
                    self._before[follower] = self._before[at]
                else:
                    self._last[batch] = self._before[at]
                return
            follower, at = at, self._before[at]

    def later(self, batch: int) -> list[int]:
        """Numbers of the events of a batch that did not make it, in chain order."""
        found = list(self._backwards(batch))
        found.reverse()
        return found

    def _backwards(self, batch: int) -> Iterator[int]:
        at = self._last[batch]
        while at:
            yield self._events[at]
            at = self._before[at]
