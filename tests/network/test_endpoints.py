"""The RPC client over four real validators: long extra data, finality, failover, transactions to all."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from eth_hash.auto import keccak

from tests.chain.support import address_of, deploy, word, write
from tests.faulty_endpoint import FaultyEndpoint, altered_logs, silent, status
from tests.network.conftest import CHAIN_ID
from tests.network.live import LiveNetwork, until
from traceledger.chain.headers import header_hash
from traceledger.chain.rpc.chain import RpcChain

pytestmark = [pytest.mark.real("geth")]


@pytest.fixture
def key() -> bytes:
    """A new account, so that tests on one network do not meet."""
    return keccak(str(time.time_ns()).encode())


@pytest.fixture
def chain(network: LiveNetwork) -> Iterator[RpcChain]:
    with RpcChain.connect(*network.urls, expected_chain_id=CHAIN_ID, consensus="clique") as found:
        yield found


def filled(chain: RpcChain, key: bytes) -> bytes:
    """A contract with a few logs; its address. What is in a block that is not final may still leave it."""
    (made,) = chain.send([deploy(key, chain_id=CHAIN_ID)])
    assert made.contract is not None
    chain.send([write(key, 1 + at, made.contract, at, at + 1, chain_id=CHAIN_ID) for at in range(5)])
    mined = chain.head().number
    until(lambda: chain.final().number >= mined, "the last transaction is final", 60)
    return made.contract


def test_blocks_receipts_and_state_are_proven(chain: RpcChain, key: bytes) -> None:
    contract = filled(chain, key)
    final = chain.final()
    blocks = list(chain.blocks(0, final.number))
    assert [block.ref.number for block in blocks] == list(range(final.number + 1))
    logs = [log for block in blocks for log in block.logs if log.address == contract and log.topics]
    assert [log.topics[1] for log in logs] == [word(at) for at in range(5)]
    full = next(block.ref for block in blocks if block.transactions)
    assert header_hash(chain.header_rlp(full.number)) == full.hash
    assert len(chain.receipt_rlps(full.number)) >= 1
    assert [slot.value for slot in chain.prove(contract, [4, 9]).storage] == [5, 0]


def test_final_is_behind_the_head_by_more_than_half_of_the_signers(chain: RpcChain) -> None:
    assert len(chain.signers()) == 4
    before, final, after = chain.head(), chain.final(), chain.head()
    assert before.number - 3 <= final.number <= after.number - 3
    assert chain.block_ref(final.number) == final


def test_transactions_of_price_zero_are_mined_whoever_is_down(
    chain: RpcChain, network: LiveNetwork, key: bytes
) -> None:
    network.kill(0)
    before = chain.head().number
    filled(chain, key)
    assert chain.nonces(address_of(key)).mined == 6
    assert chain.head().number - before < 100
    network.restart(0)


def test_wrong_slow_and_silent_endpoints(network: LiveNetwork, key: bytes) -> None:
    with FaultyEndpoint(network.urls[0]) as first, FaultyEndpoint(network.urls[1]) as second:
        urls = [first.url, second.url, *network.urls[2:]]
        with RpcChain.connect(*urls, expected_chain_id=CHAIN_ID, consensus="clique", timeout=5) as chain:
            contract = filled(chain, key)
            expected = list(chain.blocks(0, chain.final().number))
            for nonce, fault in enumerate((altered_logs, silent, status(500)), start=6):
                first.fault = second.fault = fault
                assert list(chain.blocks(0, len(expected) - 1)) == expected
                (receipt,) = chain.send([write(key, nonce, contract, 7, 7, chain_id=CHAIN_ID)])
                assert receipt.succeeded
