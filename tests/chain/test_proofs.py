"""Merkle proofs from the embedded chain verify against the roots in its headers."""

from __future__ import annotations

import pytest
import rlp
from eth_hash.auto import keccak
from trie.exceptions import BadTrieProof
from trie.hexary import HexaryTrie

from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, word, write
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.state import Account, receipt_proof

STATE_ROOT, RECEIPT_ROOT = 3, 5


def field(chain: EmbeddedChain, number: int, index: int) -> bytes:
    header = chain.reader.header_rlp(number)
    assert header is not None
    found: bytes = rlp.decode(header)[index]
    return found


def proven(root: bytes, key: bytes, nodes: tuple[bytes, ...]) -> bytes:
    value: bytes = HexaryTrie.get_from_proof(root, key, [rlp.decode(node) for node in nodes])
    return value


@pytest.fixture
def contract(embedded: EmbeddedChain) -> bytes:
    (receipt,) = embedded.send([deploy(ALICE)], timestamp=support.START + 10)
    assert receipt.contract is not None
    embedded.send([write(ALICE, 1 + i, receipt.contract, i, i + 100) for i in range(40)])
    embedded.send([write(BOB, 0, receipt.contract, 3, 999)])
    return receipt.contract


@pytest.mark.parametrize(("number", "expected"), [(1, 0), (2, 103), (3, 999)])
def test_storage_at_each_block(embedded: EmbeddedChain, contract: bytes, number: int, expected: int) -> None:
    found = embedded.state.prove(contract, [3, 7777], number)
    encoded = proven(field(embedded, number, STATE_ROOT), keccak(contract), found.proof)
    nonce, _, storage_root, code_hash = rlp.decode(encoded)
    assert (nonce, storage_root, code_hash) == (b"\x01", found.account.storage_root, keccak(support.RUNTIME))
    held, empty = found.storage
    assert held.value == expected
    value = proven(storage_root, keccak(word(3)), held.proof)
    assert value == (rlp.encode(expected) if expected else b"")
    assert empty.value == 0
    assert proven(storage_root, keccak(word(7777)), empty.proof) == b""


def test_absent_account(embedded: EmbeddedChain, contract: bytes) -> None:
    nobody = b"\x77" * 20
    found = embedded.state.prove(nobody, [1])
    assert found.account == Account()
    assert found.block == 3
    assert proven(field(embedded, 3, STATE_ROOT), keccak(nobody), found.proof) == b""
    assert found.storage[0].proof == ()


@pytest.mark.parametrize("position", [0, 1, 16, 39])
def test_receipts(embedded: EmbeddedChain, contract: bytes, position: int) -> None:
    receipts = embedded.reader.receipt_rlps(2)
    root, nodes = receipt_proof(receipts, position)
    assert root == field(embedded, 2, RECEIPT_ROOT)
    assert proven(root, rlp.encode(position), nodes) == receipts[position]
    with pytest.raises(BadTrieProof):
        proven(b"\x01" * 32, rlp.encode(position), nodes)
