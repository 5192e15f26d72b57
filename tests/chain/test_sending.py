"""Handing transactions over without waiting, and asking what became of them."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from tests.chain.support import ALICE, address_of, deploy, fail, word, write
from tests.faulty_endpoint import FaultyEndpoint, dropped
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc.chain import RpcChain
from traceledger.chain.rpc.transactions import Nonces, Outcome, Survey, TransactionPort, classify


@pytest.fixture(params=["over_node", pytest.param("over_anvil", marks=pytest.mark.real("anvil"))])
def port(request: pytest.FixtureRequest) -> RpcChain:
    found: RpcChain = request.getfixturevalue(request.param)
    return found


def test_what_is_taken_and_mined(port: RpcChain) -> None:
    assert isinstance(port, TransactionPort)
    raw = deploy(ALICE)
    assert port.submit_raw([raw]) == [Outcome(keccak(raw), "accepted")]
    port.nudge()
    (receipt,) = port.receipts([keccak(raw)])
    assert receipt is not None
    assert receipt.succeeded
    assert port.nonces(address_of(ALICE)) == Nonces(1, 1)
    assert port.survey(address_of(ALICE), [keccak(raw), word(1)]) == Survey(1, (True, False))
    assert port.receipts([word(1), keccak(raw)]) == [None, receipt]


def test_the_same_again_is_mined_and_another_is_refused(port: RpcChain) -> None:
    raw, other = deploy(ALICE), deploy(ALICE, gas=2_999_999)
    port.send([raw])
    (mine,) = port.submit_raw([raw])
    (foreign,) = port.submit_raw([other])
    assert mine.fate in {"mined", "known"}
    assert mine.held
    assert foreign.fate == "refused"
    assert foreign.nonce_taken
    assert not foreign.held
    assert foreign.message


def test_an_unreachable_network_leaves_the_fate_unknown(node: NodeServer) -> None:
    with FaultyEndpoint(node.url) as endpoint, RpcChain.connect(endpoint.url) as chain:
        endpoint.fault = dropped
        (outcome,) = chain.submit_raw([deploy(ALICE)])
    assert outcome.fate == "unknown"
    assert "cannot be reached" in outcome.message


@pytest.mark.real("anvil")
def test_a_failed_one_says_why(over_anvil: RpcChain) -> None:
    (made,) = over_anvil.send([deploy(ALICE)])
    assert made.contract is not None
    over_anvil.submit_raw([write(ALICE, 1, made.contract, 1, 1), fail(ALICE, 2, made.contract)])
    over_anvil.nudge()
    _, failed = over_anvil.receipts(
        [keccak(write(ALICE, 1, made.contract, 1, 1)), keccak(fail(ALICE, 2, made.contract))]
    )
    assert failed is not None
    assert not failed.succeeded
    assert over_anvil.revert_data(failed) == b"no"


@pytest.mark.parametrize(
    ("message", "fate"),
    [
        ("already known", "known"),
        ("Known transaction", "known"),
        ("transaction already imported", "known"),
        ("txpool is full", "busy"),
        ("nonce too low: next nonce 4, tx nonce 2", "refused"),
        ("intrinsic gas too low", "refused"),
    ],
)
def test_words_of_nodes(message: str, fate: str) -> None:
    assert classify(-32000, message) == fate
