"""Connections to the index that only read: a few threads, each with one, and a snapshot for every request.

What waits in vain for a thread, and what takes too long, is told so; a reader never waits for a writer, nor
the other way round (SQLite's WAL). The file is looked at before every use: where another one stands there,
that one is opened.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from traceledger.errors import NetworkError, TraceLedgerError, VerificationError
from traceledger.index.database import REBUILD, Database
from traceledger.index.disclosed import DisclosedIndex
from traceledger.index.followed import stored_follows
from traceledger.index.stamp import look
from traceledger.index.store import Index
from traceledger.private.store import Disclosures
from traceledger.provenance.stages import load_stages
from traceledger.web.kept import Kept
from traceledger.web.reading import KEPT, Head, Reading, head_of, minute
from traceledger.web.threads import Threads
from traceledger.web.turns import Turns

if TYPE_CHECKING:
    from traceledger.config.networks import Network
    from traceledger.web.exports import Prover
    from traceledger.web.following import Following
    from traceledger.web.pact.service import PactService
    from traceledger.web.settings import Settings

Answer = TypeVar("Answer")
_PATIENCE = 1.0
"""Seconds that a question has to break off at the end."""
_STEPS = 20_000
"""So many instructions of SQLite's machine run between two looks at the clock."""


class OverloadedError(NetworkError):
    """All readers were taken for as long as a request may wait."""


class TooSlowError(NetworkError):
    """An answer took longer than one may take."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index file that is open, and which file it is: device and inode."""

    index: Index
    file: tuple[int, int]


class Pool:
    """Reads the index of a network for requests.

    Args:
        network: whose index.
        settings: how many threads, how long anything waits, and what is read besides the index.
        following: how the chain is followed.
        prover: makes proof files; ``None``: nobody may have any.
        pact: what the PACT API has one of; ``None``: it is not served.
    """

    def __init__(
        self,
        network: Network,
        settings: Settings,
        following: Callable[[], Following],
        prover: Prover | None = None,
        pact: PactService | None = None,
    ) -> None:
        limits = settings.limits
        self._pact = pact
        self._settings = settings
        self._following = following
        self._prover = prover
        self._network = network
        self._limits = limits
        self._stages = load_stages(network.stages)
        self._free = asyncio.Semaphore(limits.readers)
        self._threads = Threads(limits.readers)
        self._turns = Turns(limits.readers)
        self._opening = threading.Lock()
        self._opened: _Opened | None = None
        self._ready = threading.local()
        self._kept = Kept(KEPT)

    async def read(
        self, question: Callable[[Reading], Answer], *, private: bool = False, turn: str | None = None
    ) -> Answer:
        """Ask a question of one snapshot.

        Args:
            question: is given what to read, in a thread of its own.
            private: with private texts, where what opens them is known here.
            turn: whose turn it is, of a question that may take long; ``None``: it does not.

        Raises:
            OverloadedError: no thread became free.
            TooSlowError: it took too long.
            TraceLedgerError: whatever the question raises.
        """
        limits, done = self._limits, await self._admitted(turn)
        job = asyncio.wrap_future(self._threads.submit(partial(self._answer, question, private)))
        # A question that nobody waits for any longer keeps its thread until it ends: there are never more.
        job.add_done_callback(lambda ended: done() or ended.cancelled() or ended.exception())
        try:
            return await asyncio.wait_for(asyncio.shield(job), limits.request_seconds + 1)
        except TimeoutError:
            raise _too_slow(limits.request_seconds) from None

    async def _admitted(self, turn: str | None) -> Callable[[], None]:
        """Wait for a thread, and for a turn where one is needed; returns what gives both back."""
        with ExitStack() as taken:
            try:
                async with asyncio.timeout(self._limits.waiting_seconds):
                    if turn is not None:
                        taken.callback(await self._turns.take(turn))
                    await self._free.acquire()
                    taken.callback(self._free.release)
            except TimeoutError:
                raise OverloadedError("the server is busy", hint="try again in a few seconds") from None
            return taken.pop_all().close

    def head(self) -> Head:
        """The newest block in the index, asked from any thread.

        Raises:
            NetworkError: there is no index yet.
            VerificationError: it is damaged.
        """
        return head_of(self._current())

    def private_state(self, wanted: bool) -> tuple[str, ...]:
        """What tells whether more private texts are known than before; nothing where none are shown."""
        if not wanted:
            return ()
        path = self._network.disclosures_file
        return (look(path),)

    def close(self) -> None:
        """End the threads, and close the file; what is being read breaks off."""
        if self._opened is not None:
            self._opened.index.close()
        self._threads.close(_PATIENCE)

    def _answer(self, question: Callable[[Reading], Answer], private: bool) -> Answer:
        begin, most = time.monotonic(), self._limits.request_seconds
        index = self._current()

        def is_late() -> bool:
            return time.monotonic() - begin > most

        try:
            with index.database.interrupting(is_late, _STEPS), index.snapshot():
                if not private:
                    return question(self._reading(index, None))
                with closing(Disclosures(self._network.disclosures_file)) as known:
                    return question(self._reading(index, known))
        except TraceLedgerError:
            if is_late():
                raise _too_slow(most) from None
            raise

    def _reading(self, index: Index, known: Disclosures | None) -> Reading:
        shown, head = index if known is None else DisclosedIndex(index, known), head_of(index)
        now = max(minute(), head.changed + 1)
        # What one reader may see is not kept for others.
        kept = self._kept if known is None else Kept(1)
        return Reading(
            *(shown, head, self._network, self._stages, now, self._following(), self._prover, known),
            kept=kept,
            limits=self._limits,
            reports=self._settings.reports,
            masterdata=self._settings.masterdata,
            pact=self._pact,
        )

    def _current(self) -> Index:
        """The index as it lies there now, on a connection of this thread that cannot write."""
        path = self._network.index_file
        try:
            entry = path.stat()
        except OSError:
            raise NetworkError("there is no index yet", hint="run `traceledger index sync`") from None
        opened, file = self._opened, (entry.st_dev, entry.st_ino)
        if opened is None or opened.file != file:
            with self._opening:
                opened = self._opened
                if opened is None or opened.file != file:
                    # The old one is not closed under those who read it still; it goes with the last of them.
                    opened = self._opened = _Opened(_open(self._network), file)
        if getattr(self._ready, "index", None) is not opened.index:
            opened.index.database.run("PRAGMA query_only = ON")
            self._ready.index = opened.index
        return opened.index


def _open(network: Network) -> Index:
    """The index of a network, without its chain, which may be out of reach."""
    database = Database.open(network.index_file)
    follows = stored_follows(database)
    if follows is None:
        database.close()
        raise VerificationError("the index follows nothing yet", where=str(network.index_file), hint=REBUILD)
    return Index(database, follows)


def _too_slow(seconds: float) -> TooSlowError:
    return TooSlowError(
        f"the answer takes longer than {seconds:g} s to make",
        hint="ask for less of it, or with traceledger --json",
    )
