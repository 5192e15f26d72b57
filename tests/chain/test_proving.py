"""Headers, receipts and state proofs of every kind of chain, shown to one who knows only the block's hash."""

from __future__ import annotations

from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address
from trie.hexary import HexaryTrie

from tests.chain.support import ALICE, BOB, RUNTIME, deploy, word, write
from tests.rpc_networks import ask
from traceledger.chain.base import EMPTY_TRIE_ROOT, AccountProof, Chain
from traceledger.chain.headers import header_hash, header_of, header_rlp
from traceledger.chain.rpc.bodies import transaction_rlp
from traceledger.chain.rpc.chain import RpcChain
from traceledger.chain.rpc.faults import WrongAnswerError
from traceledger.chain.trie import ordered_root
from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed

FREE = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0}


@pytest.fixture
def filled(chain: Chain) -> tuple[Chain, bytes]:
    """A chain with all types of transactions that a consortium uses, and its contract."""
    (made,) = chain.send([deploy(ALICE)])
    assert made.contract is not None
    listed = [{"address": to_checksum_address(made.contract), "storageKeys": [hexed(word(2))]}]
    chain.send(
        [
            write(ALICE, 1, made.contract, 1, 10),
            write(ALICE, 2, made.contract, 2, 20, gasPrice=0, accessList=listed),
            write(BOB, 0, made.contract, 3, 30, **FREE, accessList=listed),
        ]
    )
    return chain, made.contract


def read_block(url: str, number: int) -> dict[str, Any]:
    """A block with its transactions, as the node has it."""
    found: dict[str, Any] = ask(url, "eth_getBlockByNumber", hex(number), True)
    return found


def proven(root: bytes, key: bytes, nodes: tuple[bytes, ...]) -> bytes:
    found: bytes = HexaryTrie.get_from_proof(root, keccak(key), [rlp.decode(node) for node in nodes])
    return found


def test_headers_and_receipts(filled: tuple[Any, bytes]) -> None:
    chain, _ = filled
    for number in range(chain.head().number + 1):
        ref, encoded = chain.block_ref(number), chain.header_rlp(number)
        assert header_hash(encoded) == ref.hash
        assert ordered_root(chain.receipt_rlps(number)) == rlp.decode(encoded)[5]
    with pytest.raises(InputError, match="no block 9"):
        chain.header_rlp(9)
    with pytest.raises(InputError, match="no block 9"):
        chain.receipt_rlps(9)


def test_state(filled: tuple[Any, bytes]) -> None:
    chain, contract = filled
    head = chain.head().number
    proof: AccountProof = chain.prove(contract, [1, 9])
    account = rlp.decode(proven(rlp.decode(chain.header_rlp(head))[3], contract, proof.proof))
    assert account[2:] == [proof.account.storage_root, proof.account.code_hash]
    assert proof.account.code_hash == keccak(RUNTIME)
    assert [(slot.key, slot.value) for slot in proof.storage] == [(1, 10), (9, 0)]
    for slot in proof.storage:
        value = proven(proof.account.storage_root, word(slot.key), slot.proof)
        assert (rlp.decode(value) if value else b"") == (bytes([slot.value]) if slot.value else b"")
    assert chain.prove(contract, [1], head - 1).block == head - 1
    nobody = chain.prove(b"\x07" * 20, [])
    assert nobody.account.storage_root == EMPTY_TRIE_ROOT
    assert proven(rlp.decode(chain.header_rlp(head))[3], b"\x07" * 20, nobody.proof) == b""


@pytest.mark.parametrize("kind", ["over_node", pytest.param("over_anvil", marks=pytest.mark.real("anvil"))])
def test_transactions_are_rebuilt(request: pytest.FixtureRequest, kind: str) -> None:
    chain: RpcChain = request.getfixturevalue(kind)
    url = request.getfixturevalue("node").url if kind == "over_node" else request.getfixturevalue("anvil_url")
    (made,) = chain.send([deploy(ALICE)])
    assert made.contract is not None
    raw = [write(ALICE, 1, made.contract, 1, 10), write(ALICE, 2, made.contract, 1, 11, **FREE)]
    receipts = chain.send(raw)
    for receipt in receipts:
        block = read_block(url, receipt.block.number)
        rebuilt = [transaction_rlp(item) for item in block["transactions"]]
        assert raw[receipts.index(receipt)] in rebuilt
        assert hexed(ordered_root(rebuilt)) == block["transactionsRoot"]


@pytest.mark.real("anvil")
def test_what_is_not_as_hashed_is_noticed(over_anvil: RpcChain, anvil_url: str) -> None:
    over_anvil.send([deploy(ALICE)])
    block = read_block(anvil_url, over_anvil.head().number)
    assert header_of(block).ref == over_anvil.head()
    for name in ("receiptsRoot", "timestamp", "extraData", "requestsHash"):
        with pytest.raises(WrongAnswerError, match="does not have the block's hash"):
            header_of(block | {name: "0x01"})
        assert header_rlp(block | {name: "0x01"}) != header_rlp(block)
    with pytest.raises(WrongAnswerError, match="lacks 'miner'"):
        header_of({name: value for name, value in block.items() if name != "miner"})
    with pytest.raises(WrongAnswerError, match="does not have this hash"):
        transaction_rlp(block["transactions"][0] | {"nonce": "0x7"})
