"""What each account may sign now, and with which nonce: how many of its transactions are on their way.

Another machine may send for the same account (it is *contested*), unless somebody says that none does. The
nonces in between are then not certain before all that the account sent is final.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from traceledger.chain.base import BlockRef
from traceledger.sending.delivery import Courier
from traceledger.sending.outbox import Entry

BLOCK_SHARE = 64
"""Most transactions of one account that are signed upon one newest block.

geth keeps no more of them where one before them is missing. Larger blocks cost a busy network more than they
bring: each validator executes them, and those of Clique then make blocks beside each other.
"""

SOLE_SHARE = 512
"""The same where a single node makes the blocks: the more it is given at once, the fewer it makes of them."""

_SHARES_ON_THEIR_WAY = 2
"""Most unmined transactions of one account are so many blocks' shares.

A node that has begun a block takes nothing more into it, so that what is sent when a block appears stands in
the second next one. With one share on its way, every other block would be empty.
"""

TOTAL_WINDOW = 1024
"""Most unmined transactions in all."""

_WAITING = ("signed", "sent")
"""The states of what is on its way and in no block."""


@dataclass(slots=True)
class _Account:
    """What is known of an account that signs.

    ``next`` is the nonce to use next, ``None`` before it is asked for; after ``born`` it was free. An account
    is ``contested`` if another machine may send for it, or has. ``asked`` is the newest block at which a
    transaction of its was not final.
    """

    next: int | None = None
    born: int = 0
    contested: bool = False
    asked: BlockRef | None = None


class Accounts:
    """The accounts that sign, by their addresses.

    Args:
        courier: carries what is signed.
        exclusive: whether no other machine sends for them.
        share: most transactions of one account that are signed upon one newest block.
    """

    def __init__(self, courier: Courier, *, exclusive: bool, share: int) -> None:
        self._courier = courier
        self._exclusive = exclusive
        self._share = share
        self._known: dict[bytes, _Account] = {}
        self._unmined: Counter[bytes] = Counter()
        self._signed: Counter[bytes] = Counter()
        self._signed_at: BlockRef | None = None

    @property
    def unmined(self) -> int:
        """How many transactions are on their way, and in no block yet."""
        return self._unmined.total()

    def room(self, address: bytes) -> bool:
        """Whether an account may sign another one now."""
        head = self._courier.tip.head
        if self._signed_at != head:
            self._signed_at = head
            self._signed.clear()
        return (
            self._unmined[address] < _SHARES_ON_THEIR_WAY * self._share
            and self._signed[address] < self._share
            and self.unmined < TOTAL_WINDOW
        )

    def signs(self, address: bytes) -> None:
        """An account signs another one."""
        self._unmined[address] += 1
        self._signed[address] += 1

    def moved(self, before: Entry | None, now: Entry) -> None:
        """A transaction's state changed; ``before`` is what it was, ``None`` if it was just signed."""
        waited = before is None or before.state in _WAITING
        if waited and now.state not in _WAITING:
            self._unmined[now.sender] -= 1
        elif not waited and now.state == "sent":
            self._unmined[now.sender] += 1

    def contested(self, address: bytes) -> bool:
        """Whether another machine may send for an account, or has."""
        return self._of(address).contested

    def born(self, address: bytes) -> int:
        """Number of a final block after which the nonces that an account gets now were still free."""
        return self._of(address).born

    def nonce(self, address: bytes) -> int:
        """The next nonce of an account, on the chain and among what is in flight; it is used by that."""
        account = self._of(address)
        if account.next is None:
            self._ask(address, account)
        nonce = account.next or 0
        account.next = nonce + 1
        return nonce

    def lonely_nonce(self, address: bytes) -> int | None:
        """The next nonce, for what could happen twice; ``None`` while it is not certain.

        Only when every transaction of the account is final, the first free nonce is certain. Whoever signs
        the same operation at that nonce signs the same bytes; at a later one, it sees that it has happened.
        """
        account, tip = self._of(address), self._courier.tip
        if self._unmined[address] or account.asked == tip.head or self._courier.carries(address):
            return None
        nonce = self._courier.chain.settled_nonce(address, tip.final)
        if nonce is None:
            account.asked = tip.head
            return None
        account.born, account.next = tip.final.number, nonce + 1
        return nonce

    def unused(self, address: bytes) -> None:
        """The nonce that an account got last is not used: the next one is asked for."""
        self._of(address).next = None

    def died(self, entry: Entry) -> None:
        """A transaction can never be mined: its account's next nonce is asked for."""
        account = self._of(entry.sender)
        # Another transaction has the nonce, and it is none of this outbox.
        account.contested = account.contested or entry.taken_by is not None
        account.next = None

    def _of(self, address: bytes) -> _Account:
        if address not in self._known:
            self._known[address] = _Account(contested=not self._exclusive)
        return self._known[address]

    def _ask(self, address: bytes, account: _Account) -> None:
        """The first nonce that is free, on the chain and among what is in flight."""
        # Before the nonce is asked for: it was free at that block at the latest.
        account.born = self._courier.chain.final().number
        taken = {entry.nonce for entry in self._courier.unfinished() if entry.sender == address}
        nonce = self._courier.chain.nonces(address).mined
        while nonce in taken:
            nonce += 1
        account.next = nonce
