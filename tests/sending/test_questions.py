"""How few questions it takes to see what becomes of transactions, and that nothing is missed by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faulty_endpoint import FaultyEndpoint, without_block_receipts
from tests.rpc_networks import CHAIN_ID, BuiltUpon, anvil, ask
from traceledger.model.keccak import keccak
from traceledger.model.patience import Patience
from traceledger.sending.delivery import Courier
from traceledger.sending.outbox import Draft, OperationKey, Outbox
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

pytestmark = pytest.mark.real("anvil")
COUNT = 20
PATIENT = Patience(suspect=60.0, resend=60.0)
"""Nothing is sent or looked for again before it has to be."""
SIGNER = LocalSigner(keccak(b"sends itself nothing"))
SEND = "eth_sendRawTransaction"
RECEIPT, OF_BLOCK, BLOCK = "eth_getTransactionReceipt", "eth_getBlockReceipts", "eth_getBlockByNumber"


@dataclass
class Sending:
    """A courier on a node that makes blocks when it is told to; one is final once two stand upon it."""

    url: str
    endpoint: FaultyEndpoint
    chain: BuiltUpon
    courier: Courier

    def turn(self, *, blocks: int = 0) -> tuple[Counter[str], Counter[str]]:
        """One turn after so many new blocks: what was asked, and how many went into which state."""
        for _ in range(blocks):
            ask(self.url, "evm_mine")
        self.endpoint.asked.clear()
        moved = Counter(str(entry.state) for entry in self.courier.step())
        return Counter(self.endpoint.asked), moved


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[Sending]:
    with (
        anvil(tmp_path / "anvil", "--no-mining") as url,
        FaultyEndpoint(url) as endpoint,
        BuiltUpon.connect(endpoint.url, expected_chain_id=CHAIN_ID) as chain,
        Outbox.open(tmp_path / "outbox", chain_id=CHAIN_ID, genesis_hash=chain.genesis_hash()) as outbox,
    ):
        chain.depth = 2
        yield Sending(url, endpoint, chain, Courier(chain, outbox, PATIENT))


def draft(nonce: int) -> Draft:
    raw = sign(UnsignedTransaction(CHAIN_ID, nonce, 21_000, SIGNER.address, b""), SIGNER)
    key = OperationKey(SIGNER.address, SIGNER.address, keccak(bytes([nonce])))
    return Draft(SIGNER.address, nonce, raw, key, 1, "nothing", "test", None)


def test_receipts_are_asked_for_once_and_none_while_nothing_happens(sending: Sending) -> None:
    sending.courier.record([draft(nonce) for nonce in range(COUNT)])
    asked, _ = sending.turn()
    assert asked[RECEIPT] == COUNT  # they might have been mined before, sent by another process
    for _ in range(3):
        asked, moved = sending.turn()
        assert set(asked) == {BLOCK}
        assert not moved
    asked, moved = sending.turn(blocks=1)
    assert (asked[RECEIPT], asked[OF_BLOCK], moved) == (0, 1, {"mined": COUNT})
    for expected in ({}, {"final": COUNT}):
        asked, moved = sending.turn(blocks=1)
        assert (asked[RECEIPT], asked[OF_BLOCK], moved) == (0, 0, expected)


def test_what_is_handed_over_while_more_is_signed_is_sent_once(sending: Sending) -> None:
    for start in range(0, COUNT, COUNT // 4):
        sending.courier.record([draft(nonce) for nonce in range(start, start + COUNT // 4)])
        sending.courier.hand_over()
    assert sending.courier.step() == []
    assert Counter(sending.endpoint.asked)[SEND] == COUNT
    assert {entry.state for entry in sending.courier.unfinished()} == {"sent"}
    assert sending.turn(blocks=1)[1] == {"mined": COUNT}


def test_only_what_the_new_blocks_hold_is_asked_for(sending: Sending) -> None:
    """Those after a missing nonce wait, while blocks are made."""
    sending.courier.record([draft(nonce) for nonce in range(COUNT) if nonce != COUNT // 2])
    sending.turn()
    asked, moved = sending.turn(blocks=1)
    assert (asked[RECEIPT], asked[OF_BLOCK], moved) == (0, 1, {"mined": COUNT // 2})
    asked, moved = sending.turn(blocks=1)
    assert (asked[RECEIPT], asked[OF_BLOCK], moved) == (0, 0, {})


def test_blocks_that_were_replaced_are_noticed(sending: Sending) -> None:
    sending.courier.record([draft(nonce) for nonce in range(COUNT)])
    sending.turn()
    before = ask(sending.url, "evm_snapshot")
    assert sending.turn(blocks=1)[1] == {"mined": COUNT}
    ask(sending.url, "evm_revert", before)
    ask(sending.url, "anvil_dropAllTransactions")
    ask(sending.url, "evm_increaseTime", 5)
    assert sending.turn(blocks=3)[1] == {"sent": COUNT}
    sending.turn()  # sent again
    assert sending.turn(blocks=1)[1] == {"mined": COUNT}
    assert sending.turn(blocks=2)[1] == {"final": COUNT}


def test_a_nonce_is_settled_once_its_block_is_final(sending: Sending) -> None:
    def settled() -> int | None:
        return sending.chain.settled_nonce(SIGNER.address, sending.chain.final())

    assert settled() == 0
    sending.courier.record([draft(0)])
    sending.turn()
    for expected in (None, None, 1):
        ask(sending.url, "evm_mine")
        assert settled() == expected
    final = sending.chain.final()
    other = type(final)(final.number, bytes(32), final.parent_hash, final.timestamp)
    assert sending.chain.settled_nonce(SIGNER.address, other) is None


def test_a_few_of_a_block_and_a_node_that_gives_no_receipts_of_blocks(sending: Sending) -> None:
    sending.courier.record([draft(nonce) for nonce in range(2)])
    sending.turn()
    asked, moved = sending.turn(blocks=1)
    assert (asked[RECEIPT], asked[OF_BLOCK], moved) == (2, 0, {"mined": 2})
    sending.endpoint.fault = without_block_receipts
    sending.courier.record([draft(nonce) for nonce in range(2, COUNT)])
    sending.turn()
    asked, moved = sending.turn(blocks=1)
    assert (asked[RECEIPT], moved) == (COUNT - 2, {"mined": COUNT - 2})
