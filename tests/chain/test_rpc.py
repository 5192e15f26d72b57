"""What an RPC chain does when a node is away, slow, lying, or not what it should be."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from eth_hash.auto import keccak

from tests import faulty_endpoint as faults
from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, fail, signed, word, write
from tests.conftest import require_tool
from tests.faulty_endpoint import FaultyEndpoint
from tests.rpc_networks import ask
from traceledger.chain.base import BlocksChangedError, Chain, TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc.blocks import MOST_BLOCKS
from traceledger.chain.rpc.broadcast import signed_chain_id
from traceledger.chain.rpc.chain import RpcChain
from traceledger.chain.rpc.faults import EndpointError, OversizedAnswerError
from traceledger.chain.rpc.http import shown
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.errors import NetworkError
from traceledger.model.patience import Patience

Contract = bytes
UNSERVED = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"no capacity left"}}'
AN_HOUR = 3600.0
"""Whoever waits for an answer so long does not end while anybody looks."""


@pytest.fixture
def proxy(node: NodeServer) -> Iterator[FaultyEndpoint]:
    with FaultyEndpoint(node.url) as endpoint:
        yield endpoint


@pytest.fixture
def proxies(node: NodeServer) -> Iterator[list[FaultyEndpoint]]:
    with FaultyEndpoint(node.url) as first, FaultyEndpoint(node.url) as second:
        yield [first, second]


@pytest.fixture
def contract(embedded: EmbeddedChain) -> Contract:
    """A chain of 8 blocks with logs, transactions of both kinds, and an empty contract creation."""
    (made,) = embedded.send([deploy(ALICE)])
    assert made.contract is not None
    free = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    for at in range(6):
        embedded.send(
            [
                write(ALICE, 1 + at, made.contract, at, at + 1),
                write(BOB, at, made.contract, 9, at + 1, **free),
            ]
        )
    embedded.send([signed(BOB, 6, b"\x99" * 20, b"hello")])
    return made.contract


def everything(chain: Chain) -> list[Any]:
    return list(chain.blocks(0, chain.head().number))


def _of_another_block(method: str, _: list[Any], result: Any) -> Any:
    moved = {"blockHash": "0x" + "77" * 32}
    return result | moved if method == "eth_getTransactionReceipt" and result else result


def _certificate(folder: Path) -> Path:
    """A key with a certificate that it signed itself."""
    require_tool("openssl")
    path = folder / "self-signed.pem"
    options = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run(
        ["openssl", "req", "-x509", *options, "-keyout", str(path), "-out", str(folder / "certificate")],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (folder / "certificate").read_bytes())
    return path


class TestConnecting:
    def test_nobody_there(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            with pytest.raises(NetworkError, match="cannot be reached"):
                RpcChain.connect(url, timeout=2)

    def test_foreign_chain(self, node: NodeServer) -> None:
        with pytest.raises(NetworkError, match="serves chain id 4711, expected 1"):
            RpcChain.connect(node.url, expected_chain_id=1)

    def test_foreign_genesis(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        RpcChain.connect(node.url, genesis_hash=embedded.genesis_hash()).close()
        with pytest.raises(NetworkError, match="the chain begins with block 0x"):
            RpcChain.connect(node.url, genesis_hash=word(7))

    def test_foreign_contracts(self, node: NodeServer, contract: Contract) -> None:
        codes = {contract: lambda code: "" if code == support.RUNTIME else "is another contract"}
        RpcChain.connect(node.url, codes=codes).close()
        for codes in (
            {b"\x01" * 20: lambda code: "" if code else "has no code"},
            {contract: lambda _: "has no code"},
        ):
            with pytest.raises(NetworkError, match="has no code"):
                RpcChain.connect(node.url, codes=codes)

    def test_one_request_is_enough(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        RpcChain.connect(proxy.url, codes={contract: lambda _: ""}).close()
        assert proxy.asked == [
            "eth_syncing",
            "eth_chainId",
            "eth_getBlockByNumber",
            "eth_getBlockByNumber",
            "eth_getCode",
        ]

    @pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "nonsense", "http://"])
    def test_no_address(self, url: str) -> None:
        with pytest.raises(NetworkError, match="does not answer JSON-RPC"):
            RpcChain.connect(url)

    @pytest.mark.parametrize(
        "body", [b"<html>", b"[]", b"[7]", b"{}", b"[{}]", b"\xff", b"[" * 100_000, b'{"error": 7}']
    )
    def test_something_else_answers(self, proxy: FaultyEndpoint, body: bytes) -> None:
        proxy.fault = faults.garbage(body)
        with pytest.raises(NetworkError):
            RpcChain.connect(proxy.url)

    @pytest.mark.parametrize(
        ("code", "hint"),
        [
            (401, "check the user name and password, or the key"),
            (403, "check the user name and password, or the key"),
            (404, "check the node and its address"),
            (429, "try again later"),
            (502, "try again later"),
            (503, "try again later"),
        ],
    )
    def test_refused_by_a_proxy(self, proxy: FaultyEndpoint, code: int, hint: str) -> None:
        proxy.fault = faults.status(code)
        with pytest.raises(NetworkError, match=f"answered HTTP status {code} .*{hint}"):
            RpcChain.connect(proxy.url)

    @pytest.mark.parametrize("code", [401, 403, 429, 502, 503, 504])
    def test_that_nobody_serves_is_told_the_same_with_an_error_in_the_body(
        self, proxy: FaultyEndpoint, code: int
    ) -> None:
        proxy.fault = faults.status(code, UNSERVED)
        with pytest.raises(EndpointError, match=f"answered HTTP status {code}: no capacity left "):
            JsonRpc(proxy.url).read("eth_chainId")

    @pytest.mark.parametrize("code", [400, 404, 500])
    def test_what_a_node_says_of_a_request_is_its_word_whatever_the_status(
        self, proxy: FaultyEndpoint, code: int
    ) -> None:
        proxy.fault = faults.status(code, b'{"error":{"code":3,"message":"execution reverted"}}')
        with pytest.raises(RpcError, match="execution reverted") as caught:
            JsonRpc(proxy.url).read("eth_call")
        assert caught.value.reverted

    def test_no_tls_there(self, node: NodeServer) -> None:
        with pytest.raises(NetworkError, match=r"no secure connection .*\(TLS\): .*begin with https"):
            RpcChain.connect(node.url.replace("http:", "https:"))

    def test_a_certificate_that_nobody_vouches_for(self, tmp_path: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(tmp_path))
        with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
            server.handle_error = lambda *_: None  # type: ignore[method-assign]
            server.socket = context.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                with pytest.raises(NetworkError, match=r"\(TLS\): self.signed certificate .*certificate"):
                    RpcChain.connect(f"https://127.0.0.1:{server.server_port}")
            finally:
                server.shutdown()
                thread.join()

    def test_silence(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(NetworkError, match="did not answer in time"):
                RpcChain.connect(url, timeout=0.1)

    def test_a_stopped_network_is_warned_of(self, node: NodeServer, caplog: pytest.LogCaptureFixture) -> None:
        RpcChain.connect(node.url).close()
        assert not caplog.messages
        RpcChain.connect(node.url, consensus="qbft").close()
        assert "minutes old; does the network run?" in caplog.text

    def test_passwords_are_not_shown(self) -> None:
        assert shown("http://me:secret@127.0.0.1:9/x") == "http://127.0.0.1:9/x"
        with pytest.raises(NetworkError) as caught:
            RpcChain.connect("http://me:secret@127.0.0.1:9/x", timeout=1)
        assert "secret" not in str(caught.value)


class TestOneEndpoint:
    @pytest.mark.parametrize(
        "fault", [faults.dropped, faults.truncated, faults.status(503), faults.wrong_ids, faults.garbage()]
    )
    def test_reads_are_tried_again(self, proxy: FaultyEndpoint, fault: faults.Fault) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = faults.times(2, fault)
            assert chain.head().number == 0

    def test_a_node_that_serves_nobody_is_tried_as_often_as_patience_has_it(
        self, proxy: FaultyEndpoint
    ) -> None:
        fault = faults.status(503, UNSERVED)
        with RpcChain.connect(proxy.url, patience=Patience(attempts=5)) as chain:
            proxy.fault = faults.times(4, fault)
            assert chain.head().number == 0
        with RpcChain.connect(proxy.url, patience=Patience(attempts=2)) as chain:
            proxy.asked.clear()
            proxy.fault = fault
            with pytest.raises(NetworkError, match="HTTP status 503: no capacity left"):
                chain.head()
            # The second attempt begins by asking who it is.
            assert proxy.asked.count("eth_chainId") == 1

    def test_but_not_for_ever(self, proxy: FaultyEndpoint) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.asked.clear()
            proxy.fault = faults.dropped
            with pytest.raises(NetworkError, match="cannot be reached"):
                chain.head()
        assert len(proxy.asked) <= 3 * 5

    def test_writes_are_not(self, proxy: FaultyEndpoint) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.asked.clear()
            proxy.fault = faults.lost_answer
            (outcome,) = chain.submit_raw([deploy(ALICE)])
            assert outcome.fate == "unknown"
            assert proxy.asked == ["eth_sendRawTransaction"]
            proxy.fault = faults.none
            assert chain.submit_raw([deploy(ALICE)])[0].fate == "mined"

    def test_any_order_of_answers(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        proxy.fault = faults.shuffled
        with RpcChain.connect(proxy.url) as chain:
            assert len(everything(chain)) == 9

    def test_a_dripping_answer_ends_at_the_time_limit(self, proxy: FaultyEndpoint) -> None:
        """Else it would be whole some minutes later, and no error."""
        rpc = JsonRpc(proxy.url, timeout=0.5)
        proxy.fault = faults.dripping(0.1)
        with pytest.raises(NetworkError, match="did not answer in time"):
            rpc.read("eth_getBlockByNumber", "latest", False)
        rpc.close()

    def test_an_endless_answer_is_not_read(self, proxy: FaultyEndpoint) -> None:
        rpc = JsonRpc(proxy.url, timeout=5, most_bytes=10_000)
        proxy.fault = faults.huge(1_000_000)
        with pytest.raises(OversizedAnswerError, match="longer than 10000 bytes"):
            rpc.read("eth_chainId")
        rpc.close()

    def test_transactions_that_nobody_mines(self, proxy: FaultyEndpoint) -> None:
        with RpcChain.connect(proxy.url, patience=Patience(idle=0.3)) as chain:
            proxy.fault = faults.changed(
                lambda method, _, result: None if method == "eth_getTransactionReceipt" else result
            )
            with pytest.raises(NetworkError, match="sent, and not mined in time: 1 transaction"):
                chain.send([deploy(ALICE)])

    @pytest.mark.parametrize("most", [1, 4, 30])
    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (-32005, "query returned more than 10000 results"),
            (-32600, "batch too large"),
            (-32003, "response too large"),
            (-32602, "range 9 exceeds limit of 4"),
        ],
    )
    def test_limits_of_nodes(
        self, proxy: FaultyEndpoint, contract: Contract, most: int, code: int, message: str
    ) -> None:
        with RpcChain.connect(proxy.url) as chain:
            all_blocks = everything(chain)
            proxy.fault = faults.limited(most, code, message)
            assert everything(chain) == all_blocks
            proxy.asked.clear()
            assert everything(chain) == all_blocks
            assert proxy.asked.count("eth_getBlockByNumber") == 1 + 9


class TestLies:
    """What a node must not be believed."""

    @pytest.mark.parametrize(
        ("fault", "what"),
        [
            (faults.without_logs, "receipts of block 1 are not those"),
            (faults.altered_logs, "receipts of block 2 are not those"),
            (faults.altered_transactions, "does not have this hash"),
            (faults.without_transactions, "receipts of block 1 are not those"),
        ],
    )
    def test_bodies(self, proxy: FaultyEndpoint, contract: Contract, fault: faults.Fault, what: str) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = fault
            if fault is faults.without_logs:
                what = "receipts of block 2 are not those"
            with pytest.raises(NetworkError, match=what):
                everything(chain)

    def test_older_nodes_are_checked_as_well(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        with RpcChain.connect(proxy.url) as chain:
            all_blocks = everything(chain)
            proxy.fault = faults.without_block_receipts
            assert everything(chain) == all_blocks
            assert "eth_getTransactionReceipt" in proxy.asked
            proxy.fault = faults.altered_logs
            with pytest.raises(NetworkError, match="receipts of block 2 are not those"):
                everything(chain)

    @pytest.mark.parametrize("name", ["hash", "parentHash", "timestamp", "stateRoot", "number"])
    def test_headers(self, proxy: FaultyEndpoint, contract: Contract, name: str) -> None:
        def change(method: str, _: list[Any], result: Any) -> Any:
            return result | {name: "0x" + "11" * 4} if method == "eth_getBlockByNumber" else result

        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = faults.changed(change)
            with pytest.raises(NetworkError, match="does not have the block's hash"):
                chain.head()

    def test_other_blocks_than_asked_for(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        def shift(exchange: faults.Exchange) -> faults.Reply:
            for item in exchange.requests:
                if item["params"][:1] in (["0x1"], ["0x2"]):
                    item["params"][0] = hex(int(item["params"][0], 16) + 1)
            return faults.none(exchange)

        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = shift
            with pytest.raises(NetworkError, match="block 2 came instead of block 1"):
                list(chain.blocks(1, 2))

    @pytest.mark.parametrize("number", [0, 3])
    def test_another_block_than_asked_for(
        self, proxy: FaultyEndpoint, contract: Contract, number: int
    ) -> None:
        def shift(exchange: faults.Exchange) -> faults.Reply:
            for item in exchange.requests:
                if item["params"][:1] == [hex(number)]:
                    item["params"][0] = "0x5"
            return faults.none(exchange)

        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = shift
            with pytest.raises(NetworkError, match=f"block 5 came instead of block {number}"):
                chain.block_ref(number)

    def test_senders_are_those_who_signed(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        def change(method: str, _: list[Any], result: Any) -> Any:
            if method != "eth_getBlockByNumber":
                return result
            sent = [it | {"from": "0x" + "66" * 20} for it in result["transactions"] if isinstance(it, dict)]
            return result | ({"transactions": sent} if sent else {})

        with RpcChain.connect(proxy.url) as chain:
            all_blocks = everything(chain)
            proxy.fault = faults.changed(change)
            assert everything(chain) == all_blocks
        senders = {item.sender for block in all_blocks for item in block.transactions}
        assert senders == {support.address_of(ALICE), support.address_of(BOB)}

    def test_another_transactions_receipt(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        def change(method: str, _: list[Any], result: Any) -> Any:
            other = "0x" + "77" * 32
            return result | {"transactionHash": other} if method == "eth_getTransactionReceipt" else result

        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = faults.changed(change)
            with pytest.raises(NetworkError, match="is another's"):
                chain.receipt(keccak(deploy(ALICE)))

    def test_a_receipt_of_another_block(self, proxy: FaultyEndpoint, contract: Contract) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = faults.changed(_of_another_block)
            with pytest.raises(NetworkError, match="is of another block"):
                chain.receipt(keccak(deploy(ALICE)))

    def test_a_reorganisation_between_two_questions_is_no_fault(
        self, proxies: list[FaultyEndpoint], contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[0].fault = faults.times(1, faults.changed(_of_another_block))
            proxies[1].asked.clear()
            assert chain.receipt(keccak(deploy(ALICE))) is not None
            assert proxies[1].asked == []
        assert not caplog.messages

    @pytest.mark.parametrize("name", ["nonce", "codeHash", "storageHash"])
    def test_proofs(self, proxy: FaultyEndpoint, contract: Contract, name: str) -> None:
        def change(method: str, _: list[Any], result: Any) -> Any:
            return result | {name: "0x" + "88" * 32} if method == "eth_getProof" else result

        with RpcChain.connect(proxy.url) as chain:
            proxy.fault = faults.changed(change)
            with pytest.raises(NetworkError, match="not as its proof has it"):
                chain.prove(contract, [1])

    @pytest.mark.parametrize("result", [None, 7, "12", "0xzz", [], {}, True])
    @pytest.mark.parametrize(
        "read",
        [
            lambda chain: chain.nonce(b"\1" * 20),
            lambda chain: chain.code(b"\1" * 20),
            lambda chain: chain.call(b"\1" * 20, b""),
            lambda chain: chain.nonces(b"\1" * 20),
            lambda chain: chain.head(),
        ],
    )
    def test_nonsense(self, proxy: FaultyEndpoint, read: Callable[[RpcChain], object], result: Any) -> None:
        with RpcChain.connect(proxy.url, patience=Patience(attempts=1)) as chain:
            proxy.fault = faults.changed(lambda *_: result)
            try:
                found = read(chain)
            except NetworkError:
                return
        assert result is None
        assert found == b""


class TestSeveralEndpoints:
    @pytest.mark.parametrize(
        "fault",
        [
            faults.dropped,
            faults.truncated,
            faults.status(500),
            faults.garbage(),
            faults.wrong_ids,
            faults.altered_logs,
            faults.without_logs,
            faults.altered_transactions,
            faults.refusing(-32603, "internal error"),
        ],
    )
    def test_the_next_one_answers(
        self, proxies: list[FaultyEndpoint], contract: Contract, fault: faults.Fault
    ) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            all_blocks = everything(chain)
            proxies[0].fault = fault
            assert everything(chain) == all_blocks
            proxies[0].fault, proxies[1].fault = faults.none, faults.dropped
            assert everything(chain) == all_blocks

    def test_a_slow_one_is_left(self, proxies: list[FaultyEndpoint], contract: Contract) -> None:
        with RpcChain.connect(*(it.url for it in proxies), timeout=3) as chain:
            proxies[0].fault = faults.silent
            proxies[0].asked.clear()
            for _ in range(5):
                everything(chain)
            assert len(proxies[0].asked) < 5

    def test_connecting_does_not_wait_for_a_slow_one(
        self, proxies: list[FaultyEndpoint], caplog: pytest.LogCaptureFixture
    ) -> None:
        proxies[0].fault = faults.silent
        RpcChain.connect(*(it.url for it in proxies), timeout=AN_HOUR).close()
        assert f"{proxies[0].url}: the node is slow to answer" in caplog.text

    def test_all_away(self, proxies: list[FaultyEndpoint]) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[0].fault, proxies[1].fault = faults.dropped, faults.status(502)
            with pytest.raises(NetworkError) as caught:
                chain.head()
        message = str(caught.value)
        assert f"{proxies[0].url}: the node cannot be reached" in message
        assert f"{proxies[1].url}: the node answered HTTP status 502" in message

    def test_one_of_another_chain_is_left_out(
        self, proxies: list[FaultyEndpoint], contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        proxies[0].fault = faults.wrong_chain_id(99)
        with RpcChain.connect(*(it.url for it in proxies), expected_chain_id=support.CHAIN_ID) as chain:
            assert "serves chain id 99, expected 4711" in caplog.text
            proxies[0].asked.clear()
            everything(chain)
            chain.submit_raw([write(ALICE, 7, contract, 1, 1)])
            assert proxies[0].asked == []
            proxies[1].fault = faults.dropped
            with pytest.raises(NetworkError, match=r"cannot be reached.*serves chain id 99"):
                chain.head()

    def test_one_without_the_contracts_is_left_out(
        self, proxies: list[FaultyEndpoint], contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        proxies[0].fault = faults.changed(lambda method, _, it: "0x" if method == "eth_getCode" else it)
        codes = {contract: lambda code: "" if code else "has no code"}
        with RpcChain.connect(*(it.url for it in proxies), codes=codes) as chain:
            assert "has no code" in caplog.text
            proxies[0].asked.clear()
            everything(chain)
            assert proxies[0].asked == []

    def test_one_that_is_behind_is_avoided(
        self, proxies: list[FaultyEndpoint], contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        proxies[0].fault = faults.stale_head(2)
        with RpcChain.connect(*(it.url for it in proxies), patience=Patience(compare=0)) as chain:
            assert chain.head().number == 8
            assert "is behind the network's other nodes" in caplog.text
            proxies[1].fault = faults.dropped
            assert chain.head().number == 2
            proxies[1].fault = faults.none
            assert chain.head().number == 8

    def test_one_that_falls_behind_is_left(self, proxies: list[FaultyEndpoint], contract: Contract) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            assert chain.head().number == 8
            proxies[0].fault = faults.stale_head(7)
            assert chain.head().number == 8
            assert chain.block_ref(8) == chain.head()
            assert chain.final() == chain.head()
            proxies[0].fault, proxies[1].fault = faults.none, faults.stale_head(7)
            assert chain.head().number == 8

    def test_a_block_that_one_lacks_is_proven_by_another(
        self, proxies: list[FaultyEndpoint], contract: Contract
    ) -> None:
        for read in (RpcChain.header_rlp, RpcChain.receipt_rlps):
            proxies[0].fault = faults.none
            with RpcChain.connect(*(it.url for it in proxies)) as chain:
                assert chain.head().number == 8
                whole = read(chain, 8)
                proxies[0].fault = faults.stale_head(7)
                assert read(chain, 8) == whole

    def test_a_syncing_one_is_avoided(self, proxies: list[FaultyEndpoint], contract: Contract) -> None:
        progress = {"currentBlock": "0x1", "highestBlock": "0x8", "startingBlock": "0x0"}
        syncing = faults.changed(lambda method, _, it: progress if method == "eth_syncing" else it)
        proxies[0].fault = syncing
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[0].asked.clear()
            everything(chain)
            assert proxies[0].asked == []
        proxies[1].fault = syncing
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            assert len(everything(chain)) == 9
            (outcome,) = chain.submit_raw([write(ALICE, 7, contract, 1, 1)])
            assert (outcome.fate, outcome.message) == ("busy", "the node is still syncing")

    def test_indexing_transactions_is_not_syncing(
        self, proxies: list[FaultyEndpoint], contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        progress = {"currentBlock": "0x8", "highestBlock": "0x8", "txIndexRemainingBlocks": "0x1"}
        proxies[0].fault = faults.changed(lambda method, _, it: progress if method == "eth_syncing" else it)
        with RpcChain.connect(*(it.url for it in proxies)):
            assert not caplog.messages

    def test_the_order_in_networks_toml_is_the_preference(self, proxies: list[FaultyEndpoint]) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[1].asked.clear()
            chain.head()
            chain.nonce(b"\1" * 20)
            assert proxies[1].asked == []


class TestChance:
    """Faults of all kinds, at random, on two nodes of three."""

    ALL = (
        faults.dropped,
        faults.lost_answer,
        faults.truncated,
        faults.wrong_ids,
        faults.altered_logs,
        faults.without_logs,
        faults.altered_transactions,
        faults.without_transactions,
        faults.status(500),
        faults.garbage(),
        faults.refusing(-32603, "internal error"),
        faults.stale_head(1),
        faults.slow(0.05),
        faults.limited(3),
        faults.wrong_chain_id(7),
    )

    @pytest.mark.parametrize("seed", range(4))
    def test_the_view_is_always_right(
        self, proxies: list[FaultyEndpoint], node: NodeServer, contract: Contract, seed: int
    ) -> None:
        with RpcChain.connect(node.url) as undisturbed:
            expected = everything(undisturbed)
        urls = [it.url for it in proxies]
        urls.insert(seed % 3, node.url)
        with RpcChain.connect(*urls) as chain:
            for at, endpoint in enumerate(proxies):
                endpoint.fault = faults.any_of(self.ALL, 0.4, seed=10 * seed + at)
            for _ in range(10):
                assert everything(chain) == expected
                assert chain.head() == chain.final() == expected[-1].ref
            for nonce in range(7, 12):
                (receipt,) = chain.send([write(ALICE, nonce, contract, nonce, 1)])
                assert receipt.succeeded
            assert chain.nonces(support.address_of(ALICE)).mined == 12


class TestBroadcast:
    def test_all_get_it(self, proxies: list[FaultyEndpoint]) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            (outcome,) = chain.submit_raw([deploy(ALICE)])
            assert outcome.held
            assert [it.asked.count("eth_sendRawTransaction") for it in proxies] == [1, 1]

    @pytest.mark.parametrize("away", [0, 1])
    @pytest.mark.parametrize(
        "fault", [faults.dropped, faults.lost_answer, faults.status(500), faults.garbage()]
    )
    def test_one_is_enough(self, proxies: list[FaultyEndpoint], fault: faults.Fault, away: int) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[away].fault = fault
            (receipt,) = chain.send([deploy(ALICE)])
            assert receipt.succeeded

    def test_a_hanging_one_does_not_hold_it_up(self, proxies: list[FaultyEndpoint]) -> None:
        with RpcChain.connect(*(it.url for it in proxies), timeout=AN_HOUR) as chain:
            proxies[0].fault = faults.silent
            assert chain.submit_raw([deploy(ALICE)])[0].held
            proxies[0].asked.clear()
            assert chain.submit_raw([deploy(BOB)])[0].held
            assert proxies[0].asked == []

    def test_refused_by_all(self, proxies: list[FaultyEndpoint], contract: Contract) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            (outcome,) = chain.submit_raw([write(ALICE, 0, contract, 1, 1)])
            assert outcome.fate == "refused"
            assert outcome.nonce_taken

    @pytest.mark.parametrize(("first", "fate"), [(-32000, "busy"), (3, "busy")])
    def test_full_pools_are_no_refusal(self, proxies: list[FaultyEndpoint], first: int, fate: str) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            proxies[0].fault = faults.refusing(first, "nonce too high")
            proxies[1].fault = faults.refusing(-32000, "txpool is full")
            (outcome,) = chain.submit_raw([deploy(ALICE)])
            assert outcome.fate == fate

    def test_known_by_any(self, proxies: list[FaultyEndpoint], contract: Contract) -> None:
        with RpcChain.connect(*(it.url for it in proxies)) as chain:
            alice = support.address_of(ALICE)
            proxies[0].fault = faults.changed(
                lambda method, _, it: None if method == "eth_getTransactionByHash" else it
            )
            assert chain.survey(alice, [keccak(deploy(ALICE)), word(1)]).known == (True, False)
            proxies[1].fault = faults.dropped
            with pytest.raises(NetworkError):
                chain.survey(alice, [keccak(deploy(ALICE))])

    def test_large_ones_go_in_parts(self, proxy: FaultyEndpoint) -> None:
        with RpcChain.connect(proxy.url) as chain:
            sizes: list[int] = []

            def count(exchange: faults.Exchange) -> faults.Reply:
                sizes.append(len(exchange.requests))
                return faults.refusing(-32000, "txpool is full")(exchange)

            proxy.fault = count
            chain.submit_raw(
                [signed(ALICE, at, b"\1" * 20, b"x" * 400_000, gas=30_000_000) for at in range(5)]
            )
            assert sizes == [2, 2, 1]


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "data"),
        [
            ({"code": 3, "message": "execution reverted", "data": "0x0102"}, b"\x01\x02"),
            ({"code": -32000, "message": "Execution reverted", "data": "0x0102"}, b"\x01\x02"),
            ({"code": 3, "message": "reverted", "data": {"data": "0x0102"}}, b"\x01\x02"),
            ({"code": 3, "message": "reverted"}, b""),
            ({"code": 3, "message": "reverted", "data": "0xzz"}, b""),
        ],
    )
    def test_revert_data_in_all_its_places(
        self, proxy: FaultyEndpoint, error: dict[str, Any], data: bytes
    ) -> None:
        proxy.fault = lambda exchange: faults.Reply(
            json.dumps(
                [{"jsonrpc": "2.0", "id": it["id"], "error": error} for it in exchange.requests]
            ).encode()
        )
        rpc = JsonRpc(proxy.url, timeout=5)
        with pytest.raises(RpcError) as caught:
            rpc.read("eth_call")
        assert caught.value.reverted
        assert caught.value.data == data
        rpc.close()

    @pytest.mark.real("anvil")
    def test_blocks_that_change_meanwhile(self, anvil_url: str) -> None:
        """The node replaces the blocks at the end of what was read first, before the rest is read."""
        ask(anvil_url, "anvil_mine", hex(MOST_BLOCKS + 20))

        def reorganise(exchange: faults.Exchange) -> faults.Reply:
            reply = faults.none(exchange)
            endpoint.fault = faults.none
            ask(anvil_url, "anvil_rollback", 50)
            ask(anvil_url, "evm_increaseTime", 1000)
            ask(anvil_url, "anvil_mine", hex(50))
            return reply

        with FaultyEndpoint(anvil_url) as endpoint, RpcChain.connect(endpoint.url) as chain:
            head = chain.head().number
            assert MOST_BLOCKS < head < 2 * MOST_BLOCKS
            endpoint.fault = faults.only("eth_getBlockByNumber", reorganise)
            with pytest.raises(BlocksChangedError, match="changed while they were read"):
                list(chain.blocks(0, head))


class TestChainIds:
    @pytest.mark.parametrize("chain_id", [1, 4711, 2**40])
    def test_legacy_and_typed(self, chain_id: int) -> None:
        assert signed_chain_id(deploy(ALICE, chain_id=chain_id)) == chain_id
        typed = deploy(ALICE, chain_id=chain_id, maxFeePerGas=0, maxPriorityFeePerGas=0)
        assert signed_chain_id(typed) == chain_id

    def test_unbound(self) -> None:
        assert signed_chain_id(deploy(ALICE, chain_id=None)) is None

    @pytest.mark.parametrize("raw", [b"", b"\x02", b"\xc0", b"nonsense"])
    def test_no_transaction_is_not_sent(self, proxy: FaultyEndpoint, raw: bytes) -> None:
        with RpcChain.connect(proxy.url) as chain:
            proxy.asked.clear()
            foreign = deploy(ALICE, chain_id=7)
            assert [it.fate for it in chain.submit_raw([raw, foreign])] == ["refused", "refused"]
            assert proxy.asked == []


@pytest.mark.real("anvil")
def test_failed_transactions_of_a_public_kind_of_node(over_anvil: RpcChain) -> None:
    """There a refused transaction is mined as failed, and so are those after it."""
    (receipt,) = over_anvil.send([deploy(ALICE)])
    contract = receipt.contract
    assert contract is not None
    with pytest.raises(TransactionRevertedError) as caught:
        over_anvil.send(
            [write(ALICE, 1, contract, 1, 1), fail(ALICE, 2, contract), write(ALICE, 3, contract, 1, 3)]
        )
    assert (caught.value.position, caught.value.data) == (1, b"no")
    mined = [item for block in over_anvil.blocks(0, over_anvil.head().number) for item in block.transactions]
    assert [item.succeeded for item in mined] == [True, True, False, True]
    assert over_anvil.call(contract, word(1)) == word(3)


@pytest.mark.real("anvil")
def test_stalled_mining_is_nudged(over_anvil: RpcChain, anvil_url: str) -> None:
    stop = {"jsonrpc": "2.0", "id": 1, "method": "evm_setAutomine", "params": [False]}
    requests.post(anvil_url, json=stop, timeout=10)
    (receipt,) = over_anvil.send([deploy(ALICE)])
    assert receipt.succeeded
