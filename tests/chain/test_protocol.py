"""What every implementation of the chain interface must do, whichever engine runs it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from eth_hash.auto import keccak

from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, fail, signed, word, write
from traceledger.chain.base import (
    CallRevertedError,
    Chain,
    InvalidTransactionError,
    TransactionRevertedError,
)


@pytest.fixture
def contract(chain: Chain) -> bytes:
    (receipt,) = chain.send([deploy(ALICE)], timestamp=support.START + 10)
    assert receipt.contract is not None
    return receipt.contract


class TestChain:
    def test_starts_with_a_genesis_block(self, chain: Chain) -> None:
        genesis = chain.block_ref(0)
        assert genesis is not None
        assert genesis == chain.head()
        assert genesis.number == 0
        assert genesis.hash == chain.genesis_hash()
        assert chain.chain_id == support.CHAIN_ID
        assert chain.block_ref(1) is None
        assert chain.block_ref(2**64) is None, "more than a file or a node can number"

    def test_deployment_gives_a_receipt_and_code(self, chain: Chain) -> None:
        raw = deploy(ALICE)
        (receipt,) = chain.send([raw])
        assert receipt.succeeded
        assert receipt.transaction_hash == keccak(raw)
        assert receipt.block == chain.head()
        assert receipt.block.parent_hash == chain.genesis_hash()
        assert receipt.contract is not None
        assert chain.code(receipt.contract) == support.RUNTIME
        assert chain.code(b"\x01" * 20) == b""
        assert chain.nonce(support.address_of(ALICE)) == 1
        assert chain.nonce(support.address_of(BOB)) == 0

    def test_logs_are_in_receipt_and_block_alike(self, chain: Chain, contract: bytes) -> None:
        (receipt,) = chain.send([write(ALICE, 1, contract, 5, 6)])
        first, second = receipt.logs
        assert (first.address, first.index, first.transaction_index) == (contract, 0, 0)
        assert first.topics == (support.TOPIC, word(5))
        assert first.data == word(5) + word(6)
        assert (second.topics, second.data, second.index) == ((), b"", 1)
        (block,) = chain.blocks(receipt.block.number, receipt.block.number)
        assert block.logs == receipt.logs
        assert chain.receipt(receipt.transaction_hash) == receipt

    def test_blocks_hold_the_transactions_as_sent(self, chain: Chain, contract: bytes) -> None:
        chain.send([write(ALICE, 1, contract, 1, 2), write(BOB, 0, contract, 3, 4)])
        blocks = list(chain.blocks(0, chain.head().number))
        assert [block.ref.number for block in blocks] == list(range(len(blocks)))
        assert [block.ref for block in blocks] == [chain.block_ref(n) for n in range(len(blocks))]
        for parent, child in pairwise(blocks):
            assert child.ref.parent_hash == parent.ref.hash
            assert child.ref.timestamp >= parent.ref.timestamp
        sent = [transaction for block in blocks for transaction in block.transactions]
        assert [(item.sender, item.nonce, item.to) for item in sent] == [
            (support.address_of(ALICE), 0, None),
            (support.address_of(ALICE), 1, contract),
            (support.address_of(BOB), 0, contract),
        ]
        assert [item.input for item in sent] == [
            support.INITCODE,
            word(1) + word(2),
            word(3) + word(4),
        ]
        assert all(item.succeeded for item in sent)

    def test_call_reads_the_newest_state(self, chain: Chain, contract: bytes) -> None:
        assert chain.call(contract, word(9)) == word(0)
        chain.send([write(ALICE, 1, contract, 9, 77)])
        assert chain.call(contract, word(9)) == word(77)
        assert chain.call(contract, word(9), sender=support.address_of(BOB)) == word(77)

    def test_call_changes_nothing(self, chain: Chain, contract: bytes) -> None:
        head = chain.head()
        assert chain.call(contract, word(9) + word(1)) == b""
        assert chain.call(contract, word(9)) == word(0)
        assert chain.head() == head

    def test_call_gives_the_revert_data(self, chain: Chain, contract: bytes) -> None:
        with pytest.raises(CallRevertedError) as caught:
            chain.call(contract, b"because")
        assert caught.value.data == b"because"

    def test_refused_transaction_says_which_and_why(self, chain: Chain, contract: bytes) -> None:
        with pytest.raises(TransactionRevertedError) as caught:
            chain.send([write(ALICE, 1, contract, 1, 1), fail(ALICE, 2, contract, b"because")])
        assert caught.value.position == 1
        assert caught.value.data == b"because"
        (kept,) = caught.value.receipts
        assert kept.succeeded
        assert chain.receipt(kept.transaction_hash) == kept
        assert chain.call(contract, word(1)) == word(1)

    def test_many_transactions_keep_their_order(self, chain: Chain, contract: bytes) -> None:
        raw = [write(ALICE, 1 + i, contract, 1, i) for i in range(120)]
        receipts = chain.send(raw)
        assert [receipt.transaction_hash for receipt in receipts] == [keccak(item) for item in raw]
        assert chain.call(contract, word(1)) == word(119)
        seen = [
            log.data for block in chain.blocks(0, chain.head().number) for log in block.logs if log.topics
        ]
        assert seen == [word(1) + word(i) for i in range(120)]

    def test_dynamic_fee_transactions_without_fees_are_taken(self, chain: Chain, contract: bytes) -> None:
        raw = write(ALICE, 1, contract, 1, 1, maxFeePerGas=0, maxPriorityFeePerGas=0)
        assert raw[0] == 2
        (receipt,) = chain.send([raw])
        assert receipt.succeeded
        assert chain.receipt(keccak(raw)) == receipt

    @pytest.mark.parametrize(
        "raw",
        [
            pytest.param(b"\xc0nonsense", id="malformed"),
            pytest.param(signed(ALICE, 0, b"\x01" * 20, b"", chain_id=1), id="another chain"),
        ],
    )
    def test_invalid_transaction_is_refused(self, chain: Chain, raw: bytes) -> None:
        with pytest.raises(InvalidTransactionError) as caught:
            chain.send([raw])
        assert caught.value.position == 0
        assert chain.head().number == 0

    def test_used_nonce_is_refused(self, chain: Chain, contract: bytes) -> None:
        with pytest.raises(InvalidTransactionError):
            chain.send([signed(ALICE, 0, contract, word(1) + word(1))])
        assert chain.nonce(support.address_of(ALICE)) == 1

    def test_unknown_receipt_is_none(self, chain: Chain) -> None:
        assert chain.receipt(b"\x00" * 32) is None

    def test_nothing_sent_is_nothing_mined(self, chain: Chain) -> None:
        assert chain.send([]) == []
        assert chain.head().number == 0
