"""Whose key signs: the clerks of a participant have a key each, and one of them is unlocked for a browser.

::

    locked --a key is chosen, its passphrase is right--> unlocked --used--> unlocked
       ^                                                    |
       +---the button, idle_seconds without use, another clerk, the desk ends

The passphrase opens the key and is forgotten; what signs stays in one object (:class:`OneKey`), which forgets
it when it is locked. What was approved before goes on with a copy of its own until it is recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.errors import SigningError, TraceLedgerError
from traceledger.languages.phrases import phrase, phrases
from traceledger.signing.places import KeyInfo, KeyPlace, Signer, missing
from traceledger.signing.signers import PRIVATE_KEY, environment_signer
from traceledger.web.desk.settings import Clock, DeskLimits

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader
    from traceledger.web.desk.entrance import Session


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that is stored here.

    Attributes:
        name: of the key; the clerk's.
        address: 20 bytes; ``None``: it cannot be read.
        asks: what it is unlocked with: ``passphrase``, ``pin`` of a token, or ``nothing``.
        refused: why nobody can sign with it here; empty: it can be chosen.
    """

    name: str
    address: bytes | None
    asks: str = "passphrase"
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who is at the desk: the name and address of the key that is unlocked."""

    name: str
    address: bytes


class Lease:
    """A place of keys that was opened for one clerk, until nothing signs with what came from it.

    Args:
        place: is closed in the end: a token is logged out.
    """

    def __init__(self, place: KeyPlace) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._holders = 0

    @property
    def is_held(self) -> bool:
        """Whether something still signs."""
        return self._holders > 0

    def take(self) -> None:
        """One more holds it."""
        with self._lock:
            self._holders += 1

    def give_back(self) -> None:
        """One holds it no more."""
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                self._place.close()


class OneKey:
    """A place with one key only: a :class:`~traceledger.signing.places.KeyPlace` that stores nothing.

    Args:
        info: of the key.
        signer: what signs with it; ``None``: it is locked.
        lease: of the place from which it came, which is closed with the last copy.
    """

    def __init__(self, info: KeyInfo, signer: Signer | None = None, lease: Lease | None = None) -> None:
        self._info = info
        self._signer = signer
        self._lease = lease
        if lease is not None:
            lease.take()

    shown = "the desk"

    def asks(self, name: str) -> str | None:
        """Nothing: it is unlocked, or it is not."""
        return None

    def names(self) -> list[str]:
        """The name of the key."""
        return [self._info.name]

    def info(self, name: str) -> KeyInfo:
        """What is known of the key."""
        if name != self._info.name:
            raise missing(name, self.shown)
        return self._info

    def load(self, name: str, passphrase: str) -> Signer:
        """What signs with it.

        Raises:
            SigningError: it is locked.
        """
        if self._signer is None or name != self._info.name:
            raise locked()
        return self._signer

    def create(self, name: str, passphrase: str) -> KeyInfo:
        """Refuse: no keys are made at the desk."""
        raise _never()

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        """Refuse."""
        raise _never()

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        """Refuse."""
        raise _never()

    def export(self, name: str, passphrase: str, new: str) -> str:
        """Refuse."""
        raise _never()

    def export_secret(self, name: str, passphrase: str) -> bytes:
        """Refuse."""
        raise _never()

    def remove(self, name: str, passphrase: str) -> None:
        """Refuse."""
        raise _never()

    def into(self, kind: str) -> KeyPlace:
        """Refuse."""
        raise _never()

    def copy(self) -> OneKey:
        """The same, which is locked by itself."""
        return OneKey(self._info, self._signer, self._lease)

    def close(self) -> None:
        """Forget what signs."""
        lease, self._signer, self._lease = self._lease, None, None
        if lease is not None:
            lease.give_back()

    def __repr__(self) -> str:
        return f"OneKey({self._info.name!r})"


def locked() -> SigningError:
    """What is said where a key would have to sign and none is unlocked."""
    return SigningError(phrase("no key is unlocked"), hint=phrase("unlock yours, and sign again"))


def _never() -> SigningError:
    return SigningError(phrase("keys are not changed at the desk"), hint=phrase("use: traceledger key"))


@dataclass(slots=True)
class _Held:
    clerk: Clerk
    key: OneKey
    session: Session
    used: float


class Clerks:
    """The keys that may sign at a desk, and which one is unlocked.

    Args:
        place: where the network's keys live, to see which there are.
        opened: opens that place anew, for a clerk to unlock a key.
        participant: whose clerks they are.
        idle_seconds: after which a key is locked that nobody used.
        limits: of wrong passphrases.
        clock: tells the time.
    """

    def __init__(
        self,
        place: KeyPlace,
        opened: Callable[[], KeyPlace],
        participant: str,
        idle_seconds: float,
        limits: DeskLimits,
        clock: Clock,
    ) -> None:
        self._place = place
        self._opens = opened
        self._tokens: Lease | None = None
        """Of the token key that was unlocked last: the library logs a whole process in."""
        self._participant = participant
        self._idle_seconds = idle_seconds
        self._limits = limits
        self._clock = clock
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._wrong = 0
        self._again = 0.0
        """From when on a passphrase is tried again."""

    def offered(self, index: IndexReader) -> list[Offered]:
        """All keys that are stored here, those first that can be chosen; the others say why not."""
        found = [*self._of_environment(index), *self._stored(index)]
        return sorted(found, key=lambda each: (bool(each.refused), each.name != self._participant, each.name))

    def _of_environment(self, index: IndexReader) -> Iterator[Offered]:
        signer = environment_signer()
        if signer is not None:
            refused = self._refused(index, signer.address)
            yield Offered(PRIVATE_KEY, signer.address, "nothing", refused)

    def _stored(self, index: IndexReader) -> Iterator[Offered]:
        for name in self._place.names():
            try:
                address = self._place.info(name).address
                asked = self._place.asks(name)
            except TraceLedgerError as error:
                yield Offered(name, None, refused=error.what)
                continue
            kind = "nothing" if asked is None else "passphrase" if asked == name else "pin"
            yield Offered(name, address, kind, self._refused(index, address))

    def _refused(self, index: IndexReader, address: bytes) -> str:
        """Why a key does not sign for the desk's participant; empty: it does."""
        participant = index.participant_of_operator(address)
        if participant is None:
            return phrase("it is registered for no company on this network")
        if participant.slug != self._participant:
            return phrase("it is a key of {company}", company=participant.slug)
        if address not in participant.operators:
            return phrase("it was revoked")
        return ""

    def unlock(self, session: Session, name: str, passphrase: str, index: IndexReader) -> Clerk:
        """Unlock a key for a browser; any other one is locked.

        Args:
            session: of the browser.
            name: of the key.
            passphrase: of the key, or the PIN of its token; it is not kept.
            index: knows which keys are registered.

        Raises:
            SigningError: the key does not sign for this participant, the passphrase is wrong, or it was
                wrong too often just now.
        """
        chosen = next((each for each in self.offered(index) if each.name == name), None)
        if chosen is None or chosen.address is None:
            raise missing(name, self._place.shown)
        if chosen.refused:
            raise SigningError(chosen.refused, where=name, hint=phrase("choose another key"))
        with self._lock:
            self._require_patience()
            self.lock()
            key = self._opened(chosen, chosen.address, passphrase)
            clerk = Clerk(name, chosen.address)
            self._held = _Held(clerk, key, session, self._clock())
            return clerk

    def _opened(self, chosen: Offered, address: bytes, passphrase: str) -> OneKey:
        info = KeyInfo(chosen.name, address)
        if chosen.name == PRIVATE_KEY and (signer := environment_signer()) is not None:
            return OneKey(info, signer)
        if chosen.asks == "pin" and self._tokens is not None and self._tokens.is_held:
            # The library would take any PIN while it is logged in.
            raise SigningError(
                phrase("something is still being signed with this token"),
                hint=phrase("try again in a minute"),
            )
        lease = Lease(place := self._opens())
        try:
            signer = place.load(chosen.name, passphrase)
        except SigningError as error:
            place.close()
            self._count_wrong()
            # The command's options and variables are no remedy here.
            hint = phrase("type it again") if "--passphrase-file" in (error.hint or "") else error.hint
            raise SigningError(error.what, hint=hint, where=error.where) from None
        self._wrong = 0
        if chosen.asks == "pin":
            self._tokens = lease
        return OneKey(info, signer, lease)

    def _count_wrong(self) -> None:
        self._wrong += 1
        beyond = self._wrong - self._limits.tries
        if beyond >= 0:
            wait = min(self._limits.wait_seconds * 2.0**beyond, self._limits.most_wait_seconds)
            self._again = self._clock() + wait

    def _require_patience(self) -> None:
        left = self._again - self._clock()
        if left > 0:
            raise SigningError(
                phrases(
                    "the passphrase was wrong too often: wait {number} second",
                    "the passphrase was wrong too often: wait {number} seconds",
                    int(left) + 1,
                )
            )

    def lock(self) -> None:
        """Forget the key that is unlocked."""
        with self._lock:
            if self._held is not None:
                self._held.key.close()
                self._held = None

    def look(self) -> None:
        """Lock the key if nobody used the desk for long."""
        with self._lock:
            if self._held is not None and self._clock() - self._held.used >= self._idle_seconds:
                self.lock()

    def current(self, session: Session, *, use: bool = False) -> Clerk | None:
        """Who is unlocked for a browser; ``None``: nobody.

        Args:
            session: of the browser.
            use: whether the desk is used just now, which keeps the key unlocked.
        """
        with self._lock:
            self.look()
            if self._held is None or self._held.session is not session:
                return None
            if use:
                self._held.used = self._clock()
            return self._held.clerk

    def elsewhere(self, session: Session) -> Clerk | None:
        """Who is unlocked for another browser."""
        with self._lock:
            self.look()
            return None if self._held is None or self._held.session is session else self._held.clerk

    def key(self, session: Session) -> OneKey:
        """What signs for who is unlocked in a browser: a copy, for what was approved.

        Raises:
            SigningError: nobody is.
        """
        with self._lock:
            if self.current(session, use=True) is None or self._held is None:
                raise locked()
            return self._held.key.copy()
