"""Signs drafts and brings them to their end, one after another, in a thread of its own.

It does what ``traceledger submit`` does with the draft's file, and so what holds there holds here: all is
checked before any is signed, each line is recorded once, other desks and commands wait for their turn.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.client.client import Client
from traceledger.errors import ContractRefusalError, NetworkError, TraceLedgerError
from traceledger.interop.reading import source_of
from traceledger.languages.phrases import phrase
from traceledger.model.hexadecimal import hexed
from traceledger.web.desk.clerk import Clerk, OneKey
from traceledger.web.desk.drafts import Draft, Drafts, Signed, State, Trouble
from traceledger.web.desk.shown import changed, digest_of
from traceledger.web.threads import Threads

if TYPE_CHECKING:
    from traceledger.sending.proposal import Proposal

_log = logging.getLogger(__name__)
_GRACE = 10.0
"""Seconds that a submission has to come to a rest when the desk ends."""

ClientOf = Callable[[OneKey], Client]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a draft in hand is: ``waiting``, ``signing`` or ``sending``; lines done, of how many."""

    stage: str
    done: int = 0
    total: int = 0


class Work:
    """The drafts of one desk that are in hand.

    Args:
        drafts: where they lie.
        client_of: makes a client that signs with a key.
        finished: is told of each draft that is recorded, with a client that can read.
    """

    def __init__(
        self, drafts: Drafts, client_of: ClientOf, finished: Callable[[Draft, Client], None]
    ) -> None:
        self._drafts = drafts
        self._client_of = client_of
        self._finished = finished
        self._thread = Threads(1)
        self._lock = threading.Lock()
        self._progress: dict[str, Progress] = {}
        self._notes: dict[str, tuple[Trouble, ...]] = {}
        self._running: Client | None = None
        self._ending = False

    def progress(self, draft: str) -> Progress | None:
        """How far a draft is that this desk has in hand, by its identifier; ``None``: it has not."""
        return self._progress.get(draft)

    def notes(self, draft: Draft) -> tuple[Trouble, ...]:
        """Why a draft was not begun when it was signed last, such as that another desk had it in hand."""
        return self._notes.get(draft.id, ())

    @property
    def busy(self) -> bool:
        """Whether a draft is in hand."""
        return bool(self._progress)

    def sign(self, draft: Draft, clerk: Clerk, key: OneKey, shown: str) -> None:
        """Have a draft signed and sent, if what would be signed is what was shown.

        Args:
            draft: the draft.
            clerk: who approved.
            key: of the clerk.
            shown: digest of what was shown.
        """
        with self._lock:
            if draft.id in self._progress:
                return
            self._progress[draft.id] = Progress("waiting")
            self._notes.pop(draft.id, None)
        signed = Signed(clerk.name, hexed(clerk.address), int(time.time()), shown)
        self._thread.submit(lambda: self._run(draft, key, signed))

    def close(self) -> None:
        """End; what was sent and is not final yet stays in the outbox, and its draft says so."""
        self._ending = True
        running = self._running
        if running is not None:
            running.close()
        self._thread.close(_GRACE)

    def _run(self, draft: Draft, key: OneKey, signed: Signed) -> None:
        try:
            if not self._ending:
                with self._drafts.in_hand(draft):
                    self._signed(draft, key, signed)
        except TraceLedgerError as error:
            # It may be another desk's by now: only this one's pages say it.
            _log.warning("draft %s: %s", draft.id, error.sentence)
            self._notes[draft.id] = draft.trouble(error)
        except Exception:  # noqa: BLE001  (no fault of one draft ends the desk)
            if self._ending:  # what it used was closed
                return
            _log.exception("signing draft %s", draft.id)
            self._stop(draft)
        finally:
            key.close()
            self._progress.pop(draft.id, None)

    def _signed(self, draft: Draft, key: OneKey, signed: Signed) -> None:
        now = self._drafts.move(draft, State.SIGNING, signed=signed, receipt=draft.receipt)
        client = self._running = self._client_of(key)
        try:
            self._submit(now, client, signed)
        except TraceLedgerError as error:
            # Where the desk ends, what is on its way stays so, and is gone on with at the next start.
            if not self._ending:
                self._settle(now, error)
        finally:
            self._running = None
            client.close()

    def _submit(self, draft: Draft, client: Client, signed: Signed) -> None:
        content = self._drafts.content(draft)

        def approve(proposal: Proposal) -> None:
            if digest_of(content, proposal) != signed.shown:
                raise changed()
            self._drafts.move(draft, State.SENDING, signed=signed)
            self._progress[draft.id] = Progress("sending", 0, draft.lines)

        def told(done: int, total: int) -> None:
            self._progress[draft.id] = Progress("sending", done, total)

        self._progress[draft.id] = Progress("signing", 0, draft.lines)
        # Not the path: what is compared with what was shown is what is signed, if somebody changes the file.
        done = client.submit(
            source_of(content, name=str(self._drafts.path(draft))), progress=told, approve=approve
        )
        final = self._drafts.move(draft, State.FINAL, signed=signed, recorded=done.operations)
        self._finished(final, client)

    def _settle(self, draft: Draft, error: TraceLedgerError) -> None:
        """The state in which an error leaves a draft."""
        now = self._drafts.get(draft.id)
        troubles = now.trouble(error)
        if now.state is State.SIGNING:
            # Nothing was signed this time.
            self._drafts.move(now, State.SENDING if now.begun else State.CHECKED, troubles=troubles)
        elif isinstance(error, NetworkError):
            self._drafts.move(now, State.SENDING, troubles=troubles)
        elif isinstance(error, ContractRefusalError):
            self._drafts.move(now, State.REFUSED, troubles=troubles)
        else:
            self._drafts.move(now, State.FAILED, troubles=troubles)

    def _stop(self, draft: Draft) -> None:
        try:
            now = self._drafts.get(draft.id)
            state = State.CHECKED if now.state is State.SIGNING and not now.begun else State.FAILED
            what = phrase("the desk met an unexpected fault, which stands in its log")
            self._drafts.move(now, state, troubles=(Trouble(what, phrase("try again")),))
        except TraceLedgerError as further:
            _log.warning("draft %s: %s", draft.id, further.sentence)
