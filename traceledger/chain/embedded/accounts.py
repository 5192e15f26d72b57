"""The accounts of the chain while a block is made: what py-evm asks and sets, in plain dictionaries.

py-evm's own answers each question through five layers of databases, each with a journal, and encodes every
value on its way; and when the block is done it changes the tries a value at a time. Here values are read
once, changes are noted once with what they replace, and the tries are changed once (:mod:`.tries`). The
answers, the roots and the nodes are the same: ``traceledger node verify`` computes them anew with py-evm's
own.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, NamedTuple, cast

from eth.abc import AccountDatabaseAPI, MetaWitnessAPI
from eth.db.journal import get_next_checkpoint
from eth.db.witness import MetaWitness
from eth.typing import JournalDBCheckpoint
from eth.vm.interrupt import MissingBytecode
from eth_typing import Address, Hash32

from traceledger.chain.base import EMPTY_CODE_HASH, EMPTY_TRIE_ROOT
from traceledger.chain.embedded.tries import Tries
from traceledger.chain.rlp import decode, encode, integer
from traceledger.model.keccak import keccak

_ABSENT: Any = object()
_Slot = tuple[bytes, int]


class _Account(NamedTuple):
    nonce: int = 0
    balance: int = 0
    storage_root: bytes = EMPTY_TRIE_ROOT
    code_hash: bytes = EMPTY_CODE_HASH


_EMPTY = _Account()


class Accounts(AccountDatabaseAPI):
    """Accounts, their storage and code, after a state root and what was changed since.

    Args:
        db: py-evm's database over the chain's nodes, with their :class:`Tries` as ``db.wrapped_db.tries``.
        state_root: of the state to begin with.
    """

    def __init__(self, db: Any, state_root: bytes = EMPTY_TRIE_ROOT) -> None:
        self._db = db
        self._tries: Tries = db.wrapped_db.tries
        self._root = state_root
        # As they stand in the tries; slots by the root of their trie, which changes when they do.
        self._stored: dict[bytes, _Account | None] = {}
        self._stored_slots: dict[_Slot, int] = {}
        # What was changed since, by address; ``None``: the account is no more.
        self._accounts: dict[bytes, _Account | None] = {}
        self._slots: dict[_Slot, int] = {}
        self._codes: dict[bytes, bytes] = {}
        self._made: dict[bytes, bytes] = {}
        # Of the transaction: what was touched (EIP-2929), and what changed slots held before it (EIP-2200).
        self._warm: dict[bytes | _Slot, bool] = {}
        self._before: dict[_Slot, int] = {}
        # What changes replaced, the newest last, and how many there were at each checkpoint.
        self._replaced: list[tuple[MutableMapping[Any, Any], Any, Any]] = []
        self._checkpoints: dict[int, int] = {}

    # What stands in the tries.

    @property
    def state_root(self) -> Hash32:
        """The root as of the last :meth:`make_state_root`."""
        return Hash32(self._root)

    @state_root.setter
    def state_root(self, value: Hash32) -> None:
        # py-evm sets it when it takes back a transaction; within a block it is always the same.
        if value != self._root:
            raise NotImplementedError("a block begins with one state")

    def has_root(self, state_root: bytes) -> bool:
        """Whether there is a state of that root."""
        return state_root in self._db

    def _account(self, address: bytes) -> _Account | None:
        found = self._accounts.get(address, _ABSENT)
        if found is not _ABSENT:
            return cast(_Account | None, found)
        found = self._stored.get(address, _ABSENT)
        if found is _ABSENT:
            encoded = self._tries.value(self._root, keccak(address))
            found = self._stored[address] = _decoded(encoded) if encoded else None
        return cast(_Account | None, found)

    def _stored_slot(self, root: bytes, slot: int) -> int:
        if root == EMPTY_TRIE_ROOT:
            return 0
        value = self._stored_slots.get((root, slot))
        if value is None:
            encoded = self._tries.value(root, _key(slot))
            value = int.from_bytes(decode(encoded), "big") if encoded else 0
            self._stored_slots[root, slot] = value
        return value

    # Changes, and taking them back.

    def _set(self, mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """Set a value, or drop it (``_ABSENT``), and note what it replaces."""
        self._replaced.append((mapping, key, mapping.get(key, _ABSENT)))
        _put(mapping, key, value)

    def record(self) -> JournalDBCheckpoint:
        """A checkpoint, to :meth:`discard` what is changed after it."""
        checkpoint = get_next_checkpoint()  # py-evm's transient storage (EIP-1153) numbers its own with it
        self._checkpoints[checkpoint] = len(self._replaced)
        return checkpoint

    def discard(self, checkpoint: JournalDBCheckpoint) -> None:
        """Take back what was changed since a checkpoint, which is none any more."""
        size = self._checkpoints[checkpoint]
        while len(self._replaced) > size:
            _put(*self._replaced.pop())
        self._forget(checkpoint)

    def commit(self, checkpoint: JournalDBCheckpoint) -> None:
        """Keep what was changed since a checkpoint, as far as those before it are kept."""
        self._forget(checkpoint)

    def _forget(self, checkpoint: int) -> None:
        while self._checkpoints and self._checkpoints.popitem()[0] != checkpoint:
            pass
        if not self._checkpoints:
            self._replaced.clear()

    def lock_changes(self) -> None:
        """A transaction begins: nothing is touched, and what is held now is what was before it."""
        self._warm.clear()
        self._before.clear()

    # Storage.

    def get_storage(self, address: Address, slot: int, from_journal: bool = True) -> int:
        """A slot's word; without ``from_journal`` as it was before the transaction."""
        place = (address, slot)
        value = None if from_journal else self._before.get(place)
        if value is None:
            value = self._slots.get(place)
        if value is None:
            account = self._account(address)
            value = 0 if account is None else self._stored_slot(account.storage_root, slot)
        return value

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        """Set a slot's word."""
        place = (address, slot)
        self._before.setdefault(place, self.get_storage(address, slot))
        self._set(self._slots, place, value)

    def delete_storage(self, address: Address) -> None:
        """Empty the storage of an account."""
        self._change(address, storage_root=EMPTY_TRIE_ROOT)
        self._drop_slots(address)

    def _drop_slots(self, address: bytes) -> None:
        for place in [each for each in self._slots if each[0] == address]:
            self._before.setdefault(place, self._slots[place])
            self._set(self._slots, place, _ABSENT)

    def is_storage_warm(self, address: Address, slot: int) -> bool:
        """Whether a slot was touched in this transaction."""
        return (address, slot) in self._warm

    def mark_storage_warm(self, address: Address, slot: int) -> None:
        """Note that a slot was touched."""
        self._set(self._warm, (address, slot), True)

    # Accounts.

    def _change(self, address: bytes, **fields: Any) -> None:
        self._set(self._accounts, address, (self._account(address) or _EMPTY)._replace(**fields))

    def get_balance(self, address: Address) -> int:
        """In wei."""
        return (self._account(address) or _EMPTY).balance

    def set_balance(self, address: Address, balance: int) -> None:
        """Set it, in wei."""
        self._change(address, balance=balance)

    def get_nonce(self, address: Address) -> int:
        """How many transactions an account has sent, or contracts a contract has created, plus one."""
        return (self._account(address) or _EMPTY).nonce

    def set_nonce(self, address: Address, nonce: int) -> None:
        """Set it."""
        self._change(address, nonce=nonce)

    def increment_nonce(self, address: Address) -> None:
        """Count one more."""
        self._change(address, nonce=self.get_nonce(address) + 1)

    def get_code_hash(self, address: Address) -> Hash32:
        """The hash of an account's code."""
        return Hash32((self._account(address) or _EMPTY).code_hash)

    def get_code(self, address: Address) -> bytes:
        """An account's code; empty where there is none."""
        digest = self.get_code_hash(address)
        if digest == EMPTY_CODE_HASH:
            return b""
        code = self._codes.get(digest)
        try:
            return self._db[digest] if code is None else code
        except KeyError:
            raise MissingBytecode(digest) from None

    def set_code(self, address: Address, code: bytes) -> None:
        """Set it."""
        digest = keccak(code)
        self._set(self._codes, digest, code)
        self._change(address, code_hash=digest)

    def delete_code(self, address: Address) -> None:
        """Take it away."""
        self._change(address, code_hash=EMPTY_CODE_HASH)

    def account_has_code_or_nonce(self, address: Address) -> bool:
        """Whether a contract was created there, or a transaction sent from there."""
        account = self._account(address) or _EMPTY
        return account.nonce != 0 or account.code_hash != EMPTY_CODE_HASH

    def account_is_empty(self, address: Address) -> bool:
        """Whether there is neither code nor nonce nor balance (EIP-161)."""
        return not self.account_has_code_or_nonce(address) and self.get_balance(address) == 0

    def account_exists(self, address: Address) -> bool:
        """Whether there is an account, be it an empty one."""
        return self._account(address) is not None

    def touch_account(self, address: Address) -> None:
        """Make sure that there is one."""
        if self._account(address) is None:
            self._change(address)

    def delete_account(self, address: Address) -> None:
        """Take it away with its storage."""
        self._drop_slots(address)
        self._set(self._accounts, address, None)

    def is_address_warm(self, address: Address) -> bool:
        """Whether an account was touched in this transaction."""
        return address in self._warm

    def mark_address_warm(self, address: Address) -> None:
        """Note that it was touched."""
        self._set(self._warm, address, True)

    # The new state.

    def make_state_root(self) -> Hash32:
        """The root of the state with all changes, which are not to be taken back any more."""
        for address, values in self._changed_slots().items():
            before = (self._account(address) or _EMPTY).storage_root
            root, made = self._tries.changed(before, values)
            self._made |= made
            if root != before:
                self._change(address, storage_root=root)
        values = {
            keccak(address): b"" if account is None else _encoded(account)
            for address, account in self._accounts.items()
            if account != self._stored.get(address, _ABSENT)
        }
        self._root, made = self._tries.changed(self._root, values)
        self._made |= made
        self._stored |= self._accounts
        for changes in (self._accounts, self._slots, self._replaced, self._checkpoints):
            changes.clear()
        return Hash32(self._root)

    def _changed_slots(self) -> dict[bytes, dict[bytes, bytes]]:
        """Encoded words by address and key in the trie; empty where there is to be none."""
        found: dict[bytes, dict[bytes, bytes]] = {}
        for (address, slot), value in self._slots.items():
            account = self._account(address) or _EMPTY
            if value != self._stored_slot(account.storage_root, slot):
                encoded = encode(integer(value)) if value else b""
                found.setdefault(address, {})[_key(slot)] = encoded
        return found

    def persist(self) -> MetaWitnessAPI:
        """Put the nodes of the new state, and new code, into the database."""
        self.make_state_root()
        for key, value in (self._made | self._codes).items():
            self._db[key] = value
        self._made.clear()
        self._codes.clear()
        return MetaWitness(set(), {})  # nobody asks what was read


def _put(mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
    if value is _ABSENT:
        mapping.pop(key, None)
    else:
        mapping[key] = value


def _key(slot: int) -> bytes:
    return keccak(slot.to_bytes(32, "big"))


def _encoded(account: _Account) -> bytes:
    numbers = integer(account.nonce), integer(account.balance)
    return encode([*numbers, account.storage_root, account.code_hash])


def _decoded(encoded: bytes) -> _Account:
    nonce, balance, root, code_hash = decode(encoded)
    return _Account(int.from_bytes(nonce, "big"), int.from_bytes(balance, "big"), root, code_hash)
