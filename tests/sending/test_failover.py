"""Sending over several nodes that do not agree: what one of them says is not mixed with what another says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, dropped, none, only, times
from tests.network.live import until
from tests.rpc_networks import CHAIN_ID, anvil, ask, deployed, light
from traceledger.artifacts import NAMES
from traceledger.chain.rpc.chain import RpcChain
from traceledger.errors import NetworkError
from traceledger.model.patience import Patience
from traceledger.sending.delivery import Courier
from traceledger.sending.dispatch import Dispatch
from traceledger.sending.outbox import Draft, Entry, OperationKey, Outbox
from traceledger.sending.sender import Terms
from traceledger.signing.keystore import KeyStore, LocalSigner
from traceledger.signing.signers import Signers
from traceledger.signing.transaction import UnsignedTransaction, sign

pytestmark = pytest.mark.real("anvil")

KEY = LocalSigner(b"\x07" * 32)
SENDER = KEY.address
RAW = sign(UnsignedTransaction(CHAIN_ID, 0, 21_000, bytes(20), b""), KEY)
DRAFT = Draft(SENDER, 0, RAW, OperationKey(SENDER, bytes(20), bytes(32)), 1, "pay", "test", -1)
GENESIS_TIME = ("--timestamp", "1700000000")


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[tuple[FaultyEndpoint, FaultyEndpoint]]:
    """Two nodes of one genesis. The first has an empty block 1; the second mined the transaction there."""
    with ExitStack() as stack:
        urls = [stack.enter_context(anvil(tmp_path / name, *GENESIS_TIME)) for name in ("one", "other")]
        one, other = (stack.enter_context(FaultyEndpoint(url)) for url in urls)
        ask(urls[0], "evm_mine")
        ask(urls[1], "eth_sendRawTransaction", "0x" + RAW.hex())
        until(lambda: ask(urls[1], "eth_blockNumber") == "0x1", "a block")
        yield one, other


@contextmanager
def carrying(folder: Path, *nodes: FaultyEndpoint) -> Iterator[tuple[RpcChain, Courier, Entry]]:
    """A courier to these nodes, with the transaction in its care."""
    with RpcChain.connect(*(node.url for node in nodes), timeout=5) as chain:
        path, genesis = folder / "outbox.sqlite", chain.genesis_hash()
        with Outbox.open(path, chain_id=CHAIN_ID, genesis_hash=genesis) as outbox:
            courier = Courier(chain, outbox, Patience())
            (entry,) = courier.record([DRAFT])
            yield chain, courier, entry


def failing_once_it_gave_receipts() -> object:
    seen: list[str] = []

    def fault(exchange: Exchange) -> Reply:
        methods = {item["method"] for item in exchange.requests}
        if "eth_getTransactionReceipt" in methods:
            seen.append("receipts")
        elif seen and "eth_getBlockByNumber" in methods:
            seen.append("block")
        return dropped(exchange) if seen.count("block") > 1 else none(exchange)

    return fault


def test_a_receipt_and_the_final_block_are_of_one_node(
    forked: tuple[FaultyEndpoint, FaultyEndpoint], tmp_path: Path
) -> None:
    """The final block is one node's, the receipt another's, of a fork: nothing is final by that."""
    one, other = forked
    with carrying(tmp_path, one, other) as (_, courier, _):
        one.fault = only("eth_getTransactionReceipt", times(1, dropped))
        other.fault = failing_once_it_gave_receipts()  # type: ignore[assignment]
        assert courier.look() == []
        assert "eth_getTransactionReceipt" in other.asked
        assert [entry.state for entry in courier.unfinished()] == ["signed"]


def test_a_receipt_that_one_node_showed_is_waited_for_at_another(
    forked: tuple[FaultyEndpoint, FaultyEndpoint], tmp_path: Path
) -> None:
    """The operation is final: that the node asked next has not got it yet is no failure."""
    _, other = forked
    with carrying(tmp_path, other) as (chain, courier, _):
        (entry,) = courier.settle()
        assert entry.state == "final"
        late = times(
            2,
            lambda exchange: exchange.results(
                lambda method, _, result: None if "Receipt" in method else result
            ),
        )
        other.fault = only("eth_getTransactionReceipt", late)
        signers = Signers(KeyStore(tmp_path / "keys"), lambda _: "")
        dispatch = Dispatch(chain, courier.outbox, signers, Terms(CHAIN_ID))
        assert dispatch.receipt(entry).block.hash == entry.block_hash


def test_a_node_that_does_not_answer_may_have_it(
    forked: tuple[FaultyEndpoint, FaultyEndpoint], tmp_path: Path
) -> None:
    """One node turned it away. Whether it has failed is not known before the other says that it lacks it."""
    one, other = forked
    with carrying(tmp_path, one, other) as (_, courier, entry):
        other.fault = dropped
        assert courier.untouched(entry) == []
        other.fault = none
        assert courier.untouched(entry) == []
        assert courier.unfinished() == [entry]


def test_what_connecting_looked_at_is_not_asked_again(tmp_path: Path) -> None:
    """The contracts' code is looked at with every node that is used; checking adds that they fit together."""
    with anvil(tmp_path / "anvil") as url, FaultyEndpoint(url) as endpoint:
        with deployed(tmp_path / "net", [endpoint.url]) as client:
            client.check()
            assert endpoint.asked.count("eth_getCode") >= len(NAMES)  # opened before there were any
        endpoint.asked.clear()
        with light(tmp_path / "net") as client:
            client.check()
            client.check()
        assert endpoint.asked.count("eth_getCode") == len(NAMES)
        assert endpoint.asked.count("eth_call") == 10  # one for each link between two contracts, once
        config = tmp_path / "net" / "networks.toml"
        for name, says in (("ledger", "of the BatchLedger is another contract"), ("registry", "has no code")):
            text = config.read_text()
            with light(tmp_path / "net") as client:
                contracts = client.network.deployed()
            wrong = contracts.assurance if name == "ledger" else bytes(20)
            config.write_text(text.replace(getattr(contracts, name).hex(), wrong.hex()))
            with light(tmp_path / "net") as client, pytest.raises(NetworkError, match=says):
                client.check()
            config.write_text(text)
