"""How far a file of operations has come when running it ends before its end: every such error says it.

The numbers travel as a note of the exception (PEP 678), which is text to whoever prints it. They are exact
where the chain could be asked; otherwise they are what this process and its outbox know, and say so::

    asked     refused, disk full, interrupted on an embedded chain: the index, brought up to date; where it
              cannot be written, the index as it is and the blocks after it
    known     network gone, interrupted on a network: what was seen on the chain, and what the outbox has

Example:
    >>> print(Remaining(20, 12, 3, exact=True, next="traceledger submit F"))
    12 of 20 operations on the chain, 3 on their way, 5 left; to go on, run: traceledger submit F
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from traceledger.artifacts.identity import identity_of
from traceledger.chain.base import Chain
from traceledger.errors import NetworkError, TraceLedgerError
from traceledger.model.counting import counted
from traceledger.operations.file import OperationsFileError
from traceledger.sending.lines import Ready, Source
from traceledger.sending.outbox import Entry, OperationKey, Outbox
from traceledger.sending.preparation import GrowingHistory

_MOST_BLOCKS = 10_000
"""So many blocks are read through, at most, where the index cannot be brought up to date."""


class Remaining(str):
    """How far a file has come, as a sentence that knows its numbers.

    Attributes:
        operations: how many the file has.
        on_chain: how many are recorded; where not ``exact``, at least.
        on_their_way: how many were signed and perhaps sent, and are kept in the outbox.
        exact: whether the chain was asked.
        next: the command that goes on; empty if nothing is left to do.
    """

    operations: int
    on_chain: int
    on_their_way: int
    exact: bool
    next: str

    def __new__(
        cls,
        operations: int,
        on_chain: int,
        on_their_way: int,
        *,
        exact: bool,
        next: str,  # noqa: A002
    ) -> Remaining:
        """The sentence of these numbers."""
        left = operations - on_chain - on_their_way
        least, most = ("", "") if exact else ("at least ", "at most ")
        told = (
            f"{least}{on_chain} of {counted(operations, 'operation')} on the chain,"
            f" {on_their_way} on their way, {most}{left} left"
        )
        if not left and not on_their_way:
            next = ""  # noqa: A001
        made = super().__new__(cls, f"{told}; to go on, run: {next}" if next else told)
        made.operations, made.on_chain, made.on_their_way = operations, on_chain, on_their_way
        made.exact, made.next = exact, next
        return made

    @property
    def remaining(self) -> int:
        """How many are neither on the chain nor on their way; where not ``exact``, at most."""
        return self.operations - self.on_chain - self.on_their_way

    def by(self, command: str) -> Remaining:
        """The same, to be gone on with by another command."""
        counts = (self.operations, self.on_chain, self.on_their_way)
        return Remaining(*counts, exact=self.exact, next=command)


def remaining_of(error: BaseException | None) -> Remaining | None:
    """What an error says of how far a file has come, if it does."""
    notes = getattr(error, "__notes__", ())
    return next((note for note in notes if isinstance(note, Remaining)), None)


@dataclass(slots=True)
class Reckoning:
    """What one run of a file knows of how far it has come.

    Args:
        source: the file's lines.
        chain: where they go.
        outbox: where what is on its way is kept; ``None`` on an embedded chain.
        known: the index.
        sync: brings the index up to date.
        ready: the operations, once they are checked.
        seen: how many of them were seen on the chain.
    """

    source: Source
    chain: Chain
    outbox: Outbox | None
    known: GrowingHistory
    sync: Callable[[], object]
    ready: Ready | None = None
    seen: int = 0

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let every error inside say how far the file has come."""
        try:
            yield
        except BaseException as error:
            if self.ready is not None or not isinstance(error, OperationsFileError):
                error.add_note(self.remaining(error))
            raise

    def remaining(self, error: BaseException) -> Remaining:
        """How far the file has come, after this error."""
        # Asking a network that is gone takes as long as its patience; who interrupts will not wait for it.
        gone = isinstance(error, NetworkError | KeyboardInterrupt) and self.outbox is not None
        if self.ready is not None and not gone:
            try:
                return self._asked(self.ready)
            except (TraceLedgerError, KeyboardInterrupt):
                pass
        return self._known()

    def _asked(self, ready: Ready) -> Remaining:
        counts = self._counts(ready)
        seen: Counter[tuple[bytes, bytes, bytes]] = Counter()
        left = set()
        for step in ready.steps:
            key = step.prepared.key
            seen[key] += 1
            if seen[key] > counts[key]:
                left.add(OperationKey.of(*key))
        on_chain = sum(min(count, counts[key]) for key, count in seen.items())
        flying = sum(entry.key in left for entry in self._flying())
        return self._told(len(ready.steps), on_chain, flying, exact=True)

    def _counts(self, ready: Ready) -> dict[tuple[bytes, bytes, bytes], int]:
        """How many operations of each key the chain holds."""
        try:
            self.sync()
            later: Counter[tuple[bytes, bytes, bytes]] = Counter()
        except TraceLedgerError:  # the disk may be full: then the blocks are read, and nothing is written
            later = self._later(self.known.last_change() + 1)
        keys = [step.prepared.key for step in ready.steps]
        return {
            step.prepared.key: count + later[step.prepared.account, *step.prepared.key[1:]]
            for step, count in zip(ready.steps, self.known.operation_counts(keys), strict=True)
        }

    def _later(self, first: int) -> Counter[tuple[bytes, bytes, bytes]]:
        """What ran in the blocks from there on: by account, contract and call."""
        last = self.chain.head().number
        if last - first > _MOST_BLOCKS:
            raise NetworkError("the index is too far behind the chain")
        return Counter(
            (item.sender, item.to or b"", identity_of(item.input))
            for block in self.chain.blocks(first, last)
            for item in block.transactions
            if item.succeeded
        )

    def _known(self) -> Remaining:
        total = len(self.source.lines)
        if self.ready is None:
            places = {self.source.place(line.number) for line in self.source.lines}
            mine = [entry for entry in self._entries() if entry.unfinished and entry.source in places]
        else:
            keys = {OperationKey.of(*step.prepared.key) for step in self.ready.steps}
            mine = [entry for entry in self._flying() if entry.key in keys]
        return self._told(total, self.seen, min(len(mine), total - self.seen), exact=False)

    def _flying(self) -> list[Entry]:
        return [entry for entry in self._entries() if entry.state in ("signed", "sent")]

    def _entries(self) -> list[Entry]:
        try:
            return [] if self.outbox is None else self.outbox.entries()
        except TraceLedgerError:
            return []

    def _told(self, operations: int, on_chain: int, flying: int, *, exact: bool) -> Remaining:
        words = ["traceledger", "submit", self.source.name, *self.source.options]
        command = shlex.join(words) if self.source.name else ""
        return Remaining(operations, on_chain, flying, exact=exact, next=command)
