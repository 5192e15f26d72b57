"""What all pages of a desk share: whose it is, what is read, where drafts lie, who is unlocked."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.client.client import Client
from traceledger.config.connection import key_place
from traceledger.errors import NetworkError, SigningError, TraceLedgerError, UnknownNameError
from traceledger.interop.reading import source_of
from traceledger.languages.phrases import phrase
from traceledger.model.hexadecimal import digits, hexed
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.registry import Participant
from traceledger.operations.file import OperationsFileError
from traceledger.signing.places import KeyInfo
from traceledger.web.desk.clerk import Clerk, Clerks, OneKey, locked
from traceledger.web.desk.drafts import Draft, Drafts, State, Trouble
from traceledger.web.desk.entrance import Entrance
from traceledger.web.desk.receipts import Receipt, Receipts
from traceledger.web.desk.settings import Clock, DeskSettings
from traceledger.web.desk.sheets import Sheets
from traceledger.web.desk.shown import Shown, digest_of
from traceledger.web.desk.work import Work
from traceledger.web.following import Follower, Following

if TYPE_CHECKING:
    from traceledger.config.networks import Network
    from traceledger.sending.lines import Source
    from traceledger.signing.places import KeyPlace

_log = logging.getLogger(__name__)
_LONG = 5.0
"""Seconds after which looking at a draft took long."""
_AGAIN = 5.0
"""For so many times as long as it took, such a draft is not looked at again."""
_WAIT = 45.0
"""Seconds that one page waits for another one that looks at the same draft."""
_KEPT = 16
"""How many drafts that were looked at are kept, each as of one block and for one key."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was seen of a draft, up to which block that changed anything, and until when it may be shown."""

    shown: Shown
    change: int
    until: float


class Desk:
    """The desk of a participant.

    Args:
        network: on which.
        settings: whose, and how it is run.
        clock: tells the time for locks and sessions; it never goes back.
        patience: how long to wait for what.
        keys: opens where keys live, if not in the network's key folder or token.
    """

    def __init__(
        self,
        network: Network,
        settings: DeskSettings,
        *,
        clock: Clock = time.monotonic,
        patience: Patience = DEFAULT,
        keys: Callable[[], KeyPlace] | None = None,
    ) -> None:
        self.network = network
        self.settings = settings
        self.participant = settings.participant
        self._patience = patience
        self._clock = clock
        opened = keys or (lambda: key_place(network))
        self._place = opened()
        self.client = Client(network, passphrase=_never, patience=patience, keys=self._place)
        """For reading, from any thread."""
        self.drafts = Drafts(network.folder, settings.participant)
        self.entrance = Entrance(settings.limits, clock)
        self.clerks = Clerks(
            self._place, opened, settings.participant, settings.idle_seconds, settings.limits, clock
        )
        self.sheets = Sheets()
        self.receipts = Receipts(self.drafts, self._key_names)
        self.work = Work(self.drafts, self._client_of, self._finished)
        self._follower = Follower(self._client_of(None), settings.follow_seconds)
        self._lock = threading.Lock()
        self._planners: dict[bytes, Client] = {}
        self._looking: dict[str, threading.Lock] = {}
        self._looked: OrderedDict[tuple[object, ...], _Looked] = OrderedDict()

    def open(self) -> Participant:
        """Look whether the desk can be opened: the chain or its index is there, and knows the participant.

        Raises:
            UnknownNameError: there is no such participant.
            NetworkError: neither can be reached.
        """
        try:
            self.client.refresh()
        except NetworkError:
            if not self.network.index_file.exists():
                raise
        return self.company()

    def company(self) -> Participant:
        """The participant as it stands on the ledger.

        Raises:
            UnknownNameError: there is none of that short name.
        """
        found = self.client.index.participant(self.participant)
        if found is None:
            raise UnknownNameError(
                phrase("there is no company {name} on this network", name=self.participant),
                where="--as",
                hint=phrase("traceledger participant list shows them"),
            )
        return found

    @property
    def following(self) -> Following:
        """How the chain is followed."""
        return self._follower.state

    def start(self) -> None:
        """Begin to follow the chain."""
        self._follower.start()

    def close(self) -> None:
        """Forget the key, and end what runs in the background."""
        self.clerks.lock()
        self.work.close()
        self._follower.stop(self.settings.limits.connection.grace_seconds)
        with self._lock:
            clients = [self.client, *self._planners.values()]
        for client in clients:
            client.close()
        self._place.close()

    def look(self, draft: Draft, clerk: Clerk | None = None) -> Shown:
        """A draft as it would be signed now, by who is unlocked, else by whoever can; nothing is changed.

        Whatever goes wrong is in its ``troubles``. A long draft takes its time: who asks again meanwhile
        waits for the same.
        """
        with self._lock:
            looking = self._looking.setdefault(draft.id, threading.Lock())
        if not looking.acquire(timeout=_WAIT):
            return Shown(
                None, (Trouble(phrase("this draft is still being looked at"), phrase("wait a minute")),)
            )
        try:
            return self._shown(draft, clerk)
        finally:
            looking.release()

    def _shown(self, draft: Draft, clerk: Clerk | None) -> Shown:
        try:
            content = self.drafts.content(draft)
            info = self._signer(clerk)
            planner = self._planner(info)
            planner.refresh()
            key = (draft.id, draft.state, draft.signed, hash(content), info.address)
            change, begun = planner.index.last_change(), self._clock()
            if (known := self._kept(key, change)) is not None:
                return known
            plan = planner.plan(source_of(content, name=str(self.drafts.path(draft))), propose=True)
        except TraceLedgerError as error:
            return Shown(None, draft.trouble(error))
        refused = tuple(
            trouble for it in plan.refused if it.refusal is not None for trouble in draft.trouble(it.refusal)
        )
        digest = "" if plan.proposal is None else digest_of(content, plan.proposal)
        shown = Shown(plan, refused, digest, info.name, hexed(info.address))
        now = self._clock()
        # On a busy network a long draft would be looked at for ever; what is signed is compared anyway.
        until = now + _AGAIN * (now - begun) if now - begun > _LONG else now
        with self._lock:
            self._looked[key] = _Looked(shown, change, until)
            while len(self._looked) > _KEPT:
                self._looked.popitem(last=False)
        return shown

    def faults(self, source: Source, clerk: Clerk | None = None) -> tuple[TraceLedgerError, ...]:
        """What is wrong with operations that were read, as far as they name what the ledger does not know."""
        try:
            planner = self._planner(self._signer(clerk))
            planner.refresh()
            planner.plan(source)
        except OperationsFileError as error:
            return error.further
        except TraceLedgerError:
            # What else goes wrong is told on the page of the draft.
            return ()
        return ()

    def check(self, draft: Draft, clerk: Clerk | None = None) -> Draft:
        """Look at a draft, and keep what was found: it is ``checked``, or ``made`` with its troubles.

        Raises:
            NetworkError: another desk has it in hand.
        """
        shown = self.look(draft, clerk)
        sound = shown.plan is not None and not shown.plan.refused
        with self.drafts.in_hand(draft):
            now = self.drafts.get(draft.id)
            if now.state not in (State.MADE, State.CHECKED):
                return now
            return self.drafts.move(now, State.CHECKED if sound else State.MADE, troubles=shown.troubles)

    def _kept(self, key: tuple[object, ...], change: int) -> Shown | None:
        """What was seen before, if nothing changed on the chain since, or it took long and is young."""
        with self._lock:
            known = self._looked.get(key)
        if known is None or (known.change != change and self._clock() >= known.until):
            return None
        return known.shown

    def _signer(self, clerk: Clerk | None) -> KeyInfo:
        """The key that would sign: that of who is unlocked, else the first one that could be."""
        if clerk is not None:
            return KeyInfo(clerk.name, clerk.address)
        for offered in self.clerks.offered(self.client.index):
            if not offered.refused and offered.address is not None:
                return KeyInfo(offered.name, offered.address)
        raise SigningError(
            phrase("no key of {company} is stored on this machine", company=self.participant),
            hint=phrase("import one with: {command}", command="traceledger key import NAME"),
        )

    def _planner(self, info: KeyInfo) -> Client:
        """A client that plans with that key, and cannot sign."""
        with self._lock:
            if info.address not in self._planners:
                self._planners[info.address] = self._client_of(OneKey(info))
            return self._planners[info.address]

    def _client_of(self, key: OneKey | None) -> Client:
        return Client(
            self.network,
            passphrase=_never,
            patience=self._patience,
            keys=key or self._place,
            environment_key=False,
        )

    def make_receipt(self, draft: Draft) -> Receipt:
        """Make the receipt of a draft, or make it anew.

        Raises:
            InputError: nothing of it is recorded.
            NetworkError: the chain cannot be read.
        """
        signed = draft.signed
        info = self._signer(None) if signed is None else KeyInfo(signed.key, digits(signed.address))
        with self.drafts.in_hand(draft):
            return self.receipts.make(self.drafts.get(draft.id), self._planner(info))

    def _key_names(self) -> dict[bytes, str]:
        offered = self.clerks.offered(self.client.index)
        return {each.address: each.name for each in offered if each.address is not None}

    def _finished(self, draft: Draft, client: Client) -> None:
        """Make the receipt of what was just recorded; where that fails, it is made when it is asked for."""
        try:
            self.receipts.make(draft, client)
        except TraceLedgerError as error:
            _log.warning("the receipt of draft %s is not made: %s", draft.id, error.sentence)


def _never(_: str) -> str:
    raise locked()
