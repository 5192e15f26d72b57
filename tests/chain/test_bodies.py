"""Roots of transactions and receipts, against the general trie."""

from __future__ import annotations

import eth_hash.auto
import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from traceledger.chain.rlp import encode
from traceledger.chain.rpc.bodies import receipt_rlp, transaction_rlp
from traceledger.chain.rpc.faults import WrongAnswerError
from traceledger.chain.trie import ordered_root
from traceledger.model.keccak import keccak


def slow_root(values: list[bytes]) -> bytes:
    trie = HexaryTrie({})
    for at, value in enumerate(values):
        trie[rlp.encode(at)] = value
    return trie.root_hash


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=20))
@example([b"x"] * 129)
@example([b"x" * 33] * 300)
def test_root_of_positions(values: list[bytes]) -> None:
    assert ordered_root(values) == slow_root(values)


@pytest.mark.parametrize(
    "item", [{}, {"type": "0x7e"}, {"type": 7}, {"nonce": "1"}, {"type": "0x2", "chainId": None}]
)
def test_malformed_transactions(item: dict[str, object]) -> None:
    with pytest.raises(WrongAnswerError):
        transaction_rlp(item)


@pytest.mark.parametrize(
    "item", [{}, {"logs": None}, {"logs": [{}]}, {"logs": [], "status": "1"}, {"logs": [], "status": 1}]
)
def test_malformed_receipts(item: dict[str, object]) -> None:
    with pytest.raises(WrongAnswerError):
        receipt_rlp(item)


ITEMS = st.recursive(
    st.binary(max_size=70),
    lambda parts: st.lists(parts, max_size=6) | st.lists(parts, max_size=6),
    max_leaves=12,
)


@given(ITEMS)
@example([b"x" * 55])
@example([b"x" * 60_000, b"\x80", b"\x7f", b"", []])
def test_rlp(item: object) -> None:
    assert encode(item) == rlp.encode(item)


@given(st.binary(max_size=300))
def test_keccak(value: bytes) -> None:
    assert keccak(value) == eth_hash.auto.keccak(value)
