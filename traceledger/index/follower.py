"""Follows a chain: appends its blocks to the index, and undoes those that it has replaced.

A block is undone only while it is not final. Blocks are linked by their parents' hashes, so it is seen when
the chain changes while it is read.

The states of a block in the index, and one turn of :meth:`Follower.follow`::

      not indexed --_append: _write_recent--> recent --_settle: it is final--> settled (for good)
        |   ^                                   |                                ^
        |   +----------_rejoin: undone----------+                                |
        +--------------_append: _write_settled, if it is final already-----------+

      _rejoin -> _advance (_append, run by run) -> _settle -> done
         ^           |                                |
         +-----------+--- BlocksChangedError ---------+    at most _MOST_TURNS times

      _rejoin  past the final block: VerificationError, nothing is undone
      _append  another process was faster: nothing is written, and it goes on from where the other is
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from traceledger.chain.base import Block, BlockRef, BlocksChangedError
from traceledger.errors import VerificationError
from traceledger.index.database import REBUILD, Database
from traceledger.index.followed import Contracts, ReadableChain, require_follows
from traceledger.model.progress import Progress
from traceledger.walk.steps import no_search_for_cycles

if TYPE_CHECKING:
    from traceledger.index.journal import Journal
    from traceledger.index.writer import Writer

_FIRST_RUN = 64
_BLOCKS_AT_ONCE = 256
_LOGS_AT_ONCE = 16_000
_BYTES_AT_ONCE = 16 << 20
_MOST_TURNS = 10
_DATA, _INPUT = attrgetter("data"), attrgetter("input")
_SET = (
    "INSERT INTO main.{} VALUES (1, ?, ?)"
    " ON CONFLICT (one) DO UPDATE SET block = excluded.block, hash = excluded.hash"
)


class Follower:
    """Brings one index file up to date with one chain, whoever else does so at the same time."""

    def __init__(self, database: Database, follows: Contracts, chain: ReadableChain) -> None:
        self._database = database
        self._follows = follows
        self._chain = chain
        self._kept: tuple[Writer, int] | None = None
        """What wrote the run before, and knows what the file holds, with the file's version then."""

    @cached_property
    def _journal(self) -> Journal:
        # Only what adds blocks or takes them back needs it.
        from traceledger.index.journal import Journal

        return Journal(self._database)

    def follow(self, progress: Progress | None) -> int:
        """Follow the chain to its head; returns how many blocks were added.

        Raises:
            VerificationError: the chain has replaced final blocks, or its events contradict each other.
            NetworkError: the chain gave no blocks, or never stood still.
        """
        # A run makes some hundred thousand objects that live until it is written.
        with no_search_for_cycles():
            return self._follow(progress)

    def _follow(self, progress: Progress | None) -> int:
        added, begin = 0, None
        for _turn in range(_MOST_TURNS):
            head, final = self._chain.head(), self._chain.final()
            self._rejoin(head)
            begin = self._next() if begin is None else min(begin, self._next())
            try:
                for count in self._advance(head, final):
                    added += count
                    if progress is not None:
                        progress(min(self._next(), head.number + 1) - begin, head.number + 1 - begin)
            except BlocksChangedError as error:
                changed = error
                continue
            return added
        raise changed

    def _advance(self, head: BlockRef, final: BlockRef) -> Iterator[int]:
        """Append the blocks up to ``head``; yields how many, run by run.

        Raises:
            BlocksChangedError: the chain replaced blocks meanwhile; what was appended may need undoing.
        """
        most, expected = _FIRST_RUN, -1
        coming: Iterator[Block] = iter(())
        while (first := self._next()) <= head.number:
            blocks = run_of(coming, most) if first == expected else []
            if not blocks:  # at the beginning, where another process was faster, or the chain gave only some
                coming = self._chain.blocks(first, head.number)
                blocks = run_of(coming, most)
            added, expected = self._run(first, blocks, final)
            del blocks
            most = _BLOCKS_AT_ONCE
            gc.collect(1)  # The run's blocks are gone: what is looked through is what stays of them.
            yield added
        self._settle(final)

    def _run(self, first: int, blocks: Sequence[Block], final: BlockRef) -> tuple[int, int]:
        """Append a run of blocks: how many were written, which block is next."""
        if not blocks:
            raise self._changed(f"the chain gave no block {first}")
        added = self._append(blocks, final)
        if self._next() <= blocks[-1].ref.number:
            raise self._changed(f"block {self._next()} does not follow the block indexed before it")
        return added, blocks[-1].ref.number + 1

    def _append(self, blocks: Sequence[Block], final: BlockRef) -> int:
        """Write those that follow on the index, unless another process was faster; returns how many."""
        with self._database.writing():
            require_follows(self._database, self._follows)
            # Another process wrote these, or took some back, since they were read.
            if self._next() != blocks[0].ref.number:
                return 0
            linked = list(self._linked(blocks, final))
            writer = self._writer()
            if linked:
                # Block 0 is settled wherever finality stands: it is pinned by its hash.
                settled = [block for block in linked if block.ref.number <= max(final.number, 0)]
                self._write_settled(settled, writer)
                self._write_recent(linked[len(settled) :], writer)
                self._set_cursor(linked[-1].ref.number, linked[-1].ref.hash)
            version = self._database.version()
        # Only now is it in the file what it wrote.
        self._kept = writer, version
        return len(linked)

    def _linked(self, blocks: Sequence[Block], final: BlockRef) -> Iterator[Block]:
        """The first of them, as long as each is the child of the one before, and the final one is that."""
        cursor = self._cursor()
        parent = cursor[1] if cursor else None
        for number, block in enumerate(blocks, blocks[0].ref.number):
            ref = block.ref
            fits = ref.parent_hash == parent if parent else ref.hash == self._follows.genesis_hash
            if not fits or ref.number != number or (number == final.number and ref.hash != final.hash):
                return
            yield block
            parent = ref.hash

    def _write_settled(self, blocks: Sequence[Block], writer: Writer) -> None:
        """Write final blocks; those before them are final too."""
        if not blocks:
            return
        self._journal.stop()
        for block in blocks:
            writer.write(block)
        writer.finish()
        self._set_final(blocks[-1].ref.number, blocks[-1].ref.hash)

    def _writer(self) -> Writer:
        """The one that wrote the run before, unless somebody else wrote since, or blocks were undone."""
        # An index that is up to date is read without the replay and all else that writing imports.
        from traceledger.index.writer import Writer

        kept, self._kept = self._kept, None
        if kept is not None and kept[1] == self._database.version():
            return kept[0]
        return Writer(self._database, self._follows)

    def _write_recent(self, blocks: Sequence[Block], writer: Writer) -> None:
        """Write blocks so that each can be undone."""
        for block in blocks:
            self._journal.begin(block.ref.number, block.ref.hash)
            writer.write(block)
            writer.finish()

    def _settle(self, final: BlockRef) -> None:
        """Note that blocks which are in the index already have become final."""
        recent = "SELECT hash FROM recent WHERE number = ?"
        # Asked without the writer's lock first, as most often there is nothing to note.
        if self._database.one(recent, [final.number]) is None:
            return
        with self._database.writing():
            found = self._database.one(recent, [final.number])
            if found == (final.hash,):
                self._set_final(final.number, final.hash)
        if found not in (None, (final.hash,)):
            raise self._changed(f"block {final.number} is final, and another than the one indexed")

    def _rejoin(self, head: BlockRef) -> None:
        """Undo the blocks that the chain has no longer.

        Raises:
            VerificationError: they would be more than those that are not final.
        """
        known = self._going_back()
        for number, hash_ in known:
            ref = self._chain.block_ref(number)
            if ref is not None and ref.hash == hash_:
                break
        else:
            if known:
                raise self._past_final(known[-1][0], head)
            return
        if (number, hash_) != known[0]:
            self._kept = None
            with self._database.writing():
                # Only from where it was seen: another process may have gone back already.
                if self._cursor() == known[0]:
                    self._journal.undo(after=number)
                    self._set_cursor(number, hash_)

    def _going_back(self) -> list[tuple[int, bytes]]:
        """Number and hash of the blocks to which it can go back: the newest first, a final one last."""
        with self._database.reading():
            rows = self._database.all("SELECT number, hash FROM recent ORDER BY number DESC")
            return [*rows, *self._database.all("SELECT block, hash FROM final")]

    def _past_final(self, final: int, head: BlockRef) -> VerificationError:
        behind = f"or wait, if the node at block {head.number} is only behind" if head.number < final else ""
        return VerificationError(
            f"the chain no longer has the block {final} that was indexed and final",
            where=str(self._database.path),
            hint=", ".join(filter(None, (f"if this chain is the right one, {REBUILD}", behind))),
        )

    def _changed(self, what: str) -> BlocksChangedError:
        return BlocksChangedError(
            what, where=str(self._database.path), hint="the chain changes while it is read; try again"
        )

    def _cursor(self) -> tuple[int, bytes] | None:
        row = self._database.one("SELECT block, hash FROM cursor")
        return (row[0], row[1]) if row else None

    def _next(self) -> int:
        cursor = self._cursor()
        return cursor[0] + 1 if cursor else 0

    def _set_cursor(self, number: int, hash_: bytes) -> None:
        self._database.run(_SET.format("cursor"), (number, hash_))

    def _set_final(self, number: int, hash_: bytes) -> None:
        self._database.run(_SET.format("final"), (number, hash_))
        self._journal.forget(until=number)


def run_of(
    coming: Iterator[Block], most: int, *, logs: int = _LOGS_AT_ONCE, size: int = _BYTES_AT_ONCE
) -> list[Block]:
    """The blocks that are written together: a run is in memory until it is written, so full ones end it.

    Args:
        coming: the blocks, of which those are taken.
        most: how many there may be.
        logs: how many logs end it.
        size: how many bytes of logs and calldata end it.
    """
    blocks, of_logs, of_bytes = list[Block](), 0, 0
    for block in islice(coming, most):
        blocks.append(block)
        of_logs += len(block.logs)
        of_bytes += sum(map(len, map(_DATA, block.logs))) + sum(map(len, map(_INPUT, block.transactions)))
        if of_logs >= logs or of_bytes >= size:
            break
    return blocks
