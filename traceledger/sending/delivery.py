"""Carrying what is in the outbox to the chain: send, ask what became of it, send the same bytes again.

Nothing is signed here. A transaction leaves the courier's care only when it is proven what became of it. One
turn (:meth:`Courier.step`, then :meth:`Courier.rest`) takes each transaction in care along its states::

                 _push: a node holds it             look: receipt
      signed ------------------------> sent --------------------------> mined
        |  ^    refused, busy: again    |  ^    no receipt any more       |
        |  |    (Patience.resend)       |  +------------------------------+
        |  +--- not held ---------------+                                 | its block is final
        |                               |                                 v
        |                               |                      final (it succeeded) or failed
        |                               |
        |                               | _overtaken: another transaction of this nonce is in a final block
        |                               v
        +---------------------------> dead (taken_by)
        | untouched: a node tried it, refused it, and no node has it
        v
      failed (no block); those of higher nonces behind it: dead

What was given up before (loose) is in care again if it took its nonce itself after all (_taken_up_again).

A turn costs one question while the chain's newest block is the one that was there at the last look, nothing
was sent since, and the look is not older than ``Patience.suspect`` (_as_it_was). What a look asks for is in
``sightings.py``: receipts of what was sent since the last one, and of what newer blocks hold.

The courier gives up (``unsent.py``), and all stays in the outbox, when nodes refused a transaction for
``Patience.refused`` seconds, or nothing was sent, mined or settled at all for ``Patience.idle``. While only
finality is waited for, new final blocks count as progress.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from traceledger.chain.base import BlockRef, BlocksChangedError, Chain
from traceledger.chain.rpc.concurrency import started
from traceledger.chain.rpc.transactions import Outcome, Tip, TransactionPort
from traceledger.errors import NetworkError
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.progress import Progress, silent
from traceledger.sending.outbox import Draft, Entry, Outbox
from traceledger.sending.sightings import settled, standing
from traceledger.sending.unsent import refused_for_good, too_late


class SendingChain(Chain, TransactionPort, Protocol):
    """A chain that also takes signed transactions without waiting for them."""


@dataclass(slots=True)
class _Care:
    """What is remembered of an unfinished transaction while this process lives.

    ``sought`` says that it had no receipt when it was asked for, so that only a newer block can hold it.
    """

    entry: Entry
    sought: bool = False
    due: float = 0.0
    wait: float = 0.0
    scanned: int | None = None
    refusal: Outcome | None = None
    refused_since: float = 0.0


_Sending = tuple[Sequence[_Care], Callable[[], Sequence[Outcome]]]
"""What is being sent, and what waits for what the network says to it."""


class Courier:
    """Brings the unfinished transactions of an outbox to an end.

    Args:
        chain: where they are to be mined.
        outbox: where they are recorded.
        patience: how long to wait for what.
    """

    def __init__(self, chain: SendingChain, outbox: Outbox, patience: Patience = DEFAULT) -> None:
        self.chain = chain
        self.outbox = outbox
        self.patience = patience
        self._care = {entry.id: _Care(entry) for entry in outbox.unfinished()}
        self._moved: dict[int, Entry] = {}
        self._pause = self.patience.pause
        self._last_progress = time.monotonic()
        self._nudges = 0
        self._final = -1
        self._tip: Tip | None = None
        self._looked: BlockRef | None = None
        self._look_again = 0.0
        self._base: BlockRef | None = None
        self._suspect_from: dict[bytes, float] = {}
        self._sending: _Sending | None = None
        self.turned_away: dict[int, bytes] = {}
        """Revert data by entry, of those that a node tried, refused and did not keep."""

    @property
    def tip(self) -> Tip:
        """The newest blocks, as they were at the last turn."""
        if self._tip is None:
            self._tip = self.chain.tip()
        return self._tip

    def carries(self, sender: bytes) -> bool:
        """Whether a transaction of an account is in care."""
        return any(care.entry.sender == sender for care in self._care.values())

    def unfinished(self) -> list[Entry]:
        """The transactions in care, by sender and nonce."""
        return sorted((care.entry for care in self._care.values()), key=lambda it: (it.sender, it.nonce))

    def record(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Write signed transactions into the outbox; from now on they are in care.

        Raises:
            NetworkError: the outbox cannot be written; none of them will be sent.
        """
        if not drafts:
            return []
        entries = self.outbox.record(drafts)
        for draft in drafts:
            self.chain.expect(draft.raw, draft.sender)
        self._care.update((entry.id, _Care(entry)) for entry in entries)
        self._progressed()
        return entries

    def step(self) -> list[Entry]:
        """Send what is due and look once; returns the transactions whose state changed.

        Raises:
            NetworkError: the network cannot be reached, keeps refusing a transaction, or makes no blocks.
        """
        self._push()
        changed = self.look()
        if self._moved:
            self.outbox.update(self._moved.values())
            self._moved.clear()
        if changed:
            self._progressed()
        return changed

    def rest(self) -> None:
        """Wait a little before the next look, longer while nothing happens.

        Raises:
            NetworkError: nothing has happened for too long.
        """
        idle = time.monotonic() - self._last_progress
        if idle > self.patience.idle:
            raise too_late(len(self._care))
        if idle > self.patience.stalled * (self._nudges + 1):
            self._nudges += 1
            self.chain.nudge()
        time.sleep(self._pause)
        self._pause = min(self._pause * 1.5, self.patience.longest_pause)

    def settle(self, progress: Progress = silent) -> list[Entry]:
        """Bring everything in care to an end; returns what became of it.

        Raises:
            NetworkError: see :meth:`step` and :meth:`rest`; what is not settled stays in the outbox.
        """
        total, settled = len(self._care), []
        while self._care or self._taken_up_again():
            total = max(total, len(self._care))
            changed = [entry for entry in self.step() if not entry.unfinished]
            settled += changed
            progress(total - len(self._care), total)
            if self._care and not changed:
                self.rest()
        return settled

    def _taken_up_again(self) -> bool:
        """Write down what took the nonces of those given up; whether one of them did so itself after all."""
        found = self.outbox.overtaken()
        if not found:
            return False
        now = [
            entry.moved("sent") if taker == entry.hash else entry.moved("dead", taken_by=taker)
            for entry, taker in found
        ]
        self.outbox.update(now)
        self._care.update((entry.id, _Care(entry)) for entry in now if entry.unfinished)
        return bool(self._care)

    def _progressed(self) -> None:
        self._last_progress = time.monotonic()
        self._pause = self.patience.pause
        self._nudges = 0

    def _move(self, care: _Care, entry: Entry) -> Entry:
        """Remember a new state, to be written with the others of this step."""
        care.entry = self._moved[entry.id] = entry
        if not entry.unfinished:
            del self._care[entry.id]
        return entry

    # Sending

    def hand_over(self) -> None:
        """Begin to send what is due, in a thread; meanwhile more can be signed, and the chain asked.

        What was begun before is waited for first, and this by the next :meth:`step`.
        """
        self._handed_over()
        if due := self._due():
            raws = [care.entry.raw for care in due]
            self._sending = due, started(partial(self.chain.submit_raw, raws))

    def _handed_over(self) -> None:
        """Wait until what is being sent is with the nodes."""
        if self._sending is not None:
            (due, outcomes), self._sending = self._sending, None
            self._note_all(due, outcomes())

    def _push(self) -> None:
        self._handed_over()
        if due := self._due():
            self._note_all(due, self.chain.submit_raw([care.entry.raw for care in due]))

    def _due(self) -> list[_Care]:
        now = time.monotonic()
        due = [care for care in self._care.values() if care.entry.state != "mined" and care.due <= now]
        return sorted(due, key=lambda care: (care.entry.nonce, care.entry.sender))

    def _note_all(self, due: Sequence[_Care], outcomes: Sequence[Outcome]) -> None:
        """What the network said now to what was sent; a slow node is not asked again for that."""
        self._look_again = now = time.monotonic()
        for care, outcome in zip(due, outcomes, strict=True):
            care.wait = min(max(care.wait * 2, self.patience.resend), self.patience.longest_resend)
            care.due = now + care.wait
            self._note(care, outcome, now)

    def _note(self, care: _Care, outcome: Outcome, now: float) -> None:
        """What the network said to a transaction."""
        if outcome.held:
            care.refusal = None
            care.sought = care.sought and outcome.fate != "mined"
            if care.entry.state == "signed":
                self._move(care, care.entry.moved("sent"))
        elif outcome.fate == "refused" and not outcome.nonce_taken:
            if care.refusal is None:
                care.refused_since = now
            care.refusal = outcome
            care.due = now + min(care.wait, self.patience.refused / 4)
            if outcome.data:
                self._suspect_from[care.entry.sender] = now
        elif outcome.nonce_taken:
            self._suspect_from[care.entry.sender] = now
            care.sought = False
        elif outcome.fate == "busy":
            care.due = now + min(care.wait, 1.0)

    # Looking

    def look(self) -> list[Entry]:
        """Look what became of those in care, and prove it; nothing is sent.

        What is final is asked first: what has a receipt afterwards, no higher, is final too, if the node
        that gives the receipt has that very final block.
        """
        self._tip = tip = self.chain.tip()
        if self._as_it_was(tip):
            return []
        final = tip.final
        if final.number > self._final and all(it.entry.state == "mined" for it in self._care.values()):
            self._last_progress = time.monotonic()  # only finality is waited for, and blocks are made
        self._final = max(self._final, final.number)
        cares = [care for care in self._care.values() if self._worth_asking(care.entry, final)]
        try:
            now = self._standing(cares, tip)
        except BlocksChangedError:
            return []  # a node of another fork, or behind: look again
        # As of before the questions: a block that comes between them is one to look for.
        self._looked, self._look_again = tip.head, time.monotonic() + self.patience.suspect
        self._base = final
        changed, missing = [], []
        for care in cares:
            care.sought = True
            moved = now.get(care.entry.id)
            if moved is None:
                missing.append(care)
            elif moved != care.entry:
                changed.append(self._move(care, moved))
                self._trust(moved.sender)
        return changed + self._missing(missing, final)

    def _standing(self, cares: Sequence[_Care], tip: Tip) -> dict[int, Entry]:
        """How those stand that are in a block, by their ids."""
        mined = [care.entry for care in cares if care.entry.state == "mined"]
        found = settled(self.chain, mined, tip.final)
        waiting = [care.entry for care in cares if care.entry.id not in found]
        sought = {care.entry.id for care in cares if care.sought and care.entry.state != "mined"}
        return found | standing(self.chain, waiting, sought, self._base, tip)

    def _as_it_was(self, tip: Tip) -> bool:
        """Whether nothing can have changed since the last look."""
        return self._looked == tip.head and time.monotonic() < self._look_again

    def _trust(self, sender: bytes) -> None:
        """Put off suspecting an account whose transactions are being mined, unless a node gave cause."""
        now = time.monotonic()
        if self._suspect_from.get(sender, now) > now:
            self._suspect_from[sender] = now + self.patience.suspect

    @staticmethod
    def _worth_asking(entry: Entry, final: BlockRef) -> bool:
        return entry.state != "mined" or entry.block is None or entry.block <= final.number

    def _missing(self, missing: Iterable[_Care], final: BlockRef) -> list[Entry]:
        """Those without a receipt: still waiting, thrown out by a reorganisation, or dead."""
        changed = []
        waiting: dict[bytes, list[_Care]] = {}
        for care in missing:
            if care.entry.state == "mined":
                blank = {"block": None, "block_hash": None, "position": None, "succeeded": None}
                changed.append(self._move(care, care.entry.moved("sent", **blank)))
                care.due = care.wait = 0.0
            waiting.setdefault(care.entry.sender, []).append(care)
        for sender, cares in waiting.items():
            changed += self._waiting(sender, cares, final)
        return changed

    def _waiting(self, sender: bytes, cares: Sequence[_Care], final: BlockRef) -> list[Entry]:
        """One account's transactions without a receipt."""
        changed = []
        now = time.monotonic()
        if now < self._suspect_from.setdefault(sender, now + self.patience.suspect):
            return []
        self._suspect_from[sender] = now + self.patience.suspect
        mined = self.chain.nonces(sender).mined
        changed += self._overtaken(sender, [care for care in cares if care.entry.nonce < mined], final)
        for care in cares:
            if care.entry.nonce < mined:
                continue
            if care.refusal is not None and care.refusal.data:
                changed += self.untouched(care.entry)
            elif care.refusal is not None and now - care.refused_since > self.patience.refused:
                raise refused_for_good(care.entry, care.refusal.message)
        return changed

    def _overtaken(self, sender: bytes, suspects: Sequence[_Care], final: BlockRef) -> list[Entry]:
        """Those whose nonces are used, though they had no receipt: mined just now, or dead.

        They are dead once the transaction that took the nonce is found in a final block.
        """
        receipts = self.chain.receipts([care.entry.hash for care in suspects])
        missing = []
        for care, receipt in zip(suspects, receipts, strict=True):
            care.sought = receipt is None  # else it is asked for, whatever a node said of its blocks
            if receipt is None:
                missing.append(care)
        if not missing:
            return []
        starts = [care.entry.born if care.scanned is None else care.scanned for care in missing]
        first = min(-1 if start is None else start for start in starts) + 1
        takers: dict[int, bytes] = {}
        last = None
        for block in self.chain.blocks(first, final.number):
            last = block.ref.hash
            takers |= {item.nonce: item.hash for item in block.transactions if item.sender == sender}
        if last != final.hash:
            return []  # nothing new is final, or these are not the blocks of the final chain
        dead = []
        for care in missing:
            care.scanned = final.number
            taker = takers.get(care.entry.nonce)
            if taker is not None and taker != care.entry.hash:
                dead.append(self._move(care, care.entry.moved("dead", taken_by=taker)))
        return dead

    def untouched(self, entry: Entry) -> list[Entry]:
        """A node that tries transactions before it takes them refused this one in care: no node has it.

        Neither are those after it taken, nor can they be before its nonce is used. While a node does not
        answer, that is not known.
        """
        care = self._care[entry.id]
        behind = [
            other
            for other in self._care.values()
            if other.entry.sender == care.entry.sender and other.entry.nonce >= care.entry.nonce
        ]
        try:
            found = self.chain.survey(care.entry.sender, [other.entry.hash for other in behind])
        except NetworkError:
            return []
        if any(found.known) or found.mined > care.entry.nonce:
            return []
        data = care.refusal.data if care.refusal else b""
        self.turned_away[care.entry.id] = data
        return [
            self._move(other, other.entry.moved("failed" if other is care else "dead")) for other in behind
        ]
