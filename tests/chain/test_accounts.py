"""The accounts of the embedded chain answer as py-evm's own do, and leave the same state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth.db.account import AccountDB
from eth.db.atomic import AtomicDB
from eth.db.backends.memory import MemoryDB
from hypothesis import given, settings
from hypothesis import strategies as st

from traceledger.chain.base import EMPTY_TRIE_ROOT
from traceledger.chain.embedded.accounts import Accounts
from traceledger.chain.embedded.tries import Tries

_ADDRESSES = [bytes(19) + bytes([number]) for number in (1, 2, 3)]
_SLOTS = [0, 1, 2**255]
_PLACES = [(address, slot) for address in _ADDRESSES for slot in _SLOTS]


class _Nodes(MemoryDB):
    def __init__(self) -> None:
        super().__init__()
        self.tries = Tries(self)


_Step = tuple[str, tuple[Any, ...]]
_address, _slot = st.sampled_from(_ADDRESSES), st.sampled_from(_SLOTS)
_CHANGES: st.SearchStrategy[_Step] = st.one_of(
    st.tuples(st.just("set_storage"), st.tuples(_address, _slot, st.sampled_from([0, 0, 1, 7, 2**256 - 1]))),
    st.tuples(st.just("create"), st.tuples(_address)),
    st.tuples(st.just("set_balance"), st.tuples(_address, st.sampled_from([0, 5]))),
    st.tuples(st.just("set_nonce"), st.tuples(_address, st.sampled_from([0, 1, 300]))),
    st.tuples(st.just("increment_nonce"), st.tuples(_address)),
    st.tuples(st.just("set_code"), st.tuples(_address, st.sampled_from([b"\0", b"code"]))),
    st.tuples(st.just("delete_code"), st.tuples(_address)),
    st.tuples(st.just("touch_account"), st.tuples(_address)),
    st.tuples(st.just("mark_address_warm"), st.tuples(_address)),
    st.tuples(st.just("mark_storage_warm"), st.tuples(_address, _slot)),
)
_CALLS: st.SearchStrategy[Any] = st.recursive(
    st.lists(_CHANGES, max_size=6), lambda inner: st.lists(st.tuples(st.booleans(), inner), max_size=3)
)
"""Changes, or calls that are kept or taken back, within one another."""


def _answers(accounts: Any) -> list[Any]:
    by_address: list[Callable[[Any], Any]] = [
        accounts.get_balance,
        accounts.get_nonce,
        accounts.get_code,
        accounts.get_code_hash,
        accounts.account_exists,
        accounts.account_is_empty,
        accounts.account_has_code_or_nonce,
        accounts.is_address_warm,
    ]
    return [
        *(ask(address) for ask in by_address for address in _ADDRESSES),
        *(ask(*place) for ask in (accounts.get_storage, accounts.is_storage_warm) for place in _PLACES),
    ]


def _run(both: tuple[Any, Any], calls: list[Any]) -> None:
    """Do the same to both, and ask both the same after each call."""
    for kept, inner in calls:
        if isinstance(kept, str):
            before = [[each.get_storage(*place, False) for place in _PLACES] for each in both]
            assert before[0] == before[1]
            for each in both:
                _change(each, kept, *inner)
            continue
        marks = [each.record() for each in both]
        _run(both, inner)
        for each, mark in zip(both, marks, strict=True):
            (each.commit if kept else each.discard)(mark)
        assert _answers(both[0]) == _answers(both[1])


def _change(accounts: Any, name: str, address: bytes, *values: Any) -> None:
    if name != "create":
        getattr(accounts, name)(address, *values)
    # py-evm empties the storage of accounts that are made, and does so nowhere else.
    elif not accounts.account_exists(address):
        if not any(accounts.get_storage(address, slot) for slot in _SLOTS):
            accounts.delete_storage(address)
        accounts.set_nonce(address, 1)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(_CALLS, st.sets(_address, max_size=1)), max_size=3), max_size=3))
def test_blocks_of_transactions(blocks: list[list[Any]]) -> None:
    """Each block begins with the state that the one before it left."""
    ours, theirs = _Nodes(), MemoryDB()
    root = EMPTY_TRIE_ROOT
    for transactions in blocks:
        both = Accounts(AtomicDB(ours), root), AccountDB(AtomicDB(theirs), root)
        for calls, deleted in transactions:
            for each in both:
                each.lock_changes()
            _run(both, calls)
            for each in both:
                [each.delete_account(address) for address in deleted]
            assert _answers(both[0]) == _answers(both[1])
        for each in both:
            each.persist()
        assert both[0].state_root == both[1].state_root
        root = both[0].state_root
        assert _answers(both[0])[: 7 * 3] == _answers(both[1])[: 7 * 3]
        assert set(ours.kv_store) >= {key for key in theirs.kv_store if key != EMPTY_TRIE_ROOT}
